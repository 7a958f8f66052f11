"""更正单位登记: a unit renamed, taken into another, or split off for some tasks; and a name that was
confirmed to be another spelling of a unit. Each with a preview."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from screens import parts
from screens.parts import saving
from warehouse import WarehouseError, read_reference
from warehouse.ledger.correcting_units import (
    UnitCorrection,
    UnitsForeseen,
    confirmed_spellings,
    correct_unit,
    foresee_unit,
)
from warehouse.opening import reference_folder
from words import day, each_row, plain

FORM, SPELLING_FORM = "correct_unit", "forget_spelling"
RENAME, MERGE, SPLIT = "改名", "并入另一个单位", "拆出一部分任务"
MEANINGS = {
    RENAME: "登记的名称写错了：任务、填报和得分都改算在正确的名称下，原名称作为它的其他写法。",
    MERGE: "同一个单位登记成了两个：这一个的任务、填报和得分都并到另一个名下。",
    SPLIT: "导入时把另一个单位当作了它的其他写法：所选任务上的分工和填报改算在那个单位名下。",
}


def correct_units(view: parts.View) -> None:
    """Choose a unit of the page's ledger, how its registration is wrong, and see what changes."""
    if not view.warehouse.may("更正单位"):
        return
    st.subheader("更正单位登记", anchor=False)
    saving.show_report(FORM)
    listed = view.ask("units", view.unfiltered())
    units = {row.unit: UUID(str(row.unit_id)) for row in each_row(listed)}
    first, second = st.columns([2, 3])
    name = first.selectbox(
        "登记错的单位",
        list(units),
        index=None,
        key=saving.field(FORM, "unit"),
        placeholder="选择单位，先看更正后的变化",
    )
    if name is None:
        return
    way = second.radio("怎样更正", list(MEANINGS), key=saving.field(FORM, "way"), horizontal=True)
    st.caption(MEANINGS[way])
    correction = _asked(view, name, units, way)
    if correction is None:
        return
    what = "的所选任务" if correction.task_ids else ""
    _look_and_store(
        view,
        FORM,
        correction,
        name,
        f"已更正：“{name}”{what}改算在“{correction.becomes}”名下。",
    )


def forget_spellings(view: parts.View) -> None:
    """Choose a name that an import was told to be another spelling of a unit, and which of its tasks in
    the page's ledger are its own, and see what changes. Ledgers that were withdrawn count too: the next
    import would still read the name so."""
    if not view.warehouse.may("更正单位"):
        return
    st.subheader("撤销确认的写法", anchor=False)
    saving.show_report(SPELLING_FORM)
    # The name of a unit that was renamed or taken into another is split off again above.
    confirmed = [each for each in confirmed_spellings(view.warehouse) if not each.is_unit]
    if not confirmed:
        st.caption("没有导入时确认过的写法。")
        return
    labels = {f"“{each.alias}”读作“{each.unit}”（{each.region}）": each for each in confirmed}
    left, right = st.columns([2, 3])
    chosen = left.selectbox(
        "确认错的写法",
        list(labels),
        index=None,
        key=saving.field(SPELLING_FORM, "alias"),
        placeholder="选择写法，先看撤销后的变化",
    )
    if chosen is None:
        return
    spelling = labels[chosen]
    task_ids = _tasks(view, right, SPELLING_FORM, spelling.unit_id, spelling.alias)
    st.caption(
        f"撤销后，台账里写“{spelling.alias}”的不再读作“{spelling.unit}”，下次导入时再问；"
        f"所选任务改算在“{spelling.alias}”名下，其余任务仍算在“{spelling.unit}”名下。"
    )
    _look_and_store(
        view,
        SPELLING_FORM,
        UnitCorrection(spelling.unit_id, spelling.alias, task_ids, spelling.alias),
        spelling.unit,
        f"已撤销：“{spelling.alias}”不再读作“{spelling.unit}”。",
        "撤销",
    )


def _look_and_store(
    view: parts.View,
    form: str,
    correction: UnitCorrection,
    name: str,
    done: str,
    button: str = "更正",
) -> None:
    """What the correction of the unit `name` would change, the reason, and the button; `done` is what is
    reported afterwards."""
    reference = read_reference(reference_folder())
    try:
        foreseen = foresee_unit(
            view.warehouse, correction, reference, view.scope.ledger_id, view.scope.as_of
        )
    except WarehouseError as error:
        st.warning(plain(str(error)))
        return
    st.markdown(f"**{button}后**（截至 {day(view.scope.as_of)}，按台账写明的单位）")
    named = (name, correction.becomes)
    seen = parts.version_looked_at(view, form, correction)
    st.dataframe(
        _changes(foreseen, named, f"{button}后"),
        hide_index=True,
        placeholder="—",
        alt=f"{button}前后的单位",
    )
    line = st.container(horizontal=True, vertical_alignment="bottom")
    reason = line.text_input(f"{button}理由", key=saving.field(form, "reason"), width="stretch")
    author = parts.author(
        view.warehouse, line, "经办人", key=saving.field(form, "author"), width=160
    )
    if line.button(button, key=f"{form}_store", type="primary"):
        saving.save(
            form,
            lambda: correct_unit(
                view.warehouse, correction, reference, reason=reason, recorded_by=author,
                seen_version=seen,
            ),
            done,
        )  # fmt: skip
    st.caption(
        f"原来的登记不删除：变更记录写明是谁、何时、为何{button}；按当时已填报仍按原来的单位算。"
    )


def _asked(view: parts.View, name: str, units: dict[str, UUID], way: str) -> UnitCorrection | None:
    """The correction as far as it is said; None while something is missing."""
    left, right = st.columns([2, 3])
    if way == RENAME:
        right_name = left.text_input("正确的名称", key=saving.field(FORM, "name")).strip()
        return UnitCorrection(units[name], right_name) if right_name else None
    if way == MERGE:
        others = [each for each in units if each != name]
        into = left.selectbox(
            "并入", others, index=None, key=saving.field(FORM, "into"), placeholder="选择单位"
        )
        return UnitCorrection(units[name], into) if into else None
    confirmed = confirmed_spellings(view.warehouse)
    spellings = [each.alias for each in confirmed if each.unit_id == units[name]]
    becomes = left.selectbox(
        "拆出的单位",
        [*spellings, *(each for each in units if each not in (name, *spellings))],
        index=None,
        key=saving.field(FORM, "split"),
        placeholder="选择或填写单位名称",
        accept_new_options=True,
    )
    if not becomes:
        return None
    task_ids = _tasks(view, right, FORM, units[name], becomes)
    if not task_ids:
        return None
    return UnitCorrection(units[name], becomes, task_ids, becomes if becomes in spellings else "")


def _tasks(
    view: parts.View, place: DeltaGenerator, form: str, unit_id: UUID, becomes: str
) -> tuple[UUID, ...]:
    """Which tasks of a unit in the page's ledger are to count for the unit called `becomes`."""
    tasks = view.ask("tasks_of_unit", view.unfiltered(), unit_id=unit_id)
    labels = {f"第 {row.number} 项　{row.task}": UUID(str(row.task_id)) for row in each_row(tasks)}
    wording = [
        label
        for label, row in zip(labels, each_row(tasks), strict=True)
        if becomes in row.registered or becomes in row.responsible_text
    ]
    chosen = place.multiselect(
        "改算到它名下的任务",
        list(labels),
        wording,
        key=f"{saving.field(form, 'tasks')}_{unit_id}_{becomes}",
        placeholder="选择任务" if labels else "这份台账里没有它的任务",
        disabled=not labels,
        help="原文的责任单位里写着这个名称、或曾登记在它名下的，已先选上。",
    )
    return tuple(labels[label] for label in chosen)


def _changes(foreseen: UnitsForeseen, named: Collection[str], then: str) -> pd.DataFrame:
    """The named units, and others whose figures change, now and afterwards, which is headed `then`."""
    before = {name: figures for name, *figures in foreseen.before}
    after = {name: figures for name, *figures in foreseen.after}
    heads = ("任务", "已填报", "已完成")
    rows = []
    for name in dict.fromkeys([*before, *after]):
        was, becomes = before.get(name), after.get(name)
        if was == becomes and name not in named:
            continue
        row: dict[str, object] = {"单位": name}
        for place, head in enumerate(heads):
            row[f"{head}（现在）"] = was[place] if was else 0
            row[f"{head}（{then}）"] = becomes[place] if becomes else 0
        rows.append(row)
    return pd.DataFrame(rows)
