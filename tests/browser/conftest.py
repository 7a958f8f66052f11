"""A real server and a real browser for the tests in this folder.

    def test_overview(server, page):
        server.open(page, "overview?ledger=…")
        expect(page.get_by_text("截至")).to_be_visible()

`server` has the real ledgers, `demo_server` the demonstration data; both are shared by all tests,
so a test that writes, or that must be the first visitor, takes `fresh_server`: it may be run a
second time, and what its first try has written must not stand in its way. Without a browser every
test here fails; none is skipped. A test in which the page asked any other host for anything
fails too.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import pytest
from chromium import find_browser
from playwright.sync_api import TimeoutError, expect, sync_playwright

from screens.frame.menu import MENU

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SECONDS_TO_START = 120

# Root in a container has no sandbox; the rest keeps the browser from looking up its maker's hosts.
BROWSER_ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)

# Pages are awaited by their own state, so no test needs to know how long one takes.
# A busy machine is slow, not broken: what is expected may take its time to appear.
expect.set_options(timeout=30_000)

MARGIN = (330, 500)
"""A point between sidebar and page where nothing is."""
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


@dataclass
class Server:
    """A running serve.py."""

    url: str
    data: Path
    process: subprocess.Popen

    def open(self, page: Page, path: str = "") -> None:
        """Load a page by its address, as a visitor would, and wait until its script has run."""
        page.goto(f"{self.url}/{path}")
        self.settle(page)

    def settle(self, page: Page) -> None:
        """Wait until the script is not running, for instance after a click."""
        try:
            # A click takes a moment to reach the server; an idle page stays idle over two looks.
            for _ in range(2):
                page.wait_for_selector(SETTLED, timeout=60_000)
                page.wait_for_timeout(200)
            page.wait_for_selector(SETTLED, timeout=60_000)
        except TimeoutError:
            if self.process.poll() is not None:
                said = (self.data / "server.txt").read_text(encoding="utf-8", errors="replace")
                pytest.fail(f"the server ended by itself or was stopped:\n{said}")
            raise

    def open_choices(self, page: Page, box: Locator) -> None:
        """Open a list of choices; a page that moves meanwhile closes it, so it is opened again."""
        for _ in range(3):
            box.scroll_into_view_if_needed()
            self.settle(page)
            box.click()
            try:
                page.get_by_role("option").first.wait_for(timeout=5_000)
            except TimeoutError:
                continue
            return
        pytest.fail("the list of choices does not stay open")

    def pick(self, page: Page, box: Locator, option: str, *, exact: bool = True) -> None:
        """Take an option from a list of choices; a list that closes before the click is opened again.

        Not `exact`: `option` is a part of what is written there.
        """
        for _ in range(3):
            self.open_choices(page, box)
            page.keyboard.type(option)  # a long list draws only what is in sight
            try:
                page.get_by_role("option", name=option, exact=exact).first.click(timeout=10_000)
            except TimeoutError:
                continue
            self.settle(page)
            return
        pytest.fail(f"the list of choices has no “{option}”")

    def choose(self, page: Page, key: str, option: str) -> None:
        """Choose from the list of the widget with this key, and leave the list closed."""
        self.pick(page, page.locator(f".st-key-{key} input").first, option)
        # Where several may be chosen the list stays open. Not Escape: without a list it clears the choice.
        page.mouse.click(*MARGIN)

    def turn_to(self, page: Page, title: str) -> None:
        """Go to another page by the menu."""
        entry, pages = next(
            (entry, pages) for entry, pages in MENU.items() if title in pages.values()
        )
        self.settle(page)
        # While one of its pages is open, the entry stands for that page and not for its first.
        is_open = urlsplit(page.url).path.strip("/") in pages
        if not is_open:
            page.get_by_test_id("stTopNav").get_by_role("link", name=entry, exact=True).click()
        if is_open or title != next(iter(pages.values())):
            page.locator(".st-key-parts_of_entry").get_by_role("link", name=title).click()

    def log(self) -> str:
        return (self.data / "app.log").read_text(encoding="utf-8")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


class StartServer(Protocol):
    def __call__(
        self,
        script: Path | None = None,
        *,
        demo: bool = False,
        record: str = "",
        port: int = 0,
        data: Path | None = None,
    ) -> Server: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"browser", "start_server"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
            # On a busy machine a browser now and then loses a click between two redraws; a fault of
            # the product fails every time. The report counts what was run again.
            item.add_marker(pytest.mark.flaky(reruns=2))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for one file: while playwright's event loop lives, asyncio.run refuses to work in
    this thread, and which file comes next is not known."""
    path = find_browser(os.environ)
    if path is None:
        pytest.fail("没有浏览器：请用 python3 run.py test 运行测试，或安装 chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty 1440×900 window of a Chinese user. Fails the test if it reached for another host."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    outside: list[str] = []

    def note(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            outside.append(url)

    context.on("request", lambda request: note(request.url))
    page.on("websocket", lambda socket: note(socket.url))
    # What the security policy stops never becomes a request; the browser complains instead.
    page.on(
        "console",
        lambda message: outside.extend(
            re.findall(r".*Content Security Policy.*", message.text, flags=re.I)
        ),
    )
    yield page
    context.close()
    assert not outside, f"the page reached for {outside}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartServer]:
    """Starts servers, each with an empty data folder of its own, or `data`; they end with this fixture.

    With `script`, the server runs that script in place of app.py; with `record`, it follows the
    record at that address.
    """
    started: list[Server] = []

    def start(
        script: Path | None = None,
        *,
        demo: bool = False,
        record: str = "",
        port: int = 0,
        data: Path | None = None,
    ) -> Server:
        data = data or tmp_path_factory.mktemp("data")
        port = port or free_port()
        environment = {
            **{name: value for name, value in os.environ.items() if name != "CREDIT_LOG"},
            "CREDIT_DATA_DIR": str(data),
            "CREDIT_DATABASE": record,
            "CREDIT_DEMO": "1" if demo else "",
            "CREDIT_PORT": str(port),
            "PYTHONUTF8": "1",
        }
        command = [sys.executable, str(ROOT / "serve.py")]
        if script:
            code = (
                f"import pathlib, serve; serve.run(serve.make_app(pathlib.Path({str(script)!r})))"
            )
            command = [sys.executable, "-c", code]
        output = data / "server.txt"
        with output.open("wb") as file:
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=file, stderr=subprocess.STDOUT
            )
        server = Server(f"http://127.0.0.1:{port}", data, process)
        started.append(server)
        deadline = time.monotonic() + SECONDS_TO_START
        while not _answers(f"{server.url}/_stcore/health"):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the server did not start:\n{output.read_text(errors='replace')}")
            time.sleep(0.1)
        return server

    yield start
    for server in started:
        server.stop()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.fixture(scope="session")
def server(start_server: StartServer) -> Server:
    """The app with the two real ledgers, shared: look, don't write."""
    return start_server()


@pytest.fixture(scope="session")
def demo_server(start_server: StartServer) -> Server:
    """The app with the demonstration database, shared: look, don't write."""
    return start_server(demo=True)


@pytest.fixture
def fresh_server(start_server: StartServer) -> Iterator[Server]:
    """The app just started, never visited, with data of its own."""
    server = start_server()
    yield server
    server.stop()
