"""A page whose text stands in columns without rulings: the pieces of its lines as cells of a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from loaders.forms.aligned import Aligned, Line, Mark, aligned_table, lines_of_marks
from loaders.forms.paged import Page, Table
from loaders.forms.scan.recognition import Character
from loaders.forms.scan.rulings import Box
from loaders.forms.scan.sheet import (
    SLACK,
    TO_POINTS,
    Area,
    Sheet,
    cell_text,
    pitch_of,
    scanned_piece,
    text_of,
    width_of,
)
from loaders.grid import Cell, Scanned


def columned_page(sheet: Sheet, before: Aligned | None) -> tuple[Page, Aligned] | None:
    """(the page, its table) of a page without rulings; `before` is the table of the page before. None where
    there is no table: the pieces of `sheet` are then put together to lines over its whole width.

    Raises NotApart, with the pieces put together too.
    """
    (area,) = sheet.outside
    marks = [*_marks(sheet, [*zip(area.lines, area.texts, strict=True)])]
    found = None
    try:
        found = aligned_table([mark for mark, _ in marks], before)
    finally:
        if found is None:
            _put_together(area, marks)
    if found is None:
        return None
    cells: dict[int, Cell] = {}
    rows = []
    for number, row in enumerate(found.rows, start=1):
        for column, (lines, (left, right)) in enumerate(
            zip(row, pairwise(found.edges), strict=True), start=1
        ):
            if id(lines) not in cells:
                cells[id(lines)] = _aligned_cell(sheet, marks, lines, left, right, number, column)
        # One list of lines at several columns is one cell.
        rows.append([cells[id(lines)] for lines in row])
    table = Table(rows, [x * TO_POINTS for x in found.edges], SLACK, ruled=False)
    texts: list[list[str]] = []
    doubted: list[tuple[str, Scanned]] = []
    for lines in (found.above, found.beside):
        parts = [_of_marks(marks, line) for line in lines]
        texts.append([text_of(text) for _, text in parts])
        doubted += [
            (line, scanned_piece(sheet, part[0], [part], line))
            for line, part in zip(texts[-1], parts, strict=True)
        ]
    characters = Counter("".join(character.text for _, character in marks))
    above, beside = texts
    page = Page(
        above,
        [table],
        beside,
        characters,
        recognised=True,
        doubted=doubted,
        remarks=sheet.remarks,
    )
    return page, found


def _marks(
    sheet: Sheet, lines: Sequence[tuple[Box, list[Character]]]
) -> Iterator[tuple[Mark, Character]]:
    """Each character where it stands on the page, in pixels; all are as high as a usual line."""
    index = 0
    for (left, top, right, bottom), text in lines:
        width = right - left
        wide = (pitch_of(text) or (bottom - top) / max(width, 1)) * width
        middle = (top + bottom) / 2
        for character in text:
            if character.text.strip():
                at = left + character.at * width
                half = width_of(character) * wide / 2
                yield (
                    Mark(
                        character.text,
                        max(at - half, left),
                        middle - sheet.usual / 2,
                        min(at + half, right),
                        middle + sheet.usual / 2,
                        index,
                    ),
                    character,
                )
                index += 1


def _of_marks(marks: Sequence[tuple[Mark, Character]], line: Line) -> tuple[Box, list[Character]]:
    """A line as its place and its characters."""
    left, right = min(m.left for m in line), max(m.right for m in line)
    box = (int(left), int(line[0].top), int(right) + 1, int(line[0].bottom) + 1)
    width = box[2] - box[0]
    return box, [
        replace(marks[m.index][1], at=((m.left + m.right) / 2 - box[0]) / width) for m in line
    ]


def _put_together(area: Area, marks: Sequence[tuple[Mark, Character]]) -> None:
    parts = [_of_marks(marks, line) for line in lines_of_marks([mark for mark, _ in marks])]
    area.lines, area.texts = [box for box, _ in parts], [text for _, text in parts]


def _aligned_cell(
    sheet: Sheet,
    marks: Sequence[tuple[Mark, Character]],
    lines: Sequence[Line],
    left: float,
    right: float,
    row: int,
    column: int,
) -> Cell:
    parts = [_of_marks(marks, line) for line in lines]
    if not parts:
        return Cell("", row, column)
    top, bottom = min(box[1] for box, _ in parts), max(box[3] for box, _ in parts)
    box = (int(left), top, int(right), bottom)
    text = cell_text(sheet, Area(box, [place for place, _ in parts], [t for _, t in parts]))
    return Cell(text, row, column, scanned=scanned_piece(sheet, box, parts, text))
