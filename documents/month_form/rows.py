"""The rows of a returned report form: what each cell says, and which cannot be read.

Owns the reading of cells. Guesses nothing: a cell that does not say plainly what its column asks for
is a problem named by its place.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TypeVar

from documents.month_form.form import FormRow, Proof
from documents.month_form.layout import COLUMNS, DONE, EVIDENCE, FILLED
from documents.workbook.column import fields_by_header
from documents.workbook.returned import (
    Problem,
    cell_name,
    cell_of,
    letters,
    read_number,
    read_uuid,
)
from loaders.grid import Cell, Grid, Row
from loaders.phrases import read_date
from loaders.progress import percent_unit, read_progress
from loaders.wording import arabic, folded, lines, number
from words import STATES

FIELDS = fields_by_header(COLUMNS) | {"完成日期": "effective_on"}
"""Folded header → field. Tables that people made themselves mean the report's own day by 完成日期."""
_PRINTED = {column.field: column.header for column in COLUMNS}
_NOTHING = frozenset({"无", "暂无", "没有", "/", "-", "--", "—", "——", "\\", "无。"})
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_TIMES = re.compile(r"(?:共|合计)?([\d〇零一二两三四五六七八九十]+)次?")
_DAY_ONLY = re.compile(r"(\d{1,2})[日号]?")
_DAY_WRITTEN = re.compile(
    r"(?:(?<!\d)\d{1,2}[月./-]|(?<!\d)20\d\d(?:0[1-9]|1[0-2]))(\d{1,2})(?!\d)"
)
_CLOCK = re.compile(r"\s+\d{1,2}:\d{2}(?::\d{2})?$")
_MAYBE_A_ZERO_LOST = re.compile(r"\d{1,2}\.[123]")

_NEXT_STEP = re.compile(r"(?:^|\n|；|。)\s*下一步(?:工作|措施|打算)?[：:，,]?")
_PROBLEM = re.compile(r"^(?:存在的?)?问题[：:]")
_LINK = re.compile(r"https?://[^\s，；]+")
_DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}[〔\[（(]20\d\d[〕\]）)]第?\d+号")

T = TypeVar("T")
Doubt = Callable[[str, str], None]
"""Notes a problem: field, message."""


class RowReader:
    """Reads the rows of one table."""

    def __init__(
        self,
        grid: Grid,
        head: int,
        columns: Mapping[str, int],
        month: date | None,
        *,
        is_ours: bool,
    ) -> None:
        self.grid = grid
        self.head = head
        self.columns = columns
        self.month = month
        self.is_ours = is_ours
        self.body = [
            (row.number if grid.table else head + 2 + place, row)
            for place, row in enumerate(grid.rows[head + 1 :])
        ]
        """Row number as the user sees it, and the row. In a .csv a row may take several lines, so its rows are
        counted."""
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
        same = sum(FIELDS.get(folded(c.text)) is not None for c in dict.fromkeys(row.cells))
        return same >= 3

    def _cell(self, row: Row, name: str) -> Cell | None:
        return cell_of(row, self.columns, name)

    def _text(self, row: Row, name: str) -> str:
        cell = self._cell(row, name)
        text = cell.text.strip() if cell else ""
        return "" if name in FILLED and folded(text) in _NOTHING else text

    def _place(self, row_number: int, name: str) -> str:
        column = self.columns.get(name, self.columns["task"])
        return cell_name(self.grid.table, column, row_number)

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
        sentences = {
            name: lines(texts.get(name, "")) for name in ("narrative", "problem", "next_step")
        }
        if not sentences["next_step"]:
            sentences |= _problem_and_next_step(sentences["problem"])
        if state is None and not problems and (percent is not None or any(sentences.values())):
            doubt("state", "填了进展，没有填状态")
        return FormRow(
            place=f"{self.grid.table} 第 {row_number} 行".strip(),
            key=key,
            number=read_number(texts.get("number", "")),
            task=texts.get("task", ""),
            state=state,
            percent=percent,
            effective_on=day,
            times=self._times(texts, doubt),
            proofs=self._proofs(texts, doubt),
            problems=tuple(problems),
            cell=partial(self._place, row_number),
            narrative=sentences["narrative"],
            problem=sentences["problem"],
            next_step=sentences["next_step"],
        )

    def _standing(self, texts: Mapping[str, str], doubt: Doubt) -> tuple[str | None, float | None]:
        """State and percent; either may be written in the cell of the other."""
        state, percent = _state_and_percent(texts.get("state", ""))
        if texts.get("state") and state is None and percent is None:
            doubt("state", f"“{texts['state']}”看不出状态，请填未开始、进行中、已完成或不适用")
        written = self._percent_text(texts.get("percent", ""), state, doubt)
        other_state, other_percent = _state_and_percent(written)
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

    def _percent_text(self, text: str, state: str | None, doubt: Doubt) -> str:
        """A bare figure with its %: 0.8 is 80 %; whether 1 is 1 % or 100 % depends on the column's other figures."""
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

    def _day(self, name: str, text: str, doubt: Doubt) -> date | None:
        """The day in a cell; a bare 30日 is a day of the report month."""
        if not text:
            return None
        try:
            return self._one_day(text)
        except ValueError as error:
            doubt(name, str(error))
            return None

    def _one_day(self, text: str) -> date:
        """Raises ValueError with a message for the user when the text names no day."""
        text = _CLOCK.sub("", text)
        written = arabic(folded(text))
        if _MAYBE_A_ZERO_LOST.fullmatch(written) and not self.is_ours:
            # Excel keeps a typed 9.30 as the number 9.3.
            month, _, tens = written.partition(".")
            raise ValueError(
                f"“{text}”看不出是 {month} 月 {tens} 日还是 {tens}0 日，请写成 2020-09-30 的样子"
            )
        if (bare := _DAY_ONLY.fullmatch(written)) and self.month:
            if not 1 <= int(bare[1]) <= monthrange(self.month.year, self.month.month)[1]:
                raise ValueError(f"“{text}”不是 {self.month.month} 月的日期")
            return self.month.replace(day=int(bare[1]))
        day = read_date(text, self.month.year if self.month else None)
        if day is not None and day.year < 1910:
            # A cell in date format turns a typed 9.3 into 1900-01-09.
            raise ValueError("是一个数，不是日期，请写成 2020-09-30 的样子")
        if day is None or not 2000 <= day.year < 2100:
            raise ValueError(f"“{text}”看不出日期，请写成 2020-09-30 的样子")
        stated = _DAY_WRITTEN.findall(written)
        if stated and int(stated[-1]) != day.day:
            raise ValueError(f"“{text}”不是存在的日期")
        return day

    def _times(self, texts: Mapping[str, str], doubt: Doubt) -> dict[date | None, int] | None:
        """Times by day: 4 beside one day or none means four on that day, beside four days one on each."""
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

    def _proofs(self, texts: Mapping[str, str], doubt: Doubt) -> tuple[Proof, ...]:
        """Evidence, one a line; numbers, links and days belong to the titles in their order."""
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
        proof_days = [self._day("evidence_on", day, doubt) for day in days]
        if len(proof_days) == 1:
            proof_days *= len(titles)
        if not (numbers or links or days):
            return tuple(map(_proof_of_line, titles))
        return tuple(
            Proof(title, _at(numbers, n, ""), _at(links, n, ""), _at(proof_days, n, None))
            for n, title in enumerate(titles)
        )


def _problem_and_next_step(text: str) -> dict[str, str]:
    """What is written in one cell: lines that begin with 下一步 and those after them are the next step."""
    found = _NEXT_STEP.search(text)
    if found is None:
        return {"problem": text, "next_step": ""}
    problem = _PROBLEM.sub("", text[: found.start()]).strip()
    return {
        "problem": "" if folded(problem) in _NOTHING else problem,
        "next_step": text[found.end() :].strip(),
    }


def _proof_of_line(line: str) -> Proof:
    """A piece of evidence from one line: its title, and 文号 and link where the line has them."""
    link, number = _LINK.search(line), _DOCUMENT_NUMBER.search(line)
    title = line
    for found in (link, number):
        title = title.replace(found[0], " ") if found else title
    title = " ".join(title.split()).strip(" ，,；;")
    return Proof(title or line, number[0] if number else "", link[0] if link else "")


def _state_and_percent(text: str) -> tuple[str | None, float | None]:
    """(state, percent) as far as the text states them itself."""
    if not text:
        return None, None
    progress, _ = read_progress({"percent": text}, None, None)
    if progress is not None and progress.percent is not None:
        return None, progress.percent
    if _FIGURE.fullmatch(folded(text).removesuffix("%")):
        # A figure above 100: `read_progress` does not take it.
        return None, float(folded(text).removesuffix("%"))
    return progress.state if progress else None, None


def _at(listed: Sequence[T], place: int, otherwise: T) -> T:
    return listed[place] if place < len(listed) else otherwise
