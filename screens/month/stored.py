"""Storing what was looked at, file by file, and telling what became of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import pandas as pd
import streamlit as st

from documents import month_form
from screens import parts
from screens.month.looking import table
from warehouse import WarehouseError
from warehouse.entries.submissions import outweighed


@dataclass
class Stored:
    """What became of the files when the button was pressed; shown until others are put in."""

    month: parts.ReportMonth
    waiting: int
    """How many files were to be stored."""
    results: list[month_form.Returned] = field(default_factory=list)
    """Of the files that were refused from the start, and of each that came to its turn."""
    confirmed: frozenset[tuple[UUID, UUID]] = frozenset()
    """(unit, task) of the rows that were to go backwards."""

    @property
    def left(self) -> int:
        """How many were not reached, because 停止 was pressed."""
        return self.waiting - sum(each.comparison is not None for each in self.results)


def uploader() -> str:
    """The key of the uploader; a new one empties it."""
    return f"forms_{st.session_state.get('forms_round', 0)}"


def start_over() -> None:
    """Put the files on screen away."""
    st.session_state.forms_round = st.session_state.get("forms_round", 0) + 1


def store(
    view: parts.View,
    comparisons: Sequence[month_form.Comparison],
    confirmed: set[tuple[UUID, UUID]],
    refused: Sequence[month_form.Returned],
    month: parts.ReportMonth,
) -> None:
    """The button that stores them, each in a transaction of its own, and remembers what became."""
    line = st.container(horizontal=True, vertical_alignment="bottom")
    recorded_by = parts.author(view.warehouse, line, "经办人", key="forms_author", width=200)
    storable = sum(each.counts["new"] + each.counts["changed"] for each in comparisons)
    pressed = line.button(
        f"存入 {storable + len(confirmed)} 项",
        type="primary",
        disabled=not storable and not confirmed,
    )
    if not pressed:
        return
    if not recorded_by.strip():
        st.error("请填写经办人。")
        return
    became = st.session_state.forms_stored = Stored(
        month, len(comparisons), list(refused), frozenset(confirmed)
    )
    bar = st.progress(0.0, "正在存入…")
    # Streamlit ends this run at the next step of the bar once another button is pressed; each file
    # is a transaction of its own, so those before it are stored and the rest are not.
    st.button("停止", key="stop_storing")
    for number, each in enumerate(comparisons, start=1):
        bar.progress(number / len(comparisons), f"{number} / {len(comparisons)}　{each.unit}")
        of_unit = {task_id for unit_id, task_id in confirmed if unit_id == each.unit_id}
        stored, why_not, without = 0, "", set[UUID]()
        try:
            stored = month_form.accept(
                view.warehouse, each, recorded_by=recorded_by, confirmed=of_unit
            )
            reports = [
                line.report
                for line in each.of_kind("new", "changed", "backwards")
                if line.report and (line.kind != "backwards" or line.task_id in of_unit)
            ]
            without = outweighed(view.warehouse, each.unit_id, reports)
        except WarehouseError as error:
            why_not = str(error)
        numbers = tuple(line.number for line in each.lines if line.task_id in without)
        became.results.append(month_form.Returned(each.form.name, stored, why_not, each, numbers))
    start_over()
    st.rerun()


def what_became(view: parts.View, month: parts.ReportMonth, *, has_more: bool) -> None:
    """What the last press of the button stored, file by file, until others are put in."""
    became: Stored | None = st.session_state.get("forms_stored")
    if became is None or became.month != month or (has_more and not became.left):
        return
    stored = [each for each in became.results if not each.refused]
    refused = len(became.results) - len(stored)
    report = f"已存入 {len(stored)} 个文件的 {sum(each.stored for each in stored)} 项填报。"
    if without := sum(len(each.outweighed) for each in stored):
        report += f"其中 {without} 项已有更晚的填报，任务的状态没有改变。"
    if became.left:
        report = f"已停止。{report}还有 {became.left} 个文件没有存入。"
    if refused:
        report += f"另有 {refused} 个文件不能收回，没有存入。"
    if refused or became.left:
        st.warning(report, icon=":material/rule:")
    else:
        st.success(report, icon=":material/check_circle:")
    with st.expander(f"每个文件的结果（{len(became.results)} 个）", expanded=bool(refused)):
        rows = _outcomes(became)
        table(
            rows.assign(说明=[parts.grid_text(text, 120) for text in rows["说明"]]),
            "每个文件的结果",
            row_height=parts.ROW_HEIGHT,
        )
        parts.export_menu(
            view,
            rows,
            f"{month.start:%Y-%m} 收回填报表的结果",
            "每个交回的文件存入了几项，哪些没有存入和原因。",
            key="forms_results",
        )


def _outcomes(became: Stored) -> pd.DataFrame:
    """A row for each file, those that want attention first."""
    left_out = {id(each): _left_out(each, became.confirmed) for each in became.results}
    rows = [
        {
            "文件": each.name,
            "单位": each.comparison.unit if each.comparison else "",
            "存入": each.stored,
            "说明": "；".join([_outcome(each), *left_out[id(each)]]),
        }
        for each in sorted(
            became.results, key=lambda each: (not each.refused, not left_out[id(each)])
        )
    ]
    return pd.DataFrame(rows)


def _outcome(result: month_form.Returned) -> str:
    if result.refused:
        return f"没有存入：{result.refused}"
    said = f"存入 {result.stored} 项" if result.stored else "没有新内容"
    if result.outweighed:
        tasks = "、".join(f"第 {number} 项" for number in result.outweighed)
        said += f"；{tasks}已有更晚的填报，以较晚的为准，状态没有改变"
    return said


def _left_out(result: month_form.Returned, confirmed: Collection[tuple[UUID, UUID]]) -> list[str]:
    """What of a stored file was not taken, in words."""
    if result.comparison is None or result.refused:
        return []
    unit_id = result.comparison.unit_id
    waiting = [
        f"第 {line.number} 项倒退，未确认"
        for line in result.comparison.of_kind("backwards")
        if (unit_id, line.task_id) not in confirmed
    ]
    return [*waiting, *map(str, result.comparison.problems)]
