"""What a Word document prints, by a plain walk over its texts that knows no tables: the account of
what was read, and of what was left out because no reader sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from loaders.accounting import BESIDE, Spot, named, unread
from loaders.forms.package import Package, qn
from loaders.forms.runs import (
    ALTERNATE,
    ART,
    CHOICE,
    CONTROL,
    DELETED,
    FALLBACK,
    GUIDE,
    SYMBOL,
    TBL,
    TC,
    TEXTS,
    TR,
    P,
    R,
    chosen,
    inside,
    is_placeholder,
    symbol,
)
from loaders.forms.visible import HIDDEN, STRUCK, Visibility
from loaders.grid import Source
from loaders.model import Issue, Place

_DELETED, _TWIN, _GUIDE, _PLACEHOLDER = "deleted", "twin", "guide", "placeholder"
_SYMBOL, _COVERED = "symbol", "covered"
_LABELS = {
    HIDDEN: "隐藏的文字",
    STRUCK: "加了删除线的文字",
    _GUIDE: "文字上方的注音",
    _PLACEHOLDER: "没有填写的提示文字",
    _SYMBOL: "没有识别的符号",
    _COVERED: "合并单元格遮住的文字",
}
"""What is left out and named; deletions under revision are counted in an issue of their own."""
_NOTES = {
    "footnotes": "脚注",
    "endnotes": "尾注",
    "comments": "批注",
    "header": "页眉",
    "footer": "页脚",
}
_REFERENCES = {
    qn("w:footnoteReference"): "脚注",
    qn("w:endnoteReference"): "尾注",
    qn("w:commentReference"): "批注",
}
_ID = qn("w:id")
_PAGE_NUMBER = re.compile(r"[\s\d\W第页共/]*")
_GAPS = tuple(qn(f"w:{gap}") for gap in ("tab", "ptab", "br", "cr"))
_PICTURES = (qn("a:blip"), qn("v:imagedata"))


@dataclass
class Printed:
    """The texts of one document."""

    body: etree._Element
    look: Visibility
    tables: Mapping[etree._Element, str]
    """Table → the name of its grid."""
    covered: list[etree._Element]
    """Cells that lie under the one merged over them."""
    _unseen: dict[etree._Element, str] = field(default_factory=dict)
    """Elements of which nothing is printed → why."""
    _texts: list[str] = field(default_factory=list)
    _paragraphs: list[etree._Element] = field(default_factory=list)
    _left_out: dict[str, list[tuple[etree._Element, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._unseen = dict(self._find_unseen())
        pieces: list[str] = []
        last: etree._Element | None = None
        for element in self.body.iter(*TEXTS, SYMBOL, ART, *_GAPS):
            paragraph, why = self._paragraph_of(element)
            text = _text(element)
            if element.tag == SYMBOL and not text:
                why, text = why or _SYMBOL, element.get(qn("w:char")) or ""
            if why:
                self._leave_out(why, paragraph, text)
                continue
            if paragraph is not last and last is not None:
                self._end(pieces, last)
            last = paragraph
            pieces.append(text)
        if last is not None:
            self._end(pieces, last)

    def _end(self, pieces: list[str], paragraph: etree._Element) -> None:
        self._texts.append("".join(pieces))
        self._paragraphs.append(paragraph)
        pieces.clear()

    def _leave_out(self, why: str, paragraph: etree._Element, text: str) -> None:
        if why not in _LABELS or not text.strip():
            return
        found = self._left_out.setdefault(why, [])
        if found and found[-1][0] is paragraph:
            found[-1] = (paragraph, found[-1][1] + text)
        else:
            found.append((paragraph, text))

    def _find_unseen(self) -> Iterator[tuple[etree._Element, str]]:
        for element in self.covered:
            yield element, _COVERED
        # One walk for all marks: a long document has a hundred thousand elements.
        marks = (*DELETED, GUIDE, ALTERNATE, CONTROL, qn("w:hidden"), qn("w:cellDel"))
        marked: dict[str, list[etree._Element]] = {mark: [] for mark in marks}
        for element in self.body.iter(*marks):
            marked[element.tag].append(element)
        for mark in DELETED:
            for element in marked[mark]:
                yield element, _DELETED
        for element in marked[GUIDE]:
            yield element, _GUIDE
        for element in marked[ALTERNATE]:
            read = chosen(element)
            for variant in element.iterchildren(CHOICE, FALLBACK):
                if variant is not read:
                    yield variant, _TWIN
        for element in marked[CONTROL]:
            if is_placeholder(element):
                yield element, _PLACEHOLDER
        off = ("0", "false", "off")
        for mark, owner, why in (
            (DELETED[0], TR, _DELETED),
            (qn("w:hidden"), TR, HIDDEN),
            (qn("w:cellDel"), TC, _DELETED),
        ):
            for element in marked[mark]:
                looks = element.getparent()
                above = None if looks is None else looks.getparent()
                if above is not None and above.tag == owner and element.get(qn("w:val")) not in off:
                    yield above, why

    def _paragraph_of(self, element: etree._Element) -> tuple[etree._Element, str]:
        """(the paragraph a text stands in, why nobody sees the text or "")."""
        at: etree._Element | None = element
        paragraph = self.body
        why = ""
        while at is not None and at is not self.body:
            if at.tag == R and not why:
                why = self.look.of(at)
            if at.tag == P and paragraph is self.body:
                paragraph = at
                if not self._unseen:
                    break
            why = self._unseen.get(at, why) if self._unseen else why
            at = at.getparent()
        return paragraph, why

    def spot(self, paragraph: etree._Element) -> Spot:
        """The table and row a paragraph stands in."""
        row: etree._Element | None = None
        at: etree._Element | None = paragraph
        while at is not None:
            if at.tag == TR:
                row = at
            if at.tag == TBL and at in self.tables and row is not None:
                number = next(n for n, each in enumerate(inside(at, (TR,)), 1) if each is row)
                return Spot(self.tables[at], number)
            at = at.getparent()
        return Spot(BESIDE, 1)

    def unread(self, name: str, source: Source) -> list[Issue]:
        """An issue for each row with a printed text that is in nothing that was read."""
        from_prose = any(grid.fields for grid in source.grids)
        missing = unread(
            self._texts,
            source.grids,
            (*source.above, *source.beside),
            lambda index: self.spot(self._paragraphs[index]),
            with_labels=from_prose,
        )
        return named(name, "原文中的一段文字", missing)

    def left_out(self, name: str, package: Package, main: str) -> Iterator[Issue]:
        """What is not read because it is not seen, or stands apart from the text: notes, comments,
        what is printed on every page, pictures."""
        for why, label in _LABELS.items():
            found = [
                (self.spot(paragraph), text) for paragraph, text in self._left_out.get(why, ())
            ]
            yield from named(name, label, found)
        references = self._references()
        shown = set(self._texts)
        for relation in package.related(main):
            if relation.kind not in _NOTES:
                continue
            label = _NOTES[relation.kind]
            found = []
            for note_id, text in _notes(package.root(relation.part)):
                if text not in shown and not _PAGE_NUMBER.fullmatch(text):
                    paragraph = references.get((label, note_id))
                    spot = Spot(BESIDE, 1) if paragraph is None else self.spot(paragraph)
                    found.append((spot, text))
            yield from named(name, label, found)
        pictures = sum(1 for _ in self.body.iter(*_PICTURES))
        if pictures:
            message = f"文件中有 {pictures} 处图片，图片中的文字没有读入，请核对"
            yield Issue(Place(name, BESIDE, 1), message)

    def _references(self) -> dict[tuple[str, str], etree._Element]:
        return {
            (_REFERENCES[str(element.tag)], element.get(_ID) or ""): self._paragraph_of(element)[0]
            for element in self.body.iter(*_REFERENCES)
        }


def _text(element: etree._Element) -> str:
    if element.tag in _GAPS:
        return " "
    if element.tag == SYMBOL:
        return symbol(element)
    return (element.get("string") if element.tag == ART else element.text) or ""


def _notes(root: etree._Element) -> Iterator[tuple[str, str]]:
    """(id, text) of each note of a part; of a header its whole text."""
    kinds = tuple(qn(f"w:{kind}") for kind in ("footnote", "endnote", "comment"))
    notes = list(root.iterchildren(*kinds)) or [root]
    for note in notes:
        paragraphs = ("".join(_text(t) for t in p.iter(*TEXTS)) for p in note.iter(P))
        if text := " ".join(filter(str.strip, paragraphs)).strip():
            yield note.get(_ID) or "", text
