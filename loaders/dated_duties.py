"""Deadlines that only the text of a duty states: 对31家企业逐户约谈，6月底前完成。"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from loaders.explaining import explained, of_day
from loaders.model import Issue, Task
from loaders.phrases import deadline_doubt, read_deadline

# 5月底前, but not 每月5日前 nor the day after which something falls due (5月底前受理的).
DAY_IN_TEXT = re.compile(
    r"(?<![每\d])(?:20\d\d年)?(?:1[0-2]|[1-9])月(?:底|末|份|[上中下]旬|\d{1,2}[日号])?(?:之|以)?前(?:完成|办结)?"
    r"|(?<!每)(?:20\d\d年|今年)?(?:年底|[上下]半年|第?[一二三四1-4]季度末?)(?:之|以)?前(?:完成|办结)?"
    # Only as the last clause, where it says of the whole duty how long it takes.
    r"|(?<=[，,；;])(?:(?:1[0-2]|[1-9])月(?:份|底|[上中下]旬)?(?:完成|办结)|(?:20\d\d年|今年)?全年|常年|长期(?:坚持|执行)?)(?=[。；;]?$)"
)
_OPENS_CLAUSE = ("，", ",", "。", "；", ";", "、")


def with_days_within(
    tasks: Iterable[Task], raised: Iterable[Issue], year: int | None
) -> tuple[list[Task], list[Issue]]:
    """The tasks, each without a deadline of its own with the one day that opens a clause of its text; and
    the issues, those `raised` that a deadline was missing replaced with a doubt about the one read."""
    dated: list[Task] = []
    doubts: dict[int, Issue] = {}
    for task in tasks:
        days = [*DAY_IN_TEXT.finditer(task.task)]
        if task.deadline_text or len(days) != 1 or not _opens_clause(task.task, days[0].start()):
            dated.append(task)
            continue
        text = days[0][0]
        due = read_deadline(text, year)
        basis = dict(task.basis) | {
            "deadline_text": "任务文字中的日期",
            "due_on": of_day(text, due, year),
        }
        dated.append(
            replace(
                task,
                deadline_text=text,
                deadline_kind=due.kind,
                due_on=due.due_on,
                basis=explained(basis),
            )
        )
        message = f"完成时限按任务文字中的“{text}”读入，请核对"
        if odd := deadline_doubt(text, year):
            message = f"{message}；{odd}"
        doubts[task.number] = Issue(
            task.place, message, "deadline_text", ("",), tasks=(task.number,)
        )
    kept = [
        issue
        for issue in (_of_the_rest(each, dated) if doubts else each for each in raised)
        if issue
        and not (issue.about == "deadline_text" and issue.tasks and {*issue.tasks} <= {*doubts})
    ]
    return dated, [*kept, *doubts.values()]


def _of_the_rest(issue: Issue, tasks: Iterable[Task]) -> Issue | None:
    """An issue that says of a whole table that no deadline is stated, as one of the tasks that still have
    none; None where there are none."""
    if issue.about != "deadline_text" or issue.tasks or "没有写明完成时限" not in issue.message:
        return issue
    of_table = (task for task in tasks if task.place.table == issue.place.table)
    left = tuple(task.number for task in of_table if not task.deadline_text)
    return replace(issue, tasks=left) if left else None


def _opens_clause(text: str, at: int) -> bool:
    return not text[:at].strip() or text[:at].rstrip().endswith(_OPENS_CLAUSE)
