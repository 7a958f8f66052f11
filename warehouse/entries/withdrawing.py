"""Taking back in one action what came in together: editions, a ledger, the progress an edition brought,
returned forms, a version of a scheme.

Nothing is deleted: each thing taken back gets a row of `withdrawal`, so it stays in the record with who,
when and why, and as it was known before. Owns what belongs together; what is left is judged elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import duckdb

from warehouse.entries.recording import ENTRY_IDS, check_author
from warehouse.statements import statement
from warehouse.store import Warehouse, WarehouseError
from warehouse.writing import PLACES_OF_ACTION, Writer
from words import ENTRIES

Row = dict[str, Any]

_SIGNED = ("recorded_at", "recorded_by")

IN_FORMS = ("report", "occurrence", "evidence")
"""Tables that a returned form writes to."""
OF_COLUMNS = ("report", "evidence", "plan")
"""Tables that the columns of an imported ledger write to."""
ON_TASKS = (
    *("report", "occurrence", "plan", "evidence", "verification"),
    *("extension", "claim", "incident", "mark"),
)
"""Tables of what is recorded about a task."""


@dataclass(frozen=True)
class Mistake:
    """What is to be taken back."""

    kind: str
    """One of ACTIONS."""
    ids: tuple[UUID, ...]
    """Ids of the ledgers, editions, submissions or schemes."""
    with_entries: bool = False
    """Of a ledger or edition: also what was recorded about the tasks that go with it."""


ACTIONS = {
    "ledger": "撤回台账",
    "edition": "撤回台账版次",
    "column": "撤回导入的进展",
    "submission": "撤回填报表",
    "scheme": "撤回评分方案",
}
"""Kind of a mistake → what taking it back is called in the trail."""


@dataclass
class Reach:
    """All that goes when a mistake is taken back."""

    heads: list[tuple[str, UUID, str, UUID, Row]] = field(default_factory=list)
    """(table, id, subject kind, subject id, what it was) of each edition, submission or scheme; without
    a table it only heads what goes, and stays itself."""
    entries: list[tuple[str, Row]] = field(default_factory=list)
    """(table, row) of each entry that goes."""
    restored: list[Row] = field(default_factory=list)
    """Occurrences that a form had taken back and that count again."""

    @property
    def counts(self) -> Counter[str]:
        """Table → how many of its entries go."""
        return Counter(table for table, _ in self.entries)


@dataclass(frozen=True)
class Foreseen:
    """What taking back would change of a ledger, as judged on a day."""

    counts: dict[str, int]
    """Table of entries → how many would go."""
    restored: int
    """How many occurrences would count again."""
    before: tuple[Row, ...]
    """How each task stands now."""
    after: tuple[Row, ...]
    """How each would stand; none when the ledger goes."""


def take_back(
    warehouse: Warehouse, mistake: Mistake, *, reason: str, recorded_by: str, seen_version: int
) -> Reach:
    """Take back what the mistake names, with a reason, in one transaction; returns what went.

    `seen_version` is the data version in which it was looked at what would go. Raises WarehouseError
    when something of it does not stand any more, or anything was written since; then nothing goes.
    """
    check_author(recorded_by)
    if not reason.strip():
        raise WarehouseError("撤回须写明理由。")
    with warehouse.writing(recorded_by.strip(), ACTIONS[mistake.kind]) as writer:
        reach = _reach(writer.cursor, mistake)
        if writer.data_version != seen_version + 1:
            raise WarehouseError("核对期间有人存入了别的记录，没有撤回，请核对后再撤回一次。")
        _withdraw(writer, mistake, reach, reason.strip())
    return reach


def foresee(warehouse: Warehouse, mistake: Mistake, ledger_id: UUID, as_of: date) -> Foreseen:
    """What taking back would change of the ledger on a day; nothing is stored.

    Raises WarehouseError when something of it does not stand any more.
    """
    with warehouse.trial("") as writer:
        before = judged(writer.cursor, ledger_id, as_of)
        reach = _reach(writer.cursor, mistake)
        _withdraw(writer, mistake, reach, "")
        after = judged(writer.cursor, ledger_id, as_of)
    return Foreseen(dict(reach.counts), len(reach.restored), before, after)


def judged(cursor: duckdb.DuckDBPyConnection, ledger_id: UUID, as_of: date) -> tuple[Row, ...]:
    """How each task of the ledger stands on a day, by what the cursor sees."""
    return tuple(_rows(cursor, "judged_for_ledger", {"ledger_id": ledger_id, "as_of": as_of}))


def _reach(cursor: duckdb.DuckDBPyConnection, mistake: Mistake) -> Reach:
    if not mistake.ids:
        raise WarehouseError("请先选择要撤回的内容。")
    if mistake.kind == "submission":
        return _of_submissions(cursor, mistake)
    if mistake.kind == "scheme":
        return _of_schemes(cursor, mistake)
    return _of_editions(cursor, mistake)


def _of_editions(cursor: duckdb.DuckDBPyConnection, mistake: Mistake) -> Reach:
    found = _rows(cursor, "standing_editions", {"ids": list(mistake.ids)})
    named = {row["ledger_id" if mistake.kind == "ledger" else "edition_id"] for row in found}
    if named != set(mistake.ids):
        raise WarehouseError("这份台账或这一版已经撤回，请刷新页面。")
    reach = Reach()
    table = "" if mistake.kind == "column" else "edition"
    for row in found:
        head = {"台账": row["title"], "版次": row["edition_number"], "文件": row["file_name"]}
        reach.heads.append((table, row["edition_id"], "ledger", row["ledger_id"], head))
    actions = _actions(found)
    for table in OF_COLUMNS:
        brought = _entries(cursor, "entries_of_actions", table, {"actions": actions})
        reach.entries += [(table, row) for row in brought if _is_of_column(table, row)]
    if mistake.kind == "column" and not reach.entries:
        raise WarehouseError("这一版导入的进展已经撤回，或它没有带来进展，请刷新页面。")
    if mistake.with_entries:
        going = {"edition_ids": [row["edition_id"] for row in found]}
        name = "tasks_of_ledger" if mistake.kind == "ledger" else "tasks_of_these_only"
        tasks = {"task_ids": [row["task_id"] for row in _rows(cursor, name, going)]}
        known = {row[ENTRY_IDS[table]] for table, row in reach.entries}
        for table in ON_TASKS:
            about = _entries(cursor, "entries_of_tasks", table, tasks)
            reach.entries += [(table, row) for row in about if row[ENTRY_IDS[table]] not in known]
        decided = _rows(cursor, "decisions_of_tasks", tasks)
        reach.entries += [("extension_decision", row) for row in decided]
    return reach


def _is_of_column(table: str, row: Row) -> bool:
    """Whether an entry of an import came from the ledger's own columns; an import stores no other."""
    return table != "report" or row["source"] == "column"


def _of_submissions(cursor: duckdb.DuckDBPyConnection, mistake: Mistake) -> Reach:
    found = _rows(cursor, "standing_submissions", {"ids": list(mistake.ids)})
    if {row["submission_id"] for row in found} != set(mistake.ids):
        raise WarehouseError("所选的填报表中有已经撤回的，请刷新页面。")
    reach = Reach()
    for row in found:
        kept = ("ledger_id", "unit_id", "month", "file_name", "rows_stored")
        head = {name: row[name] for name in kept}
        subject = row["submission_id"]
        reach.heads.append(("submission", subject, "submission", subject, head))
    actions = {"actions": _actions(found)}
    for table in IN_FORMS:
        stored = _entries(cursor, "entries_of_actions", table, actions)
        reach.entries += [(table, row) for row in stored]
    reach.restored = _rows(cursor, "restated_occurrences", actions)
    return reach


def _of_schemes(cursor: duckdb.DuckDBPyConnection, mistake: Mistake) -> Reach:
    found = _rows(cursor, "standing_schemes", {"ids": list(mistake.ids)})
    if {row["scheme_id"] for row in found} != set(mistake.ids):
        raise WarehouseError("这一版评分方案已经撤回，请刷新页面。")
    kept = ("version", "note", "assessed_on", "evidence_from", "absent_rule", "bonus_cap")
    heads = [
        ("scheme", row["scheme_id"], "ledger", row["ledger_id"], {name: row[name] for name in kept})
        for row in found
    ]
    return Reach(heads)


def _withdraw(writer: Writer, mistake: Mistake, reach: Reach, reason: str) -> None:
    ids = [(table, head_id) for table, head_id, *_ in reach.heads if table]
    ids += [(table, row[ENTRY_IDS[table]]) for table, row in reach.entries]
    writer.append_signed(
        "withdrawal",
        [
            {
                "withdrawal_id": uuid4(),
                "entry_kind": table,
                "entry_id": entry_id,
                "reason": reason,
            }
            for table, entry_id in ids
        ],
    )
    again = [
        {name: row[name] for name in row if name not in ("entry_number", *_SIGNED)}
        | {"occurrence_id": uuid4(), "supersedes_id": row["occurrence_id"]}
        for row in reach.restored
    ]
    writer.append_signed("occurrence", again)
    action, why = ACTIONS[mistake.kind], {"reason": reason}
    # Of several forms, each says itself how many rows it had stored.
    counts = {} if mistake.kind == "submission" else dict(reach.counts)
    trail: list[tuple[str, str, UUID | None, Any, Any]] = [
        (action, kind, subject, before | counts, why) for _, _, kind, subject, before in reach.heads
    ]
    trail += [
        (f"撤销{ENTRIES[table]}", table, row[ENTRY_IDS[table]], row, why)
        for table, row in reach.entries
    ]
    trail += [("恢复频次记录", "occurrence", row["occurrence_id"], None, row) for row in again]
    writer.record_each(trail)


def _actions(rows: Sequence[Row]) -> list[int]:
    """The data versions in which rows were stored; of rows of unknown origin, none."""
    numbers = [row["entry_number"] for row in rows]
    return [number // PLACES_OF_ACTION for number in numbers if number]


def _entries(
    cursor: duckdb.DuckDBPyConnection, name: str, table: str, given: dict[str, Any]
) -> list[Row]:
    """The rows of a table of entries that a statement finds."""
    return _fetched(cursor.execute(statement(name).format(table=table, id=ENTRY_IDS[table]), given))


def _rows(cursor: duckdb.DuckDBPyConnection, name: str, given: dict[str, Any]) -> list[Row]:
    return _fetched(cursor.execute(statement(name), given))


def _fetched(answer: duckdb.DuckDBPyConnection) -> list[Row]:
    columns = [column[0] for column in answer.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]
