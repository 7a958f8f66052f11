"""The demonstration's story: repeatable, marked as such, and showing everything a page can show."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pandas as pd
import pytest

from loaders import read_ledger
from warehouse import Warehouse, WarehouseError, load_ledger, open_warehouse, read_reference
from warehouse.demonstration.demo import AUTHOR, demonstration_exists, fill_demonstration

DATA = Path(__file__).parents[2] / "data"
AUTUMN = date(2020, 9, 30)
YEAR_END = date(2020, 12, 31)


def load(warehouse: Warehouse, name: str = "ningxia-2020") -> UUID:
    ledger = read_ledger(DATA / "ledgers" / f"{name}.txt")
    reference = read_reference(DATA / "reference")
    return load_ledger(warehouse, ledger, reference, recorded_by="测试").ledger_id


@pytest.fixture
def filled(warehouse: Warehouse) -> Warehouse:
    fill_demonstration(warehouse, load(warehouse))
    return warehouse


def judged(warehouse: Warehouse, day: date) -> pd.DataFrame:
    with warehouse.cursor() as cursor:
        return cursor.execute(
            "from task_state($day, timestamp 'infinity', false) order by number", {"day": day}
        ).df()


def base(warehouse: Warehouse, day: date) -> pd.DataFrame:
    return judged(warehouse, day).query("kind == 'base'")


def rows(warehouse: Warehouse, sql: str) -> list[tuple]:
    with warehouse.cursor() as cursor:
        return cursor.execute(sql).fetchall()


def test_same_seed_same_rows_and_figures_in_another_database(
    filled: Warehouse, tmp_path: Path
) -> None:
    twin = open_warehouse(tmp_path / "twin.duckdb")
    fill_demonstration(twin, load(twin))
    for table, own_id in (
        ("report", "report_id"),
        ("evidence", "evidence_id"),
        ("occurrence", "occurrence_id"),
        ("verification", "verification_id"),
        ("extension_decision", "decision_id"),
    ):
        sql = f"select * exclude ({own_id}) from {table} order by all"
        assert rows(filled, sql) == rows(twin, sql), table
    # In the order in which a page lists them, which no identifier decides.
    listed = "select text, recorded_at from decision order by recorded_at, decision_id"
    assert rows(filled, listed) == rows(twin, listed)
    times = rows(filled, "select count(distinct recorded_at) - count(*) from decision")
    assert times == [(0,)]
    for day in (date(2020, 3, 31), date(2020, 6, 30), AUTUMN, YEAR_END):
        pd.testing.assert_frame_equal(judged(filled, day), judged(twin, day))


def test_another_seed_tells_the_same_story_in_other_figures(
    filled: Warehouse, tmp_path: Path
) -> None:
    other = open_warehouse(tmp_path / "other.duckdb")
    fill_demonstration(other, load(other), seed=7)
    summer = date(2020, 8, 31)
    assert base(filled, summer).is_done.equals(base(other, summer).is_done)
    assert not base(filled, summer).percent.equals(base(other, summer).percent)


def test_autumn_shows_every_state_lamp_and_signal(filled: Warehouse) -> None:
    tasks = base(filled, AUTUMN)
    assert set(tasks.state) == {
        "not_applicable",
        "done",
        "verified",
        "returned",
        "overdue",
        "in_progress",
        "not_started",
    }
    assert set(tasks.lamp) == {"red", "yellow", "green", "blue", "grey"}
    for signal in ("overdue", "behind", "not_reported"):
        assert tasks[signal].any(), signal
    assert tasks.extended_to.notna().any()
    assert (tasks.points_behind > 30).any()
    assert tasks.points_behind.between(10, 30).any()
    assert (tasks.windows_missed > 0).any()
    assert tasks[tasks.not_reported].reported_on.isna().any()
    assert tasks[tasks.not_reported].reported_on.notna().any()
    assert 0.40 <= tasks.is_done.sum() / tasks.is_applicable.sum() <= 0.55


def test_year_ends_with_most_done_and_reasons_for_the_rest(filled: Warehouse) -> None:
    tasks = base(filled, YEAR_END)
    assert 0.85 <= tasks.is_done.sum() / tasks.is_applicable.sum() <= 0.92
    assert tasks[tasks.late].number.tolist() == [4]
    assert tasks[tasks.overdue].number.tolist() == [54]
    open_tasks = tasks[tasks.is_applicable & ~tasks.is_done]
    assert not open_tasks.reason.str.startswith("进展符合序时").any()


def test_windows_missed_by_the_end_of_the_year(filled: Warehouse) -> None:
    tasks = base(filled, YEAR_END)
    missed = tasks[tasks.windows > 0].set_index("number").windows_missed.to_dict()
    assert missed == {1: 0, 2: 1, 5: 1, 26: 2, 28: 4, 44: 2, 50: 1}


def test_bonus_and_penalty_without_points(filled: Warehouse) -> None:
    assert rows(
        filled, "select number, state from claim join task using (task_id) order by effective_on"
    ) == [(62, "claimed"), (62, "recognised"), (63, "claimed")]
    assert rows(filled, "select number from incident join task using (task_id)") == [(68,)]
    for table in ("claim", "incident", "task"):
        assert rows(filled, f"select count(points) from {table}") == [(0,)], table


def test_every_text_and_author_says_it_is_a_demonstration(filled: Warehouse) -> None:
    for table, text in (
        ("report", "narrative"),
        ("occurrence", "narrative"),
        ("evidence", "title"),
        ("evidence", "document_number"),
        ("verification", "reason"),
        ("extension", "reason"),
        ("extension_decision", "reason"),
        ("claim", "narrative"),
        ("incident", "narrative"),
    ):
        marks = (
            f"select count(*) > 0, bool_and(starts_with({text}, '演示')), "
            f"bool_and(recorded_by = '{AUTHOR}') from {table}"
        )
        assert rows(filled, marks) == [(True, True, True)], (table, text)


def test_four_actions_in_the_audit_trail_and_none_the_second_time(warehouse: Warehouse) -> None:
    ledger_id = load(warehouse)
    version = warehouse.data_version
    assert not demonstration_exists(warehouse, ledger_id)
    fill_demonstration(warehouse, ledger_id)
    fill_demonstration(warehouse, ledger_id)
    assert demonstration_exists(warehouse, ledger_id)
    assert warehouse.data_version == version + 4
    actions = "select action from change where recorded_by = '演示数据' order by data_version"
    assert rows(warehouse, actions) == [
        ("存入评分方案",), ("生成演示评分",), ("生成演示进展",), ("生成演示例会",),
    ]  # fmt: skip


def test_a_demonstration_of_an_earlier_version_gets_its_scheme(warehouse: Warehouse) -> None:
    ledger_id = load(warehouse)
    fill_demonstration(warehouse, ledger_id)
    with warehouse.writing("测试") as writer:
        for table in ("scheme", "scheme_item", "scheme_tier", "mark", "effort"):
            writer.cursor.execute(f"delete from {table}")
        writer.record("清空", "batch", None)
    assert not demonstration_exists(warehouse, ledger_id)
    reports = rows(warehouse, "select count(*) from report")
    fill_demonstration(warehouse, ledger_id)
    assert demonstration_exists(warehouse, ledger_id)
    assert rows(warehouse, "select count(*) from scheme") == [(1,)]
    assert rows(warehouse, "select count(*) from report") == reports


def test_the_points_of_the_demonstration_add_up_to_100(filled: Warehouse) -> None:
    base = "select sum(scheme_item.points) from scheme_item join task using (task_id) where kind = 'base'"
    assert rows(filled, base) == [(100,)]
    assert {rule for (rule,) in rows(filled, "select distinct rule from scheme_item")} == {
        *("proportional", "all-or-nothing", "tiers", "per-occurrence", "deduct", "rank", "manual")
    }


def test_nothing_is_entered_before_it_was_true(filled: Warehouse) -> None:
    assert rows(filled, "select count(*) from report where recorded_at::date <= effective_on") == [
        (0,)
    ]


def test_another_ledger_is_refused_and_left_alone(warehouse: Warehouse) -> None:
    ledger_id = load(warehouse, "hunan-2019")
    version = warehouse.data_version
    with pytest.raises(WarehouseError, match="宁夏 2020 年台账"):
        fill_demonstration(warehouse, ledger_id)
    assert warehouse.data_version == version
