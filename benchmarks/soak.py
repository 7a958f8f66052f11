"""Many readers and writers at once, through the pages' way of asking: `python -m benchmarks.soak 180`.

Each reader draws page after page: it holds a snapshot, asks the page's questions through a cache
shared by all and keyed by data version, and keeps what it was answered. Afterwards every answer is
computed anew in a database of its own, brought to that version by the same writes, and compared.
Counts the answers that are wrong at their version, the pages that mix versions, and the empty ones.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import pandas as pd

from metrics import Scope, ask
from warehouse import Warehouse, open_warehouse
from warehouse.demonstration.demo import fill_demonstration
from warehouse.entries.marks import add_claim, add_incident
from warehouse.entries.records import add_occurrence, add_report
from warehouse.ledger.reference import read_reference
from warehouse.opening import DEMONSTRATION_LEDGER, load_file, reference_folder

PAGES: tuple[tuple[tuple[str, dict[str, str]], ...], ...] = (
    (("completion", {"by": "all"}), ("completion", {"by": "level1"}), ("overdue_ages", {})),
    (("unit_workload", {}), ("indicators", {}), ("units", {})),
    (("scores", {}), ("score_totals", {"by": "level1"}), ("open_points", {})),
    (("bonus_penalty", {}), ("evidence_gaps", {})),
)
"""Pages as their questions."""
DAYS = tuple(date(2020, month, 28) for month in (3, 6, 9, 12))
Write = Callable[[Warehouse], object]
Asked = tuple[str, tuple[tuple[str, str], ...], Scope]


@dataclass
class Soak:
    """What was written and answered so far."""

    warehouse: Warehouse
    writes: dict[int, Write] = field(default_factory=dict)
    """Data version → the write that made it."""
    answers: dict[tuple[int, Asked], pd.DataFrame] = field(default_factory=dict)
    """The cache of pages: at which version, what → the answer."""
    pages: int = 0
    mixed: int = 0
    empty: int = 0
    """Answers without a row where there should be some."""
    differing: Counter[str] = field(default_factory=Counter)
    """Question → answers that are wrong."""
    failures: list[str] = field(default_factory=list)
    ends_at: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)
    writing: threading.Lock = field(default_factory=threading.Lock)

    def read(self, seed: int, ledger_id: UUID) -> None:
        """Draw pages until the end."""
        random = Random(seed)
        while time.monotonic() < self.ends_at:
            scope = Scope(ledger_id, random.choice(DAYS))
            try:
                self._page(random.choice(PAGES), scope)
            except Exception as error:  # a page that fails is a finding, and the run goes on
                with self.lock:
                    self.failures.append(repr(error))

    def _page(self, page: tuple[tuple[str, dict[str, str]], ...], scope: Scope) -> None:
        with self.warehouse.snapshot():
            versions = set()
            for name, values in page:
                version = self.warehouse.data_version
                versions.add(version)
                key = (version, (name, tuple(values.items()), scope))
                if key not in self.answers:
                    answer = ask(self.warehouse, name, scope, **values)
                    with self.lock:
                        self.answers[key] = answer
        with self.lock:
            self.pages += 1
            self.mixed += len(versions) > 1

    def write(self, seed: int, tasks: pd.DataFrame, pause: float) -> None:
        """Enter something every now and then until the end."""
        random = Random(seed)
        while time.monotonic() < self.ends_at:
            entry = _entry(random, tasks)
            # One after the other, to know which write made which version.
            with self.writing:
                entry(self.warehouse)
                self.writes[self.warehouse.newest_version] = entry
            time.sleep(random.random() * 2 * pause)

    def compare(self, again: Warehouse) -> None:
        """Count the answers that differ from those of a database brought to their version by the same
        writes."""
        for (version, (name, values, scope)), answer in sorted(
            self.answers.items(), key=lambda item: item[0][0]
        ):
            while again.data_version < version:
                self.writes[again.data_version + 1](again)
            expected = ask(again, name, scope, **dict(values))
            if answer.empty and not expected.empty:
                self.empty += 1
            elif not _comparable(answer).equals(_comparable(expected)):
                self.differing[name] += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", type=float, nargs="?", default=180.0)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--writers", type=int, default=3)
    parser.add_argument(
        "--pause", type=float, default=2.0, help="of a writer, on average, in seconds"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(run(Path(folder), given.seconds, given.readers, given.writers, given.pause))


def run(folder: Path, seconds: float, readers: int, writers: int, pause: float) -> str:
    """One line of figures: pages, answers, writes, and how many answers were wrong, mixed or empty."""
    warehouse = _filled(folder / "soaked.duckdb")
    warehouse.backup(folder / "again.duckdb")
    again = open_warehouse(folder / "again.duckdb")
    ledger_id = UUID(str(ask(warehouse, "ledgers").ledger_id[0]))
    tasks = ask(warehouse, "scheme_items", Scope(ledger_id, DAYS[-1]))
    soak = Soak(warehouse, ends_at=time.monotonic() + seconds)
    threads = [
        threading.Thread(target=soak.read, args=(seed, ledger_id)) for seed in range(readers)
    ] + [
        threading.Thread(target=soak.write, args=(1000 + seed, tasks, pause))
        for seed in range(writers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    soak.compare(again)
    warehouse.close()
    again.close()
    return (
        f"{seconds:g} s, {readers} readers, {writers} writers: {soak.pages} pages, "
        f"{len(soak.answers)} answers computed at {len({v for v, _ in soak.answers})} versions, "
        f"{len(soak.writes)} writes; wrong {sum(soak.differing.values())}{dict(soak.differing) or ''}, mixed {soak.mixed}, empty {soak.empty}, "
        f"failed {len(soak.failures)}{''.join(sorted({' ' + each for each in soak.failures}))}"
    )


def _filled(path: Path) -> Warehouse:
    warehouse = open_warehouse(path)
    reference = read_reference(reference_folder())
    load_file(warehouse, DEMONSTRATION_LEDGER, reference, recorded_by="测试")
    fill_demonstration(warehouse, UUID(str(ask(warehouse, "ledgers").ledger_id[0])))
    return warehouse


def _entry(random: Random, tasks: pd.DataFrame) -> Write:
    """Something that somebody may enter, the same whenever it is called."""
    kind = random.choice(["report", "report", "occurrence", "claim", "incident"])
    of_kind = {"claim": "bonus", "incident": "penalty"}.get(kind, "base")
    task_id = UUID(str(random.choice(list(tasks[tasks.kind == of_kind].task_id))))
    day = date(2020, 1, 1) + timedelta(days=random.randrange(366))
    if kind == "report":
        percent = random.choice([20, 50, 80, 100])
        state = "done" if percent == 100 else "in_progress"
        return lambda warehouse: add_report(
            warehouse, task_id, state=state, percent=percent, effective_on=day, recorded_by="甲"
        )
    if kind == "occurrence":
        return lambda warehouse: add_occurrence(
            warehouse, task_id, occurred_on=day, recorded_by="乙"
        )
    if kind == "claim":
        return lambda warehouse: add_claim(
            warehouse, task_id, state="claimed", effective_on=day, recorded_by="丙"
        )
    return lambda warehouse: add_incident(warehouse, task_id, effective_on=day, recorded_by="丙")


def _comparable(answer: pd.DataFrame) -> pd.DataFrame:
    """An answer without what differs from one database to the other: ids of entries and clocks."""
    kept = [
        name
        for name in answer.columns
        if not name.endswith("_at") and (name == "task_id" or not name.endswith("_id"))
    ]
    # Sums of fractions differ in their last digit with the order they are added in.
    numbers = {name: 6 for name in kept if answer[name].dtype.kind == "f"}
    return answer[kept].round(numbers).astype(str)


if __name__ == "__main__":
    main()
