"""Plans in running text: headings 一、（一）1., a paragraph, its owner in brackets or on label lines.

Gives a grid like any other: the headings are cells of 一级 and 二级指标, merged over the duties below
them, and a duty with the lines that belong to it is one row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from loaders.forms.statements import (
    Duty,
    Statement,
    is_label_line,
    read_duties,
    read_label_lines,
)
from loaders.grid import Cell, Grid, Row
from loaders.limits import MAX_CELL_CHARACTERS
from loaders.model import LedgerError
from loaders.wording import folded

_ORDINAL = r"[一二三四五六七八九十百]+"
_MARKS = (
    re.compile(
        rf"(第{_ORDINAL}[章节篇]|第{_ORDINAL}部分|{_ORDINAL})\s*(?:[、.．:：]|(?<=[章节篇分])\s*)"
    ),
    re.compile(rf"([（(]\s*{_ORDINAL}\s*[）)])\s*、?"),
    re.compile(r"(\d{1,3})\s*(?:[、．]|\.(?!\d))"),
)
# 每月归集。【厅信息中心】 is a duty and its owner, no title.
_TITLE = re.compile(r"([^。；;]{2,40})。\s*(?=[^\s（(〔\[【])")
_LONGEST_TITLE = 40
_MOST_LINES = 20_000
_MOST_CHARACTERS = 500_000
_SENTENCE_END = ("。", "；", ";", "！", "”", "》", "）", ")")
# What plans end or begin with, where nobody in particular is told to do anything.
_NO_DUTIES = re.compile(
    r"总体要求|指导思想|基本原则|总体思路|工作目标|主要目标|总体目标|工作要求|有关要求|保障措施|组织保障|组织实施|工作机制"
)
_AFTERWORD = re.compile(
    r"附件|附表|注[:：]|联系人|联系电话|抄送|主送|[（(]此件|(?:20\d\d|二[〇○零][一二三四五六七八九〇○零]{2})年\d{0,2}[^。]{0,6}日$"
)
_TASK, _OWNER, _DEADLINE = 3, 4, 5
_COLUMNS = ("number", "level1", "level2", "task", "responsible", "deadline")


@dataclass
class _Section:
    """A heading, or a numbered duty, with the lines up to the next one."""

    line: int
    depth: int
    """0 for 一、, 1 for （一）, 2 for 1."""
    mark: str
    title: str
    body: list[tuple[int, str]]
    is_heading: bool = False
    """Whether deeper sections follow."""
    duties: list[Duty] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    stated_apart: bool = False
    """Whether its owner stands on a line of its own."""
    shared: dict[int, Cell] = field(default_factory=dict)
    """The cells of owner and deadline it shares with its neighbours, by column."""


def prose_grid(lines: Sequence[tuple[int, str]], *, table: str = "") -> Grid | None:
    """The duties of a plan given as (line, text), or None when nobody is named for any of them.

    Raises LedgerError for a text longer than any plan.
    """
    written = [(number, text.strip()) for number, text in lines]
    if len(written) > _MOST_LINES or sum(len(text) for _, text in written) > _MOST_CHARACTERS:
        raise LedgerError(
            f"没有找到任务表格，作为文字方案又超过 {_MOST_LINES} 行或 {_MOST_CHARACTERS // 10_000} 万字，"
            "请只保留任务所在的部分后再导入"
        )
    if any(len(text) > MAX_CELL_CHARACTERS for _, text in written):
        return None
    above, sections = _sections(written)
    for section in sections:
        _read_section(section)
    if not any(duty.statement.owner for section in sections for duty in section.duties):
        return None
    with_deadline = any(d.statement.deadline for s in sections for d in s.duties)
    _share_owners(sections)
    columns = _COLUMNS if with_deadline else _COLUMNS[:-1]
    rows = [_loose(number, text) for number, text in above]
    rows += _rows(sections, len(columns))
    _mark_cut(rows)
    return Grid(table, tuple(rows), fields=columns, carries=False, drawn=False)


def _sections(
    lines: Sequence[tuple[int, str]],
) -> tuple[list[tuple[int, str]], list[_Section]]:
    """The lines above the first heading, and the sections in order.

    A covering letter may number its enclosures (附件：1.…): before the first 一、 a number is none.
    """
    highest = min((depth for _, text in lines if (depth := _depth(text)) is not None), default=2)
    above: list[tuple[int, str]] = []
    sections: list[_Section] = []
    for number, text in lines:
        depth = _depth(text)
        if depth is None or (not sections and depth != highest):
            (sections[-1].body if sections else above).append((number, text))
            continue
        mark = _MARKS[depth].match(text)
        rest = text[mark.end() :].strip()
        title = _TITLE.match(rest)
        if title:
            section = _Section(number, depth, mark[1], title[1], [(number, rest[title.end() :])])
        elif rest and len(rest) <= _LONGEST_TITLE and "。" not in rest.rstrip("。"):
            section = _Section(number, depth, mark[1], rest, [])
        else:
            section = _Section(number, depth, mark[1], "", [(number, rest)] if rest else [])
        if sections and sections[-1].depth < depth:
            sections[-1].is_heading = True
        sections.append(section)
    return above, sections


def _depth(text: str) -> int | None:
    return next((depth for depth, mark in enumerate(_MARKS) if mark.match(text)), None)


def _read_section(section: _Section) -> None:
    """Find the duties in the lines of a section, and the lines that are none."""
    of_title = read_duties(section.title)[:1]
    if of_title and of_title[0].statement:
        section.title = of_title[0].text
    text = ""
    labels: list[str] = []
    over = False
    for number, line in section.body:
        if not line:
            continue
        if is_label_line(line):
            section.stated_apart |= not labels
            labels.append(line)
            continue
        # An owner is followed by nothing but another duty with an owner of its own.
        ended = bool(labels or section.duties)
        found = read_duties(line)
        over = over or bool(_AFTERWORD.match(line))
        if over or (ended and not any(duty.statement.owner for duty in found)):
            section.notes.append((number, line))
            continue
        if labels and text:
            section.duties.append(Duty(text, read_label_lines(labels)))
            text, labels = "", []
        if not any(duty.statement for duty in found):
            text = f"{text}\n{line}" if text else line
            continue
        section.stated_apart |= not found[0].text and number != section.line
        first, *others = found
        joined = "\n".join(filter(None, (text, first.text)))
        section.duties += [Duty(joined, first.statement, first.cut), *others]
        text = ""
    stated = read_label_lines(labels)
    if stated and not text and section.duties:
        last = section.duties[-1]
        section.duties[-1] = Duty(last.text, last.statement + stated, last.cut)
    elif text or stated:
        section.duties.append(Duty(text, stated))
    if of_title and of_title[0].statement:
        title = of_title[0]
        section.duties = [
            duty if duty.statement.owner else replace(duty, statement=title.statement)
            for duty in section.duties or [Duty("", title.statement, title.cut)]
        ]


def _rows(sections: Sequence[_Section], width: int) -> Iterator[Row]:
    """One row for each heading, duty and other line, in the order of the text."""
    headings: list[tuple[_Section, Cell]] = []
    without = _without_duties(sections)
    for index, section in enumerate(sections):
        headings = [(above, cell) for above, cell in headings if above.depth < section.depth]
        levels = dict(enumerate((cell for _, cell in headings[:2]), start=1))
        if section.is_heading or index in without:
            heading = Cell(_printed(section), section.line, None)
            yield _row(section.line, width, levels | {min(len(headings), 1) + 1: heading})
            yield from _other_lines(section)
            headings.append((section, heading))
            statement = next((d.statement for d in section.duties if d.statement), Statement())
            section.shared = _stated_cells(statement, section.line)
            continue
        stated = [above.shared for above, _ in headings if above.shared]
        section.shared = section.shared or (stated[-1] if stated else {})
        yield from _duty_rows(section, levels, width)
        yield from (_loose(number, text) for number, text in section.notes)


def _stated_cells(statement: Statement, line: int) -> dict[int, Cell]:
    texts = {_OWNER: statement.owner, _DEADLINE: statement.deadline}
    return {column: Cell(text, line, None) for column, text in texts.items() if text}


def _share_owners(sections: Sequence[_Section]) -> None:
    """Let the only owner below several numbered duties, on a line of its own, be that of them all.

    （一）… 1.… 2.… 3.… （牵头单位：…）: the bracket closes the （一）, not only its 3.
    """
    for group in _siblings(sections):
        *others, last = group
        named = [duty for s in others for duty in s.duties if duty.statement.owner]
        if not others or named or not last.stated_apart or len(last.duties) != 1:
            continue
        shared = _stated_cells(last.duties[0].statement, last.line)
        last.duties = [replace(last.duties[0], statement=Statement())]
        for section in group:
            section.shared = shared


def _siblings(sections: Sequence[_Section]) -> Iterator[list[_Section]]:
    """The numbered duties under one （一）, or under a 一、 without （一）."""
    group: list[_Section] = []
    for section in [*sections, None]:
        if group and (section is None or section.is_heading or section.depth != group[0].depth):
            yield group
            group = []
        if section and not section.is_heading and section.depth > 0:
            group.append(section)


def _printed(section: _Section) -> str:
    mark = section.mark if section.depth == 1 else f"{section.mark}、"
    title = section.title or (section.duties[0].text if section.duties else "")
    return f"{mark}{title}"


def _other_lines(section: _Section) -> Iterator[Row]:
    texts = [duty.text for duty in section.duties if duty.text] if section.title else []
    yield from (_loose(section.line, text) for text in texts)
    yield from (_loose(number, text) for number, text in section.notes)


def _without_duties(sections: Sequence[_Section]) -> set[int]:
    """The indexes of the sections of chapters such as 保障措施, in which nobody at all is named."""
    chapters: list[list[int]] = []
    for index, section in enumerate(sections):
        if section.depth == 0 or not chapters:
            chapters.append([])
        chapters[-1].append(index)
    return {
        index
        for chapter in chapters
        if _NO_DUTIES.search(folded(sections[chapter[0]].title))
        and not any(
            d.statement.owner or sections[i].shared for i in chapter for d in sections[i].duties
        )
        for index in chapter
    }


def _duty_rows(section: _Section, levels: dict[int, Cell], width: int) -> Iterator[Row]:
    """The rows of a section without deeper ones; its title is the lowest level that is still free.

    Below 一、 the title of 1.强化信用工作部署。根据… is the 二级指标, as 工作要求 beside 工作任务 in the Hunan
    list; below 一、 and （一） there is no level left and it opens the task.
    """
    line, title = section.line, section.title
    duties = section.duties or [Duty("", Statement())]
    cells = levels | {0: Cell(section.mark, line, None)}
    is_level = bool(title) and len(levels) < 2 and any(duty.text for duty in duties)
    if is_level:
        cells[2 if levels or section.depth else 1] = Cell(
            title if levels or section.depth else _printed(section), line, None
        )
    for duty in duties:
        opens = title and not is_level and duty is duties[0]
        text = "。".join(filter(None, (title.rstrip("。") if opens else "", duty.text)))
        stated = section.shared | _stated_cells(duty.statement, line)
        yield _row(
            line,
            width,
            cells | stated | {_TASK: Cell(text if duty.text else title, line, None)},
            cut=duty.cut,
        )


def _mark_cut(rows: list[Row]) -> None:
    """Mark the last row when the text stops before its sentence or its owner does."""
    last = rows[-1]
    if last.loose or last.cut or last.cells[_OWNER].text:
        return
    if not last.cells[_TASK].text.endswith(_SENTENCE_END):
        rows[-1] = Row(last.number, last.cells, cut=True)


def _row(line: int, width: int, cells: dict[int, Cell], *, cut: bool = False) -> Row:
    return Row(line, tuple(cells.get(i) or Cell("", line, None) for i in range(width)), cut=cut)


def _loose(number: int, text: str) -> Row:
    return Row(number, (Cell(text, number, None),), loose=True)
