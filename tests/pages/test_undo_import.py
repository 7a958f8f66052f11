"""Mistakes undone on screen: what would change is shown first, and then it is done."""

from __future__ import annotations

import pandas as pd
import pytest
from on_screen import labelled, messages, text
from streamlit.testing.v1 import AppTest
from test_imports import FIRST, PROMISES, RULES, TITLE, TRAINING, ledger, office, store, upload

import metrics
from screens.ledger.undoing import EDITION, LEDGER, PROGRESS

pytestmark = pytest.mark.usefixtures("own_data")

WITH_PROGRESS = "\n".join(
    [
        TITLE,
        "一级指标,二级指标,目标任务,责任单位,完成时限,完成情况,进度",
        f"{RULES},进行中,40%",
        f"{TRAINING},,",
    ]
)
"""The first task is in progress by the ledger's own column."""


def imported(visit, *files: tuple[str, str]) -> AppTest:
    at = visit("imports")
    for file in files:
        upload(at, file)
        for each in at.date_input:
            if each.label == "情况日期" and each.value is None:
                each.set_value(pd.Timestamp("2021-06-30").date()).run()
        store(at)
    return at


def choose(at: AppTest, edition: str, what: str) -> AppTest:
    options = labelled(at.selectbox, "导错的版次")
    (wanted,) = [each for each in options.options if edition in each]
    options.select(wanted).run()
    labelled(at.radio, "撤回").set_value(what).run()
    assert not at.exception
    return at


def take_back(at: AppTest, reason: str = "导错了文件", who: str = "李四") -> AppTest:
    labelled(at.text_input, "撤回理由").set_value(reason)
    at.text_input(
        key=next(e.key for e in at.text_input if "undo_import_author" in str(e.key))
    ).set_value(who)
    labelled(at.button, "撤回").click().run()
    assert not at.exception
    return at


def figure(at: AppTest, name: str) -> tuple[str, str]:
    """A figure now and afterwards."""
    (rows,) = [each.value for each in at.dataframe if "数字" in each.value]
    row = rows[rows["数字"] == name].iloc[0]
    return row["现在"], row["撤回后"]


def titles() -> list[str]:
    return metrics.ask(office(), "ledgers").title.tolist()


def test_an_edition_is_taken_back_and_the_one_before_counts(visit):
    at = imported(visit, ("河北.csv", FIRST), ("新版.csv", ledger(RULES, TRAINING)))
    choose(at, "新版.csv", EDITION)
    assert figure(at, "基本任务") == ("2", "3")
    assert "任务中 1 项重新列出。" in text(at)
    version = office().data_version
    take_back(at, reason="")
    assert "撤回须写明理由。" in messages(at)
    assert office().data_version == version
    take_back(at)
    assert [box.value for box in at.success] == [f"已撤回《{TITLE}》第 2 版。"]
    (shown,) = [
        each.value for each in at.dataframe if "撤回" in each.value and "版次" in each.value
    ]
    withdrawn = shown[shown["文件"] == "新版.csv"]["撤回"].iloc[0]
    assert withdrawn.endswith("李四：导错了文件")
    assert all("新版.csv" not in each for each in labelled(at.selectbox, "导错的版次").options)


def test_a_ledger_goes_and_comes_in_again(visit):
    at = imported(visit, ("河北.csv", FIRST))
    choose(at, "河北.csv", LEDGER)
    assert "台账的 3 项任务不再列出，这份台账从各页中消失；可以重新导入。" in text(at)
    take_back(at)
    assert [box.value for box in at.success] == [f"已撤回《{TITLE}》，可以重新导入。"]
    assert TITLE not in titles()
    upload(at, ("河北.csv", FIRST))
    assert "这份台账已撤回，重新导入后是第 2 版" in text(at)
    store(at)
    assert TITLE in titles()


def test_the_progress_alone_goes(visit):
    at = imported(visit, ("河北.csv", WITH_PROGRESS))
    choose(at, "河北.csv", PROGRESS)
    assert "一并撤回进展填报 1 条。" in text(at)
    assert figure(at, "从未填报") == ("2", "2")
    assert figure(at, "平均进度") == ("20.0%", "0.0%")
    take_back(at)
    assert TITLE in titles()
    choose(at, "河北.csv", PROGRESS)
    assert "这一版导入的进展已经撤回，或它没有带来进展，请刷新页面。" in messages(at)


def test_an_edition_without_progress_has_none_to_take_back(visit):
    at = imported(visit, ("河北.csv", ledger(RULES, PROMISES)))
    choose(at, "河北.csv", PROGRESS)
    assert not [each for each in at.button if each.label == "撤回"]


def test_a_ledger_is_called_by_its_right_name(visit):
    at = imported(visit, ("河北.csv", FIRST))
    ledgers = labelled(at.selectbox, "要更正的台账")
    ledgers.select(next(each for each in ledgers.options if TITLE in each)).run()
    title = next(each for each in at.text_input if str(each.key).startswith("correct_ledger_of"))
    title.set_value("河北省任务台账").run()
    year = next(each for each in at.number_input if str(each.key).startswith("correct_ledger_of"))
    year.set_value(2022).run()
    assert "台账期改为 2022 年，原文没有写年份的期限和各版生效日一并改到这一年。" in text(at)
    labelled(at.text_input, "更正理由").set_value("读错了")
    next(each for each in at.text_input if "correct_ledger_author" in str(each.key)).set_value(
        "李四"
    )
    labelled(at.button, "更正").click().run()
    assert [box.value for box in at.success] == ["已更正《河北省任务台账》。"]
    assert "河北省任务台账" in titles()
