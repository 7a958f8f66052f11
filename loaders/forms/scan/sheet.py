"""A page that is a picture while it is read: its areas with their lines and the characters recognised.

Owns how characters become text, and what of it is sure and what is doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from loaders.forms.scan.recognition import Character, Picture
from loaders.forms.scan.rulings import Box, Ruled
from loaders.grid import Scanned

TO_POINTS = 72 / 200
SLACK = 7.0
"""Points by which the edge of a column may lie elsewhere on the next page."""
_SURE = 0.985
"""Probability from which a character is taken as it is."""
_SURE_MARK = 0.5
"""The same of a punctuation mark, of which the model is seldom sure."""
_MUCH_COLOUR = 0.0004
"""The share of a page from which coloured ink is named."""
_GAP = 0.65
"""Widths of a character: more between two of them than that has lost one."""
_MOST_NAMED = 6
_ITEM = re.compile(r"\d{1,3}\s*[.．、](?!\d)")
_IN_LINE = re.compile(r"(?<![\d.])(\d{1,3})\s*[.．、](?!\d)")
_CHINESE = r"\u3400-\u9fff\u3000-\u303f\uff00-\uffef“”‘’—…"
_SPACE = re.compile(rf"(?<=[{_CHINESE}]) +| +(?=[{_CHINESE}])")
_WIDE = str.maketrans("(),:;?!", "（），：；？！")
_HALF = re.compile(rf"(?<=[{_CHINESE}])[(),:;?!]|[(),:;?!](?=[{_CHINESE}])")


@dataclass
class Area:
    """A cell, or the space above, between and below the tables, with its lines of text."""

    box: Box
    lines: list[Box] = field(default_factory=list)
    texts: list[list[Character]] = field(default_factory=list)


@dataclass
class Sheet:
    """A page as it was laid straight one way up."""

    grey: Picture
    seen: Picture
    """The same in its colours, with stamps."""
    dark: npt.NDArray[np.bool_]
    """Where there is ink that is no ruling."""
    tables: list[Ruled]
    cells: list[list[Area]]
    """Of each table, one for each of its spans."""
    outside: list[Area]
    usual: float
    """Pixels of the height of a line."""
    columned: bool
    """Whether its text stands in columns without rulings; each of its lines is then a piece of one."""
    coloured: float

    @property
    def areas(self) -> list[Area]:
        return [*(area for cells in self.cells for area in cells), *self.outside]

    @property
    def remarks(self) -> list[str]:
        """What is doubtful of the page as a whole, in Chinese."""
        coloured = self.coloured > _MUCH_COLOUR
        return ["有印章或彩色字迹，识别时已去掉，请核对其下有无内容"] if coloured else []


def cell_text(sheet: Sheet, area: Area) -> str:
    """The lines of a cell; one that reaches the right edge was broken there and goes on."""
    text, broken = "", True
    for box, characters in zip(area.lines, area.texts, strict=True):
        written = text_of(characters)
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


def text_of(characters: Sequence[Character]) -> str:
    """The characters as text: the marks between Chinese are wide, and there are no spaces there."""
    text = "".join(character.text for character in characters)
    text = _SPACE.sub("", text).strip()
    return _HALF.sub(lambda mark: mark[0].translate(_WIDE), text)


def scanned_piece(
    sheet: Sheet, box: Box, lines: Sequence[tuple[Box, list[Character]]], text: str
) -> Scanned:
    """How a cell or line looks, and what of it is not sure."""
    left, top, right, bottom = box
    # A cell merged over half a page is mostly blank.
    bottom = min(bottom, max((place[3] for place, _ in lines), default=top + 40) + 12)
    top = max(top, min((place[1] for place, _ in lines), default=top) - 12)
    piece = sheet.seen[max(top - 4, 0) : bottom + 4, max(left - 4, 0) : right + 4]
    _, encoded = cv2.imencode(".webp", piece, [cv2.IMWRITE_WEBP_QUALITY, 50])
    unsure = [
        _around(line, at) for place, line in lines for at in unsure_places(sheet, place, line)
    ]
    doubts = []
    if unsure:
        named = "、".join(f"“{each}”" for each in list(dict.fromkeys(unsure))[:_MOST_NAMED])
        doubts.append(f"识别没有把握，请对照原图核对：{named}")
    if any(not text_of(line) and has_ink(sheet, place) for place, line in lines):
        doubts.append("有字迹没有认出，请对照原图核对")
    options = dict.fromkeys(_instead(sheet, lines, text))
    return Scanned((encoded.tobytes(),), "；".join(doubts), tuple(options))


def has_ink(sheet: Sheet, box: Box) -> bool:
    """Whether what stands there is as large as a character, and no speck."""
    left, top, right, bottom = box
    return bottom - top > 0.4 * sheet.usual and right - left > 0.3 * sheet.usual


def unsure_places(sheet: Sheet, box: Box, line: Sequence[Character]) -> Iterator[int]:
    """The places of a line at which another character may stand, or where there is room for one more:
    after a character, or before the first."""
    height = max(box[3] - box[1], 0.9 * sheet.usual)
    pitch = pitch_of(line) or height / max(box[2] - box[0], 1)
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


def pitch_of(line: Sequence[Character]) -> float:
    """How far the characters of a line are apart as a share of it; 0 of a line too short to say."""
    wide = [b.at - a.at for a, b in pairwise(line) if _is_wide(a) and _is_wide(b)]
    return float(np.median(wide)) if len(wide) > 2 else 0.0


def _room(character: Character) -> float:
    """Widths of a character that one takes: a bracket or quote stands at one side of its place."""
    return width_of(character) if character.text.isalnum() else 1.1


def width_of(character: Character) -> float:
    return 1.0 if _is_wide(character) else 0.5


def _is_wide(character: Character) -> bool:
    return ord(character.text[0]) > 0x2FFF


def _around(line: Sequence[Character], at: int) -> str:
    return "".join(c.text for c in line[max(at - 2, 0) : at + 3]).strip()


def _instead(
    sheet: Sheet, lines: Sequence[tuple[Box, list[Character]]], text: str
) -> Iterator[str]:
    """The text with the next likely character in one doubtful place."""
    for box, line in lines:
        written = text_of(line)
        for at in unsure_places(sheet, box, line):
            if line[at].instead and text.count(written) == 1:
                other = [*line]
                other[at] = Character(line[at].instead, 1, line[at].at)
                yield text.replace(written, text_of(other))
