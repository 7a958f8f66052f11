"""Stage three: the rows of the tables as tasks, doubts, and an account of every row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from loaders.columns import Columns, RowTexts, columns_at, field_text, find_columns
from loaders.completion import completed
from loaders.duties import Duties
from loaders.forms.statements import is_label_line, read_duties, read_label_lines
from loaders.grid import CAPTION, Cell, Grid, Row
from loaders.marking import marked, marked_whole
from loaders.model import Issue, LedgerError, Place, PreviewCell, PreviewTable, SourceRow
from loaders.phrases import is_office_name, read_owners
from loaders.progress import percent_unit
from loaders.reference import OWNERS, PRINTED, Spelling
from loaders.sections import is_note, is_total, kind_of
from loaders.wording import is_level, is_numbered, is_second_level, one_line, without_numbering

_NEEDED = ("level1", "level2", "task", *OWNERS, "deadline")
_ONCE = ("narrative", "state", "percent", "completed_on", "evidence", "plan", "note")
_PARTS = {"responsible": "responsible_text", "deadline": "deadline_text"}
_CHINESE_ORDINAL = re.compile(r"[（(]?[一二三四五六七八九十]+[)）]?[、.．]?")
_NAMES_TIME = re.compile("时限|时间|期限|节点")
_LONGEST_HEADING, _LONGEST_SECTION = 40, 24
# A sheet of this name holds the duties of everybody.
_ALL = ("各", "全", "所有", "有关", "相关")
_PART_OF = re.compile(r"[.．-]1$")
_ROWS_BETWEEN_TELLING = 250

_NO_GRID, _NO_COLUMNS = Grid("", ()), Columns({}, {}, 0)


@dataclass
class Reading:
    """The reading of one document; `read_grid` adds one table after the other."""

    file: str
    spellings: Mapping[str, Spelling]
    duties: Duties
    rows: list[SourceRow] = field(default_factory=list)
    _owner_of_table: str = ""
    """Who is named by a line above the table that counts now."""
    _chapters_in_brackets: bool = False
    """Whether the headings of chapters are （一）, with no 一、 above them."""
    captions: int = 0
    """How many tables of the document stand below the heading of a chapter."""
    tables: list[PreviewTable] = field(default_factory=list)
    _marked: list[tuple[PreviewCell, ...]] = field(default_factory=list)
    _grid: Grid = _NO_GRID
    _columns: Columns = _NO_COLUMNS
    _above: Row | None = None
    _sectioned: bool = False
    """Whether a row across the grid has opened a section, which a column of headings stands below."""
    _parents: frozenset[int] = frozenset()
    """The numbers of the rows that may head those below them, by their 序号."""
    _sections: frozenset[int] = frozenset()
    """The numbers of the rows across the grid that head those below them."""
    _tall: frozenset[Cell] = frozenset()
    """The cells of the grid that cover several rows."""
    _headers: dict[tuple, set[int]] = field(default_factory=dict)
    """The headers reported on, as they were understood, with their columns without name of which it
    was said that they are not read; a header is printed again on every page."""
    _told: set[int] = field(default_factory=set)
    """Those of the header that counts now."""

    def read_grid(self, grid: Grid, tell_rows: Callable[[int], None] = lambda _: None) -> None:
        """Add the tasks, issues and rows of one table; `tell_rows` hears now and then how many rows
        of the document are read.

        A table without a header goes on with the columns of the one before when it may and is as
        wide; otherwise its rows are notes and one issue says so. Raises LedgerError when a cell
        that a task needs is a formula without result.
        """
        self._read_grid(grid, tell_rows)
        self.tables.append(PreviewTable(grid.table, tuple(self._marked)))
        self._marked = []

    def _read_grid(self, grid: Grid, tell_rows: Callable[[int], None]) -> None:
        if not grid.continues:
            self.duties.start_table()
        self.duties.carries = grid.carries
        found = find_columns(grid, self.spellings)
        before, self._grid, self._above = self._columns, grid, None
        self._sectioned = self._sectioned and grid.continues
        if found is None and not _goes_on(grid, before):
            self._leave_out(grid)
            return
        start, self._columns = found or (0, before)
        self._parents = self._numbered_above(grid.rows[start:])
        self._sections = _sections(grid.rows[start:])
        self._tall = frozenset(
            cell for a, b in pairwise(grid.rows) for cell in {*a.cells} & {*b.cells}
        )
        for row in grid.rows[:start]:
            self._account(row, "title" if _text(row) else "blank")
        above = [text for row in grid.rows[:start] if (text := _text(row))]
        self._read_caption([*grid.caption, *above][-CAPTION:])
        self.duties.percent_unit = percent_unit(
            field_text(self._columns.cells(row, "percent")) for row in grid.rows[start:]
        )
        first = len(self.duties.tasks)
        header_rows = self._columns.height if grid.header is not None else 0
        if grid.fields:
            self._report_unread(grid.rows[start], grid.rows[start:])
        for index, row in enumerate(grid.rows[start:], start=start):
            if len(self.rows) % _ROWS_BETWEEN_TELLING == 0:
                tell_rows(len(self.rows))
            if (
                not grid.fields
                and header_rows == 0
                and (columns := columns_at(grid.rows, index, self.spellings))
            ):
                self._columns, header_rows = columns, columns.height
                self._report_unread(row, grid.rows[index + columns.height :])
            if header_rows:
                header_rows -= 1
                self._account(row, "header")
                self._above = None
            else:
                self._read_row(self._completed(row))
        self._report_doubts(first)

    def _report_doubts(self, first: int) -> None:
        """Raise the doubts that stage one had about the table, each with the tasks of its line; `first` is
        how many tasks stand above the table."""
        numbers: dict[int | None, list[int]] = {}
        for task in self.duties.tasks[first:]:
            numbers.setdefault(task.place.row, []).append(task.number)
        for line, message, about, options in self._grid.doubts:
            place = Place(self.file, self._grid.table, line)
            tasks = tuple(numbers.get(line, ()))
            self.duties.issues.append(Issue(place, message, about, options, tasks))

    def _read_caption(self, lines: Sequence[str]) -> None:
        """What the lines above a table say of all its tasks: the chapter, where each of several tables
        stands below one, and who is responsible."""
        self.duties.owner_above = self._owner_of_table = ""
        for line in lines:
            if is_level(line) and len(line) <= _LONGEST_HEADING and self.captions > 1:
                self._open_heading(line)
            else:
                self._read_owner_line(line)
        sheet = self._grid.table
        units = [part.unit for part in read_owners(sheet)]
        of_units = units and all(map(is_office_name, units)) and not sheet.startswith(_ALL)
        if of_units and not self.duties.owner_above and not {*OWNERS} & {*self._columns.fields}:
            self.duties.owner_above = self._owner_of_table = sheet

    def _read_owner_line(self, line: str) -> bool:
        """Whether a line names, behind a label, who is responsible for the tasks below it, of which no
        column says so."""
        if {*OWNERS} & {*self._columns.fields} or not is_label_line(line):
            return False
        owner = read_label_lines([line]).owner
        self.duties.owner_above = self._owner_of_table = owner
        return bool(owner)

    def _open_heading(self, text: str, *, is_section: bool = False) -> None:
        """Begin what a heading heads: a chapter, or below 一、 a section （一）; without a column of owners
        who is named in it is responsible for what is below."""
        if not {*OWNERS} & {*self._columns.fields}:
            named = read_duties(text)
            owner = named[0].statement.owner if len(named) == 1 and named[0].text else ""
            self.duties.owner_above = owner or self._owner_of_table
            text = named[0].text if owner else text
        lower = is_second_level(text)
        if lower and self.duties.level1 and not self._chapters_in_brackets:
            self.duties.open_level2(text)
            return
        self._chapters_in_brackets = lower
        if is_section:
            self._open_section(text)
        else:
            self.duties.open_level1(text)

    def finish(self) -> None:
        """Settle what only the end of the document can settle."""
        self.duties.finish()

    def _leave_out(self, grid: Grid) -> None:
        if any(_text(row) for row in grid.rows):
            name = f"“{grid.table}”" if grid.table else "表格"
            self._issue(grid.rows[0], f"{name}中没有找到台账表头，没有读入")
        for row in grid.rows:
            self._account(row, "note" if _text(row) else "blank")

    def _report_unread(self, header: Row, below: Sequence[Row]) -> None:
        columns = self._columns
        # The same words may mean other columns, as when a row below them belongs to the header.
        unknown = tuple(one_line(cell.text) for cell in columns.unknown)
        meant = (_text(header), unknown, columns.unnamed, tuple(columns.fields))
        known = meant in self._headers
        self._told = self._headers.setdefault(meant, set())
        if known:
            return
        for cell in columns.unknown:
            self._issue(cell, f"“{one_line(cell.text)}”一列没有识别，其内容没有读入", "column")
        for cell in columns.set_aside:
            message = f"“{one_line(cell.text)}”一列按记住的读法不读入"
            self._issue(cell, message, "set_aside")
        for cell, name in columns.guessed:
            message = f"“{one_line(cell.text)}”一列按内容读作{PRINTED[name]}，请核对"
            self._issue(cell, message, _PARTS.get(name, name))
        for column in columns.unnamed:
            texts = [row.cells[column].text for row in below if column < len(row.cells)]
            if any(text and not text.isdecimal() for text in texts):
                self._doubt_column(header, column)
                self._told.add(column)
        source = (
            "表头中没有{}一列"
            if self._grid.header is not None or not self._grid.fields
            else "文中没有写明{}"
        )
        if not {*OWNERS} & {*columns.fields}:
            self._say_whence_owners(header, below, source.format("责任单位"))
        headings = (columns.spellings.get(name, "") for name in OWNERS)
        if "deadline" not in columns.fields and not any(map(_NAMES_TIME.search, headings)):
            message = f"{source.format('完成时限')}，任务没有完成时限"
            self._issue(header, message, "deadline_text")

    def _say_whence_owners(self, header: Row, below: Sequence[Row], missing: str) -> None:
        """Look for the owners of a table without such a column in its tasks and above it, and say where
        they are taken from."""
        tasks = (
            field_text(self._columns.cells(row, "task")) for row in below if len({*row.cells}) > 1
        )
        self.duties.owners_within = any(
            duty.statement.owner for text in tasks for duty in read_duties(text)
        )
        whence = "任务没有责任单位"
        if self.duties.owners_within:
            whence = "按任务文字中写明的责任单位读入，请核对"
        elif self.duties.owner_above:
            owner = self.duties.owner_above
            place = "工作表名" if owner == self._grid.table else "表格上方的"
            whence = f"按{place}“{owner}”读入，请核对"
        self._issue(header, f"{missing}，{whence}", "responsible_text")

    def _completed(self, row: Row) -> Row:
        if row.loose or self._grid.fields:
            return row
        stated = [cell for cell in dict.fromkeys(row.cells) if cell.text]
        if len(stated) == 2 and self._is_numbered_section(row, stated):
            return row
        above = self._above.cells if self._above else ()
        full, doubt = completed(row, self._grid, self._columns, above, self.duties.level1)
        if doubt:
            self._issue(row, doubt, "cells")
        # Below a header repeated, or in a row moved to the right, a column without header may hold
        # something for the first time.
        for column in {*self._columns.unnamed} - self._told:
            text = full.cells[column].text if column < len(full.cells) else ""
            if text and not text.isdecimal():
                self._doubt_column(row, column)
                self._told.add(column)
        return full

    def _read_row(self, row: Row) -> None:
        above = {*self._above.cells} if self._above else set()
        own = [cell for cell in dict.fromkeys(row.cells) if cell not in above]
        stated = [cell for cell in own if cell.text or cell.broken]
        first = stated[0].text if stated else ""
        if not stated:
            self._account(row, "blank")
        elif is_total(first):
            self._account(row, "total")
        elif is_note(first) and len(stated) <= 2:
            self._account(row, "note")
        elif len(stated) == 2 and self._is_numbered_section(row, stated):
            self._open_section(f"{one_line(first).strip('、.．')}、{one_line(stated[1].text)}")
            self._account(row, "title")
        elif row.number in self._parents and self._is_parent(row):
            self._open_section(one_line(field_text(self._columns.cells(row, "task"))))
            self._account(row, "title")
        elif len(stated) == 1 and self._is_banner(row, stated[0]):
            self._account(row, self._read_banner(row, stated[0]))
        else:
            self._read_task_row(row, {*own})
        if not row.loose:
            self._above = row

    def _is_banner(self, row: Row, cell: Cell) -> bool:
        """Whether the only text of a row is a heading or note, not a task."""
        covered = [i for i, other in enumerate(row.cells) if other is cell]
        tasks = self._columns.fields["task"]
        before_tasks = covered[0] < tasks[0]
        across = len(covered) > 2 and (before_tasks or len(covered) == len(row.cells))
        beside = before_tasks and not {*covered} & {*tasks}
        alone = all(other is cell or not other.text for other in row.cells)
        section = alone and is_level(cell.text) and len(cell.text) <= _LONGEST_HEADING
        return row.loose or beside or across or section or kind_of(cell.text) is not None

    def _is_numbered_section(self, row: Row, stated: Sequence[Cell]) -> bool:
        """Whether a row has nothing but 一 and a heading: its tasks are numbered 1, 2, 3."""
        ordinal, heading = stated
        plain = len(heading.text) <= _LONGEST_HEADING and "。" not in heading.text
        alone = all(cell in stated or not cell.text for cell in row.cells)
        by_field = {field for cell in stated for field in self._fields_of(row, cell)}
        numbered = bool(_CHINESE_ORDINAL.fullmatch(ordinal.text.strip()))
        return numbered and plain and alone and "number" in by_field

    def _is_parent(self, row: Row) -> bool:
        """Whether a row numbered 1 above rows numbered 1.1 only heads them."""
        stated = {name for name in self._columns.fields if self._texts_of(row, name)}
        return stated <= {"number", "task"} and "task" in stated

    def _texts_of(self, row: Row, name: str) -> str:
        return field_text(self._columns.cells(row, name))

    def _numbered_above(self, rows: Sequence[Row]) -> frozenset[int]:
        """The rows of which the number is the beginning of the next one's: 1 above 1.1."""
        numbers = [(row.number, self._texts_of(row, "number")) for row in rows if not row.loose]
        return frozenset(
            at
            for (at, number), (_, below) in pairwise(numbers)
            if number.isdecimal() and _PART_OF.sub("", below) == number != below
        )

    def _fields_of(self, row: Row, cell: Cell) -> set[str]:
        return {name for name in self._columns.fields if cell in self._columns.cells(row, name)}

    def _open_section(self, heading: str) -> None:
        """A row across a table heads what follows; in prose stage one has told the levels apart."""
        self.duties.open_level1(heading)
        if not self._grid.fields:
            self._sectioned = True
            self.duties.forget_owner()

    def _read_banner(self, row: Row, cell: Cell) -> str:
        """What a row with a single text is: a 一级 or 二级 heading (`title`), or a `note`."""
        text = one_line(cell.text)
        heading, numbered = without_numbering(text), is_numbered(text)
        in_column = {name: cell in self._columns.cells(row, name) for name in ("level1", "level2")}
        if row.loose:
            in_column = dict.fromkeys(in_column, False)
            numbered = numbered and len(heading) <= _LONGEST_HEADING and not text.endswith("。")
            if self._grid.fields:
                return "note"
        across = in_column["level1"] and in_column["level2"]
        if in_column["level2"] and not across:
            self.duties.open_level2(text)
        elif self._grid.fields and in_column["level1"]:
            # Stage one already told a 一、 from a （一）.
            self._open_section(text)
        elif numbered and not self._grid.fields:
            self._open_heading(text, is_section=True)
        elif (
            kind_of(heading)
            or in_column["level1"]
            or (row.number in self._sections and not is_label_line(text))
        ):
            self._open_section(text)
        elif not self._read_owner_line(text):
            if not row.loose:
                self._issue(cell, f"“{text[:30]}”一行没有目标任务，按说明文字处理", "row")
            return "note"
        return "title"

    def _read_task_row(self, row: Row, own: set[Cell]) -> None:
        columns = self._columns
        cells = {name: columns.cells(row, name) for name in columns.fields}
        self._refuse_broken(cells, own)
        self._report_too_long(row)
        stated = {name: columns.text(name, row, own, _separator(name)) for name in cells}
        if self._sectioned and "level2" not in columns.fields and stated.get("level1"):
            stated["level2"] = stated.pop("level1")
        merged = {n for n, found in cells.items() if any(c.text and c not in own for c in found)}
        shared = {n for n, found in cells.items() if any(c in self._tall for c in found)}
        at = next((c for c in cells["task"] if c.text), None) or row
        first = {name: next((c for c in found if c in own), None) for name, found in cells.items()}
        texts = RowTexts(
            self._place(at),
            stated,
            first,
            columns.spellings,
            frozenset(merged),
            frozenset(shared),
            cut=row.cut,
            in_prose=bool(self._grid.fields) and self._grid.header is None,
        )
        for name in _ONCE:
            if stated.get(name) and name in shared:
                spelling = columns.spellings[name]
                self._issue(row, f"“{spelling}”为多行合并的单元格，只记在首行，请核对", name)
        if stated["task"] and (count := self.duties.add(texts)):
            task = self.duties.tasks[-1]
            from_above = {"deadline"} if task.deadline_inherited else set()
            from_above |= {*OWNERS} if task.responsible_inherited else set()
            from_above |= {"level1"} if task.level1 and not stated.get("level1") else set()
            from_above |= {"level2"} if task.level2 and not stated.get("level2") else set()
            self._account(row, "task", count, marked(row, columns, own, from_above))
            return
        filled = {name for name, text in stated.items() if text}
        follows_a_task = bool(self.rows) and self.rows[-1].reading == "task"
        if follows_a_task and filled & {*OWNERS} and filled <= {*OWNERS, "deadline", "number"}:
            # Its task cell may go on from the row above, but it is this row that is doubtful.
            self.duties.add_owners(replace(texts, place=self._place(row)))
            self._account(row, "task", cells=marked(row, columns, own, ()))
        else:
            self._issue(row, f"该行没有目标任务，没有读入：{_text(row)[:60]}", "row")
            self._account(row, "note")

    def _refuse_broken(self, cells: Mapping[str, list[Cell]], own: set[Cell]) -> None:
        for name, found in cells.items():
            for cell in own.intersection(found):
                if cell.broken and name in _NEEDED:
                    where = f"{self._grid.table} 第 {cell.row} 行第 {cell.column} 列"
                    raise LedgerError(f"{where}的{cell.broken}，请用 Excel 打开并保存后再导入")
                if cell.broken:
                    self._issue(cell, f"{cell.broken}，按空白处理", name)

    def _report_too_long(self, row: Row) -> None:
        """A comma in a sentence of a .csv, or a cell drawn in the margin: beyond the last header."""
        width = self._columns.width
        if len(row.cells) <= width:
            return
        beyond = {*row.cells[width:]} - {*row.cells[:width]}
        texts = [cell.text for cell in row.cells[width:] if cell in beyond and cell.text]
        if texts:
            first = one_line(texts[0])[:30]
            message = f"该行比表头多出的“{first}”等 {len(texts)} 格没有读入，请核对"
            self._issue(row, message, "cells")

    def _place(self, at: Cell | Row) -> Place:
        if isinstance(at, Cell):
            return Place(self.file, self._grid.table, at.row, at.column)
        return Place(self.file, self._grid.table, at.number)

    def _issue(self, at: Cell | Row, message: str, about: str = "") -> None:
        self._doubt(self._place(at), message, about)

    def _doubt_column(self, row: Row, column: int) -> None:
        place = replace(self._place(row), column=column + 1)
        self._doubt(place, f"第 {column + 1} 列没有表头，其内容没有读入", "column")

    def _doubt(self, place: Place, message: str, about: str = "") -> None:
        self.duties.issues.append(Issue(place, message, about))

    def _account(
        self,
        row: Row,
        reading: str,
        tasks: int = 0,
        cells: tuple[PreviewCell, ...] | None = None,
    ) -> None:
        cells = marked_whole(row, reading) if cells is None else cells
        texts = tuple(cell.text for cell in cells)
        self.rows.append(SourceRow(self._place(row), reading, _text(row), tasks, texts))
        self._marked.append(cells)


def _sections(rows: Sequence[Row]) -> frozenset[int]:
    """The rows whose one short text goes across the whole table, where there are several of them, each
    with other rows below it."""
    across = [_is_across(row) for row in rows]
    found = [
        row.number
        for row, one, below in zip(rows, across, [*across[1:], True], strict=True)
        if one and not below
    ]
    return frozenset(found if len(found) > 1 else ())


def _is_across(row: Row) -> bool:
    text = one_line(row.cells[0].text) if row.cells else ""
    whole = not row.loose and len(row.cells) > 2 and len({*row.cells}) == 1
    plain = 0 < len(text) <= _LONGEST_SECTION and not text.endswith(("。", "；", "：", ":"))
    return whole and plain and not is_note(text) and not is_total(text)


def _goes_on(grid: Grid, columns: Columns) -> bool:
    """Whether a table without a header is the rest of the one before, cut by a page."""
    widths = {len(row.cells) for row in grid.rows}
    return grid.continues and bool(columns.fields) and widths == {columns.width}


def _separator(name: str) -> str:
    if name == "criterion":
        return "\n"
    return "；" if name in OWNERS else "" if name in ("level1", "level2") else " "


def _text(row: Row) -> str:
    return " ".join(one_line(cell.text) for cell in dict.fromkeys(row.cells) if cell.text)
