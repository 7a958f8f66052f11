"""A returned report form, in whatever file it came back: its table, its unit, month and ledger.

Owns finding the table and what stands above it. The cells of a row are `rows`' to read. Knows no
database.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from documents.month_form.form import Form
from documents.month_form.layout import DONE, FILLED, OTHERS, REPORTED, TIMES, Stamp
from documents.month_form.rows import FIELDS, RowReader
from documents.workbook.returned import FormError, open_returned
from loaders.grid import Grid, Row
from loaders.wording import arabic, folded

ACCEPTED = (".xlsx", ".xlsm", ".csv", ".xls", ".et", ".ods")
_HEADER_WITHIN = 60
"""Rows from the top in which the column names must be."""
_UNIT = re.compile(r"(?:填报|报送|责任)(?:单位|处室|部门)[(（]?[^:：]{0,6}[:：]\s*([^\s:：]+)")
_MONTH = re.compile(r"(20\d\d)\s*年\s*(1[0-2]|0?[1-9])\s*月")
_LEDGER = re.compile(r"台账[:：]\s*(\S.*?)(?:\s+(?:台账版次|制表时间)[:：].*)?$", flags=re.M)
_FILLED_BY = re.compile(r"填报人|填表人|联系人")


def read_form(source: Path | bytes, name: str, *, month: date | None = None) -> Form:
    """The form in a returned file; `name` is the file's name as the user knows it.

    `month` is the report month of a form that does not say it itself. Raises `FormError` when the
    file is no form at all.
    """
    content = source if isinstance(source, bytes) else _content(source)
    extension = Path(name).suffix.lower()
    if extension not in ACCEPTED:
        raise FormError(f"“{name}”不是填报表，请交回 .xlsx 文件。")
    opened = open_returned(content, name, "填报表")
    beside = [grid for grid in opened.grids if grid.table in (OTHERS, TIMES)]
    grid, head, columns = _table([grid for grid in opened.grids if grid not in beside])
    stamp, unit, stated, ledger, filled_by, above = _head(grid.rows[:head])
    first = stated or (month and month.replace(day=1))
    tables = [(grid, head, columns)]
    tables += [(each, *headed) for each in beside if (headed := _header(each))]
    readers = [RowReader(*table, first, is_ours=stamp is not None) for table in tables]
    # A task with its times on a sheet of their own has a row of the form as well.
    rows = tuple(
        row
        for reader in readers
        for row in reader.rows()
        if reader.grid.table != TIMES or not row.is_blank
    )
    notes = (
        *(issue.message for issue in opened.issues),
        *(note for reader in readers for note in reader.notes()),
    )
    sha256 = hashlib.sha256(content).hexdigest()
    return Form(name, sha256, stamp, unit, first, ledger, filled_by, rows, notes, above)


def _content(path: Path) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        raise FormError("文件无法打开，请检查是否还在或被其他程序占用。") from None


def _table(grids: Sequence[Grid]) -> tuple[Grid, int, dict[str, int]]:
    """The sheet that is the form, the index of its header row, and field → column."""
    found = [(grid, *headed) for grid in grids if (headed := _header(grid))]
    if not found:
        raise FormError(
            "没有找到填报表：应有一行列名，写着“目标任务”和“状态”“进度%”“本月进展”中的至少一列。"
        )
    filled = [each for each in found if _is_filled(*each)] if len(found) > 1 else found
    if len(filled) > 1:
        names = "、".join(f"“{grid.table}”" for grid, *_ in filled)
        raise FormError(f"文件里有 {len(filled)} 张填了内容的表（{names}），请每个文件只留一张。")
    return (filled or found)[0]


def _header(grid: Grid) -> tuple[int, dict[str, int]] | None:
    for index, row in enumerate(grid.rows[:_HEADER_WITHIN]):
        columns: dict[str, int] = {}
        for column, cell in enumerate(row.cells):
            if name := FIELDS.get(folded(cell.text)):
                columns.setdefault(name, column)
        wanted = DONE if grid.table == TIMES else REPORTED
        if "task" in columns and columns.keys() & set(wanted):
            return index, columns
    return None


def _is_filled(grid: Grid, head: int, columns: Mapping[str, int]) -> bool:
    places = [columns[name] for name in FILLED if name in columns]
    return any(
        row.cells[place].text
        for row in grid.rows[head + 1 :]
        for place in places
        if place < len(row.cells)
    )


def _head(rows: Sequence[Row]) -> tuple[Stamp | None, str, date | None, str, str, str]:
    """Stamp, unit, month, ledger and author from the lines above the table, and the text of all of them."""
    texts = [[cell.text for cell in dict.fromkeys(row.cells) if cell.text] for row in rows]
    every = [text for row in texts for text in row]
    stamp = Stamp.among(every)
    above = "\n".join(arabic(text) for text in every)
    written = _MONTH.search(above)
    month = date(int(written[1]), int(written[2]), 1) if written else None
    unit, ledger = _UNIT.search("\n".join(every)), _LEDGER.search("\n".join(every))
    return (
        stamp,
        unit[1] if unit else "",
        stamp.month if stamp else month,
        ledger[1].strip() if ledger else "",
        _answer(texts, _FILLED_BY),
        above,
    )


def _answer(rows: Iterable[Sequence[str]], label: re.Pattern[str]) -> str:
    """What is written behind a label such as 填报人：, in its cell or the next."""
    for row in rows:
        for place, text in enumerate(row):
            if not (found := label.search(text)):
                continue
            behind = text[found.end() :].lstrip(" ：:　").split("　")[0].strip()
            beside = row[place + 1] if place + 1 < len(row) else ""
            return behind or ("" if re.search(r"[:：]\s*$", beside) else beside.strip())
    return ""
