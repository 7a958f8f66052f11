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
_YEAR_OF_LINE = re.compile(r"(?<!\d)(20\d\d)年")
_ANY_YEAR = re.compile(r"(?:20|二[〇○零0])[\d〇○零一二三四五六七八九]{2}|[今本当明次翌]年")


def with_any_year(heading: Heading, source: Source, lines: Sequence[str]) -> tuple[Heading, str]:
    """(the heading, what is to be checked or ""); of a document whose title names no year, with the one
    that the `lines` above the table name, or that most of a workbook's days are of."""
    if heading.year is not None:
        return heading, ""
    named = {int(year) for line in lines for year in _YEAR_OF_LINE.findall(arabic(folded(line)))}
    if len(named) == 1:
        year = named.pop()
        return replace(heading, year=year), f"标题没有写明年份，按文中的 {year} 年读入，请核对"
    if source.days:
        year = Counter(day.year for day in source.days.values()).most_common(1)[0][0]
        message = f"文件没有写明年份，按日期单元格存储的 {year} 年读入，请核对"
        return replace(heading, year=year), message
    return heading, ""


def doubts(
    file: str, heading: Heading, tasks: Sequence[Task], source: Source, assumed: str
) -> Iterator[Issue]:
    """An issue for the deadlines of each year after the ledger's own, for each sheet that names
    another year, and for each cell that shows a day without the year it has; none where nobody says
    which year the ledger is of, or it is of several. `assumed` says whence the year is known when no
    title names it."""
    if heading.year is None:
        return
    grids = source.grids
    if assumed:
        yield Issue(Place(file, grids[0].table, 1), assumed)
    for task in tasks:
        day = source.days.get((task.place.table, task.place.row))
        due = task.due_on
        if day and due and (day.month, day.day) == (due.month, due.day) and day.year != due.year:
            message = f"完成时限显示为“{task.deadline_text}”，单元格存的是 {day}，按 {due.year} 年读入，请核对"
            options = (f"{day.year}年{day.month}月{day.day}日",)
            yield Issue(task.place, message, "deadline_text", options, (task.number,))
    period = _PERIOD.search(arabic(folded(heading.title)))
    last = int(period[1]) if period else heading.year
    if period:
        yield from _without_year(heading, last, tasks)
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


def _without_year(heading: Heading, last: int, tasks: Sequence[Task]) -> Iterator[Issue]:
    """An issue for the deadlines that name no year in a document of several."""
    open_year = [
        task
        for task in tasks
        if task.due_on and not _ANY_YEAR.search(f"{task.level1} {task.level2} {task.deadline_text}")
    ]
    if open_year:
        message = (
            f"文件是 {heading.year}—{last} 年的，{len(open_year)} 项任务的完成时限没有写明年份，"
            f"按 {heading.year} 年读入，请核对"
        )
        numbers = tuple(task.number for task in open_year)
        yield Issue(open_year[0].place, message, "deadline_text", (), numbers)


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
