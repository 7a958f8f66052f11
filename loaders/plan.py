"""计划节点: a text such as “6月底完成50%，9月底完成80%” → the days and the percent planned for each.

Owns the grammar of such texts, of a column of the ledger and typed by a clerk alike, and of columns one
for each quarter or month. What is not certain
is a doubt; a text that names no percentage is no plan.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from loaders.model import Plan, PlanNode
from loaders.phrases.deadlines import named_days
from loaders.progress import read_percent
from loaders.wording import folded, lines, one_line

_PERCENT = re.compile(
    r"\d+(?:\.\d+)?%|百分之[〇零一二三四五六七八九十百]+|[一二三四五六七八九]成半?|一半"
)
# 12月底前全部完成 is 100 %, 9月底完成设备安装 says nothing of the whole.
_FINISHED = re.compile(
    r"(?<!基本)(?<!初步)(?<!部分)(?<!未)(?:全部|全面|总体|如期|按期)*(?:完成|办结|完工|竣工|完毕)"
    r"(?:全部|所有|年度|总体|各项|目标|任务|工作|建设|整改)*(?=[;,。、)]|$)"
)
_FIGURE = re.compile(rf"(?P<percent>{_PERCENT.pattern})|(?P<finished>{_FINISHED.pattern})")
_WRITTEN_OUT = re.compile(
    r"[\d第一二三四年月日号季度上下半旬底末初中前之以内至到截./\-~—–:;,。、()]"
    r"|今年|本年|当年|次年|明年|完成|达到|达|实现|超过|不低于|不少于|以上|左右|约|累计|总体|整体|任务|工作|工程|项目|建设"
    r"|进度|形象|目标|计划|阶段|节点|时间|分别|各|为|是|即|按|序时|力争|确保|应|须|要|全部|并|且|和|及|比例|完成率|的|量|过|于|在"
)
# One quarter, half or month; a year may stand before it.
_PERIOD = re.compile(
    r"(?:(?:19|20)\d\d年|今年|本年|当年)?"
    r"(?:第?[一二三四1-4]季度?|Q[1-4]|[1-4]Q|[上下]半年|全年|年底|(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?)"
    r"(?:末|底)?(?:之?前)?"
)
_QUARTER = re.compile(r"Q([1-4])|([1-4])Q")
# What else the heading of a column of plans says; 情况 and 实际 are of what has been done.
_OF_PLAN = re.compile(r"计划|目标|节点|安排|序时|应")
_OF_PLAN_ALONE = re.compile(
    r"(?:计划|目标|节点|安排|序时|应|累计|完成|达到|形象|进度|工作|任务|阶段|年度|各?季度?|分|各|月|度|截至|比例"
    r"|时间|[%()/:、])*"
)
_SHARE = re.compile(
    rf"(?:应|计划|累计|完成|达到|达|进度|至|≥|不低于)*(?:{_PERCENT.pattern})(?:以上|左右)?"
)
_BETWEEN_FIGURES = re.compile(r"(?<=\d)\s+(?=\d)")
_OWN_YEAR = re.compile(r"(?:19|20)\d\d|今年|本年|当年|次年|明年|翌年")
_LONGEST = 2000
"""Characters of a text that states a plan; a longer one is none."""
_MOST_QUOTED = 60
_RANGE = re.compile(r"[至到~—–-]")


def read_plan(text: str, year: int | None) -> tuple[Plan | None, list[str]]:
    """The plan a text states, None when it names no percentage below 100 with a day; and what a clerk
    should check, each one Chinese sentence.

    The day stands before its percentage (6月底完成50%) or behind it (50%（6月底前）); several days and as
    many percentages after them go in pairs (6月底、9月底分别完成50%、80%). “12月底前全部完成” beside them is
    100. A day without a year is of `year`, or of the year named before it in the text.
    """
    nodes, doubts = _nodes(text, year)
    if not any(node.percent < 100 for node in nodes):
        return None, []
    if any(year and node.planned_on.year != year for node in nodes):
        doubts.append(f"有的节点不在 {year} 年")
    plan = Plan(nodes, lines(text))
    about = f"计划节点“{_quoted(text)}”读作 {stated_plan(plan)}"
    return plan, [f"{about}：{doubt}，请核对" for doubt in doubts]


def plan_of_column(text: str, year: int | None) -> tuple[Plan | None, list[str]]:
    """As `read_plan`, of a cell in a column of plans: what cannot be read is kept as its text."""
    plan, doubts = read_plan(text, year)
    if plan or not text.strip():
        return plan, doubts
    if not _nodes(text, year)[0] and _says_something(text):
        doubts.append(f"计划节点“{_quoted(text)}”没有读出日期和进度，没有读入")
    return Plan((), lines(text)), doubts


def _says_something(text: str) -> bool:
    """Whether a cell is more than / or 无."""
    return bool(re.search(r"\w", text)) and folded(text) != "无"


def _quoted(text: str) -> str:
    written = one_line(text)
    return written if len(written) <= _MOST_QUOTED else f"{written[:_MOST_QUOTED]}…"


def period_of(heading: str) -> str:
    """The quarter, half or month of which a heading says that its column holds what is planned until its
    end: 一季度 of 一季度计划进度（%）. "" for any other heading."""
    written = folded(heading)
    found = _PERIOD.findall(written)
    rest = _PERIOD.sub("", written)
    if len(found) != 1 or not _OF_PLAN.search(rest) or not _OF_PLAN_ALONE.fullmatch(rest):
        return ""
    named = _QUARTER.sub(lambda quarter: f"{quarter[1] or quarter[2]}季度", found[0])
    return named.replace("全年", "年底")


def hold_shares(texts: Sequence[str]) -> bool:
    """Whether more than half of the cells of columns of periods are a percentage."""
    texts = [text for text in texts if _says_something(text)]
    return 2 * sum(bool(_SHARE.fullmatch(folded(text))) for text in texts) > len(texts)


def plan_of_periods(cells: Sequence[tuple[str, str]]) -> str:
    """The text of a plan that stands in columns of periods: (period, text of its cell) each. What is no
    percentage comes last, so that it is not taken for the one of the next period."""
    stated = [(period, one_line(text)) for period, text in cells if _says_something(text)]
    stated.sort(key=lambda each: not _FIGURE.search(folded(each[1])))
    return "；".join(f"{period}：{text}" for period, text in stated)


def plan_of_deadline(text: str, year: int | None) -> Plan | None:
    """The plan that a deadline plainly is: 6月底完成50%，12月底前全部完成."""
    plan, doubts = read_plan(text, year)
    return None if doubts else plan


def holds_plans(texts: Sequence[str]) -> bool:
    """Whether more than half of the cells of a column say plainly by which day how much is done."""
    # Of any year: the header is read before the year of the document is known.
    plain = 0
    texts = [text for text in texts if _says_something(text)]
    for text in texts:
        nodes, doubts = _nodes(text, 2020)
        plain += any(node.percent < 100 for node in nodes) and not doubts
    return 2 * plain > len(texts)


def stated_plan(plan: Plan | None) -> str:
    """A plan as a person would write it, and as it is read again: 2026-06-30 50%；2026-09-30 80%."""
    if plan is None:
        return ""
    return "；".join(f"{node.planned_on} {node.percent:g}%" for node in plan.nodes)


def _nodes(text: str, year: int | None) -> tuple[tuple[PlanNode, ...], list[str]]:
    """The nodes in the order of their days, and what is doubtful about them."""
    if len(text) > _LONGEST:
        return (), []
    # Space is all that parts 2026-06-30 and 50%.
    written = folded(_BETWEEN_FIGURES.sub("，", "；".join(text.splitlines())))
    pairs, doubts = _pairs(written, year)
    read: dict[date, float] = {}
    for day, percent in pairs:
        if percent > 100:
            doubts.append(f"{percent:g}% 超过 100%，没有读入")
            continue
        if read.setdefault(day, percent) != percent:
            read[day] = max(read[day], percent)
            doubts.append(f"{day} 写了两个进度，按 {read[day]:g}%")
    nodes = tuple(PlanNode(day, read[day]) for day in sorted(read))
    if any(before.percent > after.percent for before, after in pairwise(nodes)):
        doubts.append("后一节点的进度低于前一节点")
    percents = [node.percent for node in nodes]
    if len(nodes) > 1 and percents[-1] < 100 and sum(percents) == 100:
        doubts.append("各节点相加正好 100%，不能确定是累计还是各期的增量，按累计")
    if left := _WRITTEN_OUT.sub("", _FIGURE.sub("", written)):
        doubts.append(f"另有文字“{left[:12]}”，不能确定进度说的是整项任务")
    return nodes, doubts


def _pairs(written: str, year: int | None) -> tuple[list[tuple[date, float]], list[str]]:
    """(day, percent) in the order written, and what was left without the other.

    The text falls apart into what stands before, between and behind its figures; the days of each
    piece belong to the figure next to it.
    """
    figures = list(_FIGURE.finditer(written))
    if not any(found["percent"] for found in figures):
        return [], []
    ends = [0, *(found.end() for found in figures)]
    starts = [*(found.start() for found in figures), len(written)]
    pieces = [written[end:start] for end, start in zip(ends, starts, strict=True)]
    days = _days(pieces, year)
    if not days[0] and days[1]:
        # 50%（6月底前）；80%（9月底前）: the day stands behind.
        days = days[1:]
    pairs: list[tuple[date, float]] = []
    doubts: list[str] = []
    waiting: list[date] = []
    for found, before in zip(figures, days, strict=False):
        percent = 100.0 if found["finished"] else read_percent(found["percent"], None)
        waiting += before
        if not waiting or percent is None:
            doubts.append(f"“{found[0]}”没有写明日期，没有读入")
            continue
        pairs.append((waiting.pop(0), percent))
    for behind in days[len(figures) :]:
        waiting += behind
    doubts += [f"{day} 没有写明进度，没有读入" for day in waiting]
    return pairs, doubts


def _days(pieces: list[str], year: int | None) -> list[list[date]]:
    """The days named in each piece; of a range its end."""
    found = []
    told = year
    for piece in pieces:
        # 6.30 is a day only where nothing stands around it.
        piece = piece.strip(":;,。、()")
        days = named_days(piece, year if _OWN_YEAR.search(piece) else told)
        if len(days) > 1 and _RANGE.search(piece):
            days = days[-1:]
        if days:
            told = days[-1].year
        found.append(days)
    return found
