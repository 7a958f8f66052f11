"""What is looked at in a .docx or .xlsx before anything in it is read: bombs and endless cells."""

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
_MARKUP_ENDS = (".xml", ".rels")
_MARKUP_BEGINS = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\x00?\s*\x00?<")
# What programs keep for themselves may be one long text; no cell is read from it.
_HOLDS_NO_CELL = re.compile(r"^(?:customXml|docProps|_rels)/|/theme/|\.rels$", re.IGNORECASE)


def check_archive(path: Path) -> None:
    """Raises LedgerError for an Office file that is encrypted, unsafe to open or a bomb, and zipfile's
    errors for a damaged one.
    """
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if any(entry.flag_bits & 1 for entry in entries):
            raise LedgerError("文件已加密，请去掉打开密码并另存后再导入")
        names = {entry.filename for entry in entries}
        if any(map(_OUTSIDE.search, names)):
            raise LedgerError(_UNSAFE)
        _check_parts(archive)


def _check_parts(archive: zipfile.ZipFile) -> None:
    """Refuse bombs by unpacking in pieces: the sizes a zip declares may lie.

    An XML entity, a bomb or one that names another file, needs a DOCTYPE, which no Office program
    writes. Pictures count too: a file of nothing else is no ledger.
    """
    unpacked = {"markup": 0, "other": 0}
    marks = 0
    for entry in archive.infolist():
        is_markup = entry.filename.lower().endswith(_MARKUP_ENDS)
        before = unclosed = b""
        with archive.open(entry) as part:
            while piece := part.read(2**20):
                # A part may be called anything; what begins with a tag is read as one.
                is_markup = is_markup or (not before and bool(_MARKUP_BEGINS.match(piece)))
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
                if not _HOLDS_NO_CELL.search(entry.filename):
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
