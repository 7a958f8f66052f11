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
    Column("key", "行标识", 3, is_hidden=True),
    Column("number", "编号", 6),
    Column("level2", "指标", 13, is_hidden=True),
    Column("task", "目标任务", 36),
    Column("units", "责任处室（单位）", 17, is_hidden=True),
    Column("full", "分值", 9),
    Column("criterion", "评分标准", 18),
    Column("self", "自评得分", 9),
    Column("account", "完成情况、佐证、扣分原因", 62),
    Column("evidence", "佐证材料", 22, is_hidden=True),
    Column("reason", "扣分原因", 20, is_hidden=True),
    Column("review", "复核得分", 9, True),
    Column("opinion", "复核意见", 16, True),
)
"""Those that are hidden hold by themselves what `account` joins."""
FIELDS = tuple(column.field for column in COLUMNS)
PRINTED = tuple(column for column in COLUMNS if not column.is_hidden)
"""The columns of a page, the same in the workbook and in the document."""


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
