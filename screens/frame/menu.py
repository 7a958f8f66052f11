"""The menu: its entries, the pages of each, every page's address, and where former addresses lead."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from accounts import Account
from screens.frame.identity import may_open
from warehouse.rights import ADMIN, UNIT

TITLE = "信用交通省台账分析平台"
MENU = {
    "总览": {"overview": "总览"},
    "指标完成率": {"indicators": "指标完成率"},
    "单位情况": {"units": "单位情况", "unit": "单位任务"},
    "逾期预警": {"overdue": "逾期预警"},
    "季度例会": {"meeting": "季度例会"},
    "进展填报": {"progress": "进展填报"},
    "谁没报": {"reporting": "谁没报"},
    "核验与延期": {"verification": "核验与延期"},
    "自评打分": {
        "scoring": "自评打分",
        "gaps": "佐证缺口",
        "bonus": "加分扣分",
        "winning": "补分建议",
        "scheme": "评分方案",
    },
    "自由筛选": {"explore": "自由筛选", "query": "高级查询"},
    "对照比较": {"compare": "对照比较"},
    "台账管理": {"imports": "导入台账", "reference": "单位与口径", "changes": "变更记录"},
}
"""Entry of the menu → its pages, the first of which it opens: name of the page's file → title."""
PAGES = {name: title for entry in MENU.values() for name, title in entry.items()}
FOR_ADMINISTRATORS = {"accounts": "账号"}
"""Pages that only an administrator's account has, at the end of the last entry."""
TITLES = PAGES | FOR_ADMINISTRATORS
FORMER = ("workload",)
"""Addresses that were pages once; `successor` knows where they lead."""
WITHOUT_BASIS = ("imports", "reference", "changes", "accounts")
"""Pages about the ledger as it was issued and what is stored of it; nothing is judged there."""
WITHOUT_FILTERS = ("unit", "explore", "scheme", "imports", "reference", "accounts")
"""Pages about all tasks, or with a choice of their own: the sidebar offers no second one beside it."""


def successor(name: str, address: Mapping[str, str]) -> tuple[str, dict[str, str]] | None:
    """Where the content of a former address is now, as page and added parameters; None for an address
    that is still a page. `address` are its parameters."""
    if name == "workload":
        return ("unit", {}) if "focus" in address else ("units", {})
    if name == "compare" and address.get("compare") == "两个日期":
        return "indicators", {"rates": "与另一日期对照"}
    return None


def entry_of(name: str) -> str:
    """The entry of the menu that a page belongs to."""
    if name in FOR_ADMINISTRATORS:
        return next(reversed(MENU))
    return next(entry for entry, pages in MENU.items() if name in pages)


def pages_of(entry: str, who: Account | None) -> dict[str, str]:
    """The pages of an entry that are for the account: name → title."""
    pages = dict(MENU[entry])
    if who is not None and who.role == ADMIN and entry == next(reversed(MENU)):
        pages |= FOR_ADMINISTRATORS
    return {name: title for name, title in pages.items() if may_open(name, who)}


def navigation(who: Account | None = None) -> st.Page:
    """Draw the menu above the page, without the entries that are not for the account; returns the page
    of the address."""
    # No icons: Streamlit uses a page's icon as the window's and fetches it from the internet.
    visible, former = _pages({}, who), _former(who)
    current = st.navigation([*visible.values(), *former], position="top")
    name = current.url_path
    if name not in TITLES:
        return current
    if moved := successor(name, st.query_params):
        _move(*moved)
    if may_open(name, who) and name != _first(entry_of(name), who):
        # Only the page that is open is marked, so it stands for its entry in the menu.
        st.navigation([*_pages({entry_of(name): name}, who).values(), *former], position="top")
    return current


def parts_of_entry(page: st.Page, who: Account | None = None) -> None:
    """Draw the ways to the other pages of the same entry, the open one marked."""
    pages = pages_of(entry_of(page.url_path), who) if page.url_path in TITLES else {}
    if len(pages) > 1:
        line = st.container(horizontal=True, gap="small", key="parts_of_entry")
        for name, title in pages.items():
            line.page_link(f"pages/{name}.py", label=title)


def _first(entry: str, who: Account | None) -> str:
    """The page of an entry that opens it for the account; empty when none is for it."""
    return next(iter(pages_of(entry, who)), "")


def _pages(shown: dict[str, str], who: Account | None) -> dict[str, st.Page]:
    """Every page; in the menu stands the first of each entry that is for the account, or the one named
    in `shown`, under the entry's title."""
    pages = {}
    for entry, names in MENU.items():
        standing = shown.get(entry, _first(entry, who))
        # A page that is not for the account has an address all the same, and says so there.
        for name, title in (names | pages_of(entry, who)).items():
            is_shown = name == standing
            pages[name] = st.Page(
                f"pages/{name}.py",
                title=entry if is_shown else title,
                visibility="visible" if is_shown else "hidden",
            )
    return pages


def _former(who: Account | None) -> list[st.Page]:
    def home() -> None:
        # Streamlit gives the default page no address of its own; 总览 shall have one.
        if who is not None and who.role == UNIT:
            _move("unit", {"focus": who.units[0]})
        _move("overview", {})

    def elsewhere(name: str) -> st.Page:
        def lead() -> None:
            _move(*(successor(name, st.query_params) or ("overview", {})))

        return st.Page(lead, title=name, url_path=name, visibility="hidden")

    return [
        st.Page(home, title=TITLE, default=True, visibility="hidden"),
        *(elsewhere(name) for name in FORMER),
    ]


def _move(name: str, added: dict[str, str]) -> None:
    """To another page, with the parameters of the address and some more."""
    st.switch_page(f"pages/{name}.py", query_params=st.query_params.to_dict() | added)
