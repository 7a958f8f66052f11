"""The frame around every page: window title, menu, and the sidebar whose state is in the address.

Owns which database, ledger, day and filters a page is about, and the cache of answers. Draws
nothing of a page itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import takewhile
from pathlib import Path
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

import metrics
from metrics import Scope
from warehouse import ALL_KNOWN, Office, ReferenceFileError, Warehouse, WarehouseError, open_office
from warehouse.store import today
from words import DEMONSTRATION, KINDS, day, each_row, plain

TITLE = "信用交通省台账分析平台"
MENU = {
    "看进展": {
        "overview": "总览",
        "indicators": "指标完成率",
        "workload": "部门负荷",
        "overdue": "逾期预警",
        "meeting": "季度例会",
    },
    "管填报": {
        "progress": "进展填报",
        "reporting": "谁没报",
        "verification": "核验与延期",
    },
    "算得分": {
        "scoring": "自评打分",
        "gaps": "佐证缺口",
        "winning": "补分建议",
        "bonus": "加分扣分",
        "scheme": "评分方案",
    },
    "查数据": {
        "explore": "自由筛选",
        "compare": "对照比较",
        "query": "SQL 查询",
    },
    "管台账": {
        "imports": "导入台账",
        "reference": "单位与口径",
        "changes": "变更记录",
    },
}
"""Section of the menu → name of each page's file → its title."""
PAGES = {name: title for section in MENU.values() for name, title in section.items()}
NO_FILTERS = "无"
FILTERS = ("unit", "level1", "kind")
WEB = Path(__file__).parents[2] / "web"
END_OF_DAY = time(23, 59)
SHARED_SHOWN, TELLING_SHOWN = 4, 10
"""Characters of a title shown before and after the place where ledgers of one province and year differ."""


@dataclass(frozen=True)
class View:
    """What the sidebar says: the open database, the ledger's own row, and the scope of questions."""

    office: Office
    ledger: pd.Series
    scope: Scope
    short_names: dict[str, str]
    data_version: int
    """Of all figures on the page."""
    scoring: str = ""
    """By which 评分方案 the page's points are, once it has chosen."""
    scheme: pd.Series | None = None
    """That version's row of `schemes`; none in the trial with equal weights."""

    @property
    def started_on(self) -> date:
        """The ledger's first day."""
        return self.ledger.started_on.date()

    @property
    def ended_on(self) -> date:
        """The ledger's last day."""
        return self.ledger.ended_on.date()

    @property
    def assessed_on(self) -> date:
        """The day points are to be had by: the scheme's 评估日, in the trial the ledger's last day."""
        return self.ended_on if self.scheme is None else self.scheme.assessed_on.date()

    def unfiltered(self) -> Scope:
        """The scope with no task left out."""
        return replace(self.scope, units=(), level1s=(), kinds=())

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
        if self.scope.as_issued:
            said.append("按原定期限")
        if self.scope.known_at != ALL_KNOWN:
            until = self.scope.known_at
            clock = "" if _is_end_of_day(until) else f" {until:%H:%M}"
            said.append(f"按 {day(until)}{clock} 当时已填报")
        if self.scoring:
            said.append(self.scoring)
        return "、".join(said) or NO_FILTERS


@contextmanager
def frame() -> Iterator[st.Page]:
    """Draw the frame for app.py: window title, menu and filters; yields the page to run. All that is
    asked within the block rests on one data version.
    """
    # A page icon named by :material/…: would be fetched from outside.
    st.set_page_config(TITLE, page_icon=str(WEB / "favicon.svg"), layout="wide")
    st.logo(str(WEB / "logo.svg"), size="large")
    page = _navigation()
    if page.title == TITLE:
        # The bare address: on to 总览 before a filter binds the address's parameters.
        page.run()
    st.session_state.framed = True
    office = _chosen_office()
    with office.warehouse.snapshot():
        st.session_state.view = _filters(office)
        yield page


@contextmanager
def same_version() -> Iterator[None]:
    """Around what a fragment asks: when it runs alone and the data have changed since the page was
    drawn, the whole page runs anew, so that no two versions stand side by side.
    """
    shown: View = st.session_state.view
    with shown.office.warehouse.snapshot() as snapshot:
        if snapshot.data_version != shown.data_version:
            st.rerun()
        yield


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
        st.session_state.view = _filters(_chosen_office())
    shown: View = st.session_state.view
    if shown.office.is_demonstration:
        st.warning(
            f"**{DEMONSTRATION}**：任务取自真实台账，进展由程序生成，并非真实填报；与正式数据分开存放。",
            icon=":material/science:",
        )
    for sentence in shown.office.refused:
        st.error(f"有台账没有导入。{plain(sentence)}", icon=":material/error:")
    st.caption(
        f"{title}　·　{plain(shown.ledger.title)}　·　截至 {day(shown.scope.as_of)}"
        f"　·　筛选：{plain(shown.filters)}"
    )
    return shown


def ask(name: str, scope: Scope | None = None, **values: Any) -> pd.DataFrame:
    """The answer of a question for the page's scope, kept until the data changes."""
    asked = warehouse()
    return _answer(
        asked,
        str(asked.path),
        asked.data_version,
        name,
        scope or st.session_state.view.scope,
        tuple(sorted((k, tuple(v) if isinstance(v, list) else v) for k, v in values.items())),
    )


def warehouse() -> Warehouse:
    """The open database of the page."""
    return st.session_state.view.office.warehouse


@st.cache_data(max_entries=500, show_spinner=False)
def _answer(
    _warehouse: Any, path: str, data_version: int, name: str, scope: Scope, values: tuple
) -> pd.DataFrame:
    # path and data_version are the key: another database or newer data is another answer.
    del path, data_version
    return metrics.ask(
        _warehouse, name, scope, **{k: list(v) if k == "days" else v for k, v in values}
    )


def _navigation() -> st.Page:
    # No icons: Streamlit makes a page's icon the window's, and fetches it from outside.
    pages = {name: st.Page(f"pages/{name}.py", title=title) for name, title in PAGES.items()}

    def home() -> None:
        # Streamlit gives the default page no address of its own; 总览 shall have one.
        st.switch_page(pages["overview"], query_params=st.query_params.to_dict())

    hidden = st.Page(home, title=TITLE, default=True, visibility="hidden")
    sections = {section: [pages[name] for name in names] for section, names in MENU.items()}
    # Above the page: the sidebar is for what the page is about.
    return st.navigation({"": [hidden], **sections}, position="top")


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


def _filters(office: Office) -> View:
    """The sidebar. Its state is in the URL, so an address shows a colleague the same view."""
    database = office.warehouse
    ledgers = _answer(database, str(database.path), database.data_version, "ledgers", None, ())
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
            # Emptied rather than removed: the address would put a removed one back.
            st.session_state.as_of = _default_day(first, last)
            for key in FILTERS:
                st.session_state[key] = []
        as_of = _as_of(first, last)
        ledger_id = UUID(str(ledger.ledger_id))
        whole = Scope(ledger_id, as_of)

        def listed(question: str) -> pd.DataFrame:
            return _answer(database, str(database.path), database.data_version, question, whole, ())

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
        as_issued = st.toggle(
            "按原定期限",
            key="as_issued",
            bind="query-params",
            help="不计已批准的延期，逾期、滞后和各项完成率都按台账原定的期限判断。",
        )
        known_at = _known_at(as_of)
        st.caption(f"数据版本 {database.data_version}")
    scope = Scope(
        ledger_id,
        as_of,
        tuple(units),
        tuple(level1s),
        tuple(kinds or ()),
        verified_only=bool(verified_only),
        as_issued=bool(as_issued),
        known_at=known_at,
    )
    return View(office, ledger, scope, short_names, database.data_version)


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
    # What was entered in the minute of the file's making was in it.
    return datetime.combine(
        chosen or as_of, (moment or END_OF_DAY).replace(second=59, microsecond=999_999)
    )


def _is_end_of_day(moment: datetime) -> bool:
    return (moment.hour, moment.minute) == (END_OF_DAY.hour, END_OF_DAY.minute)


def _default_day(first: date, last: date) -> date:
    return min(max(today(), first), last)


def _start_afresh() -> None:
    """Another ledger has other units, indicators and days; acted on when it is known which."""
    st.session_state.another_ledger = True


def ledger_names(ledgers: pd.DataFrame) -> list[str]:
    """What each row of `ledgers` is called in a list of choices: province and year, and where several
    share these, so much of the title as tells them apart."""
    places = [f"{row.region} {row.year}".strip() for row in each_row(ledgers)]
    names = []
    for place, title in zip(places, ledgers.title, strict=True):
        others = [t for p, t in zip(places, ledgers.title, strict=True) if p == place]
        names.append(f"{place} {_telling_part(title, others)}" if len(others) > 1 else place)
    return names


def _telling_part(title: str, titles: list[str]) -> str:
    """The part of a title around the first place where `titles` differ; the whole of it, where another
    of them has the same part."""
    alike = takewhile(lambda characters: len(set(characters)) == 1, zip(*titles, strict=False))
    shared = sum(1 for _ in alike)
    start = max(0, shared - SHARED_SHOWN)
    parts = [each[start : shared + TELLING_SHOWN] for each in titles]
    part = title[start : shared + TELLING_SHOWN]
    if parts.count(part) > 1:
        return title
    before, after = "…" * (start > 0), "…" * (len(title) > shared + TELLING_SHOWN)
    return f"{before}{part}{after}"


def _demonstration_by_default() -> bool:
    return os.environ.get("CREDIT_DEMO", "") not in ("", "0")


def _office(demonstration: bool) -> Office:
    try:
        with st.spinner("正在打开数据…"):
            return open_office(demonstration=demonstration)
    except (WarehouseError, ReferenceFileError) as error:
        st.error(str(error), icon=":material/error:")
        st.stop()
