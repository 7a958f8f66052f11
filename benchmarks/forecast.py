"""The forecast of 年底能否完成 checked against years whose end is known.

`python -m benchmarks.forecast [--years N] [--short]` asks the question at the end of March and of every
month to November in the demonstration, in the demonstration's story with other seeds, and in generated
years, and compares each answer with how the year ended. Beside it stands what always saying the share of
tasks done by the year's end would come to, a figure that only hindsight knows. Prints a markdown table.

The weights in metrics/forecast.sql were chosen on generated years with the seeds 100 to 139, none of which
is among those measured here.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import pandas as pd

from benchmarks.generate import rows
from benchmarks.measuring import table
from benchmarks.years import generated_year
from loaders.reference import SHIPPED
from metrics import NO_LIMIT, Scope, ask
from metrics.periods import month_ends
from warehouse import Warehouse, open_warehouse, read_reference
from warehouse.demonstration.demo import fill_demonstration
from warehouse.opening import DEMONSTRATION_LEDGER, load_file
from words import each_row

COLUMNS = (
    "year", "forecasts", "done", "right", "always the share", "error", "error of the share",
    "可望完成: done", "可能完不成: not done", "难以判断: done", "total off by", "in its range",
)  # fmt: skip
SHIPPED_SEED = 2020
OTHER_SEEDS = 5


@dataclass(frozen=True)
class Year:
    """A group of years and what was foreseen in them."""

    name: str
    foreseen: pd.DataFrame
    """One row per task and day with a forecast: `chance`, `outlook`, and whether it was `finished`."""
    totals: pd.DataFrame
    """One row per year and day: `expected_done`, `spread` and what was `done` in the end, of the same
    tasks."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.forecast", description=__doc__)
    parser.add_argument("--years", type=int, default=30, help="generated years")
    parser.add_argument("--short", action="store_true", help="one year of each kind")
    given = parser.parse_args()
    print(measure(years=1 if given.short else given.years, seeds=1 if given.short else OTHER_SEEDS))


def measure(*, years: int, seeds: int = OTHER_SEEDS) -> str:
    """The report in markdown."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        story = [_demonstration(folder, SHIPPED_SEED + n) for n in range(seeds + 1)]
        generated = [_generated(folder, seed) for seed in range(years)]
    groups = [
        Year("demonstration", *story[0]),
        Year(f"its story with {seeds} other seeds", *_together(story[1:])),
        Year(f"{years} generated years", *_together(generated)),
    ]
    lines = [_line(group) for group in groups]
    return "\n\n".join(
        [
            "## Forecast of what is done by the year's end",
            table(COLUMNS, lines),
            "“right”: the likelier end was foreseen. “error”: mean squared distance of the chance from "
            "the end, less is better. “total off by”: mean distance of the expected number of done tasks "
            "from the true one.",
        ]
    )


def _line(group: Year) -> list[str]:
    foreseen, totals = group.foreseen, group.totals
    finished = foreseen.finished.astype(float)
    share = finished.mean()
    right = ((foreseen.chance >= 0.5) == foreseen.finished).mean()
    error = ((foreseen.chance - finished) ** 2).mean()
    by_outlook = foreseen.groupby("outlook").finished.mean()
    off = (totals.expected_done - totals.done_at_end).abs()
    return [
        group.name,
        f"{len(foreseen):,}",
        f"{share:.1%}",
        f"{right:.1%}",
        f"{max(share, 1 - share):.1%}",
        f"{error:.3f}",
        f"{share * (1 - share):.3f}",
        f"{by_outlook.get('likely', float('nan')):.0%}",
        f"{1 - by_outlook.get('unlikely', float('nan')):.0%}",
        f"{by_outlook.get('open', float('nan')):.0%}",
        f"{off.mean():.1f}",
        f"{(off <= totals.spread).mean():.0%}",
    ]


def _together(
    years: list[tuple[pd.DataFrame, pd.DataFrame]],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    foreseen, totals = zip(*years, strict=True)
    return pd.concat(foreseen), pd.concat(totals)


def _demonstration(folder: Path, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    warehouse = open_warehouse(folder / f"demonstration{seed}.duckdb")
    load_file(warehouse, DEMONSTRATION_LEDGER, read_reference(SHIPPED), recorded_by="检验")
    with warehouse.cursor() as cursor:
        ledger_id = next(each_row(rows(cursor, "tasks_by_number"))).ledger_id
    fill_demonstration(warehouse, UUID(str(ledger_id)), seed=seed)
    return _checked(warehouse, UUID(str(ledger_id)))


def _generated(folder: Path, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    return _checked(*generated_year(folder, seed))


def _checked(warehouse: Warehouse, ledger_id: UUID) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What was foreseen on each day of a year, beside its end; closes the database."""
    ledgers = ask(warehouse, "ledgers")
    start = ledgers.started_on.iloc[0].date()
    days = month_ends(start, date(start.year, 12, 31))[2:]
    end = Scope(ledger_id, days[-1])
    ask(warehouse, "trend", end, days=days)
    last = ask(warehouse, "task_list", end, signal="all", row_limit=NO_LIMIT)
    finished = set(last.task_id[last.state.isin(["done", "verified"])])
    foreseen, totals = [], []
    for day in days[:-1]:
        every = ask(warehouse, "forecast", Scope(ledger_id, day))
        known = every[every.chance.notna()]
        is_finished = known.task_id.isin(finished)
        foreseen.append(known.assign(finished=is_finished)[["chance", "outlook", "finished"]])
        # What is done by the day counts as done: a completion may still be returned.
        done = int(known.done.iloc[0]) if len(known) else 0
        totals.append(
            {
                "expected_done": float(known.chance.sum()) + done,
                "spread": float(known.spread.iloc[0]) if len(known) else 0,
                "done_at_end": int(is_finished.sum()) + done,
            }
        )
    warehouse.close()
    return pd.concat(foreseen), pd.DataFrame(totals)


if __name__ == "__main__":
    main()
