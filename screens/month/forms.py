"""Report forms handed out on screen: one unit's, or those of all units in one archive."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from documents import month_form
from screens import parts
from words import DEMONSTRATION, UNIT_CLASSES

COLLECTIVE = UNIT_CLASSES[3]


def hand_out(view: parts.View, units: Sequence[str], unit: str, month: parts.ReportMonth) -> None:
    """The form of the chosen unit, and those of all units in one archive."""
    demonstration = view.office.is_demonstration
    st.markdown(
        "每个单位一个 Excel 文件，列出本单位牵头、负责、配合的任务和上月填报，用 Excel、WPS 或 "
        "LibreOffice 填写；填好后在“收回填报表”中放入，即可核对并存入。"
    )
    with st.container(horizontal=True):
        name = month_form.form_name(unit, month.start, is_demonstration=demonstration)
        st.download_button(
            f"下载 {unit} 的填报表",
            data=parts.noted(
                view,
                name,
                lambda: month_form.write_form(
                    view.office.warehouse, view.scope, unit, month.start,
                    is_demonstration=demonstration,
                ),
            ),
            file_name=name,
            mime=parts.MIME_TYPES["xlsx"],
            key="one_form",
            icon=":material/download:",
            on_click="ignore",
        )  # fmt: skip
        units = _with_collectives(view, units)
        asked = st.button(f"生成全部 {len(units)} 个单位的填报表", icon=":material/folder_zip:")
    made: dict[tuple, bytes] = st.session_state.setdefault("forms_made", {})
    place = (
        view.scope.ledger_id, month.start, view.warehouse.data_version, demonstration, len(units),
    )  # fmt: skip
    if asked:
        made.clear()
        bar = st.progress(0.0, "正在生成…")
        # Streamlit ends this run at the next step of the bar once another button is pressed.
        st.button("取消", key="stop_forms")

        def report_progress(done: int, of: int, name: str) -> None:
            bar.progress(done / of, f"{done} / {of}　{name}")

        made[place] = month_form.write_forms(
            view.office.warehouse,
            view.scope,
            units,
            month.start,
            report_progress,
            is_demonstration=demonstration,
        )
        st.rerun()
    if place in made:
        mark = f"{DEMONSTRATION}_" if demonstration else ""
        name = f"{mark}填报表_{month.start:%Y-%m}.zip"
        st.download_button(
            f"下载全部填报表（zip，{len(made[place]) / 1024:,.0f} KB）",
            parts.noted(view, name, lambda: made[place]),
            file_name=name,
            mime="application/zip",
            key="all_forms",
            icon=":material/download:",
            on_click="ignore",
        )


def _with_collectives(view: parts.View, units: Sequence[str]) -> list[str]:
    """The units that get a form. A collective whose members are known has none in this list; of one whose
    members are not (各单位, 有关部门), nobody fills a form in unless somebody asks for it."""
    load = view.ask("unit_workload")
    collectives = set(load.unit[load["class"] == COLLECTIVE]) & set(units)
    if not collectives or st.toggle(
        f"也给没有成员名单的集体（{len(collectives)} 个）各做一份",
        key="forms_for_collectives",
        help="、".join(sorted(collectives)),
    ):
        return list(units)
    return [unit for unit in units if unit not in collectives]
