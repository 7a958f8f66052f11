"""Years that do not go with the rest of a ledger: a deadline beyond its year, a sheet of another one.

Knows deadlines as read. What is wrong within one deadline's own wording is `phrases.deadlines`'s.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from loaders.grid import Grid, Source
from loaders.heading import Heading
from loaders.model import Issue, Place, Task
from loaders.wording import arabic, folded

_PERIOD = re.compile(r"(?<!\d)20\d\d年?[至到~—–-]+(20\d\d)年")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年|$|\D)")


def with_stored_year(heading: Heading, source: Source) -> Heading:
    """The heading; of a workbook that nowhere prints its year, with that of most of its days."""
    if heading.year is not None or not source.days:
        return heading
    return replace(
        heading, year=Counter(day.year for day in source.days.values()).most_common(1)[0][0]
    )


def doubts(
    file: str, heading: Heading, tasks: Sequence[Task], source: Source, *, is_stored: bool
) -> Iterator[Issue]:
    """An issue for the deadlines of each year after the ledger's own, for each sheet that names
    another year, and for each cell that shows a day without the year it has; none where nobody says
    which year the ledger is of, or it is of several. `is_stored`: the year is known from such cells
    alone."""
    if heading.year is None:
        return
    grids = source.grids
    if is_stored:
        message = f"文件没有写明年份，按日期单元格存储的 {heading.year} 年读入，请核对"
        yield Issue(Place(file, grids[0].table, 1), message)
    for task in tasks:
        day = source.days.get((task.place.table, task.place.row))
        due = task.due_on
        if day and due and (day.month, day.day) == (due.month, due.day) and day.year != due.year:
            message = f"完成时限显示为“{task.deadline_text}”，单元格存的是 {day}，按 {due.year} 年读入，请核对"
            options = (f"{day.year}年{day.month}月{day.day}日",)
            yield Issue(task.place, message, "deadline_text", options, (task.number,))
    period = _PERIOD.search(arabic(folded(heading.title)))
    last = int(period[1]) if period else heading.year
    later: dict[int, list[Task]] = {}
    for task in tasks:
        if task.due_on and task.due_on.year > last and not task.deadline_inherited:
            later.setdefault(task.due_on.year, []).append(task)
    for year, late in later.items():
        first = late[0]
        what = (
            f"完成时限“{first.deadline_text}”"
            if len(late) == 1
            else f"{len(late)} 项任务的完成时限"
        )
        message = f"{what}在 {year} 年，文件是 {heading.year} 年的，请核对"
        day = first.due_on
        other = [f"{last}年{day.month}月{day.day}日"] if day and len(late) == 1 else []
        numbers = tuple(task.number for task in late)
        yield Issue(first.place, message, "deadline_text", tuple(other), numbers)
    yield from _sheets(file, heading.year, tasks, grids)


def _sheets(file: str, year: int, tasks: Sequence[Task], grids: Sequence[Grid]) -> Iterator[Issue]:
    if len(grids) < 2:
        return
    for grid in grids:
        named = _YEAR.findall(folded(grid.table))
        numbers = tuple(task.number for task in tasks if task.place.table == grid.table)
        if named and str(year) not in named and numbers:
            message = (
                f"工作表“{grid.table}”是 {named[0]} 年的，台账是 {year} 年的，其 {len(numbers)} 项任务"
                f"已一并读入，没有写明年份的时限按 {year} 年读，请核对"
            )
            yield Issue(Place(file, grid.table, grid.rows[0].number), message, "sheet", (), numbers)
