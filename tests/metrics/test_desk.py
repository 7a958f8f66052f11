"""Claims of completion, requests for extension and the audit trail: crowded worlds, and by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from findings import trail as audit
from metrics import NO_LIMIT, Scope, ask
from tests.metrics.answers import Case
from tests.metrics.surroundings import Change, Surroundings, settle, trail
from tests.metrics.test_questions import CHECKS, Interest, cells, disagreement
from tests.warehouse.world import World, store
from warehouse import ALL_KNOWN, Warehouse
from warehouse.entries import records, verdicts
from warehouse.store import today

QUESTIONS = ("reported_completions", "extension_requests", "changes", "change_authors")
MAY = date(2020, 5, 20)
JUNE = date(2020, 6, 30)
JULY = date(2020, 7, 31)
EVERYTHING = {
    **{"every_ledger": True, "first_on": None, "last_on": None},
    **{"authors": [], "actions": [], "sought": "", "row_limit": NO_LIMIT},
}
AN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}")


@pytest.fixture(scope="module")
def shared() -> Iterator[Warehouse]:
    """One database in memory; every world in turn has it to itself."""
    opened = Warehouse(Path(":memory:"))
    yield opened
    opened.close()


# Crowded worlds


@st.composite
def desks(draw: st.DrawFn) -> tuple[Case, Interest]:
    """Two tasks that two units claim to have done again and again, with verdicts and requests."""
    world = World()
    ledger = world.ledger(2020)
    if draw(st.booleans()):
        # Closed before anything was entered, so that all of it is late.
        world.lock(ledger, date(2020, 6, 1), recorded_at=datetime(2019, 12, 31))
    units = [world.unit("厅法规处"), world.unit("厅运输处")]
    days = st.sampled_from([MAY, JUNE - timedelta(days=1), JUNE, date(2020, 7, 1), JULY])
    tasks = [world.task(ledger, draw(days), units=units) for _ in range(2)]
    around = Surroundings()
    whose = st.sampled_from([*units, None])
    minutes = draw(st.permutations(range(40)))
    for minute in minutes[: draw(st.integers(2, 15))]:
        recorded_at = datetime(2020, 1, 1) + timedelta(minutes=minute)
        if not world.reports or draw(st.sampled_from([True, True, False])):
            world.report(
                draw(st.sampled_from(tasks)),
                draw(st.sampled_from(["done"] * 4 + ["in_progress"])),
                draw(days),
                unit=draw(whose),
                recorded_at=recorded_at,
            )
            continue
        judged = draw(st.sampled_from(world.reports))
        (task,) = [task for task in tasks if task.task_id == judged.task_id]
        (unit,) = [u for u in [*units, None] if (u and u.unit_id) == judged.unit_id]
        world.verify(
            task,
            draw(st.sampled_from(["accepted", "returned", "returned"])),
            draw(st.just(judged.effective_on) | days),
            unit=draw(st.sampled_from([unit, None])),
            recorded_at=recorded_at,
        )
    for _ in range(draw(st.integers(0, 3))):
        request = world.extension(draw(st.sampled_from(tasks)), draw(days))
        for _ in range(draw(st.integers(0, 2))):
            world.decide(request, draw(st.sampled_from(["approved", "refused"])), draw(days))
    entries = [v.verification_id for v in world.verifications]
    entries += [d.decision_id for d in world.decisions]
    if entries and draw(st.booleans()):
        world.withdraw(draw(st.sampled_from(entries)))
    for task in tasks:
        for _ in range(draw(st.integers(0, 3))):
            around.prove(task, draw(st.none() | days), unit=draw(whose), recorded_on=draw(days))
    around.changes = draw(trail(world))
    scope = Scope(
        ledger.ledger_id,
        draw(days) + timedelta(days=draw(st.sampled_from([0, 0, 1]))),
        as_issued=draw(st.booleans()),
        known_at=draw(st.just(ALL_KNOWN) | st.just(datetime(2020, 1, 1, 0, 20, 15))),
    )
    interest = Interest(
        tasks[0].task_id,
        world.editions[0].edition_id,
        draw(st.sampled_from(units)).name,
        date(2020, 1, 2),
        "all",
        draw(st.integers(1, 3)),
    )
    return Case(world, around, scope), interest


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
@given(drawn=desks())
def test_a_crowded_desk_is_answered_as_by_plain_python(
    shared: Warehouse, drawn: tuple[Case, Interest]
):
    case, interest = drawn
    settle(shared, case.recorded, case.recorded_around)
    wrong = [
        said
        for name in QUESTIONS
        for values in CHECKS[name].values(case, interest)
        if (said := disagreement(shared, case, name, values))
    ]
    assert not wrong, "\n".join(wrong)


# By hand


@pytest.fixture
def world() -> World:
    return World()


def claims(warehouse: Warehouse, world: World, as_of: date, *columns: str) -> list[tuple]:
    found = ask(
        warehouse,
        "reported_completions",
        Scope(world.ledgers[0].ledger_id, as_of),
        row_limit=NO_LIMIT,
    )
    return cells(found, *columns)


def test_a_claim_waits_is_returned_made_again_accepted_and_taken_back(
    warehouse: Warehouse, world: World
):
    task = world.task(world.ledger(), JUNE)
    store(warehouse, world)
    told = {"recorded_by": "王芳", "effective_on": date(2020, 6, 1)}
    records.add_report(warehouse, task.task_id, state="done", narrative="已印发。", **told)
    columns = ("state", "done_on", "late", "narrative", "recorded_by", "times_returned", "reason")
    assert claims(warehouse, world, JULY, *columns) == [
        ("waiting", date(2020, 6, 1), False, "已印发。", "王芳", 0, None)
    ]
    by_office = {"recorded_by": "李强"}
    records.verify(
        warehouse,
        task.task_id,
        accepted=False,
        reason="未附文件。",
        effective_on=date(2020, 6, 10),
        **by_office,
    )
    returned = ("returned", date(2020, 6, 1), False, "已印发。", "王芳", 1, "未附文件。")
    assert claims(warehouse, world, JULY, *columns) == [returned]
    # On the day before, nobody had returned it.
    assert claims(warehouse, world, date(2020, 6, 9), "state") == [("waiting",)]
    again = {"recorded_by": "王芳", "effective_on": date(2020, 7, 5)}
    records.add_report(warehouse, task.task_id, state="done", narrative="文件已补。", **again)
    waiting = ("waiting", date(2020, 7, 5), True, "文件已补。", "王芳", 1, None)
    assert claims(warehouse, world, JULY, *columns) == [waiting]
    verdict = records.verify(
        warehouse, task.task_id, accepted=True, effective_on=date(2020, 7, 8), **by_office
    )
    accepted = ("accepted", date(2020, 7, 5), True, "文件已补。", "王芳", 1, "")
    assert claims(warehouse, world, JULY, *columns) == [accepted]
    records.withdraw(warehouse, "verification", verdict, reason="点错了。", **by_office)
    assert claims(warehouse, world, JULY, *columns) == [waiting]


def test_a_claim_has_waited_since_it_was_first_entered(warehouse: Warehouse, world: World):
    task = world.task(world.ledger(), JUNE)
    for entered in (date(2020, 6, 12), date(2020, 7, 3)):
        world.report(
            task, "done", date(2020, 6, 10), recorded_at=datetime(*entered.timetuple()[:3])
        )
    store(warehouse, world)
    assert claims(warehouse, world, JULY, "waiting_days") == [(49,)]
    # Entered only after the day that is looked at.
    assert claims(warehouse, world, date(2020, 6, 11), "waiting_days") == [(0,)]


def test_each_part_is_a_claim_and_a_verdict_on_the_whole_is_one_on_each(
    warehouse: Warehouse, world: World
):
    units = [world.unit("厅法规处"), world.unit("厅运输处")]
    task = world.task(world.ledger(), JUNE, units=units)
    for unit in units:
        world.report(task, "done", JUNE, unit=unit)
    own = world.verify(task, "accepted", JULY, unit=units[0])
    store(warehouse, world)
    assert claims(warehouse, world, JULY, "unit", "state") == [
        ("厅运输处", "waiting"),
        ("厅法规处", "accepted"),
    ]
    records.verify(warehouse, task.task_id, accepted=True, effective_on=JULY, recorded_by="李强")
    found = claims(warehouse, world, JULY, "state", "verification_id")
    assert [state for state, _ in found] == ["accepted", "accepted"]
    # Both rest on the newer verdict now.
    assert found[0][1] == found[1][1] != str(own.verification_id)


def test_only_base_tasks_are_claimed(warehouse: Warehouse, world: World):
    ledger = world.ledger()
    for kind in ("base", "bonus", "penalty"):
        world.report(world.task(ledger, JUNE, kind=kind), "done", JUNE)
    store(warehouse, world)
    assert claims(warehouse, world, JULY, "number") == [(1,)]


def test_the_newest_verdict_comes_first_among_those_judged(warehouse: Warehouse, world: World):
    ledger = world.ledger()
    tasks = [world.task(ledger, JUNE) for _ in range(3)]
    for task in tasks:
        world.report(task, "done", MAY)
    for task, day in zip(tasks, (JUNE, JULY), strict=False):
        world.verify(task, "accepted", day)
    store(warehouse, world)
    assert claims(warehouse, world, JULY, "number", "verified_on") == [
        *((3, None), (2, JULY), (1, JUNE))
    ]


def test_a_part_is_proven_by_its_own_evidence_and_that_of_the_whole(
    shared: Warehouse, world: World
):
    units = [world.unit("厅法规处"), world.unit("厅运输处")]
    # The third unit is done by the report on the whole task alone.
    task = world.task(world.ledger(), JUNE, units=[*units, world.unit("厅建管处")])
    for unit in [None, *units]:
        world.report(task, "done", JUNE, unit=unit)
    around = Surroundings()
    for unit in [*units, None]:
        around.prove(task, MAY, unit=unit)
    around.prove(task, date(2020, 8, 1))
    settle(shared, world, around)
    assert sorted(claims(shared, world, JULY, "unit", "evidence", "evidence_titles")) == sorted(
        [
            ("厅法规处", 2, "材料 1；材料 3"),
            ("厅运输处", 2, "材料 2；材料 3"),
            ("整项任务", 3, "材料 1；材料 2；材料 3"),
        ]
    )


def test_verdicts_entered_before_a_completion_do_not_speak_of_it(
    warehouse: Warehouse, world: World
):
    unit = world.unit("厅法规处")
    task = world.task(world.ledger(), JUNE, units=[unit])

    def at(minute: int) -> dict[str, datetime]:
        return {"recorded_at": datetime(2020, 7, 1, 9, minute)}

    world.verify(task, "accepted", JUNE, **at(1))
    world.verify(task, "accepted", JUNE, unit=unit, **at(2))
    world.verify(task, "returned", JUNE, unit=unit, **at(3))
    world.report(task, "done", JUNE, unit=unit, **at(4))
    store(warehouse, world)
    # All on one day: done again after the return and the acceptance.
    assert claims(warehouse, world, JULY, "state", "verification_id", "times_returned") == [
        ("waiting", None, 1)
    ]


def test_a_completion_reported_since_for_an_earlier_day_is_told_in_its_own_words(
    warehouse: Warehouse, world: World
):
    task = world.task(world.ledger(), JUNE)
    store(warehouse, world)
    for day, narrative in ((10, "已印发。"), (8, "实际 8 日印发，附文件。")):
        records.add_report(
            warehouse,
            task.task_id,
            state="done",
            narrative=narrative,
            effective_on=date(2020, 6, day),
            recorded_by="王芳",
        )
        if day == 10:
            records.verify(
                warehouse,
                task.task_id,
                accepted=False,
                reason="日期有误。",
                effective_on=date(2020, 6, 12),
                recorded_by="李强",
            )
    assert claims(warehouse, world, JULY, "state", "done_on", "told_on", "narrative") == [
        ("waiting", date(2020, 6, 8), date(2020, 6, 8), "实际 8 日印发，附文件。")
    ]


def test_requests_show_both_days_and_what_would_be_without_them(warehouse: Warehouse, world: World):
    task = world.task(world.ledger(), JUNE)
    store(warehouse, world)

    def ask_for(requested_on: date, new_due_on: date) -> UUID:
        return records.request_extension(
            warehouse,
            task.task_id,
            requested_on=requested_on,
            new_due_on=new_due_on,
            reason="资金未到位。",
            recorded_by="王芳",
        )

    def decide(request: UUID, **values: Any) -> UUID:
        given = {"approved": True, "recorded_by": "李强"} | values
        return records.decide_extension(warehouse, request, **given)

    first = ask_for(date(2020, 6, 1), date(2020, 7, 31))
    decision = decide(first, effective_on=date(2020, 6, 1))
    ask_for(date(2020, 7, 20), date(2020, 9, 30))
    columns = ("due_on", "due_then", "new_due_on", "state", "overdue_without")
    scope = Scope(world.ledgers[0].ledger_id, date(2020, 7, 25))
    assert cells(ask(warehouse, "extension_requests", scope), *columns) == [
        # July has not passed, thanks to the first one.
        (JUNE, date(2020, 7, 31), date(2020, 9, 30), "pending", False),
        (JUNE, JUNE, date(2020, 7, 31), "approved", True),
    ]
    issued = Scope(scope.ledger_id, scope.as_of, as_issued=True)
    found = ask(warehouse, "extension_requests", issued)
    assert cells(found, "due_then", "overdue_without") == [(JULY, True), (JUNE, True)]
    decide(
        first,
        approved=False,
        reason="不符合条件。",
        effective_on=date(2020, 7, 22),
        replaces=records.Replaced(decision, "批错了。"),
    )
    assert cells(ask(warehouse, "extension_requests", scope), *columns, "opinion") == [
        (JUNE, JUNE, date(2020, 9, 30), "pending", True, None),
        (JUNE, JUNE, date(2020, 7, 31), "refused", True, "不符合条件。"),
    ]


def test_a_request_keeps_the_due_day_of_the_day_it_was_made(warehouse: Warehouse, world: World):
    task = world.task(world.ledger(), JUNE)
    first = world.extension(task, JULY)
    world.decide(first, "approved", date(2020, 6, 10))
    # Asked on 30 June, when July stood; turned down only in July.
    world.decide(first, "refused", date(2020, 7, 10))
    world.extension(task, date(2020, 9, 30))
    store(warehouse, world)
    found = ask(warehouse, "extension_requests", Scope(world.ledgers[0].ledger_id, JULY))
    assert cells(found, "new_due_on", "due_then", "state", "overdue_without") == [
        (date(2020, 9, 30), JULY, "pending", True),
        (JULY, JUNE, "refused", True),
    ]


def test_the_trail_tells_every_action_in_words(warehouse: Warehouse, world: World):
    unit = world.unit("厅法规处")
    ledger = world.ledger()
    task = world.task(ledger, JUNE, units=[unit])
    store(warehouse, world)
    of_part = {"unit_id": unit.unit_id, "effective_on": JUNE, "recorded_by": "王芳"}
    wrong = records.add_report(warehouse, task.task_id, state="done", narrative="完成。", **of_part)
    records.close_month(warehouse, ledger.ledger_id, JUNE, closed=True, recorded_by="李强")
    records.add_report(
        warehouse,
        task.task_id,
        state="in_progress",
        percent=80,
        narrative="完成。",
        replaces=records.Replaced(wrong, "误报。"),
        **of_part,
    )
    request = records.request_extension(
        warehouse,
        task.task_id,
        requested_on=MAY,
        new_due_on=JULY,
        reason="资金未到位。",
        recorded_by="王芳",
    )
    version = warehouse.data_version
    verdicts.decide_many(
        warehouse,
        [request],
        approved=True,
        effective_on=MAY,
        recorded_by="李强",
        seen_version=version,
    )
    verdict = records.verify(
        warehouse, task.task_id, accepted=True, effective_on=JUNE, recorded_by="李强"
    )
    records.withdraw(warehouse, "verification", verdict, reason="点错了。", recorded_by="李强")
    asked = EVERYTHING | {"authors": ["王芳", "李强"]}
    found = ask(warehouse, "changes", Scope(ledger.ledger_id, JULY), **asked)
    told = audit.table(found)
    assert told[["事项", "单位", "变更内容", "理由", "备注"]].to_numpy().tolist() == [
        ["撤销核验", "整项任务", "不再算数：结论 销号；日期 2020-06-30", "点错了。", ""],
        ["销号", "整项任务", "结论 销号；日期 2020-06-30", "", "后已撤销或更正：点错了。"],
        ["同意延期", "", "申请延至 2020-07-31；结论 同意；日期 2020-05-20", "", ""],
        ["申请延期", "整项任务", "申请日期 2020-05-20；申请延至 2020-07-31", "资金未到位。", ""],
        [
            *("更正进展填报", "厅法规处", "状态：已完成 → 进行中；进度：无 → 80%", "误报。"),
            "锁定后补记",
        ],
        ["锁定报送月", "", "报送月 2020 年 6 月；结论 锁定", "", ""],
        [
            *("填报进展", "厅法规处", "状态 已完成；日期 2020-06-30；说明 完成", ""),
            "后已撤销或更正：误报。",
        ],
    ]
    assert list(told["对象"]) == ["第 1 项　任务"] * 5 + ["台账《台账》", "第 1 项　任务"]
    assert list(told["录入人"]) == ["李强", "李强", "李强", "王芳", "王芳", "李强", "王芳"]
    assert not any(AN_ID.search(str(cell)) for cell in told.to_numpy().ravel())


def test_the_trail_is_told_as_it_was_known(shared: Warehouse, world: World):
    ledger = world.ledger()
    task = world.task(ledger)
    told = world.report(task, "done", JUNE, recorded_at=datetime(2020, 6, 30, 9))
    later = world.edition(ledger, date(2020, 7, 1), recorded_at=datetime(2020, 7, 1, 9))
    world.task(ledger, edition=later)
    world.task(ledger, edition=later, revises=task)
    world.withdraw(told.report_id, recorded_at=datetime(2020, 7, 2, 9))
    stored = (told.recorded_at, "王芳", "填报进展", "report", told.report_id)
    line = Change(UUID(int=7), 1, *stored, None, json.dumps({"task_id": str(task.task_id)}), None)
    settle(shared, world, Surroundings(changes=[line]))
    asked = EVERYTHING | {"authors": ["王芳"]}
    for known_at, expected in (
        (datetime(2020, 6, 30, 12), [(1, None)]),
        # By now it is the second task, and the entry was taken back.
        (ALL_KNOWN, [(2, "填错")]),
    ):
        scope = Scope(ledger.ledger_id, JULY, known_at=known_at)
        found = ask(shared, "changes", scope, **asked)
        assert cells(found, "number", "taken_back_reason") == expected


def test_reference_files_are_found_by_the_units_they_name(warehouse: Warehouse, world: World):
    ledger = world.ledger()
    store(warehouse, world)
    with warehouse.writing("张三") as writer:
        writer.record(
            "更新口径",
            "reference",
            None,
            before={"厅运输处": "未归类"},
            after={"厅运输处": "厅机关处室"},
        )
    for sought, lines in (("运输处", ["厅运输处：未归类 → 厅机关处室"]), ("法规处", [])):
        asked = EVERYTHING | {"authors": ["张三"], "sought": sought}
        found = ask(warehouse, "changes", Scope(ledger.ledger_id, JULY), **asked)
        assert list(audit.table(found)["变更内容"]) == lines


@pytest.mark.parametrize(
    ("narrowed", "numbers"),
    [
        ({}, {1, 2, 3}),
        ({"every_ledger": False}, {1, 2}),
        ({"authors": ["李四"]}, {2}),
        ({"actions": ["登记佐证材料"]}, {3}),
        ({"sought": "运输处"}, {2}),
        ({"sought": "第 1 项"}, {1}),
        ({"first_on": today(), "last_on": today()}, {1, 2, 3}),
        ({"first_on": today() + timedelta(days=1)}, set()),
        ({"last_on": today() - timedelta(days=1)}, set()),
        ({"row_limit": 1}, {3}),
    ],
    ids=str,
)
def test_the_trail_is_narrowed(
    warehouse: Warehouse, world: World, narrowed: dict[str, Any], numbers: set[int]
):
    ledger, other = world.ledger(), world.ledger()
    unit = world.unit("厅运输处")
    first, second = world.task(ledger), world.task(ledger)
    world.task(other)
    world.task(other)
    third = world.task(other)
    store(warehouse, world)
    say = {"state": "in_progress", "effective_on": JUNE}
    records.add_report(warehouse, first.task_id, recorded_by="张三", **say)
    records.add_report(warehouse, second.task_id, recorded_by="李四", unit_id=unit.unit_id, **say)
    records.add_evidence(warehouse, third.task_id, title="通知", recorded_by="张三")
    asked = EVERYTHING | {"authors": ["张三", "李四"]} | narrowed
    found = ask(warehouse, "changes", Scope(ledger.ledger_id, JULY), **asked)
    assert set(found.number) == numbers
    assert set(found.matching) <= {3 if "row_limit" in narrowed else len(numbers)}
