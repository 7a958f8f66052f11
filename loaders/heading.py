"""What the lines around a table say of the whole ledger: title, region and year."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from loaders.wording import arabic, folded, is_level

_PROVINCE = re.compile(
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南"
    "|广东|广西|海南|重庆|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|台湾|香港|澳门"
)
_YEAR = re.compile(r"(?<!\d)(20\d\d)年")
_PERIOD_FROM = re.compile(r"(?<!\d)(20\d\d)年?[至到~—–-]+20\d\d年")
_DOCUMENT_NUMBER = re.compile(r"[〔\[【(](20\d\d)[〕\]】)]\d*号?")
_FILE_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?:[01]\d(?:[0-3]\d)?)?(?!\d)")
# Lines that stand between title and table: 附件1, 填报单位：…, 单位：分, 2020年3月5日, （示范）
_ASIDE = re.compile(r"\(.*\)$")
_NO_TITLE = re.compile(
    r"附[件表]\d*[:.]?$|[^“]{0,8}(?:单位|部门|处室|科室|股室|日期|时间|人|电话)(?:\(.*\))?:|(?:20\d\d年)?\d+月\d+日$|第\d+页|-+\d*-*$"
    # The address a page was saved from.
    r"|.*https?://"
)
# 附件2 2025年重点任务: the number is the annex's.
_ANNEX = re.compile(r"^附\s*[件表]\s*\d{1,2}[:：.]?\s+(?=\S{4})")
_SIGNED = re.compile(r"\d+年\d+月\d+日(?:印发)?$")
_TITLE_ENDS = re.compile(r"(?:台账|台帐|清单|表|方案|计划|要点|分工|任务|细则|通知|汇总|情况)$")
_MAX_TITLE = 100
_LONGEST_NUMBER_LINE = 30


@dataclass(frozen=True)
class Heading:
    """The whole ledger's title, province (short) and year, as far as the document says."""

    title: str
    region: str
    year: int | None


def read_heading(above: Sequence[str], file_name: str, deadlines: Iterable[str]) -> Heading:
    """The heading from the lines above the table, the file name and the deadlines' own years.

    Title: the unbroken lines next above the table, else the file name. Year: title, then document
    number (湘交函〔2019〕276号), then file name, then the year most deadlines name. A signature date
    is none of these.
    """
    stem = Path(file_name).stem
    title = _title(above) or stem
    # 各省、自治区交通运输厅： names those who receive the letter.
    lines = [title, *(line for line in above if not line.rstrip().endswith(("：", ":"))), stem]
    region = next((m[0] for line in lines if (m := _PROVINCE.search(folded(line)))), "")
    return Heading(title, region, _year(title, above, stem, deadlines))


def _title(above: Sequence[str]) -> str:
    """The unbroken lines next above the table, or above the paragraph that introduces a plan.

    A page breaks 关于落实《天津市 / “信用交通省”创建工作实施方案》任务分工 into paragraphs: a title goes on upward
    until its brackets close.
    """
    parts: list[str] = []
    for line in reversed([folded_spaces(line) for line in above]):
        unclosed = "".join(parts).count("》") > "".join(parts).count("《")
        if _ASIDE.match(folded(line)):
            continue
        if not line or _NO_TITLE.match(folded(line)) or (not parts and is_level(line)):
            if parts and not unclosed:
                break
            continue
        if line.endswith(("。", "；", "：", ":", ";")):
            if parts:
                break
            continue
        signed = (
            parts and not unclosed and (_TITLE_ENDS.search(line) or _SIGNED.search(folded(line)))
        )
        if signed:
            break
        parts.insert(0, _ANNEX.sub("", line))
        if sum(map(len, parts)) > _MAX_TITLE:
            return parts[-1][:_MAX_TITLE]
    return "".join(parts)


def folded_spaces(line: str) -> str:
    """The line without the spaces that only spread it out: 湖南省 2019 年 → 湖南省2019年."""
    trimmed = " ".join(line.split())
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", trimmed)


def _year(title: str, above: Sequence[str], stem: str, deadlines: Iterable[str]) -> int | None:
    written = arabic(folded(title))
    period = _PERIOD_FROM.search(written)
    if found := period or _YEAR.search(written):
        return int(found[1])
    numbers = [(m[1], line) for line in above if (m := _DOCUMENT_NUMBER.search(folded(line)))]
    # The document's own number stands on a line by itself; a paragraph quotes those of others.
    own = [n for n, line in numbers if len(folded(line)) <= _LONGEST_NUMBER_LINE] or [
        n for n, _ in numbers
    ]
    if own:
        return int(own[-1])
    if found := _FILE_YEAR.search(folded(stem)):
        return int(found[1])
    named = Counter(
        year
        for text in deadlines
        for year in re.findall(r"(?<!\d)20\d\d(?=年|[./-])", folded(text))
    )
    return int(named.most_common(1)[0][0]) if named else None
