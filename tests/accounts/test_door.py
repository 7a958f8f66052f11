"""The door: what is answered to whom, over every route and an open page, and what is tried against it."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from accounts import AccountsError, Store, passwords, sessions, signing_in
from accounts.door import ENDED, MOST_WAITING, Door, Served
from accounts.pages import BUSY, HEADERS, REFUSED
from accounts.reach import Proxy, is_of_this_machine, is_opened, reach_of
from tests.accounts.asgi import OFFICE, Answer, ask, get, post, scope_of, talk
from tests.accounts.conftest import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a-secret-of-the-proxy"
PROXY = Proxy.from_environment({"CREDIT_PROXY": "10.0.0.1", "CREDIT_PROXY_SECRET": SECRET})
HOSTS = ["127.0.0.1", "localhost"]


class Behind:
    """In Streamlit's place: answers everything, and keeps what reached it."""

    def __init__(self) -> None:
        self.scopes: list[dict[str, Any]] = []
        self.messages: list[Any] = []

    async def __call__(self, scope, receive, send):
        self.scopes.append(scope)
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"inside"})
            return
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            self.messages.append(message["bytes"])
            await send({"type": "websocket.send", "bytes": b"drawn"})
        await send({"type": "websocket.send", "bytes": b"after the end"})

    def identities(self) -> list[list[bytes]]:
        """What each request named as account, however it is written."""
        wanted = (b"x-credit-account", b"x-credit-proxy")
        return [
            [
                value
                for name, value in scope["headers"]
                if name.lower().replace(b"_", b"-") in wanted
            ]
            for scope in self.scopes
        ]


def door_of(store: Store, proxy: Proxy = PROXY, hosts: list[str] | None = None) -> Door:
    served = Served(lambda: hosts or HOSTS, lambda: "", lambda message: message != b"timer")
    return Door(Behind(), served, proxy, store)


@pytest.fixture
def door(store: Store) -> Door:
    return door_of(store)


def logged_in(door: Door, name: str = "zhangsan", password: str = PASSWORD, **given: Any) -> str:
    """The cookie after a login through the pages."""
    shown = get(door, "/account/login", **given)
    form = re.search(r'name="form" value="(\w+)"', shown.text).group(1)
    headers = {"cookie": shown.cookie(), **given.pop("headers", {})}
    fields = {"form": form, "next": "/month", "name": name, "password": password}
    answer = post(door, "/account/login", fields, headers=headers, **given)
    assert (answer.status, answer.header("location")) == (303, "/month"), answer.text
    return answer.cookie()


WAYS = {
    "from this machine": {},
    "by another name": {"headers": {"host": "evil.example.cn"}},
    "from another machine": {"client": ("10.0.0.9", 50_000), "server": OFFICE},
    "this machine to its outer address": {"client": ("10.0.0.5", 50_000), "server": OFFICE},
    "handed on by somebody": {"headers": {"x-forwarded-for": "127.0.0.1"}},
    "handed on, Forwarded": {"headers": {"forwarded": "for=127.0.0.1"}},
    "the proxy": {
        "client": ("10.0.0.1", 50_000), "server": OFFICE,
        "headers": {"x-credit-proxy": SECRET, "x-forwarded-for": "10.0.0.77"},
    },
    "the proxy's address alone": {"client": ("10.0.0.1", 50_000), "server": OFFICE},
    "the proxy's secret alone": {"client": ("10.0.0.9", 50_000), "server": OFFICE, "headers": {"x-credit-proxy": SECRET}},
}  # fmt: skip


@pytest.mark.parametrize("has_accounts", [False, True])
@pytest.mark.parametrize("is_named_beyond", [False, True])
@pytest.mark.parametrize("way", WAYS)
def test_two_ways_to_run(way, is_named_beyond, has_accounts, tmp_path, request):
    store = request.getfixturevalue("store") if has_accounts else Store(tmp_path / "none.sqlite3")
    door = door_of(store, hosts=[*HOSTS, "credit.example.cn"] if is_named_beyond else HOSTS)
    page = get(door, "/overview", **WAYS[way])
    socket = talk(door, scope_of("/_stcore/stream", kind="websocket", **WAYS[way]))
    if has_accounts:
        assert (page.status, page.header("location")) == (303, "/account/login?next=/overview")
    elif way == "the proxy" or (way == "from this machine" and not is_named_beyond):
        assert (page.status, page.text, socket[0]["type"]) == (200, "inside", "websocket.accept")
        assert door.app.identities() == [[], []]
        return
    else:
        assert page.status == 403
        assert REFUSED in page.text
    assert [message["type"] for message in socket] == ["websocket.close"]
    assert door.app.scopes == []
    assert get(door, "/_stcore/health", **WAYS[way]).text == "inside"


def test_what_is_of_this_machine():
    ours = ["localhost", "LOCALHOST:80", "127.0.0.1", "127.8.8.8:1", "[::1]:8501", "::1"]
    others = ["", "10.0.0.5", "localhost.example.cn", "127.0.0.1.example.cn", "0.0.0.0", "*", "::"]
    assert all(map(is_of_this_machine, ours))
    assert not any(map(is_of_this_machine, others))
    assert is_opened([])


def test_the_clients_address_is_the_proxys_to_tell():
    def address(client: str, **headers: str) -> str:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return reach_of(scope_of("/", client=(client, 1), headers=named), PROXY).address

    assert address("10.0.0.1", x_credit_proxy=SECRET, x_forwarded_for="1.1.1.1, 10.0.0.77") == "10.0.0.77"  # fmt: skip
    assert address("10.0.0.1", x_forwarded_for="10.0.0.77") == "10.0.0.1"
    assert address("10.0.0.9", x_credit_proxy=SECRET, x_forwarded_for="10.0.0.77") == "10.0.0.9"
    assert address("::ffff:10.0.0.9") == "10.0.0.9"


@pytest.mark.parametrize(
    "environment",
    [
        {"CREDIT_PROXY": "10.0.0.1"},
        {"CREDIT_PROXY_SECRET": SECRET},
        {"CREDIT_PROXY": "10.0.0.1", "CREDIT_PROXY_SECRET": "short"},
        {"CREDIT_PROXY": "nginx", "CREDIT_PROXY_SECRET": SECRET},
    ],
)
def test_half_a_proxy_is_refused(environment):
    with pytest.raises(AccountsError, match="CREDIT_PROXY"):
        Proxy.from_environment(environment)


EVERY_ROUTE = """
import asyncio, json, pathlib, re, sys
import serve
from tests.accounts.asgi import ask, scope_of
app = serve.make_app(pathlib.Path("app.py"))._build_starlette_app()
found = {}
for route in app.routes:
    path = re.sub(r"{.*?}", "a", route.path) or "/"
    kind = "http" if hasattr(route, "methods") or type(route).__name__ == "Mount" else "websocket"
    for method in sorted(getattr(route, "methods", None) or ["GET"]):
        answer = asyncio.run(ask(app, scope_of(path, kind=kind, method=method)))
        found[f"{kind} {method} {path}"] = answer.status
print(json.dumps(found))
"""


def test_nothing_is_answered_without_a_session(store):
    """Every route of the application itself, so that a new one cannot be forgotten."""
    done = subprocess.run(
        [sys.executable, "-c", EVERY_ROUTE],
        cwd=ROOT,
        env={"CREDIT_DATA_DIR": str(store.path.parent), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    answered = {path for path, status in found.items() if status not in (303, 401, 403, 404)}
    assert answered == {path for path in found if path.endswith("/_stcore/health")}
    assert found["websocket GET /_stcore/stream"] == 403
    assert len(found) > 15


def test_a_login_reaches_streamlit_with_its_name(door):
    cookie = logged_in(door)
    forged = {"cookie": cookie, "X-Credit-Account": "admin", "x_credit_account": "admin"}
    assert get(door, "/overview", headers=forged).text == "inside"
    talk(door, scope_of("/_stcore/stream", kind="websocket", headers=forged), b"click")
    assert door.app.identities() == [[b"zhangsan"]] * 2
    assert door.app.messages == [b"click"]


def test_each_login_is_told_apart_and_none_can_be_forged(door):
    cookies = [logged_in(door), logged_in(door), logged_in(door, "admin")]
    for cookie in cookies:
        get(
            door,
            "/",
            headers={"cookie": cookie, "X-Credit-Session": "forged", "x_credit_session": "b"},
        )
    named = [
        [v for k, v in scope["headers"] if k.lower().replace(b"_", b"-") == b"x-credit-session"]
        for scope in door.app.scopes
    ]
    assert [len(each) for each in named] == [1, 1, 1]
    assert len({each[0] for each in named} | {b"forged", b"b"}) == 5
    assert not any(each[0].decode() in "".join(cookies) for each in named)


def test_a_chinese_name_is_percent_encoded(store, door):
    store.add("李工", "李工", "leader", passwords.hashed(PASSWORD), must_change=False)
    get(door, "/", headers={"cookie": logged_in(door, "李工")})
    assert door.app.identities() == [[b"%E6%9D%8E%E5%B7%A5"]]


def test_forged_headers_name_nobody(door, tmp_path):
    forged = {"x-credit-account": "admin"}
    assert get(door, "/", headers=forged).status == 303
    local = door_of(Store(tmp_path / "none.sqlite3"))
    assert get(local, "/", headers=forged).text == "inside"
    assert local.app.identities() == [[]]


def test_the_cookie(door):
    local, away = logged_in(door), {"server": OFFICE, "client": ("10.0.0.9", 1), "scheme": "https"}
    assert local.startswith("credit=")
    assert logged_in(door, **away).startswith("__Host-credit=")
    shown = get(door, "/account/login", **away)
    flags = set(shown.header("set-cookie").lower().split("; ")[1:])
    assert {"httponly", "secure", "samesite=lax", "path=/"} <= flags
    assert get(door, "/", headers={"cookie": local}, **away).status == 303  # of another name


def test_no_password_over_an_open_line(door):
    away = {"server": OFFICE, "client": ("10.0.0.9", 1)}
    assert "https" in get(door, "/account/login", **away).text
    assert post(door, "/account/login", {"name": "zhangsan"}, **away).status == 403


def test_a_session_is_never_the_one_that_was_brought(door):
    """Session fixation: the cookie that somebody planted stands for nothing after the login."""
    planted = get(door, "/account/login").cookie()
    shown = get(door, "/account/login", headers={"cookie": planted})
    form = re.search(r'name="form" value="(\w+)"', shown.text).group(1)
    fields = {"form": form, "next": "/", "name": "zhangsan", "password": PASSWORD}
    answer = post(door, "/account/login", fields, headers={"cookie": planted})
    assert answer.status == 303
    assert answer.cookie() != planted
    assert get(door, "/", headers={"cookie": planted}).status == 303


@pytest.mark.parametrize("form", ["", "0" * 64])
def test_another_site_can_neither_log_in_nor_out(door, form):
    shown = get(door, "/account/login")
    fields = {"form": form, "name": "zhangsan", "password": PASSWORD}
    assert post(door, "/account/login", fields, headers={"cookie": shown.cookie()}).status == 403
    cookie = logged_in(door)
    assert post(door, "/account/logout", {"form": form}, headers={"cookie": cookie}).status == 403
    assert get(door, "/", headers={"cookie": cookie}).text == "inside"


def key_of(door: Door, cookie: str) -> str:
    shown = get(door, "/account/", headers={"cookie": cookie}).text
    return re.search(r'name="form" value="(\w+)"', shown).group(1)


def test_another_site_cannot_use_a_form_or_a_socket(door):
    cookie = logged_in(door)
    elsewhere = {"cookie": cookie, "origin": "http://127.0.0.1:9999"}
    fields = {"form": key_of(door, cookie)}
    assert post(door, "/account/logout", fields, headers=elsewhere).status == 403
    sent = talk(door, scope_of("/_stcore/stream", kind="websocket", headers=elsewhere), b"click")
    assert [message["type"] for message in sent] == ["websocket.close"]


def test_a_cookie_replayed_after_logout(door):
    cookie = logged_in(door)
    answer = post(door, "/account/logout", {"form": key_of(door, cookie)}, headers={"cookie": cookie})  # fmt: skip
    assert answer.header("location") == "ended?why=logout"
    assert get(door, "/", headers={"cookie": cookie}).status == 303
    assert get(door, "/media/a", headers={"cookie": cookie, "accept": "*/*"}).status == 401
    socket = scope_of("/_stcore/stream", kind="websocket", headers={"cookie": cookie})
    assert [message["type"] for message in talk(door, socket, b"click")] == ["websocket.close"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda store: store.disable("zhangsan"), "disabled"),
        (lambda store: store.change_role("zhangsan", "office"), "role"),
        (lambda store: store.reset_password("zhangsan", passwords.hashed("x")), "reset"),
    ],
)
def test_an_open_page_ends_at_the_next_click(store, door, change, why):
    headers = {"cookie": logged_in(door)}
    socket = scope_of("/_stcore/stream", kind="websocket", headers=headers)
    sent = talk(door, socket, b"first", lambda: change(store), b"second", b"third")
    assert door.app.messages == [b"first"]
    kinds = ["websocket.accept", "websocket.send", "websocket.close"]
    assert [message["type"] for message in sent] == kinds
    assert sent[-1]["code"] == ENDED
    asked = get(door, "/account/session", headers=headers)
    assert (asked.status, asked.text) == (401, why)
    page = get(door, f"/account/ended?why={why}&next=/month?a=1").text
    assert sessions.REASONS[why] in page
    assert 'href="login?next=/month%3Fa%3D1"' in page


def test_an_open_page_ends_by_time(door, monkeypatch):
    headers, now = {"cookie": logged_in(door)}, time.time()
    socket = scope_of("/_stcore/stream", kind="websocket", headers=headers)

    def later() -> None:
        monkeypatch.setattr(sessions.time, "time", lambda: now + sessions.IDLE + 60)

    talk(door, socket, b"first", later, b"second")
    assert door.app.messages == [b"first"]


def test_a_timer_keeps_no_session_open(store, door, monkeypatch):
    headers, now = {"cookie": logged_in(door)}, time.time()
    socket = scope_of("/_stcore/stream", kind="websocket", headers=headers)
    seen = []

    def look() -> None:
        door._noting.submit(lambda: None).result()
        seen.append(sessions.find(store, headers["cookie"].partition("=")[2]).last_seen_at - now)

    monkeypatch.setattr(sessions.time, "time", lambda: now + 600)
    door._noted = dict.fromkeys([sessions.hash_of(headers["cookie"].partition("=")[2])], now + 600)
    talk(door, socket, b"timer", look)
    door._noted = {}
    talk(door, socket, look, b"click", look)
    assert seen[0] < 60
    assert seen[-1] >= 600


def test_the_first_login_leads_to_the_password(door):
    cookie = logged_in(door, "lisi")
    answer = get(door, "/overview", headers={"cookie": cookie})
    assert answer.header("location") == "/account/password?next=/overview"
    shown = get(door, "/account/password?next=/overview", headers={"cookie": cookie}).text
    form = re.search(r'name="form" value="(\w+)"', shown).group(1)
    fields = {"form": form, "next": "/overview", "present": PASSWORD}
    wanted = "窗外-有七只-安静的-鸟"
    for repeated, status in [("another", 403), (wanted, 303)]:
        given = {**fields, "wanted": wanted, "repeated": repeated}
        answer = post(door, "/account/password", given, headers={"cookie": cookie})
        assert answer.status == status
    assert get(door, "/overview", headers={"cookie": answer.cookie()}).text == "inside"
    assert get(door, "/overview", headers={"cookie": cookie}).status == 303


def test_wrong_passwords_are_told_on_the_page(door):
    shown = get(door, "/account/login")
    form = re.search(r'name="form" value="(\w+)"', shown.text).group(1)
    texts = set()
    for name in ("zhangsan", "nobody"):
        fields = {"form": form, "name": name, "password": "<b>"}
        answer = post(door, "/account/login", fields, headers={"cookie": shown.cookie()})
        texts.add(answer.text.replace(name, ""))
        assert (answer.status, signing_in.WRONG in answer.text) == (403, True)
    assert len(texts) == 1


def test_passwords_are_compared_one_at_a_time(door, monkeypatch):
    """A wave of logins from as many addresses: one is compared, a hundred wait, the others are told so."""
    counting, running, most, may_go = threading.Lock(), 0, 0, threading.Event()

    def matches(*_: object) -> bool:
        nonlocal running, most
        with counting:
            running += 1
            most = max(most, running)
        may_go.wait(30)
        with counting:
            running -= 1
        return False

    monkeypatch.setattr(passwords, "matches", matches)
    shown = get(door, "/account/login")
    form = re.search(r'name="form" value="(\w+)"', shown.text).group(1)
    body = urlencode({"form": form, "name": "zhangsan", "password": PASSWORD}).encode()
    proxied = {"x-credit-proxy": SECRET, "cookie": shown.cookie()}

    def login(number: int) -> Coroutine[Any, Any, Answer]:
        headers = {**proxied, "x-forwarded-for": f"10.1.{number}.1"}
        way = {"client": ("10.0.0.1", 1), "headers": headers}
        return ask(door, scope_of("/account/login", method="POST", **way), body)

    async def wave() -> list[Answer]:
        logins = [asyncio.ensure_future(login(number)) for number in range(MOST_WAITING + 20)]
        done, _ = await asyncio.wait(logins, return_when=asyncio.FIRST_COMPLETED)
        assert all(BUSY in each.result().text for each in done)
        may_go.set()
        return await asyncio.gather(*logins)

    answers = asyncio.run(wave())
    assert most == 1
    assert sum(BUSY in answer.text for answer in answers) == 20
    assert sum(signing_in.WRONG in answer.text for answer in answers) == MOST_WAITING


def test_a_megabyte_is_refused(door):
    answer = post(door, "/account/login", {"password": "x" * 1_000_000})
    assert answer.status == 413


@pytest.mark.parametrize(
    "wanted", ["//evil.cn", "/\\evil.cn", "https://evil.cn", "evil", "/account/", "/a\r\nb", ""]
)
def test_after_the_login_one_stays_here(door, wanted):
    shown = get(door, "/account/login")
    form = re.search(r'name="form" value="(\w+)"', shown.text).group(1)
    fields = {"form": form, "next": wanted, "name": "zhangsan", "password": PASSWORD}
    answer = post(door, "/account/login", fields, headers={"cookie": shown.cookie()})
    assert answer.header("location") == "/"


def test_pages_carry_no_script_and_escape_what_they_show(door):
    page = get(door, '/account/login?next=/"><script>alert(1)</script>')
    assert "<script" not in page.text
    for name, value in HEADERS.items():
        assert page.header(name) == value
    assert "script-src" not in HEADERS["Content-Security-Policy"]


def test_a_file_that_cannot_be_read_lets_nobody_in(tmp_path):
    path = tmp_path / "accounts.sqlite3"
    path.write_bytes(b"not a database" * 100)
    answer = get(door_of(Store(path)), "/")
    assert answer.status == 503
    assert "打不开" in answer.text


def test_metrics_are_closed_and_files_of_the_door_open(door):
    cookie = {"cookie": logged_in(door)}
    assert get(door, "/_stcore/metrics", headers=cookie).status == 404
    for name in ("style.css", "logo.svg", "icon.svg"):
        assert get(door, f"/account/{name}").status == 200
    for path, method in itertools.product(["/account/x", "/account/"], ["DELETE", "PUT"]):
        assert get(door, path, method=method).status == 405
