"""Stage one: a file, whatever its form, as grids.

Recognises the form by content first and by extension second, and refuses what cannot be a ledger
before any library is asked to open it.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from loaders.grid import Source
from loaders.model import LedgerError

_OFFICE_FILE = b"PK\x03\x04"
_OLE_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
_SAVE_AS = {
    ".doc": "旧版 Word 文件请用 Word 或 WPS 另存为 .docx 后再导入",
    ".wps": "WPS 文字文件请另存为 .docx 后再导入",
    ".rtf": "RTF 文件请用 Word 或 WPS 另存为 .docx 后再导入",
    ".odt": "ODT 文件请另存为 .docx 后再导入",
    ".xls": "旧版 Excel 文件请用 Excel 或 WPS 另存为 .xlsx 后再导入",
    ".et": "WPS 表格文件请另存为 .xlsx 后再导入",
    ".ods": "ODS 文件请另存为 .xlsx 后再导入",
    ".pdf": "暂不能直接读取 PDF，请把表格另存为 .docx 或 .xlsx 后再导入",
    ".html": "暂不能直接读取网页，请把表格复制到 Excel 并另存为 .xlsx 后再导入",
    ".htm": "暂不能直接读取网页，请把表格复制到 Excel 并另存为 .xlsx 后再导入",
}
_WORD, _EXCEL, _TEXT = (".docx", ".docm"), (".xlsx", ".xlsm"), (".txt", ".csv", ".tsv")
_MAX_OFFICE_BYTES = 100 * 2**20
_MAX_UNPACKED_BYTES = 64 * 2**20
# Excel allows 32,767 characters in a cell; in UTF-8 that is under 128 KiB.
MAX_CELL_CHARACTERS = 32_767
_MAX_CELL_BYTES = 128 * 2**10
_CELL_PARTS = ("word/document", "xl/worksheets", "xl/sharedStrings")


def open_source(path: Path, name: str) -> Source:
    """The tables of a .txt, .csv, .docx or .xlsx file; `name` is the file name shown to the user.

    Raises LedgerError: missing, empty, encrypted, damaged, a form that must be saved as another.
    """
    extension = Path(name).suffix.lower()
    size, start = _beginning(path)
    if start.startswith(_OLE_FILE):
        raise LedgerError(_about_ole(path, extension))
    if start.startswith(_OFFICE_FILE):
        return _open_office(path, name, extension, size)
    if extension in _SAVE_AS:
        raise LedgerError(_SAVE_AS[extension])
    if extension in _WORD + _EXCEL:
        kind = "Word" if extension in _WORD else "Excel"
        what = "，内容是一张图片" if start.startswith(_PICTURES) else ""
        raise LedgerError(f"不是有效的 {kind} 文件{what}，请换用原始文件或重新另存后再导入")
    if start.startswith(b"%PDF"):
        raise LedgerError(_SAVE_AS[".pdf"])
    if extension not in _TEXT:
        shown = f"“{extension}”" if extension else "没有扩展名的"
        raise LedgerError(f"不支持{shown}文件，请另存为 .docx、.xlsx、.csv 或 .txt 后再导入")
    from loaders.forms.text import read_text

    return read_text(path, name, size)


def _beginning(path: Path) -> tuple[int, bytes]:
    try:
        if path.is_dir():
            raise LedgerError("这是文件夹，不是文件，请选择其中的台账文件")
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(16)
    except FileNotFoundError:
        raise LedgerError("找不到文件，请检查路径和文件名") from None
    except (OSError, ValueError):
        raise LedgerError("文件无法打开，请检查是否被其他程序占用或没有读取权限") from None
    if not start:
        raise LedgerError("文件是空的（0 字节），请重新导出后再导入")
    return size, start


def _about_ole(path: Path, extension: str) -> str:
    # A password turns .docx and .xlsx into an OLE container with a stream of this name.
    with path.open("rb") as file:
        if "EncryptedPackage".encode("utf-16-le") in file.read(_MAX_OFFICE_BYTES):
            return "文件已加密，请去掉打开密码并另存后再导入"
    if extension in (".doc", ".wps", ".xls", ".et"):
        return _SAVE_AS[extension]
    kind = ".xlsx" if extension in _EXCEL else ".docx"
    return f"这是旧版 Office 文件，请用 Office 或 WPS 另存为 {kind} 后再导入"


def _open_office(path: Path, name: str, extension: str, size: int) -> Source:
    kind = "Word" if extension in _WORD else "Excel" if extension in _EXCEL else "Office"
    damaged = LedgerError(f"不是有效的 {kind} 文件，可能已损坏或没有传完，请重新另存后再导入")
    if size > _MAX_OFFICE_BYTES:
        raise LedgerError(f"文件过大（{size // 2**20} MB），请去掉图片和无关内容后再导入")
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if any(entry.flag_bits & 1 for entry in entries):
                raise LedgerError("文件已加密，请去掉打开密码并另存后再导入")
            names = {entry.filename for entry in entries}
            _check_parts(archive)
        if "word/document.xml" in names:
            from loaders.forms.word import read_word

            return read_word(path, name)
        if "xl/workbook.xml" in names:
            from loaders.forms.workbook import read_workbook

            return read_workbook(path, name)
    except LedgerError:
        raise
    except Exception as error:
        # The libraries meet a damaged file with whatever fails first: KeyError, zlib.error,
        # XMLSyntaxError, ValueError. The user needs one sentence, the log the cause.
        raise damaged from error
    raise damaged if kind != "Office" else LedgerError("压缩包不是台账，请解压后选择其中的文件导入")


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
