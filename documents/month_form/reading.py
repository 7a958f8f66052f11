"""A returned report form, as whatever file it came back: what each row says, and what cannot be read.

Owns finding the table and reading its cells. Guesses nothing: a cell that does not say plainly what
its column asks for is a problem named by its place. Knows no database.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from uuid import UUID

from documents.month_form.layout import COLUMNS, DONE, EVIDENCE, FILLED, REPORTED, Stamp
from loaders import LedgerError
from loaders.forms import open_source
from loaders.grid import Cell, Grid, Row, Source
from loaders.phrases import read_date
from loaders.progress import percent_unit, read_progress
from loaders.wording import arabic, folded, lines, number
from metrics.periods import month_end
from words import STATES

ACCEPTED = (".xlsx", ".xlsm", ".csv", ".xls", ".et", ".ods")
_FIELDS = {
    folded(spelling): column.field
    for column in COLUMNS
    for spelling in (column.header, *column.spellings)
} | {"完成日期": "effective_on"}
_PRINTED = {column.field: column.header for column in COLUMNS}
_HEADER_WITHIN = 60
"""Rows from the top in which the column names must be."""
_NOTHING = frozenset({"无", "暂无", "没有", "/", "-", "--", "—", "——", "\\", "无。"})
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_TIMES = re.compile(r"(?:共|合计)?([\d〇零一二两三四五六七八九十]+)次?")
_DAY_ONLY = re.compile(r"(\d{1,2})[日号]?")
_DAY_WRITTEN = re.compile(
    r"(?:(?<!\d)\d{1,2}[月./-]|(?<!\d)20\d\d(?:0[1-9]|1[0-2]))(\d{1,2})(?!\d)"
)
_CLOCK = re.compile(r"\s+\d{1,2}:\d{2}(?::\d{2})?$")
_MAYBE_A_ZERO_LOST = re.compile(r"\d{1,2}\.[123]")
_UNIT = re.compile(r"(?:填报|报送|责任)(?:单位|处室|部门)[(（]?[^:：]{0,6}[:：]\s*([^\s:：]+)")
_MONTH = re.compile(r"(20\d\d)\s*年\s*(1[0-2]|0?[1-9])\s*月")
_LEDGER = re.compile(r"台账[:：]\s*(\S.*)")
_FILLED_BY = re.compile(r"填报人|填表人|联系人")


class FormError(Exception):
    """The file cannot be taken for a report form; the message is one Chinese sentence for the user."""


@dataclass(frozen=True)
class Problem:
    """A cell that cannot be read."""

    cell: str
    """Sheet and cell, as in 填报表!H12."""
    message: str

    def __str__(self) -> str:
        return f"{self.cell}：{self.message}"


@dataclass(frozen=True)
class Proof:
    """One piece of evidence as a row names it."""

    title: str
    document_number: str = ""
    link: str = ""
    effective_on: date | None = None


@dataclass(frozen=True)
class FormRow:
    """One row of the table. What could not be read is None or "", and in `problems`."""

    place: str
    """Sheet and row, as in 填报表 第 12 行."""
    key: UUID | None
    number: int | None
    task: str
    state: str | None = None
    percent: float | None = None
    narrative: str = ""
    problem: str = ""
    next_step: str = ""
    effective_on: date | None = None
    times: Mapping[date | None, int] | None = None
    """How often the duty was done, by day; the day None is one left open. None when not stated."""
    proofs: tuple[Proof, ...] = ()
    problems: tuple[Problem, ...] = ()
    cell: Callable[[str], str] = str
    """Field → sheet and cell."""

    @property
    def is_report(self) -> bool:
        """Whether the row says how the task stands."""
        return self.state is not None

    @property
    def is_blank(self) -> bool:
        """Whether nothing was filled in."""
        return not (self.is_report or self.times is not None or self.proofs or self.problems)


@dataclass(frozen=True)
class Form:
    """A returned form."""

    name: str
    sha256: str
    stamp: Stamp | None
    """What the platform knew when it handed the form out; None when it did not, or it was lost."""
    unit: str
    """As the form says; "" when it does not."""
    month: date | None
    """The first day of the report month, by its stamp, else as it says."""
    ledger: str
    filled_by: str
    rows: tuple[FormRow, ...]
    notes: tuple[str, ...]
    """What was not read besides, each one sentence."""
    above: str = ""
    """What stands above the table."""


def read_form(source: Path | bytes, name: str, *, month: date | None = None) -> Form:
    """The form in a returned file; `name` is the file's name as the user knows it.

    `month` is the report month of a form that does not say it itself. Raises `FormError` when the
    file is no form at all.
    """
    content = source if isinstance(source, bytes) else _content(source)
    extension = Path(name).suffix.lower()
    if extension not in ACCEPTED:
        raise FormError(f"“{name}”不是填报表，请交回 .xlsx 文件。")
    opened = open_returned(content, name, "填报表")
    grid, head, columns = _table(opened.grids)
    stamp, unit, own_month, ledger, filled_by, above = _head(grid.rows[:head])
    first = own_month or (month and month.replace(day=1))
    reader = _Reader(grid, head, columns, first, is_ours=stamp is not None)
    rows = tuple(reader.rows())
    notes = (*(issue.message for issue in opened.issues), *reader.notes())
    sha256 = hashlib.sha256(content).hexdigest()
    return Form(name, sha256, stamp, unit, first, ledger, filled_by, rows, notes, above)


def open_returned(content: bytes, name: str, what: str) -> Source:
    """The tables of a file that came back; `what` is what it should be.

    Raises `FormError` when it cannot be opened.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"form{Path(name).suffix.lower()}"
        path.write_bytes(content)
        try:
            return open_source(path, name)
        except LedgerError as error:
            said = str(error).replace("后再导入", "后重新交回").replace("台账", what)
            raise FormError(f"{said}。") from error


def _content(path: Path) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        raise FormError("文件无法打开，请检查是否还在或被其他程序占用。") from None


def _table(grids: Sequence[Grid]) -> tuple[Grid, int, dict[str, int]]:
    """The sheet that is the form, the index of its header row, and field → column."""
    found = [(grid, *headed) for grid in grids if (headed := _header(grid))]
    if not found:
        raise FormError(
            "没有找到填报表：应有一行列名，写着“目标任务”和“状态”“进度%”“本月进展”中的至少一列。"
        )
    filled = [each for each in found if _is_filled(*each)] if len(found) > 1 else found
    if len(filled) > 1:
        names = "、".join(f"“{grid.table}”" for grid, *_ in filled)
        raise FormError(f"文件里有 {len(filled)} 张填了内容的表（{names}），请每个文件只留一张。")
    return (filled or found)[0]


def _header(grid: Grid) -> tuple[int, dict[str, int]] | None:
    for index, row in enumerate(grid.rows[:_HEADER_WITHIN]):
        columns: dict[str, int] = {}
        for column, cell in enumerate(row.cells):
            if name := _FIELDS.get(folded(cell.text)):
                columns.setdefault(name, column)
        if "task" in columns and columns.keys() & set(REPORTED):
            return index, columns
    return None


def _is_filled(grid: Grid, head: int, columns: Mapping[str, int]) -> bool:
    places = [columns[name] for name in FILLED if name in columns]
    return any(
        row.cells[place].text
        for row in grid.rows[head + 1 :]
        for place in places
        if place < len(row.cells)
    )


def _head(rows: Sequence[Row]) -> tuple[Stamp | None, str, date | None, str, str, str]:
    """Stamp, unit, month, ledger and author, from what stands above the table; and all of that."""
    texts = [[cell.text for cell in dict.fromkeys(row.cells) if cell.text] for row in rows]
    every = [text for row in texts for text in row]
    stamp = next(filter(None, map(Stamp.read, every)), None)
    said = "\n".join(arabic(text) for text in every)
    month = _MONTH.search(said)
    own_month = stamp.month if stamp else month and date(int(month[1]), int(month[2]), 1)
    unit, ledger = _UNIT.search("\n".join(every)), _LEDGER.search("\n".join(every))
    return (
        stamp,
        unit[1] if unit else "",
        own_month or None,
        ledger[1].strip() if ledger else "",
        _answer(texts, _FILLED_BY),
        said,
    )


def _answer(rows: Iterable[Sequence[str]], label: re.Pattern) -> str:
    """What is written behind a label such as 填报人：, in its cell or the next."""
    for row in rows:
        for place, text in enumerate(row):
            if not (found := label.search(text)):
                continue
            own = text[found.end() :].lstrip(" ：:　").split("　")[0].strip()
            beside = row[place + 1] if place + 1 < len(row) else ""
            return own or ("" if re.search(r"[:：]\s*$", beside) else beside.strip())
    return ""


class _Reader:
    """Reads the rows of one table."""

    def __init__(
        self,
        grid: Grid,
        head: int,
        columns: Mapping[str, int],
        month: date | None,
        *,
        is_ours: bool,
    ):
        self.grid = grid
        self.head = head
        self.columns = columns
        self.month = month
        self.is_ours = is_ours
        self.body = [
            (row.number if grid.table else head + 2 + place, row)
            for place, row in enumerate(grid.rows[head + 1 :])
        ]
        """Row number as the user sees it; the lines of a .csv are not its rows."""
        percents = (self._text(row, "percent") for _, row in self.body)
        self.unit = percent_unit(percents)

    def rows(self) -> Iterator[FormRow]:
        """Every row that names a task, or into which something was filled."""
        for row_number, row in self.body:
            texts = {name: self._text(row, name) for name in self.columns}
            if not any(texts.get(name) for name in ("task", *FILLED)) or self._is_header(row):
                continue
            yield self._row(row_number, row, texts)

    def notes(self) -> Iterator[str]:
        """A sentence for each column with content that was not read."""
        read = set(self.columns.values())
        for column, cell in enumerate(self.grid.rows[self.head].cells):
            filled = any(column < len(row.cells) and row.cells[column].text for _, row in self.body)
            repeated = column and cell in self.grid.rows[self.head].cells[:column]
            if column not in read and filled and not repeated:
                what = f"“{cell.text}”" if cell.text else "没有列名"
                yield f"{letters(column + 1)} 列（{what}）没有读入。"

    def _is_header(self, row: Row) -> bool:
        same = sum(_FIELDS.get(folded(c.text)) is not None for c in dict.fromkeys(row.cells))
        return same >= 3

    def _cell(self, row: Row, name: str) -> Cell | None:
        """The cell of a field; one merged over several columns belongs to the first of them."""
        place = self.columns.get(name)
        if place is None or place >= len(row.cells):
            return None
        cell = row.cells[place]
        if place and row.cells[place - 1] is cell:
            earlier = (at for at in self.columns.values() if at < place)
            return None if any(row.cells[at] is cell for at in earlier) else cell
        return cell

    def _text(self, row: Row, name: str) -> str:
        cell = self._cell(row, name)
        text = cell.text.strip() if cell else ""
        return "" if name in FILLED and folded(text) in _NOTHING else text

    def _place(self, row_number: int, name: str) -> str:
        column = self.columns.get(name, self.columns["task"])
        cell = f"{letters(column + 1)}{row_number}"
        return f"{self.grid.table}!{cell}" if self.grid.table else cell

    def _row(self, row_number: int, row: Row, texts: Mapping[str, str]) -> FormRow:
        problems: list[Problem] = []

        def doubt(name: str, message: str) -> None:
            problems.append(Problem(self._place(row_number, name), message))

        for name in FILLED:
            cell = self._cell(row, name)
            if cell is not None and cell.broken:
                doubt(name, f"{cell.broken}，请直接填写结果")
        key = read_uuid(texts.get("key", ""))
        state, percent = self._standing(texts, doubt)
        day = self._day("effective_on", texts.get("effective_on", ""), doubt)
        said = {name: lines(texts.get(name, "")) for name in ("narrative", "problem", "next_step")}
        if state is None and not problems and (percent is not None or any(said.values())):
            doubt("state", "填了进展，没有填状态")
        return FormRow(
            place=f"{self.grid.table} 第 {row_number} 行".strip(),
            key=key,
            number=number(folded(texts.get("number", "")).rstrip(".．、") or "无"),
            task=texts.get("task", ""),
            state=state,
            percent=percent,
            effective_on=day,
            times=self._times(texts, doubt),
            proofs=self._proofs(texts, doubt),
            problems=tuple(problems),
            cell=partial(self._place, row_number),
            **said,
        )

    def _standing(
        self, texts: Mapping[str, str], doubt: Callable[[str, str], None]
    ) -> tuple[str | None, float | None]:
        """State and percent, whichever of the two cells says them."""
        state, percent = _said(texts.get("state", ""))
        if texts.get("state") and state is None and percent is None:
            doubt("state", f"“{texts['state']}”看不出状态，请填未开始、进行中、已完成或不适用")
        written = self._percent_text(texts.get("percent", ""), state, doubt)
        other_state, other_percent = _said(written)
        if written and other_state is None and other_percent is None:
            doubt("percent", f"“{texts['percent']}”看不出进度，请填 0 到 100 之间的数")
        if other_percent is not None and other_percent > 100:
            doubt("percent", f"进度 {other_percent:g}% 超过 100%")
            return state, None
        if state and other_state and state != other_state:
            doubt("percent", f"状态是{STATES[state]}，这里却是“{texts['percent']}”")
        percent = percent if other_percent is None else other_percent
        state = state or other_state
        if state is None and percent is not None:
            state = "done" if percent == 100 else "in_progress" if percent else "not_started"
        if state == "done" and percent not in (None, 100):
            doubt("percent", f"状态是已完成，进度却是 {percent:g}%")
        return state, percent

    def _percent_text(self, text: str, state: str | None, doubt: Callable[[str, str], None]) -> str:
        """A bare figure with its %: 0.8 is 80 %, and 1 is what the column's other figures make it."""
        written = folded(text)
        if not _FIGURE.fullmatch(written):
            return text
        figure = float(written)
        if 0 < figure < 1:
            return f"{round(100 * figure, 4):g}%"
        if figure == 1:
            if self.unit is None and state != "done":
                doubt("percent", "“1”看不出是 1% 还是 100%，请写上百分号")
                return ""
            return "100%" if self.unit in (None, 100) else "1%"
        return f"{figure:g}%"

    def _day(self, name: str, text: str, doubt: Callable[[str, str], None]) -> date | None:
        """The one day a cell names; a bare 30日 is one of the report month."""
        if not text:
            return None
        try:
            return self._one_day(text)
        except ValueError as error:
            doubt(name, str(error))
            return None

    def _one_day(self, text: str) -> date:
        """Raises ValueError, in words for the user, when the text names no day."""
        text = _CLOCK.sub("", text)
        written = arabic(folded(text))
        if _MAYBE_A_ZERO_LOST.fullmatch(written) and not self.is_ours:
            # A spreadsheet takes a typed 9.30 for the number 9.3.
            month, _, tens = written.partition(".")
            raise ValueError(
                f"“{text}”看不出是 {month} 月 {tens} 日还是 {tens}0 日，请写成 2020-09-30 的样子"
            )
        if (bare := _DAY_ONLY.fullmatch(written)) and self.month:
            if not 1 <= int(bare[1]) <= month_end(self.month).day:
                raise ValueError(f"“{text}”不是 {self.month.month} 月的日期")
            return self.month.replace(day=int(bare[1]))
        day = read_date(text, self.month and self.month.year)
        if day is not None and day.year < 1910:
            # What a cell made for dates makes of a typed 9.3.
            raise ValueError("是一个数，不是日期，请写成 2020-09-30 的样子")
        if day is None or not 2000 <= day.year < 2100:
            raise ValueError(f"“{text}”看不出日期，请写成 2020-09-30 的样子")
        stated = _DAY_WRITTEN.findall(written)
        if stated and int(stated[-1]) != day.day:
            raise ValueError(f"“{text}”不是存在的日期")
        return day

    def _times(
        self, texts: Mapping[str, str], doubt: Callable[[str, str], None]
    ) -> dict[date | None, int] | None:
        """Times by day; 4 beside one day or none is four on that day, beside four days one on each."""
        if not any(texts.get(name) for name in DONE):
            return None
        days = []
        for part in filter(None, re.split(r"[、,，;；\n]", texts.get("occurred_on", ""))):
            days.append(self._day("occurred_on", part.strip(), doubt))
        if None in days:
            return None
        each = {day: days.count(day) for day in days}
        written = folded(texts.get("times", ""))
        if not written:
            return each
        found = _TIMES.fullmatch(written.removesuffix(".0"))
        times = number(found[1]) if found else None
        if times is None:
            doubt("times", f"“{texts['times']}”看不出次数，请填整数")
        elif len(days) > 1 and times != len(days):
            doubt("times", f"写了 {len(days)} 个完成日期，次数却是 {times}")
        elif times == 0 and days:
            doubt("times", "写了完成日期，次数却是 0")
        elif len(days) > 1:
            return each
        else:
            return {days[0] if days else None: times} if times else {}
        return None

    def _proofs(
        self, texts: Mapping[str, str], doubt: Callable[[str, str], None]
    ) -> tuple[Proof, ...]:
        """Evidence, a line for each; numbers, links and days belong to the titles in their order."""
        titles, numbers, links, days = (
            lines(texts.get(name, "")).split("\n") if texts.get(name) else [] for name in EVIDENCE
        )
        if not titles and (numbers or links):
            doubt("title", "写了文号或链接，没有写佐证材料名称")
        for name, listed in zip(EVIDENCE[1:], (numbers, links, days), strict=True):
            if titles and len(listed) > len(titles):
                doubt(
                    name, f"{_PRINTED[name]}有 {len(listed)} 行，佐证材料名称只有 {len(titles)} 行"
                )
        if not titles:
            return ()
        own_days = [self._day("evidence_on", day, doubt) for day in days]
        if len(own_days) == 1:
            own_days *= len(titles)

        def at(listed: Sequence, place: int, otherwise: object) -> object:
            return listed[place] if place < len(listed) else otherwise

        return tuple(
            Proof(title, at(numbers, n, ""), at(links, n, ""), at(own_days, n, None))
            for n, title in enumerate(titles)
        )


def _said(text: str) -> tuple[str | None, float | None]:
    """(state, percent) as far as the text states them itself."""
    if not text:
        return None, None
    progress, _ = read_progress({"percent": text}, None, None)
    if progress.percent is not None:
        return None, progress.percent
    if _FIGURE.fullmatch(folded(text).removesuffix("%")):
        # Above 100, which the ledger's reader drops.
        return None, float(folded(text).removesuffix("%"))
    return progress.state, None


def read_uuid(text: str) -> UUID | None:
    """The id in a hidden cell; None when it is none."""
    try:
        return UUID(text.strip())
    except ValueError:
        return None


def letters(column: int) -> str:
    """1 → A, 27 → AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
