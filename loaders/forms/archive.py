"""What is looked at in a .docx or .xlsx before a library may open it: bombs and endless cells."""

from __future__ import annotations

import zipfile
from pathlib import Path

from loaders.model import LedgerError

_MAX_UNPACKED_BYTES = 64 * 2**20
# Excel allows 32,767 characters in a cell; in UTF-8 that is under 128 KiB.
MAX_CELL_CHARACTERS = 32_767
_MAX_CELL_BYTES = 128 * 2**10
_CELL_PARTS = ("word/document", "xl/worksheets", "xl/sharedStrings")


def checked_names(path: Path) -> set[str]:
    """The names of the parts of an Office file that is safe to open.

    Raises LedgerError for an encrypted one and a bomb, zipfile's errors for a damaged one.
    """
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if any(entry.flag_bits & 1 for entry in entries):
            raise LedgerError("文件已加密，请去掉打开密码并另存后再导入")
        _check_parts(archive)
        return {entry.filename for entry in entries}


def _check_parts(archive: zipfile.ZipFile) -> None:
    """Refuse bombs by unpacking in pieces: the sizes a zip declares may lie.

    An XML entity bomb needs a DOCTYPE, which no Office program writes.
    """
    unpacked = 0
    for entry in archive.infolist():
        if not entry.filename.endswith((".xml", ".rels")):
            continue
        holds_cells = entry.filename.startswith(_CELL_PARTS)
        unclosed = b""
        with archive.open(entry) as part:
            while piece := part.read(2**20):
                if not unclosed and (b"<!DOCTYPE" in piece or b"<!ENTITY" in piece):
                    raise LedgerError("文件含有不安全的内容，请用 Office 或 WPS 重新另存后再导入")
                unpacked += len(piece)
                if unpacked > _MAX_UNPACKED_BYTES:
                    raise LedgerError("文件解压后过大，请去掉多余的行列和内容后再导入")
                unclosed = _after_last_tag(unclosed + piece) if holds_cells else b"<"


def _after_last_tag(xml: bytes) -> bytes:
    """What follows the last `<` looked at; raises when a text between two tags exceeds a cell.

    Such a text is no table of tasks, and would cost the libraries gigabytes.
    """
    position = 0
    while len(xml) - position > _MAX_CELL_BYTES:
        position = xml.rfind(b"<", position + 1, position + _MAX_CELL_BYTES)
        if position < 0:
            raise LedgerError(f"有一格超过 {MAX_CELL_CHARACTERS} 字，不是台账表格，请检查文件内容")
    return xml[position:]
