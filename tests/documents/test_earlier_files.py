"""Files that earlier versions of the platform handed out are still read back.

The three workbooks in earlier/ were written by the program of November 2020 and filled in; they are
never written anew. Their ids are those of the databases of that time, so each test gives today's ids
to the rows by their numbers.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook

from documents import month_form, scheme, self_assessment
from documents.month_form import compare, read_form
from documents.month_form.form import Proof
from documents.self_assessment.layout import Stamp
from tests.documents.month_form.forms import SEPTEMBER, UNIT, set_up
from tests.documents.scheme.conftest import scored_ledger
from tests.documents.self_assessment.conftest import shelve
from warehouse import Warehouse, read_reference, store_edition

EARLIER = Path(__file__).parent / "earlier"
REFERENCE = Path(__file__).parents[2] / "data" / "reference"


def content(name: str) -> bytes:
    return (EARLIER / name).read_bytes()


def test_an_earlier_report_form_says_what_it_said(warehouse: Warehouse):
    form = read_form(content("report_form.xlsx"), "厅法规处.xlsx")
    stamp = form.stamp
    assert stamp is not None
    assert (stamp.month, stamp.is_demonstration) == (SEPTEMBER, False)
    assert form.unit == UNIT
    filled = {row.number: row for row in form.rows if not row.is_blank}
    assert filled.keys() == {1, 3}
    first, third = filled[1], filled[3]
    assert (first.number, first.state, first.percent) == (1, "in_progress", 60)
    assert first.effective_on == date(2020, 9, 28)
    assert first.proofs == (
        Proof("关于征求意见的函", "宁交函〔2020〕9号", "https://example.cn/9", date(2020, 9, 8)),
    )
    assert third.times == {date(2020, 9, 4): 1, date(2020, 9, 11): 1}
    assert form.notes == ()

    desk = set_up(warehouse)
    units = desk.rows()
    keys = dict(zip(units.number, units.task_id, strict=True))
    unit_id = month_form.read_form(desk.form, "厅法规处.xlsx").stamp.unit_id
    today = replace(
        form,
        stamp=replace(stamp, ledger_id=desk.scope.ledger_id, unit_id=unit_id),
        rows=tuple(replace(row, key=keys[row.number]) for row in form.rows),
    )
    compared = compare(warehouse, desk.scope, today)
    assert compared.problems == ()
    assert [line.number for line in compared.lines if line.kind == "new"] == [3, 1]


def test_an_earlier_scheme_says_what_it_said(warehouse: Warehouse):
    template = scheme.read_template(content("scheme.xlsx"), "方案.xlsx")
    stamp = template.stamp
    assert stamp is not None
    assert (stamp.version, stamp.is_demonstration) == (0, False)
    assert template.settings["assessed_on"] == "2020-12-15"

    ledger_id = store_edition(
        warehouse, scored_ledger(), read_reference(REFERENCE), recorded_by="测试"
    ).ledger_id
    outline = scheme.outline_of(warehouse, ledger_id)
    keys = {task.number: task.task_id for task in outline.tasks}
    today = replace(
        template,
        stamp=replace(stamp, ledger_id=ledger_id, edition_id=outline.edition.edition_id),
        rows=tuple(replace(row, key=keys[row.number]) for row in template.rows),
    )
    draft = scheme.check_template(outline, today, is_demonstration=False)
    assert draft.problems == ()
    assert draft.scheme.bonus_cap == 3
    points = {item.task_id: item.points for item in draft.scheme.items}
    expected: dict[int, Decimal | None] = {
        1: Decimal(4),
        2: Decimal(6),
        3: Decimal(5),
        9: Decimal(3),
        10: None,
    }
    assert points == {keys[number]: value for number, value in expected.items()}


def test_an_earlier_self_assessment_says_what_it_said(warehouse: Warehouse):
    book = load_workbook(BytesIO(content("self_assessment.xlsx")), read_only=True)
    rows = [
        row
        for row in book["自评表"].iter_rows(min_row=8, max_col=2, values_only=True)
        if isinstance(row[1], int)
    ]
    keys = {number: key for key, number in rows}
    assessed = shelve(warehouse, "ningxia-2020", demonstration=True).assessed()
    of_then = assessed.rows.assign(task_id=[keys[number] for number in assessed.rows.number])
    text = next(load_workbook(BytesIO(content("self_assessment.xlsx")))["自评表"].iter_rows())[0]
    stamp = Stamp.read(text.value)
    assert stamp is not None
    assert assessed.scheme is not None
    today = replace(
        assessed,
        ledger_id=stamp.ledger_id,
        scheme=replace(assessed.scheme, scheme_id=stamp.scheme_id),
        rows=of_then,
    )
    reviews = self_assessment.read_reviews(content("self_assessment.xlsx"), "自评表.xlsx", today)
    assert reviews.problems == ()
    assert reviews.marks == {
        keys[1]: (Decimal("0.5"), "佐证不足"),
        keys[2]: (Decimal("0.25"), ""),
    }
