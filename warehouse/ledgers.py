"""Taking an issued ledger into the warehouse, and keeping the register of units in step.

Owns the identity of ledgers, tasks and units. Knows nothing of file formats: it is handed what
`loaders.read_ledger` understood.
"""

from __future__ import annotations

import logging
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from loaders.model import Ledger, Progress, Task
from warehouse.reference import Reference
from warehouse.store import Warehouse, WarehouseError, Writer, statement, today

log = logging.getLogger(__name__)

# Ids made from what identifies the thing keep links to a task valid when a database is built anew.
_IDS = uuid5(NAMESPACE_URL, "credit-transport-ledger")


@dataclass(frozen=True)
class Loaded:
    """What became of one ledger file."""

    ledger_id: UUID
    title: str
    tasks: int
    is_new: bool
    """False when this very file was in the warehouse already and nothing was changed."""


def load_ledger(
    warehouse: Warehouse, ledger: Ledger, reference: Reference, *, recorded_by: str
) -> Loaded:
    """Store a ledger as its first edition, with its units, cadences and any progress it carries.

    The same file again changes nothing. Raises `WarehouseError` when the ledger names no year, and
    when another file of the same region, year and title is stored already.
    """
    if ledger.year is None:
        raise WarehouseError(
            f"看不出《{ledger.title or ledger.file}》是哪一年的台账，请在标题或文件名中写明年份后重试。"
        )
    ledger_id = _ledger_id(ledger.region, ledger.year, ledger.title)
    loaded = Loaded(ledger_id, ledger.title, len(ledger.tasks), True)
    with warehouse.cursor() as cursor:
        stored = cursor.execute(
            statement("editions_of_ledger"), {"ledger_id": ledger_id}
        ).fetchall()
    for sha256, file_name in stored:
        if sha256 == ledger.sha256:
            return Loaded(ledger_id, ledger.title, len(ledger.tasks), False)
        raise WarehouseError(
            f"已有同名台账《{ledger.title}》（{file_name}），而 {ledger.file} 的内容与它不同，没有导入；"
            "如果是另一份台账，请先改标题或年度。"
        )
    with warehouse.writing(recorded_by) as writer:
        _store(writer, ledger_id, ledger, reference)
    log.info("loaded %s: %d tasks, %d doubts", ledger.file, len(ledger.tasks), len(ledger.issues))
    return loaded


def sync_reference(warehouse: Warehouse, reference: Reference, *, recorded_by: str) -> bool:
    """Bring classes, spellings, members, short names and thresholds in step with the files.

    Returns whether anything changed. Units are never removed: a ledger may name them still.
    """
    with warehouse.cursor() as cursor:

        def rows(name: str) -> list[tuple]:
            return cursor.execute(statement(name)).fetchall()

        units = {
            (region, name): (unit_id, unit_class)
            for unit_id, region, name, unit_class in rows("all_units")
        }
        settings = dict(rows("newest_settings"))
        before = {
            "aliases": sorted(rows("all_aliases"), key=str),
            "members": sorted(rows("all_members"), key=str),
            "short_names": sorted(rows("all_short_names")),
        }
    new_units = [
        (region, member)
        for (region, collective), members in reference.members.items()
        if (region, collective) in units
        for member, _ in members
        if (region, member) not in units
    ]
    known = {key: unit_id for key, (unit_id, _) in units.items()}
    known |= {key: _unit_id(*key) for key in new_units}
    after = {
        "aliases": sorted(
            (
                (unit_id, alias)
                for alias, name in reference.aliases.items()
                for (_, unit), unit_id in known.items()
                if unit == name
            ),
            key=str,
        ),
        "members": sorted(
            (
                (known[region, collective], known[region, member], source)
                for (region, collective), members in reference.members.items()
                if (region, collective) in known
                for member, source in members
            ),
            key=str,
        ),
        "short_names": sorted(reference.short_names.items()),
    }
    reclassed = {
        key: (unit_id, unit_class, reference.class_of(*key))
        for key, (unit_id, unit_class) in units.items()
        if reference.class_of(*key) != unit_class
    }
    changed_settings = {k: v for k, v in reference.settings.items() if settings.get(k) != v}
    if before == after and not reclassed and not changed_settings:
        return False
    with warehouse.writing(recorded_by) as writer:
        _add_units(writer, dict.fromkeys(new_units), reference)
        for unit_id, _, unit_class in reclassed.values():
            writer.cursor.execute(
                statement("reclass_unit"), {"unit_id": unit_id, "class": unit_class}
            )
        tables = {
            "aliases": ("unit_alias", ("unit_id", "alias")),
            "members": ("unit_member", ("collective_id", "member_id", "source")),
            "short_names": ("short_name", ("full_name", "short_name")),
        }
        for part, (table, columns) in tables.items():
            if before[part] != after[part]:
                writer.cursor.execute(statement(f"clear_{part}"))
                writer.append(table, [dict(zip(columns, row, strict=True)) for row in after[part]])
        writer.append_signed(
            "setting",
            [{"ledger_id": None, "key": k, "value": v} for k, v in changed_settings.items()],
        )
        writer.record(
            "更新口径",
            "reference",
            None,
            before={k: settings.get(k) for k in changed_settings}
            | {name: old for (_, name), (_, old, _) in reclassed.items()},
            after=changed_settings | {name: new for (_, name), (_, _, new) in reclassed.items()},
        )
    return True


def _ledger_id(region: str, year: int, title: str) -> UUID:
    """Width and spaces do not tell one ledger's title from another's."""
    plain = "".join(unicodedata.normalize("NFKC", title).split())
    return uuid5(_IDS, f"ledger|{region}|{year}|{plain}")


def _unit_id(region: str, name: str) -> UUID:
    # 厅法规处 is a different office in each province.
    return uuid5(_IDS, f"unit|{region}|{name}")


def _store(writer: Writer, ledger_id: UUID, ledger: Ledger, reference: Reference) -> None:
    started_on, ended_on = date(ledger.year, 1, 1), date(ledger.year, 12, 31)
    edition_id = uuid5(ledger_id, f"edition|{ledger.sha256}")
    in_edition = {"edition_id": edition_id}
    writer.append_signed(
        "ledger",
        [
            {
                "ledger_id": ledger_id,
                "region": ledger.region,
                "year": ledger.year,
                "title": ledger.title,
                "started_on": started_on,
                "ended_on": ended_on,
            }
        ],
    )
    writer.append_signed(
        "edition",
        [
            in_edition
            | {
                "ledger_id": ledger_id,
                "edition_number": 1,
                "effective_on": started_on,
                "file_name": ledger.file,
                "sha256": ledger.sha256,
            }
        ],
    )
    task_ids = {task.number: uuid5(ledger_id, f"task|{task.number}") for task in ledger.tasks}
    names = dict.fromkeys(
        (ledger.region, part.unit) for task in ledger.tasks for part in task.assignments
    )
    unit_ids = _add_units(writer, names, reference)
    writer.append(
        "task",
        [
            in_edition
            | {"task_id": task_ids[task.number], "ledger_id": ledger_id}
            | _task_row(task)
            for task in ledger.tasks
        ],
    )
    writer.append(
        "assignment",
        [
            in_edition
            | {
                "task_id": task_ids[task.number],
                "unit_id": unit_ids[ledger.region, part.unit],
                "role": part.role,
                "scope": part.scope,
                "position": position,
            }
            for task in ledger.tasks
            for position, part in enumerate(task.assignments, start=1)
        ],
    )
    writer.append(
        "cadence",
        [
            in_edition
            | {
                "task_id": task_ids[task.number],
                "period": cadence.period,
                "min_count": cadence.min_count,
                "phrase": cadence.phrase,
            }
            for task in ledger.tasks
            for cadence in task.cadences
        ],
    )
    writer.append(
        "source_row",
        [
            in_edition
            | {
                "source_table": row.place.table,
                "source_row": row.place.row,
                "reading": row.reading,
                "text": row.text,
                "tasks": row.tasks,
            }
            for row in ledger.rows
        ],
    )
    writer.append(
        "reading_issue",
        [
            in_edition
            | {
                "source_table": issue.place.table,
                "source_row": issue.place.row,
                "source_column": issue.place.column,
                "message": issue.message,
            }
            for issue in ledger.issues
        ],
    )
    _store_progress(writer, ledger, task_ids, ended_on)
    writer.record(
        "导入台账",
        "ledger",
        ledger_id,
        after={"文件": ledger.file, "任务": len(ledger.tasks), "存疑": len(ledger.issues)},
    )


def _task_row(task: Task) -> dict[str, Any]:
    return {
        "number": task.number,
        "printed_number": task.printed_number,
        "level1": task.level1,
        "level2": task.level2,
        "task": task.task,
        "kind": task.kind,
        "responsible_text": task.responsible_text,
        "responsible_inherited": task.responsible_inherited,
        "deadline_text": task.deadline_text,
        "deadline_inherited": task.deadline_inherited,
        "deadline_kind": task.deadline_kind,
        "due_on": task.due_on,
        "quantities": list(task.quantities),
        "points": task.points,
        "note": task.note,
        "source_table": task.place.table,
        "source_row": task.place.row,
        "source_column": task.place.column,
    }


def _add_units(
    writer: Writer, names: dict[tuple[str, str], None], reference: Reference
) -> dict[tuple[str, str], UUID]:
    """Make sure the named units, and the members of the collectives among them, are registered."""
    regions = {region for region, _ in names}
    known = {
        (region, name): unit_id
        for region in regions
        for unit_id, name, _ in writer.cursor.execute(
            statement("units_of_region"), {"region": region}
        ).fetchall()
    }
    opened = [key for key in names if key not in known]
    members = [
        (key, (key[0], member), source)
        for key in opened
        for member, source in reference.members.get(key, ())
    ]
    fresh = [k for k in dict.fromkeys([*opened, *(m for _, m, _ in members)]) if k not in known]
    known |= {key: _unit_id(*key) for key in fresh}
    writer.append(
        "unit",
        [
            {
                "unit_id": known[key],
                "region": key[0],
                "name": key[1],
                "class": reference.class_of(*key),
            }
            for key in fresh
        ],
    )
    writer.append(
        "unit_member",
        [
            {"collective_id": known[collective], "member_id": known[member], "source": source}
            for collective, member, source in members
        ],
    )
    return known


def _store_progress(
    writer: Writer, ledger: Ledger, task_ids: dict[int, UUID], ended_on: date
) -> None:
    """Reports and evidence from the ledger's own progress columns."""
    stated = [(task, task.progress) for task in ledger.tasks if task.progress is not None]
    # A progress column without a date was true at the latest when the file was handed in.
    handed_in_on = min(today(), ended_on)
    writer.append_signed(
        "report",
        [
            {
                "report_id": uuid4(),
                "task_id": task_ids[task.number],
                "unit_id": None,
                "state": _reported_state(progress),
                "percent": progress.percent,
                "narrative": progress.narrative,
                "effective_on": progress.completed_on or handed_in_on,
                "supersedes_id": None,
            }
            for task, progress in stated
            if progress.state
            or progress.percent is not None
            or progress.completed_on
            or progress.narrative
        ],
    )
    writer.append_signed(
        "evidence",
        [
            {
                "evidence_id": uuid4(),
                "task_id": task_ids[task.number],
                "unit_id": None,
                "title": progress.evidence,
                "document_number": "",
                "link": "",
                "file_name": "",
                "file_sha256": "",
                "effective_on": None,
                "supersedes_id": None,
            }
            for task, progress in stated
            if progress.evidence
        ],
    )


def _reported_state(progress: Progress) -> str:
    if progress.state:
        return progress.state
    if progress.completed_on or progress.percent == 100:
        return "done"
    return "not_started" if progress.percent == 0 else "in_progress"
