"""Answers about a quarter → the tables that notice, slides, workbook and leaflet lay out alike.

Owns which columns a table has and how its codes are worded. Computes no figure but shares of a whole.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from findings.quarter import notice, wording
from findings.quarter.answers import Answers
from findings.quarter.model import Column, Table, numbered, one_line
from findings.quarter.wording import NO_RED
from metrics import NO_LIMIT
from words import (
    DEADLINE_KINDS,
    KINDS,
    NEEDS,
    RETURN_STATES,
    ROLES,
    STATES,
    RateOfFew,
    close_set,
    each_row,
    is_missing,
    lamp,
    rate_of_row,
    rounded_percent,
)

NUMBER = Column("编号", 4.5, True)
TASK = Column("目标任务", 26)
UNITS = Column("责任单位", 16)
DUE = Column("期限", 9)
REASON = Column("理由", 14)
NOT_REPORTED = "未填报"


def tables(answers: Answers) -> dict[str, Table]:
    """Every table of a briefing, by key, in the order of the annexes."""
    made = (
        _states(answers),
        _indicators(answers),
        _trend(answers),
        _decisions(answers),
        _changes(answers),
        _attention(answers),
        _red_units(answers),
        _red(answers),
        _units(answers),
        _ranking(answers),
        _returns(answers),
        _due_next(answers),
        _to_win(answers),
        _pending(answers),
        _tasks(answers),
    )
    return {table.key: table for table in made}


def _states(answers: Answers) -> Table:
    rows = list(wording.states(answers))
    whole = sum(n for _, n, _ in rows)
    total = (("合计", whole, 100.0),) if whole else ()
    shares = [share for _, n, share in rows if n]
    bent = "（占比四舍五入，相加不等于100.0）" if shares and round(sum(shares), 1) != 100 else ""
    return Table(
        "states",
        f"基本任务按状态{bent}",
        (Column("状态", 12), Column("项数", 6, True), Column("占比（%）", 8, True)),
        (*((word, n, share) for word, n, share in rows if n), *total),
        "completion",
    )


def _indicators(answers: Answers) -> Table:
    columns = (
        Column("一级指标", 18),
        *(
            Column(name, 5 if len(name) < 8 else 6, True)
            for name in ("适用", "完成", "完成率（%）", "到期", "到期完成率（%）")
        ),
        *(
            Column(name, 5, True)
            for name in ("平均进度（%）", "序时进度（%）", "逾期", "滞后", "红灯")
        ),
    )
    rows = [
        (row.level1, int(row.applicable))
        + (
            (
                *(int(row.done), _rate(row), int(row.due), _rate(row, "due_rate")),
                *(_figure(row.mean_percent), _figure(row.expected_percent)),
                *(int(row.overdue), int(row.behind), int(row.red)),
            )
            if answers.has_progress
            else (None, None, int(row.due), None, None, _figure(row.expected_percent)) + (None,) * 3
        )
        for row in each_row(answers.by_level1)
    ]
    return Table("indicators", "各一级指标完成情况", columns, tuple(rows), "completion")


def _trend(answers: Answers) -> Table:
    trend = answers.trend if answers.has_progress else answers.trend.head(0)
    rows = [
        (
            *(row.as_of.date(), int(row.applicable), int(row.done), _rate(row)),
            *(_figure(row.mean_percent), _figure(row.expected_percent), int(row.overdue)),
        )
        for row in each_row(trend)
    ]
    columns = (
        Column("截至", 9),
        *(Column(name, 6, True) for name in ("适用", "完成", "完成率（%）")),
        *(Column(name, 6, True) for name in ("平均进度（%）", "序时进度（%）", "逾期")),
    )
    return Table("trend", "逐月走势", columns, tuple(rows), "trend", _none(answers, "没有走势。"))


def _decisions(answers: Answers) -> Table:
    chosen = pd.concat([answers.decisions[answers.decisions.is_current], answers.earlier_decisions])
    rows = [
        (
            row.held_on.date(),
            one_line(row.text),
            _text(row.unit, "未明确"),
            _day(row.due_on, "未定"),
            None if is_missing(row.number) else int(row.number),
            wording.DECISION_STATES[row.state],
            f"{lamp(row.lamp)}（{close_set(row.reason)}）",
            _text(row.narrative, ""),
        )
        for row in each_row(chosen)
    ]
    columns = (
        *(
            Column("例会日期", 9),
            Column("议定事项", 24),
            Column("责任单位", 10),
            Column("办结期限", 9),
        ),
        *(
            Column("相关任务", 6.5, True),
            Column("办理状态", 6.5),
            Column("预警灯", 10),
            Column("办理情况", 14),
        ),
    )
    return Table(
        "decisions",
        "例会议定事项办理情况",
        columns,
        tuple(rows),
        "meeting_decisions",
        "没有登记议定事项。",
    )


def _changes(answers: Answers) -> Table:
    told = set(wording.CHANGES)
    if not answers.has_progress:
        told -= set(wording.JUDGED_CHANGES)
    rows = [
        (
            wording.CHANGES[row.change],
            int(row.number),
            one_line(row.task),
            _text(row.units, ""),
            _day(row.due_then, "未明确") if row.change != "added" else None,
            _day(row.effective_due_on, "未明确") if row.change != "removed" else None,
            one_line(row.task_then) if row.change == "reworded" else close_set(row.reason),
        )
        for row in each_row(answers.changes)
        if row.change in told
    ]
    columns = (
        *(Column("变化", 6.5), NUMBER, TASK, UNITS),
        *(Column("当时期限", 9), Column("现期限", 9), Column("理由或原文字", 15)),
    )
    title = f"与{answers.quarter.compared_with}相比的变化"
    return Table("changes", title, columns, tuple(rows), "changes_since", "没有变化。")


def _attention(answers: Answers) -> Table:
    lasting, _ = notice.lagging(answers)
    rows = [
        (
            *(lamp(row.lamp), int(row.number), one_line(row.task), _text(row.units, "")),
            *(_due(row), _progress(row), close_set(row.reason)),
            "持续" if row.task_id in set(lasting.task_id) else "新增",
        )
        for row in each_row(wording.attention(answers))
    ]
    columns = (
        *(Column("预警灯", 6), NUMBER, TASK, UNITS, DUE, Column("进度（%）", 5, True), REASON),
        Column("上次已滞后", 5),
    )
    return Table(
        "attention",
        "逾期和滞后任务清单",
        columns,
        tuple(rows),
        "task_list",
        _none(answers, "没有逾期和滞后的任务。"),
    )


def _red_units(answers: Answers) -> Table:
    rows = [
        (
            *(own["class"].iloc[0], unit, len(own), int(own.overdue_days.notna().sum())),
            numbered(own, NO_LIMIT),
        )
        for unit, own in answers.red.groupby("unit", sort=False)
    ]
    rows.sort(key=lambda row: -row[2])
    columns = (
        *(Column("类别", 9), Column("单位", 20), Column("红灯", 5, True)),
        *(Column("其中逾期", 6, True), Column("任务编号", 30)),
    )
    return Table(
        "red_units", "各单位红灯任务数", columns, tuple(rows), "red_duties", _none(answers, NO_RED)
    )


def _red(answers: Answers) -> Table:
    rows = [
        (
            *(row["class"], row.unit, ROLES[row.role], int(row.number)),
            *(one_line(row.task), _day(row.effective_due_on, "未明确"), close_set(row.reason)),
        )
        for _, row in answers.red.iterrows()
    ]
    columns = (Column("类别", 8), Column("单位", 12), Column("角色", 5), NUMBER, TASK, DUE, REASON)
    return Table(
        "red", "各单位红灯任务", columns, tuple(rows), "red_duties", _none(answers, NO_RED)
    )


def _ranking(answers: Answers) -> Table:
    units = answers.units[answers.units["class"] != wording.COLLECTIVE]
    ranked = units.dropna(subset="rank_in_class")
    ranked = ranked if answers.has_progress else ranked.head(0)
    order = {name: place for place, name in enumerate(wording.UNIT_CLASSES)}
    ranked = ranked.assign(place=ranked["class"].map(order)).sort_values(
        ["place", "rank_in_class", "unit"]
    )
    rows = [
        (
            *(row["class"], int(row.rank_in_class), row.unit, int(row.applicable), int(row.done)),
            *(_rate(row), int(row.overdue), int(row.behind)),
        )
        for _, row in ranked.iterrows()
    ]
    columns = (
        *(
            Column("类别", 9),
            Column("名次", 4, True),
            Column("单位", 20),
            Column("适用任务", 6, True),
        ),
        *(Column("完成", 5, True), Column("完成率（%）", 6, True)),
        *(Column("逾期", 5, True), Column("滞后", 5, True)),
    )
    return Table(
        "ranking",
        "各单位完成情况同类排名",
        columns,
        tuple(rows),
        "unit_workload",
        _none(answers, "没有可排名的单位。"),
    )


def _units(answers: Answers) -> Table:
    """Every unit with tasks that apply: what is done, what is late, its rank, its last month's return."""
    carrying = answers.units[(answers.units.applicable > 0) & answers.has_progress]
    returned = {}
    for _, returns in answers.returns:
        if answers.are_due(returns):
            returned = dict(zip(returns.unit, returns.state, strict=True))
    rows = [
        (
            *(row["class"], row.unit, int(row.applicable), int(row.done), _rate(row)),
            *(int(row.overdue), int(row.behind)),
            None
            if row["class"] == wording.COLLECTIVE or is_missing(row.rank_in_class)
            else int(row.rank_in_class),
            RETURN_STATES.get(returned.get(row.unit, ""), "无应报"),
        )
        for _, row in carrying.iterrows()
    ]
    columns = (
        *(Column("类别", 9), Column("单位", 20), Column("适用任务", 5, True)),
        *(Column("完成", 5, True), Column("完成率（%）", 6, True), Column("逾期", 5, True)),
        *(Column("滞后", 5, True), Column("同类名次", 5, True), Column("当月报送", 7)),
    )
    nothing = _none(answers, "没有承担任务的单位。")
    return Table("units", "各单位任务完成情况", columns, tuple(rows), "unit_workload", nothing)


def _returns(answers: Answers) -> Table:
    classes: dict[str, str] = {}
    states: dict[str, dict[int, str]] = {}
    for day, rows in answers.returns if answers.has_progress else ():
        for _, row in rows.iterrows():
            classes[row.unit] = row["class"]
            told = RETURN_STATES[row.state]
            if row.state == "partly":
                told += f"（{row.reported}/{row.tasks_due}）"
            if not answers.are_due(rows):
                told = "未到报送截止日"
            states.setdefault(row.unit, {})[day.month] = told
    months = [day.month for day, _ in answers.returns]
    late = RETURN_STATES["missing"], RETURN_STATES["partly"], RETURN_STATES["late"]
    chosen = [
        unit
        for unit, told in states.items()
        if any(said.startswith(late) for said in told.values())
    ]
    order = {name: place for place, name in enumerate(wording.UNIT_CLASSES)}
    chosen.sort(key=lambda unit: order.get(classes[unit], len(order)))
    cells = [
        (classes[unit], unit, *(states[unit].get(month, "无应报") for month in months))
        for unit in chosen
    ]
    columns = (Column("类别", 9), Column("单位", 20), *(Column(f"{m}月", 10) for m in months))
    over = "、".join(f"{day.month}月" for day, rows in answers.returns if answers.are_due(rows))
    said = f"{over}都按时报送。" if over else "各月都未到报送截止日。"
    asked = any(len(rows) for _, rows in answers.returns)
    nothing = _none(answers, said if asked else "没有应报送的任务。")
    return Table("returns", "没有按时报全的单位", columns, tuple(cells), "month_returns", nothing)


def _due_next(answers: Answers) -> Table:
    rows = [
        (
            *(row.effective_due_on.date(), int(row.number), one_line(row.task)),
            *(_text(row.units, ""), _state(answers, row), _progress(row)),
        )
        for row in each_row(answers.due_next)
    ]
    columns = (DUE, NUMBER, TASK, UNITS, Column("状态", 6), Column("进度（%）", 5, True))
    title, nothing = f"{answers.quarter.coming}到期任务", wording.next_quarter(answers).text
    return Table("due_next", title, columns, tuple(rows), "task_list", nothing)


def _to_win(answers: Answers) -> Table:
    rows = [
        (
            *(int(row.number), one_line(row.task), _text(row.units, "")),
            *(_points(row.to_cents - row.won_cents), _points(row.to_cents), _points(row.won_cents)),
            NEEDS[row.needs],
            float(row.step_effort),
        )
        for row in each_row(answers.to_win)
    ]
    columns = (
        *(NUMBER, TASK, UNITS, Column("现得分", 6, True), Column("可得分", 6, True)),
        *(Column("可补", 5, True), Column("做什么", 9), Column("工作量", 5, True)),
    )
    nothing = wording.still_to_win(answers).text
    return Table("to_win", "尚可补的分", columns, tuple(rows), "open_points", nothing)


def _pending(answers: Answers) -> Table:
    pending = answers.requests[answers.requests.state == "pending"]
    rows = [
        (
            *(int(row.number), one_line(row.task), _text(row.units, "")),
            *(_day(row.due_then, "未明确"), row.new_due_on.date(), row.reason),
        )
        for row in each_row(pending)
    ]
    columns = (NUMBER, TASK, UNITS, Column("现期限", 9), Column("申请延至", 9), Column("理由", 14))
    return Table(
        "requests",
        "待审批的延期申请",
        columns,
        tuple(rows),
        "extension_requests",
        "没有待审批的延期申请。",
    )


def _tasks(answers: Answers) -> Table:
    rows = [
        (
            *(int(row.number), KINDS[row.kind], row.level1, one_line(row.task)),
            *(_text(row.units, ""), _due(row), _state(answers, row), _progress(row)),
            *(lamp(row.lamp), close_set(row.reason)),
        )
        for row in each_row(answers.tasks)
    ]
    columns = (
        *(NUMBER, Column("类别", 6), Column("一级指标", 14), TASK, UNITS, DUE),
        *(Column("状态", 6), Column("进度（%）", 5, True), Column("预警灯", 6), REASON),
    )
    return Table("tasks", "全部任务", columns, tuple(rows), "task_list")


def _none(answers: Answers, found_none: str) -> str:
    if answers.total is None:
        return "没有符合条件的事项。"
    return found_none if answers.has_progress else wording.NO_PROGRESS


def _state(answers: Answers, row: Any) -> str:
    if row.kind != "base":
        return ""
    # Nothing is called overdue where nothing was ever reported.
    return STATES[row.state] if answers.has_progress else NOT_REPORTED


def _progress(row: Any) -> float | str:
    if row.kind != "base":
        return ""
    return NOT_REPORTED if is_missing(row.percent) else rounded_percent(float(row.percent), 1)


def _due(row: Any) -> Any:
    return _day(row.effective_due_on, row.deadline_text or DEADLINE_KINDS["unspecified"])


def _day(value: Any, otherwise: str) -> Any:
    return otherwise if is_missing(value) else value.date()


def _text(value: Any, otherwise: str) -> str:
    return otherwise if is_missing(value) else one_line(str(value))


def _figure(value: Any) -> float | None:
    """A percentage as it is shown."""
    return None if is_missing(value) else rounded_percent(float(value), 1)


def _rate(row: Any, name: str = "done_rate") -> float | None:
    value = rate_of_row(row, name)
    return value if isinstance(value, RateOfFew) else _figure(value)


def _points(cents: Any) -> Decimal | None:
    return None if is_missing(cents) else Decimal(int(cents)) / 100
