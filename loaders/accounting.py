"""Whether all text that a document shows was read: what a plain walk of the source finds is counted
against what stands in the tables and lines handed on.

Every form gathers both in its own way; comparing them and wording what is missing is done here. Knows
no file format and no meaning of any text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from loaders.grid import Grid, Source
from loaders.labels import heading_of, labels_in
from loaders.model import Issue, Place, PreviewCell, PreviewTable, SourceRow, Task
from loaders.reference import OWNERS
from loaders.wording import folded, is_ordinal

BESIDE = "正文"
"""The name under which the lines outside all tables are listed."""
# What separates words and is no text itself: no reading keeps all of it.
_BREAKS = re.compile(
    r"[\s\x00-/:-@\[-`{-\x7f\xa0\xb7\u2000-\u206f\u3000-\u3003\u3008-\u301f\u2500-\u257f\ufe10-\ufe6f"
    r"\u25b6\u25ba\u25aa！-／：-＠［-｀｛-､\ufeff￼]+"
)
_MOST_LOOKED_UP = 200
"""Distinct words counted one by one; each costs a search of the whole text."""
_MOST_ROWS_NAMED = 20
_LONGEST_QUOTED = 80


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a stretch of text stands."""

    table: str
    row: int
    column: int | None = None


def unread(
    printed: Sequence[str],
    grids: Iterable[Grid],
    lines: Iterable[str],
    spot_of: Callable[[int], Spot],
    *,
    with_labels: bool = False,
) -> list[tuple[Spot, str]]:
    """(where, text) of what is printed and stands in no cell of the grids and in no line.

    `printed` are the stretches of text of the source in its order; `spot_of` gives the place of one
    by its index. A text counts as often as it is printed: the same words in another cell do not
    stand for it. `with_labels` is said of running text, which is read by its labels and does not keep them.
    """
    texts = [*lines, *_cell_texts(grids)]
    shown, used = "\n".join(printed), "\n".join(texts)
    if _BREAKS.sub("", shown) == _BREAKS.sub("", used):
        return []
    left = Counter(_BREAKS.split(shown)) - Counter(_BREAKS.split(used))
    missing = {}
    for word in list(left)[:_MOST_LOOKED_UP]:
        # A word may be part of a longer one on the other side: a number joined to its heading.
        if not word or (with_labels and (_is_label(word) or _MARK.fullmatch(word))):
            continue
        lacking = shown.count(word) - used.count(word)
        if lacking > 0 and with_labels:
            lacking -= _within_labels(word, printed)
        if lacking > 0:
            missing[word] = lacking
    return _placed(missing, printed, grids, spot_of) if missing else []


def _cell_texts(grids: Iterable[Grid]) -> Iterable[str]:
    for grid in grids:
        above: set[int] = set()
        for row in grid.rows:
            for cell in dict.fromkeys(row.cells):
                if cell.text and id(cell) not in above:
                    yield cell.text
            above = {id(cell) for cell in row.cells}


def _placed(
    missing: dict[str, int],
    printed: Sequence[str],
    grids: Iterable[Grid],
    spot_of: Callable[[int], Spot],
) -> list[tuple[Spot, str]]:
    """Each missing word at the places whose row does not have it, as often as it is missing."""
    used_in: dict[tuple[str, int], list[str]] = {}
    for grid in grids:
        for row in grid.rows:
            used_in.setdefault((grid.table, row.number), []).extend(cell.text for cell in row.cells)
    found: list[tuple[int, Spot, str]] = []
    for word, times in missing.items():
        at = [index for index, text in enumerate(printed) if word in text]
        spots = [(index, spot_of(index)) for index in at]
        lacking = [
            (index, spot)
            for index, spot in spots
            if not any(word in text for text in used_in.get((spot.table, spot.row), ()))
        ]
        found += [(index, spot, word) for index, spot in (lacking or spots)[:times]]
    return [(spot, word) for _, spot, word in sorted(found, key=lambda each: each[0])]


def named(file: str, label: str, found: Sequence[tuple[Spot, str]]) -> list[Issue]:
    """The issues that name texts which were left out: one for each row, or one for all when they
    stand in many. `label` is what they are: 隐藏的文字."""
    by_row: dict[Spot, list[str]] = {}
    for spot, text in found:
        by_row.setdefault(Spot(spot.table, spot.row), []).append(text)
    first = {Spot(spot.table, spot.row): spot for spot, _ in reversed(found)}
    if len(by_row) > _MOST_ROWS_NAMED:
        spot = found[0][0]
        message = f"有 {len(found)} 处{label}没有读入，请核对：{quoted([t for _, t in found])}"
        return [Issue(Place(file, spot.table, spot.row), message)]
    return [
        Issue(
            Place(file, spot.table, spot.row, first[spot].column),
            f"{label}没有读入，请核对：{quoted(texts)}",
            "" if spot.table == BESIDE else "task",
        )
        for spot, texts in by_row.items()
    ]


def quoted(texts: Sequence[str]) -> str:
    """The texts in one line, cut where it grows too long."""
    joined = "、".join(" ".join(text.split()) for text in texts)
    long = len(joined) > _LONGEST_QUOTED
    return f"“{joined[:_LONGEST_QUOTED]}”等 {sum(map(len, texts))} 字" if long else f"“{joined}”"


_LABEL = re.compile(
    "单位|部门|处室|科室|机构|时限|时间|期限|节点|牵头|主办|责任|负责|承办|配合|协同|协办|参与|参加|会同|支持|分工"
)
# The number of a step, （1）, whose brackets are separators.
_MARK = re.compile(r"\d{1,2}|[一二三四五六七八九十]{1,2}|[A-H]")
_LONGEST_LABEL = 12


def _is_label(word: str) -> bool:
    """Whether a word is a label such as 责任单位."""
    if len(word) > _LONGEST_LABEL:
        return False
    return bool(_LABEL.search(folded(word)) or heading_of(word, {}))


def _within_labels(word: str, printed: Sequence[str]) -> int:
    """How often a word is part of a label that spaces or a line break divide: 责 任 单 位."""
    lines = (f"{' '.join(text.split())}\n" for text in printed if word in text)
    return sum(
        any(word in line[label.start : label.end] for label in labels_in(line)) for line in lines
    )


def outside_tables(source: Source, file: str) -> tuple[list[SourceRow], PreviewTable]:
    """The lines around the tables, each a named row: above the first table `title`, elsewhere `note`."""
    rows, cells = [], []
    above = len(source.above)
    for number, line in enumerate((*source.above, *source.beside), start=1):
        text = line.strip()
        reading = "blank" if not text else "title" if number <= above else "note"
        rows.append(SourceRow(Place(file, BESIDE, number), reading, text, cells=(text,)))
        cells.append((PreviewCell(text, reading),))
    return rows, PreviewTable(BESIDE, tuple(cells))


_KEPT = (
    "level1",
    "level2",
    "task",
    *OWNERS,
    "deadline",
    "note",
    "criterion",
    "narrative",
    "evidence",
)
"""The columns whose text a task keeps; of the others it keeps a value."""
_VALUE = re.compile(r"\D{0,4}\d+(?:\.\d+)?分|同上|\d{5}|[①-⑳]")
"""Words that a task keeps as a value: points, a reference to the cell above, Excel's number of a day."""


def lost(
    rows: Sequence[SourceRow],
    tables: Sequence[PreviewTable],
    tasks: Sequence[Task],
    raised: Sequence[Issue],
) -> list[Issue]:
    """An issue for every row of which a word is in no part of its tasks.

    A list of 二级指标 is shared out among the tasks below it, so that a heading counts as kept when
    any task has it, or an issue `raised` offers it because the sharing failed.
    """
    levels = {*(task.level1 for task in tasks), *(task.level2 for task in tasks)}
    levels |= {option for issue in raised if issue.about == "level2" for option in issue.options}
    headings = _BREAKS.sub("", "".join(levels))
    known: set[str] = set()
    issues: list[Issue] = []
    drawn = (cells for table in tables for cells in table.rows)
    done = 0
    for row, cells in zip(rows, drawn, strict=True):
        if row.reading != "task" or not (row.tasks or done):
            continue
        own = tasks[done : done + row.tasks] or tasks[done - 1 : done]
        done += row.tasks
        whole = {own[0].task, own[0].responsible_text, own[0].deadline_text}
        missing: list[str] = []
        kept = ""
        for cell in cells:
            if cell.reading not in _KEPT or cell.inherited or cell.text in whole:
                continue
            is_heading = cell.reading in ("level1", "level2")
            if is_heading and cell.text in known:
                continue
            kept = kept or _BREAKS.sub("", "".join(map(_kept_text, own)))
            within = kept + headings if is_heading else kept
            if _BREAKS.sub("", cell.text) not in within:
                words = _BREAKS.split(cell.text)
                missing += [word for word in words if word not in within and not _is_value(word)]
            if is_heading:
                known.add(cell.text)
        if missing:
            numbers = tuple(task.number for task in own)
            message = f"该行有文字没有归入任务，请核对：{quoted(missing)}"
            issues.append(Issue(row.place, message, "task", tasks=numbers))
    return issues


def _kept_text(task: Task) -> str:
    progress = task.progress
    told = [progress.narrative, progress.evidence] if progress else []
    if task.plan:
        told.append(task.plan.text)
    return "\n".join(
        (
            *(task.level1, task.level2, task.task, task.responsible_text, task.deadline_text),
            *(task.printed_number, task.note, task.criterion, *told),
        )
    )


def _is_value(word: str) -> bool:
    return is_ordinal(word) or bool(_VALUE.fullmatch(word))
