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

OPEN_STATES = ("in_progress", "not_started", "overdue")
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
    subjects = _subjects(frames, as_of)
    tasks = frames.tasks.join(_progress(frames, subjects), how="left")
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
            tasks.due < as_of,
            (tasks.reported_state == "in_progress") | (tasks.percent > 0),
        ],
        ["", "not_applicable", "verified", "done", "overdue", "in_progress"],
        "not_started",
    )
    is_open = tasks.state.isin(OPEN_STATES)
    tasks["is_done"] = done
    tasks["is_applicable"] = base & (tasks.state != "not_applicable")
    tasks["late"] = done & (tasks.done_on > tasks.due)
    tasks["overdue"] = tasks.state == "overdue"
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
    return Judged(tasks, _done_parts(frames, subjects))


def _done_parts(frames: Frames, subjects: pd.DataFrame) -> pd.DataFrame:
    """(task, unit) of every unit done with its part; a collective that did not report itself is
    done when all its members are."""
    reported = subjects[subjects.unit != -1]
    done = reported[reported.reported_state == "done"][["task", "unit"]]
    by_member = frames.members.merge(done, left_on="member", right_on="unit")
    finished = by_member.groupby(["task", "collective"]).size().rename("finished").reset_index()
    sizes = frames.members.groupby("collective").size()
    finished = finished[finished.finished == finished.collective.map(sizes)]
    of_collectives = finished[["task", "collective"]].rename(columns={"collective": "unit"})
    themselves = pd.MultiIndex.from_frame(reported[["task", "unit"]])
    silent = ~pd.MultiIndex.from_frame(of_collectives).isin(themselves)
    return pd.concat([done, of_collectives[silent]], ignore_index=True)


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


def _progress(frames: Frames, subjects: pd.DataFrame) -> pd.DataFrame:
    """task → reported_state, percent, reported_on, done_on, verified."""
    whole = subjects[subjects.unit == -1].set_index("task").drop(columns="unit")
    by_unit = subjects[subjects.unit != -1]
    by_unit = by_unit[~by_unit.task.isin(whole.index)]
    charged = frames.assignments[frames.assignments.task.isin(by_unit.task)]
    carries = charged.role.isin(CHARGED_ROLES)
    charged = charged[carries | ~carries.groupby(charged.task).transform("any")][["task", "unit"]]
    own = charged.merge(by_unit, on=["task", "unit"], how="left")
    missing = own[own.reported_state.isna()][["task", "unit"]]
    members = missing.merge(frames.members, left_on="unit", right_on="collective")
    members = members.merge(
        by_unit,
        left_on=["task", "member"],
        right_on=["task", "unit"],
        how="left",
        suffixes=("", "_"),
    )
    of_collectives = _rolled(members, ["task", "unit"]).reset_index()
    of_collectives = of_collectives[of_collectives.reported_on.notna()]
    own = own[own.reported_state.notna()]
    silent = missing.merge(of_collectives[["task", "unit"]], how="left", indicator=True)
    silent = silent[silent._merge == "left_only"][["task", "unit"]]
    parts = pd.concat([own, of_collectives, silent], ignore_index=True)
    rolled = _rolled(parts, ["task"])
    rolled["reported_on"] = by_unit.groupby("task").reported_on.max()
    return pd.concat([whole, rolled])


def _rolled(parts: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Group → its state, percent and days; a part without a report counts as not started."""
    is_done = parts.reported_state == "done"
    counted = parts.assign(
        is_done=is_done,
        idle=parts.reported_state.fillna("not_started") == "not_started",
        percent=parts.percent.fillna(0),
        verified=parts.verified.eq(True),
    )
    groups = counted.groupby(keys)
    rolled = groups.agg(
        all_done=("is_done", "all"),
        all_idle=("idle", "all"),
        percent=("percent", "mean"),
        reported_on=("reported_on", "max"),
        done_on=("done_on", "max"),
        verified=("verified", "all"),
    )
    rolled["reported_state"] = np.select(
        [rolled.all_done, rolled.all_idle], ["done", "not_started"], "in_progress"
    )
    rolled["done_on"] = rolled.done_on.where(rolled.all_done)
    rolled["verified"] &= rolled.all_done
    return rolled.drop(columns=["all_done", "all_idle"])


def _subjects(frames: Frames, as_of: pd.Timestamp) -> pd.DataFrame:
    """(task, unit) → what it reported last on or before the day, after returns."""
    reports = frames.reports[frames.reports.effective_on <= as_of]
    checks = frames.verifications[frames.verifications.effective_on <= as_of]
    returned = checks[checks.outcome == "returned"].groupby("task").order_key.max()
    is_returned = (reports.state == "done") & (
        reports.order_key.to_numpy() <= returned.reindex(reports.task).fillna(-1).to_numpy()
    )
    reports = reports.assign(
        state=reports.state.mask(is_returned, "in_progress"),
        percent=reports.percent.mask(is_returned),
    ).sort_values("order_key")
    groups = reports.groupby(["task", "unit"])
    last = groups.agg(
        reported_state=("state", "last"),
        percent=("percent", "last"),
        reported_on=("effective_on", "max"),
    )
    last_open = reports[reports.state != "done"].groupby(["task", "unit"]).order_key.max()
    pairs = pd.MultiIndex.from_frame(reports[["task", "unit"]])
    after = reports.order_key.to_numpy() > last_open.reindex(pairs).fillna(-1).to_numpy()
    completions = reports[(reports.state == "done").to_numpy() & after]
    last["done_on"] = completions.groupby(["task", "unit"]).effective_on.min()
    last["done_on"] = last.done_on.where(last.reported_state == "done")
    last = last.reset_index()
    newest = checks.sort_values("order_key").groupby("task").last()
    accepted_on = newest.effective_on[newest.outcome == "accepted"]
    last["verified"] = accepted_on.reindex(last.task).to_numpy() >= last.done_on
    return last


def _cadence(frames: Frames, due: pd.Series, as_of: pd.Timestamp) -> pd.DataFrame:
    """task → windows that ended by the day, and how many of them fell short."""
    ended_on = pd.Timestamp(as_of.year, 12, 31)
    demands = frames.cadences.copy()
    demands["ends_on"] = demands.task.map(due).fillna(ended_on).clip(upper=ended_on)
    window_ends = {
        "week": pd.date_range(f"{as_of.year}-01-01", ended_on, freq="W-SUN"),
        "month": pd.date_range(f"{as_of.year}-01-01", ended_on, freq="ME"),
        "quarter": pd.date_range(f"{as_of.year}-01-01", ended_on, freq="QE"),
    }
    scores = []
    happened = frames.occurrences[frames.occurrences.occurred_on <= as_of]
    for period, ends in window_ends.items():
        demanded = demands[demands.period == period].copy()
        limit = demanded.ends_on.clip(upper=as_of)
        demanded["windows"] = ends.searchsorted(limit, side="right")
        done = happened[happened.period == period]
        done = done.assign(window=ends.searchsorted(done.occurred_on))
        done = done.groupby(["task", "window"]).times.sum().reset_index()
        done = done.merge(demanded[["task", "min_count", "windows"]], on="task")
        met = done[(done.times >= done.min_count) & (done.window < done.windows)]
        demanded["missed"] = demanded.windows - demanded.task.map(met.task.value_counts()).fillna(0)
        scores.append(demanded[["task", "windows", "missed"]])
    return pd.concat(scores).groupby("task").sum()
