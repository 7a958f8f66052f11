"""自评表 on screen: handed out as a workbook or a document, review marks received and compared.

`documents.self_assessment` writes and reads it; nothing is stored before the button is pressed.
"""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from documents import Context, self_assessment
from documents.self_assessment import Assessment, FormError, Reviews
from screens import parts
from screens.parts import saving
from warehouse import today
from warehouse.entries.marks import store_reviews
from words import SCORE_PARTS, each_row, score

FORM = "reviews"
MARKS = {
    name: st.column_config.TextColumn(width=90, alignment="right")
    for name in ("自评", "复核", "复核减自评")
}


def hand_out(view: parts.View) -> None:
    """The buttons that make the 自评表 of what is on the page."""

    def assessed(context: Context) -> Assessment:
        return self_assessment.assess(view.office.warehouse, view.scope, context)

    st.markdown(
        "**自评表**　各项任务的分值、评分标准、自评得分、完成情况、佐证材料和扣分原因；Excel 中的合计是公式，"
        "与本页一致，复核得分、复核意见填好后可以放回。"
    )
    with st.container(horizontal=True):
        parts.download_file(
            view,
            "下载自评表（Excel）",
            "自评表.xlsx",
            lambda context: self_assessment.write_workbook(assessed(context)),
            key="assessment_xlsx",
            asks=True,
        )
        parts.download_file(
            view,
            "下载自评表（Word）",
            "自评表.docx",
            lambda context: self_assessment.write_document(assessed(context)),
            key="assessment_docx",
            asks=True,
        )


def receive_reviews(view: parts.View) -> None:
    """A reviewed 自评表 in, what its marks are, and only then stored; folded away until it is opened."""
    box = st.expander("收回复核得分，比较自评与复核", key="reviews_box", on_change="rerun")
    # Assessing every task takes longer than the rest of the page.
    if box.open:
        with box:
            _receive(view)


def _receive(view: parts.View) -> None:
    saving.show_report(FORM)
    standing = self_assessment.assess(
        view.office.warehouse, view.unfiltered(), parts.export_context(view)
    )
    typed, upload = None, None
    if view.warehouse.may("复核评分"):
        upload = st.file_uploader("复核后的自评表", ["xlsx"], key=saving.field(FORM, "file"))
    if upload is not None:
        try:
            typed = self_assessment.read_reviews(upload.getvalue(), upload.name, standing)
        except FormError as error:
            st.error(str(error))
    if typed is not None:
        _preview(view, typed)
    _compare(standing, None if typed is None or typed.problems else typed)


def _preview(view: parts.View, typed: Reviews) -> None:
    for note in typed.notes:
        st.info(note)
    if typed.problems:
        st.error(f"有 {len(typed.problems)} 处不能采用，改正后重新放入，现在什么都不会存入。")
        st.dataframe(
            pd.DataFrame(
                {
                    "单元格": [problem.cell for problem in typed.problems],
                    "问题": [problem.message for problem in typed.problems],
                }
            ),
            hide_index=True,
            alt="复核表中的问题",
        )
        return
    line = st.container(horizontal=True, vertical_alignment="bottom")
    day = line.date_input("复核日期", value=_latest(view), max_value=today(), format="YYYY-MM-DD")
    recorded_by = parts.author(view.warehouse, line, "复核人", key="reviewer", width=200)
    if not line.button(
        f"存入 {len(typed.changed)} 项复核得分", type="primary", disabled=not typed.changed
    ):
        return
    saving.save(
        FORM,
        lambda: store_reviews(
            view.warehouse, typed.changed, effective_on=day, recorded_by=recorded_by
        ),
        lambda stored: f"已存入 {stored} 项复核得分。",
    )


def _latest(view: parts.View) -> date:
    """A review counts from its day on, so that it shows on the page it is entered on."""
    return min(view.scope.as_of, today())


def _compare(standing: Assessment, typed: Reviews | None) -> None:
    compared = self_assessment.compare_tasks(standing, typed.marks if typed else None)
    reviewed = compared[compared.review_cents.notna()]
    if reviewed.empty:
        st.info("还没有复核得分。")
        return
    by_level1 = self_assessment.compare_level1s(compared)
    overall = by_level1[by_level1.part == "overall"].iloc[0]
    change = int(overall.difference_cents)
    word = "相同" if not change else f"{'高' if change > 0 else '低'} {score(abs(change))} 分"
    st.markdown(
        f"**自评与复核**　已复核 {overall.reviewed} 项，自评 {score(overall.self_cents)} 分，"
        f"复核 {score(overall.review_cents)} 分，复核比自评{word}。"
    )
    names = {"base": ""} | {part: name for part, name in SCORE_PARTS.items() if part != "base"}
    table = pd.DataFrame(
        {
            "一级指标": [
                row.level1 or names.get(row.part, row.part) for row in each_row(by_level1)
            ],
            "任务": by_level1.tasks,
            "已复核": by_level1.reviewed,
            "自评": by_level1.self_cents.map(score),
            "复核": by_level1.review_cents.map(score),
            "复核减自评": by_level1.difference_cents.map(score),
        }
    )
    table.loc[by_level1.part == "overall", "一级指标"] = "合计"
    st.dataframe(
        table,
        hide_index=True,
        height=38 + 35 * len(table),
        column_config=MARKS | {"一级指标": st.column_config.TextColumn(width=430)},
        alt="自评与复核，按一级指标",
    )
    differing = reviewed[reviewed.difference_cents != 0]
    if differing.empty:
        return
    st.markdown(f"**复核与自评不同的 {len(differing)} 项**")
    st.dataframe(
        pd.DataFrame(
            {
                "编号": differing.number,
                "目标任务": [parts.grid_text(task, 57) for task in differing.task],
                "自评": differing.self_cents.map(score),
                "复核": differing.review_cents.map(score),
                "复核减自评": differing.difference_cents.map(score),
                "复核意见": [parts.grid_text(text, 40) for text in differing.opinion],
            }
        ),
        hide_index=True,
        row_height=parts.ROW_HEIGHT,
        column_config=MARKS | {"目标任务": st.column_config.TextColumn(width=300)},
        alt="复核与自评不同的任务",
    )
