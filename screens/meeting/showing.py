"""会议模式: the screens of a meeting, which fill the window; keys and sizes are those of web/show.js.

A name on a screen opens the task's card or the unit's tasks over it. The screens are one block of HTML,
so each name presses a button of Streamlit that is not shown.
"""

from __future__ import annotations

import re
from functools import cache, partial
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from findings.quarter import Bar, Briefing, Item, Line, Opened, Screen
from screens import parts as ui
from screens.meeting.statements import TASKS
from words import DEMONSTRATION, LAMPS, day, is_missing, percent, plain, rate_with_counts, spaced

SHOW = "show"
"""Parameter of the address while the screens are shown."""
SCREEN = "screen"
"""Key of the choice of a screen, and parameter of the address: the part of the screen in front."""
UNIT = "meeting_unit"
"""Session key: the unit whose tasks are to be opened in this run."""
STYLE = Path(__file__).parents[2] / "web" / "show.css"
MARKS = (("done", "完成率"), ("mean", "平均进度"), ("time", "序时进度"))


def is_showing() -> bool:
    """Whether the screens are to fill the window instead of the page."""
    return st.query_params.get(SHOW) == "1"


def start_button(*, key: str = "start_show") -> None:
    """The button that fills the window with the screens."""
    st.button(
        "会议模式", key=key, icon=":material/slideshow:", on_click=_start, type="primary"
    )  # fmt: skip


def show(view: ui.View, brief: Briefing) -> None:
    """All screens of a briefing, the first in front, and what a name on them opened."""
    screens = brief.screens
    opened: list[Opened] = []
    mark = f"【{DEMONSTRATION}】" if view.office.is_demonstration else ""
    filters = "" if view.filters == ui.NO_FILTERS else f"　筛选：{view.filters}"
    head = (
        f"{mark}{view.ledger.title}{filters}",
        f"{brief.quarter.name}　截至 {day(brief.quarter.as_of)}",
    )
    drawn = "".join(
        _section(screen, head, _contents(screens, number), opened)
        for number, screen in enumerate(screens)
    )
    st.html(f"<style>{_style()}</style><div class='screens' tabindex='0'>{drawn}</div>")
    _name_in_address([screen.part for screen in screens])
    st.button("退出会议模式", key="stop_show", on_click=_stop)
    with st.container(key="opened_by_screens"):
        for number, each in enumerate(opened):
            st.button(str(number), key=f"opens_{number}", on_click=partial(_open, each))
    unit = st.session_state.pop(UNIT, None)
    if unit is not None:
        ui.put_card_away()
        _unit_tasks(view, unit)


@st.fragment
def _name_in_address(parts_shown: list[str]) -> None:
    """The choice that keeps the screen in front in the address; web/show.js presses it, and no other
    part of the page runs."""
    st.segmented_control(
        "画面", parts_shown, key=SCREEN, bind="query-params", default=parts_shown[0], required=True
    )  # fmt: skip


def _start() -> None:
    st.query_params[SHOW] = "1"


def _stop() -> None:
    st.query_params.pop(SHOW, None)


def _open(opened: Opened) -> None:
    st.session_state[ui.TASK_CARD if opened.kind == "task" else UNIT] = opened.key


@st.dialog("单位的任务", width="large")
def _unit_tasks(view: ui.View, unit: str) -> None:
    with ui.same_version(view):
        of_unit = view.ask("unit_workload")
        row = ui.only_row(of_unit[of_unit.unit == unit])
        tasks = view.ask("unit_tasks", unit=unit)
    st.markdown(f"**{plain(unit)}**　{_standing(row)}")
    ui.task_table(
        view, tasks, [name for name in TASKS if name != "units"], "unit_tasks",
        key="meeting_unit_tasks", title=f"{unit}的任务",
    )  # fmt: skip


def _standing(row: Any) -> str:
    """How a unit stands among those of its class, from its row of `unit_workload`."""
    if row is None:
        return "所选范围内没有它的任务。"
    said = f"完成率 {rate_with_counts(row)}，逾期 {row.overdue} 项，滞后 {row.behind} 项"
    if not is_missing(row.rank_in_class):
        said += f"；在 {row.units_in_class} 个{row['class']}中第 {int(row.rank_in_class)}"
    return f"{said}。"


@cache
def _style() -> str:
    return STYLE.read_text(encoding="utf-8")


def _contents(screens: list[Screen], shown: int) -> str:
    """The foot of a screen: every screen by name, this one marked, and its place among them."""
    names = "".join(
        f"<button data-goes='{number}'{' aria-current=page' if number == shown else ''}>"
        f"{escape(screen.part)}</button>"
        for number, screen in enumerate(screens)
    )
    return f"<nav title='← → 翻页，Esc 退出'>{names}</nav><span>{shown + 1} / {len(screens)}</span>"


def _section(screen: Screen, head: tuple[str, ...], foot: str, opened: list[Opened]) -> str:
    figures = "".join(
        f"<div><span>{_words(label)}</span><b>{_words(value)}</b></div>"
        for label, value in screen.figures
    )
    has_bars = any(line.bar for line in screen.lines)
    lines = "".join(_line(line, opened) for line in screen.lines)
    above = "".join(f"<span>{escape(part)}</span>" for part in (screen.part, *head))
    notes = "".join(f"<p>{_words(note)}</p>" for note in screen.notes)
    return (
        f"<section><header>{above}</header>"
        f"<h2>{_clauses(screen.message)}</h2>"
        + (f"<div class='figures'>{figures}</div>" if figures else "")
        + (_bar(screen.bar) + _legend(screen.bar) if screen.bar else "")
        + (f"<ul{' class=bars' if has_bars else ''}>{lines}</ul>" if lines else "")
        + (_legend(None) if has_bars else "")
        + (f"<div class='notes'>{notes}</div>" if notes else "")
        + f"<footer>{foot}</footer></section>"
    )


def _line(line: Line, opened: list[Opened]) -> str:
    text = _name(line.text, line.opens, opened) if line.text else ""
    names = "".join(_item(item, opened) for item in line.items)
    return (
        f"<li><b>{_mark(line)}</b>"
        + (_bar(line.bar) if line.bar else "")
        + "<div>"
        + (f"<p>{text}</p>" if text else "")
        + (f"<p>{_words(line.beside)}</p>" if line.beside else "")
        + (f"<div class='names'>{names}</div>" if names else "")
        + "</div></li>"
    )


def _item(item: Item, opened: list[Opened]) -> str:
    shape = ""
    if item.lamp:
        lamp = LAMPS[item.lamp]
        shape = f"<i style='color:{lamp.colour}' title='{lamp.word}'>{lamp.shape}</i>"
    return f"<span>{shape}{_name(item.text, item.opens, opened)}</span>"


def _name(text: str, opens: Opened | None, opened: list[Opened]) -> str:
    """A name; one that opens something carries the number of the button that does so."""
    if opens is None:
        return _words(text)
    if opens not in opened:
        opened.append(opens)
    return f"<button data-opens='{opened.index(opens)}'>{_words(text)}</button>"


def _words(text: str) -> str:
    """A sentence on a screen, where no line ends between a number and its unit."""
    return escape(spaced(text)).replace(" ", "&nbsp;")


def _clauses(message: str) -> str:
    """A message whose lines end where its clauses do, as far as these are no longer than a line."""
    parts = re.findall("[^，：；。]+[，：；。”）]*", message)
    return "".join(f"<span>{_words(part)}</span>" for part in parts)


def _mark(line: Line) -> str:
    """The mark of a line; the shape of a lamp has its colour, the word says it too."""
    if not line.lamp:
        return _words(line.mark)
    lamp = LAMPS[line.lamp]
    rest = _words(line.mark.removeprefix(lamp.shape))
    return f"<i style='color:{lamp.colour}'>{lamp.shape}</i>{rest}"


def _values(bar: Bar) -> tuple[float | None, ...]:
    return bar.done, bar.mean, bar.expected


def _bar(bar: Bar) -> str:
    """What is done within what is under way, and the time gone as a stroke."""
    drawn = "".join(
        f"<i class='{name}' style='--at:{at:.1f}%'></i>"
        for (name, _), at in zip(MARKS, _values(bar), strict=True)
        if not is_missing(at)
    )
    return f"<div class='bar'>{drawn}</div>"


def _legend(bar: Bar | None) -> str:
    """What each part of a bar means, with its value where the bar is given."""
    values = _values(bar) if bar else None
    legend = ""
    for place, (name, word) in enumerate(MARKS):
        if values is None:
            legend += f"<span><i class='{name}'></i>{word}</span>"
        elif not is_missing(values[place]):
            legend += f"<span><i class='{name}'></i>{word}&nbsp;{percent(values[place])}</span>"
    return f"<div class='legend'>{legend}</div>"
