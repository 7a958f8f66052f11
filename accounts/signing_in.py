"""Logging in by password and code or by 统一身份认证, changing one's password, setting one's codes.

Owns how many attempts there are. Five for an account from one address, fifty for all accounts from
one address, then ten minutes' wait; from other addresses the account stays open. An unknown account
takes the same time, counts the same and gets the same answer. Attempts are counted before a password
or a provider's answer is looked at. Refuses to know: HTTP, how a provider is asked.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable

from accounts import codes, passwords, sessions
from accounts.provider import Person
from accounts.sessions import Session
from accounts.store import AccountsError, Store, Writing, normal_name

WAIT = 10 * 60
ATTEMPTS_OF_ACCOUNT, ATTEMPTS_OF_ADDRESS = 5, 50
EVERY_ACCOUNT = ""
LONGEST_NAME = 64
BY_PROVIDER = "统一身份认证"
WRONG = "账号或密码不对。"
WRONG_WITH_CODE = "账号、密码或动态口令不对。"
BLOCKED = f"失败次数太多，请 {WAIT // 60} 分钟后再试，或换一台电脑登录。"


def log_in(
    store: Store,
    name: str,
    password: str,
    address: str,
    replaced: Session | None = None,
    code: str = "",
) -> str:
    """The token of a new session; `replaced` is the one the browser had, which ends. Raises
    `AccountsError` with the same sentence for an unknown account, a wrong password, a wrong code and a
    disabled account."""
    name = normal_name(name)[:LONGEST_NAME]
    is_last = _count_attempt(store, name, address)
    stored, is_disabled = _stored(store, name)
    # All three are looked at whatever the others are, so that the time tells none of them.
    is_right = _matches(password, stored)
    step, is_code_wrong = _code_of(store, name, code)
    if not is_right or is_disabled or is_code_wrong:
        detail = "账号已停用" if is_disabled else "动态口令不对" if is_right else ""
        _record_failure(store, name, address, detail, stored is not None, is_last)
        raise AccountsError(WRONG_WITH_CODE if codes.roles() else WRONG)
    now = time.time()
    with store.writing() as writing:
        if step is not None and not writing.run("use_code", name=name, step=step):
            raise AccountsError(WRONG_WITH_CODE)  # Two came at once with the same code.
        _forgive(writing, name, address)
        if stored and passwords.needs_renewal(stored):
            writing.run("renew_hash", name=name, password_hash=passwords.hashed(password))
        if replaced:
            writing.run("end_session", token_hash=replaced.token_hash, why="replaced", now=now)
        token = sessions.begin(writing, name, address, now)
        writing.record("login", name, address)
    return token


def log_in_by_provider(
    store: Store,
    issuer: str,
    ask: Callable[[], Person],
    address: str,
    replaced: Session | None = None,
) -> str:
    """The token of a new session for whom the provider names; `ask` gets him from it. Role, units and
    name follow the provider where it gives roles, and an account that is missing is added then. Raises
    `AccountsError`."""
    store.create()  # The provider alone may be what lets people in.
    _count_attempt(store, None, address)
    try:
        name = _account_of(store, issuer, ask())
    except AccountsError as error:
        store.record("login_failed", "", address, f"统一身份认证：{error}")
        raise
    now = time.time()
    with store.writing() as writing:
        writing.run("forgive_address", address=address)
        if replaced:
            writing.run("end_session", token_hash=replaced.token_hash, why="replaced", now=now)
        token = sessions.begin(writing, name, address, now, by_provider=True)
        writing.record("login", name, address, BY_PROVIDER)
    return token


def _account_of(store: Store, issuer: str, person: Person) -> str:
    """The name of the person's account, after it was made to agree with what the provider gives."""
    who = {"issuer": issuer, "subject": person.subject}
    bound = store.read("account_of_identity", **who)
    name = str(bound[0][0]) if bound else normal_name(person.account)
    known = next((each for each in store.accounts() if each.name == name), None)
    if known is None and not person.role:
        raise AccountsError(
            f"统一身份认证中的“{name[:LONGEST_NAME]}”在本平台没有账号，没有登录；请联系管理员新建。"
        )
    if person.role == "":
        raise AccountsError(f"统一身份认证没有给“{name}”本平台的角色，没有登录；请联系管理员。")
    if known is None:
        store.add(
            name, person.display_name, str(person.role), "", units=person.units,
            must_change=False, by=BY_PROVIDER,
        )  # fmt: skip
    elif known.is_disabled:
        raise AccountsError(sessions.REASONS["disabled"])
    if not bound:
        if store.read("identity_of_account", issuer=issuer, name=name):
            raise AccountsError(
                f"账号“{name}”已由统一身份认证中的另一个人使用，没有登录；请联系管理员。"
            )
        with store.writing() as writing:
            writing.run("add_identity", **who, name=name, now=time.time())
            writing.record("identity_bound", name, detail=person.subject[:100])
    if known and person.role and (known.role, known.units) != (person.role, person.units):
        store.change_role(name, person.role, person.units, by=BY_PROVIDER)
    if known and known.display_name != person.display_name:
        with store.writing() as writing:
            writing.run("set_display_name", name=name, display_name=person.display_name)
    return name


def change_password(
    store: Store, session: Session, present: str, wanted: str, repeated: str, address: str
) -> str:
    """Set a password; all sessions of the account end, and the token of a new one comes back. Raises
    `AccountsError`."""
    name = session.account
    if wanted != repeated:
        raise AccountsError("两次输入的新密码不一样，请重新输入。")
    if wanted == present:
        raise AccountsError("新密码和现在的一样，请换一个。")
    passwords.check_password(wanted, (name, store.account(name).display_name))
    is_last = _count_attempt(store, name, address)
    stored, is_disabled = _stored(store, name)
    if not _matches(present, stored) or is_disabled:
        _record_failure(store, name, address, "改密码时", True, is_last)
        raise AccountsError("现在的密码不对。")
    now, password_hash = time.time(), passwords.hashed(wanted)
    with store.writing() as writing:
        _forgive(writing, name, address)
        writing.run("set_password", name=name, password_hash=password_hash, must_change=0, now=now)
        writing.run("end_sessions", name=name, why="password", now=now)
        token = sessions.begin(writing, name, address, now)
        writing.record("password_changed", name, address)
    return token


def confirm_code(store: Store, session: Session, code: str, address: str) -> str:
    """Set the codes that an account was offered, by a first one; all sessions of the account end, and the
    token of a new one comes back. Raises `AccountsError`."""
    name = session.account
    is_last = _count_attempt(store, name, address)
    rows = store.read("code", name=name)
    if not rows or rows[0][2]:
        raise AccountsError("动态口令没有在设置，请回到平台。")
    step = codes.step_of(rows[0][0], code, rows[0][1])
    if step is None:
        _record_failure(store, name, address, "设置动态口令时", True, is_last)
        raise AccountsError("动态口令不对，请输入手机上现在显示的六位数字；手机的时间要准。")
    now = time.time()
    with store.writing() as writing:
        _forgive(writing, name, address)
        writing.run("use_code", name=name, step=step)
        writing.run("end_sessions", name=name, why="code_set", now=now)
        token = sessions.begin(writing, name, address, now)
        writing.record("code_set", name, address)
    return token


def _code_of(store: Store, name: str, code: str) -> tuple[int | None, bool]:
    """The step of the code that was given, and whether the account needs one and this is not right. Who
    has none yet sets it right after the login."""
    rows = store.read("code", name=name)
    secret, last_step, is_confirmed = rows[0] if rows else (None, 0, 0)
    step = codes.step_of(secret, code, last_step)
    role = store.read("role", name=name)
    is_needed = bool(is_confirmed) and role[0][0] in codes.roles()
    return (step, step is None) if is_needed else (None, False)


def _stored(store: Store, name: str) -> tuple[str | None, bool]:
    """The stored password of an account, and whether it is disabled; None for an unknown one."""
    rows = store.read("password", name=name)
    return (rows[0][0], bool(rows[0][2])) if rows else (None, False)


def _matches(password: str, stored: str | None) -> bool:
    # No stored password is that long; a megabyte is not hashed to find out.
    return len(password) <= passwords.LONGEST and passwords.matches(password, stored)


def _count_attempt(store: Store, name: str | None, address: str) -> bool:
    """Count an attempt before it is made, so that many at once do not slip through; None where no name
    was typed. Returns whether it is the last one. Raises `AccountsError` when there were too many."""
    now = time.time()
    counted = [(EVERY_ACCOUNT, ATTEMPTS_OF_ADDRESS)]
    if name is not None:
        counted.append((_counted(name), ATTEMPTS_OF_ACCOUNT))
    with store.writing() as writing:
        writing.run("forget_attempts", oldest=now - WAIT)
        left = min(most - _attempts(writing, each, address) for each, most in counted)
        if left > 0:
            for each, _ in counted:
                writing.run("count_attempt", name=each, address=address, now=now)
    if left <= 0:
        raise AccountsError(BLOCKED)
    return left == 1


def _record_failure(
    store: Store, name: str, address: str, detail: str, is_known: bool, is_last: bool
) -> None:
    """What is typed as an unknown account may be a password: it is not kept."""
    name, detail = (name, detail) if is_known else ("", "没有这个账号")
    with store.writing() as writing:
        writing.record("login_failed", name, address, detail)
        if is_last:
            writing.record("login_blocked", name, address)


def _attempts(writing: Writing, name: str, address: str) -> int:
    rows = writing.run("attempts", name=name, address=address)
    return int(rows[0][0]) if rows else 0


def _counted(name: str) -> str:
    """Under what the attempts of a name are counted: what is typed as a name may be a password."""
    return hashlib.sha256(name.encode()).hexdigest()


def _forgive(writing: Writing, name: str, address: str) -> None:
    """A success: the account's attempts from this address are forgotten, the address's own one too."""
    writing.run("forgive_account", name=_counted(name), address=address)
    writing.run("forgive_address", address=address)
