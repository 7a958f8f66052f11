"""Documents as issued → tasks and issues.

Owns reading: file → grid (`forms`), cards and matrices → tables (`upright`), grid → columns
(`columns`), rows → tasks (`rows`). Refuses to
know where the tasks are kept and how they are shown. Importing it loads no document library.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from loaders import accounting, reference, suspecting, years
from loaders.coding import with_names
from loaders.columns import field_text, find_columns
from loaders.controls import printable
from loaders.dated_duties import with_days_within
from loaders.duties import Duties
from loaders.forms import open_source
from loaders.grid import Cell, Grid
from loaders.heading import read_heading
from loaders.model import (
    Assignment,
    Cadence,
    Deadline,
    Issue,
    Ledger,
    LedgerError,
    Place,
    Preview,
    PreviewCell,
    PreviewTable,
    Progress,
    SourceRow,
    Task,
    Tell,
    silent,
)
from loaders.ordering import first_leads
from loaders.phrases import read_cadences, read_deadline, read_owners, read_quantities
from loaders.progress import day_spoken_of
from loaders.refusing import why_no_ledger
from loaders.rows import Reading
from loaders.upright import upright
from loaders.wording import is_level

__all__ = [
    "Assignment",
    "Cadence",
    "Deadline",
    "Issue",
    "Ledger",
    "LedgerError",
    "Place",
    "Preview",
    "PreviewCell",
    "PreviewTable",
    "Progress",
    "SourceRow",
    "Task",
    "Tell",
    "preview",
    "read_cadences",
    "read_deadline",
    "read_ledger",
    "read_owners",
    "read_quantities",
]


_LEGEND_ROWS = 5
_OPENED, _PAGES_OPENED = 0.4, 0.95
"""How far the reading is when the tables are open and their rows are not read yet: measured with long
files, of a .pdf the latter."""


def read_ledger(path: Path, *, name: str | None = None) -> Ledger:
    """The ledger in a document: .docx, .xlsx, .csv, .txt, .html, .pdf, pictures of pages, and what
    LibreOffice converts.

    `name` is the file name to show and to recognise the form by, for an upload kept under a
    temporary name. Every row of the source is in `rows`: the sum of their `tasks` is the number of
    tasks. Raises LedgerError, one Chinese sentence, when there is no ledger to be read.
    """
    return preview(path, name).ledger


@reference.held()
def preview(path: Path, name: str | None = None, tell: Tell = silent) -> Preview:
    """The ledger as `read_ledger` gives it, and its source with how each cell was read.

    The rows of the tables, one table after the other, are those of `ledger.rows`. `tell` hears how
    far the reading is. Raises LedgerError as `read_ledger` does.
    """
    path = Path(path)
    name = printable(name or path.name)
    opened = _PAGES_OPENED if name.lower().endswith(".pdf") else _OPENED
    source = open_source(
        path, name, lambda doing, done: tell(doing, done * opened), with_hidden=False
    )
    spellings = reference.headers()
    around = [*source.above, *source.beside, *(c.text for g in source.grids for c in _first(g))]
    grids = with_names(upright(source.grids, around, spellings), around, spellings)
    source = replace(source, grids=grids)
    headed = [(grid, find_columns(grid, spellings)) for grid in source.grids]
    first = next(((grid, found) for grid, found in headed if found), None)
    if first is None:
        raise LedgerError(why_no_ledger(source, spellings, ruled=name.lower().endswith(".pdf")))
    above = [*source.above, *_lines_above(*first)]
    heading, assumed = years.with_any_year(
        read_heading(above, name, _deadline_texts(headed)), source, above
    )
    duties = Duties(heading.year)
    reading = Reading(name, spellings, duties, captions=_captions(source.grids))
    rows = sum(len(grid.rows) for grid in source.grids)
    rows += len(source.above) + len(source.beside)

    def tell_rows(done: int) -> None:
        doing = f"正在识别任务和责任单位：第 {done:,} 行，共 {rows:,} 行"
        tell(doing, opened + (1 - opened) * done / rows)

    for grid in source.grids:
        reading.read_grid(grid, tell_rows)
    reading.finish()
    if not duties.tasks:
        raise LedgerError("表格只有表头，没有任务，请确认选对了文件")
    notes = [row.text for row in reading.rows if row.reading in ("title", "header", "note")]
    duties.tasks, ordered = first_leads([*source.above, *source.beside, *notes], duties.tasks)
    duties.issues += ordered
    duties.tasks, duties.issues = with_days_within(duties.tasks, duties.issues, heading.year)
    duties.issues += suspecting.doubts(duties.tasks, duties.issues)
    duties.issues += suspecting.left_lines(reading.rows, duties.tasks)
    lost = accounting.lost(reading.rows, reading.tables, duties.tasks, duties.issues)
    odd = years.doubts(name, heading, duties.tasks, source, assumed)
    outside, beside = accounting.outside_tables(source, name)
    ledger = Ledger(
        name,
        _sha256(path),
        heading.title,
        heading.region,
        heading.year,
        tuple(duties.tasks),
        (*source.issues, *duties.issues, *lost, *odd),
        (*reading.rows, *outside),
        day_spoken_of([*above, *first[1][1].spellings.values()], heading.year),
    )
    tables = (*reading.tables, *([beside] if outside else []))
    return Preview(tables, ledger, source.pictures)


def _captions(grids: Sequence[Grid]) -> int:
    """How many tables stand below the heading of a chapter."""
    return sum(any(map(is_level, grid.caption)) for grid in grids)


def _first(grid: Grid) -> Iterator[Cell]:
    """The cells of the first and the last rows of a grid, where a legend may stand."""
    rows = [*grid.rows[:_LEGEND_ROWS], *grid.rows[_LEGEND_ROWS:][-_LEGEND_ROWS:]]
    return (cell for row in rows for cell in dict.fromkeys(row.cells))


def _lines_above(grid: Grid, found: tuple) -> list[str]:
    return [
        " ".join(cell.text for cell in dict.fromkeys(row.cells) if cell.text)
        for row in grid.rows[: found[0]]
    ]


def _deadline_texts(headed: list) -> list[str]:
    return [
        field_text(found[1].cells(row, "deadline"))
        for grid, found in headed
        if found
        for row in grid.rows[found[0] + 1 :]
    ]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
