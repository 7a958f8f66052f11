"""Two days of one ledger: the completion rate then and now, and the tasks that changed in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import charts
import metrics
from findings import exhibits
from findings.progress import rate_of
from metrics.periods import quarter_containing
from screens import parts
from words import COLUMNS, UNKNOWN, day, day_in_sentence, is_missing, plain, points, rate

COUNTS = ("newly_done", "newly_overdue", "recovered", "no_longer_done")
TASKS = ["lamp", "change", "number", "short_name", "task", "due", "reason"]
EVERY_CHANGE, EVERY_INDICATOR = "全部变化", "全部指标"


def compare_dates(view: parts.View, top: DeltaGenerator) -> None:
    """The comparison of 截至日期 with an earlier day chosen on the page."""
    now = view.ask("completion", by="all")
    if now.empty or not now.has_progress.iloc[0]:
        with top:
            parts.headline(_why_not(has_tasks=not now.empty))
        if not now.empty:
            parts.how_to_report()
        return
    earlier = _earlier(view)
    then = view.ask("completion", replace(view.scope, as_of=earlier), by="all")
    changes = view.ask("compare_dates", compare_on=earlier)
    with top:
        parts.headline(_sentence(earlier, view.scope.as_of, then, now, changes))
    was, is_now = parts.only_row(then), now.iloc[0]
    moved = None if was is None else is_now.done_rate - was.done_rate
    parts.tiles(
        [
            ("当时完成率", UNKNOWN if was is None else rate(was), f"截至 {day(earlier)}"),
            (
                "现在完成率",
                rate(is_now),
                f"截至 {day(view.scope.as_of)}；下面是现在减当时",
                f"{points(moved, 0, signed=True)} 个百分点",
            ),
            *((COLUMNS[name], f"{changes[name].sum()} 项", "") for name in COUNTS),
        ]
    )

    def chosen(clicked: list[str]) -> None:
        st.session_state.changed_indicator = clicked[0]

    left, right = st.columns(2)
    with left:
        parts.draw(
            view, _rates(changes, earlier, view.scope.as_of), key="rates_of_dates", on_click=chosen
        )
    with right:
        parts.draw(view, exhibits.changes(changes, earlier), key="changes_of_dates")
    with st.container(border=True):
        st.markdown("**各一级指标**")
        parts.answer_table(
            view,
            parts.labelled(changes, exhibits.CHANGES),
            f"{day(earlier)} 与 {day(view.scope.as_of)} 的对照",
            "compare_dates",
            key="dates_table",
        )
    _tasks(view, earlier, list(changes.short_name))


def _rates(changes: pd.DataFrame, earlier: date, as_of: date) -> parts.Exhibit:
    """`compare_dates` rows: each indicator's rate on both days."""
    pairs = changes.rename(columns={"done_rate_then": "first", "done_rate": "second"})
    return parts.Exhibit(
        "compare_dates",
        _highest(changes),
        partial(
            charts.paired_bars,
            pairs,
            "short_name",
            (day(earlier), day(as_of)),
            of_percent=True,
            second_is_now=True,
        ),
        changes,
        exhibits.CHANGES,
    )


def _earlier(view: parts.View) -> date:
    """The earlier day; the eve of the quarter unless another is chosen."""
    first, as_of = view.started_on, view.scope.as_of
    usual = max(first, quarter_containing(as_of).eve)
    line = st.container(horizontal=True, vertical_alignment="bottom")
    chosen = line.date_input(
        "较早的日期", value=usual, min_value=first, max_value=as_of, key="compare_on",
        bind="query-params", format="YYYY-MM-DD", width=200,
    )  # fmt: skip
    line.caption(f"与左侧的截至日期 {day(as_of)} 对照", width="content")
    return chosen or usual


def _tasks(view: parts.View, earlier: date, indicators: list[str]) -> None:
    """The tasks that each count counts."""
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    words = {COLUMNS[name]: name for name in COUNTS}
    chosen = left.segmented_control(
        "看哪些任务", [EVERY_CHANGE, *words], default=EVERY_CHANGE, required=True, key="changed",
        bind="query-params",
    )  # fmt: skip
    indicator = right.selectbox(
        "一级指标", [EVERY_INDICATOR, *indicators], key="changed_indicator", bind="query-params"
    )
    changed = view.ask("changed_tasks", compare_on=earlier, row_limit=metrics.NO_LIMIT)
    if chosen != EVERY_CHANGE:
        changed = changed[changed[words[chosen]]]
    if indicator != EVERY_INDICATOR:
        changed = changed[changed.short_name == indicator]
    within = "" if indicator == EVERY_INDICATOR else f"“{indicator}”"
    with st.container(border=True):
        st.markdown(f"**{plain(within)}{chosen}：{len(changed):,} 项任务**（勾选一行看任务卡）")
        parts.listed_first(min(len(changed), parts.LISTED), len(changed))
        parts.task_table(view, 
            changed.head(parts.LISTED), TASKS, "changed_tasks", key="changed_tasks",
            title=f"{day(earlier)} 至 {day(view.scope.as_of)} {within}{chosen}的任务",
            everything=changed,
        )  # fmt: skip


def _why_not(*, has_tasks: bool) -> str:
    """Why two days are not compared."""
    if not has_tasks:
        return "所选范围内没有基本任务，请放宽筛选条件。"
    return "这份台账还没有任何进展填报，两个日期之间没有可以对照的完成情况。"


def _sentence(
    earlier: date, later: date, then: pd.DataFrame, now: pd.DataFrame, changes: pd.DataFrame
) -> str:
    """The headline of two days, from `completion` in total on both and `compare_dates`."""
    if earlier == later:
        return "两边是同一天，请选更早的日期。"
    clauses = f"{day_in_sentence(earlier)}至 {day_in_sentence(later)}，完成率"
    before = None if then.empty else then.done_rate.iloc[0]
    after = now.done_rate.iloc[0]
    if is_missing(before) or is_missing(after):
        clauses += f"现为 {rate(now.iloc[0])}，当时没有适用的任务"
    else:
        moved = after - before
        word = "升到" if moved > 0 else "降到"
        clauses += (
            f"由 {rate(then.iloc[0])} {word} {rate(now.iloc[0])}"
            if moved
            else f"没有变化（{rate(now.iloc[0])}）"
        )
    counts = [
        f"{word} {changes[name].sum()} 项"
        for name, word in (
            ("newly_done", "新完成"),
            ("newly_overdue", "新逾期"),
            ("recovered", "逾期已解除"),
            ("no_longer_done", "不再算完成"),
        )
        if changes[name].sum()
    ]
    return f"{clauses}；{'，'.join(counts) or '没有任务新完成或新逾期'}。"


def _highest(changes: pd.DataFrame) -> str:
    """Where the completion rate is highest now, from `compare_dates`."""
    rates = changes.done_rate.dropna()
    if rates.empty or not rates.max():
        return "完成率，点击横条看任务"
    best = changes[changes.done_rate == rates.max()].short_name
    rest = f"等 {len(best)} 个指标" if len(best) > 1 else ""
    return f"“{best.iloc[0]}”{rest}完成率最高（{rate_of(changes, rates.max())}），点击横条看任务"
