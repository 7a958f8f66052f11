"""The questions the product answers: one .sql file each, asked of one `Scope`.

Owns finding the question, giving it its parameters and handing back its rows. Knows nothing of how
an answer is drawn, and holds no SQL of its own.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from warehouse import ALL_KNOWN, Basis, Month, Scores, Warehouse, Windows

HERE = Path(__file__).parent
NO_LIMIT = 2**31 - 1
WITH_GAPS = {
    pa.int32(): pd.Int32Dtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}
"""What keeps whole numbers and truths as they are in a column where some are unknown."""

# The relation that DuckDB recommends instead plans every question twice.
warnings.filterwarnings("ignore", "Arrow output on a DB-API result", UserWarning)


@dataclass(frozen=True)
class Scope:
    """Which tasks a question is about, and the day they are judged on."""

    ledger_id: UUID
    as_of: date
    units: tuple[str, ...] = ()
    """Names of units or of members of collectives; empty leaves none out."""
    level1s: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    verified_only: bool = False
    """Count a task as done only when the office has verified it (销号)."""
    expanded: bool = False
    """Show the members of collectives in their stead."""
    as_issued: bool = False
    """Judge by the due days as issued, not as extended."""
    known_at: datetime = ALL_KNOWN
    """Leave out what was entered after this instant (按当时已填报)."""
    scheme_id: UUID | None = None
    """The version of the 评分方案 to score by; none is the trial with equal weights (等权试算)."""

    @property
    def basis(self) -> Basis:
        """What the judgements of this scope rest on."""
        return Basis(self.known_at, self.as_issued)


@dataclass(frozen=True)
class Question:
    """One question file: what it is called, what its figures mean, and which values it needs."""

    name: str
    title: str
    definition: str
    sql: str
    parameters: frozenset[str]


def ask(warehouse: Warehouse, name: str, scope: Scope | None = None, **values: Any) -> pd.DataFrame:
    """The rows of question `name` for `scope`; `values` are what the question needs besides.

    Every day the answer rests on is judged first, of the same data: those of the snapshot that this
    thread holds, else the newest. Raises KeyError for a missing value or question.
    """
    chosen = question(name)
    given = _parameters(scope) | values
    days = [day for key in ("as_of", "compare_on", "eve") if (day := given.get(key)) is not None]
    days += given.get("days", [])
    besides: list[Month | Windows | Scores] = []
    if "judged.cadence_window" in chosen.sql:
        besides.append(Windows(given["as_of"]))
    if {"basis", "month_start"} <= chosen.parameters:
        besides.append(Month(given["month_start"], given["as_of"], given["eve"]))
    if scope and "scheme_id" in chosen.parameters:
        besides.append(Scores(scope.ledger_id, scope.scheme_id))
    with warehouse.snapshot() as snapshot, snapshot.cursor() as cursor:
        if "basis" in chosen.parameters:
            given["basis"] = snapshot.judge(days, scope.basis if scope else Basis(), besides)
        answer = cursor.execute(chosen.sql, {key: given[key] for key in chosen.parameters})
        kinds = [str(kind) for _, kind, *_ in answer.description or ()]
        table = answer.to_arrow_table()
    return _frame(table, kinds)


@cache
def question(name: str) -> Question:
    """The question in `name`.sql; its first line is `-- title：definition`."""
    path = HERE / f"{name}.sql"
    if not path.is_file():
        raise KeyError(name)
    sql = path.read_text(encoding="utf-8")
    head = sql.partition("\n")[0].removeprefix("-- ")
    title, _, definition = head.partition("：")
    (statement,) = duckdb.extract_statements(sql)
    return Question(name, title, definition, sql, frozenset(statement.named_parameters))


def questions() -> list[Question]:
    """Every question there is, by name."""
    return [question(path.stem) for path in sorted(HERE.glob("*.sql"))]


def _parameters(scope: Scope | None) -> dict[str, Any]:
    if scope is None:
        return {}
    return {
        "ledger_id": scope.ledger_id,
        "as_of": scope.as_of,
        "units": list(scope.units),
        "level1s": list(scope.level1s),
        "kinds": list(scope.kinds),
        "verified_only": scope.verified_only,
        "expanded": scope.expanded,
        "known_at": scope.known_at,
        "as_issued": scope.as_issued,
        "scheme_id": scope.scheme_id,
    }


def _frame(table: pa.Table, kinds: Sequence[str]) -> pd.DataFrame:
    """The rows of an answer, by way of Arrow: its texts are not copied one by one, as `.df()` does,
    which for 85,000 rows takes longer than the question. Days become timestamps, ids UUIDs.
    `kinds` are DuckDB's names of the columns' types.
    """
    columns = zip(table.column_names, kinds, table.columns, strict=True)
    return pd.DataFrame({name: _series(kind, column) for name, kind, column in columns})


def _series(kind: str, column: pa.ChunkedArray) -> pd.Series:
    if kind == "UUID":
        coded = column.combine_chunks().dictionary_encode()
        ids = np.array([None, *map(UUID, coded.dictionary.to_pylist())], dtype=object)
        return pd.Series(ids[coded.indices.fill_null(-1).to_numpy(zero_copy_only=False) + 1])
    if kind == "DATE":
        column = column.cast(pa.timestamp("us"))
    return column.to_pandas(
        types_mapper=WITH_GAPS.get if column.null_count else None, maps_as_pydicts="strict"
    )
