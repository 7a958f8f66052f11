"""What is looked at in a .docx or .xlsx before a library may open it: bombs and endless cells."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from loaders.limits import MAX_CELL_CHARACTERS
from loaders.model import LedgerError

_MAX_UNPACKED_BYTES = 64 * 2**20
_MAX_MARKS = 4_000_000
"""Tags and attributes; in memory each takes some 150 bytes."""
_UNSAFE = "文件含有不安全的内容，请用 Office 或 WPS 重新另存后再导入"
_OUTSIDE = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)")
"""A name of a part that leads out of the archive, as in ../../x."""
_DOCTYPES = [
    mark.encode(encoding)
    for mark in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
]
_LONGEST_DOCTYPE = max(map(len, _DOCTYPES))
# A character may be written as &#23383; or longer.
_MAX_CELL_BYTES = 10 * MAX_CELL_CHARACTERS
_CELL_PARTS = ("word/document", "xl/worksheets", "xl/sharedStrings")


def checked_names(path: Path) -> set[str]:
    """The names of the parts of an Office file that is safe to open.

    Raises LedgerError for an encrypted one and a bomb, zipfile's errors for a damaged one.
    """
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if any(entry.flag_bits & 1 for entry in entries):
            raise LedgerError("文件已加密，请去掉打开密码并另存后再导入")
        names = {entry.filename for entry in entries}
        if any(map(_OUTSIDE.search, names)):
            raise LedgerError(_UNSAFE)
        _check_parts(archive)
        return names


def _check_parts(archive: zipfile.ZipFile) -> None:
    """Refuse bombs by unpacking in pieces: the sizes a zip declares may lie.

    An XML entity, a bomb or one that names another file, needs a DOCTYPE, which no Office program
    writes. Pictures count too: python-docx unpacks every part.
    """
    unpacked = {"markup": 0, "other": 0}
    marks = 0
    for entry in archive.infolist():
        is_markup = entry.filename.endswith((".xml", ".rels"))
        holds_cells = entry.filename.startswith(_CELL_PARTS)
        before = unclosed = b""
        with archive.open(entry) as part:
            while piece := part.read(2**20):
                kind = "markup" if is_markup else "other"
                unpacked[kind] += len(piece)
                marks += is_markup * (piece.count(b"<") + piece.count(b'="'))
                if unpacked[kind] > _MAX_UNPACKED_BYTES or marks > _MAX_MARKS:
                    raise LedgerError("文件解压后过大，请去掉图片和多余的行列后再导入")
                if not is_markup:
                    continue
                if any(mark in before + piece for mark in _DOCTYPES):
                    raise LedgerError(_UNSAFE)
                before = piece[-_LONGEST_DOCTYPE:]
                if holds_cells:
                    unclosed = _after_last_tag(unclosed + piece)


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
