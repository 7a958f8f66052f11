"""How every page looks on a projector and on a desk: nothing sideways, nothing English, nothing lost.

Each page is opened once for every window and kind of data, and everything is looked at there.
"""

from __future__ import annotations

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

PAGES = ("overview", "indicators", "workload", "overdue", "bonus")
WINDOWS = ((1440, 900), (1920, 1080))

# Rules of axe that Streamlit's own markup fails and no page can mend.
STREAMLITS_OWN = {
    "list": "the sidebar's menu puts a separator between its list items",
    "listitem": "the same menu, from the item's side",
    "svg-img-alt": "marks of a Plotly chart are pictures without a text; its rows are beside it",
    "scrollable-region-focusable": "the body of a table is reached through its cells",
    "aria-allowed-attr": "tables and lists carry aria attributes their role does not know",
}
# File names of ledgers, the program whose files are downloaded, and units written as symbols.
LATIN = re.compile(r"[A-Za-z]{2,}")
ALLOWED = re.compile(r"Excel|[\w-]+\.(txt|xlsx|xlsm|docx|csv)|data/ledgers")

# Text in front of the reader; icon names are left out, their font turns them into pictures.
VISIBLE_TEXT = """() => {
  const skipped = ["SCRIPT", "STYLE", "NOSCRIPT", "CANVAS"];
  const walker = document.createTreeWalker(document.body, 5, (node) =>
    skipped.includes(node.nodeName) || node.dataset?.testid === "stIconMaterial" ? 2 : 1);
  const texts = [];
  for (let node = walker.currentNode; node; node = walker.nextNode()) {
    if (node.nodeType === 3 && node.data.trim()) texts.push(node.data);
  }
  return texts;
}"""
TOO_WIDE = """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
  .filter((part) => part.scrollWidth > part.clientWidth + 1)
  .map((part) => `${part.tagName} ${part.scrollWidth} > ${part.clientWidth}`)"""
# Chart labels that reach beyond the picture they belong to.
CUT_LABELS = """() => [...document.querySelectorAll(".js-plotly-plot")].flatMap((plot) => {
  const frame = plot.getBoundingClientRect();
  return [...plot.querySelectorAll("text")]
    .filter((label) => {
      const box = label.getBoundingClientRect();
      return box.width > 0 && (box.left < frame.left - 1 || box.right > frame.right + 1
        || box.top < frame.top - 1 || box.bottom > frame.bottom + 1);
    })
    .map((label) => label.textContent);
})"""


def english(page: Page) -> list[str]:
    return [text for text in page.evaluate(VISIBLE_TEXT) if LATIN.search(ALLOWED.sub("", text))]


def axe_findings(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in found
        if rule["id"] not in STREAMLITS_OWN
        for node in rule["nodes"]
    ]


@pytest.fixture
def complaints(page) -> list[str]:
    """What the browser writes into its console as an error, and pieces it could not get."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda request: said.append(f"{request.url}: {request.failure}"))
    return said


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: f"{window[0]}x{window[1]}")
@pytest.mark.parametrize("demo", [False, True], ids=["real", "demonstration"])
def test_page(server, demo_server, page, complaints, demo, window, name):
    asked = demo_server if demo else server
    page.set_viewport_size({"width": window[0], "height": window[1]})
    asked.open(page, f"{name}?as_of=2020-09-30")
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stHeading").first).to_be_in_viewport()
    wrong = {
        "wider than the window": page.evaluate(TOO_WIDE),
        "cut chart labels": page.evaluate(CUT_LABELS),
        "not Chinese": english(page),
        "accessibility": axe_findings(page),
        "browser console": complaints,
    }
    assert not {what: found for what, found in wrong.items() if found}


@pytest.mark.parametrize("name", ["overview", "indicators", "workload", "overdue"])
def test_nothing_is_wider_than_a_small_window(demo_server, page, name):
    page.set_viewport_size({"width": 1280, "height": 720})
    demo_server.open(page, f"{name}?as_of=2020-09-30")
    assert page.evaluate(TOO_WIDE) == []


ODD_TASK = "建立*信用*承诺制度（$100 至 $200），:red[重点] 落实 [要求](x) _分级_ ~~分类~~ 监管。"
ENDLESS = "建立健全信用交通管理制度并组织实施，" * 112


def test_odd_and_endless_texts_are_shown_as_written(fresh_server, page, complaints):
    folder = fresh_server.data / "ledgers"
    folder.mkdir()
    units = "、".join(f"第{number}交通运输局" for number in range(1, 41))
    rows = [
        ["一级指标", "二级指标", "目标任务", "责任处室（单位）", "完成时限"],
        ["组织*保障*", "制度", ODD_TASK, "厅法规处", "2021年12月31日"],
        ["组织*保障*", "制度", ENDLESS, units, "2021年12月31日"],
    ]
    text = "\n".join(",".join(json.dumps(cell, ensure_ascii=False) for cell in row) for row in rows)
    (folder / "某省2021年信用交通省任务分工台账.csv").write_text(text, encoding="utf-8")
    fresh_server.open(page, "overview")
    page.locator(".st-key-ledger input").first.click()
    page.get_by_role("option").filter(has_text="2021").click()
    expect(
        page.get_by_test_id("stMain").get_by_test_id("stCaptionContainer").first
    ).to_contain_text("截至 2021-12-31")
    fresh_server.settle(page)
    assert page.evaluate(TOO_WIDE) == []
    table = page.locator(".st-key-every canvas").first
    for row, whole in enumerate((ODD_TASK, ENDLESS)):
        table.scroll_into_view_if_needed()
        box = table.bounding_box()
        page.mouse.click(box["x"] + 16, box["y"] + 38 + 66 * row + 33)
        card = page.get_by_role("dialog")
        expect(card.get_by_test_id("stHeading").first).to_have_text(whole)
        expect(card).to_contain_text("组织*保障*")
        assert page.evaluate(TOO_WIDE) == []
        fresh_server.settle(page)
        page.keyboard.press("Escape")
        expect(card).to_have_count(0)
        fresh_server.settle(page)
    assert complaints == []
