"""The door's own pages: what a request for one of them gets.

Owns the cookie, the key that a form carries, and the way of each page: login, the way to
统一身份认证 and back, password, codes, account, logout. Refuses to know: what lies behind the door.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from dataclasses import dataclass, replace
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.responses import HTMLResponse, RedirectResponse, Response

from accounts import codes, pages, sessions, signing_in
from accounts.reach import Reach, header, is_of_this_machine
from accounts.sessions import Session
from accounts.store import AccountsError

if TYPE_CHECKING:
    from starlette.types import Receive, Scope

    from accounts.door import Door
    from accounts.openid import Provider
    from accounts.provider import Person

PLACE = "/account/"
"""The door's own addresses begin with it."""
LARGEST_FORM = 16_384
LONGEST_ONWARD = 1_000
"""Of an address that goes to the provider and back."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Visit:
    """One request for one of the door's pages."""

    door: Door
    reach: Reach
    scope: Scope
    token: str
    session: Session | str

    async def shown(self, name: str) -> Response:
        """What a GET gets."""
        asked = parse_qs(self.scope.get("query_string", b"").decode("latin-1"))
        onward = _onward(asked.get("next", [""])[0], self.door.served.base())
        if name == "ended":
            return self.page(pages.ended(asked.get("why", [""])[0], onward))
        if not self.reach.may_log_in:
            return self.page(pages.sentence(pages.NOT_ENCRYPTED, ""), 403)
        if name in ("login", "provider", "return"):
            if isinstance(self.session, Session):
                return RedirectResponse(onward, 303)
            provider = self.door.provider
            if name == "login" or provider is None:
                return self._login(onward)
            if name == "provider":
                return await self._leave(provider, onward)
            return await self._returned(
                provider, {field: values[-1] for field, values in asked.items()}
            )
        if isinstance(self.session, str):
            return RedirectResponse("login", 303)
        who = self.door.store.account(self.session.account)
        if name == "password" and who.has_password:
            return self._password(self.session, onward)
        if name == "code" and self.session.must_set_code:
            return self._code(self.session, onward)
        if name == "":
            key, is_by_provider = _derived(self.token, "form"), self.session.is_by_provider
            return self.page(pages.account(key, who, is_by_provider=is_by_provider))
        return self.page(pages.sentence("没有这个网址。", ""), 404)

    async def posted(self, name: str, form: dict[str, str]) -> Response:
        """What a POST gets: the form's key must be that of the cookie, so that no other site posts."""
        onward = _onward(form.get("next", ""), self.door.served.base())
        if not self.reach.may_log_in:
            return self.page(pages.sentence(pages.NOT_ENCRYPTED, ""), 403)
        key = _derived(self.token, "form")
        is_ours = hmac.compare_digest(form.get("form", "").encode(), key.encode())
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
        if name == "code":
            return await self._set_code(self.session, onward, form)
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
                form.get("code", ""),
            )
        except AccountsError as error:
            return self._login(onward, name, str(error), 403)
        return self._with_cookie(RedirectResponse(onward, 303), token)

    async def _leave(self, provider: Provider, onward: str) -> Response:
        """To the provider, with a new cookie from which all that has to come back is derived."""
        token = secrets.token_urlsafe(32)
        kept = onward if len(onward) <= LONGEST_ONWARD else f"{self.door.served.base()}/"
        state = f"{_derived(token, 'state')}.{kept}"
        secret = (_derived(token, "nonce"), _derived(token, "verifier"))
        try:
            address = await self.door.ask_provider(
                provider.login_address, self._back(), state, *secret
            )
        except AccountsError as error:
            return self._login(onward, wrong=str(error), status=503)
        return self._with_cookie(RedirectResponse(address, 303), token)

    async def _returned(self, provider: Provider, asked: dict[str, str]) -> Response:
        """Back from the provider: only to the browser that left for it, and once."""
        state, _, wanted = asked.get("state", "").partition(".")
        onward = _onward(wanted, self.door.served.base())
        afresh = replace(self, token="")
        if not self.token or not hmac.compare_digest(
            state.encode(), _derived(self.token, "state").encode()
        ):
            return afresh._login(onward, wrong=pages.STALE, status=403)
        if "code" not in asked:
            log.warning("provider refused: %.100r", asked.get("error", ""))
            return afresh._login(onward, wrong=pages.NOT_AGREED, status=403)

        def person() -> Person:
            secret = (_derived(self.token, "nonce"), _derived(self.token, "verifier"))
            return provider.person(asked["code"], self._back(), *secret)

        try:
            token = await self.door.ask_provider(
                signing_in.log_in_by_provider,
                self.door.store,
                provider.settings.issuer,
                person,
                self.reach.address,
            )
        except AccountsError as error:
            return afresh._login(onward, wrong=str(error), status=403)
        return self._with_cookie(RedirectResponse(onward, 303), token)

    def _back(self) -> str:
        """Our address to which the provider leads back; it takes only those that it knows."""
        scheme = "https" if self.reach.is_encrypted else "http"
        host, base = header(self.scope, b"host"), self.door.served.base()
        return f"{scheme}://{host}{base}{PLACE}return"

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

    async def _set_code(self, session: Session, onward: str, form: dict[str, str]) -> Response:
        try:
            token = await self.door.compare(
                signing_in.confirm_code,
                self.door.store,
                session,
                form.get("code", ""),
                self.reach.address,
            )
        except AccountsError as error:
            if not session.must_set_code:
                return self.page(pages.sentence(str(error), ""), 403)
            return self._code(session, onward, str(error), 403)
        return self._with_cookie(RedirectResponse(onward, 303), token)

    def _code(self, session: Session, onward: str, wrong: str = "", status: int = 200) -> Response:
        secret = codes.secret_to_confirm(self.door.store, session.account)
        who = self.door.store.account(session.account)
        page = pages.code(_derived(self.token, "form"), onward, who, secret, wrong)
        return self.page(page, status)

    def _login(self, onward: str, name: str = "", wrong: str = "", status: int = 200) -> Response:
        # A cookie that stands for no session carries the form's key until there is one.
        token = self.token if self.token and self.session == "none" else secrets.token_urlsafe(32)
        has_provider = self.door.provider is not None
        page = pages.login(_derived(token, "form"), onward, name, wrong, has_provider=has_provider)
        return self._with_cookie(self.page(page, status), token)

    def _password(
        self, session: Session, onward: str, wrong: str = "", status: int = 200
    ) -> Response:
        who = self.door.store.account(session.account)
        is_due = session.must_change_password
        page = pages.password(_derived(self.token, "form"), onward, who, is_due, wrong)
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


def _derived(token: str, what: str) -> str:
    """What shows, for one purpose, that a request comes from this cookie's browser: the key of a form,
    and the state, nonce and verifier of a login by the provider. Nothing leads back to the token."""
    return hashlib.sha256(f"{what} {token}".encode()).hexdigest()


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
