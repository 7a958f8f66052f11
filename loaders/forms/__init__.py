"""Stage one: a file, whatever its form, as grids.

Recognises the form by content first and by extension second, and refuses what cannot be a ledger
before any library is asked to open it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from loaders.controls import without_controls
from loaders.forms.archive import check_archive
from loaders.forms.conversion import converted
from loaders.grid import Source
from loaders.model import Issue, LedgerError, Place, Tell, silent

__all__ = ["open_source"]

_OFFICE_FILE = b"PK\x03\x04"
_OLE_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF_FILE = b"%PDF"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
_PICTURE_NAMES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|meta|table|body|div)\b",
    re.I | re.S,
)
_SAVE_AS = {
    ".doc": "旧版 Word 文件请用 Word 或 WPS 另存为 .docx 后再导入",
    ".wps": "WPS 文字文件请另存为 .docx 后再导入",
    ".rtf": "RTF 文件请用 Word 或 WPS 另存为 .docx 后再导入",
    ".odt": "ODT 文件请另存为 .docx 后再导入",
    ".xls": "旧版 Excel 文件请用 Excel 或 WPS 另存为 .xlsx 后再导入",
    ".et": "WPS 表格文件请另存为 .xlsx 后再导入",
    ".ods": "ODS 文件请另存为 .xlsx 后再导入",
}
_BY_CONTENT = (
    (
        re.compile(rb"MIME-Version:", re.I),
        "单个文件网页（.mht）请用 Word 或 WPS 打开后另存为 .docx 再导入",
    ),
    (
        re.compile(rb'.{0,200}<\?mso-application\s+progid="Word', re.S),
        "Word XML 文档请用 Word 或 WPS 另存为 .docx 后再导入",
    ),
    (
        re.compile(rb'.{0,200}<\?mso-application\s+progid="Excel', re.S),
        "XML 表格请用 Excel 或 WPS 另存为 .xlsx 后再导入",
    ),
    (re.compile(rb"{\\rtf"), "RTF 文件请用 Word 或 WPS 另存为 .docx 后再导入"),
    (re.compile(rb"Rar!|7z\xbc\xaf|\x1f\x8b"), "压缩包不是台账，请解压后选择其中的文件导入"),
)
"""Beginning of a file → what it is and the way out, whatever it is called."""
_OTHER_PACKAGES = {
    "workbook.bin": "二进制工作簿（.xlsb）请用 Excel 或 WPS 另存为 .xlsx 后再导入",
    "presentation": "演示文稿不是台账，请把其中的任务表另存为 .docx 或 .xlsx 后再导入",
    "OFD.xml": "OFD 版式文件请用阅读器导出为 PDF，或换用 Word、Excel 原件后再导入",
    "text": _SAVE_AS[".odt"],
    "spreadsheet": _SAVE_AS[".ods"],
    "Index/Document.iwa": "Pages、Numbers 文件请导出为 .docx 或 .xlsx 后再导入",
}
"""What an archive holds, as `package.content_of` names it → the way out."""
_SPREADSHEETS = (".xls", ".et", ".ods", ".xlsx", ".xlsm")
_WORD, _EXCEL, _TEXT = (".docx", ".docm"), (".xlsx", ".xlsm"), (".txt", ".csv", ".tsv", ".md")
_PAGES = (".html", ".htm")
_MAX_BYTES = 100 * 2**20


def open_source(path: Path, name: str, tell: Tell = silent, *, with_hidden: bool = True) -> Source:
    """The tables of a document; `name` is the file name shown to the user, `tell` hears how far the
    opening is. `with_hidden` keeps what a workbook hides, in which a form of the platform travels.
    Characters that no document can hold are taken out of the texts, with an issue.

    Raises LedgerError: missing, empty, encrypted, damaged, a form that must be saved as another.
    """
    return without_controls(_opened(path, name, tell, with_hidden=with_hidden), name)


def _opened(path: Path, name: str, tell: Tell, *, with_hidden: bool) -> Source:
    extension = Path(name).suffix.lower()
    size, start = _beginning(path)
    if size > _MAX_BYTES:
        raise LedgerError(f"文件过大（{size // 2**20} MB），请去掉图片和无关内容后再导入")
    tell("正在打开文件", 0)
    if start.startswith(_OLE_FILE):
        return _open_old_office(path, name, extension, tell, with_hidden=with_hidden)
    if extension in _PICTURE_NAMES:
        # The pages of one ledger come in an archive that is called as the first of them.
        return _open_picture(path, name, tell)
    if start.startswith(_OFFICE_FILE):
        return _open_office(path, name, extension, tell, with_hidden=with_hidden)
    if start.startswith(_PDF_FILE):
        from loaders.forms.pdf import read_pdf

        damaged = "不是有效的 PDF 文件，可能已损坏或没有传完，请重新导出后再导入"
        return _guarded(lambda: read_pdf(path, name, tell), damaged)
    if extension in (*_PAGES, ".xls", ".doc") and (extension in _PAGES or _MARKUP.match(start)):
        from loaders.forms.html import read_html

        damaged = "不是有效的网页文件，请重新保存网页后再导入"
        return _guarded(lambda: read_html(path, name, size), damaged)
    if extension == ".rtf" and start.startswith(b"{\\rtf"):
        return _open_converted(path, name, extension, tell, with_hidden=with_hidden)
    for beginning, way_out in _BY_CONTENT:
        if beginning.match(start):
            raise LedgerError(way_out)
    if extension in (*_WORD, *_EXCEL, ".pdf"):
        kind = "PDF" if extension == ".pdf" else "Word" if extension in _WORD else "Excel"
        what = "，内容是一张图片" if start.startswith(_PICTURES) else ""
        raise LedgerError(f"不是有效的 {kind} 文件{what}，请换用原始文件或重新另存后再导入")
    if extension in _SAVE_AS:
        raise LedgerError(_SAVE_AS[extension])
    if extension not in _TEXT:
        shown = f"“{extension}”" if extension else "没有扩展名的"
        raise LedgerError(f"不支持{shown}文件，请另存为 .docx、.xlsx、.csv 或 .txt 后再导入")
    from loaders.forms.plain import with_account
    from loaders.forms.text import read_text

    return with_account(read_text(path, name, size), path, name)


def _open_picture(path: Path, name: str, tell: Tell) -> Source:
    from loaders.forms.scan import NOT_INSTALLED, is_installed

    if not is_installed():
        raise LedgerError(NOT_INSTALLED)
    from loaders.forms.scan.pictures import read_pictures

    damaged = "不是有效的图片文件，可能已损坏或没有传完，请重新扫描或拍照后再导入"
    return _guarded(lambda: read_pictures(path, name, tell), damaged)


def _beginning(path: Path) -> tuple[int, bytes]:
    try:
        if path.is_dir():
            raise LedgerError("这是文件夹，不是文件，请选择其中的台账文件")
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(1024)
    except FileNotFoundError:
        raise LedgerError("找不到文件，请检查路径和文件名") from None
    except (OSError, ValueError):
        raise LedgerError("文件无法打开，请检查是否被其他程序占用或没有读取权限") from None
    if not start:
        raise LedgerError("文件是空的（0 字节），请重新导出后再导入")
    return size, start


def _guarded(read: Callable[[], Source], damaged: str) -> Source:
    """What `read` gives. The libraries meet a damaged file with whatever fails first: KeyError,
    zlib.error, XMLSyntaxError, ValueError, RecursionError. The user needs one sentence, the log the
    cause.
    """
    try:
        return read()
    except LedgerError:
        raise
    except Exception as error:
        raise LedgerError(damaged) from error


def _open_old_office(
    path: Path, name: str, extension: str, tell: Tell, *, with_hidden: bool
) -> Source:
    # A password turns .docx and .xlsx into an OLE container with a stream of this name.
    with path.open("rb") as file:
        if "EncryptedPackage".encode("utf-16-le") in file.read(_MAX_BYTES):
            raise LedgerError("文件已加密，请去掉打开密码并另存后再导入")
    if extension in (".doc", ".wps", ".xls", ".et"):
        return _open_converted(path, name, extension, tell, with_hidden=with_hidden)
    kind = ".xlsx" if extension in _EXCEL else ".docx"
    raise LedgerError(f"这是旧版 Office 文件，请用 Office 或 WPS 另存为 {kind} 后再导入")


def _open_converted(
    path: Path, name: str, extension: str, tell: Tell, *, with_hidden: bool
) -> Source:
    """A form that only LibreOffice reads, through it; without it, what to save the file as."""
    target = ".xlsx" if extension in _SPREADSHEETS else ".docx"
    tell(f"正在由 LibreOffice 转换为 {target}", 0)
    with converted(path, extension, target) as copy:
        if copy is None:
            raise LedgerError(_SAVE_AS[extension])
        if not copy.is_file():
            raise LedgerError(f"文件没有转换成功，{_SAVE_AS[extension]}")
        source = _open_office(copy, name, target, tell, with_hidden=with_hidden)
    table = source.grids[0].table
    note = Issue(Place(name, table, 1), f"文件由 LibreOffice 转换为 {target} 后读入，请核对")
    return replace(source, issues=(note, *source.issues))


def _open_office(path: Path, name: str, extension: str, tell: Tell, *, with_hidden: bool) -> Source:
    kind = "Word" if extension in _WORD else "Excel" if extension in _EXCEL else "Office"
    damaged = f"不是有效的 {kind} 文件，可能已损坏或没有传完，请重新另存后再导入"

    def read() -> Source:
        check_archive(path)
        from loaders.forms.package import content_of

        content = content_of(path)
        if content == "document":
            from loaders.forms.word import read_word

            return read_word(path, name, tell)
        if content == "workbook":
            from loaders.forms.workbook import read_workbook

            return read_workbook(path, name, tell, with_hidden=with_hidden)
        if extension in (".odt", ".ods"):
            return _open_converted(path, name, extension, tell, with_hidden=with_hidden)
        if content in _OTHER_PACKAGES:
            raise LedgerError(_OTHER_PACKAGES[content])
        raise LedgerError(
            damaged if kind != "Office" else "压缩包不是台账，请解压后选择其中的文件导入"
        )

    return _guarded(read, damaged)
