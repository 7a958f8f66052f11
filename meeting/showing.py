"""会议模式: the screens of a meeting, which fill the window; keys are led by web/show.js."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

import ui
from briefing import Briefing, Screen
from meeting.statements import on_screen
from words import DEMONSTRATION, day, is_missing, percent

SHOW = "show"
"""Parameter of the address while the screens are shown."""
STYLE = Path(__file__).parent.parent / "web" / "show.css"


def is_showing() -> bool:
    """Whether the screens are to fill the window instead of the page."""
    return st.query_params.get(SHOW) == "1"


def start_button() -> None:
    """The button that fills the window with the screens."""
    st.button("会议模式", key="start_show", icon=":material/slideshow:", on_click=_start)


def show(brief: Briefing) -> None:
    """All screens of a briefing, the first in front."""
    shown: ui.View = st.session_state.view
    screens = brief.screens
    mark = f"【{DEMONSTRATION}】" if shown.office.is_demonstration else ""
    head = f"{mark}{shown.ledger.title}　{brief.quarter.name}　截至 {day(brief.quarter.as_of)}"
    filters = "" if shown.filters == ui.NO_FILTERS else f"　筛选：{shown.filters}"
    sections = "".join(
        _section(screen, head + filters, f"{number} / {len(screens)}")
        for number, screen in enumerate(screens, start=1)
    )
    st.html(f"<style>{_style()}</style><div class='screens' tabindex='0'>{sections}</div>")
    st.button("退出会议模式", key="stop_show", on_click=_stop)


def _start() -> None:
    st.query_params[SHOW] = "1"


def _stop() -> None:
    st.query_params.pop(SHOW, None)


@cache
def _style() -> str:
    return STYLE.read_text(encoding="utf-8")


def _section(screen: Screen, head: str, place: str) -> str:
    figures = "".join(
        f"<div><span>{escape(label)}</span><b>{escape(value)}</b></div>"
        for label, value in screen.figures
    )
    lines = "".join(
        f"<li><b>{escape(line.mark)}</b><div><p>{escape(on_screen(line.text))}</p>"
        + (f"<p>{escape(on_screen(line.beside))}</p>" if line.beside else "")
        + "</div></li>"
        for line in screen.lines
    )
    return (
        f"<section><header><span>{escape(screen.part)}</span><span>{escape(head)}</span></header>"
        f"<h2>{escape(on_screen(screen.message))}</h2>"
        + (f"<div class='figures'>{figures}</div>" if figures else "")
        + _bar(screen)
        + (f"<ul>{lines}</ul>" if lines else "")
        + f"<footer><span>← → 翻页，Esc 退出</span><span>{place}</span></footer></section>"
    )


def _bar(screen: Screen) -> str:
    if screen.bar is None or is_missing(screen.bar.done):
        return ""
    tick = ""
    if not is_missing(screen.bar.expected):
        # Its words stay inside the window.
        at = min(max(screen.bar.expected, 8), 92)
        tick = (
            f"<em style='left:{screen.bar.expected:.1f}%'></em>"
            f"<small style='left:{at:.1f}%'>序时进度 {percent(screen.bar.expected)}</small>"
        )
    return f"<div class='bar'><i style='width:{screen.bar.done:.1f}%'></i>{tick}</div>"
