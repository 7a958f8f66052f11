"""A small ledger taken in as any other, its report forms, and a person who fills them in.

Owns the ledger, and typing into a form as somebody would who goes by its column names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pandas as pd
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from documents.month_form import Comparison, compare, read_form, write_form
from documents.month_form.layout import OTHERS, SHEET, month_scope
from loaders.model import Assignment, Cadence, Ledger, Place, Task
from metrics import Scope, ask
from warehouse import Warehouse, read_reference, store_edition

REFERENCE = Path(__file__).parents[3] / "data" / "reference"
UNIT = "厅法规处"
SEPTEMBER = date(2020, 9, 1)
TITLE = "信用交通省建设任务台账"
TASKS = {
    1: "制定信用信息管理办法，报厅务会审定后印发。",
    2: "每月更新信用交通网站的双公示信息。",
    3: "每周通报超限超载失信名单。",
    4: "开展信用交通宣传月活动。",
    5: "=SUM(A1:A9) 组织信用修复培训班。",
    6: "建立守信激励名单制度，并向社会公开。",
    7: "完成年度信用评价，并应用评价结果。",
}
DUE = date(2020, 12, 31)


@dataclass
class Desk:
    """The database, what is asked about, and the form of the unit for the month."""

    warehouse: Warehouse
    scope: Scope
    form: bytes

    def task_id(self, number: int, unit: str = UNIT) -> UUID:
        rows = self.rows(unit)
        return rows[rows.number == number].task_id.iloc[0]

    def rows(self, unit: str = UNIT, month: date = SEPTEMBER) -> pd.DataFrame:
        """What `unit_month` says of a unit."""
        scope, values = month_scope(self.scope, month)
        return ask(self.warehouse, "unit_month", scope, unit=unit, **values)

    def now(self, number: int, *names: str) -> tuple:
        """The named columns of the unit's task."""
        rows = self.rows()
        row = rows[rows.number == number].iloc[0]
        return tuple(None if pd.isna(row[name]) else row[name] for name in names)

    def compared(self, content: bytes, name: str = "厅法规处.xlsx", **chosen: Any) -> Comparison:
        """The returned file beside what stands."""
        form = read_form(content, name, month=chosen.get("month"))
        return compare(self.warehouse, self.scope, form, **chosen)


def set_up(warehouse: Warehouse) -> Desk:
    """Take the ledger in, and make the form."""
    ledger_id = store_edition(
        warehouse, ledger(), read_reference(REFERENCE), recorded_by="测试"
    ).ledger_id
    scope = Scope(ledger_id, DUE)
    return Desk(warehouse, scope, write_form(warehouse, scope, UNIT, SEPTEMBER))


def ledger(title: str = TITLE, year: int = 2020) -> Ledger:
    """厅法规处 is in charge of 1 to 5, helps in 6, and carries 7 with 厅运输处; 8 is 厅运输处's and the
    five cities', 9 a bonus item of 厅人事处."""
    office, transport = Assignment("responsible", UNIT), Assignment("responsible", "厅运输处")
    cities = Assignment("responsible", "五市交通运输局")
    own = dict.fromkeys(range(1, 6), (office,))
    others = {
        6: (Assignment("lead", "厅运输处"), Assignment("cooperate", UNIT)),
        7: (office, transport),
        8: (transport, cities),
        9: (Assignment("responsible", "厅人事处"),),
    }
    cadences = {2: (Cadence("month", 1, "每月"),), 3: (Cadence("week", 1, "每周"),)}
    wordings = TASKS | {8: "开展运输企业信用考核。", 9: "获部级表彰的加分。"}
    tasks = tuple(
        Task(
            number=number,
            level1="完善信用信息归集共享",
            level2="",
            task=wordings[number],
            kind="bonus" if number == 9 else "base",
            responsible_text="",
            responsible_inherited=False,
            deadline_text=f"{year}年12月",
            deadline_inherited=False,
            deadline_kind="date",
            due_on=date(year, 12, 31),
            assignments=assignments,
            cadences=cadences.get(number, ()),
            quantities=(),
            place=Place("台账.xlsx", "台账", number),
        )
        for number, assignments in (own | others).items()
    )
    return Ledger("台账.xlsx", f"{title}{year}", title, "宁夏", year, tasks, (), ())


def opened(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def saved(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def columns(sheet: Worksheet) -> dict[str, int]:
    """Column name → column; those of problem and evidence by their earlier names too."""
    head = header_row(sheet)
    found = {cell.value: cell.column for cell in sheet[head] if cell.value}
    earlier = {"存在问题": "存在问题和下一步", "佐证材料名称": "佐证"}
    return found | {old: found[new] for old, new in earlier.items() if new in found}


def sheet_of(book: Workbook, number: int) -> Worksheet:
    """The sheet on which a task is: what is due, or the others."""
    for name in (SHEET, OTHERS):
        sheet = book[name] if name in book.sheetnames else None
        if sheet is not None and number in [cell.value for cell in sheet[columns_letter(sheet)]]:
            return sheet
    raise KeyError(number)


def columns_letter(sheet: Worksheet) -> str:
    return get_column_letter(columns(sheet)["序号"])


def header_row(sheet: Worksheet) -> int:
    return next(row[0].row for row in sheet.iter_rows() if "目标任务" in [c.value for c in row])


def row_of(sheet: Worksheet, number: int) -> int:
    """The row of a task, by its printed number."""
    at = columns(sheet)["序号"]
    return next(
        row
        for row in range(header_row(sheet) + 1, sheet.max_row + 1)
        if sheet.cell(row, at).value == number
    )


def fill(content: bytes, typed: Mapping[int, Mapping[str, Any]]) -> bytes:
    """The form with `typed` in it: task number → column name → value."""
    book = opened(content)
    for number, values in typed.items():
        sheet = sheet_of(book, number)
        at = columns(sheet)
        for name, value in values.items():
            sheet.cell(row_of(sheet, number), at[name]).value = value
    return saved(book)


def by_hand(rows: list[list[Any]], name: str = "Sheet1") -> bytes:
    """A workbook made from nothing."""
    book = Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    return saved(book)
