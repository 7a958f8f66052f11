"""The quarter as a .pdf for phones: sentences, indicators as bars, tables as cards.

Owns what goes into the leaflet; its look is in leaflet.typ. Computes no figure.
"""

from __future__ import annotations

import json
from pathlib import Path

from documents.quarter.figures import about
from documents.workbook.answer import Context
from documents.workbook.styles import text_width
from findings.quarter import Briefing
from findings.quarter.model import Table
from loaders.controls import printable_within
from words import DEMONSTRATION, each_row, is_missing, rate_with_counts

TEMPLATE = Path(__file__).parent / "leaflet.typ"
SHORT = 24
"""Width of a cell, in Latin digits, that shares its line with others."""
MOST = 100
"""Cards of a table; nobody leafs through more on a phone, and the notice has all."""
TABLES = ("states", "decisions", "attention", "red_units", "ranking", "returns", "due_next")
TOLD = ("decisions", "due_next")
"""Tables that belong to a sentence above, which states when they are empty."""


def quarter_leaflet(brief: Briefing, context: Context) -> bytes:
    """A PDF whose pages are as large as a phone."""
    # Only somebody who downloads needs them.
    import pylopdf_fonts_zh_cn
    import typst

    parts = {
        "此前的议定事项": [brief.decided],
        "总体情况": brief.overall,
        "变化": brief.changes,
        "同类单位排名": brief.ranking,
        "报送情况": brief.reporting,
        "提请议定": brief.to_decide,
        "下一步到期": [brief.next_quarter, *brief.year_end_sentences[:1]],
    }
    if not brief.has_progress:
        # The reason why nothing is judged stands once, above.
        del parts["同类单位排名"], parts["报送情况"]
    mark = f"【{DEMONSTRATION}】进展由程序生成，并非真实填报" if context.is_demonstration else ""
    given = {
        "title": brief.title,
        "mark": mark,
        "headline": brief.headline,
        "about": about(context),
        "parts": [
            {"title": title, "said": [each.text for each in said]} for title, said in parts.items()
        ],
        "bars_title": "各一级指标完成率（浅色为平均进度，竖线为序时进度）",
        "bars": _bars(brief),
        "tables": [
            {
                "title": table.title,
                "nothing": table.nothing,
                "rest": _rest(table),
                "rows": [
                    [
                        (column.heading, cell, text_width(cell) > SHORT)
                        for column, cell in zip(table.columns, row, strict=True)
                        if cell
                    ]
                    for row in table.cells[:MOST]
                ],
            }
            for table in _tables(brief)
        ],
        "method_title": "统计口径",
        "method": brief.method,
    }
    text = json.dumps(printable_within(given), ensure_ascii=False)
    return typst.compile(
        str(TEMPLATE),
        font_paths=[str(pylopdf_fonts_zh_cn.sans_path().parent)],
        ignore_system_fonts=True,
        sys_inputs={"given": text},
    )


def _tables(brief: Briefing) -> list[Table]:
    """Those that say something which no sentence above has said."""
    tables = [brief.tables[key] for key in TABLES]
    if not brief.has_progress:
        return [table for table in tables if table.rows and table.key != "states"]
    return [table for table in tables if table.rows or table.key not in TOLD]


def _rest(table: Table) -> str:
    """What is said below a table that is shown in part; nothing where it is whole."""
    left_out = len(table.rows) - MOST
    return f"列出前{MOST}项，其余{left_out}项见通报附件和数据表。" if left_out > 0 else ""


def _bars(brief: Briefing) -> list[dict[str, object]]:
    return [
        {
            "name": row.level1,
            "done": row.done_rate,
            "mean": None if is_missing(row.mean_percent) else row.mean_percent,
            "expected": None if is_missing(row.expected_percent) else row.expected_percent,
            "written": rate_with_counts(row, decimals=1),
        }
        for row in each_row(brief.completion.rows)
        if brief.has_progress and not is_missing(row.done_rate)
    ]
