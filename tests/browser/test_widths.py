"""No text on any page of the menu is cut, overlaps or is overprinted, at each width of a window: with the
demonstration, a ledger without progress, 200 overdue tasks of the longest names, and a single task.

widths.js measures: texts against what holds them, labels of charts against the chart and each other,
heads of columns and the width of tables.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from conftest import Server, StartServer

from loaders.model import Assignment, Ledger, Place, Task
from metrics import Scope, ask
from screens.frame.menu import PAGES
from warehouse import Warehouse, close_all, open_office, read_reference, store_edition
from warehouse.entries import records
from warehouse.opening import reference_folder

WINDOWS = (
    (1920, 1080),
    (1440, 900),
    (1366, 768),
    # 1440×900 enlarged to 200 %.
    (720, 450),
    (390, 844),
)
NARROW = ((1366, 768), (720, 450), (390, 844))
"""The narrowest desk and what is below it: a page that holds there holds where it has more room, which
the demonstration shows at all five."""
OF_NO_LEDGER = ("query", "reference", "imports", "changes")
"""Pages that do not depend on how many tasks a ledger has."""
MEASURE = (Path(__file__).parent / "widths.js").read_text(encoding="utf-8")
MOMENT = 250
"""Milliseconds in which a page has usually taken on another width."""
LOOKS = 12
"""A fault that is gone within so many moments was the page's way there."""
MARCH, JUNE = date(2020, 3, 31), date(2020, 6, 30)
LONG_TASK = "建立健全交通运输信用信息归集共享、分级分类监管和联合奖惩工作机制，" * 4
LONG_REASON = "省市两级信息系统接口标准尚未统一，数据回流和比对需逐条人工核实；" * 3


def ledger(region: str, tasks: int) -> Ledger:
    """A ledger of so many tasks, all due in March; of one, with short names."""
    long = tasks > 1

    def unit(number: int) -> str:
        center = f"路网监测与应急处置第{number % 30 + 1}中心"
        return f"{region}交通运输综合执法监督局（{center}）" if long else "厅法规处"

    return Ledger(
        "台账.xlsx",
        region,
        f"{region}“信用交通省”建设任务分工台账",
        region,
        2020,
        tuple(
            Task(
                number=number,
                level1=f"完善信用法规制度标准和政策体系建设与落实情况之{number % 12 + 1}",
                level2="",
                task=LONG_TASK if long else "印发信用管理办法。",
                kind="base",
                responsible_text="",
                responsible_inherited=False,
                deadline_text="2020年3月",
                deadline_inherited=False,
                deadline_kind="date",
                due_on=MARCH,
                assignments=tuple(
                    Assignment("responsible", unit(number + each))
                    for each in range(3 if long else 1)
                ),
                cadences=(),
                quantities=(),
                place=Place("台账.xlsx", "台账", number),
            )
            for number in range(1, tasks + 1)
        ),
        (),
        (),
    )


def take_in(warehouse: Warehouse, region: str, tasks: int) -> UUID:
    """Store such a ledger, with a report on its first tasks, of which none is done."""
    reference = read_reference(reference_folder())
    stored = store_edition(warehouse, ledger(region, tasks), reference, recorded_by="测试")
    listed = ask(warehouse, "task_list", Scope(stored.ledger_id, JUNE), signal="all", row_limit=5)
    for task_id in listed.task_id:
        records.add_report(
            warehouse,
            task_id,
            state="in_progress",
            percent=30,
            effective_on=MARCH,
            problem=LONG_REASON if tasks > 1 else "待会签",
            next_step=LONG_REASON if tasks > 1 else "会签",
            recorded_by="测试",
        )
    return stored.ledger_id


@pytest.fixture(scope="module")
def extremes(
    start_server: StartServer, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Server, dict[str, str]]:
    """A server with the real ledgers and two more; case → what the address says of its ledger."""
    folder = tmp_path_factory.mktemp("extremes")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CREDIT_DATA_DIR", str(folder))
        warehouse = open_office().warehouse
        many = take_in(warehouse, "宁夏回族自治区", 200)
        one = take_in(warehouse, "青海", 1)
        close_all()
    real = "as_of=2020-09-30&ledger=宁夏 2020"
    cases = {case: f"as_of={JUNE}&ledger={of}" for case, of in (("many", many), ("one", one))}
    return start_server(data=folder), {"real": real, **cases}


def faults(page, width: int, height: int) -> list[str]:
    """What is cut or overprinted at a width once the page has taken it on."""
    page.evaluate("forgetWritten()")
    page.set_viewport_size({"width": width, "height": height})
    found: list[str] = []
    for _ in range(LOOKS):
        page.wait_for_timeout(MOMENT)
        found = page.evaluate("widthFaults()")
        if not found:
            break
    return found


@pytest.mark.parametrize("case", ["demonstration", "real", "many", "one"])
def test_nothing_is_cut_or_overprinted(request, page, case):
    if case == "demonstration":
        asked, address, windows = (
            request.getfixturevalue("demo_server"),
            "as_of=2020-09-30",
            WINDOWS,
        )
    else:
        asked, addresses = request.getfixturevalue("extremes")
        address, windows = addresses[case], NARROW
    page.add_init_script(MEASURE)
    found: dict[str, list[str]] = {}
    for name in PAGES:
        if case in ("many", "one") and name in OF_NO_LEDGER:
            continue
        asked.open(page, f"{name}?{address}")
        for width, height in windows:
            found[f"{name} at {width}"] = faults(page, width, height)
    assert not {where: each for where, each in found.items() if each}
