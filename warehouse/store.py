"""The DuckDB file: opened once per process, read by snapshots, written one transaction per action.

Owns the connection, the schema version, the audit trail and the data version. Knows nothing of what
a ledger looks like on paper, nor of any screen.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import duckdb

from warehouse.faults import RESTORE, WarehouseError, explained
from warehouse.place import CONNECTION, Place
from warehouse.rights import MAY, Actor, NotAllowed
from warehouse.servers.record import News, Record, Turn
from warehouse.servers.taking_in import take_in
from warehouse.snapshots import Snapshot, Snapshots
from warehouse.statements import statement
from warehouse.writing import Writer

log = logging.getLogger(__name__)

HERE = Path(__file__).parent
MIGRATIONS = tuple(HERE / "schema" / f"schema_{version}.sql" for version in range(1, 13))
"""Scripts that lift a file from version 0 to 1, from 1 to 2, …; the last is the current version."""

# China has kept one offset all year since 1991; a fixed one needs no time zone database on Windows.
BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
DEFINITIONS = tuple(
    HERE / "meanings" / f"{name}.sql"
    for name in ("facts", "terms", "progress", "cadence", "judgement")
)
"""What the figures mean, each file resting on those before it."""
BEHIND = timedelta(seconds=5)
"""So old the data of a server may be before every page and export says so."""


def now() -> datetime:
    """The present instant as the naive Beijing time that every `_at` column holds."""
    return datetime.now(BEIJING).replace(tzinfo=None)


def today() -> date:
    """The present day in Beijing."""
    return now().date()


class Warehouse:
    """One open database file. Use `open_warehouse`, which opens each file once per process."""

    actor: Actor | None = None
    """By whose account it is used; without one (单机模式, the command line) nothing is forbidden."""

    def __init__(
        self,
        path: Path,
        migrations: Sequence[Path] = MIGRATIONS,
        before_upgrade: Callable[[Warehouse, int], None] = lambda *_: None,
        record: Record | None = None,
    ):
        """Open the file and lift it to the newest schema version. Before one that has data is lifted,
        `before_upgrade` is called with it and its version; what it raises ends the opening. With a
        `record` the file follows it, and every write goes there first."""
        self.path = path
        self.record = record
        self.followed_at = now()
        """When the file was last known to hold all that the record holds."""
        self.closed = False
        self._lock = threading.RLock()
        self.place = Place(path)
        self._connection = _connect(self.place)
        self._snapshots = Snapshots(self._connection.cursor, path)
        self._data_version = 0
        try:
            self._migrate(migrations, before_upgrade)
            self._define()
            # What was asked before the schema was lifted, such as by a backup, saw the older one.
            self._snapshots.supersede()
            self.place.settle(self._connection, self._data_version)
        except BaseException as error:
            self._connection.close()
            raise explained(error, path) or error from error

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Within the block all that this thread asks of the warehouse rests on one data version: the
        newest there is when the outermost block begins. What others write is not seen before its end,
        nor is what this thread writes.
        """
        with self._snapshots.held() as snapshot:
            yield snapshot

    @contextmanager
    def anew(self) -> Iterator[Snapshot]:
        """Within the block this thread asks the newest data, though it holds an older version: what
        has just been written is seen."""
        with self._snapshots.anew() as snapshot:
            yield snapshot

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """What the data are asked with: see `Snapshot.cursor`."""
        with self.snapshot() as snapshot, snapshot.cursor() as cursor:
            yield cursor

    @property
    def data_version(self) -> int:
        """Rises by one with every write; the key of every cached answer. Within `snapshot` its version."""
        held = self._snapshots.of_this_thread
        return held.data_version if held else self._data_version

    @property
    def newest_version(self) -> int:
        """The newest data version there is, whatever snapshot this thread holds."""
        return self._data_version

    @contextmanager
    def writing(self, recorded_by: str, action: str = "") -> Iterator[Writer]:
        """One user action: everything in the block is stored, or, on any error, nothing is. When it
        ends without an error, what was stored is in the file at the path, and in the record.

        `action` is what the trail calls it, and what an account must have the right to; without one
        only the program itself may write. The block must call `Writer.record` at least once, so that
        every change has its author. Raises `WarehouseError` when disk, folder or database refuse.
        """
        if action and action not in MAY:
            raise ValueError(f"no role is given the right to {action}")
        with self._transaction(recorded_by, None) as writer:
            yield writer

    def may(self, action: str) -> bool:
        """Whether who uses the warehouse may store what the trail calls so; without an account, all."""
        return action in MAY

    def check(self, action: str) -> None:
        """Raises `NotAllowed` when `may` says no: for what is kept outside the database."""

    def acting(self, actor: Actor, refused: Callable[[str, NotAllowed], None]) -> Warehouse:
        """The same open database for somebody with an account: what his account may not store is
        refused, and `refused` is called with the action and the refusal."""
        return _Acting(self, actor, refused)

    @contextmanager
    def _transaction(self, recorded_by: str, actor: Actor | None) -> Iterator[Writer]:
        _of_thread.removed = 0
        is_recorded = False
        with self._lock, self._turn() as turn, self._connection.cursor() as cursor:
            self.place.check_present()
            try:
                cursor.begin()
                writer = Writer(
                    cursor,
                    self._data_version + 1,
                    recorded_by,
                    turn.at if turn else now(),
                    keeps_steps=turn is not None,
                    actor=actor,
                )
                yield writer
                self.place.check_present()
                if turn:
                    turn.store(writer.action())
                    is_recorded = True
                cursor.commit()
            except BaseException as error:
                # After a full disk DuckDB has no transaction left to end; the first error counts.
                with contextlib.suppress(duckdb.Error):
                    cursor.rollback()
                if is_recorded or isinstance(error, duckdb.FatalException):
                    self.close()
                raise self._refused(error, is_recorded) or error from error
            try:
                self.place.settle(cursor, writer.data_version)
            except (WarehouseError, duckdb.Error) as error:
                # In memory the entry counts, on the disk it does not: what is on the disk holds.
                self.close()
                raise self._refused(error, is_recorded) or error from error
            self._data_version = writer.data_version
            self._snapshots.supersede()
            _of_thread.removed = writer.removed
            if writer.removed:
                log.info("%d control characters removed from what was stored", writer.removed)

    @contextmanager
    def _turn(self) -> Iterator[Turn | None]:
        """The right to write the next version, when all that others wrote before is taken in."""
        if self.record is None:
            yield None
            return
        with self.record.turn() as turn:
            with turn.newer(self._data_version) as news:
                self._take_in(news)
            yield turn

    def _refused(self, error: BaseException, is_recorded: bool) -> WarehouseError | None:
        """What the user is told of an error in a write; None when it is no failure of the disk."""
        if is_recorded:
            return WarehouseError(
                "这次录入已存入数据库，这台服务器自己的副本却写不进去；请联系系统管理员重新启动平台，不要再录一次。"
            )
        return explained(error, self.path, is_writing=True)

    @property
    def is_behind(self) -> bool:
        """Whether the record has not been heard of for so long that others may have stored more."""
        return self.record is not None and now() - self.followed_at > BEHIND

    @property
    def age(self) -> str:
        """From when the data are, where others may have stored more since; else empty."""
        return (
            f"数据是 {self.followed_at:%H:%M:%S} 的，此后没有跟上数据库" if self.is_behind else ""
        )

    def follow(self) -> None:
        """Take in what other servers stored. Raises `WarehouseError` when the record does not answer."""
        assert self.record
        began = now()
        with self.record.newer(self._data_version) as news, self._lock:
            # What this server wrote meanwhile is in the file, and what came before it, too.
            if news.version > self._data_version and not self.closed:
                self._take_in(news)
            self.followed_at = began

    def _take_in(self, news: News) -> None:
        if news.version == self._data_version:
            return
        with self._connection.cursor() as cursor:
            cursor.begin()
            try:
                take_in(cursor, news, after=self._data_version)
                cursor.commit()
            except BaseException:
                with contextlib.suppress(duckdb.Error):
                    cursor.rollback()
                raise
            self.place.settle(cursor, news.version)
            self._data_version = news.version
            self._snapshots.supersede()

    @contextmanager
    def trial(self, recorded_by: str) -> Iterator[Writer]:
        """What a write would come to: rows added in the block are seen by what is asked with the
        writer's cursor in the block, by nobody else, and are never stored."""
        with self._connection.cursor() as cursor:
            cursor.begin()
            try:
                yield Writer(cursor, self._data_version + 1, recorded_by, now())
            finally:
                cursor.rollback()

    def backup(self, target: Path) -> None:
        """Copy the whole database into the new file `target` while it stays in use."""
        if target.exists():
            raise WarehouseError(f"备份文件 {target} 已存在，请换一个文件名。")
        target.parent.mkdir(parents=True, exist_ok=True)
        with self._lock, self._connection.cursor() as cursor:
            cursor.execute(statement("attach_backup"), {"path": str(target)})
            try:
                # A database cannot be named by a parameter; its name is its file's stem.
                ((source,),) = cursor.execute(statement("database_name")).fetchall()
                quoted = '"' + source.replace('"', '""') + '"'
                cursor.execute(statement("copy_to_backup").format(source=quoted))
            finally:
                cursor.execute(statement("detach_backup"))

    def close(self) -> None:
        """Release the file. Cursors handed out before are dead afterwards."""
        with self._lock:
            self.closed = True
            self._snapshots.end_all()
            self._connection.close()
            if self.record:
                self.record.close()

    def _migrate(
        self, migrations: Sequence[Path], before_upgrade: Callable[[Warehouse, int], None]
    ) -> None:
        with self._connection.cursor() as cursor:
            tables = {name for (name,) in cursor.execute(statement("tables")).fetchall()}
            version = 0
            if "schema_version" in tables:
                ((version,),) = cursor.execute(statement("schema_version")).fetchall()
            elif tables:
                raise WarehouseError(f"{self.path.name} 不是本平台的数据库，请换一个数据目录。")
            if version > len(migrations):
                raise WarehouseError(
                    f"数据库 {self.path.name} 由更新的版本建立（结构第 {version} 版，本程序只认识到"
                    f"第 {len(migrations)} 版），请升级程序后再打开{self._way_back()}。"
                )
            if 0 < version < len(migrations):
                before_upgrade(self, version)
            for number, script in enumerate(migrations[version:], start=version + 1):
                cursor.begin()
                try:
                    cursor.execute(script.read_text(encoding="utf-8"))
                    cursor.execute(
                        statement("set_schema_version"), {"version": number, "at": now()}
                    )
                    cursor.commit()
                except BaseException:
                    cursor.rollback()
                    raise
                log.info("database %s lifted to schema version %d", self.path.name, number)

    def _way_back(self) -> str:
        upgrade = self.place.last_upgrade()
        if upgrade is None:
            return ""
        return (
            f"；要回到旧程序的，用它运行 {RESTORE} {upgrade.backup}，恢复 {upgrade.at} 升级前的备份"
            "（此后录入的不在其中，现有数据移到一边，不删除）"
        )

    def _define(self) -> None:
        with self._connection.cursor() as cursor:
            for script in DEFINITIONS:
                cursor.execute(script.read_text(encoding="utf-8"))
            cursor.execute(statement("judged_tables"))
            for name in ("scope", "scoring"):
                cursor.execute((HERE / "meanings" / f"{name}.sql").read_text(encoding="utf-8"))
            cursor.execute(statement("scored_tables"))
            cursor.execute((HERE / "meanings" / "scored.sql").read_text(encoding="utf-8"))
            ((self._data_version,),) = cursor.execute(statement("data_version")).fetchall()


class _Acting(Warehouse):
    """An open warehouse as one account uses it."""

    __slots__ = ("_on_refusal", "actor")

    def __init__(
        self, opened: Warehouse, actor: Actor, on_refusal: Callable[[str, NotAllowed], None]
    ):
        # All that is known of the open database is shared; the slots alone are of this one.
        self.__dict__ = opened.__dict__
        self.actor: Actor = actor
        self._on_refusal = on_refusal

    @contextmanager
    def writing(self, recorded_by: str, action: str = "") -> Iterator[Writer]:
        self.check(action)
        with self._noted(action), self._transaction(recorded_by, self.actor) as writer:
            yield writer

    def may(self, action: str) -> bool:
        return self.actor.may(action)

    def check(self, action: str) -> None:
        with self._noted(action):
            self.actor.check(action)

    @contextmanager
    def _noted(self, action: str) -> Iterator[None]:
        """Around what may be refused: a refusal is noted, and goes on."""
        try:
            yield
        except NotAllowed as refusal:
            by = self.actor
            log.warning("refused: account %s, role %s, action %s", by.account, by.role, action)
            self._on_refusal(action, refusal)
            raise


_of_thread = threading.local()


def removed_characters() -> int:
    """How many control characters were taken out of what this thread stored last."""
    return getattr(_of_thread, "removed", 0)


_open: dict[Path, Warehouse] = {}
_open_lock = threading.Lock()


def open_warehouse(
    path: Path,
    before_upgrade: Callable[[Warehouse, int], None] = lambda *_: None,
    record: Record | None = None,
) -> Warehouse:
    """The one `Warehouse` of this process for the file `path`, made when it does not exist.

    Raises `WarehouseError` when another program holds the file, when it is not a database of this
    platform, when a newer version of the program made it, when stored entries are not in it, and when
    disk or folder refuse.
    """
    try:
        # Only the folder is resolved: a link in the place of the file is refused.
        key = path.parent.resolve() / path.name
        with _open_lock:
            if key not in _open or _open[key].closed:
                key.parent.mkdir(parents=True, exist_ok=True)
                _open[key] = Warehouse(key, before_upgrade=before_upgrade, record=record)
            return _open[key]
    except OSError as error:
        raise explained(error, path) or error from error


@atexit.register
def close_all() -> None:
    """Release every file this process has open; what is still in the .wal goes into the file."""
    with _open_lock:
        while _open:
            _open.popitem()[1].close()


def _connect(place: Place) -> duckdb.DuckDBPyConnection:
    try:
        place.check()
        connection = duckdb.connect(
            str(place.path),
            config={
                **CONNECTION,
                # A format that DuckDB 1.5 reads too: its extension wheels lead to shared catalogues.
                "storage_compatibility_version": "v1.5.0",
            },
        )
    except (WarehouseError, OSError, duckdb.Error) as error:
        log.warning("cannot open %s: %s", place.path, error)
        raise explained(error, place.path) or WarehouseError(
            f"数据库 {place.path.name} 打不开；现有文件都不要删除，请恢复备份或换一个数据目录。"
        ) from error
    place.opened()
    connection.execute("set global timezone = 'Asia/Shanghai'")
    return connection
