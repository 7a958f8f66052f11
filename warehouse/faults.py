"""What a disk or a database refuses, as one Chinese sentence with the cause and what to do.

Owns the reading of the errors that the operating system and DuckDB raise. Every room that writes or
reads files hands its error over here; none words a cause of its own.
"""

from __future__ import annotations

import errno
import re
from pathlib import Path

import duckdb

RESTORE = "python -m warehouse restore"
KEPT = "现有文件都不要删除"


class WarehouseError(Exception):
    """The database refuses; the message is one Chinese sentence for the user."""


class AlreadyStored(WarehouseError):
    """This very file is stored already, maybe since a moment ago by another server."""


class WarehouseInUse(WarehouseError):
    """Another program holds the database."""


_BY_NUMBER = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EFBIG: "large",
    errno.EACCES: "denied",
    errno.EPERM: "denied",
    errno.EROFS: "read_only",
    errno.ENOENT: "gone",
    errno.ENOTDIR: "gone",
    errno.EISDIR: "folder",
    errno.EIO: "device",
    errno.EMFILE: "handles",
    errno.ENFILE: "handles",
}
# DuckDB hands on the words of the operating system, on Windows in its language. The order matters:
# a failure to replay the .wal names the damage it met there too.
_BY_WORDS = (
    (r"set lock|being used by|另一个程序正在使用", "in_use"),
    (r"WAL does not match", "foreign_wal"),
    (r"replaying WAL|Corrupt WAL", "wal"),
    (r"No space left|disk space|磁盘空间不足|Disk quota", "full"),
    (r"File too large", "large"),
    (r"Permission denied|Access is denied|not permitted|拒绝访问", "denied"),
    (r"Read-only file system", "read_only"),
    (r"Is a directory", "folder"),
    (r"No such file|cannot find|找不到", "gone"),
    (r"Input/output error", "device"),
    (r"Too many open files", "handles"),
    (r"Corrupt database|checksum|deserializ|Could not read (?:enough|all)|Corrupted|corrupted", "damaged"),
    (r"not a valid DuckDB database", "no_database"),
    (r"has been invalidated", "invalidated"),
)  # fmt: skip
_OF_STATEMENTS = (duckdb.ProgrammingError, duckdb.IntegrityError, duckdb.DataError)
"""Errors about what was asked, not about where the data lie."""
_SENTENCES = {
    "full": "{folder} 所在的磁盘已满，{undone}请清理空间后重试。",
    "large": "{folder} 不能再写入更大的文件（超过系统或磁盘的上限），{undone}请联系系统管理员。",
    "denied": "运行平台的用户没有读写 {path} 的权限，{undone}请放开它和所在文件夹的权限后重试。",
    "read_only": "{folder} 所在的磁盘是只读的，{undone}请改为可写，或换一个数据目录。",
    "gone": "{path} 不在了（文件夹可能被移走、改名，或磁盘断开），{undone}请放回原处后重试。",
    "folder": "{path} 的位置上是一个文件夹，不是文件，{undone}请把它移走，或换一个数据目录。",
    "device": "{folder} 所在的磁盘读写出错，{undone}请检查磁盘和连接，先把数据文件夹另存一份。",
    "handles": "系统中打开的文件太多，{undone}请关闭不用的程序，或重新启动平台后重试。",
    "in_use": "数据库 {name} 正被另一个程序占用，请先关闭已经打开的平台。",
    "wal": "数据库 {name} 旁的 {name}.wal 已损坏，其中最近的录入读不出来，没有打开；" + KEPT + "，请停止平台后用 {restore} 恢复备份。",
    "foreign_wal": "数据库 {name} 旁的 {name}.wal 属于另一个数据库，没有打开；" + KEPT + "，请把与它同时的 {name}.wal 放回，或用 {restore} 恢复备份。",
    "damaged": "数据库 {name} 有损坏的数据块，{undone}用到它的数据读不出来；" + KEPT + "，请停止平台后用 {restore} 恢复备份。",
    "no_database": "{name} 不是有效的数据库文件；" + KEPT + "，请用 {restore} 恢复备份，或换一个数据目录。",
    "invalidated": "数据库 {name} 出错后已停用，{undone}请重新启动平台；仍然出错的，用 {restore} 恢复备份。",
}  # fmt: skip


def explained(
    error: BaseException, path: Path, *, is_writing: bool = False
) -> WarehouseError | None:
    """`error` as what the user is told, or None when it is no failure of disk, folder or database.

    `path`: the file that was opened, read or written, unless the error names one. `is_writing`: the
    sentence says that nothing was stored.
    """
    if isinstance(error, WarehouseError):
        return error
    if isinstance(error, OSError):
        kind = _BY_NUMBER.get(error.errno or 0)
        # Of a copy both files are named; the second is the one that could not be written.
        named = error.filename2 or error.filename
        path = Path(named) if isinstance(named, str | Path) else path
    elif isinstance(error, duckdb.Error) and not isinstance(error, _OF_STATEMENTS):
        kind = next((k for words, k in _BY_WORDS if re.search(words, str(error))), None)
        if found := re.search(r'(?:open|from|to) file "([^"]+)"', str(error)):
            path = Path(found[1])
    else:
        return None
    if kind is None:
        return None
    sentence = _SENTENCES[kind].format(
        path=path,
        folder=path if path.is_dir() else path.parent,
        name=path.name.removesuffix(".wal"),
        restore=RESTORE,
        undone="没有保存，" if is_writing else "",
    )
    return WarehouseInUse(sentence) if kind == "in_use" else WarehouseError(sentence)
