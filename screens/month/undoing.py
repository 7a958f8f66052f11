"""撤回收回的填报: forms stored by mistake, of the wrong month or unit, several at once, with a preview."""

from __future__ import annotations

from uuid import UUID

import pandas as pd
import streamlit as st

from screens import parts
from screens.parts import decisions, saving
from warehouse.entries.withdrawing import Mistake
from words import each_row

FORM = "undo_forms"
ON_SCREEN = "（网上填报）"
COLUMNS = {
    "单位": st.column_config.TextColumn(width=200),
    "文件": st.column_config.TextColumn(width=320),
    "存入任务": st.column_config.NumberColumn(width=80, format="%d 项"),
    "仍算数": st.column_config.NumberColumn(width=80, format="%d 条"),
    "存入时间": st.column_config.TextColumn(width=130),
    "经办人": st.column_config.TextColumn(width=100),
}


def undo_forms(view: parts.View, month: parts.ReportMonth) -> None:
    """The forms of the month that are stored, to be ticked; what taking them back would change."""
    saving.show_report(FORM)
    if not view.warehouse.may("撤回填报表"):
        return
    forms = view.ask("returned_forms", month=month.start)
    own = parts.own_units(view.warehouse)
    if own is not None:
        forms = forms[forms.unit.isin(own)]
    if forms.empty:
        return
    with st.expander(f"撤回已存入的填报（{month}，{len(forms)} 份）"):
        if hidden := decisions.what_is_hidden(view):
            st.info(hidden)
            return
        st.caption("放错了月份、单位或文件的，勾选后先看撤回前后的变化，再写明理由一次撤回。")
        identities = {
            UUID(str(row.submission_id)): f"{row.unit} {row.file_name or ON_SCREEN}"
            for row in each_row(forms)
        }
        ticked = decisions.ticking_table(
            view,
            pd.DataFrame(
                {
                    "单位": forms.unit,
                    "文件": forms.file_name.replace("", ON_SCREEN),
                    "存入任务": forms.rows_stored,
                    "仍算数": forms.entries,
                    "存入时间": forms.recorded_at.dt.strftime("%Y-%m-%d %H:%M"),
                    "经办人": forms.recorded_by,
                }
            ),
            identities,
            key="undo_forms_ticked",
            columns=COLUMNS,
            title="已存入的填报",
            many=True,
        )
        decisions.warn_of(ticked, was_pressed=False)
        if not ticked.positions:
            return
        chosen = [list(identities)[position] for position in ticked.positions]
        mistake = Mistake("submission", tuple(sorted(chosen)))
        done = f"已撤回 {len(chosen)} 份填报，可以重新放入。"
        ledger_id, year = view.scope.ledger_id, view.started_on.year
        parts.undo(view, FORM, mistake, ledger_id, year, done)
