"""A phrase as a person types it → a choice of facets, a day, and what was not understood.

厅运输处 红灯 三季度末 becomes the unit, the lamp and the day. Rules and vocabularies only: the names of
the ledger at hand, the words of this platform, and the short forms that follow from both. Knows
neither Streamlit nor how tasks are held.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from metrics.narrowing.facets import LATER, NEVER, SOON, Choice
from metrics.narrowing.names import LEAST_INITIALS, alike, initials
from words import DEADLINE_KINDS, KINDS, LAMPS, PERIODS, ROLES, STATES, UNIT_CLASSES

Meaning = tuple[str, str]
"""A facet and one of its values."""
SPACES = re.compile(r"(?:[\s、,;:。?!“”\"']|(?<!\d)\.|\.(?!\d))+")
"""What stands between words, in text made alike; a dot between figures belongs to a date."""
WITHIN = re.compile(r"(?<=[第年月])\s+(?=\d)|(?<=\d)\s+(?=[项号年月日天])")
"""Spaces around figures, as the pages write them: 第 12 项, 9 月 30 日."""
UNIT_ENDINGS = ("交通运输局", "交通运输厅", "交通局")
FILLERS = (
    *("哪些", "有哪些", "多少", "什么", "请问", "查一下", "看看", "任务", "单位", "目前", "现在"),
    *("有", "的", "和", "与", "在", "是", "到", "截至", "且", "项"),
)
"""Words of a question that narrow nothing down."""
SYNONYMS: dict[str, tuple[Meaning, ...]] = {
    "到期未完成": (("window", "已过"), ("verified", "未销号")),
    "没报": (("signal", "未报送"),),
    "未报": (("signal", "未报送"),),
    "未填报": (("signal", "未报送"),),
    "落后": (("signal", "滞后"),),
    "超期": (("signal", "逾期"),),
    "退办": (("state", "退办待改"),),
    "完成": (("state", "已完成"), ("state", "已销号")),
    "销号": (("verified", "已销号"),),
    "即将到期": (("window", SOON),),
    "30天内到期": (("window", SOON),),
    "60天内到期": (("window", SOON), ("window", LATER)),
    "90天内到期": (("window", SOON), ("window", LATER)),
    "没有期限": (("window", NEVER),),
    "缺佐证": (("evidence", "无佐证"),),
    "没有佐证": (("evidence", "无佐证"),),
    "加分": (("kind", "加分项"),),
    "扣分": (("kind", "扣分项"),),
}
DAYS: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("一季度末", "一季度", "第一季度"), (3, 31)),
    **dict.fromkeys(("二季度末", "二季度", "第二季度", "上半年末", "上半年", "年中"), (6, 30)),
    **dict.fromkeys(("三季度末", "三季度", "第三季度"), (9, 30)),
    **dict.fromkeys(("四季度末", "四季度", "第四季度", "年末", "年底", "全年"), (12, 31)),
}
YEAR = re.compile(r"(\d{4})(?:(?=年[末底中])|年|[-/.](?=\d))")
MONTH_END = re.compile(r"(\d{1,2})月[末底]")
DAY = re.compile(r"(\d{1,2})[月\-/.](\d{1,2})[日号]?")
NUMBER = re.compile(r"第(\d{1,4})项|(\d{1,4})(?:号任务|号)|^(\d{1,4})$")


@dataclass(frozen=True)
class Understood:
    """What a phrase says."""

    choice: Choice = field(default_factory=Choice)
    as_of: date | None = None
    numbers: tuple[int, ...] = ()
    """Tasks named by their numbers."""
    unknown: tuple[str, ...] = ()
    """Pieces that no rule and no vocabulary explains, in their order."""


class Vocabulary:
    """The words of one ledger: its units, indicators and year. `today` is what 今天 means."""

    def __init__(
        self,
        units: Iterable[str],
        level1s: Iterable[str],
        level2s: Iterable[str],
        year: int,
        today: date,
    ):
        self.year, self.today = year, today
        self._units = tuple(dict.fromkeys(units))
        self._meanings = {alike(word): meaning for word, meaning in SYNONYMS.items()}
        for facet, words in _platform_words().items():
            self._add({alike(word): ((facet, word),) for word in words})
        self._add({alike(word): (("level2", word),) for word in level2s if word})
        self._add({alike(word): (("level1", word),) for word in level1s})
        shorter: dict[str, tuple[Meaning, ...]] = {}
        for unit in self._units:
            for name in _short_forms(unit):
                shorter[alike(name)] = (*shorter.get(alike(name), ()), ("unit", unit))
        # A full name is never a short form of another.
        self._add(shorter | {alike(unit): (("unit", unit),) for unit in self._units})
        self._longest = max(map(len, self._meanings), default=0)

    def _add(self, words: dict[str, tuple[Meaning, ...]]) -> None:
        self._meanings |= words

    def read(self, phrase: str) -> Understood:
        """The phrase piece by piece, the longest word that fits first."""
        values: dict[str, list[str]] = {}
        as_of, numbers, unknown = None, [], []
        for piece in SPACES.split(WITHIN.sub("", alike(phrase))):
            for found in self._pieces(piece):
                match found:
                    case date():
                        as_of = found
                    case int():
                        numbers.append(found)
                    case str():
                        unknown.append(found)
                    case _:
                        for facet, value in found:
                            if value not in (chosen := values.setdefault(facet, [])):
                                chosen.append(value)
        choice = Choice({facet: tuple(chosen) for facet, chosen in values.items()})
        return Understood(choice, as_of, tuple(numbers), tuple(unknown))

    def _pieces(self, text: str) -> Iterator[tuple[Meaning, ...] | date | int | str]:
        """What a text without spaces is made of; what nothing explains comes out as it stands."""
        if text.isascii() and text.isalpha():
            called = tuple(("unit", unit) for unit in self._units if text in initials(unit))
            yield called if called and len(text) >= LEAST_INITIALS else text
            return
        place, unread = 0, ""
        while place < len(text):
            found, length = self._at(text, place)
            if length:
                if unread:
                    yield unread
                    unread = ""
                if found is not None:
                    yield found
                place += length
            else:
                unread += text[place]
                place += 1
        if unread:
            yield unread

    def _at(
        self, text: str, place: int
    ) -> tuple[tuple[Meaning, ...] | date | int | str | None, int]:
        """What begins at a place and how long it is; a length of 0 for nothing known."""
        rest = text[place:]
        if day := self._day(rest):
            return day
        if match := NUMBER.match(text, place):
            return int(next(filter(None, match.groups()))), match.end() - place
        for length in range(min(len(rest), self._longest), 0, -1):
            if meaning := self._meanings.get(rest[:length]):
                return meaning, length
        filler = max((word for word in FILLERS if rest.startswith(word)), key=len, default="")
        return None, len(filler)

    def _day(self, text: str) -> tuple[date | str, int] | None:
        """The day that a text begins with, and how long it is written; the words themselves where the
        calendar has no such day."""
        if text.startswith("今天"):
            return self.today, 2
        year, begins = self.year, 0
        if match := YEAR.match(text):
            year, begins = int(match[1]), match.end()
        rest = text[begins:]
        named = max((word for word in DAYS if rest.startswith(word)), key=len, default="")
        if named:
            month_and_day, length = DAYS[named], begins + len(named)
        elif match := MONTH_END.match(rest) or DAY.match(rest):
            month_and_day, length = tuple(map(int, match.groups())), begins + match.end()
        else:
            return None
        try:
            return _day_of(year, *month_and_day), length
        except ValueError:
            return text[:length], length


def _day_of(year: int, month: int, day: int | None = None) -> date:
    """The day of a month; its last without a day. Raises ValueError for none of the calendar."""
    return date(year, month, monthrange(year, month)[1] if day is None else day)


def _platform_words() -> dict[str, tuple[str, ...]]:
    """Facet → the values that have the same words everywhere."""
    return {
        "class": UNIT_CLASSES,
        "role": tuple(ROLES.values()),
        "kind": tuple(KINDS.values()),
        "lamp": tuple(lamp.word for lamp in LAMPS.values()),
        "state": tuple(STATES.values()),
        "signal": ("逾期", "滞后", "未报送"),
        "cadence": tuple(PERIODS.values()),
        "deadline": tuple(DEADLINE_KINDS.values()),
        "evidence": ("有佐证", "无佐证"),
        "verified": ("已销号", "未销号"),
    }


def _short_forms(unit: str) -> Iterator[str]:
    """How an office is called for short: 运输处 for 厅运输处, 五市 and 固原 for their 交通运输局."""
    if unit.startswith("厅") and len(unit) > 3:
        yield unit[1:]
    for ending in UNIT_ENDINGS:
        if unit.endswith(ending) and len(unit) > len(ending) + 1:
            place = unit.removesuffix(ending)
            yield place
            if place[-1] in "市州县区" and len(place) > 2:
                yield place[:-1]
            break
