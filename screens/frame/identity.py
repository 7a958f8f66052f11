"""Who looks at the page: the account that the door in front of the platform names, or nobody in 单机模式.

Owns the line that says so, the pages a role may not open, and the way of a refused write or an export
into the trail of accounts. What may be written is the warehouse's to say.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape
from urllib.parse import unquote

import streamlit as st

import accounts
from accounts import ACCOUNT_HEADER, Account, AccountsError
from warehouse import Office
from warehouse.rights import ADMIN, LEADER, OFFICE, UNIT, Actor
from words import ACCOUNT_ROLES, plain

ONLY_FOR = {
    "progress": {UNIT, OFFICE},
    "verification": {OFFICE, LEADER},
    "imports": {OFFICE},
    "reference": {OFFICE, ADMIN},
    "accounts": {ADMIN},
}
"""Page → the roles that may open it; the other pages are everybody's to read."""


def account() -> Account | None:
    """The account of who looks; None in 单机模式. Ends the page when there are accounts and the request
    names none that may come in."""
    store = accounts.store()
    name = unquote(st.context.headers.get(ACCOUNT_HEADER, ""))
    try:
        if not name and not store.has_accounts():
            return None
        found = store.account(name) if name else None
    except AccountsError as error:
        st.error(plain(str(error)), icon=":material/lock:")
        st.stop()
    if found is None or found.is_disabled:
        st.error("没有登录，或账号已停用，请从登录页进入。", icon=":material/lock:")
        st.stop()
    return found


def may_open(page: str, who: Account | Actor | None) -> bool:
    """Whether the page named so is one for this account."""
    return who is None or page not in ONLY_FOR or who.role in ONLY_FOR[page]


def refuse(title: str, who: Account) -> None:
    """Say that the page is not for this account, and end it."""
    st.error(
        f"“{title}”不对“{ACCOUNT_ROLES[who.role]}”的账号开放；需要使用的，请联系管理员。",
        icon=":material/lock:",
    )
    st.stop()


def used_by(office: Office, who: Account | None) -> Office:
    """The office as this account may use it."""
    if who is None:
        return office
    actor = Actor(who.name, who.display_name, who.role, who.units)
    # A file is made when its button is pressed, where nobody knows any more who asks.
    address = st.context.ip_address or ""

    def note(kind: str, detail: str) -> None:
        accounts.store().record(kind, who.name, address, detail)

    return replace(office, warehouse=office.warehouse.acting(actor, note))


def show(who: Account | None) -> None:
    """Who is logged in, for which units, and the way out; nothing in 单机模式."""
    if who is None:
        return
    part = f"：{'、'.join(who.units)}" if who.units else ""
    line = st.container(horizontal=True, vertical_alignment="center", key="logged_in")
    line.markdown(f"**{plain(who.display_name)}**　{plain(ACCOUNT_ROLES[who.role] + part)}")
    # A link of Streamlit's own would open another window. web/kept.js reads whose page it is.
    link = f"<a href='account/' data-account='{escape(who.name)}'>账号与退出</a>"
    line.html(link, width="content")
