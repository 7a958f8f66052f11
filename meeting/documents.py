"""The documents of a quarter: one click each, made when asked for."""

from __future__ import annotations

import streamlit as st

import metrics
import reports
import ui
from briefing import Briefing
from meeting.showing import start_button


def documents(brief: Briefing) -> None:
    """The way to the screens of the meeting, and a button for each document of the quarter."""
    with st.container(horizontal=True):
        start_button()
        ui.download_file(
            "下载季度通报",
            "季度通报.docx",
            lambda context: reports.quarterly_notice(brief, context),
            key="notice",
        )
        ui.download_file(
            "下载数据表",
            "季度数据.xlsx",
            lambda context: reports.quarter_figures(brief, definitions(), context),
            key="figures",
        )


def definitions() -> dict[str, tuple[str, str]]:
    """Title and definition of every question, by its name."""
    return {each.name: (each.title, each.definition) for each in metrics.questions()}
