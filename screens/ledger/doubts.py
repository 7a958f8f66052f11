"""The doubts of a reading, one after the other: the source, the ways to read it, and what was chosen.

Draws them; which ways there are comes from `loaders.choices`, what follows from `decisions`.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from loaders import Issue, Preview, Task
from loaders.choices import Doubt, Doubts
from loaders.correcting import Choice, Revision, stated
from loaders.explaining import reasons
from screens.ledger.decisions import CONFIRM, CORRECTED, KEEP, OWN, Decisions, alike
from screens.ledger.sources import pieces_of, source_row
from words import READINGS, plain

FORMS = 6
"""Tasks whose fields are offered beside a doubt; of more, the table of tasks is the better place."""
ROWS_LISTED = 10
REASONS_SHOWN = 3
_OPEN, _SETTLED = "○ 未定", "✔ 已定"


def draw_doubts(
    preview: Preview, tasks: dict[int, Task], decisions: Decisions, doubts: Doubts
) -> dict[int, str]:
    """Rows in = tasks + named non-task rows, and every doubtful reading to be settled. Returns what
    was settled: issue → in which words."""
    ledger = preview.ledger
    counts = pd.Series([row.reading for row in ledger.rows]).value_counts()
    rows = "，".join(f"{READINGS[str(name)]} {count} 行" for name, count in counts.items())
    st.markdown(
        f"原文 {len(ledger.rows)} 行：{rows}；读出任务 {len(ledger.tasks)} 项，存疑 {len(ledger.issues)} 处。"
    )
    settled = decisions.settled(ledger, doubts)
    if not ledger.issues:
        return settled
    still_open = len(ledger.issues) - len(settled)
    before = (
        f"（其中 {len(decisions.taken_over)} 处沿用上一版的核定）" if decisions.taken_over else ""
    )
    st.markdown(
        f"**存疑 {len(ledger.issues)} 处**　已定 {len(settled)} 处{before}，未定 {still_open} 处。"
        "勾一处，对照原文选定读法；未定的也可以存入，照现在的读法。"
    )
    index = _list(preview, decisions, settled)
    with st.container(border=True):
        _settle(index, preview, tasks, decisions, doubts, settled)
    return settled


def _list(preview: Preview, decisions: Decisions, settled: dict[int, str]) -> int:
    """Every doubt with its state and place; returns the one that is ticked."""
    issues = preview.ledger.issues
    rows = pd.DataFrame(
        {
            "状态": [_SETTLED if i in settled else _OPEN for i in range(len(issues))],
            "位置": [issue.place.within for issue in issues],
            "存疑": [issue.message for issue in issues],
        }
    )
    ticked = st.dataframe(
        rows,
        key=_list_key(decisions),
        hide_index=True,
        height=min(38 + 35 * len(rows), 38 + 35 * ROWS_LISTED),
        column_config={
            "状态": st.column_config.TextColumn(width=70),
            "位置": st.column_config.TextColumn(width=160),
        },
        on_select="rerun",
        selection_mode="single-row-required",
        alt="存疑之处",
    )
    return ticked.selection.rows[0]


def _list_key(decisions: Decisions) -> str:
    return f"doubts_{decisions.key}"


def _settle(
    index: int,
    preview: Preview,
    tasks: dict[int, Task],
    decisions: Decisions,
    doubts: Doubts,
    settled: dict[int, str],
) -> None:
    """The doubt that is looked at: its source, how it is read, and the ways to read it."""
    issues = preview.ledger.issues
    doubt = doubts.doubt(index)
    _head(decisions, index, len(issues), settled)
    source, reading = st.columns(2, gap="large")
    with source:
        st.markdown(f"**{plain(doubt.issue.place.within)}**")
        st.markdown(f"{plain(doubt.issue.message)}。")
        is_scan = pieces_of(preview, doubt.issue.place)
        if doubt.row is not None:
            source_row(preview, doubt.row, doubt.columns)
    with reading:
        _choose(doubt, index, issues, tasks, decisions, doubts)
        # What was recognised in a picture is looked at cell by cell.
        if not is_scan:
            _settle_alike(issues, index, decisions, doubts, settled)


def _choose(
    doubt: Doubt,
    index: int,
    issues: tuple[Issue, ...],
    tasks: dict[int, Task],
    decisions: Decisions,
    doubts: Doubts,
) -> None:
    """The ways to read what is doubtful, and the fields to be written anew."""
    if len(doubt.tasks) > 1:
        st.caption(f"关系到 {len(doubt.tasks)} 项任务：第 {_numbers(doubt.tasks)} 项。")
    choices = [*_offered(doubt), *([OWN] if doubt.tasks else [])]
    words = {choice.words: choice for choice in choices}
    chosen = decisions.chosen.get(index)
    key = f"choice_{decisions.key}_{index}"

    def choose() -> None:
        if picked := st.session_state[key]:
            choice = words[picked]
            same = _same_heading(issues, index, doubts, choice) if choice.meaning else {}
            decisions.choose({index: choice, **same}, f"{doubt.issue.place.within}：{picked}")

    st.radio(
        "怎样读",
        [*words],
        index=[*words].index(chosen.words) if chosen and chosen.words in words else None,
        format_func=lambda each: plain(_label(each, doubt)),
        key=key,
        on_change=choose,
    )
    for number in doubt.tasks[:REASONS_SHOWN]:
        if number in tasks and (why := reasons(tasks[number])):
            st.caption(f"第 {number} 项的读法依据：{plain('；'.join(why))}")
    if chosen == OWN:
        _fields_anew(doubt, tasks, decisions)


def _same_heading(
    issues: tuple[Issue, ...], index: int, doubts: Doubts, choice: Choice
) -> dict[int, Choice]:
    """The same answer for the other doubts about this heading or label: a meaning is asked for once."""
    answers = {}
    for other, issue in enumerate(issues):
        if other != index and issue.about == issues[index].about:
            offered = (each for each in doubts.doubt(other).choices)
            answer = next(
                (c for c in offered if (c.words, c.meaning) == (choice.words, choice.meaning)), None
            )
            if answer:
                answers[other] = answer
    return answers


def _settle_alike(
    issues: tuple[Issue, ...],
    index: int,
    decisions: Decisions,
    doubts: Doubts,
    settled: dict[int, str],
) -> None:
    """The offer to settle the other doubts of this kind in the same way."""
    chosen = decisions.chosen.get(index)
    same = [i for i in alike(issues, index) if i not in settled]
    if not same or chosen in (None, OWN):
        return

    def choose_alike() -> None:
        answers = {}
        for other in same:
            offered = {each.words: each for each in _offered(doubts.doubt(other))}
            if chosen.words in offered:
                answers[other] = offered[chosen.words]
        decisions.choose(answers, f"同类的 {len(answers)} 处：{chosen.words}")

    st.button(f"同类的 {len(same)} 处也这样定", key=f"alike_{decisions.key}", on_click=choose_alike)


def _offered(doubt: Doubt) -> list[Choice]:
    """The present reading first; where it says nothing and there is no other, it is confirmed."""
    return [KEEP if doubt.now or doubt.choices else CONFIRM, *doubt.choices]


def _label(words: str, doubt: Doubt) -> str:
    return f"{words}：{doubt.now}" if words == KEEP.words and doubt.now else words


def _head(decisions: Decisions, index: int, count: int, settled: dict[int, str]) -> None:
    """Which doubt it is, whether it is settled, and the way to the next ones."""

    def look(at: int) -> None:
        st.session_state[_list_key(decisions)] = {"selection": {"rows": [at]}}

    line = st.container(horizontal=True, vertical_alignment="center")
    state = _SETTLED if index in settled else _OPEN
    line.markdown(f"**第 {index + 1} 处，共 {count} 处**　{state}", width="stretch")
    line.button(
        "上一处", key=f"back_{decisions.key}", disabled=index == 0, on_click=look, args=(index - 1,)
    )
    ahead = [i for i in (*range(index + 1, count), *range(index)) if i not in settled]
    line.button(
        "下一处未定",
        key=f"next_{decisions.key}",
        disabled=not ahead,
        on_click=look,
        args=(ahead[0] if ahead else index,),
    )


def _fields_anew(doubt: Doubt, tasks: dict[int, Task], decisions: Decisions) -> None:
    """The fields of the tasks concerned, to be written anew."""
    numbers = [number for number in doubt.tasks if number in tasks]
    if len(numbers) > FORMS:
        st.caption(f"关系到 {len(numbers)} 项任务，请在上面“读出的任务”中逐项改。")
        return
    for number in numbers:
        for name in doubt.fields:
            now = stated(tasks[number], name)
            # A new key with every new text: what was typed elsewhere shows here, too.
            key = f"own_{decisions.key}_{number}_{name}_{now}"

            def write(number: int = number, name: str = name, key: str = key) -> None:
                text = st.session_state[key].strip()
                words = f"第 {number} 项{CORRECTED[name]}"
                decisions.correct(Revision({number: {name: text}}), words)

            draw = st.text_area if name == "task" else st.text_input
            draw(f"第 {number} 项 {CORRECTED[name]}", now, key=key, on_change=write)


def _numbers(numbers: tuple[int, ...]) -> str:
    """3–6、9: runs of numbers in short."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return "、".join(f"{first}–{last}" if first < last else f"{first}" for first, last in runs)
