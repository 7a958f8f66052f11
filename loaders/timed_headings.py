"""Headings that say when what stands below them is to be done: 6月底前完成的任务, 2025年任务."""

from __future__ import annotations

import functools
import re

from loaders.phrases import named_days
from loaders.wording import arabic, folded

_OF_TIME = re.compile(
    r"(.{2,12}?)(?:(?:以|之)?前)?(?:完成|办结|落实|见效|整改到位)?(?:的|类)?(?:重点|主要|工作|整改)*(?:任务|事项|工作|项目)"
)
_OF_YEAR = re.compile(
    r"(20\d\d)年度?(?:的|重点|主要|工作|目标|建设)*(?:任务|事项|工作|项目|目标|计划|安排)?$"
)
_LASTS = re.compile("(?:需|应|须)?(?:长期|持续|常态化?)(?:坚持|推进|开展|落实)?")
_ANY_YEAR = 2000


@functools.lru_cache(maxsize=1024)
def year_of(heading: str) -> int | None:
    """The year whose tasks stand below a heading: 2025年任务."""
    found = _OF_YEAR.match(arabic(folded(heading)))
    return int(found[1]) if found else None


@functools.lru_cache(maxsize=1024)
def heads_time(heading: str) -> bool:
    """Whether a heading is a day, or work that lasts, and the duties of that time; 2025年重点任务 is only
    the year's."""
    found = _OF_TIME.fullmatch(folded(heading))
    if not found:
        return False
    return bool(named_days(found[1], _ANY_YEAR)) or bool(_LASTS.fullmatch(found[1]))
