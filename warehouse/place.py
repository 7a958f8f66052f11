"""Where the database lies on the disk: what is there before it is opened, and whether the open file is
still what lies there when something is stored.

DuckDB opens a database whose .wal is missing, empty or garbled without the entries in it, and goes
on writing to a file that was removed. Owns the note of the newest data version beside the database,
by which lost entries are noticed, and the comparison of the path with the open file.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.faults import KEPT, RESTORE, WarehouseError
from warehouse.statements import statement

log = logging.getLogger(__name__)

NOTE = ".version"
"""Ending of the note; before it stands the whole name of the database."""
DIGITS = 20
"""A note is as long as the one before: it is written over and takes no new room on the disk."""
CONNECTION: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
_Identity = tuple[int, int] | None


class Place:
    """The path of one database file, opened or to be opened."""

    def __init__(self, path: Path):
        self.path = path
        self.is_on_disk = str(path) != ":memory:"
        self.wal = path.with_name(f"{path.name}.wal")
        self.note = path.with_name(f"{path.name}{NOTE}")
        self._opened: _Identity = None
        self._opened_wal: _Identity = None

    def check(self) -> None:
        """Before the file is opened, and without changing anything: raises `WarehouseError` when a
        link or a folder lies in its place, or when entries that were stored are not in it."""
        if not self.is_on_disk:
            return
        name = self.path.name
        if self.path.is_symlink():
            raise WarehouseError(
                f"数据库的位置 {self.path} 上是一个链接，没有打开；请用 --data 或 CREDIT_DATA_DIR 指明"
                "数据库真正所在的文件夹，或把数据库文件移回这里。"
            )
        if self.path.exists() and not self.path.is_file():
            raise WarehouseError(
                f"数据库的位置 {self.path} 上是一个文件夹或设备，不是文件；请把它移走，或换一个数据目录。"
            )
        noted = self.noted_version()
        if not self.path.exists():
            if noted or self._has_wal():
                raise WarehouseError(
                    f"数据库 {name} 不在 {self.path.parent} 中，旁边却有它留下的文件，没有新建；"
                    f"{KEPT}，请把 {name} 放回，或用 {RESTORE} 恢复备份。"
                )
            return
        if not self.path.stat().st_size:
            raise WarehouseError(
                f"数据库 {name} 是空文件，没有打开；{KEPT}，请用 {RESTORE} 恢复备份。"
            )
        if noted and (found := self._version_on_disk()) < noted:
            raise WarehouseError(
                f"数据库 {name} 少了 {noted - found} 次录入（现有数据版本 {found}，应为 {noted}）："
                f"{self._about_wal()}，没有打开。{KEPT}；请把 {name} 和 {name}.wal 一起放回，或用 "
                f"{RESTORE} 恢复备份；都没有的，用 python -m warehouse accept 按现有数据打开。"
            )

    def noted_version(self) -> int:
        """The data version that the last write reached; 0 when there is no note."""
        with contextlib.suppress(OSError, ValueError):
            return int(self.note.read_text(encoding="ascii"))
        return 0

    def accept(self) -> tuple[int, int]:
        """Let the database be opened as it is; returns the data version it has then and the noted one.
        The note is renamed, and so is a .wal that cannot be read; of one that can, a copy stays."""
        noted, suffix = self.noted_version(), f".{datetime.now():%Y%m%d-%H%M%S}"
        kept = self.wal.with_name(self.wal.name + suffix)
        try:
            found = self._version_on_disk()
            if self.wal.exists():
                shutil.copy2(self.wal, kept)
        except duckdb.Error:
            self.wal.rename(kept)
            found = self._version_on_disk()
        if self.note.exists():
            self.note.rename(self.note.with_name(self.note.name + suffix))
        return found, noted

    def opened(self) -> None:
        """The file has just been opened: from now on this very file has to lie at the path."""
        self._opened = _identity(self.path)

    def check_present(self) -> None:
        """Before something is stored: raises `WarehouseError` when the open file is not what lies at
        its path, so that what is written would be lost."""
        if not self.is_on_disk or _identity(self.path) == self._opened:
            return
        if self.path.exists():
            what = f"{self.path} 已被换成另一个文件"
        elif self.path.parent.exists():
            what = f"数据库 {self.path.name} 已不在 {self.path.parent} 中"
        else:
            what = f"数据文件夹 {self.path.parent} 已不在原处（被移走、改名，或磁盘断开）"
        raise WarehouseError(f"没有保存：{what}。请放回原处后重试；放不回的，重新启动平台。")

    def settle(self, connection: duckdb.DuckDBPyConnection, data_version: int) -> None:
        """After a write: it is in the file at the path, or in its .wal, and noted. Where the .wal was
        removed or replaced, all is written into the database itself."""
        if not self.is_on_disk:
            return
        self.check_present()
        wal = _identity(self.wal)
        if wal is None or (self._opened_wal is not None and wal != self._opened_wal):
            connection.execute(statement("checkpoint")).fetchall()
            self.check_present()
            wal = _identity(self.wal)
        self._opened_wal = wal
        try:
            with self.note.open("r+" if self.note.exists() else "w", encoding="ascii") as file:
                file.write(f"{data_version:0{DIGITS}d}")
        except OSError:
            # The entries themselves are stored; a later loss of them is noticed less surely.
            log.warning("the note %s could not be written", self.note, exc_info=True)

    def _has_wal(self) -> bool:
        return self.wal.exists() and self.wal.stat().st_size > 0

    def _about_wal(self) -> str:
        if not self.wal.exists():
            return f"{self.wal.name} 缺失，或数据库被换成了旧的"
        return f"{self.wal.name} {'已损坏' if self._has_wal() else '是空的'}"

    def _version_on_disk(self) -> int:
        """Opened for reading, DuckDB leaves a .wal that it cannot use as it is."""
        with duckdb.connect(str(self.path), read_only=True, config=CONNECTION) as connection:
            return int(connection.execute(statement("data_version")).fetchall()[0][0])


def _identity(path: Path) -> _Identity:
    """Which file lies at the path, whatever it is called; None when none does."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
