"""A server's own DuckDB file that follows the record of all servers.

Owns how the file begins: made anew from the record when there is none, when it is of another version
of the schema, or when it has what the record has not (a restored one); and how an office moves from a
file to the record and back. Every second the file takes in what other servers stored.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

import duckdb

from warehouse.entries import files
from warehouse.faults import WarehouseError, explained
from warehouse.place import CONNECTION, Place
from warehouse.servers.central import Central, Gate
from warehouse.servers.record import Action, Rows
from warehouse.servers.taking_in import layout_of, take_in
from warehouse.statements import statement
from warehouse.store import MIGRATIONS, Warehouse, now, open_warehouse

log = logging.getLogger(__name__)

FILE = "following.duckdb"
"""Beside credit.duckdb, which an office that works with a file has."""
PAUSE = 1.0
"""Seconds between two looks at the record."""
NOTHING = UUID(int=0)
"""Stands for the action of a data version that no action made: a new, empty database."""
NEWER = "{what}由更新的程序建立（结构第 {found} 版，本程序只认识到第 {known} 版），请升级这台服务器的程序。"


def open_following(folder: Path, url: str) -> Warehouse:
    """The warehouse of this server, with all that the record holds.

    An empty record begins with an empty database. One of an older program is brought to this program's
    schema by the first server that starts; the others wait. Raises `WarehouseError` with a sentence.
    """
    central, path = Central(url), folder / FILE
    folder.mkdir(parents=True, exist_ok=True)
    with central.gate() as gate:
        found = gate.schema
        if found is not None and found > len(MIGRATIONS):
            raise WarehouseError(NEWER.format(what="数据库", found=found, known=len(MIGRATIONS)))
        if found is None and (folder / "credit.duckdb").exists():
            raise WarehouseError(
                f"CREDIT_DATABASE 指的数据库是空的，而 {folder} 里已有 credit.duckdb；请先运行 python -m "
                "warehouse move --to postgresql://… 把数据移进去，不要它的，先把文件移走。"
            )
        if found != len(MIGRATIONS):
            _put_aside(path, "旧")
            if found is not None:
                _build(path, central, found)
            _publish(path, central, gate)
    with duckdb.connect() as empty:
        central.use(len(MIGRATIONS), _layout(empty, len(MIGRATIONS)))
    if not _is_of(path, central):
        _put_aside(path, "不符")
        _build(path, central, len(MIGRATIONS))
    warehouse = open_warehouse(path, record=central)
    warehouse.follow()
    return warehouse


def keep_following(warehouse: Warehouse) -> None:
    """Follow the record until the warehouse is closed; runs in a thread of its own."""
    failed = False
    while not warehouse.closed:
        time.sleep(PAUSE)
        try:
            warehouse.follow()
            if failed:
                log.info("the record answers again")
            failed = False
        except WarehouseError as error:
            if not failed:
                log.warning("the record cannot be followed: %s", error)
            failed = True
        except Exception:
            if not warehouse.closed:
                log.exception("the record cannot be followed")


def move_to_record(source: Path, url: str, progress: Callable[[str], None]) -> dict[str, int]:
    """Begin an empty record with all of a database file and its evidence; table → rows.

    Raises `WarehouseError` when the record holds something, or does not hold afterwards what the file
    holds.
    """
    warehouse = open_warehouse(source)
    central = Central(url)
    with central.gate() as gate:
        if gate.schema is not None:
            raise WarehouseError("数据库里已有本平台的数据，没有移入；请换一个空的数据库。")
        progress("正在写入数据库…")
        with warehouse.cursor() as cursor:
            _send_all(cursor, central, gate)
    progress("正在写入佐证文件…")
    for sha256 in _evidence(warehouse):
        try:
            central.keep_file(sha256, files.kept_file(warehouse, sha256))
        except WarehouseError as error:
            progress(f"佐证文件 {sha256[:12]}… 没有移入：{error}")
    progress("正在核对…")
    with warehouse.cursor() as cursor:
        before = described(cursor)
    checked = source.with_name(f".{source.stem}.checking.duckdb")
    _put_aside(checked, "旧", keep=False)
    try:
        _build(checked, central, len(MIGRATIONS))
        with duckdb.connect(str(checked), read_only=True, config=CONNECTION) as connection:
            after = described(connection)
    finally:
        _put_aside(checked, "旧", keep=False)
        central.close()
    return _compared(before, after)


def move_to_file(url: str, target: Path, progress: Callable[[str], None]) -> dict[str, int]:
    """Write all of the record and its evidence into a new database file; table → rows.

    Raises `WarehouseError` when the file exists or when the record is empty.
    """
    if target.exists():
        raise WarehouseError(f"{target} 已存在，没有覆盖；请先把它移走，或换一个数据目录。")
    central = Central(url)
    with central.gate() as gate:
        if gate.schema != len(MIGRATIONS):
            raise WarehouseError(
                "数据库里没有这一版程序的数据，没有移出；请先用这一版程序启动一次平台。"
            )
        progress("正在写入文件…")
        _build(target, central, len(MIGRATIONS))
        with duckdb.connect(str(target), read_only=True, config=CONNECTION) as connection:
            before = described(connection)
    warehouse = open_warehouse(target)
    progress("正在写入佐证文件…")
    for sha256 in central.files():
        content = central.file(sha256)
        if content is not None:
            files.keep_content(warehouse, sha256, content)
    with warehouse.cursor() as cursor:
        after = described(cursor)
    central.close()
    return _compared(before, after)


def _publish(path: Path, central: Central, gate: Gate) -> None:
    """Bring the file to this program's schema and begin the record's tables of it."""
    warehouse = Warehouse(path)
    try:
        with warehouse.cursor() as cursor:
            _send_all(cursor, central, gate)
    finally:
        warehouse.close()


def _send_all(cursor: duckdb.DuckDBPyConnection, central: Central, gate: Gate) -> None:
    layout = layout_of(cursor)
    central.use(len(MIGRATIONS), layout)
    ((version,),) = cursor.execute(statement("data_version")).fetchall()
    ((action_id,),) = cursor.execute(
        statement("action_of_version"), {"version": version}
    ).fetchall()
    steps = []
    for table, columns in layout.items():
        named = ", ".join(f'"{column}"' for column in columns)
        rows = cursor.execute(statement("rows_of_table").format(table=table, columns=named))
        steps.append(Rows(table, tuple(columns), rows.fetchall()))
    base = Action(version, action_id or NOTHING, now(), "系统", list(steps))
    gate.publish(len(MIGRATIONS), base)


def _build(path: Path, central: Central, schema: int) -> None:
    """Make the file from the record's tables of the schema version `schema`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.new")
    _put_aside(aside, "旧", keep=False)
    try:
        with duckdb.connect(
            str(aside), config={**CONNECTION, "storage_compatibility_version": "v1.5.0"}
        ) as connection:
            central.use(schema, _layout(connection, schema))
            with central.newer(-1) as news:
                connection.begin()
                take_in(connection, news, after=-1)
                connection.commit()
        aside.rename(path)
    except (OSError, duckdb.Error) as error:
        raise explained(error, path) or WarehouseError(
            "从数据库建立这台服务器的副本时出错，请查看日志后重试。"
        ) from error
    log.info("%s built from the record, data version %d", path, news.version)


def _layout(connection: duckdb.DuckDBPyConnection, schema: int) -> dict[str, dict[str, str]]:
    """Make the tables of the schema version in an empty database; what they look like."""
    connection.begin()
    for number, script in enumerate(MIGRATIONS[:schema], start=1):
        connection.execute(script.read_text(encoding="utf-8"))
        connection.execute(statement("set_schema_version"), {"version": number, "at": now()})
    connection.commit()
    return layout_of(connection)


def _is_of(path: Path, central: Central) -> bool:
    """Whether the file is a copy of the record, maybe an older one."""
    if not path.exists():
        return False
    try:
        Place(path).check()
        with duckdb.connect(str(path), read_only=True, config=CONNECTION) as connection:
            ((schema,),) = connection.execute(statement("schema_version")).fetchall()
            ((version,),) = connection.execute(statement("data_version")).fetchall()
            given = {"version": version}
            ((action,),) = connection.execute(statement("action_of_version"), given).fetchall()
    except (duckdb.Error, OSError, WarehouseError) as error:
        if "lock" in str(error):
            raise explained(error, path) or error from error
        log.warning("the copy %s cannot be used and is made anew", path, exc_info=True)
        return False
    return schema == len(MIGRATIONS) and central.action_of(version) == (action or NOTHING)


def _put_aside(path: Path, why: str, *, keep: bool = True) -> None:
    """Rename a file and what lies beside it; the copy of the record is not needed any more."""
    place = Place(path)
    for left in (path, place.wal, place.note):
        if not left.exists():
            continue
        if keep:
            left.rename(left.with_name(f"{left.name}.{why}-{now():%Y%m%d-%H%M%S}"))
        else:
            left.unlink()


def _evidence(warehouse: Warehouse) -> Sequence[str]:
    with warehouse.cursor() as cursor:
        return [sha256 for (sha256,) in cursor.execute(statement("evidence_hashes")).fetchall()]


def described(cursor: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, str]]:
    """Table → number of rows and a hash of all of them."""
    found = {}
    for table, columns in layout_of(cursor).items():
        named = ", ".join(f'"{column}"' for column in columns)
        rows = cursor.execute(
            statement("rows_of_table").format(table=table, columns=named) + " order by all"
        ).fetchall()
        found[table] = (len(rows), hashlib.sha256(repr(rows).encode()).hexdigest())
    return found


def _compared(
    before: dict[str, tuple[int, str]], after: dict[str, tuple[int, str]]
) -> dict[str, int]:
    wrong = [table for table in before if before[table] != after.get(table)]
    if wrong:
        raise WarehouseError(
            f"核对没有通过（{'、'.join(wrong)}），请保留原来的数据，不要改用新的。"
        )
    return {table: rows for table, (rows, _) in before.items()}
