"""The characters of a text file: which encoding an office saved it in."""

from __future__ import annotations

import codecs
import re

from loaders.model import LedgerError

_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_SEPARATOR_LINE = re.compile(r"sep=(.)\n", re.IGNORECASE)
# A page declares gb2312 and uses characters that only its supersets have.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs"}
_HEAD = 4096


def decoded(data: bytes, *, markup: bool = False) -> str:
    """The text with line ends as \\n: by its mark, by what a page (`markup`) declares, then UTF-8 and
    GB18030. Raises LedgerError when none fits.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # "Unicode 文本" saved by Excel.
        encodings = ["utf-16"]
    elif b"\x00" in data:
        raise LedgerError("不是文本文件，请确认扩展名与内容相符")
    else:
        encodings = ["utf-8-sig", "gb18030"]
    declared = _DECLARED.search(data[:_HEAD]) if markup else None
    if declared:
        name = declared[1].decode("ascii").lower()
        # What is valid UTF-8 is UTF-8, whatever a page saved by another program still declares.
        encodings.insert(1, _SUPERSETS.get(name, name))
    for encoding in encodings:
        try:
            return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except (UnicodeDecodeError, LookupError):
            continue
    if markup:
        # One broken character must not cost the whole page.
        return data.decode(
            "gb18030" if declared and "gb" in declared[1].lower().decode() else "utf-8", "replace"
        )
    raise LedgerError("文字编码无法识别，请另存为 UTF-8 编码后再导入")


def without_separator_line(text: str) -> tuple[str, str]:
    """(the text without the line sep=; that tells Excel how a .csv is divided, the divider or "").

    Excel shows the line to nobody. It stays as a blank one, so that lines keep their numbers.
    """
    stated = _SEPARATOR_LINE.match(text)
    return (text[stated.end() - 1 :], stated[1]) if stated else (text, "")
