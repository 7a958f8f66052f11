"""One page that is a picture, read: turned upright, its tables as cells, its other lines as text.

Owns which way up it lies, and that what is hardly recognised is recognised again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from loaders.forms.aligned import Aligned, NotApart
from loaders.forms.paged import FEWEST_COLUMNS, PAGE_NUMBER, Page, Table
from loaders.forms.scan import rulings, straightening
from loaders.forms.scan.columned import columned_page
from loaders.forms.scan.recognition import Character, Picture, in_one_script, recognised
from loaders.forms.scan.rulings import Box, Ruled
from loaders.forms.scan.sheet import (
    SLACK,
    TO_POINTS,
    Area,
    Sheet,
    cell_text,
    has_ink,
    pitch_of,
    scanned_piece,
    text_of,
    unsure_places,
    width_of,
)
from loaders.grid import Cell, Scanned

_LEGIBLE = 0.88
"""How well, from 0 to 1, the lines of a page that lies the right way up can be read."""
_HARDLY = 0.2
"""The same below which a page, whichever way up, holds no text: a photograph of anything else."""
_ILLEGIBLE = 0.55
"""Mean probability below which the marks on a page are no text."""
_LINE = 4
"""Characters from which a line says which way up it is."""
_LONG_ENOUGH = 16
"""Characters of a line that are enough to see whether it can be read."""
_SAMPLE = 8
"""Lines recognised to find which way up a page is."""
_MARGIN = 3
"""Pixels around a line that the recogniser sees."""
_WIDE_MARGIN = 6
_AT_THE_FOOT = frozenset("、，。．,.;:；：…_·'“”\"")
"""Marks of which a part stands at the foot of a line."""
_SEEN = 0.6
"""Probability given to a mark, recognised but hardly, because something small is there."""
_GUESSED = 0.4
"""The same of one that was not recognised: it is put in and doubted."""
_ROOM = 1.4
"""Widths of a character from one to the next between which a mark has room."""
_UNCLEAR = "框线不清，请对照原图核对这一格是否与相邻的格合并"


def read_picture(colours: Picture, before: Aligned | None = None) -> tuple[Page, Aligned | None]:
    """(what stands on a page, its table when it has no rulings): `colours` is BGR at about 200 dpi,
    `before` the table of the page before. A page without legible text is empty."""
    legible, sheet = _upright(colours)
    if sheet is None:
        return Page([], [], [], Counter(), recognised=True), None
    if legible < _HARDLY:
        return _illegible(), None
    boxes = [box for area in sheet.areas for box in area.lines]
    found = iter(in_one_script(_read(sheet, boxes)))
    for area in sheet.areas:
        area.texts = [next(found) for _ in area.lines]
    sure = [c.sure for area in sheet.areas for text in area.texts for c in text]
    if not sure or float(np.mean(sure)) < _ILLEGIBLE:
        return _illegible(), None
    if not sheet.columned:
        return _page(sheet), None
    try:
        return columned_page(sheet, before) or (_page(sheet), None)
    except NotApart:
        return replace(_page(sheet), unclear=True), None


def _illegible() -> Page:
    remark = "有字迹但认不出，没有读入，请核对"
    return Page([], [], [], Counter(), recognised=True, remarks=[remark])


def _upright(colours: Picture) -> tuple[float, Sheet | None]:
    """(how well its lines can be read, the page) the way up in which they are read best; no page when it
    is blank."""
    best: tuple[float, Sheet | None] = (0.0, None)
    for quarter in (0, 2, 1, 3):
        sheet = _laid_straight(np.ascontiguousarray(np.rot90(colours, quarter)))
        boxes = [box for area in sheet.areas for box in area.lines]
        boxes.sort(key=lambda box: box[2] - box[0], reverse=True)
        if not boxes:
            break
        step = max(len(boxes) // 2 // _SAMPLE, 1)
        # The time for a line grows faster than its length.
        sample = [
            (left, top, min(right, left + _LONG_ENOUGH * (bottom - top)), bottom)
            for left, top, right, bottom in boxes[: step * _SAMPLE : step]
        ]
        texts = recognised([_seen(sheet, box) for box in sample])
        legible = _legible(sample, texts)
        if best[1] is None or legible > best[0]:
            best = (legible, sheet)
        if legible > _LEGIBLE:
            break
    return best


def _legible(boxes: Sequence[Box], texts: Sequence[Sequence[Character]]) -> float:
    """How well lines can be read, from 0 to 1: how sure their characters are, how much of the lines they
    fill, and whether lines are more than single characters. A page that lies on its side is cut into
    single characters, many of which the model recognises even so."""
    sure = [character.sure for text in texts for character in text]
    filled = sum(width_of(character) for text in texts for character in text)
    room = sum((right - left) / max(bottom - top, 1) for left, top, right, bottom in boxes)
    if not sure or not room:
        return 0.0
    long = min(filled / (_LINE * len(texts)), 1.0)
    return float(np.mean(sure)) * min(filled / room, 1.0) * long


def _read(sheet: Sheet, boxes: Sequence[Box]) -> list[list[Character]]:
    """The characters of each line. One of which something is not sure is recognised again with more of
    what surrounds it; the reading with less that is not sure counts when both have the same words."""
    texts = [
        _with_marks(text, _low_marks(sheet, box), box)
        for box, text in zip(boxes, recognised([_seen(sheet, box) for box in boxes]), strict=True)
    ]
    again = [
        index
        for index, text in enumerate(texts)
        if has_ink(sheet, boxes[index])
        and (not text or any(unsure_places(sheet, boxes[index], text)))
    ]
    wider = recognised([_seen(sheet, boxes[index], _WIDE_MARGIN) for index in again])
    for index, text in zip(again, wider, strict=True):
        second = _with_marks(text, _low_marks(sheet, boxes[index]), boxes[index])
        first = texts[index]
        surer = len([*unsure_places(sheet, boxes[index], second)]) < len(
            [*unsure_places(sheet, boxes[index], first)]
        )
        if surer and _words(second) == _words(first) and len(second) >= len(first):
            texts[index] = second
    return texts


def _words(line: Sequence[Character]) -> str:
    return "".join(c.text for c in line if c.text.isalnum())


def _low_marks(sheet: Sheet, box: Box) -> list[float]:
    """Where along a line something small stands with nothing above and below it, as 、 and ， do, from 0
    to 1; some faces set them at half height."""
    left, top, right, bottom = box
    area = sheet.dark[top:bottom, left:right]
    height = bottom - top
    if height < 0.6 * sheet.usual:
        return []
    _, _, parts, _ = cv2.connectedComponentsWithStats(area.astype(np.uint8))
    found = []
    for x, y, width, tall, _ in parts[1:]:
        small = max(width, tall) < 0.45 * height and y > 0.3 * height
        # The dots of 点 have the rest of the character above them; the last stroke of 处 reaches over.
        above = area[:y, x : x + width].any(axis=0)
        below = area[y + tall :, x : x + width].any(axis=0)
        if small and max(above.mean(), below.mean()) < 0.35:
            found.append((x + width / 2) / (right - left))
    return found


def _with_marks(line: list[Character], marks: Sequence[float], box: Box) -> list[Character]:
    """The line with 、 where something small stands alone and no mark was recognised. A mark that was
    recognised, but hardly, is surer where something small stands."""
    pitch = pitch_of(line) or (box[3] - box[1]) / max(box[2] - box[0], 1)
    full = [*line]
    for mark in marks:
        near = [c for c in full if c.text in _AT_THE_FOOT and abs(c.at - mark) < 0.75 * pitch]
        for character in near:
            if not character.instead and character.sure < _SEEN:
                full[full.index(character)] = replace(character, sure=_SEEN)
        before = max((c.at for c in full if c.at < mark), default=0.0)
        after = min((c.at for c in full if c.at >= mark), default=1 + pitch / 2)
        if not near and after - before > _ROOM * pitch:
            full.insert(sum(c.at < mark for c in full), Character("、", _GUESSED, mark))
    return full


def _laid_straight(colours: Picture) -> Sheet:
    grey, seen, coloured = straightening.level(colours)
    level, upright = rulings.lines(straightening.ink(grey))
    if (corners := rulings.corners(level, upright)) is not None:
        grey, seen = (rulings.put_straight(page, corners) for page in (grey, seen))
        level, upright = rulings.lines(straightening.ink(grey))
    tables = rulings.tables(level, upright)
    ruled = rulings.drawn_lines(level, upright, tables)
    dark = _without_specks(straightening.ink(grey) & ~ruled)
    grey = np.where(ruled, np.uint8(255), grey)
    inside = [[Area(_inner(table.cell(span))) for span in table.spans] for table in tables]
    outside = [Area(box) for box in _between(tables, grey.shape)]
    rough = [
        bottom - top
        for area in [*(a for cells in inside for a in cells), *outside]
        for _, top, _, bottom in rulings.lines_of_text(dark, area.box, 0)
    ]
    usual = float(np.median([height for height in rough if height > 8] or [0]))
    for area in [*(a for cells in inside for a in cells), *outside]:
        area.lines = [
            line
            for line in rulings.lines_of_text(dark, area.box, usual)
            if line[3] - line[1] > 0.2 * usual or line[2] - line[0] > 0.5 * usual
        ]
    columned = False
    if not tables and usual:
        (page,) = outside
        pieces = rulings.pieces_of_text(dark, page.box, usual)
        columned = _in_columns(pieces, usual)
        page.lines = pieces if columned else page.lines
    return Sheet(grey, seen, dark, tables, inside, outside, usual, columned, coloured)


def _in_columns(pieces: Sequence[Box], usual: float) -> bool:
    """Whether pieces stand beside each other as in a table, on as many lines as it has columns."""
    beside = Counter(round((top + bottom) / 2 / usual) for _, top, _, bottom in pieces)
    return sum(count >= FEWEST_COLUMNS for count in beside.values()) >= FEWEST_COLUMNS


def _without_specks(dark: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark.astype(np.uint8))
    large = stats[:, cv2.CC_STAT_AREA] > 7
    large[0] = False
    return large[labels]


def _inner(box: Box) -> Box:
    left, top, right, bottom = box
    return left + 3, top + 2, max(right - 2, left + 4), max(bottom - 1, top + 3)


def _between(tables: Sequence[Ruled], shape: tuple[int, ...]) -> Iterator[Box]:
    """The space above the first table, between the tables, and below the last."""
    top = 0
    for table in tables:
        if table.box[1] - top > 8:
            yield 0, top, shape[1], table.box[1] - 2
        top = max(top, table.box[3] + 2)
    if shape[0] - top > 8:
        yield 0, top, shape[1], shape[0]


def _seen(sheet: Sheet, box: Box, margin: int = _MARGIN) -> Picture:
    """A line as the recogniser is shown it."""
    left, top, right, bottom = box
    # A line that is one stroke, as of 一, is shown at the height of its neighbours.
    lacking = max(0, round((0.8 * sheet.usual - (bottom - top)) / 2))
    top, bottom = top - lacking - margin, bottom + lacking + margin
    return sheet.grey[max(top, 0) : bottom, max(left - margin, 0) : right + margin]


def _page(sheet: Sheet) -> Page:
    tables = [_table(sheet, *each) for each in zip(sheet.tables, sheet.cells, strict=True)]
    above: list[str] = []
    beside: list[str] = []
    doubted: list[tuple[str, Scanned]] = []
    first = sheet.tables[0].box[1] if sheet.tables else sheet.grey.shape[0]
    characters: Counter[str] = Counter()
    for area in sheet.outside:
        for box, text in zip(area.lines, area.texts, strict=True):
            line = text_of(text)
            characters.update(line)
            if not line or PAGE_NUMBER.fullmatch(line):
                continue
            (above if box[1] < first else beside).append(line)
            doubted.append((line, scanned_piece(sheet, box, [(box, text)], line)))
    characters.update(
        c for table in tables for cell in {c for row in table.rows for c in row} for c in cell.text
    )
    return Page(
        above, tables, beside, characters, recognised=True, doubted=doubted, remarks=sheet.remarks
    )


def _table(sheet: Sheet, ruled: Ruled, areas: Sequence[Area]) -> Table:
    rows, columns = len(ruled.tops) - 1, len(ruled.lefts) - 1
    grid: list[list[Cell | None]] = [[None] * columns for _ in range(rows)]
    for span, area in zip(ruled.spans, areas, strict=True):
        left, top, right, bottom = span
        text = cell_text(sheet, area)
        scanned = scanned_piece(
            sheet, ruled.cell(span), [*zip(area.lines, area.texts, strict=True)], text
        )
        if span in ruled.unclear:
            scanned = replace(scanned, doubt="；".join(filter(None, (scanned.doubt, _UNCLEAR))))
        cell = Cell(text, top + 1, left + 1, scanned=scanned)
        for row in range(top, bottom):
            for column in range(left, right):
                grid[row][column] = cell
    full = [
        [cell or Cell("", r, c) for c, cell in enumerate(row, 1)] for r, row in enumerate(grid, 1)
    ]
    return Table(full, [x * TO_POINTS for x in ruled.lefts], SLACK)
