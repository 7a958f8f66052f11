"""Every question against its plain-Python answer on random small worlds, and once by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import metrics
from metrics import NO_LIMIT, Question, Scope, ask, questions
from tests.metrics import (
    answers,
    desk_answers,
    explored_answers,
    meeting_answers,
    monthly_answers,
    returns_answers,
    score_answers,
)
from tests.metrics.answers import Case, Row
from tests.metrics.surroundings import CLASSES, Surroundings, settle, surroundings
from tests.warehouse.strategies import INSTANTS, LEVEL1S, worlds_on_a_day
from tests.warehouse.world import Ledger, World
from warehouse import Warehouse
from warehouse.store import DEFINITIONS

SIGNALS = ("all", "worst", "overdue", "behind", "not_reported", "due_ahead")
LAMPS = ("red", "yellow", "green", "grey", "blue")
"""The gravest first, as in a list of tasks."""


@dataclass(frozen=True)
class Interest:
    """What a question may be asked about besides its scope."""

    task_id: UUID
    edition_id: UUID
    unit: str
    compare_on: date
    signal: str
    row_limit: int


@dataclass(frozen=True)
class Check:
    """How one question is checked."""

    answer: Callable[..., list[Row]]
    """Its twin, which takes the case and the same values."""
    values: Callable[[Case, Interest], list[dict[str, Any]]] = lambda _case, _interest: [{}]
    """Each set of values it is asked with."""
    order: Callable[[Row], Any] | None = None
    """Never falls from one row of the answer to the next."""
    is_listed: bool = False
    """The twin gives the rows in the order the answer must have."""
    unstated: frozenset[str] = frozenset()
    """Columns without a twin: wordings, and what a World keeps constant."""
    sets: frozenset[str] = frozenset()
    """Columns that name several things in any order."""


def of_task(_case: Case, interest: Interest) -> list[dict[str, Any]]:
    return [{"task_id": interest.task_id}]


def of_edition(_case: Case, interest: Interest) -> list[dict[str, Any]]:
    return [{"edition_id": interest.edition_id}]


def since(_case: Case, interest: Interest) -> list[dict[str, Any]]:
    return [{"compare_on": interest.compare_on}]


def all_and_first(
    values: Callable[[Case, Interest], list[dict[str, Any]]],
) -> Callable[[Case, Interest], list[dict[str, Any]]]:
    """The same values, once for all rows and once for the first few."""
    return lambda case, interest: [
        each | {"row_limit": limit}
        for each in values(case, interest)
        for limit in (NO_LIMIT, interest.row_limit)
    ]


def of_month(case: Case, _interest: Interest) -> list[dict[str, Any]]:
    """The month of the day, as far as the day."""
    month_start = case.as_of.replace(day=1)
    return [{"month_start": month_start, "eve": month_start - timedelta(days=1)}]


def of_unit_and_month(case: Case, interest: Interest) -> list[dict[str, Any]]:
    first = case.as_of.replace(day=1)
    month = {"month_start": first, "eve": first - timedelta(days=1)}
    return [{"unit": unit} | month for unit in (interest.unit, None)]


def of_trail(case: Case, interest: Interest) -> list[dict[str, Any]]:
    # Writing the world down leaves a line too, of today.
    everything = {
        **{"every_ledger": True, "first_on": None, "last_on": date(2021, 12, 31)},
        **{"authors": [], "actions": [], "sought": "", "row_limit": NO_LIMIT},
    }
    narrowed = {"first_on": interest.compare_on, "last_on": case.as_of, "authors": ["张三"]}
    return [
        everything,
        everything | {"every_ledger": False, "row_limit": interest.row_limit},
        everything | {"sought": interest.unit[:3], "actions": ["填报进展", "撤销", "更新口径"]},
        everything | {"sought": "第 1 项"},
        everything | {"authors": ["office1"]},
        everything | narrowed,
    ]


def falling(day: datetime | None) -> tuple[bool, float]:
    """Newest first, unknown last."""
    return (day is None, 0.0 if day is None else -day.timestamp())


def rising(day: datetime | None) -> tuple[bool, float]:
    return (day is None, 0.0 if day is None else day.timestamp())


def by_number(row: Row) -> int:
    return row["number"]


CHECKS = {
    "completion": Check(
        answers.completion,
        lambda _case, _interest: [{"by": by} for by in ("all", "level1", "level2", "theme")],
        is_listed=True,
        unstated=frozenset({"short_name"}),
    ),
    "trend": Check(
        answers.trend,
        lambda case, interest: [{"days": [interest.compare_on, case.as_of]}],
        is_listed=True,
    ),
    "compare_dates": Check(answers.compare_dates, since, is_listed=True),
    "changed_tasks": Check(
        answers.changed_tasks,
        all_and_first(since),
        lambda row: (row["change"], row["number"]),
        unstated=frozenset({"reason"}),
    ),
    "task_list": Check(
        answers.task_list,
        lambda _case, interest: [
            {"signal": "all", "row_limit": NO_LIMIT},
            {"signal": interest.signal, "row_limit": NO_LIMIT},
            {"signal": "worst", "row_limit": interest.row_limit},
        ],
        is_listed=True,
        unstated=frozenset({"reason"}),
    ),
    "cadence_unclear": Check(
        answers.cadence_unclear,
        order=by_number,
        sets=frozenset({"words"}),
        unstated=frozenset({"reason"}),
    ),
    "bonus_penalty": Check(answers.bonus_penalty, order=by_number),
    "unit_workload": Check(
        answers.unit_workload,
        order=lambda row: (
            CLASSES.index(row["class"]),
            -row["tasks"],
            -row["shared_load"],
        ),
    ),
    "unit_matrix": Check(answers.unit_matrix, order=lambda row: (row["unit"], row["first_number"])),
    "unit_windows": Check(
        answers.unit_windows,
        lambda _case, interest: [{"unit": interest.unit}],
        lambda row: (row["number"], row["period"], row["window_start"]),
    ),
    "unit_tasks": Check(
        answers.unit_tasks,
        lambda _case, interest: [{"unit": interest.unit}],
        lambda row: (
            not row["unit_is_overdue"],
            LAMPS.index(row["lamp"]),
            rising(row["effective_due_on"]),
            row["number"],
        ),
        unstated=frozenset({"reason"}),
    ),
    "units": Check(
        answers.units,
        order=lambda row: (CLASSES.index(row["class"]), not row["is_named"]),
    ),
    "overdue_ages": Check(answers.overdue_ages, is_listed=True),
    "overdue_by_unit": Check(
        answers.overdue_by_unit,
        order=lambda row: (-row["overdue"], -row["longest_overdue_days"]),
    ),
    "due_dates": Check(answers.due_dates, order=lambda row: rising(row["effective_due_on"])),
    "missed_windows": Check(
        answers.missed_windows,
        order=lambda row: (
            -round(row["missed"] / row["windows"], 9),
            -row["missed"],
            row["number"],
        ),
        unstated=frozenset({"reason"}),
    ),
    "task_card": Check(
        answers.task_card,
        of_task,
        unstated=frozenset(
            {
                *("basis", "reason", "printed_number", "responsible_text", "note"),
                *("responsible_inherited", "deadline_text", "deadline_inherited"),
                *("quantities", "source_column", "reading_basis", "file_name", "title"),
                # No extension of a World was agreed after the due day.
                "extended_late",
            }
        ),
    ),
    "task_units": Check(
        answers.task_units,
        of_task,
        lambda row: row["position"],
        sets=frozenset({"members"}),
    ),
    "task_history": Check(
        answers.task_history,
        of_task,
        lambda row: falling(row["effective_on"]),
    ),
    "task_windows": Check(
        answers.task_windows,
        of_task,
        lambda row: (row["period"], falling(row["window_start"])),
    ),
    "task_evidence": Check(
        answers.task_evidence,
        of_task,
        lambda row: (falling(row["effective_on"]), falling(row["recorded_at"])),
    ),
    "indicators": Check(answers.indicators, is_listed=True, unstated=frozenset({"kind"})),
    "theme_indicators": Check(answers.theme_indicators, is_listed=True),
    "ledgers": Check(
        answers.ledgers,
        order=lambda row: -row["year"],
        unstated=frozenset({"title", "file_name", "recorded_at"}),
    ),
    "withdrawn_ledgers": Check(answers.none_in_a_world, is_listed=True),
    "returned_forms": Check(
        answers.none_in_a_world,
        lambda case, _interest: [{"month": case.as_of.replace(day=1)}],
        is_listed=True,
    ),
    "tasks_of_unit": Check(
        answers.tasks_of_unit,
        lambda case, _interest: [{"unit_id": unit.unit_id} for unit in case.recorded.units[:2]],
        is_listed=True,
        unstated=frozenset({"task", "responsible_text"}),
    ),
    "editions": Check(
        answers.editions,
        order=lambda row: -row["year"],
        unstated=frozenset({"title", "file_name", "recorded_at", "withdrawn_at", "withdrawn_by"}),
    ),
    "edition_tasks": Check(
        answers.edition_tasks,
        all_and_first(of_edition),
        by_number,
        unstated=frozenset({"responsible_text", "deadline_text"}),
    ),
    "corrections": Check(
        answers.corrections, of_edition, lambda row: (row["number"], row["field"])
    ),
    "open_extensions": Check(
        answers.open_extensions,
        of_task,
        lambda row: row["requested_on"],
        unstated=frozenset({"reason", "recorded_by"}),
    ),
    "source_rows": Check(
        answers.source_rows,
        of_task,
        lambda row: row["source_row"],
        unstated=frozenset({"cells", "source_column"}),
    ),
    "month_returns": Check(
        returns_answers.month_returns,
        of_month,
        lambda row: (
            returns_answers.STATES.index(row["state"]),
            CLASSES.index(row["class"]),
            -row["missing"],
        ),
    ),
    "unreported_tasks": Check(
        returns_answers.unreported_tasks,
        of_unit_and_month,
        lambda row: CLASSES.index(row["class"]),
        unstated=frozenset({"reason", "deadline_text", "extended_late", "missed_in_words"}),
    ),
    "month_locks": Check(
        returns_answers.month_locks,
        lambda case, _interest: [{"month_start": case.as_of.replace(day=1)}],
        # By the order of entry, which the rows do not show.
        order=lambda _row: 0,
        unstated=frozenset({"reason", "recorded_by"}),
    ),
    "unit_month": Check(
        monthly_answers.unit_month,
        of_unit_and_month,
        is_listed=True,
        unstated=frozenset({"reason"}),
    ),
    "reported_completions": Check(
        desk_answers.reported_completions,
        all_and_first(lambda _case, _interest: [{}]),
        is_listed=True,
    ),
    "extension_requests": Check(desk_answers.extension_requests, is_listed=True),
    "changes": Check(desk_answers.changes, of_trail, is_listed=True),
    "change_authors": Check(desk_answers.change_authors, is_listed=True),
    "schemes": Check(score_answers.schemes, is_listed=True),
    "scheme_items": Check(score_answers.scheme_items, is_listed=True),
    "scores": Check(score_answers.scores, is_listed=True, unstated=frozenset({"reason"})),
    "score_totals": Check(
        score_answers.score_totals,
        lambda _case, _interest: [{"by": by} for by in ("all", "level1", "level2")],
        is_listed=True,
    ),
    "score_trend": Check(
        score_answers.score_trend,
        lambda case, interest: [{"days": [interest.compare_on, case.as_of]}],
        is_listed=True,
    ),
    "evidence_gaps": Check(score_answers.evidence_gaps, is_listed=True),
    "open_points": Check(score_answers.open_points, is_listed=True),
    "open_claims": Check(score_answers.open_claims, of_task, is_listed=True),
    "changes_since": Check(
        meeting_answers.changes_since,
        since,
        is_listed=True,
        unstated=frozenset({"reason"}),
    ),
    "red_duties": Check(
        meeting_answers.red_duties,
        order=lambda row: CLASSES.index(row["class"]),
        unstated=frozenset({"reason"}),
    ),
    "red_reasons": Check(
        meeting_answers.red_reasons,
        is_listed=True,
        unstated=frozenset(
            {"reason", "deadline_text", "extended_to", "stated_reason", "next_step"}
        ),
    ),
    "forecast": Check(
        meeting_answers.forecast,
        is_listed=True,
        unstated=frozenset({"reason", "deadline_text", "extended_to"}),
    ),
    "meetings": Check(meeting_answers.meetings, is_listed=True),
    "meeting_decisions": Check(
        meeting_answers.meeting_decisions,
        lambda _case, _interest: [
            {"quarter_ended_on": day} for day in (date(2020, 6, 30), date(2020, 9, 30))
        ],
        is_listed=True,
    ),
    "explored_tasks": Check(
        explored_answers.explored_tasks,
        is_listed=True,
        unstated=frozenset({"reason", "deadline_text", "source_table"}),
    ),
    "explored_duties": Check(
        explored_answers.explored_duties,
        order=lambda row: (row["number"], row["unit"]),
    ),
    "explored_texts": Check(explored_answers.explored_texts, is_listed=True),
    "explored_months": Check(
        explored_answers.explored_months,
        lambda case, interest: [{"days": [interest.compare_on, case.as_of]}],
        order=lambda row: (row["as_of"], row["task_id"]),
    ),
    "saved_views": Check(explored_answers.saved_views, is_listed=True),
    "reading": Check(answers.reading, order=lambda row: -row["source_rows"]),
    "reading_issues": Check(
        answers.reading_issues,
        order=lambda row: (row["source_table"], row["source_row"]),
    ),
}


@pytest.fixture(scope="module")
def shared() -> Iterator[Warehouse]:
    """One database in memory; every world in turn has it to itself."""
    opened = Warehouse(Path(":memory:"))
    yield opened
    opened.close()


# The files


def test_every_question_is_checked():
    assert {question.name for question in questions()} == CHECKS.keys()


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.name)
def test_first_line_says_what_the_figures_mean(question: Question):
    assert question.sql.startswith(f"-- {question.title}：{question.definition}\n")
    assert question.title
    assert question.definition.endswith("。")


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.name)
def test_values_come_in_by_name_only(question: Question):
    assert not [name for name in question.parameters if name.isdigit()]
    assert not re.search(r"[?{}]", without_comments(question.sql))


SQL_FILES = [
    *sorted(Path(metrics.__file__).parent.glob("*.sql")),
    *DEFINITIONS,
    *(
        Path(metrics.__file__).parents[1] / "warehouse" / "meanings" / f"{name}.sql"
        for name in ("scope", "scoring", "scored")
    ),
]


@pytest.mark.parametrize("path", SQL_FILES, ids=lambda path: path.stem)
def test_nothing_is_judged_on_the_day_it_is_asked(path: Path):
    sql = without_comments(path.read_text(encoding="utf-8"))
    assert not re.search(
        r"\b(current_(date|time|timestamp|local\w+)|localtime(stamp)?|(now|today|age|\w*_timestamp)\s*\()",
        sql.replace("make_timestamp", ""),
        re.IGNORECASE,
    )


def without_comments(sql: str) -> str:
    return re.sub(r"--.*", "", sql)


# Random worlds


@st.composite
def cases(draw: st.DrawFn) -> tuple[Case, Interest]:
    """A world on a day, a scope, and something in it to ask about."""
    world, as_of = draw(worlds_on_a_day())
    around = draw(surroundings(world, as_of))
    names = [unit.name for unit in world.units]
    scope = Scope(
        world.ledgers[0].ledger_id,
        as_of,
        tuple(draw(st.just([]) | st.lists(st.sampled_from(names), max_size=2))),
        tuple(draw(st.just([]) | st.lists(st.sampled_from(LEVEL1S), max_size=1))),
        tuple(draw(st.sampled_from([[], [], ["base"], ["bonus", "penalty"], ["penalty"]]))),
        verified_only=draw(st.booleans()),
        expanded=draw(st.booleans()),
        as_issued=draw(st.sampled_from([False, False, True])),
        known_at=draw(INSTANTS),
        scheme_id=draw(st.sampled_from([None, *(s.scheme_id for s in around.schemes)])),
    )
    interest = Interest(
        draw(st.sampled_from(world.tasks)).task_id,
        draw(st.sampled_from(world.editions)).edition_id,
        draw(st.sampled_from(names)),
        as_of - timedelta(days=draw(st.sampled_from([1, 30, 31, 90]))),
        draw(st.sampled_from(SIGNALS)),
        draw(st.integers(1, 3)),
    )
    return Case(world, around, scope), interest


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    # A world is small as it is drawn, and shrinking one that takes half a second takes minutes.
    phases=[Phase.generate],
)
@given(drawn=cases())
def test_every_answer_is_that_of_plain_python(shared: Warehouse, drawn: tuple[Case, Interest]):
    case, interest = drawn
    settle(shared, case.recorded, case.recorded_around)
    wrong = [
        said
        for name, check in CHECKS.items()
        for values in check.values(case, interest)
        if (said := disagreement(shared, case, name, values))
    ]
    assert not wrong, "\n".join(wrong)


def disagreement(warehouse: Warehouse, case: Case, name: str, values: dict[str, Any]) -> str | None:
    """What tells the answer from its twin, or None."""
    check = CHECKS[name]
    table = ask(warehouse, name, case.scope, **values)
    expected = [
        {column: plain(value) for column, value in row.items()}
        for row in check.answer(case, **values)
    ]
    stated = expected[0].keys() if expected else set(table.columns)
    if strange := (
        table.columns.difference(list(stated)).difference(list(check.unstated))
    ).tolist():
        return f"{name} {values}: columns without a twin {strange}"
    found = [
        {
            column: plain(
                set(row[column].split("、"))
                if column in check.sets and isinstance(row[column], str)
                else row[column]
            )
            for column in stated
        }
        for row in table.to_dict("records")
    ]
    if not check.is_listed:
        if check.order:
            keys = [check.order(row) for row in found]
            if keys != sorted(keys):
                return f"{name} {values}: out of order {keys}"
        found, expected = sorted(found, key=sort_key), sorted(expected, key=sort_key)
    if found == expected:
        return None
    if len(found) != len(expected):
        return f"{name} {values}: {len(found)} rows, expected {len(expected)}"
    cells = [
        f"{column} is {row[column]!r}, expected {twin[column]!r}"
        for row, twin in zip(found, expected, strict=True)
        for column in twin
        if row[column] != twin[column]
    ]
    return f"{name} {values}: {'; '.join(cells)}"


def sort_key(row: Row) -> list[tuple[str, str]]:
    return sorted((column, str(value)) for column, value in row.items())


def plain(value: Any) -> Any:
    """A value as the answer and its twin both have it: an instant for a day, six decimals."""
    if isinstance(value, set):
        return frozenset(value)
    if isinstance(value, np.ndarray):
        # Lists within a list come as arrays within an array.
        return tuple(plain(each) if isinstance(each, np.ndarray) else each for each in value)
    if value is None or value is pd.NA or value != value:
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, UUID):
        return str(value)
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, int | float | Fraction | Decimal) and not isinstance(value, bool):
        return round(float(value), 6)
    return value


# By hand


@dataclass
class Hand:
    """A world of one ledger of 2020, made by hand, in the shared database."""

    warehouse: Warehouse
    world: World = field(default_factory=World)
    around: Surroundings = field(default_factory=Surroundings)
    ledger: Ledger = None
    is_settled: bool = False

    def __post_init__(self):
        self.ledger = self.world.ledger(2020)

    def ask(self, name: str, as_of: date, values: dict[str, Any] | None = None, **scope: Any):
        """The answer, its facts having been written first."""
        if not self.is_settled:
            settle(self.warehouse, self.world, self.around)
            self.is_settled = True
        asked = Scope(self.ledger.ledger_id, as_of, **scope)
        return ask(self.warehouse, name, asked, **(values or {}))


@pytest.fixture
def hand(shared: Warehouse) -> Hand:
    return Hand(shared)


def cells(table: pd.DataFrame, *columns: str) -> list[tuple]:
    """The named columns of every row, in order; unknown is None, a midnight is a day."""

    def shown(value: Any) -> Any:
        value = plain(value)
        if isinstance(value, datetime) and value.time() == datetime.min.time():
            return value.date()
        return value

    return [tuple(shown(value) for value in row) for row in table[list(columns)].to_numpy(object)]


JUNE = date(2020, 6, 30)
JULY = date(2020, 7, 31)
YEAR_END = date(2020, 12, 31)


def test_completion_counts_base_tasks_that_apply(hand: Hand):
    world, ledger = hand.world, hand.ledger
    in_time, late, verified, overdue, not_applicable = (world.task(ledger, JUNE) for _ in range(5))
    world.task(ledger, YEAR_END, level1="工作保障")
    world.report(world.task(ledger, JUNE, kind="bonus"), "done", JUNE)
    world.report(in_time, "done", JUNE)
    world.report(late, "done", date(2020, 7, 1))
    world.report(verified, "done", JUNE)
    world.verify(verified, "accepted", date(2020, 7, 2))
    world.report(overdue, "in_progress", JUNE, percent=50)
    world.report(not_applicable, "not_applicable", JUNE)
    counts = ("tasks", "applicable", "done", "due", "due_done", "on_time", "overdue")
    rates = ("done_rate", "due_rate", "on_time_rate", "mean_percent")

    total = hand.ask("completion", JULY, {"by": "all"})
    assert cells(total, *counts) == [(6, 5, 3, 4, 3, 2, 1)]
    assert cells(total, *rates) == [(60, 75, 50, 70)]
    only_verified = hand.ask("completion", JULY, {"by": "all"}, verified_only=True)
    assert cells(only_verified, *counts) == [(6, 5, 1, 4, 1, 1, 1)]
    by_level1 = hand.ask("completion", JULY, {"by": "level1"})
    assert cells(by_level1, "level1", "tasks", "blue", "red", "grey") == [
        ("一级指标", 5, 3, 1, 1),
        # 58 points behind the plan.
        ("工作保障", 1, 0, 1, 0),
    ]


def test_completion_by_points_is_nought_before_anything_is_done(hand: Hand):
    hand.world.task(hand.ledger, YEAR_END, points=2)
    task = hand.world.task(hand.ledger, YEAR_END, points=6)
    hand.world.report(task, "done", JULY)
    by_points = {
        day: cells(hand.ask("completion", day, {"by": "all"}), "done_rate", "done_rate_by_points")
        for day in (JUNE, JULY)
    }
    assert by_points == {JUNE: [(0, 0)], JULY: [(50, 75)]}


def test_rates_by_points_weigh_only_tasks_that_have_them(hand: Hand):
    world = hand.world
    in_time, late, half, _ = (world.task(hand.ledger, JUNE, points=n) for n in (1, 3, 4, None))
    world.task(hand.ledger, YEAR_END, points=2)
    world.report(in_time, "done", JUNE)
    world.report(late, "done", JULY)
    world.report(half, "in_progress", JULY, percent=50)
    rates = [f"{name}_by_points" for name in ("done_rate", "due_rate", "on_time_rate")]
    found = hand.ask("completion", JULY, {"by": "all"})
    assert cells(found, "points", "points_due", "with_points", *rates) == [
        (10, 8, 4, 40, 50, 12.5),
    ]
    assert cells(found, "mean_percent_by_points") == [(60,)]


def test_rates_by_points_go_by_the_newest_scheme(hand: Hand):
    done, open_ = (hand.world.task(hand.ledger, YEAR_END, points=1) for _ in range(2))
    hand.world.report(done, "done", JUNE)
    for points in (9, 3):
        scheme = hand.around.scheme(hand.ledger, edition_id=hand.world.editions[0].edition_id)
        hand.around.item(scheme, done, points, "all-or-nothing")
        hand.around.item(scheme, open_, 1, "all-or-nothing")
    found = hand.ask("completion", JULY, {"by": "all"})
    assert cells(found, "points", "done_rate", "done_rate_by_points") == [(4, 50, 75)]


def test_completion_by_level2_keeps_the_headings_apart(hand: Hand):
    tasks = [hand.world.task(hand.ledger, level1=name) for name in ("甲", "甲", "乙", "甲")]
    hand.around.level2s = {
        task.task_id: level2
        for task, level2 in zip(tasks, ["开展评价", "应用结果", "", "开展评价"], strict=True)
    }
    hand.around.short_names = {"甲": "甲简称"}
    found = hand.ask("completion", JUNE, {"by": "level2"})
    assert cells(found, "level1", "short_name", "level2", "tasks") == [
        ("甲", "甲简称", "开展评价", 2),
        ("甲", "甲简称", "应用结果", 1),
        ("乙", "乙", "", 1),
    ]


def test_trend_judges_each_day_on_what_was_known_then(hand: Hand):
    task = hand.world.task(hand.ledger, date(2020, 7, 1))
    hand.world.report(task, "in_progress", date(2020, 6, 1), percent=40)
    hand.world.report(task, "done", date(2020, 7, 10))
    days = [date(2020, 5, 31), JUNE, date(2020, 7, 9), JULY]
    found = hand.ask("trend", JULY, {"days": days})
    assert cells(found, "as_of", "done", "overdue", "mean_percent") == [
        (date(2020, 5, 31), 0, 0, 0),
        (JUNE, 0, 0, 40),
        (date(2020, 7, 9), 0, 1, 40),
        (JULY, 1, 0, 100),
    ]
    # 151 of 182 days from 1 January to 1 July.
    assert found.expected_percent[0] == pytest.approx(100 * 151 / 182)


@pytest.mark.parametrize(
    ("signal", "row_limit", "numbers"),
    [
        ("all", NO_LIMIT, [1, 2, 3, 4, 5, 6, 7]),
        ("worst", NO_LIMIT, [3, 2, 6, 4]),
        ("worst", 2, [3, 2]),
        ("overdue", NO_LIMIT, [3, 2]),
        ("behind", NO_LIMIT, [3, 2]),
        ("not_reported", NO_LIMIT, [3, 2]),
        ("due_ahead", NO_LIMIT, [6, 4, 5]),
    ],
)
def test_task_list_by_signal_with_the_gravest_first(
    hand: Hand, signal: str, row_limit: int, numbers: list[int]
):
    # Done; 10 days overdue; 60 days overdue; due in 20 and in 90 days; due today; due in 91 days.
    dues = (JUNE, -10, -60, 20, 90, 0, 91)
    tasks = [
        hand.world.task(hand.ledger, d if isinstance(d, date) else JULY + timedelta(days=d))
        for d in dues
    ]
    hand.world.report(tasks[0], "done", JUNE)
    for task in tasks[3:]:
        hand.world.report(task, "in_progress", JULY, percent=95)
    found = hand.ask("task_list", JULY, {"signal": signal, "row_limit": row_limit})
    assert found.number.tolist() == numbers


def test_task_list_puts_the_nearer_due_day_first_when_all_else_is_equal(hand: Hand):
    # Both stand exactly where their plans say: 0 points behind.
    later = hand.world.task(hand.ledger, date(2020, 1, 31))
    sooner = hand.world.task(hand.ledger, date(2020, 1, 26))
    hand.world.report(later, "in_progress", date(2020, 1, 16), percent=50)
    hand.world.report(sooner, "in_progress", date(2020, 1, 16), percent=60)
    found = hand.ask("task_list", date(2020, 1, 16), {"signal": "worst", "row_limit": NO_LIMIT})
    assert cells(found, "number", "lamp", "points_behind", "days_left") == [
        (2, "yellow", 0, 10),
        (1, "yellow", 0, 15),
    ]


def test_task_list_names_units_in_the_order_of_the_ledger(hand: Hand):
    first, second = hand.world.unit("厅运输处"), hand.world.unit("厅法规处")
    hand.world.task(hand.ledger, units=[first, (second, "lead")])
    hand.world.task(hand.ledger)
    found = hand.ask("task_list", JUNE, {"signal": "all", "row_limit": NO_LIMIT})
    assert cells(found, "units", "lead_units", "percent") == [
        ("厅运输处、厅法规处", "厅法规处", None),
        (None, None, None),
    ]


def test_compare_dates_gives_points_gained_and_tasks_changed(hand: Hand):
    done, late, waiting = (hand.world.task(hand.ledger, date(2020, 7, 15)) for _ in range(3))
    hand.world.task(hand.ledger, YEAR_END)
    hand.world.report(done, "done", date(2020, 6, 1))
    hand.world.report(late, "done", date(2020, 7, 20))
    hand.world.report(waiting, "in_progress", date(2020, 7, 1), percent=20)
    dropped = hand.world.task(hand.ledger, level1="乙")
    hand.world.report(dropped, "done", date(2020, 6, 1))
    hand.world.report(dropped, "not_applicable", JULY)
    found = hand.ask("compare_dates", JULY, {"compare_on": JUNE})
    columns = ("done_rate", "done_rate_then", "change_points", "newly_done", "newly_overdue")
    assert cells(found, *columns, "percent_points") == [
        (50, 25, 25, 1, 1, 30),
        # Nothing applies any longer: no rate to compare.
        (None, 100, None, 0, 0, None),
    ]


def test_changed_tasks_say_how_each_changed(hand: Hand):
    new, late, withdrawn, overdue, still = (
        hand.world.task(hand.ledger, due)
        # The first is done late, but was not yet overdue in June.
        for due in (date(2020, 7, 10), date(2020, 6, 1), YEAR_END, date(2020, 7, 1), YEAR_END)
    )
    hand.world.report(new, "done", JULY)
    hand.world.report(late, "done", JULY)
    hand.world.report(withdrawn, "done", JUNE)
    hand.world.report(withdrawn, "in_progress", JULY)
    hand.world.report(still, "done", JUNE)
    found = hand.ask("changed_tasks", JULY, {"compare_on": JUNE, "row_limit": NO_LIMIT})
    assert sorted(cells(found, "number", "change", "state_then", "state")) == [
        (new.number, "新完成", "not_started", "done"),
        (late.number, "逾期后完成", "overdue", "done"),
        (withdrawn.number, "不再算完成", "done", "in_progress"),
        (overdue.number, "新逾期", "not_started", "overdue"),
    ]


def test_a_task_may_come_into_two_counts_and_stop_being_overdue_without_being_done(hand: Hand):
    reopened, extended = (hand.world.task(hand.ledger, day) for day in (JUNE, date(2020, 6, 1)))
    hand.world.report(reopened, "done", JUNE)
    hand.world.report(reopened, "in_progress", JULY)
    asked = hand.world.extension(extended, YEAR_END)
    hand.world.decide(asked, "approved", date(2020, 7, 15))
    found = hand.ask("changed_tasks", JULY, {"compare_on": JUNE, "row_limit": NO_LIMIT})
    columns = ("number", "change", "no_longer_done", "newly_overdue", "recovered")
    assert sorted(cells(found, *columns)) == [
        (reopened.number, "不再算完成", True, True, False),
        (extended.number, "逾期已解除", False, False, True),
    ]


def test_changes_since_tell_progress_and_editions_apart(hand: Hand):
    done, late, slow, mended, undone, kept, dropped = (
        hand.world.task(hand.ledger, due)
        for due in (
            *(YEAR_END, date(2020, 7, 10), YEAR_END, date(2020, 6, 1), YEAR_END, YEAR_END),
            YEAR_END,
        )
    )
    for task in (late, kept, dropped, slow):
        hand.world.report(task, "in_progress", date(2020, 6, 20), percent=60)
    hand.world.report(slow, "in_progress", JULY, percent=20)
    hand.world.report(kept, "in_progress", JULY, percent=80)
    hand.world.report(done, "done", JULY)
    hand.world.report(undone, "done", JUNE)
    hand.world.report(undone, "in_progress", JULY, percent=90)
    later = hand.world.edition(hand.ledger, date(2020, 7, 15))
    for task in (done, late, slow, mended, undone, kept):
        due = date(2020, 8, 31) if task is mended else task.due_on
        hand.world.task(hand.ledger, due, edition=later, revises=task)
    added = hand.world.task(hand.ledger, YEAR_END, edition=later)
    hand.world.report(mended, "in_progress", JULY, percent=95)
    settle(hand.warehouse, hand.world, hand.around)
    hand.is_settled = True
    with hand.warehouse.writing("测试") as writer:
        writer.cursor.execute(
            "update task set task = '新的文字' where task_id = ? and edition_id = ?",
            [kept.task_id, later.edition_id],
        )
        writer.record("测试", "task", kept.task_id)
    found = hand.ask("changes_since", JULY, {"compare_on": JUNE})
    assert cells(found, "change", "task_id") == [
        ("finished", str(done.task_id)),
        ("overdue", str(late.task_id)),
        ("slipped", str(slow.task_id)),
        ("recovered", str(mended.task_id)),
        ("reopened", str(undone.task_id)),
        ("redated", str(mended.task_id)),
        ("reworded", str(kept.task_id)),
        ("added", str(added.task_id)),
        ("removed", str(dropped.task_id)),
    ]
    (reworded,) = found[found.change == "reworded"].itertuples()
    assert (reworded.task_then, reworded.task) == ("任务", "新的文字")


def test_without_progress_no_change_is_called_late(hand: Hand):
    hand.world.task(hand.ledger, date(2020, 7, 10))
    assert hand.ask("changes_since", JULY, {"compare_on": JUNE}).empty


def two_units_and_a_collective(hand: Hand) -> None:
    """Task 1: 厅法规处 leads, 五市 help. Task 2: 五市 and 银川, overdue; 银川 did its part."""
    office = hand.world.unit("厅法规处")
    members = [hand.world.unit(name) for name in ("银川市交通运输局", "中卫市交通运输局")]
    cities = hand.world.unit("五市交通运输局", members=members)
    hand.around.classes = {
        office.unit_id: "厅机关处室",
        cities.unit_id: "集体",
        **{member.unit_id: "地方交通部门" for member in members},
    }
    first = hand.world.task(hand.ledger, JUNE, units=[(office, "lead"), (cities, "cooperate")])
    second = hand.world.task(hand.ledger, JUNE, units=[cities, members[0]], level1="乙")
    hand.world.report(first, "done", JUNE)
    hand.world.report(second, "done", JUNE, unit=members[0])


def test_unit_workload_as_written_and_with_members(hand: Hand):
    two_units_and_a_collective(hand)
    columns = ("unit", "tasks", "lead_tasks", "cooperate_tasks", "shared_load", "done", "overdue")
    assert cells(hand.ask("unit_workload", JULY), *columns) == [
        ("厅法规处", 1, 1, 0, 0.5, 1, 0),
        ("银川市交通运输局", 1, 0, 0, 0.5, 1, 0),
        ("五市交通运输局", 2, 0, 1, 1, 1, 1),
    ]
    # The members divide what their collective carries.
    assert cells(hand.ask("unit_workload", JULY, expanded=True), *columns) == [
        ("厅法规处", 1, 1, 0, 0.5, 1, 0),
        ("银川市交通运输局", 2, 0, 1, 0.25 + 0.75, 2, 0),
        ("中卫市交通运输局", 2, 0, 1, 0.25 + 0.25, 1, 1),
    ]


def test_a_unit_that_did_its_part_is_neither_behind_nor_silent(hand: Hand):
    slow, quick = hand.world.unit("厅运输处"), hand.world.unit("厅法规处")
    task = hand.world.task(hand.ledger, JUNE, units=[slow, quick])
    hand.world.report(task, "done", JUNE, unit=quick)
    found = hand.ask("unit_workload", JULY)
    columns = ("unit", "overdue", "behind", "not_reported", "longest_overdue_days")
    assert sorted(cells(found, *columns)) == sorted(
        [("厅运输处", 1, 1, 1, 31), ("厅法规处", 0, 0, 0, None)]
    )


def test_equal_rates_share_a_rank_and_few_tasks_have_none(hand: Hand):
    first, second, third, few, other = (
        hand.world.unit(name) for name in ("厅法规处", "厅建管处", "厅运输处", "厅人事处", "公路局")
    )
    hand.around.classes = {unit.unit_id: "厅机关处室" for unit in (first, second, third, few)}
    hand.around.classes[other.unit_id] = "厅属单位"
    for unit in (first, second):
        for _ in range(2):
            hand.world.report(hand.world.task(hand.ledger, YEAR_END, units=[unit]), "done", JUNE)
    # One has a task overdue, the other one that is not due: the rate is the same, and so is the rank.
    hand.world.task(hand.ledger, JUNE, units=[first])
    hand.world.task(hand.ledger, YEAR_END, units=[second])
    for _ in range(3):
        hand.world.task(hand.ledger, YEAR_END, units=[third, other])
    for _ in range(2):
        hand.world.report(hand.world.task(hand.ledger, YEAR_END, units=[few]), "done", JUNE)
    found = hand.ask("unit_workload", JULY)
    ranked = [
        (row.unit, None if pd.isna(row.rank_in_class) else row.rank_in_class, row.units_in_class)
        for row in found.itertuples()
    ]
    assert sorted(ranked) == sorted(
        [
            *[("厅法规处", 1, 3), ("厅建管处", 1, 3), ("厅运输处", 3, 3), ("厅人事处", None, 3)],
            ("公路局", 1, 1),
        ]
    )


def test_unit_matrix_counts_by_unit_and_indicator(hand: Hand):
    two_units_and_a_collective(hand)
    found = hand.ask("unit_matrix", JULY)
    assert sorted(cells(found, "unit", "level1", "tasks", "done", "overdue")) == sorted(
        [
            ("厅法规处", "一级指标", 1, 1, 0),
            ("五市交通运输局", "一级指标", 1, 1, 0),
            ("五市交通运输局", "乙", 1, 0, 1),
            ("银川市交通运输局", "乙", 1, 1, 0),
        ]
    )


def test_unit_tasks_say_by_which_collective_they_came(hand: Hand):
    two_units_and_a_collective(hand)
    columns = ("number", "role", "collective", "sharing_units", "unit_is_done")
    written = hand.ask("unit_tasks", JULY, {"unit": "银川市交通运输局"})
    assert cells(written, *columns) == [(2, "responsible", None, 2, True)]
    opened = hand.ask("unit_tasks", JULY, {"unit": "银川市交通运输局"}, expanded=True)
    assert sorted(cells(opened, *columns)) == [
        (1, "cooperate", "五市交通运输局", 3, True),
        (2, "responsible", "五市交通运输局", 2, True),
    ]


def test_overdue_ages_begin_the_day_after_the_due_day(hand: Hand):
    for days in (0, 1, 30, 31, 60, 61, 90, 91, 150):
        hand.world.task(hand.ledger, JULY - timedelta(days=days))
    assert cells(hand.ask("overdue_ages", JULY), "age", "tasks") == [
        ("1–30 天", 2),
        ("31–60 天", 2),
        ("61–90 天", 2),
        ("90 天以上", 2),
    ]


def test_overdue_by_unit_leaves_out_those_that_did_their_part(hand: Hand):
    slow, quick = hand.world.unit("厅运输处"), hand.world.unit("厅法规处")
    task = hand.world.task(hand.ledger, JUNE, units=[slow, quick])
    hand.world.task(hand.ledger, date(2020, 4, 30), units=[slow])
    hand.world.report(task, "done", JUNE, unit=quick)
    columns = ("unit", "overdue", "days_31_60", "days_over_90", "longest_overdue_days")
    assert cells(hand.ask("overdue_by_unit", JULY), *columns) == [("厅运输处", 2, 1, 1, 92)]


def test_due_dates_follow_extensions(hand: Hand):
    moved, _, done = (hand.world.task(hand.ledger, JUNE) for _ in range(3))
    hand.world.decide(hand.world.extension(moved, YEAR_END), "approved", date(2020, 6, 15))
    hand.world.report(done, "done", JUNE)
    columns = ("effective_due_on", "tasks", "done", "overdue", "open")
    assert cells(hand.ask("due_dates", JULY), *columns) == [
        (JUNE, 2, 1, 1, 0),
        (YEAR_END, 1, 0, 0, 1),
    ]


def test_missed_windows_count_only_those_that_ended(hand: Hand):
    task = hand.world.task(hand.ledger, YEAR_END)
    hand.world.cadence(task, "quarter", 2)
    hand.world.occurrence(task, date(2020, 2, 1), 5)
    hand.world.occurrence(task, date(2020, 5, 1))
    columns = ("windows", "required", "achieved", "missed", "newest_start", "starts")
    assert hand.ask("missed_windows", date(2020, 6, 29)).empty
    assert cells(hand.ask("missed_windows", JULY), *columns) == [
        (2, 4, 3, 1, date(2020, 4, 1), "04-01")
    ]
    assert cells(hand.ask("missed_windows", YEAR_END), *columns) == [
        (4, 8, 3, 3, date(2020, 10, 1), "04-01、07-01、10-01")
    ]


def test_cadence_is_unclear_where_a_word_stands_for_a_number(hand: Hand):
    vague, counted, plain_, bonus = (
        hand.world.task(hand.ledger, kind=kind) for kind in ("base", "base", "base", "bonus")
    )
    hand.world.cadence(counted, "month")
    words = "及时公开，定期通报，定期更新。"
    hand.around.texts = {task.task_id: words for task in (vague, counted, bonus)}
    found = hand.ask("cadence_unclear", JUNE)
    assert found.number.tolist() == [vague.number] != [plain_.number]
    assert set(found.words[0].split("、")) == {"及时", "定期"}


def test_bonus_and_penalty_states(hand: Hand):
    world, around = hand.world, hand.around
    silent, claimed, recognised = (world.task(hand.ledger, kind="bonus") for _ in range(3))
    quiet, happened = (world.task(hand.ledger, kind="penalty", points=3) for _ in range(2))
    world.task(hand.ledger)
    around.claim(claimed, "claimed", JUNE, points=1)
    around.claim(recognised, "recognised", JUNE, points=2, narrative="已获推广。")
    around.claim(silent, "claimed", date(2020, 8, 1))
    wrong = around.incident(happened, JUNE, points=9)
    around.incident(happened, JUNE, points=1, corrects=wrong)
    around.incident(happened, JULY, points=1.5)
    around.prove(recognised, JUNE)
    around.prove(recognised, None, recorded_on=date(2020, 8, 1))
    columns = ("number", "state", "times", "newest_on", "evidence", "full_points", "points")
    assert cells(hand.ask("bonus_penalty", JULY), *columns) == [
        (silent.number, "未申报", 0, None, 0, None, None),
        (claimed.number, "已申报", 1, JUNE, 0, None, None),
        (recognised.number, "已认定", 1, JUNE, 1, None, 2),
        (quiet.number, "未触发", 0, None, 0, 3, None),
        (happened.number, "已触发", 2, JULY, 0, 3, 2.5),
    ]


def test_task_units_show_what_each_reported_itself(hand: Hand):
    office, city = hand.world.unit("厅法规处"), hand.world.unit("银川市交通运输局")
    cities = hand.world.unit("五市交通运输局", members=[city])
    task = hand.world.task(hand.ledger, JUNE, units=[(office, "lead"), cities])
    hand.world.report(task, "in_progress", date(2020, 5, 1), percent=30, unit=office)
    hand.world.report(task, "in_progress", JUNE, percent=60, unit=office)
    found = hand.ask("task_units", JULY, {"task_id": task.task_id})
    assert cells(found, "unit", "role", "members", "is_done", "percent", "reported_on") == [
        ("厅法规处", "lead", None, False, 60, JUNE),
        ("五市交通运输局", "responsible", "银川市交通运输局", None, None, None),
    ]


def test_a_silent_collective_stands_in_the_task_card_as_its_members_do(hand: Hand):
    members = [hand.world.unit(name) for name in ("银川市交通运输局", "中卫市交通运输局")]
    cities = hand.world.unit("五市交通运输局", members=members)
    task = hand.world.task(hand.ledger, JUNE, units=[cities])
    hand.world.report(task, "done", JUNE, unit=members[0])
    found = hand.ask("task_units", JULY, {"task_id": task.task_id})
    assert cells(found, "is_done", "percent", "reported_on") == [(False, 50, JUNE)]


def test_task_history_keeps_what_was_corrected(hand: Hand):
    world = hand.world
    task = world.task(hand.ledger, JUNE)
    wrong = world.report(task, "in_progress", date(2020, 5, 1), percent=62.5)
    world.report(task, "in_progress", date(2020, 5, 1), percent=26, corrects=wrong)
    asked = world.extension(task, YEAR_END)
    world.decide(asked, "approved", JUNE)
    world.occurrence(task, date(2020, 7, 1), 3)
    world.report(task, "done", JULY)
    world.report(task, "done", date(2020, 8, 1))
    found = hand.ask("task_history", JULY, {"task_id": task.task_id})
    assert cells(found, "effective_on", "what", "said", "corrected") == [
        (JULY, "填报", "已完成", False),
        (date(2020, 7, 1), "频次记录", "完成 3 次", False),
        (JUNE, "延期审批", "同意延至 2020-12-31", False),
        (JUNE, "申请延期", "申请延至 2020-12-31", False),
        (date(2020, 5, 1), "填报", "进行中，进度 26%", False),
        (date(2020, 5, 1), "填报", "进行中，进度 63%", True),
    ]


def test_task_windows_newest_first(hand: Hand):
    task = hand.world.task(hand.ledger, YEAR_END)
    hand.world.cadence(task, "quarter")
    hand.world.occurrence(task, date(2020, 3, 31))
    found = hand.ask("task_windows", JULY, {"task_id": task.task_id})
    assert cells(found, "window_start", "window_end", "times", "state") == [
        (date(2020, 7, 1), date(2020, 9, 30), 0, "open"),
        (date(2020, 4, 1), JUNE, 0, "missed"),
        (date(2020, 1, 1), date(2020, 3, 31), 1, "met"),
    ]


def test_task_evidence_without_a_day_counts_from_its_entry(hand: Hand):
    task = hand.world.task(hand.ledger, JUNE)
    first = hand.around.prove(task, JUNE)
    hand.around.prove(task, None, recorded_on=date(2020, 8, 1))
    hand.around.prove(task, date(2020, 5, 1), recorded_on=date(2020, 8, 1))
    hand.around.prove(task, date(2020, 4, 1), corrects=first)
    found = hand.ask("task_evidence", JULY, {"task_id": task.task_id})
    assert cells(found, "title", "effective_on") == [
        ("材料 3", date(2020, 5, 1)),
        ("材料 4", date(2020, 4, 1)),
    ]


def test_task_card_is_of_one_task_on_one_day(hand: Hand):
    hand.world.task(hand.ledger, YEAR_END)
    task = hand.world.task(hand.ledger, JUNE)
    hand.world.report(task, "in_progress", JUNE, percent=80)
    found = hand.ask("task_card", JULY, {"task_id": task.task_id})
    columns = ("number", "state", "overdue_days", "percent", "expected_percent", "lamp", "reason")
    assert cells(found, *columns) == [(2, "overdue", 31, 80, 100, "red", "逾期 31 天")]


def test_units_list_members_behind_those_the_ledger_names(hand: Hand):
    city = hand.world.unit("银川市交通运输局")
    cities = hand.world.unit("五市交通运输局", members=[city])
    hand.world.unit("厅财务处")
    hand.around.classes = {city.unit_id: "地方交通部门", cities.unit_id: "集体"}
    hand.world.task(hand.ledger, units=[cities])
    assert cells(hand.ask("units", JUNE), "unit", "class", "is_named", "collectives") == [
        ("银川市交通运输局", "地方交通部门", False, "五市交通运输局"),
        ("五市交通运输局", "集体", True, None),
    ]


def test_indicators_in_the_order_of_the_ledger(hand: Hand):
    for level1, kind in (("乙", "base"), ("甲", "base"), ("乙", "base"), ("加分项", "bonus")):
        hand.world.task(hand.ledger, level1=level1, kind=kind)
    hand.around.short_names = {"甲": "甲简称"}
    # A filter does not shorten the list one filters by.
    found = hand.ask("indicators", JUNE, level1s=("甲",))
    assert cells(found, "level1", "short_name", "kind", "tasks") == [
        ("乙", "乙", "base", 2),
        ("甲", "甲简称", "base", 1),
        ("加分项", "加分项", "bonus", 1),
    ]


def test_a_theme_goes_by_the_narrower_indicator_that_is_listed(hand: Hand):
    wide, narrow, bare = (hand.world.task(hand.ledger, level1=name) for name in ("甲", "甲", "乙"))
    hand.world.task(hand.ledger, level1="甲", kind="bonus")
    hand.around.level2s = {wide.task_id: "其他", narrow.task_id: "甲之二"}
    hand.around.themes = {
        "甲之二": ("平台", "某文"),
        "甲": ("保障", "某文"),
        "丙": ("保障", "另文"),
    }
    found = hand.ask("theme_indicators", JUNE)
    assert cells(found, "indicator", "theme", "source", "tasks") == [
        ("甲之二", "平台", "某文", 1),
        ("甲", "保障", "某文", 1),
        ("丙", "保障", "另文", 0),
        ("乙", "未归入主题", None, 1),
    ]
    rates = hand.ask("completion", JUNE, {"by": "theme"})
    assert cells(rates, "theme", "tasks", "tasks_share") == [
        ("保障", 1, 33.333333),
        ("平台", 1, 33.333333),
        ("未归入主题", 1, 33.333333),
    ]
    listed = hand.ask("task_list", JUNE, {"signal": "all", "row_limit": NO_LIMIT})
    themes = dict(cells(listed, "number", "theme"))
    assert themes[bare.number] == "未归入主题"
    assert (themes[wide.number], themes[narrow.number]) == ("保障", "平台")


def test_ledgers_newest_year_first(hand: Hand):
    older = hand.world.ledger(2019)
    task = hand.world.task(hand.ledger)
    hand.world.task(older)
    hand.world.task(older, kind="bonus")
    hand.world.report(task, "in_progress", JUNE)
    found = hand.ask("ledgers", JUNE)
    assert cells(found, "year", "tasks", "base_tasks", "has_progress", "ended_on") == [
        (2020, 1, 1, True, YEAR_END),
        (2019, 2, 1, False, date(2019, 12, 31)),
    ]


def test_every_edition_keeps_its_own_tasks_and_corrections(hand: Hand):
    first = hand.world.task(hand.ledger, JUNE)
    edition = hand.world.edition(hand.ledger, JULY)
    again = hand.world.task(hand.ledger, YEAR_END, revises=first)
    hand.world.task(hand.ledger)
    hand.around.correct(again, "due_on", "2020-10-31", "2020-12-31")
    found = hand.ask("editions", JUNE)
    assert cells(found, "edition_number", "effective_on", "tasks", "issues", "corrections") == [
        (2, JULY, 2, 0, 1),
        (1, date(2020, 1, 1), 1, 0, 0),
    ]
    dues = {
        asked: cells(
            hand.ask("edition_tasks", JUNE, {"edition_id": asked, "row_limit": NO_LIMIT}),
            "number",
            "due_on",
        )
        for asked in (first.edition_id, edition.edition_id)
    }
    assert dues == {
        first.edition_id: [(1, JUNE)],
        edition.edition_id: [(1, YEAR_END), (2, None)],
    }
    assert hand.ask("corrections", JUNE, {"edition_id": first.edition_id}).empty
    corrected = hand.ask("corrections", JUNE, {"edition_id": edition.edition_id})
    columns = ("number", "field", "before", "after")
    assert cells(corrected, *columns) == [(1, "due_on", "2020-10-31", "2020-12-31")]


def test_source_rows_show_two_rows_on_either_side(hand: Hand):
    task = hand.world.task(hand.ledger)
    rows = [(number, "task", 1) for number in (1, 4, 7, 10, 13, 16, 19)]
    hand.around.issued(hand.world.editions[0], rows)
    # A text ledger's cell: some lines below the line its row begins with.
    hand.around.places = {task.task_id: 12}
    found = hand.ask("source_rows", JUNE, {"task_id": task.task_id})
    assert cells(found, "source_row", "is_here") == [
        (4, False),
        (7, False),
        (10, True),
        (13, False),
        (16, False),
    ]


def test_reading_accounts_for_every_row(hand: Hand):
    hand.world.task(hand.ledger)
    rows = [(1, "title", 0), (2, "header", 0), (3, "task", 1), (4, "task", 2), (5, "task", 1)]
    hand.around.issued(hand.world.editions[0], rows)
    found = hand.ask("reading", JUNE)
    assert sorted(cells(found, "reading", "source_rows", "tasks")) == [
        ("header", 1, 0),
        ("task", 3, 4),
        ("title", 1, 0),
    ]
    assert hand.ask("reading_issues", JUNE).empty
