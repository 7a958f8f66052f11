"""Narrowing down by facets and words, and crossing: every count against one made task by task."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import numpy as np
import pandas as pd
import pytest

import metrics
from loaders import read_ledger
from metrics import Scope
from metrics.narrowing.crossing import MEASURES, TOTAL, crossed, facts
from metrics.narrowing.facets import BY_KEY, FACETS, NO_SIGNAL, Choice
from metrics.narrowing.holding import Explored, unchanged_months
from metrics.narrowing.names import alike, in_order, initials
from metrics.narrowing.ranking import Compared, ranked
from metrics.narrowing.searching import Texts
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


def month(day: pd.Timestamp, unknown: str) -> str:
    return unknown if pd.isna(day) else f"{day:%Y-%m}"


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
        "theme": {task.theme},
        "due_month": {month(task.effective_due_on, "没有期限")},
        "done_month": {month(task.done_on, "没有完成日期")},
        "waiting": {"待核验" if task.is_waiting else "无待核验"},
        "claim": {task.claim_state or "非加分扣分项"},
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
        and not any(own[key] & set(left_out) for key, left_out in choice.excluded.items())
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
    Choice({"role": ("牵头",)}, excluded={"unit": ("厅法规处",), "lamp": ("红灯",)}),
    Choice(excluded={"signal": ("逾期",), "class": ("厅属单位",)}),
    Choice({"level1": ("已不存在的指标",)}),
    Choice({"unit": ("已不存在的单位", "厅办公室")}),
]


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.sentence() or "all")
def test_choice_leaves_the_tasks_that_have_it(explored: Explored, plainly, choice: Choice):
    mask = explored.matching(choice)
    assert list(explored.tasks.number[mask]) == chosen_numbers(plainly, choice)


@pytest.mark.parametrize("choice", CHOICES[:10], ids=lambda choice: choice.sentence() or "all")
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


def test_ranges_leave_what_lies_between_and_is_known(explored: Explored):
    span = (date(2020, 7, 1), date(2020, 12, 31))
    late = Choice().within("due", span).within("done_on", (date(2020, 7, 1), None))
    assert late.sentence() == "期限在 2020-07-01 至 2020-12-31 且 完成日期不早于 2020-07-01"
    expected = [
        task.number
        for task in explored.tasks.itertuples()
        if not pd.isna(task.effective_due_on)
        and span[0] <= task.effective_due_on.date() <= span[1]
        and not pd.isna(task.done_on)
        and task.done_on.date() >= date(2020, 7, 1)
    ]
    assert expected
    assert list(explored.tasks.number[explored.matching(late)]) == expected
    whole = Choice().within("percent", (100.0, None))
    assert list(explored.tasks.number[explored.matching(whole)]) == [
        task.number for task in explored.tasks.itertuples() if task.percent == 100
    ]
    assert late.within("due", (None, None)).within("done_on", (None, None)) == Choice()


def test_a_second_click_takes_a_value_off():
    chosen = Choice().toggled("lamp", "红灯").toggled("lamp", "黄灯")
    assert chosen == Choice({"lamp": ("红灯", "黄灯")})
    assert chosen.toggled("lamp", "红灯").toggled("lamp", "黄灯") == Choice()
    without = chosen.toggled_out("lamp", "红灯")
    assert without == Choice({"lamp": ("黄灯",)}, excluded={"lamp": ("红灯",)})
    assert without.toggled_out("lamp", "红灯").toggled("lamp", "黄灯") == Choice()
    assert without.sentence() == "预警灯为黄灯 且 预警灯不含红灯"


def test_months_without_change_are_counted_back_from_the_day():
    ends = [pd.Timestamp(2020, month, day) for month, day in ((6, 30), (7, 31), (8, 31), (9, 30))]

    def months(days: list[pd.Timestamp], percents: list[float], *, is_open: bool = True):
        return pd.DataFrame(
            {"as_of": days, "task_id": "a", "progress": percents, "is_open": is_open}
        )

    assert unchanged_months(months(ends, [0, 20, 20, 20])).to_dict() == {"a": 2}
    assert unchanged_months(months(ends, [20, 20, 20, 40])).to_dict() == {"a": 0}
    # Half of September has passed.
    middle = [*ends[:3], pd.Timestamp(2020, 9, 15)]
    assert unchanged_months(months(middle, [0, 20, 20, 20])).to_dict() == {"a": 1}
    assert unchanged_months(months(ends, [20, 20, 20, 20], is_open=False)).empty


def test_names_come_by_their_figures_and_by_pinyin():
    assert in_order(["第 14 版", "第 2 版"]) == ["第 2 版", "第 14 版"]
    assert in_order(["厅运输处", "厅法规处", "厅办公室"]) == ["厅办公室", "厅法规处", "厅运输处"]


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


def test_lost_points_are_summed_over_distinct_tasks(explored: Explored):
    everything = explored.matching(Choice())
    numbers = explored.tasks.set_index("task_id").number
    # Some points for every other task, none known of the rest.
    lost = (numbers / 10)[numbers % 2 == 1]
    rows = facts(explored, Choice(), everything, ("unit",), lost)
    cells = crossed(rows, "unit", "", MEASURES["lost_points"])
    assert cells.loc[TOTAL].item() == pytest.approx(lost.sum())
    own = explored.duties[explored.duties.unit == "厅法规处"].number
    assert cells.loc["厅法规处"].item() == pytest.approx(
        sum(n / 10 for n in set(own) if n % 2 == 1)
    )


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
    assert set(rows.unit.unique()) >= set(units.index)
    for name, column in (
        ("tasks", "tasks"), ("done_rate", "done_rate"), ("overdue", "overdue"),
        ("shared_load", "shared_load"),
    ):  # fmt: skip
        cells = crossed(rows, "unit", "", MEASURES[name])[MEASURES[name].label]
        for unit in units.index:
            assert cells[unit] == pytest.approx(units[column][unit], nan_ok=True), (name, unit)


# Lists


def test_a_list_is_cut_to_the_largest_and_one_row_of_the_rest(explored: Explored):
    whole = ranked(explored, Choice(), None, "unit", MEASURES["tasks"], most=1000)
    cut = ranked(explored, Choice(), None, "unit", MEASURES["tasks"], most=3)
    assert list(whole.rows.value) == sorted(whole.rows.value, reverse=True)
    assert (whole.has_rest, cut.has_rest, cut.groups) == (False, True, len(whole.rows))
    assert list(cut.rows.label) == [*whole.rows.label[:3], f"其余 {len(whole.rows) - 3} 组"]
    others = set(whole.rows.label[3:])
    rest = set(explored.duties.number[explored.duties.unit.isin(others)])
    assert cut.rows.value.iloc[-1] == cut.rows.tasks.iloc[-1] == len(rest)
    assert cut.rows.share.iloc[-1] == pytest.approx(100 * len(rest) / len(explored))
    small = ranked(explored, Choice(), None, "unit", MEASURES["tasks"], most=3, rising=True)
    assert list(small.rows.value[:3]) == sorted(whole.rows.value)[:3]
    months = ranked(explored, Choice(), None, "due_month", MEASURES["tasks"]).rows.label
    # Chinese comes after figures: 没有期限 last.
    assert list(months) == sorted(months)


def test_a_list_keeps_what_is_beside_its_own_choice(explored: Explored):
    plain = ranked(explored, Choice({"kind": ("基本任务",)}), None, "lamp", MEASURES["tasks"])
    chosen = Choice({"kind": ("基本任务",), "lamp": ("红灯",)}, excluded={"lamp": ("黄灯",)})
    assert ranked(explored, chosen, None, "lamp", MEASURES["tasks"]).rows.equals(plain.rows)


@pytest.mark.parametrize("key", ["level1", "unit", "state", "signal"])
def test_change_is_of_the_same_tasks_on_another_day(office, scope, explored: Explored, key: str):
    earlier = replace(scope, as_of=date(2020, 6, 30))
    then = Explored(
        *(metrics.ask(office, name, earlier) for name in ("explored_tasks", "explored_duties")),
        earlier.as_of,
    )
    choice = Choice({"kind": ("基本任务",)})
    compared = Compared(then, same_tasks=True)
    rows = ranked(explored, choice, None, key, MEASURES["done"], compared=compared).rows
    done = {True: explored, False: then}
    for row in rows.itertuples():
        own = explored.matching(choice.having(key, [row.label]))
        numbers = set(explored.tasks.number[own])
        counts = {}
        for is_now, side in done.items():
            if key == "unit":
                parts = side.duties[side.duties.unit == row.label]
                counts[is_now] = parts.done[parts.number.isin(numbers)].sum()
            else:
                counts[is_now] = side.tasks.done[side.tasks.number.isin(numbers)].sum()
        assert (row.value, row.change) == (counts[True], counts[True] - counts[False]), row.label


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
    said = shown.to_pandas().set_index("目标任务")
    assert [text for text in said.index if text.startswith(SUBTOTAL)] == [
        "小计　基本任务", "小计　加分项", "小计　扣分项",
    ]  # fmt: skip
    base = explored.tasks[explored.tasks.kind == "base"]
    applicable = int(base.is_applicable.sum())
    total = said.loc["小计　基本任务"]
    assert (total["小计任务数"], total["小计完成数"]) == (len(base), base.done.sum())
    assert total["小计逾期数"] == base.overdue.sum()
    assert total["小计完成率 %"] == pytest.approx(100 * base.done.sum() / applicable, abs=0.05)
    # Figures stand beside subtotals alone.
    assert said["小计任务数"].notna().sum() == 3
    assert [number for number in shown["编号"].to_pylist() if number] == list(
        explored.tasks.number.iloc[of_task[of_task >= 0]]
    )
    assert BY_KEY["kind"].is_single
    shown, _ = in_groups(explored, table, rows, "kind", judged=True, fewest=applicable + 1)
    few = shown.to_pandas().set_index("目标任务").loc["小计　基本任务"]
    assert math.isnan(few["小计完成率 %"])
    assert few["小计完成数"] == base.done.sum()


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
