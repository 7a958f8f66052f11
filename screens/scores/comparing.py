"""Shares of full marks by 一级指标 beside those of another day or another ledger.

Points under different schemes are not alike, so only shares are compared, and a remark states
where the schemes differ.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

import pandas as pd
import streamlit as st

import charts
from findings import scores
from metrics import Scope
from metrics.periods import month_eve
from screens import parts
from words import TRIAL, day, day_in_sentence, each_row

OTHER_DAY, OTHER_LEDGER = "另一日期", "另一台账"


def compare(view: parts.View) -> None:
    """The comparison as a section of the page: what with, the chart, and its rows."""
    with st.container(border=True):
        line = st.container(horizontal=True, vertical_alignment="bottom")
        line.markdown("**比较得分率**", width="content")
        against = line.radio(
            "比较对象", [OTHER_DAY, OTHER_LEDGER], horizontal=True, key="against",
            label_visibility="collapsed",
        )  # fmt: skip
        comparison = _other_day(view, line) if against == OTHER_DAY else _other_ledger(view, line)
        if comparison is None:
            return
        names, rows = comparison.names, comparison.rows
        st.markdown(comparison.remark + scores.shares(rows, comparison.in_sentence))
        bars = parts.figure(partial(charts.share_bars, rows, names))
        st.plotly_chart(bars, key="shares", config=parts.CHART_CONFIG, theme=None)
        table = rows.rename(
            columns={"short_name": "一级指标", "before": f"{names[0]} %", "after": f"{names[1]} %"}
        )
        parts.answer_table(view, table, "得分率比较", "score_totals", key="shares_rows")


@dataclass(frozen=True)
class _Comparison:
    """Shares of both sides, the other one first."""

    names: tuple[str, str]
    """The sides in the legend and over the columns."""
    in_sentence: tuple[str, str]
    """The sides in a sentence."""
    rows: pd.DataFrame
    remark: str = ""
    """What has to be known before the shares are read."""


def _other_day(view: parts.View, line: st.delta_generator.DeltaGenerator) -> _Comparison | None:
    scope = view.scope
    eve = month_eve(scope.as_of)
    chosen = line.date_input(
        "比较日期", value=max(eve, view.started_on), min_value=view.started_on,
        max_value=view.ended_on, format="YYYY-MM-DD", key=f"score_compare_on_{scope.as_of}",
        width=160,
        label_visibility="collapsed",
    )  # fmt: skip
    if chosen is None:
        return None
    return _Comparison(
        names=(day(chosen), day(scope.as_of)),
        in_sentence=(f" {day_in_sentence(chosen)}", day_in_sentence(scope.as_of)),
        rows=_side_by_side(_shares(view, replace(scope, as_of=chosen)), _shares(view, scope)),
    )


def _other_ledger(view: parts.View, line: st.delta_generator.DeltaGenerator) -> _Comparison | None:
    ledgers = view.ask("ledgers")
    others = ledgers[ledgers.ledger_id != view.ledger.ledger_id]
    if others.empty:
        st.info("没有别的台账可比。")
        return None
    called = dict(zip(ledgers.ledger_id, parts.ledger_names(ledgers), strict=True))
    names = {called[row.ledger_id]: row for row in each_row(others)}
    chosen = names[
        line.selectbox("台账", list(names), key="compared_ledger", label_visibility="collapsed")
    ]
    last = chosen.ended_on.date()
    theirs = Scope(
        UUID(str(chosen.ledger_id)),
        min(last, max(view.scope.as_of, chosen.started_on.date())),
        known_at=view.scope.known_at,
    )
    schemes = view.ask("schemes", theirs)
    if not schemes.empty:
        theirs = replace(theirs, scheme_id=UUID(str(schemes.scheme_id.iloc[0])))
    scheme = TRIAL if schemes.empty else f"评分方案第 {schemes.version.iloc[0]} 版"
    own, other = called[view.ledger.ledger_id], called[chosen.ledger_id]
    # The other ledger has other units and 一级指标, so both are compared unfiltered.
    whole = view.unfiltered()
    remark = ""
    if whole != view.scope:
        remark += "两份台账都按全部任务比较，不用左侧的单位、指标、类别筛选；"
    # Only the trial with equal weights judges two ledgers by one rule.
    if not (schemes.empty and view.scheme is None):
        remark += "两边的评分方案不同，只可比较得分率；"
    for name, scope in ((other, theirs), (own, whole)):
        if not view.ask("completion", scope, by="all").has_progress.any():
            remark += f"{name} 尚无进展填报，各项都按未开始计；"
    return _Comparison(
        names=(
            f"{other}（{scheme}，{day(theirs.as_of)}）",
            f"{own}（{view.scoring}，{day(whole.as_of)}）",
        ),
        in_sentence=(f"{other} ", f"{own} "),
        rows=_side_by_side(_shares(view, theirs), _shares(view, whole)),
        remark=remark,
    )


def _shares(view: parts.View, scope: Scope) -> pd.Series:
    """一级指标 by its short name → its share of full marks in percent; where it has points at all."""
    totals = view.ask("score_totals", scope, by="level1")
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
