"""The sentences of a score, against rows built by hand: every rule, every bound, the exact arithmetic."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from findings.marks import reachable_sentence, score_sentence, secured_sentence, shortfall

THREE = [["60", "80", "1"], ["80", "100", "1.5"], ["100", None, "2"]]


def row(rule: str | None = "proportional", measure: str = "percent", **given: Any) -> Any:
    """A base task worth 2 points, half done, with everything else as it is where nothing is known."""
    values = {
        "kind": "base",
        "state": "in_progress",
        "is_done": False,
        "has_report": True,
        "rule": rule,
        "measure": measure,
        "full_cents": 200,
        "step_cents": pd.NA,
        "floor_cents": 0,
        "evidence_required": False,
        "percent": 50.0,
        "window_total": 0,
        "window_done": 0,
        "window_lost": 0,
        "windows_missed": 0,
        "times": 0,
        "place": pd.NA,
        "incidents": 0,
        "claims": 0,
        "recognised": 0,
        "lost_cents": pd.NA,
        "evidence": 0,
        "old_evidence": 0,
        "newest_evidence_on": pd.NaT,
        "lacks_evidence": False,
        "given_cents": pd.NA,
        "manual_cents": pd.NA,
        "computed_cents": 100,
        "is_absent": False,
        "manual_reason": None,
    }
    unknown = given.keys() - values.keys() - {"self_cents", "ungated_cents"}
    assert not unknown
    values |= given
    known = [v for v in (values["manual_cents"], values["computed_cents"], 0) if v is not pd.NA]
    values.setdefault("ungated_cents", known[0])
    values.setdefault("self_cents", 0 if values["lacks_evidence"] else values["ungated_cents"])
    return SimpleNamespace(**values)


RULES = [
    # Why, the row, its tiers, the sentence, 扣分原因.
    (
        "percent",
        row(full_cents=163, percent=75.0, computed_cents=122),
        (),
        "按比例：填报进度 75%，满分 1.63 分 × 75% = 1.22 分",
        "扣 0.41 分：未完成（进度 75%）",
    ),
    (
        "percent with digits",
        row(percent=33.3333, computed_cents=67),
        (),
        "按比例：填报进度 33.3%，满分 2 分 × 33.3% = 0.67 分",
        "扣 1.33 分：未完成（进度 33.3%）",
    ),
    (
        "nothing reported",
        row(percent=0.0, computed_cents=0, state="overdue", has_report=False),
        (),
        "按比例：填报进度 0%，满分 2 分 × 0% = 0 分",
        "扣 2 分：未填报",
    ),
    (
        "overdue",
        row(state="overdue"),
        (),
        "按比例：填报进度 50%，满分 2 分 × 50% = 1 分",
        "扣 1 分：已逾期未完成（进度 50%）",
    ),
    (
        "full marks",
        row(percent=100.0, computed_cents=200, state="done", is_done=True),
        (),
        "按比例：填报进度 100%，满分 2 分 × 100% = 2 分",
        "",
    ),
    (
        "windows",
        row(measure="windows", window_total=12, window_done=7, window_lost=2, windows_missed=1, computed_cents=117),
        (),
        "按比例：应完成频次 12 次，已完成 7 次，满分 2 分 × 7/12 = 1.17 分",
        "扣 0.83 分：频次应完成 12 次，已完成 7 次，频次缺 1 期",
    ),
    (
        "windows still open",
        row(measure="windows", window_total=4, window_done=3, computed_cents=150),
        (),
        "按比例：应完成频次 4 次，已完成 3 次，满分 2 分 × 3/4 = 1.5 分",
        "扣 0.5 分：频次应完成 4 次，已完成 3 次",
    ),
    (
        "all",
        row("all-or-nothing", "", state="verified", is_done=True, computed_cents=200),
        (),
        "完成得满分：已销号，得满分 2 分",
        "",
    ),
    (
        "nothing",
        row("all-or-nothing", "", percent=90.0, computed_cents=0),
        (),
        "完成得满分：未完成（进度 90%），得 0 分（满分 2 分）",
        "扣 2 分：未完成（进度 90%）",
    ),
    (
        "a tier",
        row("tiers", percent=79.9999, computed_cents=100),
        THREE,
        "分档：填报进度 79.9999%，在“60–80%（不含）”一档，得 1 分",
        "扣 1 分：填报进度 79.9999%，未达到 80%",
    ),
    (
        "the lower end of a tier",
        row("tiers", percent=80.0, computed_cents=150),
        THREE,
        "分档：填报进度 80%，在“80–100%（不含）”一档，得 1.5 分",
        "扣 0.5 分：填报进度 80%，未达到 100%",
    ),
    (
        "the best tier",
        row("tiers", percent=100.0, computed_cents=200),
        THREE,
        "分档：填报进度 100%，在“100%”一档，得 2 分",
        "",
    ),
    (
        "below every tier",
        row("tiers", percent=12.0, computed_cents=0),
        THREE,
        "分档：填报进度 12%，未达到最低一档（60%），得 0 分",
        "扣 2 分：填报进度 12%，未达到 60%",
    ),
    (
        "tiers not at hand",
        row("tiers", percent=12.0, computed_cents=0),
        None,
        "分档：填报进度 12%，得 0 分",
        "扣 2 分：填报进度 12%",
    ),
    (
        "tiers of windows: two thirds are above 66.66 % and below 66.67 %",
        row("tiers", "windows", window_total=3, window_done=2, computed_cents=100),
        [["66.66", "66.67", "1"], ["66.67", None, "2"]],
        "分档：频次完成 2/3，在“66.66–66.67%（不含）”一档，得 1 分",
        "扣 1 分：频次完成 2/3，未达到 66.67%",
    ),
    (
        "tiers of times",
        row("tiers", "times", times=2, computed_cents=150),
        [["1", "2", "1"], ["2", "3", "1.5"], ["3", None, "2"]],
        "分档：完成 2 次，在“2–3 次（不含）”一档，得 1.5 分",
        "扣 0.5 分：完成 2 次，未达到 3 次",
    ),
    (
        "per occurrence",
        row("per-occurrence", "times", times=3, step_cents=25, computed_cents=75),
        (),
        "按次：完成 3 次 × 每次 0.25 分 = 0.75 分",
        "扣 1.25 分：完成 3 次，得满分须 8 次",
    ),
    (
        "per occurrence, capped",
        row("per-occurrence", "times", times=9, step_cents=30, computed_cents=200),
        (),
        "按次：完成 9 次 × 每次 0.3 分 = 2.7 分，超过满分 2 分，计 2 分",
        "",
    ),
    (
        "a step that does not divide full marks",
        row("per-occurrence", "times", times=6, step_cents=30, computed_cents=180),
        (),
        "按次：完成 6 次 × 每次 0.3 分 = 1.8 分",
        "扣 0.2 分：完成 6 次，得满分须 7 次",
    ),
    (
        "missed windows",
        row("deduct", "missed", windows_missed=3, step_cents=20, lost_cents=60, computed_cents=140),
        (),
        "倒扣：满分 2 分 − 频次缺 3 期 × 0.2 分 = 1.4 分",
        "扣 0.6 分：频次缺 3 期",
    ),
    (
        "no missed windows",
        row("deduct", "missed", step_cents=20, lost_cents=0, computed_cents=200),
        (),
        "倒扣：满分 2 分 − 频次缺 0 期 × 0.2 分 = 2 分",
        "",
    ),
    (
        "below the floor",
        row("deduct", "missed", windows_missed=12, step_cents=20, lost_cents=240, floor_cents=50, computed_cents=50),
        (),
        "倒扣：满分 2 分 − 频次缺 12 期 × 0.2 分 = −0.4 分，低于下限 0.5 分，计 0.5 分",
        "扣 1.5 分：频次缺 12 期",
    ),
    (
        "incidents",
        row("deduct", "incidents", incidents=2, step_cents=50, lost_cents=130, computed_cents=70),
        (),
        "倒扣：满分 2 分 − 扣分事件 2 起共 1.3 分 = 0.7 分",
        "扣 1.3 分：扣分事件 2 起",
    ),
    (
        "a place",
        row("rank", "rank", place=6, computed_cents=100),
        [["1", "5", "2"], ["6", "15", "1"], ["16", None, "0.2"]],
        "按名次：第 6 名，在“6–15 名”一档，得 1 分",
        "扣 1 分：第 6 名",
    ),
    (
        "the only place of its tier",
        row("rank", "rank", place=1, computed_cents=200),
        [["1", "1", "2"], ["2", "5", "1"]],
        "按名次：第 1 名，在“1 名”一档，得 2 分",
        "",
    ),
    (
        "an open tier",
        row("rank", "rank", place=40, computed_cents=20),
        [["1", "5", "2"], ["6", "15", "1"], ["16", None, "0.2"]],
        "按名次：第 40 名，在“16 名以上”一档，得 0.2 分",
        "扣 1.8 分：第 40 名",
    ),
    (
        "beyond the places",
        row("rank", "rank", place=9, computed_cents=0),
        [["1", "5", "2"]],
        "按名次：第 9 名，不在得分的名次之内，得 0 分",
        "扣 2 分：第 9 名",
    ),
    (
        "no place",
        row("rank", "rank", computed_cents=pd.NA),
        [["1", "5", "2"]],
        "按名次：尚无名次，暂计 0 分（满分 2 分）",
        "扣 2 分：尚无名次",
    ),
    (
        "no mark",
        row("manual", "", computed_cents=pd.NA),
        (),
        "人工评分：尚未评分，暂计 0 分（满分 2 分）",
        "扣 2 分：尚未评分",
    ),
    (
        "a mark",
        row("manual", "", computed_cents=pd.NA, manual_cents=120, manual_reason="抽查八成。"),
        (),
        "人工评分 1.2 分（理由：抽查八成）",
        "扣 0.8 分：人工评分：抽查八成",
    ),
    (
        "a mark in the place of the rule",
        row(manual_cents=150, manual_reason="已验收"),
        (),
        "人工评分 1.5 分（理由：已验收），代替按规则计的 1 分",
        "扣 0.5 分：人工评分：已验收",
    ),
    (
        "a mark out of other full marks",
        row(given_cents=300, manual_reason="已验收"),
        (),
        "按比例：填报进度 50%，满分 2 分 × 50% = 1 分；"
        "此前的人工评分 3 分按另一满分评定，满分已改，不再有效",
        "扣 1 分：未完成（进度 50%）",
    ),
    (
        "no evidence",
        row(lacks_evidence=True, evidence_required=True),
        (),
        "按比例：填报进度 50%，满分 2 分 × 50% = 1 分；须有佐证，无佐证材料，计 0 分",
        "扣 2 分：须有佐证，无佐证材料；未完成（进度 50%）",
    ),
    (
        "done and not proven",
        row(lacks_evidence=True, evidence_required=True, percent=100.0, computed_cents=200),
        (),
        "按比例：填报进度 100%，满分 2 分 × 100% = 2 分；须有佐证，无佐证材料，计 0 分",
        "扣 2 分：须有佐证，无佐证材料",
    ),
    (
        "old evidence",
        row(
            lacks_evidence=True,
            evidence_required=True,
            percent=100.0,
            computed_cents=200,
            old_evidence=2,
            newest_evidence_on=pd.Timestamp(2019, 11, 30),
        ),
        (),
        "按比例：填报进度 100%，满分 2 分 × 100% = 2 分；"
        "须有佐证，现有 2 件佐证过旧（早于佐证起算日，最近一件 2019-11-30），计 0 分",
        "扣 2 分：须有佐证，现有 2 件佐证过旧（早于佐证起算日，最近一件 2019-11-30）",
    ),
    (
        "evidence",
        row(evidence_required=True, evidence=2),
        (),
        "按比例：填报进度 50%，满分 2 分 × 50% = 1 分；有效佐证 2 件",
        "扣 1 分：未完成（进度 50%）",
    ),
    (
        "not applicable",
        row(is_absent=True, state="not_applicable", computed_cents=0, self_cents=126, full_cents=164),
        (),
        "缺项（不适用）：按其余任务的得分率计，满分 1.64 分计 1.26 分",
        "",
    ),
    (
        "every window excused",
        row(measure="windows", is_absent=True, computed_cents=pd.NA, self_cents=126, full_cents=164),
        (),
        "缺项（各期频次均已免除）：按其余任务的得分率计，满分 1.64 分计 1.26 分",
        "",
    ),
    (
        "no points",
        row(None, full_cents=pd.NA, computed_cents=pd.NA, self_cents=pd.NA),
        (),
        "未设分值，不计分",
        "",
    ),
    (
        "not claimed",
        row("per-occurrence", "claims", kind="bonus", step_cents=100, computed_cents=0),
        (),
        "加分：未申报，计 0 分（上限 2 分）",
        "未申报",
    ),
    (
        "claimed",
        row("per-occurrence", "claims", kind="bonus", step_cents=50, claims=3, recognised=1, computed_cents=150),
        (),
        "加分：申报 3 次，其中已认定 1 次（申报未写分值的每次按 0.5 分计），合计 1.5 分（上限 2 分）",
        "申报 3 次，未达到上限 2 分",
    ),
    (
        "claimed beyond the cap",
        row("all-or-nothing", "", kind="bonus", claims=2, computed_cents=200),
        (),
        "加分：申报 2 次，其中已认定 0 次（申报未写分值的按满分 2 分计），合计达到上限，计 2 分",
        "",
    ),
    (
        "a bonus by hand, claimed without points",
        row("manual", "", kind="bonus", claims=1, computed_cents=0),
        (),
        "加分：申报 1 次，其中已认定 0 次（申报未写分值的不计分），合计 0 分（上限 2 分）",
        "申报 1 次，未达到上限 2 分",
    ),
    (
        "a penalty",
        row(
            "per-occurrence", "incidents", kind="penalty", full_cents=pd.NA, step_cents=50,
            incidents=2, lost_cents=150, computed_cents=150,
        ),
        (),
        "扣分：扣分事件 2 起（未写明扣分的每起扣 0.5 分），共扣 1.5 分",
        "扣 1.5 分：扣分事件 2 起",
    ),
    (
        "a penalty with a limit",
        row(
            "per-occurrence", "incidents", kind="penalty", full_cents=100, step_cents=50,
            incidents=3, lost_cents=150, computed_cents=100,
        ),
        (),
        "扣分：扣分事件 3 起（未写明扣分的每起扣 0.5 分），共扣 1.5 分，超过最多扣分 1 分，计 1 分",
        "扣 1 分：扣分事件 3 起",
    ),
    (
        "a penalty that did not happen",
        row("per-occurrence", "incidents", kind="penalty", full_cents=pd.NA, step_cents=50, lost_cents=0, computed_cents=0),
        (),
        "扣分：没有扣分事件，不扣分",
        "",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "tiers", "sentence", "reason"),
    [case[1:] for case in RULES],
    ids=[case[0] for case in RULES],
)
def test_a_score_in_words(given: Any, tiers: Any, sentence: str, reason: str):
    assert score_sentence(given, tiers) == sentence
    assert shortfall(given, tiers) == reason


@pytest.mark.parametrize(
    "sentence", [case[3] for case in RULES if " = " in case[3]], ids=lambda text: text[:12]
)
def test_the_arithmetic_written_is_right(sentence: str):
    """Recomputed from what the sentence itself says, half up to the hundredth."""
    left, _, right = sentence.partition(" = ")
    figures = re.findall(r"(\d+(?:\.\d+)?)(/\d+)?(%)?(?= |$)", left)
    amounts = [
        Decimal(figure) / (Decimal(below[1:]) if below else 1) / (100 if sign else 1)
        for figure, below, sign in figures
    ]
    if "−" in left:
        lost = left.partition("−")[2]
        parts = [Decimal(each) for each in re.findall(r"\d+(?:\.\d+)?", lost)]
        total = parts[0] * parts[1] if "×" in lost else parts[-1]
        exact = Decimal(re.findall(r"满分 (\S+)", left)[0]) - total
    else:
        exact = amounts[-2] * amounts[-1]
        if "每次" in left:
            times, step = re.search(r"完成 (\d+) 次 × 每次 (\S+) 分", left).groups()
            exact = Decimal(times) * Decimal(step)
    said = Decimal(re.match(r"-?\d+(?:\.\d+)?", right.replace("−", "-"))[0])
    assert said == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_a_day_of_evidence_is_written_as_in_tables():
    given = row(
        lacks_evidence=True,
        evidence_required=True,
        old_evidence=1,
        newest_evidence_on=date(2019, 1, 2),
    )
    assert "最近一件 2019-01-02" in shortfall(given)


OTHER_TOTALS = [
    # The row, its 已锁定 and 可达上限, and the sentence of each.
    (row(state="verified"), 100, 200, "已销号，计 1 分", "到评估日把还能做的做完，最多 2 分"),
    (row(), 0, 200, "没有销号，计 0 分", "到评估日把还能做的做完，最多 2 分"),
    (
        row("deduct", "missed", computed_cents=150, lacks_evidence=True, evidence_required=True),
        0,
        150,
        "没有有效佐证，计 0 分",
        "补齐佐证，最多 1.5 分；已经错过的频次补不回来，比满分少 0.5 分",
    ),
    (
        row("deduct", "incidents", computed_cents=150),
        0,
        150,
        "没有销号，计 0 分",
        "已得到能得的全部，最多 1.5 分；已触发的扣分补不回来，比满分少 0.5 分",
    ),
    (
        row("rank", "place", place=2, computed_cents=150),
        0,
        150,
        "没有销号，计 0 分",
        "已得到能得的全部，最多 1.5 分；名次已公布，比满分少 0.5 分",
    ),
    (
        row("manual", "", computed_cents=pd.NA),
        0,
        200,
        "没有销号，计 0 分",
        "取得评分或名次，最多 2 分",
    ),
    (
        row("per-occurrence", "claims", kind="bonus", claims=2, recognised=1),
        50,
        200,
        "申报 2 次，已认定 1 次，计 0.5 分",
        "申报并得到认定，最多 2 分",
    ),
    (
        row("per-occurrence", "incidents", kind="penalty", incidents=1),
        100,
        100,
        "已触发的扣分都算已锁定，扣 1 分",
        "已触发的扣分收不回来，扣 1 分",
    ),
    (
        row(is_absent=True, state="not_applicable"),
        80,
        160,
        "缺项，按其余任务已锁定的得分率计 0.8 分",
        "缺项，按其余任务可达的得分率计，最多 1.6 分",
    ),
]


@pytest.mark.parametrize(("given", "secured", "reachable", "said", "at_most"), OTHER_TOTALS)
def test_the_other_two_totals_say_where_they_come_from(given, secured, reachable, said, at_most):
    whole = SimpleNamespace(
        **vars(given), secured_cents=secured, reachable_cents=reachable, time_is_left=True
    )
    assert secured_sentence(whole) == said
    assert reachable_sentence(whole) == at_most


def test_after_the_day_of_assessment_nothing_more_is_reached():
    late = SimpleNamespace(**vars(row()), reachable_cents=100, time_is_left=False)
    assert reachable_sentence(late) == "评估日已到，不再增加，最多 1 分"
