"""Answers about a quarter → the sentences that page, notice and slides say alike.

Owns the wording. Each statement counts rows of the answers and carries them along; what the rows do
not say, no sentence says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from findings.progress import rate_of
from findings.quarter.answers import Answers
from findings.quarter.model import Sentence, in_words, listed, numbered, one_line, shares
from words import (
    NO_POINTS,
    RETURN_STATES,
    STATES,
    UNIT_CLASSES,
    clause,
    each_row,
    is_missing,
    points,
    quoted,
    rate,
    score,
)

COLLECTIVE = "集体"
"""Class of units that stand for others; they are listed and not ranked."""
NO_RED = "没有单位有红灯任务。"
NO_PROGRESS = "尚无进展填报，因此不判断完成、逾期和滞后。"
NOT_VERIFIED = "已完成未销号"
UNFINISHED = tuple(STATES[code] for code in ("returned", "in_progress", "not_started", "overdue"))
CHANGES = {
    "finished": "新完成",
    "overdue": "新逾期",
    "slipped": "新滞后",
    "recovered": "好转",
    "reopened": "重新办理",
    "redated": "期限变动",
    "reworded": "文字修改",
    "added": "新增",
    "removed": "删去",
}
"""Change since the last meeting → its word, in the order in which they are told."""
JUDGED_CHANGES = ("finished", "overdue", "slipped", "recovered", "reopened")
DECISION_STATES = {
    "not_started": "未开始",
    "in_progress": "进行中",
    "done": "已完成",
    "dropped": "不再办理",
}
LONG_OVERDUE_DAYS = 30
"""From how many days on an overdue task is put before the meeting."""


def states(answers: Answers) -> list[tuple[str, int, float]]:
    """State of the applicable base tasks → how many, and which share."""
    base = answers.base
    applicable = base[base.state != "not_applicable"]
    if not answers.has_progress:
        counts = {"尚无进展填报": len(applicable)}
    else:
        words = STATES | {"done": NOT_VERIFIED}
        codes = ("verified", "done", "returned", "in_progress", "not_started", "overdue")
        counts = {words[code]: int((applicable.state == code).sum()) for code in codes}
    rounded = shares(list(counts.values()))
    return [(word, n, share) for (word, n), share in zip(counts.items(), rounded, strict=True)]


def overall(answers: Answers) -> list[Sentence]:
    """How far the ledger is as a whole."""
    total, base = answers.total, answers.base
    if total is None:
        return [Sentence("所选范围内没有基本任务。")]
    others = answers.tasks[answers.tasks.kind != "base"]
    extra = [
        f"{word}{n}项"
        for word, n in (
            ("加分项", (others.kind == "bonus").sum()),
            ("扣分项", (others.kind == "penalty").sum()),
        )
        if n
    ]
    beside = f"（另有{'、'.join(extra)}）" if extra else ""
    of = "所选范围内" if answers.is_narrowed else "台账"
    said = f"截至{in_words(answers.quarter.as_of)}，{of}共有基本任务{total.tasks}项{beside}"
    if not answers.has_progress:
        return [Sentence(f"{said}。{NO_PROGRESS}", "task_list", base, "all")]
    counts = {word: n for word, n, _ in states(answers)}
    said += f"，适用{total.applicable}项，完成{total.done}项"
    said += f"（其中已销号{total.verified}项）" if total.done else ""
    said += f"，完成率{rate(total, decimals=1)}"
    rest = [f"{word}{counts[word]}项" for word in UNFINISHED if counts[word]]
    sentences = [
        Sentence(f"{said}{'；' if rest else ''}{'，'.join(rest)}。", "task_list", base, "all")
    ]
    due = base[
        (base.state != "not_applicable")
        & (base.effective_due_on <= pd.Timestamp(answers.quarter.as_of))
    ]
    if total.due:
        said = f"到期任务{total.due}项，完成{total.due_done}项"
        said += f"（其中按期完成{total.on_time}项）" if total.due_done else ""
        said += f"，到期完成率{rate(total, 'due_rate', 1)}；到期未完成{total.due_open}项。"
        sentences.append(Sentence(said, "task_list", due, "due"))
        today = due[due.days_left == 0]
        if len(today):
            names = [
                f"{quoted(clause(one_line(row.task), 18))}（第{row.number}项）"
                for row in each_row(today)
            ]
            said = f"其中{in_words(answers.quarter.as_of)}当日到期{len(today)}项，不算逾期："
            said += f"{listed(names, counted=True)}。"
            sentences.append(Sentence(said, "task_list", today, "due_today"))
    else:
        sentences.append(Sentence("还没有任务到期。"))
    sentences += _against_time(base, total.ahead_points)
    sentences += _first_and_last(answers.by_level1)
    red = base[base.lamp == "red"]
    yellow = base[base.lamp == "yellow"]
    if len(red) + len(yellow):
        late = f"（其中逾期{int(red.overdue.sum())}项）"
        lit = (("亮红灯", red, late), ("亮黄灯", yellow, ""))
        said = "，".join(f"{word}{len(rows)}项{of}" for word, rows, of in lit if len(rows))
        sentences.append(Sentence(f"{said}。", "task_list", pd.concat([red, yellow]), "lamps"))
    else:
        sentences.append(Sentence("没有红灯和黄灯。"))
    return sentences


def against_time(ahead_points: float) -> str:
    """How progress stands to the time passed, in percentage points as they are written."""
    gap = points(abs(ahead_points))
    if gap == "0.0":
        return "与序时进度持平"
    return f"{'领先' if ahead_points > 0 else '落后'}序时进度{gap}个百分点"


def _against_time(base: pd.DataFrame, ahead_points: Any) -> Iterator[Sentence]:
    """Mean progress of the dated base tasks against the time passed; nothing where it is unknown."""
    if not is_missing(ahead_points):
        dated = base[(base.state != "not_applicable") & base.expected_percent.notna()]
        yield Sentence(
            f"有期限的任务，平均进度{against_time(ahead_points)}。", "task_list", dated, "dated"
        )


def _first_and_last(by_level1: pd.DataFrame) -> Iterator[Sentence]:
    """Which indicators have the highest and the lowest completion rate."""
    rated = by_level1.dropna(subset="done_rate")
    if len(rated) < 2:
        return
    best, worst = rated.done_rate.max(), rated.done_rate.min()
    if best == worst:
        yield Sentence(
            f"{len(rated)}个一级指标的完成率都是{rate_of(rated, best, 1)}。",
            "completion",
            rated,
            "rates",
        )
        return
    first, last = rated[rated.done_rate == best], rated[rated.done_rate == worst]
    yield Sentence(
        f"{len(rated)}个一级指标中，完成率最高的是{_quoted(first)}（{rate_of(rated, best, 1)}），"
        f"最低的是{_quoted(last)}（{rate_of(rated, worst, 1)}）。",
        "completion",
        rated,
        "rates",
    )


def changes(answers: Answers) -> list[Sentence]:
    """What changed since the last meeting, one statement a kind of change."""
    found, quarter = answers.changes, answers.quarter
    if answers.total is None and found.empty:
        return [Sentence("所选范围内没有可比较的任务。")]
    told = [c for c in CHANGES if answers.has_progress or c not in JUDGED_CHANGES]
    sentences = []
    none = []
    for code in told:
        rows = found[found.change == code]
        if len(rows):
            said = f"{CHANGES[code]}{len(rows)}项：{numbered(rows)}。"
            sentences.append(Sentence(said, "changes_since", rows, code))
        else:
            none.append(CHANGES[code])
    if none:
        sentences.append(Sentence(f"没有{'、'.join(none)}的任务。"))
    # What it is compared with is said first, and once.
    first, *others = sentences
    sentences = [replace(first, text=f"与{quarter.compared_with}相比，{first.text}"), *others]
    if not answers.has_progress:
        sentences.append(Sentence("完成、逾期和滞后无从比较。"))
    return sentences


def change_summary(answers: Answers) -> str:
    """What changed since the last meeting, in one sentence."""
    counts = answers.changes.change.value_counts()
    told = [c for c in CHANGES if answers.has_progress or c not in JUDGED_CHANGES]
    said = [f"{CHANGES[code]}{counts[code]}项" for code in told if counts.get(code, 0)]
    nothing = "没有变化" if answers.has_progress else "任务、文字和期限没有变化"
    return f"与{answers.quarter.compared_with}相比，{'，'.join(said) or nothing}。"


def ranking(answers: Answers) -> list[Sentence]:
    """Who is first and last of each class of units."""
    units_alone = answers.units[answers.units["class"] != COLLECTIVE]
    ranked = units_alone.dropna(subset="rank_in_class")
    if not answers.has_progress and answers.total is not None:
        return [Sentence("尚无进展填报，不排名。")]
    sentences = []
    for name in UNIT_CLASSES:
        units = ranked[ranked["class"] == name].sort_values(["rank_in_class", "unit"])
        if units.empty:
            continue
        said = f"{name}{len(units)}个"
        first = units[units.rank_in_class == 1]
        best = rate_of(units, first.done_rate.iloc[0], 1)
        if len(first) == len(units):
            said += f"：{listed(list(first.unit), counted=True)}，"
            said += f"完成率{'都是' if len(units) > 1 else ''}{best}。"
        else:
            last = units[units.rank_in_class == units.rank_in_class.max()]
            shared = "并列第1" if len(first) > 1 else "第1"
            said += f"：{listed(list(first.unit))}{shared}（完成率{best}），"
            said += f"{listed(list(last.unit))}{'并列' if len(last) > 1 else ''}"
            said += f"第{int(last.rank_in_class.iloc[0])}"
            said += f"（完成率{rate_of(units, last.done_rate.iloc[0], 1)}）。"
        sentences.append(Sentence(said, "unit_workload", units, f"class_{name}"))
    few = units_alone[units_alone.rank_in_class.isna() & (units_alone.applicable > 0)]
    if len(few):
        names = listed(list(few.unit), counted=True)
        said = f"适用任务不足{few.fewest_ranked.iloc[0]}项的单位{len(few)}个，不排名：{names}。"
        sentences.append(Sentence(said, "unit_workload", few, "unranked"))
    are_collectives = answers.units["class"] == COLLECTIVE
    together = answers.units[are_collectives & (answers.units.applicable > 0)]
    if len(together):
        said = f"集体{len(together)}个，不排名。"
        sentences.append(Sentence(said, "unit_workload", together, "collectives"))
    return sentences or [Sentence("所选范围内没有可排名的单位。")]


def reporting(answers: Answers) -> list[Sentence]:
    """Who did not report, month by month."""
    if answers.total is None:
        return [Sentence("所选范围内没有应报送的任务。")]
    if not answers.has_progress:
        return [Sentence("尚无进展填报，不判断报送情况。")]
    if all(rows.empty for _, rows in answers.returns):
        months = "、".join(f"{day.month}月" for day, _ in answers.returns)
        return [Sentence(f"{months}{'都' if len(answers.returns) > 1 else ''}没有应报送的任务。")]
    sentences = []
    for day, rows in answers.returns:
        month = f"{day.month}月"
        if rows.empty:
            sentences.append(Sentence(f"{month}没有应报送的任务。"))
            continue
        if not answers.are_due(rows):
            due_by = in_words(rows.due_by.iloc[0].date())
            sentences.append(Sentence(f"{month}未到报送截止日（{due_by}），不判断报送情况。"))
            continue
        parts = []
        for code, word in reversed(RETURN_STATES.items()):
            names = list(rows.unit[rows.state == code])
            named = "" if code == "on_time" else f"（{listed(names, counted=True)}）"
            parts += [f"{word}{len(names)}个{named}"] if names else []
        said = f"{month}应报送单位{len(rows)}个，"
        if set(rows.state) == {"on_time"}:
            said += "全部按时报送。"
        else:
            said += f"{'，'.join(parts)}。"
        sentences.append(Sentence(said, "month_returns", rows, f"month_{day:%m}"))
    return sentences


def never_reported(answers: Answers) -> list[str]:
    """Units that reported nothing in any month of the quarter whose deadline has passed."""
    over = [rows for _, rows in answers.returns if answers.are_due(rows)]
    if not answers.has_progress or not over:
        return []
    silent = [set(rows[rows.state == "missing"].unit) for rows in over]
    return [unit for unit in over[-1].unit if all(unit in names for names in silent)]


def decided(answers: Answers) -> Sentence:
    """How the decisions of earlier meetings stand."""
    rows = answers.earlier_decisions
    if rows.empty:
        return Sentence("此前的例会没有登记议定事项。")
    counts = rows.state.value_counts()
    parts = [
        f"{word}{counts[code]}件"
        for code, word in reversed(DECISION_STATES.items())
        if counts.get(code, 0)
    ]
    late = int((rows.lamp == "red").sum())
    said = f"此前议定的{len(rows)}件事项中，{'，'.join(parts)}"
    said += f"；其中逾期{late}件。" if late else "；没有逾期。"
    return Sentence(said, "meeting_decisions", rows, "decisions")


def decided_now(answers: Answers) -> str:
    """How many decisions this quarter's own meeting made; nothing where none is on record."""
    count = int(answers.decisions.is_current.sum())
    return f"本次例会登记议定事项{count}件。" if count else ""


def to_decide(answers: Answers) -> list[Sentence]:
    """What is put before the meeting, each with its rows."""
    sentences = []
    base = answers.base
    if answers.has_progress:
        rows = base[base.overdue & (base.overdue_days > LONG_OVERDUE_DAYS)]
        if len(rows):
            said = f"逾期超过{LONG_OVERDUE_DAYS}天的任务{len(rows)}项（{numbered(rows)}），提请明确办结时限和责任。"
            sentences.append(Sentence(said, "task_list", rows, "long_overdue"))
    rows = answers.earlier_decisions
    rows = rows[rows.lamp == "red"]
    if len(rows):
        said = f"此前议定的事项逾期{len(rows)}件，提请督办。"
        sentences.append(Sentence(said, "meeting_decisions", rows, "late_decisions"))
    rows = answers.requests[answers.requests.state == "pending"]
    if len(rows):
        said = f"延期申请{len(rows)}件待审批（{numbered(rows)}），提请审定。"
        sentences.append(Sentence(said, "extension_requests", rows, "requests"))
    rows = answers.completions[answers.completions.state == "waiting"]
    if len(rows):
        said = f"已报完成、待核验的{len(rows)}件（涉及{rows.task_id.nunique()}项任务），提请按时核验销号。"
        sentences.append(Sentence(said, "reported_completions", rows, "completions"))
    names = never_reported(answers)
    if names:
        over = [(day, rows) for day, rows in answers.returns if answers.are_due(rows)]
        months = "、".join(f"{day.month}月" for day, _ in over)
        said = f"{months}{'均' if len(over) > 1 else ''}未报送的单位{len(names)}个"
        said += f"（{listed(names, counted=True)}），提请通报。"
        last = over[-1][1]
        sentences.append(Sentence(said, "month_returns", last[last.unit.isin(names)], "silent"))
    return sentences or [Sentence("没有需要提请议定的事项。")]


def next_quarter(answers: Answers) -> Sentence:
    """What falls due up to the end of the quarter after."""
    rows, coming = answers.due_next, answers.quarter.coming
    if rows.empty:
        return Sentence(f"{coming}没有到期的任务。")
    if not answers.has_progress:
        return Sentence(f"{coming}到期的任务{len(rows)}项。", "task_list", rows, "due_next")
    return Sentence(f"{coming}到期、尚未完成的任务{len(rows)}项。", "task_list", rows, "due_next")


def still_to_win(answers: Answers) -> Sentence:
    """What points are had, and which can still be won by the 评估日."""
    scheme, overall = answers.scheme, answers.overall_score
    if scheme is None:
        return Sentence(f"台账{NO_POINTS}，不计得分。")
    if overall is None:
        return Sentence("所选范围内没有计分的任务。")
    said = (
        f"按评分方案第{scheme.version}版，自评{score(overall.self_cents)}分，"
        f"其中已锁定{score(overall.secured_cents)}分"
    )
    assessed = in_words(scheme.assessed_on.date())
    if scheme.assessed_on.date() <= answers.quarter.as_of:
        return Sentence(f"{said}；评估日{assessed}已到，不再有可补的分。")
    rows = answers.to_win
    said += f"，到{assessed}评估最多可达{score(overall.reachable_cents)}分"
    if rows.empty:
        return Sentence(f"{said}；没有尚可补的分。")
    # Not the sum over the tasks: bonus marks are capped in total and 缺项 go with the rest.
    won = score(int(overall.reachable_cents - overall.self_cents))
    return Sentence(
        f"{said}；{rows.task_id.nunique()}项任务尚可补{won}分。", "open_points", rows, "to_win"
    )


def attention(answers: Answers) -> pd.DataFrame:
    """Base tasks that are overdue or behind, the gravest first."""
    base = answers.base
    rows = base[(base.overdue | base.behind) & answers.has_progress]
    return rows.sort_values(
        ["overdue_days", "points_behind", "number"],
        ascending=[False, False, True],
        na_position="last",
    )


def ahead(answers: Answers) -> pd.DataFrame:
    """Open base tasks that are ahead of time by at least the threshold of being behind."""
    base = answers.base
    least = float(answers.ledger.behind_yellow_points)
    rows = base[(base.points_behind <= -least) & answers.has_progress]
    return rows.sort_values(["points_behind", "number"])


def _quoted(rows: pd.DataFrame) -> str:
    # Between quotation marks stands no 、 (GB/T 15834).
    return "".join(f"“{name}”" for name in rows.short_name)
