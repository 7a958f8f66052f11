"""Thousands of documents nobody wrote, read one after the other: does every row have its account, and is
every refusal a sentence for the user?

`python -m benchmarks.fuzz [--documents N] [--seed N] [--keep FOLDER] [--short]` makes the documents of
`tests/loaders/any_documents.py`, the same ones for the same seed, and prints markdown tables. A document
that fails is kept in FOLDER with its traceback, and the exit code is 1. One that takes two minutes ends
the run, shows where it was, and is FOLDER/document.
"""

from __future__ import annotations

import argparse
import faulthandler
import hashlib
import logging
import os
import re
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis.strategies import SearchStrategy

from benchmarks.measuring import megabytes, peak_megabytes, table
from loaders import Preview
from tests.loaders.any_documents import kinds
from tests.loaders.checked_documents import DOCUMENT, READINGS, Document, check, read

DOCUMENTS = 15_000
MOST_SECONDS = 120
ISSUES_SHOWN = 25


@dataclass
class Tally:
    """What became of the documents of one kind."""

    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    issues: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    tasks: int = 0
    slowest: float = 0
    failed: list[str] = field(default_factory=list)

    @property
    def documents(self) -> int:
        return self.read + self.refused.total() + len(self.failed)

    def add(self, result: Preview | str) -> None:
        if isinstance(result, str):
            self.refused[_without_values(result)] += 1
            return
        self.read += 1
        self.tasks += len(result.ledger.tasks)
        self.rows.update(row.reading for row in result.ledger.rows)
        self.issues.update(_without_values(issue.message) for issue in result.ledger.issues)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where failing documents go")
    parser.add_argument("--short", action="store_true", help="200 documents")
    chosen = parser.parse_args()
    keep = chosen.keep or Path(tempfile.gettempdir()) / f"fuzz-{chosen.seed}"
    report, failed = measure(200 if chosen.short else chosen.documents, chosen.seed, keep)
    print(report)
    sys.exit(int(failed))


def measure(documents: int, seed: int, keep: Path) -> tuple[str, bool]:
    """(the report in markdown, whether any document failed)."""
    # Conversion by LibreOffice takes seconds for each, and the libraries complain of damaged files.
    os.environ["PATH"] = ""
    logging.disable(logging.CRITICAL)
    keep.mkdir(parents=True, exist_ok=True)
    every = kinds()
    begun = time.perf_counter()
    distinct: set[bytes] = set()
    # Each kind has a seed of its own, or every form would draw the same tables.
    tallies = {
        kind: _try(strategy, -(-documents // len(every)), seed * 1000 + index, keep, distinct)
        for index, (kind, strategy) in enumerate(every.items())
    }
    seconds = time.perf_counter() - begun
    failed = any(tally.failed for tally in tallies.values())
    (keep / DOCUMENT).unlink()
    if not failed and not any(keep.iterdir()):
        keep.rmdir()
    return _report(tallies, len(distinct), seed, seconds, keep), failed


def _try(
    strategy: SearchStrategy[Document], count: int, seed: int, keep: Path, distinct: set[bytes]
) -> Tally:
    tally = Tally()

    @seeded(seed)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def each(document: Document) -> None:
        distinct.add(hashlib.sha256(document.name.encode() + document.content).digest())
        faulthandler.dump_traceback_later(MOST_SECONDS, exit=True)
        begun = time.perf_counter()
        try:
            result = read(document, keep)
            check(document, result)
            tally.add(result)
        except Exception:
            # Not raised: the run goes on, and the next failure is another one.
            name = f"{document.kind.replace(' ', '')}-{len(tally.failed) + 1}-{document.name}"
            (keep / name).write_bytes(document.content)
            (keep / f"{name}.txt").write_text(traceback.format_exc(), encoding="utf-8")
            tally.failed.append(name)
        finally:
            tally.slowest = max(tally.slowest, time.perf_counter() - begun)
            faulthandler.cancel_dump_traceback_later()

    each()
    return tally


def _report(tallies: dict[str, Tally], distinct: int, seed: int, seconds: float, keep: Path) -> str:
    refused: Counter[str] = Counter()
    issues: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    for tally in tallies.values():
        refused += tally.refused
        issues += tally.issues
        rows += tally.rows
    total = sum(tally.documents for tally in tallies.values())
    failed = [name for tally in tallies.values() for name in tally.failed]
    slowest = max(tallies, key=lambda kind: tallies[kind].slowest)
    counted = "、".join(f"{reading} {rows[reading]:,}" for reading in sorted(READINGS))
    lines = [
        [
            *(kind, t.documents, t.read, t.refused.total(), len(t.failed)),
            *(t.tasks, t.issues.total(), f"{t.slowest:.2f}"),
        ]
        for kind, t in tallies.items()
    ]
    columns = ("kind", "documents", "read", "refused", "failed", "tasks", "issues", "slowest s")
    return "\n\n".join(
        [
            f"## {total:,} generated documents ({distinct:,} distinct), seed {seed}",
            table(columns, lines),
            f"**{len(failed)} failed**{': ' + ', '.join(failed) + f' in {keep}' if failed else ''}. "
            f"Read: {sum(t.read for t in tallies.values()):,}, with {rows.total():,} rows = "
            f"{counted}; {sum(t.tasks for t in tallies.values()):,} tasks, the sum of their rows'.",
            f"Slowest document {tallies[slowest].slowest:.2f} s ({slowest}), all {seconds:,.0f} s; "
            f"peak memory {megabytes(peak_megabytes())}, the making of the documents included.",
            table(("refused with", "documents"), [[s, n] for s, n in refused.most_common()]),
            table(
                (f"the {ISSUES_SHOWN} commonest issues of {len(issues)}", "times"),
                [[message, count] for message, count in issues.most_common(ISSUES_SHOWN)],
            ),
        ]
    )


def _without_values(sentence: str) -> str:
    """The sentence without what it quotes and counts, so that like ones count together."""
    unquoted = re.sub(r"“.*”", "“…”", re.sub(r"读入：.*", "读入：…", sentence), flags=re.DOTALL)
    return re.sub(r"\d[\d,]*", "#", unquoted)


if __name__ == "__main__":
    main()
