"""自评打分: the score in figures, by part and by month, and every task's marks."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from findings import exhibits, scores
from screens import parts
from screens.scores.tables import claim_table, score_table, tasks_of
from words import SCORE_PARTS, plain, score

ALL = "全部"
OPENED = ("absent", "bonus", "penalty")
"""Parts of the total beside the 一级指标 that are made of tasks."""
CLAIMED = {"bonus": "加分项", "penalty": "扣分项"}


def headline(view: parts.View, totals: pd.DataFrame, *, has_progress: bool) -> None:
    """The score in one sentence; `totals` are `score_totals` in all."""
    parts.headline(
        scores.totals(totals, view.scope.as_of, view.assessed_on, has_progress=has_progress)
    )


def total_tiles(totals: pd.DataFrame) -> None:
    """The three totals, and what bonus and penalty items come to."""
    part = totals.set_index("part")
    overall = totals[part.index == "overall"].iloc[0]
    extra = int(part.self_cents.reindex(["bonus", "excess"], fill_value=0).sum())
    lost = int(part.self_cents.get("penalty", 0))
    parts.tiles(
        [
            ("自评", f"{score(overall.self_cents)} 分", "按填报计算；有人工评分的以人工评分为准"),
            (
                "已锁定",
                f"{score(overall.secured_cents)} 分",
                "已销号的任务和已认定的加分，减去扣分",
            ),
            ("可达上限", f"{score(overall.reachable_cents)} 分", "到评估日还能得到的全部得到"),
            (
                "加分、扣分",
                f"+{score(extra)}，{score(lost)}",
                "已申报和已认定的加分，不超过单项和总上限；已触发的扣分事件",
            ),
            (
                "待评分",
                f"{overall.unmarked} 项",
                "人工评分和按名次的任务中还没有评分的，暂按 0 分计",
            ),
        ]
    )


def parts_of_total(view: parts.View, by_level1: pd.DataFrame) -> None:
    """The score by indicator, the way to the total, and the points of each 二级指标."""
    hint = "，点击横条看任务"
    left, right = st.columns(2)
    with left:
        by_indicator = exhibits.score_by_indicator(by_level1)
        parts.draw(view, by_indicator, key="by_indicator", on_click=_look_into, hint=hint)
    with right:
        parts.draw(view, exhibits.way_to_total(by_level1), key="waterfall", on_click=_look_into)
    with st.expander("按一级、二级指标的满分、自评、已锁定和可达上限"):
        by_level2 = exhibits.in_points(view.ask("score_totals", by="level2"))
        parts.answer_table(
            view,
            parts.labelled(
                by_level2, ("part_name", "short_name", "level2", "tasks", *exhibits.POINTS)
            ),
            "各指标得分",
            "score_totals",
            key="by_level2",
        )


def task_scores(view: parts.View, by_level1: pd.DataFrame, rows: pd.DataFrame) -> None:
    """The marks of all tasks, or of the tasks of one part of the total."""
    opened = [part for part in OPENED if part in set(by_level1.part)]
    named = view.short_names | {part: SCORE_PARTS[part] for part in opened}
    with st.container(border=True):
        chosen = st.selectbox(
            "看哪部分的任务",
            [ALL, *by_level1[by_level1.part == "base"].level1, *opened],
            key="points_of",
            bind="query-params",
            format_func=lambda name: named.get(name, name),
            width=320,
        )
        tasks = rows if chosen == ALL else tasks_of(rows, chosen)
        title = f"{len(rows)} 项任务的得分"
        if chosen != ALL:
            title = scores.part_of_total(by_level1, chosen, named[chosen], len(tasks))
        st.markdown(
            f"**{plain(title)}**　勾选一行打开任务卡，“得分”中有规则、所据的数、算式和佐证。"
        )
        score_table(view, tasks, key="scores")


def claims(view: parts.View, rows: pd.DataFrame) -> None:
    """Bonus and penalty items with their marks; `rows` are `scores`."""
    claimed = view.ask("bonus_penalty")
    for kind, title in CLAIMED.items():
        with st.container(border=True):
            st.markdown(f"**{title}**　勾选一行打开任务卡，在“填报”中登记日期、事由、分值和佐证。")
            claim_table(view, claimed[claimed.kind == kind], rows, key=kind, title=title)


def trend(view: parts.View) -> None:
    """The score at each month's end."""
    rows = view.ask("score_trend", days=view.month_ends)
    parts.draw(view, exhibits.score_trend(rows), key="trend")


def _look_into(clicked: list[str]) -> None:
    st.session_state.points_of = clicked[0] or ALL
