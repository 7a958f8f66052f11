"""The 评分方案 as a table: its columns, settings and words, and the stamp by which a file is known.

Owns what writing, reading and the grid on screen must agree on. Knows neither workbook nor database.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from documents.workbook import stamp
from documents.workbook.column import Column
from warehouse.ledger.schemes import ABSENT_RULES, MEASURES, RULES

SHEET, SUMS, GUIDE = "评分方案", "分值汇总", "填写说明"
RULE_WORDS = {word: code for code, word in RULES.items()}
MEASURE_WORDS = {word: code for code, word in MEASURES.items() if word}
FORMER_WORDS = {"全有或全无": "all-or-nothing", "缺的频次窗口": "missed"}
"""What templates handed out before say for the same; still read."""
ABSENT_WORDS = {word: code for code, word in ABSENT_RULES.items()}
YES, NO = "是", "否"
FULL_MARKS = 100
"""What the base tasks are expected to come to."""


COLUMNS = (
    Column("key", "行标识", 3, is_hidden=True),
    Column("number", "编号", 6, spellings=("序号", "任务序号")),
    Column("kind", "类别", 9),
    Column("task", "目标任务", 32, spellings=("任务", "任务内容", "工作任务")),
    Column("points", "分值", 7, True, ("满分", "分数", "标准分")),
    Column("rule", "规则", 10, True, ("计分规则", "评分规则")),
    Column("measure", "计分依据", 12, True, ("依据",)),
    Column("step", "每次分值", 9, True, ("每次",)),
    Column("floor", "下限", 7, True, ("得分下限",)),
    Column("tiers", "分档", 23, True, ("档次",)),
    Column("evidence_required", "是否须佐证", 8, True, ("须佐证", "佐证")),
    Column("criterion", "评分标准", 22, True, ("评分细则", "计分标准")),
    Column("proof", "佐证要求", 20, True, ("佐证材料要求", "所需佐证")),
    Column("level1", "一级指标", 15, is_hidden=True),
    Column("level2", "二级指标", 13, is_hidden=True),
    Column("units", "责任单位", 24, spellings=("责任处室（单位）", "责任处室"), is_hidden=True),
)
OF_RULES = ("measure", "step", "floor", "tiers")
"""Columns that only some rules take; each is out of sight until a row has something in it."""
FILLED = tuple(column.field for column in COLUMNS if column.is_filled)
HEADERS = {column.field: column.header for column in COLUMNS}
WORTH = tuple(
    name for name in FILLED if name not in ("rule", "measure", "floor", "evidence_required")
)
"""The columns that say a row is in the scheme; the others may be offered beforehand."""

SETTINGS = {
    "assessed_on": "评估日",
    "evidence_from": "佐证起算日",
    "absent_rule": "缺项处理",
    "bonus_cap": "加分总上限",
    "note": "说明",
}
SETTING_NOTES = {
    "assessed_on": "部里评估的那一天，如 2020-12-31；“可达上限”按这一天以前还能做的算。",
    "evidence_from": "早于这一天的佐证材料过旧，不作佐证。",
    "absent_rule": "不适用的任务怎样处理：从满分中剔除后折算，或按其余任务的平均得分率计。",
    "bonus_cap": "加分项合计最多加几分；不设上限的留空。",
    "note": "这一版的依据或缘由，可不填。",
}
"""The explanation beside each setting in the workbook."""
HEADING, HEADING_BASE, HEADING_FULL = "一级指标", "基本任务合计", "指标满分"


@dataclass(frozen=True)
class Stamp(stamp.Stamp):
    """What a template was filled from; it stands in a hidden cell of each sheet."""

    FORMAT = "信用交通省评分方案"

    ledger_id: UUID
    edition_id: UUID
    version: int
    """The version of the scheme; 0 when from none."""
    is_demonstration: bool
