"""The parts of an .xlsx file that a ledger needs: cells as shown, merges, what is hidden.

Read from the XML in one pass. openpyxl takes 5 s for 10,000 rows, and twice that to tell a formula
whose result was never stored; python-calamine is fast, but knows no number formats (2020年12月 is
stored as 1 December) and fills the memory for one cell at XFD1048576.
"""

from __future__ import annotations

import functools
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from lxml import etree

from loaders.forms.number_formats import (
    BUILT_IN,
    day_without_year,
    shown_moment,
    shown_number,
    shown_text,
)
from loaders.forms.package import Package
from loaders.grid import Cell
from loaders.limits import check_extent
from loaders.model import LedgerError, Tell
from loaders.wording import one_line

_ROWS_BETWEEN_TELLING = 250
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_VALUE = re.compile(rb"</(?:[\w.-]+:)?(?:v|is)>")
_MAYBE_OCTOBER = re.compile(r"(20\d\d)\.1")
HIDDEN, STRUCK, UNSEEN = "隐藏的文字", "加了删除线的文字", "单元格格式不显示的内容"
TWICE = "同一单元格重复写入的内容"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A text that a cell holds and its reader does not see."""

    label: str
    row: int
    column: int
    text: str


@dataclass
class Sheet:
    """One worksheet: its cells by (row, column), only those with content."""

    name: str
    visible: bool
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    """(top, left, bottom, right) of each merged cell."""
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    left_out: list[LeftOut] = field(default_factory=list)
    days: dict[tuple[int, int], date] = field(default_factory=dict)
    """The days of the cells that show month and day without the year."""
    zeros_added: list[tuple[int, int]] = field(default_factory=list)
    """Cells that show 2020.1, typed as 2020.10."""
    unread: int = 0
    """Values that stand in no cell."""
    printed: list[str] = field(default_factory=list)
    """What is printed above and below every page."""
    part: str = ""


def read_sheets(package: Package, tell: Tell, *, with_hidden: bool) -> Iterator[Sheet]:
    """Every worksheet in the order of its tab; `tell` hears how far each is. Without `with_hidden` a
    text that its reader does not see is in `left_out` and in no cell. Raises LedgerError and the
    parser's errors."""
    main = package.main()
    book = package.root(main)
    properties = next(book.iterfind("{*}workbookPr"), None)
    dates_from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    parts = {relation.id: relation for relation in package.related(main)}
    looks = _looks(package, package.first(main, "styles"))
    strings, pieces = _strings(package, package.first(main, "sharedStrings"))
    shown = _Shown(strings, pieces, looks, dates_from_1904, with_hidden)
    sheets = book.findall("{*}sheets/{*}sheet")
    for index, sheet in enumerate(sheets):
        named = next((v for k, v in sheet.attrib.items() if str(k).endswith("}id")), "")
        relation = parts.get(str(named))
        if relation is not None and relation.kind == "worksheet":
            state = sheet.get("state", "visible")
            read = Sheet(sheet.get("name") or "", state == "visible", part=relation.part)
            for row, share in _read_cells(package.archive, relation.part, shown, read):
                tell(f"正在读工作表“{read.name}”：第 {row:,} 行", (index + share) / len(sheets))
            yield read


@dataclass(frozen=True, slots=True)
class _Look:
    """What a cell style means for what is seen."""

    code: str = "General"
    label: str = ""
    """Why nobody sees the text of such a cell; "" when it is seen."""


_Pieces = list[tuple[str, bool | None]]
"""A text in several looks: each piece, and whether it is struck out; None is as its cell says."""


def _strings(package: Package, part: str) -> tuple[list[str], dict[int, _Pieces]]:
    """The shared texts, and the pieces of those that are struck out in part. The pronunciation (rPh)
    that a Chinese Excel may store is no text."""
    strings: list[str] = []
    pieces: dict[int, _Pieces] = {}
    if part:
        with package.open(part) as xml:
            for _, item in etree.iterparse(xml, tag="{*}si", **_SAFE):
                text, struck = _rich_text(item)
                if struck:
                    pieces[len(strings)] = struck
                strings.append(text)
                item.clear()
    return strings, pieces


_SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True}


def _rich_text(item: etree._Element) -> tuple[str, _Pieces]:
    """(the text, its pieces when any of them is struck out)."""
    if len(item) == 1 and not len(item[0]):
        # Nearly every text is one piece in one format.
        return _unescaped(item[0].text or ""), []
    pieces: _Pieces = []
    for text in item.iterfind(".//{*}t"):
        parent = text.getparent()
        if parent is None or _local(parent) == "rPh":
            continue
        looks = parent.find("{*}rPr")
        pieces.append(
            (_unescaped(text.text or ""), None if looks is None else _is_on(looks, "strike"))
        )
    return "".join(text for text, _ in pieces), pieces if any(s for _, s in pieces) else []


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _is_on(looks: etree._Element, name: str) -> bool:
    element = looks.find(f"{{*}}{name}")
    return element is not None and element.get("val", "1") not in ("0", "false")


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _looks(package: Package, part: str) -> list[_Look]:
    """What each cell style means."""
    if not part:
        return []
    root = package.root(part)
    own = {
        int(f.get("numFmtId") or 0): f.get("formatCode") or "General"
        for f in root.iterfind(".//{*}numFmt")
    }
    known = {**BUILT_IN, **own}
    fonts = [
        STRUCK if _is_on(font, "strike") else HIDDEN if _is_white(font.find("{*}color")) else ""
        for font in root.iterfind("{*}fonts/{*}font")
    ]
    coloured = [_is_coloured(fill) for fill in root.iterfind("{*}fills/{*}fill")]
    looks = []
    for style in root.iterfind("{*}cellXfs/{*}xf"):
        font, fill = int(style.get("fontId") or 0), int(style.get("fillId") or 0)
        label = fonts[font] if font < len(fonts) else ""
        if label == HIDDEN and fill < len(coloured) and coloured[fill]:
            label = ""
        looks.append(_Look(known.get(int(style.get("numFmtId") or 0), "General"), label))
    return looks


def _is_white(color: etree._Element | None) -> bool:
    """White on the white of the sheet; theme colour 0 is the background."""
    if color is None or color.get("tint"):
        return False
    return color.get("theme") == "0" or (color.get("rgb") or "")[-6:].upper() == "FFFFFF"


def _is_coloured(fill: etree._Element) -> bool:
    pattern = fill.find("{*}patternFill")
    if pattern is None:
        return len(fill) > 0
    color = pattern.find("{*}fgColor")
    plain = pattern.get("patternType", "none") == "none"
    return not plain and not (color is not None and _is_white(color))


def _read_cells(
    archive: zipfile.ZipFile, part: str, shown: _Shown, sheet: Sheet
) -> Iterator[tuple[int, float]]:
    """Read the cells into `sheet`; gives now and then the row it is at, and its share of the part."""
    row = 0
    size = archive.getinfo(part).file_size or 1
    tags = ("{*}row", "{*}mergeCell", "{*}col", "{*}headerFooter")
    with archive.open(part) as xml:
        for _, element in etree.iterparse(xml, tag=tags, **_SAFE):
            tag = _local(element)
            if tag == "row":
                row = _read_row(element, int(element.get("r") or row + 1), shown, sheet)
                check_extent(0, len(sheet.cells))
                if row % _ROWS_BETWEEN_TELLING == 0:
                    yield row, min(xml.tell() / size, 1)
                element.clear()
                parent = element.getparent()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
            elif tag == "col":
                if element.get("hidden") in ("1", "true") or element.get("width") == "0":
                    first = int(element.get("min") or 0)
                    sheet.hidden_columns.update(range(first, int(element.get("max") or 0) + 1))
            elif tag == "headerFooter":
                sheet.printed += [each.text or "" for each in element]
            else:
                corner, _, last = (element.get("ref") or "").partition(":")
                corners = [_REFERENCE.fullmatch(each) for each in (corner, last)]
                begin, end = corners
                if begin and end:
                    (a, top), (b, bottom) = begin.groups(), end.groups()
                    sheet.merges.append((int(top), _column(a), int(bottom), _column(b)))
    # A plain count of the values: one that stands in no row would be lost without a word.
    sheet.unread = max(0, len(_VALUE.findall(archive.read(part))) - shown.values)
    shown.values = 0


def _read_row(element: etree._Element, row: int, shown: _Shown, sheet: Sheet) -> int:
    """Add the cells of one row; returns its number, which a cell may state instead of the row."""
    if element.get("hidden") in ("1", "true") or element.get("ht") == "0":
        sheet.hidden_rows.append(row)
    column = 0
    for child in element.iterchildren("{*}c"):
        found = _REFERENCE.fullmatch(child.get("r") or "")
        row, column = (int(found[2]), _column(found[1])) if found else (row, column + 1)
        cell = shown.cell(child, row, column, sheet)
        if not cell.text and not cell.broken:
            continue
        if column in sheet.hidden_columns and not shown.with_hidden:
            sheet.left_out.append(LeftOut("", row, column, cell.text))
            continue
        if before := sheet.cells.get((row, column)):
            sheet.left_out.append(LeftOut(TWICE, row, column, before.text))
        sheet.cells[row, column] = cell
    return row


@functools.lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column


@dataclass
class _Shown:
    """What the cells of one workbook show."""

    strings: list[str]
    pieces: dict[int, _Pieces]
    looks: list[_Look]
    dates_from_1904: bool
    with_hidden: bool
    values: int = 0
    """Values met so far."""

    def cell(self, element: etree._Element, row: int, column: int, sheet: Sheet) -> Cell:
        kind = element.get("t") or "n"
        value = formula = rich = None
        for child in element:
            tag = _local(child)
            if tag == "v":
                value = child.text or ""
                self.values += 1
            elif tag == "is":
                rich = child
                self.values += 1
            elif tag == "f":
                formula = child
        look = self._look(element.get("s"))
        if kind == "inlineStr":
            text, pieces = ("", []) if rich is None else _rich_text(rich)
        elif value is None or (value == "" and kind not in ("str", "s")):
            missing = "公式没有保存计算结果" if formula is not None else ""
            return Cell("", row, column, missing)
        elif kind == "e":
            return Cell("", row, column, f"公式出错 {one_line(value)[:20]}")
        else:
            text, pieces = self._text(kind, value, look, (row, column), sheet), []
            if kind == "s":
                pieces = self.pieces.get(int(value), [])
        if kind in ("inlineStr", "s", "str"):
            plain, text = text, shown_text(text, look.code) if look.code != "General" else text
            if not text:
                self._leave_out(UNSEEN, row, column, plain, sheet)
        if self.with_hidden or not (pieces or look.label):
            return Cell(text.strip(), row, column)
        if not pieces:
            self._leave_out(look.label, row, column, text, sheet)
            return Cell("", row, column)
        by_cell = look.label == STRUCK
        seen = [(piece, by_cell if struck is None else struck) for piece, struck in pieces]
        struck_out = "".join(piece for piece, struck in seen if struck)
        self._leave_out(STRUCK, row, column, struck_out, sheet)
        return Cell("".join(piece for piece, struck in seen if not struck).strip(), row, column)

    def _leave_out(self, label: str, row: int, column: int, text: str, sheet: Sheet) -> None:
        if text.strip() and not self.with_hidden:
            sheet.left_out.append(LeftOut(label, row, column, text.strip()))

    def _look(self, style: str | None) -> _Look:
        index = int(style or 0)
        return self.looks[index] if index < len(self.looks) else _Look()

    def _text(self, kind: str, value: str, look: _Look, at: tuple[int, int], sheet: Sheet) -> str:
        """The value as the reader of the sheet sees it."""
        if kind == "s":
            index = int(value)
            if index >= len(self.strings):
                raise LedgerError("工作簿的文字部分不完整，请用 Excel 打开并另存后再导入")
            return self.strings[index]
        if kind == "b":
            return "是" if value == "1" else "否"
        if kind == "d":
            return _stored_day(value, look.code)
        if kind == "n":
            return self._number(float(value), look.code, at, sheet)
        return _unescaped(value)

    def _number(self, value: float, code: str, at: tuple[int, int], sheet: Sheet) -> str:
        text = shown_number(value, code, dates_from_1904=self.dates_from_1904)
        if not text.strip():
            self._leave_out(UNSEEN, *at, f"{value:.12g}", sheet)
        if self.with_hidden:
            return text
        day = day_without_year(value, code, dates_from_1904=self.dates_from_1904)
        if day:
            sheet.days[at] = day
        if code == "General" and _MAYBE_OCTOBER.fullmatch(text):
            # A number keeps no zero at its end: January would be written 2020.01 or 2020.1.
            sheet.zeros_added.append(at)
            return f"{text}0"
        return text


def _stored_day(value: str, code: str) -> str:
    """A day that a workbook of the strict format stores in ISO 8601."""
    try:
        return shown_moment(datetime.fromisoformat(value.rstrip("Z")), code)
    except ValueError:
        return value[:10]
