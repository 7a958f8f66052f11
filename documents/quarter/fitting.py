"""How much room a text takes on a slide, estimated before it is drawn.

Owns the estimate, on the large side: PowerPoint, WPS and LibreOffice break lines each in their own
way, and none of them may run over. Draws nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

LINE = 1.42
"""Height of a line, in sizes of its characters."""
CELL_SIDES = 0.2
"""Inches of a cell that its margins and a reserve take: programs break a line that just fits."""
SHORT = 7
"""A cell of at most so many characters is not torn into lines: a day, a lamp, a state."""
HEADING = 5.6
"""What a column has room for of its heading: five characters."""
BOLD = 1.1
"""How much wider headings are, which are bold."""
FEW_LEFT = 3.5
"""So many characters are no line of their own."""
_LATIN, _SPACING = 0.62, 0.4
"""Widths, in sizes: of a Latin character, of the gap that LibreOffice leaves around a run of them."""
_PIECES = re.compile("[“‘（《【]*(?:[!-~]+|.)[、，。；：！？）》】”’…%]*")
"""What lines are broken between: no line begins with a closing mark."""


def lines_of(text: str, width: float, size: float) -> int:
    """Lines a text takes in so many inches."""
    return _laid(text, width, size)[0]


def leaves_few(text: str, width: float, size: float) -> bool:
    """Whether the last of several lines would hold a word or two."""
    lines, used = _laid(text, width, size)
    return lines > 1 and used <= FEW_LEFT


def height_of(texts: Sequence[str], width: float, size: float, *, after: float = 0) -> float:
    """Inches that paragraphs take, each with so many points below it."""
    lines = sum(lines_of(text, width, size) for text in texts)
    return (lines * size * LINE + len(texts) * after) / 72


def row_height(row: Sequence[str], widths: Sequence[float], size: float) -> float:
    """Inches that a row of a table takes."""
    cells = zip(row, widths, strict=True)
    return lines_high(max(lines_of(text, width - CELL_SIDES, size) for text, width in cells), size)


def lines_high(lines: int, size: float) -> float:
    """Inches that a row of so many lines takes."""
    return lines * size * LINE / 72 + 0.1


def column_widths(
    columns: Sequence[Any], cells: Sequence[Sequence[str]], width: float, size: float
) -> list[float]:
    """Inches of each column: as the table shares them out, but short cells stay on one line and no
    column is wider than what stands in it while another one wants the room."""
    least, most = [], []
    for position, column in enumerate(columns):
        wide = [_em(row[position]) for row in cells]
        widest, heading = max(wide, default=0), BOLD * _em(column.heading)
        # A unit of measure in brackets may stand below its heading.
        parts = [BOLD * _em(part) for part in re.split("(?=（)", column.heading)]
        needed = max([*(each for each in wide if each <= SHORT), min(max(parts), HEADING)])
        least.append(needed * size / 72 + CELL_SIDES)
        most.append(max(widest, heading) * size / 72 + CELL_SIDES)
    shares = {position: column.width for position, column in enumerate(columns)}
    given = dict(shares)
    while shares:
        rest = width - sum(given[p] for p in given if p not in shares)
        given |= {p: rest * share / sum(shares.values()) for p, share in shares.items()}
        settled = {p: least[p] for p in shares if given[p] < least[p]}
        settled = settled or {p: most[p] for p in shares if given[p] > most[p]}
        if not settled:
            break
        given |= settled
        shares = {p: share for p, share in shares.items() if p not in settled}
    # What nobody needs, or is short of, everybody has a part in.
    scale = width / sum(given.values())
    return [given[position] * scale for position in range(len(columns))]


def _laid(text: str, width: float, size: float) -> tuple[int, float]:
    """Lines a text takes in so many inches, and how much of the last one, in sizes."""
    room = max(width * 72 / size, 1) + 1e-6
    lines, used = 0, 0.0
    for part in text.split("\n"):
        lines, used = lines + 1, 0.0
        for piece in _PIECES.findall(part):
            wide = _em(piece)
            if used and used + wide > room:
                lines, used = lines + 1, 0.0
            # A piece wider than the room is broken anywhere.
            lines += int(wide // room) if wide > room else 0
            used += wide % room if wide > room else wide
    return lines, used


def _em(text: str) -> float:
    """Width of a text on one line, in sizes of its characters."""
    latin = re.findall("[ -~]+", text)
    gaps = 0 if latin == [text] else len(latin)
    return len(text) - (1 - _LATIN) * sum(map(len, latin)) + _SPACING * gaps
