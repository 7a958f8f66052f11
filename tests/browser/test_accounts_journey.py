"""Accounts in the browser: nobody without one, and four people from logging in to their daily work."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import Server, StartServer
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Browser, Locator, Page, expect
from test_score_journey import close, enter, headline, open_card

from accounts import Store
from accounts.passwords import hashed

AUTUMN = "as_of=2020-09-30"
PASSWORD = "four words nobody guesses"
PEOPLE = {
    "guanli": ("王管理", "admin", ()),
    "yunshu": ("李运输", "unit", ("厅运输处",)),
    "fagui": ("张法规", "office", ()),
    "lingdao": ("赵厅长", "leader", ()),
}


@pytest.fixture
def office(start_server: StartServer, tmp_path: Path) -> Iterator[Server]:
    """The demonstration behind its door, with an account for each of PEOPLE. No log may keep a password."""
    data = tmp_path / "data"
    data.mkdir()
    store = Store(data / "accounts.sqlite3")
    for account, (name, role, units) in PEOPLE.items():
        store.add(account, name, role, hashed(PASSWORD), units=units, must_change=False)
    store.close()
    server = start_server(demo=True, data=data)
    yield server
    server.stop()
    for file in data.glob("*.log*"):
        assert PASSWORD not in file.read_text(encoding="utf-8"), file


def log_in(page: Page, account: str, password: str = PASSWORD) -> None:
    page.locator("#name").fill(account)
    page.locator("#password").fill(password)
    page.get_by_role("button", name="登录").click()


@contextmanager
def logged_in(office: Server, browser: Browser, account: str, path: str) -> Iterator[Page]:
    """A window of the person, on the page that was asked for."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{office.url}/{path}")
    log_in(page, account)
    office.settle(page)
    expect(page.locator(".st-key-logged_in")).to_contain_text(PEOPLE[account][0])
    yield page
    context.close()


def entries(page: Page) -> list[str]:
    return page.get_by_test_id("stTopNav").get_by_role("link").all_inner_texts()


def test_nobody_enters_without_an_account(office: Server, page: Page):
    page.goto(f"{office.url}/overview?{AUTUMN}")
    assert urlsplit(page.url).path == "/account/login"
    for account, password in (("yunshu", "wrong words all along"), ("nobody", PASSWORD)):
        log_in(page, account, password)
        expect(page.get_by_text("账号或密码不对。")).to_be_visible()
    assert page.request.get(f"{office.url}/_stcore/metrics").status in (401, 404)


def test_a_unit_reports_and_the_office_verifies(office: Server, browser: Browser):
    with logged_in(office, browser, "yunshu", f"unit?focus=厅运输处&{AUTUMN}") as page:
        assert "核验与延期" not in entries(page)
        card = open_card(office, page, "unit_tasks", 0)
        enter(office, page, card, "进展", {"本月进展": "运输处自己填的进展"})
        card.get_by_role("tab", name="经过").click()
        expect(card.get_by_role("tabpanel", name="经过")).to_contain_text("李运输")
        close(office, page, card)
        # What is not for a unit is refused by its address as well.
        page.goto(f"{office.url}/imports")
        expect(page.get_by_text("“导入台账”不对“处室/单位”的账号开放")).to_be_visible()
    with logged_in(office, browser, "fagui", f"verification?{AUTUMN}") as page:
        assert "核验与延期" in entries(page)
        office.turn_to(page, "变更记录")
        expect(headline(page)).to_contain_text("李运输")
    with logged_in(office, browser, "lingdao", f"overview?{AUTUMN}") as page:
        assert "进展填报" not in entries(page)
        expect(headline(page)).to_contain_text("60 项任务")


def test_a_disabled_account_ends_at_the_next_click(office: Server, browser: Browser):
    store = Store(office.data / "accounts.sqlite3")
    with logged_in(office, browser, "guanli", "accounts") as page:
        expect(headline(page)).to_contain_text("管理员 1 个")
        with logged_in(office, browser, "lingdao", f"overview?{AUTUMN}") as other:
            store.disable("lingdao")
            other.locator(".st-key-quick_pick button").first.click()
            other.wait_for_url(lambda url: urlsplit(url).path.startswith("/account/"))
        page.goto(f"{office.url}/account/")
        page.get_by_role("button", name="退出").first.click()
        page.goto(f"{office.url}/accounts")
        assert urlsplit(page.url).path == "/account/login"
    store.close()


def write_on(office: Server, page: Page) -> Locator:
    """The form for progress on the first task of the unit, with the card that it is on."""
    card = page.get_by_role("dialog")
    if not card.count():
        card = open_card(office, page, "unit_tasks", 0)
    card.get_by_role("tab", name="填报").click()
    office.settle(page)
    card.get_by_test_id("stButtonGroup").get_by_text("进展", exact=True).click()
    office.settle(page)
    return card.get_by_label("本月进展", exact=True)


def test_what_was_typed_when_the_session_ended_is_offered_after_the_login(
    office: Server, browser: Browser
):
    store = Store(office.data / "accounts.sqlite3")
    written = "写到一半的进展\n第二行"

    def write_until_the_end(page: Page) -> None:
        write_on(office, page).fill(written)
        with store.writing() as writing:
            writing.run("end_sessions", name="yunshu", why="idle", now=time.time())
        page.get_by_role("dialog").get_by_role("button", name="保存", exact=True).click()
        page.wait_for_url(lambda url: urlsplit(url).path == "/account/ended")
        page.get_by_role("link", name="登录").click()

    with logged_in(office, browser, "yunshu", f"unit?focus=厅运输处&{AUTUMN}") as page:
        write_until_the_end(page)
        log_in(page, "yunshu")
        office.settle(page)
        offered = page.locator("#kept-text")
        expect(offered).to_contain_text("写到一半的进展")
        box = write_on(office, page)
        expect(box).to_have_value("")
        offered.get_by_role("button", name="填回").click()
        expect(box).to_have_value(written)
        offered.get_by_role("button", name="不用了").click()
        expect(offered).to_have_count(0)
        # To somebody else at the same desk it is not shown, and is gone.
        write_until_the_end(page)
        log_in(page, "lingdao")
        office.settle(page)
        expect(page.locator(".st-key-logged_in")).to_contain_text("赵厅长")
        expect(offered).to_have_count(0)
        assert page.evaluate("sessionStorage.getItem('kept-text')") is None
    store.close()


def test_a_login_by_the_provider_and_back(
    start_server: StartServer,
    browser: Browser,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    """Over two sites, as in an office: localhost is the provider's, 127.0.0.1 the platform's."""
    claims = {"preferred_username": "fagui", "name": "张法规"}
    with run_server_in_thread(user_claims=[User(sub="1001", claims=claims)]) as provider:
        monkeypatch.setenv("CREDIT_OIDC", f"http://localhost:{provider.server_port}")
        monkeypatch.setenv("CREDIT_OIDC_CLIENT", "credit")
        monkeypatch.setenv("CREDIT_OIDC_SECRET", "a-secret-of-the-client")
        store = Store(tmp_path / "accounts.sqlite3")
        for account in ("guanli", "fagui"):
            store.add(account, *PEOPLE[account][:2], hashed(PASSWORD), must_change=False)
        store.close()
        server = start_server(demo=True, data=tmp_path)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.goto(f"{server.url}/verification?{AUTUMN}")
        page.get_by_role("link", name="用统一身份认证登录").click()
        page.get_by_role("button", name="1001").click()
        server.settle(page)
        assert urlsplit(page.url).path == "/verification"
        assert AUTUMN in page.url
        expect(page.locator(".st-key-logged_in")).to_contain_text("张法规")
        context.close()
        server.stop()
