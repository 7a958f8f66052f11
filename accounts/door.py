"""The door: ASGI middleware in front of Streamlit that lets through what has a session.

Owns what is answered without one (login, its files, health), the cookie, the header that names the
account to Streamlit, and the look at the session before each message of an open page. Refuses to
know: Streamlit; serve.py hands it the addresses served and which message is a user's doing.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from accounts import pages, sessions
from accounts.model import ACCOUNT_HEADER, SESSION_HEADER
from accounts.provider import configured_settings
from accounts.reach import (
    PROXY_HEADER,
    Proxy,
    Reach,
    configured_proxy,
    header,
    is_opened,
    reach_of,
    rule,
)
from accounts.sessions import Session
from accounts.store import AccountsError, Store, accounts_path, store_at
from accounts.visits import PLACE, Visit, form_of, is_same_origin, token_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from accounts.openid import Provider

WEB = Path(__file__).resolve().parents[1] / "web"
FILES = {
    "style.css": ("account.css", "text/css; charset=utf-8"),
    "logo.svg": ("logo.svg", "image/svg+xml"),
    "icon.svg": ("favicon.svg", "image/svg+xml"),
}
HEALTH = "/_stcore/health"
CLOSED = {"/_stcore/metrics", "/_stcore/script-health-check"}
"""What Streamlit tells of itself is for nobody once there are accounts."""
IDENTITY, LOGIN = (name.lower().encode() for name in (ACCOUNT_HEADER, SESSION_HEADER))
MOST_WAITING = 100
"""Logins that wait for their turn, one password being compared at a time, four by the provider."""
ENDED = 4401
"""Close code of an open page whose session has ended; web/door.js then asks why."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Served:
    """What the door asks the server around it."""

    hosts: Callable[[], Iterable[str]]
    """The address listened at and the names answered to."""
    base: Callable[[], str]
    """The path under which the platform lies, "" or "/name"."""
    is_activity: Callable[[bytes], bool]
    """Whether a message of an open page is its user's doing, and not a timer's."""


class Door:
    """ASGI middleware. Without accounts and on this machine it lets everything through."""

    def __init__(
        self,
        app: ASGIApp,
        served: Served,
        proxy: Proxy,
        store: Store | None = None,
        provider: Provider | None = None,
    ) -> None:
        self.app = app
        self.served = served
        self.proxy = proxy
        self.provider = provider
        self._given_store = store
        # One password is compared at a time: a wave of logins leaves the other core to the pages.
        self._comparing = ThreadPoolExecutor(1, thread_name_prefix="passwords")
        self._asking = ThreadPoolExecutor(4, thread_name_prefix="provider")
        self._waiting = 0
        self._noting = ThreadPoolExecutor(1, thread_name_prefix="sessions")
        self._noted: dict[str, float] = {}

    @property
    def store(self) -> Store:
        return self._given_store or store_at(accounts_path())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        reach = reach_of(scope, self.proxy)
        inside = {**scope, "headers": _without_identity(scope["headers"])}
        path = scope["path"].removeprefix(self.served.base())
        if scope["type"] == "http" and path == HEALTH:
            await self.app(inside, receive, send)
            return
        try:
            has_logins = self.provider is not None or self.store.has_accounts()
            ruling = rule(reach, has_logins=has_logins, is_opened=is_opened(self.served.hosts()))
            if ruling == "refused":
                await self._refuse(scope, receive, send, pages.REFUSED)
            elif path.startswith(PLACE):
                await self._answer_itself(path, ruling == "open", reach, scope, receive, send)
            elif ruling == "open":
                await self.app(inside, receive, send)
            else:
                await self._let_in(path, inside, receive, send)
        except (AccountsError, sqlite3.Error) as error:
            log.error("accounts could not be read", exc_info=error)
            cause = (
                str(error) if isinstance(error, AccountsError) else f"账号文件读不出来（{error}）。"
            )
            await self._refuse(scope, receive, send, cause, status=503)

    async def _let_in(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """On to Streamlit with a session; to the login without."""
        token = token_of(scope)
        session = sessions.find(self.store, token)
        is_socket = scope["type"] == "websocket"
        if path in CLOSED:
            await PlainTextResponse("未提供此接口", 404)(scope, receive, send)
        elif isinstance(session, str) or _why_not(session):
            if is_socket:
                await _close(receive, send, 1008)
            else:
                await self._lead(session, path, scope)(scope, receive, send)
        elif is_socket and not is_same_origin(scope):
            await _close(receive, send, 1008)
        else:
            self._note(session)
            named = (IDENTITY, quote(session.account, safe="").encode())
            # Of the token's hash, which the file holds, only a part, which leads to no session.
            marked = (LOGIN, session.token_hash[:32].encode())
            inside = {**scope, "headers": [*scope["headers"], named, marked]}
            if is_socket:
                receive, send = self._watched(token, receive, send)
            await self.app(inside, receive, send)

    def _watched(self, token: str, receive: Receive, send: Send) -> tuple[Receive, Send]:
        """The two ends of an open page's connection: each message is looked at before Streamlit gets
        it, and once the session has ended nothing more goes either way."""
        is_closed = False

        async def receive_checked() -> Message:
            nonlocal is_closed
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            session = sessions.find(self.store, token)
            if isinstance(session, Session) and not _why_not(session):
                data = message.get("bytes")
                if data is not None and self.served.is_activity(data):
                    self._note(session)
                return message
            is_closed = True
            await send({"type": "websocket.close", "code": ENDED})
            return {"type": "websocket.disconnect", "code": ENDED}

        async def send_open(message: Message) -> None:
            if not is_closed:
                await send(message)

        return receive_checked, send_open

    def _note(self, session: Session) -> None:
        """Store the user's last click in a thread of its own: the page does not wait for the disk."""
        now = time.time()
        last = max(session.last_seen_at, self._noted.get(session.token_hash, 0.0))
        if now - last > sessions.SECONDS_BETWEEN_NOTES:
            self._noted = {k: at for k, at in self._noted.items() if now - at < sessions.IDLE}
            self._noted[session.token_hash] = now
            self._noting.submit(sessions.see, self.store, session)

    def _lead(self, session: Session | str, path: str, scope: Scope) -> Response:
        """A page is led to the login, the change of its password or the setting of its codes; anything else is refused."""
        if scope["method"] != "GET" or "text/html" not in header(scope, b"accept"):
            return PlainTextResponse("请先登录。", 401, headers={"Cache-Control": "no-store"})
        asked = scope.get("query_string", b"").decode("latin-1")
        onward = quote(f"{self.served.base()}{path}" + (f"?{asked}" if asked else ""), safe="/")
        page = "login" if isinstance(session, str) else _first_page(session)
        return RedirectResponse(
            f"{self.served.base()}{PLACE}{page}?next={onward}", 303, {"Cache-Control": "no-store"}
        )

    async def _answer_itself(
        self, path: str, is_open: bool, reach: Reach, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """One of the door's own addresses."""
        if scope["type"] == "websocket":
            await _close(receive, send, 1008)
            return
        response = await self._own_response(
            path.removeprefix(PLACE), is_open, reach, scope, receive
        )
        await response(scope, receive, send)

    async def _own_response(
        self, name: str, is_open: bool, reach: Reach, scope: Scope, receive: Receive
    ) -> Response:
        if name in FILES:
            file, kind = FILES[name]
            body = (WEB / file).read_bytes()
            return Response(body, media_type=kind, headers={"X-Content-Type-Options": "nosniff"})
        token = token_of(scope)
        session = sessions.find(self.store, token)
        if name == "session":
            why = "" if is_open else _why_not(session)
            status = 401 if why else 204
            return PlainTextResponse(why, status, headers={"Cache-Control": "no-store"})
        if is_open:
            return RedirectResponse(f"{self.served.base()}/", 303)
        visit = Visit(self, reach, scope, token, session)
        if scope["method"] == "GET":
            return await visit.shown(name)
        if scope["method"] != "POST":
            return PlainTextResponse("未提供此接口", 405)
        form = await form_of(receive)
        if form is None:
            return visit.page(pages.sentence("提交的内容太长，没有处理。", ""), 413)
        return await visit.posted(name, form)

    async def compare(self, call: Callable[..., str], *values: Any) -> str:
        """Run what compares a password, in its turn; raises `AccountsError` when too many wait."""
        return await self._in_turn(self._comparing, call, *values)

    async def ask_provider(self, call: Callable[..., str], *values: Any) -> str:
        """Run what asks the provider, beside the pages; raises `AccountsError` when too many wait."""
        return await self._in_turn(self._asking, call, *values)

    async def _in_turn(
        self, pool: ThreadPoolExecutor, call: Callable[..., str], *values: Any
    ) -> str:
        if self._waiting >= MOST_WAITING:
            raise AccountsError(pages.BUSY)
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(pool, call, *values)
        finally:
            self._waiting -= 1

    async def _refuse(
        self, scope: Scope, receive: Receive, send: Send, cause: str, status: int = 403
    ) -> None:
        """One sentence, and nothing else of the platform but the look of the page."""
        path = scope["path"].removeprefix(self.served.base())
        if scope["type"] == "websocket":
            await _close(receive, send, 1008)
        elif path.removeprefix(PLACE) in FILES and path.startswith(PLACE):
            file, kind = FILES[path.removeprefix(PLACE)]
            await Response((WEB / file).read_bytes(), media_type=kind)(scope, receive, send)
        else:
            page = pages.sentence(cause, f"{self.served.base()}{PLACE}")
            await HTMLResponse(page, status, headers=pages.HEADERS)(scope, receive, send)


def refusal_of_all(hosts: Iterable[str]) -> str:
    """The sentence that everybody gets where the platform is opened to other machines and nothing asks
    for a login; "" where somebody can come in."""
    lets_in = bool(configured_settings() or configured_proxy().networks)
    lets_in = lets_in or store_at(accounts_path()).has_accounts()
    return pages.REFUSED if is_opened(hosts) and not lets_in else ""


def _first_page(session: Session) -> str:
    """Where a session has something to do before it may go on."""
    return "password" if session.must_change_password else "code"


def _why_not(session: Session | str) -> str:
    """Why an open page may not go on, as a key of `sessions.REASONS`; "" when it may."""
    if isinstance(session, str):
        return session
    if session.must_change_password:
        return "due"
    return "code_due" if session.must_set_code else ""


def _without_identity(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers without those by which a client could name an account, however they are written,
    and without the proxy's secret."""
    dropped = {IDENTITY, LOGIN, PROXY_HEADER}
    return [
        (name, value) for name, value in headers if name.lower().replace(b"_", b"-") not in dropped
    ]


async def _close(receive: Receive, send: Send, code: int) -> None:
    """Refuse a WebSocket before it is opened; the server answers 403."""
    await receive()
    await send({"type": "websocket.close", "code": code})
