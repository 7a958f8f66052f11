"""Timing a call, a process of its own, its peak memory, and a markdown table of what was found."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Timing:
    """Durations of repeated runs, in milliseconds."""

    milliseconds: tuple[float, ...]
    processor_milliseconds: tuple[float, ...] = ()
    """The time all threads of this process computed; hardly changed by what else is running."""

    @property
    def p50(self) -> float:
        return median(self.milliseconds)

    @property
    def p50_processor(self) -> float:
        return median(self.processor_milliseconds)

    @property
    def p75(self) -> float:
        return self._reached(75)

    @property
    def p95(self) -> float:
        return self._reached(95)

    def _reached(self, percent: int) -> float:
        """The smallest run that at least so many percent of the runs do not exceed."""
        ordered = sorted(self.milliseconds)
        return ordered[-(-len(ordered) * percent // 100) - 1]


def apart(call: Callable[..., Any], *values: Any) -> Any:
    """The result of `call` in a new process, which has the database and its memory to itself."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(call, *values).result()


def timed(call: Callable[[], Any], runs: int, warm_up: int = 1) -> tuple[Timing, Any]:
    """The durations of `runs` calls after `warm_up` untimed ones, and the last result."""
    for _ in range(warm_up):
        call()
    durations, computed = [], []
    result = None
    for _ in range(runs):
        begun, processor = time.perf_counter(), time.process_time()
        result = call()
        durations.append(1000 * (time.perf_counter() - begun))
        computed.append(1000 * (time.process_time() - processor))
    return Timing(tuple(durations), tuple(computed)), result


def peak_megabytes() -> float | None:
    """The most memory this process ever held; None where the system does not tell (not Linux)."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    # Not ru_maxrss: it survives exec, so a child would show its parent's peak as its own.
    for line in status.read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return None


def megabytes(value: float | None) -> str:
    return "?" if value is None else f"{value:,.0f} MB"


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A markdown table; the first column is text, the others are right-aligned."""
    marks = ["---", *["---:"] * (len(columns) - 1)]
    lines = [columns, marks, *([str(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
