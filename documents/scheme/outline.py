"""What a 评分方案 is made for and from: the tasks of the edition in force, and the versions there are.

Owns getting them out of the warehouse, and the version that a ledger's own points make.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pandas as pd

from loaders.points import split_points
from loaders.wording import one_line, without_numbering
from metrics import Scope, ask
from warehouse import ALL_KNOWN, Warehouse
from warehouse.ledger.schemes import Edition, Item, Scheme, Tier, edition_for_scheme, measures_of
from words import each_row, is_missing

STARTING_RULES = {"base": "proportional", "bonus": "all-or-nothing", "penalty": "per-occurrence"}
"""The rule that is offered for a task of each kind until somebody chooses another."""


@dataclass(frozen=True)
class SchemeTask:
    """One task of the edition in force."""

    task_id: UUID
    number: int
    level1: str
    level2: str
    task: str
    kind: str
    units: str
    has_cadence: bool
    points: Decimal | None
    """By the ledger's own 分值."""


@dataclass(frozen=True)
class Outline:
    """A ledger as a scheme sees it."""

    ledger_id: UUID
    edition: Edition
    tasks: tuple[SchemeTask, ...] = field(repr=False)

    @property
    def heading_points(self) -> dict[str, Decimal]:
        """一级指标 → the points its heading states in the source (组织建设（4分）), where it does."""
        names = {task.level1 for task in self.tasks}
        found = {}
        for cell in self.edition.cells:
            name, stated = split_points(without_numbering(one_line(cell)))
            if name in names and stated and stated.total is not None:
                found[name] = Decimal(f"{stated.total:g}")
        return found

    @property
    def has_points(self) -> bool:
        """Whether the ledger itself gives any task points."""
        return any(task.points is not None for task in self.tasks)


@dataclass(frozen=True)
class Version:
    """One stored version."""

    scheme_id: UUID
    number: int
    scheme: Scheme
    recorded_at: Any
    recorded_by: str


def outline_of(warehouse: Warehouse, ledger_id: UUID) -> Outline:
    """The ledger's tasks in the edition in force. Raises KeyError when there is no such ledger."""
    edition = edition_for_scheme(warehouse, ledger_id)
    rows = _rows(warehouse, ledger_id, edition, None)
    tasks = tuple(
        SchemeTask(
            row.task_id,
            int(row.number),
            row.level1,
            _text(row.level2),
            row.task,
            row.kind,
            _text(row.units),
            bool(row.has_cadence),
            _amount(row.points),
        )
        for row in each_row(rows)
    )
    return Outline(ledger_id, edition, tasks)


def started_scheme(outline: Outline) -> Scheme:
    """What the ledger's own points make: base tasks in proportion to their percent, bonus items in
    full once recognised, penalties their points for each incident. Tasks without points are out."""
    items = []
    for task in outline.tasks:
        if task.points is None:
            continue
        rule = STARTING_RULES[task.kind]
        is_penalty = task.kind == "penalty"
        items.append(
            Item(
                task.task_id,
                None if is_penalty else task.points,
                rule,
                measures_of(task.kind, rule)[0],
                step=task.points if is_penalty else None,
            )
        )
    return blank_scheme(outline, items)
    return blank_scheme(outline, items)


def blank_scheme(outline: Outline, items: Sequence[Item] = ()) -> Scheme:
    """A scheme that is assessed on the ledger's last day and takes evidence from its first."""
    edition = outline.edition
    return Scheme(
        outline.ledger_id,
        edition.edition_id,
        edition.ended_on,
        edition.started_on,
        items=tuple(items),
    )


def stored_version(warehouse: Warehouse, ledger_id: UUID, scheme_id: UUID) -> Version:
    """A stored version, as far as its tasks are in the edition in force.

    Raises KeyError when the ledger has no such version.
    """
    heads = ask(warehouse, "schemes", Scope(ledger_id, date.max))
    heads = heads[heads.scheme_id == scheme_id]
    if heads.empty:
        raise KeyError(scheme_id)
    head = next(each_row(heads))
    rows = _rows(warehouse, ledger_id, edition_for_scheme(warehouse, ledger_id), scheme_id)
    scheme = Scheme(
        ledger_id,
        head.edition_id,
        head.assessed_on.date(),
        head.evidence_from.date(),
        head.absent_rule,
        None if is_missing(head.bonus_cap_cents) else Decimal(int(head.bonus_cap_cents)) / 100,
        head.note,
        tuple(_item(row) for row in each_row(rows) if not is_missing(row.rule)),
    )
    return Version(scheme_id, int(head.version), scheme, head.recorded_at, head.recorded_by)


def _rows(
    warehouse: Warehouse, ledger_id: UUID, edition: Edition, scheme_id: UUID | None
) -> pd.DataFrame:
    # On the day from which the edition in force is the one that every later day sees.
    day = max(edition.ended_on, edition.effective_on)
    scope = Scope(ledger_id, day, known_at=ALL_KNOWN, scheme_id=scheme_id)
    return ask(warehouse, "scheme_items", scope)


def _item(row: Any) -> Item:
    # Without tiers the column holds a missing value instead of a list.
    tiers = row.tiers if hasattr(row.tiers, "__len__") else ()
    return Item(
        row.task_id,
        _amount(row.points),
        row.rule,
        row.measure,
        _amount(row.step),
        _amount(row.floor) or Decimal(0),
        bool(row.evidence_required),
        row.criterion,
        row.proof,
        tuple(Tier(Decimal(low), _amount(high), Decimal(points)) for low, high, points in tiers),
    )


def _amount(text: Any) -> Decimal | None:
    return None if is_missing(text) else Decimal(text)


def _text(value: Any) -> str:
    return "" if is_missing(value) else str(value)
