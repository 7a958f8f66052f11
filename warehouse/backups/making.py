"""One backup: written aside, checked, then named.

A backup is a folder with the database, the files of evidence under the hashes they are kept by, the
accounts where there are any, and a manifest of what must be in it. Owns its form; knows nothing of when one is made.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import duckdb

from accounts import AccountsError, copies
from accounts.store import FILE as ACCOUNTS
from warehouse.entries import files
from warehouse.faults import WarehouseError, explained
from warehouse.store import MIGRATIONS, Warehouse, now, statement

log = logging.getLogger(__name__)

DATABASE = "credit.duckdb"
EVIDENCE = "evidence"
MANIFEST = "manifest.json"
UNFINISHED = ".part"
"""Ending of the folder a backup is written in until it is checked; its name begins with a dot."""
_HASH = re.compile(r"[0-9a-f]{64}")
_one_at_a_time = threading.Lock()


class BackupError(WarehouseError):
    """A backup could not be made, or is not whole; one Chinese sentence for the user."""


@dataclass(frozen=True)
class Backup:
    """A checked backup."""

    path: Path
    made_at: datetime
    schema_version: int
    data_version: int
    rows: dict[str, int]
    """Table → number of rows."""
    evidence: tuple[str, ...]
    """Hashes of the files of evidence."""
    missing: tuple[str, ...] = ()
    """Hashes that the database names and whose files were no longer there."""
    accounts: int | None = None
    """How many accounts; None where there was no file of them, or the backup is of an older program."""
    accounts_sha256: str = ""


def make_backup(
    warehouse: Warehouse, target: Path, progress: Callable[[str, float], None] = lambda *_: None
) -> Backup:
    """Back up an open database, its evidence and the accounts beside it into the new folder `target`.

    `progress` is called with a Chinese message and a fraction 0–1. Raises `BackupError` and leaves
    nothing under the name when the target exists, the disk is full or the copy is not whole.
    """
    if target.exists():
        raise BackupError(f"备份 {target} 已存在，请换一个名称。")
    aside = target.with_name(f".{target.name}.{uuid4().hex}{UNFINISHED}")
    with _one_at_a_time:
        try:
            _remove_unfinished(target.parent)
            aside.mkdir(parents=True)
            progress("正在复制数据库…", 0.1)
            before = _rows_of(warehouse)
            warehouse.backup(aside / DATABASE)
            after = _rows_of(warehouse)
            progress("正在复制佐证文件…", 0.4)
            kept = _copy_evidence(files.folder(warehouse), aside / EVIDENCE)
            _copy_accounts(warehouse.path.with_name(ACCOUNTS), aside / ACCOUNTS)
            progress("正在核对备份…", 0.7)
            made = _described(aside, kept)
            # Rows are only added: a copy made in between has as many as before, or more.
            wrong = [
                table
                for table, rows in made.rows.items()
                if not before.get(table, 0) <= rows <= after.get(table, 0)
            ]
            if wrong or made.rows.keys() != after.keys():
                raise BackupError(
                    f"备份没有通过核对（{'、'.join(wrong) or '缺少数据表'}），已作废。"
                )
            _write_manifest(made)
            check_backup(aside)
            _flush(aside)
            aside.rename(target)
            _flush(target.parent)
        except (OSError, duckdb.Error) as error:
            log.exception("backup %s failed", target)
            cause = explained(error, target) or "复制中断，请查看日志后重做。"
            raise BackupError(f"备份没有完成，没有留下备份：{cause}") from error
        except AccountsError as error:
            log.exception("backup %s failed", target)
            raise BackupError(f"备份没有完成，没有留下备份：{error}") from error
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    log.info("backup %s made, data version %d", target, made.data_version)
    progress("备份完成", 1.0)
    return replace(made, path=target)


def check_backup(path: Path) -> Backup:
    """Whether the backup in the folder `path` is whole: its database opens, has the rows of the
    manifest, every file of evidence and that of the accounts has the content of its hash. Raises
    `BackupError` if not."""
    if not (path / MANIFEST).is_file() or not (path / DATABASE).is_file():
        raise BackupError(f"{path} 不是本平台的备份，请选择备份文件夹。")
    try:
        noted = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        backup = Backup(
            path,
            datetime.fromisoformat(noted["made_at"]),
            noted["schema_version"],
            noted["data_version"],
            noted["rows"],
            tuple(noted["evidence"]),
            tuple(noted["missing"]),
            noted.get("accounts"),
            noted.get("accounts_sha256", ""),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"备份 {path.name} 的清单读不出来，请换一份备份。") from error
    if backup.schema_version > len(MIGRATIONS):
        raise BackupError(f"备份 {path.name} 由更新的版本制作，请先升级程序再恢复。")
    for sha256 in backup.evidence:
        file = path / EVIDENCE / sha256[:2] / sha256
        if not file.is_file() or _sha256(file) != sha256:
            raise BackupError(f"备份 {path.name} 中有佐证文件缺失或被改动，请换一份备份。")
    if backup.accounts is not None and not (path / ACCOUNTS).is_file():
        raise BackupError(f"备份 {path.name} 中缺少账号文件，请换一份备份。")
    present = _described(path, backup.evidence)
    if backup.accounts is not None and present.accounts_sha256 != backup.accounts_sha256:
        raise BackupError(f"备份 {path.name} 中的账号文件被改动，请换一份备份。")
    if (present.rows, present.data_version) != (backup.rows, backup.data_version):
        raise BackupError(f"备份 {path.name} 的数据库与清单不符，请换一份备份。")
    return backup


def _described(folder: Path, kept: tuple[str, ...]) -> Backup:
    """What the database and the accounts in `folder` hold, read anew from the disk."""
    try:
        connection = duckdb.connect(
            str(folder / DATABASE),
            read_only=True,
            config={"autoinstall_known_extensions": False, "autoload_known_extensions": False},
        )
    except duckdb.Error as error:
        raise BackupError(f"备份 {folder.name} 的数据库打不开，请换一份备份。") from error
    try:
        rows = _rows(connection)
        if "schema_version" not in rows:
            raise BackupError(f"备份 {folder.name} 的数据库是空的，请换一份备份。")
        schema_version = _value(connection, "schema_version")
        data_version = _value(connection, "data_version")
        named = connection.execute(statement("evidence_hashes")).fetchall()
    except duckdb.Error as error:
        raise BackupError(f"备份 {folder.name} 的数据库不完整，请换一份备份。") from error
    finally:
        connection.close()
    missing = sorted({sha256 for (sha256,) in named} - set(kept))
    made = Backup(folder, now(), schema_version, data_version, rows, kept, tuple(missing))
    accounts = folder / ACCOUNTS
    if not accounts.is_file():
        return made
    try:
        return replace(
            made, accounts=copies.check_copy(accounts), accounts_sha256=_sha256(accounts)
        )
    except AccountsError as error:
        raise BackupError(f"备份 {folder.name} 不完整：{error}") from error


def _rows_of(warehouse: Warehouse) -> dict[str, int]:
    with warehouse.cursor() as cursor:
        return _rows(cursor)


def _rows(cursor: duckdb.DuckDBPyConnection) -> dict[str, int]:
    tables = [name for (name,) in cursor.execute(statement("tables")).fetchall()]
    counts = {}
    for name in tables:
        sql = statement("count_rows").format(table=f'"{name}"')
        counts[name] = int(cursor.execute(sql).fetchall()[0][0])
    return counts


def _value(cursor: duckdb.DuckDBPyConnection, name: str) -> int:
    return int(cursor.execute(statement(name)).fetchall()[0][0])


def _copy_evidence(source: Path, target: Path) -> tuple[str, ...]:
    """Copy every whole file of evidence; returns their hashes. A file that was altered on the disk
    is copied all the same, under a name that says so: nothing that is left of it is lost."""
    kept = []
    for file in sorted(source.glob("*/*")) if source.is_dir() else ():
        if not _HASH.fullmatch(file.name):
            continue
        copy = target / file.parent.name / file.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
        if _sha256(copy) == file.name:
            kept.append(file.name)
        else:
            copy.rename(copy.with_suffix(".altered"))
    return tuple(kept)


def _copy_accounts(source: Path, target: Path) -> None:
    """Copy the accounts, which only their owner may read."""
    content = copies.content_of(source)
    if content is None:
        return
    with os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)


def _write_manifest(backup: Backup) -> None:
    noted = {
        "made_at": backup.made_at.isoformat(),
        "schema_version": backup.schema_version,
        "data_version": backup.data_version,
        "rows": backup.rows,
        "evidence": backup.evidence,
        "missing": backup.missing,
        "accounts": backup.accounts,
        "accounts_sha256": backup.accounts_sha256,
    }
    text = json.dumps(noted, ensure_ascii=False, indent=1)
    (backup.path / MANIFEST).write_text(text, encoding="utf-8")


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _flush(folder: Path) -> None:
    """Wait until every file below `folder`, and the folders themselves, are on the disk."""
    for path in [*folder.rglob("*"), folder] if folder.name.endswith(UNFINISHED) else [folder]:
        if path.is_dir() and os.name == "nt":
            continue  # Windows does not open folders
        handle = os.open(path, os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove_unfinished(folder: Path) -> None:
    """What a backup left that was killed."""
    for path in folder.glob(f".*{UNFINISHED}") if folder.is_dir() else ():
        shutil.rmtree(path, ignore_errors=True)
