"""Copies of the file of accounts: one for a backup, and one taken back in its place.

Owns what makes a copy whole, and what holds of accounts that return: nobody is logged in any more,
and who was disabled since stays disabled. Refuses to know: where a backup lies, what else is in it.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from accounts.model import Account
from accounts.store import AccountsError, Store, newest_schema, statements

BESIDE = ("-shm", "-wal")
"""What SQLite keeps beside the file while it is open; only with it the newest entries are whole."""


def content_of(path: Path) -> bytes | None:
    """The file of accounts at one instant, while the platform and the command line write to it; None
    where there is none. Raises `AccountsError` for a file that cannot be read."""
    if not path.exists():
        return None
    with (
        _readable(path),
        contextlib.closing(sqlite3.connect(path, timeout=30)) as source,
        contextlib.closing(sqlite3.connect(":memory:")) as copy,
    ):
        source.backup(copy)
        return copy.serialize()


def check_copy(path: Path) -> int:
    """How many accounts a copy holds, read without writing beside it. Raises `AccountsError` when it
    is damaged or of a newer program."""
    with (
        _readable(path),
        contextlib.closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as copy,
    ):
        if copy.execute("pragma integrity_check").fetchall() != [("ok",)]:
            raise AccountsError(f"账号文件 {path} 已损坏，请换一份备份。")
        ((version,),) = copy.execute(statements()["schema_version"]).fetchall()
        if not 0 < version <= newest_schema():
            raise AccountsError(
                f"账号文件 {path} 的结构是第 {version} 版，本程序用第 {newest_schema()} 版，"
                "请换用写它的程序版本。"
            )
        return int(copy.execute(statements()["any_account"]).fetchall()[0][0])


def take_back(copy: Path, present: Path) -> None:
    """Prepare `copy` for taking the place of the file `present`: every session in it is ended, so that
    a login which ended after the backup does not return, and the accounts disabled by now stay so."""
    copy.chmod(0o600)
    disabled = [account.name for account in _accounts(present) or () if account.is_disabled]
    with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute("begin immediate")
        connection.execute(
            statements()["end_every_session"], {"why": "restored", "now": time.time()}
        )
        for name in disabled:
            connection.execute(statements()["set_disabled"], {"name": name, "disabled": 1})
        connection.execute("commit")


def settle(path: Path) -> None:
    """Fold what lies beside the file into it, before it is moved. Raises `AccountsError` while another
    program has it open; a damaged file stays as it is."""
    if not path.exists():
        return
    with contextlib.closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as connection:
        try:
            # SQLite leaves this mode only when nobody else has the file open.
            connection.execute("pragma journal_mode = delete")
            connection.execute("pragma journal_mode = wal")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise AccountsError(
                    f"账号文件 {path.name} 正被另一个程序占用，请先关闭已经打开的平台。"
                ) from error


def differences(before: Path, after: Path) -> list[str]:
    """What is otherwise in the accounts of the file `after` than in those of `before`, one Chinese
    sentence each: who is missing, whose role or units and whose password are others."""
    was, becomes = _accounts(before), _accounts(after)
    if was is None or becomes is None:
        return ["恢复前的账号文件读不出来，没有与恢复后的比较。"]
    passwords, restored = (_passwords(path) for path in (before, after))
    then = {account.name: account for account in becomes}
    kept = [account for account in was if account.name in then]
    found = {
        "备份以后新建、恢复后没有的账号": [each.name for each in was if each.name not in then],
        "角色或单位回到备份时的账号": [
            each.name
            for each in kept
            if (each.role, set(each.units)) != (then[each.name].role, set(then[each.name].units))
        ],
        "密码回到备份时的账号": [
            each.name for each in kept if passwords[each.name] != restored[each.name]
        ],
    }
    return [f"{what}：{'、'.join(names)}。" for what, names in found.items() if names]


@contextlib.contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise AccountsError(f"账号文件 {path} 读不出来（{error}）。") from error


def _accounts(path: Path) -> list[Account] | None:
    """The accounts of a file, none where there is no file; None when it cannot be read."""
    store = Store(path)
    try:
        return store.accounts()
    except (AccountsError, sqlite3.Error):
        return None
    finally:
        store.close()


def _passwords(path: Path) -> dict[str, float]:
    """Account → when its password was set."""
    store = Store(path)
    try:
        return {
            account.name: store.read("password", name=account.name)[0][1]
            for account in store.accounts()
        }
    finally:
        store.close()
