"""The database file: who may open it, what survives, and what every write leaves behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import duckdb
import pytest

from loaders import read_ledger
from tests.warehouse.world import World, store
from warehouse import Warehouse, WarehouseError, load_ledger, open_warehouse, read_reference
from warehouse.entries.records import Replaced, add_report
from warehouse.snapshots import Snapshot
from warehouse.store import MIGRATIONS, now

ROOT = Path(__file__).parents[2]
HUNAN = ROOT / "data" / "ledgers" / "hunan-2019.txt"


def counts(warehouse: Warehouse) -> dict[str, int]:
    """Table → number of rows, of every table in the file."""
    with warehouse.cursor() as cursor:
        tables = cursor.execute(
            "select table_name from duckdb_tables() where database_name = current_database()"
        ).fetchall()
        return {
            table: cursor.execute(f"select count(*) from {table}").fetchone()[0]
            for (table,) in tables
        }


def child(code: str, *arguments: object, **options: object) -> subprocess.Popen:
    """Another Python process that knows the product."""
    return subprocess.Popen(
        [sys.executable, "-X", "utf8", "-c", code, *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        **options,
    )


def test_a_new_file_holds_the_schema_and_nothing_else(warehouse: Warehouse):
    assert warehouse.path.is_file()
    assert warehouse.data_version == 0
    found = counts(warehouse)
    assert found.pop("schema_version") == len(MIGRATIONS)
    assert len(found) > 15
    assert set(found.values()) == {0}


def test_a_file_is_opened_once_in_a_process(warehouse: Warehouse):
    assert open_warehouse(warehouse.path) is warehouse
    assert open_warehouse(warehouse.path.parent / "." / warehouse.path.name) is warehouse


def test_a_second_process_is_told_that_the_file_is_in_use(warehouse: Warehouse):
    code = (
        "import sys; from pathlib import Path; from warehouse import *\n"
        "try: open_warehouse(Path(sys.argv[1]))\n"
        "except WarehouseError as error: print(error)"
    )
    said, _ = child(code, warehouse.path).communicate(timeout=60)
    assert (
        said.strip() == f"数据库 {warehouse.path.name} 正被另一个程序占用，请先关闭已经打开的平台。"
    )


def test_a_file_of_a_newer_program_is_refused_and_left_alone(tmp_path: Path):
    path = tmp_path / "ledger.duckdb"
    second = tmp_path / "2.sql"
    second.write_text("alter table ledger add column colour varchar", encoding="utf-8")
    Warehouse(path, (*MIGRATIONS, second)).close()
    before = path.read_bytes()
    version = len(MIGRATIONS)
    with pytest.raises(WarehouseError) as refused:
        Warehouse(path)
    assert str(refused.value) == (
        f"数据库 ledger.duckdb 由更新的版本建立（结构第 {version + 1} 版，本程序只认识到"
        f"第 {version} 版），请升级程序后再打开。"
    )
    assert path.read_bytes() == before


def test_a_file_of_version_2_is_lifted_with_its_claims(tmp_path: Path):
    path = tmp_path / "ledger.duckdb"
    with duckdb.connect(str(path), config={"storage_compatibility_version": "v1.5.0"}) as older:
        for version, script in enumerate(MIGRATIONS[:2], start=1):
            older.execute(script.read_text(encoding="utf-8"))
            older.execute("insert into schema_version values (?, '2026-01-01')", [version])
        older.execute(
            "insert into claim values (uuid(), uuid(), null, 'claimed', 2, '已获推广。',"
            " '2020-06-30', '2020-07-01', '张三', null)"
        )
    for _ in range(2):
        # The second time it is of this version already.
        lifted = Warehouse(path)
        with lifted.cursor() as cursor:
            claims = cursor.execute(
                "select state, points, narrative, recorded_by, answers_id from claim"
            ).fetchall()
            versions = cursor.execute("select version from schema_version order by 1").fetchall()
        found = counts(lifted)
        lifted.close()
        assert claims == [("claimed", 2, "已获推广。", "张三", None)]
        assert versions == [(number,) for number in range(1, len(MIGRATIONS) + 1)]
        assert [
            found[name] for name in ("scheme", "scheme_item", "mark", "effort", "indicator_theme")
        ] == [0] * 5


def test_what_a_file_of_version_11_has_was_entered_by_no_account(tmp_path: Path):
    path = tmp_path / "ledger.duckdb"
    with duckdb.connect(str(path), config={"storage_compatibility_version": "v1.5.0"}) as older:
        for version, script in enumerate(MIGRATIONS[:11], start=1):
            older.execute(script.read_text(encoding="utf-8"))
            older.execute("insert into schema_version values (?, '2026-01-01')", [version])
        older.execute(
            "insert into change values (uuid(), 7, '2026-01-02', '张三', '销号', 'verification',"
            " uuid(), null, null)"
        )
    lifted = Warehouse(path)
    with lifted.cursor() as cursor:
        found = cursor.execute("select recorded_by, action, account from change").fetchall()
    version = lifted.data_version
    lifted.close()
    assert found == [("张三", "销号", None)]
    assert version == 7


def test_a_database_of_something_else_is_refused_and_left_alone(tmp_path: Path):
    path = tmp_path / "other.duckdb"
    with duckdb.connect(str(path)) as other:
        other.execute("create table guest as select 1 as number")
    before = path.read_bytes()
    with pytest.raises(WarehouseError) as refused:
        Warehouse(path)
    assert str(refused.value) == "other.duckdb 不是本平台的数据库，请换一个数据目录。"
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path):
    path = tmp_path / "ledger.duckdb"
    path.write_text("序号,目标任务\n" * 1000, encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(WarehouseError, match=r"ledger\.duckdb 不是有效的数据库文件"):
        Warehouse(path)
    assert path.read_bytes() == before


def test_a_migration_keeps_the_data(tmp_path: Path):
    path = tmp_path / "ledger.duckdb"
    old = Warehouse(path)
    world = World()
    world.report(world.task(world.ledger()), "done", date(2020, 6, 30))
    store(old, world)
    before, version = counts(old), old.data_version
    old.close()

    second = tmp_path / "2.sql"
    second.write_text(
        "alter table report add column colour varchar; create table paint (colour varchar)",
        encoding="utf-8",
    )
    for _ in ("lifts the file", "finds it lifted"):
        new = Warehouse(path, (*MIGRATIONS, second))
        lifted = before | {"schema_version": before["schema_version"] + 1, "paint": 0}
        assert counts(new) == lifted
        assert new.data_version == version
        new.close()


def test_a_migration_that_fails_changes_nothing(tmp_path: Path):
    path = tmp_path / "ledger.duckdb"
    Warehouse(path).close()
    second = tmp_path / "2.sql"
    second.write_text("create table paint (colour varchar); select nonsense", encoding="utf-8")
    with pytest.raises(duckdb.Error):
        Warehouse(path, (*MIGRATIONS, second))
    again = Warehouse(path)
    assert "paint" not in counts(again)
    again.close()


# Loads the ledger of argv[2] with 3,000 tasks. At the append of number argv[3], or just before the
# commit, it says so; in the first case it then waits to be killed.
LOADING = """
import sys, time
from dataclasses import replace
from pathlib import Path
from loaders import read_ledger
from warehouse import load_ledger, open_warehouse, read_reference
from warehouse.writing import Writer

path, source, moment = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
small = read_ledger(source)
tasks = [replace(small.tasks[n % len(small.tasks)], number=n) for n in range(3000)]
ledger = replace(small, title="大台账", sha256="大", tasks=tuple(tasks))
warehouse = open_warehouse(path)
append, record, appended = Writer.append, Writer.record, []

def counted_append(writer, table, rows):
    append(writer, table, rows)
    appended.append(table)
    if moment == str(len(appended)):
        print("now", flush=True)
        time.sleep(60)

def announced_record(writer, *arguments, **options):
    record(writer, *arguments, **options)
    if moment == "commit":
        print("now", flush=True)

Writer.append, Writer.record = counted_append, announced_record
load_ledger(warehouse, ledger, read_reference(Path("data/reference")), recorded_by="测试")
print("loaded", flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def before_and_after(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict]]:
    """A file with the Hunan ledger, and its counts before and after the large one is loaded."""
    folder = tmp_path_factory.mktemp("killed")
    path = folder / "before.duckdb"
    reference = read_reference(ROOT / "data" / "reference")
    opened = Warehouse(path)
    load_ledger(opened, read_ledger(HUNAN), reference, recorded_by="测试")
    before = counts(opened)
    opened.close()
    whole = folder / "after.duckdb"
    whole.write_bytes(path.read_bytes())
    loading = child(LOADING, whole, HUNAN, "never")
    assert loading.stdout.readline().strip() == "loaded"
    loading.kill()
    loading.communicate()
    opened = Warehouse(whole)
    after = counts(opened)
    opened.close()
    assert after["task"] == before["task"] + 3000
    return path, [before, after]


@pytest.mark.parametrize(
    ("moment", "delay_ms"),
    [("1", 0), ("4", 0), ("7", 0), *(("commit", ms) for ms in (0, 2, 5, 10, 20, 40, 400))],
)
def test_a_load_cut_short_leaves_the_file_as_before_or_as_after(
    tmp_path: Path, before_and_after: tuple[Path, list[dict]], moment: str, delay_ms: int
):
    original, allowed = before_and_after
    path = tmp_path / "ledger.duckdb"
    path.write_bytes(original.read_bytes())
    loading = child(LOADING, path, HUNAN, moment)
    assert loading.stdout.readline().strip() == "now"
    time.sleep(delay_ms / 1000)
    loading.kill()
    loading.communicate()
    opened = Warehouse(path)
    found = counts(opened)
    opened.close()
    if moment != "commit":
        assert found == allowed[0]
    assert found in allowed


def test_each_thread_gets_its_own_rows(warehouse: Warehouse):
    def ask(number: int) -> bool:
        with warehouse.cursor() as cursor:
            found = cursor.execute("select $n from range(500)", {"n": number}).fetchall()
        return found == [(number,)] * 500

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(400)))


def test_threads_that_write_wait_for_each_other(warehouse: Warehouse):
    world = World()
    task = world.task(world.ledger())
    store(warehouse, world)
    before = warehouse.data_version
    with ThreadPoolExecutor(8) as pool:
        for _ in range(40):
            pool.submit(
                add_report,
                warehouse,
                task.task_id,
                state="in_progress",
                effective_on=date(2020, 6, 1),
                recorded_by="张三",
            )
    assert counts(warehouse)["report"] == 40
    assert warehouse.data_version == before + 40


def test_the_data_version_rises_by_one_for_each_action(warehouse: Warehouse):
    world = World()
    task = world.task(world.ledger())
    store(warehouse, world)
    version = warehouse.data_version
    add_report(
        warehouse, task.task_id, state="done", effective_on=date(2020, 6, 1), recorded_by="张三"
    )
    assert warehouse.data_version == version + 1
    path = warehouse.path
    warehouse.close()
    reopened = Warehouse(path)
    assert reopened.data_version == version + 1
    reopened.close()


def test_an_action_that_fails_leaves_nothing(warehouse: Warehouse):
    store(warehouse, World())
    before = counts(warehouse)
    setting = {"ledger_id": None, "key": "due_soon_days", "value": "45"}

    def interrupted() -> None:
        with warehouse.writing("张三") as writer:
            writer.append_signed("setting", [setting])
            writer.record("调整口径", "ledger", None)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert counts(warehouse) == before
    assert warehouse.data_version == 1


def test_a_judgement_is_of_the_data_it_is_labelled_with(warehouse: Warehouse):
    world = World()
    task = world.task(world.ledger(), date(2020, 12, 31))
    store(warehouse, world)
    day = date(2020, 6, 30)

    def state(snapshot: Snapshot) -> str:
        query = "select state from judged.task_judgement where basis = $basis"
        with snapshot.cursor() as cursor:
            return cursor.execute(query, {"basis": snapshot.judge([day])}).fetchone()[0]

    with warehouse.snapshot() as earlier:
        add_report(warehouse, task.task_id, state="done", effective_on=day, recorded_by="张三")
        with ThreadPoolExecutor(1) as another:
            later = another.submit(lambda: _with_newest(warehouse, state)).result()
        assert (state(earlier), later) == ("not_started", "done")
    assert _with_newest(warehouse, state) == "done"


def _with_newest(warehouse: Warehouse, asked: Callable[[Snapshot], str]) -> str:
    with warehouse.snapshot() as snapshot:
        return asked(snapshot)


def test_a_backup_is_made_while_the_file_is_open(warehouse: Warehouse, tmp_path: Path):
    reference = read_reference(ROOT / "data" / "reference")
    load_ledger(warehouse, read_ledger(HUNAN), reference, recorded_by="测试")
    target = tmp_path / "备份" / "台账 2019.duckdb"
    warehouse.backup(target)
    copy = Warehouse(target)
    assert counts(copy) == counts(warehouse)
    assert copy.data_version == warehouse.data_version
    copy.close()
    with pytest.raises(WarehouseError, match="已存在，请换一个文件名"):
        warehouse.backup(target)


def test_a_correction_can_be_answered_for(warehouse: Warehouse):
    world = World()
    task = world.task(world.ledger())
    store(warehouse, world)
    first = add_report(
        warehouse,
        task.task_id,
        state="in_progress",
        percent=80,
        effective_on=date(2020, 6, 1),
        recorded_by="张三",
    )
    second = add_report(
        warehouse,
        task.task_id,
        state="in_progress",
        percent=60,
        effective_on=date(2020, 6, 1),
        recorded_by="李四",
        replaces=Replaced(first, "多报了"),
    )
    with warehouse.cursor() as cursor:
        recorded_at, who, action, subject, version, before, after = cursor.execute(
            "select recorded_at, recorded_by, action, subject_id, data_version, before, after"
            " from change order by data_version desc limit 1"
        ).fetchone()
        kept = cursor.execute("select percent from report order by percent").fetchall()
    assert (who, action, subject, version) == (
        "李四",
        "更正进展填报",
        second,
        warehouse.data_version,
    )
    assert abs(now() - recorded_at) < timedelta(minutes=1)
    before, after = json.loads(before), json.loads(after)
    assert (before["report_id"], before["recorded_by"], before["percent"]) == (
        str(first),
        "张三",
        80,
    )
    assert (after["supersedes_id"], after["percent"]) == (str(first), 60)
    assert after["reason_for_correction"] == "多报了"
    assert kept == [(60,), (80,)]


def test_decimals_of_any_length_are_stored_in_any_order(tmp_path) -> None:
    warehouse = Warehouse(tmp_path / "decimals.duckdb")
    points = [*(["4"] * 3000), "9999.99", "0.25"]
    with warehouse.writing("测试") as writer:
        writer.append(
            "scheme_tier",
            [
                {
                    "scheme_id": uuid4(),
                    "task_id": uuid4(),
                    "at_least": Decimal(value),
                    "at_most": None,
                    "points": Decimal(value),
                }
                for value in points
            ],
        )
        writer.record("测试", "batch", None)
    with warehouse.cursor() as cursor:
        found = cursor.execute(
            "select max(points), min(points), count(*) from scheme_tier"
        ).fetchone()
    assert found == (Decimal("9999.99"), Decimal("0.25"), len(points))
    warehouse.close()
