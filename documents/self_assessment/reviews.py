"""A returned 自评表: the review marks typed into it, and what cannot be taken.

Owns reading the cells. Stores nothing: `warehouse.entries.marks.store_reviews` takes `Reviews.changed` when
there are no problems.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import UUID

from documents.self_assessment.content import PARTS, Assessment
from documents.self_assessment.layout import COLUMNS, SHEET, Stamp
from documents.workbook.returned import FormError, Problem, cell_name
from words import DEMONSTRATION, TRIAL, each_row, is_missing, score

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_HEADERS = {column.field: column.header for column in COLUMNS}
_MOST_ROWS, _MOST_COLUMNS = 20_000, 60
"""No ledger is larger. A file may state a larger size although its cells are empty."""


@dataclass(frozen=True)
class Reviews:
    """What was typed into a 自评表."""

    stamp: Stamp
    marks: Mapping[UUID, tuple[Decimal, str]]
    """Task → 复核得分 (of a penalty item what it costs, above zero) and 复核意见."""
    changed: Mapping[UUID, tuple[Decimal, str]]
    """Those that differ from what stands; what is to be stored."""
    problems: tuple[Problem, ...]
    """While there is one, nothing is to be stored."""
    notes: tuple[str, ...]
    """Remarks for the user, each one sentence."""


@dataclass
class _Found:
    marks: dict[UUID, tuple[Decimal, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    emptied: list[int] = field(default_factory=list)
    """Numbers of tasks with a mark that was deleted from its cell."""


def read_reviews(content: bytes, name: str, assessed: Assessment) -> Reviews:
    """The review marks in a returned 自评表; `name` is the file's name as the user knows it.

    `assessed` is the ledger as it stands, unfiltered, by the scheme in force. Raises `FormError`
    when the file is not its 自评表: another kind of file, another ledger, another scheme.
    """
    shown, typed = _sheets(content, name)
    stamp = _stamp(shown)
    if stamp is None:
        raise FormError(f"“{name}”不是平台生成的自评表，请在下载的自评表中填写复核得分后交回。")
    _check(stamp, name, assessed)
    head, columns = _header(shown, name)
    found = _read(shown, typed, head, columns, assessed)
    standing = {
        row.task_id: (Decimal(int(row.review_cents)) / 100, _text(row.review_opinion))
        for row in each_row(assessed.rows)
        if not is_missing(row.review_cents)
    }
    changed = {task: mark for task, mark in found.marks.items() if standing.get(task) != mark}
    notes = []
    if found.emptied:
        listed = "、".join(str(number) for number in found.emptied)
        notes.append(
            f"第 {listed} 项的复核得分留空，原来的复核得分仍然有效；要取消的，请在任务卡上撤销。"
        )
    return Reviews(stamp, found.marks, changed, tuple(found.problems), tuple(notes))


_Rows = list[tuple[Any, ...]]


def _sheets(content: bytes, name: str) -> tuple[_Rows, _Rows]:
    """The cells of the sheet 自评表: what they show, and what was typed."""
    # Imported here, because it takes half a second and only a review that is handed in needs it.
    from openpyxl import load_workbook

    if not name.lower().endswith((".xlsx", ".xlsm")):
        raise FormError(f"“{name}”不是 .xlsx 文件，请把自评表另存为 .xlsx 后重新放入。")
    read = []
    for data_only in (True, False):
        try:
            book = load_workbook(BytesIO(content), read_only=True, data_only=data_only)
            try:
                read.append(_rows(_review_sheet(book.worksheets)))
            finally:
                book.close()
        except Exception as error:
            # A damaged workbook makes openpyxl raise whatever it stumbles over.
            raise FormError(
                f"“{name}”无法读取，文件可能已损坏或加密，请用 Excel 打开后另存为 .xlsx。"
            ) from error
    return read[0], read[1]


def _review_sheet(sheets: list[Worksheet]) -> Worksheet | None:
    named = [sheet for sheet in sheets if sheet.title == SHEET]
    return (named or sheets or [None])[0]


def _rows(sheet: Worksheet | None) -> _Rows:
    if sheet is None:
        return []
    # Some programs write a wrong size of the sheet into the file.
    sheet.reset_dimensions()
    return list(sheet.iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS, values_only=True))


def _stamp(rows: _Rows) -> Stamp | None:
    texts = (value for row in rows[:10] for value in row if isinstance(value, str))
    return Stamp.among(texts)


def _check(stamp: Stamp, name: str, assessed: Assessment) -> None:
    """Raise `FormError` where the file was made from other data than are on screen."""
    if stamp.is_demonstration != assessed.context.is_demonstration:
        which, here = ("演示", "正式") if stamp.is_demonstration else ("正式", "演示")
        mark = DEMONSTRATION if stamp.is_demonstration else "正式数据"
        raise FormError(
            f"“{name}”是{mark}的自评表，不能收进{here}数据，请切换到{which}数据再放入。"
        )
    if stamp.ledger_id != assessed.ledger_id:
        raise FormError(f"“{name}”是另一份台账的自评表，请先在左侧选择那份台账。")
    if stamp.scheme_id is None:
        raise FormError(
            f"“{name}”是{TRIAL}的自评表，没有分值可复核，请存入评分方案后重新下载自评表。"
        )
    scheme = assessed.scheme
    if scheme is None or stamp.scheme_id != scheme.scheme_id:
        now = f"现行的是第 {scheme.version} 版" if scheme else f"现在是{TRIAL}"
        raise FormError(
            f"“{name}”按评分方案第 {stamp.scheme_version} 版生成，{now}，请重新下载自评表再填。"
        )


def _header(rows: _Rows, name: str) -> tuple[int, dict[str, int]]:
    """The index of the row of column names, and field → column."""
    for index, row in enumerate(rows[:60]):
        texts = {_text(value): column for column, value in reversed(list(enumerate(row)))}
        columns = {field: texts[header] for field, header in _HEADERS.items() if header in texts}
        if {"key", "review"} <= columns.keys():
            return index, columns
    raise FormError(
        f"“{name}”缺少“{_HEADERS['key']}”（隐藏）或“{_HEADERS['review']}”列，请重新下载自评表再填。"
    )


def _read(
    shown: _Rows, typed: _Rows, head: int, columns: Mapping[str, int], assessed: Assessment
) -> _Found:
    found = _Found()
    tasks = {str(row.task_id): row for row in each_row(assessed.rows)}
    seen: dict[str, int] = {}
    for number, row in enumerate(shown[head + 1 :], start=head + 2):
        key = _text(_at(row, columns["key"]))
        mark, opinion = _at(row, columns["review"]), _text(_at(row, columns.get("opinion")))
        written = _at(typed[number - 1], columns["review"]) if number <= len(typed) else None
        is_formula = isinstance(written, str) and written.startswith("=")
        cell = _Cell(found, columns, number)
        if not key:
            # Headings, empty rows and totals; a total may have come back as the value it had.
            words = _text(_at(row, columns.get("task")))
            is_total = is_formula or words.endswith("小计") or words in PARTS.values()
            if not is_total and not _is_blank(mark):
                cell.problem("review", "这一行不是台账中的任务，请把复核得分填在任务所在的行。")
            continue
        if key not in tasks:
            if not _is_blank(mark) or opinion:
                cell.problem("review", "这一行不是本台账现行版次的任务，请删去这一行的复核得分。")
            continue
        if key in seen:
            cell.problem("review", f"与第 {seen[key]} 行是同一项任务，请删去一行。")
            continue
        seen[key] = number
        if is_formula and _is_blank(mark):
            cell.problem("review", "公式没有计算结果，请直接填数。")
            continue
        _take(tasks[key], mark, opinion, cell)
    return found


def _take(task: Any, mark: Any, opinion: str, cell: _Cell) -> None:
    """One task's mark and opinion, or what is wrong with them."""
    if _is_blank(mark):
        if not is_missing(task.review_cents):
            cell.found.emptied.append(task.number)
        elif opinion:
            cell.problem("review", "写了复核意见，没有填复核得分，请补填，或删去意见。")
        return
    if is_missing(task.full_cents):
        cell.problem("review", "这项任务没有可复核的分值，请删去复核得分。")
        return
    value = _figure(mark)
    full = Decimal(int(task.full_cents)) / 100
    typed = _text(mark)
    if value is None:
        cell.problem("review", f"复核得分应是数，填的是“{typed}”，请改正。")
    elif value != round(value, 2):
        cell.problem("review", f"复核得分最多两位小数，填的是 {typed}，请改正。")
    elif task.kind == "penalty":
        if not -full <= value <= 0:
            cell.problem(
                "review", f"扣分项的复核得分应在 -{full} 到 0 之间，填的是 {typed}，请改正。"
            )
        else:
            cell.found.marks[task.task_id] = (abs(round(value, 2)), opinion)
    elif value < 0:
        cell.problem("review", f"复核得分应不小于 0，填的是 {typed}，请改正。")
    elif value > full:
        cell.problem(
            "review", f"复核得分高于满分 {score(task.full_cents)} 分，填的是 {typed}，请改正。"
        )
    else:
        cell.found.marks[task.task_id] = (round(value, 2), opinion)


@dataclass(frozen=True)
class _Cell:
    """Where a row's problems are noted."""

    found: _Found
    columns: Mapping[str, int]
    row: int

    def problem(self, name: str, message: str) -> None:
        cell = cell_name(SHEET, self.columns[name], self.row)
        self.found.problems.append(Problem(cell, message))


def _at(row: tuple[Any, ...], column: int | None) -> Any:
    return row[column] if column is not None and column < len(row) else None


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _text(value: Any) -> str:
    return "" if is_missing(value) else str(value).strip()


def _figure(value: Any) -> Decimal | None:
    """A number cell, or a text that is one: full-width digits and 分 behind it are taken."""
    if isinstance(value, bool | date | datetime | time):
        return None
    text = unicodedata.normalize("NFKC", _text(value)).removesuffix("分").strip()
    # Excel's minus of a Chinese keyboard.
    text = text.replace("−", "-")
    try:
        figure = Decimal(text)
    except InvalidOperation:
        return None
    if not figure.is_finite() or abs(figure) > 10**9:
        return None
    # What Excel computed may differ from what it shows in the 15th digit.
    near = round(figure, 2)
    return near if isinstance(value, float) and abs(figure - near) < Decimal("1e-9") else figure
