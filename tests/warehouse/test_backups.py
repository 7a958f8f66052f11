"""Backups: whole or not there, restored without deleting anything, thinned out by day, week and month."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import threading
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.backups import (
    BackupError,
    Keeper,
    Retention,
    check_backup,
    finish_restore,
    kept_record,
    make_backup,
    making,
    request_backup,
    restore,
)
from warehouse.backups.keeping import superfluous
from warehouse.entries import files
from warehouse.entries.office import OfficeDetails, keep_office_details
from warehouse.faults import WarehouseError
from warehouse.opening import back_up_before_upgrade
from warehouse.store import MIGRATIONS, Warehouse

ROOT = Path(__file__).parents[2]
PDF = b"%PDF-1.7 evidence"


@pytest.fixture
def warehouse(tmp_path: Path):
    (tmp_path / "data").mkdir()
    opened = Warehouse(tmp_path / "data" / "credit.duckdb")
    with opened.writing("测试") as writer:
        writer.record("测试", "ledger", None)
    yield opened
    opened.close()


def test_a_backup_has_database_and_evidence_and_is_checked(warehouse: Warehouse, tmp_path: Path):
    sha256 = files.keep_file(warehouse, "a.pdf", PDF)
    steps: list[float] = []
    made = make_backup(warehouse, tmp_path / "backups" / "b", lambda _, part: steps.append(part))
    assert check_backup(made.path) == made
    assert (made.rows["change"], made.evidence, made.missing) == (1, (sha256,), ())
    assert steps == sorted(steps)
    assert steps[-1] == 1
    with pytest.raises(BackupError, match="已存在"):
        make_backup(warehouse, made.path)
    assert [path.name for path in made.path.parent.iterdir()] == ["b"]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [(errno.ENOSPC, "磁盘已满"), (errno.EACCES, "没有读写"), (errno.EIO, "磁盘读写出错")],
)
def test_a_failed_backup_leaves_nothing(warehouse, tmp_path, monkeypatch, code, sentence):
    files.keep_file(warehouse, "a.pdf", PDF)

    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(making.shutil, "copyfile", fail)
    with pytest.raises(BackupError, match=sentence):
        make_backup(warehouse, tmp_path / "backups" / "b")
    assert not list((tmp_path / "backups").iterdir())


def test_a_copy_that_lost_rows_is_not_named(warehouse, tmp_path, monkeypatch):
    def cut_short(_: Warehouse, target: Path) -> None:
        Warehouse(target).close()

    monkeypatch.setattr(Warehouse, "backup", cut_short)
    with pytest.raises(BackupError, match="没有通过核对（change）"):
        make_backup(warehouse, tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_what_a_killed_backup_left_is_removed_by_the_next(warehouse, tmp_path):
    left = tmp_path / ".b.0.part"
    left.mkdir()
    make_backup(warehouse, tmp_path / "b")
    assert not left.exists()


def spoil_manifest(backup: Path) -> None:
    (backup / "manifest.json").write_text("{", encoding="utf-8")


def spoil_rows(backup: Path) -> None:
    manifest = backup / "manifest.json"
    noted = json.loads(manifest.read_text(encoding="utf-8"))
    noted["rows"]["change"] += 1
    manifest.write_text(json.dumps(noted), encoding="utf-8")


def spoil_version(backup: Path) -> None:
    manifest = backup / "manifest.json"
    noted = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps(noted | {"schema_version": 999}), encoding="utf-8")


def spoil_evidence(backup: Path) -> None:
    next(backup.glob("evidence/*/*")).write_bytes(b"%PDF altered")


def spoil_database(backup: Path) -> None:
    (backup / "credit.duckdb").write_bytes(b"no database")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (spoil_manifest, "清单读不出来"),
        (spoil_rows, "与清单不符"),
        (spoil_version, "先升级程序"),
        (spoil_evidence, "佐证文件缺失或被改动"),
        (spoil_database, "数据库打不开"),
        (shutil.rmtree, "不是本平台的备份"),
    ],
)
def test_a_spoilt_backup_is_not_restored(warehouse, tmp_path, spoil, sentence):
    files.keep_file(warehouse, "a.pdf", PDF)
    backup = make_backup(warehouse, tmp_path / "b").path
    warehouse.close()
    spoil(backup)
    before = sorted(path.name for path in warehouse.path.parent.iterdir())
    with pytest.raises(BackupError, match=sentence):
        restore(backup, warehouse.path.parent)
    assert sorted(path.name for path in warehouse.path.parent.iterdir()) == before


def test_restoring_puts_the_present_data_aside(warehouse, tmp_path):
    first = files.keep_file(warehouse, "a.pdf", PDF)
    backup = make_backup(warehouse, tmp_path / "b").path
    with warehouse.writing("测试") as writer:
        writer.record("后来的", "ledger", None)
    second = files.keep_file(warehouse, "b.pdf", PDF + b" later")
    warehouse.close()
    folder = warehouse.path.parent
    restored, aside = restore(backup, folder)
    opened = Warehouse(folder / "credit.duckdb")
    assert opened.data_version == restored.data_version
    assert files.kept_file(opened, first) == PDF
    opened.close()
    put_aside = Warehouse(aside / "credit.duckdb")
    assert put_aside.data_version == restored.data_version + 1
    assert files.kept_file(put_aside, second) == PDF + b" later"
    put_aside.close()
    assert finish_restore(folder) is None


@pytest.mark.skipif(os.name != "posix", reason="forks and kills")
def test_nothing_is_lost_by_kills_in_backup_and_restore(tmp_path):
    program = Path(__file__).with_name("killed_backups.py")
    done = subprocess.run(
        [sys.executable, str(program), str(tmp_path)], capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing lost" in done.stdout


def test_a_backup_a_day_and_the_failure_is_noted(warehouse, monkeypatch):
    clock = [datetime(2026, 11, 30, 8)]
    keeper = Keeper(warehouse, clock=lambda: clock[0])
    assert keeper.is_due()
    made = keeper.make()
    assert made.name == "credit-20261130-080000"
    assert not keeper.is_due()
    assert kept_record(keeper.folder).good_path == str(made)
    clock[0] += timedelta(days=1)
    assert keeper.is_due()
    monkeypatch.setattr(
        making, "check_backup", lambda _: (_ for _ in ()).throw(BackupError("坏了"))
    )
    with pytest.raises(BackupError):
        keeper.make()
    noted = kept_record(keeper.folder)
    assert (noted.good_path, noted.failure) == (str(made), "坏了")
    # Not at once again, but within the day.
    assert not keeper.is_due()
    clock[0] += timedelta(hours=2)
    assert keeper.is_due()


def test_another_program_has_the_open_platform_make_it(warehouse, tmp_path):
    keeper = Keeper(warehouse)
    thread = threading.Thread(target=keeper.run)
    thread.start()
    try:
        request_backup(keeper.folder, tmp_path / "asked", seconds=60)
        assert check_backup(tmp_path / "asked")
        with pytest.raises(BackupError, match="已存在"):
            request_backup(keeper.folder, tmp_path / "asked", seconds=60)
    finally:
        keeper.stopping.set()
        thread.join()
    with pytest.raises(BackupError, match="没有回应"):
        request_backup(keeper.folder, tmp_path / "nobody", seconds=0.3)
    assert not (keeper.folder / "backup-request.json").exists()


def test_the_command_line_backs_up_and_restores(tmp_path):
    environment = {**os.environ, "CREDIT_DATA_DIR": str(tmp_path / "data"), "PYTHONUTF8": "1"}

    def run(*words: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "warehouse", *map(str, words)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            encoding="utf-8",
        )

    done = run("backup", tmp_path / "b")
    assert (done.returncode, done.stderr) == (0, "")
    assert "台账 2" in done.stdout
    done = run("restore", tmp_path / "b")
    assert (done.returncode, done.stderr) == (0, "")
    assert "没有删除" in done.stdout
    done = run("restore", tmp_path / "nothing")
    assert done.returncode == 1
    assert "不是本平台的备份" in done.stderr


@given(
    st.lists(st.dates(date(2025, 1, 1), date(2026, 12, 31)), max_size=60),
    st.builds(Retention, st.integers(0, 9), st.integers(0, 9), st.integers(0, 15)),
)
@settings(deadline=None)
def test_the_newest_of_each_kept_day_week_and_month_stays(days, retention):
    made = [(day, Path(f"{day}-{number}")) for number, day in enumerate(days)]
    made.sort(key=lambda each: each[1].name, reverse=True)
    removed = superfluous(made, retention)
    kept = [day for day, path in made if path not in removed]
    every_day = sorted(set(days), reverse=True)
    every_week = sorted({day.isocalendar()[:2] for day in days}, reverse=True)
    every_month = sorted({(day.year, day.month) for day in days}, reverse=True)
    assert set(every_day[: max(retention.days, 1)]) <= set(kept)
    assert set(every_week[: retention.weeks]) <= {day.isocalendar()[:2] for day in kept}
    assert set(every_month[: retention.months]) <= {(day.year, day.month) for day in kept}
    assert len(kept) <= max(retention.days, 1) + retention.weeks + retention.months


def older_database(path: Path, version: int) -> None:
    """A database as the program of schema `version` left it, with one entry."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path), config={"storage_compatibility_version": "v1.5.0"}) as older:
        for number, script in enumerate(MIGRATIONS[:version], start=1):
            older.execute(script.read_text(encoding="utf-8"))
            older.execute("insert into schema_version values (?, '2026-01-01')", [number])
        older.execute(
            "insert into change values (uuid(), 1, now()::timestamp, '张三', '测试', 'ledger', uuid(), null, null)"
        )


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_an_upgrade_backs_up_first_and_the_way_back_is_told(tmp_path, version):
    path = tmp_path / "credit.duckdb"
    older_database(path, version)
    upgraded = Warehouse(path, before_upgrade=back_up_before_upgrade)
    upgrade = upgraded.place.last_upgrade()
    # What the backup saw of the older schema is not asked afterwards.
    keep_office_details(upgraded, OfficeDetails(name="省厅"), recorded_by="李四")
    upgraded.close()
    assert (upgrade.before, check_backup(Path(upgrade.backup)).schema_version) == (version, version)
    with pytest.raises(WarehouseError) as refused:
        Warehouse(path, MIGRATIONS[:version])
    assert f"python -m warehouse restore {upgrade.backup}" in str(refused.value)
    restored, aside = restore(Path(upgrade.backup), tmp_path)
    assert restored.schema_version == version
    with duckdb.connect(str(path), read_only=True) as found:
        assert found.execute("select max(version) from schema_version").fetchone() == (version,)
        assert found.execute("select recorded_by from change").fetchall() == [("张三",)]
    assert (aside / "credit.duckdb").is_file()


def test_without_a_backup_nothing_is_lifted(tmp_path, monkeypatch):
    path = tmp_path / "credit.duckdb"
    older_database(path, len(MIGRATIONS) - 1)

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(making, "_flush", fail)
    with pytest.raises(BackupError, match=r"现在没有升级。备份没有完成.*磁盘已满"):
        Warehouse(path, before_upgrade=back_up_before_upgrade)
    with duckdb.connect(str(path), read_only=True) as found:
        assert found.execute("select max(version) from schema_version").fetchone() == (
            len(MIGRATIONS) - 1,
        )
    monkeypatch.undo()
    (tmp_path / "new").mkdir()
    new = Warehouse(tmp_path / "new" / "credit.duckdb", before_upgrade=back_up_before_upgrade)
    assert new.place.last_upgrade() is None
    new.close()
