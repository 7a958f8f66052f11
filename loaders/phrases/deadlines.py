"""Until when: the wording of a 完成时限 cell as a date or as a kind of no date."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from itertools import pairwise

from loaders.model import Deadline
from loaders.phrases.frequency import read_cadences
from loaders.reference import deadline_words
from loaders.wording import arabic, folded

# 《信用管理办法（2020年版）》 and 湘交函〔2019〕276号 name a document, not a day.
_NAMED_DOCUMENT = re.compile(r"《[^》]{0,200}》|[〔\[【(](?:19|20)\d\d[〕\]】)]\s*第?\d*号?")
_YEAR_WORDS = {"今年": 0, "本年": 0, "当年": 0, "本年度": 0, "明年": 1, "次年": 1, "翌年": 1}
_MONTH = r"(?P<m{0}>1[0-2]|0?[1-9])"
_MOMENT = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)年?度?|(?P<relative>今年|本年度|本年|当年|明年|次年|翌年))?"
    r"(?:"
    rf"(?(year)(?P<join>[./-]){_MONTH.format(1)}(?!\d)(?:(?P=join)(?P<d1>\d{{1,2}})(?!\d))?|(?!))"
    rf"|(?<!\d){_MONTH.format(2)}月份?(?!内)(?:(?P<d2>\d{{1,2}})(?![\d次个项件期])[日号]?|(?P<part>[上中下]旬|初|中))?"
    r"|(?P<half>[上下])半年"
    r"|第?(?P<quarter>[1-4])季度?|Q(?P<q>[1-4])"
    r"|年?(?P<end>底|末|终)|(?P<span>年内)|年?(?P<middle>中)|年?(?P<start>初)"
    r")?"
)
_COMPACT = re.compile(r"(20\d\d)(0[1-9]|1[0-2])(\d\d)?(?:000000)?")
_MONTH_DAY = re.compile(r"(1[0-2]|0?[1-9])[./-](\d{1,2})(?:日?之?前)?[。.]?")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_EVERY = re.compile(r"每[一1]?个?年?$")
_LONGEST_EVERY = 4
_LONGEST = 2000
"""Characters of a text that states a date; a longer one is no deadline."""
_SHORT_YEAR = re.compile(r"(?<!\d)([12]\d)年(?=\d|[底末终]|[上下]半年|第[1-4]季)")
_CLOCK = re.compile(r"(?<=\d)\s+\d{1,2}:\d{2}(?::\d{2})?\s*$")
# 202年6月, 20201年底, 2120.6.30: as many digits as no year has, or a century that no ledger is of.
_MISTYPED = re.compile(
    r"(?<!\d)(?!(?:19|20)\d\d(?!\d))(?P<wrong>\d{3,5})"
    r"(?:(?=年度?(?:\d{1,2}月|[上下]半年|第?[1-4]季|底|末|终|内|中|$))|(?=([./-])\d{1,2}\2\d{1,2}(?!\d)))"
)
# 8月前 may mean before August or by its end; 8月底前 and 8月10日前 are plain.
_BEFORE_MONTH = re.compile(r"\d月份?(?:以|之)?前")
_RANGE = re.compile(r"^年?[至到~—–-]+$")


def read_deadline(text: str, document_year: int | None) -> Deadline:
    """The deadline a cell states; a month means its last day, and a missing year the document's.

    2024 年 12月底前, 二〇二四年十二月, 10月31日前, 第三季度, 上半年, 2021-2025年 and an Excel date
    number are dates, of several the last; words are looked up in data/reference/deadline_words.csv
    (持续推进 → ongoing, 根据需求 → as-needed); 每季度 is ongoing, because only its cadence can be
    judged. A bare year beside such a word is no date (2020年全年, 2021-2025年持续推进).
    """
    if len(text) > _LONGEST:
        return Deadline("unspecified")
    moments = _moments(text, document_year)
    kind = _kind_by_word(text)
    exact = [day for day, bare_year in moments if not bare_year]
    if exact or (moments and kind not in ("ongoing", "as-needed")):
        return Deadline("date", max(exact or [day for day, _ in moments]))
    if kind is None:
        kind = "ongoing" if read_cadences(text) else "unspecified"
    return Deadline(kind)


def deadline_doubt(text: str, document_year: int | None) -> str:
    """What a clerk should check about this deadline, in Chinese; "" when it reads plainly."""
    if not text.strip():
        return ""
    if len(text) > _LONGEST:
        return f"完成时限“{text[:30]}…”过长，没有识别出日期"
    days = [day for day, bare_year in _moments(text, document_year) if not bare_year]
    written = arabic(folded(text))
    if mistyped := _MISTYPED.search(written):
        read = f"按 {document_year} 年读作 {max(days)}，" if days and document_year else ""
        return f"完成时限“{text}”的年份“{mistyped['wrong']}”有误，{read}请核对"
    if days and document_year and max(days).year < document_year:
        return f"完成时限“{text}”早于文件的年份 {document_year} 年，请核对"
    if len(set(days)) > 1 and not re.search(r"[至到~—–-]", written):
        return f"完成时限“{text}”写有多个日期，按最后一个 {max(days)} 判断"
    if _SERIAL.fullmatch(written) and days:
        return f"完成时限“{text}”按 Excel 日期序号读作 {days[0]}"
    if _BEFORE_MONTH.search(written) and days:
        return f"完成时限“{text}”按当月最后一天 {max(days)} 判断，如指该月以前请改正"
    exact = re.findall(r"(?:1[0-2]|0?[1-9])月(\d{1,2})[日号]", written)
    if exact and days and len(days) == 1 and max(days).day not in map(int, exact):
        return f"完成时限“{text}”的日期不存在，按当月最后一天判断"
    if read_deadline(text, document_year).kind == "unspecified" and _kind_by_word(text) is None:
        if document_year is None and _moments(text, 2000):
            return f"完成时限“{text}”没有年份，文件中也没有写明年份"
        return f"完成时限“{text}”没有识别出日期"
    return ""


def read_date(text: str, document_year: int | None) -> date | None:
    """The single day a cell names, as in 完成日期; None when it names none."""
    days = [day for day, _ in _moments(text[:_LONGEST], document_year)]
    return max(days) if days else None


def named_days(text: str, document_year: int | None) -> list[date]:
    """Every day that a deadline names, once each, in the order written; a bare year names none."""
    days = [day for day, bare_year in _moments(text, document_year) if not bare_year]
    return list(dict.fromkeys(days))


def _kind_by_word(text: str) -> str | None:
    written = folded(text)
    words = deadline_words()
    if len(written) == 1:
        return words.get(written)
    # 无, / and - are answers only by themselves, not in 2021-2025年.
    found = [word for word in words if len(word) > 1 and word in written]
    return words[max(found, key=len)] if found else None


def _moments(text: str, document_year: int | None) -> list[tuple[date, bool]]:
    """(day, whether only a year is written) of each point in time, in the order written."""
    written = arabic(folded(_CLOCK.sub("", _NAMED_DOCUMENT.sub("", text))))
    if document_year:
        written = _MISTYPED.sub(str(document_year), written)
    written = _SHORT_YEAR.sub(r"20\1年", written)
    whole = _whole_cell(written, document_year)
    if whole:
        return [(whole, False)]
    found: list[tuple[date, bool, int, int]] = []
    year = document_year
    for match in _MOMENT.finditer(written):
        start = match.start()
        before = written[max(0, start - _LONGEST_EVERY) : start]
        if start == match.end() or _EVERY.search(before):
            continue
        if match["relative"]:
            year = year and year + _YEAR_WORDS[match["relative"]]
        elif match["year"]:
            year = int(match["year"])
        if year is None or match["start"]:
            continue
        month, day = _month_and_day(match)
        if month is None:
            # 2020 alone is a year only with 年 after it; 2020年13月 is no way to write 2020.
            if "年" in match[0] and not written[match.end() : match.end() + 1].isdecimal():
                found.append((date(year, 12, 31), True, *match.span()))
            continue
        found.append((_day(year, month, day), False, *match.span()))
    # 2020年3月至10月 has one bare year less than 2021-2025年: a range is its end.
    ends = [b for a, b in pairwise(found) if a[0] <= b[0] and _RANGE.match(written[a[3] : b[2]])]
    return (
        [(d, bare) for d, bare, *_ in ends]
        if ends and len(found) == 2
        else [(d, bare) for d, bare, *_ in found]
    )


def _whole_cell(written: str, document_year: int | None) -> date | None:
    """A cell that is nothing but a date in figures: 20201231, 202012, 12.31, 44196, 2020."""
    if compact := _COMPACT.fullmatch(written):
        return _day(int(compact[1]), int(compact[2]), int(compact[3]) if compact[3] else None)
    if (serial := _SERIAL.fullmatch(written)) and 36526 <= int(serial[1]) < 73051:
        # Excel counts days from 1899-12-30; the range is 2000 to 2099.
        return date(1899, 12, 30) + timedelta(days=int(serial[1]))
    if (short := _MONTH_DAY.fullmatch(written)) and document_year:
        return _day(document_year, int(short[1]), int(short[2]))
    if years := re.fullmatch(r"(?:20\d\d[至到~—–-]+)?(20\d\d)", written):
        return date(int(years[1]), 12, 31)
    return None


def _month_and_day(match: re.Match) -> tuple[int | None, int | None]:
    """Month and day of a moment; day None is the month's last, month None is only a year."""
    if match["m1"]:
        return (int(match["m1"]), int(match["d1"]) if match["d1"] else None)
    if match["m2"]:
        days = {"上旬": 10, "初": 10, "中旬": 20, "中": 20}
        return int(match["m2"]), int(match["d2"]) if match["d2"] else days.get(match["part"])
    if match["half"]:
        return (6 if match["half"] == "上" else 12), None
    if match["quarter"] or match["q"]:
        return 3 * int(match["quarter"] or match["q"]), None
    if match["middle"] and "年" in match[0]:
        return 6, None
    # 月底 without a month must not pass for 年底: the 年 belongs to the word or stands before it.
    if match["span"] or (match["end"] and "年" in match[0]):
        return 12, None
    return None, None


def _day(year: int, month: int, day: int | None) -> date:
    """The day, or the month's last when it names none or one that does not exist (6月31日)."""
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day or last, last))
