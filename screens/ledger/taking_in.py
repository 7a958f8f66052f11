"""Taking ledger files in: read, shown beside the source, corrected, compared, and only then stored.

Draws the steps between a file and the button that stores it. What was understood comes from
`loaders`, what an edition changes is drawn by `continuing`; nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from loaders import Ledger, Preview, Task
from loaders.choices import Doubts
from loaders.correcting import revised, with_tasks
from screens import parts
from screens.ledger.continuing import show_changes
from screens.ledger.decisions import CORRECTED, EDITABLE, TICK, Decisions, corrections
from screens.ledger.doubts import draw_doubts
from screens.ledger.many_tasks import correct_many
from screens.ledger.plans_read import carries_plans, plan_table, unread_plans
from screens.ledger.progress_read import carries_progress, progress_table, stated_day
from screens.ledger.reading import read_files
from screens.ledger.sources import source_table, table_height
from screens.parts import saving
from warehouse import Correction, WarehouseError, read_reference, store_edition
from warehouse.ledger import editions
from warehouse.ledger.ledgers import NO_EDITION, SettledDoubt, StoredFile, stored_file
from warehouse.ledger.naming import name_kept, named_ledger, similar_names
from warehouse.ledger.reference import remember_meanings
from warehouse.ledger.register import strangers
from warehouse.opening import reference_folder
from warehouse.store import today
from words import plain

IMPORT = "import"
"""The form whose report the page shows."""
TYPES = [
    "txt", "csv", "docx", "xlsx", "xlsm", "html", "htm", "pdf", "doc", "wps", "xls", "docm", "tsv",
    "md", "et", "rtf", "odt", "ods", "png", "jpg", "jpeg", "tif", "tiff", "bmp", "webp",
]  # fmt: skip
HEADS = {
    "level1": ("一级", 60), "level2": ("二级", 60), "task": ("任务", 112),
    "responsible_text": ("单位", 74), "deadline_text": ("时限", 78),
}  # fmt: skip
"""Head and pixels of each editable column: all are in sight in half a page of a window 1440 wide."""
NEW_UNIT = "作为新单位登记"
OTHER_LEDGER = "另一份台账"


def take_in_files(view: parts.View, uploads: Sequence[Any]) -> None:
    """The uploaded files, one after the other: being read, refused with the reason, or ready to be
    looked at."""
    for key, (name, read) in read_files(uploads).items():
        with st.container(border=True):
            st.subheader(plain(name), anchor=False)
            if isinstance(read, str):
                st.error(f"没有导入：{plain(read)}。")
            else:
                _take_in(view, read, key)


def made_corrections(view: parts.View, edition_id: Any) -> None:
    """What was corrected and settled when an edition was taken in, by whom and when."""
    made = view.ask("corrections", edition_id=edition_id)
    if made.empty:
        return
    st.markdown("**导入时的更正和核定**")
    st.dataframe(
        pd.DataFrame(
            {
                "编号": made.number.astype("Int64"),
                "项目": [CORRECTED.get(name, name) for name in made.field],
                "改前": [parts.grid_text(text, 66) for text in made.before],
                "改后": [parts.grid_text(text, 42) for text in made.after],
                "操作人": made.recorded_by,
                "时间": made.recorded_at.dt.strftime("%Y-%m-%d %H:%M"),
            }
        ),
        hide_index=True,
        row_height=parts.ROW_HEIGHT,
        column_config={
            "编号": st.column_config.NumberColumn(width=50),
            "项目": st.column_config.TextColumn(width=110),
            "改前": st.column_config.TextColumn(width=320),
            "改后": st.column_config.TextColumn(width=210),
            "时间": st.column_config.TextColumn(width=130),
        },
        placeholder="—",
        alt="导入时的更正和核定",
    )


def _head(
    view: parts.View, read: Ledger, stored: StoredFile | None, key: str
) -> tuple[Ledger, list[Correction], bool]:
    """Title, province and year as the user leaves them, with what was changed, and whether it is
    settled of which ledger the file is an edition. They begin as an earlier file that named itself so
    was stored."""
    known = stored or name_kept(view.warehouse, read) or read
    first, second, third = st.columns([4, 1, 1])
    title = first.text_input("台账名称", known.title, key=f"title_{key}").strip()
    region = second.text_input(
        "地区", known.region, key=f"region_{key}", placeholder="如：宁夏",
        help="决定“五市”“各市州”等集体的成员",
    ).strip()  # fmt: skip
    year = third.number_input("年度", 1990, 2100, known.year, key=f"year_{key}", placeholder="必填")
    named = replace(read, title=title, region=region, year=year)
    named, settled = _same_ledger(view, named, key) if title and year else (named, True)
    made = [
        Correction(None, name, str(before or ""), str(after or ""))
        for name, before, after in (
            ("台账名称", read.title, named.title),
            ("地区", read.region, named.region),
            ("年度", read.year, named.year),
        )
        if before != after
    ]
    return named, made, settled


def _same_ledger(view: parts.View, named: Ledger, key: str) -> tuple[Ledger, bool]:
    """Ask whether a title that is nearly a stored one is that ledger; returns the ledger under the name
    it is to be stored by, and whether that was answered."""
    similar = similar_names(view.warehouse, named)
    if not similar:
        return named, True
    same = {f"是《{each.title}》的新版": each for each in similar}
    answer = st.radio(
        "已有名称相近的台账。这个文件是",
        [*same, OTHER_LEDGER],
        format_func=plain,
        index=None,
        key=f"same_{key}",
    )
    if answer in same:
        name = same[answer]
        return replace(named, title=name.title, region=name.region, year=name.year), True
    return named, answer is not None


def _source_and_tasks(
    preview: Preview, tasks: dict[int, Task], decisions: Decisions
) -> st.delta_generator.DeltaGenerator:
    """The source beside the tasks as they now stand, which can be written over; returns the place below
    the tasks."""
    left, right = st.columns(2)
    with left:
        st.markdown("**原文**（按读法着色）")
        source_table(preview, key=decisions.key)
    with right:
        st.markdown("**读出的任务**（可直接改，改动会记录在案）")
        decisions.shown = tuple(tasks)
        st.data_editor(
            pd.DataFrame(
                [
                    {TICK: number in decisions.ticked, "number": task.number}
                    | {f: getattr(task, f) for f in EDITABLE}
                    for number, task in tasks.items()
                ],
                columns=[TICK, "number", *EDITABLE],
            ),
            key=decisions.editor,
            hide_index=True,
            row_height=parts.ROW_HEIGHT,
            height=table_height(len(tasks)),
            disabled=["number"],
            column_config={
                TICK: st.column_config.CheckboxColumn(
                    "选", width=52, help="勾选后在下面成批更正，或看读法依据"
                ),
                "number": st.column_config.NumberColumn("编号", width=38),
            }
            | {
                field: st.column_config.TextColumn(head, width=width, help=EDITABLE[field])
                for field, (head, width) in HEADS.items()
            },
        )
    return right


def _name_units(view: parts.View, ledger: Ledger, key: str) -> tuple[dict[str, str], bool]:
    """Ask about unit names the register does not know; returns other spelling → registered unit,
    and whether every name that is like a registered one was decided."""
    unknown = strangers(view.warehouse, ledger, read_reference(reference_folder()))
    if not unknown:
        named = any(task.assignments for task in ledger.tasks)
        st.markdown("责任单位都已在册。" if named else "没有读出责任单位。")
        return {}, True
    unlike = [stranger for stranger in unknown if not stranger.candidates]
    if unlike:
        names = "、".join(f"{stranger.name}（{stranger.tasks} 项）" for stranger in unlike)
        st.markdown(f"新单位 {len(unlike)} 个，将登记入册：{plain(names)}")
    confirmed, decided = {}, True
    for stranger in unknown:
        if not stranger.candidates:
            continue
        choice = st.selectbox(
            f"“{plain(stranger.name)}”（{stranger.tasks} 项任务）与在册单位相近，它是",
            [NEW_UNIT, *stranger.candidates],
            index=None,
            placeholder="请选择",
            key=f"unit_{key}_{stranger.name}",
        )
        decided &= choice is not None
        if choice not in (None, NEW_UNIT):
            confirmed[stranger.name] = choice
    return confirmed, decided


def _take_in(view: parts.View, preview: Preview, key: str) -> None:
    """One file from its preview to the button that stores it."""
    read = preview.ledger
    stored = stored_file(view.warehouse, read.sha256)
    ledger, made, is_named = _head(view, read, stored, key)
    if stored and ledger.year and named_ledger(view.warehouse, ledger) == stored.ledger_id:
        st.info(f"这个文件已经导入过（第 {stored.edition_number} 版），没有变化。")
        made_corrections(view, stored.edition_id)
        return
    decisions = st.session_state.setdefault(f"decisions_{key}", Decisions(key))
    decisions.note_typed()
    doubts = Doubts(preview, ledger.year)
    _take_over(view, read, ledger, decisions, doubts)
    stated_on = stated_day(read, key) if carries_progress(read) else None
    shown = revised(read, decisions.revision(typed_in_table=False), ledger.year)
    below_tasks = _source_and_tasks(preview, shown, decisions)
    if carries_progress(read):
        progress_table(read, shown, decisions, doubts, stated_on)
    if carries_plans(read):
        plan_table(read, shown, decisions, doubts)
    revision = decisions.revision()
    tasks = revised(read, revision, ledger.year)
    with below_tasks:
        correct_many(preview, tasks, decisions, ledger.year)
    settled = draw_doubts(preview, tasks, decisions, doubts)
    if not tasks:
        st.warning("所有任务都不读入，没有可以存入的内容。")
        return
    if not ledger.year or not ledger.title:
        st.warning("请填写台账名称和年度，才能存入。")
        return
    if not is_named:
        st.warning("请先选择这个文件是哪一份台账的。")
        return
    if carries_progress(read) and stated_on is None:
        st.warning("请选择进展的情况日期，才能存入。")
        return
    if unread := unread_plans(tasks, decisions):
        st.warning("".join(unread))
        return
    if stated_on != read.stated_on:
        made.append(Correction(None, "情况日期", str(read.stated_on or ""), str(stated_on or "")))
    made += corrections(read, tasks, revision)
    still_open = tuple(issue for i, issue in enumerate(read.issues) if i not in settled)
    numbers = {number: task.number for number, task in tasks.items()}
    answers = [
        SettledDoubt(
            tuple(numbers[number] for number in doubts.tasks(issue) if number in numbers),
            issue.about,
            issue.place.within,
            issue.message,
            settled[i],
        )
        for i, issue in enumerate(read.issues)
        if i in settled
    ]
    ledger = replace(
        with_tasks(ledger, tasks, revision.behind), issues=still_open, stated_on=stated_on
    )
    _store(view, ledger, preview, made, answers, decisions.meanings, key)


def _take_over(
    view: parts.View, read: Ledger, named: Ledger, decisions: Decisions, doubts: Doubts
) -> None:
    """What was answered of the edition before, answered so again."""
    if not named.year or not named.title:
        return
    comparison = editions.compare(view.warehouse, named)
    if comparison.stored_edition_id:
        before = editions.answered(view.warehouse, comparison.stored_edition_id)
        decisions.take_over(read, doubts, comparison, before)


def _store(
    view: parts.View,
    ledger: Ledger,
    preview: Preview,
    made: list[Correction],
    settled: list[SettledDoubt],
    meanings: dict[str, str],
    key: str,
) -> None:
    """What is to be answered before a ledger is stored, and the button that stores it."""
    assert ledger.year is not None  # the page asks for it before
    comparison = editions.compare(view.warehouse, ledger)
    refused, pairs_decided = frozenset[int](), True
    if comparison.status == "edition":
        refused, pairs_decided = show_changes(comparison, key)
    confirmed, units_decided = _name_units(view, ledger, key)
    first, second = st.columns(2)
    effective_on = None
    if comparison.status != "edition":
        first, second = second, first
    if comparison.status == "edition":
        last_day = date(ledger.year, 12, 31)
        proposed = date(ledger.year, 1, 1) if comparison.is_again else min(today(), last_day)
        effective_on = first.date_input(
            "新版生效日", proposed, key=f"from_{key}", format="YYYY-MM-DD",
            help="这一天之前的页面仍按上一版显示",
        )  # fmt: skip
        if effective_on != proposed:
            made = [*made, Correction(None, "新版生效日", str(proposed), str(effective_on))]
    recorded_by = parts.author(view.warehouse, second, "操作人", key=f"by_{key}")
    # Pressing the button runs the page anew: what was looked at is the edition of the run before.
    follows = comparison.follows if comparison.status == "edition" else NO_EDITION
    looked_at = st.session_state.get(f"follows_{key}", follows)
    st.session_state[f"follows_{key}"] = follows
    ready = pairs_decided and units_decided
    if not ready:
        st.warning("还有需要确认的任务或单位，请先选择。")
    open_doubts = len(ledger.issues)
    if open_doubts:
        st.caption(f"还有 {open_doubts} 处存疑未定，存入后照现在的读法，并留在存疑清单里。")
    if st.button("存入", type="primary", key=f"store_{key}", disabled=not ready):
        try:
            loaded = store_edition(
                view.warehouse,
                ledger,
                read_reference(reference_folder()),
                recorded_by=recorded_by,
                effective_on=effective_on,
                continued=editions.continued(comparison.pairs, refused),
                corrections=made,
                settled=settled,
                read_as=preview.ledger,
                confirmed=confirmed,
                follows=looked_at,
                pictures=preview.pictures,
            )
        except WarehouseError as error:
            st.error(str(error))
            return
        remember_meanings(meanings, ledger.title)
        undecided = f"，{open_doubts} 处存疑未定" if open_doubts else ""
        saving.report_next_run(
            IMPORT, f"已存入《{loaded.title}》，共 {loaded.tasks} 项任务{undecided}。"
        )
        st.rerun()
