"""会议模式: the screens of a meeting, which fill the window; keys are led by web/show.js."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

from findings.quarter import Briefing, Line, Screen
from screens import parts as ui
from screens.meeting.statements import on_screen
from words import DEMONSTRATION, LAMPS, day, is_missing, percent

SHOW = "show"
"""Parameter of the address while the screens are shown."""
STYLE = Path(__file__).parents[2] / "web" / "show.css"


def is_showing() -> bool:
    """Whether the screens are to fill the window instead of the page."""
    return st.query_params.get(SHOW) == "1"


def start_button() -> None:
    """The button that fills the window with the screens."""
    st.button("会议模式", key="start_show", icon=":material/slideshow:", on_click=_start)


def show(view: ui.View, brief: Briefing) -> None:
    """All screens of a briefing, the first in front."""
    screens = brief.screens
    mark = f"【{DEMONSTRATION}】" if view.office.is_demonstration else ""
    filters = "" if view.filters == ui.NO_FILTERS else f"　筛选：{view.filters}"
    head = (
        f"{mark}{view.ledger.title}{filters}",
        f"{brief.quarter.name}　截至 {day(brief.quarter.as_of)}",
    )
    sections = "".join(
        _section(screen, head, f"{number} / {len(screens)}")
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


def _section(screen: Screen, head: tuple[str, ...], place: str) -> str:
    figures = "".join(
        f"<div><span>{escape(label)}</span><b>{escape(value)}</b></div>"
        for label, value in screen.figures
    )
    lines = "".join(
        f"<li><b>{_mark(line)}</b><div><p>{_words(line.text)}</p>"
        + (f"<p>{_words(line.beside)}</p>" if line.beside else "")
        + "</div></li>"
        for line in screen.lines
    )
    above = "".join(f"<span>{escape(part)}</span>" for part in (screen.part, *head))
    return (
        f"<section><header>{above}</header>"
        f"<h2>{_clauses(screen.message)}</h2>"
        + (f"<div class='figures'>{figures}</div>" if figures else "")
        + _bar(screen)
        + (f"<ul>{lines}</ul>" if lines else "")
        + f"<footer><span>← → 翻页，Esc 退出</span><span>{place}</span></footer></section>"
    )


def _words(text: str) -> str:
    """A sentence on a screen, where no line ends between a number and its unit."""
    return escape(on_screen(text)).replace(" ", "&nbsp;")


def _clauses(message: str) -> str:
    """A message whose lines end where its clauses do, as far as these are no longer than a line."""
    parts = re.findall("[^，：；。]+[，：；。”）]*", message)
    return "".join(f"<span>{_words(part)}</span>" for part in parts)


def _mark(line: Line) -> str:
    """The mark of a line; the shape of a lamp has its colour, the word says it too."""
    if not line.lamp:
        return escape(line.mark)
    lamp = LAMPS[line.lamp]
    rest = escape(line.mark.removeprefix(lamp.shape))
    return f"<i style='color:{lamp.colour}'>{lamp.shape}</i>{rest}"


def _bar(screen: Screen) -> str:
    """What is done within what is under way, the time gone as a stroke, and what each means."""
    if screen.bar is None:
        return ""
    parts = (
        ("done", "完成率", screen.bar.done),
        ("mean", "平均进度", screen.bar.mean),
        ("time", "序时进度", screen.bar.expected),
    )
    known = [part for part in parts if not is_missing(part[2])]
    drawn = "".join(f"<i class='{name}' style='--at:{at:.1f}%'></i>" for name, _, at in known)
    legend = "".join(
        f"<span><i class='{name}'></i>{word}&nbsp;{percent(at)}</span>" for name, word, at in known
    )
    return f"<div class='bar'>{drawn}</div><div class='legend'>{legend}</div>" if known else ""
