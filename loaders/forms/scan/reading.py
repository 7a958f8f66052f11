"""One page that is a picture, read: turned upright, its tables as cells, its other lines as text.

Owns what is sure and what is doubtful of a text recognised.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from loaders.forms.paged import PAGE_NUMBER, Page, Table
from loaders.forms.scan import rulings, straightening
from loaders.forms.scan.recognition import Character, Picture, in_one_script, recognised
from loaders.forms.scan.rulings import Box, Ruled
from loaders.grid import Cell, Scanned

_TO_POINTS = 72 / 200
_SLACK = 7.0
"""Points by which the edge of a column may lie elsewhere on the next page."""
_SURE = 0.985
"""Probability from which a character is taken as it is."""
_SURE_MARK = 0.5
"""The same of a punctuation mark, of which the model is seldom sure."""
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
_MUCH_COLOUR = 0.0004
"""The share of a page from which coloured ink is named."""
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
_GAP = 0.65
"""Widths of a character: more between two of them than that has lost one."""
_MOST_NAMED = 6
_UNCLEAR = "框线不清，请对照原图核对这一格是否与相邻的格合并"
_ITEM = re.compile(r"\d{1,3}\s*[.．、](?!\d)")
_IN_LINE = re.compile(r"(?<![\d.])(\d{1,3})\s*[.．、](?!\d)")
_CHINESE = r"\u3400-\u9fff\u3000-\u303f\uff00-\uffef“”‘’—…"
_SPACE = re.compile(rf"(?<=[{_CHINESE}]) +| +(?=[{_CHINESE}])")
_WIDE = str.maketrans("(),:;?!", "（），：；？！")
_HALF = re.compile(rf"(?<=[{_CHINESE}])[(),:;?!]|[(),:;?!](?=[{_CHINESE}])")


@dataclass
class _Area:
    """A cell, or the space above, between and below the tables, with its lines of text."""

    box: Box
    lines: list[Box] = field(default_factory=list)
    texts: list[list[Character]] = field(default_factory=list)


@dataclass
class _Sheet:
    """A page as it was laid straight one way up."""

    grey: Picture
    seen: Picture
    """The same in its colours, with stamps."""
    dark: npt.NDArray[np.bool_]
    """Where there is ink that is no ruling."""
    tables: list[Ruled]
    cells: list[list[_Area]]
    """Of each table, one for each of its spans."""
    outside: list[_Area]
    usual: float
    """Pixels of the height of a line."""
    coloured: float

    @property
    def areas(self) -> list[_Area]:
        return [*(area for cells in self.cells for area in cells), *self.outside]


def read_picture(colours: Picture) -> Page:
    """What stands on a page: `colours` is BGR at about 200 dpi. A page without legible text is empty."""
    legible, sheet = _upright(colours)
    if sheet is None:
        return Page([], [], [], Counter(), recognised=True)
    if legible < _HARDLY:
        return _illegible()
    boxes = [box for area in sheet.areas for box in area.lines]
    found = iter(in_one_script(_read(sheet, boxes)))
    for area in sheet.areas:
        area.texts = [next(found) for _ in area.lines]
    sure = [c.sure for area in sheet.areas for text in area.texts for c in text]
    if not sure or float(np.mean(sure)) < _ILLEGIBLE:
        return _illegible()
    return _page(sheet)


def _illegible() -> Page:
    remark = "有字迹但认不出，没有读入，请核对"
    return Page([], [], [], Counter(), recognised=True, remarks=[remark])


def _upright(colours: Picture) -> tuple[float, _Sheet | None]:
    """(how well its lines can be read, the page) the way up in which they are read best; no page when it
    is blank."""
    best: tuple[float, _Sheet | None] = (0.0, None)
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
    filled = sum(_width(character) for text in texts for character in text)
    room = sum((right - left) / max(bottom - top, 1) for left, top, right, bottom in boxes)
    if not sure or not room:
        return 0.0
    long = min(filled / (_LINE * len(texts)), 1.0)
    return float(np.mean(sure)) * min(filled / room, 1.0) * long


def _read(sheet: _Sheet, boxes: Sequence[Box]) -> list[list[Character]]:
    """The characters of each line. One of which something is not sure is recognised again with more of
    what surrounds it; the reading with less that is not sure counts when both have the same words."""
    texts = [
        _with_marks(text, _low_marks(sheet, box), box)
        for box, text in zip(boxes, recognised([_seen(sheet, box) for box in boxes]), strict=True)
    ]
    again = [
        index
        for index, text in enumerate(texts)
        if _has_ink(sheet, boxes[index]) and (not text or any(_unsure(sheet, boxes[index], text)))
    ]
    wider = recognised([_seen(sheet, boxes[index], _WIDE_MARGIN) for index in again])
    for index, text in zip(again, wider, strict=True):
        second = _with_marks(text, _low_marks(sheet, boxes[index]), boxes[index])
        first = texts[index]
        surer = len([*_unsure(sheet, boxes[index], second)]) < len(
            [*_unsure(sheet, boxes[index], first)]
        )
        if surer and _words(second) == _words(first) and len(second) >= len(first):
            texts[index] = second
    return texts


def _words(line: Sequence[Character]) -> str:
    return "".join(c.text for c in line if c.text.isalnum())


def _low_marks(sheet: _Sheet, box: Box) -> list[float]:
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
    pitch = _pitch(line) or (box[3] - box[1]) / max(box[2] - box[0], 1)
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


def _laid_straight(colours: Picture) -> _Sheet:
    grey, seen, coloured = straightening.level(colours)
    level, upright = rulings.lines(straightening.ink(grey))
    if (corners := rulings.corners(level, upright)) is not None:
        grey, seen = (rulings.put_straight(page, corners) for page in (grey, seen))
        level, upright = rulings.lines(straightening.ink(grey))
    tables = rulings.tables(level, upright)
    ruled = rulings.drawn_lines(level, upright, tables)
    dark = _without_specks(straightening.ink(grey) & ~ruled)
    grey = np.where(ruled, np.uint8(255), grey)
    inside = [[_Area(_inner(table.cell(span))) for span in table.spans] for table in tables]
    outside = [_Area(box) for box in _between(tables, grey.shape)]
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
    return _Sheet(grey, seen, dark, tables, inside, outside, usual, coloured)


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


def _seen(sheet: _Sheet, box: Box, margin: int = _MARGIN) -> Picture:
    """A line as the recogniser is shown it."""
    left, top, right, bottom = box
    # A line that is one stroke, as of 一, is shown at the height of its neighbours.
    lacking = max(0, round((0.8 * sheet.usual - (bottom - top)) / 2))
    top, bottom = top - lacking - margin, bottom + lacking + margin
    return sheet.grey[max(top, 0) : bottom, max(left - margin, 0) : right + margin]


def _page(sheet: _Sheet) -> Page:
    tables = [_table(sheet, *each) for each in zip(sheet.tables, sheet.cells, strict=True)]
    above: list[str] = []
    beside: list[str] = []
    doubted: list[tuple[str, Scanned]] = []
    first = sheet.tables[0].box[1] if sheet.tables else sheet.grey.shape[0]
    characters: Counter[str] = Counter()
    for area in sheet.outside:
        for box, text in zip(area.lines, area.texts, strict=True):
            line = _written(text)
            characters.update(line)
            if not line or PAGE_NUMBER.fullmatch(line):
                continue
            (above if box[1] < first else beside).append(line)
            doubted.append((line, _scanned(sheet, box, [(box, text)], line)))
    characters.update(
        c for table in tables for cell in {c for row in table.rows for c in row} for c in cell.text
    )
    remarks = []
    if sheet.coloured > _MUCH_COLOUR:
        remarks.append("有印章或彩色字迹，识别时已去掉，请核对其下有无内容")
    return Page(
        above, tables, beside, characters, recognised=True, doubted=doubted, remarks=remarks
    )


def _table(sheet: _Sheet, ruled: Ruled, areas: Sequence[_Area]) -> Table:
    rows, columns = len(ruled.tops) - 1, len(ruled.lefts) - 1
    grid: list[list[Cell | None]] = [[None] * columns for _ in range(rows)]
    for span, area in zip(ruled.spans, areas, strict=True):
        left, top, right, bottom = span
        text = _cell_text(sheet, area)
        scanned = _scanned(
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
    return Table(full, [x * _TO_POINTS for x in ruled.lefts], _SLACK)


def _cell_text(sheet: _Sheet, area: _Area) -> str:
    """The lines of a cell; one that reaches the right edge was broken there and goes on."""
    text, broken = "", True
    for box, characters in zip(area.lines, area.texts, strict=True):
        written = _written(characters)
        if not written:
            continue
        text += written if broken and not _ITEM.match(written) else f"\n{written}"
        broken = area.box[2] - box[2] < 2.5 * sheet.usual
    return _with_items(_SPACE.sub("", text).strip())


def _with_items(text: str) -> str:
    """The text with each numbered item on a line of its own, where its number is the next one: the space
    that parts 2. from what stands before it is seldom recognised."""
    number = None
    parts, begun = [], 0
    for item in _IN_LINE.finditer(text):
        if number is not None and int(item[1]) == number + 1 and text[begun : item.start()].strip():
            parts.append(text[begun : item.start()].rstrip())
            begun = item.start()
        number = int(item[1])
    return "\n".join([*parts, text[begun:]])


def _written(characters: Sequence[Character]) -> str:
    """The characters as text: the marks between Chinese are wide, and there are no spaces there."""
    text = "".join(character.text for character in characters)
    text = _SPACE.sub("", text).strip()
    return _HALF.sub(lambda mark: mark[0].translate(_WIDE), text)


def _scanned(
    sheet: _Sheet, box: Box, lines: Sequence[tuple[Box, list[Character]]], text: str
) -> Scanned:
    """How a cell or line looks, and what of it is not sure."""
    left, top, right, bottom = box
    # A cell merged over half a page is mostly blank.
    bottom = min(bottom, max((place[3] for place, _ in lines), default=top + 40) + 12)
    top = max(top, min((place[1] for place, _ in lines), default=top) - 12)
    piece = sheet.seen[max(top - 4, 0) : bottom + 4, max(left - 4, 0) : right + 4]
    _, encoded = cv2.imencode(".webp", piece, [cv2.IMWRITE_WEBP_QUALITY, 50])
    unsure = [_around(line, at) for place, line in lines for at in _unsure(sheet, place, line)]
    doubts = []
    if unsure:
        named = "、".join(f"“{each}”" for each in list(dict.fromkeys(unsure))[:_MOST_NAMED])
        doubts.append(f"识别没有把握，请对照原图核对：{named}")
    if any(not _written(line) and _has_ink(sheet, place) for place, line in lines):
        doubts.append("有字迹没有认出，请对照原图核对")
    options = dict.fromkeys(_instead(sheet, lines, text))
    return Scanned((encoded.tobytes(),), "；".join(doubts), tuple(options))


def _has_ink(sheet: _Sheet, box: Box) -> bool:
    """Whether what stands there is as large as a character, and no speck."""
    left, top, right, bottom = box
    return bottom - top > 0.4 * sheet.usual and right - left > 0.3 * sheet.usual


def _unsure(sheet: _Sheet, box: Box, line: Sequence[Character]) -> Iterator[int]:
    """The places of a line at which another character may stand, or where there is room for one more:
    after a character, or before the first."""
    height = max(box[3] - box[1], 0.9 * sheet.usual)
    pitch = _pitch(line) or height / max(box[2] - box[0], 1)
    for at, character in enumerate(line):
        if not character.text.strip():
            continue
        mark = not character.text.isalnum()
        following = line[at + 1] if at + 1 < len(line) else None
        before = character.at - _room(character) * pitch / 2 if at == 0 else 0.0
        after = 0.0
        if following is None:
            after = 1 - character.at - _room(character) * pitch / 2
        elif following.text.strip():
            own = (_room(character) + _room(following)) * pitch / 2
            after = following.at - character.at - own
        if character.sure < (_SURE_MARK if mark else _SURE) or max(before, after) > _GAP * pitch:
            yield at


def _pitch(line: Sequence[Character]) -> float:
    """How far the characters of a line are apart as a share of it; 0 of a line too short to say."""
    wide = [b.at - a.at for a, b in pairwise(line) if _is_wide(a) and _is_wide(b)]
    return float(np.median(wide)) if len(wide) > 2 else 0.0


def _room(character: Character) -> float:
    """Widths of a character that one takes: a bracket or quote stands at one side of its place."""
    return _width(character) if character.text.isalnum() else 1.1


def _width(character: Character) -> float:
    return 1.0 if _is_wide(character) else 0.5


def _is_wide(character: Character) -> bool:
    return ord(character.text[0]) > 0x2FFF


def _around(line: Sequence[Character], at: int) -> str:
    return "".join(c.text for c in line[max(at - 2, 0) : at + 3]).strip()


def _instead(
    sheet: _Sheet, lines: Sequence[tuple[Box, list[Character]]], text: str
) -> Iterator[str]:
    """The text with the next likely character in one doubtful place."""
    for box, line in lines:
        written = _written(line)
        for at in _unsure(sheet, box, line):
            if line[at].instead and text.count(written) == 1:
                other = [*line]
                other[at] = Character(line[at].instead, 1, line[at].at)
                yield text.replace(written, _written(other))
