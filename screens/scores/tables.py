"""Tables of points: ticking a row opens the task's card, where every mark is explained.

Owns the columns of marks as a person reads them.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from findings import marks as score_words
from metrics.keeping import kept
from screens import parts
from warehouse.ledger.schemes import RULES
from words import day, each_row, score

GAPS = {"missing": "没有材料", "old": "材料过旧"}


def score_table(view: parts.View, rows: pd.DataFrame, *, key: str) -> None:
    """`scores` rows: full marks, rule, the three marks, marks by hand, and why points are lost."""
    items = view.ask("scheme_items")
    whole = _marks(rows, items)
    _table(view, whole, rows, "任务得分", "scores", key=key)


@kept
def _marks(rows: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """The marks of `scores` rows as a person reads them; `items` are `scheme_items`."""
    tiers = dict(zip(items.task_id, items.tiers, strict=True))
    whole = pd.DataFrame(
        {
            "number": rows.number,
            "task": rows.task,
            "rule": rows.rule.map(RULES),
            "full": rows.full_cents.map(score),
            "self": rows.self_cents.map(score),
            "why": [
                "缺项，按其余任务的得分率计"
                if row.is_absent
                else score_words.shortfall(row, tiers.get(row.task_id))
                for row in each_row(rows)
            ],
            "secured": rows.secured_cents.map(score),
            "reachable": rows.reachable_cents.map(score),
            "manual": rows.manual_cents.map(score),
            "review": rows.review_cents.map(score),
            "evidence": rows.evidence,
        }
    )
    for column in ("manual", "review"):
        if (whole[column] == "—").all():
            whole = whole.drop(columns=column)
    return whole


def tasks_of(rows: pd.DataFrame, chosen: str) -> pd.DataFrame:
    """The `scores` rows that a part of the total (`SCORE_PARTS`), or the base tasks of a 一级指标, are
    made of."""
    if chosen in ("bonus", "penalty"):
        return rows[rows.kind == chosen]
    if chosen == "absent":
        return rows[rows.is_absent]
    return rows[(rows.kind == "base") & (rows.level1 == chosen)]


def claim_table(
    view: parts.View, claims: pd.DataFrame, rows: pd.DataFrame, *, key: str, title: str
) -> None:
    """`bonus_penalty` rows with their marks from `scores`: what was claimed and recognised of a
    bonus item, what a penalty item costs."""
    if claims.empty:
        st.info(f"所选范围内没有{title}。")
        return
    whole = _claims(claims, rows, is_bonus=key == "bonus")
    _table(view, whole, claims, title, "bonus_penalty", key=key)


@kept
def _claims(claims: pd.DataFrame, rows: pd.DataFrame, *, is_bonus: bool) -> pd.DataFrame:
    marks = rows.set_index("task_id").loc[claims.task_id]
    whole = pd.DataFrame(
        {
            "claim_state": claims.state,
            "number": claims.number,
            "task": claims.task,
            "units": claims.units,
            "times": claims.times,
            "newest": claims.newest_on.map(day),
            "evidence": claims.evidence,
        }
    )
    if is_bonus:
        whole["full"] = marks.full_cents.map(score).to_numpy()
        whole["self"] = marks.self_cents.map(score).to_numpy()
        whole["secured"] = marks.secured_cents.map(score).to_numpy()
    else:
        whole["cost"] = (-marks.self_cents).map(score).to_numpy()
    return whole


def gap_table(view: parts.View, rows: pd.DataFrame, *, key: str) -> None:
    """`evidence_gaps` rows: what is wanted, what is held, and the points that hang on it."""
    whole = _gaps(rows)
    # On screen every material has its day beside it; the workbook has the newest as a column.
    _table(view, whole, rows, "佐证材料清单", "evidence_gaps", key=key, left_out=["newest"])


@kept
def _gaps(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "gap": rows.gap.map(GAPS),
            "number": rows.number,
            "task": rows.task,
            "lost": rows.lost_cents.map(score),
            "at_stake": rows.at_stake_cents.map(score),
            "units": rows.units,
            "proof": rows.proof.where(rows.proof != "", "方案没有写明"),
            "held": rows.held.fillna("无"),
            "newest": rows.newest_evidence_on.map(day),
        }
    )


def _table(
    view: parts.View,
    whole: pd.DataFrame,
    rows: pd.DataFrame,
    title: str,
    question: str,
    *,
    key: str,
    left_out: Sequence[str] = (),
) -> None:
    """A table of tasks and its workbook, which has the columns `left_out` on screen too."""
    if rows.empty:
        st.info("没有符合条件的任务。", icon=":material/check_circle:")
        return
    parts.ticking_table(whole.drop(columns=list(left_out)), rows.task_id, key=key, title=title)
    labels = {name: config["label"] for name, config in parts.TASK_COLUMNS.items()}
    parts.download(view, whole.rename(columns=labels), title, question, key=key)
