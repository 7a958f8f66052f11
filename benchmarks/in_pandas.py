"""The main figures worked out in pandas, as someone would who keeps the raw tables in memory.

Owns a second, independent way to each figure; the benchmark refuses to print times for answers that
differ. Pandas is given every advantage: the tables are loaded before the clock starts, ids are
small integers instead of UUIDs, and the reason in words that SQL writes beside each lamp is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import pandas as pd

from benchmarks.generate import rows

OPEN_STATES = ("returned", "in_progress", "not_started", "overdue")
CHARGED_ROLES = ("lead", "responsible")


@dataclass(frozen=True)
class Frames:
    """The raw tables, with `task` and `unit` as row numbers of their tables (-1 for none)."""

    tasks: pd.DataFrame
    units: pd.DataFrame
    members: pd.DataFrame
    assignments: pd.DataFrame
    reports: pd.DataFrame
    verifications: pd.DataFrame
    approvals: pd.DataFrame
    cadences: pd.DataFrame
    occurrences: pd.DataFrame


def read_frames(cursor: duckdb.DuckDBPyConnection) -> Frames:
    """Every table of the generated ledger; superseded reports are left out, as no one corrects later."""
    return Frames(**{name: rows(cursor, f"frame_{name}") for name in Frames.__dataclass_fields__})


@dataclass(frozen=True)
class Judged:
    """One day's judgement."""

    tasks: pd.DataFrame
    """One row per task with its state, lamp and the three signals."""
    done_parts: pd.DataFrame
    """(task, unit) of every unit done with its own part."""


def judge(frames: Frames, day: date) -> Judged:
    """The tasks on `day`, with the thresholds as shipped."""
    as_of = pd.Timestamp(day)
    parts = _parts(frames, _subjects(frames, as_of))
    tasks = frames.tasks.join(_progress(parts), how="left")
    approved = frames.approvals[frames.approvals.decided_on <= as_of].sort_values("decided_on")
    tasks["due"] = (
        approved.groupby("task").new_due_on.last().reindex(tasks.index).fillna(tasks.due_on)
    )
    tasks = tasks.join(_cadence(frames, tasks.due, as_of), how="left")
    tasks["missed"] = tasks.missed.fillna(0)
    tasks["windows"] = tasks.windows.fillna(0)

    start = pd.Timestamp(day.year, 1, 1)
    base = tasks.kind == "base"
    tasks["percent"] = tasks.percent.fillna(0).where(base)
    elapsed = 100 * (as_of - start).days / (tasks.due - start).dt.days
    tasks["expected"] = elapsed.clip(upper=100).where(base)
    done = base & (tasks.reported_state == "done")
    tasks["state"] = np.select(
        [
            ~base,
            tasks.reported_state == "not_applicable",
            done & (tasks.verified == True),  # noqa: E712 (it may be missing)
            done,
            base & (tasks.reported_state == "returned"),
            tasks.due < as_of,
            (tasks.reported_state == "in_progress") | (tasks.percent > 0),
        ],
        ["", "not_applicable", "verified", "done", "returned", "overdue", "in_progress"],
        "not_started",
    )
    is_open = tasks.state.isin(OPEN_STATES)
    tasks["is_done"] = done
    tasks["is_applicable"] = base & (tasks.state != "not_applicable")
    tasks["late"] = done & (tasks.done_on > tasks.due)
    tasks["overdue"] = is_open & (tasks.due < as_of)
    tasks["overdue_days"] = (as_of - tasks.due).dt.days.where(tasks.overdue)
    days_left = (tasks.due - as_of).dt.days
    points_behind = (tasks.expected - tasks.percent).where(is_open)
    tasks["behind"] = is_open & ((points_behind >= 10) | (tasks.missed > 0))
    tasks["not_reported"] = is_open & ~(tasks.reported_on >= as_of.replace(day=1))
    tasks["lamp"] = np.select(
        [
            ~tasks.is_applicable,
            done,
            tasks.overdue | (points_behind > 30),
            days_left.between(0, 30) | (points_behind >= 10) | (tasks.missed > 0),
            tasks.due.isna() & (tasks.windows == 0) & tasks.reported_on.isna(),
        ],
        ["grey", "blue", "red", "yellow", "grey"],
        "green",
    )
    return Judged(tasks, parts.loc[parts.reported_state == "done", ["task", "unit"]])


def completion_by_level1(judged: Judged) -> pd.DataFrame:
    """level1 → applicable, done, overdue, behind, done rate, mean percent and the count of each lamp."""
    base = judged.tasks[judged.tasks.kind == "base"]
    groups = base.groupby("level1", sort=False)
    answer = groups.agg(
        first=("number", "min"),
        applicable=("is_applicable", "sum"),
        done=("is_done", "sum"),
        overdue=("overdue", "sum"),
        behind=("behind", "sum"),
        not_reported=("not_reported", "sum"),
        mean_percent=("percent", "mean"),
        expected_percent=("expected", "mean"),
    )
    answer["done_rate"] = 100 * answer.done / answer.applicable
    lamps = groups.lamp.value_counts().unstack(fill_value=0)
    return answer.join(lamps).sort_values("first").drop(columns="first").reset_index()


def states(judged: Judged) -> pd.DataFrame:
    """(state, lamp) → tasks, of base tasks."""
    base = judged.tasks[judged.tasks.kind == "base"]
    return base.groupby(["state", "lamp"]).size().rename("tasks").reset_index()


def unit_workload(frames: Frames, judged: Judged) -> pd.DataFrame:
    """unit → tasks, shared load, done and overdue, collectives as written."""
    duties = frames.assignments.merge(
        judged.tasks[["is_done", "overdue", "is_applicable"]], left_on="task", right_index=True
    )
    duties["share"] = 1 / duties.groupby("task").unit.transform("size")
    pairs = pd.MultiIndex.from_frame(duties[["task", "unit"]])
    own_done = pairs.isin(pd.MultiIndex.from_frame(judged.done_parts))
    duties["done"] = (duties.is_done | own_done) & duties.is_applicable
    duties["overdue"] &= ~own_done
    answer = duties.groupby("unit").agg(
        tasks=("task", "size"),
        shared_load=("share", "sum"),
        done=("done", "sum"),
        overdue=("overdue", "sum"),
    )
    named = answer.rename_axis("id").join(frames.units.unit)
    return named.sort_values("unit").reset_index(drop=True)


def overdue_ages(judged: Judged) -> pd.DataFrame:
    """Overdue tasks by age, in the order of the ages."""
    days = judged.tasks.overdue_days[judged.tasks.overdue]
    ages = pd.cut(days, [0, 30, 60, 90, np.inf], labels=False)
    counts = ages.value_counts().reindex(range(4), fill_value=0).sort_index()
    return counts.rename("tasks").reset_index(drop=True).to_frame()


def trend(judged_days: dict[date, Judged]) -> pd.DataFrame:
    """day → applicable, done, overdue, done rate."""
    lines = []
    for day, judged in judged_days.items():
        base = judged.tasks[judged.tasks.kind == "base"]
        applicable, done = base.is_applicable.sum(), base.is_done.sum()
        lines.append(
            (pd.Timestamp(day), applicable, done, base.overdue.sum(), 100 * done / applicable)
        )
    return pd.DataFrame(lines, columns=["as_of", "applicable", "done", "overdue", "done_rate"])


def _subjects(frames: Frames, as_of: pd.Timestamp) -> pd.DataFrame:
    """One row per (task, unit) that reported by the day, and per (task, -1) reported on as a whole.

    What stands for a unit is the newest of its own reports and those on the whole task, by effective
    day and then by order of entry. Verdicts are on whole tasks here, and each speaks of the
    completions entered before it.
    """
    reports = frames.reports[frames.reports.effective_on <= as_of]
    whole, own = (reports[chosen] for chosen in (reports.unit == -1, reports.unit != -1))
    pairs = own[["task", "unit"]].drop_duplicates()
    for_units = pairs.merge(whole.drop(columns="unit"), on="task")
    reports = pd.concat([own, whole, for_units]).sort_values("order_key")
    checks = frames.verifications[frames.verifications.effective_on <= as_of]
    newest = checks.pivot_table(index="task", columns="outcome", values="entry", aggfunc="max")
    before = newest.reindex(index=reports.task, columns=["accepted", "returned"])
    is_done = reports.state == "done"
    reports["returned"] = is_done & (reports.entry.to_numpy() < before.returned.to_numpy())
    reports["accepted"] = is_done & (reports.entry.to_numpy() < before.accepted.to_numpy())
    reports["standing"] = reports.state.mask(reports.returned)
    reports["open_percent"] = reports.percent.mask(is_done)
    keys = ["task", "unit"]
    open_keys = reports.order_key.where(~is_done)
    last_open = open_keys.groupby([reports.task, reports.unit]).transform("max")
    # Work taken up again ends the completion reported before it.
    in_completion = is_done & ~reports.returned & ~(reports.order_key < last_open)
    reports["completed_on"] = reports.effective_on.where(in_completion)
    reports["accepted_on"] = reports.effective_on.where(in_completion & reports.accepted)
    reports["completed"] = is_done & ~reports.returned
    subjects = reports.groupby(keys).agg(
        reported_state=("standing", "last"),
        open_percent=("open_percent", "last"),
        reported_on=("effective_on", "max"),
        completed_on=("completed_on", "min"),
        accepted_on=("accepted_on", "min"),
        returned=("returned", "any"),
        completed=("completed", "any"),
    )
    state = subjects.reported_state
    state = state.mask(
        subjects.returned & ~subjects.completed & (state != "not_applicable"), "returned"
    )
    subjects["reported_state"] = state
    subjects["percent"] = np.select(
        [state == "done", state == "returned"],
        [100, subjects.open_percent.fillna(100)],
        subjects.open_percent,
    )
    subjects["done_on"] = subjects.accepted_on.fillna(subjects.completed_on.where(state == "done"))
    subjects["verified"] = subjects.accepted_on.notna()
    return subjects[["reported_state", "percent", "reported_on", "done_on", "verified"]]


def _parts(frames: Frames, subjects: pd.DataFrame) -> pd.DataFrame:
    """One row per assigned (task, unit) and what stands for the unit; `is_charged`: it carries the task.

    That is its own sequence; for a collective that did not report, of whose members one did, what
    stands for its members together; else the reports on the whole task.
    """
    parts = frames.assignments[["task", "unit", "role"]].copy()
    carries = parts.role.isin(CHARGED_ROLES)
    parts["is_charged"] = carries | ~carries.groupby(parts.task).transform("any")
    pairs = pd.MultiIndex.from_frame(parts[["task", "unit"]])
    by_members = parts[~pairs.isin(subjects.index)].merge(
        frames.members, left_on="unit", right_on="collective"
    )
    reported = pd.MultiIndex.from_frame(by_members[["task", "member"]]).isin(subjects.index)
    by_members = by_members[
        pd.Series(reported).groupby([by_members.task, by_members.unit]).transform("any").to_numpy()
    ]
    standing = _standing(by_members[["task", "member"]], subjects)
    together = _rolled(standing.assign(unit=by_members.unit.to_numpy()), ["task", "unit"])
    found = _standing(parts[["task", "unit"]], subjects)
    silent = ~pairs.isin(together.index)
    parts = pd.concat([parts.reset_index(drop=True), found.drop(columns="task")], axis=1)
    return pd.concat(
        [
            parts[silent],
            parts.loc[~silent, ["task", "unit", "role", "is_charged"]].join(
                together, on=["task", "unit"]
            ),
        ]
    )


def _standing(pairs: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """`task` and what stands for each (task, unit) of `pairs`: its own sequence, else the whole task's."""
    tasks = pairs.iloc[:, 0].to_numpy()
    own = subjects.index.get_indexer(pd.MultiIndex.from_frame(pairs))
    whole = subjects.index.get_indexer(pd.MultiIndex.from_product([[-1], tasks]).swaplevel())
    rows = np.where(own == -1, whole, own)
    # A row number of -1 finds nothing.
    found = subjects.reset_index(drop=True).reindex(rows).reset_index(drop=True)
    return found.assign(task=tasks)


def _progress(parts: pd.DataFrame) -> pd.DataFrame:
    """task → reported_state, percent, reported_on, done_on, verified, of the units that carry it."""
    rolled = _rolled(parts[parts.is_charged], ["task"])
    rolled["reported_on"] = parts.groupby("task").reported_on.max()
    return rolled


def _rolled(parts: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Group → its state, percent and days; a part without a report counts as not started, and one for
    which the task does not apply counts nothing."""
    state = parts.reported_state
    exempt = state == "not_applicable"
    counted = parts.assign(
        exempt=exempt,
        is_done=(state == "done") | exempt,
        returned=state == "returned",
        idle=(state.fillna("not_started") == "not_started") | exempt,
        percent=parts.percent.fillna(0).mask(exempt),
        verified=parts.verified.eq(True) | exempt,
    )
    groups = counted.groupby(keys)
    rolled = groups.agg(
        all_exempt=("exempt", "all"),
        all_done=("is_done", "all"),
        any_returned=("returned", "any"),
        all_idle=("idle", "all"),
        percent=("percent", "mean"),
        reported_on=("reported_on", "max"),
        done_on=("done_on", "max"),
        verified=("verified", "all"),
    )
    rolled["reported_state"] = np.select(
        [rolled.all_exempt, rolled.all_done, rolled.any_returned, rolled.all_idle],
        ["not_applicable", "done", "returned", "not_started"],
        "in_progress",
    )
    rolled["done_on"] = rolled.done_on.where(rolled.all_done)
    rolled["verified"] &= rolled.all_done
    return rolled.drop(columns=["all_exempt", "all_done", "any_returned", "all_idle"])


def _cadence(frames: Frames, due: pd.Series, as_of: pd.Timestamp) -> pd.DataFrame:
    """task → windows that ended by the day, and how many of them fell short."""
    ended_on = pd.Timestamp(as_of.year, 12, 31)
    demands = frames.cadences.copy()
    demands["ends_on"] = demands.task.map(due).fillna(ended_on)
    demands["ends_on"] = demands.ends_on.where(demands.ends_on <= ended_on, ended_on)
    window_ends = {
        "week": pd.date_range(f"{as_of.year}-01-01", ended_on, freq="W-SUN"),
        "month": pd.date_range(f"{as_of.year}-01-01", ended_on, freq="ME"),
        "quarter": pd.date_range(f"{as_of.year}-01-01", ended_on, freq="QE"),
    }
    scores = []
    happened = frames.occurrences[frames.occurrences.occurred_on <= as_of]
    for period, ends in window_ends.items():
        demanded = demands[demands.period == period].copy()
        limit = demanded.ends_on.where(demanded.ends_on <= as_of, as_of)
        demanded["windows"] = ends.searchsorted(limit, side="right")
        done = happened[happened.period == period]
        done = done.assign(window=ends.searchsorted(done.occurred_on))
        done = done.groupby(["task", "window"]).times.sum().reset_index()
        done = done.merge(demanded[["task", "min_count", "windows"]], on="task")
        met = done[(done.times >= done.min_count) & (done.window < done.windows)]
        demanded["missed"] = demanded.windows - demanded.task.map(met.task.value_counts()).fillna(0)
        scores.append(demanded[["task", "windows", "missed"]])
    return pd.concat(scores).groupby("task").sum()
