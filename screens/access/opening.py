"""New accounts: one from a form, or many from a spreadsheet of name, display name, role and units."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pandas as pd
import streamlit as st

import accounts
from accounts import AccountsError
from accounts.store import normal_name
from screens import parts
from screens.access.listing import FORM, MADE, ask_role, by, checked, give_password
from screens.parts import saving
from words import ACCOUNT_ROLES, plain

COLUMNS = ("账号", "姓名", "角色", "单位")
TYPES = ["xlsx", "csv"]
MOST_ROWS = 500
_BETWEEN_UNITS = re.compile(r"[、，,;；\n]+")


@dataclass(frozen=True)
class Row:
    """One line of the spreadsheet."""

    line: int
    name: str
    display_name: str
    role: str
    units: tuple[str, ...]


def new_account(view: parts.View) -> None:
    """The form for one account."""
    key = saving.field(FORM, "new")
    with st.form(key, border=False):
        left, right = st.columns(2)
        name = left.text_input("账号", key=f"{key}_name", placeholder="登录用的名字")
        display_name = right.text_input(
            "姓名", key=f"{key}_display", placeholder="录入和签名用的姓名"
        )
        role, units = ask_role(view, key)
        if st.form_submit_button("新建账号", type="primary"):
            saving.save(
                FORM,
                lambda: _add(view, Row(0, name, display_name, role, tuple(units))),
                f"已新建账号“{name}”。",
            )


def new_accounts(view: parts.View) -> None:
    """A spreadsheet in: what each line comes to, and only then the accounts."""
    st.caption(
        f"第一行是表头：{'、'.join(COLUMNS)}；角色写{'、'.join(ACCOUNT_ROLES.values())}之一，"
        "几个单位用顿号隔开。一次最多 500 行。"
    )
    upload = st.file_uploader("账号表", TYPES, key=saving.field(FORM, "file"))
    if upload is None:
        return
    try:
        rows = read(upload.getvalue(), upload.name)
    except AccountsError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    st.dataframe(
        pd.DataFrame(
            {
                "行": [row.line for row in rows],
                "账号": [row.name for row in rows],
                "姓名": [row.display_name for row in rows],
                "角色": [ACCOUNT_ROLES[row.role] for row in rows],
                "单位": ["、".join(row.units) for row in rows],
            }
        ),
        hide_index=True,
        alt="将新建的账号",
    )
    if st.button(f"新建 {len(rows)} 个账号", type="primary", key="add_accounts"):
        _add_all(view, rows)


def read(content: bytes, name: str) -> list[Row]:
    """The lines of a spreadsheet; raises `AccountsError` with the first thing that is wrong in it."""
    try:
        if name.lower().endswith(".csv"):
            table = pd.read_csv(BytesIO(content), dtype=str, encoding=_encoding(content))
        else:
            table = pd.read_excel(BytesIO(content), dtype=str)
    except Exception as error:
        raise AccountsError(f"“{name}”打不开，请用 Excel 或 WPS 另存为 xlsx 再放入。") from error
    table.columns = [str(column).strip() for column in table.columns]
    missing = [column for column in COLUMNS if column not in table.columns]
    if missing:
        raise AccountsError(f"“{name}”第一行没有表头“{'、'.join(missing)}”，请改正后重新放入。")
    if not 1 <= len(table) <= MOST_ROWS:
        raise AccountsError(f"“{name}”有 {len(table)} 行账号，应在 1 到 {MOST_ROWS} 行之间。")
    rows, seen = [], {each.name for each in accounts.store().accounts()}
    for line, row in enumerate(table.fillna("").to_dict("records"), start=2):
        read_row = _row(line, {str(key): str(value).strip() for key, value in row.items()})
        known = normal_name(read_row.name)
        if known in seen:
            raise AccountsError(f"第 {line} 行：账号“{read_row.name}”已有或写了两次，请改正。")
        seen.add(known)
        rows.append(read_row)
    return rows


def _row(line: int, cells: dict[str, Any]) -> Row:
    codes = {title: code for code, title in ACCOUNT_ROLES.items()}
    role = codes.get(cells["角色"], cells["角色"])
    units = tuple(unit for unit in _BETWEEN_UNITS.split(cells["单位"]) if unit.strip())
    if not cells["账号"] or not cells["姓名"]:
        raise AccountsError(f"第 {line} 行：账号和姓名都要写，请改正。")
    if role not in ACCOUNT_ROLES:
        named = "、".join(ACCOUNT_ROLES.values())
        raise AccountsError(f"第 {line} 行：角色“{cells['角色']}”不认识，应为{named}之一。")
    if (role == "unit") != bool(units):
        raise AccountsError(f"第 {line} 行：“处室/单位”的账号要写单位，别的角色不写单位，请改正。")
    return Row(line, cells["账号"], cells["姓名"], role, units)


def _encoding(content: bytes) -> str:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _add(view: parts.View, row: Row) -> None:
    units = checked(row.role, row.units)
    try:
        accounts.store().add(
            row.name, row.display_name, row.role, give_password(row.name), units=units,
            by=by(view),
        )  # fmt: skip
    except AccountsError:
        st.session_state[MADE].pop(row.name)
        raise


def _add_all(view: parts.View, rows: list[Row]) -> None:
    """Each account by itself: those before one that is refused stay, and their passwords are shown."""
    bar = st.progress(0.0, "正在新建…")
    for done, row in enumerate(rows, start=1):
        bar.progress(done / len(rows), f"{done} / {len(rows)}　{row.name}")
        try:
            _add(view, row)
        except AccountsError as error:
            saving.report_next_run(
                FORM, f"已新建 {done - 1} 个；第 {row.line} 行起没有新建：{error}"
            )
            st.rerun()
    saving.save(FORM, lambda: None, f"已新建 {len(rows)} 个账号。")
