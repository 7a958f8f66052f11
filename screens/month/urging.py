"""催办: the letter to each unit that owes reports, and the tasks it is about."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

import documents
import metrics
from documents import month_form
from findings import returns as return_findings
from screens import parts
from screens.parts import saving
from warehouse.entries.office import (
    Contact,
    OfficeDetails,
    keep_contacts,
    keep_office_details,
    office_details,
    unit_contacts,
)
from words import each_row, plain

OFFICE, CONTACTS = "office", "contacts"
"""The forms of the office's own details, and of whom to ask in each unit."""

COLUMNS = ["lamp", "number", "urged", "task", "due", "reason"]


def urge(
    view: parts.View, returns: pd.DataFrame, month: parts.ReportMonth, *, is_due: bool = True
) -> None:
    """The letter of a chosen unit with its tasks, and all letters with their forms in one archive; `returns` are the
    `month_returns` rows of the month, `is_due` whether its return day has come."""
    owing = return_findings.to_be_urged(returns, is_due=is_due)
    if owing.empty and not is_due:
        return
    st.subheader("催办", anchor=False)
    if view.warehouse.may("更新联系方式"):
        _keep_office(view)
        _keep_contacts(view, returns)
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    unit = left.selectbox("单位", list(returns.unit), key="urged", bind="query-params")
    if len(owing):
        with right:
            parts.download_file(
                view,
                f"下载全部催办函（{len(owing)} 个单位）",
                "催办函和填报表.zip",
                lambda context: _all_letters(view, month, context, is_due=is_due),
                key="letters",
                asks=True,
            )
    tasks = view.ask("unreported_tasks", unit=unit, **month.values)
    if not is_due:
        tasks = tasks[tasks.is_overdue | tasks.is_due_soon]
    if unit not in set(owing.unit):
        st.success(f"{plain(unit)}没有需要催办的任务。")
        return
    st.caption("指向文字后，右上角出现复制按钮；〔　〕中的内容请补填。")
    (urged,) = each_row(returns[returns.unit == unit])
    letter = _letter(view, urged, tasks, month, view.made(_office), view.made(_contacts))
    formal, brief = st.tabs(["催办函", "发群里的短文字"])
    with formal:
        st.code(letter.text, language=None, wrap_lines=True)
    with brief:
        st.code(letter.brief, language=None, wrap_lines=True)
    with st.container(border=True):
        st.markdown(f"**{plain(unit)}的催办任务**（勾选一行看任务卡）")
        parts.task_table(
            view,
            tasks.assign(urged=[return_findings.urged_for(row) for row in each_row(tasks)]),
            COLUMNS,
            "unreported_tasks",
            key="urged_tasks",
            title=f"{unit}的催办任务",
        )
        parts.lamp_legend(view)


def _keep_office(view: parts.View) -> None:
    """The office's name and contact, which stand in every letter and are kept."""
    saving.show_report(OFFICE)
    with st.popover("印发单位和联系人", icon=":material/badge:"):
        kept = view.made(_office)
        with st.form(OFFICE, border=False):
            details = OfficeDetails(
                name=st.text_input("印发单位", kept.name),
                receives=st.text_input("报送至", kept.receives, placeholder="接收单位和方式"),
                contact=st.text_input("联系人", kept.contact),
                phone=st.text_input("电话", kept.phone),
            )
            author = parts.author(view.warehouse, st, "经办人", key="office_author")
            if st.form_submit_button("保存"):
                saving.save(
                    OFFICE,
                    lambda: keep_office_details(view.warehouse, details, recorded_by=author),
                    "印发单位和联系人已保存，以后的催办都用它们。",
                )


def _keep_contacts(view: parts.View, returns: pd.DataFrame) -> None:
    """Whom to ask in each unit that reports this month; the short text speaks to them."""
    saving.show_report(CONTACTS)
    with st.expander("各单位联系人", icon=":material/contacts:"):
        known = view.made(_contacts)
        units = {UUID(str(row.unit_id)): row.unit for row in each_row(returns)}
        kept = [known.get(unit_id, Contact()) for unit_id in units]
        edited = st.data_editor(
            pd.DataFrame(
                {
                    "单位": list(units.values()),
                    "联系人": [each.name for each in kept],
                    "电话": [each.phone for each in kept],
                }
            ),
            key=saving.field(CONTACTS, "rows"),
            hide_index=True,
            disabled=["单位"],
            column_config={
                "单位": st.column_config.TextColumn(width=240),
                "联系人": st.column_config.TextColumn(width=160),
                "电话": st.column_config.TextColumn(width=200),
            },
        )
        line = st.container(horizontal=True, vertical_alignment="bottom")
        author = parts.author(
            view.warehouse, line, "经办人", key=saving.field(CONTACTS, "author"), width=200
        )
        if line.button("保存", key="contacts_store"):
            contacts = {
                unit_id: (row.单位, Contact(row.联系人 or "", row.电话 or ""))
                for unit_id, row in zip(units, each_row(edited), strict=True)
            }
            saving.save(
                CONTACTS,
                lambda: keep_contacts(view.warehouse, contacts, recorded_by=author),
                lambda count: f"{count} 个单位的联系人已保存，以后的催办都用它们。",
            )


def _all_letters(
    view: parts.View, month: parts.ReportMonth, context: documents.Context, *, is_due: bool
) -> bytes:
    """What is owed when the button is pressed: the page may have been drawn a while ago."""
    returns = metrics.ask(view.warehouse, "month_returns", view.scope, **month.values)
    owing = return_findings.to_be_urged(returns, is_due=is_due)
    tasks = metrics.ask(view.warehouse, "unreported_tasks", view.scope, unit=None, **month.values)
    forms = month_form.write_forms(
        view.warehouse,
        view.scope,
        list(owing.unit),
        month.start,
        is_demonstration=view.office.is_demonstration,
    )
    office, contacts = _office(view), _contacts(view)
    letters = [_letter(view, row, tasks, month, office, contacts) for row in each_row(owing)]
    return documents.letters_with_forms(letters, context, forms)


def _letter(
    view: parts.View,
    row: Any,
    tasks: pd.DataFrame,
    month: parts.ReportMonth,
    office: OfficeDetails,
    contacts: dict[UUID, Contact],
) -> return_findings.Letter:
    soon = int(view.ledger.due_soon_days)
    contact = contacts.get(UUID(str(row.unit_id)), Contact())
    return return_findings.urging(row, tasks, month, view.ledger.title, soon, office, contact.text)


def _office(view: parts.View) -> OfficeDetails:
    return office_details(view.warehouse)


def _contacts(view: parts.View) -> dict[UUID, Contact]:
    return unit_contacts(view.warehouse)
