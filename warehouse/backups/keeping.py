"""A backup every day while the platform is open, and of the old ones as many as the office keeps.

Owns when a backup is made by itself, which are removed, and the note of the last good one and the
last failure. A second program cannot open the database, so `request_backup` leaves its wish in the
data folder, where the open platform finds it.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from warehouse.backups.making import BackupError, make_backup
from warehouse.store import Warehouse, now

log = logging.getLogger(__name__)

FOLDER = "backup"
RECORD = "backup.json"
REQUEST = "backup-request.json"
ANSWER = "backup-answer-"
RETRY = timedelta(hours=1)
"""How long after a failure the day's backup is tried again."""
_NAMED = re.compile(r"credit-(\d{8})-(\d{6})")


@dataclass(frozen=True)
class Retention:
    """How many backups are kept: of the newest days, ISO weeks and months that have one."""

    days: int = 7
    weeks: int = 5
    months: int = 12


@dataclass(frozen=True)
class Record:
    """What happened last; empty texts where nothing did."""

    good_at: str = ""
    good_path: str = ""
    failed_at: str = ""
    failure: str = ""


def kept_record(folder: Path) -> Record:
    """The note in the data folder `folder`; empty when none was made or it is unreadable."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        return Record(**json.loads((folder / RECORD).read_text(encoding="utf-8")))
    return Record()


@dataclass
class Keeper:
    """Makes the backups of one open database; `run` in a thread of its own."""

    warehouse: Warehouse
    retention: Callable[[], Retention] = Retention
    clock: Callable[[], datetime] = now
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self.warehouse.path.parent

    def run(self) -> None:
        """Until `stopping` is set or the database is closed: a look each second for a wish, each
        minute for whether the day's backup is due."""
        looked = 0.0
        while not self.stopping.wait(1) and not self.warehouse.closed:
            self.answer_request()
            if time.monotonic() - looked >= 60:
                looked = time.monotonic()
                if self.is_due():
                    with contextlib.suppress(BackupError):
                        self.make()

    def is_due(self) -> bool:
        """Whether today has no backup yet, and the last try is not just over."""
        last, present = kept_record(self.folder), self.clock()
        if last.failed_at and present - datetime.fromisoformat(last.failed_at) < RETRY:
            return False
        return not any(day == present.date() for day, _ in backups_in(self.folder / FOLDER))

    def make(self, progress: Callable[[str, float], None] = lambda *_: None) -> Path:
        """Make a backup named by the time, note how it went, and remove what need not be kept.

        Raises `BackupError` after noting the failure."""
        target = self.folder / FOLDER / f"credit-{self.clock():%Y%m%d-%H%M%S}"
        self._make(target, progress)
        for path in superfluous(backups_in(target.parent), self.retention()):
            log.info("backup %s is no longer kept", path)
            shutil.rmtree(path, ignore_errors=True)
        return target

    def answer_request(self) -> None:
        """Make the backup that another program asked for, and leave the answer beside the wish."""
        wish = self.folder / REQUEST
        if not wish.is_file():
            return
        try:
            asked = json.loads(wish.read_text(encoding="utf-8"))
            answer = self.folder / f"{ANSWER}{asked['id']}.json"
            target = Path(asked["target"])
        except (OSError, ValueError, KeyError, TypeError):
            log.exception("request for a backup is unreadable")
            wish.unlink(missing_ok=True)
            return
        wish.unlink(missing_ok=True)
        try:
            self._make(target, lambda *_: None)
            outcome = {"failure": ""}
        except BackupError as error:
            outcome = {"failure": str(error)}
        _write(answer, outcome)

    def _make(self, target: Path, progress: Callable[[str, float], None]) -> None:
        before = kept_record(self.folder)
        at = self.clock().isoformat(timespec="seconds")
        try:
            made = make_backup(self.warehouse, target, progress)
        except BackupError as error:
            log.error("backup failed: %s", error)
            failed = Record(before.good_at, before.good_path, at, str(error))
            # A full disk refuses the note too; the log and the screen have the sentence.
            with contextlib.suppress(OSError):
                _write(self.folder / RECORD, asdict(failed))
            raise
        _write(self.folder / RECORD, asdict(Record(at, str(made.path))))


def request_backup(folder: Path, target: Path, seconds: float = 600) -> None:
    """Have the platform that holds the database in `folder` make the backup `target`; returns when it
    is made. Raises `BackupError` with its sentence, or when no platform answers in time."""
    wish = {"id": uuid4().hex, "target": str(target.resolve())}
    answer = folder / f"{ANSWER}{wish['id']}.json"
    _write(folder / REQUEST, wish)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer.is_file():
            failure = json.loads(answer.read_text(encoding="utf-8"))["failure"]
            answer.unlink()
            if failure:
                raise BackupError(failure)
            return
        time.sleep(0.2)
    (folder / REQUEST).unlink(missing_ok=True)
    raise BackupError(
        "数据库正被占用，而平台没有回应备份请求，没有备份。请在平台页面上备份，或关闭平台后重试。"
    )


def backups_in(folder: Path) -> list[tuple[date, Path]]:
    """Day and path of every backup in `folder` that is named by its time, the newest first."""
    made = [
        (datetime.strptime(named[1], "%Y%m%d").date(), path)
        for path in (folder.iterdir() if folder.is_dir() else ())
        if (named := _NAMED.fullmatch(path.name)) and path.is_dir()
    ]
    return sorted(made, key=lambda each: each[1].name, reverse=True)


def superfluous(backups: Iterable[tuple[date, Path]], retention: Retention) -> list[Path]:
    """Which of `backups`, given the newest first, are not the newest of a day, week or month that is
    kept. The newest of all is always kept."""
    kept: dict[str, list[object]] = {"day": [], "week": [], "month": []}
    room = {"day": max(retention.days, 1), "week": retention.weeks, "month": retention.months}
    removed = []
    for day, path in backups:
        periods = {"day": day, "week": day.isocalendar()[:2], "month": (day.year, day.month)}
        is_kept = False
        for period, value in periods.items():
            if value not in kept[period] and len(kept[period]) < room[period]:
                kept[period].append(value)
                is_kept = True
        if not is_kept:
            removed.append(path)
    return removed


def _write(path: Path, content: dict[str, str]) -> None:
    """Write the file whole or not at all."""
    unfinished = path.with_suffix(".new")
    unfinished.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    unfinished.replace(path)
