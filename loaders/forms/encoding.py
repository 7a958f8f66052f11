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
_SAMPLE = 20_000
_MOSTLY = 0.9
_PLAINLY, _CLEARLY = 0.2, 0.1
"""Share of common characters from which a text is plainly Chinese, and by which another reading must
be the better one."""
_OTHERS = (("big5hkscs", "Big5（繁体）"), ("shift_jis", "Shift-JIS"), ("euc_kr", "EUC-KR"))
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面"
    "信用交通运输建设任务分工台账级指标目责单位完限制度机厅局处室省市县区州公路政府管理部门开展加强推进落实"
    "组织数据息集归档报送监督检查评价考核办法方案计划月日前底，。、；：（）“”《》"
    "這個國時來們於對會發動說產種務賬級標責單辦實設運輸機廳處縣區開進數據檔報監檢價核劃應與為"
)


def decoded(data: bytes, *, markup: bool = False) -> str:
    """The text with line ends as \\n: by its mark, by what a page (`markup`) declares, then UTF-8 and
    GB18030. Raises LedgerError when none fits.
    """
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        encodings = ["utf-32"]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # "Unicode 文本" saved by Excel.
        encodings = ["utf-16"]
    elif b"\x00" in data:
        raise LedgerError(_of_zeros(data))
    else:
        encodings = ["utf-8-sig", "gb18030"]
    declared = _DECLARED.search(data[:_HEAD]) if markup else None
    if declared:
        name = declared[1].decode("ascii").lower()
        # What is valid UTF-8 is UTF-8, whatever a page saved by another program still declares.
        encodings.insert(1, _SUPERSETS.get(name, name))
    for encoding in encodings:
        try:
            text = data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except (UnicodeDecodeError, LookupError):
            continue
        if encoding == "gb18030" and (other := _rather(data, text)):
            raise LedgerError(f"文字编码像是 {other}，无法可靠读出，请另存为 UTF-8 编码后再导入")
        return text
    if markup:
        # One broken character must not cost the whole page.
        return data.decode(
            "gb18030" if declared and "gb" in declared[1].lower().decode() else "utf-8", "replace"
        )
    other = _rather(data, "")
    named = f"像是 {other}，无法可靠读出" if other else "无法识别"
    raise LedgerError(f"文字编码{named}，请另存为 UTF-8 编码后再导入")


def _of_zeros(data: bytes) -> str:
    """What to say of a text with zero bytes: UTF-16 without its mark, or no text at all."""
    for encoding, name in (("utf-16-le", "UTF-16 LE"), ("utf-16-be", "UTF-16 BE")):
        try:
            text = data[:_HEAD].decode(encoding)
        except UnicodeDecodeError:
            continue
        if text and _usual(text) > _MOSTLY:
            return f"文字编码像是没有标记的 {name}，请另存为 UTF-8 编码后再导入"
    return "不是文本文件，请确认扩展名与内容相符"


def _rather(data: bytes, text: str) -> str:
    """The encoding that reads like Chinese where `text`, read as GB18030, does not; "" for none.

    Nearly any bytes are valid GB18030. Read so, Big5 gives rare characters, private ones and katakana.
    """
    if not text:
        head = data[:_SAMPLE]
        read = ((name, head.decode(encoding, "ignore")) for encoding, name in _OTHERS)
        return next((name for name, other in read if other and _common(other) > _PLAINLY), "")
    sample = "".join(character for character in text[:_SAMPLE] if character > "\x7f")
    if not sample or _common(sample) >= _PLAINLY:
        return ""
    best, name = _common(sample) + _CLEARLY, ""
    for encoding, known in _OTHERS:
        try:
            other = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        share = _common("".join(c for c in other[:_SAMPLE] if c > "\x7f"))
        if share > best:
            best, name = share, known
    return name


def _usual(text: str) -> float:
    """The share of the characters that a Chinese text consists of."""
    plain = sum(
        1
        for c in text
        if c in "\r\n\t"
        or " " <= c <= "~"
        or "\u4e00" <= c <= "\u9fff"
        or "\u3000" <= c <= "\u303f"
        or "\uff00" <= c <= "\uffef"
        or "\u2010" <= c <= "\u201f"
    )
    return plain / len(text)


def _common(text: str) -> float:
    """The share of the characters that are among the commonest of a ledger, in either script."""
    return sum(c in _COMMON for c in text) / len(text) if text else 0


def without_separator_line(text: str) -> tuple[str, str]:
    """(the text without the line sep=; that tells Excel how a .csv is divided, the divider or "").

    Excel shows the line to nobody. It stays as a blank one, so that lines keep their numbers.
    """
    stated = _SEPARATOR_LINE.match(text)
    return (text[stated.end() - 1 :], stated[1]) if stated else (text, "")
