"""What the judgements of a snapshot rest on, and keeping them while the snapshot lasts.

Owns which days, months, windows and scores are judged already, and how many rows are kept. What a
judgement says is the macros' matter (meanings/*.sql).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import duckdb

from warehouse.statements import statement

ALL_KNOWN = datetime.max  # noqa: DTZ901 (as naive as every _at column)

JUDGED_ROWS_KEPT = 500_000
"""Judgements in memory for each snapshot, one per task, day and basis: some 0.8 KB each."""
ROWS_OF_ONE = 6
"""So many rows of a month or of cadence windows take the memory of one judgement."""


@dataclass(frozen=True)
class Basis:
    """What a judgement rests on besides its day and the data there are."""

    known_at: datetime = ALL_KNOWN
    """Entries made later are not known."""
    as_issued: bool = False
    """Judge by the due days as issued, whatever extension was approved."""


AS_RECORDED = Basis()
"""All entries are known, and due days count as extended."""


@dataclass(frozen=True)
class Windows:
    """The cadence windows that have begun by a day."""

    as_of: date
    name = "windows"


@dataclass(frozen=True)
class Month:
    """What was reported in a month; it rests on the judgements of both its days."""

    month_start: date
    as_of: date
    """The day it is judged on."""
    eve: date
    """The day before it began: what was finished then need not be reported."""
    name = "month"


@dataclass(frozen=True)
class Scores:
    """The scores of the asked days under a 评分方案; no scheme is the trial with equal weights (等权试算)."""

    ledger_id: UUID
    scheme_id: UUID | None


_Kept = tuple[int, date | Month | Windows]
"""The number of a basis, and what was judged on it."""


class Judgements:
    """The judgements in the tables `judged.*` as one transaction sees them.

    The transaction is never committed: its rows are seen by no other, and are gone when it ends. So a
    judgement is of the data its transaction sees, and two snapshots cannot mix.
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection):
        self._cursor = cursor
        self._bases: dict[Basis, int] = {}
        self._rows: dict[_Kept, int] = {}
        """What is kept → how many judgements its rows take the memory of; the oldest first."""
        self._scored: set[tuple[int, date, Scores]] = set()

    def judge(
        self,
        days: Iterable[date],
        basis: Basis = AS_RECORDED,
        besides: Iterable[Month | Windows | Scores] = (),
    ) -> int:
        """Make sure the judgements of `days`, and what is asked for `besides`, are at hand; returns the
        number they are kept under. The days a `Month` rests on must be among `days`.

        Judging means planning some 400 lines of macros (50 ms even for an empty ledger), so all
        missing days are judged in one statement, and kept for every question of the snapshot.
        """
        asked, besides = list(dict.fromkeys(days)), list(besides)
        others = [each for each in besides if not isinstance(each, Scores)]
        terms = {each: self._terms(each, basis) for each in besides if isinstance(each, Scores)}
        assessed = [assessed_on for found in terms.values() for assessed_on, _ in found]
        wanted = list(dict.fromkeys([*asked, *assessed]))
        number = self._number(basis)
        self._judge_days(number, basis, wanted)
        for each in others:
            self._keep(number, basis, each)
        for scheme, found in terms.items():
            self._score(number, basis, scheme, found, asked)
        self._forget_oldest({(number, each) for each in [*wanted, *others]})
        return number

    def _number(self, basis: Basis) -> int:
        if basis not in self._bases:
            number = max(self._bases.values(), default=0) + 1
            self._run("keep_duties", {"basis": number, "known_at": basis.known_at})
            self._bases[basis] = number
        return self._bases[basis]

    def _judge_days(self, number: int, basis: Basis, days: list[date]) -> None:
        missing = [day for day in days if (number, day) not in self._rows]
        if not missing:
            return
        given = {"basis": number, "days": missing, **vars(basis)}
        self._run("judge_tasks", given)
        self._run("judge_units", given)
        rows = dict(self._run("judged_rows", given).fetchall())
        self._rows |= {(number, day): rows.get(day, 0) for day in missing}

    def _keep(self, number: int, basis: Basis, each: Month | Windows) -> None:
        if (number, each) in self._rows:
            return
        given = {"basis": number, **vars(each), **vars(basis)}
        self._run(f"keep_{each.name}", given)
        ((rows,),) = self._run(f"{each.name}_rows", given).fetchall()
        self._rows[number, each] = rows // ROWS_OF_ONE

    def _terms(self, scores: Scores, basis: Basis) -> list[tuple[date, date]]:
        """Day of assessment and first day of evidence; none of an unknown ledger or scheme."""
        name = "terms_of_trial" if scores.scheme_id is None else "terms_of_scheme"
        return self._run(name, {**vars(scores), **vars(basis)}).fetchall()

    def _score(
        self,
        number: int,
        basis: Basis,
        scores: Scores,
        terms: list[tuple[date, date]],
        days: list[date],
    ) -> None:
        missing = [day for day in days if (number, day, scores) not in self._scored]
        for assessed_on, evidence_from in terms if missing else ():
            given = {"basis": number, "days": missing, **vars(scores), **vars(basis)}
            self._run(
                "score_tasks",
                given | {"assessed_on": assessed_on, "evidence_from": evidence_from},
            )
        self._scored |= {(number, day, scores) for day in missing}

    def _forget_oldest(self, needed: set[_Kept]) -> None:
        kept = sum(self._rows.values())
        for number, each in [key for key in self._rows if key not in needed]:
            if kept <= JUDGED_ROWS_KEPT:
                return
            kept -= self._rows.pop((number, each))
            if isinstance(each, date):
                for name in ("forget_tasks", "forget_units", "forget_scores"):
                    self._run(name, {"basis": number, "day": each})
                self._scored = {held for held in self._scored if held[:2] != (number, each)}
            else:
                self._run(f"forget_{each.name}", {"basis": number, **vars(each)})

    def _run(self, name: str, given: dict[str, Any]) -> duckdb.DuckDBPyConnection:
        """The statement called `name`, given what it names of `given`: DuckDB refuses other values."""
        sql = statement(name)
        (parsed,) = duckdb.extract_statements(sql)
        return self._cursor.execute(sql, {key: given[key] for key in parsed.named_parameters})
