"""The frame around every page: window title, menu, and the sidebar whose state is in the address.

Owns which database, ledger, day and filters a page is about. Draws nothing of a page itself.
"""

from __future__ import annotations

import html
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

from metrics import Scope
from metrics.narrowing.names import initials
from screens.frame import identity
from screens.frame.menu import (
    TITLE,
    TITLES,
    WITHOUT_BASIS,
    WITHOUT_FILTERS,
    navigation,
    parts_of_entry,
)
from screens.frame.view import END_OF_DAY, View, answer, ledger_names
from warehouse import ALL_KNOWN, Office, ReferenceFileError, WarehouseError, open_office
from warehouse.store import today
from words import DEMONSTRATION, KINDS, day, each_row, is_missing, plain

FILTERS = ("unit", "level1", "kind")
WEB = Path(__file__).parents[2] / "web"
SECONDS_BETWEEN_LOOKS = 30
"""How often an open page looks whether there are newer data."""
CONDITIONS = "explore_choice"
"""Session key: what 自由筛选 is narrowed down to."""
ADDRESS = "explore_address"
"""Session key: what the address said of these conditions when 自由筛选 was last drawn; none on other
pages, whose addresses do not name them."""
MOVED = "sidebar_moved"
"""Session key: widgets of the sidebar → the values that a page wants them to have from the next run on; in
its own run they are drawn already and cannot be set."""
CARD_VIEW = "view"
"""Session key: the view by which a task card opened over the page judges its task."""


@contextmanager
def frame() -> Iterator[tuple[st.Page, DeltaGenerator]]:
    """Draw the frame for app.py: window title, menu and filters; yields the page to run and the place
    above the filters. All that is asked within the block rests on one data version.
    """
    # A page icon named by :material/…: would be fetched from outside.
    st.set_page_config(TITLE, page_icon=str(WEB / "favicon.svg"), layout="wide")
    st.logo(str(WEB / "logo.svg"), size="large")
    who = identity.account()
    page = navigation(who)
    if page.url_path not in TITLES:
        # The bare or a former address: on to the page before a filter binds the parameters.
        page.run()
    with st.sidebar:
        identity.show(who)
    if who is not None and not identity.may_open(page.url_path, who):
        identity.refuse(TITLES[page.url_path], who)
    st.session_state.framed = True
    if page.url_path != "explore":
        st.session_state.pop(ADDRESS, None)
    _skip("跳到筛选", "skip_to_filters")
    above_filters = st.sidebar.container()
    office = identity.used_by(_chosen_office(), who)
    with office.warehouse.snapshot():
        judge_cards_by(_filters(office, page.url_path))
        _skip("跳到正文", "skip_to_main")
        parts_of_entry(page, who)
        yield page, above_filters


@contextmanager
def same_version(view: View) -> Iterator[None]:
    """Around what a fragment asks: when it runs alone and the data have changed since the page was
    drawn, the whole page runs anew, so that no two versions stand side by side.
    """
    with view.warehouse.snapshot() as snapshot:
        if snapshot.data_version != view.data_version:
            st.rerun()
        yield


def _skip(label: str, key: str) -> None:
    """A button seen while the keyboard is on it, past what lies between; web/ways.js does it."""
    st.sidebar.button(label, key=key, type="tertiary")


def judge_cards_by(view: View) -> View:
    """Let a task card that opens over the page judge its task by this view; returns the view.

    app.py draws the card after the page has run, so a page that narrows its view says so here.
    """
    st.session_state[CARD_VIEW] = view
    return view


def view_of_card() -> View:
    """The view by which the card is to judge: the one the page came to last."""
    shown: View = st.session_state[CARD_VIEW]
    return shown


def forget_filters() -> None:
    """Choose nothing, on this page and the others, before an address says what is chosen."""
    for key in FILTERS:
        st.session_state[key] = []
    st.session_state.pop(CONDITIONS, None)


def view(title: str, *, in_context: bool = True) -> View:
    """What the page is to show; draws the page's line of context, and the frame when none is there.
    A page that narrows its view by a choice of its own draws the line itself afterwards (`in_context`
    false, then `context_line`).

    Streamlit runs a page without app.py when a fresh server is asked for it first (started by
    `streamlit run app.py`); the page then hands over to app.py.
    """
    if not st.session_state.get("framed"):
        context = get_script_run_ctx()
        if context and Path(context.pages_manager.main_script_path).name == "app.py":
            navigation()
            st.rerun()
        name = next(name for name, its_title in TITLES.items() if its_title == title)
        who = identity.account()
        if who is not None and not identity.may_open(name, who):
            identity.refuse(title, who)
        judge_cards_by(_filters(identity.used_by(_chosen_office(), who), name))
    shown = view_of_card()
    if shown.office.is_demonstration:
        st.warning(
            f"**{DEMONSTRATION}**：任务取自真实台账，进展由程序生成，并非真实填报；与正式数据分开存放。",
            icon=":material/science:",
        )
    if shown.warehouse.is_behind:
        st.warning(
            f"这一页的{shown.warehouse.age}：别的服务器后来录入的还看不到，跟上以前只能查看，不能保存。",
            icon=":material/sync_problem:",
        )
    for sentence in shown.office.refused:
        st.error(f"有台账没有导入。{plain(sentence)}", icon=":material/error:")
    if in_context:
        context_line(title, shown)
    return shown


def context_line(title: str, shown: View, filters: str = "") -> None:
    """What the figures below are about: page, ledger, day, and exactly the filters they are under;
    those of the view, unless the page has others.
    """
    st.caption(
        f"{title}　·　{plain(shown.ledger.title)}　·　截至 {day(shown.scope.as_of)}"
        f"　·　筛选：{plain(filters or shown.filters)}"
    )


def _chosen_office() -> Office:
    """The office's own database, or the demonstration when the sidebar asks for it."""
    with st.sidebar:
        wanted = st.toggle(
            DEMONSTRATION,
            key="demo",
            bind="query-params",
            value=_demonstration_by_default(),
            on_change=_start_afresh,
            help="另开一个演示数据库，进展由程序生成；正式数据不受影响。",
        )
    return _office(wanted)


def _filters(office: Office, page: str) -> View:
    """The sidebar. Its state is in the URL, so an address shows a colleague the same view. What the
    page named so has no use for is not drawn; it stands again on the next page that has."""
    for key, value in st.session_state.pop(MOVED, {}).items():
        st.session_state[key] = value
    database, version = office.warehouse, office.warehouse.data_version
    ledgers = _with_withdrawn(
        answer(database, version, "ledgers", None),
        answer(database, version, "withdrawn_ledgers", None),
    )
    if ledgers.empty:
        st.warning("还没有台账。请把台账文件放进 data/ledgers 文件夹后重新启动。")
        for sentence in office.refused:
            st.error(sentence)
        st.stop()
    names = ledger_names(ledgers)
    with st.sidebar:
        ledger = ledgers.iloc[_chosen_ledger(ledgers, names)]
        first, last = ledger.started_on.date(), ledger.ended_on.date()
        if st.session_state.pop("another_ledger", False):
            # Emptied, not removed: Streamlit would restore a removed one from the address.
            st.session_state.as_of = _default_day(first, last)
            for key in FILTERS:
                st.session_state[key] = []
        as_of = _as_of(first, last)
        scope = Scope(UUID(str(ledger.ledger_id)), as_of)
        indicators = answer(database, version, "indicators", scope)
        short_names = dict(zip(indicators.level1, indicators.short_name, strict=True))
        every_unit = list(answer(database, version, "units", scope).unit)
        _initials(every_unit)
        if page not in WITHOUT_FILTERS:
            scope = _narrowed(scope, every_unit, short_names)
        if page not in WITHOUT_BASIS:
            scope = _on_basis(scope, version)
        _newer_version(office, version)
        if office.warehouse.actor is None:
            st.caption(
                "单机模式",
                help="没有账号，不用登录，只有这台电脑能打开；怎样建立账号见部署说明。",
            )
    scope = replace(scope, known_at=min(scope.known_at, _before_withdrawal(ledger)))
    return View(office, ledger, scope, short_names, version)


def _initials(units: list[str]) -> None:
    """By what letters lists of choices find each unit, for web/initials.js."""
    letters = json.dumps({unit: initials(unit) for unit in units}, ensure_ascii=False)
    with st.container(key="initials"):
        st.html(f"<div class='unit-initials' data-units='{html.escape(letters)}'></div>")


def _narrowed(scope: Scope, every_unit: list[str], short_names: dict[str, str]) -> Scope:
    """The scope of the chosen units, indicators and kinds."""
    for key, offered in (("unit", every_unit), ("level1", short_names), ("kind", KINDS)):
        # A choice made on a page without these may hold what this ledger does not have.
        chosen = st.session_state.get(key) or []
        if any(value not in offered for value in chosen):
            st.session_state[key] = [value for value in chosen if value in offered]
    units = st.multiselect(
        "责任单位",
        every_unit,
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
        format_func=KINDS.__getitem__,
    )
    return replace(scope, units=tuple(units), level1s=tuple(level1s), kinds=tuple(kinds or ()))


def _on_basis(scope: Scope, version: int) -> Scope:
    """The scope judged as the switches say that few visitors need; folded away, and open while one of
    them is on."""
    switches = ("verified", "as_issued", "as_known")
    is_on = any(st.session_state.get(key, st.query_params.get(key) == "true") for key in switches)
    with st.expander("更多", expanded=is_on, key="more_filters"):
        verified_only = st.toggle("完成只计已销号", key="verified", bind="query-params")
        as_issued = st.toggle(
            "按原定期限",
            key="as_issued",
            bind="query-params",
            help="不计已批准的延期，逾期、滞后和各项完成率都按台账原定的期限判断。",
        )
        known_at = _known_at(scope.as_of)
        st.caption(f"数据版本 {version}")
    return replace(
        scope, verified_only=bool(verified_only), as_issued=bool(as_issued), known_at=known_at
    )


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
def _newer_version(office: Office, version: int) -> None:
    """Once there is a newer data version than the page's, that, and the way to it. What is on the page
    stays as it is until then."""
    newest = office.warehouse.newest_version
    if newest != version and st.button(
        "有新录入的数据，点此更新",
        key="newest_version",
        type="tertiary",
        icon=":material/sync:",
        help="这一页打开以后，有人存入了新的记录；更新后显示最新的数字。",
    ):
        st.rerun()


def _with_withdrawn(ledgers: pd.DataFrame, withdrawn: pd.DataFrame) -> pd.DataFrame:
    """The ledgers to choose from: those taken back only where the address names one."""
    named = withdrawn[withdrawn.ledger_id.astype(str) == st.query_params.get("ledger", "")]
    return ledgers if named.empty else pd.concat([ledgers, named], ignore_index=True)


def _before_withdrawal(ledger: pd.Series) -> datetime:
    """Until when what is known of a ledger is shown: one taken back is seen as it was before."""
    withdrawn_at = ledger.get("withdrawn_at")
    if is_missing(withdrawn_at):
        return ALL_KNOWN
    instant: datetime = withdrawn_at.to_pydatetime()
    return instant - timedelta(microseconds=1)


def _chosen_ledger(ledgers: pd.DataFrame, names: list[str]) -> int:
    """The row of the ledger that is chosen. The address names it by its id, which stays when another
    ledger or a new title changes the names; addresses made before carry a name."""
    ids = [str(each) for each in ledgers.ledger_id]
    if st.session_state.get("ledger") not in names:
        wanted = st.query_params.get("ledger", "")
        places = [f"{row.region} {row.year}".strip() for row in each_row(ledgers)]
        known = next((known for known in (ids, names, places) if wanted in known), None)
        st.session_state.ledger = names[known.index(wanted) if known else 0]
    chosen = st.selectbox("台账", names, key="ledger", on_change=_start_afresh)
    place = names.index(chosen)
    # Each assignment sends the whole address as this run found it, and a choice made meanwhile would
    # be taken back.
    if st.query_params.get("ledger") != ids[place]:
        st.query_params["ledger"] = ids[place]
    return place


def _as_of(first: date, last: date) -> date:
    """截至日期 with its quick picks; today, clamped to the ledger's period, unless chosen."""
    default = _default_day(first, last)
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


def _known_at(as_of: date) -> datetime:
    """按当时已填报: what was entered after a moment is hidden, so that past figures come out again."""
    if not st.toggle(
        "按当时已填报",
        key="as_known",
        bind="query-params",
        help="不计此后才录入的填报、核验和延期，可原样重现过去会议上的数字。",
    ):
        return ALL_KNOWN
    chosen = st.date_input(
        "录入截至",
        value=min(as_of, today()),
        max_value=today(),
        key="known_on",
        bind="query-params",
        format="YYYY-MM-DD",
    )
    moment = st.time_input(
        "时刻",
        value=END_OF_DAY,
        step=60,
        key="known_until",
        bind="query-params",
        help="含这一分钟。文件上的“制表时间”填在这里，就是那个文件的数字；不改就是当天全部。",
    )
    # To the end of the minute: a file made in it has what was entered in that minute.
    return datetime.combine(
        chosen or as_of, (moment or END_OF_DAY).replace(second=59, microsecond=999_999)
    )


def _default_day(first: date, last: date) -> date:
    return min(max(today(), first), last)


def _start_afresh() -> None:
    """Another ledger has other units, indicators and days; acted on when it is known which."""
    st.session_state.another_ledger = True


def _demonstration_by_default() -> bool:
    return os.environ.get("CREDIT_DEMO", "") not in ("", "0")


def _office(demonstration: bool) -> Office:
    try:
        with st.spinner("正在打开数据…"):
            return open_office(demonstration=demonstration)
    except (WarehouseError, ReferenceFileError) as error:
        st.error(str(error), icon=":material/error:")
        st.stop()
