"""Plans in running text: headings 一、（一）1., a paragraph, its owner in brackets or on label lines.

Gives a grid like any other: the headings are cells of 一级 and 二级指标, merged over the duties below
them, and a duty with the lines that belong to it is one row.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from loaders.forms.offices import names_offices, of_offices
from loaders.forms.outline import Section, depth_of, is_measure, is_one_step, outline, without_mark
from loaders.forms.plans import begins_at, is_no_plan, is_plan, title_of_plan
from loaders.forms.statements import (
    Duty,
    Statement,
    has_open_bracket,
    is_label_line,
    is_open_label,
    is_set_aside,
    is_unknown_label,
    only_helps,
    read_duties,
    read_label_lines,
    with_task_first,
    without_task_label,
)
from loaders.grid import Cell, Grid, Row
from loaders.labels import labels_in
from loaders.limits import MAX_CELL_CHARACTERS
from loaders.model import LedgerError
from loaders.phrases import is_unit_name
from loaders.wording import folded

_MOST_LINES = 20_000
_MOST_CHARACTERS = 500_000
_SENTENCE_END = ("。", "；", ";", "！", "”", "》", "）", ")")
# What plans end or begin with, where nobody in particular is told to do anything.
_NO_DUTIES = re.compile(
    r"总体要求|指导思想|基本原则|总体思路|工作目标|主要目标|总体目标|目标要求|工作要求|有关要求|相关要求|保障措施|组织保障|组织实施"
    r"|组织领导|工作机制|实施步骤|工作步骤|监督考核|督查考核|监督及考核|督导检查|考核评价|考核奖惩|考核办法|责任追究|工作依据|附则"
)
_AFTERWORD = re.compile(
    r"以上(?:任务|工作|事项|内容)?[,，]?请|望(?:遵照|各)|特此|附件|附表|注[:：]|联系人|联系电话|出席[:：]|列席[:：]|记录[:：]|抄送|主送|[（(]此件|(?:20\d\d|二[〇○零][一二三四五六七八九〇○零]{2})年\d{0,2}[^。]{0,6}日$"
)
_DAY = re.compile(r"(?:20\d\d|二[〇○零][一二三四五六七八九〇○零]{2})年.{1,3}月.{1,3}日(?:印发)?")
_ASIDE = re.compile(r"[（(][^（()）]*[)）]|")
_BULLETS = "—–-·•●▶►▪◆*＊※ "
_LONGEST_OFFICE = 30
_MOST_WRAPPED = 3
"""Lines below the one that opens a bracket on which it may close."""
_MOST = 0.6
"""The share of paragraphs with an owner from which a report or a rule is read as a plan."""
_TASK, _OWNER, _DEADLINE = 3, 4, 5
_COLUMNS = ("number", "level1", "level2", "task", "responsible", "deadline")


@dataclass
class _Part:
    """A section with what its lines say."""

    section: Section
    title: str
    duties: list[Duty] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    unread: list[tuple[int, str]] = field(default_factory=list)
    """Lines with labels that state neither an owner nor a deadline."""
    stated_apart: bool = False
    """Whether its owner stands on a line of its own."""
    shared: dict[int, Cell] = field(default_factory=dict)
    """The cells of owner and deadline it shares with its neighbours, by column."""

    @property
    def named(self) -> bool:
        """Whether somebody is named for something that is to be done."""
        return any(
            duty.statement.owner and (duty.text or self.title or self.section.is_heading)
            for duty in self.duties
        )

    def note_unread(self) -> None:
        """Keep each label with its value that is neither an owner nor a deadline as a line of its own,
        also those in brackets."""
        on_lines = {text for _, text in self.unread}
        stated = (text for duty in self.duties for text in duty.statement.unread)
        self.unread += [(self.section.line, text) for text in stated if text not in on_lines]
        self.notes += [each for each in self.unread if each not in self.notes]


def prose_grid(lines: Sequence[tuple[int, str]], *, table: str = "") -> Grid | None:
    """The duties of a plan given as (line, text), or None when it is no plan: nobody is named for any
    of its duties, and title and outline do not say plan either.

    Raises LedgerError for a text longer than any plan.
    """
    written = _closed([(number, _without_bullet(text.strip())) for number, text in lines])
    if len(written) > _MOST_LINES or sum(len(text) for _, text in written) > _MOST_CHARACTERS:
        raise LedgerError(
            f"没有找到任务表格，作为文字方案又超过 {_MOST_LINES} 行或 {_MOST_CHARACTERS // 10_000} 万字，"
            "请只保留任务所在的部分后再导入"
        )
    if any(len(text) > MAX_CELL_CHARACTERS for _, text in written):
        return None
    begin = begins_at(written)
    above, parts = _read(written[begin:])
    if begin and not any(part.named for part in parts):
        letter = _read(written[:begin])[1]
        if any(part.named for part in letter):
            begin = 0
            above, parts = _read(written)
    named = sum(part.named for part in parts)
    if named < (_MOST * len(parts) if is_no_plan(above) else 1) and not is_plan(
        above, [part.section for part in parts]
    ):
        return None
    with_deadline = any(duty.statement.deadline for part in parts for duty in part.duties)
    _share_owners(parts)
    columns = _COLUMNS if with_deadline else _COLUMNS[:-1]
    rows = [_loose(number, text) for number, text in [*written[:begin], *above]]
    rows += _rows(parts, len(columns))
    _mark_cut(rows)
    unread = [doubt for part in parts for doubt in _unread_labels(part)]
    uncertain: list[tuple[int, str, str, tuple[str, ...]]] = [
        (
            part.section.line,
            f"首句“{part.title[:30]}”按标题读入，如是任务的第一句请改正",
            "task",
            (part.title,),
        )
        for part in parts
        if part.section.uncertain and not part.section.is_heading
    ]
    uncertain += [
        (part.section.line, "文中的任务没有编号，按责任单位所在处划分，请核对", "row", ())
        for part in parts
        if not part.section.mark
    ]
    if all(row.loose or not row.cells[_TASK].text for row in rows):
        return None
    return Grid(
        table, tuple(rows), fields=columns, carries=False, drawn=False, doubts=(*unread, *uncertain)
    )


def _without_bullet(line: str) -> str:
    """A label line without the dash or dot before it: ——责任单位：运输科."""
    rest = line.lstrip(_BULLETS)
    return rest if rest != line and is_label_line(rest) else line


def _closed(lines: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """The lines, one whose bracket closes on a line below joined with it:
    （牵头单位：法规处； / 责任单位：运输处）."""
    joined: list[tuple[int, str]] = []
    at = 0
    while at < len(lines):
        number, text = lines[at]
        more = _closing_lines(text, lines[at + 1 : at + 1 + _MOST_WRAPPED])
        joined.append((number, text + "".join(more)))
        at += 1 + len(more)
    return joined


def _closing_lines(text: str, below: Sequence[tuple[int, str]]) -> list[str]:
    """What the lines below add until the bracket that a text leaves open is closed; nothing when it stays
    open."""
    added: list[str] = []
    if not has_open_bracket(text):
        return added
    for _, line in below:
        if depth_of(line) is not None:
            return []
        added.append(f"\n{line}" if is_label_line(line) else line)
        if not has_open_bracket(text + "".join(added)):
            return added
    return []


def _unread_labels(part: _Part) -> Iterator[tuple[int, str, str, tuple[str, ...]]]:
    """The doubts about labels that state neither an owner nor a deadline."""
    for line, text in part.unread:
        if is_set_aside(text):
            yield line, f"“{text[:30]}”按记住的读法不读入", "set_aside", ()
        else:
            yield line, f"“{text[:30]}”不是责任单位或完成时限，没有读入，请核对", "label", (text,)


def _read(lines: Sequence[tuple[int, str]]) -> tuple[list[tuple[int, str]], list[_Part]]:
    above, sections = outline(lines)
    if not sections:
        above, sections = _unnumbered(above)
    signed = _signatures(lines)
    offices = of_offices(sections)
    return above, [_read_section(each, signed, each.line in offices) for each in sections]


def _unnumbered(
    lines: Sequence[tuple[int, str]],
) -> tuple[list[tuple[int, str]], list[Section]]:
    """A plan without numbers: its title, and below it a section for each 工作任务：, or one for all whose
    duties end with their owners."""
    titles = [index for index, (_, text) in enumerate(lines) if title_of_plan(text)]
    if not titles or titles[-1] + 1 >= len(lines):
        return list(lines), []
    begin = titles[-1] + 1
    # （2024年度） below it belongs to the title.
    while begin + 1 < len(lines) and _ASIDE.fullmatch(lines[begin][1]):
        begin += 1
    labelled = [i for i, (_, text) in enumerate(lines) if i >= begin and without_task_label(text)]
    starts = labelled if len(labelled) > 1 else [begin]
    ends = [*starts[1:], len(lines)]
    sections = [
        Section(lines[a][0], 2, "", "", list(lines[a:b])) for a, b in zip(starts, ends, strict=True)
    ]
    return list(lines[: starts[0]]), sections


def _signatures(lines: Sequence[tuple[int, str]]) -> frozenset[int]:
    """The lines of offices that stand above a day on a line of its own."""
    written = [(number, text) for number, text in lines if text]
    return frozenset(
        number
        for (number, text), (_, below) in pairwise(written)
        if _DAY.fullmatch(folded(below)) and is_unit_name(text) and len(text) <= _LONGEST_OFFICE
    )


def _read_section(section: Section, signed: Collection[int], of_office: bool) -> _Part:
    """Find the duties in the lines of a section, and the lines that are none; from a signature
    (`signed`) on nothing is a duty. Below the name of an office (`of_office`) each step is a duty."""
    labelled = without_task_label(section.title)
    title = "" if labelled else section.title
    part = _Part(section, title)
    of_title = read_duties(title)[:1]
    if of_title and of_title[0].statement:
        part.title = of_title[0].text or title
    text = labelled
    labels: list[str] = []
    over = False
    body = [(number, with_task_first(line)) for number, line in section.body if line]
    for (number, line), (_, below) in pairwise([*body, (0, "")]):
        if (
            not over
            and number not in signed
            and (is_label_line(line) or (labels and is_open_label(labels[-1])))
        ):
            part.stated_apart |= not labels
            part.unread += [(number, unread) for unread in read_label_lines([line]).unread]
            labels.append(line)
            continue
        # An owner is followed by nothing but steps of its duty or another duty with its own owner.
        ended = bool(labels or part.duties)
        line = (not text and without_task_label(line)) or line
        found = read_duties(line)
        over = over or number in signed or bool(_AFTERWORD.match(line))
        named = any(duty.statement.owner for duty in found)
        step = of_office and not over and is_measure(line)
        if step:
            _close(part, text, labels)
            text, labels = "", []
        elif ended and not named and not over and is_measure(line):
            _close(part, text, labels)
            text, labels = "", []
            last = part.duties[-1]
            part.duties[-1] = replace(last, text="\n".join(filter(None, (last.text, line))))
            continue
        if labels and not over and is_unknown_label(line):
            part.unread.append((number, line))
            part.notes.append((number, line))
            continue
        begins = step or (labels and not over and not named and _states_again(labels, below))
        if over or (ended and not named and section.mark and not begins):
            part.notes.append((number, line))
            continue
        if labels and (text or not part.duties):
            _close(part, text, labels)
            text, labels = "", []
        if not any(duty.statement for duty in found):
            text = f"{text}\n{line}" if text else line
            continue
        part.stated_apart |= not found[0].text and number != section.line
        first, *others = found
        joined = "\n".join(filter(None, (text, first.text)))
        part.duties += [Duty(joined, first.statement, first.cut), *others]
        text = ""
    _close(part, text, labels)
    if of_office:
        part.duties = [*_steps_of_office(part)]
    if (part.title or len(part.duties) > 1) and all(is_one_step(d.text) for d in part.duties):
        part.duties = [replace(duty, text=without_mark(duty.text)) for duty in part.duties]
    if of_title and of_title[0].statement:
        first = of_title[0]
        part.duties = [
            replace(duty, statement=_with_heading(duty.statement, first.statement))
            for duty in part.duties or [Duty("", first.statement, first.cut)]
        ]
    part.note_unread()
    return part


def _states_again(labels: Sequence[str], below: str) -> bool:
    """Whether the line below begins to state what these label lines state: another duty begins."""
    first = labels_in(f"{labels[0]}\n")[:1]
    return is_label_line(below) and bool(first) and first[0].name == labels_in(f"{below}\n")[0].name


def _with_heading(own: Statement, heading: Statement) -> Statement:
    """What is stated of a duty, each part that it lacks as its heading states it."""
    deadline = own.deadline or heading.deadline
    return Statement(own.owner or heading.owner, deadline, own.unread)


def _close(part: _Part, text: str, labels: Sequence[str]) -> None:
    """End the duty that `text` and its label lines make."""
    stated = read_label_lines(labels)
    if stated and not text and part.duties:
        last = part.duties[-1]
        part.duties[-1] = Duty(last.text, last.statement + stated, last.cut)
    elif text or stated:
        part.duties.append(Duty(text, stated))


def _rows(parts: Sequence[_Part], width: int) -> Iterator[Row]:
    """One row for each heading, duty and other line, in the order of the text."""
    headings: list[tuple[_Part, Cell]] = []
    without = _without_duties(parts)
    chapters = {part.section.depth for part in parts if len(part.duties) > 1}
    by_office = {depth for depth in (0, 1, 2) if _are_offices(parts, depth)}
    for index, part in enumerate(parts):
        section = part.section
        headings = [
            (above, cell) for above, cell in headings if above.section.depth < section.depth
        ]
        levels = dict(enumerate((cell for _, cell in headings[:2]), start=1))
        if section.is_heading or index in without:
            heading = Cell(_printed(part), section.line, None)
            yield _row(section.line, width, levels | {min(len(headings), 1) + 1: heading})
            yield from _other_lines(part)
            headings.append((part, heading))
            statement = next((d.statement for d in part.duties if d.statement), Statement())
            if not statement and section.depth in by_office:
                statement = Statement(owner=part.title)
            part.shared = _stated_cells(statement, section.line)
            continue
        stated = [above.shared for above, _ in headings if above.shared]
        part.shared = (stated[-1] if stated else {}) | part.shared
        yield from _duty_rows(part, levels, width, is_chapter=section.depth in chapters)
        yield from (_loose(number, text) for number, text in part.notes)


def _are_offices(parts: Sequence[_Part], depth: int) -> bool:
    """Whether the headings of one depth are offices, each with the duties that are its own below."""
    titles = [
        part.title for part in parts if part.section.is_heading and part.section.depth == depth
    ]
    return len(titles) > 1 and all(map(names_offices, titles))


def _steps_of_office(part: _Part) -> Iterator[Duty]:
    """The duties below an office, which is responsible for those that name nobody else who is."""
    for duty in part.duties:
        alone = not duty.statement.owner or only_helps(duty.statement.owner)
        owner = Statement(owner=part.title) if alone else Statement()
        yield replace(duty, statement=owner + duty.statement)


def _stated_cells(statement: Statement, line: int) -> dict[int, Cell]:
    texts = {_OWNER: statement.owner, _DEADLINE: statement.deadline}
    return {column: Cell(text, line, None) for column, text in texts.items() if text}


def _share_owners(parts: Sequence[_Part]) -> None:
    """Let the only owner below several numbered duties, on a line of its own, be that of them all.

    （一）… 1.… 2.… 3.… （牵头单位：…）: the bracket closes the （一）, not only its 3.
    """
    for group in _siblings(parts):
        *others, last = group
        named = any(part.named for part in others)
        if not others or named or not last.stated_apart or len(last.duties) != 1:
            continue
        shared = _stated_cells(last.duties[0].statement, last.section.line)
        last.duties = [replace(last.duties[0], statement=Statement())]
        for part in group:
            part.shared = shared


def _siblings(parts: Sequence[_Part]) -> Iterator[list[_Part]]:
    """The numbered duties under one （一）, or under a 一、 without （一）."""
    group: list[_Part] = []
    for part in [*parts, None]:
        ends = part is None or part.section.is_heading
        if group and (ends or (part and part.section.depth != group[0].section.depth)):
            yield group
            group = []
        if part and not part.section.is_heading and part.section.depth > 0:
            group.append(part)


def _printed(part: _Part) -> str:
    section = part.section
    mark = section.mark if section.depth == 1 else f"{section.mark}、"
    if section.depth == 1 and mark[-1].isalnum():
        mark = f"{mark}："
    title = part.title or (part.duties[0].text if part.duties else "")
    return f"{mark}{title}"


def _other_lines(part: _Part) -> Iterator[Row]:
    texts = [duty.text for duty in part.duties if duty.text] if part.title else []
    yield from (_loose(part.section.line, text) for text in texts)
    yield from (_loose(number, text) for number, text in part.notes)


def _without_duties(parts: Sequence[_Part]) -> set[int]:
    """The indexes of the sections of chapters such as 保障措施, in which nobody at all is named."""
    chapters: list[list[int]] = []
    for index, part in enumerate(parts):
        if part.section.depth == 0 or not chapters:
            chapters.append([])
        chapters[-1].append(index)
    return {
        index
        for chapter in chapters
        if _NO_DUTIES.search(folded(parts[chapter[0]].title))
        and not any(parts[i].named or parts[i].shared for i in chapter)
        for index in chapter
    }


def _duty_rows(
    part: _Part, levels: dict[int, Cell], width: int, *, is_chapter: bool
) -> Iterator[Row]:
    """The rows of a section without deeper ones; its title is the lowest level that is still free, that of
    a chapter (`is_chapter`) the highest.

    Below 一、 the title of 1.强化信用工作部署。根据… is the 二级指标, as 工作要求 beside 工作任务 in the Hunan
    list; below 一、 and （一） there is no level left and it opens the task.
    """
    section, title = part.section, part.title
    line = section.line
    duties = part.duties or [Duty("", Statement())]
    cells = levels | {0: Cell(section.mark, line, None)}
    is_level = bool(title) and len(levels) < 2 and any(duty.text for duty in duties)
    if is_level:
        lower = bool(levels) or (section.depth > 0 and not is_chapter)
        printed = title if section.depth else _printed(part)
        cells[2 if lower else 1] = Cell(title if lower else printed, line, None)
    for duty in duties:
        opens = title and not is_level and duty is duties[0] and title != duty.statement.owner
        text = "。".join(filter(None, (title.rstrip("。") if opens else "", duty.text)))
        stated = part.shared | _stated_cells(duty.statement, line)
        if _OWNER in part.shared and only_helps(duty.statement.owner):
            # （牵头科室：办公室） at the heading leads what （配合科室：人事科） at the duty helps with.
            both = f"{part.shared[_OWNER].text}；{duty.statement.owner}"
            stated[_OWNER] = Cell(both, line, None)
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
