"""Report forms that come back, on screen: what each would change is shown before it is stored.

Owns the files of this visit that were read and not yet stored. `documents.month_form` says what a row
of a form changes; nothing is stored before the button is pressed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import streamlit as st

from documents import month_form
from screens import parts
from screens.month import looking, stored

TYPES = [kind.removeprefix(".") for kind in month_form.ACCEPTED]
BY_FORM = "以填报表上写的为准"


@dataclass(frozen=True)
class Read:
    """One returned file of this visit: read, or refused with the reason."""

    name: str
    form: month_form.Form | None
    refused: str = ""


def receive_forms(view: parts.View, units: Sequence[str], month: parts.ReportMonth) -> None:
    """Files in, what they would change, and only then stored."""
    left, right = st.columns([2, 1])
    uploads = left.file_uploader(
        "交回的填报表（可一次放入多个）", TYPES, accept_multiple_files=True, key=stored.uploader()
    )
    unit = right.selectbox(
        "自制表的填报单位",
        [BY_FORM, *units],
        key="form_unit",
        help="单位自制的表上看不出单位时，在这里选定。",
    )
    stored.what_became(view, month, has_more=bool(uploads))
    if not uploads:
        st.info(
            f"放入 {month} 的填报表后，这里先列出每个单位新增、变更和看不懂的内容，核对后再存入；"
            "同一个文件放入两次不会重复。"
        )
        return
    compared = _compared(view, _read(uploads, month), None if unit == BY_FORM else unit, month)
    refused = [
        month_form.Returned(name, refused=why) for name, why in compared if isinstance(why, str)
    ]
    comparisons = [each for _, each in compared if isinstance(each, month_form.Comparison)]
    looking.refused(refused, len(compared))
    looking.summary(comparisons)
    looking.problems(comparisons)
    looking.altered(comparisons)
    looking.changes(comparisons)
    confirmed = looking.confirmations(comparisons)
    stored.store(view, comparisons, confirmed, refused, month)


# Read and compared


def _read(uploads: Sequence[Any], month: parts.ReportMonth) -> dict[str, Read]:
    """Every file by its id, read once."""
    known: dict[tuple, Read] = st.session_state.setdefault("forms_read", {})
    wanted = {(upload.file_id, month.start): upload for upload in uploads}
    for gone in known.keys() - wanted.keys():
        del known[gone]
    new = [key for key in wanted if key not in known]
    with _Bar("正在读取", len(new)) as bar:
        for key in new:
            upload = wanted[key]
            bar.step(upload.name)
            try:
                form = month_form.read_form(upload.getvalue(), upload.name, month=month.start)
                known[key] = Read(upload.name, form)
            except month_form.FormError as error:
                known[key] = Read(upload.name, None, str(error))
    return {key[0]: known[key] for key in wanted}


def _compared(
    view: parts.View, files: Mapping[str, Read], unit: str | None, month: parts.ReportMonth
) -> list[tuple[str, month_form.Comparison | str]]:
    """The name of each file and how it stands beside what is stored, or why it is refused.

    Done once for the same files and the same data: of many files it takes seconds.
    """
    scope = view.scope
    place = (scope, month, unit, view.warehouse.data_version, tuple(files))
    kept = st.session_state.get("forms_compared")
    if kept is None or kept[0] != place:
        compared: list[tuple[str, month_form.Comparison | str]] = []
        with _Bar("正在核对", len(files)) as bar:
            for file in files.values():
                bar.step(file.name)
                compared.append((file.name, _beside_what_stands(view, file, unit, month)))
        kept = st.session_state.forms_compared = (place, _once_a_unit(compared))
    return kept[1]


def _beside_what_stands(
    view: parts.View, file: Read, unit: str | None, month: parts.ReportMonth
) -> month_form.Comparison | str:
    if file.form is None:
        return file.refused
    try:
        return month_form.compare(
            view.office.warehouse,
            view.scope,
            file.form,
            unit=unit,
            month=month.start,
            is_demonstration=view.office.is_demonstration,
        )
    except month_form.FormError as error:
        return str(error)


def _once_a_unit(
    compared: Sequence[tuple[str, month_form.Comparison | str]],
) -> list[tuple[str, month_form.Comparison | str]]:
    """Of two files of one unit the second waits: what it changes in the first cannot be seen yet."""
    first: dict[UUID, month_form.Form] = {}
    sorted_out: list[tuple[str, month_form.Comparison | str]] = []
    for name, outcome in compared:
        if isinstance(outcome, month_form.Comparison) and outcome.has_news:
            other = first.setdefault(outcome.unit_id, outcome.form)
            if other is not outcome.form and other.sha256 == outcome.form.sha256:
                outcome = f"与“{other.name}”内容相同，不需重复收回。"
            elif other is not outcome.form:
                outcome = (
                    f"与“{other.name}”同是{outcome.unit}的填报表，"
                    "请先存入那一份，再单独放入这一份核对。"
                )
        sorted_out.append((name, outcome))
    return sorted_out


class _Bar:
    """A progress bar with a way out, drawn only where there is more than one step."""

    def __init__(self, what: str, steps: int):
        self.what, self.steps, self.done = what, steps, 0
        self.place = st.empty()
        self.bar: Any = None

    def __enter__(self) -> _Bar:
        if self.steps > 1:
            with self.place.container():
                self.bar = st.progress(0.0, f"{self.what}…")
                # Streamlit ends this run at the next step of the bar once a button is pressed.
                st.button("取消", key=f"stop_{self.what}", on_click=stored.start_over)
        return self

    def step(self, name: str) -> None:
        self.done += 1
        if self.bar:
            self.bar.progress(
                self.done / self.steps, f"{self.what} {self.done} / {self.steps}　{name}"
            )

    def __exit__(self, *_: object) -> None:
        self.place.empty()
