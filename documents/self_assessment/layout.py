"""The 自评表 as a workbook: its columns, and the stamp by which a returned one is known.

Owns what writing and reading it must agree on. Knows neither workbook nor database.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from documents.workbook import stamp
from documents.workbook.column import Column

SHEET, SUMMARY, WORKINGS, EVIDENCE = "自评表", "自评复核对照", "计分过程", "佐证材料清单"

COLUMNS = (
    Column("key", "行标识", 3),
    Column("number", "编号", 5.5),
    Column("level2", "指标", 13),
    Column("task", "目标任务", 34),
    Column("units", "责任处室（单位）", 17),
    Column("full", "分值", 8),
    Column("criterion", "评分标准", 20),
    Column("self", "自评得分", 8),
    Column("completion", "完成情况", 22),
    Column("evidence", "佐证材料", 22),
    Column("reason", "扣分原因", 20),
    Column("review", "复核得分", 8.5, True),
    Column("opinion", "复核意见", 18, True),
)
FIELDS = tuple(column.field for column in COLUMNS)


@dataclass(frozen=True)
class Stamp(stamp.Stamp):
    """Which ledger, scheme and data a 自评表 was made from."""

    FORMAT = "信用交通省自评表"

    ledger_id: UUID
    edition_number: int
    scheme_id: UUID | None
    """None of a trial with equal weights."""
    scheme_version: int
    data_version: int
    is_demonstration: bool
