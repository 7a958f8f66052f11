"""The versions of the 评分方案: who stored which when, and what any two of them differ in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from documents import scheme
from documents.scheme import figure as points
from screens import parts
from screens.parts import saving
from screens.scores.current import FORM, Current, difference_table, show_differences, stored_version
from warehouse.entries.withdrawing import Mistake
from words import TRIAL, UNKNOWN, day, each_row, is_missing, score


def list_versions(view: parts.View, current: Current) -> None:
    """Every version, the newest first."""
    rows = current.versions
    table = pd.DataFrame(
        {
            "版": [f"第 {number} 版" for number in rows.version],
            "存入时间": rows.recorded_at.dt.strftime("%Y-%m-%d %H:%M"),
            "操作人": rows.recorded_by,
            "台账版次": [f"第 {number} 版" for number in rows.edition_number],
            "评估日": rows.assessed_on.map(day),
            "佐证起算日": rows.evidence_from.map(day),
            "计分任务": rows["items"],
            "基本任务合计": [_points(cents) for cents in rows.base_cents],
            "加分项合计": [_points(cents) for cents in rows.bonus_cents],
            "加分总上限": [_points(cents) for cents in rows.bonus_cap_cents],
            "说明": rows.note,
        }
    )
    parts.answer_table(view, table, "评分方案各版", "schemes", key="scheme_versions")


def _points(cents: float) -> str:
    return UNKNOWN if is_missing(cents) else f"{cents / 100:g} 分"


def compare_versions(view: parts.View, current: Current) -> None:
    """Any two versions, the earlier one first: what changed of each task, and the sums of both."""
    rows = current.versions
    if len(rows) < 2:
        st.info("只有一版，存入下一版后可以对照任意两版。")
        return
    names = {f"第 {row.version} 版": row.scheme_id for row in each_row(rows)}
    left, right = st.columns(2)
    before = left.selectbox("从", list(names), index=1, key="scheme_before")
    after = right.selectbox("到", list(names), index=0, key="scheme_after")
    was, now = stored_version(view, names[before]), stored_version(view, names[after])
    differences = scheme.differences(current.outline, was.scheme, now.scheme)
    first, second = (scheme.sums_of(current.outline, each.scheme, {}) for each in (was, now))
    if not differences:
        st.info(f"{before}与{after}没有不同。")
        return
    tasks = len({each.number for each in differences if each.number is not None})
    st.markdown(
        f"**从{before}到{after}改了 {len(differences)} 处，涉及 {tasks} 项任务；"
        f"基本任务合计 {points(first[-1].base)} 分 → {points(second[-1].base)} 分**"
    )
    table = difference_table(differences)
    show_differences(table)
    parts.download(
        view, table, f"评分方案{before}与{after}对照", "scheme_items", key="scheme_differences"
    )
    with st.expander("各一级指标的分值"):
        st.dataframe(
            pd.DataFrame(
                {
                    "一级指标": [each.level1 or "合计" for each in first],
                    f"{before}基本任务": [points(each.base) for each in first],
                    f"{after}基本任务": [points(each.base) for each in second],
                    f"{before}加分项": [points(each.bonus) for each in first],
                    f"{after}加分项": [points(each.bonus) for each in second],
                }
            ),
            hide_index=True,
            alt="两版各一级指标的分值",
        )


def undo_version(view: parts.View, current: Current) -> None:
    """Choose a version stored by mistake, see by which the points would be, and take it back."""
    if not view.warehouse.may("撤回评分方案"):
        return
    rows = list(each_row(current.versions))
    names = {f"第 {row.version} 版": row for row in rows}
    with st.expander("撤回一版"):
        chosen = st.selectbox(
            "存错的一版",
            list(names),
            index=None,
            key=saving.field(FORM, "version"),
            placeholder="选择存错的一版，先看撤回后的变化",
        )
        if chosen is None:
            return
        left = [row for row in rows if row is not names[chosen]]
        now, then = rows[0], left[0] if left else None
        if then is not None and now is then:
            st.markdown(f"**撤回后**　现行的仍是第 {now.version} 版，各项得分不变。")
        else:
            becomes = f"第 {then.version} 版" if then else TRIAL
            st.markdown(f"**撤回后**　现行的改为{becomes}，截至 {day(view.scope.as_of)} 的得分：")
            st.dataframe(
                pd.DataFrame(
                    {
                        f"现在（{chosen}）": _totals(view, now),
                        f"撤回后（{becomes}）": _totals(view, then),
                    }
                ).rename_axis("得分"),
                alt="撤回前后的得分",
            )
        mistake = Mistake("scheme", (UUID(str(names[chosen].scheme_id)),))
        parts.confirm_undo(view, FORM, mistake, f"已撤回评分方案{chosen}。")


def _totals(view: parts.View, version: Any) -> dict[str, str]:
    """The totals of the whole ledger by a version; without one, by equal weights."""
    scheme_id = UUID(str(version.scheme_id)) if version else None
    scope = replace(view.unfiltered(), scheme_id=scheme_id)
    totals = view.ask("score_totals", scope, by="all")
    overall = totals[totals.part == "overall"].iloc[0]
    names = {"full": "满分", "self": "自评", "secured": "已锁定", "reachable": "可达上限"}
    return {
        name: UNKNOWN if is_missing(cents := overall[f"{column}_cents"]) else score(int(cents))
        for column, name in names.items()
    }
