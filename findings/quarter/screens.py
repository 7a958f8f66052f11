"""A briefing → one message a screen, in the order in which a meeting hears it.

Owns what stands on each screen and how lists are parted so that every line can be read from the back
of the room. Draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from findings.quarter import wording
from findings.quarter.answers import Answers
from findings.quarter.model import in_words, numbered, one_line
from words import NEEDS, each_row, is_missing, lamp, percent, rate, score

LINES = 5
"""Tasks on one screen; each takes up to two lines."""
NAMED = 3
"""Red tasks of an indicator on its screen, below its figures."""
MOST_TO_WIN = 8
"""Tasks with points still to be won, on as many screens as they need."""
UNITS = 9
"""Units on one screen."""


@dataclass(frozen=True)
class Bar:
    """How much of something is done, how far it is on average and how far it should be; each 0–100,
    unknown where nothing says."""

    done: float | None
    mean: float | None
    expected: float | None


@dataclass(frozen=True)
class Line:
    """A task, a decision or a unit: what marks it, what it is, how it stands, and the code of the lamp
    that the mark begins with."""

    mark: str
    text: str
    beside: str = ""
    lamp: str = ""


@dataclass(frozen=True)
class Screen:
    """One message with what it rests on."""

    part: str
    message: str
    figures: tuple[tuple[str, str], ...] = ()
    bar: Bar | None = None
    lines: tuple[Line, ...] = ()


def screens(answers: Answers) -> list[Screen]:
    """What earlier meetings decided, the whole, each indicator, red tasks by unit, what falls due next,
    which points can still be won, what is to be decided."""
    return [
        *_decided(answers),
        *_overall(answers),
        *_indicators(answers),
        *_red(answers),
        *_due_next(answers),
        *_to_win(answers),
        *_to_decide(answers),
    ]


def _parted(
    part: str, message: str, lines: Sequence[Line], most: int, nothing: str
) -> Iterator[Screen]:
    """As many screens as the lines need, each with the message; none is nearly empty."""
    if not lines:
        yield Screen(part, message, lines=(Line("", nothing),) if nothing else ())
        return
    count = -(-len(lines) // most)
    size = -(-len(lines) // count)
    for number, start in enumerate(range(0, len(lines), size), start=1):
        of = f"（{number}/{count}）" if count > 1 else ""
        yield Screen(f"{part}{of}", message, lines=tuple(lines[start : start + size]))


def _decided(answers: Answers) -> Iterator[Screen]:
    lines = [
        Line(
            lamp(row.lamp),
            one_line(row.text),
            "；".join(
                (
                    "未明确单位" if is_missing(row.unit) else row.unit,
                    wording.DECISION_STATES[row.state],
                    row.reason,
                )
            ),
            row.lamp,
        )
        for row in each_row(answers.earlier_decisions)
    ]
    yield from _parted("此前的议定事项", wording.decided(answers).text, lines, LINES, "")


def _overall(answers: Answers) -> Iterator[Screen]:
    total = answers.total
    if total is None:
        yield Screen("总体情况", wording.overall(answers)[0].text)
        return
    said = wording.overall(answers)
    if not answers.has_progress:
        # How many tasks each indicator has is all that an issued ledger tells.
        lines = [Line(f"{row.tasks}项", row.level1) for row in each_row(answers.by_level1)]
        yield from _parted("总体情况", said[0].text, lines, UNITS, "")
        return
    figures = (
        ("完成率", rate(total)),
        ("完成", f"{total.done}/{total.applicable}"),
        ("逾期", f"{total.overdue}项"),
        ("滞后", f"{total.behind}项"),
        ("红灯（含逾期）", f"{int(answers.by_level1.red.sum())}项"),
    )
    message = f"截至{in_words(answers.quarter.as_of)}，{total.applicable}项任务完成{total.done}项"
    yield Screen(
        "总体情况",
        f"{message}。",
        figures,
        Bar(total.done_rate, total.mean_percent, total.expected_percent),
        tuple(Line("", each.text) for each in said[1:]),
    )
    changes = [Line("", each.text) for each in wording.changes(answers)]
    yield from _parted("与上次相比", wording.change_summary(answers), changes, UNITS, "")


def _indicators(answers: Answers) -> Iterator[Screen]:
    base = answers.base
    for row in each_row(answers.by_level1) if answers.has_progress else ():
        own = base[base.level1 == row.level1]
        grave = own[(own.lamp == "red") | own.overdue]
        grave = grave.sort_values(["overdue_days", "points_behind"], ascending=False)
        message = f"{row.level1}：{row.applicable}项完成{row.done}项，完成率{rate(row, decimals=1)}"
        if not is_missing(row.ahead_points):
            message += f"，平均进度{wording.against_time(row.ahead_points)}"
        figures = (
            ("完成率", rate(row)),
            ("平均进度", percent(row.mean_percent)),
            ("逾期", f"{row.overdue}项"),
            ("滞后", f"{row.behind}项"),
            ("红灯（含逾期）", f"{row.red}项"),
        )
        shown = grave.head(NAMED)
        lines = [_task(each) for each in each_row(shown)]
        if len(grave) > len(shown):
            rest = grave.iloc[len(shown) :]
            lines.append(
                Line(
                    "",
                    f"另有红灯{len(rest)}项，其中逾期{int(rest.overdue.sum())}项：{numbered(rest)}",
                )
            )
        if grave.empty:
            lines = [Line("", "没有红灯任务。")]
        yield Screen(
            "一级指标",
            f"{message}。",
            figures,
            Bar(row.done_rate, row.mean_percent, row.expected_percent),
            tuple(lines),
        )


def _red(answers: Answers) -> Iterator[Screen]:
    if not answers.has_progress:
        return
    red = answers.red
    if red.empty:
        yield Screen("各单位红灯任务", wording.NO_RED)
        return
    lines = []
    for unit, rows in red.groupby("unit", sort=False):
        late = int(rows.overdue_days.notna().sum())
        beside = f"其中逾期{late}项"
        mark = f"{lamp('red')} {len(rows)}项"
        lines.append(Line(mark, f"{unit}：{numbered(rows, 14)}", beside, "red"))
    lines.sort(key=lambda line: -int(line.mark.split()[-1].removesuffix("项")))
    tasks = red.task_id.nunique()
    overdue = red[red.overdue_days.notna()].task_id.nunique()
    message = f"红灯任务{tasks}项，其中逾期{overdue}项，涉及{len(lines)}个单位；几个单位共同负责的各列一次。"
    yield from _parted("各单位红灯任务", message, lines, UNITS, "")


def _due_next(answers: Answers) -> Iterator[Screen]:
    rows = answers.due_next
    lines = [
        Line(
            f"{row.effective_due_on:%Y-%m-%d}",
            f"第{row.number}项　{one_line(row.task)}",
            "" if is_missing(row.units) else row.units,
        )
        for row in each_row(rows)
    ]
    yield from _parted(
        f"{answers.quarter.coming}到期", wording.next_quarter(answers).text, lines, LINES, ""
    )


def _to_win(answers: Answers) -> Iterator[Screen]:
    if answers.scheme is None:
        return
    said = wording.still_to_win(answers)
    lines = [
        Line(
            f"+{score(row.won_cents)}分",
            f"第{row.number}项　{one_line(row.task)}",
            _beside(NEEDS[row.needs], row.units),
        )
        for row in each_row(answers.to_win.head(MOST_TO_WIN))
    ]
    message = said.text
    overall = answers.overall_score
    if lines and overall is not None:
        message = (
            f"自评{score(overall.self_cents)}分，最多可达{score(overall.reachable_cents)}分；"
            f"{answers.to_win.task_id.nunique()}项任务尚可补分，最省力的{len(lines)}步："
        )
    yield from _parted("尚可补的分", message, lines, LINES - 1, "")


def _to_decide(answers: Answers) -> Iterator[Screen]:
    said = wording.to_decide(answers)
    has_any = any(each.rows is not None for each in said)
    lines = [Line(f"{n}", each.text) for n, each in enumerate(said, start=1) if has_any]
    message = f"提请议定{len(lines)}件事项。" if lines else said[0].text
    yield from _parted("提请议定", message, lines, LINES, "")


def _task(row: Any) -> Line:
    text = f"第{row.number}项　{one_line(row.task)}"
    return Line(lamp(row.lamp), text, _beside(row.reason, row.units), row.lamp)


def _beside(what: str, units: Any) -> str:
    """What matters first: of many units the last ones may find no room."""
    return what if is_missing(units) else f"{what}；{units}"
