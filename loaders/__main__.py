"""`python -m loaders FILE… [--issues]`: the tasks of ledgers as CSV, or what was doubtful."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from pathlib import Path

from loaders import Ledger, LedgerError, Task, read_ledger

COLUMNS = (
    "number",
    "level1",
    "level2",
    "task",
    "kind",
    "responsible_text",
    "responsible_inherited",
    "deadline_text",
    "deadline_inherited",
    "deadline_kind",
    "due_on",
    "assignments",
    "cadences",
    "quantities",
)


def task_values(task: Task) -> dict[str, str]:
    """One task by CSV column: flags as 0 and 1, lists joined by `;`, a unit as role|unit|scope."""
    written = {column: str(getattr(task, column)) for column in COLUMNS}
    written["responsible_inherited"] = str(int(task.responsible_inherited))
    written["deadline_inherited"] = str(int(task.deadline_inherited))
    written["due_on"] = task.due_on.isoformat() if task.due_on else ""
    written["assignments"] = ";".join(
        "|".join(filter(None, (a.role, a.unit, a.scope))) for a in task.assignments
    )
    written["cadences"] = ";".join(f"{c.period}:{c.min_count}" for c in task.cadences)
    written["quantities"] = ";".join(task.quantities)
    return written


def main(arguments: list[str] | None = None) -> int:
    """Print and return the exit code: 0 when every file gave tasks, else 1 and a line on stderr."""
    parser = argparse.ArgumentParser(prog="python -m loaders", description="读取台账，输出任务 CSV")
    parser.add_argument(
        "files",
        nargs="+",
        metavar="文件",
        help="台账：.docx .xlsx .csv .txt .html .pdf，装有 LibreOffice 时还有 .doc .xls .wps",
    )
    parser.add_argument("--issues", action="store_true", help="改为输出读取中的疑点和行数核对")
    options = parser.parse_args(arguments)
    # The same bytes on every system: a Windows console would write GBK and double the line ends.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", newline="" if stream is sys.stdout else None)
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\r\n")
    failed = written = False
    for file in options.files:
        try:
            ledger = read_ledger(Path(file))
        except LedgerError as error:
            print(f"{file}：{error}", file=sys.stderr)
            failed = True
            continue
        if options.issues:
            _print_issues(ledger)
            continue
        if not written:
            writer.writeheader()
        written = True
        writer.writerows(map(task_values, ledger.tasks))
    return int(failed)


def _print_issues(ledger: Ledger) -> None:
    for issue in ledger.issues:
        print(f"{issue.place}：{issue.message}")
    counts = {"title": "标题", "header": "表头", "task": "任务", "total": "合计", "note": "说明"}
    named = [
        f"{label} {sum(row.reading == reading for row in ledger.rows)} 行"
        for reading, label in counts.items()
    ]
    blank = sum(row.reading == "blank" for row in ledger.rows)
    print(
        f"{ledger.file}：{len(ledger.rows)} 行 = {'、'.join(named)}、空白 {blank} 行；"
        f"读出 {len(ledger.tasks)} 项任务，{len(ledger.issues)} 处疑点"
    )


if __name__ == "__main__":
    sys.exit(main())
