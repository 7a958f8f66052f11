"""Accounts, passwords and sessions without HTTP, and what somebody may try against them."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from accounts import AccountsError, Store, passwords, sessions, signing_in, store
from accounts.sessions import IDLE, LONGEST, Session
from accounts.trail import KINDS
from tests.accounts.conftest import PASSWORD

HERE, THERE = "10.0.0.8", "10.0.0.9"
OTHER = "窗外-有七只-安静的-鸟"


def session_of(store: Store, token: str, later: float = 0) -> Session | str:
    return sessions.find(store, token, time.time() + later)


def logged_in(store: Store, name: str = "zhangsan") -> tuple[str, Session]:
    token = signing_in.log_in(store, name, PASSWORD, HERE)
    session = session_of(store, token)
    assert isinstance(session, Session)
    return token, session


def test_a_login_opens_a_session_and_a_logout_ends_it(store):
    token, session = logged_in(store, " ZhangSan ")
    assert session.account == "zhangsan"
    sessions.log_out(store, session, HERE, everywhere=False)
    assert session_of(store, token) == "logout"
    assert session_of(store, "") == session_of(store, "x") == "none"


def test_a_session_ends_by_itself(store):
    token, session = logged_in(store)
    assert isinstance(session_of(store, token, IDLE - 5), Session)
    assert session_of(store, token, IDLE + 5) == "idle"
    with store.writing() as writing:
        writing.run("see_session", token_hash=session.token_hash, now=time.time() + LONGEST)
    assert session_of(store, token, LONGEST + 5) == "longest"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda s: s.disable("zhangsan"), "disabled"),
        (lambda s: s.change_role("zhangsan", "office"), "role"),
        (lambda s: s.change_role("zhangsan", "unit", ["厅规划处"]), "role"),
        (lambda s: s.reset_password("zhangsan", passwords.hashed(OTHER)), "reset"),
    ],
)
def test_a_change_of_rights_ends_the_sessions(store, change, why):
    token, _ = logged_in(store)
    other, _ = logged_in(store, "admin")
    change(store)
    assert session_of(store, token) == why
    assert isinstance(session_of(store, other), Session)
    if why == "disabled":
        with pytest.raises(AccountsError, match=signing_in.WRONG):
            signing_in.log_in(store, "zhangsan", PASSWORD, HERE)
        store.enable("zhangsan")
        assert session_of(store, token) == "disabled"  # what has ended stays so
        logged_in(store)


def test_log_out_everywhere(store):
    (first, _), (second, session) = logged_in(store), logged_in(store)
    sessions.log_out(store, session, HERE, everywhere=True)
    assert (session_of(store, first), session_of(store, second)) == ("elsewhere", "logout")


def test_a_login_ends_the_session_it_replaces(store):
    token, session = logged_in(store)
    signing_in.log_in(store, "zhangsan", PASSWORD, HERE, session)
    assert session_of(store, token) == "replaced"


def test_the_first_login_changes_the_password(store):
    token, session = logged_in(store, "lisi")
    assert session.must_change_password
    change = (store, session, PASSWORD)
    for wanted, repeated, wrong in [
        (OTHER, OTHER + "x", "不一样"),
        (PASSWORD, PASSWORD, "一样"),
        ("short", "short", "太短"),
    ]:
        with pytest.raises(AccountsError, match=wrong):
            signing_in.change_password(*change, wanted, repeated, HERE)
    with pytest.raises(AccountsError, match="现在的密码不对"):
        signing_in.change_password(store, session, OTHER + "x", OTHER, OTHER, HERE)
    renewed = session_of(store, signing_in.change_password(*change, OTHER, OTHER, HERE))
    assert isinstance(renewed, Session)
    assert not renewed.must_change_password
    assert session_of(store, token) == "password"
    assert not store.account("lisi").must_change_password


def test_a_password_grows_old_where_that_is_set(store, monkeypatch):
    token, _ = logged_in(store)
    monkeypatch.setenv("CREDIT_PASSWORD_DAYS", "90")
    with store.writing() as writing:
        stored = passwords.hashed(PASSWORD)
        ago = time.time() - 91 * 86_400
        writing.run("set_password", name="zhangsan", password_hash=stored, must_change=0, now=ago)
    session = session_of(store, token)
    assert isinstance(session, Session)
    assert session.must_change_password


@pytest.mark.parametrize(
    "password",
    [
        *("short", "十一个字的密码不够长呀", "a" * 129, "aaaaaaaaaaaaaaaa", "121212121212"),
        *("password2026", "Admin@123456", "1qaz2wsx3edc", "woaini5201314", "zhangsan2026!!"),
        *("信用交通省台账分析平台", "abc-abc-abc-abc-", "P@ssw0rd123456"),
    ],
)
def test_short_and_common_passwords_are_refused(password):
    with pytest.raises(AccountsError):
        passwords.check_password(password, ("zhangsan", "张三"))


def test_long_ones_are_taken_without_a_forced_mixture(monkeypatch):
    for password in (PASSWORD, OTHER, "correct horse battery", "桥" + "蓝天白云江" * 2 + "x" * 100):
        passwords.check_password(password)
    monkeypatch.setenv("CREDIT_PASSWORD_CLASSES", "3")
    with pytest.raises(AccountsError, match="至少要有 3 种"):
        passwords.check_password("correct horse battery")
    monkeypatch.setenv("CREDIT_PASSWORD_CLASSES", "five")
    with pytest.raises(AccountsError, match="CREDIT_PASSWORD_CLASSES"):
        passwords.check_password(PASSWORD)


def test_first_passwords_keep_the_rules():
    passwords.check_password(passwords.first_password())


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """What passwords were compared with, in turn."""
    seen: list[str | None] = []
    real = passwords.matches

    def counting(password: str, stored: str | None) -> bool:
        seen.append(stored)
        return real(password, stored)

    monkeypatch.setattr(passwords, "matches", counting)
    return seen


def refusal(store: Store, name: str, password: str, address: str) -> str:
    with pytest.raises(AccountsError) as refused:
        signing_in.log_in(store, name, password, address)
    return str(refused.value)


def test_an_unknown_account_is_answered_like_a_wrong_password(store, compared):
    known = [refusal(store, "zhangsan", "x", HERE) for _ in range(7)]
    unknown = [refusal(store, "nobody", "x", THERE) for _ in range(7)]
    assert known == unknown == [signing_in.WRONG] * 5 + [signing_in.BLOCKED] * 2
    assert len(compared) == 10  # a hash each, so both take as long


def rows_of(store: Store, table: str) -> int:
    with contextlib.closing(sqlite3.connect(store.path)) as connection:
        return connection.execute(f"select count(*) from {table}").fetchone()[0]


def test_ten_thousand_attempts_are_five(store, compared):
    for number in range(10_000):
        refusal(store, "zhangsan", f"password {number}", HERE)
    assert len(compared) == 5
    failures = [event for event in store.events() if event.kind.startswith("login")]
    assert [event.kind for event in failures] == ["login_blocked"] + ["login_failed"] * 5
    assert rows_of(store, "attempt") == 2  # the account's and the address's, however many there are
    # From elsewhere, and for others, the door stays open.
    signing_in.log_in(store, "zhangsan", PASSWORD, THERE)
    signing_in.log_in(store, "admin", PASSWORD, HERE)
    assert refusal(store, "zhangsan", PASSWORD, HERE) == signing_in.BLOCKED


def test_one_address_tries_fifty_names(store, compared):
    for number in range(200):
        refusal(store, f"name{number}", "x", HERE)
    assert len(compared) == signing_in.ATTEMPTS_OF_ADDRESS
    assert rows_of(store, "attempt") == signing_in.ATTEMPTS_OF_ADDRESS + 1
    assert rows_of(store, "session") == 0


def test_after_ten_minutes_there_are_five_more(store, monkeypatch, compared):
    now = time.time()
    for later, attempts in [(0, 5), (590, 5), (601, 10)]:
        monkeypatch.setattr(signing_in.time, "time", lambda later=later: now + later)
        for _ in range(7):
            refusal(store, "zhangsan", "x", HERE)
        assert len(compared) == attempts


def test_a_success_forgives(store):
    for _ in range(20):
        for _ in range(4):
            refusal(store, "zhangsan", "x", HERE)
        signing_in.log_in(store, "zhangsan", PASSWORD, HERE)
        with store.writing() as writing:
            # The failures of the address still count; here they are not the question.
            writing.run("forgive_account", name="", address=HERE)


def test_a_megabyte_is_not_hashed(store, compared):
    assert refusal(store, "zhangsan", "x" * 1_000_000, HERE) == signing_in.WRONG
    assert compared == []


def test_one_administrator_stays(store):
    for change in (
        lambda: store.disable("admin"),
        lambda: store.change_role("admin", "office"),
    ):
        with pytest.raises(AccountsError, match="最后一个"):
            change()
    store.add("second", "赵管理", "admin", passwords.hashed(PASSWORD))
    store.disable("admin")
    assert store.account("admin").is_disabled


@pytest.mark.parametrize(
    ("name", "role", "units", "wrong"),
    [
        ("", "office", [], "不合适"),
        ("a b", "office", [], "不合适"),
        ("zhangsan", "office", [], "已有"),
        ("new", "chief", [], "没有角色"),
        ("new", "unit", [], "要写明单位"),
        ("new", "leader", ["厅运输处"], "不属于单位"),
    ],
)
def test_wrong_accounts_are_refused(store, name, role, units, wrong):
    with pytest.raises(AccountsError, match=wrong):
        store.add(name, "某某", role, "hash", units=units)
    assert len(store.accounts()) == 3


def test_the_first_account_is_an_administrators(empty):
    with pytest.raises(AccountsError, match="还没有管理员"):
        empty.add("new", "某某", "office", "hash")
    assert not empty.path.exists()
    assert not empty.has_accounts()


def test_the_file_lets_nobody_in(store, tmp_path):
    """Of the passwords and tokens only hashes are in file and log, and only the owner may read them."""
    token, session = logged_in(store)
    refusal(store, PASSWORD, PASSWORD, HERE)  # typed in the wrong field
    signing_in.change_password(store, session, PASSWORD, OTHER, OTHER, HERE)
    store.close()
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (PASSWORD, OTHER, token):
        assert secret.encode() not in written
    logged = (tmp_path / "access.log").read_text(encoding="utf-8")
    assert session.token_hash not in logged
    if sys.platform != "win32":
        assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_every_event_is_a_row_and_a_line(store, tmp_path):
    _, session = logged_in(store)
    refusal(store, "zhangsan", "x", THERE)
    sessions.log_out(store, session, HERE, everywhere=True)
    store.change_role("zhangsan", "office", by="admin")
    lines = (tmp_path / "access.log").read_text(encoding="utf-8").splitlines()
    rows = [vars(event) for event in store.events()]
    assert [json.loads(line) for line in lines] == rows[::-1]
    assert {row["kind"] for row in rows} <= set(KINDS)
    assert rows[0]["detail"] == "厅法规处（由 admin 操作）"
    assert (rows[2]["address"], rows[2]["account"]) == (THERE, "zhangsan")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", rows[0]["at"])


def test_a_file_that_is_none_of_ours_is_refused(tmp_path):
    path = tmp_path / "accounts.sqlite3"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(AccountsError, match="打不开"):
        Store(path).has_accounts()
    path.unlink()
    sqlite3.connect(path).execute("create table a (b)").connection.close()
    with pytest.raises(AccountsError, match="结构是第 0 版"):
        Store(path).has_accounts()


def run(folder: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "accounts", *words],
        cwd=Path(__file__).resolve().parents[2],
        env={"CREDIT_DATA_DIR": str(folder), "PYTHONUTF8": "1"},
        input=typed,
        capture_output=True,
        encoding="utf-8",
    )


def test_the_command_line(tmp_path, monkeypatch):
    assert run(tmp_path, "add", "a", "--name", "甲", "--role", "office").returncode == 1
    assert "太短" in run(tmp_path, "add-admin", "root1", typed="short\n").stderr
    assert run(tmp_path, "add-admin", "root1", typed=f"{OTHER}\n").returncode == 0
    added = run(tmp_path, "add", "a", "--name", "甲", "--role", "unit", "--unit", "厅运输处")
    first = re.search(r"初始密码：(\S{19})（", added.stdout).group(1)
    reset = run(tmp_path, "reset", "a").stdout
    assert first not in reset
    assert run(tmp_path, "disable", "a").returncode == 0
    assert run(tmp_path, "list").stdout.splitlines() == [
        "root1\troot1\t管理员",
        "a\t甲\t处室/单位\t厅运输处\t已停用",
    ]
    assert "没有账号“b”" in run(tmp_path, "enable", "b").stderr
    assert "用法" in run(tmp_path, "nonsense").stderr
    monkeypatch.setenv("CREDIT_DATA_DIR", str(tmp_path))
    assert store().account("a").units == ("厅运输处",)
