"""Sessions: what a cookie stands for, how long, and why it stands for nothing any more.

Owns the two timeouts and the reasons for which a session ends. The file keeps a token's hash only,
and each check reads it (some 20 µs), so that what the command line changes holds at once. Refuses to
know: cookies, passwords.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import time
from dataclasses import dataclass

from accounts import codes
from accounts.passwords import has_expired
from accounts.store import Store, Writing

IDLE, LONGEST = 30 * 60, 12 * 60 * 60
"""Seconds without a click, and seconds altogether, after which a session ends."""
SECONDS_BETWEEN_NOTES = 30
"""How exactly the last click is kept."""
REASONS = {
    "none": "您还没有登录。",
    "logout": "您已退出。",
    "replaced": "这个浏览器重新登录过，原来的登录已经结束。",
    "elsewhere": "这个账号在别处选择了“在所有地方退出”。",
    "password": "这个账号的密码刚改过，请用新密码登录。",
    "reset": "这个账号的密码已由管理员重置，请用新的初始密码登录。",
    "role": "这个账号的角色或单位刚改过，请重新登录。",
    "disabled": "这个账号已停用，请联系管理员。",
    "restored": "平台的数据从备份恢复过，请重新登录。",
    "due": "密码是初始的或已到期，请先改密码。",
    "code_due": "这个账号登录要用动态口令，请先设置。",
    "code_set": "这个账号刚设置了动态口令，请重新登录。",
    "code_reset": "这个账号的动态口令已由管理员重置，请重新登录并设置。",
    "idle": f"{IDLE // 60} 分钟没有操作，已自动退出。",
    "longest": f"登录已满 {LONGEST // 3600} 小时，请重新登录。",
}
"""Why a session does not stand for an account (any more) → the sentence for its user."""


@dataclass(frozen=True)
class Session:
    """A session that stands for an account."""

    token_hash: str
    account: str
    last_seen_at: float
    must_change_password: bool
    must_set_code: bool
    is_by_provider: bool
    """Opened by 统一身份认证, which is asked for no password of ours."""


def begin(
    writing: Writing, account: str, address: str, now: float, *, by_provider: bool = False
) -> str:
    """A new session; returns its token, which nothing but the cookie keeps."""
    token = secrets.token_urlsafe(32)
    writing.run("forget_sessions", oldest=now - 2 * LONGEST)
    writing.run(
        "add_session", token_hash=hash_of(token), name=account, address=address, now=now,
        by_provider=by_provider,
    )  # fmt: skip
    return token


def find(store: Store, token: str, now: float | None = None) -> Session | str:
    """The session of a token, or why there is none: a key of `REASONS`."""
    now = time.time() if now is None else now
    token_hash = hash_of(token)
    rows = store.read("session", token_hash=token_hash) if token else []
    if not rows:
        return "none"
    account, created_at, last_seen_at, ended_why, disabled, must_change, password_set_at, *rest = rows[0]  # fmt: skip
    by_provider, role, has_code = rest
    if ended_why:
        return str(ended_why)
    if disabled:
        return "disabled"
    if now - created_at > LONGEST:
        return "longest"
    if now - last_seen_at > IDLE:
        return "idle"
    overdue = not by_provider and (bool(must_change) or has_expired(password_set_at, now))
    lacks_code = not by_provider and not has_code and role in codes.roles()
    return Session(token_hash, account, last_seen_at, overdue, lacks_code, bool(by_provider))


def see(store: Store, session: Session) -> None:
    """Store that the session's user has just done something; another writer's turn comes first."""
    try:
        with store.writing() as writing:
            writing.run("see_session", token_hash=session.token_hash, now=time.time())
    except sqlite3.OperationalError:
        return


def log_out(store: Store, session: Session, address: str, *, everywhere: bool) -> None:
    """End a session, or all of its account."""
    with store.writing() as writing:
        now = time.time()
        writing.run("end_session", token_hash=session.token_hash, why="logout", now=now)
        if everywhere:
            writing.run("end_sessions", name=session.account, why="elsewhere", now=now)
        detail = "在所有地方退出" if everywhere else ""
        writing.record("logout", session.account, address, detail)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
