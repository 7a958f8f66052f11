"""How every page looks on a projector and on a desk: nothing sideways, nothing English, nothing lost.

Each page is opened once for each kind of data, and everything about it is looked at there.
"""

from __future__ import annotations

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, expect

PAGES = (
    "overview",
    "indicators",
    "units",
    "overdue",
    "reporting",
    "meeting",
    "bonus",
    "compare",
)
WINDOWS = ((1440, 900), (1920, 1080))

# Rules of axe that Streamlit's own markup fails and no page can mend.
STREAMLITS_OWN: dict[str, str] = {}
# File names of ledgers, the program whose files are downloaded, a page, and a key of the keyboard.
LATIN = re.compile(r"[A-Za-z]{2,}")
ALLOWED = re.compile(r"Excel|SQL|Ctrl|[\w-]+\.(txt|xlsx|xlsm|docx|csv)|data/ledgers")

# Text in front of the reader. Icons are words that their font turns into pictures.
VISIBLE_TEXT = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const inside = node.parentElement;
    const hidden = ["SCRIPT", "STYLE", "NOSCRIPT"].includes(inside.nodeName);
    const isIcon = getComputedStyle(inside).fontFamily.includes("Material");
    if (node.data.trim() && !hidden && !isIcon) texts.push(node.data);
  }
  return texts;
}"""
TOO_WIDE = """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
  .filter((part) => part.scrollWidth > part.clientWidth + 1)
  .map((part) => `${part.tagName} ${part.scrollWidth} > ${part.clientWidth}`)"""
# Chart labels that reach out of their picture; a line is up to two pixels higher than its letters.
CUT_LABELS = """() => [...document.querySelectorAll(".js-plotly-plot")].flatMap((plot) => {
  const frame = plot.getBoundingClientRect();
  return [...plot.querySelectorAll("text")]
    .filter((label) => {
      const box = label.getBoundingClientRect();
      return box.width > 0 && (box.left < frame.left - 2 || box.right > frame.right + 2
        || box.top < frame.top - 2 || box.bottom > frame.bottom + 2);
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

    def note(line: ConsoleMessage) -> None:
        # Below a page's address Streamlit looks for its server there first, then at the root.
        looking = re.search(r"/\w+/_stcore/(health|host-config)$", line.location["url"])
        if line.type == "error" and not looking:
            said.append(f"{line.text} {line.location['url']}")

    page.on("console", note)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("demo", [False, True], ids=["real", "demonstration"])
def test_page(server, demo_server, page, complaints, demo, name):
    asked = demo_server if demo else server
    asked.open(page, f"{name}?as_of=2020-09-30")
    expect(page.get_by_test_id("stException")).to_have_count(0)
    found = {"browser console": complaints}
    for width, height in WINDOWS:
        page.set_viewport_size({"width": width, "height": height})
        asked.settle(page)  # charts are drawn anew
        expect(page.get_by_test_id("stHeading").first).to_be_in_viewport()
        found |= {
            f"wider than {width}": page.evaluate(TOO_WIDE),
            f"cut chart labels at {width}": page.evaluate(CUT_LABELS),
        }
    found |= {"not Chinese": english(page), "accessibility": axe_findings(page)}
    assert not {what: each for what, each in found.items() if each}


def test_task_card(demo_server, page, complaints):
    demo_server.open(page, "overview?as_of=2020-09-30")
    open_card(page, "worst")
    demo_server.settle(page)
    found: dict[str, list[str]] = {}
    for name in ("经过", "佐证材料", "频次", "原文位置", "填报"):
        page.get_by_role("dialog").get_by_role("tab", name=name).click()
        found |= {
            f"{name}: {what}": each
            for what, each in (
                ("wider than the window", page.evaluate(TOO_WIDE)),
                ("not Chinese", english(page)),
                ("accessibility", axe_findings(page)),
            )
            if each
        }
    assert not found
    assert not complaints


def open_card(page: Page, key: str, row: int = 0) -> None:
    """Tick a row of a task table: a canvas with a head of 38 pixels and rows of 66."""
    table = page.locator(f".st-key-{key} canvas").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    page.mouse.click(box["x"] + 16, box["y"] + 38 + 66 * row + 33)
    expect(page.get_by_role("dialog")).to_be_visible()


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
    fresh_server.pick(page, page.locator(".st-key-ledger input").first, "2021", exact=False)
    expect(
        page.get_by_test_id("stMain").get_by_test_id("stCaptionContainer").first
    ).to_contain_text("截至 2021-12-31")
    fresh_server.settle(page)
    assert page.evaluate(TOO_WIDE) == []
    for row, whole in enumerate((ODD_TASK, ENDLESS)):
        open_card(page, "every", row)
        card = page.get_by_role("dialog")
        expect(card.get_by_test_id("stHeading").first).to_have_text(whole)
        expect(card).to_contain_text("组织*保障*")
        assert page.evaluate(TOO_WIDE) == []
        fresh_server.settle(page)
        page.keyboard.press("Escape")
        expect(card).to_have_count(0)
        fresh_server.settle(page)
    assert complaints == []
