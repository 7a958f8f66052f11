"""核验与延期: what waits for the office, in one sentence and in figures."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from findings import verdicts as verdict_findings
from screens import parts


def headline(
    view: parts.View, total: object | None, completions: pd.DataFrame, requests: pd.DataFrame
) -> None:
    """What waits; `total` is the row of `completion` in all, None without base tasks."""
    parts.headline(
        verdict_findings.verification(
            completions,
            requests,
            view.scope.as_of,
            has_tasks=total is not None,
            has_progress=bool(getattr(total, "has_progress", False)),
        )
    )


def tiles(completions: pd.DataFrame, requests: pd.DataFrame) -> None:
    """`reported_completions` and `extension_requests` rows in figures, with their definitions."""
    counts = parts.only_row(completions)
    if counts is None:
        counts = dict.fromkeys(completions.columns, 0)
    pending = (requests.state == "pending").sum()
    parts.tiles(
        [
            (
                *("待核验", f"{counts['all_waiting']} 件", "报结后还没有销号或退办的完成"),
                f"涉及 {counts['all_waiting_tasks']} 项任务",
            ),
            (
                "其中没有佐证",
                f"{counts['all_unproven']} 件",
                "本单位和整项任务都没有登记佐证材料",
            ),
            ("其中晚于期限", f"{counts['all_late']} 件", "完成日期晚于期限；延期的按生效期限"),
            ("已销号", f"{counts['all_accepted']} 件", "按整项任务或单位承担的部分计"),
            ("已退办", f"{counts['all_returned']} 件", "退办后还没有重新报结的"),
            ("延期待审批", f"{pending} 件", "已提出、尚未审批的延期申请"),
        ]
    )
    with st.popover("口径", type="tertiary"):
        parts.definition("reported_completions")
        parts.definition("extension_requests")
