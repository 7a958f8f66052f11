"""加分扣分: claims and incidents with their state; no points are invented."""

from __future__ import annotations

from on_screen import headline, table

from findings import progress

AUTUMN = "2020-09-30"


def test_items_are_the_answer(visit, figures):
    at = visit("bonus", demo=True, as_of=AUTUMN)
    rows = figures("bonus_penalty")
    assert headline(at) == progress.bonus_penalty(rows, scored=True)
    for kind in ("bonus", "penalty"):
        of_kind = rows[rows.kind == kind]
        shown = table(at, kind)
        assert list(shown["number"]) == list(of_kind.number)
        assert list(shown["claim_state"]) == list(of_kind.state)
        assert list(shown["evidence"]) == list(of_kind.evidence)
    # By the demonstration's scheme.
    assert list(table(at, "bonus")["full"]) == ["2", "2", "2"]
    assert list(table(at, "bonus")["self"]) == ["2", "1", "0"]
    assert list(table(at, "penalty")["cost"]) == ["0", "0", "0", "−0.5", "0"]


def test_without_a_scheme_no_points_are_invented(visit):
    for kind in ("bonus", "penalty"):
        assert set(table(visit("bonus"), kind)["points"]) == {"未设分值"}


def test_states_follow_the_day(visit):
    states = {
        day: set(table(visit("bonus", demo=True, as_of=day), "bonus")["claim_state"])
        for day in ("2020-01-01", AUTUMN)
    }
    assert states["2020-01-01"] == {"未申报"}
    assert "已认定" in states[AUTUMN]


def test_without_progress(visit):
    at = visit("bonus")
    assert "已认定 0 项，已申报待认定 0 项" in headline(at)
    assert set(table(at, "penalty")["claim_state"]) == {"未触发"}


def test_filters_narrow_the_items(visit, figures):
    at = visit("bonus", demo=True, as_of=AUTUMN, unit="厅科技处")
    rows = figures("bonus_penalty", units=("厅科技处",))
    assert list(table(at, "penalty")["number"]) == list(rows.query("kind == 'penalty'").number)
    assert headline(at) == progress.bonus_penalty(rows, scored=True)
