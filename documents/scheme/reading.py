"""A filled 评分方案 template, as whatever workbook it came back: what its cells say, and of which task.

Owns finding the tables, the settings and the task of each row. Knows no database.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from uuid import UUID

from documents.scheme.drafting import Draft, TypedRow, draft_of, read_amount
from documents.scheme.layout import (
    COLUMNS,
    FILLED,
    HEADING,
    HEADING_FULL,
    SETTING_NOTES,
    SETTINGS,
    SHEET,
    WORTH,
    Stamp,
)
from documents.scheme.outline import Outline
from documents.workbook.column import fields_by_header
from documents.workbook.matching import TaskIndex, WrongIdError
from documents.workbook.returned import (
    FormError,
    Problem,
    cell_name,
    cell_of,
    open_returned,
    read_number,
    read_uuid,
)
from loaders.grid import Cell, Grid, Row
from loaders.wording import folded
from words import DEMONSTRATION

ACCEPTED = (".xlsx", ".xlsm", ".xls", ".et", ".ods")
_FIELDS = fields_by_header(COLUMNS)
_NEEDED = ("task", "points", "rule")
_AMOUNTS = ("points", "step", "floor")
_TOTALS = re.compile(r"(?:合计|总计|小计|总分|备注|说明|注[:：])")
_LEDGER = re.compile(r"台账[:：]\s*([^　\n]+)")
_EDITION = re.compile(r"台账版次[:：]\s*第\s*(\d+)\s*版")


@dataclass(frozen=True)
class TemplateRow:
    """One row of the table in which a task is named or something is filled in."""

    key: UUID | None
    number: int | None
    task: str
    texts: Mapping[str, str]
    problems: tuple[Problem, ...]
    place: Callable[[str], str]
    """Field → sheet and cell."""


@dataclass(frozen=True)
class Template:
    """A template that came back."""

    name: str
    stamp: Stamp | None
    """None when it was lost."""
    ledger: str
    """As the sheet says; empty when it does not."""
    edition: int | None
    is_marked_demonstration: bool
    settings: Mapping[str, str]
    places: Mapping[str, str]
    """Setting → sheet and cell."""
    rows: tuple[TemplateRow, ...]
    heading_points: Mapping[str, tuple[str, str]] | None
    """一级指标 → what is typed as its 指标满分, and where; None when there is no such sheet."""
    notes: tuple[str, ...]
    """What was left out or looks odd, each one sentence."""


def read_template(content: bytes, name: str) -> Template:
    """The template in a returned file; `name` is the file's name as the user knows it.

    Raises `FormError` when the file is no such template.
    """
    if Path(name).suffix.lower() not in ACCEPTED:
        raise FormError(f"“{name}”不是评分方案模板，请交回 .xlsx 文件。")
    opened = open_returned(content, name, "评分方案")
    grid, head, columns = _table(opened.grids, name)
    above = grid.rows[:head]
    texts = [cell.text for row in above for cell in dict.fromkeys(row.cells) if cell.text]
    above_table = "\n".join(texts)
    first_lines = (
        cell.text for each in opened.grids for row in each.rows[:1] for cell in row.cells
    )
    ledger, edition = _LEDGER.search(above_table), _EDITION.search(above_table)
    settings, places = _settings(grid, above)
    return Template(
        name=name,
        stamp=Stamp.among((*texts, *first_lines)),
        ledger=ledger[1].strip() if ledger else "",
        edition=int(edition[1]) if edition else None,
        is_marked_demonstration=f"【{DEMONSTRATION}】" in above_table,
        settings=settings,
        places=places,
        rows=tuple(_rows(grid, head, columns)),
        heading_points=_heading_points(opened.grids),
        notes=tuple(f"{issue.message}。" for issue in opened.issues),
    )


def check_template(outline: Outline, template: Template, *, is_demonstration: bool) -> Draft:
    """What the template makes of the ledger's tasks.

    Raises `FormError` when it is another ledger's, another edition's, or made from demonstration
    data for real data or the other way round.
    """
    _check_origin(outline, template, is_demonstration=is_demonstration)
    rows, problems = _matched(outline, template.rows)
    headings, doubts = _headings(outline, template)
    draft = draft_of(
        outline,
        template.settings,
        rows,
        place_of_setting=lambda setting: template.places.get(setting, SHEET),
        heading_points=headings,
        problems=(*problems, *doubts),
    )
    return Draft(draft.scheme, draft.problems, (*template.notes, *draft.warnings), draft.sums)


def _check_origin(outline: Outline, template: Template, *, is_demonstration: bool) -> None:
    stamp, edition = template.stamp, outline.edition
    of_demonstration = stamp.is_demonstration if stamp else template.is_marked_demonstration
    if of_demonstration and not is_demonstration:
        raise FormError("这是演示数据的评分方案，不能存入正式数据。")
    if is_demonstration and stamp and not of_demonstration:
        raise FormError("这是正式数据的评分方案，不能存入演示数据，请先关闭演示数据。")
    other = template.ledger and folded(edition.title) not in folded(template.ledger)
    if (stamp and stamp.ledger_id != outline.ledger_id) or (not stamp and other):
        whose = f"台账《{template.ledger}》" if template.ledger else "另一份台账"
        raise FormError(f"这是{whose}的评分方案，当前台账是《{edition.title}》，没有读入。")
    is_other = (
        stamp.edition_id != edition.edition_id
        if stamp
        else template.edition not in (None, edition.number)
    )
    if is_other:
        which = f"台账第 {template.edition} 版" if template.edition else "台账的另一版"
        raise FormError(
            f"这份模板是按{which}做的，现行的是第 {edition.number} 版，任务可能有增减，"
            "请重新下载模板填写，没有读入。"
        )


# Which task a row is about


def _matched(outline: Outline, rows: Iterable[TemplateRow]) -> tuple[list[TypedRow], list[Problem]]:
    """The rows of tasks; a row with content that is no task of the ledger is a problem."""
    tasks = TaskIndex(outline.tasks)
    matched: dict[UUID, TypedRow] = {}
    problems: list[Problem] = []
    for row in rows:
        message = ""
        try:
            task = tasks.find(row.key, row.number, row.task)
        except WrongIdError:
            message = "行标识与任务文字不是同一项任务，请重新下载模板填写。"
        else:
            if task is None:
                if any(row.texts.get(name) for name in WORTH) and not _TOTALS.match(row.task):
                    message = "台账中没有这项任务，请核对编号和任务文字。"
            elif task.task_id in matched:
                message = f"与第 {task.number} 项是同一项任务，请删去一行。"
            else:
                matched[task.task_id] = TypedRow(task, row.texts, row.place)
                problems += row.problems
        if message:
            problems.append(Problem(row.place("task"), message))
    return list(matched.values()), problems


def _headings(outline: Outline, template: Template) -> tuple[dict[str, Decimal], list[Problem]]:
    """The points the headings state, by the sheet of sums or, without one, by the ledger."""
    if template.heading_points is None:
        return outline.heading_points, []
    found, problems = {}, []
    for name, (text, place) in template.heading_points.items():
        try:
            value = read_amount(text)
        except ValueError as error:
            problems.append(Problem(place, str(error)))
            continue
        if value is not None and value < 0:
            problems.append(Problem(place, f"指标满分应不小于 0，填的是 {value}，请改正。"))
        elif value is not None:
            found[name] = value
    return found, problems


# The sheets


def _table(grids: Sequence[Grid], name: str) -> tuple[Grid, int, dict[str, int]]:
    """The sheet that is the scheme, the index of its header row, and field → column."""
    found = [(grid, *headed) for grid in grids if (headed := _header(grid))]
    if len(found) > 1:
        found = [each for each in found if each[0].table == SHEET] or found
    if not found:
        raise FormError(
            f"“{name}”不是评分方案模板：应有一行列名，写着“目标任务”“分值”“规则”，"
            "请在本页下载模板填写。"
        )
    if len(found) > 1:
        names = "、".join(f"“{grid.table}”" for grid, *_ in found)
        raise FormError(f"文件里有 {len(found)} 张评分方案表（{names}），请只留一张。")
    return found[0]


def _header(grid: Grid) -> tuple[int, dict[str, int]] | None:
    for index, row in enumerate(grid.rows):
        columns: dict[str, int] = {}
        for column, cell in enumerate(row.cells):
            if field := _FIELDS.get(folded(cell.text)):
                columns.setdefault(field, column)
        if all(field in columns for field in _NEEDED):
            return index, columns
    return None


def _place(grid: Grid, row: Row, column: int) -> str:
    return cell_name(grid.table, column, row.number)


def _settings(grid: Grid, rows: Sequence[Row]) -> tuple[dict[str, str], dict[str, str]]:
    """What is typed for each setting, and where: to the right of its name, before what explains it."""
    labels = {folded(label): name for name, label in SETTINGS.items()}
    notes = {folded(note) for note in SETTING_NOTES.values()}
    texts: dict[str, str] = {}
    places: dict[str, str] = {}
    for row in rows:
        for column, cell in enumerate(row.cells):
            label, _, rest = cell.text.replace("：", ":").partition(":")
            name = labels.get(folded(label))
            if name is None or name in texts:
                continue
            answer, at = rest.strip(), column
            if not answer:
                typed = (
                    (place, other)
                    for place, other in enumerate(row.cells)
                    if place > column and other is not cell and other.text
                )
                place, other = next(typed, (column, None))
                if other is not None and folded(other.text) not in notes:
                    answer, at = other.text, place
                else:
                    # Left empty: it is typed two columns from its name.
                    at = min(column + 2, len(row.cells) - 1)
            texts[name], places[name] = answer, _place(grid, row, at)
    return texts, places


def _rows(grid: Grid, head: int, columns: Mapping[str, int]) -> Iterable[TemplateRow]:
    def place(row: Row, name: str) -> str:
        return _place(grid, row, columns.get(name, columns["task"]))

    above: dict[str, Cell] = {}
    for row in grid.rows[head + 1 :]:
        cells = {name: cell_of(row, columns, name) for name in columns}
        texts = {name: cell.text.strip() if cell else "" for name, cell in cells.items()}
        merged = {name for name, cell in cells.items() if cell and above.get(name) is cell}
        above = {name: cell for name, cell in cells.items() if cell}
        if not any(texts.get(name) for name in ("task", *FILLED)):
            continue
        if all(_FIELDS.get(folded(texts[name])) == name for name in _NEEDED):
            # The column names again, as on every printed page.
            continue

        problems = [
            Problem(place(row, name), f"{cell.broken}，请直接填写结果。")
            for name, cell in cells.items()
            if name in FILLED and cell and cell.broken
        ]
        problems += [
            Problem(place(row, name), "与上一行合并成一格，看不出每项各几分，请拆开填写。")
            for name in _AMOUNTS
            if name in merged and texts[name]
        ]
        yield TemplateRow(
            read_uuid(texts.get("key", "")),
            read_number(texts.get("number", "")),
            texts.get("task", ""),
            texts,
            tuple(problems),
            partial(place, row),
        )


def _heading_points(grids: Sequence[Grid]) -> dict[str, tuple[str, str]] | None:
    wanted = [folded(HEADING), folded(HEADING_FULL)]
    for grid in grids:
        for index, row in enumerate(grid.rows):
            names = [folded(cell.text) for cell in row.cells]
            if not all(name in names for name in wanted):
                continue
            heading, full = (names.index(name) for name in wanted)
            return {
                each.cells[heading].text.strip(): (
                    each.cells[full].text.strip(),
                    _place(grid, each, full),
                )
                for each in grid.rows[index + 1 :]
                if each.cells[heading].text.strip() not in ("", "合计")
            }
    return None
