"""What one unit hands in about one month, stored as one action: reports, times done, evidence.

Owns what of it is recorded already, so that the same file twice changes nothing, and the entry of the
file itself. Knows nothing of how a report form looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import duckdb

from warehouse.entries.recording import as_before, check_in_period
from warehouse.entries.records import check_report
from warehouse.judging import ALL_KNOWN
from warehouse.statements import statement
from warehouse.store import Warehouse, WarehouseError
from warehouse.writing import Writer

_RANK = {"not_started": 0, "in_progress": 1, "done": 2}


@dataclass(frozen=True)
class Submission:
    """One returned file, or one page filled in, of a unit for a month."""

    ledger_id: UUID
    unit_id: UUID
    month: date
    """The first day of the report month."""
    file_name: str
    """Empty for what was filled in on screen."""
    sha256: str
    recorded_by: str
    """Who took the file in."""
    filled_by: str = ""
    """Who filled it in, when it says so: the author of its entries."""


@dataclass(frozen=True)
class Report:
    """How the unit's part of a task stood."""

    task_id: UUID
    state: str
    effective_on: date
    percent: float | None = None
    narrative: str = ""
    problem: str = ""
    next_step: str = ""
    day_is_stated: bool = True
    """False when the file left the day open and the last day of the month was taken."""

    @property
    def known_percent(self) -> float | None:
        """The percent it comes to: done is 100, not started is 0 unless it says otherwise."""
        if self.state == "done":
            return 100.0
        return 0.0 if self.state == "not_started" and self.percent is None else self.percent

    def says_the_same_as(self, other: Report) -> bool:
        """Whether both say the same of the task; the day aside."""
        return self._content == other._content

    @property
    def _content(self) -> tuple[Any, ...]:
        texts = (self.narrative, self.problem, self.next_step)
        return (self.state, self.known_percent, *map(_plain, texts))


@dataclass(frozen=True)
class Occurrence:
    """How often the unit did a recurring duty on a day, in all."""

    task_id: UUID
    occurred_on: date
    times: int


@dataclass(frozen=True)
class Evidence:
    """A piece of evidence; `effective_on` is its own date, if it has one."""

    task_id: UUID
    title: str
    document_number: str = ""
    link: str = ""
    effective_on: date | None = None


@dataclass(frozen=True)
class Entry:
    """One entry of times done, as it stands."""

    occurrence_id: UUID
    task_id: UUID
    period: str | None
    occurred_on: date
    times: int
    narrative: str


@dataclass(frozen=True)
class Recorded:
    """What stands of one unit's part of a task."""

    before: Report | None = None
    """Its newest report before the month."""
    of_month: tuple[Report, ...] = ()
    """Its reports of the month, the newest last."""
    is_returned: bool = False
    """Whether what counts for the unit claims completion and was returned (退办)."""
    standing: Report | None = None
    """What counts for the unit: the newest of its own reports and those on the whole task."""
    occurrences: tuple[Entry, ...] = ()
    """Of the month."""
    evidence: frozenset[tuple[str, str, str, date | None]] = frozenset()

    @property
    def newest(self) -> Report | None:
        return self.of_month[-1] if self.of_month else self.before

    def has_report(self, report: Report) -> bool:
        """Whether what `report` says stands already: of its day, or as the month's newest word."""
        peers = [
            other
            for other in self.of_month
            if not report.day_is_stated or other.effective_on == report.effective_on
        ]
        return bool(peers) and report.says_the_same_as(peers[-1])

    def has_evidence(self, evidence: Evidence) -> bool:
        """Whether the same material is filed; one whose own date is open is the same as with any."""
        same = _material(evidence)
        return any(
            known[:3] == same[:3] and evidence.effective_on in (None, known[3])
            for known in self.evidence
        )

    def times_by_day(self) -> dict[date, int]:
        """How often the duty was done on each day; an entry for one demand counts beside the others'
        and not on top of them."""
        days: dict[date, Counter] = {}
        for entry in self.occurrences:
            days.setdefault(entry.occurred_on, Counter())[entry.period] += entry.times
        return {
            day: by_period[None] + max((n for p, n in by_period.items() if p), default=0)
            for day, by_period in days.items()
        }

    def unstated(self, stated: Mapping[date, int]) -> list[Entry]:
        """The entries of days on which more was recorded than is stated."""
        times = self.times_by_day()
        return [e for e in self.occurrences if times[e.occurred_on] > stated.get(e.occurred_on, 0)]

    def missing(self, stated: Mapping[date, int], withdrawn: Collection[Entry]) -> dict[date, int]:
        """What has to be recorded, day by day, so that what is stated stands."""
        times = self.times_by_day() | dict.fromkeys((e.occurred_on for e in withdrawn), 0)
        wanted = {day: number - times.get(day, 0) for day, number in stated.items()}
        return {day: number for day, number in wanted.items() if number > 0}


@dataclass(frozen=True)
class UnitTask:
    """A base task as the unit's form lists it."""

    task_id: UUID
    number: int
    task: str
    periods: tuple[str, ...]
    """In which the ledger demands that it be done."""


NOTHING = Recorded()


def goes_back(report: Report, recorded: Recorded) -> str:
    """Why `report` has to be confirmed, in words for the user: it takes back what stands. "" if not."""
    newest = recorded.standing
    if newest is None:
        return ""
    if newest.effective_on > report.effective_on:
        return f"已有 {newest.effective_on} 的填报，比本表的 {report.effective_on} 晚"
    if recorded.is_returned:
        # Returned by the office: work goes on where it was not done.
        return ""
    if newest.state == "done" and report.state != "done":
        return f"{newest.effective_on} 已报完成，本表改为未完成或不适用"
    if _RANK.get(report.state, 3) < _RANK.get(newest.state, 0):
        return f"{newest.effective_on} 已报开展，本表改为未开始"
    was, now = newest.known_percent, report.known_percent
    if was is not None and now is not None and now < was:
        return f"进度由 {was:g}% 降到 {now:g}%"
    return ""


def going_back(
    warehouse: Warehouse, unit_id: UUID, month: date, reports: Sequence[Report]
) -> list[tuple[UUID, str]]:
    """(task, why) of the reports that take back what stands; see `goes_back`."""
    with warehouse.cursor() as cursor:
        known = recorded_of_unit(cursor, unit_id, month)
    whys = [(r.task_id, goes_back(r, known.get(r.task_id, NOTHING))) for r in reports]
    return [(task_id, why) for task_id, why in whys if why]


def outweighed(warehouse: Warehouse, unit_id: UUID, reports: Sequence[Report]) -> set[UUID]:
    """The tasks of the reports that change nothing, since something newer stands for the unit: it or
    somebody for the whole task reported a later day. Asked of the newest data."""
    given = {
        "task_ids": [report.task_id for report in reports],
        "days": [report.effective_on for report in reports],
        "unit_id": unit_id,
        "known_at": ALL_KNOWN,
    }
    with warehouse.anew() as newest, newest.cursor() as cursor:
        return {row[0] for row in cursor.execute(statement("outweighed_reports"), given).fetchall()}


def ledger_title(warehouse: Warehouse, ledger_id: UUID) -> str | None:
    """What the ledger is called; None when it is not in this database."""
    with warehouse.cursor() as cursor:
        found = cursor.execute(statement("ledger_of_id"), {"ledger_id": ledger_id}).fetchall()
    return found[0][0] if found else None


def unit_name(warehouse: Warehouse, unit_id: UUID) -> str | None:
    """What the unit is called; None when it is not in this database."""
    with warehouse.cursor() as cursor:
        found = cursor.execute(statement("unit_of_id"), {"unit_id": unit_id}).fetchall()
    return found[0][0] if found else None


def units_of_ledger(warehouse: Warehouse, ledger_id: UUID, day: date) -> dict[str, UUID]:
    """The units that have a part in the ledger's edition in force, members of collectives included."""
    given = {"ledger_id": ledger_id, "day": day, "known_at": ALL_KNOWN}
    with warehouse.cursor() as cursor:
        rows = cursor.execute(statement("units_of_ledger"), given).fetchall()
    return {name: unit_id for unit_id, name in rows}


def tasks_of_unit(
    warehouse: Warehouse, ledger_id: UUID, unit_id: UUID, day: date
) -> list[UnitTask]:
    """The base tasks in which the unit has a part on the day, in any role, by number."""
    given = {"ledger_id": ledger_id, "unit_id": unit_id, "day": day, "known_at": ALL_KNOWN}
    with warehouse.cursor() as cursor:
        rows = cursor.execute(statement("tasks_of_unit"), given).fetchall()
    return [
        UnitTask(task_id, number, task, tuple(periods)) for task_id, number, task, periods in rows
    ]


def recorded_of_unit(
    cursor: duckdb.DuckDBPyConnection, unit_id: UUID, month: date
) -> dict[UUID, Recorded]:
    """What stands of each task that anything was said about for the unit. Use NOTHING for the others."""
    given = {"unit_id": unit_id, "month": month, "known_at": ALL_KNOWN}
    of_evidence = {"unit_id": unit_id, "known_at": ALL_KNOWN}
    reports = cursor.execute(statement("reports_of_unit"), given).fetchall()
    counting = cursor.execute(statement("standing_of_unit"), given).fetchall()
    entries = cursor.execute(statement("occurrences_of_unit"), given).fetchall()
    filed = cursor.execute(statement("evidence_of_unit"), of_evidence).fetchall()
    reported: dict[UUID, list[Report]] = {}
    for task_id, state, percent, *texts, effective_on, _ in reports:
        report = Report(task_id, state, effective_on, percent, *texts)
        reported.setdefault(task_id, []).append(report)
    standing: dict[UUID, tuple[Report, bool]] = {}
    for task_id, state, percent, *texts, effective_on, is_returned in counting:
        standing[task_id] = Report(task_id, state, effective_on, percent, *texts), is_returned
    done: dict[UUID, list[Entry]] = {}
    for occurrence_id, task_id, *rest in entries:
        done.setdefault(task_id, []).append(Entry(occurrence_id, task_id, *rest))
    proofs: dict[UUID, set[tuple[str, str, str, date | None]]] = {}
    for row in filed:
        proofs.setdefault(row[0], set()).add(_material(Evidence(*row)))
    found = {}
    for task_id in {*standing, *done, *proofs}:
        of_task = reported.get(task_id, [])
        before = [report for report in of_task if report.effective_on < month]
        counts, is_returned = standing.get(task_id, (None, False))
        found[task_id] = Recorded(
            before[-1] if before else None,
            tuple(report for report in of_task if report.effective_on >= month),
            is_returned,
            counts,
            tuple(done.get(task_id, ())),
            frozenset(proofs.get(task_id, ())),
        )
    return found


class _NothingNew(Exception):
    """All that was handed in stands already."""


def store_submission(
    warehouse: Warehouse,
    submission: Submission,
    reports: Sequence[Report] = (),
    occurrences: Sequence[Occurrence] = (),
    evidence: Sequence[Evidence] = (),
    *,
    corrected: Collection[UUID] = (),
) -> int:
    """Store what does not stand yet, in one transaction; returns about how many tasks.

    `occurrences` are the month's in all, so that only what is missing of a day is added; of the tasks
    in `corrected`, what was recorded of the month beyond them is withdrawn. When everything stands
    already, nothing is written. Raises `WarehouseError` when something may not be recorded; then
    nothing was.
    """
    _check(submission, reports, occurrences, evidence)
    try:
        with warehouse.writing(submission.recorded_by.strip(), _action(submission)) as writer:
            days_by_task: dict[UUID, list[date]] = {}
            for done in occurrences:
                days_by_task.setdefault(done.task_id, []).append(done.occurred_on)
            for task_id, days in days_by_task.items():
                check_in_period(writer, task_id, "完成日期应", days)
            # Looked up inside the transaction: the same file may come in twice at the same time.
            known = recorded_of_unit(writer.cursor, submission.unit_id, submission.month)
            rows = {
                "report": _report_rows(reports, known),
                "occurrence": [],
                "evidence": _evidence_rows(evidence, known),
            }
            rows["occurrence"], withdrawn = _occurrence_rows(occurrences, known, corrected)
            touched = {row["task_id"] for listed in rows.values() for row in listed}
            touched |= {entry.task_id for entry in withdrawn}
            if not touched:
                raise _NothingNew
            _write(writer, submission, rows, withdrawn, len(touched), known)
    except _NothingNew:
        return 0
    return len(touched)


def _check(
    submission: Submission,
    reports: Sequence[Report],
    occurrences: Sequence[Occurrence],
    evidence: Sequence[Evidence],
) -> None:
    if not submission.recorded_by.strip():
        raise WarehouseError("请填写操作人。")
    if submission.month.day != 1:
        raise ValueError("a report month is named by its first day")
    for report in reports:
        check_report(report.state, report.percent)
    if any(occurrence.times < 1 for occurrence in occurrences):
        raise WarehouseError("完成次数应不少于 1，请改正。")
    if not all(piece.title.strip() for piece in evidence):
        raise WarehouseError("请填写佐证材料的名称。")
    after = (submission.month + timedelta(days=31)).replace(day=1)
    days = [r.effective_on for r in reports] + [o.occurred_on for o in occurrences]
    if outside := next((day for day in days if not submission.month <= day < after), None):
        month = f"{submission.month.year} 年 {submission.month.month} 月"
        raise WarehouseError(f"日期 {outside} 不在报送月 {month}内，请改正。")


def _report_rows(reports: Sequence[Report], known: Mapping[UUID, Recorded]) -> list[dict[str, Any]]:
    new = [r for r in reports if not known.get(r.task_id, NOTHING).has_report(r)]
    return [
        {"report_id": uuid4()} | {k: v for k, v in vars(r).items() if k != "day_is_stated"}
        for r in new
    ]


def _evidence_rows(
    evidence: Sequence[Evidence], known: Mapping[UUID, Recorded]
) -> list[dict[str, Any]]:
    new = [e for e in dict.fromkeys(evidence) if not known.get(e.task_id, NOTHING).has_evidence(e)]
    return [{"evidence_id": uuid4()} | vars(e) | {"file_name": "", "file_sha256": ""} for e in new]


def _occurrence_rows(
    occurrences: Sequence[Occurrence],
    known: Mapping[UUID, Recorded],
    corrected: Collection[UUID],
) -> tuple[list[dict[str, Any]], list[Entry]]:
    """The rows to add, and the entries to withdraw."""
    stated: dict[UUID, dict[date, int]] = {task_id: {} for task_id in corrected}
    for occurrence in occurrences:
        days = stated.setdefault(occurrence.task_id, {})
        days[occurrence.occurred_on] = days.get(occurrence.occurred_on, 0) + occurrence.times
    added, withdrawn = [], []
    for task_id, days in stated.items():
        recorded = known.get(task_id, NOTHING)
        too_many = recorded.unstated(days) if task_id in corrected else []
        withdrawn += too_many
        added += [
            {
                "occurrence_id": uuid4(),
                "task_id": task_id,
                "period": None,
                "occurred_on": day,
                "times": times,
                "narrative": "",
            }
            for day, times in recorded.missing(days, too_many).items()
        ]
    return added, withdrawn


_ACTIONS = {
    "report": "填报进展",
    "occurrence": "记录频次完成",
    "evidence": "登记佐证材料",
}


def _write(
    writer: Writer,
    submission: Submission,
    rows: Mapping[str, list[dict[str, Any]]],
    withdrawn: Sequence[Entry],
    touched: int,
    known: Mapping[UUID, Recorded],
) -> None:
    author = submission.filled_by.strip() or writer.recorded_by
    stamp = {"recorded_at": writer.recorded_at, "recorded_by": author}
    trail: list[tuple] = []
    for table, listed in rows.items():
        stored = [
            row | {"unit_id": submission.unit_id, "supersedes_id": None} | stamp for row in listed
        ]
        writer.append(table, stored)
        for row in stored:
            newest = known.get(row["task_id"], NOTHING).newest if table == "report" else None
            before = as_before(vars(newest), row) if newest else None
            trail.append((_ACTIONS[table], table, row[f"{table}_id"], before, row))
    reason = f"改报（{submission.file_name or '网上填报'}）"
    writer.append_signed(
        "withdrawal",
        [
            {
                "withdrawal_id": uuid4(),
                "entry_kind": "occurrence",
                "entry_id": entry.occurrence_id,
                "reason": reason,
            }
            for entry in withdrawn
        ],
    )
    trail += [
        ("撤销频次记录", "occurrence", e.occurrence_id, vars(e), {"reason": reason})
        for e in withdrawn
    ]
    row = {
        "submission_id": uuid4(),
        "ledger_id": submission.ledger_id,
        "unit_id": submission.unit_id,
        "month": submission.month,
        "file_name": submission.file_name,
        "sha256": submission.sha256,
        "rows_stored": touched,
    }
    writer.append_signed("submission", [row])
    counts = {table: len(listed) for table, listed in rows.items() if listed}
    said = row | counts | {"填报人": author}
    trail.append((_action(submission), "submission", row["submission_id"], None, said))
    writer.record_each(trail)


def _action(submission: Submission) -> str:
    return "收回填报表" if submission.file_name else "保存月度填报"


def _material(evidence: Evidence) -> tuple[str, str, str, date | None]:
    return (
        _plain(evidence.title),
        _plain(evidence.document_number),
        _plain(evidence.link),
        evidence.effective_on,
    )


def _plain(text: str) -> str:
    """A text in which one space stands for any white space."""
    return " ".join(text.split())
