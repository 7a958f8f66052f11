"""The only shared drawing code: the frame with its filters, and the parts pages are made of.

Owns the sidebar, the cache of answers and the look of headline, tiles, charts and tables. Computes
no figure: each comes from a question in metrics/.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

import metrics
from metrics import Scope
from reports import Context, table_workbook
from warehouse import Office, ReferenceFileError, WarehouseError, open_office
from warehouse.store import now, today
from words import (
    COLUMNS,
    DEMONSTRATION,
    KINDS,
    LAMP_MEANINGS,
    LAMPS,
    NO_POINTS,
    ROLES,
    STATES,
    day,
    is_missing,
    lamp,
    number,
    percent,
    shorten,
)

TITLE = "信用交通省台账分析平台"
PAGES = {
    "overview": ("总览", ":material/dashboard:"),
    "indicators": ("指标完成率", ":material/checklist:"),
    "workload": ("部门负荷", ":material/groups:"),
    "overdue": ("逾期预警", ":material/notifications_active:"),
    "bonus": ("加分扣分", ":material/exposure:"),
}
FILTERS = ("unit", "level1", "kind")
LOGO = Path(__file__).parent / "web" / "logo.svg"
CHART_CONFIG = {"displayModeBar": False, "locale": "zh-CN"}
TASK_CARD = "task_card"
"""Session key: the task whose card is to be opened at the end of this run."""


@dataclass(frozen=True)
class View:
    """What the sidebar says: the open database, the ledger's own row, and the scope of questions."""

    office: Office
    ledger: pd.Series
    scope: Scope
    short_names: dict[str, str]

    @property
    def started_on(self) -> date:
        """The ledger's first day."""
        return self.ledger.started_on.date()

    def with_members(self, expanded: bool) -> Scope:
        """The scope with collectives as written, or replaced by their members."""
        return replace(self.scope, expanded=expanded)

    @property
    def filters(self) -> str:
        """The filters in words, as they stand on every page and export."""
        said = [
            *self.scope.units,
            *(self.short_names.get(name, name) for name in self.scope.level1s),
            *(KINDS[kind] for kind in self.scope.kinds),
        ]
        if self.scope.verified_only:
            said.append("完成只计已销号")
        return "、".join(said) or "无"


def frame() -> st.Page:
    """Draw the frame for app.py: window title, menu and filters; returns the page to run."""
    st.set_page_config(TITLE, page_icon=":material/fact_check:", layout="wide")
    st.logo(str(LOGO), size="large")
    page = _navigation()
    if page.title == TITLE:
        # The bare address: on to 总览 before a filter binds the address's parameters.
        page.run()
    st.session_state.framed = True
    st.session_state.view = _filters()
    return page


def view(title: str) -> View:
    """What the page is to show; draws the page's line of context, and the frame when none is there.

    Streamlit runs a page without app.py when a fresh server is asked for it first (started by
    `streamlit run app.py`); the page then hands over to app.py.
    """
    if not st.session_state.get("framed"):
        context = get_script_run_ctx()
        if context and Path(context.pages_manager.main_script_path).name == "app.py":
            _navigation()
            st.rerun()
        st.session_state.view = _filters()
    shown: View = st.session_state.view
    if shown.office.is_demonstration:
        st.warning(
            f"**{DEMONSTRATION}**：任务取自真实台账，进展由程序生成，并非真实填报；与正式数据分开存放。",
            icon=":material/science:",
        )
    for sentence in shown.office.refused:
        st.error(f"有台账没有导入。{sentence}", icon=":material/error:")
    st.caption(
        f"{title}　·　{shown.ledger.title}　·　截至 {day(shown.scope.as_of)}　·　筛选：{shown.filters}"
    )
    return shown


def ask(name: str, scope: Scope | None = None, **values: Any) -> pd.DataFrame:
    """The answer of a question for the page's scope, kept until the data changes."""
    shown: View = st.session_state.view
    warehouse = shown.office.warehouse
    return _answer(
        warehouse,
        str(warehouse.path),
        warehouse.data_version,
        name,
        scope or shown.scope,
        tuple(sorted((k, tuple(v) if isinstance(v, list) else v) for k, v in values.items())),
    )


@st.cache_data(max_entries=500, show_spinner=False)
def _answer(
    _warehouse: Any, path: str, data_version: int, name: str, scope: Scope, values: tuple
) -> pd.DataFrame:
    # path and data_version are the key: another database or newer data is another answer.
    del path, data_version
    return metrics.ask(
        _warehouse, name, scope, **{k: list(v) if k == "days" else v for k, v in values}
    )


def headline(sentence: str) -> None:
    """The page's answer in one sentence."""
    st.header(sentence, anchor=False)


def tiles(items: list[tuple[str, str, str]]) -> None:
    """A row of figures: label, value, and what it means on hover."""
    for column, (label, value, meaning) in zip(st.columns(len(items)), items, strict=True):
        column.metric(label, value, help=meaning or None, border=True, height="stretch")


def labelled(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The columns of an answer as a person reads them: Chinese headings, one decimal, plain days."""
    shown = rows[columns].copy()
    for name in columns:
        if shown[name].dtype.kind == "M":
            shown[name] = shown[name].map(day)
        elif shown[name].dtype.kind == "f":
            shown[name] = shown[name].round(1)
    return shown.rename(columns=COLUMNS)


def chart(
    title: str,
    figure: go.Figure,
    rows: pd.DataFrame,
    columns: list[str],
    question: str,
    *,
    key: str,
    on_click: Callable[[list[Any]], None] | None = None,
) -> None:
    """One chart in its box: what it shows, its definition, its rows, and the drawing.

    `columns` of `rows` are what is drawn. `on_click` is handed the customdata of a clicked mark.
    """

    def clicked() -> None:
        points = st.session_state[key].selection.points
        if points and on_click:
            on_click(list(points[0].get("customdata") or []))

    with st.container(border=True):
        head = st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall")
        head.markdown(f"**{title}**", width="stretch")
        with head.popover("口径", type="tertiary"):
            definition(question)
        with head.popover("数据", type="tertiary"):
            answer_table(labelled(rows, columns), title, question, key=f"{key}_rows")
        st.plotly_chart(
            figure,
            key=key,
            config=CHART_CONFIG,
            theme=None,
            on_select=clicked if on_click else "ignore",
            selection_mode="points",
        )


def definition(question: str) -> None:
    """What the figures of a question mean, in the words of its file."""
    asked = metrics.question(question)
    st.markdown(f"**{asked.title}**\n\n{asked.definition}")


def answer_table(
    rows: pd.DataFrame,
    title: str,
    question: str,
    *,
    key: str,
    height: int | str = "auto",
    whole: pd.DataFrame | None = None,
) -> None:
    """Rows with Chinese column names, and a button that hands them on as a workbook.

    `whole` is what the workbook gets when the screen has room for fewer columns.
    """
    formats: dict[str, Any] = {
        name: st.column_config.NumberColumn(format="%.1f")
        for name in rows.columns
        if rows[name].dtype.kind == "f"
    }
    if "单位" in rows:
        formats["单位"] = st.column_config.TextColumn(width=215)
    st.dataframe(
        rows, hide_index=True, column_config=formats, height=height, placeholder="—", alt=title
    )
    download(rows if whole is None else whole, title, question, key=key)


def download(rows: pd.DataFrame, title: str, question: str, *, key: str) -> None:
    """A button that makes the rows into a workbook when it is pressed."""
    shown: View = st.session_state.view
    context = Context(
        ledger=shown.ledger.title,
        edition=f"{shown.ledger.file_name} 第 {shown.ledger.edition_number} 版",
        as_of=shown.scope.as_of,
        filters=shown.filters,
        data_version=shown.office.warehouse.data_version,
        is_demonstration=shown.office.is_demonstration,
        made_at=now(),
    )
    asked = metrics.question(question)
    mark = f"{DEMONSTRATION}_" if context.is_demonstration else ""
    st.download_button(
        "下载 Excel",
        data=lambda: table_workbook(title, asked.definition, rows, context),
        file_name=f"{mark}{asked.title}_{day(context.as_of)}.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        key=f"{key}_download",
        icon=":material/download:",
        on_click="ignore",
    )


TASK_COLUMNS = {
    "lamp": st.column_config.TextColumn("预警灯", width=76),
    "number": st.column_config.NumberColumn("编号", width=48, format="%d"),
    "short_name": st.column_config.TextColumn("一级指标", width=128),
    "task": st.column_config.TextColumn("目标任务", width=296),
    "units": st.column_config.TextColumn("责任单位", width=162),
    "role": st.column_config.TextColumn("角色", width=88),
    "collective": st.column_config.TextColumn("来自集体", width=120),
    "sharing_units": st.column_config.NumberColumn("共同承担", width=84, format="%d 个单位"),
    "due": st.column_config.TextColumn("期限", width=94),
    "state": st.column_config.TextColumn("状态", width=70),
    "change": st.column_config.TextColumn("变化", width=90),
    "percent": st.column_config.TextColumn("进度", width=62, alignment="right"),
    "reason": st.column_config.TextColumn("理由", width=196),
    "claim_state": st.column_config.TextColumn("状态", width=76),
    "times": st.column_config.NumberColumn("次数", width=54),
    "newest": st.column_config.TextColumn("最近日期", width=96),
    "evidence": st.column_config.NumberColumn("佐证", width=60, format="%d 件"),
    "points": st.column_config.TextColumn("分值", width=100),
}
# Tall enough for three lines: the grid wraps text in rows of more than 64 pixels.
ROW_HEIGHT = 66
# How many characters fill three lines at a window 1440 wide.
_THREE_LINES = {"task": 57, "units": 29, "reason": 35, "collective": 21}


def task_table(
    rows: pd.DataFrame, columns: list[str], question: str, *, key: str, title: str
) -> None:
    """Rows that are tasks (`task_list`, `unit_tasks`, …): ticking one opens its card.

    Long texts are cut to three lines; the card and the workbook have them whole.
    """
    if rows.empty:
        st.info("没有符合条件的任务。", icon=":material/check_circle:")
        return
    whole = _readable(rows)[columns]
    _ticking_table(whole, rows.task_id, key=key, title=title)
    labels = {name: config["label"] for name, config in TASK_COLUMNS.items()}
    download(whole.rename(columns=labels), title, question, key=key)


def claim_table(rows: pd.DataFrame, *, key: str, title: str) -> None:
    """`bonus_penalty` rows: state, times, evidence and points; ticking one opens its card."""
    if rows.empty:
        st.info(f"台账没有{title}。")
        return
    whole = pd.DataFrame(
        {
            "claim_state": rows.state,
            "number": rows.number,
            "task": rows.task,
            "units": rows.units,
            "times": rows.times,
            "newest": rows.newest_on.map(day),
            "evidence": rows.evidence,
            "points": [_claimed_points(row.points, row.full_points) for row in rows.itertuples()],
        }
    )
    _ticking_table(whole, rows.task_id, key=key, title=title)
    labels = {name: config["label"] for name, config in TASK_COLUMNS.items()}
    download(whole.rename(columns=labels), title, "bonus_penalty", key=key)


def _claimed_points(points: float, full: float) -> str:
    if is_missing(points) and is_missing(full):
        return NO_POINTS
    return (
        f"{number(points, 1)} / 满分 {number(full, 1)}"
        if not is_missing(full)
        else number(points, 1)
    )


def _ticking_table(whole: pd.DataFrame, task_ids: pd.Series, *, key: str, title: str) -> None:
    def opened() -> None:
        ticked = st.session_state[key].selection.rows
        if ticked:
            st.session_state[TASK_CARD] = task_ids.iloc[ticked[0]]
            # Untick at once, so that the same row opens its card again.
            st.session_state[key] = {"selection": {"rows": []}}

    shown = whole.copy()
    for column, width in _THREE_LINES.items():
        if column in shown:
            shown[column] = [grid_text(str(text), width) for text in shown[column]]
    styled: Any = shown
    if "lamp" in shown:
        inks = {
            lamp(code): f"color: {each.colour}; font-weight: 600" for code, each in LAMPS.items()
        }
        styled = shown.style.map(inks.get, subset=["lamp"])
    st.dataframe(
        styled,
        hide_index=True,
        key=key,
        column_config=TASK_COLUMNS,
        row_height=ROW_HEIGHT,
        height=min(38 + ROW_HEIGHT * len(shown), 700),
        on_select=opened,
        selection_mode="single-row",
        placeholder="未填报",
        alt=title,
    )


def grid_text(text: str, width: float) -> str:
    """Text for a wrapping grid cell, cut after `width` characters.

    The grid breaks a line at its last space if it has one, which tears Chinese lines apart; at a
    no-break space it does not.
    """
    return shorten(text.replace(" ", "\u00a0"), width)


def lamp_legend() -> None:
    """What the lamps mean, in one line."""
    st.caption("　".join(f"{lamp(code)}：{meaning}" for code, meaning in LAMP_MEANINGS.items()))


def how_to_report() -> None:
    """What to do about a ledger without progress."""
    st.info(
        "**怎样录入进展**：在任一任务表中勾选一行打开任务卡，在“填报”中登记；"
        "或在台账文件中加上“完成情况”“进度”“完成日期”等列后导入。"
        "想先看看有进展时的样子，可在左侧打开“演示数据”。",
        icon=":material/edit_note:",
    )


def open_task_card(task_id: UUID) -> None:
    """Ask for a task's card at the end of this run."""
    st.session_state[TASK_CARD] = task_id


def _readable(rows: pd.DataFrame) -> pd.DataFrame:
    shown = rows.copy()
    shown["lamp"] = rows["lamp"].map(lamp)
    if "state" in rows:
        shown["state"] = [STATES.get(code, "—") for code in rows["state"]]
    if "role" in rows:
        shown["role"] = [
            f"{ROLES[role]}·首位" if first else ROLES[role]
            for role, first in zip(rows["role"], rows["is_first"], strict=True)
        ]
    if "percent" in rows:
        shown["percent"] = [
            percent(value) if value == value else "未填报" if kind == "base" else ""
            for value, kind in zip(rows["percent"], rows["kind"], strict=True)
        ]
    if "collective" in rows:
        shown["collective"] = rows["collective"].fillna("")
    if "effective_due_on" in rows:
        texts = rows["deadline_text"] if "deadline_text" in rows else [""] * len(rows)
        shown["due"] = [
            day(due) if due == due else (text or "未明确")
            for due, text in zip(rows["effective_due_on"], texts, strict=True)
        ]
    return shown


def _navigation() -> st.Page:
    pages = {
        name: st.Page(f"pages/{name}.py", title=title, icon=icon)
        for name, (title, icon) in PAGES.items()
    }

    def home() -> None:
        # Streamlit gives the default page no address of its own; 总览 shall have one.
        st.switch_page(pages["overview"], query_params=st.query_params.to_dict())

    return st.navigation(
        [st.Page(home, title=TITLE, default=True, visibility="hidden"), *pages.values()]
    )


def _filters() -> View:
    """The sidebar. Its state is in the URL, so an address shows a colleague the same view."""
    # The switch is read before the database it chooses is opened, but stands below the filters.
    above, below = st.sidebar.container(), st.sidebar.container()
    with below:
        st.divider()
        wanted = st.toggle(
            DEMONSTRATION,
            key="demo",
            bind="query-params",
            value=_demonstration_by_default(),
            on_change=_forget_filters,
            help="另开一个演示数据库，进展由程序生成；正式数据不受影响。",
        )
    office = _office(wanted)
    warehouse = office.warehouse
    below.caption(f"数据版本 {warehouse.data_version}")
    ledgers = _answer(warehouse, str(warehouse.path), warehouse.data_version, "ledgers", None, ())
    if ledgers.empty:
        st.warning("还没有台账。请把台账文件放进 data/ledgers 文件夹后重新启动。")
        for sentence in office.refused:
            st.error(sentence)
        st.stop()
    names = _ledger_names(ledgers)
    with above:
        chosen = st.selectbox(
            "台账", names, key="ledger", bind="query-params", on_change=_forget_filters
        )
        ledger = ledgers.iloc[names.index(chosen)]
        first, last = ledger.started_on.date(), ledger.ended_on.date()
        as_of = _as_of(first, last)
        ledger_id = UUID(str(ledger.ledger_id))
        whole = Scope(ledger_id, as_of)

        def listed(question: str) -> pd.DataFrame:
            return _answer(
                warehouse, str(warehouse.path), warehouse.data_version, question, whole, ()
            )

        indicators = listed("indicators")
        short_names = dict(zip(indicators.level1, indicators.short_name, strict=True))
        units = st.multiselect(
            "责任单位",
            list(listed("units").unit),
            key="unit",
            bind="query-params",
            placeholder="全部单位",
        )
        level1s = st.multiselect(
            "一级指标",
            list(short_names),
            key="level1",
            bind="query-params",
            format_func=lambda name: short_names.get(name, name),
            placeholder="全部指标",
        )
        kinds = st.pills(
            "任务类别",
            list(KINDS),
            selection_mode="multi",
            key="kind",
            bind="query-params",
            format_func=KINDS.get,
        )
        verified_only = st.toggle("完成只计已销号", key="verified", bind="query-params")
    scope = Scope(
        ledger_id, as_of, tuple(units), tuple(level1s), tuple(kinds or ()), bool(verified_only)
    )
    return View(office, ledger, scope, short_names)


def _as_of(first: date, last: date) -> date:
    """截至日期 with its quick picks; today, clamped to the ledger's period, unless chosen."""
    default = min(max(today(), first), last)
    picks = {
        "一季度末": date(last.year, 3, 31),
        "上半年末": date(last.year, 6, 30),
        "三季度末": date(last.year, 9, 30),
        "年末": last,
        "今天": today(),
    }
    chosen = st.date_input(
        "截至日期",
        value=default,
        min_value=first,
        max_value=max(last, today()),
        key="as_of",
        bind="query-params",
        format="YYYY-MM-DD",
        help="页面上的每个数字都按这一天判断。",
    )

    def pick() -> None:
        if st.session_state.quick_pick:
            st.session_state.as_of = picks[st.session_state.quick_pick]

    st.session_state.quick_pick = next((k for k, v in picks.items() if v == chosen), None)
    st.pills("快选", list(picks), key="quick_pick", on_change=pick, label_visibility="collapsed")
    return chosen or default


def _forget_filters() -> None:
    """Another ledger has other units, indicators and days."""
    for key in ("as_of", *FILTERS):
        st.session_state.pop(key, None)


def _ledger_names(ledgers: pd.DataFrame) -> list[str]:
    names = [f"{row.region} {row.year}".strip() for row in ledgers.itertuples()]
    return [
        f"{name} {title}" if names.count(name) > 1 else name
        for name, title in zip(names, ledgers.title, strict=True)
    ]


def _demonstration_by_default() -> bool:
    return os.environ.get("CREDIT_DEMO", "") not in ("", "0")


def _office(demonstration: bool) -> Office:
    try:
        with st.spinner("正在打开数据…"):
            return open_office(demonstration=demonstration)
    except (WarehouseError, ReferenceFileError) as error:
        st.error(str(error), icon=":material/error:")
        st.stop()
