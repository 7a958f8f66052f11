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
from metrics.periods import quarter_containing
from screens import parts
from screens.compare import wording
from words import COLUMNS, UNKNOWN, day, plain, points, rate

COUNTS = ("newly_done", "newly_overdue", "recovered", "no_longer_done")
TASKS = ["lamp", "change", "number", "short_name", "task", "due", "reason"]
EVERY_CHANGE, EVERY_INDICATOR = "全部变化", "全部指标"


def compare_dates(view: parts.View, top: DeltaGenerator) -> None:
    """The comparison of 截至日期 with an earlier day chosen on the page."""
    now = view.ask("completion", by="all")
    if now.empty or not now.has_progress.iloc[0]:
        with top:
            parts.headline(wording.no_dates(has_tasks=not now.empty))
        if not now.empty:
            parts.how_to_report()
        return
    earlier = _earlier(view)
    then = view.ask("completion", replace(view.scope, as_of=earlier), by="all")
    changes = view.ask("compare_dates", compare_on=earlier)
    with top:
        parts.headline(wording.dates(earlier, view.scope.as_of, then, now, changes))
    was, is_now = parts.only_row(then), now.iloc[0]
    moved = None if was is None else is_now.done_rate - was.done_rate
    parts.tiles(
        [
            ("当时完成率", UNKNOWN if was is None else rate(was), f"截至 {day(earlier)}"),
            ("现在完成率", rate(is_now), f"截至 {day(view.scope.as_of)}"),
            ("百分点变化", points(moved, 0, signed=True), "现在完成率减当时完成率"),
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
        wording.highest(changes),
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
