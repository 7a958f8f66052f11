"""佐证缺口: which tasks lack evidence, and the points that depend on it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from findings import scores
from screens import parts
from screens.scores.tables import gap_table
from words import score


def headline(view: parts.View) -> bool:
    """What is lacking in one sentence; whether there is anything to list."""
    if view.scheme is None:
        parts.headline("等权试算不看佐证，设定评分方案后才有佐证缺口。")
        return False
    if view.ask("scores").empty:
        parts.headline(scores.NOTHING_IN_SCOPE)
        return False
    parts.headline(scores.evidence_gaps(view.ask("evidence_gaps")))
    return True


def listed(view: parts.View, rows: pd.DataFrame) -> None:
    """`evidence_gaps` rows in figures and as a list."""
    _tiles(rows)
    with st.container(border=True):
        st.markdown("**佐证材料清单**　涉及分值多的在前；勾选一行打开任务卡，在“填报”中登记材料。")
        with st.popover("口径", type="tertiary"):
            parts.definition("evidence_gaps")
        gap_table(view, rows, key="gaps")


def _tiles(rows: pd.DataFrame) -> None:
    """`evidence_gaps` rows in figures."""
    parts.tiles(
        [
            ("缺佐证的任务", f"{len(rows)} 项", "方案要求佐证，而没有佐证起算日以后的材料"),
            ("其中材料过旧", f"{(rows.gap == 'old').sum()} 项", "现有材料都早于佐证起算日"),
            ("现在少得", f"{score(int(rows.lost_cents.sum()))} 分", "已经做到、只差佐证的分"),
            (
                "最多涉及",
                f"{score(int(rows.at_stake_cents.sum()))} 分",
                "到评估日没有佐证就得不到的分",
            ),
        ]
    )
