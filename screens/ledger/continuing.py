"""What a new edition changes, and which task of it continues which: shown, and asked where doubtful.

Any pairing can be looked at and refused. The comparison comes from `warehouse.ledger.editions`.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from findings import editions as edition_findings
from screens import parts
from screens.ledger.sources import table_height
from warehouse.ledger.editions import Comparison, Pair, parted
from words import differing, plain

SAME_TASK, OTHER_TASK = "是同一任务，沿用填报和佐证", "是另一项任务"


def show_changes(comparison: Comparison, key: str) -> tuple[frozenset[int], bool]:
    """Show what a later edition changes, and ask about doubtful pairings. Returns the new numbers whose
    pairing was refused, and whether every doubtful one was answered."""
    place = st.container()
    refused, decided = _ask_doubtful(comparison.pairs, key)
    refused |= _pairings([each for each in comparison.pairs if each.certain], key)
    pairs = parted(comparison.pairs, refused)
    with place:
        st.markdown(
            f"{_place(comparison)}{plain(comparison.stored_file)}）。"
            f"{edition_findings.changed(pairs)}"
        )
        _changes_table(pairs)
    return refused, decided


def _place(comparison: Comparison) -> str:
    """Which edition the file would be, up to the name of the one it is compared with."""
    if comparison.is_again:
        return (
            f"这份台账已撤回，重新导入后是第 {comparison.edition_number} 版，仍在的填报随任务沿用"
            f"（对照撤回的第 {comparison.follows} 版 "
        )
    return f"这是已有台账的第 {comparison.edition_number} 版（上一版 "


def _changes_table(pairs: Sequence[Pair]) -> None:
    rows = edition_findings.changed_rows(pairs)
    texts = [differing(*each) for each in zip(rows["原文字"], rows["新文字"], strict=True)]
    st.dataframe(
        rows.assign(
            原文字=[parts.grid_text(before, 42) for before, _ in texts],
            新文字=[parts.grid_text(after, 42) for _, after in texts],
            相似度=[
                f"{pair.likeness:.0f}%" if pair.before and pair.after else ""
                for pair in pairs
                if pair.change != "same"
            ],
            **{
                "分工、期限、位置": [parts.grid_text(text, 42) for text in rows["分工、期限、位置"]]
            },
        ),
        hide_index=True,
        row_height=parts.ROW_HEIGHT,
        height=table_height(len(rows)),
        column_config={
            "变化": st.column_config.TextColumn(width=76),
            "原编号": st.column_config.NumberColumn(width=56),
            "新编号": st.column_config.NumberColumn(width=56),
            "原文字": st.column_config.TextColumn(width=204),
            "新文字": st.column_config.TextColumn(width=204),
            "分工、期限、位置": st.column_config.TextColumn(width=196),
            "相似度": st.column_config.TextColumn(width=56, alignment="right"),
        },
        placeholder="—",
        alt="新版的变化",
    )


def _ask_doubtful(pairs: Sequence[Pair], key: str) -> tuple[frozenset[int], bool]:
    refused, decided = set(), True
    for pair in pairs:
        before, after = pair.before, pair.after
        if pair.certain or before is None or after is None:
            continue
        answer = st.radio(
            f"新版第 {after.number} 项“{plain(after.task)}”（{_units(pair)[1]}），是原第 {before.number} 项"
            f"“{plain(before.task)}”（{_units(pair)[0]}）吗？",
            [SAME_TASK, OTHER_TASK],
            index=None,
            key=f"pair_{key}_{after.number}",
            horizontal=True,
        )
        decided &= answer is not None
        if answer == OTHER_TASK:
            refused.add(after.number)
    return frozenset(refused), decided


def _pairings(pairs: Sequence[Pair], key: str) -> frozenset[int]:
    """Every pairing that is taken as certain, with a tick to be removed; returns the new numbers of
    those without one."""
    found = [
        (each, each.before, each.after)
        for each in sorted(pairs, key=lambda each: each.change == "same")
        if each.before and each.after
    ]
    if not found:
        return frozenset()
    with st.expander(f"核对任务的对应：沿用原任务的 {len(found)} 项"):
        st.caption("填报、佐证和得分随任务走。不是同一项任务的，去掉“沿用”的勾，按新任务存入。")
        edited = st.data_editor(
            pd.DataFrame(
                {
                    "沿用": True,
                    "原编号": [before.number for _, before, _ in found],
                    "新编号": [after.number for _, _, after in found],
                    "原任务": [parts.grid_text(before.task, 44) for _, before, _ in found],
                    "新任务": [parts.grid_text(after.task, 44) for _, _, after in found],
                    "原单位": [parts.grid_text(_units(each)[0], 22) for each, _, _ in found],
                    "新单位": [parts.grid_text(_units(each)[1], 22) for each, _, _ in found],
                }
            ),
            key=f"pairs_{key}",
            hide_index=True,
            row_height=parts.ROW_HEIGHT,
            height=table_height(len(found)),
            disabled=["原编号", "新编号", "原任务", "新任务", "原单位", "新单位"],
            column_config={
                "沿用": st.column_config.CheckboxColumn(width=64),
                "原编号": st.column_config.NumberColumn(width=58),
                "新编号": st.column_config.NumberColumn(width=58),
                "原任务": st.column_config.TextColumn(width=214),
                "新任务": st.column_config.TextColumn(width=214),
                "原单位": st.column_config.TextColumn(width=116),
                "新单位": st.column_config.TextColumn(width=116),
            },
        )
    return frozenset(
        after.number for (_, _, after), kept in zip(found, edited["沿用"], strict=True) if not kept
    )


def _units(pair: Pair) -> tuple[str, str]:
    """The units before and after, in words."""
    sides = (pair.before, pair.after)
    before, after = (
        "、".join(dict.fromkeys(part.unit for part in side.assignments)) if side else ""
        for side in sides
    )
    return before or "无责任单位", after or "无责任单位"
