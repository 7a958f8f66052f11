"""核验与延期: what waits, judging many at once, and never anything that was not seen."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pandas as pd
import pytest
from on_screen import headline, labelled, messages, table, text, tiles
from streamlit.testing.v1 import AppTest

import metrics
from findings import verdicts
from metrics import NO_LIMIT, Scope
from screens import parts
from warehouse import open_office
from warehouse.entries import records

AUTUMN = "2020-09-30"
ASKED = "2020-04-20"
"""The demonstration's first request for extension is undecided."""
JUDGE = "核验所勾选的"
DECIDE = "审批所勾选的"


def warehouse():
    return open_office(demonstration=True).warehouse


def version() -> int:
    return warehouse().data_version


def tick(at: AppTest, key: str, *rows: int) -> AppTest:
    at.session_state[key] = {"selection": {"rows": list(rows)}}
    return at.run()


def press(at: AppTest, label: str, **fields: str) -> AppTest:
    """Fill in the fields of a form, by their labels, and press its button."""
    for name, value in fields.items():
        for kind in (at.text_input, at.text_area):
            for field in kind:
                if field.label == name:
                    field.set_value(value)
    labelled(at.button, label).click()
    return at.run()


def errors(at: AppTest) -> list[str]:
    assert not at.exception
    return [error.value for error in at.error]


def done_on_screen(at: AppTest) -> list[str]:
    return [box.value for box in at.success]


@pytest.fixture
def desk(visit, own_data):
    """The page over demonstration data of its own."""
    del own_data
    return visit("verification", demo=True, as_of=AUTUMN)


def plain(cell: str) -> str:
    """A cell of a table without the spaces that keep its lines together."""
    return cell.replace("\u00a0", " ")


def waiting(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows.state == "waiting"]


# What is shown


@pytest.mark.parametrize("alone", [False, True], ids=["framed", "alone"])
def test_a_ledger_without_progress_says_so(visit, alone):
    at = visit("verification", alone=alone, as_of=AUTUMN)
    assert not at.exception
    assert headline(at) == ("没有待核验的完成，也没有待审批的延期：这份台账还没有任何进展填报。")
    assert any("怎样录入进展" in message for message in messages(at))
    assert not at.metric
    assert not at.dataframe


@pytest.mark.parametrize("alone", [False, True], ids=["framed", "alone"])
def test_claims_are_the_answer(visit, figures, alone):
    at = visit("verification", alone=alone, demo=True, as_of=AUTUMN)
    assert not at.exception
    claims, requests = (
        figures("reported_completions", row_limit=NO_LIMIT),
        figures("extension_requests"),
    )
    day = date.fromisoformat(AUTUMN)
    said = verdicts.verification(claims, requests, day, has_tasks=True, has_progress=True)
    assert headline(at) == said
    open_claims = waiting(claims)
    oldest = int(open_claims.waiting_days.max())
    tasks = open_claims.task_id.nunique()
    assert said == (
        f"截至 9 月 30 日，{len(open_claims)} 件完成（涉及 {tasks} 项任务）待核验，"
        f"最早的已等 {oldest} 天。"
    )
    assert tiles(at) == {
        "待核验": f"{len(open_claims)} 件",
        "其中没有佐证": f"{(open_claims.evidence == 0).sum()} 件",
        "其中晚于期限": f"{open_claims.late.sum()} 件",
        "已销号": f"{(claims.state == 'accepted').sum()} 件",
        "已退办": f"{(claims.state == 'returned').sum()} 件",
        "延期待审批": "0 件",
    }
    shown = table(at, "waiting")
    assert list(shown["编号"]) == list(open_claims.number)
    assert list(shown["完成日期"]) == [f"{day:%Y-%m-%d}" for day in open_claims.done_on]
    assert list(shown["佐证"]) == [f"{n} 件" for n in open_claims.evidence]
    judged = table(at, "judged")
    assert list(judged["结论"]).count("已销号") == (claims.state == "accepted").sum()
    assert judged["核验日期"].is_monotonic_decreasing
    assert [tab.label for tab in at.tabs] == ["待核验", "已核验", "延期待审批", "延期已审批"]


def test_a_long_list_says_how_long_it_is_and_downloads_all(visit, figures, monkeypatch):
    made = {}
    monkeypatch.setattr(parts, "LISTED", 2)
    monkeypatch.setattr(parts, "download", lambda _view, rows, *_, key: made.update({key: rows}))
    at = visit("verification", demo=True, as_of=AUTUMN)
    claims = figures("reported_completions", row_limit=NO_LIMIT)
    for key, every in (("waiting", waiting(claims)), ("judged", claims[claims.state != "waiting"])):
        assert list(table(at, key)["编号"]) == list(every.number[:2])
        assert f"共 {len(every)} 项，列出前 2 项；下载的是全部。" in text(at)
        assert list(made[key]()["编号"]) == list(every.number)
    assert tiles(at)["待核验"] == f"{len(waiting(claims))} 件"


def test_a_late_and_a_returned_claim_say_so(visit):
    returned = table(visit("verification", demo=True, as_of="2020-06-20"), "judged")
    (row,) = returned[returned["结论"] == "已退办"].to_dict("records")
    assert (row["编号"], row["核验意见"]) == (19, "演示：未附印发文件，请补充后重新报结。")
    again = table(visit("verification", demo=True, as_of="2020-08-31"), "waiting")
    (row,) = again[again["编号"] == 19].to_dict("records")
    assert plain(row["完成说明"]).startswith("曾退办 1 次；")
    late = table(visit("verification", demo=True, as_of="2020-10-31"), "waiting")
    (row,) = late[late["编号"] == 4].to_dict("records")
    assert plain(row["完成说明"]).startswith("晚于期限 76 天；")
    issued = visit("verification", demo=True, as_of="2020-10-31", as_issued="true")
    (row,) = table(issued, "waiting").query("编号 == 4").to_dict("records")
    assert plain(row["完成说明"]).startswith("晚于期限 168 天；")


def test_filters_narrow_the_claims(visit, figures):
    at = visit("verification", demo=True, as_of=AUTUMN, unit="厅人事处")
    rows = waiting(figures("reported_completions", row_limit=NO_LIMIT, units=("厅人事处",)))
    assert list(table(at, "waiting")["编号"]) == list(rows.number)
    assert 0 < len(rows) < 24


def test_filters_that_leave_nothing_give_one_clear_sentence(visit):
    at = visit("verification", demo=True, as_of=AUTUMN, unit="厅办公室", level1="信用平台和网站")
    assert headline(at) == "所选范围内没有基本任务，请放宽筛选条件。"
    assert not at.metric
    assert not at.dataframe


def test_evidence_stands_beside_the_ticked_claims(desk, figures):
    claims = waiting(figures("reported_completions", row_limit=NO_LIMIT)).reset_index(drop=True)
    proven = claims[claims.evidence > 0].index[0]
    bare = claims[claims.evidence == 0].index[0]
    at = tick(desk, "waiting", int(proven), int(bare))
    said = text(at)
    assert "已勾选 **2** 项，其中 1 项没有佐证材料。" in said
    for title in claims.evidence_titles[proven].split("；"):
        assert title in said
    assert "没有佐证材料。" in said
    assert f"第 {claims.number[bare]} 项" in said


def test_the_task_card_is_one_click_away(desk, figures):
    at = tick(desk, "waiting", 0)
    claim = waiting(figures("reported_completions", row_limit=NO_LIMIT)).iloc[0]
    at.button(key=f"card_{claim.task_id}_{claim.unit_id}").click().run()
    assert not at.exception
    assert at.header[-1].value == claim.task
    assert parts.TASK_CARD not in at.session_state


# Judging claims


def test_many_are_accepted_in_one_write(desk, figures):
    claims, before = waiting(figures("reported_completions", row_limit=NO_LIMIT)), version()
    at = tick(desk, "waiting", 0, 2, 5)
    press(at, JUDGE, 核验人="李强", 核验意见="材料齐全。")
    assert not errors(at)
    assert done_on_screen(at) == ["已销号 3 项。"]
    assert version() == before + 1
    after = figures("reported_completions", row_limit=NO_LIMIT).set_index("report_id")
    for report_id in claims.report_id.iloc[[0, 2, 5]]:
        verdict = after.loc[report_id]
        assert (verdict.state, verdict.verified_by, verdict.reason) == (
            *("accepted", "李强", "材料齐全。"),
        )
    assert (after.state == "waiting").sum() == len(claims) - 3
    assert f"{len(claims) - 3} 件完成" in headline(at)
    told = figures("changes", **TRAIL | {"authors": ["李强"]})
    assert list(told.action) == ["销号"] * 3
    # Nothing stays ticked for the next press, and nothing is said to have changed.
    assert not at.warning[1:]
    assert "还没有勾选。" in text(at)
    press(at, JUDGE, 核验人="李强")
    assert errors(at) == ["请先勾选要办理的事项。"]
    assert version() == before + 1


TRAIL = {
    **{"every_ledger": False, "first_on": None, "last_on": None, "authors": []},
    **{"actions": [], "sought": "", "row_limit": 100},
}


def test_a_return_needs_its_reason_and_is_then_listed(desk):
    before = version()
    at = tick(desk, "waiting", 0)
    number = table(at, "waiting")["编号"].iloc[0]
    labelled(at.radio, "结论").set_value("退办")
    press(at, JUDGE, 核验人="李强", 核验意见="  ")
    assert errors(at) == ["退办须写明理由。"]
    assert version() == before
    press(at, JUDGE, 核验意见="未附印发文件。")
    assert not errors(at)
    assert done_on_screen(at) == ["已退办 1 项。"]
    assert version() == before + 1
    returned = table(at, "judged").iloc[0]
    assert (returned["编号"], returned["结论"], returned["核验意见"]) == (
        *(number, "已退办", "未附印发文件。"),
    )
    # Beside the one that the demonstration has.
    assert tiles(at)["已退办"] == "2 件"


@pytest.mark.parametrize(
    ("fill", "sentence"),
    [
        (lambda _: None, "请填写核验人。"),
        (lambda at: at.text_input(key="verified_by").set_value("   "), "请填写核验人。"),
        (
            lambda at: (
                at.text_input(key="verified_by").set_value("李强"),
                labelled(at.date_input, "核验日期").set_value(None),
            ),
            "请填写日期。",
        ),
        (
            lambda at: (
                at.text_input(key="verified_by").set_value("李强"),
                labelled(at.date_input, "核验日期").set_value(date(2020, 7, 1)),
            ),
            "第 18 项（厅海事处）的完成日期是 2020-07-10，所填日期 2020-07-01 不能更早，请改正。",
        ),
    ],
    ids=["nobody", "blank", "no day", "before it was done"],
)
def test_bad_input_gives_one_sentence_and_stores_nothing(desk, fill, sentence):
    before = version()
    at = tick(desk, "waiting", 0)
    fill(at)
    press(at, JUDGE)
    assert errors(at) == [sentence]
    assert version() == before


def test_a_verdict_is_of_no_later_day_than_the_page(desk):
    at = tick(desk, "waiting", 0)
    assert labelled(at.date_input, "核验日期").max == date.fromisoformat(AUTUMN)


def another(figures, row: int) -> tuple[UUID, UUID | None, pd.Series]:
    """Task and unit of a waiting claim, for what somebody else does meanwhile."""
    claim = waiting(figures("reported_completions", row_limit=NO_LIMIT)).iloc[row]
    unit_id = None if claim.unit_id is None else UUID(str(claim.unit_id))
    return UUID(str(claim.task_id)), unit_id, claim


def report_again(figures, row: int) -> str:
    task_id, unit_id, claim = another(figures, row)
    day = date(2020, 9, 29)
    told = {"state": "done", "effective_on": day, "recorded_by": "王芳", "narrative": "又报一次。"}
    records.add_report(warehouse(), task_id, unit_id=unit_id, **told)
    return f"第 {claim.number} 项（{claim.unit}）"


def prove(figures, row: int) -> str:
    task_id, unit_id, claim = another(figures, row)
    records.add_evidence(
        warehouse(), task_id, title="补充材料", unit_id=unit_id, recorded_by="王芳",
        effective_on=date(2020, 9, 29),
    )  # fmt: skip
    return f"第 {claim.number} 项（{claim.unit}）"


def give_back(figures, row: int) -> str:
    task_id, unit_id, claim = another(figures, row)
    records.verify(
        warehouse(), task_id, accepted=False, reason="缺附件", unit_id=unit_id,
        effective_on=date(2020, 9, 29), recorded_by="赵敏",
    )  # fmt: skip
    return f"第 {claim.number} 项（{claim.unit}）"


@pytest.mark.parametrize("meanwhile", [report_again, prove, give_back])
def test_what_changed_since_it_was_seen_is_not_accepted(desk, figures, meanwhile):
    at = tick(desk, "waiting", 0, 1)
    name = meanwhile(figures, 0)
    before = version()
    press(at, JUDGE, 核验人="李强")
    assert errors(at) == [f"{name}在页面打开之后有了变化，没有存入，请核对后重新勾选。"]
    assert version() == before
    # The other one is still ticked, and can be accepted by itself.
    assert "已勾选 **1** 项" in text(at)
    press(at, JUDGE)
    assert done_on_screen(at) == ["已销号 1 项。"]


def test_a_tick_stays_with_its_claim_when_rows_move(desk, figures):
    at = tick(desk, "waiting", 3)
    ticked = waiting(figures("reported_completions", row_limit=NO_LIMIT)).iloc[3]
    give_back(figures, 0)
    at.run()
    assert not at.warning[1:]  # besides the demonstration's own
    assert list(at.session_state["waiting"]["selection"]["rows"]) == [2]
    press(at, JUDGE, 核验人="李强")
    after = figures("reported_completions", row_limit=NO_LIMIT).set_index("report_id")
    assert after.verified_by[ticked.report_id] == "李强"
    assert (after.verified_by == "李强").sum() == 1


def test_a_tick_that_fell_away_is_said_before_anything_is_pressed(desk, figures):
    at = tick(desk, "waiting", 0)
    name = give_back(figures, 0)
    at.run()
    assert f"{name}刚刚有了变化，已取消勾选，请核对后重新勾选。" in messages(at)


def test_nothing_is_judged_while_looking_at_the_past(visit):
    at = visit("verification", demo=True, as_of=AUTUMN, as_known="true", known_on=AUTUMN)
    assert not at.exception
    assert any("当时已填报" in message for message in messages(at))
    assert JUDGE not in [button.label for button in at.button]


def test_a_verdict_is_taken_back_with_a_reason(desk, figures):
    before = version()
    claim = figures("reported_completions", row_limit=NO_LIMIT).query("state == 'accepted'").iloc[0]
    at = tick(desk, "judged", 0)
    press(at, "撤销这次销号", 经办人="李强")
    assert errors(at) == ["更正或撤销须写明理由。"]
    assert version() == before
    press(at, "撤销这次销号", 撤销理由="点错了。")
    assert not errors(at)
    assert done_on_screen(at) == [f"已撤销对第 {claim.number} 项（{claim.unit}）的销号。"]
    assert version() == before + 1
    after = figures("reported_completions", row_limit=NO_LIMIT).set_index("report_id")
    assert after.state[claim.report_id] == "waiting"
    told = figures("changes", **TRAIL | {"authors": ["李强"]})
    assert list(zip(told.action, told.reason, strict=True)) == [("撤销核验", "点错了。")]


def test_a_verdict_on_the_whole_says_how_many_parts_it_covers(desk, figures):
    judged = (
        figures("reported_completions", row_limit=NO_LIMIT)
        .query("state != 'waiting'")
        .reset_index(drop=True)
    )
    together = judged.groupby("verification_id").verification_id.transform("size")
    row = int(together.idxmax())
    assert together[row] > 1
    at = tick(desk, "judged", row)
    assert f"撤销后 {together[row]} 件一并恢复为待核验" in text(at)


# Requests for extension


@pytest.fixture
def asked(visit, own_data):
    """The page on a day on which one request waits."""
    del own_data
    return visit("verification", demo=True, as_of=ASKED)


def test_a_request_shows_both_days_and_is_approved(asked, figures):
    assert "1 件延期待审批" in headline(asked)
    (row,) = table(asked, "pending").to_dict("records")
    assert [row[name] for name in ("编号", "原定期限", "申请时期限", "申请延至")] == [
        *(4, "2020-04-30", "2020-04-30", "2020-07-31")
    ]
    before = version()
    at = tick(asked, "pending", 0)
    press(at, DECIDE, 审批人="李强")
    assert not errors(at)
    assert done_on_screen(at) == ["已审批 1 件：同意延期。"]
    assert version() == before + 1
    (row,) = table(at, "decided").to_dict("records")
    assert [row[name] for name in ("原定期限", "申请延至", "审批", "审批人", "审批日期")] == [
        *("2020-04-30", "2020-07-31", "同意", "李强", ASKED)
    ]
    listed = figures("task_list", ASKED, signal="all", row_limit=999).set_index("number")
    assert listed.effective_due_on[4] == pd.Timestamp("2020-07-31")


def test_a_refusal_needs_an_opinion(asked):
    before = version()
    at = tick(asked, "pending", 0)
    labelled(at.radio, "审批").set_value("不同意")
    press(at, DECIDE, 审批人="李强")
    assert errors(at) == ["不同意延期须写明理由。"]
    assert version() == before
    press(at, DECIDE, 审批意见="理由不足。")
    assert list(table(at, "decided")["审批"]) == ["不同意"]


@pytest.mark.parametrize(
    ("fill", "sentence"),
    [
        (lambda _: None, "请填写审批人。"),
        (
            lambda at: (
                at.text_input(key="decided_by").set_value("李强"),
                labelled(at.date_input, "审批日期").set_value(date(2020, 4, 14)),
            ),
            "第 4 项（延至 2020-07-31）的申请日期是 2020-04-15，"
            "所填日期 2020-04-14 不能更早，请改正。",
        ),
    ],
    ids=["nobody", "before it was asked"],
)
def test_a_bad_decision_gives_one_sentence_and_stores_nothing(asked, fill, sentence):
    before = version()
    at = tick(asked, "pending", 0)
    fill(at)
    press(at, DECIDE)
    assert errors(at) == [sentence]
    assert version() == before


def request(figures, number: int, until: date) -> UUID:
    listed = figures("task_list", ASKED, signal="all", row_limit=999).set_index("number")
    return records.request_extension(
        warehouse(),
        UUID(str(listed.task_id[number])),
        requested_on=date(2020, 4, 16),
        new_due_on=until,
        reason="资金未到位。",
        recorded_by="王芳",
    )


def test_many_are_decided_at_once_but_not_two_of_one_task(asked, figures):
    for number, until in ((4, date(2020, 8, 31)), (10, date(2021, 1, 31))):
        request(figures, number, until)
    at = asked.run()
    before = version()
    tick(at, "pending", 0, 1, 2)
    press(at, DECIDE, 审批人="李强")
    assert errors(at) == ["所勾选的申请中有两件属于同一项任务，只能延至一个日期，请分别审批。"]
    assert version() == before
    tick(at, "pending", 0, 2)
    press(at, DECIDE)
    assert done_on_screen(at) == ["已审批 2 件：同意延期。"]
    assert version() == before + 1


def test_a_request_decided_by_somebody_else_is_not_decided_again(asked, figures):
    at = tick(asked, "pending", 0)
    pending = figures("extension_requests", ASKED).iloc[0]
    records.decide_extension(
        warehouse(),
        UUID(str(pending.extension_id)),
        approved=False,
        reason="理由不足。",
        effective_on=date(2020, 4, 18),
        recorded_by="赵敏",
    )
    request(figures, 10, date(2021, 1, 31))
    before = version()
    press(at, DECIDE, 审批人="李强")
    assert errors(at) == [
        "第 4 项（延至 2020-07-31）在页面打开之后有了变化，没有存入，请核对后重新勾选。"
    ]
    assert version() == before


def test_a_decision_is_replaced_by_a_later_one_with_a_reason(desk, figures):
    before = version()
    at = tick(desk, "decided", 0)
    said = "2020-04-22 由 演示数据 审批为**同意**。"
    assert said in text(at)
    # The other outcome is proposed.
    assert labelled(at.radio, "重新审批").value == "不同意"
    press(at, "更改审批", 审批意见="不符合条件。", 审批人="李强")
    assert errors(at) == ["更正或撤销须写明理由。"]
    assert version() == before
    press(at, "更改审批", 更改理由="批错了。")
    assert not errors(at)
    assert done_on_screen(at) == ["已更改对第 4 项（延至 2020-07-31）的审批：不同意。"]
    assert version() == before + 1
    (row,) = table(at, "decided").to_dict("records")
    assert (row["审批"], row["审批意见"]) == ("不同意", "不符合条件。")
    told = figures("changes", **TRAIL | {"authors": ["李强"]})
    assert list(zip(told.action, told.reason, strict=True)) == [("更正延期审批", "批错了。")]


def test_the_scope_of_the_page_is_the_ledgers(visit):
    at = visit("verification", ledger="湖南 2019")
    assert not at.exception
    assert "还没有任何进展填报" in headline(at)


def test_figures_of_the_page_stand_in_the_answer(figures):
    # What the demonstration leaves open, so that none of the tests above looks at nothing.
    claims = figures("reported_completions", row_limit=NO_LIMIT)
    assert claims.state.value_counts().to_dict() == {
        "accepted": 28,
        "waiting": 24,
        "returned": 1,
    }
    scope = Scope(UUID(int=0), date(2020, 1, 1))
    assert metrics.ask(warehouse(), "reported_completions", scope, row_limit=NO_LIMIT).empty
