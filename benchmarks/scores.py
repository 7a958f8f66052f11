"""Scores: of a ledger as large as those issued, of one of 10,000 tasks, and the least work to a target.

`python -m benchmarks.scores [--short]` generates both ledgers, gives them a scheme with every rule,
and prints a markdown table. What is timed is everything after a change: the scores anew and the
question; the judgements of the day they rest on are measured by `benchmarks.questions`.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.generate import generate
from benchmarks.measuring import table
from metrics import Scope, ask, planning
from warehouse import Scores, Warehouse
from warehouse.ledger.schemes import Item, Scheme, Tier, store_scheme
from words import each_row

AS_OF = date(2020, 9, 30)
SMALL_AIM, LARGE_AIM, TICK_AIM, PLAN_AIM = 20, 300, 200, 1000
"""Milliseconds for scores of 69 tasks and of 10,000, for a tick, and for a plan over 500 open tasks."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scores", description=__doc__)
    parser.add_argument("--short", action="store_true", help="1,000 tasks, 3 runs")
    print(measure(short=parser.parse_args().short))


def measure(*, short: bool = False) -> str:
    """The report in markdown."""
    runs, large = (3, 1_000) if short else (20, 10_000)
    lines = [*_of_ledger(69, SMALL_AIM, runs), *_of_ledger(large, LARGE_AIM, runs)]
    return table(("what", "p50 ms", "aim ms"), lines)


def _of_ledger(tasks: int, aim: int, runs: int) -> list[tuple[Any, ...]]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "scores.duckdb"
        generate(path, tasks)
        warehouse = Warehouse(path)
        scope = _scored(warehouse)
        totals = partial(ask, warehouse, "score_totals", scope, by="level1")
        lines = [
            _line(f"score {tasks:,} tasks anew", aim, runs, _anew(warehouse, scope, runs)),
            _line(f"totals by 一级指标 of {tasks:,} tasks", aim, runs, totals),
            _line(f"rows of {tasks:,} tasks", None, runs, partial(ask, warehouse, "scores", scope)),
        ]
        if aim == LARGE_AIM:
            lines += _planning(warehouse, scope, runs)
        warehouse.close()
    return lines


def _planning(warehouse: Warehouse, scope: Scope, runs: int) -> list[tuple[Any, ...]]:
    now = planning.standing(ask(warehouse, "scores", scope), None)
    steps = planning.steps_of(ask(warehouse, "open_points", scope))
    kept = set(list(dict.fromkeys(step.task_id for step in steps))[:500])
    steps = [step for step in steps if step.task_id in kept]
    most = now.total() + sum(max(s.gain for s in steps if s.task_id == task) for task in kept)
    target = (now.total() + most) // 2
    ticked = {step.task_id: 1 for step in steps}
    return [
        _line(
            f"what {len(kept)} ticked tasks come to", TICK_AIM, runs,
            partial(planning.what_if, now, steps, ticked),
        ),
        _line(
            f"the least work to half of what {len(kept)} open tasks can win", PLAN_AIM, runs,
            partial(planning.cheapest, now, steps, target),
        ),
    ]  # fmt: skip


def _scored(warehouse: Warehouse) -> Scope:
    """The generated ledger with a scheme of every rule, on a day that is judged."""
    ledgers = ask(warehouse, "ledgers")
    scope = Scope(ledgers.ledger_id[0], AS_OF)
    tasks = ask(warehouse, "scheme_items", scope)
    edition = ask(warehouse, "editions", scope).edition_id.iloc[-1]
    items = [_item(n, row.task_id, row.kind, row.has_cadence) for n, row in enumerate(each_row(tasks))]  # fmt: skip
    scheme = Scheme(
        scope.ledger_id, edition, date(2020, 12, 31), date(2020, 1, 1), items=tuple(items)
    )
    return replace(scope, scheme_id=store_scheme(warehouse, scheme, recorded_by="性能测试"))


def _item(position: int, task_id: Any, kind: str, has_cadence: bool) -> Item:
    two, step = Decimal(2), Decimal("0.5")
    if kind == "penalty":
        return Item(task_id, None, "per-occurrence", "incidents", step=step)
    if kind == "bonus":
        return Item(task_id, two, "per-occurrence", "claims", step=step)
    if has_cadence and position % 2:
        return Item(task_id, two, "proportional", "windows")
    tiers = (Tier(Decimal(60), Decimal(100), Decimal(1)), Tier(Decimal(100), None, two))
    return (
        Item(task_id, two, "proportional", "percent", evidence_required=True),
        Item(task_id, two, "tiers", "percent", tiers=tiers),
        Item(task_id, two, "all-or-nothing"),
        Item(task_id, two, "per-occurrence", "times", step=step),
        Item(task_id, two, "deduct", "incidents", step=step),
        Item(task_id, two, "manual"),
    )[position % 6]


def _anew(warehouse: Warehouse, scope: Scope, runs: int) -> Callable[[], Any]:
    """Scores of a day that is judged and was not scored yet, another one at each call."""
    days = [AS_OF - timedelta(days=back) for back in range(1, runs + 1)]
    left = iter(days)

    def judge(days: list[date], besides: list[Scores]) -> None:
        with warehouse.snapshot() as snapshot:
            snapshot.judge(days, scope.basis, besides)

    judge([*days, date(2020, 12, 31)], [])
    return lambda: judge([next(left)], [Scores(scope.ledger_id, scope.scheme_id)])


def _line(what: str, aim: int | None, runs: int, call: Callable[[], Any]) -> tuple[Any, ...]:
    durations = []
    for _ in range(runs):
        start = perf_counter()
        call()
        durations.append(1000 * (perf_counter() - start))
    return what, f"{median(durations):.1f}", aim or ""


if __name__ == "__main__":
    main()
