"""Shares of full marks by 一级指标 beside those of another day or another ledger.

Points under different schemes are not alike, so only shares are compared, and it is said when the
schemes differ.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pandas as pd
import streamlit as st

import charts
import score_findings
import ui
from metrics import Scope
from words import TRIAL, day

OTHER_DAY, OTHER_LEDGER = "另一日期", "另一台账"


def compare(shown: ui.View) -> None:
    """The comparison as a section of the page: what with, the chart, and its rows."""
    with st.container(border=True):
        line = st.container(horizontal=True, vertical_alignment="bottom")
        line.markdown("**比较得分率**", width="content")
        against = line.radio(
            "比较对象", [OTHER_DAY, OTHER_LEDGER], horizontal=True, key="against",
            label_visibility="collapsed",
        )  # fmt: skip
        found = _other_day(shown, line) if against == OTHER_DAY else _other_ledger(shown, line)
        if found is None:
            return
        names, rows, same_scheme = found
        st.markdown(score_findings.shares(rows, names, same_scheme=same_scheme))
        st.plotly_chart(
            charts.share_bars(rows, names), key="shares", config=ui.CHART_CONFIG, theme=None
        )
        table = rows.rename(
            columns={"short_name": "一级指标", "before": f"{names[0]} %", "after": f"{names[1]} %"}
        )
        ui.answer_table(table, "得分率比较", "score_totals", key="shares_rows")


_Found = tuple[tuple[str, str], pd.DataFrame, bool]


def _other_day(shown: ui.View, line: st.delta_generator.DeltaGenerator) -> _Found | None:
    scope = shown.scope
    eve = scope.as_of.replace(day=1) - timedelta(days=1)
    chosen = line.date_input(
        "比较日期", value=max(eve, shown.started_on), min_value=shown.started_on,
        max_value=shown.ended_on, format="YYYY-MM-DD", key="score_compare_on", width=160,
        label_visibility="collapsed",
    )  # fmt: skip
    if chosen is None:
        return None
    rows = _side_by_side(_shares(replace(scope, as_of=chosen)), _shares(scope))
    return (day(chosen), day(scope.as_of)), rows, True


def _other_ledger(shown: ui.View, line: st.delta_generator.DeltaGenerator) -> _Found | None:
    ledgers = ui.ask("ledgers")
    others = ledgers[ledgers.ledger_id != shown.ledger.ledger_id]
    if others.empty:
        st.info("没有别的台账可比。")
        return None
    names = {f"{row.region} {row.year}": row for row in others.itertuples()}
    chosen = names[
        line.selectbox("台账", list(names), key="compared_ledger", label_visibility="collapsed")
    ]
    last = chosen.ended_on.date()
    theirs = Scope(
        UUID(str(chosen.ledger_id)),
        min(last, max(shown.scope.as_of, chosen.started_on.date())),
        known_at=shown.scope.known_at,
    )
    schemes = ui.ask("schemes", theirs)
    if not schemes.empty:
        theirs = replace(theirs, scheme_id=UUID(str(schemes.scheme_id.iloc[0])))
    own = f"{shown.ledger.region} {shown.ledger.year}（{shown.scoring}，{day(shown.scope.as_of)}）"
    scheme = TRIAL if schemes.empty else f"评分方案第 {schemes.version.iloc[0]} 版"
    other = f"{chosen.region} {chosen.year}（{scheme}，{day(theirs.as_of)}）"
    rows = _side_by_side(_shares(theirs), _shares(shown.scope))
    # Equal weights are the same rule for both; two schemes of two ledgers never are.
    both_trials = schemes.empty and shown.scheme is None
    return (other, own), rows, both_trials


def _shares(scope: Scope) -> pd.Series:
    """一级指标 by its short name → its share of full marks in percent; where it has points at all."""
    totals = ui.ask("score_totals", scope, by="level1")
    base = totals[(totals.part == "base") & (totals.full_cents > 0)]
    return pd.Series((100 * base.self_cents / base.full_cents).to_numpy(), index=base.short_name)


def _side_by_side(before: pd.Series, after: pd.Series) -> pd.DataFrame:
    """The indicators of either side, those of the later one first and in its order."""
    names = [*after.index, *before.index.difference(after.index, sort=False)]
    return pd.DataFrame(
        {
            "short_name": names,
            "before": before.reindex(names).to_numpy(),
            "after": after.reindex(names).to_numpy(),
        }
    )
