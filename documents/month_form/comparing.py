"""A returned form against what stands: what of it is new, what it changes, what has to be asked.

Owns matching rows to tasks and sorting them. What is stored, and the last word on what stands already,
is `warehouse.submissions`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from uuid import UUID

from documents.month_form.form import Form, FormRow
from documents.month_form.layout import (
    SHORT_PERIODS,
    month_in_words,
    month_scope,
    times_in_words,
)
from documents.month_form.reading import read_form
from documents.workbook.matching import TaskIndex, WrongIdError
from documents.workbook.returned import FormError, Problem
from loaders.wording import folded
from metrics import Scope
from metrics.periods import month_end
from warehouse import Warehouse, WarehouseError
from warehouse.entries.submissions import (
    NOTHING,
    Evidence,
    Occurrence,
    Recorded,
    Report,
    Submission,
    UnitTask,
    goes_back,
    ledger_title,
    recorded_of_unit,
    store_submission,
    tasks_of_unit,
    unit_name,
    units_of_ledger,
)
from words import shorten

KINDS = ("invalid", "unmatched", "backwards", "new", "changed", "unchanged", "blank")
"""What a row can be, in the order in which it wants attention."""


@dataclass(frozen=True)
class Line:
    """One row of a form beside what stands of its task."""

    kind: str
    """invalid: a cell cannot be read, nothing of the row is stored; unmatched: no task of the unit;
    backwards: less than what stands, stored once confirmed; new: first entry of the month; changed;
    unchanged; blank."""
    place: str
    """Sheet and row."""
    number: int | None
    task: str
    task_id: UUID | None = None
    problems: tuple[Problem, ...] = ()
    why: str = ""
    """Of a row that goes backwards: what would no longer stand."""
    before: Report | None = None
    """The report that counts for the unit: its newest, or a newer one on the whole task."""
    report: Report | None = None
    """What would be stored, when it differs."""
    occurrences: tuple[Occurrence, ...] = ()
    """How often the duty was done in the whole month, when that differs."""
    withdraws: bool = False
    """Whether `occurrences` leave out entries that stand."""
    evidence: tuple[Evidence, ...] = ()
    """What is not filed yet."""


@dataclass(frozen=True)
class Comparison:
    """A whole form beside what stands."""

    form: Form
    ledger_id: UUID
    unit_id: UUID
    unit: str
    month: date
    lines: tuple[Line, ...]
    altered: tuple[str, ...] = ()
    """What was altered of a form that the platform made: rows that are missing, tasks worded otherwise;
    a sentence each."""

    @property
    def counts(self) -> Counter[str]:
        """How many rows are of each kind."""
        return Counter(line.kind for line in self.lines)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every cell that could not be read, and every row that is no task of the unit."""
        return tuple(problem for line in self.lines for problem in line.problems)

    @property
    def has_news(self) -> bool:
        """Whether anything of it may be stored."""
        return bool(self.of_kind("new", "changed", "backwards"))

    def of_kind(self, *kinds: str) -> tuple[Line, ...]:
        """The rows of these kinds, in the order of the form."""
        return tuple(line for line in self.lines if line.kind in kinds)


def compare(
    warehouse: Warehouse,
    scope: Scope,
    form: Form,
    *,
    unit: str | None = None,
    month: date | None = None,
    is_demonstration: bool = False,
) -> Comparison:
    """What `form` says beside what stands for its unit and month.

    `unit` and `month` are what the user has chosen; where they are None the form decides. Raises
    `FormError` when the form is of another ledger, unit or month, when it states none of them,
    and when one of form and ledger is demonstration data and the other is not.
    """
    title = ledger_title(warehouse, scope.ledger_id) or ""
    _check_ledger(warehouse, scope, form, title, is_demonstration)
    own_month = _month(form, month)
    judged, _ = month_scope(scope, own_month)
    unit_id, own_unit = _unit(warehouse, judged, form, unit)
    tasks = tasks_of_unit(warehouse, scope.ledger_id, unit_id, judged.as_of)
    if not tasks:
        raise FormError(f"{own_unit}在《{title}》中没有基本任务，不需填报。")
    with warehouse.cursor() as cursor:
        known = recorded_of_unit(cursor, unit_id, own_month)
    sorter = _Sorter(own_month, judged.as_of, known)
    matched = _matched(form.rows, tasks)
    lines = tuple(sorter.line(row, task) for row, task in matched)
    altered = _altered(matched, tasks) if form.stamp else ()
    return Comparison(form, scope.ledger_id, unit_id, own_unit, own_month, lines, altered)


def accept(
    warehouse: Warehouse,
    comparison: Comparison,
    *,
    recorded_by: str,
    confirmed: Collection[UUID] = (),
) -> int:
    """Store what is new or changed, and what goes backwards of the tasks in `confirmed`; returns for how
    many tasks something was stored. Raises `WarehouseError`; then nothing was stored."""
    lines = [
        line
        for line in comparison.of_kind("new", "changed", "backwards")
        if line.kind != "backwards" or line.task_id in confirmed
    ]
    form = comparison.form
    return store_submission(
        warehouse,
        Submission(
            comparison.ledger_id,
            comparison.unit_id,
            comparison.month,
            form.name,
            form.sha256,
            recorded_by,
            form.filled_by,
        ),
        [line.report for line in lines if line.report],
        [occurrence for line in lines for occurrence in line.occurrences],
        [piece for line in lines for piece in line.evidence],
        corrected=[line.task_id for line in lines if line.withdraws and line.task_id],
    )


@dataclass(frozen=True)
class Returned:
    """What became of one file."""

    name: str
    stored: int = 0
    """For how many tasks something was stored."""
    refused: str = ""
    """Why nothing could be taken from the file."""
    comparison: Comparison | None = None
    """As it was before storing."""
    outweighed: tuple[int | None, ...] = ()
    """Numbers of the tasks of which something newer stood already, so that what was stored changes
    nothing."""

    @property
    def outcome(self) -> str:
        """`refused`, `confirm` (rows wait for confirmation), `problems` (rows cannot be read), `stored`, or
        `unchanged`."""
        if self.comparison is None or self.refused:
            return "refused"
        if self.comparison.of_kind("backwards"):
            return "confirm"
        if self.comparison.problems:
            return "problems"
        return "stored" if self.stored else "unchanged"


def take_in(
    warehouse: Warehouse,
    scope: Scope,
    files: Sequence[tuple[str, bytes | Path]],
    progress: Callable[[int, int, str], None] = lambda *_: None,
    *,
    recorded_by: str,
    unit: str | None = None,
    month: date | None = None,
    is_demonstration: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
) -> list[Returned]:
    """Take in many files (name, content), each in a transaction per file, in their order.

    The rows that need no confirmation are stored. A refused file does not keep the others from being
    stored. `should_stop` is called before each file. Progress callback: files done, files in all, name
    of the last.
    """
    results = []
    for name, content in files:
        if should_stop():
            break
        results.append(
            _take_one(warehouse, scope, name, content, recorded_by, unit, month, is_demonstration)
        )
        progress(len(results), len(files), name)
    return results


def _take_one(
    warehouse: Warehouse,
    scope: Scope,
    name: str,
    content: bytes | Path,
    recorded_by: str,
    unit: str | None,
    month: date | None,
    is_demonstration: bool,
) -> Returned:
    comparison = None
    try:
        form = read_form(content, name, month=month)
        comparison = compare(
            warehouse, scope, form, unit=unit, month=month, is_demonstration=is_demonstration
        )
        stored = accept(warehouse, comparison, recorded_by=recorded_by)
    except (FormError, WarehouseError) as error:
        return Returned(name, refused=str(error), comparison=comparison)
    return Returned(name, stored, comparison=comparison)


# Whose form it is


def _check_ledger(
    warehouse: Warehouse, scope: Scope, form: Form, title: str, is_demonstration: bool
) -> None:
    if form.stamp is None:
        if form.ledger and folded(title) not in folded(form.ledger):
            raise FormError(f"这是台账“{form.ledger}”的填报表，当前台账是《{title}》，没有收回。")
        return
    if form.stamp.is_demonstration and not is_demonstration:
        raise FormError("这是演示数据的填报表，不能收进正式数据。")
    if is_demonstration and not form.stamp.is_demonstration:
        raise FormError("这是正式数据的填报表，不能收进演示数据，请先关闭演示数据。")
    if form.stamp.ledger_id != scope.ledger_id:
        other = ledger_title(warehouse, form.stamp.ledger_id)
        whose = f"台账《{other}》" if other else "另一份台账"
        raise FormError(f"这是{whose}的填报表，当前台账是《{title}》，没有收回。")


def _month(form: Form, chosen: date | None) -> date:
    first = chosen.replace(day=1) if chosen else None
    if first and form.month and form.month != first:
        raise FormError(
            f"这是 {month_in_words(form.month)}的填报表，选择的报送月是 {month_in_words(first)}，没有收回。"
        )
    month = form.month or first
    if month is None:
        raise FormError("看不出这张填报表是哪个月的，请先选择报送月。")
    return month


def _unit(warehouse: Warehouse, scope: Scope, form: Form, chosen: str | None) -> tuple[UUID, str]:
    """Id and name of the form's unit."""
    if form.stamp:
        unit_id, named = form.stamp.unit_id, unit_name(warehouse, form.stamp.unit_id)
        if named is None:
            raise FormError("填报表上的单位不在本平台的名录中，没有收回。")
    else:
        units = units_of_ledger(warehouse, scope.ledger_id, scope.as_of)
        written = (
            form.unit or chosen or _only_named(form.above, units) or _only_named(form.name, units)
        )
        if not written:
            raise FormError("看不出这张填报表是哪个单位的，请先选择单位。")
        named = next((name for name in units if folded(name) == folded(written)), None)
        if named is None:
            raise FormError(f"“{written}”在当前台账中没有任务，请核对填报表上的填报单位。")
        unit_id = units[named]
    if chosen and named != chosen:
        raise FormError(f"这是{named}的填报表，选择的单位是{chosen}，没有收回。")
    return unit_id, named


def _only_named(text: str, units: Iterable[str]) -> str:
    """The one unit that `text` names, as a heading or a file name does; "" when it is not one."""
    found = [name for name in units if folded(name) in folded(text)]
    # 厅办公室 is named by 厅办公室下属中心 too, where that is a unit.
    whole = [name for name in found if not any(name != other and name in other for other in found)]
    return whole[0] if len(whole) == 1 else ""


# Which task a row is about


def _matched(
    rows: Iterable[FormRow], tasks: Sequence[UnitTask]
) -> list[tuple[FormRow, UnitTask | str]]:
    """Each row with its task, or with why it has none."""
    index = TaskIndex(tasks)
    matched: list[tuple[FormRow, UnitTask | str]] = []
    for row in rows:
        try:
            task = index.find(row.key, row.number, row.task)
        except WrongIdError:
            matched.append((row, "行标识与任务文字不是同一项任务，请重新下载填报表填写"))
            continue
        written = f"“{shorten(row.task, 14)}”" if row.task else ""
        matched.append((row, task or f"{written}不是本单位的任务，请核对任务文字和序号"))
    return matched


def _altered(
    matched: Sequence[tuple[FormRow, UnitTask | str]], tasks: Sequence[UnitTask]
) -> tuple[str, ...]:
    """What was altered of a form that had a row for each task, in the words of its task."""
    found = [(row, task) for row, task in matched if isinstance(task, UnitTask)]
    there = {task.task_id for _, task in found}
    gone = [str(task.number) for task in tasks if task.task_id not in there]
    reworded = [
        f"第 {task.number} 项的任务文字被改为“{shorten(row.task, 20)}”，仍按台账的文字存入"
        for row, task in found
        if folded(row.task) != folded(task.task)
    ]
    missing = f"表中删去了第 {'、'.join(gone)} 项任务的行，这几项没有填报" if gone else ""
    return tuple(filter(None, (missing, *reworded)))


# What a row comes to


class _Sorter:
    """Sorts the rows of one form; remembers which tasks it has seen."""

    def __init__(self, month: date, as_of: date, known: Mapping[UUID, Recorded]):
        self.month = month
        self.as_of = as_of
        self.known = known
        self.seen: dict[UUID, FormRow] = {}

    def line(self, row: FormRow, task: UnitTask | str) -> Line:
        """The row beside what stands of its task."""
        if isinstance(task, str):
            kind = "blank" if row.is_blank else "unmatched"
            problems = () if row.is_blank else (*row.problems, Problem(row.place, task))
            return Line(kind, row.place, row.number, row.task, problems=problems)
        own = Line("blank", row.place, task.number, task.task, task.task_id)
        if row.is_blank:
            return own
        recorded = self.known.get(task.task_id, NOTHING)
        own = replace(own, before=recorded.standing)
        if problems := (*row.problems, *self._doubts(row, task)):
            return replace(own, kind="invalid", problems=problems)
        first = self.seen.setdefault(task.task_id, row)
        repeated = first is not row and _report_of(first) == _report_of(row)
        report = None if repeated else self._report(row, task, recorded)
        repeats = first is not row and first.times == row.times
        stated = None if repeats else self._stated(row, recorded)
        evidence = tuple(
            Evidence(task.task_id, p.title, p.document_number, p.link, p.effective_on)
            for p in row.proofs
        )
        evidence = tuple(e for e in dict.fromkeys(evidence) if not recorded.has_evidence(e))
        occurrences, withdrawn = self._occurrences(task, stated, recorded)
        why = [goes_back(report, recorded)] if report else []
        if withdrawn:
            why.append(f"频次已登记 {times_in_words(recorded.times_by_day())}，确认后以本表为准")
        if not (report or occurrences or withdrawn or evidence):
            return replace(own, kind="unchanged")
        spoke_before = bool(recorded.of_month or recorded.occurrences)
        return replace(
            own,
            kind="backwards" if any(why) else "changed" if spoke_before else "new",
            why="；".join(filter(None, why)),
            report=report,
            occurrences=occurrences,
            withdraws=withdrawn,
            evidence=evidence,
        )

    def _doubts(self, row: FormRow, task: UnitTask) -> list[Problem]:
        """What is wrong with a row now that its task, unit and month are known."""
        found = []
        days = [("effective_on", row.effective_on)]
        days += [("occurred_on", day) for day in row.times or ()]
        for name, day in days:
            if day and not self.month <= day <= month_end(self.month):
                found.append(Problem(row.cell(name), f"{day} 不在 {month_in_words(self.month)}"))
        if row.times and not task.periods:
            found.append(Problem(row.cell("times"), "台账对这项任务没有频次要求，不需填次数"))
        undated = (row.times or {}).get(None, 0)
        if undated > 1 and set(task.periods) & set(SHORT_PERIODS):
            message = f"写了 {undated} 次，请在频次完成日期中逐次写明日期，如 {self.month.month}.4、{self.month.month}.11"
            found.append(Problem(row.cell("occurred_on"), message))
        first = self.seen.get(task.task_id)
        if first is not None:
            differ = _report_of(row) != _report_of(first)
            if (row.is_report and first.is_report and differ) or (
                row.times is not None and first.times is not None and row.times != first.times
            ):
                found.append(Problem(row.place, f"与{first.place}是同一项任务，所填不同"))
        return found

    def _report(self, row: FormRow, task: UnitTask, recorded: Recorded) -> Report | None:
        """What the row reports, unless it stands already."""
        if row.state is None:
            return None
        # A report without a day is taken as the newest of the month.
        latest = max([self.as_of, *(report.effective_on for report in recorded.of_month)])
        report = Report(
            task.task_id,
            row.state,
            row.effective_on or latest,
            row.percent,
            row.narrative,
            row.problem,
            row.next_step,
            day_is_stated=row.effective_on is not None,
        )
        return None if recorded.has_report(report) else report

    def _stated(self, row: FormRow, recorded: Recorded) -> dict[date, int] | None:
        """Times by day, of the month in all.

        A number without a day counts the whole month: times that are recorded are part of it, and the rest
        is recorded on the day of the report.
        """
        if row.times is None:
            return None
        if None not in row.times:
            return {day: times for day, times in row.times.items() if day}
        standing = recorded.times_by_day()
        missing = row.times[None] - sum(standing.values())
        otherwise = row.effective_on or self.as_of
        if missing < 0:
            return {otherwise: row.times[None]}
        return standing | ({otherwise: standing.get(otherwise, 0) + missing} if missing else {})

    def _occurrences(
        self, task: UnitTask, stated: Mapping[date, int] | None, recorded: Recorded
    ) -> tuple[tuple[Occurrence, ...], bool]:
        """What is stated of the month, when it is not what stands; and whether entries go back."""
        if stated is None:
            return (), False
        unstated = recorded.unstated(stated)
        if not unstated and not recorded.missing(stated, unstated):
            return (), False
        listed = tuple(Occurrence(task.task_id, day, times) for day, times in stated.items())
        return listed, bool(unstated)


def _report_of(row: FormRow) -> tuple:
    texts = (row.narrative, row.problem, row.next_step)
    return (row.state, row.percent, row.effective_on, *texts)
