"""The ways text draws a table: one cell per line, tabs, bars, and cells without any row marks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from loaders.alignment import into_rows
from loaders.grid import Cell, Grid, Row
from loaders.labels import Heading, heading_of
from loaders.reference import OWNERS, Spelling

BARS = "|｜│"
_BAR = re.compile(f"[{BARS}]")
_BARS_ALONE = re.compile(rf"[{BARS}\s]+")
_ENDED_CELL = re.compile(rf"[^{BARS}]+[{BARS}]")
_RULE = re.compile(r"[\s|｜│:：\-—+=─┼]+")
_SENTENCE_END = tuple("。；;！!？?")
_OPENING, _CLOSING = "（(〔[【《“", "）)〕]】》”"
_AFTER_TABLE = re.compile(r"(?:注|备注|说明|附注|附件\d*|联系人|抄送|主送)[:：]|[(（]此件")
_FEWEST_NAMES = 3
_MOST_PIECES = 50_000


def tabbed_cells(lines: Sequence[str]) -> bool:
    """Whether a leading tab marks each cell and a blank line each row (the Ningxia ledger)."""
    tabbed = [line for line in lines if "\t" in line]
    single = [line for line in tabbed if line.startswith("\t") and line.count("\t") == 1]
    return bool(single) and len(single) * 2 > len(tabbed)


def block_rows(lines: Sequence[str]) -> list[Row]:
    """One row per block of tabbed lines; a tab alone is a blank cell, an empty line ends a row.

    A line without a tab inside a block goes on with the cell before it; outside it is loose text.
    """
    rows: list[Row] = []
    block: list[tuple[int, str]] = []

    def close() -> None:
        if block:
            cells = [Cell(text.strip(), at, i) for i, (at, text) in enumerate(block, start=1)]
            rows.append(Row(block[0][0], tuple(cells)))
            block.clear()

    for number, line in enumerate(lines, start=1):
        if line.startswith("\t"):
            block.append((number, line[1:]))
        elif not line.strip():
            close()
            if not rows or rows[-1].loose:
                rows.append(loose(number, ""))
        elif block:
            at, text = block[-1]
            block[-1] = (at, f"{text}\n{line}")
        else:
            rows.append(loose(number, line))
    close()
    return rows


def tab_rows(lines: Sequence[str]) -> list[Row]:
    """One row per line with tabs; other lines are loose."""
    return [
        row_of(number, line.split("\t")) if "\t" in line else loose(number, line)
        for number, line in enumerate(lines, start=1)
    ]


def has_bars(lines: Sequence[str]) -> bool:
    """Whether lines are rows with bars between their cells, as in a | b | c."""
    return sum(1 for line in lines if len(_bar_cells(line)) > 1) > 1


def bar_rows(lines: Sequence[str]) -> list[Row]:
    """One row per line with bars; the ruling of a markdown table is a blank line.

    The last line may have been cut before its first bar (11.提前做好…助力政策): a line without bars is
    a row when it is the last one and opens with the next number.
    """
    rows = []
    drawn = [line.strip() for line in lines if _BAR.search(line) and not _RULE.fullmatch(line)]
    # A bar that opens most rows draws the table's edge; before few it ends a blank cell.
    edged = 2 * sum(bool(_BAR.match(line)) for line in drawn) > len(drawn)
    for number, line in enumerate(lines, start=1):
        if _RULE.fullmatch(line):
            rows.append(loose(number, ""))
        elif _BAR.search(line):
            rows.append(row_of(number, _bar_cells(line, edged=edged)))
        else:
            rows.append(loose(number, line))
    filled = [i for i, row in enumerate(rows) if row.cells[0].text or not row.loose]
    if len(filled) > 1:
        last, before = rows[filled[-1]], rows[filled[-2]]
        text = last.cells[0].text
        in_table = not before.loose and re.match(r"\d{1,3}\s*[.．、]", text)
        unfinished = not lines[last.number - 1].rstrip().endswith(("|", "｜", *_SENTENCE_END))
        if last.loose and in_table and unfinished:
            rows[filled[-1]] = Row(last.number, (Cell(text, last.number, 1),), cut=True)
        elif not last.loose and len(last.cells) < len(before.cells) and unfinished:
            rows[filled[-1]] = Row(last.number, last.cells, cut=True)
    return rows


def _bar_cells(line: str, *, edged: bool = True) -> list[str]:
    cells = [cell.strip() for cell in _BAR.split(line)]
    if edged and cells and not cells[0]:
        del cells[0]
    if len(cells) > 1 and not cells[-1]:
        del cells[-1]
    return cells


def stream_grid(lines: Sequence[str], spellings: Mapping[str, Spelling]) -> Grid | None:
    """The table of a text whose cells follow each other without row marks, or None.

    Saved from a page, the cells of the Chizhou list are separated by lines with a bar, those of the
    Lianyungang list by blank lines; only their column names, one per line, show that it is a table.
    What belongs to which row and column is found from what the cells say.
    """
    pieces, barred = _pieces(lines)
    if len(pieces) > _MOST_PIECES:
        return None
    pieces = _name_apart(pieces, spellings)
    found = _header(pieces, spellings)
    if found is None:
        return None
    start, names, fields = found
    body = pieces[start + len(names) :]
    end = next((i for i, (_, t) in enumerate(body) if _AFTER_TABLE.match(t)), len(body))
    after, body = body[end:], _with_lost_ends(body[:end])
    columns = _with_hidden_columns(fields)
    width = len(columns)
    rows = into_rows([text for _, text in body], columns, broken_cells=not barred)
    drawn = [_row(group, body, width) for group in rows]
    if drawn and not after and _ends_abruptly(rows[-1], body, columns):
        drawn[-1] = Row(drawn[-1].number, drawn[-1].cells, cut=True)
    printed = (Cell(text, line, None) for line, text in names)
    header = [
        next(printed) if own else Cell("", pieces[start][0], None)
        for own in _printed_columns(fields, columns)
    ]
    above = [loose(at, text) for at, text in pieces[:start]]
    return Grid(
        "",
        (*above, Row(pieces[start][0], tuple(header)), *drawn, *(loose(*p) for p in after)),
        fields=columns,
        header=len(above),
        drawn=False,
    )


def _pieces(lines: Sequence[str]) -> tuple[list[tuple[int, str]], bool]:
    """((line, text) of each cell, whether bars end them).

    A bar stands on a line of its own between two cells, or at the end of each cell's line. Between bars
    a cell may have several lines; between two bars on lines of their own is a blank cell.
    """
    alone = sum(1 for line in lines if _BAR.fullmatch(line.strip())) >= _FEWEST_NAMES
    ended = sum(1 for line in lines if _ENDED_CELL.fullmatch(line.strip())) >= _FEWEST_NAMES
    pieces: list[tuple[int, str]] = []
    open_cell = False
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if ended and _BARS_ALONE.fullmatch(text):
            open_cell = False
            continue
        if alone and _BAR.fullmatch(text):
            if not open_cell and pieces:
                pieces.append((number, ""))
            open_cell = False
            continue
        ends = ended and bool(_ENDED_CELL.fullmatch(text))
        text = text[:-1].rstrip() if ends else text
        if not text:
            continue
        if (alone or ended) and open_cell:
            at, before = pieces[-1]
            pieces[-1] = (at, f"{before}\n{text}")
        else:
            pieces.append((number, text))
        open_cell = not ends
    return pieces, alone or ended


def _name_apart(
    pieces: list[tuple[int, str]], spellings: Mapping[str, Spelling]
) -> list[tuple[int, str]]:
    """The pieces, the first column's name apart from the lines above it, which no bar ends."""
    if not pieces:
        return pieces
    (at, text), *others = pieces
    *above, name = text.split("\n")
    if not above or not heading_of(name, spellings):
        return pieces
    titles = [(at + i, line) for i, line in enumerate(above)]
    return [*titles, (at + len(above), name), *others]


def _header(
    pieces: Sequence[tuple[int, str]], spellings: Mapping[str, Spelling]
) -> tuple[int, list[tuple[int, str]], list[str]] | None:
    """(index, pieces, fields) of the column names: the first run of at least three."""
    start = 0
    while start < len(pieces):
        end = start
        headings: list[Heading] = []
        while end < len(pieces) and (heading := heading_of(pieces[end][1], spellings)):
            headings.append(heading)
            end += 1
        if end - start >= _FEWEST_NAMES:
            names = list(pieces[start:end])
            fields = _fields(headings)
            if "task" in fields and {*OWNERS, "deadline"} & {*fields}:
                return start, names, fields
        start = max(end, start + 1)
    return None


def _fields(headings: Sequence[Heading]) -> list[str]:
    """The field of each column; a general name gives way to a specific one, as in a drawn table, and the
    last and most particular of several headings of duties is the task."""
    fields = [""] * len(headings)
    if (task := _task_among(headings)) is not None:
        fields[task] = "task"
    for index in sorted(range(len(headings)), key=lambda i: _generality(headings[i])):
        spelling, rank = headings[index]
        if index == task:
            continue
        levels = ("level1", "level2") if rank is not None and spelling.field == "task" else ()
        wanted = (spelling.field, spelling.otherwise, *levels)
        fields[index] = next((f for f in wanted if f and f not in fields), "")
    return fields


def _task_among(headings: Sequence[Heading]) -> int | None:
    """The index of the heading whose cells are the tasks: 工作要求 behind 任务名称."""
    task = None
    for index in sorted(range(len(headings)), key=lambda i: _generality(headings[i])):
        spelling, rank = headings[index]
        if task is None and spelling.field == "task":
            task = index
    for index, (_, rank) in enumerate(headings):
        if task is not None and index > task and rank is not None:
            chosen = headings[task].rank
            task = index if chosen is not None and rank >= chosen else task
    return task


def _generality(heading: Heading) -> tuple[bool, bool, int]:
    spelling, rank = heading
    return bool(spelling.otherwise) and rank is None, rank is None, -(rank or 0)


def _with_hidden_columns(fields: Sequence[str]) -> tuple[str, ...]:
    """The columns with those that share a printed name: a number before the task, a second level.

    具体要求 of the Chizhou list stands over 1 and 对行政规范性文件…, 工作任务 of the Lianyungang list over
    工作组织推进力度（20分） and 组织建设（4分）.
    """
    columns: list[str] = []
    for field in fields:
        if field == "task" and "number" not in fields:
            columns.append("number")
        columns.append(field)
        if field == "level1" and "level2" not in fields:
            columns.append("level2")
    return tuple(columns)


def _printed_columns(fields: Sequence[str], columns: Sequence[str]) -> list[bool]:
    """Which of the columns have a printed name of their own."""
    left = list(fields)
    own = []
    for column in columns:
        own.append(bool(left) and column == left[0])
        if own[-1]:
            del left[0]
    return own


def _with_lost_ends(body: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """The cells, a piece with a closing bracket too many joined to the one before.

    组织建设 / 4分) was 组织建设（4分） with a line break, whose bracket the saving lost.
    """
    joined: list[tuple[int, str]] = []
    for at, text in body:
        if joined and text and _depth(text) < 0:
            before = joined[-1][1]
            opening = "" if _depth(before) > 0 else "（"
            joined[-1] = (joined[-1][0], f"{before}{opening}{text}")
        else:
            joined.append((at, text))
    return joined


def _depth(text: str) -> int:
    return sum((c in _OPENING) - (c in _CLOSING) for c in text)


def _row(group: Sequence[tuple[int, int]], body: Sequence[tuple[int, str]], width: int) -> Row:
    number = body[group[0][0]][0]
    cells = [Cell("", number, None) for _ in range(width)]
    for index, column in group:
        at, text = body[index]
        before = cells[column].text
        cells[column] = Cell(f"{before}\n{text}" if before else text, at, None)
    return Row(number, tuple(cells))


def _ends_abruptly(
    group: Sequence[tuple[int, int]], body: Sequence[tuple[int, str]], columns: Sequence[str]
) -> bool:
    index, column = group[-1]
    after = {*columns[column + 1 :]}
    lacks_owner = bool(after & {*OWNERS}) and columns[column] not in OWNERS
    return lacks_owner and not body[index][1].endswith(_SENTENCE_END)


def row_of(number: int, texts: Sequence[str]) -> Row:
    return Row(number, tuple(Cell(t.strip(), number, i) for i, t in enumerate(texts, start=1)))


def loose(number: int, line: str) -> Row:
    return Row(number, (Cell(line.strip(), number, None),), loose=True)
