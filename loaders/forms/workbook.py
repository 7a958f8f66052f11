"""Excel workbooks as grids, one per visible sheet."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from loaders.accounting import Spot, named, quoted
from loaders.forms.drawings import drawn_texts
from loaders.forms.package import Package
from loaders.forms.sheets import HIDDEN, STRUCK, TWICE, UNSEEN, LeftOut, Sheet, read_sheets
from loaders.grid import Cell, Grid, Row, Source
from loaders.limits import Extent
from loaders.model import Issue, LedgerError, Place, Tell

_MAX_COLUMNS = 256
_MAX_MERGED_CELLS = 300_000
_COVERED = "合并单元格遮住的内容"
_PAGE_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|\d{1,3}|[A-Za-z+-])')
_PAGE_NUMBER = re.compile(r"[\s\d\W第页共/]*")


def read_workbook(path: Path, name: str, tell: Tell, *, with_hidden: bool) -> Source:
    """Every visible sheet with content. Hidden sheets are reported and not read: what the office
    hid is usually last year's copy, and would double the tasks. Hidden rows are read and reported.
    What else nobody sees, struck out, in hidden columns, white or under a merge, is named in issues
    and read only `with_hidden`.

    A formula is read by its stored result; a cell whose result was never stored is marked broken.
    Raises LedgerError when no visible sheet has content, the parser's errors for a damaged file.
    """
    grids: list[Grid] = []
    issues: list[Issue] = []
    days: dict[tuple[str, int], date] = {}
    extent = Extent()
    hides_sheets = False
    with zipfile.ZipFile(path) as archive:
        package = Package(archive)
        for sheet in read_sheets(package, tell, with_hidden=with_hidden):
            place = Place(name, sheet.name, 1)
            if not sheet.cells and not sheet.left_out:
                continue
            if not sheet.visible:
                message = f"隐藏的工作表“{sheet.name}”没有读入，如需导入请先取消隐藏"
                issues.append(Issue(place, message))
                hides_sheets = True
                continue
            used = max((row for row, _ in sheet.cells), default=0)
            if hidden := [row for row in sheet.hidden_rows if row <= used]:
                where = Place(name, sheet.name, min(hidden))
                message = f"有 {len(hidden)} 个隐藏的行，已一并读入，请核对"
                issues.append(Issue(where, message, "hidden", tuple(map(str, hidden))))
            if sheet.cells:
                grids.append(Grid(sheet.name, tuple(extent.counted(_rows(sheet)))))
            days |= {(sheet.name, row): day for (row, _), day in sheet.days.items()}
            if not with_hidden:
                issues += _left_out(sheet, name)
                issues += _beside(sheet, name, package)
    if not grids:
        reason = (
            "所有有内容的工作表都被隐藏，请取消隐藏"
            if hides_sheets
            else "工作簿中没有内容，请重新导出"
        )
        raise LedgerError(f"{reason}后再导入")
    return Source(tuple(grids), issues=tuple(issues), days=days)


def _rows(sheet: Sheet) -> Iterator[Row]:
    last_row = max(row for row, _ in sheet.cells)
    cells = dict(sheet.cells)
    columns = _columns(sheet)
    at = {column: place for place, column in enumerate(columns)}
    _check_merges(sheet)
    for top, left, bottom, right in sheet.merges:
        first = next((c for c in range(left, right + 1) if c in at), left)
        merged = cells.get((top, left)) or Cell("", top, first)
        for row in range(top, min(bottom, last_row) + 1):
            for column in range(left, min(right, columns[-1]) + 1):
                covered = sheet.cells.get((row, column))
                if covered and covered is not merged and covered.text:
                    sheet.left_out.append(LeftOut(_COVERED, row, column, covered.text))
                if column in at:
                    cells[row, column] = merged
    # A gap is one blank row: a stray note in row 1,000,000 must not make a million of them.
    drawn = {row for row, column in cells if column in at}
    numbers = sorted(drawn | {row - 1 for row in drawn if row > 1})
    for row in numbers:
        drawn_row = (cells.get((row, c)) or Cell("", row, c) for c in columns)
        yield Row(row, tuple(drawn_row))


def _columns(sheet: Sheet) -> list[int]:
    """The columns of the table: all from the first, without those that are hidden; of a sheet that
    reaches further than a ledger does, those with content."""
    last = max(column for _, column in sheet.cells)
    if last <= _MAX_COLUMNS:
        hidden = sheet.hidden_columns - {column for _, column in sheet.cells}
        return [column for column in range(1, last + 1) if column not in hidden]
    used = sorted({column for _, column in sheet.cells})
    for row, column in list(sheet.cells):
        if len(used) > _MAX_COLUMNS and column > used[_MAX_COLUMNS - 1]:
            sheet.left_out.append(
                LeftOut("表格以外各列的内容", row, column, sheet.cells[row, column].text)
            )
    return used[:_MAX_COLUMNS]


def _check_merges(sheet: Sheet) -> None:
    """Refuse merges of whole columns."""
    # One forged with its corners exchanged must not make up for another.
    area = sum(
        max(0, bottom - top + 1) * max(0, right - left + 1)
        for top, left, bottom, right in sheet.merges
    )
    if area > _MAX_MERGED_CELLS:
        raise LedgerError("工作表的合并区域过大，请取消整行整列的合并后再导入")


def _left_out(sheet: Sheet, name: str) -> Iterator[Issue]:
    """What is in cells and not read."""
    for label in (HIDDEN, STRUCK, UNSEEN, TWICE, _COVERED, "表格以外各列的内容"):
        found = [
            (Spot(sheet.name, each.row, each.column), each.text)
            for each in sheet.left_out
            if each.label == label
        ]
        yield from named(name, label, found)
    by_column: dict[int, list[str]] = {}
    for each in sheet.left_out:
        if not each.label and each.text:
            by_column.setdefault(each.column, []).append(each.text)
    for column, texts in by_column.items():
        message = f"隐藏的第 {column} 列没有读入，如需读入请先取消隐藏：{quoted(texts)}"
        yield Issue(Place(name, sheet.name, 1), message)
    for row, column in sheet.zeros_added:
        cell = sheet.cells.get((row, column))
        if cell:
            message = f"单元格显示为“{cell.text[:-1]}”，数字末尾的 0 不会显示，按“{cell.text}”读入，请核对"
            place = Place(name, sheet.name, row, column)
            january = f"{cell.text[:4]}年1月"
            yield Issue(place, message, "deadline_text", (january,))
    if sheet.unread:
        message = f"工作表中有 {sheet.unread} 处内容不在单元格中，没有读入，请核对"
        yield Issue(Place(name, sheet.name, 1), message)


def _beside(sheet: Sheet, name: str, package: Package) -> Iterator[Issue]:
    """What is printed with the sheet and stands in none of its cells."""
    for label, found in drawn_texts(package, sheet.part).items():
        spots = [(Spot(sheet.name, row), text) for row, text in found]
        yield from named(name, label, spots)
    texts = [_PAGE_CODES.sub(" ", text).strip() for text in sheet.printed]
    if texts := [text for text in texts if not _PAGE_NUMBER.fullmatch(text)]:
        yield Issue(Place(name, sheet.name, 1), f"页眉页脚没有读入，请核对：{quoted(texts)}")
