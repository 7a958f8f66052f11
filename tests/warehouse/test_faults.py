"""Disks, folders and files that fail: what the user is told, and that nothing acknowledged is lost."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from warehouse.backups import BackupError, make_backup, restore
from warehouse.entries import files
from warehouse.faults import WarehouseError, explained
from warehouse.opening import open_office
from warehouse.store import Warehouse, close_all, open_warehouse

ROOT = Path(__file__).parents[2]
PDF = b"%PDF-1.7 evidence"
NOBODY = 65534
HAS_TMPFS = sys.platform == "linux" and os.geteuid() == 0
THREE_WRITES_THEN_KILLED = """
import os, sys
from pathlib import Path
from warehouse.store import Warehouse
opened = Warehouse(Path(sys.argv[1]))
for number in range(3):
    with opened.writing("测试") as writer:
        writer.record("测试", "ledger", None)
os._exit(9)
"""


def write(warehouse: Warehouse, after: object = None) -> int:
    """One action; returns the data version after it."""
    with warehouse.writing("测试") as writer:
        writer.record("测试", "ledger", None, after=after)
    return warehouse.data_version


def versions(path: Path) -> list[int]:
    """The data versions in the file, opened anew."""
    opened = Warehouse(path)
    try:
        with opened.cursor() as cursor:
            rows = cursor.execute("select data_version from change order by 1").fetchall()
    finally:
        opened.close()
    return [version for (version,) in rows]


def refusal(do: Callable[[], object]) -> str:
    """The sentence that `do` is refused with: it is one, and nobody is told to delete anything."""
    with pytest.raises(WarehouseError) as refused:
        do()
    sentence = str(refused.value)
    assert sentence.endswith("。")
    assert "\n" not in sentence
    assert "删除" not in sentence.replace("不要删除", "")
    return sentence


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """A database that was written to three times and then killed: the entries lie in its .wal."""
    path = tmp_path / "credit.duckdb"
    folded = Warehouse(path)
    write(folded)
    folded.close()
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-X", "utf8", "-c", THREE_WRITES_THEN_KILLED, str(path)]
    assert subprocess.run(command, env=environment, cwd=ROOT).returncode == 9
    return path


def wal_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of its own of a few megabytes."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)])
    if mounted.returncode:
        pytest.skip("no disk may be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """A file that takes all the room there is."""
    with (folder / "filling").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(4096)):
            pass
    return folder / "filling"


@contextmanager
def as_nobody() -> Iterator[Path]:
    """A folder, and the rights of a user who owns nothing; root itself may read and write anything."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    try:
        # Read before: the program's own files may be closed to that user.
        Warehouse(folder / "before.duckdb").close()
        is_root = os.geteuid() == 0
        yield folder
    finally:
        if is_root:
            os.seteuid(0)
        for path in [folder, *folder.iterdir()]:
            path.chmod(0o700)
        shutil.rmtree(folder)


def give_up_rights() -> None:
    if os.geteuid() == 0:
        os.seteuid(NOBODY)


# What lies in the place of the database


def test_a_folder_in_its_place(tmp_path: Path):
    (tmp_path / "credit.duckdb").mkdir()
    assert "上是一个文件夹或设备" in refusal(lambda: open_warehouse(tmp_path / "credit.duckdb"))
    assert (tmp_path / "credit.duckdb").is_dir()


@pytest.mark.parametrize("target", ["elsewhere.duckdb", "missing.duckdb"])
def test_a_link_in_its_place(tmp_path: Path, target: str):
    Warehouse(tmp_path / "elsewhere.duckdb").close()
    (tmp_path / "credit.duckdb").symlink_to(tmp_path / target)
    assert "上是一个链接" in refusal(lambda: open_warehouse(tmp_path / "credit.duckdb"))
    assert not (tmp_path / "missing.duckdb").exists()


def test_an_empty_file(tmp_path: Path):
    (tmp_path / "credit.duckdb").touch()
    assert "是空文件" in refusal(lambda: open_warehouse(tmp_path / "credit.duckdb"))
    assert (tmp_path / "credit.duckdb").stat().st_size == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
@pytest.mark.parametrize("mode", [0o000, 0o444])
def test_a_file_without_permission(mode: int):
    with as_nobody() as folder:
        path = folder / "credit.duckdb"
        Warehouse(path).close()
        path.chmod(mode)
        give_up_rights()
        assert f"没有读写 {path} 的权限" in refusal(lambda: open_warehouse(path))


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_a_folder_that_may_not_be_written_to():
    with as_nobody() as folder:
        path = folder / "credit.duckdb"
        Warehouse(path).close()
        for file in folder.iterdir():
            file.chmod(0o666)
        folder.chmod(0o555)
        give_up_rights()
        assert "的权限" in refusal(lambda: open_warehouse(path))
        assert "的权限" in refusal(lambda: open_warehouse(folder / "new.duckdb"))


# The .wal


def test_a_wal_left_by_a_kill_is_taken_in(killed: Path):
    assert versions(killed) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda wal: wal.unlink(), "少了 3 次录入（现有数据版本 1，应为 4）：credit.duckdb.wal 缺失"),
        (lambda wal: wal.write_bytes(b""), "credit.duckdb.wal 是空的"),
        (lambda wal: wal.write_bytes(os.urandom(wal.stat().st_size)), "credit.duckdb.wal 已损坏"),
        (lambda wal: wal.write_bytes(wal.read_bytes()[:-200]), "少了 1 次录入"),
        (lambda wal: flip(wal), "credit.duckdb.wal 已损坏，其中最近的录入读不出来"),
    ],
    ids=["missing", "empty", "garbled", "cut", "flipped"],
)  # fmt: skip
def test_a_wal_that_is_not_whole(killed: Path, damage: Callable[[Path], object], sentence: str):
    wal = wal_of(killed)
    whole = wal.read_bytes()
    damage(wal)
    damaged = wal.read_bytes() if wal.exists() else None
    assert sentence in refusal(lambda: Warehouse(killed))
    assert (wal.read_bytes() if wal.exists() else None) == damaged
    wal.write_bytes(whole)
    assert versions(killed) == [1, 2, 3, 4]


def flip(wal: Path) -> None:
    content = bytearray(wal.read_bytes())
    content[len(content) // 2] ^= 0xFF
    wal.write_bytes(content)


def test_the_wal_of_another_database(killed: Path, tmp_path: Path):
    other = Warehouse(tmp_path / "other.duckdb")
    write(other)
    shutil.copyfile(wal_of(other.path), wal_of(killed))
    assert "属于另一个数据库" in refusal(lambda: Warehouse(killed))
    other.close()


def test_the_database_is_gone_and_its_wal_is_there(killed: Path):
    whole = killed.rename(killed.with_name("away"))
    before = wal_of(killed).read_bytes()
    assert "没有新建" in refusal(lambda: Warehouse(killed))
    assert wal_of(killed).read_bytes() == before
    whole.rename(killed)
    assert versions(killed) == [1, 2, 3, 4]


@pytest.mark.parametrize("damage", [lambda wal: wal.write_bytes(bytes(9)), flip])
def test_what_is_lost_can_be_accepted_and_nothing_is_deleted(
    killed: Path, damage: Callable[[Path], object]
):
    damage(wal_of(killed))
    damaged = wal_of(killed).read_bytes()
    command = [sys.executable, "-X", "utf8", "-m", "warehouse", "accept"]
    environment = os.environ | {"CREDIT_DATA_DIR": str(killed.parent)}
    accepted = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    assert "数据版本 1，应为 4，少 3 次录入" in accepted.stdout
    assert damaged in [path.read_bytes() for path in killed.parent.glob("*.wal.*")]
    assert versions(killed)[0] == 1


def test_a_wal_removed_while_the_platform_runs_costs_nothing(tmp_path: Path):
    path = tmp_path / "credit.duckdb"
    code = THREE_WRITES_THEN_KILLED.replace(
        "for number", "Path(sys.argv[1] + '.wal').unlink()\nfor number"
    )
    Warehouse(path).close()
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-X", "utf8", "-c", code, str(path)]
    assert subprocess.run(command, env=environment, cwd=ROOT).returncode == 9
    assert versions(path) == [1, 2, 3]


# The folder while the platform runs


@pytest.mark.skipif(os.name == "nt", reason="Windows does not move an open file")
def test_no_write_is_acknowledged_without_its_folder(tmp_path: Path):
    folder = tmp_path / "data"
    folder.mkdir()
    opened = Warehouse(folder / "credit.duckdb")
    write(opened)
    away = folder.rename(tmp_path / "away")
    assert "已不在原处" in refusal(lambda: write(opened))
    assert "已不在原处" in refusal(lambda: files.keep_file(opened, "a.pdf", PDF))
    folder.mkdir()
    assert "已不在" in refusal(lambda: write(opened))
    (folder / "credit.duckdb").write_bytes(b"another")
    assert "已被换成另一个文件" in refusal(lambda: write(opened))
    assert opened.data_version == 1
    shutil.rmtree(folder)
    away.rename(folder)
    assert write(opened) == 2
    opened.close()
    assert versions(folder / "credit.duckdb") == [1, 2]


@pytest.mark.skipif(os.name == "nt", reason="Windows does not move an open file")
def test_a_folder_moved_in_the_middle_of_a_write(tmp_path: Path):
    folder = tmp_path / "data"
    folder.mkdir()
    opened = Warehouse(folder / "credit.duckdb")

    def moved_meanwhile() -> None:
        with opened.writing("测试") as writer:
            writer.record("测试", "ledger", None)
            folder.rename(tmp_path / "away")

    assert refusal(moved_meanwhile).startswith("没有保存：")
    opened.close()
    assert versions(tmp_path / "away" / "credit.duckdb") == []


# Disks


@pytest.mark.skipif(not HAS_TMPFS, reason="only root on Linux may mount a small disk")
def test_a_full_disk_loses_nothing(tmp_path: Path):
    with small_disk(tmp_path / "disk") as folder:
        opened = Warehouse(folder / "credit.duckdb")
        write(opened)
        filling = fill(folder)
        sentence = refusal(lambda: write(opened, after="字" * 500_000))
        assert sentence == f"{folder} 所在的磁盘已满，没有保存，请清理空间后重试。"
        assert opened.data_version == 1
        assert "磁盘已满" in refusal(lambda: files.keep_file(opened, "a.pdf", PDF + bytes(99_999)))
        assert not [path for path in files.folder(opened).rglob("*") if path.is_file()]
        assert "磁盘已满" in refusal(lambda: make_backup(opened, folder / "backup" / "b"))
        filling.unlink()
        assert write(opened) == 2
        opened.close()
        assert versions(folder / "credit.duckdb") == [1, 2]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (errno.ENOSPC, "磁盘已满"),
        (errno.EROFS, "磁盘是只读的"),
        (errno.EIO, "磁盘读写出错"),
        (errno.EACCES, "的权限"),
    ],
)
def test_evidence_that_cannot_be_written(
    warehouse: Warehouse, monkeypatch, code: int, sentence: str
):
    def fail(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(files.os, "fsync", fail)
    assert sentence in refusal(lambda: files.keep_file(warehouse, "a.pdf", PDF))
    assert not [path for path in files.folder(warehouse).rglob("*") if path.is_file()]


def test_a_restore_without_room(warehouse: Warehouse, tmp_path: Path, monkeypatch):
    made = make_backup(warehouse, tmp_path / "b")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("warehouse.backups.restoring.shutil.copyfile", fail)
    with pytest.raises(BackupError, match=r"现有数据没有改动：.*磁盘已满"):
        restore(made.path, tmp_path)


def test_the_data_folder_cannot_be_made(tmp_path: Path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("CREDIT_DATA_DIR", str(tmp_path / "file" / "data"))
    assert str(tmp_path / "file") in refusal(open_office)
    close_all()


# Damage met later


def test_a_damaged_block_met_by_a_question(tmp_path: Path):
    path = tmp_path / "credit.duckdb"
    opened = Warehouse(path)
    for _ in range(30):
        write(opened, after=os.urandom(30_000).hex())
    opened.close()
    opened = Warehouse(path)
    with path.open("r+b") as file:
        for block in range(3 * 4096 + 262_144, path.stat().st_size, 262_144):
            file.seek(block + 1000)
            file.write(os.urandom(64))

    def ask() -> None:
        with opened.cursor() as cursor:
            cursor.execute("select max(after) from change").fetchall()

    for _ in range(2):
        assert "有损坏的数据块" in refusal(ask)
    opened.close()


def test_what_was_asked_wrongly_is_no_fault_of_the_disk(warehouse: Warehouse):
    with pytest.raises(duckdb.CatalogException), warehouse.cursor() as cursor:
        cursor.execute("select * from 'No such file'")
    assert explained(ValueError("No space left"), warehouse.path) is None
