"""Seconds and memory of reading: the aims for ordinary large ledgers, and what files of 20 MB cost.

`python -m benchmarks.loaders [--runs N] [--short]` writes the files into a temporary folder and prints
two markdown tables. Each file is read in a process of its own (`--read FILE`), which has imported what
its form needs before the clock starts; the memory is the most that process held, the libraries
included.
"""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import large_files
from benchmarks.measuring import megabytes, peak_megabytes, table
from loaders import LedgerError, preview

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ("hunan-2019.txt", "ningxia-2020.txt")
MODULES = {".docx": "word", ".xlsx": "workbook", ".html": "html", ".pdf": "pdf"}
COLUMNS = ("file", "size", "seconds", "aim", "cpu", "peak memory", "aim", "outcome")
LARGE = 20_000_000
MOST_SECONDS, MOST_MEGABYTES = 30, 1024
LONGEST = {
    ".xlsx": 49_000,
    ".docx": 18_000,
    ".csv": 49_000,
    ".txt": 49_000,
    ".html": 49_000,
    ".pdf": 2_500,
}
"""About as many rows as are read; longer files are refused."""
LONGEST_PLAN = 5_500


@dataclass(frozen=True)
class Reading:
    """What one process measured: seconds, those it computed, its peak memory in MB, and tasks or the
    refusal."""

    seconds: float
    processor_seconds: float
    peak: float | None
    outcome: str


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.loaders", description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--short", action="store_true", help="small files, 1 run")
    parser.add_argument("--read", type=Path, metavar="FILE", help="read one file, print JSON")
    given = parser.parse_args()
    if given.read:
        print(json.dumps(vars(_read(given.read))))
    else:
        print(measure(1 if given.short else given.runs, share=0.01 if given.short else 1))


def measure(runs: int, share: float = 1) -> str:
    """The report in markdown; `share` makes every file that much smaller."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ordinary = [_line(*file, runs) for file in _ordinary(folder, share)]
        large = [
            _line(label, path, MOST_SECONDS, MOST_MEGABYTES, 1)
            for label, path in _large(folder, share)
        ]
    return "\n\n".join(
        [
            f"## Reading ledgers, median of {runs} runs",
            table(COLUMNS, ordinary),
            "✗ = misses its aim. Memory may be 200 MB and ten times the file. “cpu” is what the process "
            "computed, in seconds.",
            "## Files of 20 MB, and the longest that are read",
            table(COLUMNS, large),
        ]
    )


def _ordinary(folder: Path, share: float) -> Iterator[tuple[str, Path, float, float]]:
    """(label, file, seconds aimed at, megabytes aimed at) of the two seeds and the generated files."""
    for seed in SEEDS:
        path = ROOT / "data" / "ledgers" / seed
        yield seed, path, 0.3, _memory_aim(path)
    # The rows of the .pdf are 50 ruled pages.
    for form, rows, seconds in ((".xlsx", 10_000, 3), (".docx", 5_000, 5), (".pdf", 610, 20)):
        count = int(rows * share)
        path = _written(folder, form, count)
        yield f"{form} {count:,} rows", path, seconds, _memory_aim(path)


def _large(folder: Path, share: float) -> Iterator[tuple[str, Path]]:
    """(label, file): of each form 20 MB of rows, 20 MB nearly all picture, and the longest read."""
    size = int(LARGE * share)
    for form in large_files.WRITE:
        few = min(5_000, LONGEST[form])
        count = few * size // _written(folder, form, few).stat().st_size
        yield f"{form} {count:,} rows", _written(folder, form, count)
        if form in large_files.HOLDS_PICTURES:
            path = _written(folder, form, 300)
            large_files.with_picture(path, max(size, path.stat().st_size))
            yield f"{form} 300 rows and a picture", path
        count = int(LONGEST[form] * share)
        yield f"{form} {count:,} rows", _written(folder, form, count)
    path = folder / "plan.txt"
    large_files.plan(path, int(LONGEST_PLAN * share))
    yield f".txt, a plan of {int(LONGEST_PLAN * share):,} duties", path


def _written(folder: Path, form: str, count: int) -> Path:
    path = folder / f"ledger{form}"
    large_files.WRITE[form](path, count)
    return path


def _memory_aim(path: Path) -> float:
    return 200 + 10 * path.stat().st_size / 2**20


def _line(label: str, path: Path, seconds: float, peak: float, runs: int) -> list[str]:
    """One row of a table: the median time and the highest memory of some readings of one file."""
    readings = [_read_apart(path) for _ in range(runs)]
    took = median(reading.seconds for reading in readings)
    peaks = [reading.peak for reading in readings if reading.peak is not None]
    most = max(peaks, default=None)
    return [
        label,
        f"{path.stat().st_size / 2**20:.1f} MB",
        f"{took:.2f}{' ✗' if took > seconds else ''}",
        f"{seconds:g}",
        f"{median(reading.processor_seconds for reading in readings):.2f}",
        f"{megabytes(most)}{' ✗' if most and most > peak else ''}",
        megabytes(peak),
        readings[-1].outcome,
    ]


def _read_apart(path: Path) -> Reading:
    command = [sys.executable, "-m", "benchmarks.loaders", "--read", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    return Reading(**json.loads(done.stdout))


def _read(path: Path) -> Reading:
    importlib.import_module(f"loaders.forms.{MODULES.get(path.suffix, 'text')}")
    begun, computed = time.perf_counter(), time.process_time()
    try:
        outcome = f"{len(preview(path).ledger.tasks):,} tasks"
    except LedgerError as error:
        outcome = f"refused: {error}"
    took, computed = time.perf_counter() - begun, time.process_time() - computed
    return Reading(took, computed, peak_megabytes(), outcome)


if __name__ == "__main__":
    main()
