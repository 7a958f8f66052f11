"""Evidence files, kept beside the database under the hash of their content.

Owns which files are accepted and where they lie. The database knows a file by name and hash only, so
the same file handed in twice is kept once, and a name can do no harm.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from uuid import uuid4

from warehouse.entries.recording import check_author
from warehouse.faults import WarehouseError, explained
from warehouse.store import Warehouse

MOST_BYTES = 20 * 1024 * 1024
_ZIP, _OLE, _JPEG = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xd8\xff"
ACCEPTED = {
    "pdf": (b"%PDF",),
    "ofd": (_ZIP,),
    "docx": (_ZIP,),
    "xlsx": (_ZIP,),
    "pptx": (_ZIP,),
    "doc": (_OLE,),
    "xls": (_OLE,),
    "ppt": (_OLE,),
    # WPS saves its own formats in either container.
    "wps": (_OLE, _ZIP),
    "et": (_OLE, _ZIP),
    "jpg": (_JPEG,),
    "jpeg": (_JPEG,),
    "png": (b"\x89PNG",),
}
"""Ending of a file's name → what its content begins with."""


def keep_file(warehouse: Warehouse, name: str, content: bytes) -> str:
    """Keep the file and return the hash it is kept under.

    Raises `WarehouseError` when the file is empty, too large, of a kind not accepted, not of the kind
    its name says, or cannot be written, and when the account may not hand in evidence.
    """
    warehouse.check("登记佐证材料")
    ending = Path(name).suffix.lower().removeprefix(".")
    if ending not in ACCEPTED:
        raise WarehouseError(
            f"佐证材料不接受“{name}”这类文件，请改用 {'、'.join(sorted(ACCEPTED))} 之一。"
        )
    if not content:
        raise WarehouseError(f"“{name}”是空文件，请核对后重新选择。")
    if len(content) > MOST_BYTES:
        raise WarehouseError(
            f"“{name}”有 {len(content) / 1024**2:.0f} MB，超过 {MOST_BYTES // 1024**2} MB 的上限，"
            "请压缩后再上传，或改填链接。"
        )
    if not content.startswith(ACCEPTED[ending]):
        raise WarehouseError(f"“{name}”的内容不是 {ending} 文件，请用原来的软件另存后再上传。")
    return keep_by_hash(warehouse, content)


def keep_by_hash(warehouse: Warehouse, content: bytes) -> str:
    """Keep a content of any kind, here and in the record of several servers, and return the hash it is
    kept under. Raises `WarehouseError` when it cannot be written."""
    sha256 = hashlib.sha256(content).hexdigest()
    if warehouse.record:
        warehouse.record.keep_file(sha256, content)
    keep_content(warehouse, sha256, content)
    return sha256


def keep_content(warehouse: Warehouse, sha256: str, content: bytes) -> None:
    """Write the content into the folder of this database, under its hash.

    Raises `WarehouseError` when it cannot be written.
    """
    target = _place(warehouse, sha256)
    # In a folder that is gone a new one would be made, and the file would lie where nobody looks.
    warehouse.place.check_present()
    # Written aside and renamed: a file that was cut short never bears its hash.
    aside = target.with_name(f"{target.name}.{uuid4().hex}")
    try:
        if not _is_intact(target, sha256):
            target.parent.mkdir(parents=True, exist_ok=True)
            with aside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                # What was altered is put aside, not destroyed.
                target.replace(target.with_name(f"{sha256}.altered-{uuid4().hex}"))
            aside.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise explained(error, target, is_writing=True) or error from error


def supply_again(
    warehouse: Warehouse, sha256: str, name: str, content: bytes, *, recorded_by: str
) -> None:
    """Keep a file that was lost or altered since it was handed in, when this is the very file.

    Raises `WarehouseError` when its content is another, when the file is not lost, or nobody signs.
    """
    check_author(recorded_by)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise WarehouseError(f"“{name}”不是当初登记的那个文件（内容不同），请找到原件再补交。")
    with warehouse.writing(recorded_by.strip(), "补回佐证文件") as writer:
        if _is_kept(warehouse, sha256):
            raise WarehouseError("佐证文件已经补回，请刷新页面。")
        keep_file(warehouse, name, content)
        writer.record("补回佐证文件", "evidence", None, after={"文件": name})


def _is_kept(warehouse: Warehouse, sha256: str) -> bool:
    if _is_intact(_place(warehouse, sha256), sha256):
        return True
    # What a server has lost from its own disk, the record still has.
    return warehouse.record is not None and warehouse.record.file(sha256) is not None


def _is_intact(path: Path, sha256: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def kept_file(warehouse: Warehouse, sha256: str) -> bytes:
    """The content kept under this hash. Raises `WarehouseError` when it is missing, was altered or
    cannot be read."""
    path = _place(warehouse, sha256)
    try:
        if warehouse.record and not _is_intact(path, sha256):
            # Another server took it in.
            shared = warehouse.record.file(sha256)
            if shared is not None:
                keep_content(warehouse, sha256, shared)
        content = path.read_bytes() if path.is_file() else None
    except OSError as error:
        raise explained(error, path) or error from error
    if content is None:
        raise WarehouseError(
            f"佐证文件不在 {folder(warehouse).name} 文件夹中，请补交原件，或从备份恢复。"
        )
    if hashlib.sha256(content).hexdigest() != sha256:
        raise WarehouseError("佐证文件存入后被改动过，不再是原件，请补交原件，或从备份恢复。")
    return content


def folder(warehouse: Warehouse) -> Path:
    """Where the files of this database lie; made when the first one comes."""
    return warehouse.path.with_name(f"{warehouse.path.stem}-evidence")


def _place(warehouse: Warehouse, sha256: str) -> Path:
    return folder(warehouse) / sha256[:2] / sha256
