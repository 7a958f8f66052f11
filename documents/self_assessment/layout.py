"""The 自评表 as a workbook: its columns, and the stamp by which a returned one is known.

Owns what writing and reading it must agree on. Knows neither workbook nor database.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

SHEET, SUMMARY, WORKINGS, EVIDENCE = "自评表", "自评复核对照", "计分过程", "佐证材料清单"
FORMAT = "信用交通省自评表"
VERSION = "1"


@dataclass(frozen=True)
class Column:
    """One column of the 自评表."""

    field: str
    header: str
    width: float
    """In characters of a workbook; the shares of a page are the same."""


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
    Column("review", "复核得分", 8.5),
    Column("opinion", "复核意见", 18),
)
FIELDS = tuple(column.field for column in COLUMNS)


@dataclass(frozen=True)
class Stamp:
    """What a 自评表 knows of itself; it travels in a hidden cell."""

    ledger_id: UUID
    edition_number: int
    scheme_id: UUID | None
    """None of a trial with equal weights."""
    scheme_version: int
    data_version: int
    is_demonstration: bool

    def text(self) -> str:
        """The stamp as one text."""
        kind = "demonstration" if self.is_demonstration else "office"
        scheme = self.scheme_id or ""
        parts = (self.ledger_id, self.edition_number, scheme, self.scheme_version)
        return "|".join(map(str, (FORMAT, VERSION, *parts, self.data_version, kind)))

    @classmethod
    def read(cls, text: str) -> Stamp | None:
        """The stamp in `text`; None when it is none, or was tampered with."""
        parts = text.strip().split("|")
        if len(parts) != 8 or parts[:2] != [FORMAT, VERSION]:
            return None
        ledger, edition, scheme, version, data_version, kind = parts[2:]
        try:
            return cls(
                UUID(ledger),
                int(edition),
                UUID(scheme) if scheme else None,
                int(version),
                int(data_version),
                kind == "demonstration",
            )
        except ValueError:
            return None
