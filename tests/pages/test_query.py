"""高级查询: typed, answered, drawn, refused in Chinese; only what the sidebar shows is asked."""

from __future__ import annotations

import html
import json
from time import sleep

import pytest
from on_screen import charts, headline, labelled, messages, text

AUTUMN = "2020-09-30"


def ask(at, sql: str):
    at.text_area(key="sql").set_value(sql).run()
    return settle(at.button(key="run_query").click().run())


def settle(at):
    for _ in range(60):
        # On a busy machine the page shows the button that stops the query, and asks again.
        if "query_running" not in at.session_state:
            break
        sleep(0.5)
        at.run()
    return at


@pytest.mark.parametrize("alone", [False, True], ids=["framed", "alone"])
@pytest.mark.parametrize("demo", [False, True], ids=["real", "demonstration"])
def test_page_says_what_can_be_asked(visit, demo, alone):
    at = visit("query", demo=demo, alone=alone, as_of=AUTUMN)
    assert not at.exception
    assert headline(at) == "69 项任务及其填报、佐证等 12 张表可以用 SQL 查询。"
    assert {each.label for each in at.expander} >= {"任务（69 行）", "职责（249 行）"}
    assert "计入完成率分母的基本任务" in text(at)


def test_answer_is_that_of_the_page_of_indicators(visit, figures):
    at = ask(
        visit("query", demo=True, as_of=AUTUMN), "select count(*) as 逾期 from 任务 where 逾期"
    )
    total = figures("completion", by="all").iloc[0]
    assert headline(at).startswith("查到 1 行，用时 ")
    assert list(at.dataframe[0].value["逾期"]) == [total.overdue]


def test_sidebar_limits_the_question(visit, figures):
    at = visit("query", demo=True, as_of=AUTUMN, unit="厅法规处")
    tasks = figures("task_list", units=("厅法规处",), signal="all", row_limit=1000)
    assert headline(at).startswith(f"{len(tasks)} 项任务")


def test_query_of_an_address_runs_by_itself_within_its_limits(visit):
    at = visit(
        "query", demo=True, as_of=AUTUMN, sql="from range(2000)", query_rows="1,000 行", query_seconds="30 秒"
    )  # fmt: skip
    settle(at)
    assert at.text_area(key="sql").value == "from range(2000)"
    assert (at.selectbox(key="query_rows").value, at.selectbox(key="query_seconds").value) == (
        1_000,
        30,
    )
    assert headline(at).startswith("查到的超过 1,000 行，只取前 1,000 行")
    ask(at, "select 43 as 答案")
    assert at.query_params["sql"] in ("select 43 as 答案", ["select 43 as 答案"])
    assert list(at.dataframe[0].value["答案"]) == [43]


def test_query_of_an_address_without_one_waits(visit):
    at = visit("query", demo=True, as_of=AUTUMN)
    assert headline(at).startswith("69 项任务")
    assert "sql" not in at.query_params


def test_refusal_names_reason_and_place(visit):
    at = ask(visit("query", demo=True, as_of=AUTUMN), "select 编号\nfrom 任务\nwhere 编好 = 1")
    assert headline(at) == "查询没有成功。"
    (said,) = [each for each in messages(at) if "编好" in each]
    assert said.startswith("第 3 行第 7 个字：所查的表里没有“编好”这一列。是不是“编号”")
    assert at.code[0].value == "where 编好 = 1\n      ^"


def test_nothing_but_reading(visit):
    at = ask(visit("query", demo=True, as_of=AUTUMN), "select 1; delete from 任务")
    assert any("一次只能运行一条" in each for each in messages(at))
    at = ask(at, "delete from 任务")
    assert any("这里只能查询" in each for each in messages(at))


def test_chart_of_the_answer(visit):
    at = ask(
        visit("query", demo=True, as_of=AUTUMN),
        "select 单位类别, count(*) as 职责数, avg(折算) as 平均 from 职责 group by 1 order by 1",
    )
    rows = at.dataframe[0].value
    at.segmented_control(key="answer_kind").set_value("条形图").run()
    (bars,) = charts(at)
    assert bars["data"][0]["x"] == list(rows["职责数"])[::-1]
    at.segmented_control(key="answer_kind").set_value("折线图").run()
    at.multiselect(key="answer_values").set_value(["职责数", "平均"]).run()
    assert [line["name"] for line in charts(at)[0]["data"]] == ["职责数", "平均"]
    assert not at.exception


def test_answer_of_another_scope_is_not_shown(visit):
    at = ask(visit("query", demo=True, as_of=AUTUMN), "select 1 as a")
    at.sidebar.multiselect(key="level1").set_value(["诚信文化建设"]).run()
    assert any("请重新运行" in each for each in messages(at))
    assert not list(at.dataframe)


def test_example_and_earlier_query_go_into_the_text(visit, own_data):
    at = visit("query", demo=True, as_of=AUTUMN)
    at.selectbox(key="query_example").set_value("逾期最久的任务由谁负责").run()
    assert "逾期天数 desc" in at.text_area(key="sql").value
    ask(ask(ask(at, "select"), "select 2 as a"), "select")
    # Another visit, as after a restart.
    at = visit("query", demo=True, as_of=AUTUMN)
    earlier = labelled(at.selectbox, "用过的查询")
    assert [option.partition("　")[2] for option in earlier.options] == ["select", "select 2 as a"]
    earlier.set_value(earlier.options[1]).run()
    assert at.text_area(key="sql").value == "select 2 as a"
    (own_data / "queries.json").write_text("{", encoding="utf-8")
    at = ask(visit("query", demo=True, as_of=AUTUMN), "select 3 as a")
    assert not at.exception
    assert len(labelled(at.selectbox, "用过的查询").options) == 1


def test_names_are_there_to_complete(visit):
    at = visit("query", demo=True, as_of=AUTUMN)
    (given,) = [each.proto.body for each in at.get("html") if "query-names" in each.proto.body]
    names = json.loads(html.unescape(given.split("data-names='")[1].split("'>")[0]))
    assert ["扣分事件", "kfsj", ["表"]] in names
    assert ["本单位完成", "bdwwc", ["职责", "成员职责"]] in names


def test_empty_answer_says_so(visit):
    at = ask(visit("query", demo=True, as_of=AUTUMN), "select * from 任务 where 编号 < 0")
    assert headline(at).startswith("没有查到符合条件的行")
