"""The month's end at the desk: who has not reported, the letters to them, and the month closed."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pandas as pd
import pytest
from docx import Document
from playwright.sync_api import Locator, Page, expect

import metrics
from metrics import Scope
from warehouse import open_warehouse

MONTH_END = date(2020, 8, 31)
MONTH = {"month_start": date(2020, 8, 1), "eve": date(2020, 7, 31)}
SILENT = "固原市交通运输局"


@pytest.fixture
def own_demo_server(start_server):
    """The demonstration data, for one test that writes."""
    server = start_server(demo=True)
    yield server
    server.stop()


def headline(page: Page) -> Locator:
    return page.get_by_test_id("stHeading").first


def press(server, page: Page, name: str) -> None:
    server.settle(page)
    page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True).click()
    server.settle(page)


def answers(server) -> tuple[pd.DataFrame, pd.DataFrame]:
    """August by the stopped server's own database: who reported, and when the month was closed."""
    warehouse = open_warehouse(server.data / "demo.duckdb")
    ledger_id = UUID(str(metrics.ask(warehouse, "ledgers").ledger_id[0]))
    scope = Scope(ledger_id, MONTH_END)
    returns = metrics.ask(warehouse, "month_returns", scope, **MONTH)
    locks = metrics.ask(warehouse, "month_locks", scope, month_start=MONTH["month_start"])
    warehouse.close()
    return returns, locks


def test_from_the_headline_to_the_letters_and_the_closed_month(own_demo_server, page):
    server = own_demo_server
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    server.open(page, "overview?as_of=2020-09-30")
    server.turn_to(page, "谁没报")
    expect(headline(page)).to_contain_text("9 月应报")
    server.settle(page)
    server.choose(page, "month", "2020-08")
    expect(headline(page)).to_contain_text("8 月应报")
    server.settle(page)
    assert parse_qs(urlsplit(page.url).query)["month"] == ["2020-08"]
    page.reload()
    expect(headline(page)).to_contain_text("8 月应报")
    said = headline(page).inner_text()

    server.settle(page)
    server.choose(page, "urged", SILENT)
    letter = page.get_by_test_id("stCode").first
    expect(letter).to_contain_text(f"{SILENT}：")
    letter.hover()
    letter.get_by_role("button").click()
    pasted = page.evaluate("navigator.clipboard.readText()")
    assert pasted.startswith("关于报送2020年8月工作进展的催办函")
    assert f"{SILENT}：" in pasted

    with page.expect_download() as downloading:
        page.get_by_role("button", name=re.compile("下载全部催办函")).click()
    download = downloading.value
    assert download.suggested_filename == "演示数据_催办函和填报表_2020-08-31.zip"
    with zipfile.ZipFile(download.path()) as archive:
        letters = Document(io.BytesIO(archive.read("催办函.docx")))

    main = page.get_by_test_id("stMain")
    press(server, page, "锁定本月")
    expect(main.get_by_text("请填写操作人。")).to_be_visible()
    main.get_by_label("操作人").fill("张三")
    press(server, page, "锁定本月")
    expect(main.get_by_text(re.compile("8 月已锁定：张三"))).to_be_visible()
    press(server, page, "解锁")
    expect(main.get_by_text("解锁须写明理由。")).to_be_visible()
    main.get_by_label("理由").fill("固原补报")
    press(server, page, "解锁")
    expect(main.get_by_text(re.compile("8 月已解锁：张三.+理由：固原补报。"))).to_be_visible()
    assert headline(page).inner_text() == said

    server.stop()
    returns, locks = answers(server)
    counts = returns.state.value_counts()
    assert f"应报 {len(returns)} 个单位" in said
    assert f"部分报送 {counts['partly']} 个" in said
    owing = returns[returns.state != "on_time"]
    addressed = [p.text for p in letters.paragraphs if re.fullmatch(r"\S+：", p.text)]
    addressed += [p.text for p in letters.paragraphs if p.text.startswith("主送：")]
    named = [
        unit
        for line in addressed
        if line != "各有关单位："
        for unit in line.removeprefix("主送：").removesuffix("：").split("、")
    ]
    assert sorted(named) == sorted(owing.unit)
    of_silent = returns.set_index("unit").loc[SILENT]
    assert f"现已报{of_silent.reported}项，未报{of_silent.missing}项" in pasted
    # The same wording on the screen, in the clipboard and in the file.
    whole = "\n".join(paragraph.text for paragraph in letters.paragraphs)
    opening = next(line for line in pasted.splitlines() if line.startswith("根据"))
    assert opening in whole
    assert letters.sections[0].header.paragraphs[0].text.startswith("【演示数据】")
    assert list(locks.outcome) == ["reopened", "closed"]
    assert list(locks.recorded_by) == ["张三", "张三"]
    assert locks.recorded_at.is_monotonic_decreasing
    assert locks.recorded_at.max() - locks.recorded_at.min() < timedelta(minutes=10)
