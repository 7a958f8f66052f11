"""What a page is about, and the cache of its answers. Draws nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import partial
from itertools import takewhile
from typing import Any, TypeVar

import pandas as pd
from cachetools import LRUCache, cached

import metrics
from metrics import Scope
from metrics.keeping import content_of, keep
from metrics.periods import month_ends
from warehouse import ALL_KNOWN, Office, Warehouse
from words import KINDS, day, each_row

T = TypeVar("T")

NO_FILTERS = "无"
END_OF_DAY = time(23, 59)
KEPT_BYTES = 400 * 2**20
"""Memory for answers that are kept; the ones asked for longest ago are dropped first."""
SHARED_SHOWN, TELLING_SHOWN = 4, 10
"""Characters of a title shown before and after the place where ledgers of one province and year differ."""


@dataclass(frozen=True)
class View:
    """What a page is about: the open database, the ledger's own row, and the scope of its questions."""

    office: Office
    ledger: pd.Series
    scope: Scope
    short_names: dict[str, str]
    data_version: int
    """The data version that every answer and export of the page is of."""
    scoring: str = ""
    """By which 评分方案 the page's points are, once it has chosen."""
    scheme: pd.Series | None = None
    """That version's row of `schemes`; none in the trial with equal weights."""

    @property
    def started_on(self) -> date:
        """The ledger's first day."""
        return self.ledger.started_on.date()

    @property
    def ended_on(self) -> date:
        """The ledger's last day."""
        return self.ledger.ended_on.date()

    @property
    def assessed_on(self) -> date:
        """The day up to which points can be earned: the scheme's 评估日; in the trial with equal
        weights, the ledger's last day."""
        return self.ended_on if self.scheme is None else self.scheme.assessed_on.date()

    @property
    def warehouse(self) -> Warehouse:
        """The open database."""
        return self.office.warehouse

    def ask(self, question: str, scope: Scope | None = None, **values: Any) -> pd.DataFrame:
        """The answer of a question for the view's scope, or another one; kept until the data changes."""
        return answer(self.warehouse, self.data_version, question, scope or self.scope, **values)

    def made(self, make: Callable[..., T], *values: Any) -> T:
        """What `make(view, *values)` makes of nothing but the values and the data of this view; kept
        until the data change, and handed out as the caller's own."""
        if self.warehouse.data_version != self.data_version:
            # A file made later is of the data of that moment, which this view knows no key for.
            return make(self, *values)
        key = (str(self.warehouse.path), self.data_version, self.scope, content_of(make, values))
        return keep(key, lambda: make(self, *values))

    def every(self, question: str, **values: Any) -> Callable[[], pd.DataFrame]:
        """A call that asks for all rows of an answer of which the page lists the first.

        A workbook makes it when its button is pressed, so the rows are not kept.
        """
        return partial(
            metrics.ask, self.warehouse, question, self.scope, row_limit=metrics.NO_LIMIT, **values
        )

    def unfiltered(self) -> Scope:
        """The scope with no task left out."""
        return replace(self.scope, units=(), level1s=(), kinds=())

    def with_members(self, expanded: bool) -> View:
        """The view with collectives as written, or replaced by their members."""
        return replace(self, scope=replace(self.scope, expanded=expanded))

    @property
    def month_ends(self) -> list[date]:
        """The last days of the ledger's months up to 截至日期, at most twelve; the last is 截至日期."""
        return month_ends(self.started_on, self.scope.as_of)[-12:]

    @property
    def filters(self) -> str:
        """The filters in words, as they stand on every page and export."""
        filters = [
            *self.scope.units,
            *(self.short_names.get(name, name) for name in self.scope.level1s),
            *(KINDS[kind] for kind in self.scope.kinds),
        ]
        if self.scope.verified_only:
            filters.append("完成只计已销号")
        if self.scope.as_issued:
            filters.append("按原定期限")
        if self.scope.known_at != ALL_KNOWN:
            until = self.scope.known_at
            clock = "" if _is_end_of_day(until) else f" {until:%H:%M}"
            filters.append(f"按 {day(until)}{clock} 当时已填报")
        if self.scoring:
            filters.append(self.scoring)
        return "、".join(filters) or NO_FILTERS


def answer(
    warehouse: Warehouse, data_version: int, question: str, scope: Scope | None, **values: Any
) -> pd.DataFrame:
    """The answer of a question at a data version, from the answers kept for all visitors. Who changes
    it changes a copy of their own: pandas copies what is written to, and only that."""
    return _answer(
        warehouse,
        str(warehouse.path),
        data_version,
        question,
        scope,
        tuple(sorted((k, tuple(v) if isinstance(v, list) else v) for k, v in values.items())),
    ).copy(deep=False)


def _bytes_of(answer: pd.DataFrame) -> int:
    return int(answer.memory_usage(deep=True).sum())


def _key(_: Warehouse, *rest: Any) -> tuple[Any, ...]:
    # Its path stands for the database: another one, or newer data, is another answer.
    return rest


@cached(LRUCache(KEPT_BYTES, getsizeof=_bytes_of), key=_key, condition=threading.Condition())
def _answer(
    warehouse: Warehouse,
    path: str,
    data_version: int,
    question: str,
    scope: Scope | None,
    values: tuple[tuple[str, Any], ...],
) -> pd.DataFrame:
    del path, data_version
    return metrics.ask(
        warehouse, question, scope, **{k: list(v) if k == "days" else v for k, v in values}
    )


def ledger_names(ledgers: pd.DataFrame) -> list[str]:
    """What each row of `ledgers` is called in a list of choices: province and year, and where several
    share these, so much of the title as tells them apart."""
    places = [f"{row.region} {row.year}".strip() for row in each_row(ledgers)]
    names = []
    for place, title in zip(places, ledgers.title, strict=True):
        others = [t for p, t in zip(places, ledgers.title, strict=True) if p == place]
        names.append(f"{place} {_telling_part(title, others)}" if len(others) > 1 else place)
    return names


def _telling_part(title: str, titles: list[str]) -> str:
    """The part of a title around the first place where `titles` differ; the whole of it, where another
    of them has the same part."""
    alike = takewhile(lambda characters: len(set(characters)) == 1, zip(*titles, strict=False))
    shared = sum(1 for _ in alike)
    start = max(0, shared - SHARED_SHOWN)
    parts = [each[start : shared + TELLING_SHOWN] for each in titles]
    part = title[start : shared + TELLING_SHOWN]
    if parts.count(part) > 1:
        return title
    before, after = "…" * (start > 0), "…" * (len(title) > shared + TELLING_SHOWN)
    return f"{before}{part}{after}"


def _is_end_of_day(moment: datetime) -> bool:
    return (moment.hour, moment.minute) == (END_OF_DAY.hour, END_OF_DAY.minute)
