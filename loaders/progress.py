"""A ledger's own progress columns → state, percent, day of completion, narrative, evidence.

Owns the reading of free words about progress (已完成，待印发). What is not certain is a doubt; a text
that says nothing of the state stays a narrative.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from loaders.model import Progress
from loaders.phrases import read_date
from loaders.wording import folded, lines, number

FIELDS = ("state", "percent", "completed_on", "narrative", "evidence")

_STATES = {
    "done": "已完成 完成 全部完成 已全部完成 按期完成 已按期完成 已办结 办结 已销号 销号 是 √ ✓ ✔",
    "in_progress": "进行中 推进中 正在推进 正在进行 正在办理 办理中 部分完成 持续推进 持续推进中 已启动 在办",
    "not_started": "未开始 未启动 未开展 尚未开始 尚未启动 尚未开展 待启动",
    "not_applicable": "不适用 不涉及 无此项 无此项工作",
}
STATE_WORDS = {state: words.split()[0] for state, words in _STATES.items()}
_STATE = {word: state for state, words in _STATES.items() for word in words.split()}
_PERCENT = re.compile(r"(?:已?完成|进度|约|达到?)*(\d+(?:\.\d+)?)%(?:左右)?[。.]?")
_TENTHS = re.compile(r"(?:已?完成|约)*([一二三四五六七八九])成([一二三四五六七八九半])?[。.]?")
_IN_WORDS = re.compile(r"(?:已?完成|约)*百分之([〇零一二三四五六七八九十百]+)[。.]?")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_PROGRESS_PERCENT = re.compile(
    r".*?(?:总体|整体|工作|任务|项目|工程)?(?:进展|进度|完成率|完成|推进)(?:情况|比例)?"
    r"(?:已|为|约|至|到|达到?|了|了约)*:?(\d+(?:\.\d+)?)%(?:左右|以上)?"
)
_CLAUSE_END = re.compile(r"[;。!、\n()]+|[.,]+(?!\d)|(?<!\d)[.,]+|但是?|不过|其中|目前")
_FINISHED = re.compile(
    r"(?:已经?|均|全部|全面|按期|按时|如期|按计划|按要求|高质量|提前|圆满|顺利|都)*(?:完成|办结|销号|完毕|完工)(?:了)?"
)
_NEGATION = re.compile(r"未(?!来)|没有?(?!收)|无法|不能|不再|不予|尚不|并非|难以")
_FUTURE = re.compile(
    r"预计|计划|拟|将(?!.{0,4}纳入)|力争|争取|确保|延期|推迟|延至|顺延|下一步|待|"
    r"(?:日|月|月底|月末|季度|季度末|年底|年末|年内|底|初|中旬|上旬|下旬)(?:之?前|内)(?:可|要|能)?(?:完成|办结)"
)
_PART = re.compile(
    r"基本|部分|初步|大部|大体|主体|阶段性?|初稿|一半|过半|大半|多数|"
    r"(?:完成|办结)了?\d+(?:\.\d+)?(?!年|月|日|%)|(?:完成|办结)了?[一二三四五六七八九十两]+[项次个场家批件]|第[一二三四五六七八九十\d]+[次批期轮步]"
)
_OPEN = re.compile(r"正|仍|尚|还[在需有要]|继续|等待|[在]办|审核中|中$")
_GOING_ON = re.compile(
    r"(?:正常|正在|有序|稳步|持续|扎实|积极|加快|全面|按计划|按序时)+.{0,6}(?:推进|进行|办理|实施|落实|开展)中?"
)
_DAY = re.compile(r"(?:20\d\d[年./-])?\d{1,2}[月./-]\d{1,2}日?")
_WHOLE = re.compile(r"(?:该|本|此|各)?(?:项|项目)?(?:任务|工作|事项|全部)?(?:于|已于|已|在)*")
_STATED_ON = re.compile(
    r"(?:更新|填报|统计|报送|制表|数据)(?:日期|时间)|截[至止]?(?:到|至)?(?:日期|时间)?|情况日期"
)
_DAY_OR_MONTH = re.compile(
    r"[:为]?((?:20\d\d(?:年|[./-]))?\d{1,2}(?:[./-]\d{1,2}|月(?:\d{1,2}日|底|末)?)|20\d\d年底)"
)
_UNFINISHED = ("percent", "partial", "future", "open", "negated", "in_progress")


class Doubt(NamedTuple):
    """Something for a clerk to check."""

    message: str
    """One Chinese sentence."""
    about: str
    """The field: one of FIELDS."""
    options: tuple[str, ...] = ()
    """How else the field may be read."""


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

    `unit` as from `percent_unit`. A state is taken from the first of the columns of state,
    narrative and percent that names one, by `read_status`. 100 % and a day of completion mean done, 0 % not started, unless the
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
    texts = {name: cells.get(name, "") for name in ("state", "narrative", "percent")}
    read = {name: read_status(text, year) for name, text in texts.items()}
    if _FIGURE.fullmatch(folded(texts["percent"])):
        read["percent"] = Status()
    by = next((name for name, status in read.items() if status.state), "")
    status = read.get(by, Status())
    state = status.state
    if percent is None and status.percent is not None:
        percent = status.percent
    completed_on = completed_on or status.completed_on
    if texts["state"] and by != "state" and read_percent(texts["state"], unit) is None:
        message = f"完成状态“{texts['state']}”没有识别，请在系统中填报"
        doubts.append(Doubt(message, "state", tuple(STATE_WORDS.values())))
    elif state and not status.is_certain:
        others = tuple(word for name, word in STATE_WORDS.items() if name != state)
        message = f"“{lines(texts[by])}”读作{STATE_WORDS[state]}{_figure(status.percent)}，请核对"
        doubts.append(Doubt(message, "state", others))
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
    whole = folded(unread).rstrip("。") in _STATE or read_percent(unread, None) is not None
    if unread and not whole and not _FIGURE.fullmatch(folded(unread)):
        # 进度 is often a column of sentences.
        narrative = "\n".join(filter(None, (narrative, lines(unread))))
    return (
        Progress(state, percent, completed_on, narrative, lines(cells.get("evidence", ""))),
        doubts,
    )


class Status(NamedTuple):
    """What a free text says of how far a task is; None where it says nothing of that."""

    state: str | None = None
    percent: float | None = None
    completed_on: date | None = None
    is_certain: bool = True
    """False where a clerk should check the reading."""


def read_status(text: str, year: int | None) -> Status:
    """How far a task is, from a free text: each clause is read for itself, then they are weighed.

    A finished clause makes a task done only if no other clause is open: 已完成，待印发 is in progress.
    A day that lies ahead (延期至7月15日完成), a negation (未按期完成) and a part (基本完成, 已完成2场) never
    make it done. A percentage counts as a whole clause (84%) or beside a word for progress, never as
    the rate of something else (及时率99.1%).
    """
    parts = [part for part in _CLAUSE_END.split(folded(text)) if part]
    clauses = [_read_clause(part, year, len(parts) == 1) for part in parts]
    kinds = {clause.kind for clause in clauses}
    percents = [each for each in clauses if each.percent is not None and each.percent <= 100]
    settled = kinds <= {"percent", "in_progress", "open", "future", "other"}
    if percents:
        percent = percents[-1].percent or 0.0
        state = "in_progress" if percent else "not_started"
        if percent == 100 and not kinds & {"open", "future", "negated", "in_progress"}:
            state = "done"
        sure = settled and len(percents) == 1 and percents[0].is_plain
        return Status(state, percent, None, sure and (percent < 100 or state == "done"))
    if "done" in kinds and not kinds & {*_UNFINISHED, "not_started", "not_applicable"}:
        done = [clause for clause in clauses if clause.kind == "done"]
        days = [clause.day for clause in done if clause.day]
        sure = any(clause.is_plain for clause in done)
        return Status("done", None, max(days, default=None), sure)
    for state in ("not_applicable", "not_started"):
        if state in kinds:
            return Status(state, is_certain=kinds <= {state, "other", "future", "open"})
    if "in_progress" in kinds or (kinds <= {"open", "other"} and "open" in kinds):
        return Status("in_progress", is_certain=not kinds & {"done", "negated"})
    if kinds & {"done", "future", "partial"}:
        ahead = "partial" in kinds and "future" in kinds and "done" not in kinds
        return Status("in_progress", is_certain=ahead)
    if "negated" in kinds:
        # 未完成 says that something is left, 未报送 that nothing was done.
        begun = any(clause.kind == "negated" and clause.is_plain for clause in clauses)
        return Status("in_progress" if begun else "not_started", is_certain=False)
    return Status()


def day_spoken_of(lines_around: Iterable[str], year: int | None) -> date | None:
    """情况日期: the day of which a document says that its progress speaks (更新日期：2026年9月28日,
    截至9月底), from the lines around its tables and its column names; None when it names none. Of a
    month it is the last day; of several days the latest."""
    found = []
    for line in lines_around:
        for label in _STATED_ON.finditer(written := folded(line)):
            # The day stands right behind its label; a colon or 为 may stand between them.
            said = _DAY_OR_MONTH.match(written, label.end())
            day = read_date(said[1], year) if said else None
            if day is not None:
                found.append(day)
    return max(found, default=None)


class _Clause(NamedTuple):
    kind: str
    """A state, or `percent`, `partial`, `future`, `open`, `negated`, `other`."""
    percent: float | None = None
    day: date | None = None
    is_plain: bool = True
    """Whether the clause says just this, and of the whole task."""


def _read_clause(text: str, year: int | None, is_alone: bool) -> _Clause:
    if text in _STATE:
        return _Clause(_STATE[text])
    if (percent := read_percent(text, None)) is not None and not _FIGURE.fullmatch(text):
        return _Clause("percent", percent, is_plain=is_alone or not text[0].isdigit())
    if found := _PROGRESS_PERCENT.fullmatch(text):
        return _Clause("percent", float(found[1]), is_plain=False)
    if 0 < float(text if _FIGURE.fullmatch(text) else 0) < 1:
        return _Clause("percent", round(float(text) * 100, 4))
    if _GOING_ON.fullmatch(text):
        return _Clause("in_progress")
    finished = _FINISHED.search(text)
    if found := _NEGATION.search(text):
        return _Clause("negated", is_plain=bool(finished))
    if _FUTURE.search(text):
        return _Clause("future")
    if finished and _PART.search(text):
        return _Clause("partial")
    if _OPEN.search(text):
        return _Clause("open" if not finished else "partial")
    if not finished:
        return _Clause("other")
    day = read_date(found[0], year) if (found := _DAY.search(text)) else None
    if found and found.end() < len(text) and text[found.end()] == "前":
        return _Clause("future")
    rest = _FINISHED.sub("", text if not found else text.replace(found[0], "", 1))
    return _Clause("done", None, day, not rest or bool(_WHOLE.fullmatch(rest)))


def _figure(percent: float | None) -> str:
    return "" if percent is None else f" {percent:g}%"


def _percent_of(cells: Mapping[str, str], unit: int | None, doubts: list[Doubt]) -> float | None:
    text = cells.get("percent", "")
    if _FIGURE.fullmatch(folded(text)) and unit is None and float(folded(text)) != 0:
        message = f"进度“{text}”看不出是百分之一还是百分之百，没有读入"
        share = round(float(folded(text)), 4)
        doubts.append(Doubt(message, "percent", (f"{share * 100:g}%", f"{share:g}%")))
        return None
    read = [read_percent(cells.get("percent", ""), unit)]
    read += [read_percent(cells.get(field, ""), None) for field in ("state", "narrative")]
    percent = next((value for value in read if value is not None), None)
    if percent is not None and percent > 100:
        doubts.append(Doubt(f"进度 {percent:g}% 超过 100%，没有读入", "percent", ("100%",)))
        return None
    return percent


def read_percent(text: str, unit: int | None) -> float | None:
    """The percentage a text is nothing but: 已完成80%, 八成, 百分之八十; `unit` as from `percent_unit`. None
    for any other text."""
    written = folded(text)
    if found := _PERCENT.fullmatch(written):
        return float(found[1])
    if found := _TENTHS.fullmatch(written):
        ones = 5 if found[2] == "半" else number(found[2] or "零") or 0
        return float(10 * (number(found[1]) or 0) + ones)
    if found := _IN_WORDS.fullmatch(written):
        value = 100 if found[1] in ("百", "一百") else number(found[1])
        return None if value is None else float(value)
    if written in ("一半", "过半", "完成一半"):
        return 50.0 if "过" not in written else None
    if _FIGURE.fullmatch(written) and (unit is not None or float(written) == 0):
        return round(float(written) * (unit or 1), 4)
    return None
