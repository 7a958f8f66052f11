"""查找: from any page, by phrase, number, unit, page and definition."""

from __future__ import annotations

from on_screen import headline

AUTUMN = "2020-09-30"


def search(at, phrase: str):
    """Open the search and type."""
    at.button(key="search").click().run()
    at.text_input(key="search_phrase").set_value(phrase).run()
    assert not at.exception
    return at


def chips(at) -> list[str]:
    return [each for group in at.button_group if (group.key or "").startswith("search_chips")
            for each in group.options]  # fmt: skip


def labels(at) -> list[str]:
    return [button.label for button in at.button]


def test_a_phrase_becomes_conditions_of_the_tasks_it_leads_to(visit, figures):
    # What was chosen before does not stand beside what was looked for.
    at = visit("overview", demo=True, as_of="2020-06-30", unit="厅海事处")
    search(at, "厅运输处 红灯 三季度末 飞机")
    said = [chip.content if hasattr(chip, "content") else chip for chip in chips(at)]
    assert said == ["责任单位：厅运输处", "预警灯：红灯", "截至：2020-09-30"]
    assert any("没有看懂“飞机”" in each.value for each in at.warning)
    at.button(key="search_go").click().run()
    assert not at.exception
    tasks = figures("task_list", signal="all", row_limit=999, units=("厅运输处",))
    red = int((tasks.lamp == "red").sum())
    assert red
    assert headline(at) == f"责任单位有厅运输处 且 预警灯为红灯的任务有 {red} 项。"
    assert "截至 2020-09-30" in at.caption[0].value


def test_tasks_units_pages_and_definitions_are_found(visit):
    at = search(visit("changes", demo=True, as_of=AUTUMN), "第 12 项")
    assert any(label.startswith("第 12 项") for label in labels(at))
    at.text_input(key="search_phrase").set_value("信用信息目录").run()
    assert any(label.startswith("第 18 项") for label in labels(at))
    at.text_input(key="search_phrase").set_value("补分").run()
    assert not at.warning or not any("没有看懂" in each.value for each in at.warning)
    at.text_input(key="search_phrase").set_value("单位情况").run()
    assert any("口径：单位情况" in each.label for each in at.expander)
    at.text_input(key="search_phrase").set_value("第 999 项").run()
    assert any("没有第 999 项任务" in each.value for each in at.info)
