"""自由筛选 and 高级查询 over one large ledger: what a click, a word, a chart, an export and a query take.

`python -m benchmarks.narrowing [--tasks N] [--runs N] [--short]` generates the ledger in a temporary
folder and prints a markdown table. It measures the server; a browser adds the sending and drawing.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa

from benchmarks.generate import generate
from benchmarks.measuring import apart, megabytes, peak_megabytes, table, timed
from documents import Context, csv_table, json_table, long_workbook
from metrics import Scope, ask
from metrics.narrowing.crossing import MEASURES, crossed, facts
from metrics.narrowing.facets import Choice
from metrics.narrowing.holding import Explored
from metrics.narrowing.searching import Texts
from metrics.narrowing.tabling import JUDGED, ordered, table_of
from warehouse import open_warehouse
from warehouse.sandbox.sandbox import Extent, Query, copy_of

AS_OF = date(2020, 9, 30)
CLICK, SEARCH, EXPORT = 300, 200, 5_000
"""Milliseconds: a facet until it is painted (of which this is the server's part), a search, 100,000
rows as a file."""
COLUMNS = ("what", "p50 ms", "p95 ms", "cpu ms", "aim ms")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.narrowing", description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--short", action="store_true", help="2,000 tasks, 2 runs")
    given = parser.parse_args()
    tasks, runs = (2_000, 2) if given.short else (given.tasks, given.runs)
    print(measure(tasks, runs))


def measure(tasks: int, runs: int) -> str:
    """The report in markdown."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "large.duckdb"
        apart(generate, path, tasks)
        lines, peak = apart(_measured, path, runs)
    return "\n\n".join(
        [
            f"## 自由筛选 and 高级查询 over {tasks:,} tasks and {12 * tasks:,} reports, {runs} runs",
            table(COLUMNS, lines),
            "✗ = p95 above the aim. The first lines are paid once per data version and scope.",
            f"Peak memory {megabytes(peak)}.",
        ]
    )


def _measured(path: Path, runs: int) -> tuple[list[list[str]], float | None]:
    warehouse = open_warehouse(path)
    ledger_id = UUID(str(ask(warehouse, "ledgers").ledger_id[0]))
    scope = Scope(ledger_id, AS_OF)
    with warehouse.snapshot() as snapshot:
        snapshot.judge([AS_OF])
    lines = []

    def measured(
        name: str, call: Callable[[], Any], *, aim: float | None = None, few: bool = False
    ) -> Any:
        timing, result = timed(call, 1 if few else runs, warm_up=0 if few else 1)
        missed = " ✗" if aim is not None and timing.p95 > aim else ""
        lines.append(
            [
                name,
                f"{timing.p50:,.0f}",
                f"{timing.p95:,.0f}{missed}",
                f"{timing.p50_processor:,.0f}",
                "" if aim is None else f"{aim:,.0f}",
            ]
        )
        return result

    asked = {
        name: measured(f"once: {name}", partial(ask, warehouse, name, scope), few=True)
        for name in ("explored_tasks", "explored_duties", "explored_texts")
    }
    explored = measured(
        "once: holding the tasks",
        lambda: Explored(asked["explored_tasks"], asked["explored_duties"], AS_OF),
        few=True,
    )
    texts = measured("once: texts", lambda: Texts(explored, asked["explored_texts"]), few=True)
    rows = measured("once: the table", lambda: table_of(explored), few=True)
    unit = explored.of_duty["unit"].values[0]
    for choice in (
        Choice(),
        Choice({"lamp": ("红灯",)}),
        Choice({"lamp": ("红灯",), "unit": (unit,), "role": ("牵头", "负责")}),
    ):

        def click(choice: Choice = choice) -> pa.Table:
            explored.counts(choice)
            tasks = explored.matching(choice)
            return rows.take(ordered(explored, tasks, "编号", falling=False)).select(JUDGED)

        measured(f"click: {choice.sentence() or '全部'}", click, aim=CLICK)
    for word in ("信用", "第77", "没有这样的字", "tdy"):
        measured(f"search: {word}", partial(texts.matching, word), aim=SEARCH)
    for down, across in (("level1", "lamp"), ("unit", "state")):

        def cross(down: str = down, across: str = across) -> Any:
            every = explored.matching(Choice())
            counted = facts(explored, Choice(), every, (down, across))
            return crossed(counted, down, across, MEASURES["tasks"])

        measured(f"cross table: {down} × {across}", cross, aim=CLICK)
    shown = rows.select(JUDGED).to_pandas()
    context = Context("台账", "第 1 版", AS_OF, "无", 1, False, datetime(2020, 10, 1))
    for name, write in (
        ("export: .xlsx", long_workbook), ("export: .csv", csv_table), ("export: .json", json_table),
    ):  # fmt: skip
        measured(name, partial(write, "自由筛选", "", shown, context), aim=EXPORT, few=True)
    copy = measured(
        "once: copy for SQL", lambda: copy_of(warehouse, Extent(ledger_id, AS_OF)), few=True
    )
    for name, sql in (
        ("query: one group by", "select 指标简称, count(*) from 任务 group by 1"),
        (
            "query: join of reports",
            "select 任务.状态, count(*) from 填报 join 任务 using (编号) group by all",
        ),
        ("query: 100,000 rows", "select 编号, 目标任务, 预警灯 from 任务"),
    ):

        def query(sql: str = sql) -> Any:
            return Query(copy, sql, row_limit=100_000, seconds=60).result()

        measured(name, query)
    return lines, peak_megabytes()


if __name__ == "__main__":
    main()
