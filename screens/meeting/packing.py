"""The documents of several quarters, and a workbook for each unit, in one archive.

Owns how the archive is laid out and the progress of making it, which can be stopped.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from typing import Any

import streamlit as st

import documents
import metrics
from findings import quarter as briefing
from screens import parts
from screens.meeting.choosing import QUARTER, known_on, offered
from words import DEMONSTRATION

MADE = "meeting_archive"
FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
"""What some system does not have in the name of a file."""


def definitions() -> dict[str, tuple[str, str]]:
    """Title and definition of every question, by its name."""
    return {each.name: (each.title, each.definition) for each in metrics.questions()}


@dataclass(frozen=True)
class Packer:
    """What every document of the archive is made from."""

    view: parts.View
    context: documents.Context
    template: bytes | None

    def files(
        self, quarter: briefing.MeetingQuarter, units: Sequence[str]
    ) -> Iterator[tuple[str, bytes]]:
        """Path and content of the documents of a quarter, and of the workbook of each unit."""
        brief = self._brief(quarter, self.view.scope)
        context = replace(self.context, as_of=quarter.as_of)
        given = definitions()
        folder = quarter.name
        yield f"{folder}/季度通报.docx", documents.quarterly_notice(brief, context)
        slides = documents.quarter_slides(brief, given, context, self.template)
        yield f"{folder}/季度汇报.pptx", slides
        yield f"{folder}/季度数据.xlsx", documents.quarter_figures(brief, given, context)
        yield f"{folder}/季度情况.pdf", documents.quarter_leaflet(brief, context)
        for unit in units:
            scope = replace(self.view.scope, units=(unit,))
            own = self._brief(quarter, scope)
            about_unit = replace(context, filters=replace(self.view, scope=scope).filters)
            name = FORBIDDEN.sub("_", unit)
            figures = documents.quarter_figures(own, given, about_unit)
            yield f"{folder}/各单位/{name}.xlsx", figures

    def _brief(self, quarter: briefing.MeetingQuarter, scope: metrics.Scope) -> briefing.Briefing:
        ask = partial(metrics.ask, self.view.office.warehouse)
        return briefing.brief(briefing.gather(ask, scope, quarter, self.view.ledger))


def packing(view: parts.View, template: bytes | None) -> None:
    """Which quarters, whether for each unit too, and the archive of all that."""
    ends = {quarter.name: quarter.end for quarter in offered(view)}
    chosen = st.multiselect(
        "季度", list(ends), default=[st.session_state[QUARTER]], key="packed_quarters",
        placeholder="至少选一个",
    )  # fmt: skip
    for_units = st.toggle("另附每个单位的数据表", key="packed_units")
    made: dict[tuple, bytes] = st.session_state.setdefault(MADE, {})
    place = (view.scope, view.warehouse.data_version, tuple(chosen), for_units, hash(template))
    if st.button("生成压缩包", key="pack", disabled=not chosen, icon=":material/folder_zip:"):
        made.clear()
        bar = st.progress(0.0, "正在生成…")
        # Streamlit ends this run at the next step of the bar once another button is pressed.
        st.button("取消", key="stop_packing")
        units = list(view.ask("unit_workload").unit) if for_units else []
        packer = Packer(view, parts.export_context(view), template)
        meetings = view.ask("meetings")
        quarters = [
            briefing.quarter_of(ends[name], known_on(view), meetings)
            for name in ends
            if name in chosen
        ]
        made[place] = _archive(packer, quarters, units, bar)
        st.rerun()
    if place in made:
        mark = f"{DEMONSTRATION}_" if view.office.is_demonstration else ""
        name = f"{mark}季度例会材料_{parts.export_context(view).as_of:%Y-%m-%d}.zip"
        st.download_button(
            f"下载压缩包（{len(made[place]) / 1024:,.0f} KB）",
            parts.noted(view, name, lambda: made[place]),
            file_name=name,
            mime=parts.MIME_TYPES["zip"],
            key="packed",
            icon=":material/download:",
            on_click="ignore",
        )


def _archive(
    packer: Packer, quarters: Sequence[briefing.MeetingQuarter], units: Sequence[str], bar: Any
) -> bytes:
    of, done = len(quarters) * (4 + len(units)), 0
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for quarter in quarters:
            for path, content in packer.files(quarter, units):
                archive.writestr(path, content)
                done += 1
                bar.progress(done / of, f"{done} / {of}　{path.rpartition('/')[2]}")
    return stream.getvalue()
