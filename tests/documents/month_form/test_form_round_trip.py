"""Out, filled in, back, stored: the month then shows exactly what was typed, and nothing twice."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from documents.month_form import accept, read_form
from tests.documents.month_form.forms import TASKS, Desk, columns, fill, opened, row_of, saved
from tests.warehouse.test_store import counts
from warehouse import Warehouse

DAYS = st.integers(1, 30).map(lambda day: date(2020, 9, day))
WORDS = {
    "未开始": "not_started",
    "进行中": "in_progress",
    "已完成": "done",
    "不适用": "not_applicable",
}
# A person's text: no leading = (that is a formula), no blank ends, some awkward signs.
TEXTS = st.text("信用交通进展ab0123 ，。%+-@'\"<&＝√", min_size=1, max_size=30).map(
    lambda text: " ".join(text.split()).lstrip("-/—") or "已办"
)
PERCENTS = {
    "未开始": st.sampled_from([None, 0]),
    "进行中": st.none() | st.integers(2, 100) | st.sampled_from([62.5, "八成", "35%", 0.4]),
    "已完成": st.sampled_from([None, 100, "100%", "√"]),
    "不适用": st.none(),
}
SAID = {"八成": 80, "35%": 35, 0.4: 40, "100%": 100, "√": None}


@st.composite
def typed_rows(draw: st.DrawFn) -> dict[int, dict[str, Any]]:
    """What somebody types, by task and column."""
    rows = {}
    for number in draw(st.sets(st.sampled_from(sorted(TASKS)), max_size=5)):
        row: dict[str, Any] = {}
        if draw(st.booleans()) or number not in (2, 3):
            state = draw(st.sampled_from(sorted(WORDS)))
            row = {"状态": state, "进度%": draw(PERCENTS[state])}
            for column in ("本月进展", "存在问题", "下一步"):
                row[column] = draw(st.none() | TEXTS)
            row["情况属实之日"] = draw(st.none() | DAYS)
        if number in (2, 3):
            days = draw(st.lists(DAYS, min_size=0 if row else 1, max_size=3, unique=True))
            row["频次完成日期"] = "、".join(f"{day.month}.{day.day}" for day in sorted(days))
            row["频次完成次数"] = draw(st.none() | st.just(len(days))) if days else None
        if draw(st.booleans()):
            row |= {"佐证材料名称": draw(TEXTS), "文号": draw(st.none() | TEXTS)}
            row["佐证日期"] = draw(st.none() | DAYS)
        rows[number] = row
    return rows


@pytest.fixture(scope="module")
def shared(prepared: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One database for every example."""
    path = tmp_path_factory.mktemp("shared") / "ledger.duckdb"
    path.write_bytes(prepared.warehouse.path.read_bytes())
    opened_file = Warehouse(path)
    yield replace(prepared, warehouse=opened_file)
    opened_file.close()


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
@given(rows=typed_rows())
def test_the_month_shows_what_was_typed(shared: Desk, rows: dict[int, dict[str, Any]]):
    forget(shared.warehouse)
    content = fill(shared.form, rows)
    comparison = shared.compared(content)
    assert not comparison.problems
    assert accept(shared.warehouse, comparison, recorded_by="王五") == len(rows)
    shown = shared.rows()
    assert {row.number: as_shown(row) for row in shown.itertuples()} == {
        number: as_typed(rows.get(number, {})) for number in TASKS
    }
    stored = counts(shared.warehouse)
    assert stored["evidence"] == sum("佐证材料名称" in row for row in rows.values())
    assert done_on(shared.warehouse) == sorted(
        date(2020, 9, int(day.partition(".")[2]))
        for row in rows.values()
        for day in (row.get("频次完成日期") or "").split("、")
        if day
    )
    assert accept(shared.warehouse, shared.compared(content), recorded_by="王五") == 0
    assert counts(shared.warehouse) == stored


def forget(warehouse: Warehouse) -> None:
    """Let nothing have been reported."""
    with warehouse.writing("测试") as writer:
        for table in ("report", "occurrence", "evidence", "submission", "withdrawal"):
            writer.cursor.execute(f"delete from {table}")
        writer.record("测试", "world", None)


def as_shown(row: Any) -> tuple:
    if pd.isna(row.now_state):
        return (None,)
    percent = None if pd.isna(row.now_percent) else row.now_percent
    texts = (row.now_narrative, row.now_problem, row.now_next_step)
    return (row.now_state, percent, *texts, row.now_effective_on.date())


def as_typed(typed: dict[str, Any]) -> tuple:
    if not typed.get("状态"):
        return (None,)
    percent = typed["进度%"]
    texts = (typed[name] or "" for name in ("本月进展", "存在问题", "下一步"))
    return (
        WORDS[typed["状态"]],
        SAID.get(percent, percent),
        *texts,
        typed["情况属实之日"] or date(2020, 9, 30),
    )


def done_on(warehouse: Warehouse) -> list[date]:
    with warehouse.cursor() as cursor:
        rows = cursor.execute("select occurred_on, times from occurrence").fetchall()
    return sorted(day for day, times in rows for _ in range(times))


SOFFICE = next(filter(None, map(shutil.which, ("soffice", "libreoffice"))), None)


@pytest.mark.parametrize("extension", ["xlsx", "xls", "ods"])
def test_through_libreoffice_and_back(desk: Desk, tmp_path: Path, extension: str):
    typed = {
        1: {
            "状态": "进行中",
            "进度%": 62.5,
            "本月进展": "一\n二",
            "情况属实之日": datetime(2020, 9, 28),
        },
        3: {"频次完成次数": 2, "频次完成日期": "9.4、9.30"},
        5: {
            "状态": "已完成",
            "佐证材料名称": "名册",
            "文号": "007",
            "佐证日期": datetime(2020, 9, 1),
        },
    }
    book = opened(fill(desk.form, typed))
    book["填报表"]["F4"] = "张三"
    filled = saved(book)
    (tmp_path / "form.xlsx").write_bytes(filled)
    subprocess.run(
        [
            *(SOFFICE, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"),
            *("--convert-to", extension, "--outdir", str(tmp_path / "out")),
            str(tmp_path / "form.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    content = (tmp_path / "out" / f"form.{extension}").read_bytes()
    found, before = read_form(content, f"厅法规处.{extension}"), read_form(filled, "厅法规处.xlsx")
    plain = [[replace(row, cell=str) for row in form.rows] for form in (found, before)]
    assert plain[0] == plain[1]
    assert (found.stamp, found.filled_by) == (before.stamp, "张三")
    assert (
        accept(desk.warehouse, desk.compared(content, f"厅法规处.{extension}"), recorded_by="王五")
        == 3
    )
    if extension == "xlsx":
        sheet = opened(content)["填报表"]
        row, at = row_of(sheet, 1), columns(sheet)
        assert sheet.protection.sheet
        assert sheet.cell(row, at["目标任务"]).protection.locked
        assert not sheet.cell(row, at["本月进展"]).protection.locked
        assert sheet.column_dimensions["A"].hidden
        assert len(sheet.data_validations.dataValidation) == 5
