"""Answers about a quarter → what each slide finds, as its title.

Owns the wording of titles. Each says a finding with its figures; a slide that finds nothing has none.
"""

from __future__ import annotations

from findings.quarter import notice, wording
from findings.quarter.answers import Answers
from findings.quarter.model import Table, in_words, listed
from words import each_row, rate

LONG = 56
"""Characters of a title, in two lines."""


def titles(answers: Answers, red_units: Table) -> dict[str, str]:
    """Slide → its finding: `trend`, `units`, `tasks`, `returns`, `decide`; "" where there is none."""
    return {
        "trend": _trend(answers),
        "units": _units(red_units),
        "tasks": _tasks(answers),
        "returns": _returns(answers),
        "decide": _decide(answers),
    }


def _trend(answers: Answers) -> str:
    rows = [row for row in each_row(answers.trend) if row.applicable]
    if len(rows) < 2 or not answers.has_progress:
        return ""
    first, last = rows[0], rows[-1]
    was, now = rate(first, decimals=1), rate(last, decimals=1)
    day = in_words(first.as_of.date())
    if was == now:
        return f"完成率与{day}相同，都是{now}"
    moved = "升到" if last.done_rate > first.done_rate else "降到"
    return f"完成率从{day}的{was}{moved}{in_words(last.as_of.date())}的{now}"


def _units(red_units: Table) -> str:
    if not red_units.rows:
        return ""
    most = red_units.rows[0][2]
    first = [row[1] for row in red_units.rows if row[2] == most]
    many = "都" if len(first) > 1 and len(first) == len(red_units.rows) else "最多"
    counted = (
        f"{many}是{most}项" if many == "都" else f"最多（{'各' if len(first) > 1 else ''}{most}项）"
    )
    return f"{len(red_units.rows)}个单位有红灯任务，{listed(first, 2)}{counted}"


def _tasks(answers: Answers) -> str:
    lasting, new = notice.lagging(answers)
    count = len(lasting) + len(new)
    if not count:
        return ""
    late = int(wording.attention(answers).overdue.sum())
    parts = ((late, f"逾期{late}项"), (count - late, f"滞后{count - late}项"))
    found = "、".join(words for many, words in parts if many)
    if not len(lasting):
        return f"{found}，都是上次通报以后新增的"
    return f"{found}，其中{len(lasting)}项上次通报时已经逾期或滞后"


def _returns(answers: Answers) -> str:
    over = [(day, rows) for day, rows in answers.returns if answers.are_due(rows)]
    if not over or not answers.has_progress:
        return ""
    day, rows = over[-1]
    in_time = int((rows.state == "on_time").sum())
    if in_time == len(rows):
        return f"{day.month}月应报送的{len(rows)}个单位都按时报全"
    return f"{day.month}月按时报全的单位{in_time}个，没有报全的{len(rows) - in_time}个"


def _decide(answers: Answers) -> str:
    statements = wording.to_decide(answers)
    if all(each.rows is None for each in statements):
        return statements[0].text
    parts = [each.text.partition("，提请")[0].partition("（")[0] for each in statements]
    while len("、".join(parts)) > LONG - 6:
        parts.pop()
    return f"{'、'.join(parts)}，提请议定"
