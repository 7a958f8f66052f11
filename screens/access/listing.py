"""The accounts as a table, and what is done with the ticked one: role, disabling, a new first password.

Owns how a first password is shown: once, in the run after it was made, and kept nowhere.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence

import pandas as pd
import streamlit as st

import accounts
from accounts import Account, AccountsError
from accounts.passwords import first_password, hashed
from accounts.sessions import IDLE, LONGEST
from screens import parts
from screens.parts import saving
from warehouse.rights import UNIT
from words import ACCOUNT_ROLES, plain

FORM = "accounts"
MADE = "first_passwords"
"""Session key: the first passwords just made, by account, until they have been shown."""
COLUMNS = {
    "账号": st.column_config.TextColumn(width=120),
    "姓名": st.column_config.TextColumn(width=100),
    "角色": st.column_config.TextColumn(width=100),
    "单位": st.column_config.TextColumn(width=230),
    "登录方式": st.column_config.TextColumn(width=180),
    "状态": st.column_config.TextColumn(width=140),
    "登录中": st.column_config.TextColumn(width=170),
}


def headline() -> None:
    """How many accounts there are of each role."""
    known = accounts.store().accounts()
    roles = Counter(each.role for each in known if not each.is_disabled)
    of_roles = "、".join(
        f"{ACCOUNT_ROLES[role]} {roles[role]} 个" for role in ACCOUNT_ROLES if roles[role]
    )
    disabled = sum(each.is_disabled for each in known)
    parts.headline(f"能用的账号：{of_roles}" + (f"；停用 {disabled} 个。" if disabled else "。"))


def listing(view: parts.View) -> None:
    """The accounts with where they are logged in, and the forms for the ticked one."""
    known = accounts.store().accounts()
    saving.show_report(FORM)
    _show_first_passwords()
    open_now = _sessions()
    ticked = st.dataframe(
        pd.DataFrame(
            {
                "账号": [each.name for each in known],
                "姓名": [each.display_name for each in known],
                "角色": [ACCOUNT_ROLES[each.role] for each in known],
                "单位": ["、".join(each.units) for each in known],
                "登录方式": [_ways(each) for each in known],
                "状态": [_state(each) for each in known],
                "登录中": [open_now.get(each.name, "") for each in known],
            }
        ),
        hide_index=True,
        column_config=COLUMNS,
        on_select="rerun",
        selection_mode="single-row",
        key=saving.field(FORM, "ticked"),
        alt="账号",
    ).selection.rows
    if not ticked:
        st.caption(
            "勾选一行：改角色和单位、停用或恢复、重置密码。登录、失败和改动记在“变更记录”的最下方。"
        )
        return
    _forms(view, known[ticked[0]])


def by(view: parts.View) -> str:
    """Whose doing a change of accounts is, for their trail."""
    actor = view.warehouse.actor
    return actor.account if actor else ""


def give_password(name: str) -> str:
    """A new first password for an account, to be shown in the next run; returns how it is stored."""
    password = first_password()
    st.session_state.setdefault(MADE, {})[name] = password
    return hashed(password)


def checked(role: str, units: Sequence[str]) -> Sequence[str]:
    """The units of an account; raises `AccountsError` when a unit's account has none."""
    if role == UNIT and not units:
        raise AccountsError("“处室/单位”的账号要有单位，请选一个或几个。")
    return units


def _show_first_passwords() -> None:
    if made := st.session_state.pop(MADE, None):
        st.warning(
            "初始密码只显示这一次，请现在抄下或复制，分别交给本人；头一次登录要改。",
            icon=":material/key:",
        )
        st.code("\n".join(f"{name}\t{password}" for name, password in made.items()), language=None)


def _ways(account: Account) -> str:
    ways = ["密码和动态口令" if account.has_code else "密码"] * account.has_password
    ways += ["统一身份认证"] * account.is_of_provider
    return "、".join(ways)


def _state(account: Account) -> str:
    if account.is_disabled:
        return "停用"
    return "正常，待改初始密码" if account.must_change_password else "正常"


def _sessions() -> dict[str, str]:
    """Account → from where it is logged in and since when it was last used."""
    now = time.time()
    rows = accounts.store().read("open_sessions", oldest=now - LONGEST, idle=now - IDLE)
    found: dict[str, list[str]] = {}
    for name, _, last_seen_at, address in rows:
        found.setdefault(name, []).append(
            f"{address or '本机'} {time.strftime('%H:%M', time.localtime(last_seen_at))}"
        )
    return {name: "；".join(each) for name, each in found.items()}


def _forms(view: parts.View, account: Account) -> None:
    store, name = accounts.store(), account.name
    left, right = st.columns([3, 2], gap="large")
    with left, st.form(f"role_{name}", border=True):
        st.markdown(f"**{plain(account.display_name)}**（{plain(name)}）的角色和单位")
        role, units = ask_role(view, name, account.role, account.units)
        if st.form_submit_button("改角色和单位", help="打开着的页面要重新登录。"):
            saving.save(
                FORM,
                lambda: store.change_role(name, role, checked(role, units), by(view)),
                f"“{name}”现在是{ACCOUNT_ROLES[role]}，已要求重新登录。",
            )
    with right:
        if account.is_disabled:
            if st.button("恢复账号", key="enable_account"):
                saving.save(FORM, lambda: store.enable(name, by(view)), f"已恢复“{name}”。")
        elif st.button("停用账号", key="disable_account", help="打开着的页面不再能用。"):
            saving.save(FORM, lambda: store.disable(name, by(view)), f"已停用“{name}”。")
        if st.button("重置密码", key="reset_password", help="给一个新的初始密码，原来的不再能用。"):
            saving.save(
                FORM,
                lambda: store.reset_password(name, give_password(name), by(view)),
                f"“{name}”的密码已重置。",
            )
        if account.has_code and st.button(
            "重置动态口令", key="reset_code", help="换了、丢了手机的，重置后下次登录时重新设置。"
        ):
            saving.save(
                FORM,
                lambda: store.reset_code(name, by(view)),
                f"“{name}”的动态口令已重置，下次登录时重新设置。",
            )


def ask_role(
    view: parts.View, key: str, role: str = "unit", units: tuple[str, ...] = ()
) -> tuple[str, list[str]]:
    """The fields for a role and its units; of another role than 处室/单位 no unit."""
    codes = list(ACCOUNT_ROLES)
    chosen = st.selectbox(
        "角色",
        codes,
        index=codes.index(role),
        format_func=ACCOUNT_ROLES.__getitem__,
        key=f"role_of_{key}",
    )
    known = list(dict.fromkeys([*units, *view.ask("units", view.unfiltered()).unit]))
    named = st.multiselect(
        "单位（角色为“处室/单位”时）", known, default=list(units), key=f"units_of_{key}",
        placeholder="可选几个",
    )  # fmt: skip
    return str(chosen), list(named) if chosen == "unit" else []
