"""The file of accounts, `accounts.sqlite3` beside the database.

Owns opening, reading and writing it, and every change of an account: who may be added, that one
administrator stays, which sessions a change ends. SQLite, so that the command line can change it
while the platform runs. Refuses to know: HTTP, hashing.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import sqlite3
import threading
import time
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from accounts.model import Account
from accounts.trail import Event, write_line
from words import ACCOUNT_ROLES

ROOT = Path(__file__).resolve().parents[1]
FILE = "accounts.sqlite3"
UNFINISHED_RESTORE = "restore.json"
"""While it lies beside the file, a backup is being put in place and the accounts may be half moved."""
NAME = re.compile(r"[\w.@-]{1,64}")
LONGEST_DISPLAY_NAME = 64


class AccountsError(Exception):
    """What is wrong with an account or its file, and what to do, as one Chinese sentence."""


def accounts_path() -> Path:
    """Where the file of accounts lies: in the data folder, as the database does."""
    data = os.environ.get("CREDIT_DATA_DIR") or ROOT / "data"
    return (Path(data) / FILE).resolve()


@cache
def store_at(path: Path) -> Store:
    """The store of one file, the same for all of this process."""
    return Store(path)


@cache
def _schema_steps() -> list[list[str]]:
    """The statements that lift a file from each version to the next; the first make it."""
    folder = Path(__file__).with_name("schema")
    texts = [
        (folder / f"schema_{number}.sql").read_text(encoding="utf-8")
        for number in range(1, len(list(folder.glob("schema_*.sql"))) + 1)
    ]
    return [
        [each for each in re.sub(r"--.*", "", text).split(";") if each.strip()] for text in texts
    ]


def newest_schema() -> int:
    """The version of the file that this program writes; it lifts older ones."""
    return len(_schema_steps())


@cache
def statements() -> dict[str, str]:
    """Name → statement of statements.sql."""
    text = Path(__file__).with_name("statements.sql").read_text(encoding="utf-8")
    parts = (part.partition("\n") for part in text.split("-- name: ")[1:])
    return {title.strip(): body.strip() for title, _, body in parts}


def normal_name(name: str) -> str:
    """An account's name as it is stored and compared: width and case do not count."""
    return unicodedata.normalize("NFKC", name).strip().lower()


class Store:
    """The accounts of one file. Reading shares one connection, each write has one of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._reading: sqlite3.Connection | None = None

    def read(self, statement: str, **values: object) -> list[tuple]:
        """The rows of a statement of statements.sql; none while there is no file. Raises
        `AccountsError` for a file that is not one of accounts."""
        with self._lock:
            if self._reading is None:
                self._refuse_half_restored()
                if not self.path.exists():
                    return []
                self._reading = self._connect()
            return self._reading.execute(statements()[statement], values).fetchall()

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writing]:
        """One transaction; what it records goes to the log once it is stored."""
        self._refuse_half_restored()
        if not self.path.exists():
            raise AccountsError(
                "还没有账号，请先用 python -m accounts add-admin 建立管理员账号；"
                "账号文件被移走的，请放回原处后重新启动平台。"
            )
        with contextlib.closing(self._connect()) as connection:
            connection.execute("begin immediate")
            writing = Writing(connection)
            try:
                yield writing
            except BaseException:
                connection.execute("rollback")
                raise
            connection.execute("commit")
        for event in writing.events:
            write_line(self.path.parent, event)

    def create(self) -> None:
        """Make the file unless it is there; only its owner may read it."""
        self._refuse_half_restored()
        if self.path.exists():
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self.path, os.O_CREAT | os.O_EXCL, 0o600))
        with contextlib.closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            connection.execute("pragma journal_mode = wal")
            _lift(connection, 0)

    def close(self) -> None:
        with self._lock:
            if self._reading is not None:
                self._reading.close()
                self._reading = None

    def is_half_restored(self) -> bool:
        """Whether a restore was cut short: a file that was moved away is not a platform without
        accounts, so nothing is read or written until the restore is finished."""
        return self.path.with_name(UNFINISHED_RESTORE).exists()

    def _refuse_half_restored(self) -> None:
        if self.is_half_restored():
            raise AccountsError(
                "恢复备份没有做完，平台没有让任何人进入；请关闭平台，再启动一次，由它接着做完，"
                "仍不行的看日志里的原因。"
            )

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=5, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("pragma foreign_keys = on")
            version = _version(connection)
            if 0 < version < len(_schema_steps()):
                _lift(connection, version)
                version = _version(connection)
        except sqlite3.DatabaseError as error:
            connection.close()
            raise AccountsError(
                f"账号文件 {self.path} 打不开（{error}），请从备份恢复它，平台没有让任何人进入。"
            ) from error
        if version != len(_schema_steps()):
            connection.close()
            raise AccountsError(
                f"账号文件 {self.path} 的结构是第 {version} 版，本程序用第 {len(_schema_steps())} 版，"
                "请换用写它的程序版本。"
            )
        return connection

    def has_accounts(self) -> bool:
        """Whether the platform asks for a login: the first account is an administrator's, and the
        last administrator cannot be disabled."""
        rows = self.read("any_account")
        return bool(rows and rows[0][0])

    def account(self, name: str) -> Account:
        """One account; raises `AccountsError` when there is none of that name."""
        name = normal_name(name)
        rows = self.read("account", name=name)
        if not rows:
            raise AccountsError(f"没有账号“{name}”，用 python -m accounts list 看有哪些。")
        units = tuple(unit for (unit,) in self.read("units_of_account", name=name))
        return _account(rows[0], units)

    def accounts(self) -> list[Account]:
        """All accounts, in the order in which they were added."""
        units: dict[str, list[str]] = {}
        for name, unit in self.read("units"):
            units.setdefault(name, []).append(unit)
        return [_account(row, tuple(units.get(row[0], ()))) for row in self.read("accounts")]

    def add(
        self,
        name: str,
        display_name: str,
        role: str,
        password_hash: str,
        *,
        units: Sequence[str] = (),
        must_change: bool = True,
        by: str = "",
    ) -> Account:
        """A new account; `by` is who adds it, empty for the command line. Raises `AccountsError`."""
        name, display_name = normal_name(name), display_name.strip()
        if not NAME.fullmatch(name):
            raise AccountsError(
                f"账号名“{name[:64]}”不合适，请用 1 至 64 个汉字、字母、数字或 . _ - @。"
            )
        if not display_name or len(display_name) > LONGEST_DISPLAY_NAME:
            raise AccountsError(f"请写姓名，不超过 {LONGEST_DISPLAY_NAME} 个字。")
        units = _units_for(role, units)
        if role == "admin":
            self.create()
        elif not self.has_accounts():
            raise AccountsError("还没有管理员，请先用 python -m accounts add-admin 建立一个。")
        with self.writing() as writing:
            if writing.run("account", name=name):
                raise AccountsError(f"账号“{name}”已有，请换一个名字。")
            writing.run(
                "add_account",
                name=name,
                display_name=display_name,
                password_hash=password_hash,
                role=role,
                must_change=must_change,
                now=time.time(),
            )
            for unit in units:
                writing.run("add_unit", name=name, unit=unit)
            writing.record("account_added", name, detail=_rights(role, units), by=by)
        return self.account(name)

    def change_role(self, name: str, role: str, units: Sequence[str] = (), by: str = "") -> None:
        """Give an account another role or other units; its sessions end."""
        name, units = self.account(name).name, _units_for(role, units)
        with self.writing() as writing:
            if role != "admin":
                writing.keep_an_administrator(name)
            writing.run("set_role", name=name, role=role)
            writing.run("remove_units", name=name)
            for unit in units:
                writing.run("add_unit", name=name, unit=unit)
            writing.run("end_sessions", name=name, why="role", now=time.time())
            writing.record("role_changed", name, detail=_rights(role, units), by=by)

    def disable(self, name: str, by: str = "") -> None:
        """Let an account in no more; its sessions end."""
        name = self.account(name).name
        with self.writing() as writing:
            writing.keep_an_administrator(name)
            writing.run("set_disabled", name=name, disabled=1)
            writing.run("end_sessions", name=name, why="disabled", now=time.time())
            writing.record("account_disabled", name, by=by)

    def enable(self, name: str, by: str = "") -> None:
        """Let a disabled account in again."""
        name = self.account(name).name
        with self.writing() as writing:
            writing.run("set_disabled", name=name, disabled=0)
            writing.record("account_enabled", name, by=by)

    def reset_password(self, name: str, password_hash: str, by: str = "") -> None:
        """A new first password, to be changed at the next login; the account's sessions end."""
        name = self.account(name).name
        with self.writing() as writing:
            now = time.time()
            writing.run(
                "set_password", name=name, password_hash=password_hash, must_change=1, now=now
            )
            writing.run("end_sessions", name=name, why="reset", now=now)
            writing.record("password_reset", name, by=by)

    def reset_code(self, name: str, by: str = "") -> None:
        """Forget the secret of an account's codes; its sessions end, and it sets new ones at the next
        login."""
        name = self.account(name).name
        with self.writing() as writing:
            writing.run("forget_code", name=name)
            writing.run("end_sessions", name=name, why="code_reset", now=time.time())
            writing.record("code_reset", name, by=by)

    def record(self, kind: str, account: str = "", address: str = "", detail: str = "") -> None:
        """Add one event to the trail and to the log; nothing secret may be in `detail`."""
        with self.writing() as writing:
            writing.record(kind, account, address, detail)

    def queries(self, account: str, most: int = 500) -> list[tuple[str, str]]:
        """When and what an account asked in SQL, the newest first."""
        return self.read("queries", account=account, most=most)

    def events(self, most: int = 1000) -> list[Event]:
        """The newest events, newest first."""
        return [Event(*row) for row in self.read("events", most=most)]


class Writing:
    """An open transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.events: list[Event] = []

    def run(self, statement: str, **values: object) -> list[tuple]:
        return self._connection.execute(statements()[statement], values).fetchall()

    def record(
        self, kind: str, account: str = "", address: str = "", detail: str = "", by: str = ""
    ) -> None:
        event = Event.now(kind, account, address, f"{detail}（由 {by} 操作）" if by else detail)
        self.run("add_event", **vars(event))
        self.events.append(event)

    def keep_an_administrator(self, name: str) -> None:
        """Raises `AccountsError` when no other enabled administrator is left."""
        if not self.run("other_administrators", name=name)[0][0]:
            raise AccountsError(f"“{name}”是最后一个能用的管理员，请先再建一个管理员账号。")


def _version(connection: sqlite3.Connection) -> int:
    ((version,),) = connection.execute(statements()["schema_version"]).fetchall()
    return int(version)


def _lift(connection: sqlite3.Connection, version: int) -> None:
    """Take a file of `version` to the newest; another process may be doing so at the same time."""
    connection.execute("begin immediate")
    try:
        if _version(connection) == version:
            for statement in itertools.chain.from_iterable(_schema_steps()[version:]):
                connection.execute(statement)
            connection.execute(statements()["set_schema_version"].format(len(_schema_steps())))
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def _account(row: tuple, units: tuple[str, ...]) -> Account:
    name, display_name, role, disabled, must_change, has_password, is_of_provider, has_code = row  # fmt: skip
    return Account(
        name, display_name, role, units, bool(disabled), bool(must_change), bool(has_password),
        bool(is_of_provider), bool(has_code),
    )  # fmt: skip


def _units_for(role: str, units: Sequence[str]) -> tuple[str, ...]:
    """The units an account of this role has; raises `AccountsError`."""
    if role not in ACCOUNT_ROLES:
        named = "、".join(f"{code}（{title}）" for code, title in ACCOUNT_ROLES.items())
        raise AccountsError(f"没有角色“{role}”，可以是：{named}。")
    kept = tuple(dict.fromkeys(unit.strip() for unit in units if unit.strip()))
    if role == "unit" and not kept:
        raise AccountsError("“处室/单位”的账号要写明单位，用 --unit 单位名称，几个单位写几次。")
    if role != "unit" and kept:
        raise AccountsError(f"“{ACCOUNT_ROLES[role]}”的账号不属于单位，请不要写单位。")
    return kept


def _rights(role: str, units: Sequence[str]) -> str:
    return ACCOUNT_ROLES[role] + (f"：{'、'.join(units)}" if units else "")
