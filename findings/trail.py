"""A line of the audit trail → what it says in Chinese, with names for ids and without codes.

Owns how a change is read: what it is about, which values it set, and from what to what. Takes rows of
the question `changes`; invents nothing and leaves out what says nothing to a reader (ids, hashes).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from words import ENTRIES, NEXT_STEP, PERIODS, WHOLE_TASK, is_missing

SUBJECTS = ENTRIES | {
    "submission": "月度填报",
    "ledger": "台账",
    "task": "任务",
    "unit": "单位",
    "reference": "口径文件",
    "batch": "批量录入",
    "saved_view": "筛选视图",
}
"""What a change may be about, and what a batch counts."""
FIELDS = {
    "unit_id": "单位",
    "state": "状态",
    "percent": "进度",
    "quarter_ended_on": "所议季度截至",
    "held_on": "召开日期",
    "text": "议定内容",
    "due_on": "办结期限",
    "narrative": "说明",
    "problem": "存在问题",
    "next_step": NEXT_STEP,
    "effective_on": "日期",
    "period": "频次要求",
    "occurred_on": "完成日期",
    "times": "次数",
    "another_occasion": "与其他单位同日的记录各算一次",
    "planned_on": "计划日期",
    "title": "材料名称",
    "document_number": "文号",
    "link": "链接",
    "file_name": "文件",
    "outcome": "结论",
    "requested_on": "申请日期",
    "new_due_on": "申请延至",
    "points": "分值",
    "kind": "类别",
    "value": "分数或名次",
    "of_points": "评分时的满分",
    "effort": "每步工作量",
    "version": "方案版次",
    "items": "计分任务数",
    "assessed_on": "评估日",
    "evidence_from": "佐证起算日",
    "absent_rule": "缺项处理",
    "bonus_cap": "加分总上限",
    "agreed_by": "同意人",
    "note": "备注",
    "month": "报送月",
    "window_start": "该期起始日",
    "rows_stored": "存入行数",
    "reason": "理由",
    "started_on": "台账起始日",
    "behind_yellow_points": "滞后阈值（百分点）",
    "behind_red_points": "红灯阈值（百分点）",
    "due_soon_days": "临期天数",
    "report_due_day": "报送截止日",
    "fewest_for_percent": "少于几项写分数",
    "fewest_ranked": "少于几项不排名",
    "first_listed_leads": "首位视为牵头",
    "backup_days": "按天保留备份份数",
    "backup_weeks": "按周保留备份份数",
    "backup_months": "按月保留备份份数",
    "red_overdue_only": "只有逾期亮红灯",
    "verifies_own": "可以核验本人录入的完成",
    "aliases": "其他写法",
    "members": "集体成员",
    "short_names": "指标简称",
    "themes": "指标主题",
    "name": "名称",
    "sentence": "条件",
}
"""Key of a stored value → what it is called. A key that is Chinese is its own name."""
CODES = {
    "not_started": "未开始",
    "in_progress": "进行中",
    "done": "已完成",
    "not_applicable": "不适用",
    "dropped": "不再办理",
    "claimed": "已申报",
    "recognised": "已认定",
    "accepted": "销号",
    "returned": "退办",
    "approved": "同意",
    "refused": "不同意",
    "closed": "锁定",
    "reopened": "解锁",
    "excused": "免除",
    "withdrawn": "撤销免除",
    "manual": "人工评分",
    "review": "复核得分",
    "rank": "名次",
    "rescale": "剔除后折算",
    "average": "按平均得分率计",
    **PERIODS,
}
LONG = ("narrative", "problem", "next_step", "reason")
CODED = ("state", "outcome", "period", "kind", "absent_rule")
EMPTY = "无"
NAMED_IN_A_LINE = 5
"""Of a list that grew or shrank, as many are named."""
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Difference(NamedTuple):
    """One value a change touched; a value that was not there before, or is not after, is 无."""

    field: str
    before: str
    after: str


def table(changes: pd.DataFrame) -> pd.DataFrame:
    """Rows of `changes` as a person reads them, one line each."""
    lines = [row for _, row in changes.iterrows()]
    return pd.DataFrame(
        {
            "录入时间": [f"{row.recorded_at:%Y-%m-%d %H:%M}" for row in lines],
            "录入人": [row.recorded_by for row in lines],
            "事项": [row.action for row in lines],
            "对象": [subject(row) for row in lines],
            "单位": [unit(row) for row in lines],
            "变更内容": [sentence(row) for row in lines],
            "理由": [row.reason for row in lines],
            "备注": [marks(row) for row in lines],
            "数据版本": [row.data_version for row in lines],
        }
    )


def subject(change: pd.Series) -> str:
    """What a change is about: a task by number and text, a ledger by title, else the kind of thing."""
    if not is_missing(change.number):
        return f"第 {change.number} 项　{change.task}"
    if change.subject_kind == "ledger" and not is_missing(change.ledger):
        return f"台账《{change.ledger}》"
    return SUBJECTS.get(change.subject_kind, "其他")


def unit(change: pd.Series) -> str:
    """Whose part of the task a change is about; empty where units do not come into it."""
    if not is_missing(change.unit):
        return change.unit
    stored = _stored(change.after) | _stored(change.before)
    return WHOLE_TASK if "unit_id" in stored else ""


def differences(change: pd.Series) -> list[Difference]:
    """Every value a change set, changed or took back, as they are stored but long texts last."""
    before, after = _stored(change.before), _stored(change.after)
    names = {} if is_missing(change.names) else change.names
    if is_withdrawal(change):
        # What is taken back stands in full; the reason for it is told beside it.
        after = {}
    found: list[Difference] = []
    # Short values first: a line may have no room for the rest.
    for key in sorted(dict.fromkeys([*before, *after]), key=LONG.__contains__):
        if not _is_shown(key, change, after):
            continue
        was, now = before.get(key), after.get(key)
        if isinstance(was, list) or isinstance(now, list):
            found += _of_lists(FIELDS[key], was or [], now or [], names)
        elif was != now:
            found.append(Difference(_name(key), _value(key, was, names), _value(key, now, names)))
    if not is_missing(change.extended_to) and is_missing(change.before):
        found.insert(0, Difference("申请延至", EMPTY, change.extended_to))
    return [each for each in found if each.before != each.after]


def is_withdrawal(change: pd.Series) -> bool:
    """Whether a change takes an entry back and puts nothing in its place."""
    return bool(_stored(change.before)) and set(_stored(change.after)) == {"reason"}


def sentence(change: pd.Series) -> str:
    """The differences of a change in one line."""
    found = differences(change)
    if is_withdrawal(change):
        return "不再算数：" + "；".join(f"{each.field} {each.before}" for each in found)
    if is_missing(change.before):
        return "；".join(f"{each.field} {each.after}" for each in found) or "没有附带内容"
    return "；".join(f"{each.field}：{each.before} → {each.after}" for each in found) or "内容未变"


def marks(change: pd.Series) -> str:
    """What else is to be known: entered after the month was closed; taken back since, and why."""
    said = ["锁定后补记"] if change.after_closing else []
    if not is_missing(change.taken_back_reason):
        said.append(f"后已撤销或更正：{change.taken_back_reason or '未写理由'}")
    return "；".join(said)


def _stored(value: Any) -> dict[str, Any]:
    read = {} if is_missing(value) else json.loads(value)
    return read if isinstance(read, dict) else {}


def _is_shown(key: str, change: pd.Series, after: dict[str, Any]) -> bool:
    if key == "reason":
        # The answer's own column has it, unless that has the reason for a correction.
        return "reason_for_correction" in after or is_withdrawal(change)
    if key == "unit_id":
        # Of an entry that replaces none, the answer's own column has it.
        return "unit_id" in after and not is_missing(change.before)
    return key in FIELDS or key in SUBJECTS or not key.isascii()


def _name(key: str) -> str:
    return FIELDS.get(key) or SUBJECTS.get(key) or key


def _value(key: str, value: Any, names: dict[str, str]) -> str:
    if key == "unit_id":
        return names.get(value, EMPTY) if value else WHOLE_TASK
    if value is None or value == "":
        return EMPTY
    if key in CODED:
        return CODES.get(value, str(value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if key == "month":
        return f"{value[:4]} 年 {int(value[5:7])} 月"
    if key in LONG:
        return str(value).rstrip("。")
    unit_of = {
        "percent": "%",
        "times": " 次",
        "points": " 分",
        "bonus_cap": " 分",
        "rows_stored": " 行",
    }.get(key, "")
    if key in SUBJECTS:
        unit_of = " 条"
    return f"{value:g}{unit_of}" if isinstance(value, int | float) else f"{value}{unit_of}"


def _of_lists(
    field: str, was: list[Any], now: list[Any], names: dict[str, str]
) -> Iterator[Difference]:
    """What was added to a list and what was dropped from it."""
    earlier, later = ({_line(each, names): None for each in rows} for rows in (was, now))
    dropped = [each for each in earlier if each not in later]
    added = [each for each in later if each not in earlier]
    if dropped or added:
        yield Difference(field, _some(dropped), _some(added))


def _line(row: Any, names: dict[str, str]) -> str:
    """A row of a list: names for ids, the rest as it is; the source of a row is left out."""
    cells = [str(cell) for cell in (row if isinstance(row, list) else [row])][:2]
    return "—".join(
        names.get(cell, "已删除的单位") if _ID.fullmatch(cell) else cell for cell in cells
    )


def _some(rows: list[str]) -> str:
    if not rows:
        return EMPTY
    rest = f" 等 {len(rows)} 条" if len(rows) > NAMED_IN_A_LINE else ""
    return "、".join(rows[:NAMED_IN_A_LINE]) + rest
