"""季度例会: sentences that open their rows, decisions entered and taken to the next meeting."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO

import openpyxl
from on_screen import headline, labelled, messages, table, text, tiles

AUTUMN = "2020-09-30"


def decision(at, said):
    """The line of one decision, in whichever table it stands."""
    tables = [each.value for each in at.main.dataframe if "办理情况" in each.value]
    (line,) = [row for rows in tables for _, row in rows.iterrows() if row["议定事项"] == said]
    return line


def test_the_quarter_follows_the_day(visit):
    at = visit("meeting", demo=True, as_of=AUTUMN)
    assert not at.exception
    assert labelled(at.selectbox, "季度").value == "2020年第三季度"
    assert (
        "按 2020-09-30 的情况判断，与上次通报的 2020 年 6 月 30 日（例会 2020 年 7 月 15 日召开）比较。"
        in at.caption[1].value
    )
    at.sidebar.date_input(key="as_of").set_value(date(2020, 7, 20)).run()
    assert labelled(at.selectbox, "季度").value == "2020年第二季度"
    labelled(at.selectbox, "季度").select("2020年第四季度").run()
    assert "按 2020-12-31 的情况判断" in at.caption[1].value


def test_figures_are_those_of_the_questions(visit, figures):
    at = visit("meeting", demo=True, as_of=AUTUMN)
    total = figures("completion", by="all").iloc[0]
    changes = figures("changes_since", compare_on=date(2020, 6, 30))
    counts = changes.change.value_counts()
    assert tiles(at) == {
        "完成率": f"{total.done_rate:.0f}%",
        "新完成": f"{counts.get('finished', 0)} 项",
        "新逾期": f"{counts.get('overdue', 0)} 项",
        "新滞后": f"{counts.get('slipped', 0)} 项",
        "好转": f"{counts.get('recovered', 0)} 项",
        "红灯": f"{total.red} 项",
    }
    assert f"{total.applicable} 项任务完成 {total.done} 项" in headline(at)
    finished = changes[changes.change == "finished"]
    at.session_state["open_changes_finished"] = True
    at.run()
    assert list(table(at, "changes_finished")["number"]) == list(finished.number)
    assert any(f"新完成 {len(finished)} 项" in each.label for each in at.expander)


def test_every_sentence_opens_its_rows(visit):
    at = visit("meeting", demo=True, as_of=AUTUMN)
    closed = len(at.dataframe)
    opened = [
        *(f"overall_{name}" for name in ("all", "due", "dated", "rates", "lamps")),
        *(f"changes_{name}" for name in ("finished", "overdue", "slipped")),
        *(f"ranking_class_{name}" for name in ("厅机关处室", "厅属单位")),
        *("ranking_unranked", "ranking_collectives"),
        *(f"reporting_month_{month}" for month in ("07", "08", "09")),
        *("next_due_next", "year_end_unlikely", "points_to_win", "to_decide_long_overdue"),
        *("to_decide_late_decisions", "to_decide_completions"),
    ]
    assert len([each for each in at.expander if each.label.endswith("。")]) == len(opened)
    for key in opened:
        at.session_state[f"open_{key}"] = True
    at.run()
    assert not at.exception
    assert len(at.dataframe) == closed + len(opened)


def test_without_progress_nothing_is_called_late(visit):
    at = visit("meeting", as_of=AUTUMN)
    assert not at.exception
    assert "与上季度末（2020 年 6 月 30 日）比较" in "".join(each.value for each in at.caption)
    assert not at.metric
    assert "尚无进展填报" in headline(at)
    assert any("怎样录入进展" in message for message in messages(at))
    assert "没有需要提请议定的事项。" in text(at)


def test_filters_that_leave_nothing_give_one_clear_sentence(visit):
    at = visit("meeting", demo=True, as_of=AUTUMN, unit="厅办公室", level1="信用平台和网站")
    assert not at.exception
    assert headline(at) == "所选范围内没有基本任务，请放宽筛选条件。"


def test_another_ledger_has_its_own_quarters(visit):
    at = visit("meeting", ledger="湖南 2019")
    assert not at.exception
    assert labelled(at.selectbox, "季度").value == "2019年第四季度"


def test_a_decision_is_entered_carried_on_and_taken_back(visit, own_data):
    del own_data
    at = visit("meeting", demo=True, as_of=AUTUMN)
    labelled(at.text_input, "经办人").set_value("张三")
    labelled(at.button, "登记例会").click().run()
    assert not at.exception
    assert at.success[0].value == "已登记 2020 年第三季度的例会。"
    labelled(at.text_area, "议定事项").set_value("加快归集*信用*信息。")
    labelled(at.selectbox, "责任单位").select("厅法规处")
    labelled(at.date_input, "办结期限").set_value(date(2020, 11, 30))
    labelled(at.button, "登记这件").click().run()
    assert at.success[0].value == "已登记一件议定事项。"
    assert decision(at, "加快归集*信用*信息。")["责任单位"] == "厅法规处"

    labelled(at.selectbox, "季度").select("2020年第四季度").run()
    assert (
        "与上次通报的 2020 年 9 月 30 日（例会 2020 年 10 月 15 日召开）比较" in at.caption[1].value
    )
    row = decision(at, "加快归集*信用*信息。")
    assert (row["预警灯"], row["说明"], row["责任单位"]) == ("▲ 红灯", "逾期 31 天", "厅法规处")
    which = labelled(at.selectbox, "议定事项")
    which.select(next(name for name in which.options if "加快归集" in name))
    labelled(at.selectbox, "办理状态").select("done")
    labelled(at.text_input, "填报人").set_value("李四")
    labelled(at.button, "存入").click().run()
    assert decision(at, "加快归集*信用*信息。")["说明"] == "2020-12-31 完成"

    labelled(at.selectbox, "季度").select("2020年第三季度").run()
    taken = labelled(at.selectbox, "撤销哪一条")
    taken.select(next(name for name in taken.options if name.startswith("议定事项")))
    labelled(at.button, "撤销").click().run()
    assert "撤销须写明理由" in at.error[0].value


def drawn_screens(at) -> list[str]:
    """What meeting mode has drawn: one text with all screens."""
    bodies = [each.proto.body for each in at.get("html")]
    return [body for body in bodies if "<section>" in body]


def test_meeting_mode_shows_one_message_a_screen(visit, figures):
    at = visit("meeting", demo=True, as_of=AUTUMN)
    labelled(at.button, "会议模式").click().run()
    assert not at.exception
    (drawn,) = drawn_screens(at)
    parts = re.findall("<section><header><span>(.*?)</span>", drawn)
    assert len(parts) == 10
    assert (parts[0], parts[-1]) == ("总体", "提请议定")
    # Every screen lists them all and marks its own place.
    assert [drawn.count(f">{part}</button>") for part in parts] == [len(parts)] * len(parts)
    assert all(f"<span>{n} / {len(parts)}</span>" in drawn for n in range(1, len(parts) + 1))
    for row in figures("completion", by="level1").itertuples():
        # No line ends between a number and its unit.
        assert f"完成&nbsp;{row.done}/{row.applicable}" in drawn
    assert drawn.count("【演示数据】") == len(parts)
    labelled(at.button, "退出会议模式").click().run()
    assert not drawn_screens(at)
    assert headline(at)


def test_a_name_on_a_screen_opens_the_task_or_the_units_tasks(visit):
    at = visit("meeting", demo=True, as_of=AUTUMN, show="1")
    (drawn,) = drawn_screens(at)
    name = dict(re.findall(r"data-opens='(\d+)'>(.*?)</button>", drawn))
    task = next(n for n, text in name.items() if text.startswith("4&nbsp;"))
    at.button(key=f"opens_{task}").click().run()
    assert not at.exception
    assert "第 4 项" in text(at)
    unit = next(n for n, text in name.items() if text.startswith("厅运输处"))
    at.button(key=f"opens_{unit}").click().run()
    assert not at.exception
    assert len(table(at, "meeting_unit_tasks"))
    # The screens stay as they were.
    assert drawn_screens(at) == [drawn]


def test_meeting_mode_without_progress(visit, figures):
    at = visit("meeting", as_of=AUTUMN, show="1")
    assert not at.exception
    (drawn,) = drawn_screens(at)
    assert "尚无进展填报" in drawn
    assert "红灯" not in drawn
    # What the ledger itself tells: how many tasks each indicator has.
    for row in figures("completion", by="level1", demo=False).itertuples():
        assert f"<b>{row.tasks}&nbsp;项</b><div><p>{row.level1}</p>" in drawn


def test_several_quarters_and_every_unit_in_one_archive(visit, figures):
    at = visit("meeting", demo=True, as_of=AUTUMN, unit=["厅办公室", "厅财审处"])
    labelled(at.multiselect, "季度").set_value(["2020年第二季度", "2020年第三季度"])
    labelled(at.toggle, "另附每个单位的数据表").set_value(True)
    labelled(at.button, "生成压缩包").click().run(timeout=120)
    assert not at.exception
    (packed,) = at.session_state["meeting_archive"].values()
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        names = archive.namelist()
        units = list(figures("unit_workload", units=("厅办公室", "厅财审处")).unit)
        for quarter in ("2020年第二季度", "2020年第三季度"):
            own = [name for name in names if name.startswith(quarter)]
            assert [name.rpartition(".")[2] for name in own[:4]] == ["docx", "pptx", "xlsx", "pdf"]
            assert own[4:] == [f"{quarter}/各单位/{unit}.xlsx" for unit in units]
        book = openpyxl.load_workbook(BytesIO(archive.read("2020年第二季度/季度数据.xlsx")))
        assert "截至日期：2020-06-30" in book["总览"]["A2"].value
        book = openpyxl.load_workbook(
            BytesIO(archive.read(f"2020年第三季度/各单位/{units[0]}.xlsx"))
        )
        assert f"筛选：{units[0]}" in book["口径"]["A2"].value
