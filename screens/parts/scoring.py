"""Which 评分方案 a page scores by: the newest version, another one, or the trial with equal weights.

Owns the choice and how it is named on every surface.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pandas as pd
import streamlit as st

from screens.frame.frame import judge_cards_by, view
from screens.frame.view import View
from screens.parts.parts import headline
from warehouse.ledger.schemes import ABSENT_RULES
from words import NO_POINTS, TRIAL, day


def scored_view(title: str) -> View | None:
    """`view` with the scheme its points are by, chosen on the page; None where the ledger has no
    scheme and the trial with equal weights is not asked for, which the page then has said."""
    shown = view(title)
    schemes = shown.ask("schemes")
    if schemes.empty:
        place = st.container()
        trial = st.toggle(
            TRIAL,
            key="trial",
            bind="query-params",
            help="没有评分方案时先看个大概：各项基本任务同分、共 100 分，按填报进度计；"
            "不计加分、扣分，不看佐证。不能当作评估得分。",
        )
        with place:
            if not trial:
                headline(f"这份台账{NO_POINTS}，还不能算出得分。")
                st.info(
                    "**怎样设分值**：在“评分方案”页下载模板，填写每项任务的分值和评分规则后放回；"
                    "也可以直接在页面上填写；台账原有“分值”列的，可以用它建立第一版。"
                    f"想先看个大概，可以打开下面的“{TRIAL}”。",
                    icon=":material/edit_note:",
                )
                return None
            st.warning(
                f"**{TRIAL}**：这份台账{NO_POINTS}，以下各项基本任务同分、共 100 分，按填报进度计，"
                "不能当作评估得分。",
                icon=":material/balance:",
            )
        return judge_cards_by(_by(shown, None))
    chosen = schemes.iloc[0]
    if len(schemes) > 1:
        names = [f"第 {version} 版" for version in schemes.version]
        picked = st.selectbox(
            "评分方案", names, key="scheme_version", bind="query-params", width=180
        )
        chosen = schemes.iloc[names.index(picked)]
    st.caption(describe(chosen))
    return judge_cards_by(_by(shown, chosen))


def scored_by_default(view: View) -> View | None:
    """The view with the scheme of the page, or with the newest; None without any."""
    if view.scoring:
        return view
    schemes = view.ask("schemes")
    return None if schemes.empty else _by(view, schemes.iloc[0])


def describe(scheme: pd.Series) -> str:
    """The terms of a scheme in one line."""
    terms = [
        f"评分方案第 {scheme.version} 版",
        f"评估日 {day(scheme.assessed_on)}",
        f"佐证自 {day(scheme.evidence_from)} 起算",
        f"缺项{ABSENT_RULES[scheme.absent_rule]}",
    ]
    if scheme.note:
        terms.append(scheme.note)
    return "　·　".join(terms)


def _by(view: View, scheme: pd.Series | None) -> View:
    scheme_id = None if scheme is None else UUID(str(scheme.scheme_id))
    label = TRIAL if scheme is None else f"评分方案第 {scheme.version} 版"
    scope = replace(view.scope, scheme_id=scheme_id)
    return judge_cards_by(replace(view, scope=scope, scoring=label, scheme=scheme))
