"""What the audit trail says in Chinese: a word for everything that is stored, and no code or id."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from findings import trail
from tests.warehouse.world import World, store
from warehouse import Warehouse
from warehouse.entries.marks import CLAIM_STATES
from warehouse.entries.records import REPORT_STATES
from warehouse.ledger.reference import NUMERIC_SETTINGS
from warehouse.ledger.schemes import ABSENT_RULES
from words import ENTRIES

UNTOLD = {"recorded_at", "recorded_by", "file_sha256", "sha256", "entry_number", "is_late"}
"""Columns of an entry that say nothing a reader of the trail does not see elsewhere: a late extension
is an action of its own name."""
OF_AN_IMPORT = {"source", "day_known"}
"""Columns of a report that only the import of a ledger sets; the trail has one line for all of it."""
OFFICE, ROADS = "11111111-2222-5333-8444-555555555555", "66666666-7777-5888-9999-000000000000"


def change(before: dict[str, Any] | None, after: dict[str, Any] | None, **values: Any) -> pd.Series:
    """A row of `changes` as it comes out of the question."""
    given = {
        "subject_kind": "report",
        **dict.fromkeys(["number", "task", "unit", "ledger", "extended_to", "taken_back_reason"]),
        "before": before and json.dumps(before),
        "after": after and json.dumps(after),
        "names": {OFFICE: "厅法规处", ROADS: "厅建管处"},
        "after_closing": False,
    }
    return pd.Series(given | values)


@pytest.mark.parametrize(
    "table", [*ENTRIES, "month_lock", "excused_window", "submission", "scheme"]
)
def test_every_stored_value_has_a_word(warehouse: Warehouse, table: str):
    store(warehouse, World())
    with warehouse.cursor() as cursor:
        columns = [row[0] for row in cursor.execute(f"describe {table}").fetchall()]
    stored = {name for name in columns if not name.endswith("_id") or name == "unit_id"}
    assert stored - UNTOLD - OF_AN_IMPORT - {"unit_id"} <= trail.FIELDS.keys()
    assert set(NUMERIC_SETTINGS) <= trail.FIELDS.keys()


def test_every_code_has_a_word():
    assert {*REPORT_STATES, *CLAIM_STATES, *ABSENT_RULES} <= trail.CODES.keys()
    assert {"manual", "review", "rank"} <= trail.CODES.keys()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, {"state": "done", "percent": None, "narrative": "完成。"}, "状态 已完成；说明 完成"),
        (None, {"report_id": OFFICE, "supersedes_id": None}, "没有附带内容"),
        (
            {"state": "done", "percent": None, "unit_id": None, "times": 1},
            {"state": "done", "percent": 62.5, "unit_id": OFFICE, "times": 1},
            "进度：无 → 62.5%；单位：整项任务 → 厅法规处",
        ),
        ({"state": "done"}, {"state": "done"}, "内容未变"),
        ({"outcome": "accepted", "points": 2}, {"reason": "错"}, "不再算数：结论 销号；分值 2 分"),
        (None, {"month": "2020-09-01", "outcome": "reopened"}, "报送月 2020 年 9 月；结论 解锁"),
        (None, {"report": 12, "evidence": 3}, "进展填报 12 条；佐证材料 3 条"),
        (None, {"文件": "台账.docx", "版次": 2}, "文件 台账.docx；版次 2"),
        ({"厅法规处": "未归类"}, {"厅法规处": "厅机关处室"}, "厅法规处：未归类 → 厅机关处室"),
        (
            {"members": [[OFFICE, ROADS, "口径文件"]], "aliases": []},
            {"members": [], "aliases": [[OFFICE, "政策法规处", "口径文件"]]},
            "集体成员：厅法规处—厅建管处 → 无；其他写法：无 → 厅法规处—政策法规处",
        ),
        (
            {"short_names": []},
            {"short_names": [[f"指标{n}", f"简称{n}"] for n in range(7)]},
            "指标简称：无 → " + "、".join(f"指标{n}—简称{n}" for n in range(5)) + " 等 7 条",
        ),
        ({"members": [["99999999-7777-5888-9999-000000000000", "x"]]}, {"members": []}, None),
    ],
)
def test_a_difference_is_told_in_words(before, after, said):
    told = trail.sentence(change(before, after))
    assert "-7777-" not in told
    assert said is None or told == said


def test_a_correction_tells_the_old_and_the_new_reason_apart_from_its_own():
    told = change(
        {"outcome": "returned", "reason": "缺附件"},
        {"outcome": "returned", "reason": "缺公章", "reason_for_correction": "写错"},
    )
    assert trail.sentence(told) == "理由：缺附件 → 缺公章"


def test_subjects_are_named():
    assert trail.subject(change(None, None, number=12, task="印发要点。")) == "第 12 项　印发要点。"
    of_ledger = change(None, None, subject_kind="ledger", ledger="某某台账")
    assert trail.subject(of_ledger) == "台账《某某台账》"
    assert trail.subject(change(None, None, subject_kind="reference")) == "口径文件"
    assert trail.subject(change(None, None, subject_kind="world")) == "其他"


def test_marks_say_late_and_taken_back():
    assert trail.marks(change(None, None)) == ""
    told = change(None, None, after_closing=True, taken_back_reason="填错")
    assert trail.marks(told) == "锁定后补记；后已撤销或更正：填错"
    # Corrections from before reasons were asked for have none.
    assert trail.marks(change(None, None, taken_back_reason="")) == "后已撤销或更正：未写理由"
