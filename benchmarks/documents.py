"""The documents of a quarter: for the Ningxia ledger with demonstration progress, and for a large one.

`python -m benchmarks.documents [--short]` prints a markdown table. Each ledger is in a process of its
own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import documents
import metrics
from benchmarks.generate import generate
from benchmarks.measuring import apart, megabytes, peak_megabytes, table, timed
from findings import quarter as briefing
from metrics import Scope, ask
from warehouse import Warehouse, open_office, open_warehouse

AS_OF = date(2020, 9, 30)
LARGE = 2_000
"""Tasks of the large ledger."""
AIMS = {"Ningxia": 5, "generated": 15}
"""Seconds all documents may take together."""
MOST_MEGABYTES = 500
COLUMNS = (
    "ledger",
    "tasks",
    "answers s",
    ".docx s",
    ".pptx s",
    ".xlsx s",
    ".pdf s",
    "together s",
    "cpu s",
    "peak",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.documents", description=__doc__)
    parser.add_argument("--short", action="store_true", help="200 tasks in the large ledger")
    print(measure(short=parser.parse_args().short))


def measure(*, short: bool = False) -> str:
    """The report in markdown."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        lines = [
            apart(of_ningxia, Path(folder) / "data"),
            apart(of_generated, Path(folder) / "large.duckdb", 200 if short else LARGE),
        ]
    return "\n\n".join(
        [
            "## Documents of a quarter",
            table(COLUMNS, lines),
            "The first and only making of each, imports and judging included. ✗ = more than "
            f"{AIMS['Ningxia']} s (Ningxia), {AIMS['generated']} s (generated) or {MOST_MEGABYTES} MB.",
        ]
    )


def of_ningxia(data: Path) -> list[str]:
    """The line of the shipped ledger."""
    os.environ["CREDIT_DATA_DIR"] = str(data)
    return _line("Ningxia", open_office(demonstration=True).warehouse)


def of_generated(path: Path, tasks: int) -> list[str]:
    """The line of a generated ledger."""
    # In a process of its own: what generating takes is no part of the peak.
    apart(generate, path, tasks)
    return _line("generated", open_warehouse(path))


def _line(name: str, warehouse: Warehouse) -> list[str]:
    ledger = ask(warehouse, "ledgers").iloc[0]
    scope = Scope(UUID(str(ledger.ledger_id)), AS_OF)
    quarter = briefing.quarter_of(AS_OF, date(2026, 1, 1), ask(warehouse, "meetings", scope))
    context = documents.Context(
        ledger=ledger.title, edition="1", as_of=AS_OF, filters="无", data_version=1,
        is_demonstration=True, made_at=datetime(2026, 1, 1),
    )  # fmt: skip
    definitions = {each.name: (each.title, each.definition) for each in metrics.questions()}

    def briefed() -> briefing.Briefing:
        brief = briefing.brief(briefing.gather(partial(ask, warehouse), scope, quarter, ledger))
        # What all documents share is worded with the answers.
        assert brief.tables
        assert brief.overall
        return brief

    seconds, computed = [], []

    def clocked(call: Callable[[], Any]) -> Any:
        timing, made = timed(call, 1, warm_up=0)
        seconds.append(timing.p50 / 1000)
        computed.append(timing.p50_processor / 1000)
        return made

    brief = clocked(briefed)
    clocked(lambda: documents.quarterly_notice(brief, context))
    clocked(lambda: documents.quarter_slides(brief, definitions, context))
    clocked(lambda: documents.quarter_figures(brief, definitions, context))
    clocked(lambda: documents.quarter_leaflet(brief, context))
    whole, peak = sum(seconds), peak_megabytes()
    late = " ✗" if whole > AIMS[name] else ""
    large = " ✗" if peak is not None and peak > MOST_MEGABYTES else ""
    figures = [f"{each:.2f}" for each in seconds]
    return [
        *(name, f"{len(brief.answers.tasks):,}", *figures),
        *(f"{whole:.1f}{late}", f"{sum(computed):.1f}", f"{megabytes(peak)}{large}"),
    ]


if __name__ == "__main__":
    main()
