"""What Excel shows for a value: its number format applied, as a Chinese Excel applies it.

Knows ECMA-376 18.8.30 and 18.8.31, and no cells. Where the shown form of a date could not be read
back, because the year has two digits or the month an English name, the same day is given in figures.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

BUILT_IN: dict[int, str] = {
    **BUILTIN_FORMATS,
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    14: "yyyy/m/d",
    22: "yyyy/m/d h:mm",
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
}
"""The formats that a file names by number only, as a Chinese Excel means them."""
_LAST_SERIAL = 2_958_466
"""The day after 31 December 9999, the last day Excel knows."""
_LONG_DATE = re.compile(r"\[\$-[xX]?F800\]", re.IGNORECASE)
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|(?P<padding>_.|\*.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<noon>AM/PM|A/P|上午/下午)|(?P<weekday>a{3,4}(?![a-z]))"
    r"|(?P<exponent>E[+-])|(?P<moment>y+|m+|d+|h+|s+|e+)|(?P<digit>[0#?])|(?P<mark>[.,%@/])"
    r"|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_WEEKDAYS = "一二三四五六日"
_CHINESE = str.maketrans("0123456789", "〇一二三四五六七八九")


@dataclass(frozen=True)
class _Section:
    """One of the parts between semicolons."""

    tokens: tuple[tuple[str, str], ...]
    """(kind, text) of each piece."""
    condition: tuple[str, float] | None = None
    in_chinese: bool = False

    @functools.cached_property
    def kinds(self) -> frozenset[str]:
        return frozenset(kind for kind, _ in self.tokens)

    @property
    def is_date(self) -> bool:
        return bool(self.kinds & {"moment", "elapsed", "weekday"})


def shown_number(value: float, code: str, *, dates_from_1904: bool = False) -> str:
    """A number, or the day it stands for, as the sheet shows it."""
    section, is_signed = _section_for(value, _sections(code))
    if section is None or section.kinds == {"general"} or not code.strip():
        return general(value)
    if section.is_date:
        if not 0 <= value < _LAST_SERIAL:
            return general(value)
        return _date_text(_moment(value, dates_from_1904), section)
    return _number_text(value, section, is_signed)


def shown_text(text: str, code: str) -> str:
    """A text as the sheet shows it: its format may write 厅 before it, or hide it."""
    sections = _sections(code)
    section = sections[-1] if len(sections) > 3 or "@" in _marks(sections[-1]) else None
    if section is None or not text:
        return text
    return "".join(text if (k, t) == ("mark", "@") else _literal(k, t) for k, t in section.tokens)


def shown_moment(moment: datetime, code: str) -> str:
    """A day stored as such, not as a number, as the sheet shows it."""
    section = _sections(code)[0]
    return _date_text(moment, section if section.is_date else _sections("yyyy-mm-dd")[0])


def day_without_year(value: float, code: str, *, dates_from_1904: bool) -> date | None:
    """The day a cell stands for that shows month and day, but not the year; None for any other."""
    section, _ = _section_for(value, _sections(code))
    if section is None or not section.is_date or not 1 <= value < _LAST_SERIAL:
        return None
    letters = {text[0].lower() for kind, text in section.tokens if kind == "moment"}
    moment = _moment(value, dates_from_1904)
    without_year = {"m", "d"} <= letters and not letters & {"y", "e"}
    return moment.date() if without_year and isinstance(moment, datetime) else None


def general(value: float) -> str:
    """A number without format."""
    return str(int(value)) if value.is_integer() else f"{value:.12g}"


@functools.lru_cache(maxsize=512)
def _sections(code: str) -> tuple[_Section, ...]:
    if _LONG_DATE.search(code):
        code = BUILT_IN[31]
    parts: list[list[tuple[str, str]]] = [[]]
    conditions: list[tuple[str, float] | None] = [None]
    chinese = [False]
    for found in _TOKEN.finditer(code):
        kind, text = str(found.lastgroup), found[found.lastgroup or 0]
        if kind == "other" and text == ";":
            parts.append([])
            conditions.append(None)
            chinese.append(False)
        elif kind == "bracket":
            if condition := _CONDITION.match(text):
                conditions[-1] = (condition[1], float(condition[2]))
            elif text.lower().strip("hms") == "" and text:
                parts[-1].append(("elapsed", text.lower()))
            elif text.startswith("$"):
                parts[-1].append(("quoted", text[1:].partition("-")[0]))
            chinese[-1] |= text.lower().startswith("dbnum")
        else:
            parts[-1].append((kind, text))
    return tuple(
        _Section(tuple(_with_minutes(tokens)), condition, numerals)
        for tokens, condition, numerals in zip(parts, conditions, chinese, strict=True)
    )


def _with_minutes(tokens: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The tokens, m after an hour or before a second marked as minutes."""
    letters = [
        (i, text[0].lower())
        for i, (kind, text) in enumerate(tokens)
        if kind in ("moment", "elapsed")
    ]
    minutes = {
        i
        for at, (i, letter) in enumerate(letters)
        if letter == "m"
        and (
            (at > 0 and letters[at - 1][1] == "h")
            or (at + 1 < len(letters) and letters[at + 1][1] == "s")
        )
    }
    for i, (kind, text) in enumerate(tokens):
        yield ("minute", text) if i in minutes and kind == "moment" else (kind, text)


def _marks(section: _Section) -> set[str]:
    return {text for kind, text in section.tokens if kind == "mark"}


def _section_for(value: float, sections: tuple[_Section, ...]) -> tuple[_Section | None, bool]:
    """(the section for a number, whether it writes the sign); None when the format is for texts."""
    numeric = sections[:-1] if len(sections) > 3 or "@" in _marks(sections[-1]) else sections
    if not numeric:
        return None, True
    for section in numeric:
        if section.condition and _meets(value, section.condition):
            return section, True
    if any(section.condition for section in numeric):
        return next((s for s in reversed(numeric) if not s.condition), None), True
    if value < 0 and len(numeric) > 1:
        return numeric[1], False
    if value == 0 and len(numeric) > 2:
        return numeric[2], False
    return numeric[0], True


def _meets(value: float, condition: tuple[str, float]) -> bool:
    sign, limit = condition
    below, equal = value < limit, value == limit
    return {
        "<": below,
        "<=": below or equal,
        "=": equal,
        "<>": not equal,
        ">=": not below,
        ">": not (below or equal),
    }[sign]


def _literal(kind: str, text: str) -> str:
    if kind == "padding":
        return " " if text[0] == "_" else ""
    return text if kind in ("quoted", "escaped", "other") else ""


def _number_text(value: float, section: _Section, is_signed: bool) -> str:
    marks = [text for kind, text in section.tokens if kind == "mark"]
    if "exponent" in section.kinds or "/" in marks:
        return general(value)
    if "digit" not in section.kinds:
        written = "".join(
            general(value) if kind == "general" else text if text == "%" else _literal(kind, text)
            for kind, text in section.tokens
        )
        return _numerals(written, section)
    kinds = [kind for kind, _ in section.tokens]
    first, last = kinds.index("digit"), len(kinds) - 1 - kinds[::-1].index("digit")
    point = next(
        (i for i, token in enumerate(section.tokens) if token == ("mark", ".")), len(kinds)
    )
    end = last if point > last else point - 1
    digits = [i for i in range(first, end + 1) if kinds[i] == "digit"]
    decimals = [i for i in range(point + 1, last + 1) if kinds[i] == "digit"]
    commas = [i for i, token in enumerate(section.tokens) if token == ("mark", ",")]
    grouped = bool(digits) and any(digits[0] < i < digits[-1] for i in commas)
    thousands = sum(
        1 for i in commas if digits and digits[-1] < i < point and i <= last + len(commas)
    )
    scaled = abs(Decimal(repr(value))) * 100 ** marks.count("%") / 1000**thousands
    rounded = scaled.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    whole, _, fraction = f"{rounded:f}".partition(".")
    written = _placed(
        section, digits, decimals, "" if whole == "0" else whole, fraction, grouped, point
    )
    sign = "-" if is_signed and value < 0 and rounded else ""
    return sign + _numerals(written, section)


def _placed(
    section: _Section,
    digits: Sequence[int],
    decimals: Sequence[int],
    whole: str,
    fraction: str,
    grouped: bool,
    point: int,
) -> str:
    """The digits of a number at their places among the literals."""
    pieces = [_literal(kind, text) for kind, text in section.tokens]
    for i, (kind, text) in enumerate(section.tokens):
        if (kind, text) == ("mark", "%"):
            pieces[i] = "%"
    left = whole
    for count, i in enumerate(reversed(digits)):
        holder = section.tokens[i][1]
        own = left[-1:] or ("0" if holder == "0" else " " if holder == "?" else "")
        left = left[:-1]
        if i == digits[0] and left:
            own = left + own
            if grouped:
                own = _with_commas(own, count)
        elif grouped and count and count % 3 == 0 and own.strip():
            own += ","
        pieces[i] = own
    kept = fraction
    for i, digit in reversed(list(zip(decimals, fraction, strict=True))):
        optional = section.tokens[i][1] == "#" and kept == fraction[: len(kept)] and digit == "0"
        if optional and len(kept) == decimals.index(i) + 1:
            kept = kept[:-1]
    for i, digit in zip(decimals, kept, strict=False):
        pieces[i] = digit
    if point < len(pieces):
        pieces[point] = "."
    return "".join(pieces)


def _with_commas(digits: str, places_after: int) -> str:
    """The leading digits that share the first place, with the commas that fall among them."""
    written = ""
    for count, digit in enumerate(reversed(digits), start=places_after):
        written = digit + ("," if count and count % 3 == 0 else "") + written
    return written


def _numerals(written: str, section: _Section) -> str:
    return written.translate(_CHINESE) if section.in_chinese else written


def _moment(value: float, dates_from_1904: bool) -> datetime | time | timedelta:
    found = from_excel(value, MAC_EPOCH if dates_from_1904 else WINDOWS_EPOCH)
    if isinstance(found, datetime) and found.microsecond >= 500_000:
        found += timedelta(seconds=1)
    return found


def _date_text(value: datetime | time | timedelta, section: _Section) -> str:
    if isinstance(value, time | timedelta):
        return str(value)
    moments = [text.lower() for kind, text in section.tokens if kind == "moment"]
    letters = {text[0] for text in moments}
    named_month = any(text[0] == "m" and len(text) > 2 for text in moments)
    short_year = any(text[0] == "y" and len(text) < 3 for text in moments)
    if named_month or short_year:
        return _in_figures(value, letters)
    pieces = []
    is_afternoon = "noon" in section.kinds
    for kind, text in section.tokens:
        if kind == "moment":
            pieces.append(_part_of(value, text.lower(), is_afternoon, section.in_chinese))
        elif kind == "minute":
            pieces.append(f"{value.minute:0{min(len(text), 2)}}")
        elif kind == "weekday":
            pieces.append(("星期" if len(text) > 3 else "") + _WEEKDAYS[value.weekday()])
        elif kind == "noon":
            pieces.append("上午" if value.hour < 12 else "下午")
        elif kind == "mark" and text in "./,":
            pieces.append(text)
        else:
            pieces.append(_literal(kind, text))
    return "".join(pieces)


def _in_figures(value: datetime, letters: set[str]) -> str:
    if "y" not in letters:
        return f"{value.month}月{value.day}日" if "d" in letters else f"{value.month}月"
    # Excel turns a typed 2020年12月 into 1 December: the day is not meant.
    return value.date().isoformat() if "d" in letters else f"{value.year}年{value.month}月"


def _part_of(value: datetime, text: str, is_afternoon: bool, in_chinese: bool) -> str:
    letter = text[0]
    if letter in "ye":
        return str(value.year).translate(_CHINESE) if in_chinese else str(value.year)
    if letter == "d" and len(text) > 2:
        return "星期" + _WEEKDAYS[value.weekday()]
    hour = value.hour % 12 or 12 if is_afternoon else value.hour
    number = {"m": value.month, "d": value.day, "h": hour, "s": value.second}[letter]
    if in_chinese:
        tens, ones = divmod(number, 10)
        ten = "" if not tens else "十" if tens == 1 else f"{tens}十".translate(_CHINESE)
        return ten + (str(ones).translate(_CHINESE) if ones or not tens else "")
    return f"{number:0{min(len(text), 2)}}"
