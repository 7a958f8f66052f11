"""Corrections to many tasks at once: owner, deadline or heading for all of them, joined, split, left out,
and a column given another meaning; each can be undone.

Draws the controls and hands what was decided to `decisions`; what follows comes from `loaders.correcting`
and `loaders.meanings`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from itertools import islice

import streamlit as st

from loaders import Preview, Task, read_deadline, read_owners
from loaders.correcting import Revision, joined, sentences, split
from loaders.explaining import reasons
from loaders.meanings import Meanings
from screens.ledger.decisions import CORRECTED, Decisions
from words import ROLES, day, plain

GIVE = {
    "responsible_text": ("定责任单位", "如：厅法规处牵头，厅运输处、各市州交通运输局配合"),
    "deadline_text": ("定完成时限", "如：2024年6月底前；持续推进"),
    "level1": ("归入一级指标", "如：信用评价"),
    "level2": ("归入二级指标", "如：制度建设"),
}
"""Field → what giving it to tasks is called, and an example."""
JOIN, SPLIT, LEAVE_OUT, COLUMN = "合并成一项", "拆成几项", "不读入", "改列的含义"
TICKED = "勾选的"
NONE_TICKED = "请先在上表勾选任务。"
MISSING = {"定责任单位": "没有责任单位的", "定完成时限": "没有完成时限的"}
"""Action → the tasks it is offered for when none is ticked."""
REASONS_SHOWN = 3
SHORT = 12


def correct_many(
    preview: Preview, tasks: Mapping[int, Task], decisions: Decisions, year: int | None
) -> None:
    """The controls below the source and the tasks, and the button that takes the last step back."""
    key = decisions.key
    with st.container(border=True):
        line = st.container(horizontal=True, vertical_alignment="center")
        line.markdown("**成批更正**　勾选任务，再选做什么", width="stretch")
        last = decisions.steps[-1].words if decisions.steps else ""
        line.button(
            plain(f"撤销：{_short(last)}") if last else "撤销",
            key=f"undo_{key}",
            icon=":material/undo:",
            disabled=not decisions.steps,
            on_click=decisions.undo,
            help="一步步撤销，直到刚读出的样子",
        )
        meanings = Meanings(preview)
        actions = [words for words, _ in GIVE.values()] + [JOIN, SPLIT, LEAVE_OUT]
        actions += [COLUMN] if meanings.tables else []
        action = st.segmented_control(
            "做什么", actions, key=f"many_{key}", label_visibility="collapsed"
        )
        ticked = decisions.ticked_now()
        chosen = {number: task for number, task in tasks.items() if number in ticked}
        if action == COLUMN:
            _column(meanings, decisions)
        elif action == SPLIT:
            _split(chosen, decisions, len(preview.ledger.rows))
        elif action == JOIN:
            _join(chosen, decisions)
        elif action:
            _to_tasks(action, tasks, chosen, decisions, year)
        elif chosen:
            _reasons(chosen.values())


def _groups(tasks: Mapping[int, Task], ticked: Collection[int]) -> dict[str, list[int]]:
    """The sets of tasks that can be chosen at once, the likeliest first."""
    groups = {
        TICKED: [*ticked],
        "没有责任单位的": [n for n, task in tasks.items() if not task.assignments],
        "没有完成时限的": [n for n, task in tasks.items() if not task.deadline_text],
        "全部": [*tasks],
    }
    for number, task in tasks.items():
        if task.level1:
            groups.setdefault(f"“{_short(task.level1)}”下的", []).append(number)
    return {name: numbers for name, numbers in groups.items() if numbers}


def _to_tasks(
    action: str,
    tasks: Mapping[int, Task],
    ticked: Mapping[int, Task],
    decisions: Decisions,
    year: int | None,
) -> None:
    """Which tasks, what they get, and the button."""
    key = decisions.key
    groups = _groups(tasks, ticked)
    if action == LEAVE_OUT:
        groups.pop("全部")
    if not groups:
        st.caption(NONE_TICKED)
        return
    names = [*groups]
    first = (
        0 if ticked else names.index(MISSING.get(action, "")) if MISSING.get(action) in names else 0
    )
    chosen = st.selectbox(
        "哪些任务",
        names,
        index=first,
        format_func=lambda name: f"{plain(name)} {len(groups[name])} 项",
        key=f"which_{key}_{action}_{bool(ticked)}",
        width=360,
    )
    numbers = groups[chosen]
    name = next((name for name, (words, _) in GIVE.items() if words == action), "")
    if name:
        _give(name, numbers, decisions, year)
    else:
        left_out = Revision(dropped=frozenset(numbers))
        _press(
            f"不读入这 {len(numbers)} 项", decisions, lambda: left_out, f"不读入 {len(numbers)} 项"
        )


def _give(name: str, numbers: Sequence[int], decisions: Decisions, year: int | None) -> None:
    words, example = GIVE[name]
    field = f"given_{decisions.key}_{name}"
    text = st.text_input(CORRECTED[name], key=field, placeholder=example)
    if text.strip() and (read_as := _read_as(name, text, year)):
        st.caption(f"读作：{plain(read_as)}")

    def given() -> Revision:
        written = st.session_state[field].strip()
        if not written:
            raise ValueError(f"请先写明{CORRECTED[name]}，再点按钮。")
        return Revision({number: {name: written} for number in numbers})

    _press(f"给这 {len(numbers)} 项{words}", decisions, given, f"{len(numbers)} 项{words}")


def _read_as(name: str, text: str, year: int | None) -> str:
    """As what an owner or a deadline is read; "" for what is taken as it stands."""
    if name == "responsible_text":
        parts = [f"{ROLES[part.role]} {part.unit}" for part in read_owners(text)]
        return "，".join(parts) or "没有读出单位"
    if name == "deadline_text":
        due = read_deadline(text, year)
        kinds = {"ongoing": "常态化推进，没有到期日", "as-needed": "按需开展，没有到期日"}
        return f"{day(due.due_on)} 到期" if due.due_on else kinds.get(due.kind, "没有写明日期")
    return ""


def _split(ticked: Mapping[int, Task], decisions: Decisions, rows: int) -> None:
    if len(ticked) != 1:
        st.caption("一次拆一项：请在上表只勾选一项任务。")
        return
    ((number, task),) = ticked.items()
    field = f"split_{decisions.key}_{number}_{task.task}"
    st.text_area(
        f"第 {task.number} 项，一行一项：在要断开的地方换行，不断开的接成一行",
        "\n".join(sentences(task.task)),
        key=field,
    )

    def parts() -> Revision:
        texts = [text for text in st.session_state[field].split("\n") if text.strip()]
        if len(texts) < 2:
            raise ValueError("只有一行，没有拆开；请在要断开的地方换行。")
        below = min(-rows, *decisions.revision().behind, 0)
        return split(replace(task, number=number), texts, below)

    _press("拆开", decisions, parts, f"拆开第 {task.number} 项")


def _join(ticked: Mapping[int, Task], decisions: Decisions) -> None:
    if len(ticked) < 2:
        st.caption("请在上表勾选要合并的两项或几项任务。")
        return
    of = [replace(task, number=number) for number, task in ticked.items()]
    numbers = "、".join(str(task.number) for task in ticked.values())
    text = "".join(task.task for task in of)
    st.caption(f"合并后：{plain(text)}")
    _press(f"把这 {len(of)} 项合并成一项", decisions, lambda: joined(of), f"合并第 {numbers} 项")


def _column(meanings: Meanings, decisions: Decisions) -> None:
    """A column of a table as something else."""
    key = decisions.key
    tables = meanings.tables
    table = tables[0]
    if len(tables) > 1:
        table = st.selectbox(
            "哪张表", tables, key=f"column_table_{key}", format_func=lambda name: name or "表格"
        )
    headings = meanings.headings(table)
    column = st.selectbox(
        "哪一列",
        [*headings],
        format_func=lambda at: f"第 {at + 1} 列 {plain(headings[at])}",
        key=f"column_{key}_{table}",
    )
    choices = {choice.words: choice for choice in meanings.of_column(table, column)}
    if not choices:
        st.caption(
            "一格里有几项任务的表，列的含义不能这样改；请改任务表，或改“表头写法”后重新导入。"
        )
        return
    words = st.selectbox(
        "读作", [*choices], index=None, placeholder="请选择", key=f"meant_{key}_{table}_{column}"
    )

    def change() -> None:
        if words:
            decisions.correct(choices[words], f"“{headings[column]}”{words}")

    st.button("改这一列", key=f"change_column_{key}", on_click=change, disabled=words is None)


def _press(label: str, decisions: Decisions, made: Callable[[], Revision], words: str) -> None:
    """The button that makes a correction; what is wrong with it is said in place of making it."""
    refused = f"refused_{decisions.key}"

    def press() -> None:
        try:
            revision = made()
        except ValueError as error:
            st.session_state[refused] = str(error)
            return
        decisions.correct(revision, words)

    st.button(label, key=f"correct_{decisions.key}", type="primary", on_click=press)
    if said := st.session_state.pop(refused, ""):
        st.error(said)


def _reasons(of: Collection[Task]) -> None:
    """By which rules the ticked tasks came to be as they are."""
    for task in islice(of, REASONS_SHOWN):
        if why := reasons(task):
            st.markdown(f"第 {task.number} 项的读法依据：{plain('；'.join(why))}。")
    if len(of) > REASONS_SHOWN:
        st.caption(f"只列前 {REASONS_SHOWN} 项的依据，请少勾几项再看。")


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[:SHORT]}…"
