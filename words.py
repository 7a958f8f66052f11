"""The product's words for its codes and figures: one name, shape and colour per meaning.

Owns how a code, a percentage or a day is written. Knows nothing of where it is written: the screen,
the charts and the exported documents all take their words from here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import TypeIs


@dataclass(frozen=True)
class Lamp:
    """A lamp never speaks by colour alone: it has a word and a shape as well."""

    word: str
    shape: str
    colour: str


LAMPS = {
    "red": Lamp("红灯", "▲", "#C8102E"),
    "yellow": Lamp("黄灯", "◆", "#E0A100"),
    "green": Lamp("绿灯", "●", "#2E8B57"),
    "blue": Lamp("蓝灯", "✔", "#2F6DB5"),
    "grey": Lamp("灰灯", "○", "#8A8F98"),
}
STATES = {
    "not_applicable": "不适用",
    "verified": "已销号",
    "done": "已完成",
    "returned": "退办待改",
    "overdue": "已逾期",
    "in_progress": "进行中",
    "not_started": "未开始",
}
REPORT_STATES = {
    code: STATES[code] for code in ("in_progress", "done", "not_started", "not_applicable")
}
"""What may be reported, the likeliest first."""
KINDS = {"base": "基本任务", "bonus": "加分项", "penalty": "扣分项"}
ROLES = {"lead": "牵头", "responsible": "负责", "cooperate": "配合", "support": "技术支持"}
ACCOUNT_ROLES = {"unit": "处室/单位", "office": "厅法规处", "leader": "领导", "admin": "管理员"}
"""Role of an account → how it is called on screen."""
PERIODS = {
    "day": "每天",
    "week": "每周",
    "fortnight": "每两周",
    "month": "每月",
    "two-months": "每两个月",
    "quarter": "每季度",
    "half-year": "每半年",
    "year": "每年",
}
DEADLINE_KINDS = {
    "date": "有明确期限",
    "ongoing": "常态化",
    "as-needed": "按需",
    "unspecified": "未明确",
}
SCORE_PARTS = {
    "base": "基本分",
    "absent": "缺项折算",
    "bonus": "加分",
    "excess": "加分超上限",
    "penalty": "扣分",
    "overall": "自评总分",
}
NEEDS = {
    "evidence": "补佐证材料",
    "complete": "完成任务",
    "tier": "升到下一档",
    "occurrence": "再完成一次",
    "window": "在同一期内再完成一次",
    "mark": "取得评分或名次",
    "claim": "申报加分",
}
"""What the next step towards points still to be won is."""
COMPLETION_STATES = {"waiting": "待核验", "accepted": "已销号", "returned": "已退办"}
EXTENSION_STATES = {"pending": "待审批", "approved": "同意", "refused": "不同意"}
WINDOW_STATES = {"met": "已完成", "missed": "缺", "open": "进行中", "excused": "免除"}
RETURN_STATES = {"missing": "未报", "partly": "部分报送", "late": "迟报", "on_time": "按时报送"}
"""The gravest first."""
READINGS = {
    "title": "标题",
    "header": "表头",
    "task": "任务",
    "total": "合计",
    "note": "说明",
    "blank": "空行",
}
CHANGES = {
    "added": "新增",
    "removed": "删去",
    "reworded": "改文字",
    "reassigned": "改分工",
    "redated": "改期限",
    "moved": "移位",
    "same": "不变",
}
CELL_READINGS = {
    "level1": ("一级指标", "#CFE0F3"),
    "level2": ("二级指标", "#E3EEF9"),
    "task": ("任务", "#DDF1E4"),
    "responsible": ("责任单位", "#FBEBD3"),
    "lead": ("牵头单位", "#FBEBD3"),
    "cooperate": ("配合单位", "#FBEBD3"),
    "deadline": ("期限", "#F9DDE2"),
    "inherited": ("承接上一行", "#F1F3F6"),
    "other": ("其他列", "#EDE7F6"),
    "ignored": ("未采用", "#FFFFFF"),
}
"""How a cell of a source was read: its word and the tint behind it; dark text throughout."""
WHOLE_TASK = "整项任务"
"""Stands where a unit would, for what is about no single unit's part."""
NEXT_STEP = "下一步"
ENTRIES = {
    "report": "进展填报",
    "occurrence": "频次记录",
    "plan": "计划节点",
    "evidence": "佐证材料",
    "verification": "核验",
    "extension": "延期申请",
    "extension_decision": "延期审批",
    "claim": "加分申报",
    "incident": "扣分事件",
    "mark": "评分",
    "meeting": "季度例会",
    "decision": "议定事项",
    "decision_progress": "办理情况",
}
"""Table of entries → what one entry is called."""
UNIT_CLASSES = ("厅机关处室", "厅属单位", "地方交通部门", "集体", "未归类")
COLUMNS = {
    "number": "编号",
    "task": "目标任务",
    "period": "周期",
    "min_count": "至少次数",
    "window_start": "该期起",
    "window_end": "该期止",
    "times": "完成次数",
    "window_state": "结果",
    "short_name": "一级指标",
    "level2": "二级指标",
    "unit": "单位",
    "class": "类别",
    "as_of": "截至",
    "tasks": "任务",
    "theme": "主题",
    "indicator": "指标",
    "source": "出处",
    "tasks_share": "占比 %",
    "never_reported": "未填报",
    "applicable": "适用任务",
    "done": "完成",
    "verified": "已销号",
    "due": "到期",
    "due_done": "到期完成",
    "open": "未完成（未逾期）",
    "due_open": "到期未完成",
    "overdue": "逾期",
    "behind": "滞后",
    "not_reported": "未报送",
    "done_rate": "完成率 %",
    "done_rate_then": "当时完成率 %",
    "due_rate": "到期完成率 %",
    "on_time_rate": "按期完成率 %",
    "mean_percent": "平均进度 %",
    "points": "分值",
    "part_name": "部分",
    "full_points": "满分",
    "self_points": "自评",
    "secured_points": "已锁定",
    "reachable_points": "可达上限",
    "done_rate_by_points": "按分值完成率 %",
    "due_rate_by_points": "按分值到期完成率 %",
    "on_time_rate_by_points": "按分值按期完成率 %",
    "mean_percent_by_points": "按分值平均进度 %",
    "expected_percent": "序时进度 %",
    "ahead_points": "序时偏差",
    "open_ahead_points": "未完成的序时偏差",
    "change_points": "变化（百分点）",
    "newly_done": "新完成",
    "no_longer_done": "不再算完成",
    "newly_overdue": "新逾期",
    "recovered": "逾期已解除",
    "red": "▲ 红灯",
    "yellow": "◆ 黄灯",
    "green": "● 绿灯",
    "blue": "✔ 蓝灯",
    "grey": "○ 灰灯",
    "shared_load": "折算任务",
    "lead_tasks": "牵头",
    "responsible_tasks": "负责",
    "cooperate_tasks": "配合支持",
    "first_listed_tasks": "其中首位",
    "collective_tasks": "来自集体",
    "rank_in_class": "同类名次",
    "longest_overdue_days": "最长逾期（天）",
    "days_1_30": "1–30 天",
    "days_31_60": "31–60 天",
    "days_61_90": "61–90 天",
    "days_over_90": "90 天以上",
    "age": "逾期时长",
    "effective_due_on": "期限",
    "return_state": "报送情况",
    "tasks_due": "应报任务",
    "reported": "已报",
    "on_time": "按时",
    "late": "迟报",
    "missing": "未报",
    "overdue_tasks": "逾期任务",
    "due_soon_tasks": "即将到期",
    "first_recorded_at": "最早录入",
    "last_recorded_at": "最近录入",
    "due_by": "报送截止",
}
"""How a column of an answer is headed in tables and exports."""
RATES = {
    "done_rate": ("done", "applicable"),
    "done_rate_then": ("earlier_done", "earlier_applicable"),
    "due_rate": ("due_done", "due"),
    "on_time_rate": ("on_time", "due"),
    "tasks_share": ("tasks", "all_tasks"),
}
"""Rate of an answer → the two counts it is the quotient of."""
RATES_BY_POINTS = {
    "done_rate_by_points": ("points", "with_points"),
    "due_rate_by_points": ("points_due", "due_with_points"),
    "on_time_rate_by_points": ("points_due", "due_with_points"),
}
"""Rate of an answer by points → the points it is a share of, and of how many tasks they are."""
UNKNOWN = "—"
UNLINKED = "\u2060"
"""Word joiner: has no width, and no program takes it for a part of an address."""
_ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)(?=[\w-])", re.I)
NO_POINTS = "未设分值"
TRIAL = "等权试算"
DEMONSTRATION = "演示数据"


def lamp(code: str) -> str:
    """A lamp as shape and word, as in ▲ 红灯."""
    return f"{LAMPS[code].shape} {LAMPS[code].word}"


def lamp_meanings(
    yellow: float, red: float, soon: int, *, red_overdue_only: bool = False
) -> dict[str, str]:
    """What each lamp means under a ledger's thresholds: points behind for yellow and for red, days
    before the due day, and whether nothing but being overdue is red."""
    behind = (
        f"落后 {yellow:g} 个百分点以上" if red_overdue_only else f"落后 {yellow:g}–{red:g} 个百分点"
    )
    return {
        "red": "逾期" if red_overdue_only else f"逾期，或进度落后序时超过 {red:g} 个百分点",
        "yellow": f"{soon} 天内到期，或{behind}，或频次有缺口",
        "green": "进展正常",
        "blue": "已完成",
        "grey": "不适用，或无从判断",
    }


def is_missing(value: Any) -> TypeIs[None]:
    """Whether a figure is unknown: None, NaN, NaT or NA, as they come out of a query."""
    try:
        return value is None or bool(value != value)
    except TypeError:
        # pd.NA will not say whether it differs from itself.
        return True


def each_row(answer: Any) -> Iterator[Any]:
    """The rows of an answer (a DataFrame), each with its columns as attributes and its `Index`.

    What a column holds is stated by its question, which no type checker reads: hence Any.
    """
    return iter(answer.itertuples())


def plain(text: str) -> str:
    """`text` for a place that reads Markdown, so that it is shown as it was issued. An address in it
    gets a mark that cannot be seen: Streamlit makes links of addresses, escaped ones too."""
    return re.sub(r"([\\`*_\[\]#~:$<>|])", r"\\\1", _ADDRESS.sub(UNLINKED, text))


def rounded(value: float, decimals: int = 0) -> float:
    """A figure as it is shown everywhere, rounded half up (62.25 → 62.3, −1.25 → −1.3); NaN stays NaN.
    Screen, charts and files take their figures from here and round none again.

    What lies nine places behind the point is an error of binary fractions: 83.35 − 75.1 is 8.25.
    """
    if is_missing(value):
        return value
    written = Decimal(f"{float(value):.9f}")
    return float(written.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)) + 0.0


def rounded_percent(value: float, decimals: int = 0) -> float:
    """A percentage as it is shown; 100 only when nothing is left, 0 only when there is nothing. A rate
    of few things is shown as a fraction, which it keeps."""
    if is_missing(value) or isinstance(value, RateOfFew):
        return value
    step = 10.0**-decimals
    shown = rounded(value, decimals)
    if shown >= 100 > value:
        shown = 100 - step
    if shown <= 0 < value:
        shown = step
    return shown


def percent(value: float | None, decimals: int = 0) -> str:
    """A percentage as it is written."""
    if is_missing(value):
        return UNKNOWN
    return f"{rounded_percent(value, decimals):.{decimals}f}%"


class RateOfFew(float):
    """A percentage of so few things that it is written as a fraction (0/1); sorted and drawn as the
    number it is."""

    fraction: str

    def __new__(cls, part: float, whole: float) -> RateOfFew:
        rate = super().__new__(cls, 100 * part / whole)
        rate.fraction = f"{part:g}/{whole:g}"
        return rate

    def __getnewargs__(self) -> tuple[float, float]:  # type: ignore[override]
        part, whole = self.fraction.split("/")
        return float(part), float(whole)


def rate_of_row(row: Any, name: str = "done_rate") -> float | None:
    """A rate of an answer's row as a number: a `RateOfFew` where its ledger has the fraction written;
    None where it is unknown."""
    value = getattr(row, name)
    if is_missing(value):
        return None
    if name in RATES_BY_POINTS:
        points, tasks = (getattr(row, each) for each in RATES_BY_POINTS[name])
        if tasks < row.fewest_for_percent:
            return RateOfFew(round(value * points / 100, 2), points)
        return float(value)
    part, whole = (int(getattr(row, count)) for count in RATES[name])
    return RateOfFew(part, whole) if whole < row.fewest_for_percent else float(value)


def rate(row: Any, name: str = "done_rate", decimals: int = 0) -> str:
    """A rate of an answer's row as it is written."""
    return written_rate(rate_of_row(row, name), decimals)


def written_rate(value: float | None, decimals: int = 0) -> str:
    """A rate as it is written: a percentage, of few things the fraction."""
    return value.fraction if isinstance(value, RateOfFew) else percent(value, decimals)


def rate_with_counts(row: Any, name: str = "done_rate", decimals: int = 0) -> str:
    """A rate of an answer's row and what it is the quotient of: 62%（5/8）, of few things 0/1."""
    part, whole = (int(getattr(row, count)) for count in RATES[name])
    written = rate(row, name, decimals)
    return written if "/" in written else f"{written}（{part}/{whole}）"


def points(value: float | None, decimals: int = 1, *, signed: bool = False) -> str:
    """A number of percentage points, or of marks, without its unit."""
    if is_missing(value):
        return UNKNOWN
    shown = rounded(value, decimals)
    return f"{shown:+.{decimals}f}" if signed and shown else f"{shown:.{decimals}f}"


def score(cents: int | None) -> str:
    """Points from whole hundredths, without needless zeros: 3.5, 4, −0.25; a dash when unknown."""
    if is_missing(cents):
        return UNKNOWN
    whole, rest = divmod(abs(int(cents)), 100)
    decimals = f".{rest:02d}".rstrip("0") if rest else ""
    return f"{'−' if cents < 0 else ''}{whole}{decimals}"


def number(value: float | None, decimals: int = 0) -> str:
    """A count or an amount; a dash when unknown."""
    return UNKNOWN if is_missing(value) else f"{rounded(value, decimals):,.{decimals}f}"


def day(value: date | None) -> str:
    """A day in a table: 2020-09-30."""
    return UNKNOWN if is_missing(value) else f"{value:%Y-%m-%d}"


def day_in_sentence(value: date) -> str:
    """A day in a sentence: 9 月 30 日."""
    return f"{value.month} 月 {value.day} 日"


def spaced(text: str) -> str:
    """A sentence of a document as it stands on screen, where numbers are set apart."""
    return re.sub(r"(?<=[\u4e00-\u9fff])(?=\d)|(?<=[\d%])(?=[\u4e00-\u9fff])", " ", text)


def close_set(text: str) -> str:
    """A text of the screen as a document has it: no spaces between Chinese characters and figures."""
    return re.sub(r"(?<=[\u4e00-\u9fff，；]) (?=\d)|(?<=[\d%]) (?=[\u4e00-\u9fff])", "", text)


def wrap(text: str, width: float, newline: str) -> str:
    """`text` broken after every `width` characters, Latin ones counting about half.

    Closing punctuation never starts a line, and no single character is left alone on the last one.
    """
    lines, line, used = [], "", 0.0
    for character in text:
        size = _size(character)
        if used + size > width and character not in "，。、；：！？）”’》〉】)":
            lines.append(line)
            line, used = "", 0.0
        line += character
        used += size
    if lines and used <= 1:
        line = lines.pop() + line
    return newline.join([*lines, line])


def shorten(text: str, width: float) -> str:
    """`text`, or its beginning with … where it is longer than `width` characters, Latin ones
    counting about half; the caller must offer the whole text elsewhere."""
    used = 0.0
    for position, character in enumerate(text):
        used += _size(character)
        if used > width:
            return text[: max(position - 1, 0)] + "…"
    return text


def clause(text: str, width: float) -> str:
    """`text`, or as many of its first clauses as `width` characters hold, without a mark at their end;
    of a clause that is longer the beginning. What only says by what or in what, and not what the task is,
    gives way to what follows it. For places where … looks like a defect and the whole text stands
    elsewhere."""
    if shorten(text, width) == text:
        return text
    text = _CIRCUMSTANCES.sub("", text)
    if shorten(text, width) == text:
        return text.rstrip("，。；、：")
    kept = shorten(text, width).removesuffix("…")
    ends = [place for place, character in enumerate(kept) if character in "，。；：,;"]
    # A clause of a few characters does not say what the task is.
    whole = [place for place in ends if place >= width / 3]
    if not whole and kept.rfind("、") >= width / 2:
        # A list is left out from an item on, not from the middle of one.
        whole = [kept.rfind("、")]
    return (kept[: whole[-1]] if whole else kept).rstrip("，。；、：“《（")


_CIRCUMSTANCES = re.compile(
    "^(?:(?:在[^，。；：]+[中后时下上内间前]|(?:按照|根据|依据|依托|结合|围绕|对照|针对)[^，。；：]+)，)+"
)
"""在系统实际建设中，… or 根据信用评价结果，结合“双随机一公开”，… at the beginning of a task."""


def quoted(text: str) -> str:
    """A wording in quotation marks, its own ones inside them single (GB/T 15834), without a full stop."""
    inside = text.rstrip("。；; ").replace("“", "‘").replace("”", "’")
    return f"“{inside}”"


def _size(character: str) -> float:
    return 0.55 if character.isascii() else 1.0


def differing(before: str, after: str, lead: int = 8) -> tuple[str, str]:
    """Two wordings from shortly before where they part, so that the difference is seen even where
    only the beginning fits; one that stands alone is left whole."""
    if not before or not after or before == after:
        return before, after
    parting = next(
        (i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
        min(len(before), len(after)),
    )
    if parting <= lead:
        return before, after
    return "…" + before[parting - lead :], "…" + after[parting - lead :]
