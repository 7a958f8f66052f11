"""The 评分方案 as a workbook on screen: the template out, and back in with a look before storing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from documents import scheme
from documents.scheme import FormError, Template
from screens import parts
from screens.parts import saving
from screens.scores.current import FORM, Current, may_store, preview, store
from words import plain

TYPES = ["xlsx", "xlsm"]


def hand_out(view: parts.View, current: Current) -> None:
    """The button that makes the template, and what it is filled in with."""
    newest = current.newest
    if newest:
        filled = f"填有第 {newest.number} 版"
    else:
        filled = "填有台账分值" if current.outline.has_points else "未填分值"
    scope = replace(view.scope, scheme_id=newest.scheme_id if newest else None)
    demonstration = view.office.is_demonstration
    st.markdown(
        "模板列出台账的每项任务，填分值、规则、分档和佐证要求；“分值汇总”表随填随算，“填写说明”表写明怎样填。"
        "用 Excel、WPS 或 LibreOffice 填好后放入下方，核对后存为新的一版。"
    )
    name = scheme.template_name(current.outline.edition.title, is_demonstration=demonstration)
    st.download_button(
        f"下载模板（{filled}）",
        data=parts.noted(
            view,
            name,
            lambda: scheme.write_template(
                view.office.warehouse, scope, is_demonstration=demonstration
            ),
        ),
        file_name=name,
        mime=parts.MIME_TYPES["xlsx"],
        key="scheme_template",
        icon=":material/download:",
        on_click="ignore",
    )


def receive_template(view: parts.View, current: Current) -> None:
    """A filled template in: what is wrong by its cell, what it changes, and only then stored."""
    if not may_store(view):
        return
    upload = st.file_uploader("填好的模板", TYPES, key=saving.field(FORM, "file"))
    if upload is None:
        return
    try:
        template = _read(upload)
        draft = scheme.check_template(
            current.outline,
            template,
            is_demonstration=view.office.is_demonstration,
        )
    except FormError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    newest = current.newest
    if newest and template.stamp and template.stamp.version != newest.number:
        st.warning(
            f"模板是按{f'第 {template.stamp.version} 版' if template.stamp.version else '没有方案时'}"
            f"制作的，现在已有第 {newest.number} 版；存入后以这份模板为准，请看清下列不同。",
            icon=":material/group:",
        )
    changes = preview(current, draft)
    if newest and changes.empty and not draft.problems:
        st.info(f"与第 {newest.number} 版完全相同，不需要存入。")
        return
    line = st.container(horizontal=True, vertical_alignment="bottom")
    author = parts.author(view.warehouse, line, "操作人", key="scheme_file_by", width=200)
    pressed = line.button(
        f"存为第 {current.next_number} 版",
        type="primary",
        disabled=bool(draft.problems),
        key="scheme_file_store",
    )
    if pressed:
        store(view, draft.scheme, author, follows=current.looked_at)


def _read(upload: Any) -> Template:
    """The file, read once however often the page runs. Raises FormError."""
    known: dict[str, Template] = st.session_state.setdefault("scheme_files", {})
    if upload.file_id not in known:
        known.clear()
        known[upload.file_id] = scheme.read_template(upload.getvalue(), upload.name)
    return known[upload.file_id]
