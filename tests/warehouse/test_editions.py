"""A later edition of a ledger: what it changes, which task goes on as which, and what is kept."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders import Assignment, Ledger, Place, Progress, Task, preview
from tests.warehouse.test_store import counts
from tests.warehouse.world import read
from warehouse import (
    Correction,
    Reference,
    Warehouse,
    WarehouseError,
    read_reference,
    store_edition,
)
from warehouse.entries.marks import add_claim
from warehouse.entries.records import add_evidence, add_report
from warehouse.ledger.editions import (
    Pair,
    StoredTask,
    answered,
    compare,
    compare_stored,
    continued,
    pair,
    parted,
)
from warehouse.ledger.ledgers import SettledDoubt
from warehouse.ledger.naming import LedgerName, identify, name_kept, similar_names
from warehouse.writing import Writer

ROOT = Path(__file__).parents[2]
NINGXIA = ROOT / "data" / "ledgers" / "ningxia-2020.txt"
YEAR_END = date(2020, 12, 31)
CHANGED_ON = date(2020, 7, 1)
THE_DAY_BEFORE = date(2020, 6, 30)


def task(
    text: str,
    *,
    number: int = 1,
    level1: str = "组织保障",
    level2: str = "",
    units: Sequence[str] = ("厅法规处",),
    due_on: date | None = YEAR_END,
    kind: str = "base",
) -> Task:
    return Task(
        number=number,
        level1=level1,
        level2=level2,
        task=text,
        kind=kind,
        responsible_text="、".join(units),
        responsible_inherited=False,
        deadline_text=str(due_on or "持续推进"),
        deadline_inherited=False,
        deadline_kind="date" if due_on else "ongoing",
        due_on=due_on,
        assignments=tuple(Assignment("responsible", unit) for unit in units),
        cadences=(),
        quantities=(),
        place=Place("台账.csv", "", number + 1),
    )


def numbered(tasks: Iterable[Task]) -> list[Task]:
    return [replace(each, number=number) for number, each in enumerate(tasks, start=1)]


def edition(*tasks: Task, file: str = "台账.csv", region: str = "宁夏") -> Ledger:
    """A ledger of these tasks; its title is the same however its file is called."""
    return Ledger(file, f"sha of {file}", "任务台账", region, 2020, tuple(numbered(tasks)), (), ())


def stored(tasks: Sequence[Task]) -> list[StoredTask]:
    """The tasks as a warehouse hands them back."""
    return [
        StoredTask(
            UUID(int=each.number),
            each.number,
            each.level1,
            each.level2,
            each.task,
            each.kind,
            each.due_on,
            each.deadline_kind,
            frozenset((part.role, part.unit, part.scope) for part in each.assignments),
        )
        for each in tasks
    ]


def paired(before: Sequence[Task], after: Sequence[Task]) -> list[Pair]:
    return pair(stored(numbered(before)), numbered(after))


def numbers(pairs: Sequence[Pair]) -> list[tuple[int | None, int | None]]:
    """(old number, new number) of every pair."""
    return [(p.before and p.before.number, p.after and p.after.number) for p in pairs]


# Comparing

RULES = task("制定信用管理办法，明确各单位职责分工。")
TRAINING = task("组织信用业务培训，覆盖全体从业人员。")
PUBLICITY = task("开展诚信宣传月活动，总结活动成果。")
PROMISES = task("建立信用承诺制度，公开承诺书样本。")


@pytest.mark.parametrize(
    ("after", "changes"),
    [
        (RULES, ()),
        (replace(RULES, task="制定信用管理办法，明确各处室职责分工。"), ("reworded",)),
        (replace(RULES, kind="bonus"), ("reworded",)),
        (replace(RULES, assignments=(Assignment("lead", "厅法规处"),)), ("reassigned",)),
        (
            replace(RULES, assignments=(Assignment("responsible", "厅法规处", "省级目录"),)),
            ("reassigned",),
        ),
        (replace(RULES, due_on=date(2020, 6, 30)), ("redated",)),
        (replace(RULES, due_on=None, deadline_kind="ongoing"), ("redated",)),
        (replace(RULES, level1="信用承诺"), ("moved",)),
        (replace(RULES, level2="制度建设"), ("moved",)),
        (
            replace(
                RULES,
                task="制定信用管理办法，明确各处室职责分工。",
                assignments=(),
                due_on=None,
                level2="制度建设",
            ),
            ("reworded", "reassigned", "redated", "moved"),
        ),
    ],
)
def test_what_changed_of_a_task_that_goes_on(after: Task, changes: tuple[str, ...]):
    (found,) = paired([RULES], [after])
    assert found.changes == changes
    assert found.change == (changes[0] if changes else "same")
    assert found.certain


def test_new_tasks_are_added_and_missing_ones_removed():
    pairs = paired([RULES, TRAINING], [PUBLICITY, RULES])
    assert numbers(pairs) == [(None, 1), (1, 2), (2, None)]
    assert [each.change for each in pairs] == ["added", "same", "removed"]


@pytest.mark.parametrize(
    "written",
    [
        "制定信用管理办法，明确各单位职责分工",
        "制定信用管理办法,明确各单位职责分工.",
        "制定信用管理办法，明确各单位 职责分工；",
        "　制定信用管理办法，\n明确各单位职责分工。",
    ],
)
def test_width_spaces_and_final_stops_are_no_rewording(written: str):
    (found,) = paired([RULES], [replace(RULES, task=written)])
    assert (found.change, found.certain) == ("same", True)


def test_a_task_put_in_the_middle_shifts_numbers_and_changes_nothing_else():
    before = [RULES, TRAINING, PUBLICITY]
    pairs = paired(before, [RULES, PROMISES, TRAINING, PUBLICITY])
    assert numbers(pairs) == [(1, 1), (None, 2), (2, 3), (3, 4)]
    assert [each.change for each in pairs] == ["same", "added", "same", "same"]


def test_the_same_text_under_two_indicators_stays_under_its_own():
    here, there = replace(RULES, level1="信用承诺"), replace(RULES, level1="信用评价")
    pairs = paired([here, there], [there, here])
    assert numbers(pairs) == [(2, 1), (1, 2)]
    assert {each.change for each in pairs} == {"same"}


def test_a_task_that_moves_does_not_take_the_place_of_one_that_stays():
    here, there = replace(RULES, level1="信用承诺"), replace(RULES, level1="信用评价")
    elsewhere = replace(RULES, level1="组织保障")
    pairs = paired([here, there], [elsewhere, here])
    assert numbers(pairs) == [(2, 1), (1, 2)]
    assert [each.change for each in pairs] == ["moved", "same"]


def test_a_rewording_goes_to_the_task_it_is_most_like():
    near = replace(PROMISES, task="建立信用承诺制度，公开承诺书文本。")
    far = replace(PROMISES, task="建立信用评价制度，公开评价结果。")
    (first, second) = paired([far, near], [PUBLICITY, PROMISES])[1:]
    assert (first.before.number, first.after.number) == (2, 2)
    assert (second.before.number, second.after) == (1, None)


DOUBTFUL = replace(PROMISES, task="建立信用承诺制度，归集承诺履约信息。")


def test_a_doubtful_likeness_is_asked():
    pairs = paired([RULES, PROMISES], [DOUBTFUL, RULES])
    assert numbers(pairs) == [(2, 1), (1, 2)]
    assert [each.certain for each in pairs] == [False, True]
    assert pairs[0].likeness < 85


def test_a_doubtful_likeness_under_the_same_number_and_indicator_is_not_asked():
    (found,) = paired([PROMISES], [DOUBTFUL])
    assert (found.change, found.certain) == ("reworded", True)
    (moved,) = paired([PROMISES], [replace(DOUBTFUL, level1="信用承诺")])
    assert not moved.certain


def test_refused_continuations_are_new_tasks():
    pairs = paired([RULES, PROMISES], [DOUBTFUL, RULES])
    assert continued(pairs) == {1: UUID(int=2), 2: UUID(int=1)}
    assert continued(pairs, frozenset({1})) == {2: UUID(int=1)}


TWIN = task("组织开展一次信用培训。")
OTHER_TWIN = replace(TWIN, assignments=(Assignment("responsible", "厅人事处"),))


def test_tasks_of_equal_wording_are_told_apart_by_their_units():
    pairs = paired([TWIN, OTHER_TWIN, RULES], [OTHER_TWIN, RULES])
    assert numbers(pairs) == [(2, 1), (3, 2), (1, None)]
    assert all(each.certain for each in pairs)


def test_tasks_of_equal_wording_and_units_are_told_apart_by_date_and_then_order():
    early = replace(TWIN, due_on=date(2020, 3, 31))
    assert numbers(paired([TWIN, early], [early])) == [(2, 1), (1, None)]
    assert numbers(paired([TWIN, TWIN], [TWIN, TWIN])) == [(1, 1), (2, 2)]


def test_one_of_several_of_equal_wording_with_other_units_is_asked_about():
    third = replace(TWIN, assignments=(Assignment("responsible", "厅财审处"),))
    (found, _) = paired([TWIN, OTHER_TWIN], [third])
    assert (found.after, found.certain) == (third, False)


def test_a_refused_pairing_is_an_added_and_a_removed_task():
    pairs = parted(paired([RULES, TRAINING], [RULES, TRAINING]), frozenset({2}))
    assert numbers(pairs) == [(1, 1), (None, 2), (2, None)]


# Few words and few headings, so that equal, like and unlike texts all occur.
texts = st.lists(
    st.sampled_from(["制定", "完善", "信用", "承诺", "制度", "，", "。", " "]),
    min_size=1,
    max_size=5,
).map("".join)
tasks = st.lists(
    st.builds(
        task,
        texts,
        level1=st.sampled_from(["信用承诺", "信用评价"]),
        level2=st.sampled_from(["", "制度"]),
        units=st.sampled_from([("厅法规处",), ("厅运输处", "厅法规处"), ()]),
        due_on=st.sampled_from([YEAR_END, date(2020, 6, 30), None]),
        kind=st.sampled_from(["base", "bonus"]),
    ),
    max_size=7,
).map(numbered)


@given(tasks, tasks)
def test_every_old_and_every_new_task_is_in_exactly_one_pair(before: list[Task], after: list[Task]):
    pairs = pair(stored(before), after)
    assert [each.after for each in pairs if each.after] == after
    old = [each.before for each in pairs if each.before]
    assert sorted(old, key=lambda each: each.number) == stored(before)
    assert all(each.before or each.after for each in pairs)


@given(tasks)
def test_the_same_tasks_again_are_all_the_same(unchanged: list[Task]):
    pairs = pair(stored(unchanged), unchanged)
    assert numbers(pairs) == [(each.number, each.number) for each in unchanged]
    assert {each.change for each in pairs} <= {"same"}
    assert all(each.certain for each in pairs)


@given(st.permutations([RULES, TRAINING, PUBLICITY, PROMISES]))
def test_another_order_changes_nothing_but_numbers(after: list[Task]):
    pairs = paired([RULES, TRAINING, PUBLICITY, PROMISES], after)
    assert {each.change for each in pairs} == {"same"}


# Storing


@pytest.fixture(scope="module")
def reference() -> Reference:
    return read_reference(ROOT / "data" / "reference")


FIRST = edition(RULES, TRAINING, replace(PUBLICITY, kind="bonus"))
REVISED = edition(
    PROMISES,
    replace(RULES, task="制定信用管理办法，明确各处室职责分工。"),
    replace(PUBLICITY, kind="bonus"),
    file="修订.csv",
)
"""One task is new, one reworded, one as it was, and the training is gone."""


@pytest.fixture
def loaded(warehouse: Warehouse, reference: Reference) -> Warehouse:
    store_edition(warehouse, FIRST, reference, recorded_by="张三")
    return warehouse


def revise(
    warehouse: Warehouse, reference: Reference, ledger: Ledger = REVISED, **given: object
) -> None:
    """Store the next edition as 李四, in force from CHANGED_ON, unless `given` says otherwise."""
    comparison = compare(warehouse, ledger)
    assert comparison.status == "edition"
    chosen = {
        "recorded_by": "李四",
        "effective_on": CHANGED_ON,
        "continued": continued(comparison.pairs),
    }
    store_edition(warehouse, ledger, reference, **chosen | given)


def test_two_stored_editions_are_compared_as_when_the_later_was_taken_in(
    loaded: Warehouse, reference: Reference
):
    def described(pairs: Sequence[Pair]) -> list[tuple]:
        sides = [
            (each.before and each.before.task, each.after and each.after.task) for each in pairs
        ]
        return [(*side, each.change, each.changes) for side, each in zip(sides, pairs, strict=True)]

    before = compare(loaded, REVISED)
    revise(loaded, reference)
    with loaded.cursor() as cursor:
        ids = cursor.execute("select edition_id from edition order by edition_number").fetchall()
    (first,), (second,) = ids
    assert described(compare_stored(loaded, first, second)) == described(before.pairs)
    assert {each.change for each in compare_stored(loaded, second, second)} == {"same"}
    # Looked at backwards, what was added is removed.
    turned = Counter(each.change for each in compare_stored(loaded, second, first))
    assert turned == {"added": 1, "removed": 1, "reworded": 1, "same": 1}


def test_a_task_refused_as_a_continuation_is_another_task_in_stored_editions_too(
    loaded: Warehouse, reference: Reference
):
    revise(loaded, reference, continued={})
    with loaded.cursor() as cursor:
        ids = cursor.execute("select edition_id from edition order by edition_number").fetchall()
    found = compare_stored(loaded, *(edition_id for (edition_id,) in ids))
    assert Counter(each.change for each in found) == {"added": 3, "removed": 3}


def in_force(warehouse: Warehouse, as_of: date) -> dict[str, UUID]:
    """Text → task_id of the tasks judged on a day."""
    with warehouse.cursor() as cursor:
        return dict(
            cursor.execute(
                "select task, task_id from task_state($as_of::date, timestamp 'infinity', false)",
                {"as_of": as_of},
            ).fetchall()
        )


def states(warehouse: Warehouse, as_of: date) -> dict[str, str | None]:
    with warehouse.cursor() as cursor:
        return dict(
            cursor.execute(
                "select task, state from task_state($as_of::date, timestamp 'infinity', false)",
                {"as_of": as_of},
            ).fetchall()
        )


def everything(warehouse: Warehouse) -> tuple:
    return read(warehouse), counts(warehouse), warehouse.data_version


def test_a_first_a_known_and_a_later_file_are_told_apart(
    warehouse: Warehouse, reference: Reference
):
    new = compare(warehouse, FIRST)
    assert (new.status, new.edition_number, new.stored_file) == ("new", 1, "")
    assert {each.change for each in new.pairs} == {"added"}
    store_edition(warehouse, FIRST, reference, recorded_by="张三")
    known = compare(warehouse, replace(FIRST, file="副本.csv"))
    assert (known.status, known.edition_number, known.pairs) == ("known", 1, ())
    later = compare(warehouse, REVISED)
    assert (later.status, later.edition_number, later.stored_file) == ("edition", 2, "台账.csv")
    assert [each.change for each in later.pairs] == ["added", "reworded", "same", "removed"]


def test_what_was_recorded_follows_a_reworded_task(loaded: Warehouse, reference: Reference):
    ids = in_force(loaded, THE_DAY_BEFORE)
    rules, bonus = ids[RULES.task], ids[PUBLICITY.task]
    add_report(loaded, rules, state="done", effective_on=date(2020, 5, 1), recorded_by="王五")
    add_evidence(loaded, rules, title="宁交办发〔2020〕1号", recorded_by="王五")
    add_claim(
        loaded, bonus, state="claimed", points=3, effective_on=date(2020, 5, 1), recorded_by="王五"
    )
    revise(loaded, reference)
    ids = in_force(loaded, CHANGED_ON)
    assert ids[REVISED.tasks[1].task] == rules
    assert ids[PUBLICITY.task] == bonus
    assert RULES.task not in ids
    assert states(loaded, CHANGED_ON)[REVISED.tasks[1].task] == "done"
    with loaded.cursor() as cursor:
        followed = cursor.execute(
            "select task.number, report.state, evidence.title, claim.points"
            " from task join edition using (edition_id)"
            " left join report using (task_id) left join evidence using (task_id)"
            " left join claim using (task_id)"
            " where edition_number = 2 order by number"
        ).fetchall()
    assert followed == [
        (1, None, None, None),
        (2, "done", "宁交办发〔2020〕1号", None),
        (3, None, None, 3),
    ]


def test_an_edition_counts_from_the_day_it_takes_effect(loaded: Warehouse, reference: Reference):
    add_report(
        loaded,
        in_force(loaded, THE_DAY_BEFORE)[TRAINING.task],
        state="done",
        effective_on=date(2020, 5, 1),
        recorded_by="王五",
    )
    before = states(loaded, THE_DAY_BEFORE)
    revise(loaded, reference)
    assert states(loaded, THE_DAY_BEFORE) == before
    assert before[TRAINING.task] == "done"
    assert set(states(loaded, CHANGED_ON)) == {each.task for each in REVISED.tasks}


def test_a_refused_continuation_is_another_task(loaded: Warehouse, reference: Reference):
    before = in_force(loaded, THE_DAY_BEFORE)
    pairs = compare(loaded, REVISED).pairs
    revise(loaded, reference, continued=continued(pairs, frozenset({2})))
    after = in_force(loaded, CHANGED_ON)
    assert after[REVISED.tasks[1].task] not in before.values()
    assert after[PUBLICITY.task] == before[PUBLICITY.task]


@pytest.mark.parametrize("day", [date(2019, 12, 31), date(2021, 1, 1)])
def test_an_edition_cannot_take_effect_where_no_one_would_see_it(
    loaded: Warehouse, reference: Reference, day: date
):
    before = loaded.data_version
    with pytest.raises(WarehouseError, match="新版生效日应在 2020-01-01 至 2020-12-31 之间"):
        revise(loaded, reference, effective_on=day)
    assert loaded.data_version == before


def test_a_task_that_comes_back_is_told_apart_from_all_before(
    loaded: Warehouse, reference: Reference
):
    first = in_force(loaded, THE_DAY_BEFORE)
    revise(loaded, reference)
    revise(
        loaded,
        reference,
        edition(PROMISES, TRAINING, file="再修订.csv"),
        effective_on=date(2020, 10, 1),
    )
    last = in_force(loaded, YEAR_END)
    assert set(last) == {PROMISES.task, TRAINING.task}
    assert last[PROMISES.task] == in_force(loaded, CHANGED_ON)[PROMISES.task]
    assert last[TRAINING.task] not in first.values()
    with loaded.cursor() as cursor:
        twice = cursor.execute(
            "select edition_id, task_id from task group by all having count(*) > 1"
        ).fetchall()
    assert not twice


@pytest.mark.parametrize("file", [FIRST, REVISED], ids=["first edition", "newest edition"])
def test_a_known_file_is_refused_in_one_sentence(
    loaded: Warehouse, reference: Reference, file: Ledger
):
    revise(loaded, reference)
    before = everything(loaded)
    with pytest.raises(WarehouseError) as refused:
        store_edition(loaded, file, reference, recorded_by="李四")
    assert str(refused.value) == f"{file.file} 已经导入过，没有变化。"
    assert everything(loaded) == before


def test_an_edition_that_nobody_stores_is_refused(loaded: Warehouse, reference: Reference):
    before = everything(loaded)
    with pytest.raises(WarehouseError, match=r"^请填写操作人。$"):
        revise(loaded, reference, recorded_by=" ")
    assert everything(loaded) == before


def test_corrections_are_remembered_with_who_and_when(loaded: Warehouse, reference: Reference):
    revise(
        loaded,
        reference,
        recorded_by=" 李四 ",
        corrections=[
            Correction(2, "task", RULES.task, REVISED.tasks[1].task),
            Correction(3, "deadline_text", "", "2020年12月"),
        ],
    )
    with loaded.cursor() as cursor:
        found = cursor.execute(
            "select number, field, before, after, correction.recorded_by,"
            " correction.recorded_at = edition.recorded_at, edition_number"
            " from correction join task using (edition_id, task_id) join edition using (edition_id)"
            " order by number"
        ).fetchall()
    assert found == [
        (2, "task", RULES.task, REVISED.tasks[1].task, "李四", True, 2),
        (3, "deadline_text", "", "2020年12月", "李四", True, 2),
    ]


def test_an_edition_is_one_entry_of_the_audit_trail(loaded: Warehouse, reference: Reference):
    version = loaded.data_version
    revise(loaded, reference, corrections=[Correction(1, "level1", "组织", "组织保障")])
    assert loaded.data_version == version + 1
    with loaded.cursor() as cursor:
        entries = cursor.execute(
            "select action, recorded_by, subject_kind, before, after from change"
            " where data_version = $version",
            {"version": version + 1},
        ).fetchall()
        effective_on = cursor.execute(
            "select effective_on from edition order by edition_number"
        ).fetchall()
    ((*entry, before, after),) = entries
    assert entry == ["导入新版", "李四", "ledger"]
    assert json.loads(before) == {"文件": "台账.csv"}
    assert json.loads(after) == {"文件": "修订.csv", "版次": 2, "任务": 3, "存疑": 0, "更正": 1}
    assert effective_on == [(date(2020, 1, 1),), (CHANGED_ON,)]


def test_an_edition_that_fails_at_the_end_leaves_nothing(
    loaded: Warehouse, reference: Reference, monkeypatch: pytest.MonkeyPatch
):
    before = everything(loaded)

    def fail(*_: object, **__: object) -> None:
        raise duckdb.IOException("disk full")

    monkeypatch.setattr(Writer, "record", fail)
    with pytest.raises(duckdb.IOException):
        revise(
            loaded,
            reference,
            edition(replace(RULES, assignments=(Assignment("lead", "厅政法处"),)), file="修订.csv"),
            confirmed={"厅政法处": "厅法规处"},
            corrections=[Correction(1, "level1", "", "组织保障")],
        )
    assert everything(loaded) == before
    monkeypatch.undo()
    revise(loaded, reference)


# The real ledger, revised as an office would

REVISIONS = (
    ("制定年度信用工作要点。\n\t\n\t2020年4月", "制定年度信用工作要点。\n\t\n\t2020年6月"),
    ("每月更新进展情况。", "每季度更新进展情况。"),
    ("\t厅财审处\n", "\t厅财审处、法规处\n"),
    (
        "\n\t\n\t\n\t在新出台的地方性法规规章中纳入信用交通的内容。\n"
        "\t厅信用体系建设领导小组各成员单位\n\t2020年12月\n",
        "",
    ),
    (
        "\n\t八、加分项\n",
        "\n\t\n\t\n\t举办信用知识竞赛，展示建设成果。\n\t厅机关党委\n\t2020年11月\n"
        "\n\t八、加分项\n",
    ),
)


def revised_ningxia() -> str:
    """The Ningxia ledger with one task removed, one added, one reworded, reassigned, redated each."""
    text = NINGXIA.read_text(encoding="utf-8")
    for old, new in REVISIONS:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_the_real_ledger_and_its_revision(
    warehouse: Warehouse, reference: Reference, tmp_path: Path
):
    store_edition(warehouse, preview(NINGXIA).ledger, reference, recorded_by="张三")
    file = tmp_path / "宁夏修订.txt"
    file.write_text(revised_ningxia(), encoding="utf-8")
    ledger = preview(file).ledger
    pairs = compare(warehouse, ledger).pairs
    assert all(each.certain for each in pairs)
    changed = {
        (p.before and p.before.number, p.after and p.after.number): p.changes or p.change
        for p in pairs
        if p.change != "same"
    }
    assert changed == {
        (4, 4): ("redated",),
        (5, 5): ("reworded",),
        (8, 8): ("reassigned",),
        (None, 61): "added",
        (9, None): "removed",
    }
    old = in_force(warehouse, THE_DAY_BEFORE)
    revise(warehouse, reference, ledger)
    new = in_force(warehouse, CHANGED_ON)
    assert in_force(warehouse, THE_DAY_BEFORE) == old
    assert len(old) == len(new) == 69
    assert set(old) - set(new) == {
        pairs[4].before.task,
        "在新出台的地方性法规规章中纳入信用交通的内容。",
    }
    assert set(new) - set(old) == {ledger.tasks[4].task, "举办信用知识竞赛，展示建设成果。"}
    assert len(set(old.values()) & set(new.values())) == 68
    with warehouse.cursor() as cursor:
        due_on, quarterly, units = cursor.execute(
            "select any_value(due_on) filter (number = 4),"
            " any_value(period) filter (number = 5),"
            " list(distinct unit.name order by unit.name) filter (number = 8)"
            " from task join edition using (edition_id)"
            " left join cadence using (edition_id, task_id)"
            " left join assignment using (edition_id, task_id) left join unit using (unit_id)"
            " where edition_number = 2"
        ).fetchone()
    assert (due_on, quarterly, units) == (date(2020, 6, 30), "quarter", ["厅法规处", "厅财审处"])


# What an edition leaves to the next


def column_reports(warehouse: Warehouse) -> list[tuple]:
    with warehouse.cursor() as cursor:
        return cursor.execute(
            "select state, percent, narrative, effective_on, recorded_by from report"
            " order by recorded_at, narrative"
        ).fetchall()


def test_a_column_of_progress_is_a_statement_about_one_day_and_stored_where_it_changed(
    warehouse: Warehouse, reference: Reference
):
    day, later = date(2020, 6, 25), date(2020, 9, 25)
    begun = replace(RULES, progress=Progress("in_progress", 30, None, "正在推进"))
    done = replace(TRAINING, progress=Progress("done", None, None, "已完成"))
    dated = replace(PROMISES, progress=Progress("done", None, date(2020, 5, 6), "5月6日完成"))
    first = replace(edition(begun, done, dated), stated_on=day)
    store_edition(warehouse, first, reference, recorded_by="张三")
    assert column_reports(warehouse) == [
        ("done", None, "5月6日完成", date(2020, 5, 6), "张三"),
        ("done", None, "已完成", day, "张三"),
        ("in_progress", 30, "正在推进", day, "张三"),
    ]
    begun = replace(begun, progress=Progress("in_progress", 60, None, "正在推进"))
    second = replace(edition(begun, done, dated, file="修订.csv"), stated_on=later)
    revise(warehouse, reference, second)
    assert column_reports(warehouse)[3:] == [("in_progress", 60, "正在推进", later, "李四")]


def test_answers_are_kept_for_the_next_edition(warehouse: Warehouse, reference: Reference):
    store_edition(
        warehouse,
        FIRST,
        reference,
        recorded_by="张三",
        corrections=[Correction(1, "deadline_text", "待定", "2020年6月")],
        settled=[
            SettledDoubt((1,), "deadline_text", "第 2 行", "没有期限", "没有期限"),
            SettledDoubt((), "", "第 9 行", "没有读入", "确认无误"),
        ],
    )
    edition_id = compare(warehouse, REVISED).stored_edition_id
    assert edition_id
    kept = answered(warehouse, edition_id)
    first = in_force(warehouse, THE_DAY_BEFORE)[RULES.task]
    assert kept.settled == (
        (first, "deadline_text", "没有期限", "没有期限"),
        (None, "", "没有读入", "确认无误"),
    )
    assert kept.corrections == ((first, "deadline_text", "待定", "2020年6月"),)


def test_a_corrected_name_is_kept_for_files_that_name_themselves_so(
    warehouse: Warehouse, reference: Reference
):
    read_as = replace(FIRST, title="附件", region="")
    assert name_kept(warehouse, read_as) is None
    store_edition(warehouse, FIRST, reference, recorded_by="张三", read_as=read_as)
    assert name_kept(warehouse, read_as) == LedgerName("任务台账", "宁夏", 2020)
    assert name_kept(warehouse, replace(read_as, title="附表")) is None


@pytest.mark.parametrize(
    ("title", "is_similar"),
    [
        ("任务台账（修订）", True),
        ("任务台账(10月修订)", True),
        ("“任务”台账", True),
        ("《任务台账》修订稿", True),
        ("任务台账（第二版）", True),
        ("任务台账", False),
        ("重点任务台账", False),
        ("任务台账（公路）", False),
    ],
)
def test_a_title_that_differs_by_a_remark_of_revision_or_quotes_is_similar(
    loaded: Warehouse, title: str, is_similar: bool
):
    named = replace(REVISED, title=title)
    found = similar_names(loaded, named)
    assert found == ([LedgerName("任务台账", "宁夏", 2020)] if is_similar else [])
    assert (identify(named) == identify(FIRST)) == (title == "任务台账")
    assert not similar_names(loaded, replace(named, year=2021))
