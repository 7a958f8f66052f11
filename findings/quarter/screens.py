"""A briefing → the screens of a meeting, one message each, in the order in which it hears them.

Owns what stands on each screen and how much of a long list does. There are at most ten whatever the
ledger, and none without content: a list names the gravest and counts the rest. Draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from findings import forecast, progress, reasons
from findings.quarter import wording
from findings.quarter.answers import Answers
from findings.quarter.model import in_document, in_words, one_line
from words import (
    NEEDS,
    RETURN_STATES,
    UNIT_CLASSES,
    close_set,
    day,
    each_row,
    is_missing,
    lamp,
    percent,
    points,
    score,
    shorten,
)

INDICATORS, REDS, STEPS, DECISIONS, UNLIKELY, COMING = 12, 4, 5, 5, 5, 6
"""How many of each a screen has room for at the size that is read from the back of the room."""
NAMED, CHANGED = 8, 20
"""Red tasks named below those with their reasons; changed tasks on their screen, of all kinds."""
UNITS = 4
"""Units named at either end of a long class, where not all have room."""
ROOM_FOR_UNITS = 700
"""Characters of units' names that their screen has room for; each takes eight more for its figures."""
NAME, TASK, REASON = 14, 36, 34
"""Characters of a task's name in a row of names, of one that has a line, and of a unit's reason."""

LAMP_ORDER = ("red", "yellow", "green", "grey", "blue")

Kind = Literal["task", "unit"]


@dataclass(frozen=True)
class Opened:
    """What a name on a screen opens: a task by its id, a unit by its name."""

    kind: Kind
    key: Any


@dataclass(frozen=True)
class Bar:
    """How much of something is done, how far it is on average and how far it should be; each 0–100,
    unknown where nothing says."""

    done: float | None
    mean: float | None
    expected: float | None


@dataclass(frozen=True)
class Item:
    """A name among others, what it opens, and the code of a lamp where it has one."""

    text: str
    opens: Opened | None = None
    lamp: str = ""


@dataclass(frozen=True)
class Line:
    """A task, a decision, an indicator or a group of names: what marks it, what it is and opens, how it
    stands, and the code of the lamp that the mark begins with."""

    mark: str
    text: str = ""
    beside: str = ""
    lamp: str = ""
    opens: Opened | None = None
    items: tuple[Item, ...] = ()
    bar: Bar | None = None


@dataclass(frozen=True)
class Screen:
    """One message with what it rests on, and notes below that."""

    part: str
    message: str
    figures: tuple[tuple[str, str], ...] = ()
    bar: Bar | None = None
    lines: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()


def screens(answers: Answers) -> list[Screen]:
    """The whole, the indicators, what changed, what is red and why, units, returns, points, the year's
    end, what was decided and what is to be; those that have something to say."""
    return [
        *_overall(answers),
        *_indicators(answers),
        *_changes(answers),
        *_red(answers),
        *_units(answers),
        *_returns(answers),
        *_points(answers),
        *_year_end(answers),
        *_decided(answers),
        *_to_decide(answers),
    ]


def _overall(answers: Answers) -> Iterator[Screen]:
    total = answers.total
    if total is None:
        yield Screen("总体", wording.overall(answers)[0].text)
        return
    said = wording.overall(answers)
    if not answers.has_progress:
        # How many tasks each indicator has is all that an issued ledger tells.
        rows = list(each_row(answers.by_level1))
        lines = [Line(f"{row.tasks}项", row.level1) for row in rows[:INDICATORS]]
        if len(rows) > INDICATORS:
            lines.append(Line("", f"其余{len(rows) - INDICATORS}个指标见“指标完成率”。"))
        yield Screen("总体", said[0].text, lines=tuple(lines))
        return
    since = "较上次例会" if answers.quarter.compared_with.startswith("上次") else "较上季度末"
    figures = (
        ("完成", f"{total.done}/{total.applicable}"),
        ("逾期", f"{total.overdue}"),
        ("红灯", f"{total.red}（逾期{total.overdue}）"),
        (since, f"{answers.done_since:+d}"),
    )
    message = (
        f"截至{in_words(answers.quarter.as_of)}，{total.applicable}项任务完成{total.done}项，"
        f"亮红灯{total.red}项，其中逾期{total.overdue}项。"
    )
    yield Screen(
        "总体",
        message,
        figures,
        Bar(total.done_rate, total.mean_percent, total.expected_percent),
        # The lamps stand in the message.
        tuple(Line("", each.text) for each in said[1:] if each.key != "lamps"),
    )


def _indicators(answers: Answers) -> Iterator[Screen]:
    rows = answers.by_level1
    if not answers.has_progress or len(rows) < 2:
        return
    shown = rows
    if len(rows) > INDICATORS:
        shown = rows.sort_values("ahead_points", na_position="last").head(INDICATORS).sort_index()
    lines = []
    for row in each_row(shown):
        beside = f"完成{row.done}/{row.applicable}"
        if not is_missing(row.ahead_points):
            beside += f"，{_against_time(row.ahead_points)}"
        beside += f"，红灯{row.red}项" if row.red else ""
        bar = Bar(row.done_rate, row.mean_percent, row.expected_percent)
        lines.append(Line(row.short_name, beside=beside, bar=bar))
    left = len(rows) - len(shown)
    notes = (f"列出落后最多的{INDICATORS}个，其余{left}个见“指标完成率”。",) if left else ()
    message = progress.completion(rows, answers.ledger.behind_yellow_points)
    yield Screen("各指标", f"{in_document(message)}。", lines=tuple(lines), notes=notes)


def _against_time(ahead_points: float) -> str:
    return wording.against_time(ahead_points).replace("序时进度", "序时").replace("个百分点", "点")


def _changes(answers: Answers) -> Iterator[Screen]:
    found = answers.changes
    told = [
        (word, found[found.change == code])
        for code, word in wording.CHANGES.items()
        if answers.has_progress or code not in wording.JUDGED_CHANGES
    ]
    told = [(word, rows) for word, rows in told if len(rows)]
    # Every kind has room for some; what the small ones leave goes to the large.
    room, lines = CHANGED, {}
    for place, (word, rows) in enumerate(sorted(told, key=lambda each: len(each[1]))):
        share = max(2, room // (len(told) - place))
        lines[word] = Line(f"{word}{len(rows)}项", items=_named(rows, min(share, len(rows))))
        room -= min(share, len(rows))
    if lines:
        ordered = tuple(lines[word] for word, _ in told)
        yield Screen("与上次相比", wording.change_summary(answers), lines=ordered)


def _named(rows: pd.DataFrame, most: int, *, lamps: bool = False) -> tuple[Item, ...]:
    """The first tasks by name; the rest is counted."""
    items = [
        Item(
            f"{row.number} {shorten(one_line(row.task), NAME)}",
            Opened("task", row.task_id),
            row.lamp if lamps else "",
        )
        for row in each_row(rows.head(most))
    ]
    return tuple(items) + ((Item(f"等{len(rows)}项"),) if len(rows) > most else ())


def _red(answers: Answers) -> Iterator[Screen]:
    rows = answers.reasons
    if rows.empty:
        return
    lines = []
    for row in each_row(rows.head(REDS)):
        mark = (
            f"逾期{row.overdue_days}天" if row.overdue else f"落后{points(row.points_behind, 0)}点"
        )
        why = f"原因：{shorten(reasons.stated(row), REASON)}"
        step = reasons.next_step(row)
        then = f"；下一步：{shorten(step, REASON)}" if step else ""
        still = close_set(reasons.standstill(row))
        units = "" if is_missing(row.units) else shorten(row.units, NAME)
        beside = f"{why}{then}（{'，'.join(filter(None, (units, still)))}）"
        lines.append(_task_line(f"{lamp('red').split()[0]} {mark}", row, beside, "red"))
    rest = rows.iloc[REDS:]
    if len(rest):
        lines.append(Line(f"另有{len(rest)}项", items=_named(rest, NAMED)))
    overdue = int(rows.overdue.sum())
    never = int(rows.reported_on.isna().sum())
    message = f"红灯{len(rows)}项，其中逾期{overdue}项"
    message += f"；{never}项从未说明原因" if never else ""
    yield Screen("红灯与逾期", f"{message}。", lines=tuple(lines))


def _task_line(mark: str, row: Any, beside: str, code: str = "") -> Line:
    text = f"{row.number}　{shorten(one_line(row.task), TASK)}"
    return Line(mark, text, beside, code, Opened("task", row.task_id))


def _units(answers: Answers) -> Iterator[Screen]:
    units = answers.units[answers.units.applicable > 0]
    if not answers.has_progress or units.empty:
        return
    red = answers.red.groupby("unit").task_id.nunique()
    all_named = int(units.unit.str.len().sum()) + 8 * len(units) <= ROOM_FOR_UNITS
    lines = []
    for name in UNIT_CLASSES:
        rows = units[units["class"] == name].sort_values(
            ["done_rate", "unit"], ascending=[False, True]
        )
        if rows.empty:
            continue
        every = [
            Item(
                f"{row.unit} {row.done}/{row.applicable}",
                Opened("unit", row.unit),
                "red" if row.unit in red.index else "",
            )
            for row in each_row(rows)
        ]
        left = len(every) - 2 * UNITS
        if left > 1 and not all_named:
            between = rows.iloc[UNITS:-UNITS]
            span = "～".join(percent(between.done_rate.iloc[place]) for place in (-1, 0))
            rest = Item(f"其间{left}个完成率{span}，逐个见“单位情况”")
            every = [*every[:UNITS], rest, *every[-UNITS:]]
        lines.append(Line(f"{name}{len(rows)}个", items=tuple(every)))
    message = f"{len(units)}个单位按完成率从高到低排列，分数为完成数和适用数"
    if len(red):
        most = sorted(red.index[red == red.max()])
        named = "、".join(most[:2]) + ("等" if len(most) > 2 else "")
        message = f"红灯最多的是{named}（{int(red.max())}项）；{message}"
    yield Screen("单位", f"{message}。", lines=tuple(lines))


def _returns(answers: Answers) -> Iterator[Screen]:
    judged = [(on, rows) for on, rows in answers.returns if len(rows) and answers.are_due(rows)]
    if not answers.has_progress or not judged:
        return
    on, rows = judged[-1]
    counts = {code: int((rows.state == code).sum()) for code in RETURN_STATES}
    figures = (
        (f"{on.month}月应报送", f"{len(rows)}"),
        *((word, f"{counts[code]}/{len(rows)}") for code, word in reversed(RETURN_STATES.items())),
    )
    lines = [Line("", each.text) for each in wording.reporting(answers)]
    silent = wording.never_reported(answers)
    if silent:
        items = [Item(unit, Opened("unit", unit)) for unit in silent[: 2 * UNITS]]
        if len(silent) > 2 * UNITS:
            items.append(Item(f"等{len(silent)}个"))
        lines.append(Line("每月都没有报", items=tuple(items)))
    message = f"{on.month}月应报送的{len(rows)}个单位，{counts['on_time']}个按时报送。"
    yield Screen("报送", message, figures, lines=tuple(lines))


def _points(answers: Answers) -> Iterator[Screen]:
    overall = answers.overall_score
    if answers.scheme is None or overall is None:
        return
    figures = (
        ("自评", f"{score(overall.self_cents)}分"),
        ("已锁定", f"{score(overall.secured_cents)}分"),
        ("最多可达", f"{score(overall.reachable_cents)}分"),
    )
    lines = []
    for row in each_row(answers.to_win.head(STEPS)):
        beside = NEEDS[row.needs]
        beside += "" if is_missing(row.units) else f"；{shorten(row.units, TASK)}"
        lines.append(_task_line(f"+{score(row.won_cents)}分", row, beside))
    message = wording.still_to_win(answers).text
    if lines:
        won = score(int(overall.reachable_cents - overall.self_cents))
        message = (
            f"自评{score(overall.self_cents)}分，{answers.to_win.task_id.nunique()}项任务尚可补{won}分；"
            f"最省力的{len(lines)}步："
        )
    yield Screen("得分与可补", message, figures, lines=tuple(lines))


def _year_end(answers: Answers) -> Iterator[Screen]:
    rows = answers.forecast
    coming = wording.next_quarter(answers)
    if not forecast.is_known(rows):
        due = answers.due_next
        if len(due):
            lines = [_task_line(day(row.effective_due_on), row, "" if is_missing(row.units) else row.units)
                     for row in each_row(due.head(COMING))]  # fmt: skip
            left = len(due) - COMING
            notes = (f"另有{left}项。",) if left > 0 else ()
            yield Screen(
                f"{answers.quarter.coming}到期", coming.text, lines=tuple(lines), notes=notes
            )
        return
    counts = rows.outlook.value_counts()
    low, high = forecast.bounds(rows.iloc[0])
    figures = (
        ("预计完成", f"{low}–{high}项" if low < high else f"{high}项"),
        *((word, f"{counts.get(code, 0)}项") for code, word in forecast.OUTLOOKS.items()),
    )
    unlikely = forecast.unlikely(rows)
    lines = [
        _task_line("可能完不成", row, forecast.because(row))
        for row in each_row(unlikely.head(UNLIKELY))
    ]
    if len(unlikely) > UNLIKELY:
        lines.append(Line("另有", items=_named(unlikely.iloc[UNLIKELY:], UNITS)))
    if not lines:
        lines = [Line("", coming.text)]
    stated = (forecast.METHOD, forecast.ERROR)
    yield Screen("年底能否完成", forecast.total(rows), figures, lines=tuple(lines), notes=stated)


def _decided(answers: Answers) -> Iterator[Screen]:
    rows = answers.earlier_decisions
    if rows.empty:
        return
    graver = rows.assign(place=rows.lamp.map(LAMP_ORDER.index)).sort_values("place", kind="stable")
    lines = [
        Line(
            lamp(row.lamp),
            shorten(one_line(row.text), 2 * TASK),
            "；".join(
                filter(
                    None,
                    (
                        "未明确单位" if is_missing(row.unit) else row.unit,
                        wording.DECISION_STATES[row.state],
                        close_set(row.reason),
                        "" if is_missing(row.narrative) else shorten(row.narrative, REASON),
                    ),
                )
            ),
            row.lamp,
            None if is_missing(row.task_id) else Opened("task", row.task_id),
        )
        for row in each_row(graver.head(DECISIONS))
    ]
    left = len(rows) - DECISIONS
    notes = (f"另有{left}件见“季度例会”。",) if left > 0 else ()
    yield Screen("上次议定", wording.decided(answers).text, lines=tuple(lines), notes=notes)


def _to_decide(answers: Answers) -> Iterator[Screen]:
    said = [each for each in wording.to_decide(answers) if each.rows is not None]
    lines = []
    for place, each in enumerate(said, start=1):
        rows = each.rows
        assert rows is not None
        items: Sequence[Item] = ()
        if "task_id" in rows and "task" in rows:
            named = rows.dropna(subset=["task_id", "task"]).drop_duplicates("task_id")
            items = _named(named, UNITS)
        elif "unit" in rows:
            items = [Item(unit, Opened("unit", unit)) for unit in rows.unit.head(2 * UNITS)]
        lines.append(Line(f"{place}", each.text, items=tuple(items)))
    if lines:
        yield Screen("提请议定", f"提请议定{len(lines)}件事项。", lines=tuple(lines))
