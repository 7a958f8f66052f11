"""Tables without rulings on a page: columns apart by space that nothing crosses, rows by where the one
line of a number or a deadline stands beside the lines of the other cells.

Owns where the cells are. Knows neither a file format nor how a cell is written down.
"""

from __future__ import annotations

import math
import re
import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from loaders import reference
from loaders.forms.paged import FEWEST_COLUMNS, PAGE_NUMBER, SENTENCE_END
from loaders.forms.spaced import field_of, header_of

_GUTTER = 0.15
"""Heights of a line: the least space between two columns."""
_APART = 1.2
"""The same between two cells that stand on one line, where it is not known yet what columns there are."""
_SPACES = (_GUTTER, 0.4, 0.8)
"""The same between two headings; in a picture the characters of one are not quite where they seem."""
_STRAIGHT = 0.4
"""Heights of a line by which the lines of a row may stand beside their place."""
_FULL = 2.0
"""Heights of a line: a line that ends closer to the next column was broken there."""
_NONE = 1.0
"""What it costs, in heights of a line, that a row has no line in a column."""
_MOST_BLANK = 0.6
"""The same on average of the cells of a table."""
_WIDER = 1.2
"""By how much rows are further apart than lines where space parts them."""
_HIGHEST_HEADER = 3
_FEWEST_LINES = 3
"""Lines of more than one cell from which a page goes on with the table of the page before."""
_ITEM = re.compile(r"\d{1,3}\s*[.．、](?!\d)|[（(]\d{1,2}[）)]|[①-⑳]")
_TOO_FAR = 2.5
"""Heights of a line, from middle to middle, from which a line belongs to the next cell or to none."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A character where it stands on the page; lengths in any one unit, downwards and to the right."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    index: int
    """Which of the characters given it is."""

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


Line = list[Mark]
Extent = tuple[float, float]
Stands = Callable[[Sequence[float]], float]


@dataclass(frozen=True)
class Aligned:
    """A table: `edges` are where its columns begin and where the last ends, `rows` the lines of each cell
    from the left, the header first when it has one, `task` which column has the tasks, `above` and
    `beside` the lines of the page over it and those below."""

    edges: list[float]
    rows: list[list[list[Line]]]
    task: int
    above: list[Line]
    beside: list[Line]


class NotApart(Exception):
    """A page has headings of columns, and what stands below cannot be told apart."""


def aligned_table(marks: Sequence[Mark], before: Aligned | None = None) -> Aligned | None:
    """The table on a page whose columns are headed, or that goes on with the columns of the page
    `before`; None when there is none.

    Raises NotApart.
    """
    lines = lines_of_marks(marks)
    while lines and PAGE_NUMBER.fullmatch(_text(lines[-1])):
        lines.pop()
    headed = False
    for index in range(len(lines)):
        for height in range(min(_HIGHEST_HEADER, len(lines) - index), 0, -1):
            header = [*chain(*lines[index : index + height])]
            for space in _SPACES:
                if names := _headings(header, space):
                    headed = True
                    extents = _extents(lines[index:], header)
                    if len(extents) == len(names):
                        return _below(lines, index, height, names, extents, before)
    if headed:
        raise NotApart
    return _going_on(lines, before) if before else None


def _headings(header: Line, space: float) -> list[str]:
    """The headings in one or more lines, apart by so many heights: what stands below each other is one."""
    columns: list[Line] = []
    right = -math.inf
    for mark in sorted(header, key=lambda m: m.left):
        if mark.left - right > space * (mark.bottom - mark.top):
            columns.append([])
        columns[-1].append(mark)
        right = max(right, mark.right)
    if len(columns) < FEWEST_COLUMNS:
        return []
    words = ("".join(_text(line) for line in lines_of_marks(column)) for column in columns)
    return header_of(" ".join(words), reference.headers())


def lines_of_marks(marks: Sequence[Mark]) -> list[Line]:
    """The characters by line from the top, each from the left. Lines of cells that stand at half a line's
    height beside each other are two."""
    lines: list[Line] = []
    for mark in sorted(marks, key=lambda m: (m.middle, m.left)):
        if lines and mark.middle - lines[-1][0].middle < (mark.bottom - mark.top) * 0.3:
            lines[-1].append(mark)
        else:
            lines.append([mark])
    return [sorted(line, key=lambda m: m.left) for line in lines]


def _middle(line: Line) -> float:
    return statistics.fmean(m.middle for m in line)


def _height(lines: Sequence[Line]) -> float:
    return statistics.median(m.bottom - m.top for line in lines for m in line)


def _parted(line: Line, space: float) -> Iterator[Line]:
    """A line in the stretches that spaces of so many heights part."""
    begun = 0
    for at, (one, other) in enumerate(pairwise(line), start=1):
        if other.left - one.right > space * (one.bottom - one.top):
            yield line[begun:at]
            begun = at
    yield line[begun:]


def _text(line: Line) -> str:
    return "".join(mark.text for mark in line).strip()


def _below(
    lines: Sequence[Line],
    index: int,
    height: int,
    names: Sequence[str],
    extents: Sequence[Extent],
    before: Aligned | None,
) -> Aligned:
    """The table whose header has these headings and stands on `height` lines from `index` on."""
    task = next(n for n, name in enumerate(names) if field_of(name, reference.headers()) == "task")
    # Rows of the page before that end above a header printed again are not read.
    if before and any(len([*_parted(line, _APART)]) > 1 for line in lines[:index]):
        raise NotApart
    header, body = lines[index : index + height], lines[index + height :]
    return _table(lines[:index], header, body, extents, task)


def _going_on(lines: Sequence[Line], before: Aligned) -> Aligned | None:
    wide = [line for line in lines if len([*_parted(line, _APART)]) > 1]
    if len(wide) < _FEWEST_LINES:
        return None
    extents = _extents(lines, None)
    if len(extents) != len(before.edges) - 1 or not all(
        left < (start + end) / 2 < right
        for (start, end), (left, right) in zip(extents, pairwise(before.edges), strict=True)
    ):
        raise NotApart
    return replace(_table([], [], lines, extents, before.task), edges=before.edges)


def _extents(body: Sequence[Line], header: Line | None) -> list[Extent]:
    """From where to where each column is written on. Only lines with two cells at least say where nothing
    stands; a stretch without a heading belongs to the column on its left."""
    height = _height(body)
    wide = [line for line in body if len([*_parted(line, _APART)]) > 1]
    stretches: list[Extent] = []
    for mark in sorted((m for line in wide for m in line), key=lambda m: m.left):
        if stretches and mark.left - stretches[-1][1] < _GUTTER * height:
            stretches[-1] = (stretches[-1][0], max(stretches[-1][1], mark.right))
        else:
            stretches.append((mark.left, mark.right))
    if header is None:
        return stretches
    extents: list[Extent] = []
    for start, end in stretches:
        if any(start <= mark.left < end for mark in header):
            extents.append((start, end))
        elif extents:
            extents[-1] = (extents[-1][0], end)
        else:
            return []
    return extents


def _table(
    above: Sequence[Line],
    header: Sequence[Line],
    body: Sequence[Line],
    extents: Sequence[Extent],
    task: int,
) -> Aligned:
    """The rows of a table whose columns are known. A line that stands across columns is a row of one
    cell, or no row at all below the last one."""
    height = _height([*header, *body])
    sections = [*_sections(body, extents)]
    # A heading across columns begins at the left or stands in the middle; what begins where another
    # column begins is a cell that runs over into the next one.
    for across, _ in sections:
        begun = across[0].left if across else -math.inf
        if any(abs(start - begun) < height / 2 for start, _ in extents[1:]):
            raise NotApart
    kept = [line for _, lines in sections for line in lines]
    edges = _edges([*header, *kept], extents, height)
    rows = [_columns(header, edges)] if header else []
    held: list[Line] = []
    for across, lines in sections:
        held += [across] if across else []
        if not lines:
            continue
        found, below = _rows(lines, edges, height, task)
        rows += [[[line]] * len(extents) for line in held]
        rows += found
        held = below
    if len(rows) == bool(header):
        raise NotApart
    return Aligned(edges, rows, task, [*above], held)


def _edges(lines: Sequence[Line], extents: Sequence[Extent], height: float) -> list[float]:
    """Where the columns begin, halfway into the space before them, and where the last ends."""
    grown = [[start, end] for start, end in extents]
    for line in lines:
        for part in _parted(line, _GUTTER):
            left, right = part[0].left, part[-1].right
            column = next((c for c in grown if left < c[1] and right > c[0]), None)
            if column:
                column[:] = min(column[0], left), max(column[1], right)
    between = [(one[1] + other[0]) / 2 for one, other in pairwise(grown)]
    return [grown[0][0] - height / 2, *between, grown[-1][1] + height / 2]


def _sections(
    body: Sequence[Line], extents: Sequence[Extent]
) -> Iterator[tuple[Line | None, list[Line]]]:
    """(a line across columns or None, the lines below it that keep to the columns) from the top."""
    across: Line | None = None
    kept: list[Line] = []
    for line in body:
        stretches = [(part[0].left, part[-1].right) for part in _parted(line, _GUTTER)]
        if any(
            sum(left < end and right > start for start, end in extents) > 1
            for left, right in stretches
        ):
            yield across, kept
            across, kept = line, []
        else:
            kept.append(line)
    yield across, kept


def _rows(
    lines: Sequence[Line], edges: Sequence[float], height: float, task: int
) -> tuple[list[list[list[Line]]], list[Line]]:
    """(the lines of each cell by row, the lines below the last row). Raises NotApart when nothing says
    where rows begin, or two things say it differently."""
    ways: list[tuple[float, list[list[list[Line]]], list[Line]]] = []
    single = [[_middle(line) for line in column] for column in _columns(lines, edges) if column]
    for stands in (min, statistics.fmean, max):
        for anchors in (*single, *_bands(lines, stands)):
            end = _end(lines, anchors[-1], height)
            divided = [
                _divided(each, anchors, stands, right, height, ends=number == task)
                for number, (each, right) in enumerate(
                    zip(_columns(lines[:end], edges), edges[1:], strict=True)
                )
            ]
            cells = [column for _, column in divided]
            cost = sum(cost for cost, _ in divided)
            if all(cells[task]) and cost <= _MOST_BLANK * len(anchors) * len(cells):
                ways.append((cost, cells, [*lines[end:]]))
    if not ways:
        raise NotApart
    cost, cells, below = min(ways, key=lambda way: way[0])
    others = [way for way in ways if way[0] < cost + _STRAIGHT]
    if any(_places(other) != _places(cells) for _, other, _ in others):
        raise NotApart
    return [[column[row] for column in cells] for row in range(len(cells[0]))], below


def _end(lines: Sequence[Line], last: float, height: float) -> int:
    """How many lines come before the first that stands apart below the last row."""
    for at, (one, other) in enumerate(pairwise(lines), start=1):
        below = _middle(other)
        if below > last + height / 2 and below - _middle(one) > _TOO_FAR * height:
            return at
    return len(lines)


def _by_column(line: Line, edges: Sequence[float]) -> list[Line]:
    return [
        [m for m in line if left <= (m.left + m.right) / 2 < right]
        for left, right in pairwise(edges)
    ]


def _columns(lines: Sequence[Line], edges: Sequence[float]) -> list[list[Line]]:
    """The lines of each column from the top."""
    parts = [_by_column(line, edges) for line in lines]
    return [[part[column] for part in parts if part[column]] for column in range(len(edges) - 1)]


def _places(cells: Sequence[Sequence[Sequence[Line]]]) -> list[list[int]]:
    return [[len(lines) for lines in column] for column in cells]


def _bands(lines: Sequence[Line], stands: Stands) -> Iterator[list[float]]:
    """The height at which the lines of each row stand, if rows are further apart than lines."""
    at = [_middle(line) for line in lines]
    spaces = [below - above for above, below in pairwise(at)]
    if not spaces:
        return
    usual = sorted(spaces)[len(spaces) // 4]
    cuts = [n for n, space in enumerate(spaces, start=1) if space > _WIDER * usual]
    if cuts:
        yield [stands(at[a:b]) for a, b in pairwise((0, *cuts, len(at)))]


def _divided(
    column: Sequence[Line],
    anchors: Sequence[float],
    stands: Stands,
    right: float,
    height: float,
    *,
    ends: bool,
) -> tuple[float, list[list[Line]]]:
    """(cost, the lines of each row) when the `stands` of the heights of a row's lines,
    the first, the middle or the last, is that of its anchor. The cheapest way to part the lines. With
    `ends` no line that was broken is the last of its row, but of the last one on the page."""
    at = [_middle(line) for line in column]
    texts = [_text(line) for line in column]
    # A list within a cell begins each item on a line of its own.
    full = [
        right - line[-1].right < _FULL * height or bool(_ITEM.match(below))
        for line, below in zip(column, [*texts[1:], ""], strict=True)
    ]

    def cost(row: int, start: int, end: int) -> float:
        if any(below - above > _TOO_FAR * height for above, below in pairwise(at[start:end])):
            return math.inf
        beside = abs(stands(at[start:end]) - anchors[row]) / height
        parted = not all(full[start : end - 1])
        goes_on = full[end - 1] and not texts[end - 1].endswith(SENTENCE_END)
        broken = ends and goes_on and row + 1 < len(anchors)
        return math.inf if parted or broken or beside > _STRAIGHT else beside

    # By how many lines are placed: the cheapest way up to the row looked at, and where it began.
    ways = [0.0, *(math.inf for _ in at)]
    begins: list[list[int]] = []
    for row in range(len(anchors)):
        following = [way + _NONE for way in ways]
        begun = [*range(len(at) + 1)]
        # No line of a row stands beyond the anchors of its neighbours.
        first = bisect_right(at, anchors[row - 1]) if row else 0
        last = bisect_left(at, anchors[row + 1]) if row + 1 < len(anchors) else len(at)
        for start in range(first, last):
            for end in range(start + 1, last + 1):
                total = ways[start] + cost(row, start, end)
                if total < following[end]:
                    following[end], begun[end] = total, start
        ways = following
        begins.append(begun)
    cuts = [len(at)]
    for begun in reversed(begins):
        cuts.append(begun[cuts[-1]])
    cuts.reverse()
    return ways[-1], [list(column[a:b]) for a, b in pairwise(cuts)]
