"""`python docs/screenshots.py [NAME…]`: the pictures of the documents, taken anew.

Starts serve.py on a free port with an empty data folder, walks through the pages in Chromium at both
screen sizes, and writes docs/screenshots/*.png; with names, only those. Needs what the tests need;
CREDIT_BROWSER names the browser, as it does for the tests.
"""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import openpyxl
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.chromium import find_browser  # noqa: E402

PICTURES = ROOT / "docs" / "screenshots"
SIZES = ((1440, 900), (1920, 1080))
JUDGED_PAGES = (
    *("overview", "indicators", "units", "unit", "overdue", "bonus"),
    *("progress", "reporting", "meeting", "verification", "changes"),
    *("scoring", "gaps", "winning", "explore"),
)
OFFICE_PAGES = ("imports", "reference", "scheme", "compare")
"""Pages about the office's own data; 导入台账 takes nothing in while the demonstration is open, and that
has no second ledger to compare."""
DEMONSTRATION = {"demo": "true", "as_of": "2020-09-30"}
"""The day on which the demonstration shows every lamp and signal."""
REVISED = {
    "每季度至少开展1次信用专题学习": "每月至少开展1次信用专题学习",
    "2020年4月": "2020年6月",
    "\t厅财审处\n": "\t厅财审处、厅法规处\n",
    "\n\t八、加分项\n": "\n\t\n\t\n\t举办信用知识竞赛，展示建设成果。\n\t厅直属机关党委\n\t2020年11月\n\n\t八、加分项\n",
}
"""What a later edition of the shipped Ningxia ledger might change: wording, deadline, owner."""
FILLED = (
    ("进行中", "八成", "已印发通知"),
    ("已完成", "", "全部完成"),
    ("未开始", "", "尚未开始"),
    ("进行中", "很多", "正在归集"),
)
"""State, percent and narrative of the first rows of a form."""

SCHEME_TYPED = (
    (7, "分值", "两分"),
    (12, "规则", "分档"),
    (12, "分档", "60–80：1；70–100：1.6"),
)
"""Place of the row in the template, column, and what is typed: two mistakes."""


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The platform on an empty data folder; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "CREDIT_DATA_DIR": str(folder), "CREDIT_PORT": str(port)}
    environment.pop("CREDIT_LOG", None)
    address = f"http://127.0.0.1:{port}"
    started = subprocess.Popen(
        [sys.executable, str(ROOT / "serve.py")], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(150):
            try:
                with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                    break
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        yield address
    finally:
        started.terminate()
        started.wait(timeout=20)


DRAWN = """() =>
    document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === "notRunning"
    && !document.querySelector('[data-testid="stSkeleton"]')
    && [...document.querySelectorAll('[data-testid="stPlotlyChart"]')]
        .every(chart => chart.querySelector("svg.main-svg"))
    && document.querySelector('[data-testid="stMain"] h2')
"""


def settle(page: Page) -> None:
    """Wait until the run has ended, every chart is drawn, and nothing moves any more.

    A page that failed ends the program: its picture must not get into the documents.
    """
    page.wait_for_function(DRAWN, timeout=90_000)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(1500)
    failed = page.get_by_text("程序出错了")
    if failed.count():
        raise SystemExit(f"{page.url}: {failed.first.inner_text()}")


def shoot(
    browser: Browser,
    url: str,
    name: str,
    size: tuple[int, int],
    act: Callable[[Page], None] | None = None,
) -> None:
    width, height = size
    page = browser.new_page(viewport={"width": width, "height": height}, locale="zh-CN")
    page.goto(url)
    settle(page)
    if act:
        act(page)
        settle(page)
    page.screenshot(path=PICTURES / f"{name}.png")
    page.close()
    print(f"{name}.png", flush=True)


def show(selector: str, place: int = 0) -> Callable[[Page], None]:
    """Scroll the given element to the top of the window."""

    def act(page: Page) -> None:
        page.locator(selector).nth(place).evaluate("e => e.scrollIntoView({block: 'start'})")

    return act


def open_card(page: Page) -> None:
    """Tick the first row of the first table of tasks, as a reader would."""
    table = page.locator('[data-testid="stDataFrame"]').first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    # The first cell of a row is its tick box; 38 is the height of the head, 66 of a row.
    page.mouse.click(box["x"] + 18, box["y"] + 38 + 33)
    page.wait_for_selector('[role="dialog"]', timeout=20_000)


def open_tab(page: Page, name: str) -> None:
    """Open the card at one of its tabs, with the tab's content in view."""
    open_card(page)
    settle(page)
    tab = page.get_by_role("dialog").get_by_role("tab", name=name)
    tab.click()
    settle(page)
    tab.evaluate("e => e.scrollIntoView({block: 'start'})")


def open_source(page: Page) -> None:
    open_tab(page, "原文位置")


def open_entry(page: Page) -> None:
    open_tab(page, "填报")


def forms_out(page: Page) -> None:
    page.get_by_role("tab", name="发出填报表").click()


def forms_back(page: Page) -> None:
    """Hand out the unit's form, fill in four rows as a person might, and look at it coming back."""
    forms_out(page)
    with page.expect_download() as handed_out:
        page.get_by_role("button", name="下载 厅建管处 的填报表").click()
    book = openpyxl.load_workbook(io.BytesIO(handed_out.value.path().read_bytes()))
    sheet = book["填报表"]
    head = next(row for row in sheet.iter_rows() if any(c.value == "序号" for c in row))
    columns = {cell.value: cell.column for cell in head}
    for number, typed in enumerate(FILLED, start=head[0].row + 1):
        for name, value in zip(("状态", "进度%", "本月进展"), typed, strict=True):
            sheet.cell(number, columns[name]).value = value
    stream = io.BytesIO()
    book.save(stream)
    page.get_by_role("tab", name="收回填报表").click()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        files=[{"name": "厅建管处9月.xlsx", "mimeType": "", "buffer": stream.getvalue()}]
    )
    page.get_by_text("看不懂的地方").wait_for(timeout=60_000)


def scheme_back(page: Page) -> None:
    """Hand out the template of the 评分方案, fill it in as a person might, and look at it coming back."""
    with page.expect_download() as handed_out:
        page.get_by_role("button", name="下载模板").click()
    book = openpyxl.load_workbook(io.BytesIO(handed_out.value.path().read_bytes()))
    sheet = book["评分方案"]
    head = next(row for row in sheet.iter_rows() if any(c.value == "编号" for c in row))
    columns = {cell.value: cell.column for cell in head}
    for row in range(head[0].row + 1, sheet.max_row + 1):
        if sheet.cell(row, columns["类别"]).value != "扣分项":
            sheet.cell(row, columns["分值"]).value = 1.6
    for place, name, value in SCHEME_TYPED:
        sheet.cell(head[0].row + place, columns[name]).value = value
    stream = io.BytesIO()
    book.save(stream)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        files=[{"name": "评分方案.xlsx", "mimeType": "", "buffer": stream.getvalue()}]
    )
    line = page.get_by_text("须改正的地方").first
    line.wait_for(timeout=60_000)
    settle(page)
    line.evaluate("e => e.scrollIntoView({block: 'center'})")


def revision() -> str:
    """The shipped Ningxia ledger as a later edition might have it; nothing of it was issued."""
    text = (ROOT / "data" / "ledgers" / "ningxia-2020.txt").read_text(encoding="utf-8")
    for old, new in REVISED.items():
        if text.count(old) != 1:
            raise SystemExit(f"the revision changes {old!r}, which is not there once")
        text = text.replace(old, new)
    return text


def preview_revision(look: Callable[[Page], None]) -> Callable[[Page], None]:
    """Upload the revision and look at a part of what is then shown."""

    def act(page: Page) -> None:
        file = {"name": "宁夏2020年台账修订.txt", "mimeType": "text/plain"}
        page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
            files=[{**file, "buffer": revision().encode()}]
        )
        page.get_by_text("这是已有台账的第 2 版").wait_for(timeout=60_000)
        settle(page)
        look(page)

    return act


def run_query(page: Page) -> None:
    page.get_by_role("button", name="运行").click()
    page.get_by_text("查到").first.wait_for(timeout=20_000)


def preview(page: Page) -> None:
    heading = page.get_by_test_id("stMain").locator("h3").first
    heading.evaluate("e => e.scrollIntoView({block: 'start'})")


def changes(page: Page) -> None:
    line = page.get_by_text("这是已有台账的第 2 版")
    line.evaluate("e => e.scrollIntoView({block: 'center'})")


def main() -> int:
    PICTURES.mkdir(exist_ok=True)
    wanted = set(sys.argv[1:])
    small, _ = SIZES
    with (
        tempfile.TemporaryDirectory() as folder,
        server(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=find_browser(os.environ), args=["--no-sandbox", "--disable-gpu"]
        )

        def url(page: str, **query: str) -> str:
            return f"{address}/{page}?{urlencode(query)}"

        todo: dict[str, tuple[str, tuple[int, int], Callable[[Page], None] | None]] = {}
        for size in SIZES:
            for page in JUDGED_PAGES:
                todo[f"{page}-{size[0]}"] = (url(page, **DEMONSTRATION), size, None)
            for page in OFFICE_PAGES:
                todo[f"{page}-{size[0]}"] = (url(page), size, None)
            todo[f"overview-no-progress-{size[0]}"] = (url("overview"), size, None)
        todo |= {
            "card-1440": (url("overview", **DEMONSTRATION), small, open_card),
            "source-1440": (url("overview", **DEMONSTRATION), small, open_source),
            "entry-1440": (url("overview", **DEMONSTRATION), small, open_entry),
            "forms-out-1440": (url("progress", **DEMONSTRATION), small, forms_out),
            "forms-back-1440": (
                url("progress", **DEMONSTRATION, report_unit="厅建管处"),
                (1440, 1100),
                forms_back,
            ),
            "scheme-back-1440": (url("scheme", **DEMONSTRATION), small, scheme_back),
            "import-preview-1440": (url("imports"), small, preview_revision(preview)),
            "import-changes-1440": (url("imports"), small, preview_revision(changes)),
            "explore-cross-1440": (
                url(
                    "explore",
                    **DEMONSTRATION,
                    look="堆叠条形图",
                    columns_of="预警灯",
                    figure_of="任务数",
                ),
                small,
                None,
            ),
            "indicators-dates-1440": (
                url("indicators", **DEMONSTRATION, rates="与另一日期对照"),
                small,
                None,
            ),
            "query-1440": (url("query", **DEMONSTRATION), small, run_query),
            "query-1920": (url("query", **DEMONSTRATION), SIZES[1], run_query),
            "overdue-lists-1440": (
                url("overdue", **DEMONSTRATION),
                small,
                show('[data-testid="stTabs"]'),
            ),
        }
        for name, (address_of_page, size, act) in todo.items():
            if not wanted or name in wanted:
                shoot(browser, address_of_page, name, size, act)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
