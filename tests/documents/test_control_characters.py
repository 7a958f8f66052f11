"""Characters that no document can hold: they do not enter, and those that are in break no file."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from io import BytesIO
from uuid import uuid4

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from openpyxl import Workbook, load_workbook

from documents import Context, csv_table, json_table, long_workbook, table_workbook
from documents.official.page import BODY, SIZE_3, add_run
from documents.workbook.returned import open_returned
from loaders.controls import controls_in, printable
from tests.warehouse.world import World
from tests.warehouse.world import store as store_world
from warehouse import Warehouse
from warehouse.entries.records import add_report
from warehouse.store import removed_characters

EVERY = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0), 0xD800, 0xDFFF, 0xFFFE, 0xFFFF]))
ODD = f"甲{EVERY}乙"
CONTEXT = Context(f"台{ODD}", "第 1 版", date(2020, 9, 30), ODD, 1, False, datetime(2020, 9, 30))
# A frame holds no half of a surrogate pair in its column names.
NAME = "任\x0b\x1f\x85务"
ROWS = pd.DataFrame({NAME: [ODD, "丙"], "数": [1, 2]}, dtype=object)


@given(st.text(st.characters(exclude_categories=())))
def test_what_is_printable_goes_into_any_form(text: str):
    kept = printable(text)
    kept.encode()
    element = etree.Element("t")
    element.text = kept
    etree.tostring(element)
    assert not controls_in(kept)
    assert kept == "".join(each for each in kept if each in text or each == "\n")


@pytest.mark.parametrize("write", [table_workbook, long_workbook])
def test_a_workbook_opens_again(write):
    book = load_workbook(BytesIO(write(f"表{ODD}", ODD, ROWS, CONTEXT)))
    texts = [cell for sheet in book for row in sheet.values for cell in row if cell]
    assert printable(ODD) in texts
    assert not any(controls_in(text) for text in texts if isinstance(text, str))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_and_json_are_written(encoding: str):
    table = csv_table(f"表{ODD}", ODD, ROWS, CONTEXT, encoding).decode(encoding)
    assert list(csv.reader(io.StringIO(table, newline="")))[1] == [printable(ODD), "1"]
    told = json.loads(json_table(f"表{ODD}", ODD, ROWS, CONTEXT))
    assert told["数据"][0] == {"任务": printable(ODD), "数": 1}


def test_a_word_document_opens_again():
    import docx

    document = docx.Document()
    add_run(document.add_paragraph(), ODD, BODY, SIZE_3)
    stream = BytesIO()
    document.save(stream)
    assert "甲" in docx.Document(stream).paragraphs[0].text


def test_nothing_of_them_is_stored_and_it_is_told(warehouse: Warehouse):
    world = World()
    task = world.task(world.ledger())
    store_world(warehouse, world)
    add_report(
        warehouse,
        task.task_id,
        state="in_progress",
        effective_on=date(2020, 3, 1),
        recorded_by="张\x07三",
        narrative="已\x0b印发\x1f",
        problem="\ud800难",
    )
    assert removed_characters() >= 4
    with warehouse.cursor() as cursor:
        (row,) = cursor.execute("select narrative, problem, recorded_by from report").fetchall()
        (trail,) = cursor.execute(
            "select after from change where subject_kind = 'report' order by data_version desc limit 1"
        ).fetchall()
    assert row == ("已印发", "难", "张三")
    assert not controls_in(json.loads(trail[0])["narrative"])
    with warehouse.writing("李四") as writer:
        writer.record("测试", "ledger", uuid4())
    assert removed_characters() == 0


def test_a_returned_form_says_what_was_taken_out():
    book = Workbook()
    book.active.append(["目标任务", "本月进展"])
    # As Excel writes a vertical tab and a bell.
    book.active.append(["建立制度", "进_x000B_展_x0007_"])
    stream = BytesIO()
    book.save(stream)
    opened = open_returned(stream.getvalue(), "a.xlsx", "填报表")
    assert opened.grids[0].rows[1].cells[1].text == "进展"
    assert [issue.message for issue in opened.issues] == ["文字中有 2 个看不见的控制字符，已去掉"]
