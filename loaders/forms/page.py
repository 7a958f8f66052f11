"""A saved page as its reader sees it: what is hidden, struck out or no text at all is taken out of the
parsed tree, and what was hidden or struck out is named.

Knows HTML and the simple rules of a style sheet, and nothing of tables and tasks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import lxml.html
from lxml import etree

from loaders.accounting import BESIDE, Spot
from loaders.model import LedgerError

HIDDEN, STRUCK, GUIDE = "隐藏的文字", "加了删除线的文字", "文字上方的注音"
GONE = "data-unseen"
"""Marks a row that stays in its table, so that the others keep their numbers, but is not seen."""
_NO_TEXT = ("script", "style", "head", "noscript", "template", "select", "button")
_STRUCK_TAGS, _GUIDE_TAGS = ("s", "strike", "del"), ("rt", "rp")
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?![.\d])"
    r"|opacity\s*:\s*0(?![.\d])|mso-hide\s*:\s*all",
    re.IGNORECASE,
)
_STRIKING = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.IGNORECASE)
_WHITE = re.compile(
    r"(?<![-\w])color\s*:\s*(?:white|#fff(?:fff)?(?!\w)|rgb\(255, ?255, ?255\))", re.I
)
_MEDIA = re.compile(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|/\*.*?\*/|<!--|-->", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"([A-Za-z][\w]*)?(?:\.([\w-]+))?(?:#([\w-]+))?")
_MOST_RULES = 2_000


@dataclass
class Page:
    """A page without what its reader does not see."""

    root: etree._Element
    left_out: list[tuple[etree._Element, str, str]] = field(default_factory=list)
    """(the element it stood in, HIDDEN, STRUCK or GUIDE, the text)."""

    def spot(self, element: etree._Element | None) -> Spot:
        """The table and row an element stands in, as the tables of a page are counted."""
        row: etree._Element | None = None
        while element is not None and element.tag != "table":
            row = element if element.tag == "tr" and row is None else row
            element = element.getparent()
        if element is None or row is None:
            return Spot(BESIDE, 1)
        leaves = (table for table in self.root.iter("table") if table.find(".//table") is None)
        number = next((n for n, table in enumerate(leaves, 1) if table is element), 0)
        at = next(n for n, each in enumerate(element.iter("tr"), 1) if each is row)
        return Spot(f"表{number}", at) if number else Spot(BESIDE, 1)


def read_page(text: str) -> Page:
    """The page parsed. Raises LedgerError for what is no page."""
    # The text is decoded already: a declared encoding must not make the parser decode it again.
    parser = lxml.html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        raise LedgerError("不是有效的网页文件，请重新保存网页后再导入") from None
    page = Page(root)
    for field_ in list(root.iter("input")):
        if (field_.get("type") or "text").lower() == "text" and field_.get("value"):
            # What is typed into a form is seen like any other text.
            field_.tail = f"{field_.get('value')}{field_.tail or ''}"
    sheets = "\n".join(style.text or "" for style in root.iter("style"))
    for element in list(root.iter(*_NO_TEXT)):
        _take_out(element)
    for element, label in list(_unseen(root, sheets)):
        parent = element.getparent()
        if parent is None or not any(each is root for each in element.iterancestors()):
            continue
        words = " ".join("".join(each.split()) for each in element.itertext() if each.strip())
        if element.tag == "tr":
            tail = element.tail
            element.clear()
            element.tail = tail
            element.set(GONE, "1")
        else:
            _take_out(element)
        if words:
            page.left_out.append((element if element.tag == "tr" else parent, label, words))
    return page


def _take_out(element: etree._Element) -> None:
    """Remove an element; the text behind it stays."""
    parent, tail = element.getparent(), element.tail
    if parent is None:
        return
    before = element.getprevious()
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _unseen(root: etree._Element, sheets: str) -> Iterator[tuple[etree._Element, str]]:
    for element in root.iter(*_GUIDE_TAGS):
        yield element, GUIDE
    for element in root.iter(*_STRUCK_TAGS):
        yield element, STRUCK
    rules = [
        (label, *selector)
        for label, hiding in ((HIDDEN, _HIDING), (STRUCK, _STRIKING))
        for selector in _selectors(sheets, hiding)
    ]
    path = "//*[@style or @hidden]" if not rules else "//*[@style or @hidden or @class or @id]"
    plain_tags = {tag for _, tag, name, mark in rules if tag and not name and not mark}
    found = root.xpath(path)
    for element in (*found, *(root.iter(*plain_tags) if plain_tags else ())):
        style = element.get("style") or ""
        if element.get("hidden") is not None or _HIDING.search(style) or _is_white(element, style):
            yield element, HIDDEN
        elif _STRIKING.search(style):
            yield element, STRUCK
        else:
            names = (element.get("class") or "").split()
            for label, tag, name, mark in rules:
                if (
                    (not tag or element.tag == tag.lower())
                    and (not name or name in names)
                    and (not mark or element.get("id") == mark)
                ):
                    yield element, label
                    break


def _selectors(sheets: str, hiding: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """(tag, class, id) of each rule that hides what it is about; what holds only for some media, or
    inside other elements, is no such rule."""
    for count, rule in enumerate(_RULE.finditer(_MEDIA.sub("", sheets))):
        if count == _MOST_RULES:
            return
        if hiding.search(rule[2]):
            for written in rule[1].split(","):
                selector = _SELECTOR.fullmatch(written.strip())
                if selector and any(selector.groups()):
                    tag, name, mark = (part or "" for part in selector.groups())
                    yield tag, name, mark


def _is_white(element: etree._Element, style: str) -> bool:
    """White letters with nothing behind them that could have a colour."""
    if not _WHITE.search(style):
        return False
    for at in (element, *element.iterancestors()):
        if at.get("class") or at.get("bgcolor") or "background" in (at.get("style") or "").lower():
            return False
    return True
