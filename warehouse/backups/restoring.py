"""A backup put in place of the present data, which is moved aside and never deleted.

The steps are noted in a journal before the first file moves, so that a restore that was cut short is
finished at the next opening.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from accounts import AccountsError, Store, copies
from accounts.store import FILE as ACCOUNTS
from accounts.store import UNFINISHED_RESTORE as JOURNAL
from warehouse.backups.making import DATABASE, EVIDENCE, Backup, BackupError, check_backup
from warehouse.faults import explained
from warehouse.place import NOTE
from warehouse.store import now

log = logging.getLogger(__name__)

PRESENT = (DATABASE, f"{DATABASE}.wal", "credit-evidence", f"{DATABASE}{NOTE}")
"""What lies in the data folder and makes up the office's data, besides the accounts."""


def restore(
    backup: Path, folder: Path, progress: Callable[[str, float], None] = lambda *_: None
) -> tuple[Backup, Path]:
    """Put `backup` in place of the data in the data folder `folder`, with the platform closed.

    Returns the checked backup and the folder that the data present before now lies in. The accounts
    of the backup return without their sessions (`copies.take_back`); where it has none, those that are
    there stay, for a platform without accounts asks nobody to log in. Raises `BackupError` before
    anything moved when the backup is not whole, the disk has no room or the platform is open.
    """
    progress("正在核对备份…", 0.1)
    finish_restore(folder)
    checked = check_backup(backup)
    incoming = folder / f".restore-{uuid4().hex}"
    try:
        progress("正在复制…", 0.4)
        _copy(backup, incoming)
        check_backup(incoming)
        (incoming / EVIDENCE).mkdir(exist_ok=True)
        if checked.accounts is not None:
            copies.take_back(incoming / ACCOUNTS, folder / ACCOUNTS)
            copies.settle(folder / ACCOUNTS)
    except (OSError, BackupError, AccountsError, sqlite3.Error) as error:
        shutil.rmtree(incoming, ignore_errors=True)
        log.exception("restore of %s failed", backup)
        if isinstance(error, BackupError):
            raise
        if isinstance(error, OSError) and error.filename2:
            # The copy that could not be written lies in a folder that nobody knows.
            error = OSError(error.errno, error.strerror)
        cause = explained(error, folder) or (
            str(error)
            if isinstance(error, AccountsError)
            else f"备份不能复制到 {folder}（{getattr(error, 'strerror', None) or error}）。"
        )
        raise BackupError(f"没有恢复，现有数据没有改动：{cause}") from error
    aside = folder / f"恢复前的数据-{now():%Y%m%d-%H%M%S}-{uuid4().hex[:6]}"
    _note(folder / JOURNAL, {"incoming": incoming.name, "aside": aside.name})
    progress("正在换上备份…", 0.8)
    finish_restore(folder)
    if checked.accounts is not None:
        _note_in_trail(folder / ACCOUNTS, checked)
    log.info("restored %s; the data before is in %s", backup, aside)
    progress("恢复完成", 1.0)
    return checked, aside


def finish_restore(folder: Path) -> Path | None:
    """Finish a restore that was cut short, if there is one; returns where the data before it lies.

    Every step may be done twice: what is moved already is not there any more.
    """
    journal = folder / JOURNAL
    if not journal.is_file():
        for left in folder.glob(".restore-*") if folder.is_dir() else ():
            shutil.rmtree(left, ignore_errors=True)
        return None
    noted = json.loads(journal.read_text(encoding="utf-8"))
    incoming, aside = folder / noted["incoming"], folder / noted["aside"]
    aside.mkdir(exist_ok=True)
    database = incoming / DATABASE
    if database.exists():
        # Until the new database is in place, a database in the folder is the old one.
        for name in (PRESENT[3], PRESENT[1], PRESENT[0]):
            _move(folder / name, aside / name)
        if (incoming / EVIDENCE).exists():
            _move(folder / PRESENT[2], aside / PRESENT[2])
            _move(incoming / EVIDENCE, folder / PRESENT[2])
        if (incoming / ACCOUNTS).exists():
            for ending in (*copies.BESIDE, ""):
                _move(folder / f"{ACCOUNTS}{ending}", aside / f"{ACCOUNTS}{ending}")
            _move(incoming / ACCOUNTS, folder / ACCOUNTS)
        _move(database, folder / DATABASE)
    shutil.rmtree(incoming, ignore_errors=True)
    journal.unlink()
    return aside


def _note_in_trail(accounts: Path, backup: Backup) -> None:
    """That the accounts are those of a backup, for whoever reads the trail of logins."""
    store = Store(accounts)
    try:
        store.record("restored", detail=f"{backup.made_at:%Y-%m-%d %H:%M} 的备份")
    except (AccountsError, sqlite3.Error):
        log.exception("the restore of the accounts is not in their trail")
    finally:
        store.close()


def _copy(source: Path, target: Path) -> None:
    """Copy a folder. shutil.copytree goes on after a disk is full and raises a list without causes; here
    the first OSError ends it."""
    target.mkdir()
    for path in sorted(source.rglob("*")):
        copy = target / path.relative_to(source)
        if path.is_dir():
            copy.mkdir()
        else:
            shutil.copyfile(path, copy)


def _move(source: Path, target: Path) -> None:
    if source.exists():
        source.rename(target)


def _note(journal: Path, steps: dict[str, str]) -> None:
    """Write the journal whole or not at all."""
    unfinished = journal.with_suffix(".new")
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump(steps, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(journal)
