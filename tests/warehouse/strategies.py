"""Random small worlds, and days on which judging them is interesting.

Owns what is drawn and how often. Worlds are crowded on purpose: everything happens to a few tasks
and units on a few days, so that ties, corrections, returns and borders of windows meet often. Reports
on whole tasks, imported columns and reports of units are mixed; what was true first need not have
been entered first, and in some worlds the clock was set back between two entries.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from loaders.model import PERIODS, ROLES
from tests.warehouse import twin
from tests.warehouse.world import Ledger, Task, Unit, World
from warehouse import ALL_KNOWN

LEVEL1S = ("加强事中信用评价", "完善事后信用奖惩")
# Of a leap year; borders of months, weeks and years come up far more often than by chance.
BORDERS = [
    *(date(2020, month, 1) for month in range(1, 13)),
    *(date(2020, month, 1) - timedelta(days=1) for month in range(1, 13)),
    date(2020, 3, 15),
    date(2020, 6, 28),
    date(2020, 6, 29),
    date(2020, 12, 31),
    date(2021, 1, 3),
    date(2021, 3, 31),
]
DAYS = st.sampled_from(BORDERS) | st.dates(date(2020, 1, 2), date(2021, 1, 10))
PLANNED = st.sampled_from([0, 20, 50, 80, 90, 100])
PERCENTS = st.sampled_from([None, 0, 10, 20, 40, 50, 62.5, 70, 80, 90, 90, 100])
INSTANTS = st.just(ALL_KNOWN) | st.integers(0, 40).map(
    lambda minute: datetime(2020, 1, 1, 0, minute, 30)
)
"""Of what was known; entries are made in the first minutes of the year."""
STATES = st.sampled_from(
    ["done", "done", "done", "in_progress", "in_progress", "not_started", "not_applicable"]
)
EXCUSES = ["excused", "excused", "excused", "withdrawn"]
LOCKS = ["closed", "closed", "reopened"]
SETTINGS = {
    "behind_yellow_points": ["0", "10", "15"],
    "behind_red_points": ["20", "30"],
    "due_soon_days": ["0", "30", "45"],
    "report_due_day": ["1", "5", "28"],
    "first_listed_leads": ["是", "否"],
    "fewest_ranked": ["0", "1", "3"],
    "fewest_for_percent": ["0", "2", "5"],
    "red_overdue_only": ["是", "否"],
}


@st.composite
def worlds_on_a_day(draw: st.DrawFn) -> tuple[World, date]:
    """Up to two ledgers, six tasks, five units, all that was recorded about them, and a day.

    The day is one on which something happened or is due, or a day or a month beside it.
    """
    days = sorted(draw(st.lists(DAYS, min_size=3, max_size=6, unique=True)))
    world = draw(_worlds(st.sampled_from(days)))
    due = [task.due_on for task in world.tasks if task.due_on]
    as_of = draw(st.sampled_from([*due, *due, *days[1:], days[-1]]))
    return world, as_of + timedelta(days=draw(st.sampled_from([0, 0, 0, 0, 1, 1, -1, -30, -31])))


@st.composite
def _worlds(draw: st.DrawFn, days: st.SearchStrategy[date]) -> World:
    world = World()
    years = draw(st.sampled_from([[2020], [2020], [2020, 2021], [2020, 2020]]))
    ledgers = [world.ledger(year) for year in years]
    units = [
        world.unit(name)
        for name in ("厅法规处", "银川市交通运输局", "中卫市交通运输局", "厅建管处")
    ]
    units.append(world.unit("五市交通运输局", members=units[1:3]))
    for _ in range(draw(st.sampled_from([1, 2, 2, 3, 3, 4, 6]))):
        _task(draw, world, draw(st.sampled_from(ledgers)), units, days)
    tasks = list(world.tasks)
    if draw(_now_and_then()):
        _revise(draw, world, draw(st.sampled_from(ledgers)), units, days)
    for _ in range(draw(_few(0, 8))):
        _occurrence(draw, world, draw(st.sampled_from(tasks)), units, days)
    clock = _Clock(draw)
    _progress(draw, world, tasks, units, days, clock)
    for _ in range(draw(st.sampled_from([0, 0, 1, 2, 4]))):
        planned = draw(st.sampled_from(tasks))
        if draw(st.booleans()):
            world.stated_plan(planned, draw(st.dictionaries(days, PLANNED, min_size=1, max_size=3)))
            continue
        world.plan(planned, draw(days), draw(PLANNED), corrects=_one_in_ten(draw, world.plans))
    _extensions(draw, world, [task for task in tasks if task.due_on], days, clock)
    _afterthoughts(draw, world, tasks, days, clock)
    for _ in range(draw(_few(0, 3))):
        key = draw(st.sampled_from(sorted(SETTINGS)))
        value = draw(st.sampled_from(SETTINGS[key]))
        owner = draw(st.none() | st.sampled_from(ledgers))
        world.setting(key, value, owner, recorded_at=clock.shows())
    if draw(_now_and_then()):
        world.setting("started_on", draw(days).isoformat(), draw(st.sampled_from(ledgers)))
    return world


def _few(least: int, most: int) -> st.SearchStrategy[int]:
    """From `least` to `most`, the larger numbers more often; shrinks to `least`."""
    return st.sampled_from([n for n in range(least, most + 1) for _ in range(n - least + 1)])


def _now_and_then() -> st.SearchStrategy[bool]:
    return st.sampled_from([False, False, False, True])


def _task(
    draw: st.DrawFn, world: World, ledger: Ledger, units: list[Unit], days: st.SearchStrategy[date]
) -> None:
    # Now and then a unit is named twice, in two roles.
    named = draw(st.lists(st.sampled_from(units), min_size=1, max_size=4))
    roles = st.sampled_from([*ROLES, "responsible", "responsible"])
    task = world.task(
        ledger,
        draw(st.one_of(st.none(), days, DAYS, DAYS)),
        units=[(unit, draw(roles)) for unit in named],
        kind=draw(st.sampled_from(["base"] * 9 + ["bonus", "penalty"])),
        level1=draw(st.sampled_from(LEVEL1S)),
        points=draw(st.sampled_from([None, 0, 2, 5.5])),
    )
    for _ in range(draw(st.sampled_from([0, 1, 1, 2]))):
        world.cadence(task, draw(st.sampled_from(PERIODS)), draw(st.sampled_from([1, 1, 2, 3])))


def _revise(
    draw: st.DrawFn, world: World, ledger: Ledger, units: list[Unit], days: st.SearchStrategy[date]
) -> None:
    """A second edition that keeps every task, re-dated and given to one unit; sometimes taken back."""
    before = [task for task in world.tasks if task.ledger_id == ledger.ledger_id]
    edition = world.edition(ledger, draw(days))
    for task in before:
        world.task(
            ledger,
            draw(DAYS) if task.due_on else None,
            units=[draw(st.sampled_from(units))],
            kind=task.kind,
            level1=task.level1,
            points=task.points,
            edition=edition,
            revises=task,
        )
    if draw(_now_and_then()):
        world.withdraw(edition.edition_id)


def _occurrence(
    draw: st.DrawFn, world: World, task: Task, units: list[Unit], days: st.SearchStrategy[date]
) -> None:
    demanded = [c.period for c in world.cadences if c.task_id == task.task_id]
    period = draw(st.sampled_from([None, None, *demanded, "month"]))
    by = st.none() | st.sampled_from(units)
    day, unit = draw(days | DAYS), draw(by)
    added = world.occurrence(task, day, draw(_few(1, 3)), unit=unit, period=period)
    if draw(_now_and_then()):
        world.occurrence(task, draw(days), unit=unit, corrects=added)
    # Another unit, or the same, enters the same day.
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        world.occurrence(
            task,
            day,
            draw(_few(1, 3)),
            unit=draw(by),
            period=draw(st.sampled_from([period, None])),
            another_occasion=draw(_now_and_then()),
        )


class _Clock:
    """What the clock shows at each entry; it may be set back, so that it tells no order."""

    def __init__(self, draw: st.DrawFn):
        self._draw = draw
        self._minute = 0
        self._is_set = draw(_now_and_then())

    def shows(self) -> datetime:
        self._minute += 1
        if self._is_set and self._draw(_now_and_then()):
            self._minute = self._draw(st.integers(0, 40))
        return datetime(2020, 1, 1) + timedelta(minutes=self._minute)


def _progress(
    draw: st.DrawFn,
    world: World,
    tasks: list[Task],
    units: list[Unit],
    days: st.SearchStrategy[date],
    clock: _Clock,
) -> None:
    """Reports and verdicts, in the order in which they are entered."""
    # Reports on a whole task speak for all of its units, so in some worlds there are none.
    whole = draw(st.sampled_from([[], [None], [None] * 4]))
    verdicts = draw(st.sampled_from([0, 1, 1, 2]))
    for _ in range(draw(_few(0, 26))):
        if draw(st.integers(0, 3)) < verdicts:
            _verification(draw, world, tasks, units, days, clock)
        else:
            _report(draw, world, draw(st.sampled_from(tasks)), [*units, *whole * 2], days, clock)


def _report(
    draw: st.DrawFn,
    world: World,
    task: Task,
    subjects: list[Unit | None],
    days: st.SearchStrategy[date],
    clock: _Clock,
) -> None:
    # Mostly the units that the task names report on it; a collective's members do so for it.
    named = {a.unit_id for a in world.assignments if a.task_id == task.task_id}
    named |= {m.member_id for m in world.memberships if m.collective_id in named}
    likely = [unit for unit in subjects if unit and unit.unit_id in named]
    unit = draw(st.sampled_from([*likely, *likely, *likely, *subjects]))
    state = draw(STATES)
    is_column = unit is None and draw(st.booleans())
    world.report(
        task,
        state,
        draw(days),
        percent=None if state == "done" else draw(PERCENTS),
        unit=unit,
        source="column" if is_column else "entry",
        day_known=not (is_column and state == "done" and draw(st.booleans())),
        corrects=_one_in_ten(draw, world.reports),
        recorded_at=clock.shows(),
    )


def _verification(
    draw: st.DrawFn,
    world: World,
    tasks: list[Task],
    units: list[Unit],
    days: st.SearchStrategy[date],
    clock: _Clock,
) -> None:
    # The office mostly answers a completion that was reported, on that day or near it.
    completions = [report for report in world.reports if report.state == "done"]
    task_of = {task.task_id: task for task in tasks}
    unit_of = {unit.unit_id: unit for unit in units}
    task = draw(st.sampled_from(tasks))
    unit = draw(st.none() | st.sampled_from(units))
    effective_on = draw(days)
    if completions and not draw(_now_and_then()):
        answered = draw(st.sampled_from(completions))
        task = task_of[answered.task_id]
        unit = draw(st.sampled_from([None, unit_of.get(answered.unit_id)]))
        effective_on = answered.effective_on + timedelta(days=draw(st.integers(-1, 1)))
    world.verify(
        task,
        draw(st.sampled_from(["accepted", "accepted", "returned"])),
        effective_on,
        unit=unit,
        corrects=_one_in_ten(draw, world.verifications),
        recorded_at=clock.shows(),
    )


def _extensions(
    draw: st.DrawFn,
    world: World,
    dated: list[Task],
    days: st.SearchStrategy[date],
    clock: _Clock,
) -> None:
    for _ in range(draw(_few(0, 3)) if dated else 0):
        added = world.extension(
            draw(st.sampled_from(dated)),
            draw(DAYS),
            corrects=_one_in_ten(draw, world.extensions),
        )
        for _ in range(draw(_few(0, 2))):
            world.decide(
                added,
                draw(st.sampled_from(["approved", "approved", "refused"])),
                draw(days),
                corrects=_one_in_ten(draw, world.decisions),
                recorded_at=clock.shows(),
            )


def _afterthoughts(
    draw: st.DrawFn,
    world: World,
    tasks: list[Task],
    days: st.SearchStrategy[date],
    clock: _Clock,
) -> None:
    """Entries taken back, windows excused, months closed."""
    entries = [
        *(report.report_id for report in world.reports),
        *(occurrence.occurrence_id for occurrence in world.occurrences),
        *(verification.verification_id for verification in world.verifications),
        *(plan.plan_id for plan in world.plans),
        *(decision.decision_id for decision in world.decisions),
        *(extension.extension_id for extension in world.extensions),
    ]
    for _ in range(draw(_few(0, 2)) if entries else 0):
        world.withdraw(draw(st.sampled_from(entries)))
    for _ in range(draw(_few(0, 3)) if world.cadences else 0):
        cadence = draw(st.sampled_from(world.cadences))
        task = next(task for task in tasks if task.task_id == cadence.task_id)
        ledger = next(v for v in world.ledgers if v.ledger_id == task.ledger_id)
        first_day = twin.started_on(world, ledger)
        start, _ = twin.period_around(cadence.period, draw(days), first_day)
        outcome = draw(st.sampled_from(EXCUSES))
        world.excuse(task, cadence.period, start, outcome, recorded_at=clock.shows())
    for _ in range(draw(_few(0, 2))):
        month = draw(days).replace(day=1)
        outcome = draw(st.sampled_from(LOCKS))
        owner = draw(st.sampled_from(world.ledgers))
        world.lock(owner, month, outcome, recorded_at=clock.shows())


def _one_in_ten(draw: st.DrawFn, rows: list) -> object | None:
    """Now and then, one of the rows there are already, to be corrected."""
    if rows and draw(st.integers(0, 9)) == 9:
        return draw(st.sampled_from(rows))
    return None
