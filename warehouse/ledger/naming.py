"""By which name a ledger is known: its id, the name kept from earlier files, and nearly equal names.

Owns what makes two titles the same ledger. Stores nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

import duckdb

from loaders.model import Ledger
from warehouse.ledger.register import IDS
from warehouse.store import Warehouse, WarehouseError, statement

_REVISION = re.compile(
    r"[(\[【〔][^()\[\]【】〔〕]*(?:修订|修改|调整|更新|修正|定稿|终稿|版)[^()\[\]【】〔〕]*[)\]】〕]"
    r"|(?:\d{1,2}月)?(?:最新)?(?:修订|修改|调整|更新)[版稿]?$|第[一二三四五六七八九十\d]+[版稿]$"
)
_PUNCTUATION = re.compile(r"[^\w]|_")


@dataclass(frozen=True)
class LedgerName:
    """By what a ledger is identified."""

    title: str
    region: str
    year: int


def identify(ledger: Ledger) -> UUID:
    """The id of the ledger of this region, year and title: width and spaces do not tell titles apart.

    Raises `WarehouseError` when the ledger names no year.
    """
    if ledger.year is None:
        raise WarehouseError(
            f"看不出《{ledger.title or ledger.file}》是哪一年的台账，请在标题或文件名中写明年份后重试。"
        )
    plain = _without_width(ledger.title)
    return uuid5(IDS, f"ledger|{ledger.region}|{ledger.year}|{plain}")


def goes_on_from(editions: Sequence[tuple[Any, ...]]) -> tuple[Any, ...] | None:
    """Of the rows of `editions_of_ledger`, the one that the next edition is compared with and follows: the
    newest that stands; where none does, the newest of those taken back last. None of no rows."""
    standing = [row for row in editions if row[-1]]
    if standing:
        return standing[-1]
    # Of those taken back together, the newest.
    return max(editions, key=lambda row: (row[-2], row[0]), default=None)


def ledger_named(cursor: duckdb.DuckDBPyConnection, ledger: Ledger) -> UUID:
    """The id of the stored ledger that has this region, year and title now; a new one where none has:
    by `identify`, unless a ledger whose name was corrected since was stored under it."""
    ledger_id = identify(ledger)
    taken = set()
    for stored_id, title, region, year in cursor.execute(statement("ledger_names")).fetchall():
        if (region, year) == (ledger.region, ledger.year) and (same_title(title, ledger.title)):
            found: UUID = stored_id
            return found
        taken.add(stored_id)
    while ledger_id in taken:
        ledger_id = uuid5(ledger_id, "again")
    return ledger_id


def named_ledger(warehouse: Warehouse, ledger: Ledger) -> UUID:
    """`ledger_named` of the newest data."""
    with warehouse.cursor() as cursor:
        return ledger_named(cursor, ledger)


def name_kept(warehouse: Warehouse, ledger: Ledger) -> LedgerName | None:
    """The name under which an earlier file that named itself as this one does was stored, corrected
    or not, the latest first; None when none was."""
    for _, *stored, title, region, year in _ledgers_as_read(warehouse):
        if (title, region, year) == (ledger.title, ledger.region, ledger.year):
            return LedgerName(*stored)
    return None


def similar_names(warehouse: Warehouse, ledger: Ledger) -> list[LedgerName]:
    """The stored ledgers whose title differs only by a remark of revision, quotes or punctuation: the
    file may be an edition of one of them. Empty when a ledger of just this name is stored."""
    ledger_id = named_ledger(warehouse, ledger)
    found: dict[UUID, LedgerName] = {}
    for stored_id, title, region, year, *_ in _ledgers_as_read(warehouse):
        if stored_id == ledger_id:
            return []
        same_place = year == ledger.year and (region == ledger.region or not ledger.region)
        if same_place and _bare(title) == _bare(ledger.title):
            found[stored_id] = LedgerName(title, region, year)
    return list(found.values())


def _ledgers_as_read(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    """(id, title, region, year, and title, region, year as read) of each edition, newest first."""
    with warehouse.cursor() as cursor:
        return cursor.execute(statement("ledgers_as_read")).fetchall()


def same_title(title: str, other: str) -> bool:
    """Whether two titles name the same ledger."""
    return _without_width(title) == _without_width(other)


def _without_width(title: str) -> str:
    return "".join(unicodedata.normalize("NFKC", title).split())


def _bare(title: str) -> str:
    """A title without its remarks of revision ((修订), (10月修订), 第二版) and without punctuation."""
    return _PUNCTUATION.sub("", _REVISION.sub("", _without_width(title)))
