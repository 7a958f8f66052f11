"""The record in PostgreSQL, or in a database that speaks its protocol.

Each version of the schema has a PostgreSQL schema of its own with the tables of the DuckDB file, every
row with the data version and the step that added it. Nothing there is ever changed, and `for update`
on one row lets one server write at a time. Owns the connections, how long they are waited for, and
the translation of DuckDB's types; the SQL is in central.sql.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import socket
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from warehouse.faults import WarehouseError
from warehouse.servers.record import (
    Action,
    Amendment,
    News,
    OutcomeUnknown,
    RecordUnreachable,
    Rows,
)
from warehouse.statements import statement

log = logging.getLogger(__name__)

NULL = "\\N"
"""How an unknown value stands in a .csv; a text that looks so is put in quotation marks."""
PATIENCE = 2.0
"""Seconds the record has for one answer."""
LOCK = 4.5
"""Seconds that a write waits for the writes of other servers; the record gives up after 4."""
PIECE = 2_000
"""Rows sent or read between two looks at the clock."""
REST = 1.0
"""Seconds after a failure during which nobody waits for the record again."""
UPGRADE = 300.0
"""Seconds that a starting server waits for another one that brings the record to a new schema."""
AMENDMENT = "amendment"
_TYPES = {
    "VARCHAR": "text",
    "JSON": "text",
    "VARCHAR[]": "text",
    "UUID": "uuid",
    "BIGINT": "bigint",
    "INTEGER": "integer",
    "DOUBLE": "double precision",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
}
_OPTIONS = "-c lock_timeout=4000 -c idle_in_transaction_session_timeout=60000 -c datestyle=ISO"
"""Another server's write is waited for 4 s. A server that stands still with the head row locked gives it
up after a minute: the largest import on a busy machine is quiet for some seconds in between."""
_NO_ANSWER = "数据库没有应答，没有保存；现在只能查看，连上后请重试。"
_BUSY = "数据库正忙（另一台服务器在写入），没有保存，请重试。"

Layout = Mapping[str, Mapping[str, str]]
"""Table → column → type, as DuckDB has them."""


def is_address(text: str) -> bool:
    """Whether it names a database server."""
    return text.startswith(("postgresql://", "postgres://"))


class Central:
    """The record of one office; see `warehouse.servers.record.Record`. `use` tells which schema is meant."""

    def __init__(self, url: str, *, by_copy: bool = True):
        """`by_copy`: rows go to and fro by COPY; else by insert and select, for a database without."""
        self._url = url
        self._by_copy = by_copy
        self._schema = 0
        self._layout: Layout = {}
        self._kept: dict[str, psycopg.Connection] = {}
        self._closed = False
        self._failed_at = -REST

    def use(self, schema: int, layout: Layout) -> None:
        """From now on the tables `layout` of this schema version are read and written."""
        self._schema, self._layout = schema, layout

    @contextmanager
    def gate(self) -> Iterator[Gate]:
        """Wait until no other server starts or writes; none does before the block ends. What the
        block publishes is stored when it ends without an error."""
        until = time.monotonic() + UPGRADE
        with _explained(self), contextlib.closing(self._connect()) as connection:
            if not _ask(connection, "record_has_head"):
                _do(connection, "record_head")
                _do(connection, "record_first_head")
                connection.commit()
            while True:
                try:
                    _ask(connection, "record_lock", patience=LOCK)
                    break
                except psycopg.errors.LockNotAvailable:
                    connection.rollback()
                    if time.monotonic() > until:
                        raise
            yield Gate(self, connection)
            with _patience(connection, UPGRADE):
                connection.commit()

    @contextmanager
    def turn(self) -> Iterator[CentralTurn]:
        if time.monotonic() - self._failed_at < REST:
            raise RecordUnreachable(_NO_ANSWER)
        with _explained(self), self._line("writing") as connection:
            _ask(connection, "record_lock", patience=LOCK)
            yield CentralTurn(self, connection)

    @contextmanager
    def newer(self, than: int) -> Iterator[News]:
        with (
            _explained(self),
            self._line("following") as connection,
            self.news(connection, than) as news,
        ):
            # The rows are in files: whoever takes them in need not hold up the record's transaction.
            connection.rollback()
            self._failed_at = -REST
            yield news

    def action_of(self, version: int) -> UUID | None:
        with _explained(self), self._line("following") as connection:
            given = {"schema": self._schema, "version": version}
            rows = _ask(connection, "record_action_of", given)
            return rows[0][0] if rows else None

    def keep_file(self, sha256: str, content: bytes) -> None:
        given = {"sha256": sha256, "content": content}
        with _explained(self), contextlib.closing(self._connect()) as connection:
            if not _ask(connection, "record_has_file", given):
                with contextlib.suppress(psycopg.errors.UniqueViolation):
                    _do(connection, "record_add_file", given, patience=5 * PATIENCE)
                    connection.commit()

    def file(self, sha256: str) -> bytes | None:
        with _explained(self), contextlib.closing(self._connect()) as connection:
            rows = _ask(connection, "record_file", {"sha256": sha256}, patience=5 * PATIENCE)
            return bytes(rows[0][0]) if rows else None

    def files(self) -> list[str]:
        """The hash of every evidence file."""
        with _explained(self), contextlib.closing(self._connect()) as connection:
            return [sha256 for (sha256,) in _ask(connection, "record_files")]

    def close(self) -> None:
        """Connections that are in use end with their use."""
        self._closed = True
        for name in list(self._kept):
            self._kept.pop(name).close()

    @contextmanager
    def news(self, connection: psycopg.Connection, than: int) -> Iterator[News]:
        """What was stored after `than`, as the transaction of the connection sees it."""
        actions = _ask(connection, "record_actions", {"schema": self._schema, "than": than})
        ((newest,),) = _ask(connection, "record_version", {"schema": self._schema})
        if newest < than:
            raise WarehouseError(
                f"数据库被恢复到了较早的数据版本 {newest}（这台服务器已有 {than}），没有保存；"
                "请重新启动这台服务器的平台，它会从数据库重新建立副本。"
            )
        named = {table for _, tables in actions for table in tables.split()}
        amendments = []
        if AMENDMENT in named:
            found = _ask(
                connection, "record_amendments", {"than": than}, table=self._name(AMENDMENT)
            )
            amendments = [
                (version, step, Amendment(name, json.loads(values)))
                for version, step, name, values in found
            ]
        with tempfile.TemporaryDirectory(prefix="credit-") as folder:
            files = {table: Path(folder, f"{table}.csv") for table in sorted(named - {AMENDMENT})}
            for table, file in files.items():
                self._fetch(connection, table, than, file)
            # What a record begins with names every table, those without rows too.
            filled = {table: file for table, file in files.items() if file.stat().st_size}
            yield News(newest, filled, amendments)

    def send(self, connection: psycopg.Connection, action: Action) -> None:
        """Hand over all of the action; it is stored when the transaction is."""
        named = set()
        for step, part in enumerate(action.steps, start=1):
            if isinstance(part, Amendment):
                values = json.dumps(dict(part.values), ensure_ascii=False)
                part = Rows(AMENDMENT, ("statement", "parameters"), [(part.statement, values)])
            named.add(part.table)
            self.put(connection, part, action.version, step)
        given = {
            "version": action.version,
            "schema": self._schema,
            "action_id": action.action_id,
            "recorded_at": action.recorded_at,
            "recorded_by": action.recorded_by,
            "tables": " ".join(sorted(named)),
        }
        _do(connection, "record_add_action", given)

    def put(self, connection: psycopg.Connection, rows: Rows, version: int, step: int) -> None:
        """Send rows of one table."""
        names = {
            "table": self._name(rows.table),
            "columns": sql.SQL(", ").join(map(sql.Identifier, rows.columns)),
        }
        for start in range(0, len(rows.rows), PIECE):
            piece = [
                (version, step, *map(_sendable, row)) for row in rows.rows[start : start + PIECE]
            ]
            with _patience(connection, 2 * PATIENCE), connection.cursor() as cursor:
                if self._by_copy:
                    with cursor.copy(_composed("record_put_rows", **names)) as copy:
                        for row in piece:
                            copy.write_row(row)
                else:
                    values = sql.SQL(", ").join([sql.Placeholder()] * len(piece[0]))
                    insert = _composed("record_insert_row", values=values, **names)
                    cursor.executemany(insert, piece)

    def is_stored(self, action: Action) -> bool:
        """Whether the action was stored, asked when its commit was not answered. The head is locked
        first: whoever is still committing has ended then."""
        with contextlib.closing(self._connect()) as connection:
            _ask(connection, "record_lock", patience=LOCK)
            given = {"schema": self._schema, "action_id": action.action_id}
            return bool(_ask(connection, "record_has_action", given))

    def make_tables(self, connection: psycopg.Connection) -> None:
        """The tables of the schema version in use, empty."""
        made = [_composed("record_make_space", space=sql.Identifier(self._space()))]
        tables = {**self._layout, AMENDMENT: {"statement": "VARCHAR", "parameters": "VARCHAR"}}
        for table, columns in tables.items():
            parts = [
                sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(_type_of(kind)))
                for column, kind in {"_version": "BIGINT", "_step": "INTEGER", **columns}.items()
            ]
            name = self._name(table)
            made.append(
                _composed("record_make_table", table=name, columns=sql.SQL(", ").join(parts))
            )
            made.append(_composed("record_make_index", table=name))
        with _patience(connection, 10 * PATIENCE):
            connection.execute(sql.SQL(";").join(made))

    def failed(self, error: psycopg.Error) -> WarehouseError:
        """Note that the record does not answer; returns what the user is told."""
        log.warning("the record failed: %s", error, exc_info=True)
        if isinstance(error, psycopg.errors.LockNotAvailable):
            return RecordUnreachable(_BUSY)
        if isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)):
            self._failed_at = time.monotonic()
            return RecordUnreachable(_NO_ANSWER)
        return WarehouseError("数据库拒绝了这次写入，没有保存，原因见日志，请联系系统管理员。")

    def _fetch(self, connection: psycopg.Connection, table: str, than: int, file: Path) -> None:
        """Write the rows stored after `than` into the file."""
        columns = map(sql.Identifier, self._layout[table])
        rows = _composed(
            "record_rows",
            table=self._name(table),
            columns=sql.SQL(", ").join(columns),
            than=sql.Literal(than),
        )
        with (
            file.open("wb") as out,
            _patience(connection) as look,
            connection.cursor() as cursor,
        ):
            if self._by_copy:
                with cursor.copy(_composed("record_take_rows", rows=rows)) as copy:
                    for number, line in enumerate(copy):
                        out.write(line)
                        if number % PIECE == 0:
                            look()
            else:
                for row in cursor.execute(rows):
                    out.write(_line(row))

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self._url, connect_timeout=2, options=_OPTIONS)

    @contextmanager
    def _line(self, name: str) -> Iterator[psycopg.Connection]:
        """A connection kept under the name, for one transaction; what is not committed in the block
        is not stored. Raises `WarehouseError` when a newer program keeps the record now."""
        connection = self._answering(name)
        try:
            yield connection
            if connection.broken:
                self._kept.pop(name, None)
            else:
                with _patience(connection):
                    connection.rollback()
            if self._closed:
                self._kept.pop(name, None)
                connection.close()
        except BaseException:
            # Whatever state it is in, a new one is as good.
            self._kept.pop(name, None)
            connection.close()
            raise

    def _answering(self, name: str) -> psycopg.Connection:
        """The kept connection, or a new one when the record was started anew in between."""
        kept = self._kept.pop(name, None)
        if kept:
            try:
                self._check_schema(kept)
            except psycopg.OperationalError:
                kept.close()
            else:
                self._kept[name] = kept
                return kept
        connection = self._connect()
        if name == "following":
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        self._check_schema(connection)
        self._kept[name] = connection
        return connection

    def _check_schema(self, connection: psycopg.Connection) -> None:
        """The first question of every transaction."""
        ((newest,),) = _ask(connection, "record_schema")
        if newest != self._schema:
            raise WarehouseError(
                f"数据库已由更新的程序升级（结构第 {newest} 版，本程序是第 {self._schema} 版），"
                "没有保存；现在只能查看升级前的数据，请升级这台服务器的程序。"
            )

    def _space(self) -> str:
        return f"credit_{self._schema}"

    def _name(self, table: str) -> sql.Identifier:
        return sql.Identifier(self._space(), table)


class Gate:
    """The record while a server starts: nobody else writes."""

    def __init__(self, central: Central, connection: psycopg.Connection):
        self._central = central
        self._connection = connection

    @property
    def schema(self) -> int | None:
        """The newest schema version of the record; None when it is empty."""
        ((newest,),) = _ask(self._connection, "record_schema")
        return newest

    def publish(self, schema: int, base: Action) -> None:
        """Begin the tables of the schema version in use with all that a file holds."""
        self._central.make_tables(self._connection)
        self._central.send(self._connection, base)
        given = {"schema": schema, "base": base.version, "at": base.recorded_at}
        _do(self._connection, "record_add_opened", given)


class CentralTurn:
    """See `warehouse.servers.record.Turn`."""

    def __init__(self, central: Central, connection: psycopg.Connection):
        self._central = central
        self._connection = connection
        ((self.at,),) = _ask(connection, "record_clock")

    at: datetime

    @contextmanager
    def newer(self, than: int) -> Iterator[News]:
        with self._central.news(self._connection, than) as news:
            yield news

    def store(self, action: Action) -> None:
        self._central.send(self._connection, action)
        try:
            with _patience(self._connection):
                self._connection.commit()
        except psycopg.OperationalError as error:
            log.warning("the commit of version %d was not answered", action.version, exc_info=True)
            try:
                stored = self._central.is_stored(action)
            except psycopg.Error as unanswered:
                raise OutcomeUnknown(
                    "数据库没有应答，这次录入是否已保存还不知道；连上后请先看变更记录中有没有，没有的再录一次。"
                ) from unanswered
            if not stored:
                raise RecordUnreachable(_NO_ANSWER) from error


@contextmanager
def _explained(central: Central) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise central.failed(error) from error


@contextmanager
def _patience(connection: psycopg.Connection, seconds: float = PATIENCE) -> Iterator[Any]:
    """Cut the connection when the block is not over in time; calling what is yielded begins anew.

    A server that hangs keeps its connections open and no timeout of its own ends them, so the socket
    is shut from this side, which ends the call that waits for it.
    """
    lock, state = threading.Condition(), {"until": time.monotonic() + seconds, "over": False}

    def look() -> None:
        state["until"] = time.monotonic() + seconds

    def watch() -> None:
        with lock:
            while not state["over"]:
                left = state["until"] - time.monotonic()
                if left <= 0:
                    _cut(connection)
                    return
                lock.wait(left)

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield look
    finally:
        with lock:
            state["over"] = True
            lock.notify()


def _cut(connection: psycopg.Connection) -> None:
    with contextlib.suppress(OSError, psycopg.Error):
        line = socket.socket(fileno=connection.fileno())
        try:
            line.shutdown(socket.SHUT_RDWR)
        finally:
            line.detach()


def _ask(
    connection: psycopg.Connection,
    name: str,
    given: Mapping[str, Any] | None = None,
    *,
    patience: float = PATIENCE,
    **names: sql.Composable,
) -> list[tuple[Any, ...]]:
    with _patience(connection, patience):
        return connection.execute(_composed(name, **names), given).fetchall()


def _do(
    connection: psycopg.Connection,
    name: str,
    given: Mapping[str, Any] | None = None,
    *,
    patience: float = PATIENCE,
) -> None:
    with _patience(connection, patience):
        connection.execute(_composed(name), given)


def _composed(name: str, **names: sql.Composable) -> sql.Composed:
    return sql.SQL(statement(name)).format(**names)


def _type_of(kind: str) -> str:
    if found := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", kind):
        return f"numeric({found[1]}, {found[2]})"
    return _TYPES[kind]


def _sendable(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def _line(row: Sequence[Any]) -> bytes:
    """One line of the .csv that COPY would have written."""
    cells = (NULL if value is None else '"' + str(value).replace('"', '""') + '"' for value in row)
    return (",".join(cells) + "\n").encode()
