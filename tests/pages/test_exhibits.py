"""An exhibit is one finding: the same sentence, columns and figure wherever it is drawn."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from on_screen import charts

import metrics
from findings import exhibits
from words import COLUMNS

AUTUMN, SUMMER = date(2020, 9, 30), date(2020, 6, 30)
FIRST, LAST = date(2020, 1, 1), date(2020, 12, 31)
MADE = {
    "completion": lambda ask: exhibits.completion(ask("completion", by="level1"), 10),
    "rates": lambda ask: exhibits.completion_rates(ask("completion", by="level1")),
    "rates by level2": lambda ask: exhibits.completion_rates(
        ask("completion", by="level2"), level="level2", within="信用评价"
    ),
    "counts": lambda ask: exhibits.task_counts(ask("completion", by="level1")),
    "lamps": lambda ask: exhibits.lamps(ask("completion", by="level1")),
    "trend": lambda ask: exhibits.trend(ask("trend", days=[SUMMER, AUTUMN]), beside=6),
    "changes": lambda ask: exhibits.changes(ask("compare_dates", compare_on=SUMMER), SUMMER),
    "ages": lambda ask: exhibits.overdue_ages(ask("overdue_ages")),
    "due dates": lambda ask: exhibits.due_dates(ask("due_dates"), AUTUMN, FIRST, judged=True),
    "workload": lambda ask: exhibits.workload(ask("unit_workload"), judged=True),
    "matrix": lambda ask: exhibits.unit_matrix(ask("unit_matrix"), ["厅法规处"]),
    "ranking": lambda ask: exhibits.class_ranking("厅机关处室", ask("unit_workload")),
    "returns": lambda ask: exhibits.month_returns(
        ask("month_returns", month_start=date(2020, 9, 1), eve=date(2020, 8, 31))
    ),
    "windows": lambda ask: exhibits.unit_windows(
        "厅法规处", ask("unit_windows", unit="厅法规处"), FIRST, LAST, AUTUMN
    ),
}


@pytest.mark.parametrize("name", MADE)
def test_an_exhibit_has_all_that_is_shown(figures, name):
    exhibit = MADE[name](figures)
    assert exhibit.question in {each.name for each in metrics.questions()}
    assert exhibit.definition == metrics.question(exhibit.question).definition
    assert exhibit.sentence
    assert len(exhibit.rows)
    assert exhibit.figure().data
    assert list(exhibit.table) == [COLUMNS[column] for column in exhibit.columns]


def test_a_ledger_without_progress_shows_counts_and_no_rate(figures):
    rows = figures("completion", demo=False, by="level1")
    assert list(exhibits.completion_rates(rows).table) == ["一级指标", "任务"]


def test_a_page_and_the_meeting_draw_the_same_exhibit(visit):
    page, meeting = (
        visit(name, demo=True, as_of="2020-09-30") for name in ("indicators", "meeting")
    )
    assert charts(page)[0] == charts(meeting)[0]
    rates = page.dataframe[0].value
    (shown,) = [each.value for each in meeting.dataframe if list(each.value) == list(rates)]
    pd.testing.assert_frame_equal(shown, rates)
