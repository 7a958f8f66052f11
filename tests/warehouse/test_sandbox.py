"""Queries typed by anybody: what they find is what the pages show, and what they try is all they get.

Every attack here runs against the real process, with both shipped ledgers in one database.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pandas as pd
import pytest

import metrics
import words
from loaders import read_ledger
from metrics import Scope
from warehouse import Warehouse, WarehouseError, load_ledger, read_reference, sync_reference
from warehouse.demonstration.demo import fill_demonstration
from warehouse.entries.records import add_report
from warehouse.ledger.schemes import RULES
from warehouse.sandbox import sandbox as sandbox_module
from warehouse.sandbox.sandbox import (
    AT_ONCE,
    AT_ONCE_OF_ONE,
    LONGEST,
    MEMORY,
    Answer,
    Copy,
    Extent,
    Query,
    QueryRefused,
    copy_of,
    examples,
)

DATA = Path(__file__).parents[2] / "data"
AUTUMN = date(2020, 9, 30)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Both shipped ledgers, the first with a year of progress."""
    opened = Warehouse(tmp_path_factory.mktemp("sandbox") / "credit.duckdb")
    reference = read_reference(DATA / "reference")
    for name in ("ningxia-2020", "hunan-2019"):
        ledger = read_ledger(DATA / "ledgers" / f"{name}.txt")
        load_ledger(opened, ledger, reference, recorded_by="测试")
    sync_reference(opened, reference, recorded_by="测试")
    fill_demonstration(opened, ledgers(opened)["宁夏"])
    yield opened
    opened.close()


def ledgers(warehouse: Warehouse) -> dict[str, UUID]:
    return {
        row.region: UUID(str(row.ledger_id))
        for row in metrics.ask(warehouse, "ledgers").itertuples()
    }


@pytest.fixture(scope="module")
def copy(office: Warehouse) -> Copy:
    return copy_of(office, Extent(ledgers(office)["宁夏"], AUTUMN))


@pytest.fixture(scope="module")
def scope(office: Warehouse) -> Scope:
    return Scope(ledgers(office)["宁夏"], AUTUMN)


def run(copy: Copy, sql: str, *, row_limit: int = 1000, seconds: int = 30) -> Answer:
    return Query(copy, sql, row_limit=row_limit, seconds=seconds).result()


def refused(copy: Copy, sql: str, *, seconds: int = 30):
    with pytest.raises(QueryRefused) as caught:
        run(copy, sql, seconds=seconds)
    return caught.value.refusal


# What is found


def test_figures_are_those_of_the_pages(office: Warehouse, copy: Copy, scope: Scope):
    found = run(
        copy,
        "select 一级指标, count(*) filter (适用) as applicable, count(*) filter (适用 and 完成) as done,"
        " count(*) filter (适用 and 到期) as due, count(*) filter (逾期) as overdue,"
        " count(*) filter (滞后) as behind, count(*) filter (未报送) as not_reported,"
        " count(*) filter (预警灯 = '红灯') as red, avg(进度) as p"
        " from 任务 where 类别 = '基本任务' group by 一级指标 order by min(编号)",
    ).rows
    page = metrics.ask(office, "completion", scope, by="level1")
    assert list(found["一级指标"]) == list(page.level1)
    for name in ("applicable", "done", "due", "overdue", "behind", "not_reported", "red"):
        assert list(found[name]) == list(page[name]), name
    assert found.overdue.sum() > 0


@pytest.mark.parametrize(("table", "expanded"), [("职责", False), ("成员职责", True)])
def test_units_carry_what_the_page_of_units_says(
    office: Warehouse, copy: Copy, scope: Scope, table: str, expanded: bool
):
    found = run(
        copy,
        f"select 单位, count(*) as tasks, round(sum(折算), 6) as load,"
        f" count(*) filter (本单位逾期) as overdue from {table} group by 单位",
    ).rows.set_index("单位")
    page = metrics.ask(office, "unit_workload", Scope(scope.ledger_id, AUTUMN, expanded=expanded))
    page = page.set_index("unit")
    assert set(found.index) == set(page.index)
    assert found.tasks.to_dict() == page.tasks.to_dict()
    assert found.load.to_dict() == page.shared_load.round(6).to_dict()
    assert found.overdue.to_dict() == page.overdue.to_dict()


def test_words_are_those_of_the_pages(office: Warehouse, copy: Copy, scope: Scope):
    tasks = metrics.ask(
        office, "task_list", scope, signal="all", row_limit=metrics.NO_LIMIT
    ).sort_values("number")
    found = run(copy, "select * from 任务 order by 编号").rows
    assert list(found["编号"]) == list(tasks.number)
    for column, codes, source in (
        ("类别", words.KINDS, tasks.kind),
        ("状态", words.STATES, tasks.state),
        ("期限类别", words.DEADLINE_KINDS, tasks.deadline_kind),
        ("预警灯", {code: lamp.word for code, lamp in words.LAMPS.items()}, tasks.lamp),
    ):
        expected = [codes.get(code) for code in source]
        assert [None if words.is_missing(v) else v for v in found[column]] == expected
    assert list(found["责任单位"]) == list(tasks.units)


def test_windows_and_evidence_are_those_of_the_pages(office: Warehouse, copy: Copy, scope: Scope):
    missed = metrics.ask(office, "missed_windows", scope)
    found = run(copy, "select count(*) as n from 频次窗口 where 结果 = '缺'").rows
    assert found.n[0] == missed.missed.sum()
    claims = metrics.ask(office, "bonus_penalty", scope)
    proven = run(copy, "select 编号, 佐证件数 from 任务 where 类别 <> '基本任务'").rows
    assert dict(zip(proven["编号"], proven["佐证件数"], strict=True)) == dict(
        zip(claims.number, claims.evidence, strict=True)
    )
    whole = run(
        copy, "select (select sum(佐证件数) from 任务) as a, (select count(*) from 佐证) as b"
    )
    assert whole.rows.a[0] == whole.rows.b[0] > 0


def test_bonus_items_and_incidents_are_those_of_the_pages(
    office: Warehouse, copy: Copy, scope: Scope
):
    page = metrics.ask(office, "bonus_penalty", scope)
    times = page.set_index("number").times
    found = run(
        copy,
        "select 编号, count(*) as n from 加分申报 where not 已有认定 group by 编号"
        " union all select 编号, count(*) from 扣分事件 group by 编号",
    ).rows
    assert found.set_index("编号").n.to_dict() == times[times > 0].to_dict()
    assert {"bonus", "penalty"} == set(page.kind[page.times > 0])


def test_scores_are_those_of_the_newest_scheme(office: Warehouse, copy: Copy, scope: Scope):
    found = run(copy, "select * from 评分 order by 编号").rows
    newest = metrics.ask(office, "schemes", scope).iloc[0]
    scored = Scope(scope.ledger_id, AUTUMN, scheme_id=UUID(str(newest.scheme_id)))
    page = metrics.ask(office, "scores", scored)
    assert set(found["方案"]) == {f"第 {newest.version} 版"}
    for name, cents in (
        ("满分", page.full_cents),
        ("自评", page.self_cents),
        ("已锁定", page.secured_cents),
        ("可达上限", page.reachable_cents),
    ):
        assert list(found[name].fillna(-1)) == list((cents / 100).fillna(-1).astype(float)), name
    assert {None if words.is_missing(rule) else rule for rule in found["规则"]} == {
        RULES.get(rule) for rule in page.rule
    }


def test_a_ledger_without_a_scheme_is_scored_on_trial(office: Warehouse):
    held = copy_of(office, Extent(ledgers(office)["湖南"], date(2019, 9, 30)))
    assert list(run(held, "select distinct 方案 from 评分").rows["方案"]) == ["等权试算"]


def test_a_unit_s_own_part_is_that_of_the_page_of_the_unit(
    office: Warehouse, copy: Copy, scope: Scope
):
    page = metrics.ask(office, "explored_duties", Scope(scope.ledger_id, AUTUMN, expanded=False))
    done = run(
        copy,
        "select 职责.编号, 职责.单位, coalesce(单位进展.完成, false) or 任务.完成 as done"
        " from 职责 join 任务 using (编号) left join 单位进展 using (编号, 单位) where 任务.适用",
    ).rows
    of_page = page[page.is_applicable].set_index(["number", "unit"]).done
    assert done.set_index(["编号", "单位"]).done.to_dict() == of_page.to_dict()
    early = "select count(*) as n from 单位进展 join 任务 using (编号) where 单位进展.完成 and not 任务.完成"
    assert run(copy, early).rows.n[0] > 0


def test_the_sidebar_limits_what_there_is(office: Warehouse, scope: Scope):
    narrow = Scope(scope.ledger_id, AUTUMN, units=("厅法规处",), kinds=("base",))
    held = copy_of(office, Extent(narrow.ledger_id, AUTUMN, narrow.units, (), narrow.kinds))
    listed = metrics.ask(office, "task_list", narrow, signal="all", row_limit=metrics.NO_LIMIT)
    for table in held.tables:
        numbers = set(run(held, f"select distinct 编号 from {table}").rows["编号"])
        assert numbers <= set(listed.number), table
    assert held.tables["任务"][0].rows == len(listed)


def test_every_table_and_column_says_what_it_is(copy: Copy):
    assert len(copy.tables) == 12
    for column in copy.columns:
        assert column.meaning, (column.table, column.name)
        assert column.table_meaning


@pytest.mark.parametrize("title", examples())
def test_examples_run(copy: Copy, title: str):
    assert len(run(copy, examples()[title]).rows.columns) > 1


def test_types_survive_the_way(copy: Copy):
    rows = run(
        copy,
        "select '007' as a, 12345678901234567890::hugeint as b, date '2020-09-30' as c,"
        " 1.5::decimal(5,2) as d, true as e, null::integer as f, [1, 2] as g, 3::bigint as h,"
        " timestamp '2020-09-30 08:30:00' as i, 1 as h",
    ).rows
    assert list(rows.columns) == ["a", "b", "c", "d", "e", "f", "g", "h", "i", "h_2"]
    first = rows.iloc[0]
    assert (first.a, first.b) == ("007", "12345678901234567890")
    assert (first.c, first.i) == (pd.Timestamp(2020, 9, 30), pd.Timestamp(2020, 9, 30, 8, 30))
    assert (first.d, bool(first.e), first.g, first.h) == (1.5, True, "1、2", 3)
    assert pd.isna(first.f)


def test_rows_beyond_the_limit_are_not_fetched(copy: Copy):
    answer = run(copy, "select * from range(10000000000)", row_limit=1000)
    assert (len(answer.rows), answer.has_more) == (1000, True)
    answer = run(copy, "select * from range(1000)", row_limit=1000)
    assert (len(answer.rows), answer.has_more) == (1000, False)


def test_new_data_makes_a_new_copy_and_the_old_answer_stays_its_own(tmp_path: Path):
    warehouse = Warehouse(tmp_path / "own.duckdb")
    ledger = read_ledger(DATA / "ledgers" / "hunan-2019.txt")
    load_ledger(warehouse, ledger, read_reference(DATA / "reference"), recorded_by="测试")
    extent = Extent(ledgers(warehouse)["湖南"], date(2019, 6, 30))
    before = copy_of(warehouse, extent)
    assert copy_of(warehouse, extent) is before
    scope = Scope(extent.ledger_id, extent.as_of)
    task = metrics.ask(warehouse, "task_list", scope, signal="all", row_limit=1).iloc[0]
    add_report(
        warehouse, UUID(str(task.task_id)), state="done", effective_on=extent.as_of,
        recorded_by="测试",
    )  # fmt: skip
    after = copy_of(warehouse, extent)
    counted = "select count(*) as n from 任务 where 完成"
    assert (run(before, counted).rows.n[0], run(after, counted).rows.n[0]) == (0, 1)
    warehouse.close()


# What is refused, and how it is said


@pytest.mark.parametrize(
    ("sql", "said", "place"),
    [
        ("", "没有查询语句", ""),
        ("-- 只有注释", "没有查询语句", ""),
        ("selct 1", "“selct”处语法有误", "第 1 行第 1 个字"),
        ("select 编号\nfrom 任务\nwhere 编好 = 1", "没有“编好”这一列。是不是“编号”", "第 3 行第 7 个字"),
        ("select '中文字', 编 from 任务", "没有“编”这一列", "第 1 行第 15 个字"),
        ("select * from 任 ", "没有名为“任”的表。是不是“任务”", "第 1 行第 15 个字"),
        ("select 编号", "缺少 FROM", "第 1 行第 8 个字"),
        ("select foo(1)", "没有名为“foo”的函数", "第 1 行第 8 个字"),
        ("select substr(1)", "函数“substr”的参数个数或类型不对", "第 1 行第 8 个字"),
        ("select 1 // 0", "除以零", ""),
        ("select cast(目标任务 as integer) from 任务", "转换不成类型", ""),
        ("select * from 任务 where 期限 > '九月'", "“九月”不是日期", "第 1 行第 29 个字"),
        ("select * from 任务 where 目标任务 > 1", "不能比较", "第 1 行第 24 个字"),
        ("select 状态, count(*) from 任务", "GROUP BY", "第 1 行第 8 个字"),
        ("select * from 任务 where count(*) > 1", "HAVING", "第 1 行第 24 个字"),
        ("select 编号 from 任务 a join 职责 b on a.编号 = b.编号", "几张表里都有", "第 1 行第 8 个字"),
        ("select 'abc", "引号没有成对", "第 1 行第 8 个字"),
        ("select 'a' + 1", "两边的类型不合", "第 1 行第 12 个字"),
        ("select $1", "请直接写出值", ""),
        ("select 编号，目标任务 from 任务", "“，”是全角逗号，请改成半角的 , 。", "第 1 行第 10 个字"),
        ("select 编号、状态 from 任务", "“、”是顿号", "第 1 行第 10 个字"),
        ("select 编号 from 任务，职责", "“，”是全角逗号", "第 1 行第 18 个字"),
        ("select count（*） from 任务", "“（”是全角括号", "第 1 行第 13 个字"),
        ("select 编号\nfrom 任务\nwhere 状态 = ‘已完成’", "“‘”是全角引号", "第 3 行第 12 个字"),
        ("select 编号 from 任务 where 状态 = '已完成’", "“’”是全角引号", "第 1 行第 34 个字"),
        ("select '，' from 任务 where 编好 = 1", "没有“编好”这一列", "第 1 行第 26 个字"),
        ("select 编号 from 任务 where 状态 = 已完成", "“已完成”是文字，没有加引号，请写成 '已完成'。", "第 1 行第 30 个字"),
        ("select 编号 from 任务 where 状态 in (已销号, '已完成')", "“已销号”是文字", "第 1 行第 32 个字"),
        ("select 编号 from 职责 where 单位 = 厅法规处", "“厅法规处”是文字", "第 1 行第 30 个字"),
        ("select 编号 from 任务 where 一级指标 = 没有这种指标", "如果它是文字，要加引号，写成 '没有这种指标'", "第 1 行第 32 个字"),
    ],
)  # fmt: skip
def test_errors_are_said_in_chinese_with_their_place(copy: Copy, sql: str, said: str, place: str):
    refusal = refused(copy, sql)
    assert said in refusal.sentence
    assert refusal.sentence.endswith(("。", "？"))
    if place:
        assert refusal.place == place
        assert refusal.text == sql.split("\n")[refusal.line - 1]


# Attacks: files, other databases, extensions, settings, several statements, writing


@pytest.fixture
def treasure(tmp_path: Path) -> Path:
    """A file next to which a query has no business."""
    path = tmp_path / "treasure.csv"
    path.write_text("a\n藏起来的\n", encoding="utf-8")
    return path


FILES: dict[str, str] = {
    "read_text": "select * from read_text('{file}')",
    "read_csv": "select * from read_csv('{file}')",
    "read_blob": "select * from read_blob('{file}')",
    "by name": "select * from '{file}'",
    "glob": "select * from glob('{folder}/*')",
    "sniff": "select * from sniff_csv('{file}')",
    "parquet": "select * from parquet_metadata('{file}')",
    "json": "select * from read_json('{file}')",
    "duckdb": "select * from read_duckdb('{database}')",
    "environment": "select * from read_text('/proc/self/environ')",
    "query()": "select * from query('select * from read_text(''{file}'')')",
    "web": "select * from read_csv('https://example.com/a.csv')",
    "s3": "select * from read_parquet('s3://bucket/a.parquet')",
    "lateral": "select * from 任务, lateral (select * from read_text('{file}'))",
}
STATEMENTS: dict[str, str] = {
    "attach": "attach '{database}' as other",
    "attach in query()": "select * from query('attach ''{database}''')",
    "detach": "detach snapshot",
    "install": "install httpfs",
    "load": "load json",
    "copy out": "copy 任务 to '{folder}/out.csv'",
    "copy in": "copy 任务 from '{file}'",
    "export": "export database '{folder}/out'",
    "set": "set memory_limit = '100GB'",
    "reset": "reset lock_configuration",
    "set variable": "set variable a = 1",
    "pragma": "pragma enable_profiling",
    "call": "call pragma_version()",
    "create": "create table t as select 1",
    "temporary": "create temp table t as select 1",
    "macro": "create macro f() as 1",
    "insert": "insert into 任务 (编号) values (1)",
    "update": "update 任务 set 编号 = 1",
    "delete": "delete from 任务",
    "drop": "drop table 任务",
    "delete in with": "with a as (delete from 任务 returning *) select * from a",
    "insert in with": "with a as (insert into 核验 (编号) values (1) returning *) select * from a",
    "prepare": "prepare p as select 1",
    "checkpoint": "checkpoint",
    "transaction": "begin transaction",
    "commit": "commit",
    "explain": "explain analyze select 1",
    "pivot": "pivot 任务 on 状态 using count(*)",
    "setting by function": "select * from enable_logging()",
    "two": "select 1; select 2",
    "escape": "select 1; commit; delete from 任务",
    "escape and attach": "select 1; rollback; attach '{database}'; select 2",
    "hidden second": "select 1 /* ; */ ; drop table 任务 --",
}


@pytest.mark.parametrize("attack", FILES | STATEMENTS)
def test_attack_is_refused_and_nothing_happens(
    office: Warehouse, copy: Copy, treasure: Path, attack: str
):
    sql = (FILES | STATEMENTS)[attack].format(
        file=treasure, folder=treasure.parent, database=office.path
    )
    version, held = office.data_version, run(copy, "select count(*) as n from 任务").rows.n[0]
    refusal = refused(copy, sql)
    assert refusal.sentence.endswith(("。", "？"))
    assert "藏起来的" not in refusal.sentence + refusal.original
    assert sorted(path.name for path in treasure.parent.iterdir()) == ["treasure.csv"]
    assert run(copy, "select count(*) as n from 任务").rows.n[0] == held
    assert office.data_version == version


def test_nothing_of_another_ledger_or_of_the_database_is_there(copy: Copy):
    tables = set(run(copy, "select table_name from information_schema.tables").rows.table_name)
    assert tables == set(copy.tables)
    text = "　".join(
        run(copy, f"select string_agg(t::varchar, '') as a from {table} t").rows.a[0]
        for table in copy.tables
        if copy.tables[table][0].rows
    )
    assert "湖南" not in text
    # Ids and hashes of files are nobody's business either.
    assert not {"task_id", "sha256"} & {column.name for column in copy.columns}


def test_nothing_of_the_office_s_process_is_there(copy: Copy, office: Warehouse, monkeypatch):
    monkeypatch.setenv("CREDIT_SECRET", "机密")
    settings = run(copy, "select string_agg(value, '') as a from duckdb_settings()").rows.a[0]
    databases = run(copy, "select string_agg(path, '') as a from duckdb_databases()").rows.a[0]
    for text in (settings, databases):
        assert str(office.path.parent) not in text
        assert str(Path.home()) not in text or Path.home() == Path("/")
    assert "没有名为“getenv”的函数" in refused(copy, "select getenv('CREDIT_SECRET')").sentence
    # A name of a Python variable is not a table.
    assert "没有名为“request”的表" in refused(copy, "select * from request").sentence


# Attacks: time, memory, and everybody else

ENDLESS: dict[str, str] = {
    "recursion": "with recursive a(n) as (select 1 union all select n + 1 from a) select max(n) from a",
    "product": "select count(*) from 填报 a, 填报 b, 填报 c, 填报 d where a.编号 + b.编号 > c.编号 + d.编号",
    "range": "select sum(i) from range(100000000000000) t(i)",
}
GREEDY: dict[str, str] = {
    "list": "select list(i) from range(100000000000) t(i)",
    "one text": "select length(repeat('x', 4000000000))",
    "doubling": "with recursive a(n) as (select 'x' union all select n || n from a) select max(n) from a",
    "sort": "select * from range(10000000000) t(i) order by hash(i)",
    "group": "select i, count(*) from range(10000000000) t(i) group by i",
    "long cell": "select repeat('长', 30000000)",
    "many long cells": "select repeat('x', 100000) from range(100000)",
    "deep": "select " + "(" * 5000 + "1" + ")" * 5000,
    "long": "select " + "+".join(["1"] * 9000),
    "regex": "select regexp_matches(repeat('a', 10000), '(a{1,1000}){1,1000}b')",
}


@pytest.mark.parametrize("attack", ENDLESS)
def test_a_query_without_end_is_ended_by_the_clock(copy: Copy, attack: str):
    started = time.monotonic()
    refusal = refused(copy, ENDLESS[attack], seconds=2)
    assert "超过 2 秒仍未算完" in refusal.sentence
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("attack", GREEDY)
def test_a_query_that_takes_too_much_is_ended(copy: Copy, attack: str):
    refusal = refused(copy, GREEDY[attack])
    assert refusal.sentence.endswith("。")
    assert run(copy, "select 1 as a").rows.a[0] == 1


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_process_is_held_by_the_system_too(copy: Copy):
    query = Query(copy, ENDLESS["range"], row_limit=10, seconds=120)
    try:
        status = Path(f"/proc/{query._process.pid}")
        # On a busy machine a new process may wait long for its turn.
        deadline = time.monotonic() + 100
        while "nice" not in _limits(status) and time.monotonic() < deadline:
            time.sleep(0.05)
        limits = (status / "limits").read_text()
        assert "Max file size             0 " in limits
        assert f"Max address space         {3 * 2**30} " in limits
        assert f"Max data size             {MEMORY - 80 * 2**20} " in limits
        assert b"CREDIT" not in (status / "environ").read_bytes()
    finally:
        query.stop()


def _limits(process: Path) -> str:
    """`nice` once the process has walled itself in, which it does last: nicer than the tests are."""
    niceness = int((process / "stat").read_text().rpartition(")")[2].split()[16])
    return "nice" if niceness > os.nice(0) else ""


def test_a_query_can_be_stopped(copy: Copy):
    query = Query(copy, ENDLESS["product"], row_limit=10, seconds=60)
    assert not query.finished(0.5)
    query.stop()
    assert query.finished()
    assert query._process.poll() is not None
    with pytest.raises(QueryRefused, match="已停止"):
        query.result()


def test_a_process_that_dies_says_so(copy: Copy):
    query = Query(copy, ENDLESS["product"], row_limit=10, seconds=60)
    os.kill(query._process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    with pytest.raises(QueryRefused, match="中途中断"):
        query.result()


def test_others_go_on_while_every_place_is_taken(office: Warehouse, copy: Copy, scope: Scope):
    running = [Query(copy, ENDLESS["product"], row_limit=10, seconds=60) for _ in range(AT_ONCE)]
    try:
        with pytest.raises(WarehouseError, match="稍后再试"):
            Query(copy, "select 1", row_limit=10, seconds=10)
        assert len(metrics.ask(office, "completion", scope, by="all")) == 1
        with office.writing("测试") as writer:
            writer.record("测试", "ledger", None)
    finally:
        for query in running:
            query.stop()
    assert run(copy, "select 1 as a").rows.a[0] == 1


def test_one_user_does_not_take_every_place(copy: Copy):
    running = [
        Query(copy, ENDLESS["product"], row_limit=10, seconds=60, asker="甲")
        for _ in range(AT_ONCE_OF_ONE)
    ]
    try:
        with pytest.raises(WarehouseError, match="你已有 2 个查询在运行"):
            Query(copy, "select 1", row_limit=10, seconds=10, asker="甲")
        other = Query(copy, "select 1 as a", row_limit=10, seconds=30, asker="乙")
        assert other.result().rows.a[0] == 1
    finally:
        for query in running:
            query.stop()
    assert Query(copy, "select 1", row_limit=1, seconds=30, asker="甲").result()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("attack", GREEDY)
def test_the_system_counts_no_more_memory_than_allowed(copy: Copy, attack: str):
    query = Query(copy, GREEDY[attack], row_limit=100_000, seconds=60)
    status, highest = Path(f"/proc/{query._process.pid}/status"), 0
    while not query.finished(0.02):
        with contextlib.suppress(OSError):
            for line in status.read_text().splitlines():
                if line.startswith("VmHWM:"):
                    highest = max(highest, int(line.split()[1]) * 1024)
    assert 0 < highest <= MEMORY


def test_many_queries_at_once_each_get_their_own_rows(copy: Copy):
    found: dict[int, int] = {}

    def ask(number: int) -> None:
        while True:
            try:
                found[number] = int(run(copy, f"select {number} as a").rows.a[0])
                return
            except WarehouseError:
                time.sleep(0.05)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == {number: number for number in range(8)}


def test_a_text_of_any_length_is_not_taken(copy: Copy):
    with pytest.raises(WarehouseError, match="请缩短"):
        Query(copy, "select " + "1" * LONGEST, row_limit=10, seconds=10)


def test_old_copies_are_removed(office: Warehouse, monkeypatch):
    monkeypatch.setattr(sandbox_module, "COPIES_KEPT", 1)
    ledger = ledgers(office)["湖南"]
    first = copy_of(office, Extent(ledger, date(2019, 3, 31)))
    second = copy_of(office, Extent(ledger, date(2019, 6, 30)))
    assert second.path.is_file()
    assert not first.path.exists()
