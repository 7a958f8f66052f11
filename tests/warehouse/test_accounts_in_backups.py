"""The accounts in a backup: copied while they are used, checked, and back without a single session."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import serve
from accounts import AccountsError, Store, copies, sessions
from warehouse.__main__ import main
from warehouse.backups import BackupError, check_backup, finish_restore, make_backup, restore
from warehouse.backups.restoring import JOURNAL
from warehouse.store import Warehouse

FILE = "accounts.sqlite3"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with a database and three accounts, all of them logged in."""
    folder = tmp_path / "data"
    folder.mkdir()
    opened = Warehouse(folder / "credit.duckdb")
    with opened.writing("测试") as writer:
        writer.record("测试", "ledger", None)
    opened.close()
    store = Store(folder / FILE)
    store.add("admin", "王管理", "admin", "hash", must_change=False)
    store.add("zhangsan", "张三", "unit", "hash", units=["厅运输处"], must_change=False)
    store.add("lisi", "李四", "office", "hash", must_change=False)
    store.close()
    return folder


@pytest.fixture
def warehouse(folder: Path) -> Iterator[Warehouse]:
    opened = Warehouse(folder / "credit.duckdb")
    yield opened
    opened.close()


def logged_in(folder: Path, account: str = "zhangsan") -> str:
    """The token of a new session."""
    with Store(folder / FILE).writing() as writing:
        return sessions.begin(writing, account, "10.0.0.7", time.time())


def names(folder: Path) -> list[str]:
    store = Store(folder / FILE)
    try:
        return [account.name for account in store.accounts()]
    finally:
        store.close()


def test_a_backup_has_the_accounts_while_they_are_in_use(warehouse, folder, tmp_path):
    # An open connection, and the newest account still beside the file.
    reading = Store(folder / FILE)
    assert reading.has_accounts()
    reading.add("wangwu", "王五", "leader", "hash")
    assert (folder / f"{FILE}-wal").stat().st_size
    made = make_backup(warehouse, tmp_path / "b")
    reading.close()
    assert (made.accounts, check_backup(made.path)) == (4, made)
    assert names(made.path) == ["admin", "zhangsan", "lisi", "wangwu"]
    assert stat.S_IMODE((made.path / FILE).stat().st_mode) == 0o600


def test_damaged_accounts_are_no_backup(warehouse, folder, tmp_path):
    (folder / FILE).write_bytes(b"no accounts" * 1000)
    with pytest.raises(BackupError, match=r"没有留下备份：账号文件 .* 读不出来"):
        make_backup(warehouse, tmp_path / "b")
    assert not list(tmp_path.glob("*b*"))


def alter(backup: Path) -> None:
    with sqlite3.connect(backup / FILE) as copy:
        copy.execute("update account set role = 'admin' where name = 'zhangsan'")
    copy.close()


def damage(backup: Path) -> None:
    (backup / FILE).write_bytes(b"no accounts" * 1000)


def of_a_newer_program(backup: Path) -> None:
    with sqlite3.connect(backup / FILE) as copy:
        copy.execute("pragma user_version = 99")
    copy.close()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (alter, "账号文件被改动"),
        (damage, "不完整：账号文件 .* 读不出来"),
        (of_a_newer_program, "结构是第 99 版"),
        (lambda backup: (backup / FILE).unlink(), "缺少账号文件"),
    ],
)
def test_spoilt_accounts_are_not_restored(warehouse, folder, tmp_path, spoil, sentence):
    backup = make_backup(warehouse, tmp_path / "b").path
    warehouse.close()
    spoil(backup)
    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(BackupError, match=sentence):
        restore(backup, folder)
    assert sorted(path.name for path in folder.iterdir()) == before


def test_no_login_returns_with_the_accounts(warehouse, folder, tmp_path):
    ended, still_open = logged_in(folder), logged_in(folder, "lisi")
    backup = make_backup(warehouse, tmp_path / "b").path
    warehouse.close()
    store = Store(folder / FILE)
    sessions.log_out(store, sessions.find(store, ended), "10.0.0.7", everywhere=False)
    store.disable("zhangsan")
    store.add("wangwu", "王五", "leader", "hash")
    later = logged_in(folder, "wangwu")
    store.close()

    _, aside = restore(backup, folder)
    restored = Store(folder / FILE)
    assert [sessions.find(restored, token) for token in (ended, still_open, later)] == [
        "restored",
        "restored",
        "none",
    ]
    # Who was disabled since the backup stays outside.
    assert [each.name for each in restored.accounts() if each.is_disabled] == ["zhangsan"]
    assert restored.events()[0].kind == "restored"
    restored.close()
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
    assert names(aside) == ["admin", "zhangsan", "lisi", "wangwu"]
    assert copies.differences(aside / FILE, folder / FILE) == [
        "备份以后新建、恢复后没有的账号：wangwu。"
    ]


def test_what_returned_with_the_accounts_is_named(folder, tmp_path):
    (tmp_path / FILE).write_bytes(copies.content_of(folder / FILE))
    store = Store(folder / FILE)
    store.change_role("lisi", "leader")
    store.reset_password("admin", "another")
    store.close()
    assert copies.differences(folder / FILE, tmp_path / FILE) == [
        "角色或单位回到备份时的账号：lisi。",
        "密码回到备份时的账号：admin。",
    ]
    (folder / FILE).write_bytes(b"no accounts" * 1000)
    assert "读不出来" in copies.differences(folder / FILE, tmp_path / FILE)[0]


def test_damaged_accounts_are_put_aside_as_they_are(warehouse, folder, tmp_path):
    backup = make_backup(warehouse, tmp_path / "b").path
    warehouse.close()
    (folder / FILE).write_bytes(b"no accounts" * 1000)
    _, aside = restore(backup, folder)
    assert (aside / FILE).read_bytes().startswith(b"no accounts")
    assert len(names(folder)) == 3


def test_a_backup_without_accounts_leaves_those_that_are_there(warehouse, folder, tmp_path):
    token = logged_in(folder)
    older = make_backup(warehouse, tmp_path / "b").path
    warehouse.close()
    # As a program wrote it that did not know accounts.
    (older / FILE).unlink()
    noted = json.loads((older / "manifest.json").read_text(encoding="utf-8"))
    for key in ("accounts", "accounts_sha256"):
        del noted[key]
    (older / "manifest.json").write_text(json.dumps(noted), encoding="utf-8")
    restored, aside = restore(older, folder)
    assert restored.accounts is None
    assert len(names(folder)) == 3
    assert not (aside / FILE).exists()
    store = Store(folder / FILE)
    assert isinstance(sessions.find(store, token), sessions.Session)
    store.close()


def test_accounts_in_use_are_not_replaced(warehouse, folder, tmp_path):
    backup = make_backup(warehouse, tmp_path / "b").path
    warehouse.close()
    reading = Store(folder / FILE)
    assert reading.has_accounts()
    with pytest.raises(BackupError, match=r"没有改动：账号文件 .* 正被另一个程序占用"):
        restore(backup, folder)
    assert reading.account("lisi").role == "office"
    reading.close()
    assert not (folder / JOURNAL).exists()
    restore(backup, folder)


def test_nobody_is_let_in_while_accounts_are_half_moved(warehouse, folder, tmp_path, monkeypatch):
    """Cut short after the present accounts moved: without the sentence the platform would ask nobody to
    log in, and a new administrator's file would push the old one out."""
    backup = make_backup(warehouse, tmp_path / "b").path
    warehouse.close()
    monkeypatch.setattr("warehouse.backups.restoring.finish_restore", lambda _: None)
    restore(backup, folder)
    noted = json.loads((folder / JOURNAL).read_text(encoding="utf-8"))
    (folder / noted["aside"]).mkdir()
    (folder / FILE).rename(folder / noted["aside"] / FILE)
    store = Store(folder / FILE)
    for attempt in (
        store.has_accounts,
        lambda: store.add("eve", "某人", "admin", "hash"),
        lambda: store.record("login"),
    ):
        with pytest.raises(AccountsError, match="恢复备份没有做完"):
            attempt()
    monkeypatch.undo()
    aside = finish_restore(folder)
    assert names(folder) == names(aside) == ["admin", "zhangsan", "lisi"]
    assert store.has_accounts()
    store.close()


def test_the_server_finishes_a_restore_before_it_lets_anybody_in(folder, monkeypatch):
    monkeypatch.setenv("CREDIT_DATA_DIR", str(folder))
    monkeypatch.setattr(serve, "start_logging", lambda: None)
    incoming = folder / ".restore-1"
    incoming.mkdir()
    (folder / "credit.duckdb").rename(incoming / "credit.duckdb")
    (folder / FILE).rename(incoming / FILE)
    (folder / JOURNAL).write_text('{"incoming": ".restore-1", "aside": "恢复前的数据"}', "utf-8")

    async def started() -> list[str]:
        async with serve.announced(serve.app):
            return names(folder)

    assert asyncio.run(started()) == ["admin", "zhangsan", "lisi"]


def test_the_command_line_names_the_accounts(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CREDIT_DATA_DIR", str(folder))

    def run(*words: str) -> str:
        monkeypatch.setattr("sys.argv", ["warehouse", *words])
        assert main() == 0
        return capsys.readouterr().out

    assert "账号 3 个" in run("backup", str(tmp_path / "b"))
    store = Store(folder / FILE)
    store.reset_password("lisi", "another")
    store.close()
    printed = run("restore", str(tmp_path / "b"))
    assert "账号 3 个" in printed
    assert "账号已恢复，都要重新登录" in printed
    assert "密码回到备份时的账号：lisi。" in printed
