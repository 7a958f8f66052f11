"""The quarter as a .pdf for phones: at most four pages, one message after the other.

Owns what goes into the leaflet; its look is in leaflet.typ. Computes no figure.
"""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import Any

from documents.workbook.answer import Context
from findings.quarter import Briefing
from loaders.controls import printable_within
from words import DEMONSTRATION, clause, each_row, is_missing, rate_with_counts, rounded_percent

TEMPLATE = Path(__file__).parent / "leaflet.typ"
MOST_BARS = 8
"""Indicators; those that are furthest behind where there are more."""
MOST_RANKED, LAST_RANKED = 4, 1
"""Units of a class that are listed whole; of a larger class as many from the top, and the last."""
LONG_TASK, MOST_TASKS = 34, 3
"""Characters of a task, and tasks that are named; the notice has all."""


def quarter_leaflet(brief: Briefing, context: Context) -> bytes:
    """A PDF whose pages are as wide as a phone."""
    # Only somebody who downloads needs them.
    import pylopdf_fonts_zh_cn
    import typst

    result, *rest = [sentence.text for sentence in brief.overall]
    bars = _bars(brief)
    parts = [
        ("逾期和滞后", [brief.lagging_summary, *_lagging(brief)] if brief.has_progress else []),
        ("年底预计", [brief.year_end] if brief.year_end else []),
        ("工作要求", [f"{n}.{demand}" for n, demand in enumerate(brief.demands, start=1)]),
    ]
    given = {
        "title": f"{brief.quarter.name}任务进展（手机版）",
        "mark": f"【{DEMONSTRATION}】并非真实填报" if context.is_demonstration else "",
        "headline": f"{brief.standing}。" if brief.standing else result,
        "overall": [brief.change_summary, *(rest[:1] if brief.has_progress else [])],
        "bars_title": "完成率（浅色为平均进度，竖线为序时进度）",
        "bars": bars[:MOST_BARS],
        "bars_rest": f"其余{len(bars) - MOST_BARS}个见数据表。" if len(bars) > MOST_BARS else "",
        "rankings_title": "同类单位排名（完成率）",
        "rankings": _rankings(brief),
        "parts": [{"title": title, "lines": lines} for title, lines in parts if lines],
    }
    text = json.dumps(printable_within(given), ensure_ascii=False)
    return typst.compile(
        str(TEMPLATE),
        font_paths=[str(pylopdf_fonts_zh_cn.sans_path().parent)],
        ignore_system_fonts=True,
        sys_inputs={"given": text},
    )


def _lagging(brief: Briefing) -> list[str]:
    """The gravest tasks by name."""
    headings = [column.heading for column in brief.tables["attention"].columns]
    number, task, reason = (headings.index(name) for name in ("编号", "目标任务", "理由"))
    return [
        f"第{row[number]}项：{clause(row[task], LONG_TASK).rstrip('。')}（{row[reason].partition('（')[0]}）"
        for row in brief.tables["attention"].rows[:MOST_TASKS]
    ]


def _rankings(brief: Briefing) -> list[dict[str, Any]]:
    """Each class with its units in the order of their ranks: rank, unit, completion rate."""
    table = brief.tables["ranking"]
    found = []
    for name, group in groupby(zip(table.rows, table.cells, strict=True), lambda each: each[0][0]):
        lines = [[cells[1], cells[2], _rate_of(cells[5])] for _, cells in group]
        left_out = len(lines) - MOST_RANKED - LAST_RANKED
        if left_out > 0:
            lines = [*lines[:MOST_RANKED], *lines[-LAST_RANKED:]]
        rest = f"中间{left_out}个见通报附件1。" if left_out > 0 else ""
        found.append({"title": name, "rows": lines, "rest": rest})
    return found


def _rate_of(cell: str) -> str:
    """A rate as a table writes it, with its sign; fractions have none."""
    return cell if "/" in cell or not cell[:1].isdigit() else f"{cell}%"


def _bars(brief: Briefing) -> list[dict[str, Any]]:
    """Each indicator with its rates, the one that is furthest behind first."""
    rows = brief.completion.rows.sort_values("ahead_points", na_position="last", kind="stable")
    return [
        {
            "name": row.short_name,
            "done": rounded_percent(row.done_rate, 1),
            "mean": None if is_missing(row.mean_percent) else row.mean_percent,
            "expected": None if is_missing(row.expected_percent) else row.expected_percent,
            "written": rate_with_counts(row, decimals=1),
        }
        for row in each_row(rows)
        if brief.has_progress and not is_missing(row.done_rate)
    ]
