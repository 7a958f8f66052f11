"""Stage two: which row of a grid is the header, and what each column means."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from loaders.beneath import Stack, stacks
from loaders.grid import Cell, Grid, Row
from loaders.labels import Heading, heading_of, names_person
from loaders.model import Place
from loaders.plan import period_of, plan_of_periods
from loaders.plan_columns import heading_of_period, without_plan
from loaders.reference import OWNERS, PRINTED, Spelling
from loaders.themes import themes_by_shape
from loaders.wording import folded, is_numbered, is_ordinal, is_second_level, one_line

# A cell merged over columns of several meanings belongs to the first of these: 加分项 rows are
# often drawn with the task over 二级指标 and 目标任务.
_CLAIMS = ("task", "level1", "level2", "responsible", "lead", "cooperate", "deadline")
_DUTIES = ("task", "level1", "level2")
_LEVELS = ("level2", "level1")
PROGRESS = ("narrative", "state", "percent", "completed_on", "evidence")
# 评分标准 and 考核依据 stand beside each other and say the same kind of thing, 责任单位 and 实施单位 are both
# responsible; of any other meaning a second column is a question for the clerk.
_MAY_REPEAT = ("criterion", *OWNERS)
_LONGEST_HEADER = 60
_FINER = 1.25
"""How many cells a column must have for each of another that is merged over them."""
_LONGER = 1.5
"""How much longer the texts of a column must be for those to its left to be their headings."""
_SHORTEST_TASK = 4
# A day on which work begins or is given out is no deadline.
_BEGINNING = re.compile("开始|启动|起|交办|下达|印发|发布|签收|登记|立项|填报|受理|派单")
# A list of powers or of what is made public names who exercises them and within how many days.
_IS_CATALOGUE = re.compile(
    r"权力|职权|行政许可|行政处罚|(?:设定|实施|法定|法律|收费)依据|公开(?:主体|渠道|方式)"
)


@dataclass(frozen=True)
class Columns:
    """The meaning of a table's columns."""

    fields: Mapping[str, tuple[int, ...]]
    """Field → its columns, from 0; 工作目标 may span an ordinal and a name."""
    spellings: Mapping[str, str]
    """Field → the header as printed."""
    width: int
    unknown: tuple[Cell, ...] = ()
    """Header cells whose columns are not read."""
    set_aside: tuple[Cell, ...] = ()
    """Header cells whose columns a clerk has said are not to be read."""
    unnamed: tuple[int, ...] = ()
    """Columns without a header."""
    height: int = 1
    """Rows the header takes."""
    guessed: tuple[tuple[Cell, str], ...] = ()
    """Headings that are no known ones, each with the field that its cells make it."""
    periods: tuple[tuple[int, str], ...] = ()
    """Columns of a plan, each with the quarter, half or month until whose end it plans."""

    def text(self, name: str, row: Row, own: Collection[Cell], separator: str) -> str:
        """What the cells of a field say that begin in this row."""
        cells = [cell for cell in self.cells(row, name) if cell in own]
        periods = [each for each in self.periods if each[0] in self.fields[name]]
        if not periods:
            return field_text(cells, separator)
        return plan_of_periods(
            [
                (period, row.cells[column].text)
                for column, period in periods
                if column < len(row.cells) and row.cells[column] in cells
            ]
        )

    def cells(self, row: Row, field: str) -> list[Cell]:
        """The distinct cells of a row that belong to a field."""
        found: dict[Cell, None] = {}
        for column in self.fields.get(field, ()):
            if column < len(row.cells) and self._claims(row, column, field):
                found.setdefault(row.cells[column])
        return list(found)

    def field_at(self, row: Row, column: int) -> str:
        """The field a cell of a row is read for; "" when it is not read."""
        for field, columns in self.fields.items():
            if column in columns and self._claims(row, column, field):
                return field
        cell = row.cells[column]
        return next((f for f in self.fields if cell.text and cell in self.cells(row, f)), "")

    def _claims(self, row: Row, column: int, field: str) -> bool:
        cell = row.cells[column]
        beside = column > 0 and row.cells[column - 1] is cell
        if not beside and (column + 1 >= len(row.cells) or row.cells[column + 1] is not cell):
            return True
        covered = {i for i, other in enumerate(row.cells) if other is cell}
        for claimant in _CLAIMS:
            if covered & set(self.fields.get(claimant, ())):
                return claimant == field
        return True


@dataclass(frozen=True)
class RowTexts:
    """One row of the table by field."""

    place: Place
    """The task's cell."""
    stated: Mapping[str, str]
    """Field → text of the cells that begin in this row; "" when blank or merged with above."""
    cells: Mapping[str, Cell | None]
    """Field → the first of its cells that begin in this row."""
    spellings: Mapping[str, str]
    """Field → the heading of its column as printed."""
    merged: frozenset[str] = frozenset()
    """Fields whose cell goes on from the row above."""
    shared: frozenset[str] = frozenset()
    """Fields whose cell covers several rows, this one included."""
    cut: bool = False
    """Whether the source ends in the middle of this row."""
    in_prose: bool = False
    """Whether the row is a paragraph of running text."""


def find_columns(grid: Grid, spellings: Mapping[str, Spelling]) -> tuple[int, Columns] | None:
    """(index of the first header row, the columns) of a grid, or None when no row is a header.

    Where stage one knew the columns they are taken from it.
    """
    if grid.fields:
        return _known_columns(grid)
    for index in range(len(grid.rows)):
        columns = columns_at(grid.rows, index, spellings)
        if columns is not None:
            return index, columns
    return None


def _known_columns(grid: Grid) -> tuple[int, Columns]:
    fields: dict[str, list[int]] = {}
    for column, field in enumerate(grid.fields):
        if field:
            fields.setdefault(field, []).append(column)
    if grid.header is None:
        first = next((i for i, row in enumerate(grid.rows) if not row.loose), 0)
        printed: dict[str, str] = {}
        unknown: tuple[Cell, ...] = ()
        height = 0
    else:
        first, height = grid.header, 1
        header = grid.rows[first].cells
        printed = {f: one_line(header[at[0]].text) for f, at in fields.items()}
        unknown = tuple(c for f, c in zip(grid.fields, header, strict=True) if not f and c.text)
    spellings = {f: printed.get(f) or PRINTED.get(f, f) for f in fields}
    columns = {f: tuple(at) for f, at in fields.items()}
    return first, Columns(columns, spellings, len(grid.fields), unknown, height=height)


def columns_at(
    rows: Sequence[Row], index: int, spellings: Mapping[str, Spelling]
) -> Columns | None:
    """The columns as the row at `index` heads them, or None when it is no header.

    A header names the task and something else. The row below belongs to it when it only has
    headings itself (责任分工 over 牵头 and 配合). What stands below decides between headings that both
    may be the task, and for headings that are no known ones.
    """
    row = rows[index]
    if row.loose or not row.cells:
        return None
    named = sum(bool(_heading(cell, spellings)) for cell in {*row.cells})
    if named < 2:
        return None
    below = rows[index + 1] if index + 1 < len(rows) else None
    under = stacks(rows, len(row.cells), index + 2) if below else []
    if below is not None and _is_second_header(row, below, under, spellings):
        lower = _lower(row.cells, _padded(below, len(row.cells)), under, spellings)
        columns = _columns(lower, under, spellings, height=2)
        if columns is not None:
            return columns
    return _columns(row.cells, stacks(rows, len(row.cells), index + 1), spellings, height=1)


def _lower(
    over: Sequence[Cell],
    second: Sequence[Cell],
    under: Sequence[Stack],
    spellings: Mapping[str, Spelling],
) -> list[Cell]:
    """The headings of a header of two rows; 省级 below 责任主体 is 责任主体（省级）."""
    lower: list[Cell] = []
    for column, (above, cell) in enumerate(zip(over, second, strict=True)):
        if not cell.text:
            lower.append(above)
        elif _BEGINNING.match(folded(cell.text)) or names_person(cell.text):
            lower.append(cell)
        elif whole := heading_of_period(over, column, cell, under):
            lower.append(Cell(whole, cell.row, cell.column))
        elif not _heading(cell, spellings) and _divides(over, column, cell, spellings):
            whole = f"{one_line(above.text)}（{one_line(cell.text)}）"
            lower.append(Cell(whole, cell.row, cell.column))
        else:
            lower.append(cell)
    return lower


def _padded(row: Row, width: int) -> Sequence[Cell]:
    return [*row.cells, *(Cell("", row.number, None) for _ in range(width - len(row.cells)))][
        :width
    ]


def _is_second_header(
    row: Row, below: Row, under: Sequence[Stack], spellings: Mapping[str, Spelling]
) -> bool:
    above = set(row.cells)
    own = [cell for cell in below.cells if cell.text and cell not in above]
    named = [
        _heading(cell, spellings)
        or _divides(row.cells, column, cell, spellings)
        or heading_of_period(row.cells, column, cell, under)
        for column, cell in enumerate(below.cells)
        if cell.text and cell not in above
    ]
    return bool(own) and all(named) and len(own) < len([c for c in row.cells if c.text]) + 2


def _divides(
    header: Sequence[Cell], column: int, cell: Cell, spellings: Mapping[str, Spelling]
) -> bool:
    """Whether a cell stands below a heading of units or times drawn over several columns: 省级 below
    责任主体, 结束 below 时间安排."""
    over = header[column] if column < len(header) else cell
    if over is cell or header.count(over) < 2 or len(cell.text) > _LONGEST_HEADER:
        return False
    heading = _heading(over, spellings)
    return heading is not None and heading.spelling.field in (*OWNERS, "deadline")


def _heading(cell: Cell, spellings: Mapping[str, Spelling]) -> Heading | None:
    if not cell.text or len(cell.text) > _LONGEST_HEADER:
        return None
    return heading_of(cell.text, spellings)


def _columns(
    header: Sequence[Cell],
    below: Sequence[Stack],
    spellings: Mapping[str, Spelling],
    height: int,
) -> Columns | None:
    headings = {cell: _heading(cell, spellings) for cell in dict.fromkeys(header) if cell.text}
    known = {
        cell: heading for cell, heading in headings.items() if heading and heading.spelling.field
    }
    set_aside = [cell for cell, heading in headings.items() if heading and cell not in known]
    unknown = [cell for cell, heading in headings.items() if not heading]
    if len(known) < 2 or len(unknown) > 3 * len(known):
        return None
    stack = {cell: _stack(cell, header, below) for cell in headings}
    known = {cell: _as_number(heading, stack[cell]) for cell, heading in known.items()}
    known, plan = without_plan(known, unknown, stack, _DUTIES)
    periods = tuple(
        (column, period)
        for column, cell in enumerate(header)
        if cell in plan and (period := period_of(cell.text))
    )
    unknown = [cell for cell in unknown if cell not in plan]
    fields = _plain_fields(known) | plan
    fields |= _duty_fields(known, stack, {*fields.values()})
    guessed = _guessed(unknown, stack, {*fields.values()}) | _days_alone(fields)
    fields |= guessed
    themes = themes_by_shape(headings, fields, stack)
    guessed |= themes
    fields |= themes
    fields |= _levels_as_tasks(fields)
    if not _is_ledger({*fields.values()}) or any(_IS_CATALOGUE.search(c.text) for c in headings):
        return None
    at, unnamed = _positions(header, fields)
    theme, level = _theme(at.get("task", []), below, at)
    if level:
        at["task"].remove(theme)
        at[level] = [theme]
    first = {field: one_line(cell.text) for cell, field in reversed(fields.items())}
    return Columns(
        {field: tuple(columns) for field, columns in at.items()},
        first | ({level: one_line(header[theme].text)} if level else {}),
        len(header),
        tuple(cell for cell in headings if cell not in fields and cell not in set_aside),
        tuple(set_aside),
        tuple(unnamed),
        height,
        tuple((cell, field) for cell, field in guessed.items()),
        periods,
    )


def _as_number(heading: Heading, below: Stack) -> Heading:
    """A heading of duties below which nothing but numbers stand (项 over 1, 2, 3) as that of the numbers."""
    counted = bool(below.texts) and all(map(str.isdecimal, below.texts))
    if counted and heading.spelling.field in _DUTIES:
        return Heading(Spelling("number"))
    return heading


def _stack(cell: Cell, header: Sequence[Cell], below: Sequence[Stack]) -> Stack:
    """The texts below a heading; below several columns those that are no numbers."""
    under = [below[i] for i, other in enumerate(header) if other is cell]
    return next((stack for stack in reversed(under) if not stack.is_ordinal), under[-1])


def _plain_fields(known: Mapping[Cell, Heading]) -> dict[Cell, str]:
    """The field of each heading of anything but duties; a general one gives way to a specific one."""
    fields: dict[Cell, str] = {}
    for cell, (spelling, _) in sorted(known.items(), key=lambda item: bool(item[1][0].otherwise)):
        if spelling.field in _DUTIES:
            continue
        same = {field for other, field in fields.items() if other.text == cell.text}
        taken = {*fields.values()} - ({*_MAY_REPEAT} - same)
        wanted = (spelling.field, spelling.otherwise)
        if field := next((f for f in wanted if f and f not in taken), ""):
            fields[cell] = field
    return fields


def _duty_fields(
    known: Mapping[Cell, Heading], stack: Mapping[Cell, Stack], taken: set[str]
) -> dict[Cell, str]:
    """The headings of duties as the task and the levels above it.

    工作任务 beside 具体要求 is the level above by its words. A heading whose cells are merged over
    several of another's is above that whatever the words: 工作任务 over several 工作要求, and the other way
    round. Of two that go side by side the left is above the right when that is much the longer one.
    """
    duties = [cell for cell, heading in known.items() if heading.spelling.field in _DUTIES]
    may_be = [cell for cell in duties if known[cell].spelling.field == "task"]
    if not may_be:
        # 工作目标 or 指标名称 is what is to be done where nothing below it is said.
        may_be = [cell for cell in duties if known[cell].rank is not None]
        may_be = sorted(may_be, key=lambda cell: -len(stack[cell].texts))[:1]
    if not may_be:
        return {cell: known[cell].spelling.field for cell in duties}

    def particular(cell: Cell) -> tuple[bool, int]:
        rank = known[cell].rank
        return (rank is not None, rank or 0)

    task = max(may_be, key=particular)
    for cell in duties:
        if known[cell].rank is None or cell is task:
            continue
        finer = len(stack[cell].texts) > _FINER * len(stack[task].texts) > 0
        beside = len(stack[cell].texts) == len(stack[task].texts) > 0
        longer = stack[cell].length > _LONGER * stack[task].length
        if finer or (beside and longer and duties.index(cell) > duties.index(task)):
            task = cell
    fields = {task: "task"}
    for cell in sorted(duties, key=lambda cell: known[cell].rank is not None):
        if cell is task:
            continue
        spelling, rank = known[cell]
        wanted = [
            spelling.field,
            spelling.otherwise,
            *(("level1", "level2") if rank is not None else ()),
        ]
        free = [f for f in wanted if f and f not in {*fields.values(), *taken} - {*_MAY_REPEAT}]
        after = duties.index(cell) > duties.index(task)
        coarser = len(stack[cell].texts) < len(stack[task].texts)
        if free and not (after and not coarser and free[0] in ("level1", "level2")):
            fields[cell] = free[0]
    return fields


def _guessed(
    unknown: Sequence[Cell], stack: Mapping[Cell, Stack], taken: set[str]
) -> dict[Cell, str]:
    """Unknown headings that what stands below them makes the owner, the deadline or, in a table that
    has both, the task."""
    fields: dict[Cell, str] = {}
    for field in ("deadline", "responsible"):
        present = taken | {*fields.values()}
        if field in present or (field == "responsible" and present & {*OWNERS}):
            continue
        fitting = [
            cell
            for cell in unknown
            if cell not in fields
            and stack[cell].fits(field)
            and not _BEGINNING.search(folded(cell.text))
        ]
        if len(fitting) == 1 and (taken & {"task"} or (taken & {*OWNERS} and taken & {*_LEVELS})):
            fields[fitting[0]] = field
    present = taken | {*fields.values()}
    if "task" not in present and "deadline" in present and present & {*OWNERS}:
        left = [cell for cell in unknown if not (stack[cell].fits("responsible") or cell in fields)]
        longest = max(left, key=lambda cell: stack[cell].length, default=None)
        if longest and stack[longest].length >= _SHORTEST_TASK:
            fields[longest] = "task"
    return fields


def _days_alone(fields: Mapping[Cell, str]) -> dict[Cell, str]:
    """完成日期 as the deadline, where a table has no other days and says nothing of progress."""
    present = {*fields.values()}
    if "deadline" in present or present & {*PROGRESS} != {"completed_on"}:
        return {}
    return {cell: "deadline" for cell, field in fields.items() if field == "completed_on"}


def _levels_as_tasks(fields: Mapping[Cell, str]) -> dict[Cell, str]:
    """The heading of the lowest level as the task's where none is but units and days are: 检查领域, 检查时间,
    责任单位."""
    present = {*fields.values()}
    if "task" in present or "deadline" not in present or not present & {*OWNERS}:
        return {}
    levels = [cell for level in _LEVELS for cell, field in fields.items() if field == level]
    return {levels[0]: "task"} if levels else {}


def _is_ledger(fields: set[str]) -> bool:
    """Whether a table is one of tasks: rules of scoring have a task and a criterion, but nobody who does
    it and no day."""
    doing = {*OWNERS, "deadline", *PROGRESS}
    return "task" in fields and not (fields & {"criterion", "points"} and not fields & doing)


def _positions(
    header: Sequence[Cell], fields: Mapping[Cell, str]
) -> tuple[dict[str, list[int]], list[int]]:
    """(the columns of each field, those without a header)."""
    at: dict[str, list[int]] = {}
    unnamed: list[int] = []
    owner = ""
    for column, cell in enumerate(header):
        if cell.text:
            owner = fields.get(cell, "")
        # In text and csv the header over an ordinal and a name is printed once, then blank.
        elif owner not in ("level1", "level2"):
            unnamed.append(column)
            continue
        if owner:
            at.setdefault(owner, []).append(column)
    return at, unnamed


def _theme(
    task: Sequence[int], below: Sequence[Stack], at: Mapping[str, Sequence[int]]
) -> tuple[int, str]:
    """(the column of themes below a heading merged over them and the tasks, the level they are)."""
    worded = [column for column in task if not below[column].is_ordinal]
    if len(worded) < 2:
        return 0, ""
    themes, tasks = below[worded[0]], below[worded[1]]
    fewer = 0 < len(themes.texts) < len(tasks.texts)
    if not fewer and not (themes.texts and all(is_numbered(text) for text in themes.texts)):
        return 0, ""
    second = all(is_second_level(text) for text in themes.texts)
    level = "level2" if second or "level1" in at else "level1"
    return (worded[0], level) if level not in at else (0, "")


def field_text(cells: Sequence[Cell], separator: str = "") -> str:
    """The texts of a field's cells as one; a cell that is only the ordinal of the next is left out.

    工作目标 of the Hunan ledger is 一 | 落实工作保障.
    """
    texts = [cell.text for cell in cells if cell.text]
    if len(texts) > 1:
        texts = [text for text in texts if not is_ordinal(text)] or texts[-1:]
    return separator.join(texts)
