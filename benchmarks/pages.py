"""Server time of a rerun of every page, beside a page that draws as much but computes nothing.

`python -m benchmarks.pages [--runs N] [--short]` starts the platform with the demonstration progress
of the Ningxia ledger in a temporary folder, and the floor (floor.py) in the same frame, and asks the
two in turn, so that whatever else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.measuring import Timing, table
from benchmarks.serving import ROOT, Run, Visitor, server, wait_until_answering

QUERY = "as_of=2020-09-30"
AIM = 1.5
"""Times the floor that a rerun may take."""
TEXTS = ("markdown", "heading", "alert")
TABLES = ("dataframe", "arrow_data_frame")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--short", action="store_true", help="5 runs")
    given = parser.parse_args()
    print(measure(5 if given.short else given.runs))


def measure(runs: int) -> str:
    """The report in markdown."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        floor_script = Path(__file__).with_name("floor.py")
        floor_data = Path(folder) / "floor"
        with (
            server(Path(folder) / "data", demo=True) as address,
            server(floor_data, script=floor_script) as floor_address,
        ):
            wait_until_answering(address)
            wait_until_answering(floor_address)
            lines = [
                _line(page.stem, address, floor_address, runs)
                for page in sorted((ROOT / "pages").glob("*.py"))
            ]
    columns = [
        "page",
        "charts",
        "tables",
        "first ms",
        "p50 ms",
        "p95 ms",
        "floor p50 ms",
        "× floor",
    ]
    return "\n\n".join(
        [
            f"## A rerun of each page, Ningxia ledger with demonstration progress, {runs} runs",
            table(columns, lines),
            f"From the request to the last message of the run, over a local WebSocket. ✗ = above "
            f"{AIM} × floor. The first run of a page in its session answers its questions; reruns "
            "find the answers in the cache.",
        ]
    )


def _line(page: str, address: str, floor_address: str, runs: int) -> list[object]:
    with Visitor(address, page, QUERY) as visitor:
        first = visitor.run()
        charts, tables = first.elements["plotly_chart"], _count(first, TABLES)
        floor_query = (
            f"charts={charts}&tables={tables}"
            f"&metrics={first.elements['metric']}&texts={_count(first, TEXTS)}"
        )
        with Visitor(floor_address, "", floor_query) as floor:
            floor.run()
            visitor.run()
            pairs = [(visitor.run().milliseconds, floor.run().milliseconds) for _ in range(runs)]
    ours, theirs = (Timing(side) for side in zip(*pairs, strict=True))
    ratio = ours.p50 / theirs.p50
    return [
        page,
        charts,
        tables,
        f"{first.milliseconds:.0f}",
        f"{ours.p50:.0f}",
        f"{ours.p95:.0f}",
        f"{theirs.p50:.0f}",
        f"{ratio:.2f}{' ✗' if ratio > AIM else ''}",
    ]


def _count(run: Run, kinds: tuple[str, ...]) -> int:
    return sum(run.elements[kind] for kind in kinds)


if __name__ == "__main__":
    main()
