"""Generated years to check a forecast against: a ledger of its own and how each task of it went.

Owns a model of a year that shares nothing with the forecast or with the demonstration's story: units
differ in how reliable they are, tasks in when they fall due, how late they start and whether they stop
halfway. The same seed gives the same year.
"""

from __future__ import annotations

import csv
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from benchmarks.generate import rows
from loaders.reference import SHIPPED
from warehouse import Warehouse, open_warehouse, read_reference
from warehouse.entries.recording import record_many
from warehouse.opening import load_file
from words import each_row

YEAR = 2021
UNITS, INDICATORS = 14, 6
DUE_MONTHS, DUE_SHARES = (6, 9, 12), (15, 20, 65)
"""When tasks fall due, and how many of a hundred at each."""
AUTHOR = "检验"


@dataclass(frozen=True)
class Course:
    """How a task goes: the month in which it is finished, 13 or more for one that is not, the percent
    at which it stops before, and how much of it is left to the end (1 is even)."""

    finished_in: float
    stops_at: float
    late_rush: float
    starts_in: float

    def percent(self, month: int) -> float:
        """What is reported at the end of a month."""
        if month >= self.finished_in:
            return 100
        if month <= self.starts_in:
            return 0
        share = (month - self.starts_in) / (self.finished_in - self.starts_in)
        return min(99, self.stops_at, 100 * share**self.late_rush)


def generated_year(folder: Path, seed: int, tasks: int = 60) -> tuple[Warehouse, UUID]:
    """A database with one ledger of `tasks` tasks and its year of reports; and the ledger's id."""
    random = Random(seed)
    units = [(f"厅第{n:02d}处", random.random()) for n in range(1, UNITS + 1)]
    chosen = [random.choice(units) for _ in range(tasks)]
    due = random.choices(DUE_MONTHS, DUE_SHARES, k=tasks)
    path = folder / f"{YEAR}年信用交通省建设任务台账{seed}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["一级指标", "序号", "目标任务", "责任单位", "完成时限"])
        for n, (unit, _) in enumerate(chosen):
            level1 = f"指标{n * INDICATORS // tasks + 1}"
            text = f"完成第{n + 1}项信用工作，印发文件并报送材料。"
            writer.writerow([level1, n + 1, text, unit, f"{YEAR}年{due[n]}月底"])
    warehouse = open_warehouse(folder / f"year{seed}.duckdb")
    load_file(warehouse, path, read_reference(SHIPPED), recorded_by=AUTHOR)
    with warehouse.cursor() as cursor:
        listed = list(each_row(rows(cursor, "tasks_by_number")))
    reports = [
        report
        for task, (_, reliability), month in zip(listed, chosen, due, strict=True)
        for report in _reports(task.task_id, _course(reliability, month, random), random)
    ]
    record_many(warehouse, {"report": reports}, action="生成检验年度", recorded_by=AUTHOR)
    return warehouse, listed[0].ledger_id


def _course(reliability: float, due: int, random: Random) -> Course:
    starts = random.choice((0, 0, 0, 1, 2, 4)) * due / 12
    rush = random.choice((0.8, 1, 1, 1.4, 2))
    if random.random() < 0.05 + 0.35 * (1 - reliability):
        # Late: two in five stop for good, the others come some months after their day.
        if random.random() < 0.4:
            return Course(99, random.uniform(0, 90), rush, starts)
        return Course(due + random.choice((1, 1, 2, 3, 5)), 100, rush, starts)
    early = random.choice((0, 0, 0, 0, 1, 1, 2, 4)) * due / 12
    return Course(max(1, due - early), 100, rush, min(starts, due - early - 1))


def _reports(task_id: UUID, course: Course, random: Random) -> Iterator[dict[str, Any]]:
    """One report a month, one in ten left out, until the task is done."""
    before = 0.0
    for month in range(1, 13):
        percent = course.percent(month)
        if percent < 100:
            percent = max(before, min(99, round(percent + random.uniform(-4, 4)))) if percent else 0
            if random.random() < 0.1:
                continue
        state = "done" if percent == 100 else "in_progress" if percent else "not_started"
        last = monthrange(YEAR, month)[1]
        day = date(YEAR, month, last - random.randint(0, 6 if percent == 100 else 2))
        yield {
            "task_id": task_id,
            "unit_id": None,
            "state": state,
            "percent": percent,
            "narrative": "检验",
            "effective_on": day,
            "recorded_at": datetime.combine(day + timedelta(days=1), time(9)),
            "recorded_by": AUTHOR,
        }
        if percent == 100:
            return
        before = percent
