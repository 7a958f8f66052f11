"""What an account of each role may store: every action, through the function that a page calls."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.warehouse.test_editions import RULES, edition
from tests.warehouse.test_store import counts
from tests.warehouse.test_withdrawing import PROGRESS, take_in
from tests.warehouse.world import Task, Unit, World, restart, store
from warehouse import Warehouse, read_reference, rights, store_edition, sync_reference
from warehouse.entries import files, marks, meetings, office, records, submissions, verdicts, views
from warehouse.entries.withdrawing import Mistake, take_back
from warehouse.ledger.correcting_ledgers import LedgerCorrection, correct_ledger
from warehouse.ledger.correcting_units import UnitCorrection, correct_unit
from warehouse.ledger.naming import identify
from warehouse.ledger.schemes import Item, Scheme, store_scheme
from warehouse.rights import ADMIN, MAY, OFFICE, UNIT, Actor, NotAllowed
from warehouse.writing import PLACES_OF_ACTION
from words import ACCOUNT_ROLES

WAREHOUSE = Path(rights.__file__).parent
REFERENCE = read_reference(WAREHOUSE.parent / "data" / "reference")
OWN, OTHER = "厅法规处", "厅人事处"
DAY, DUE, YEAR_END = date(2020, 6, 1), date(2020, 9, 30), date(2020, 12, 31)
BY = {"recorded_by": "王五"}
ON_DAY = BY | {"effective_on": DAY}
ACTORS = {role: Actor(f"{role}-1", "张三", role, (OWN,) * (role == UNIT)) for role in ACCOUNT_ROLES}
IMPORTED = replace(
    edition(replace(RULES, progress=PROGRESS), file="一.csv"), stated_on=date(2020, 1, 31)
)
IMPORTED_ID = identify(IMPORTED)


class Desk:
    """Two units with a task of every kind each, and a scheme that gives points for them."""

    def __init__(self, warehouse: Warehouse):
        world = World()
        self.base = warehouse
        self.ledger = world.ledger()
        self.units: dict[str, Unit] = {name: world.unit(name) for name in (OWN, OTHER)}
        self.tasks: dict[tuple[str, str], Task] = {}
        for name, unit in self.units.items():
            for kind in ("base", "bonus", "penalty"):
                self.tasks[name, kind] = world.task(self.ledger, DUE, units=[unit], kind=kind)
            self.tasks[name, "recurring"] = world.task(self.ledger, units=[unit])
            world.cadence(self.tasks[name, "recurring"], "month")
        self.edition_id = world.editions[0].edition_id
        restart(warehouse, world)

    def part(self, of: str, kind: str = "base") -> tuple[UUID, dict[str, Any]]:
        """The id of the unit's task, and whose entry about it is."""
        return self.tasks[of, kind].task_id, {"unit_id": self.units[of].unit_id}

    def scheme(self) -> Scheme:
        return Scheme(
            ledger_id=self.ledger.ledger_id,
            edition_id=self.edition_id,
            assessed_on=YEAR_END,
            evidence_from=date(2020, 1, 1),
            items=[
                Item(self.tasks[name, "base"].task_id, Decimal(10), "manual") for name in self.units
            ],
        )


Do = Callable[[Desk, str], Callable[[Warehouse], Any]]
"""With a desk, and whose rows are written: what has to be there is stored; returns the action itself."""


def report(desk: Desk, of: str) -> Callable[[Warehouse], UUID]:
    task_id, unit = desk.part(of)
    return lambda by: records.add_report(by, task_id, state="done", **unit, **ON_DAY)


def occurrence(desk: Desk, of: str) -> Callable[[Warehouse], UUID]:
    task_id, unit = desk.part(of, "recurring")
    return lambda by: records.add_occurrence(by, task_id, occurred_on=DAY, **unit, **BY)


def evidence(desk: Desk, of: str) -> Callable[[Warehouse], UUID]:
    task_id, unit = desk.part(of)
    return lambda by: records.add_evidence(by, task_id, title="通知", **unit, **BY)


def extension(desk: Desk, of: str) -> Callable[[Warehouse], UUID]:
    task_id, unit = desk.part(of)
    given = {"requested_on": DAY, "new_due_on": YEAR_END, "reason": "疫情"} | unit | BY
    return lambda by: records.request_extension(by, task_id, **given)


def late(desk: Desk, of: str) -> Callable[[Warehouse], UUID]:
    task_id, unit = desk.part(of)
    given = {"agreed_on": date(2020, 10, 9), "new_due_on": YEAR_END, "reason": "疫情"} | unit | BY
    return lambda by: records.extend_late(by, task_id, agreed_by="厅长", **given)


def claim(desk: Desk, of: str, state: str = "claimed") -> Callable[[Warehouse], UUID]:
    task_id, unit = desk.part(of, "bonus")
    return lambda by: marks.add_claim(by, task_id, state=state, **unit, **ON_DAY)


def incident(desk: Desk, of: str) -> Callable[[Warehouse], UUID]:
    task_id, unit = desk.part(of, "penalty")
    return lambda by: marks.add_incident(by, task_id, **unit, **ON_DAY)


def plan(desk: Desk, of: str) -> Callable[[Warehouse], UUID]:
    task_id, _ = desk.part(of)
    return lambda by: records.add_plan(by, task_id, planned_on=DAY, percent=50, **BY)


def verification(desk: Desk, of: str, accepted: bool = True) -> Callable[[Warehouse], UUID]:
    task_id, unit = desk.part(of)
    report(desk, of)(desk.base)
    given = {"accepted": accepted, "reason": "缺材料"} | unit | ON_DAY
    return lambda by: records.verify(by, task_id, **given)


def verification_of_many(desk: Desk, of: str) -> Callable[[Warehouse], None]:
    task_id, unit = desk.part(of)
    report(desk, of)(desk.base)
    given = {"accepted": True, "seen_version": desk.base.data_version} | ON_DAY
    return lambda by: verdicts.verify_many(by, [(task_id, unit["unit_id"])], **given)


def decision(desk: Desk, of: str, approved: bool = True) -> Callable[[Warehouse], UUID]:
    asked = extension(desk, of)(desk.base)
    given = {"approved": approved, "reason": "太晚"} | ON_DAY
    return lambda by: records.decide_extension(by, asked, **given)


def decision_on_many(desk: Desk, of: str) -> Callable[[Warehouse], None]:
    asked = extension(desk, of)(desk.base)
    given = {"approved": True, "seen_version": desk.base.data_version} | ON_DAY
    return lambda by: verdicts.decide_many(by, [asked], **given)


def mark(desk: Desk, of: str, kind: str = "manual") -> Callable[[Warehouse], UUID]:
    store_scheme(desk.base, desk.scheme(), **BY)
    task_id, _ = desk.part(of)
    given = {"kind": kind, "value": Decimal(8), "reason": "材料齐全"} | ON_DAY
    return lambda by: marks.add_mark(by, task_id, **given)


def reviews(desk: Desk, of: str) -> Callable[[Warehouse], int]:
    store_scheme(desk.base, desk.scheme(), **BY)
    given = {desk.part(of)[0]: (Decimal(8), "认可")}
    return lambda by: marks.store_reviews(by, given, **ON_DAY)


def form(desk: Desk, of: str, file: str = "六月.xlsx") -> Callable[[Warehouse], int]:
    task_id, unit = desk.part(of)
    handed_in = submissions.Submission(
        desk.ledger.ledger_id, unit["unit_id"], DAY, file, "abc", "王五", "赵六"
    )
    said = [submissions.Report(task_id, "in_progress", DAY, 40)]
    return lambda by: submissions.store_submission(by, handed_in, said)


def meeting(desk: Desk, _: str) -> Callable[[Warehouse], UUID]:
    given = {"quarter_ended_on": date(2020, 6, 30), "held_on": date(2020, 7, 15)} | BY
    return lambda by: meetings.hold_meeting(by, desk.ledger.ledger_id, **given)


def resolved(desk: Desk, of: str) -> Callable[[Warehouse], UUID]:
    held, (task_id, unit) = meeting(desk, of)(desk.base), desk.part(of)
    return lambda by: meetings.decide(by, held, text="加快。", task_id=task_id, **unit, **BY)


def resolved_report(desk: Desk, of: str) -> Callable[[Warehouse], UUID]:
    decided = resolved(desk, of)(desk.base)
    given = {"state": "done", "effective_on": date(2020, 8, 1)} | BY
    return lambda by: meetings.report_decision(by, decided, **given)


def view(desk: Desk, _: str) -> Callable[[Warehouse], UUID]:
    given = {"name": "本月", "content": {"q": ["1"]}, "sentence": "甲"} | BY
    return lambda by: views.save_view(by, desk.ledger.ledger_id, **given)


def removed_view(desk: Desk, of: str) -> Callable[[Warehouse], None]:
    kept, ledger_id = view(desk, of)(desk.base), desk.ledger.ledger_id
    return lambda by: views.remove_view(by, ledger_id, kept, reason="不用", **BY)


def default_view(desk: Desk, of: str) -> Callable[[Warehouse], None]:
    kept, ledger_id = view(desk, of)(desk.base), desk.ledger.ledger_id
    return lambda by: views.set_default_view(by, ledger_id, of, kept, **BY)


def closed(desk: Desk, _: str) -> Callable[[Warehouse], None]:
    return lambda by: records.close_month(by, desk.ledger.ledger_id, DAY, closed=True, **BY)


def reopened(desk: Desk, of: str) -> Callable[[Warehouse], None]:
    closed(desk, of)(desk.base)
    given = {"closed": False, "reason": "补报"} | BY
    return lambda by: records.close_month(by, desk.ledger.ledger_id, DAY, **given)


def excused(desk: Desk, of: str) -> Callable[[Warehouse], None]:
    given = {"period": "month", "window_start": DAY, "excused": True, "reason": "疫情"} | BY
    return lambda by: records.excuse_window(by, desk.part(of, "recurring")[0], **given)


def asked_again(desk: Desk, of: str) -> Callable[[Warehouse], None]:
    excused(desk, of)(desk.base)
    given = {"period": "month", "window_start": DAY, "excused": False, "reason": "恢复"} | BY
    return lambda by: records.excuse_window(by, desk.part(of, "recurring")[0], **given)


def supplied(desk: Desk, _: str) -> Callable[[Warehouse], None]:
    sha256 = files.keep_file(desk.base, "通知.pdf", b"%PDF-1")
    files._place(desk.base, sha256).unlink()
    return lambda by: files.supply_again(by, sha256, "通知.pdf", b"%PDF-1", **BY)


def effort(desk: Desk, of: str) -> Callable[[Warehouse], None]:
    return lambda by: marks.estimate_effort(by, {desk.part(of)[0]: Decimal(3)}, **BY)


def contacts(desk: Desk, of: str) -> Callable[[Warehouse], int]:
    given = {desk.units[of].unit_id: (of, office.Contact("李四", "123"))}
    return lambda by: office.keep_contacts(by, given, **BY)


def details(_: Desk, __: str) -> Callable[[Warehouse], None]:
    return lambda by: office.keep_office_details(by, office.OfficeDetails("厅法规处"), **BY)


def scheme(desk: Desk, _: str) -> Callable[[Warehouse], UUID]:
    return lambda by: store_scheme(by, desk.scheme(), **BY)


def ledger(_: Desk, __: str) -> Callable[[Warehouse], Any]:
    return lambda by: store_edition(by, IMPORTED, REFERENCE, **BY)


def called_otherwise(desk: Desk, _: str) -> Callable[[Warehouse], None]:
    take_in(desk.base, IMPORTED, REFERENCE)
    right = LedgerCorrection(IMPORTED_ID, "新名称", "宁夏", 2020)
    given = {"reason": "读错了", "seen_version": desk.base.data_version} | BY
    return lambda by: correct_ledger(by, right, REFERENCE, **given)


def unit_called_otherwise(desk: Desk, of: str) -> Callable[[Warehouse], None]:
    right = UnitCorrection(desk.units[of].unit_id, "厅政策法规处")
    given = {"reason": "登记错了", "seen_version": desk.base.data_version} | BY
    return lambda by: correct_unit(by, right, REFERENCE, **given)


def reference_files(_: Desk, __: str) -> Callable[[Warehouse], bool]:
    return lambda by: sync_reference(by, REFERENCE, **BY)


def threshold(desk: Desk, _: str) -> Callable[[Warehouse], None]:
    return lambda by: records.set_setting(by, desk.ledger.ledger_id, "due_soon_days", "9", **BY)


def withdrawn(table: str, enter: Do) -> Do:
    def prepare(desk: Desk, of: str) -> Callable[[Warehouse], None]:
        entry_id = enter(desk, of)(desk.base)
        away = meetings.withdraw if table.startswith(("meeting", "decision")) else records.withdraw
        return lambda by: away(by, table, entry_id, reason="填错", **BY)

    return prepare


def undone(kind: str) -> Do:
    def prepare(desk: Desk, of: str) -> Callable[[Warehouse], Any]:
        if kind == "submission":
            form(desk, of)(desk.base)
        elif kind == "scheme":
            scheme(desk, of)(desk.base)
        else:
            take_in(desk.base, IMPORTED, REFERENCE)
        column = {"ledger": "ledger_id", "column": "edition_id"}.get(kind, f"{kind}_id")
        table = "edition" if kind in ("ledger", "column") else kind
        with desk.base.cursor() as cursor:
            found = cursor.execute(
                f"select {column} from {table} order by entry_number desc nulls last"
            )
            mistake = Mistake(kind, (found.fetchall()[0][0],))
        given = {"reason": "导错了", "seen_version": desk.base.data_version} | BY
        return lambda by: take_back(by, mistake, **given)

    return prepare


OF_UNITS: dict[str, Do] = {
    "填报进展": report,
    "记录频次完成": occurrence,
    "登记佐证材料": evidence,
    "申请延期": extension,
    "加分申报": claim,
    "保存月度填报": lambda desk, of: form(desk, of, ""),
    "收回填报表": form,
    "撤回填报表": undone("submission"),
    "撤销进展填报": withdrawn("report", report),
    "撤销频次记录": withdrawn("occurrence", occurrence),
    "撤销佐证材料": withdrawn("evidence", evidence),
    "撤销延期申请": withdrawn("extension", extension),
    "撤销加分申报": withdrawn("claim", claim),
}
"""What units do themselves, for their own part alone; the office does it for all."""
OF_OFFICE: dict[str, Do] = {
    "登记计划节点": plan,
    "补批延期": late,
    "同意延期": decision,
    "同意延期（多件）": decision_on_many,
    "不同意延期": lambda desk, of: decision(desk, of, approved=False),
    "销号": verification,
    "销号（多件）": verification_of_many,
    "退办": lambda desk, of: verification(desk, of, accepted=False),
    "加分认定": lambda desk, of: claim(desk, of, "recognised"),
    "扣分事件": incident,
    "人工评分": mark,
    "复核评分": lambda desk, of: mark(desk, of, "review"),
    "复核评分（多项）": reviews,
    "登记名次": lambda desk, of: mark(desk, of, "rank"),
    "估计工作量": effort,
    "锁定报送月": closed,
    "解锁报送月": reopened,
    "免除一期频次": excused,
    "撤销免除": asked_again,
    "补回佐证文件": supplied,
    "登记季度例会": meeting,
    "登记议定事项": resolved,
    "填报议定事项": resolved_report,
    "保存视图": view,
    "删除视图": removed_view,
    "设定默认视图": default_view,
    "更新联系方式": contacts,
    "更新联系方式（印发单位）": details,
    "存入评分方案": scheme,
    "导入台账": ledger,
    "更正台账": called_otherwise,
    "更正单位": unit_called_otherwise,
    "撤回台账": undone("ledger"),
    "撤回台账版次": undone("edition"),
    "撤回导入的进展": undone("column"),
    "撤回评分方案": undone("scheme"),
    "撤销计划节点": withdrawn("plan", plan),
    "撤销核验": withdrawn("verification", verification),
    "撤销延期审批": withdrawn("extension_decision", decision),
    "撤销扣分事件": withdrawn("incident", incident),
    "撤销评分": withdrawn("mark", mark),
    "撤销季度例会": withdrawn("meeting", meeting),
    "撤销议定事项": withdrawn("decision", resolved),
    "撤销办理情况": withdrawn("decision_progress", resolved_report),
}
SETTINGS: dict[str, Do] = {"更新口径": reference_files, "调整口径": threshold}
"""What the administrator may do as well as the office; the leader may do nothing."""
EVERY = OF_UNITS | OF_OFFICE | SETTINGS


def allowed(name: str, role: str, of: str) -> bool:
    """Whether the role may do so about a unit, as the office's rule has it."""
    if role == OFFICE:
        return True
    if role == UNIT:
        return name in OF_UNITS and of == OWN
    return role == ADMIN and name in SETTINGS


def test_every_right_is_tried_out_below():
    assert {name.split("（")[0] for name in EVERY} == set(MAY)


@pytest.mark.parametrize("of", [OWN, OTHER])
@pytest.mark.parametrize("name", EVERY)
def test_each_action_by_each_role(warehouse: Warehouse, name: str, of: str):
    refused: list[tuple[str, str]] = []
    handles = {
        role: warehouse.acting(actor, lambda *noted: refused.append(noted))
        for role, actor in ACTORS.items()
    }
    allowed_to = [role for role in ACCOUNT_ROLES if allowed(name, role, of)]
    act = EVERY[name](Desk(warehouse), of)
    before = counts(warehouse)
    for role in set(ACCOUNT_ROLES) - set(allowed_to):
        with pytest.raises(NotAllowed, match="没有存入") as refusal:
            act(handles[role])
        assert refused.pop() == ("refused", f"{name.split('（')[0]}：{refusal.value}")
        assert counts(warehouse) == before
    for place, role in enumerate(allowed_to):
        if place:
            act = EVERY[name](Desk(warehouse), of)
        act(handles[role])
        assert not refused
        with warehouse.cursor() as cursor:
            newest = cursor.execute(
                "select distinct account, recorded_by from change where data_version = $1",
                [warehouse.data_version],
            ).fetchall()
        # The office may enter what another signed; the others sign for themselves.
        assert newest == [(f"{role}-1", "王五" if role == OFFICE else "张三")]


def test_every_write_of_the_product_names_its_action():
    """Without an action an account is refused; the program itself writes so, on no user's behalf."""
    silent = []
    for path in sorted(WAREHOUSE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_write = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if is_write and node.func.attr == "writing" and len(node.args) < 2:
                silent.append(path.stem)
    assert silent == ["demo_meetings", "recording"]


def test_an_action_that_is_in_no_table_is_refused(warehouse: Warehouse):
    by = warehouse.acting(ACTORS[OFFICE], lambda *_: None)
    assert not by.may("")
    assert not by.may("新操作")
    with pytest.raises(NotAllowed), by.writing("张三"):
        pass
    with pytest.raises(ValueError, match="新操作"), warehouse.writing("张三", "新操作"):
        pass


def test_a_unit_enters_for_no_task_it_has_no_part_in(warehouse: Warehouse):
    desk = Desk(warehouse)
    by = warehouse.acting(ACTORS[UNIT], lambda *_: None)
    (own_task, unit), (other_task, _) = desk.part(OWN), desk.part(OTHER)
    with pytest.raises(NotAllowed, match="没有承担"):
        records.add_report(by, other_task, state="done", **unit, **ON_DAY)
    # Not even beside one of its own.
    with pytest.raises(NotAllowed, match="没有承担"):
        records.add_evidence(by, own_task, title="通知", also=[other_task], **unit, **BY)
    with pytest.raises(NotAllowed, match="请选择本单位"):
        records.add_report(by, own_task, state="done", **ON_DAY)


def test_a_member_enters_for_its_collective(warehouse: Warehouse):
    world = World()
    member = world.unit(OWN)
    both = world.unit("各处室", [member])
    shared = world.task(world.ledger(), DUE, units=[both])
    store(warehouse, world)
    by = warehouse.acting(ACTORS[UNIT], lambda *_: None)
    records.add_report(by, shared.task_id, state="done", unit_id=member.unit_id, **ON_DAY)


def test_a_unit_takes_back_no_word_of_the_office(warehouse: Warehouse):
    desk = Desk(warehouse)
    by = warehouse.acting(ACTORS[UNIT], lambda *_: None)
    recognised = claim(desk, OWN, "recognised")(warehouse)
    with pytest.raises(NotAllowed, match="由厅法规处办理"):
        records.withdraw(by, "claim", recognised, reason="错", **BY)
    agreed = late(desk, OWN)(warehouse)
    with pytest.raises(NotAllowed, match="由厅法规处办理"):
        records.withdraw(by, "extension", agreed, reason="错", **BY)
    # Nor an entry of another unit by way of a correction.
    foreign = report(desk, OTHER)(warehouse)
    own_task, unit = desk.part(OWN)
    with pytest.raises(NotAllowed, match="请选择本单位"):
        records.add_report(
            by, own_task, state="done", **unit, **ON_DAY, replaces=records.Replaced(foreign, "错")
        )


def test_an_account_goes_on_for_its_unit_when_that_is_renamed(warehouse: Warehouse):
    desk = Desk(warehouse)
    unit_called_otherwise(desk, OWN)(warehouse)
    with warehouse.cursor() as cursor:
        ((became,),) = cursor.execute("select became_id from unit_correction").fetchall()
    for names in ((OWN,), ("厅政策法规处",)):
        by = warehouse.acting(replace(ACTORS[UNIT], units=names), lambda *_: None)
        records.add_report(by, desk.part(OWN)[0], state="done", unit_id=became, **ON_DAY)


def test_nobody_verifies_what_he_entered_himself(warehouse: Warehouse):
    desk = Desk(warehouse)
    one = warehouse.acting(ACTORS[OFFICE], lambda *_: None)
    another = warehouse.acting(replace(ACTORS[OFFICE], account="office-2"), lambda *_: None)
    task_id, unit = desk.part(OWN)
    report(desk, OWN)(one)
    with pytest.raises(NotAllowed, match="不能由本人核验"):
        records.verify(one, task_id, accepted=True, **unit, **ON_DAY)
    given = {"accepted": True, "seen_version": warehouse.data_version} | ON_DAY
    with pytest.raises(NotAllowed, match="不能由本人核验"):
        verdicts.verify_many(one, [(task_id, unit["unit_id"])], **given)
    records.verify(another, task_id, accepted=True, **unit, **ON_DAY)
    # Entered anew by somebody else, it is that one's.
    report(desk, OWN)(another)
    records.verify(one, task_id, accepted=True, **unit, **ON_DAY)


def test_a_setting_lets_everybody_verify(warehouse: Warehouse):
    desk = Desk(warehouse)
    one = warehouse.acting(ACTORS[OFFICE], lambda *_: None)
    sync_reference(warehouse, replace(REFERENCE, settings={"verifies_own": "是"}), **BY)
    report(desk, OWN)(one)
    task_id, unit = desk.part(OWN)
    records.verify(one, task_id, accepted=True, **unit, **ON_DAY)


def test_an_evidence_file_is_kept_only_for_who_may_hand_one_in(warehouse: Warehouse):
    for role in ACCOUNT_ROLES:
        by = warehouse.acting(ACTORS[role], lambda *_: None)
        if role in (UNIT, OFFICE):
            files.keep_file(by, "通知.pdf", b"%PDF-1")
        else:
            with pytest.raises(NotAllowed):
                files.keep_file(by, "别的.pdf", b"%PDF-2")
    assert len([path for path in files.folder(warehouse).rglob("*") if path.is_file()]) == 1


def test_the_database_is_one_whoever_uses_it(warehouse: Warehouse):
    desk = Desk(warehouse)
    by = warehouse.acting(ACTORS[OFFICE], lambda *_: None)
    report(desk, OWN)(by)
    assert by.data_version == warehouse.data_version
    report(desk, OTHER)(warehouse)
    assert by.data_version == warehouse.newest_version
    with by.cursor() as cursor:
        found = cursor.execute(
            f"select account from report join change on data_version = entry_number // {PLACES_OF_ACTION}"
            " order by entry_number"
        ).fetchall()
    # Entered without an account, such as before there were any.
    assert found == [("office-1",), (None,)]
    by.close()
    assert warehouse.closed
