"""Report forms on screen: handed out for one unit or for all, taken back with a look before storing.

Owns the files of this visit that were read and not yet stored. What a row of a form comes to is
`returns`' to say; nothing is stored before the button is pressed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

import returns
import ui
from warehouse import WarehouseError
from words import DEMONSTRATION, STATES, day, percent

TYPES = ["xlsx", "xlsm", "csv"]
COLUMNS = {
    "单位": st.column_config.TextColumn(width=130),
    "单元格": st.column_config.TextColumn(width=150),
    "编号": st.column_config.NumberColumn(width=48, format="%d"),
    "目标任务": st.column_config.TextColumn(width=250),
    "原填报": st.column_config.TextColumn(width=190),
    "本次填报": st.column_config.TextColumn(width=190),
    "频次完成": st.column_config.TextColumn(width=130),
    "佐证材料": st.column_config.TextColumn(width=150),
    "倒退之处": st.column_config.TextColumn(width=190),
}
OPTIONAL = {"频次完成", "佐证材料"}
BY_FORM = "以填报表上写的为准"


# Out


def hand_out(units: Sequence[str], unit: str, month: ui.ReportMonth) -> None:
    """The form of the chosen unit, and those of all units in one archive."""
    shown: ui.View = st.session_state.view
    demonstration = shown.office.is_demonstration
    st.markdown(
        "每个单位一个 Excel 文件，列出本单位牵头、负责、配合的任务和上月填报，用 Excel、WPS 或 "
        "LibreOffice 填写；填好后在“收回填报表”中放入，即可核对并存入。"
    )
    with st.container(horizontal=True):
        st.download_button(
            f"下载 {unit} 的填报表",
            data=lambda: returns.write_form(
                shown.office.warehouse, shown.scope, unit, month.start,
                is_demonstration=demonstration,
            ),
            file_name=returns.form_name(unit, month.start, is_demonstration=demonstration),
            mime=ui.MIME_TYPES["xlsx"],
            key="one_form",
            icon=":material/download:",
            on_click="ignore",
        )  # fmt: skip
        asked = st.button(f"生成全部 {len(units)} 个单位的填报表", icon=":material/folder_zip:")
    made: dict[tuple, bytes] = st.session_state.setdefault("forms_made", {})
    place = (shown.scope.ledger_id, month.start, ui.warehouse().data_version, demonstration)
    if asked:
        made.clear()
        bar = st.progress(0.0, "正在生成…")
        # Streamlit ends this run at the next step of the bar once another button is pressed.
        st.button("取消", key="stop_forms")
        made[place] = returns.write_forms(
            shown.office.warehouse,
            shown.scope,
            units,
            month.start,
            lambda done, of, name: bar.progress(done / of, f"{done} / {of}　{name}"),
            is_demonstration=demonstration,
        )
        st.rerun()
    if place in made:
        mark = f"{DEMONSTRATION}_" if demonstration else ""
        st.download_button(
            f"下载全部填报表（zip，{len(made[place]) / 1024:,.0f} KB）",
            made[place],
            file_name=f"{mark}填报表_{month.start:%Y-%m}.zip",
            mime="application/zip",
            key="all_forms",
            icon=":material/download:",
            on_click="ignore",
        )


# Back in


@dataclass(frozen=True)
class Read:
    """One returned file of this visit: read, or refused with the reason."""

    name: str
    form: returns.Form | None
    refused: str = ""


def take_back(units: Sequence[str], month: ui.ReportMonth) -> None:
    """Files in, what they would change, and only then stored."""
    if said := st.session_state.pop("forms_stored", None):
        st.success(said, icon=":material/check_circle:")
    left, right = st.columns([2, 1])
    uploads = left.file_uploader(
        "交回的填报表（可一次放入多个）", TYPES, accept_multiple_files=True, key=_uploader()
    )
    unit = right.selectbox(
        "自制表的填报单位",
        [BY_FORM, *units],
        key="form_unit",
        help="单位自制的表上看不出单位时，在这里选定。",
    )
    if not uploads:
        st.info(
            f"放入 {month} 的填报表后，这里先列出每个单位新增、变更和看不懂的内容，核对后再存入；"
            "同一个文件放入两次不会重复。"
        )
        return
    compared = _compared(_read(uploads, month), None if unit == BY_FORM else unit, month)
    st.dataframe(_summary(compared), hide_index=True, alt="收回的填报表")
    comparisons = [each for _, each in compared if isinstance(each, returns.Comparison)]
    _problems(comparisons)
    _changes(comparisons)
    confirmed = _confirmations(comparisons)
    _store(comparisons, confirmed, refused=len(compared) - len(comparisons))


def _uploader() -> str:
    # A new key empties the uploader once its files are stored.
    return f"forms_{st.session_state.get('forms_round', 0)}"


def _read(uploads: Sequence[Any], month: ui.ReportMonth) -> list[Read]:
    """Every file read once, with a bar while many are."""
    known: dict[tuple, Read] = st.session_state.setdefault("forms_read", {})
    wanted = {(upload.file_id, month.start): upload for upload in uploads}
    for gone in known.keys() - wanted.keys():
        del known[gone]
    new = [key for key in wanted if key not in known]
    bar = st.progress(0.0, "正在读取…") if len(new) > 1 else None
    for number, key in enumerate(new, start=1):
        upload = wanted[key]
        if bar:
            bar.progress(number / len(new), f"正在读取 {number} / {len(new)}　{upload.name}")
        try:
            form = returns.read_form(upload.getvalue(), upload.name, month=month.start)
            known[key] = Read(upload.name, form)
        except returns.FormError as error:
            known[key] = Read(upload.name, None, str(error))
    if bar:
        bar.empty()
    return [known[key] for key in wanted]


def _compared(
    files: Sequence[Read], unit: str | None, month: ui.ReportMonth
) -> list[tuple[Read, returns.Comparison | str]]:
    """Each file beside what stands, or why it is refused."""
    shown: ui.View = st.session_state.view
    compared = []
    for file in files:
        outcome: returns.Comparison | str = file.refused
        if file.form is not None:
            try:
                outcome = returns.compare(
                    shown.office.warehouse,
                    shown.scope,
                    file.form,
                    unit=unit,
                    month=month.start,
                    is_demonstration=shown.office.is_demonstration,
                )
            except returns.FormError as error:
                outcome = str(error)
        compared.append((file, outcome))
    return compared


def _summary(compared: Sequence[tuple[Read, returns.Comparison | str]]) -> pd.DataFrame:
    rows = []
    for file, outcome in compared:
        if isinstance(outcome, str):
            rows.append({"文件": file.name, "单位": None, "结果": f"不能收回：{outcome}"})
            continue
        counts = outcome.counts
        unread = counts["invalid"] + counts["unmatched"]
        rows.append(
            {
                "文件": file.name,
                "单位": outcome.unit,
                "新增": counts["new"],
                "变更": counts["changed"],
                "倒退待确认": counts["backwards"],
                "看不懂": unread,
                "未变": counts["unchanged"],
                "未填": counts["blank"],
                "结果": _verdict(outcome, unread),
            }
        )
    return pd.DataFrame(rows).astype({"结果": str})


def _verdict(comparison: returns.Comparison, unread: int) -> str:
    storable = comparison.counts["new"] + comparison.counts["changed"]
    said = [f"可存入 {storable} 项" if storable else "没有新内容"]
    if comparison.counts["backwards"]:
        said.append(f"{comparison.counts['backwards']} 项须确认")
    if unread:
        said.append(f"{unread} 行看不懂，不会存入")
    return "，".join(said)


def _problems(comparisons: Sequence[returns.Comparison]) -> None:
    rows = [
        {"单位": each.unit, "单元格": problem.cell, "问题": problem.message}
        for each in comparisons
        for problem in each.problems
    ]
    rows += [
        {"单位": each.unit, "单元格": each.form.name, "问题": note}
        for each in comparisons
        for note in each.form.notes
    ]
    if rows:
        st.markdown(f"**看不懂的地方**（{len(rows)} 处）　请单位改正后重新交回，其余各行不受影响。")
        st.dataframe(
            pd.DataFrame(rows),
            column_config=COLUMNS,
            hide_index=True,
            alt="看不懂的地方",
        )


def _changes(comparisons: Sequence[returns.Comparison]) -> None:
    rows = [
        {
            "单位": each.unit,
            "编号": line.number,
            "目标任务": ui.grid_text(line.task, 47),
            "原填报": _said(line.before),
            "本次填报": _said(line.report) if line.report else "",
            "频次完成": "；".join(f"{day(o.occurred_on)} {o.times} 次" for o in line.occurrences),
            "佐证材料": "；".join(piece.title for piece in line.evidence),
        }
        for each in comparisons
        for line in each.of_kind("new", "changed")
    ]
    if rows:
        table = pd.DataFrame(rows)
        shown = [name for name in table if name not in OPTIONAL or table[name].any()]
        with st.expander(f"将要存入的 {len(rows)} 项", expanded=len(rows) <= 40):
            st.dataframe(
                table[shown],
                column_config=COLUMNS,
                hide_index=True,
                row_height=ui.ROW_HEIGHT,
                alt="将要存入的填报",
            )


def _said(report: Any) -> str:
    if report is None:
        return "未填报"
    parts = [STATES[report.state]]
    if report.percent is not None and report.state != "done":
        parts.append(percent(report.percent))
    head = f"{day(report.effective_on)} {'，'.join(parts)}"
    return ui.grid_text("；".join(text for text in (head, report.narrative) if text), 36)


def _confirmations(comparisons: Sequence[returns.Comparison]) -> set[tuple[UUID, UUID]]:
    """(unit, task) of the rows that go backwards and were ticked."""
    waiting = [(each, line) for each in comparisons for line in each.of_kind("backwards")]
    if not waiting:
        return set()
    st.markdown(f"**比已有填报倒退，须逐项确认**（{len(waiting)} 项）　没有勾选的不存入。")
    ticked = st.data_editor(
        pd.DataFrame(
            {
                "确认": False,
                "单位": [each.unit for each, _ in waiting],
                "编号": [line.number for _, line in waiting],
                "目标任务": [ui.grid_text(line.task, 47) for _, line in waiting],
                "倒退之处": [line.why for _, line in waiting],
                "本次填报": [_said(line.report) for _, line in waiting],
            }
        ),
        column_config=COLUMNS,
        hide_index=True,
        disabled=["单位", "编号", "目标任务", "倒退之处", "本次填报"],
        row_height=ui.ROW_HEIGHT,
        key="forms_backwards",
        alt="须确认的倒退",
    )
    return {
        (each.unit_id, line.task_id)
        for (each, line), yes in zip(waiting, ticked["确认"], strict=True)
        if yes
    }


def _store(
    comparisons: Sequence[returns.Comparison], confirmed: set[tuple[UUID, UUID]], *, refused: int
) -> None:
    line = st.container(horizontal=True, vertical_alignment="bottom")
    recorded_by = line.text_input("经办人", key="forms_author", width=200)
    storable = sum(each.counts["new"] + each.counts["changed"] for each in comparisons)
    pressed = line.button(
        f"存入 {storable + len(confirmed)} 项",
        type="primary",
        disabled=not storable and not confirmed,
    )
    if not pressed:
        return
    bar = st.progress(0.0, "正在存入…")
    # Streamlit ends this run at the next step of the bar once another button is pressed; each file
    # is a transaction of its own, so those before it are stored and the rest are not.
    st.button("停止", key="stop_storing")
    stored, failed = 0, []
    for number, each in enumerate(comparisons, start=1):
        bar.progress(number / len(comparisons), f"{number} / {len(comparisons)}　{each.unit}")
        own = {task_id for unit_id, task_id in confirmed if unit_id == each.unit_id}
        try:
            stored += returns.accept(ui.warehouse(), each, recorded_by=recorded_by, confirmed=own)
        except WarehouseError as error:
            failed.append(f"{each.form.name}：{error}")
    if failed:
        bar.empty()
        for sentence in failed:
            st.error(sentence)
        return
    said = f"已存入 {len(comparisons)} 个文件的 {stored} 项填报。"
    if refused:
        said += f"另有 {refused} 个文件不能收回，没有存入。"
    st.session_state.forms_stored = said
    st.session_state.forms_round = st.session_state.get("forms_round", 0) + 1
    st.rerun()
