"""What a rerun of every page costs the processor, beside a page that draws the same and computes nothing.

`python -m benchmarks.pages [NAME…] [--tasks N] [--runs N] [--short]` starts the platform with the
demonstration progress of the Ningxia ledger, or with a generated ledger of N tasks, in a temporary
folder, and the floor (floor.py) in the same frame with the same menu. The two are asked in turn, so that
whatever else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.generate import generate
from benchmarks.measuring import Timing, apart, table
from benchmarks.recording import record
from benchmarks.serving import Server, Visitor, server, wait_until_answering
from screens.frame.menu import PAGES

QUERY = "as_of=2020-09-30"
AIM, LARGE_AIM = 1.5, 1.8
"""Times the floor that a rerun may take with 69 tasks, and with more."""
TABLES = ("dataframe", "arrow_data_frame")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("names", nargs="*", help="files in pages/; all of them when none is named")
    parser.add_argument("--tasks", type=int, default=0, help="of a generated ledger")
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--short", action="store_true", help="5 runs")
    given = parser.parse_args()
    print(measure(5 if given.short else given.runs, given.names, given.tasks))


def measure(runs: int, names: Sequence[str] = (), tasks: int = 0) -> str:
    """The report in markdown."""
    every = names or sorted(PAGES)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        data, recordings = Path(folder) / "data", Path(folder) / "floor"
        recordings.mkdir()
        if tasks:
            data.mkdir()
            apart(generate, data / "credit.duckdb", tasks)
        script = Path(__file__).with_name("floor.py")
        with (
            server(data, demo=not tasks) as ours,
            server(recordings, script=script) as floor,
        ):
            wait_until_answering(ours.address)
            wait_until_answering(floor.address)
            aim = LARGE_AIM if tasks else AIM
            lines = [_line(page, ours, floor, recordings, runs, aim) for page in every]
    about = f"{tasks:,} generated tasks" if tasks else "Ningxia ledger with demonstration progress"
    columns = ["page", "charts", "tables", "first ms", "cpu ms", "least", "floor", "least",
               "× floor", "× least"]  # fmt: skip
    return "\n\n".join(
        [
            f"## A rerun of each page, {about}, {runs} runs",
            table(columns, lines),
            f"*cpu*: processor time of all threads of the server for one rerun over a local WebSocket, "
            f"median and least. ✗ = median above {aim} × floor. *first*: wall time of the first run of "
            "the page in its session.",
        ]
    )


def _line(
    page: str, ours: Server, floor: Server, recordings: Path, runs: int, aim: float
) -> list[object]:
    with Visitor(ours.address, page, QUERY) as visitor:
        first = visitor.run()
        record(first.messages, recordings / f"{page}.deltas")
        with Visitor(floor.address, "", f"of={page}") as constant:
            # A page is quick after its second run; the floor reads its recording in the first.
            for _ in range(3):
                constant.run()
                visitor.run()
            pairs = [(_computed(ours, visitor), _computed(floor, constant)) for _ in range(runs)]
    mine, least_possible = (Timing(side) for side in zip(*pairs, strict=True))
    ratio = mine.p50 / least_possible.p50
    best, best_floor = min(mine.milliseconds), min(least_possible.milliseconds)
    return [
        page,
        first.elements["plotly_chart"],
        sum(first.elements[kind] for kind in TABLES),
        f"{first.milliseconds:.0f}",
        f"{mine.p50:.1f}",
        f"{best:.1f}",
        f"{least_possible.p50:.1f}",
        f"{best_floor:.1f}",
        f"{ratio:.2f}{' ✗' if ratio > aim else ''}",
        f"{best / best_floor:.2f}",
    ]


def _computed(served: Server, visitor: Visitor) -> float:
    """Processor milliseconds of one rerun."""
    begun = served.processor_milliseconds()
    visitor.run()
    return served.processor_milliseconds() - begun


if __name__ == "__main__":
    main()
