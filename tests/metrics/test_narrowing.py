"""Narrowing down by facets and words, and crossing: every count against one made task by task."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from uuid import UUID

import numpy as np
import pandas as pd
import pytest

import metrics
from loaders import read_ledger
from metrics import Scope
from metrics.narrowing.crossing import MEASURES, TOTAL, counts_duties, crossed, facts, measures_of
from metrics.narrowing.facets import BY_KEY, FACETS, NO_SIGNAL, Choice
from metrics.narrowing.holding import Explored
from metrics.narrowing.searching import Texts, alike, initials
from metrics.narrowing.tabling import JUDGED, SORTS, SUBTOTAL, in_groups, ordered, table_of
from warehouse import Warehouse, load_ledger, read_reference, sync_reference
from warehouse.demonstration.demo import fill_demonstration
from words import DEADLINE_KINDS, KINDS, LAMPS, PERIODS, ROLES, STATES, RateOfFew

Plain = tuple[int, dict[str, set[str]], list[dict[str, str]]]

DATA = Path(__file__).parents[2] / "data"
AUTUMN = date(2020, 9, 30)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    opened = Warehouse(tmp_path_factory.mktemp("narrowing") / "demo.duckdb")
    reference = read_reference(DATA / "reference")
    ledger = read_ledger(DATA / "ledgers" / "ningxia-2020.txt")
    load_ledger(opened, ledger, reference, recorded_by="测试")
    sync_reference(opened, reference, recorded_by="测试")
    fill_demonstration(opened, UUID(str(metrics.ask(opened, "ledgers").ledger_id[0])))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def scope(office: Warehouse) -> Scope:
    return Scope(UUID(str(metrics.ask(office, "ledgers").ledger_id[0])), AUTUMN)


@pytest.fixture(scope="module")
def explored(office: Warehouse, scope: Scope) -> Explored:
    return Explored(
        metrics.ask(office, "explored_tasks", scope),
        metrics.ask(office, "explored_duties", scope),
        AUTUMN,
    )


# A second opinion, one task at a time


def labels(task, duties: pd.DataFrame) -> dict[str, set[str]]:
    """Facet → the values one task has of it; for facets of duties, of any of its duties."""
    left = None if pd.isna(task.effective_due_on) else (task.effective_due_on.date() - AUTUMN).days
    window = (
        "没有写明" if left is None else "已过" if left < 0 else "在 30 天内" if left <= 30
        else "在 31–90 天内" if left <= 90 else "在 90 天以后"
    )  # fmt: skip
    signals = {
        word
        for word, there in (
            ("逾期", task.overdue),
            ("滞后", task.behind),
            ("未报送", task.not_reported),
        )
        if there
    }
    return {
        "level1": {task.short_name},
        "level2": {task.level2 or "未分二级"},
        "unit": set(duties.unit),
        "class": set(duties["class"]),
        "role": {ROLES[role] for role in duties.role},
        "kind": {KINDS[task.kind]},
        "state": {STATES.get(task.state, "不判断（加分扣分项）")},
        "lamp": {LAMPS[task.lamp].word},
        "signal": signals or {NO_SIGNAL},
        "window": {window},
        "deadline": {DEADLINE_KINDS[task.deadline_kind]},
        "cadence": {PERIODS[p] for p in task.periods.split(",") if p} or {"无频次要求"},
        "evidence": {"有佐证" if task.evidence else "无佐证"},
        "verified": {"已销号" if task.is_verified else "未销号"},
        "edition": {f"第 {task.first_edition} 版"},
        "source": {task.source_table or "正文"},
    }


@pytest.fixture(scope="module")
def plainly(explored: Explored) -> list[Plain]:
    """Every task with its values and those of each of its duties."""
    found = []
    for task in explored.tasks.itertuples():
        duties = explored.duties[explored.duties.number == task.number]
        parts = [
            {"unit": d["unit"], "class": d["class"], "role": ROLES[d["role"]]}
            for d in duties.to_dict("records")
        ]
        found.append((task.number, labels(task, duties), parts))
    return found


def chosen_numbers(plainly: list[Plain], choice: Choice) -> list[int]:
    """The numbers of the tasks a choice leaves: of unit, class and role, one and the same duty."""
    of_task = [f.key for f in FACETS if choice[f.key] and not f.of_duty]
    of_duty = [f.key for f in FACETS if choice[f.key] and f.of_duty]
    return [
        number
        for number, own, parts in plainly
        if all(own[key] & set(choice[key]) for key in of_task)
        and (not of_duty or any(all(part[key] in choice[key] for key in of_duty) for part in parts))
    ]


CHOICES = [
    Choice(),
    Choice({"lamp": ("红灯", "黄灯")}),
    Choice({"lamp": ("红灯",), "signal": ("滞后", "逾期")}),
    Choice({"unit": ("厅法规处",), "role": ("配合",)}),
    Choice({"class": ("厅属单位",), "role": ("负责",), "state": ("进行中",)}),
    Choice({"kind": ("加分项", "扣分项")}),
    Choice({"cadence": ("每月", "每季度"), "verified": ("未销号",)}),
    Choice({"window": ("在 30 天内",), "evidence": ("无佐证",)}),
    Choice({"deadline": ("常态化",), "source": ("正文",), "edition": ("第 1 版",)}),
    Choice({"level1": ("已不存在的指标",)}),
    Choice({"unit": ("已不存在的单位", "厅办公室")}),
]


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.sentence() or "all")
def test_choice_leaves_the_tasks_that_have_it(explored: Explored, plainly, choice: Choice):
    mask = explored.matching(choice)
    assert list(explored.tasks.number[mask]) == chosen_numbers(plainly, choice)


@pytest.mark.parametrize("choice", CHOICES[:8], ids=lambda choice: choice.sentence() or "all")
def test_count_beside_a_value_is_what_choosing_it_leaves(
    explored: Explored, plainly, choice: Choice
):
    counts = explored.counts(choice)
    for facet in FACETS:
        assert set(counts[facet.key]) == set(explored.values(facet))
        for value, count in counts[facet.key].items():
            alone = choice.having(facet.key, [value])
            assert count == len(chosen_numbers(plainly, alone)), (facet.key, value)


def test_every_value_of_the_ledger_is_on_offer(explored: Explored, plainly):
    for facet in FACETS:
        offered = {v for v, n in explored.counts(Choice())[facet.key].items() if n}
        assert offered == set().union(*(own[facet.key] for _, own, _ in plainly)), facet.key


def test_sentence_names_every_choice():
    choice = Choice({"lamp": ("红灯", "黄灯"), "unit": ("厅法规处",)}, "信用 目录")
    assert choice.sentence() == "责任单位有厅法规处 且 预警灯为红灯或黄灯 且 含“信用”、含“目录”"
    assert Choice().sentence() == ""


def test_freeing_a_facet_leaves_the_others():
    choice = Choice({"lamp": ("红灯",), "kind": ("加分项",)}, "字")
    assert choice.having("lamp", []) == Choice({"kind": ("加分项",)}, "字")


# Search


@pytest.fixture(scope="module")
def texts(office: Warehouse, scope: Scope, explored: Explored) -> Texts:
    return Texts(explored, metrics.ask(office, "explored_texts", scope))


@pytest.mark.parametrize(
    "sought",
    ["信用", "信用 目录", "ｃｒｅｄｉｔ", "厅法规处", "演示佐证材料", "没有这样的字", "。"],
)
def test_words_are_found_where_they_stand(office, scope, explored, texts, sought):
    answer = metrics.ask(office, "explored_texts", scope)
    expected = [
        number
        for number, text in zip(answer.number, answer.text, strict=True)
        if all(word in alike(text) for word in alike(sought).split())
    ]
    assert list(explored.tasks.number[texts.matching(sought)]) == expected
    assert expected or sought in ("ｃｒｅｄｉｔ", "没有这样的字")


def test_words_do_not_reach_over_the_end_of_a_text(explored: Explored):
    parts = pd.DataFrame({"number": [1, 2, 3], "text": ["甲乙", "丙丁", "乙丙"]})
    small = Explored(explored.tasks.iloc[:3], explored.duties[explored.duties.number <= 3], AUTUMN)
    assert list(Texts(small, parts).matching("乙丙")) == [False, False, True]
    assert list(Texts(small, parts).matching("丙")) == [False, True, True]


@pytest.mark.parametrize(
    ("typed", "issued"), [("信用評價", "信用评价"), ("聯合獎懲 清單", "联合奖惩 清单")]
)
def test_words_in_traditional_script_find_simplified_text(texts: Texts, typed: str, issued: str):
    assert texts.matching(issued).any()
    assert list(texts.matching(typed)) == list(texts.matching(issued))


def test_words_in_either_script_find_traditional_text(explored: Explored):
    small = Explored(explored.tasks.head(3), explored.duties.head(0), explored.as_of)
    parts = pd.DataFrame({"text": ["推進信用評價。", "信用评价", "誠信文化"]})
    assert list(Texts(small, parts).matching("评价")) == [True, True, False]
    assert list(Texts(small, parts).matching("評價")) == [True, True, False]


def test_unit_is_found_by_its_initials(explored: Explored, texts: Texts):
    assert initials("厅法规处") == "tfgc"
    found = set(explored.tasks.number[texts.matching("fgc")])
    assert found >= set(explored.duties.number[explored.duties.unit == "厅法规处"])
    assert not texts.matching("z").any()


# Cross tables

KEYS = [facet.key for facet in FACETS if facet.is_single or facet.of_duty]
PAIRS = [
    *product(KEYS, [""]),
    *(
        ("level1", "lamp"),
        ("unit", "lamp"),
        ("class", "role"),
        ("state", "kind"),
        ("role", "level1"),
    ),
]


def by_hand(rows: list[dict], name: str) -> float | None:
    measure = MEASURES[name]
    known = [row[measure.numerator] for row in rows if not _missing(row[measure.numerator])]
    if not measure.denominator:
        return sum(known) if known else None
    bottom = sum(bool(row[measure.denominator]) for row in rows)
    return 100 * sum(map(bool, known)) / bottom if bottom else None


def counted_once(rows: list[dict], name: str, *, of_unit: bool) -> list[dict]:
    """Each task once, for a single unit with how its own part stands; duties and shares each."""
    if "part" not in rows[0]:
        return rows
    if name in ("duties", "shared_load"):
        return [row | {"share": row["part"]["share"]} for row in rows]
    once = {row["number"]: row for row in rows}.values()
    parts = ("done", "overdue", "overdue_days")
    return [row | ({key: row["part"][key] for key in parts} if of_unit else {}) for row in once]


def _missing(value) -> bool:
    return value is None or value is pd.NA or value != value


@pytest.mark.parametrize(("down", "across"), PAIRS)
def test_cells_are_what_their_rows_come_to(explored: Explored, plainly, down: str, across: str):
    choice = Choice({"kind": ("基本任务", "加分项")})
    mask = explored.matching(choice)
    by_duty = counts_duties(down, across)
    rows = []
    tasks = {row["number"]: row for row in explored.tasks[mask].to_dict("records")}
    # Some points for every other task, none known of the rest.
    lost = {row["task_id"]: number / 10 for number, row in tasks.items() if number % 2}
    tasks = {n: row | {"lost_points": lost.get(row["task_id"])} for n, row in tasks.items()}
    lost = None if by_duty else pd.Series(lost)
    duties = explored.duties.to_dict("records")
    for number, own, parts in plainly:
        if number not in tasks:
            continue
        single = {key: next(iter(values)) for key, values in own.items() if values}
        if not by_duty:
            rows.append((single, tasks[number] | {"tasks": 1, "share": None}))
            continue
        carried = [duty for duty in duties if duty["number"] == number]
        rows += [
            (single | part, tasks[number] | {"tasks": 1, "duties": 1, "part": duty})
            for part, duty in zip(parts, carried, strict=True)
        ]
    for name in measures_of(down, across):
        told = facts(explored, choice, mask, (down, across), lost)
        cells = crossed(told, down, across, MEASURES[name])
        for row_label, column_label in product(cells.index, cells.columns):
            group = [
                facts_of
                for own, facts_of in rows
                if row_label in (TOTAL, own[down])
                and (not across or column_label in (TOTAL, own[across]))
            ]
            of_unit = (down == "unit" and row_label != TOTAL) or (
                across == "unit" and column_label != TOTAL
            )
            expected = by_hand(counted_once(group, name, of_unit=of_unit), name) if group else None
            found = cells.loc[row_label, column_label]
            assert (math.isnan(found) and expected is None) or found == pytest.approx(expected), (
                name, row_label, column_label,
            )  # fmt: skip


def test_rates_are_those_of_the_pages(office: Warehouse, scope: Scope, explored: Explored):
    everything = explored.matching(Choice())
    page = metrics.ask(office, "completion", scope, by="level1").set_index("short_name")
    rows = facts(explored, Choice(), everything, ("level1",))
    for name in ("done_rate", "due_rate", "on_time_rate", "overdue"):
        cells = crossed(rows, "level1", "", MEASURES[name])[MEASURES[name].label]
        for label in page.index:
            assert cells[label] == pytest.approx(page[name][label], nan_ok=True), (name, label)
    total = metrics.ask(office, "completion", scope, by="all").iloc[0]
    for key in ("unit", "class", "role"):
        # Shared tasks weigh no more than others: the total is that of every page.
        cells = crossed(
            facts(explored, Choice(), everything, (key,)), key, "", MEASURES["done_rate"]
        )
        assert cells.loc[TOTAL].item() == pytest.approx(total.done_rate), key
    units = metrics.ask(office, "unit_workload", scope).set_index("unit")
    rows = facts(explored, Choice(), everything, ("unit",))
    for name, column in (
        ("tasks", "tasks"), ("done_rate", "done_rate"), ("overdue", "overdue"),
        ("shared_load", "shared_load"),
    ):  # fmt: skip
        cells = crossed(rows, "unit", "", MEASURES[name])[MEASURES[name].label]
        for unit in units.index:
            assert cells[unit] == pytest.approx(units[column][unit], nan_ok=True), (name, unit)


# The table


@pytest.mark.parametrize("falling", [False, True])
@pytest.mark.parametrize("by", SORTS)
def test_rows_come_in_order_and_what_is_unknown_last(explored: Explored, by: str, falling: bool):
    mask = explored.matching(Choice({"kind": ("基本任务",)}))
    rows = ordered(explored, mask, by, falling=falling)
    assert sorted(rows) == list(np.flatnonzero(mask))
    values = explored.tasks[SORTS[by]].iloc[rows]
    if by.startswith("预警灯"):
        values = values.map(list(LAMPS).index)
    known = values.dropna().tolist()
    assert known == sorted(known, reverse=falling)
    assert not values.iloc[: len(known)].isna().any()


def test_groups_end_in_their_subtotal(explored: Explored):
    table = table_of(explored).select(list(JUDGED))
    rows = ordered(explored, explored.matching(Choice()), "编号", falling=False)
    shown, of_task = in_groups(explored, table, rows, "kind", judged=True, fewest=0)
    assert len(shown) == len(rows) + 3
    said = [text for text in shown["目标任务"].to_pylist() if text.startswith(SUBTOTAL)]
    assert [text.partition("：")[0] for text in said] == [
        "小计　基本任务", "小计　加分项", "小计　扣分项",
    ]  # fmt: skip
    base = explored.tasks[explored.tasks.kind == "base"]
    rate = 100 * base.done.sum() / base.is_applicable.sum()
    assert said[0] == (
        f"小计　基本任务：任务 {len(base)} 项，完成率 {rate:.1f}%，逾期 {base.overdue.sum()} 项"
    )
    assert [number for number in shown["编号"].to_pylist() if number] == list(
        explored.tasks.number.iloc[of_task[of_task >= 0]]
    )
    assert BY_KEY["kind"].is_single
    few = int(base.is_applicable.sum()) + 1
    shown, _ = in_groups(explored, table, rows, "kind", judged=True, fewest=few)
    fraction = f"完成率 {base.done.sum()}/{base.is_applicable.sum()}，"
    assert sum(fraction in text for text in shown["目标任务"].to_pylist()) == 1


def test_rates_of_few_stand_as_fractions_in_every_cell(explored: Explored):
    told = facts(explored, Choice(), explored.matching(Choice()), ("level1", "lamp"))
    measure = replace(MEASURES["done_rate"], fewest=5)
    cells = crossed(told, "level1", "lamp", measure)
    plain = crossed(told, "level1", "lamp", MEASURES["done_rate"])
    assert np.allclose(cells.to_numpy(dtype="float64"), plain.to_numpy(), equal_nan=True)
    counts = crossed(told, "level1", "lamp", replace(MEASURES["tasks"], numerator="is_applicable"))
    few = counts.to_numpy(dtype="float64")
    for value, count in zip(cells.to_numpy().ravel(), few.ravel(), strict=True):
        assert isinstance(value, RateOfFew) is bool(0 < count < 5)
