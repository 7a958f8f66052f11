"""Two servers behind one nginx on one record: what a unit reports on one the office sees on the other,
and when one is killed the work goes on.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from conftest import ROOT, Server, StartServer, free_port
from playwright.sync_api import Browser, Page, expect

from tests.postgres import Server as Postgres

CONFIGURATION = ROOT / "docs" / "deploy" / "nginx-servers.conf"


@pytest.fixture
def entrance(
    start_server: StartServer,
    postgres: Postgres,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[str, dict[str, Server]]]:
    """The address of nginx, and the two servers by their own addresses."""
    # Without accounts the platform answers to this proxy alone, which proves itself as it is shipped.
    (secret,) = re.findall(r'X-Credit-Proxy "(.+)"', CONFIGURATION.read_text(encoding="utf-8"))
    monkeypatch.setenv("CREDIT_PROXY", "127.0.0.1")
    monkeypatch.setenv("CREDIT_PROXY_SECRET", secret)
    record = postgres.empty_database(f"browser_{uuid4().hex[:8]}")
    servers = {
        server.url.removeprefix("http://"): server
        for server in [start_server(record=record) for _ in range(2)]
    }
    port = free_port()
    shipped = CONFIGURATION.read_text(encoding="utf-8")
    for old, new in zip(("10.0.0.11:8501", "10.0.0.12:8501"), servers, strict=True):
        assert old in shipped
        shipped = shipped.replace(old, new)
    # Without a certificate and a second door; the rest as it is shipped.
    shipped = re.sub(r"\nserver \{\n    listen 80;.*?\n\}\n", "\n", shipped, flags=re.S)
    shipped = re.sub(r"\n    ssl_[^\n]*", "", shipped)
    shipped = shipped.replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    folders = " ".join(
        f"{kind}_temp_path {tmp_path / kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(
        f"pid {tmp_path}/pid; daemon off; events {{}} http {{ access_log off; {folders}\n{shipped} }}",
        encoding="utf-8",
    )
    # Run by root, its helpers would be another user, to whom pytest's folder is closed.
    user = ["-g", "user root;"] if os.geteuid() == 0 else []
    nginx = subprocess.Popen(
        ["nginx", "-p", tmp_path, "-e", tmp_path / "log", "-c", configuration, *user]
    )
    yield f"http://127.0.0.1:{port}", servers
    nginx.terminate()
    nginx.wait()
    for server in servers.values():
        server.stop()


def somebody_at(browser: Browser, address: str, wanted: str) -> Page:
    """A page of somebody whom nginx leads to the server `wanted`."""
    for number in range(50):
        context = browser.new_context(
            viewport={"width": 1440, "height": 900}, locale="zh-CN", user_agent=f"visitor {number}"
        )
        page = context.new_page()
        answer = page.goto(f"{address}/_stcore/health")
        if answer and answer.header_value("X-Credit-Server") == wanted:
            return page
        context.close()
    pytest.fail("nginx leads everybody to the same server")


def test_two_servers_are_one_platform(browser: Browser, entrance: tuple[str, dict[str, Server]]):
    address, servers = entrance
    first, second = servers
    unit, office = somebody_at(browser, address, first), somebody_at(browser, address, second)
    settle = servers[first].settle

    for page in (unit, office):
        page.goto(f"{address}/overview?as_of=2020-09-30")
        settle(page)
        expect(page.get_by_test_id("stHeading").first).to_contain_text("还没有任何进展填报")
    report(unit, settle, "已印发年度工作要点。", "40")
    expect(unit.get_by_role("dialog")).to_contain_text("填报进度 40%")
    time.sleep(2)
    office.reload()
    settle(office)
    expect(office.get_by_text("61 项任务完成 0 项")).to_be_visible()

    # The unit's server dies; its page finds the other one, with what was entered.
    servers[first].stop()
    unit.goto(f"{address}/overview?as_of=2020-09-30")
    settle(unit)
    expect(unit.get_by_text("61 项任务完成 0 项")).to_be_visible()
    report(unit, settle, "已组织培训。", "60")
    expect(unit.get_by_role("dialog")).to_contain_text("填报进度 60%")
    unit.context.close()
    office.context.close()


def report(page: Page, settle, narrative: str, percent: str) -> None:
    """Enter progress on the first task of 总览."""
    table = page.locator(".st-key-every canvas, .st-key-worst canvas").first
    table.scroll_into_view_if_needed()
    settle(page)
    box = table.bounding_box()
    assert box
    # The box to tick stands at the left of the first row, below the header.
    page.mouse.click(box["x"] + 16, box["y"] + 38 + 66 / 2)
    card = page.get_by_role("dialog")
    card.get_by_role("tab", name="填报").click()
    card.get_by_label("填报人").fill("张三")
    card.get_by_label("本月进展").fill(narrative)
    card.get_by_label("进度（%）").fill(percent)
    card.get_by_role("button", name="保存").click()
    settle(page)
