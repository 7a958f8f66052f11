"""Two ledgers by common theme: what share of each a theme is, how far each is on a day of its own, and
the tasks of both under a theme.

Their tasks and definitions differ, so shares stand side by side, and no rate is set against another.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from uuid import UUID

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import charts
import metrics
from screens import parts
from screens.compare import wording
from warehouse.store import today
from words import day, each_row, plain, rate_of_row

FIGURES = ["theme", "tasks", "tasks_share", "done_rate", "due_rate", "overdue", "never_reported"]
ON_SCREEN = [name for name in FIGURES if name != "tasks_share"]
"""The chart has the shares; both tables are to fit beside each other."""
COUNTS = ("tasks", "overdue", "never_reported")
OF_JUDGEMENT = ["done_rate", "due_rate", "overdue"]
"""Figures that would call undone what was never reported."""
TASKS = ["number", "task", "due"]
TASKS_EXPORTED = ["number", "short_name", "task", "units", "due", "percent"]


def other_ledgers(view: parts.View) -> pd.DataFrame:
    """The stored ledgers but the one of the sidebar, each with its `name` in a list of choices."""
    ledgers = view.ask("ledgers")
    ledgers = ledgers.assign(name=parts.ledger_names(ledgers))
    return ledgers[ledgers.ledger_id != view.ledger.ledger_id]


def compare_ledgers(view: parts.View, top: DeltaGenerator) -> None:
    """The comparison with another ledger, which is chosen on the page with a day of its own."""
    others = other_ledgers(view)
    if others.empty:
        with top:
            parts.headline("这里只有一份台账，没有另一份可以对照。")
        st.info(
            "演示数据只有一份台账。要对照两份台账，请先在左侧关闭“演示数据”。"
            if view.office.is_demonstration
            else "要对照两份台账，请先在“导入台账”页导入另一份。"
        )
        return
    other = _other(view, others)
    # The filters of the sidebar name units and indicators of its own ledger.
    own = replace(view, scope=view.unfiltered())
    if own.filters != view.filters:
        st.caption("左侧的责任单位、一级指标和任务类别只属于左侧的台账，对照两份台账时不用。")
    parts.judge_cards_by(own)
    names = _names(own, other)
    dated = tuple(
        f"{name}（截至 {day(side.scope.as_of)}）"
        for name, side in zip(names, (own, other), strict=True)
    )
    indicators = _indicators(own, other)
    sides = [side.ask("completion", by="theme") for side in (own, other)]
    if any(side.empty for side in sides):
        with top:
            parts.headline("其中一份台账没有基本任务，无从对照。")
        return
    with_tasks = indicators[indicators.tasks_x + indicators.tasks_y > 0]
    themes = list(dict.fromkeys(with_tasks.theme))
    sides = [_of_themes(side, themes) for side in sides]
    with top:
        parts.headline(wording.ledgers(names, sides))
    st.info(wording.NOT_ALIKE, icon=":material/balance:")

    def chosen(clicked: list[str]) -> None:
        st.session_state.theme = clicked[0]

    pairs = pd.DataFrame(
        {"主题": themes, "first": sides[0].tasks_share, "second": sides[1].tasks_share}
    )
    drawn = pairs.rename(columns={"first": f"{names[0]} %", "second": f"{names[1]} %"})
    composition = parts.Exhibit(
        "completion",
        wording.composition(names, sides),
        partial(charts.paired_bars, pairs, "主题", names, of_percent=True),
        drawn,
        list(drawn.columns),
    )
    parts.draw(own, composition, key="themes", on_click=chosen, hint="（点击横条看任务）")
    # A workbook states the ledger and the day of its own side.
    for place, key, view_of_side, name, side in zip(
        st.columns(2), ("own", "other"), (own, other), dated, sides, strict=True
    ):
        with place, st.container(border=True):
            _figures(view_of_side, name, side, key)
    # A card judges its task on the day of the ledger it was opened from.
    parts.judge_cards_by(_tasks((own, other), names, themes))
    _mapping(own, indicators, names)


def _other(view: parts.View, others: pd.DataFrame) -> parts.View:
    """The other ledger on its own day, judged in the same way as that of the sidebar."""
    line = st.container(horizontal=True, vertical_alignment="bottom")
    chosen = line.selectbox(
        "另一份台账", list(others.name), key="other_ledger", bind="query-params", width=260
    )
    ledger = others[others.name == chosen].iloc[0]
    first, last = ledger.started_on.date(), ledger.ended_on.date()
    latest = max(last, today())
    usual = min(max(today(), first), last)
    if not first <= (st.session_state.get("other_as_of") or usual) <= latest:
        # The day was chosen for another ledger and lies outside this one's period.
        st.session_state.other_as_of = usual
    as_of = line.date_input(
        "它的截至日期", value=usual, min_value=first, max_value=latest, key="other_as_of",
        bind="query-params", format="YYYY-MM-DD", width=180,
        help="各看各的日期：左侧的截至日期管左侧的台账，这个日期管另一份。",
    )  # fmt: skip
    scope = replace(view.unfiltered(), ledger_id=UUID(str(ledger.ledger_id)), as_of=as_of or usual)
    indicators = view.ask("indicators", scope)
    short_names = dict(zip(indicators.level1, indicators.short_name, strict=True))
    return parts.View(view.office, ledger, scope, short_names, view.data_version)


def _names(own: parts.View, other: parts.View) -> tuple[str, str]:
    """Short names of both ledgers: province and year, or the title where those are the same."""
    first, second = (f"{view.ledger.region}{view.ledger.year}年" for view in (own, other))
    if first == second:
        first, second = (f"《{view.ledger.title}》" for view in (own, other))
    return first, second


def _indicators(own: parts.View, other: parts.View) -> pd.DataFrame:
    """Each indicator with its theme, the source of that, and its tasks in either ledger."""
    first, second = (view.ask("theme_indicators") for view in (own, other))
    both = first.merge(second, on=["indicator", "theme", "source"], how="outer", sort=False)
    # An outer join sorts by its keys; the answers are in the order of the themes.
    order = dict.fromkeys(
        [*first[first.source.notna()].indicator, *first.indicator, *second.indicator]
    )
    place = {indicator: number for number, indicator in enumerate(order)}
    both = both.assign(place=both.indicator.map(place)).sort_values("place", ignore_index=True)
    counts = ["tasks_x", "tasks_y"]
    both[counts] = both[counts].fillna(0).astype("int64")
    return both.drop(columns="place")


def _of_themes(side: pd.DataFrame, themes: list[str]) -> pd.DataFrame:
    """One row a theme, those without tasks too; nothing judged where nothing was reported."""
    shares = pd.Series([rate_of_row(row, "tasks_share") for row in each_row(side)], dtype=object)
    side = side.assign(tasks_share=shares.to_numpy())
    rows = side.set_index("theme").reindex(themes).reset_index()
    rows["tasks_share"] = rows.tasks_share.where(rows.tasks_share.notna(), 0.0)
    for name in ("all_tasks", "fewest_for_percent"):
        rows[name] = rows[name].fillna(side[name].iloc[0])
    if not side.has_progress.any():
        rows[OF_JUDGEMENT] = float("nan")
    for name in COUNTS:
        counted = (
            rows[name]
            if name == "overdue" and not side.has_progress.any()
            else rows[name].fillna(0)
        )
        rows[name] = counted.astype("Int64")
    return rows


def _figures(view: parts.View, name: str, side: pd.DataFrame, key: str) -> None:
    st.markdown(f"**{plain(name)}**")
    parts.answer_table(
        view,
        parts.labelled(side, ON_SCREEN),
        f"{name}各主题",
        "completion",
        key=f"{key}_themes",
        whole=parts.labelled(side, FIGURES),
    )
    if side[OF_JUDGEMENT].isna().all(axis=None):
        st.caption("还没有任何进展填报，完成率、到期完成率和逾期都未填报，不判断。")


def _tasks(
    views: tuple[parts.View, parts.View], names: tuple[str, str], themes: list[str]
) -> parts.View:
    """The tasks of both ledgers under the chosen theme; returns the view of the one whose task was
    ticked, or the first."""
    of_card = views[0]
    theme = st.selectbox("看哪个主题的任务", themes, key="theme", bind="query-params", width=260)
    for place, view, name, key in zip(st.columns(2), views, names, ("own", "other"), strict=True):
        tasks = view.ask("task_list", signal="all", row_limit=metrics.NO_LIMIT)
        tasks = tasks[(tasks.kind == "base") & (tasks.theme == theme)]
        with place:
            st.markdown(f"**{plain(name)}“{plain(theme)}”：{len(tasks)} 项**（勾选一行看任务卡）")
            if tasks.empty:
                st.caption("这份台账没有归入这个主题的任务。")
                continue
            parts.listed_first(min(len(tasks), parts.LISTED), len(tasks))
            parts.task_table(view, 
                tasks.head(parts.LISTED), TASKS, "task_list", key=f"{key}_tasks",
                title=f"{name}“{theme}”的任务", everything=tasks,
                exported=TASKS_EXPORTED,
            )  # fmt: skip
        if st.session_state.get(parts.TASK_CARD) in set(tasks.task_id):
            of_card = view
    return of_card


def _mapping(view: parts.View, indicators: pd.DataFrame, names: tuple[str, str]) -> None:
    """How indicators were sorted into themes, and where that is changed."""
    with st.expander("指标怎样归入主题（归类、出处和任务数）"):
        st.markdown(
            "二级指标在表中列出的按二级指标归类，否则按一级指标；都没有列出的为“未归入主题”。"
            "加分项、扣分项不归类。归类可以在“单位与口径”页的“指标主题”中修改，保存后立即生效。"
        )
        if st.session_state.get("framed"):
            # Without app.py Streamlit knows no other page to link to.
            st.page_link(
                "pages/reference.py", label="去“单位与口径”修改归类", icon=":material/edit:",
                query_params={"reference_tab": "指标主题"},
            )  # fmt: skip
        parts.answer_table(
            view,
            parts.labelled(indicators, ["indicator", "theme", "source"]).assign(
                **{f"{names[0]} 任务": indicators.tasks_x, f"{names[1]} 任务": indicators.tasks_y}
            ),
            f"指标归入主题：{names[0]}、{names[1]}",
            "theme_indicators",
            key="mapping",
        )
