"""What the ledger's own columns of progress and of plans say, stored beside its tasks.

Owns what a later edition says anew: only what differs from the editions before is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid4

from loaders.model import Ledger, Progress
from warehouse.statements import statement
from warehouse.writing import Writer


def store_progress(
    writer: Writer,
    ledger_id: UUID,
    ledger: Ledger,
    task_ids: Mapping[int, UUID],
    stated_on: date,
) -> None:
    """Reports and evidence from the ledger's own columns of progress, as far as they say something
    else than those of the editions before: a report on the whole task, true on `stated_on`."""
    of_ledger = {"ledger_id": ledger_id}
    before = {
        task_id: row
        for task_id, *row in writer.cursor.execute(
            statement("progress_of_columns"), of_ledger
        ).fetchall()
    }
    kept = set(writer.cursor.execute(statement("evidence_of_columns"), of_ledger).fetchall())
    reports, evidence = [], []
    for task in ledger.tasks:
        progress, task_id = task.progress, task_ids[task.number]
        if progress is None:
            continue
        if progress.evidence and (task_id, progress.evidence) not in kept:
            evidence.append(
                {
                    "evidence_id": uuid4(),
                    "task_id": task_id,
                    "unit_id": None,
                    "title": progress.evidence,
                    "document_number": "",
                    "link": "",
                    "file_name": "",
                    "file_sha256": "",
                    "effective_on": None,
                    "supersedes_id": None,
                }
            )
        if progress == Progress(evidence=progress.evidence):
            continue
        state = _reported_state(progress)
        statement_now = [state, progress.percent, progress.narrative]
        *earlier, effective_on = before.get(task_id, [None])
        if earlier == statement_now and progress.completed_on in (None, effective_on):
            continue
        reports.append(
            {
                "report_id": uuid4(),
                "task_id": task_id,
                "unit_id": None,
                "state": state,
                "percent": progress.percent,
                "narrative": progress.narrative,
                "effective_on": progress.completed_on or stated_on,
                "source": "column",
                "day_known": state != "done" or progress.completed_on is not None,
                "supersedes_id": None,
            }
        )
    writer.append_signed("report", reports)
    writer.append_signed("evidence", evidence)


def _reported_state(progress: Progress) -> str:
    if progress.state:
        return progress.state
    if progress.completed_on or progress.percent == 100:
        return "done"
    return "not_started" if progress.percent == 0 else "in_progress"


def store_plans(
    writer: Writer, ledger_id: UUID, ledger: Ledger, task_ids: Mapping[int, UUID]
) -> None:
    """The nodes of each task whose plan is another one than in the editions before; a task of which the
    ledger states none keeps the plan it has."""
    before: dict[UUID, list[tuple[date, float]]] = {}
    stored = writer.cursor.execute(statement("plans_of_columns"), {"ledger_id": ledger_id})
    for task_id, planned_on, percent in stored.fetchall():
        before.setdefault(task_id, []).append((planned_on, percent))
    stated = {
        task_ids[task.number]: [(node.planned_on, node.percent) for node in task.plan.nodes]
        for task in ledger.tasks
        if task.plan
    }
    writer.append_signed(
        "plan",
        [
            {
                "plan_id": uuid4(),
                "task_id": task_id,
                "planned_on": planned_on,
                "percent": percent,
                "source": "column",
                "supersedes_id": None,
            }
            for task_id, nodes in stated.items()
            if nodes != before.get(task_id)
            for planned_on, percent in nodes
        ],
    )
