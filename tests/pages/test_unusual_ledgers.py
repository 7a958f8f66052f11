"""Ledgers the pages were not drawn for: one task, texts without end, forty units, no dates."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from on_screen import charts, headline, table, tiles

import metrics
from loaders.model import Assignment, Ledger, Place, SourceRow, Task
from metrics import Scope
from screens import parts
from warehouse import load_ledger, open_office, read_reference
from warehouse.entries import records
from warehouse.opening import reference_folder

PAGES = ("overview", "indicators", "units", "overdue", "bonus", "explore", "query")
FILE = "long-2021.txt"
ENDLESS = "建立健全信用交通管理制度并组织实施，" * 112 + "完"
LONG_UNIT = "关于推进全省交通运输行业信用体系建设工作联席会议办公室" * 2 + "综合协调组"
LONG_INDICATOR = "完善以信用为基础的新型监管机制并推动全省交通运输高质量发展的各项工作部署落实情况"


def task(number: int, text: str, *units: str, **given) -> Task:
    """A task that says only what matters; dated at the year's end unless told otherwise."""
    told = {
        "level1": LONG_INDICATOR,
        "level2": "",
        "kind": "base",
        "responsible_inherited": False,
        "deadline_text": "2021年12月31日",
        "deadline_inherited": False,
        "deadline_kind": "date",
        "due_on": date(2021, 12, 31),
        "cadences": (),
        "quantities": (),
        "place": Place(FILE, "", number),
    }
    return Task(
        number=number,
        task=text,
        responsible_text="、".join(units),
        assignments=tuple(Assignment("responsible", unit) for unit in units),
        **(told | given),
    )


@pytest.fixture
def loaded(own_data):
    """Takes a ledger made of these tasks into the real database; returns its scope."""
    assert own_data

    def load(*tasks: Task) -> Scope:
        rows = tuple(SourceRow(each.place, "task", each.task, tasks=1) for each in tasks)
        ledger = Ledger(
            file=FILE,
            sha256="0" * 64,
            title="某省2021年信用交通省建设任务分工台账",
            region="某省",
            year=2021,
            tasks=tasks,
            issues=(),
            rows=rows,
        )
        stored = load_ledger(
            open_office().warehouse,
            ledger,
            read_reference(reference_folder()),
            recorded_by="测试",
        )
        return Scope(UUID(str(stored.ledger_id)), date(2021, 9, 30))

    return load


def report_on_first_task(scope: Scope) -> None:
    warehouse = open_office().warehouse
    listed = metrics.ask(warehouse, "task_list", scope, signal="all", row_limit=1)
    records.add_report(
        warehouse,
        UUID(str(listed.task_id[0])),
        state="in_progress",
        percent=40,
        effective_on=date(2021, 9, 1),
        recorded_by="测试",
    )


def open_all(visit):
    for name in PAGES:
        at = visit(name, ledger="某省 2021", as_of="2021-09-30")
        assert not at.exception, name
        assert not at.error, name
        yield name, at


def is_cut(label: str, name: str) -> bool:
    """Whether a label on an axis is the beginning of a name: of the whole the bars would have no room;
    the table beside the chart has it."""
    return label.endswith("…") and name.startswith(label.removesuffix("…"))


@pytest.mark.parametrize("with_progress", [False, True], ids=["no progress", "progress"])
def test_very_long_texts_and_many_units(visit, loaded, with_progress):
    assert len(ENDLESS) >= 2000
    assert len(LONG_UNIT) >= 55
    many = [LONG_UNIT, *(f"第{number}交通运输局" for number in range(1, 40))]
    scope = loaded(task(1, ENDLESS, *many), task(2, "按期报送。", LONG_UNIT))
    if with_progress:
        report_on_first_task(scope)
    for name, at in open_all(visit):
        if name == "unit":
            at.selectbox(key="focus").select(LONG_UNIT).run()
            assert tiles(at)["承担任务"] == "2 项"
            assert table(at, "unit_tasks")["task"][0].endswith("…")
        if name == "units":
            labels = [y for chart in charts(at) for bars in chart["data"] for y in bars["y"]]
            assert any(is_cut(str(label).replace("<br>", ""), LONG_UNIT) for label in labels)
        if name == "indicators":
            labels = [label.replace("<br>", "") for label in charts(at)[0]["data"][0]["y"]]
            (drawn,) = labels
            assert is_cut(drawn, LONG_INDICATOR)


def test_card_has_the_whole_of_a_very_long_task(visit, loaded):
    many = [f"第{number}交通运输局" for number in range(1, 41)]
    scope = loaded(task(1, ENDLESS, *many))
    at = visit("overview", ledger="某省 2021")
    listed = metrics.ask(open_office().warehouse, "task_list", scope, signal="all", row_limit=1)
    at.session_state[parts.TASK_CARD] = listed.task_id[0]
    at.run()
    assert not at.exception
    assert at.header[-1].value == ENDLESS
    units = next(each.value for each in at.dataframe if "本单位填报" in each.value)
    assert len(units) == 40


@pytest.mark.parametrize("with_progress", [False, True], ids=["no progress", "progress"])
def test_one_task(visit, loaded, with_progress):
    scope = loaded(task(1, "编制年度要点。", "厅法规处", level1="组织保障", level2="制度"))
    if with_progress:
        report_on_first_task(scope)
    for name, at in open_all(visit):
        if name == "overview":
            assert "1 项" in headline(at)
        if name == "bonus":
            assert headline(at) == "这份台账没有加分项和扣分项。"


@pytest.mark.parametrize("with_progress", [False, True], ids=["no progress", "progress"])
def test_no_task_has_a_date_or_a_unit(visit, loaded, with_progress):
    scope = loaded(
        task(1, "持续推进。", deadline_text="", deadline_kind="unspecified", due_on=None),
        task(2, "适时开展。", deadline_text="长期", deadline_kind="ongoing", due_on=None),
    )
    if with_progress:
        report_on_first_task(scope)
    for name, at in open_all(visit):
        if name == "units":
            assert "没有责任单位" in headline(at)
        if name == "overview" and not with_progress:
            assert tiles(at)["有明确期限"] == "0 项"


def test_only_bonus_items(visit, loaded):
    loaded(task(1, "获得国家级表彰。", "厅法规处", level1="加分项", kind="bonus", due_on=None))
    for name, at in open_all(visit):
        if name in ("overview", "indicators", "overdue"):
            assert "没有基本任务" in headline(at)
