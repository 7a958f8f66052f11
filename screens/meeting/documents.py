"""The documents of a quarter: one click each, made when asked for."""

from __future__ import annotations

import streamlit as st

from documents import (
    TemplateError,
    check_template,
    quarter_figures,
    quarter_leaflet,
    quarter_slides,
    quarterly_notice,
)
from findings.quarter import Briefing
from screens import parts
from screens.meeting.packing import definitions, packing
from screens.meeting.showing import start_button

TEMPLATE = "slides_template"
"""Session key: the template given on this visit."""


def documents(view: parts.View, brief: Briefing) -> None:
    """The way to the screens of the meeting, and a button for each document of the quarter."""
    template = st.session_state.get(TEMPLATE)
    chosen = template.getvalue() if template else None
    refused = _refusal(chosen)
    with st.container(horizontal=True, vertical_alignment="center"):
        start_button()
        parts.download_file(
            view,
            "下载季度通报",
            "季度通报.docx",
            lambda context: quarterly_notice(brief, context),
            key="notice",
        )
        parts.download_file(
            view,
            "下载数据表",
            "季度数据.xlsx",
            lambda context: quarter_figures(brief, definitions(), context),
            key="figures",
        )
        if refused is None:
            parts.download_file(
                view,
                "下载汇报稿",
                "季度汇报.pptx",
                lambda context: quarter_slides(brief, definitions(), context, chosen),
                key="slides",
            )
        parts.download_file(
            view,
            "下载手机版",
            "季度情况.pdf",
            lambda context: quarter_leaflet(brief, context),
            key="leaflet",
        )
        with st.popover("汇报稿模板", type="tertiary"):
            st.file_uploader(
                "本单位的演示文稿模板（可不选）",
                ["pptx"],
                key=TEMPLATE,
                help="沿用模板的版式、配色和字体，模板里原有的页不带入。",
            )
        with st.popover("一并打包", type="tertiary"):
            packing(view, template=chosen)
    if refused:
        st.error(refused)


def _refusal(template: bytes | None) -> str | None:
    """Why slides cannot be made with this template, if they cannot."""
    try:
        check_template(template)
    except TemplateError as error:
        return str(error)
    return None
