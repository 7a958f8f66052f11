"""Every question over one large ledger, and the main figures in pandas beside it.

`python -m benchmarks.questions [--tasks N] [--runs N] [--short]` generates the ledger in a temporary
folder and prints two markdown tables. Each side runs in a process of its own, so that its peak memory
is its own; their answers are compared before any time is printed.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pandas as pd

from benchmarks import in_pandas
from benchmarks.generate import generate, rows
from benchmarks.measuring import Timing, apart, megabytes, peak_megabytes, table, timed
from metrics import Scope, ask, questions
from metrics.periods import month_ends
from warehouse import Month, Warehouse, Windows, open_warehouse
from warehouse.snapshots import Snapshot
from words import each_row

AS_OF = date(2020, 9, 30)
COMPARE_ON = date(2020, 6, 30)
DAYS = month_ends(date(2020, 1, 1), AS_OF)
AIM = 100
"""Milliseconds a question may take at p95."""
JUDGING = "judging a day"
TELLING = "telling what was reported in a month"
COUNTING = "counting the windows of a day"
ONCE = (JUDGING, TELLING, COUNTING)
"""What is done once per data version, before the first question that rests on it."""
COLUMNS = ("figure", "rows", "p50 ms", "p95 ms", "cpu ms", "pandas p50 ms", "pandas cpu ms")


@dataclass(frozen=True)
class Side:
    """What one of the two sides measured."""

    timings: dict[str, tuple[Timing, int]]
    """Figure → durations and rows of its answer."""
    figures: dict[str, pd.DataFrame]
    """Answers both sides give."""
    peak: float | None


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.questions", description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--short", action="store_true", help="2,000 tasks, 3 runs")
    given = parser.parse_args()
    tasks, runs = (2_000, 3) if given.short else (given.tasks, given.runs)
    print(measure(tasks, runs))


def measure(tasks: int, runs: int) -> str:
    """The report in markdown."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "large.duckdb"
        apart(generate, path, tasks)
        size = path.stat().st_size / 2**20
        ours = apart(in_sql, path, runs)
        theirs = apart(in_frames, path, max(3, runs // 4))
    for name, figure in theirs.figures.items():
        pd.testing.assert_frame_equal(
            ours.figures[name][list(figure.columns)],
            figure,
            check_dtype=False,
            check_exact=False,
            obj=name,
        )
    lines = []
    for name, (timing, answer_rows) in ours.timings.items():
        missed = timing.p95 > AIM and name not in ONCE
        line = [name, f"{answer_rows:,}", *_columns(timing)]
        line[3] += " ✗" if missed else ""
        line += _columns(theirs.timings[name][0])[::2] if name in theirs.timings else ["", ""]
        lines.append(line)
    return "\n\n".join(
        [
            f"## Questions over {tasks:,} tasks and {12 * tasks:,} reports, {runs} runs",
            table(COLUMNS, lines),
            f"✗ = p95 above {AIM} ms. “cpu” is what all threads computed, p50. What a question rests "
            f"on is judged beforehand, on both sides: the first {len(ONCE)} lines. Figures with a "
            "pandas time were equal on both sides.",
            f"Database file {size:,.0f} MB. Peak memory: SQL {megabytes(ours.peak)} with "
            f"{len(DAYS) + runs + 1} days judged, pandas {megabytes(theirs.peak)}.",
        ]
    )


def in_sql(path: Path, runs: int) -> Side:
    """Each question through `metrics.ask`."""
    warehouse = open_warehouse(path)
    with warehouse.snapshot() as snapshot:
        return _asked(warehouse, snapshot, runs)


def _asked(warehouse: Warehouse, snapshot: Snapshot, runs: int) -> Side:
    with snapshot.cursor() as cursor:
        (subject,) = each_row(rows(cursor, "subject"))
    scope = Scope(subject.ledger_id, AS_OF)
    fresh_days = iter([AS_OF + timedelta(days=n) for n in range(1, runs + 2)])
    judging, _ = timed(lambda: snapshot.judge([next(fresh_days)]), runs)
    fresh_starts = iter([AS_OF - timedelta(days=n) for n in range(runs + 1)])
    eve = DAYS[-2]
    telling, _ = timed(
        lambda: snapshot.judge([AS_OF, eve], scope.basis, [Month(next(fresh_starts), AS_OF, eve)]),
        runs,
    )
    fresh_days = iter([AS_OF + timedelta(days=n) for n in range(runs + 1)])
    counting, _ = timed(lambda: snapshot.judge([], scope.basis, [Windows(next(fresh_days))]), runs)
    snapshot.judge(DAYS)
    timings = {
        name: (timing, subject.tasks)
        for name, timing in zip(ONCE, (judging, telling, counting), strict=True)
    }
    for name, values in _variants(subject.task_id, subject.edition_id, subject.unit_id).items():
        question, _, _ = name.partition(" ")
        timing, answer = timed(partial(ask, warehouse, question, scope, **values), runs)
        timings[name] = (timing, len(answer))
    figures = {
        "completion": ask(warehouse, "completion", scope, by="level1"),
        "unit_workload": ask(warehouse, "unit_workload", scope)
        .sort_values("unit")
        .reset_index(drop=True),
        "overdue_ages": ask(warehouse, "overdue_ages", scope),
        "trend": ask(warehouse, "trend", scope, days=DAYS),
    }
    with warehouse.cursor() as cursor:
        figures["states"] = rows(cursor, "judged_states", day=AS_OF)
    return Side(timings, figures, peak_megabytes())


def in_frames(path: Path, runs: int) -> Side:
    """The main figures from the raw tables in pandas."""
    warehouse = open_warehouse(path)
    with warehouse.cursor() as cursor:
        frames = in_pandas.read_frames(cursor)
    warehouse.close()
    judging, judged = timed(partial(in_pandas.judge, frames, AS_OF), runs)
    days = {day: in_pandas.judge(frames, day) for day in DAYS}
    timings = {JUDGING: (judging, len(judged.tasks))}
    figures = {"states": in_pandas.states(judged)}
    for name, call in {
        "completion": partial(in_pandas.completion_by_level1, judged),
        "unit_workload": partial(in_pandas.unit_workload, frames, judged),
        "overdue_ages": partial(in_pandas.overdue_ages, judged),
        "trend": partial(in_pandas.trend, days),
    }.items():
        timing, figures[name] = timed(call, runs)
        timings[name] = (timing, len(figures[name]))
    return Side(timings, figures, peak_megabytes())


def _variants(task: UUID, edition: UUID, unit: UUID) -> dict[str, dict[str, Any]]:
    """Every question with the values a page gives it; a few also in their heaviest form."""
    values = {
        "by": "level1",
        "days": DAYS,
        "signal": "worst",
        "row_limit": 10,
        "compare_on": COMPARE_ON,
        "unit": "厅第01处",
        "task_id": task,
        "edition_id": edition,
        "unit_id": unit,
        "month_start": AS_OF.replace(day=1),
        "month": AS_OF.replace(day=1),
        "eve": AS_OF.replace(day=1) - timedelta(days=1),
        "quarter_ended_on": AS_OF,
        "every_ledger": False,
        "first_on": None,
        "last_on": None,
        "sought": "",
        "authors": [],
        "actions": [],
    }
    variants = {question.name: values for question in questions()}
    variants["task_list all"] = values | {"signal": "all", "row_limit": 1000}
    return dict(sorted(variants.items()))


def _columns(timing: Timing) -> list[str]:
    return [f"{value:.0f}" for value in (timing.p50, timing.p95, timing.p50_processor)]


if __name__ == "__main__":
    main()
