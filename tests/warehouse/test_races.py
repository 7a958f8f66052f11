"""What may hold once: two enter it at the same instant, and exactly one is stored.

The other is refused with its sentence. Each rule is raced 100 times by two threads on one file, and
by two servers on one record: CREDIT_RACES times, as each of those rounds takes some 0.2 s.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Barrier
from uuid import UUID, uuid4

import pytest

from loaders import read_ledger
from tests.postgres import Server
from tests.warehouse.world import Ledger, Task, Unit, World, store
from warehouse import Warehouse, WarehouseError, load_ledger, read_reference, store_edition
from warehouse.entries import files, marks, meetings, records, submissions, verdicts, views
from warehouse.entries import withdrawing as withdrawing_many
from warehouse.ledger.correcting_ledgers import LedgerCorrection, correct_ledger
from warehouse.ledger.correcting_units import UnitCorrection, correct_unit
from warehouse.ledger.schemes import Item, Scheme, store_scheme
from warehouse.servers.following import open_following

ROUNDS = 100
ROUNDS_OF_SERVERS = int(os.environ.get("CREDIT_RACES", "8"))
ROOT = Path(__file__).parents[2]
LEDGER = read_ledger(ROOT / "data" / "ledgers" / "hunan-2019.txt")
REFERENCE = read_reference(ROOT / "data" / "reference")
JUNE = date(2020, 6, 1)
Write = Callable[[], object]


@dataclass
class Office:
    """A ledger with a task of each kind; one file, or a file for each server."""

    files: list[Warehouse]
    ledger: Ledger
    edition_id: UUID
    unit: Unit
    task: Task
    bonus: Task
    _of_thread: threading.local = field(default_factory=threading.local)

    @property
    def warehouse(self) -> Warehouse:
        """The file that this thread writes to; the first where nothing was said."""
        return self.files[getattr(self._of_thread, "number", 0) % len(self.files)]

    def write_to(self, number: int) -> None:
        """Let this thread write to the file of that number."""
        self._of_thread.number = number

    def follow(self) -> None:
        """Let every server know what the others stored."""
        for each in self.files:
            if each.record:
                each.follow()

    def count(self, table: str) -> int:
        """Rows of a table."""
        with self.warehouse.cursor() as cursor:
            ((rows,),) = cursor.execute(f"select count(*) from {table}").fetchall()
        return rows

    def report(self, day: date = JUNE) -> UUID:
        return records.add_report(
            self.warehouse, self.task.task_id, state="done", effective_on=day, recorded_by="张三"
        )

    def claim(self, answers_id: UUID | None = None) -> UUID:
        return marks.add_claim(
            self.warehouse,
            self.bonus.task_id,
            state="recognised" if answers_id else "claimed",
            effective_on=JUNE,
            answers_id=answers_id,
            recorded_by="张三",
        )

    def extension(self) -> UUID:
        return records.request_extension(
            self.warehouse,
            self.task.task_id,
            requested_on=JUNE,
            new_due_on=date(2020, 12, 1),
            reason="材料未齐",
            recorded_by="张三",
        )

    def decide(self, extension_id: UUID) -> UUID:
        return records.decide_extension(
            self.warehouse, extension_id, approved=True, effective_on=JUNE, recorded_by="李四"
        )

    def lock(self, *, closed: bool) -> None:
        records.close_month(
            self.warehouse,
            self.ledger.ledger_id,
            JUNE,
            closed=closed,
            reason="补报",
            recorded_by="李四",
        )

    def excuse(self, *, excused: bool) -> None:
        records.excuse_window(
            self.warehouse,
            self.task.task_id,
            period="month",
            window_start=JUNE,
            excused=excused,
            reason="停办",
            recorded_by="李四",
        )

    def scheme(self, follows: int) -> UUID:
        item = Item(self.task.task_id, Decimal(4), "manual")
        scheme = Scheme(
            self.ledger.ledger_id,
            self.edition_id,
            date(2020, 12, 31),
            date(2020, 1, 1),
            items=(item,),
        )
        return store_scheme(self.warehouse, scheme, recorded_by="王五", follows=follows)


@pytest.fixture
def office(warehouse: Warehouse) -> Office:
    return an_office([warehouse])


@pytest.fixture
def servers(postgres: Server, tmp_path: Path) -> Iterator[Office]:
    """An office with two servers."""
    url = postgres.empty_database(f"races_{uuid4().hex[:8]}")
    opened = [open_following(tmp_path / name, url) for name in ("one", "two")]
    yield an_office(opened)
    for each in opened:
        each.close()


def an_office(files: list[Warehouse]) -> Office:
    world = World()
    ledger = world.ledger()
    unit = world.unit("厅法规处")
    task = world.task(ledger, date(2020, 9, 30), units=[unit])
    bonus = world.task(ledger, kind="bonus")
    store(files[0], world)
    return Office(files, ledger, task.edition_id, unit, task, bonus)


def recognising(office: Office) -> Write:
    claim_id = office.claim()
    return lambda: office.claim(claim_id)


def marking_again(office: Office) -> Write:
    if not office.count("scheme"):
        office.scheme(0)
    given = {"kind": "manual", "value": Decimal(3), "effective_on": JUNE, "recorded_by": "李四"}
    first = marks.add_mark(office.warehouse, office.task.task_id, reason="现场查看", **given)
    again = records.Replaced(first, "看错了")
    return lambda: marks.add_mark(
        office.warehouse, office.task.task_id, reason="材料不全", replaces=again, **given
    )


def requesting(office: Office) -> Write:
    with office.warehouse.cursor() as cursor:
        waiting = cursor.execute(
            "select extension_id from extension anti join withdrawal on entry_id = extension_id"
        ).fetchall()
    for (extension_id,) in waiting:
        records.withdraw(
            office.warehouse, "extension", extension_id, reason="撤回", recorded_by="张三"
        )
    return office.extension


def deciding(office: Office) -> Write:
    requesting(office)
    extension_id = office.extension()
    return lambda: office.decide(extension_id)


def deciding_many(office: Office) -> Write:
    requesting(office)
    extension_id = office.extension()
    seen = office.warehouse.data_version
    return lambda: verdicts.decide_many(
        office.warehouse,
        [extension_id],
        approved=True,
        effective_on=JUNE,
        recorded_by="李四",
        seen_version=seen,
    )


def verifying_many(office: Office) -> Write:
    office.report()
    seen = office.warehouse.data_version
    return lambda: verdicts.verify_many(
        office.warehouse,
        [(office.task.task_id, None)],
        accepted=True,
        effective_on=JUNE,
        recorded_by="李四",
        seen_version=seen,
    )


def withdrawing(office: Office) -> Write:
    report_id = office.report()
    return lambda: records.withdraw(
        office.warehouse, "report", report_id, reason="填错了", recorded_by="张三"
    )


def correcting(office: Office) -> Write:
    wrong = records.Replaced(office.report(), "填错了")
    return lambda: records.add_report(
        office.warehouse,
        office.task.task_id,
        state="done",
        effective_on=JUNE,
        recorded_by="张三",
        replaces=wrong,
    )


def locking(office: Office) -> Write:
    if office.count("month_lock"):
        office.lock(closed=False)
    return lambda: office.lock(closed=True)


def excusing(office: Office) -> Write:
    if office.count("excused_window"):
        office.excuse(excused=False)
    return lambda: office.excuse(excused=True)


def new_scheme(office: Office) -> Write:
    version = office.count("scheme")
    return lambda: office.scheme(version)


def new_edition(office: Office) -> Write:
    ledger = replace(LEDGER, tasks=LEDGER.tasks[:2], rows=(), issues=())
    follows = office.count("edition") - 1
    return lambda: store_edition(
        office.warehouse,
        replace(ledger, sha256=str(uuid4())),
        REFERENCE,
        recorded_by="王五",
        follows=follows,
    )


def taking_back(kind: str) -> Callable[[Office], Write]:
    """Preparing to take back the newest thing of a kind."""

    def prepare(office: Office) -> Write:
        with office.warehouse.cursor() as cursor:
            if kind in ("edition", "ledger"):
                # A ledger has an edition; of each new one, another title.
                (new_edition if kind == "edition" else loading)(office)()
            elif kind == "scheme":
                office.scheme(
                    len(cursor.execute("from standing_scheme('infinity'::timestamp)").fetchall())
                )
            else:
                submissions.store_submission(
                    office.warehouse,
                    submissions.Submission(
                        office.ledger.ledger_id, office.unit.unit_id, JUNE, "表.xlsx", "", "王五"
                    ),
                    [submissions.Report(office.task.task_id, "in_progress", JUNE, 30.0)],
                )
        table = "edition" if kind == "ledger" else kind
        with office.warehouse.cursor() as cursor:
            ((newest,),) = cursor.execute(
                f"select arg_max({kind}_id, entry_number) from {table}"
            ).fetchall()
        seen = office.warehouse.data_version
        return lambda: withdrawing_many.take_back(
            office.warehouse,
            withdrawing_many.Mistake(kind, (newest,)),
            reason="存错了",
            recorded_by="王五",
            seen_version=seen,
        )

    prepare.__name__ = f"taking_back_{kind}"
    return prepare


def correcting_a_unit(office: Office) -> Write:
    with office.warehouse.cursor() as cursor:
        ((unit_id,),) = cursor.execute(
            "select distinct unit_id from standing_assignment('infinity'::timestamp)"
        ).fetchall()
    correction = UnitCorrection(unit_id, f"厅法规处{uuid4()}")
    seen = office.warehouse.data_version
    return lambda: correct_unit(
        office.warehouse,
        correction,
        REFERENCE,
        reason="写错了",
        recorded_by="王五",
        seen_version=seen,
    )


def correcting_a_ledger(office: Office) -> Write:
    # The world's ledger has an edition without a file; a ledger that was taken in is corrected.
    with office.warehouse.cursor() as cursor:
        stored = cursor.execute("select ledger_id, region, year from ledger").fetchall()
    ledger_id, region, year = stored[0]
    correction = LedgerCorrection(ledger_id, f"台账{uuid4()}", region, year)
    seen = office.warehouse.data_version
    return lambda: correct_ledger(
        office.warehouse,
        correction,
        REFERENCE,
        reason="写错了",
        recorded_by="王五",
        seen_version=seen,
    )


def extending_late(office: Office) -> Write:
    requesting(office)
    return lambda: records.extend_late(
        office.warehouse,
        office.task.task_id,
        agreed_on=date(2020, 10, 8),
        new_due_on=date(2020, 12, 1),
        reason="材料未齐",
        agreed_by="厅领导",
        recorded_by="张三",
    )


def supplying_again(office: Office) -> Write:
    content = f"%PDF {uuid4()}".encode()
    sha256 = files.keep_file(office.warehouse, "通知.pdf", content)
    (files.folder(office.warehouse) / sha256[:2] / sha256).unlink()
    return lambda: files.supply_again(
        office.warehouse, sha256, "通知.pdf", content, recorded_by="张三"
    )


def loading(office: Office) -> Write:
    ledger = replace(LEDGER, tasks=LEDGER.tasks[:2], rows=(), issues=(), title=f"台账{uuid4()}")
    return lambda: load_ledger(
        office.warehouse, replace(ledger, sha256=str(uuid4())), REFERENCE, recorded_by="王五"
    )


def meeting(office: Office) -> Write:
    with office.warehouse.cursor() as cursor:
        held = cursor.execute(
            "select meeting_id from meeting anti join withdrawal on entry_id = meeting_id"
        ).fetchall()
    for (meeting_id,) in held:
        meetings.withdraw(
            office.warehouse, "meeting", meeting_id, reason="日期有误", recorded_by="王五"
        )
    return lambda: meetings.hold_meeting(
        office.warehouse,
        office.ledger.ledger_id,
        quarter_ended_on=date(2020, 6, 30),
        held_on=date(2020, 7, 10),
        recorded_by="王五",
    )


def viewing(office: Office) -> Write:
    name = str(uuid4())
    return lambda: views.save_view(
        office.warehouse,
        office.ledger.ledger_id,
        name=name,
        content={},
        sentence="",
        recorded_by="王五",
    )


RULES = {
    recognising: "所选的申报已经认定或撤销",
    marking_again: "要更正的记录已被撤销或更正",
    requesting: "已有待审批的延期申请",
    deciding: "已审批或撤销",
    deciding_many: "有人存入了别的记录",
    verifying_many: "有人存入了别的记录",
    withdrawing: "要更正的记录已被撤销或更正",
    correcting: "要更正的记录已被撤销或更正",
    locking: "这个报送月已经锁定",
    excusing: "这一期已经免除",
    new_scheme: "有人存入或撤回了评分方案",
    new_edition: "核对期间有人存入或撤回了|已有同名台账",
    loading: "已有同名台账",
    correcting_a_unit: "核对期间有人存入了别的记录",
    correcting_a_ledger: "核对期间有人存入了别的记录",
    extending_late: "还没有到，请按期申请延期",
    supplying_again: "佐证文件已经补回",
    taking_back("edition"): "这份台账或这一版已经撤回",
    taking_back("ledger"): "这份台账或这一版已经撤回",
    taking_back("submission"): "所选的填报表中有已经撤回的",
    taking_back("scheme"): "这一版评分方案已经撤回",
    meeting: "该季度的例会已登记",
    viewing: "已有名为",
}


def race(office: Office, prepare: Callable[[Office], Write], rounds: int) -> None:
    """Let two enter the same; of each round exactly one is stored, the other gets its sentence."""
    with ThreadPoolExecutor(2) as threads:
        for _ in range(rounds):
            write = prepare(office)
            office.follow()
            before = office.warehouse.data_version
            start = Barrier(2)

            def enter(number: int, write: Write = write, start: Barrier = start) -> str:
                office.write_to(number)
                start.wait()
                try:
                    write()
                except WarehouseError as refusal:
                    return str(refusal)
                return ""

            outcomes = [each.result() for each in [threads.submit(enter, n) for n in range(2)]]
            assert max(file.data_version for file in office.files) == before + 1
            (refused,) = [outcome for outcome in outcomes if outcome]
            assert any(part in refused for part in RULES[prepare].split("|"))
            office.follow()


@pytest.mark.parametrize("prepare", RULES, ids=lambda prepare: prepare.__name__)
def test_of_two_at_once_one_is_stored_and_the_other_refused(
    office: Office, prepare: Callable[[Office], Write]
):
    race(office, prepare, ROUNDS)


# A file that a server lost comes back from the record, so nobody has to supply it.
@pytest.mark.parametrize(
    "prepare",
    [rule for rule in RULES if rule is not supplying_again],
    ids=lambda prepare: prepare.__name__,
)
def test_of_two_servers_at_once_one_stores_and_the_other_is_refused(
    servers: Office, prepare: Callable[[Office], Write]
):
    race(servers, prepare, ROUNDS_OF_SERVERS)


def test_a_file_returned_twice_at_once_is_stored_once(office: Office):
    with ThreadPoolExecutor(2) as threads:
        for number in range(ROUNDS):
            start = Barrier(2)
            report = submissions.Report(
                office.task.task_id, "in_progress", date(2020, 6, 30), number % 90 + 1.0
            )
            handed_in = submissions.Submission(
                office.ledger.ledger_id, office.unit.unit_id, JUNE, "表.xlsx", str(number), "王五"
            )

            def take_in(
                start: Barrier = start,
                handed_in: submissions.Submission = handed_in,
                report: submissions.Report = report,
            ) -> int:
                start.wait()
                return submissions.store_submission(office.warehouse, handed_in, [report])

            stored = [each.result() for each in [threads.submit(take_in) for _ in range(2)]]
            assert sorted(stored) == [0, 1]


@pytest.mark.parametrize("way", ["card", "desk", "correction"])
def test_a_verdict_dated_before_its_completion_is_refused(office: Office, way: str):
    office.report(date(2020, 6, 10))
    before = date(2020, 6, 9)
    given = {"accepted": True, "recorded_by": "李四"}
    on_day = date(2020, 6, 10)

    def verdict(day: date) -> None:
        if way == "desk":
            seen = office.warehouse.data_version
            verdicts.verify_many(
                office.warehouse,
                [(office.task.task_id, None)],
                effective_on=day,
                seen_version=seen,
                **given,
            )
            return
        records.verify(office.warehouse, office.task.task_id, effective_on=day, **given)

    if way == "correction":
        wrong = records.verify(office.warehouse, office.task.task_id, effective_on=on_day, **given)
        with pytest.raises(WarehouseError, match="早于所核验的完成日期 2020-06-10"):
            records.verify(
                office.warehouse,
                office.task.task_id,
                effective_on=before,
                replaces=records.Replaced(wrong, "日期有误"),
                **given,
            )
        return
    with pytest.raises(WarehouseError, match="早于所核验的完成日期 2020-06-10"):
        verdict(before)
    verdict(on_day)


def test_an_occurrence_outside_the_period_is_refused(office: Office):
    version = office.warehouse.data_version
    for day in (date(2019, 12, 31), date(2021, 1, 1)):
        with pytest.raises(WarehouseError, match="完成日期应在台账期内"):
            records.add_occurrence(
                office.warehouse, office.task.task_id, occurred_on=day, recorded_by="张三"
            )
        with pytest.raises(WarehouseError, match="完成日期应在台账期内"):
            submissions.store_submission(
                office.warehouse,
                submissions.Submission(
                    office.ledger.ledger_id,
                    office.unit.unit_id,
                    day.replace(day=1),
                    "表.xlsx",
                    "",
                    "王五",
                ),
                occurrences=[submissions.Occurrence(office.task.task_id, day, 1)],
            )
    assert office.warehouse.data_version == version
