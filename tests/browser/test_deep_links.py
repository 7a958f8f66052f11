"""A fresh server asked first for any page's address answers with that page, complete, in its frame.

With pages/ beside app.py, Streamlit would rather run the page alone for its first visitor.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from screens.frame.menu import MENU

ROOT = Path(__file__).resolve().parents[2]
PAGES = {
    "overview": "总览",
    "indicators": "指标完成率",
    "units": "单位情况",
    "overdue": "逾期预警",
    "reporting": "谁没报",
    "meeting": "季度例会",
    "bonus": "加分扣分",
}
ADDRESS = "?as_of=2020-06-30&unit=厅法规处"
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
SECONDS_TO_START = 120


@pytest.fixture
def plain_streamlit(tmp_path: Path) -> Iterator[str]:
    """`streamlit run app.py` without serve.py around it, never visited; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    output = tmp_path / "server.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
            cwd=ROOT,
            env={**os.environ, "CREDIT_DATA_DIR": str(tmp_path), "CREDIT_DEMO": ""},
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + SECONDS_TO_START
    while not answers(f"{url}/_stcore/health"):
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the server did not start:\n{output.read_text(errors='replace')}")
        time.sleep(0.1)
    yield url
    process.kill()
    process.wait()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def expect_complete(page: Page, name: str) -> None:
    main, sidebar = page.get_by_test_id("stMain"), page.get_by_test_id("stSidebar")
    said = f"{PAGES[name]}　·　宁夏回族自治区“信用交通省”建设指标体系任务分工台账　·　截至 2020-06-30　·　筛选：厅法规处"
    expect(main.get_by_test_id("stCaptionContainer").first).to_have_text(said, timeout=60_000)
    page.wait_for_selector(SETTLED, timeout=60_000)
    expect(main.get_by_test_id("stHeading").first).to_contain_text("。")
    for label in ("台账", "截至日期", "责任单位", "一级指标", "任务类别"):
        expect(sidebar.get_by_text(label, exact=True).first).to_be_visible()
    entry = next(entry for entry, pages in MENU.items() if name in pages)
    menu = page.get_by_test_id("stTopNav").get_by_role("link")
    expect(menu).to_have_text(list(MENU))
    expect(menu.and_(page.locator("[aria-current=page]"))).to_have_text(entry)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    drawn = main.locator('[data-testid="stDataFrame"], [data-testid="stPlotlyChart"]')
    expect(drawn.filter(visible=True).first).to_be_visible()


@pytest.mark.parametrize("name", PAGES)
def test_first_visitor_of_serve(fresh_server, page, name):
    fresh_server.open(page, f"{name}{ADDRESS}")
    expect_complete(page, name)


@pytest.mark.parametrize("name", PAGES)
def test_first_visitor_of_plain_streamlit(plain_streamlit, browser, name):
    # Without serve.py nothing keeps Streamlit from asking other hosts, so not the `page` fixture.
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page.goto(f"{plain_streamlit}/{name}{ADDRESS}")
    expect_complete(page, name)
    page.close()
