"""Answers about a quarter → what only the notice says: whom it praises, what stays behind, what it demands.

Owns the wording and the published criteria. Each statement counts rows of the answers.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from findings.quarter import wording
from findings.quarter.answers import Answers
from findings.quarter.model import in_words, listed, numbered, one_line
from metrics.periods import return_day
from words import clause, close_set, each_row, is_missing, points, quoted

MOST, MOST_EQUAL = 3, 5
"""Units or tasks that are praised by each criterion; with those of equal figures up to five."""
NAMED = 4
"""Most tasks that the text names; the annex has all."""
LONG_TASK, LONG_UNITS = 56, 40
"""Characters of a task and of its units in the text; the annex has them whole."""
DEFAULT_RETURN_DAY = 5


def criteria() -> str:
    """By what is praised, as the notice prints it."""
    return "按完成任务最多且没有逾期、附有佐证并通过核验的完成最多、进度领先序时三项标准"


def praise(answers: Answers) -> list[str]:
    """Whom and what the notice praises, a sentence a criterion; empty only when nothing is done."""
    if not answers.has_progress or answers.total is None or not answers.total.done:
        return []
    found = []
    units = answers.units[(answers.units["class"] != wording.COLLECTIVE) & (answers.units.done > 0)]
    in_time = units[units.overdue == 0].sort_values(["done", "unit"], ascending=[False, True])
    best = _first(in_time, "done")
    if len(best):
        named = [f"{row.unit}（{row.done}项）" for row in each_row(best)]
        found.append(f"完成任务最多且没有逾期的单位：{'、'.join(named)}。")
    completions = answers.completions
    accepted = completions[(completions.state == "accepted") & (completions.evidence > 0)]
    verified = accepted[accepted.unit.isin(units.unit)].groupby("unit").task_id.nunique()
    counts = verified.rename("accepted").reset_index()
    counts = counts.sort_values(["accepted", "unit"], ascending=[False, True])
    if len(counts):
        best = _first(counts, "accepted")
        named = [f"{row.unit}（{row.accepted}项）" for row in each_row(best)]
        found.append(f"附有佐证、通过核验的完成最多的单位：{'、'.join(named)}。")
    ahead = wording.ahead(answers)
    if len(ahead):
        named = [
            f"{quoted(clause(one_line(row.task), 24))}（第{row.number}项，"
            f"领先{points(-row.points_behind)}个百分点）"
            for row in each_row(ahead.head(MOST))
        ]
        found.append(f"进度领先的任务：{'、'.join(named)}。")
    done = answers.base[answers.base.state.isin(["done", "verified"])]
    return found or [f"完成的任务{len(done)}项：{numbered(done)}。"]


def _first(rows: pd.DataFrame, figure: str) -> pd.DataFrame:
    """The rows with the highest figures, those equal to the last of them with it."""
    if rows.empty:
        return rows
    least = rows[figure].iloc[min(MOST, len(rows)) - 1]
    return rows[rows[figure] >= least].head(MOST_EQUAL)


def lagging(answers: Answers) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Base tasks overdue or behind, the gravest first: those that were so on the day compared with, and
    those that have become so since."""
    rows = wording.attention(answers)
    since = answers.changes[answers.changes.change.isin(["overdue", "slipped", "added"])]
    is_new = rows.task_id.isin(since.task_id)
    return rows[~is_new], rows[is_new]


def lagging_lines(answers: Answers) -> list[str]:
    """The tasks that stay behind, by name, with reason and units, as many as the text has room for."""
    lasting, _ = lagging(answers)
    return [
        f"{clause(one_line(row.task).rstrip('。；;'), LONG_TASK)}"
        f"（第{row.number}项；{units_in_short(row.units)}；{_reason(row)}）。"
        for row in each_row(lasting.head(NAMED))
    ]


def _reason(row: Any) -> str:
    """Why a task is behind; how the time gone is reckoned stands in the notice's footnote."""
    return close_set(row.reason).replace("（按时间均摊推算）", "")


def lagging_summary(answers: Answers) -> str:
    """How many tasks are overdue or behind, how many of them already were, how many are new."""
    lasting, new = lagging(answers)
    rows = wording.attention(answers)
    if rows.empty:
        return "没有逾期和滞后的任务。"
    late = int(rows.overdue.sum())
    said = f"逾期{late}项、滞后{len(rows) - late}项，共{len(rows)}项。"
    if len(lasting):
        said += f"其中{len(lasting)}项在{in_words(answers.quarter.compared_on)}已经逾期或滞后"
        said += f"；新增{len(new)}项（{numbered(new, 8)}）。" if len(new) else "，没有新增。"
    else:
        said += f"都是{in_words(answers.quarter.compared_on)}以后新增的：{numbered(rows)}。"
    return said


def units_in_short(units: Any, width: int = LONG_UNITS) -> str:
    """The units of a task in a sentence: all, or the first and how many there are."""
    if is_missing(units) or not units:
        return "责任单位未明确"
    names = str(units).split("、")
    kept: list[str] = []
    for name in names:
        if kept and len("、".join([*kept, name])) > width:
            break
        kept.append(name)
    return "、".join(kept) + (f"等{len(names)}个单位" if len(kept) < len(names) else "")


def reporting_summary(answers: Answers) -> str:
    """How many units reported everything in time, month by month, in one sentence."""
    over = [(day, rows) for day, rows in answers.returns if answers.are_due(rows)]
    if not answers.has_progress or not over:
        return ""
    parts = [
        f"{day.month}月{int((rows.state == 'on_time').sum())}个（应报{len(rows)}个）"
        for day, rows in over
    ]
    said = f"按时报全的单位，{'，'.join(parts)}。"
    silent = wording.never_reported(answers)
    months = "各月" if len(over) > 1 else "当月"
    return said + (f"{months}都未报送的{len(silent)}个：{listed(silent, 6)}。" if silent else "")


def unreported_past_due(answers: Answers) -> str:
    """In a ledger without any report: the tasks whose day has passed, as the letters of the day count
    them; "" where there is none, or where the whole is judged anyway."""
    base = answers.base
    past = base[base.effective_due_on < pd.Timestamp(answers.quarter.as_of)]
    if answers.has_progress or past.empty:
        return ""
    return f"期限已过、尚无填报的任务{len(past)}项（{numbered(past)}）。"


def demand_day(answers: Answers) -> date:
    """By when the notice demands an answer: the first return day after it is made. Of a quarter that
    nobody reports on any more, the first one after the quarter."""
    quarter = answers.quarter
    known = [rows for _, rows in answers.returns if len(rows)]
    day = int(known[-1].due_by.iloc[0].day) if known else DEFAULT_RETURN_DAY
    made = quarter.known_on if quarter.known_on <= quarter.next_end else quarter.as_of
    return return_day(made, day)


def demands(answers: Answers) -> list[str]:
    """Two or three things that are demanded, each with its day."""
    by = in_words(demand_day(answers))
    if not answers.has_progress:
        return [
            f"各责任单位请于{by}前报送所承担任务的进展和佐证材料；期限已过的任务，一并说明原因和预计办结时间。",
            _coming(answers, by) if len(answers.due_next) else _lasting(by)[0],
        ]
    found = []
    rows = wording.attention(answers)
    if len(rows):
        found.append(
            f"逾期和滞后的{len(rows)}项任务，责任单位请于{by}前书面说明原因，明确办结时间和责任人，"
            "抓紧办理。"
        )
    if len(answers.due_next):
        found.append(_coming(answers, by))
    waiting = answers.completions[answers.completions.state == "waiting"]
    gaps = []
    if any((rows.state != "on_time").any() for _, rows in answers.returns if answers.are_due(rows)):
        gaps.append("没有报全进展的单位请补报")
    if len(waiting):
        gaps.append(f"已报完成、待核验的{waiting.task_id.nunique()}项任务请补齐佐证材料")
    late = answers.earlier_decisions
    if int((late.lamp == "red").sum()):
        gaps.append(f"此前议定、已经逾期的{int((late.lamp == 'red').sum())}件事项请报办理情况")
    if gaps:
        found.append(f"{'，'.join(gaps)}，于{by}前完成。")
    return [*found, *_lasting(by)][: max(len(found), 2)]


def _lasting(by: str) -> tuple[str, str]:
    """What is demanded of everybody, where there is little else to demand."""
    return (
        f"各责任单位请核对本期通报的情况，有不符的请于{by}前反馈。",
        f"各责任单位请按月报送进展和佐证材料，下一次请于{by}前报送。",
    )


def _coming(answers: Answers, by: str) -> str:
    rows, coming = answers.due_next, answers.quarter.coming
    return (
        f"{coming}到期的{len(rows)}项任务，责任单位请于{by}前报送办理计划，在期限前办结；"
        "确需延期的，请在期限前提出申请。"
    )
