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
from datetime import date, datetime, time, timedelta
from posixpath import join, normpath

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from loaders.grid import Cell
from loaders.limits import check_extent
from loaders.model import LedgerError, Tell
from loaders.wording import one_line

# Literal text, colours and locales in a number format: "年", [Red], [$-804].
_NOT_TOKENS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
# What a Chinese Excel means by the numbers it leaves out of the file.
_CHINESE_FORMATS = dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"') | {
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
}
_ROWS_BETWEEN_TELLING = 250
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LAST_SERIAL = 2_958_466
"""The day after 31 December 9999, the last day Excel knows."""


@dataclass
class Sheet:
    """One worksheet: its cells by (row, column), only those with content."""

    name: str
    visible: bool
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    """(top, left, bottom, right) of each merged cell."""
    hidden_rows: list[int] = field(default_factory=list)


def read_sheets(archive: zipfile.ZipFile, tell: Tell) -> Iterator[Sheet]:
    """Every worksheet in the order of its tab; `tell` hears how far each is. Raises LedgerError and
    the parser's errors."""
    book = _root(archive, "xl/workbook.xml")
    properties = next(book.iterfind("{*}workbookPr"), None)
    dates_from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    parts = _relations(archive)
    shown = _Shown(_strings(archive), _formats(archive), dates_from_1904)
    sheets = book.findall("{*}sheets/{*}sheet")
    for index, sheet in enumerate(sheets):
        relation = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), "")
        kind, part = parts.get(relation, ("", ""))
        if kind == "worksheet":
            read = Sheet(sheet.get("name") or "", sheet.get("state", "visible") == "visible")
            for row, share in _read_cells(archive, part, shown, read):
                tell(f"正在读工作表“{read.name}”：第 {row:,} 行", (index + share) / len(sheets))
            yield read


def _root(archive: zipfile.ZipFile, part: str):
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(archive.read(part), parser)


def _relations(archive: zipfile.ZipFile) -> dict[str, tuple[str, str]]:
    """Relation id → (kind, part) of the workbook."""
    found = {}
    for relation in _root(archive, "xl/_rels/workbook.xml.rels"):
        target = relation.get("Target") or ""
        part = target[1:] if target.startswith("/") else normpath(join("xl", target))
        found[relation.get("Id")] = ((relation.get("Type") or "").rpartition("/")[2], part)
    return found


def _strings(archive: zipfile.ZipFile) -> list[str]:
    """The shared texts. Their pronunciation (rPh), which a Chinese Excel may store, is no text."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    strings = []
    with archive.open("xl/sharedStrings.xml") as part:
        for _, item in etree.iterparse(part, tag="{*}si", **_SAFE):
            strings.append(_rich_text(item))
            item.clear()
    return strings


_SAFE = {"resolve_entities": False, "no_network": True}


def _rich_text(item) -> str:
    if len(item) == 1 and not len(item[0]):
        # Nearly every text is one piece in one format.
        texts = [item[0].text or ""]
    else:
        pieces = item.iterfind(".//{*}t")
        texts = [piece.text or "" for piece in pieces if _local(piece.getparent()) != "rPh"]
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), "".join(texts))


def _local(element) -> str:
    return element.tag.rpartition("}")[2]


def _formats(archive: zipfile.ZipFile) -> list[str]:
    """The number format of each cell style."""
    if "xl/styles.xml" not in archive.namelist():
        return []
    root = _root(archive, "xl/styles.xml")
    own = {int(f.get("numFmtId")): f.get("formatCode") for f in root.iterfind(".//{*}numFmt")}
    known = {**BUILTIN_FORMATS, **_CHINESE_FORMATS, **own}
    styles = root.iterfind("{*}cellXfs/{*}xf")
    return [known.get(int(style.get("numFmtId") or 0), "General") for style in styles]


def _read_cells(
    archive: zipfile.ZipFile, part: str, shown: _Shown, sheet: Sheet
) -> Iterator[tuple[int, float]]:
    """Read the cells into `sheet`; gives now and then the row it is at, and its share of the part."""
    row = 0
    size = archive.getinfo(part).file_size or 1
    with archive.open(part) as xml:
        for _, element in etree.iterparse(xml, tag=("{*}row", "{*}mergeCell"), **_SAFE):
            if _local(element) == "row":
                row = _read_row(element, int(element.get("r") or row + 1), shown, sheet)
                check_extent(0, len(sheet.cells))
                if row % _ROWS_BETWEEN_TELLING == 0:
                    yield row, min(xml.tell() / size, 1)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
            else:
                first, _, last = (element.get("ref") or "").partition(":")
                corners = [_REFERENCE.fullmatch(corner) for corner in (first, last)]
                if all(corners):
                    (a, top), (b, bottom) = (corner.groups() for corner in corners)
                    sheet.merges.append((int(top), _column(a), int(bottom), _column(b)))


def _read_row(element, row: int, shown: _Shown, sheet: Sheet) -> int:
    """Add the cells of one row; returns its number, which a cell may state instead of the row."""
    if element.get("hidden") in ("1", "true"):
        sheet.hidden_rows.append(row)
    column = 0
    for child in element.iterchildren("{*}c"):
        found = _REFERENCE.fullmatch(child.get("r") or "")
        row, column = (int(found[2]), _column(found[1])) if found else (row, column + 1)
        cell = shown.cell(child, row, column)
        if cell.text or cell.broken:
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
    formats: list[str]
    dates_from_1904: bool

    def cell(self, element, row: int, column: int) -> Cell:
        kind = element.get("t") or "n"
        if kind == "inlineStr":
            return Cell(_rich_text(element).strip(), row, column)
        value = formula = None
        for child in element:
            tag = _local(child)
            if tag == "v":
                value = child.text or ""
            elif tag == "f":
                formula = child
        if value is None or (value == "" and kind not in ("str", "s")):
            missing = "公式没有保存计算结果" if formula is not None else ""
            return Cell("", row, column, missing)
        if kind == "e":
            return Cell("", row, column, f"公式出错 {one_line(value)[:20]}")
        return Cell(self._text(kind, value, element.get("s")), row, column)

    def _text(self, kind: str, value: str, style: str | None) -> str:
        """The value as the reader of the sheet sees it, as far as the reading depends on it."""
        if kind == "s":
            index = int(value)
            if index >= len(self.strings):
                raise LedgerError("工作簿的文字部分不完整，请用 Excel 打开并另存后再导入")
            return self.strings[index].strip()
        if kind == "b":
            return "是" if value == "1" else "否"
        if kind == "d":
            return value[:10]
        if kind == "n":
            index = int(style or 0)
            return self._number(
                float(value), self.formats[index] if index < len(self.formats) else "General"
            )
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value).strip()

    def _number(self, value: float, number_format: str) -> str:
        if is_date_format(number_format) and 0 <= value < _LAST_SERIAL:
            epoch = MAC_EPOCH if self.dates_from_1904 else WINDOWS_EPOCH
            return _date_text(from_excel(value, epoch), number_format)
        if "%" in _NOT_TOKENS.sub("", number_format):
            return f"{round(value * 100, 6):g}%"
        return str(int(value)) if value.is_integer() else f"{value:.12g}"


def _date_text(value: date | time | timedelta, number_format: str) -> str:
    if isinstance(value, time | timedelta):
        return str(value)
    # Excel turns a typed 2020年12月 into 1 December and shows it as 2020年12月: the day is not
    # meant, and a deadline read from it would be a month early.
    tokens = _NOT_TOKENS.sub("", number_format).lower()
    if "d" not in tokens and value.day == 1 and "m" in tokens:
        return f"{value.year}年{value.month}月"
    return value.date().isoformat() if isinstance(value, datetime) else value.isoformat()
