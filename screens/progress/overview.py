"""总览: the ledger in figures, the tasks that want attention, and how the file was read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

import metrics
from findings import exhibits, forecast, progress, reasons
from findings import quarter as briefing
from findings.quarter import Briefing, in_words
from metrics.keeping import kept
from metrics.periods import month_eve, quarter_containing
from screens import parts
from warehouse import today
from words import READINGS, each_row, plain, spaced

COMPARED = "overview_compared"
"""Session key: whether changes are compared with the last month's end instead of the last meeting."""
UNITS, DECISIONS = 3, 3
"""Units in need and matters for the meeting that the first screen has room for."""
FEW = 4
"""Up to so many indicators have rows of the usual height."""
WAY = 156
"""Pixels of the way into the meeting."""
ISSUES = {"source_table": "表", "source_row": "行", "source_column": "列", "message": "存疑"}


def headline(view: parts.View, total: Any | None, by_level1: pd.DataFrame) -> None:
    """How far the ledger is; `total` is the row of `completion` in all, None without base tasks."""
    parts.headline(progress.overview(total, by_level1, view.scope.as_of))


def briefing_of(view: parts.View) -> Briefing:
    """All findings by 截至日期, compared with the last meeting or, on request, the
    last month's end."""
    as_of = view.scope.as_of
    known_on = min(today(), view.scope.known_at.date())
    end = quarter_containing(as_of).end
    quarter = replace(
        briefing.quarter_of(end, as_of, view.ask("meetings")), as_of=as_of, known_on=known_on
    )
    if held := quarter.last_held_on:
        quarter = replace(quarter, compared_on=held, compared_with=f"上次例会（{in_words(held)}）")
    if st.session_state.get(COMPARED):
        eve = month_eve(as_of)
        quarter = replace(quarter, compared_on=eve, compared_with=f"上月末（{in_words(eve)}）")
    return view.made(_worded, quarter)


def _worded(view: parts.View, quarter: briefing.MeetingQuarter) -> Briefing:
    return briefing.worded(briefing.gather(view.ask, view.scope, quarter, view.ledger))


def tiles(brief: Briefing) -> None:
    """How much is done, overdue and red, how many more are done than at the last meeting, and the way
    into the screens of the meeting."""
    total = brief.answers.total
    if total is None:
        return
    named = brief.quarter.compared_with.partition("（")[0].partition("的")[0]
    low, high = forecast.range_of(brief.answers.forecast)
    row = parts.tiles(
        [
            (
                "完成",
                f"{total.done}/{total.applicable}",
                "完成的和适用的基本任务；加分项、扣分项不计",
                f"年底预计 {low}–{high}" if high else f"已销号 {total.verified}",
            ),
            (
                *("逾期", f"{total.overdue}", "已过期限而未完成；期限当日不算逾期"),
                f"到期 {total.due}，完成 {total.due_done}",
            ),
            (
                f"红灯（逾期 {total.overdue}）",
                f"{total.red}",
                parts.lamps_explained(brief.answers.ledger)["red"],
                f"黄灯 {total.yellow}",
            ),
            (
                f"较{named}",
                f"{brief.answers.done_since:+d}",
                "完成数的增减",
                f"{brief.quarter.compared_on:%Y-%m-%d}",
            ),
        ]
    )
    with row.container(width=WAY, vertical_alignment="center"):
        _way_to_meeting()


def _way_to_meeting() -> None:
    # The key by which web/show.js fills the screen.
    pressed = st.button(
        "会议模式", key="start_show", icon=":material/slideshow:", type="primary", width="stretch"
    )
    if pressed:
        # The filters keep their own parameters of the address.
        st.switch_page("pages/meeting.py", query_params={"show": "1"})
    st.toggle(
        "与上月末比较", key=COMPARED, help="关闭时与上次例会比较；没有登记例会的，与上季度末比较。"
    )


def indicators(view: parts.View, by_level1: pd.DataFrame) -> None:
    """Each indicator against the time gone."""
    threshold = view.ledger.behind_yellow_points
    parts.draw(
        view,
        exhibits.completion(by_level1, threshold, dense=len(by_level1) > FEW),
        key="completion",
    )


def to_attend(brief: Briefing) -> None:
    """The units that most need attention with their reason, and what is put before the meeting."""
    with st.container(border=True, height="stretch", gap="xxsmall"):
        st.markdown("**最需要关注的单位**")
        lines = _units_in_need(brief.answers.red, brief.answers.reasons)
        _list(lines[:UNITS] or ["没有单位有红灯任务。"])
        said = [each.text for each in brief.to_decide]
        more = f"（共 {len(said)} 件，列出前 {DECISIONS} 件）" if len(said) > DECISIONS else ""
        st.markdown(f"**提请议定**{more}")
        _list(said[:DECISIONS])


_units_in_need = kept(reasons.units_in_need)
_beside = kept(reasons.beside)


def _list(lines: list[str]) -> None:
    st.markdown("\n".join(f"- :small[{plain(spaced(line))}]" for line in lines))


def worst_tasks(view: parts.View, red: pd.DataFrame) -> None:
    """The ten tasks that want attention most, with what their units said of them."""
    worst = view.ask("task_list", signal="worst", row_limit=10)
    with st.container(border=True):
        st.markdown(f"**最需要关注的 {len(worst)} 项**（勾选一行看任务卡）")
        parts.task_table(
            view,
            _beside(worst, red),
            ["lamp", "number", "task", "units", "due", "reason", "stated"],
            "task_list",
            key="worst",
            title="最需要关注的任务",
        )


def unreported(view: parts.View, by_level1: pd.DataFrame) -> None:
    """A ledger without progress: what it demands, by indicator and by day, and all its tasks."""
    parts.how_to_report()
    every = view.ask("task_list", signal="all", row_limit=metrics.NO_LIMIT)
    base = every[every.kind == "base"]
    parts.tiles(
        [
            ("基本任务", f"{len(base)} 项", ""),
            ("加分项", f"{(every.kind == 'bonus').sum()} 项", ""),
            ("扣分项", f"{(every.kind == 'penalty').sum()} 项", ""),
            ("有明确期限", f"{base.due_on.notna().sum()} 项", "其余基本任务为常态化、按需或未明确"),
            ("完成与进度", "未填报", "还没有任何进展填报"),
        ]
    )
    left, right = st.columns(2)
    with left:
        parts.draw(view, exhibits.task_counts(by_level1), key="counts")
    due_dates = view.ask("due_dates")
    if len(due_dates):
        with right:
            parts.draw(
                view,
                exhibits.due_dates(
                    due_dates,
                    view.scope.as_of,
                    view.started_on,
                    judged=False,
                    beside=len(by_level1),
                ),
                key="due_dates",
            )
    with st.container(border=True):
        st.markdown(f"**台账中的 {len(every)} 项任务**（勾选一行看任务卡）")
        parts.task_table(
            view,
            every,
            ["number", "short_name", "task", "units", "due"],
            "task_list",
            key="every",
            title="台账中的任务",
        )


def reading(view: parts.View) -> None:
    """How many rows of the file were read as what, and what was doubtful."""
    with st.expander("台账读取情况"):
        read = view.ask("reading")
        rows = "，".join(f"{READINGS[row.reading]} {row.source_rows} 行" for row in each_row(read))
        st.markdown(
            f"文件 **{plain(view.ledger.file_name)}** 共 {read.source_rows.sum()} 行：{rows}；"
            f"读出任务 {read.tasks.sum()} 项。"
        )
        issues = view.ask("reading_issues")
        if issues.empty:
            st.markdown("没有存疑之处。")
        else:
            parts.answer_table(
                view,
                issues.rename(columns=ISSUES),
                "读取台账时的存疑之处",
                "reading_issues",
                key="issues",
            )
