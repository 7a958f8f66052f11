"""Tables drawn another way round, turned so that a row is a task and a column a part of it.

Cards have their headings beside the values, one card for each task. A matrix has units or months as
headings and a mark where they belong to a task. Knows rows, cells and the grammar of headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from loaders.columns import columns_at, find_columns
from loaders.grid import Cell, Grid, Row
from loaders.labels import heading_of
from loaders.phrases import is_unit_name, read_deadline
from loaders.reference import OWNERS, Spelling
from loaders.wording import folded, one_line

_FEWEST_PARTS = 3
_FEWEST_MARKED = 2
_ROLES = "牵头|主办|主责|负责|责任|承办|配合|协办|协同|参与|参加"
_SIGN = r"[√✓✔☑●○◎▲△★☆■□◆◇⬤◯*＊]"
_MARK = re.compile(rf"{_SIGN}|(?:{_ROLES})(?:单位|部门|处室)?|[vVoO主协]")
_LEGEND = re.compile(rf"({_SIGN})[”\"’']?(?:[:：]|为|是|表示|代表|指|—|-)*[“\"]?({_ROLES})")
_SHORT_MARKS = {"主": "牵头", "协": "配合"}
_ANY_YEAR, _LONGEST_MARK = 2000, 8


def upright(
    grids: Sequence[Grid], lines: Iterable[str], spellings: Mapping[str, Spelling]
) -> tuple[Grid, ...]:
    """The grids, each card and matrix turned; the others as they are. `lines` are the texts around them,
    in which a legend may stand."""
    legend = {mark: role for line in lines for mark, role in _LEGEND.findall(line)}
    return tuple(_turned(grid, legend, spellings) for grid in grids)


def holds_tasks(grid: Grid, spellings: Mapping[str, Spelling]) -> bool:
    """Whether a grid is a table of tasks, drawn either way."""
    return bool(find_columns(grid, spellings) or _from_cards(grid, spellings))


def _turned(grid: Grid, legend: Mapping[str, str], spellings: Mapping[str, Spelling]) -> Grid:
    if grid.fields:
        return grid
    if cards := _from_cards(grid, spellings):
        return cards
    headed = next(
        (
            (index, columns.height)
            for index in range(len(grid.rows))
            if (columns := columns_at(grid.rows, index, spellings))
        ),
        None,
    )
    if headed is None:
        return grid
    return _from_matrix(grid, *headed, legend)


def _from_cards(grid: Grid, spellings: Mapping[str, Spelling]) -> Grid | None:
    """The cards of a grid as rows below one header, or None when it holds none."""
    above: list[Row] = []
    cards: list[dict[str, tuple[Cell, Cell]]] = []
    known: set[str] = set()
    for row in grid.rows:
        cells = list(dict.fromkeys(row.cells))
        if len(cells) == 1 or not any(cell.text for cell in cells):
            above.append(replace(row, loose=True))
            continue
        if row.loose or len(cells) % 2:
            return None
        if any(value.text and heading_of(value.text, spellings) for value in cells[1::2]):
            # The headings of a table stand beside each other.
            return None
        for name, value in zip(cells[::2], cells[1::2], strict=True):
            if not name.text:
                if value.text:
                    return None
                continue
            key = folded(name.text)
            heading = heading_of(name.text, spellings)
            if heading:
                known |= {heading.spelling.field}
            before = cards[-1].get(key) if cards else None
            if before and before[0] is name:
                # The heading is merged over several values.
                value = replace(value, text=f"{before[1].text}\n{value.text}")
            elif before or not cards:
                cards.append({})
            cards[-1][key] = (name, value)
    names = {key: name for card in reversed(cards) for key, (name, _) in card.items()}
    ordered = list(dict.fromkeys(key for card in cards for key in card))
    found = [key for key in ordered if heading_of(names[key].text, spellings)]
    if (
        len(found) < _FEWEST_PARTS
        or len(ordered) > 2 * len(found)
        or "task" not in known
        or not known & {*OWNERS, "deadline"}
    ):
        return None
    header = Row(names[ordered[0]].row, tuple(names[key] for key in ordered))
    rows = [_card_row(card, ordered) for card in cards]
    return replace(grid, rows=(*above, header, *rows), carries=False, continues=False)


def _card_row(card: Mapping[str, tuple[Cell, Cell]], ordered: Sequence[str]) -> Row:
    number = next(iter(card.values()))[1].row
    blank = Cell("", number, None)
    return Row(number, tuple(card[key][1] if key in card else blank for key in ordered))


def _from_matrix(grid: Grid, index: int, height: int, legend: Mapping[str, str]) -> Grid:
    """The grid, its columns headed by units or by times as one column of owners or deadlines."""
    header, first = grid.rows[index + height - 1], index + height
    names = _names(grid.rows[index:first])
    body = [row for row in grid.rows[first:] if not row.loose and len(row.cells) == len(names)]
    marked = [column for column in range(len(names)) if names[column] and _are_marks(body, column)]
    units = [column for column in marked if is_unit_name(names[column])]
    times = [c for c in marked if read_deadline(names[c], _ANY_YEAR).kind == "date"]
    for columns, name in ((units, "责任单位"), (times, "完成时限")):
        if len(columns) < _FEWEST_MARKED or name in map(folded, names):
            continue
        signs = {folded(row.cells[c].text) for row in body for c in columns} - {""}
        known = {sign: _role(sign, legend) for sign in signs}
        rows = [
            row
            if row.loose or len(row.cells) != len(names)
            else _joined(row, columns, _stated(row, columns, names, name, known))
            for row in grid.rows[first:]
        ]
        head = tuple(
            Cell(name, header.number, columns[0] + 1) if c == columns[0] else cell
            for c, cell in enumerate(header.cells)
            if c == columns[0] or c not in columns
        )
        message = f"“{names[columns[0]]}”等 {len(columns)} 列按标记合并读作{name}，请核对"
        if name == "责任单位" and (plain := [s for s in signs if not known[s]]) and len(signs) > 1:
            message += f"；没有写明“{'、'.join(sorted(plain))}”的含义"
        about = "responsible_text" if name == "责任单位" else "deadline_text"
        return replace(
            grid,
            rows=(*grid.rows[:index], Row(header.number, head), *rows),
            doubts=(*grid.doubts, (header.number, message, about, ())),
        )
    return grid


def _names(header: Sequence[Row]) -> list[str]:
    """The lowest heading of each column."""
    width = len(header[-1].cells)
    texts = [
        [one_line(row.cells[column].text) for row in header if column < len(row.cells)]
        for column in range(width)
    ]
    return [next(filter(None, reversed(column)), "") for column in texts]


def _are_marks(body: Sequence[Row], column: int) -> bool:
    found = False
    for row in body:
        text = row.cells[column].text
        if not text or text.isspace():
            continue
        if len(text) > _LONGEST_MARK or not _MARK.fullmatch(folded(text)):
            return False
        found = True
    return found


def _role(sign: str, legend: Mapping[str, str]) -> str:
    """The word for the part a mark gives a unit; "" for a mark that nobody explains."""
    if found := re.match(_ROLES, sign):
        return found[0]
    return legend.get(sign) or _SHORT_MARKS.get(sign, "")


def _stated(
    row: Row, columns: Sequence[int], names: Sequence[str], name: str, known: Mapping[str, str]
) -> str:
    """What the marks of a row say: 法规处牵头；运输处配合, or 2季度—3季度."""
    at = [column for column in columns if row.cells[column].text.strip()]
    if name == "责任单位":
        return "；".join(f"{names[c]}{known[folded(row.cells[c].text)]}" for c in at)
    if len(at) > 1 and at == list(range(at[0], at[-1] + 1)):
        return f"{names[at[0]]}—{names[at[-1]]}"
    return "、".join(names[c] for c in at)


def _joined(row: Row, columns: Sequence[int], text: str) -> Row:
    cell = Cell(text, row.number, columns[0] + 1)
    return replace(
        row,
        cells=tuple(
            cell if c == columns[0] else other
            for c, other in enumerate(row.cells)
            if c == columns[0] or c not in columns
        ),
    )
