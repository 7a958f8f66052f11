"""A ledger of eight base tasks under two headings, a bonus item and a penalty, some with points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from documents.scheme import Draft, check_template, outline_of, read_template, write_template
from documents.scheme.outline import Outline
from loaders.model import Ledger, Place, SourceRow
from metrics import Scope
from tests.documents.month_form.forms import REFERENCE, ledger, opened, saved
from warehouse import Warehouse, close_all, open_warehouse, read_reference, store_edition

SHEET = "评分方案"
SHARING, RATING = "完善信用信息归集共享", "信用评价"
POINTS = {1: 4.0, 2: 6.0, 9: 3.0, 10: 2.0}


def scored_ledger(year: int = 2020) -> Ledger:
    """Tasks 1–4 under 完善信用信息归集共享（20分）, 5–8 under 信用评价, 9 a bonus item, 10 a penalty;
    2 and 3 say how often."""
    made = ledger(year=year)
    penalty = replace(made.tasks[7], number=10, task="发生失信事件的扣分。", kind="penalty")
    tasks = [
        replace(
            task,
            level1=SHARING if task.number < 5 else RATING if task.kind == "base" else "加减分",
            points=POINTS.get(task.number),
        )
        for task in (*made.tasks, penalty)
    ]
    text = f"一、{SHARING}（20分）"
    heading = SourceRow(Place("台账.xlsx", "台账", 20), "header", text, 0, (text,))
    return replace(made, tasks=tuple(tasks), rows=(heading,))


@dataclass
class Office:
    """The database, the ledger as a scheme sees it, and its template."""

    warehouse: Warehouse
    scope: Scope
    template: bytes
    outline: Outline

    def task_id(self, number: int) -> UUID:
        return next(task.task_id for task in self.outline.tasks if task.number == number)

    def draft(self, content: bytes, *, is_demonstration: bool = False) -> Draft:
        """The file as it comes back."""
        read = read_template(content, "方案.xlsx")
        return check_template(self.outline, read, is_demonstration=is_demonstration)

    def filled(self, typed: Mapping[int, Mapping[str, Any]], **settings: Any) -> bytes:
        return fill(self.template, typed, **settings)


@pytest.fixture(scope="session")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """For tests that only read and compare: its database is closed."""
    warehouse = Warehouse(tmp_path_factory.mktemp("schemes") / "ledger.duckdb")
    ledger_id = store_edition(
        warehouse, scored_ledger(), read_reference(REFERENCE), recorded_by="测试"
    ).ledger_id
    scope = Scope(ledger_id, date(2020, 12, 31))
    made = Office(
        warehouse, scope, write_template(warehouse, scope), outline_of(warehouse, ledger_id)
    )
    warehouse.close()
    return made


@pytest.fixture
def office(paper: Office, tmp_path: Path) -> Iterator[Office]:
    """The same with a database of one's own."""
    path = tmp_path / "ledger.duckdb"
    path.write_bytes(paper.warehouse.path.read_bytes())
    yield replace(paper, warehouse=open_warehouse(path))
    close_all()


def header_row(sheet: Worksheet) -> int:
    return next(row[0].row for row in sheet.iter_rows() if "目标任务" in [c.value for c in row])


def columns(sheet: Worksheet) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[header_row(sheet)] if cell.value}


def row_of(sheet: Worksheet, number: int) -> int:
    at = columns(sheet)["编号"]
    return next(
        row
        for row in range(header_row(sheet) + 1, sheet.max_row + 1)
        if sheet.cell(row, at).value == number
    )


def setting_cell(sheet: Worksheet, label: str):
    """Where a setting is typed."""
    return next(
        sheet.cell(cell.row, cell.column + 2)
        for row in sheet.iter_rows(max_row=header_row(sheet))
        for cell in row
        if cell.value == f"{label}："
    )


def fill(content: bytes, typed: Mapping[int, Mapping[str, Any]], **settings: Any) -> bytes:
    """The template with what somebody types: task number → column → value, and the settings."""
    book = opened(content)
    sheet = book[SHEET]
    at = columns(sheet)
    for number, values in typed.items():
        for name, value in values.items():
            sheet.cell(row_of(sheet, number), at[name]).value = value
    for label, value in settings.items():
        setting_cell(sheet, label).value = value
    return saved(book)
