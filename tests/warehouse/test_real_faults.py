"""Full and read-only disks and folders without permission, met by an ordinary user: nothing is simulated.

Run by root, each test mounts a disk of its own and then gives its rights up; the disks are left out
where the tests themselves run as an ordinary user, the folders are not.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.warehouse.test_faults import (
    HAS_TMPFS,
    PDF,
    as_nobody,
    fill,
    give_up_rights,
    refusal,
    versions,
    write,
)
from warehouse.backups import BackupError, check_backup, make_backup, restore
from warehouse.entries import files
from warehouse.store import Warehouse

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
needs_disk = pytest.mark.skipif(not HAS_TMPFS, reason="only root on Linux may mount a small disk")


@contextmanager
def disk() -> Iterator[Path]:
    """A disk of its own of eight megabytes that anybody may write to."""
    folder = Path(tempfile.mkdtemp())
    options = ["-o", "size=8m,mode=777"]
    if subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", str(folder)]).returncode:
        pytest.skip("no disk may be mounted here")
    try:
        yield folder
    finally:
        os.seteuid(0)
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


def refused(do: Callable[[], object]) -> str:
    """The sentence that a backup or a restore is refused with."""
    with pytest.raises(BackupError) as error:
        do()
    assert str(error.value).endswith("。")
    return str(error.value)


def office(folder: Path) -> Warehouse:
    """A database in the folder with one entry and one file of evidence."""
    opened = Warehouse(folder / "credit.duckdb")
    write(opened)
    files.keep_file(opened, "a.pdf", PDF)
    return opened


@needs_disk
def test_a_full_disk_of_an_ordinary_user():
    with as_nobody() as elsewhere, disk() as folder:
        elsewhere.chmod(0o777)
        give_up_rights()
        opened = office(folder)
        saved = make_backup(opened, elsewhere / "backup")
        filling = fill(folder)
        full = f"{folder} 所在的磁盘已满，没有保存，请清理空间后重试。"
        assert refusal(lambda: write(opened, after="字" * 500_000)) == full
        assert "磁盘已满" in refusal(lambda: files.keep_file(opened, "b.pdf", PDF + bytes(99_999)))
        sentence = refused(lambda: make_backup(opened, folder / "backup"))
        assert sentence.startswith(f"备份没有完成，没有留下备份：{folder}")
        assert "磁盘已满" in sentence
        assert not (folder / "backup").exists()
        opened.close()
        sentence = refused(lambda: restore(saved.path, folder))
        assert sentence == (
            f"没有恢复，现有数据没有改动：{folder} 所在的磁盘已满，请清理空间后重试。"
        )
        filling.unlink()
        assert versions(folder / "credit.duckdb") == [1]
        restore(saved.path, folder)
        assert versions(folder / "credit.duckdb") == [1]
        for path in elsewhere.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()


@needs_disk
def test_evidence_that_fills_the_disk_of_backups():
    with as_nobody() as elsewhere, disk() as folder:
        elsewhere.chmod(0o777)
        give_up_rights()
        opened = office(elsewhere)
        files.keep_file(opened, "b.pdf", PDF + os.urandom(9_000_000))
        sentence = refused(lambda: make_backup(opened, folder / "backup"))
        assert f"{folder}" in sentence
        assert "磁盘已满" in sentence
        assert not list(folder.iterdir())
        opened.close()
        shutil.rmtree(files.folder(opened))


@needs_disk
def test_a_read_only_disk_of_an_ordinary_user():
    with as_nobody() as elsewhere, disk() as folder:
        elsewhere.chmod(0o777)
        office(folder).close()
        for path in folder.rglob("*"):
            path.chmod(0o777)
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        give_up_rights()
        assert "所在的磁盘是只读的" in refusal(lambda: Warehouse(folder / "credit.duckdb"))
        opened = office(elsewhere)
        sentence = refused(lambda: make_backup(opened, folder / "backup"))
        assert f"{folder} 所在的磁盘是只读的" in sentence
        saved = make_backup(opened, elsewhere / "backup")
        opened.close()
        sentence = refused(lambda: restore(saved.path, folder))
        assert sentence.startswith(f"没有恢复，现有数据没有改动：{folder} 所在的磁盘是只读的")
        for path in elsewhere.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def test_folders_without_permission():
    with as_nobody() as folder:
        folder.chmod(0o777)
        give_up_rights()
        opened = office(folder)
        kept = files.folder(opened)
        saved = make_backup(opened, folder / "backup")
        closed = folder / "closed"
        closed.mkdir()
        try:
            for path in (kept, *(p for p in kept.rglob("*") if p.is_dir()), closed):
                path.chmod(0o555)
            assert "的权限" in refusal(lambda: files.keep_file(opened, "b.pdf", PDF + b"b"))
            assert "的权限" in refused(lambda: make_backup(opened, closed / "b"))
            assert "的权限" in refused(lambda: restore(saved.path, closed))
            assert not list(closed.iterdir())
            # What may be read may be backed up.
            assert check_backup(make_backup(opened, folder / "again").path).evidence
        finally:
            for path in (kept, *(p for p in kept.rglob("*") if p.is_dir()), closed):
                path.chmod(0o755)
            opened.close()
            for path in folder.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
