"""The office's sentences: what waits, what changed, and why nothing was stored."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from findings import progress, verdicts

SEPTEMBER = date(2020, 9, 30)


def headline(days: list[int], pending: int, **context: bool) -> str:
    claims = pd.DataFrame(
        {
            "state": ["waiting"] * len(days) + ["accepted"],
            "waiting_days": [*days, None],
            "all_waiting": len(days),
            "all_waiting_tasks": 1,
        }
    )
    requests = pd.DataFrame({"state": ["pending"] * pending + ["refused"]})
    given = {"has_tasks": True, "has_progress": True} | context
    return verdicts.verification(claims, requests, SEPTEMBER, **given)


@pytest.mark.parametrize(
    ("days", "pending", "said"),
    [
        (
            [3, 18],
            3,
            "截至 9 月 30 日，2 件完成（涉及 1 项任务）待核验，最早的已等 18 天；3 件延期待审批。",
        ),
        # Entered today: nobody has waited yet.
        ([0], 0, "截至 9 月 30 日，1 件完成（涉及 1 项任务）待核验。"),
        ([], 1, "截至 9 月 30 日，1 件延期待审批。"),
        ([], 0, "截至 9 月 30 日，没有待核验的完成，也没有待审批的延期。"),
    ],
)
def test_what_waits_for_the_office(days, pending, said):
    assert headline(days, pending) == said


def test_nothing_waits_where_nothing_was_reported():
    said = headline([], 0, has_progress=False)
    assert said == "没有待核验的完成，也没有待审批的延期：这份台账还没有任何进展填报。"
    # A request may be made before anything is reported.
    assert headline([], 1, has_progress=False) == "截至 9 月 30 日，1 件延期待审批。"
    assert headline([], 0, has_tasks=False) == "所选范围内没有基本任务，请放宽筛选条件。"


def test_the_trail_says_how_many_and_the_last():
    rows = pd.DataFrame(
        {
            "matching": [1234, 1234],
            "recorded_by": ["李强", "王芳"],
            "recorded_at": pd.to_datetime(["2020-09-30 08:05", "2020-09-29 08:00"]),
            "action": ["销号", "填报进展"],
        }
    )
    last = "最近一条由李强于 2020-09-30 08:05 录入（销号）。"
    assert progress.changes(rows, filtered=False) == f"共有 1,234 条变更，{last}"
    assert progress.changes(rows, filtered=True) == f"符合条件的 1,234 条变更，{last}"
    assert progress.changes(rows.head(0), filtered=True).startswith("没有符合条件的变更")
    assert progress.changes(rows.head(0), filtered=False) == "还没有任何变更。"


@pytest.mark.parametrize(
    ("names", "named"),
    [(["甲"], "甲"), (["甲", "乙", "丙"], "甲、乙、丙"), (list("甲乙丙丁"), "甲、乙、丙等 4 项")],
)
def test_a_few_are_named_and_the_rest_counted(names, named):
    assert verdicts.no_longer_as_shown(names).startswith(f"{named}在页面打开之后有了变化")
    assert verdicts.unticked(names).startswith(f"{named}刚刚有了变化")
    early = verdicts.dated_too_early(names, date(2020, 9, 1), SEPTEMBER, "完成日期")
    newest = "是" if len(names) == 1 else "最晚是"
    assert early == f"{named}的完成日期{newest} 2020-09-30，所填日期 2020-09-01 不能更早，请改正。"
