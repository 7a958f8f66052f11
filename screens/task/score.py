"""The 得分 tab of a task card: the marks of a task, and how each of them comes about."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from findings import marks
from screens import parts
from words import NO_POINTS, is_missing, plain, score


def show_score(view: parts.View, task_id: UUID) -> None:
    """Full marks, the three marks, the rule with its arithmetic, and what proof there is."""
    shown = parts.scored_by_default(view)
    if shown is None:
        st.info(f"这份台账{NO_POINTS}，请在“评分方案”页填写。")
        return
    whole = shown.unfiltered()
    scores = view.ask("scores", whole)
    scores = scores[scores.task_id == task_id]
    if scores.empty or scores.iloc[0].rule is None:
        st.info(f"这项任务在{shown.scoring}中{NO_POINTS}。")
        return
    row = scores.iloc[0]
    items = view.ask("scheme_items", whole)
    tiers = items[items.task_id == task_id].tiers.iloc[0]
    parts.tiles(
        [
            ("满分", f"{score(row.full_cents)} 分", ""),
            ("自评", f"{score(row.self_cents)} 分", "按填报计算，或人工评分"),
            ("已锁定", f"{score(row.secured_cents)} 分", "已销号的任务，已认定的加分"),
            ("可达上限", f"{score(row.reachable_cents)} 分", "到评估日还能得到的"),
        ]
    )
    lines = {
        "自评怎样算": marks.score_sentence(row, tiers),
        "失分": marks.shortfall(row, tiers) or ("不计" if row.is_absent else "没有失分"),
        "已锁定": marks.secured_sentence(row),
        "可达上限": marks.reachable_sentence(row),
        "评分标准": row.criterion or "方案没有写明",
        "佐证要求": (row.proof or "须有佐证，方案没有写明种类")
        if row.evidence_required
        else "不要求佐证",
        "现有佐证": "无" if is_missing(row.titles) else row.titles,
    }
    if not is_missing(row.review_cents):
        lines["复核"] = f"{score(row.review_cents)} 分　{row.review_opinion}"
    st.markdown("\n\n".join(f"**{name}**　{plain(text)}" for name, text in lines.items()))
    st.caption(shown.scoring)
