"""The lines above each sheet of the 自评表, and points as its cells hold them.

Owns what all its sheets share.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, overload

from documents.self_assessment.content import Assessment, scheme_words, title, total_words
from documents.workbook.styles import put
from words import day, is_missing

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


def write_head(sheet: Worksheet, assessed: Assessment, *, column: int, heading: str = "") -> None:
    """Title and what the figures are of, one line each; on the first sheet, which has no `heading` of its
    own, also the scheme and the totals."""
    context = assessed.context
    lines = [
        heading or title(assessed),
        f"台账：{context.ledger}（{context.edition}）",
        f"截至日期：{day(context.as_of)}　筛选：{context.filters}"
        f"　数据版本：{context.data_version}　制表时间：{context.made_at:%Y-%m-%d %H:%M}",
    ]
    if not heading:
        lines += [scheme_words(assessed), total_words(assessed)]
    for row, line in enumerate(lines, start=1):
        put(sheet.cell(row, column), line, "表题" if row == 1 else "行")
        sheet.row_dimensions[row].height = 26 if row == 1 else 16


@overload
def in_points(cents: int) -> Decimal: ...
@overload
def in_points(cents: int | None) -> Decimal | None: ...
def in_points(cents: int | None) -> Decimal | None:
    """Hundredths as points for a number cell; None when unknown."""
    return None if is_missing(cents) or cents is None else Decimal(int(cents)) / 100


def points_or_blank(cents: int | None) -> Decimal | str:
    """Hundredths as points; "" when unknown, as a formula shows it."""
    return "" if cents is None else in_points(cents)
