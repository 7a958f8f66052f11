"""A table of a briefing as a ruled table of Word: widths, heights, the rows as XML.

Owns the form of such a table. Knows neither the document around it nor what the figures mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from documents.official.page import (
    BODY,
    HEADING,
    LATIN,
    TWIPS,
    add_ruled_table,
    widths_by_content,
)
from documents.workbook.styles import text_width
from findings.quarter.model import Table
from loaders.controls import printable

RUNNING = 14
"""A column as wide as this, in characters, holds running text."""
SIZE_CELL = 10.5
SIZE_LONG = 9
"""Size of a cell in tables of many rows."""
LINES = {SIZE_CELL: 14, SIZE_LONG: 11.25}
"""Points from line to line, which are a given: a font that stands in for another makes no row higher."""
MARGINS = 6
"""Left and right in a cell, in points."""
TALLEST = 260
"""Points from which a row may be split by a page: moved whole, it would leave most of one empty."""
PADDING = 3.5
"""Points above and below the lines of a row, with its border."""


def estimated_height(table: Table, width: float, size: float = SIZE_LONG) -> float:
    """About how many points the rows of a table of this width take."""
    widths = [round(TWIPS * own) for own in _widths(table, width, size)]
    return sum(_height(cells, widths, size) + PADDING for cells in table.cells)


def add_table(document: Any, table: Table, width: float, *, size: float = SIZE_CELL) -> None:
    """Add a table of this width in points, its header repeated on every page and no row split by a page.

    Written as XML at once: made cell by cell, a thousand rows take a minute.
    """
    widths = [round(TWIPS * own) for own in _widths(table, width, size)]
    heights = [_height(cells, widths, size) for cells in table.cells]
    head = "".join(
        _cell(column.heading, width, HEADING, "center", size, shaded=True, keep=True)
        for column, width in zip(table.columns, widths, strict=True)
    )
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"]
    last = len(table.cells) - 1
    for position, cells in enumerate(table.cells):
        line = "".join(
            _cell(
                text, width, BODY, "right" if column.is_number else "left", size,
                # The last row is not alone on a page.
                keep=position == last - 1,
            )
            for text, column, width in zip(cells, table.columns, widths, strict=True)
        )  # fmt: skip
        whole_row = "<w:trPr><w:cantSplit/></w:trPr>" if heights[position] < TALLEST else ""
        rows.append(f"<w:tr>{whole_row}{line}</w:tr>")
    add_ruled_table(document, rows, widths, margin=MARGINS * TWIPS // 2)


def _widths(table: Table, width: float, size: float) -> list[float]:
    """How wide each column is, in points: one of short entries no narrower than what is not to be broken
    in it, those of running text sharing what is left."""
    whole = sum(column.width for column in table.columns)
    widths = [width * column.width / whole for column in table.columns]
    running = [place for place, each in enumerate(table.columns) if each.width >= RUNNING]
    if not running:
        return widths
    for place, column in enumerate(table.columns):
        if place not in running:
            cells = {row[place] for row in table.cells}
            # A heading may be broken before its bracket, an entry where it has Chinese.
            unbroken = {column.heading.partition("（")[0], *filter(str.isascii, cells)}
            widths[place] = max(widths[place], *(_length(text, size) for text in unbroken))
    left = width - sum(own for place, own in enumerate(widths) if place not in running)
    wanted = sum(table.columns[place].width for place in running)
    for place in running:
        widths[place] = left * table.columns[place].width / wanted
    held = {place: sum(text_width(row[place]) for row in table.cells) for place in running}
    shared = widths_by_content(widths, held)
    # In running text stand days, and they are not to be broken either: the wider columns give way.
    least = {
        place: max(_length(text, size) for text in (table.columns[place].heading, "2020-09-30"))
        for place in running
    }
    lacking = sum(max(least[place] - shared[place], 0) for place in running)
    spare = {place: max(shared[place] - least[place], 0) for place in running}
    for place in running if lacking else ():
        given = lacking * spare[place] / sum(spare.values())
        shared[place] = max(shared[place], least[place]) - given
    return shared


def _length(text: str, size: float) -> float:
    """How wide a cell of this text on one line is, in points, in a wide stand-in too."""
    return MARGINS + size * sum(1.05 if ord(c) > 0x2000 else 0.65 for c in text)


def _height(cells: Sequence[str], widths: Sequence[int], size: float) -> float:
    """About how high a row is, in points."""
    room = [max(width / TWIPS - MARGINS, size) for width in widths]
    return (
        max(
            -(-text_width(text) * size / 2 // width)
            for text, width in zip(cells, room, strict=True)
        )
        * LINES[size]
    )


def _cell(
    text: str,
    width: int,
    font: str,
    align: str,
    size: float,
    *,
    shaded: bool = False,
    keep: bool = False,
) -> str:
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/>' if shaded else ""
    half = round(2 * size)
    kept = "<w:keepNext/>" if keep else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr>{kept}<w:snapToGrid w:val="0"/><w:spacing w:before="40" w:after="20"'
        f' w:line="{round(LINES[size] * TWIPS)}" w:lineRule="exact"/>'
        f'<w:jc w:val="{align}"/></w:pPr><w:r><w:rPr>'
        f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{font}" w:hint="eastAsia"/>'
        f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(printable(text))}</w:t></w:r></w:p></w:tc>'
    )
