"""Report forms: all templates of a month, and a pile of returned files taken in.

`python -m benchmarks.returns [--short]` makes a ledger of 69 tasks in which each of 40 units has a
part, saves one unit's month from the grid, writes the forms of all units, fills them as people would,
and takes 500 of them back in. It prints a markdown table.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from openpyxl import load_workbook

from benchmarks.measuring import megabytes, peak_megabytes, table
from documents.month_form import take_in, write_forms
from loaders.model import Assignment, Cadence, Ledger, Place, Task
from metrics import Scope, ask
from warehouse import Warehouse, open_warehouse, read_reference, store_edition
from warehouse.entries.submissions import (
    Report,
    Submission,
    store_submission,
    tasks_of_unit,
    units_of_ledger,
)

REFERENCE = Path(__file__).resolve().parent.parent / "data" / "reference"
YEAR_END = date(2020, 12, 31)
DECEMBER = {"month_start": date(2020, 12, 1), "eve": date(2020, 11, 30)}
GRID_AIM, TEMPLATES_AIM, FILES_AIM = 0.3, 5, 60
"""Seconds for a saved grid, for all templates, and for all returned files."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.returns", description=__doc__)
    parser.add_argument("--short", action="store_true", help="5 units, 30 files")
    print(measure(short=parser.parse_args().short))


def measure(*, short: bool = False) -> str:
    """The report in markdown."""
    units, tasks, files = (5, 12, 30) if short else (40, 69, 500)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        warehouse = open_warehouse(Path(folder) / "forms.duckdb")
        names = [f"厅第{n:02d}处" for n in range(1, units + 1)]
        scope = Scope(_ledger(warehouse, names, tasks), YEAR_END)
        writing, forms = _timed(lambda: write_forms(warehouse, scope, names, date(2020, 1, 1)))
        returned = _filled(forms, files)
        taking, results = _timed(
            lambda: take_in(warehouse, scope, returned, recorded_by="性能测试")
        )
        repeating, repeated = _timed(
            lambda: take_in(warehouse, scope, returned[-units:], recorded_by="性能测试")
        )
        ask(warehouse, "unit_month", scope, unit=names[0], **DECEMBER)
        saving, _ = _timed(lambda: _save_grid(warehouse, scope, names[0]))
        showing, month = _timed(
            lambda: ask(warehouse, "unit_month", scope, unit=names[0], **DECEMBER)
        )
        warehouse.close()
    if (month.now_percent != 50).any():
        raise RuntimeError("not every row of the grid was stored")
    stored = sum(result.stored for result in results)
    if any(result.outcome != "stored" for result in results) or not stored:
        wrong = next(r for r in results if r.outcome != "stored")
        raise RuntimeError(f"{wrong.name} was not taken in: {wrong.outcome} {wrong.refused}")
    if any(result.outcome != "unchanged" for result in repeated):
        raise RuntimeError("a file taken in twice changed something")
    lines = [
        _line(f"save a grid of {tasks} rows", saving, GRID_AIM, 1),
        _line("judge both days anew and show it again", showing, None, 1),
        _line(f"write {units} forms of {tasks} tasks", writing, TEMPLATES_AIM, units),
        _line(f"take {files} files in, {stored:,} rows", taking, FILES_AIM, files),
        _line(f"the last {units} files once more", repeating, None, units),
    ]
    return "\n\n".join(
        [
            "## Report forms out and back in",
            table(("step", "seconds", "cpu s", "aim s", "ms a file"), lines),
            f"✗ = above the aim. Peak memory {megabytes(peak_megabytes())}.",
        ]
    )


def _save_grid(warehouse: Warehouse, scope: Scope, unit: str) -> None:
    """Store a report on every task of the unit, as the page does when 保存 is pressed."""
    unit_id = units_of_ledger(warehouse, scope.ledger_id, YEAR_END)[unit]
    tasks = tasks_of_unit(warehouse, scope.ledger_id, unit_id, YEAR_END)
    reports = [
        Report(task.task_id, "in_progress", YEAR_END, 50, "已组织各单位逐项落实。")
        for task in tasks
    ]
    month = DECEMBER["month_start"]
    store_submission(
        warehouse, Submission(scope.ledger_id, unit_id, month, "", "", "性能测试"), reports
    )


def _timed(call: Callable[[], Any]) -> tuple[tuple[float, float], Any]:
    """Seconds on the clock, seconds that all threads computed, and the result."""
    begun, computed = time.perf_counter(), time.process_time()
    result = call()
    return (time.perf_counter() - begun, time.process_time() - computed), result


def _line(step: str, took: tuple[float, float], aim: float | None, files: int) -> list[str]:
    seconds, computed = took
    mark = " ✗" if aim and seconds > aim else ""
    each = f"{1000 * seconds / files:.0f}"
    return [step, f"{seconds:.2f}{mark}", f"{computed:.2f}", str(aim or ""), each]


def _ledger(warehouse: Warehouse, units: list[str], tasks: int) -> UUID:
    """A ledger in which every unit has a part in every task; one task in seven recurs."""
    parts = tuple(Assignment("responsible", unit) for unit in units)
    listed = tuple(
        Task(
            number=number,
            level1=f"第{number % 9 + 1}项一级指标：完善信用信息归集共享和公开",
            level2="",
            task=f"第{number}项目标任务：按照有关要求依法依规完善信用信息目录和制度，明确采集主体、对象和时限，并向社会公开。",
            kind="base",
            responsible_text="、".join(units),
            responsible_inherited=False,
            deadline_text="2020年12月",
            deadline_inherited=False,
            deadline_kind="date",
            due_on=YEAR_END,
            assignments=parts,
            cadences=(Cadence("month", 1, "每月至少1次"),) if number % 7 == 0 else (),
            quantities=(),
            place=Place("台账.xlsx", "台账", number),
        )
        for number in range(1, tasks + 1)
    )
    ledger = Ledger("台账.xlsx", "0", "性能测试台账", "宁夏", 2020, listed, (), ())
    return store_edition(
        warehouse, ledger, read_reference(REFERENCE), recorded_by="性能测试"
    ).ledger_id


def _filled(forms: bytes, files: int) -> list[tuple[str, bytes]]:
    """The forms as returned, month after month: every row reported, some with evidence."""
    with zipfile.ZipFile(BytesIO(forms)) as archive:
        templates = [(name, archive.read(name)) for name in archive.namelist()]
    filled = [_fill(content, "正在组织各单位落实。") for _, content in templates]
    # There are twelve months; the files left over are January's, corrected.
    over = max(0, files - 12 * len(templates))
    corrected = [_fill(content, "已组织各单位落实。") for _, content in templates[:over]]
    returned = []
    for number in range(files):
        month, unit = divmod(number, len(templates))
        name = f"{number:03d}_{templates[unit][0]}"
        content = corrected[unit] if month == 12 else _of_month(filled[unit], month + 1)
        returned.append((name, content))
    return returned


def _fill(content: bytes, narrative: str) -> bytes:
    book = load_workbook(BytesIO(content))
    sheet = book["填报表"]
    at = {cell.value: cell.column for cell in sheet[6]}
    for row in range(7, sheet.max_row + 1):
        sheet.cell(row, at["状态"]).value = "进行中"
        sheet.cell(row, at["进度%"]).value = row % 90 + 5
        sheet.cell(row, at["本月进展"]).value = narrative
        sheet.cell(row, at["下一步"]).value = "开展督导检查。"
        if row % 5 == 0:
            sheet.cell(row, at["佐证"]).value = f"关于落实第{row}项任务的通知"
        if not sheet.cell(row, at["频次完成次数"]).protection.locked:
            sheet.cell(row, at["频次完成次数"]).value = 1
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _of_month(content: bytes, month: int) -> bytes:
    """The same file for another month: its stamp is changed where it stands."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for entry in old.infolist():
            part = old.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                part = part.replace(b"|2020-01|", f"|2020-{month:02d}|".encode())
            new.writestr(entry.filename, part, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


if __name__ == "__main__":
    main()
