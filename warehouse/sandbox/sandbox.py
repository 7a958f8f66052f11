"""Questions typed in SQL: each runs in a process of its own, over a copy of one scope.

Owns the copies (one file per data version and scope, a few at a time), the processes and their
clocks. The office's database is never handed to a query: it sees the tables of documented.sql as
they were when the copy was made, and nothing it does can reach further or hold up anybody else.
`sandboxed` is what runs in the process.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import duckdb
import pandas as pd
import pyarrow as pa

from warehouse.judging import Basis, Scores
from warehouse.sandbox.refusals import Refusal, explain
from warehouse.snapshots import Snapshot
from warehouse.statements import statement
from warehouse.store import Warehouse, WarehouseError

MEMORY = 512 * 2**20
"""Bytes that the operating system counts for the process of one query at most."""
AT_ONCE, AT_ONCE_OF_ONE = 3, 2
"""Queries of all users and of one of them; each computes on one processor at most."""
COPIES_KEPT = 8
FEW_TEXTS, LONGEST_TEXT = 300, 30
"""Different texts of a column up to which they are words of its own, such as states and units; and the
characters of such a word."""
LONGEST = 20_000
"""Characters of a query."""
ROW_LIMITS = (1_000, 10_000, 100_000)
TIME_LIMITS = (10, 30, 60)
"""Seconds."""
HERE = Path(__file__).parent
WORKER = HERE / "sandboxed.py"
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_PARTIAL = ("FLOAT", "DOUBLE", "DECIMAL")
_LARGEST = 2**53
"""A browser counts exactly up to here; a larger whole number is shown as text."""


@dataclass(frozen=True)
class Extent:
    """What a copy holds: the tasks of a ledger on a day, as the sidebar has them."""

    ledger_id: UUID
    as_of: date
    units: tuple[str, ...] = ()
    level1s: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    basis: Basis = field(default_factory=Basis)


@dataclass(frozen=True)
class Column:
    """One column of a documented table."""

    table: str
    table_meaning: str
    name: str
    type: str
    meaning: str
    rows: int
    """Of the table."""


@dataclass(frozen=True)
class Copy:
    """The file with the documented tables of one extent."""

    path: Path
    data_version: int
    columns: tuple[Column, ...]
    texts: frozenset[str] = frozenset()
    """What stands in columns of few different texts, such as states and names of units: a query that
    writes one of them without quotation marks is told so."""

    @property
    def tables(self) -> dict[str, list[Column]]:
        """Table → its columns, in their order."""
        found: dict[str, list[Column]] = {}
        for column in self.columns:
            found.setdefault(column.table, []).append(column)
        return found


@dataclass(frozen=True)
class Answer:
    """What a query found."""

    rows: pd.DataFrame
    has_more: bool
    """There were more rows than the limit; the rest was not fetched."""
    seconds: float


class QueryRefused(Exception):
    """A query that gave no answer; `refusal` says why in Chinese, and where."""

    def __init__(self, refusal: Refusal):
        super().__init__(refusal.sentence)
        self.refusal = refusal


_copies: OrderedDict[tuple[Path, int, Extent], Copy] = OrderedDict()
_copying = threading.Lock()
_places_taken: Counter[str] = Counter()
"""Who asks → how many queries of theirs run."""
_taking = threading.Lock()


@cache
def _folder() -> Path:
    """Of this process alone, removed when it ends."""
    folder = tempfile.TemporaryDirectory(prefix="credit-query-", ignore_cleanup_errors=True)
    atexit.register(folder.cleanup)
    return Path(folder.name)


def copy_of(warehouse: Warehouse, extent: Extent) -> Copy:
    """The documented tables of `extent` as of the present data; made once per data version."""
    with _copying, warehouse.snapshot() as snapshot:
        key = (warehouse.path, snapshot.data_version, extent)
        if key not in _copies:
            _copies[key] = _make(snapshot, extent)
        _copies.move_to_end(key)
        while len(_copies) > COPIES_KEPT:
            _remove(_copies.popitem(last=False)[1])
        return _copies[key]


def _make(snapshot: Snapshot, extent: Extent) -> Copy:
    place = _folder() / uuid4().hex
    place.mkdir()
    path = place / "snapshot.duckdb"
    texts: set[str] = set()
    with duckdb.connect() as target, snapshot.cursor() as cursor:
        known = {"ledger_id": extent.ledger_id, "known_at": extent.basis.known_at}
        newest = cursor.execute(statement("newest_scheme"), known).fetchone()
        scheme_id = newest[0] if newest else None
        given = {
            "basis": snapshot.judge(
                [extent.as_of], extent.basis, [Scores(extent.ledger_id, scheme_id)]
            ),
            "ledger_id": extent.ledger_id,
            "scheme_id": scheme_id,
            "as_of": extent.as_of,
            "units": list(extent.units),
            "level1s": list(extent.level1s),
            "kinds": list(extent.kinds),
            "known_at": extent.basis.known_at,
            "as_issued": extent.basis.as_issued,
        }
        target.execute(statement("attach_snapshot"), {"path": str(path)})
        for text, parameters in _documented():
            lines = [line for line in text.splitlines() if not line.startswith("--")]
            head, _, query = "\n".join(lines).partition(" as\n")
            if query:
                # A snapshot of the data is only read: its rows are handed to the file's own connection.
                rows = cursor.execute(query, {name: given[name] for name in parameters})
                table = rows.to_arrow_table()
                texts |= _texts(table)
                target.register("rows", table)
                text = statement("fill_documented_table").format(table=head.split()[-1])
            target.execute(text)
        columns = target.execute(statement("snapshot_columns")).fetchall()
        target.execute(statement("checkpoint_snapshot")).fetchall()
    return Copy(
        path, snapshot.data_version, tuple(Column(*row) for row in columns), frozenset(texts)
    )


def _texts(table: pa.Table) -> set[str]:
    """The texts of the columns that have few different ones."""
    found: set[str] = set()
    for column in table.columns:
        if pa.types.is_string(column.type):
            different = column.unique().drop_null().to_pylist()
            if len(different) <= FEW_TEXTS:
                found |= {text for text in different if len(text) <= LONGEST_TEXT}
    return found


@cache
def _documented() -> tuple[tuple[str, frozenset[str]], ...]:
    """The statements of documented.sql, each with the names of its parameters."""
    text = (HERE / "documented.sql").read_text(encoding="utf-8")
    return tuple(
        (each.query, frozenset(each.named_parameters)) for each in duckdb.extract_statements(text)
    )


def _remove(made: Copy) -> None:
    # Windows keeps a file that a query still reads; the folder goes when the process ends.
    with contextlib.suppress(OSError):
        made.path.unlink()
        made.path.parent.rmdir()


@cache
def examples() -> dict[str, str]:
    """Title → SQL of the queries offered as a beginning, from examples.sql."""
    text = (HERE / "examples.sql").read_text(encoding="utf-8")
    found = {}
    for part in text.split("-- 例：")[1:]:
        title, _, body = part.partition("\n")
        found[title.strip()] = body.strip()
    return found


class Query:
    """One query on its way. `result` waits for nothing: ask `finished` first."""

    def __init__(self, copy: Copy, sql: str, *, row_limit: int, seconds: int, asker: str = ""):
        """Start it. Raises WarehouseError when it is too long, or too many are running in all or of
        the same `asker`."""
        if len(sql) > LONGEST:
            raise WarehouseError(f"查询语句超过 {LONGEST} 个字，请缩短。")
        _take_place(asker)
        self._asker = asker
        self._texts = copy.texts
        self.sql = sql
        self.seconds_allowed = seconds
        self._started = time.monotonic()
        self._seconds: float | None = None
        self._output: bytes | None = None
        self._why = ""
        request = {
            "path": str(copy.path),
            "folder": str(copy.path.parent),
            "sql": sql,
            "row_limit": row_limit,
            "seconds": seconds,
            "memory": MEMORY,
        }
        try:
            self._process = subprocess.Popen(
                # Isolated: neither the environment nor the folder of the script is looked into.
                [sys.executable, "-I", "-X", "utf8", str(WORKER)],
                cwd=copy.path.parent,
                env=_bare_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except BaseException:
            _give_place(asker)
            raise
        self._watch = threading.Thread(target=self._wait, args=(request,), daemon=True)
        self._watch.start()

    def _wait(self, request: dict[str, Any]) -> None:
        try:
            self._output, _ = self._process.communicate(
                json.dumps(request).encode(), timeout=self.seconds_allowed
            )
        except subprocess.TimeoutExpired:
            self._end("Timeout")
        except OSError:
            # The process was gone before it had read its request.
            self._end("")
        finally:
            self._seconds = time.monotonic() - self._started
            _give_place(self._asker)

    def _end(self, why: str) -> None:
        self._why = self._why or why
        self._process.kill()
        self._process.communicate()

    @property
    def seconds(self) -> float:
        """How long it took, or has taken so far."""
        return time.monotonic() - self._started if self._seconds is None else self._seconds

    def finished(self, patience: float = 0) -> bool:
        """Whether there is a result, waiting for at most `patience` seconds."""
        self._watch.join(patience)
        return not self._watch.is_alive()

    def stop(self) -> None:
        """End it; returns when the process is gone."""
        self._why = "Stopped"
        self._process.kill()
        self._watch.join()

    def result(self) -> Answer:
        """What was found. Raises `QueryRefused` with the reason in Chinese and its place."""
        self._watch.join()
        try:
            told = json.loads(self._output or b"") if not self._why else {}
        except ValueError:
            told = {}
        error = told.get("error") if told else {"type": self._why or "Ended"}
        if error is not None:
            raise QueryRefused(
                explain(error, self.sql, seconds=self.seconds_allowed, texts=self._texts)
            )
        return Answer(_frame(told["columns"], told["rows"]), told["more"], self.seconds)


def _take_place(asker: str) -> None:
    with _taking:
        if _places_taken.total() >= AT_ONCE:
            raise WarehouseError(f"现在已有 {AT_ONCE} 个查询在运行，请稍后再试。")
        if asker and _places_taken[asker] >= AT_ONCE_OF_ONE:
            raise WarehouseError(
                f"你已有 {AT_ONCE_OF_ONE} 个查询在运行，请等它们结束，或在那个页面停止后再试。"
            )
        _places_taken[asker] += 1


def _give_place(asker: str) -> None:
    with _taking:
        _places_taken[asker] -= 1
        if not _places_taken[asker]:
            del _places_taken[asker]


def _bare_environment() -> dict[str, str]:
    """Nothing of this process's own environment but what Windows cannot start a program without."""
    import os

    return {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}


def _frame(columns: list[dict[str, str]], rows: list[list[Any]]) -> pd.DataFrame:
    """The rows with what their types say; columns of one name are numbered, as a table needs."""
    named: dict[str, pd.Series] = {}
    for position, column in enumerate(columns):
        name, count = column["name"], 2
        while name in named:
            name, count = f"{column['name']}_{count}", count + 1
        named[name] = _series([row[position] for row in rows], column["type"])
    return pd.DataFrame(named)


def _series(values: list[Any], kind: str) -> pd.Series:
    base = kind.partition("(")[0]
    if kind.endswith("]"):
        return pd.Series(values, dtype=object)
    if base in _WHOLE or (base == "HUGEINT" or base.startswith(("U", "BIGNUM"))):
        if all(v is None or (isinstance(v, int) and abs(v) <= _LARGEST) for v in values):
            return pd.Series(values, dtype="Int64")
        return pd.Series([None if v is None else str(v) for v in values], dtype=object)
    if base in _PARTIAL:
        return pd.Series(values, dtype="float64")
    if base == "BOOLEAN":
        return pd.Series(values, dtype="boolean")
    if base == "DATE" or base.startswith("TIMESTAMP"):
        with contextlib.suppress(ValueError, OverflowError):
            return pd.to_datetime(pd.Series(values, dtype=object), format="ISO8601")
    return pd.Series([None if v is None else str(v) for v in values], dtype=object)
