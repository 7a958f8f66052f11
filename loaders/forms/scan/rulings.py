"""The ruled tables of a straight page: where their lines run and which cells they bound.

A merged cell is found by the line that is missing between neighbours. Knows no text.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[Any]
"""Of bytes; opencv declares what it returns no closer."""
Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""
LINE_SPACING = 8
"""Pixels at 200 dpi by which the lines of one edge may differ."""
_SHORTEST = 44
"""Pixels of the shortest line: the strokes of a character of 14 points are shorter."""
_LOWEST = 22
"""Pixels of the side of the lowest row."""
_DRAWN = 0.6
"""The share of a side of a cell that must be drawn for the side to be a line."""
_STRAY, _WHOLE = 0.3, 0.85
"""Shares between which it is not sure whether a side is a line."""
_CROOKED = 12
"""Pixels by which the corners of a table may be off before it is put straight."""

_ONE_LINE = 1.6
"""Heights of a line of the highest stretch that is one."""


@dataclass(frozen=True)
class Ruled:
    """One table: the edges of its columns and rows, and its cells as spans of them."""

    lefts: tuple[int, ...]
    tops: tuple[int, ...]
    spans: tuple[Box, ...]
    """(first column, first row, column after the last, row after the last) of each cell."""
    unclear: frozenset[Box] = frozenset()
    """Those with a side of which a part is drawn: whether they are merged is not sure."""

    @property
    def box(self) -> Box:
        return self.lefts[0], self.tops[0], self.lefts[-1], self.tops[-1]

    def cell(self, span: Box) -> Box:
        """The pixels of a cell."""
        left, top, right, bottom = span
        return self.lefts[left], self.tops[top], self.lefts[right], self.tops[bottom]


def lines(dark: npt.NDArray[np.bool_]) -> tuple[Mask, Mask]:
    """(level lines, upright lines), white where there is one, over small gaps."""
    drawn = dark.astype(np.uint8) * 255
    masks = []
    for along, across in ((1, 0), (0, 1)):
        kernel = np.ones((1 + across * (_SHORTEST - 1), 1 + along * (_SHORTEST - 1)), np.uint8)
        # A line that is not quite straight leaves a row of pixels for the next: it is thickened first.
        thick = cv2.dilate(drawn, np.ones((1 + 2 * along, 1 + 2 * across), np.uint8))
        gap = np.ones((1 + 8 * across, 1 + 8 * along), np.uint8)
        masks.append(
            cv2.morphologyEx(cv2.morphologyEx(thick, cv2.MORPH_OPEN, kernel), cv2.MORPH_CLOSE, gap)
        )
    level, upright = masks
    return level, cv2.bitwise_or(upright, _short_uprights(drawn, level))


def _short_uprights(drawn: Mask, level: Mask) -> Mask:
    """The sides of rows lower than a line is long: from one level line to the next. The stroke of a
    character ends before."""
    kept = np.zeros_like(drawn)
    strokes = cv2.morphologyEx(drawn, cv2.MORPH_OPEN, np.ones((_LOWEST, 1), np.uint8))
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(strokes)
    for label, (left, top, width, height, _) in enumerate(boxes[1:], start=1):
        if width > LINE_SPACING or height > _SHORTEST + 2 * LINE_SPACING:
            continue
        columns = slice(left, left + width)
        ends = (slice(max(top - 3, 0), top + 4), slice(top + height - 4, top + height + 3))
        if all(level[end, columns].any() for end in ends):
            area = (slice(top, top + height), columns)
            kept[area] |= np.where(labels[area] == label, np.uint8(255), np.uint8(0))
    return kept


def tables(level: Mask, upright: Mask) -> list[Ruled]:
    """The tables of the page from top to bottom."""
    joined = cv2.dilate(cv2.bitwise_or(level, upright), np.ones((7, 7), np.uint8))
    _, _, boxes, _ = cv2.connectedComponentsWithStats(joined)
    found = []
    for left, top, width, height, _ in boxes[1:]:
        if width > 3 * _SHORTEST and height > _LOWEST:
            area = (slice(top, top + height), slice(left, left + width))
            ruled = _ruled(level[area], upright[area], int(left), int(top))
            if ruled and len(ruled.spans) > 1:
                found.append(ruled)
    outer = [
        table
        for table in found
        if not any(other is not table and _within(table.box, other.box) for other in found)
    ]
    return sorted(outer, key=lambda table: (table.box[1], table.box[0]))


def drawn_lines(level: Mask, upright: Mask, found: Sequence[Ruled]) -> npt.NDArray[np.bool_]:
    """Where the lines of the tables are drawn, and long lines beside them; the stroke of a large 一 in a
    title is none."""
    lines = cv2.dilate(cv2.bitwise_or(level, upright), np.ones((5, 5), np.uint8))
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(lines)
    long = boxes[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) > 4 * _SHORTEST
    long[0] = False
    kept: npt.NDArray[np.bool_] = long[labels]
    for left, top, right, bottom in (table.box for table in found):
        area = (slice(max(top - 6, 0), bottom + 6), slice(max(left - 6, 0), right + 6))
        kept[area] = lines[area] > 0
    return kept


def _within(inner: Box, outer: Box) -> bool:
    return (
        inner[0] >= outer[0]
        and inner[1] >= outer[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )


def _ruled(level: Mask, upright: Mask, left: int, top: int) -> Ruled | None:
    xs, ys = _edges(upright, 0), _edges(level, 1)
    if len(xs) < 2 or len(ys) < 2:
        return None
    rows, columns = len(ys) - 1, len(xs) - 1
    belongs = {(row, column): (row, column) for row in range(rows) for column in range(columns)}
    unclear: set[tuple[int, int]] = set()

    def root(cell: tuple[int, int]) -> tuple[int, int]:
        while belongs[cell] != cell:
            cell = belongs[cell]
        return cell

    for row, column in belongs:
        here = (row, column)
        for other, drawn in (
            ((row, column + 1), _drawn(upright, xs[column + 1], (ys[row], ys[row + 1]), 0)),
            ((row + 1, column), _drawn(level, ys[row + 1], (xs[column], xs[column + 1]), 1)),
        ):
            if other not in belongs:
                continue
            if _STRAY < drawn < _WHOLE:
                unclear |= {here, other}
            if drawn < _DRAWN:
                belongs[root(other)] = root(here)
    groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for cell in belongs:
        groups.setdefault(root(cell), []).append(cell)
    spans = _without_overlaps(
        [
            (min(c for _, c in cells), min(r for r, _ in cells), max(c for _, c in cells) + 1, max(r for r, _ in cells) + 1)
            for cells in groups.values()
        ]
    )  # fmt: skip
    # A stamp or a row of strokes looks like a line and bounds no cell.
    xs_used = sorted({column for span in spans for column in (span[0], span[2])})
    ys_used = sorted({row for span in spans for row in (span[1], span[3])})
    numbered = {
        span: (
            xs_used.index(span[0]),
            ys_used.index(span[1]),
            xs_used.index(span[2]),
            ys_used.index(span[3]),
        )
        for span in sorted(spans, key=lambda span: (span[1], span[0]))
    }
    return Ruled(
        tuple(xs[column] + left for column in xs_used),
        tuple(ys[row] + top for row in ys_used),
        tuple(numbered.values()),
        frozenset(
            number
            for span, number in numbered.items()
            if any(span[0] <= c < span[2] and span[1] <= r < span[3] for r, c in unclear)
        ),
    )


def _without_overlaps(spans: list[Box]) -> list[Box]:
    """Cells that a broken line joined to a bent shape, as the rectangle around it."""
    done: list[Box] = []
    for span in spans:
        while meeting := next((other for other in done if _meet(span, other)), None):
            done.remove(meeting)
            span = (
                min(span[0], meeting[0]), min(span[1], meeting[1]),
                max(span[2], meeting[2]), max(span[3], meeting[3]),
            )  # fmt: skip
        done.append(span)
    return done


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _edges(mask: Mask, axis: int) -> list[int]:
    """Where lines run across the axis: the middle of each, those of one edge once."""
    drawn = (mask > 0).sum(axis=axis)
    at = np.flatnonzero(drawn >= _LOWEST)
    edges: list[list[int]] = []
    for position in at:
        if edges and position - edges[-1][-1] <= LINE_SPACING:
            edges[-1].append(int(position))
        else:
            edges.append([int(position)])
    return [int(np.average(group, weights=drawn[group])) for group in edges]


def _drawn(mask: Mask, at: int, along: tuple[int, int], axis: int) -> float:
    """The share of the side of a cell along which a line runs at this edge."""
    first, last = along[0] + 3, max(along[1] - 3, along[0] + 4)
    near = slice(max(at - LINE_SPACING, 0), at + LINE_SPACING + 1)
    side = mask[first:last, near].any(axis=1) if axis == 0 else mask[near, first:last].any(axis=0)
    return float(side.mean())


def corners(level: Mask, upright: Mask) -> npt.NDArray[np.float32] | None:
    """The corners of the largest table if it is crooked, as of a page photographed at a slant: top
    left, top right, bottom right, bottom left."""
    joined = cv2.dilate(cv2.bitwise_or(level, upright), np.ones((9, 9), np.uint8))
    outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    points = max(outlines, key=cv2.contourArea).reshape(-1, 2).astype(np.float32)
    if cv2.contourArea(points) < 0.1 * joined.size:
        return None
    total, apart = points.sum(axis=1), points[:, 0] - points[:, 1]
    found = points[[total.argmin(), apart.argmax(), total.argmax(), apart.argmin()]]
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = found
    off = max(abs(ay - by), abs(cy - dy), abs(ax - dx), abs(bx - cx))
    return found if off > _CROOKED else None


def put_straight(page: Mask, found: npt.NDArray[np.float32]) -> Mask:
    """The page with these corners made those of a rectangle."""
    a, b, c, d = found
    left, right = (a[0] + d[0]) / 2, (b[0] + c[0]) / 2
    top, bottom = (a[1] + b[1]) / 2, (c[1] + d[1]) / 2
    straight = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)
    across = cv2.getPerspectiveTransform(found, straight)
    height, width = page.shape[:2]
    return cv2.warpPerspective(
        page, across, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)
    )


def lines_of_text(dark: npt.NDArray[np.bool_], box: Box, usual: float) -> list[Box]:
    """The lines of text in an area from top to bottom; `usual` is the height of a line in pixels, 0 when
    it is not known yet."""
    left, top, right, bottom = box
    area = dark[top:bottom, left:right]
    rows = area.sum(axis=1)
    filled = runs(rows > 0)
    height = usual or float(np.median([b - a for a, b in filled] or [0]))
    lines = _split(_merged(filled, height), rows, height)
    found = []
    for first, last in lines:
        columns = np.flatnonzero(area[first:last].any(axis=0))
        if len(columns):
            found.append(
                (left + int(columns[0]), top + first, left + int(columns[-1]) + 1, top + last)
            )
    return found


def pieces_of_text(dark: npt.NDArray[np.bool_], box: Box, usual: float) -> list[Box]:
    """The stretches of text in an area, parted where space is as wide as a character, wherever they stand
    beside each other; from the top, then from the left."""
    left, top, right, bottom = box
    area = dark[top:bottom, left:right].astype(np.uint8)
    rest = area.copy()
    found: list[Box] = []
    # What touches lines above and below it, as the next column may at half a line's height, is parted
    # where space is half as wide.
    for space, highest in ((1.0, _ONE_LINE * usual), (0.45, math.inf)):
        # The strokes of 二 and the dots above 六 belong together.
        kernel = np.ones((_odd(0.25 * usual), _odd(space * usual)), np.uint8)
        closed = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, kernel)
        _, labels, stats, _ = cv2.connectedComponentsWithStats(closed)
        low = stats[:, cv2.CC_STAT_HEIGHT] <= highest
        low[0] = False
        for x, y, width, height, _ in stats[low].tolist():
            rows = area[:, x : x + width].sum(axis=1)
            for first, last in _split([(y, y + height)], rows, usual):
                found.append((left + x, top + first, left + x + width, top + last))
        rest[low[labels]] = 0
    return sorted(found, key=lambda piece: (piece[1], piece[0]))


def _odd(size: float) -> int:
    """The nearest odd number: a kernel that has no middle moves what it joins."""
    return 2 * round((size - 1) / 2) + 1 if size > 1 else 1


def runs(filled: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """(first, behind the last) of each stretch that is filled."""
    padded = np.concatenate([[False], filled, [False]])
    changes = np.flatnonzero(padded[1:] != padded[:-1])
    return [(int(a), int(b)) for a, b in zip(changes[::2], changes[1::2], strict=True)]


def _merged(runs: Sequence[tuple[int, int]], height: float) -> list[tuple[int, int]]:
    """Parts of one line joined: the two strokes of 二, the dots above 总."""
    merged: list[tuple[int, int]] = []
    for first, last in runs:
        if merged and last - merged[-1][0] <= 1.25 * height:
            merged[-1] = (merged[-1][0], last)
        else:
            merged.append((first, last))
    return merged


def _split(
    runs: Sequence[tuple[int, int]], rows: npt.NDArray[np.int_], height: float
) -> list[tuple[int, int]]:
    """Lines that touch, parted where there is least ink."""
    lines: list[tuple[int, int]] = []
    for first, last in runs:
        count = round((last - first) / (1.1 * height)) if height else 1
        cuts = [first]
        for part in range(1, max(count, 1)):
            at = first + (last - first) * part / count
            low, high = int(at - 0.3 * height), int(at + 0.3 * height)
            cuts.append(low + int(rows[low:high].argmin()))
        lines += [*zip(cuts, [*cuts[1:], last], strict=True)]
    return lines
