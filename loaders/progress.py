"""What a ledger's own progress columns say: state, percent, day of completion, narrative, evidence.

Nothing is guessed: a cell that states none of these plainly stays text and is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from loaders.model import Progress
from loaders.phrases import read_date
from loaders.wording import folded, lines, number

FIELDS = ("state", "percent", "completed_on", "narrative", "evidence")

_STATES = {
    "done": "已完成 完成 全部完成 已全部完成 按期完成 已按期完成 已办结 办结 已销号 销号 是 √ ✓ ✔",
    "in_progress": "进行中 推进中 正在推进 正在进行 正在办理 办理中 部分完成 基本完成 持续推进 持续推进中 已启动 在办",
    "not_started": "未开始 未启动 未开展 尚未开始 尚未启动 尚未开展 待启动",
    "not_applicable": "不适用 不涉及 无此项 无此项工作",
}
STATE_WORDS = {state: words.split()[0] for state, words in _STATES.items()}
_STATE = {word: state for state, words in _STATES.items() for word in words.split()}
_PERCENT = re.compile(r"(?:已?完成|进度|约|达到?)*(\d+(?:\.\d+)?)%(?:左右)?[。.]?")
_TENTHS = re.compile(r"(?:已?完成|约)*([一二三四五六七八九])成([一二三四五六七八九半])?[。.]?")
_IN_WORDS = re.compile(r"(?:已?完成|约)*百分之([〇零一二三四五六七八九十百]+)[。.]?")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


class Doubt(NamedTuple):
    """What a clerk should check: in Chinese, which field, and what else it may say."""

    message: str
    about: str
    options: tuple[str, ...] = ()


def percent_unit(cells: Iterable[str]) -> int | None:
    """What 1 means in a percent column of bare figures: 100 for shares, 1 for percents.

    0.8 beside 1 makes both shares, 80 beside 1 makes both percents; a column of only 0 and 1 tells
    neither, and gives None.
    """
    figures = [float(t) for text in cells if _FIGURE.fullmatch(t := folded(text))]
    if any(figure > 1 for figure in figures):
        return 1
    return 100 if any(0 < figure < 1 for figure in figures) else None


def read_progress(
    cells: Mapping[str, str], year: int | None, unit: int | None
) -> tuple[Progress | None, list[Doubt]]:
    """The progress in the cells by field, None when all are blank; and what was doubtful.

    A percentage or a state counts wherever it is a whole cell (完成情况: 80%), never inside a
    sentence (归集率达到80%). 100 % and a day of completion mean done, 0 % not started, unless the
    state says otherwise.
    """
    if not any(cells.get(field) for field in FIELDS):
        return None, []
    doubts: list[Doubt] = []
    percent = _percent_of(cells, unit, doubts)
    completed_on = None
    if day := cells.get("completed_on"):
        completed_on = read_date(day, year)
        if completed_on is None:
            doubts.append(Doubt(f"完成日期“{day}”没有识别出日期", "completed_on"))
    stated = [
        _STATE.get(folded(cells.get(f, "")).rstrip("。")) for f in ("state", "narrative", "percent")
    ]
    state = next(filter(None, stated), None)
    if cells.get("state") and stated[0] is None and _percent(cells["state"], unit) is None:
        message = f"完成状态“{cells['state']}”没有识别，请在系统中填报"
        doubts.append(Doubt(message, "state", tuple(STATE_WORDS.values())))
    if state == "done" and percent is not None and percent < 100:
        message = f"写明已完成，进度却是 {percent:g}%，请核对"
        doubts.append(Doubt(message, "state", (STATE_WORDS["in_progress"],)))
    if state is None and (completed_on or percent is not None):
        state = (
            "done"
            if completed_on or percent == 100
            else "in_progress"
            if percent
            else "not_started"
        )
    narrative = lines(cells.get("narrative", ""))
    unread = cells.get("percent", "")
    if unread and percent is None and stated[2] is None and not _FIGURE.fullmatch(folded(unread)):
        # 进度 is often a column of sentences.
        narrative = "\n".join(filter(None, (narrative, lines(unread))))
    return (
        Progress(state, percent, completed_on, narrative, lines(cells.get("evidence", ""))),
        doubts,
    )


def _percent_of(cells: Mapping[str, str], unit: int | None, doubts: list[Doubt]) -> float | None:
    text = cells.get("percent", "")
    if _FIGURE.fullmatch(folded(text)) and unit is None and float(folded(text)) != 0:
        message = f"进度“{text}”看不出是百分之一还是百分之百，没有读入"
        share = round(float(folded(text)), 4)
        doubts.append(Doubt(message, "percent", (f"{share * 100:g}%", f"{share:g}%")))
        return None
    read = [_percent(cells.get("percent", ""), unit)]
    read += [_percent(cells.get(field, ""), None) for field in ("state", "narrative")]
    percent = next((value for value in read if value is not None), None)
    if percent is not None and percent > 100:
        doubts.append(Doubt(f"进度 {percent:g}% 超过 100%，没有读入", "percent", ("100%",)))
        return None
    return percent


def _percent(text: str, unit: int | None) -> float | None:
    written = folded(text)
    if found := _PERCENT.fullmatch(written):
        return float(found[1])
    if found := _TENTHS.fullmatch(written):
        ones = 5 if found[2] == "半" else number(found[2] or "零")
        return float(10 * number(found[1]) + ones)
    if found := _IN_WORDS.fullmatch(written):
        value = 100 if found[1] in ("百", "一百") else number(found[1])
        return None if value is None else float(value)
    if written in ("一半", "过半", "完成一半"):
        return 50.0 if "过" not in written else None
    if _FIGURE.fullmatch(written) and (unit is not None or float(written) == 0):
        return round(float(written) * (unit or 1), 4)
    return None
