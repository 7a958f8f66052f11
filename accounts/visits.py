"""The door's own pages: what a request for one of them gets.

Owns the cookie, the key that a form carries, and the way of each page: login, password, account,
logout. Refuses to know: what lies behind the door.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.responses import HTMLResponse, RedirectResponse, Response

from accounts import pages, sessions, signing_in
from accounts.reach import Reach, header, is_of_this_machine
from accounts.sessions import Session
from accounts.store import AccountsError

if TYPE_CHECKING:
    from starlette.types import Receive, Scope

    from accounts.door import Door

PLACE = "/account/"
"""The door's own addresses begin with it."""
LARGEST_FORM = 16_384


@dataclass(frozen=True)
class Visit:
    """One request for one of the door's pages."""

    door: Door
    reach: Reach
    scope: Scope
    token: str
    session: Session | str

    def shown(self, name: str) -> Response:
        """What a GET gets."""
        asked = parse_qs(self.scope.get("query_string", b"").decode("latin-1"))
        onward = _onward(asked.get("next", [""])[0], self.door.served.base())
        if name == "ended":
            return self.page(pages.ended(asked.get("why", [""])[0], onward))
        if not self.reach.may_log_in:
            return self.page(pages.sentence(pages.NOT_ENCRYPTED, ""), 403)
        if name == "login":
            if isinstance(self.session, Session):
                return RedirectResponse(onward, 303)
            return self._login(onward)
        if isinstance(self.session, str):
            return RedirectResponse("login", 303)
        if name == "password":
            return self._password(self.session, onward)
        if name == "":
            who = self.door.store.account(self.session.account)
            return self.page(pages.account(_form_key(self.token), who))
        return self.page(pages.sentence("没有这个网址。", ""), 404)

    async def posted(self, name: str, form: dict[str, str]) -> Response:
        """What a POST gets: the form's key must be that of the cookie, so that no other site posts."""
        onward = _onward(form.get("next", ""), self.door.served.base())
        if not self.reach.may_log_in:
            return self.page(pages.sentence(pages.NOT_ENCRYPTED, ""), 403)
        is_ours = hmac.compare_digest(form.get("form", "").encode(), _form_key(self.token).encode())
        is_ours = is_ours and bool(self.token) and is_same_origin(self.scope)
        if name == "login":
            if not is_ours:
                return self._login(onward, form.get("name", ""), pages.STALE, 403)
            return await self._log_in(onward, form)
        if isinstance(self.session, str):
            return RedirectResponse("login", 303)
        if not is_ours:
            return self.page(pages.sentence(pages.STALE, ""), 403)
        if name == "password":
            return await self._change_password(self.session, onward, form)
        if name == "logout":
            everywhere = "everywhere" in form
            sessions.log_out(
                self.door.store, self.session, self.reach.address, everywhere=everywhere
            )
            return self._with_cookie(RedirectResponse("ended?why=logout", 303), "")
        return self.page(pages.sentence("没有这个网址。", ""), 404)

    async def _log_in(self, onward: str, form: dict[str, str]) -> Response:
        name, replaced = form.get("name", ""), self.session
        try:
            token = await self.door.compare(
                signing_in.log_in,
                self.door.store,
                name,
                form.get("password", ""),
                self.reach.address,
                replaced if isinstance(replaced, Session) else None,
            )
        except AccountsError as error:
            return self._login(onward, name, str(error), 403)
        return self._with_cookie(RedirectResponse(onward, 303), token)

    async def _change_password(
        self, session: Session, onward: str, form: dict[str, str]
    ) -> Response:
        given = [form.get(field, "") for field in ("present", "wanted", "repeated")]
        try:
            token = await self.door.compare(
                signing_in.change_password,
                self.door.store,
                session,
                *given,
                self.reach.address,
            )
        except AccountsError as error:
            return self._password(session, onward, str(error), 403)
        return self._with_cookie(RedirectResponse(onward, 303), token)

    def _login(self, onward: str, name: str = "", wrong: str = "", status: int = 200) -> Response:
        # A cookie that stands for no session carries the form's key until there is one.
        token = self.token if self.token and self.session == "none" else secrets.token_urlsafe(32)
        page = pages.login(_form_key(token), onward, name, wrong)
        return self._with_cookie(self.page(page, status), token)

    def _password(
        self, session: Session, onward: str, wrong: str = "", status: int = 200
    ) -> Response:
        who = self.door.store.account(session.account)
        is_due = session.must_change_password
        page = pages.password(_form_key(self.token), onward, who, is_due, wrong)
        return self.page(page, status)

    def page(self, html: str, status: int = 200) -> Response:
        return HTMLResponse(html, status, headers=pages.HEADERS)

    def _with_cookie(self, response: Response, token: str) -> Response:
        """The cookie of a token, or, with an empty one, its end."""
        name, is_secure = _cookie_name(self.reach.host_is_local), not self.reach.host_is_local
        response.set_cookie(
            name,
            token,
            max_age=None if token else 0,
            path="/",
            secure=is_secure,
            httponly=True,
            samesite="lax",
        )
        response.headers["Cache-Control"] = "no-store"
        return response


def _cookie_name(host_is_local: bool) -> str:
    """Browsers take `__Host-` from this very host over https only."""
    return "credit" if host_is_local else "__Host-credit"


def token_of(scope: Scope) -> str:
    """The token of the request's cookie, or ""."""
    name = _cookie_name(is_of_this_machine(header(scope, b"host")))
    try:
        cookies: SimpleCookie = SimpleCookie(header(scope, b"cookie"))
    except CookieError:
        return ""
    return cookies[name].value if name in cookies else ""


def _form_key(token: str) -> str:
    """What a form carries to show that it comes from a page of this cookie's browser."""
    return hashlib.sha256(f"form {token}".encode()).hexdigest()


def is_same_origin(scope: Scope) -> bool:
    """Whether the browser says that the request comes from this very host and port, or nothing."""
    origin = header(scope, b"origin")
    return not origin or origin.partition("://")[2].lower() == header(scope, b"host").lower()


def _onward(wanted: str, base: str) -> str:
    """An address on this host to go to after the login; the first page for anything else."""
    is_here = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    clean = is_here and wanted.isprintable() and "\\" not in wanted
    return wanted if clean and not wanted.startswith(f"{base}{PLACE}") else f"{base}/"


async def form_of(receive: Receive) -> dict[str, str] | None:
    """The fields of a posted form; None for more than `LARGEST_FORM` bytes, which are not kept."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST_FORM or message["type"] == "http.disconnect":
            return None
        if not message.get("more_body", False):
            break
    text = bytes(body).decode("utf-8", errors="replace")
    return {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}
