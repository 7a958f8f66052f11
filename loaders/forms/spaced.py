"""Tables whose columns are apart by nothing but spaces: 序号 工 作 任 务 责任单位 above 1 公布目录 县发改委.

A row is divided where its words suit the columns; a line that is no row is left beside the table.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping, Sequence

from loaders.alignment import fit_cost, missing_cost
from loaders.grid import Cell, Grid, Row
from loaders.labels import heading_of
from loaders.reference import OWNERS, Spelling
from loaders.wording import is_ordinal, lines

_FEWEST_COLUMNS = 3
_LONGEST_HEADER = 80
_MOST_WORDS = 24
_WIDE = re.compile(r"\s{2,}|\t|\u3000+")
_SAME_COLUMN = 2
_NOT_BELIEVED = 5.0
_JOINED = 1.0
"""What it costs to say that a space divides no cells: more within a sentence than between units."""


def spaced_grid(written: Sequence[str], spellings: Mapping[str, Spelling]) -> Grid | None:
    """The table of a text with a header line of at least three headings, or None.

    Its rows are the lines below that fit the columns; with a column of numbers, those that open with
    one.
    """
    headed = ((index, header_of(line, spellings)) for index, line in enumerate(written))
    index, names = next((found for found in headed if found[1]), (0, []))
    if not names:
        return None
    fields = [field_of(name, spellings) for name in names]
    rows = [_loose(number, line) for number, line in enumerate(written[:index], 1)]
    rows.append(Row(index + 1, tuple(Cell(n, index + 1, c) for c, n in enumerate(names, 1))))
    doubts: list[tuple[int, str, str, tuple[str, ...]]] = []
    found = 0
    starts: list[int] = []
    for number, line in enumerate(written[index + 1 :], index + 2):
        cells = _cells(line.strip(), fields)
        if cells:
            rows.append(Row(number, tuple(Cell(t, number, c) for c, t in enumerate(cells, 1))))
            found += 1
            starts = [at for at, _ in _apart(line)]
        elif found and len(starts) == len(fields) and (more := _below(line, starts)):
            rows[-1] = _continued(rows[-1], more)
        else:
            starts = []
            rows.append(_loose(number, line))
            if found and line.strip():
                doubts.append(
                    (number, f"“{line.strip()[:30]}”没有归入表中的列，没有读入，请核对", "row", ())
                )
    return Grid("", tuple(rows), drawn=False, doubts=tuple(doubts)) if found else None


def header_of(line: str, spellings: Mapping[str, Spelling]) -> list[str]:
    """The headings a line of text is made of, its words joined where only together they are one (工 作 任 务);
    none when the task and an owner or a deadline are not among them."""
    words = line.split()
    if len(line) > _LONGEST_HEADER or not _FEWEST_COLUMNS <= len(words) <= _MOST_WORDS:
        return []
    # 项 of 工 作 事 项 is a heading by itself, and is none there.
    whole = [len(word) > 1 and bool(heading_of(word, spellings)) for word in words]
    # By how many words are used: the fewest headings they make, or None.
    ways: list[list[str] | None] = [[]]
    for end in range(1, len(words) + 1):
        options = [
            [*before, name]
            for start in range(end)
            if (before := ways[start]) is not None
            and (start == end - 1 or not any(whole[start:end]))
            and heading_of(name := "".join(words[start:end]), spellings)
        ]
        ways.append(min(options, key=len, default=None))
    names = ways[-1] or []
    fields = {field_of(name, spellings) for name in names}
    is_table = "task" in fields and fields & {*OWNERS, "deadline"}
    return names if is_table and len(names) >= _FEWEST_COLUMNS else []


def field_of(name: str, spellings: Mapping[str, Spelling]) -> str:
    heading = heading_of(name, spellings)
    return heading.spelling.field if heading else ""


def _cells(line: str, fields: Sequence[str]) -> list[str]:
    """The cells of a line; none when it is no row of the table."""
    apart = [part.strip() for part in _WIDE.split(line) if part.strip()]
    words = apart if len(apart) == len(fields) else line.split()
    if not words or len(words) > _MOST_WORDS or ("number" in fields and not is_ordinal(words[0])):
        return []
    whole = len(words) == len(fields)
    cells = list(words) if whole else _divided(tuple(words), tuple(fields))
    worst = max(
        fit_cost(f, cell) for f, cell in zip(fields, cells, strict=True) if f in ("task", "number")
    )
    filled = sum(bool(cell) for cell in cells)
    return cells if worst < _NOT_BELIEVED and filled > 1 else []


def _apart(line: str) -> list[tuple[int, str]]:
    """The stretches of a line that wide spaces part, each with where it begins as it is seen: a Chinese
    character is two wide."""
    found: list[tuple[int, str]] = []
    at = 0
    for part in re.split(f"({_WIDE.pattern})", line.rstrip()):
        if part.strip():
            found.append((at + _width(part[: len(part) - len(part.lstrip())]), part.strip()))
        at += _width(part)
    return found


def _width(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(character) in "WFA") for character in text)


def _below(line: str, starts: Sequence[int]) -> dict[int, str]:
    """The column of each stretch of a line that begins below a cell of the row above; none when any
    stretch begins elsewhere, or the line has no column free of text."""
    places: dict[int, str] = {}
    for at, text in _apart(line):
        column = min(range(len(starts)), key=lambda index: abs(starts[index] - at))
        if abs(starts[column] - at) > _SAME_COLUMN or column in places:
            return {}
        places[column] = text
    return places if 0 not in places else {}


def _continued(row: Row, more: Mapping[int, str]) -> Row:
    cells = (
        Cell(f"{cell.text}\n{more[c]}", cell.row, cell.column) if c in more else cell
        for c, cell in enumerate(row.cells)
    )
    return Row(row.number, tuple(cells))


@functools.lru_cache(maxsize=256)
def _divided(words: tuple[str, ...], fields: tuple[str, ...]) -> list[str]:
    """The words as one cell for each field, in their order, so that they suit the fields best."""
    # By how many words are placed: the cheapest cells up to the field looked at.
    ways: list[tuple[float, list[str]] | None] = [(0.0, []), *(None for _ in words)]
    for field in fields:
        following: list[tuple[float, list[str]] | None] = []
        for end in range(len(words) + 1):
            options = []
            for start in range(end + 1):
                if (before := ways[start]) is not None:
                    text = " ".join(words[start:end])
                    cost = fit_cost(field, text) if text else missing_cost(field)
                    cost += _JOINED * max(0, end - start - 1) * (1 if field in OWNERS else 2)
                    options.append((before[0] + cost, [*before[1], text]))
            following.append(min(options, key=lambda way: way[0], default=None))
        ways = following
    best = ways[-1]
    return best[1] if best else [""] * len(fields)


def _loose(number: int, line: str) -> Row:
    return Row(number, (Cell(lines(line), number, None),), loose=True)
