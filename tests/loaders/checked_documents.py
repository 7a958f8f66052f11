"""What must hold of any document that is read: every row, every cell and every word accounted for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from loaders import LedgerError, Preview, preview
from loaders.wording import folded, one_line

DOCUMENT = "document"
"""The file a document is read from; its name is handed over apart, as it is for an upload."""
READINGS = {"title", "header", "task", "total", "note", "blank"}


@dataclass(frozen=True)
class Document:
    """A document to be read: its kind for the count, its file name, its content."""

    kind: str
    name: str
    content: bytes
    texts: tuple[str, ...] = ()
    """What stands in its table; all of it must be found again in the account of the rows."""
    unseen: tuple[str, ...] = ()
    """What its reader does not see; none of it may be read, and all of it must be named."""

    def __repr__(self) -> str:
        return f"Document({self.kind!r}, {self.name!r}, {self.content[:300]!r}, {self.texts!r})"


def read(document: Document, folder: Path) -> Preview | str:
    """What the document is read as, or the sentence it is refused with; anything else that the
    reader raises goes through.
    """
    path = folder / DOCUMENT
    path.write_bytes(document.content)
    try:
        return preview(path, document.name)
    except LedgerError as error:
        return str(error)


def check(document: Document, result: Preview | str) -> None:
    """Every row and every cell accounted for, or one sentence for the user; else AssertionError."""
    if isinstance(result, str):
        assert re.search("[\u4e00-\u9fff]", result), result
        assert "\n" not in result, result
        assert len(result) < 200, result
        return
    ledger = result.ledger
    assert ledger.tasks
    assert [task.number for task in ledger.tasks] == list(range(1, len(ledger.tasks) + 1))
    assert all(task.task for task in ledger.tasks)
    assert sum(row.tasks for row in ledger.rows) == len(ledger.tasks)
    assert sum(len(table.rows) for table in result.tables) == len(ledger.rows)
    assert {row.reading for row in ledger.rows} <= READINGS
    doubted = {(issue.place.table, issue.place.row) for issue in ledger.issues}
    for above, row in pairwise((None, *ledger.rows)):
        # A row that merged cells cover whole has nothing of its own.
        covered = above and {*row.cells} - {""} <= {*above.cells}
        assert row.reading != "blank" or not row.text or covered, row
        assert row.tasks == 0 or row.reading == "task", row
        told = row.reading != "task" or row.tasks or (row.place.table, row.place.row) in doubted
        assert told, f"neither a task nor an issue: {row}"
    _check_unread(result)
    written = folded("".join(text for row in ledger.rows for text in (row.text, *row.cells)))
    lost = [text for text in document.texts if folded(text) not in written]
    assert not lost, f"in no row: {lost}"
    named = "".join(issue.message for issue in ledger.issues)
    read_all_the_same = [text for text in document.unseen if text in written]
    assert not read_all_the_same, f"read, and seen by nobody: {read_all_the_same}"
    silent = [text for text in document.unseen if text not in named]
    assert "等 " in named or not silent, f"left out, and not named: {silent}"
    unaccounted = [issue for issue in ledger.issues if "原文中的一段文字" in issue.message]
    whole = document.kind.startswith(("table", "wrapped"))
    assert not (whole and unaccounted), f"unaccounted for: {unaccounted}"


def _check_unread(result: Preview) -> None:
    """A cell of a task's row that is read for nothing must be in a row or column that an issue names; a
    cell over several columns is named by its first; a number without a header counts the rows.
    """
    said = [issue for issue in result.ledger.issues if "没有读入" in issue.message]
    rows = {(issue.place.table, issue.place.row) for issue in said}
    columns = {issue.place.column for issue in said if "没有表头" in issue.message}
    named = "".join(issue.message for issue in said if "一列没有识别" in issue.message)
    below_named: set[int] = set()
    header_above = False
    drawn = [row for table in result.tables for row in table.rows]
    for source, cells in zip(result.ledger.rows, drawn, strict=True):
        is_named = {
            column
            for column, text in enumerate(source.cells, start=1)
            if text and f"“{one_line(text)}”" in named
        }
        if source.reading == "header":
            below_named = is_named | (below_named if header_above else set())
        header_above = source.reading == "header"
        told = columns | below_named | is_named
        for column, (left, cell) in enumerate(pairwise(cells), start=2):
            if cell.text == left.text and column - 1 in told:
                told.add(column)
        silent = [
            cell.text
            for column, cell in enumerate(cells, start=1)
            if cell.reading == "ignored" and not cell.text.isdecimal() and column not in told
        ]
        place = (source.place.table, source.place.row)
        assert not silent or place in rows, f"unread, and not said: {silent} of {source}"
