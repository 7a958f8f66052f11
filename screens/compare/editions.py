"""Two stored editions of a ledger: what the later one adds, removes and changes, in both wordings.

The comparison itself is the one an edition is looked at with before it is accepted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from findings import editions as edition_findings
from screens import parts
from screens.compare import wording
from warehouse.ledger.editions import Pair, compare_stored
from words import CHANGES, day, differing, each_row

EVERY_CHANGE = "全部变化"
DEFINITION = (
    "同一份台账的两版逐项比对：哪一项接续哪一项，按导入修订版时的核定；文字只差空格、标点宽度和句末"
    "标点的不算改文字；分工指单位及其角色，期限指日期和类别，移位指换了一级或二级指标；"
    "一项任务可以有几种变化。"
)


def compare_editions(view: parts.View, top: DeltaGenerator) -> None:
    """The comparison of two editions chosen on the page, the newest two unless others are."""
    whole = replace(view, scope=view.unfiltered())
    if whole.filters != view.filters:
        st.caption("左侧的责任单位、一级指标和任务类别在对照两个版本时不用，列出的是全部任务。")
    view = parts.judge_cards_by(whole)
    editions = view.ask("editions")
    ledger = view.ledger
    of_ledger = (editions[["title", "region", "year"]] == ledger[["title", "region", "year"]]).all(
        axis=1
    )
    standing = editions.withdrawn_at.isna()
    editions = editions[of_ledger & standing].sort_values("edition_number", ignore_index=True)
    names = [
        f"第 {row.edition_number} 版（{day(row.effective_on)} 起）" for row in each_row(editions)
    ]
    if len(names) < 2:
        with top:
            parts.headline(f"这份台账只有一版：{names[0]}，没有另一版可以对照。")
        st.info("修订版在“导入台账”页放入，核对变化后存入；存入后可以在这里对照任意两版。")
        return
    line = st.container(horizontal=True, vertical_alignment="bottom")
    first, second = (
        names.index(
            line.selectbox(label, names, index=index, key=key, bind="query-params", width=260)
        )
        for label, key, index in (
            ("较早的一版", "earlier_edition", len(names) - 2),
            ("较晚的一版", "later_edition", len(names) - 1),
        )
    )
    if first == second:
        with top:
            parts.headline("两边是同一版，请选不同的两版。")
        return
    first, second = sorted((first, second))
    pairs = compare_stored(
        view.warehouse, *(UUID(str(editions.edition_id[place])) for place in (first, second))
    )
    with top:
        earlier, later = (int(editions.edition_number[place]) for place in (first, second))
        parts.headline(wording.editions(earlier, later, pairs))
    _changes(view, pairs, f"{names[first]}与{names[second]}的对照")


def _changes(view: parts.View, pairs: list[Pair], title: str) -> None:
    """How many tasks changed in each way, and the tasks of the chosen way."""
    counts = wording.counted(pairs)
    parts.tiles([(CHANGES[name], f"{counts[name]} 项", "") for name in CHANGES])
    occurring = [word for name, word in CHANGES.items() if counts[name] and name != "same"]
    chosen = st.segmented_control(
        "看哪些变化", [EVERY_CHANGE, *occurring], default=EVERY_CHANGE, required=True,
        key="edition_change", bind="query-params",
    )  # fmt: skip
    rows = edition_findings.changed_rows(pairs)
    task_ids = pd.Series([_task_id(pair) for pair in pairs if pair.change != "same"], dtype=object)
    if chosen != EVERY_CHANGE:
        of_kind = [chosen in changes.split("、") for changes in rows["变化"]]
        rows = rows[of_kind].reset_index(drop=True)
        task_ids = task_ids[of_kind].reset_index(drop=True)
    if rows.empty:
        st.info("两版的任务没有变化。", icon=":material/check_circle:")
        return
    texts = [differing(*each) for each in zip(rows["原文字"], rows["新文字"], strict=True)]
    st.markdown(f"**{chosen}：{len(rows)} 项**（勾选一行看任务卡；删去的只有这里的文字）")
    parts.ticking_table(
        pd.DataFrame(
            {
                "change": rows["变化"],
                "number_then": rows["原编号"],
                "number": rows["新编号"],
                "text_then": [before for before, _ in texts],
                "text_now": [after for _, after in texts],
                "rearranged": rows["分工、期限、位置"],
            }
        ),
        task_ids,
        key="edition_changes",
        title=title,
        placeholder="—",
    )
    parts.export_menu(view, 
        rows, title, DEFINITION, key="edition_export",
        narrowed="" if chosen == EVERY_CHANGE else f"只看{chosen}",
    )  # fmt: skip


def _task_id(pair: Pair) -> Any:
    """The id of the task as it stands last."""
    # Both sides of stored editions are stored tasks, which the type of a pair does not say.
    last: Any = pair.after or pair.before
    return last.task_id
