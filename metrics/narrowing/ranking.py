"""A list of the groups of one facet: value, tasks, share of the whole, and change since another day.

Owns which groups a list shows, in which order, and what stands for the rest. A group counts what its
click would leave; the whole is of distinct tasks, so shares may add up to more than all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics.narrowing.crossing import MEASURES, Measure, counts_duties, facts, figure, grouped
from metrics.narrowing.facets import Choice
from metrics.narrowing.holding import Explored, Mask

MOST = 40
"""Groups in a list; the rest is one row."""
IN_THEIR_ORDER = ("window", "due_month", "done_month", "edition")
"""Facets whose groups are read along time."""


@dataclass(frozen=True)
class Compared:
    """What the figures are compared with: the same tasks on another day, or another ledger's tasks of
    the same conditions."""

    explored: Explored
    same_tasks: bool
    lost_points: pd.Series | None = None
    text: Mask | None = None
    """Of another ledger's tasks, those that have the words sought."""


@dataclass(frozen=True)
class Ranking:
    """The rows of a list: label, value, tasks, share (percent) and change, the largest first; a last
    row of the rest where there are more than `MOST` groups."""

    rows: pd.DataFrame
    groups: int
    """All there are."""
    has_rest: bool


def facts_compared(
    now: Explored,
    compared: Compared,
    choice: Choice,
    tasks: Mask,
    key: str,
    *,
    by_duty: bool = False,
) -> pd.DataFrame:
    """The rows of `facts` on the other side. The same tasks stand in the groups they are in now."""
    then = compared.explored
    if not compared.same_tasks:
        own = then.matching(choice, compared.text)
        return facts(then, choice, own, (key,), compared.lost_points, by_duty=by_duty)
    own = then.tasks.task_id.isin(now.tasks.task_id[tasks]).to_numpy()
    if not key or counts_duties(key):
        return facts(then, choice, own, (key,), compared.lost_points, by_duty=by_duty)
    rows = facts(then, choice, own, (), compared.lost_points, by_duty=by_duty)
    groups = facts(now, choice, tasks, (key,))[["task", key]]
    groups["task_id"] = now.tasks.task_id.to_numpy()[groups.pop("task")]
    rows["task_id"] = then.tasks.task_id.to_numpy()[rows.task]
    return rows.merge(groups, on="task_id")


def ranked(
    now: Explored,
    choice: Choice,
    text: Mask | None,
    key: str,
    measure: Measure,
    *,
    lost_points: pd.Series | None = None,
    compared: Compared | None = None,
    rising: bool = False,
    most: int = MOST,
) -> Ranking:
    """The groups of a facet under the other conditions, whatever is chosen of itself: the largest
    `most` by value (`rising`: the smallest), those of time in their order."""
    others = choice.freeing(key)
    tasks = now.matching(others, text)
    rows = facts(now, others, tasks, (key,), lost_points, by_duty=measure.of_duties)
    counts = grouped(rows, key, MEASURES["tasks"])
    listed = pd.DataFrame(
        {"value": grouped(rows, key, measure).reindex(counts.index), "tasks": counts}
    )
    if compared is not None:
        before = facts_compared(now, compared, others, tasks, key, by_duty=measure.of_duties)
        then = grouped(before, key, measure).rename(str)
    listed.index = listed.index.astype(str)
    whole_tasks, whole = figure(rows, MEASURES["tasks"]), figure(rows, measure)
    order = listed.value.astype("float64").sort_values(
        ascending=rising, kind="stable", na_position="last"
    )
    shown, rest = list(order.index[:most]), set(order.index[most:])
    if key in IN_THEIR_ORDER:
        shown = [label for label in listed.index if label not in rest]
    found = listed.loc[shown].rename_axis("label").reset_index()
    if rest:
        left = rows[rows[key].isin(rest)]
        line = {
            "label": [f"其余 {len(rest)} 组"],
            "value": [figure(left, measure)],
            "tasks": [figure(left, MEASURES["tasks"])],
        }
        found = pd.concat([found, pd.DataFrame(line)], ignore_index=True)
    amounts = found.value.astype("float64")
    found["share"] = (
        100 * (amounts / whole if measure.is_sum else found.tasks / whole_tasks)
        if (whole if measure.is_sum else whole_tasks)
        else np.nan
    )
    found["change"] = np.nan
    if compared is not None:
        was = dict(zip(then.index, then.astype("float64"), strict=True))
        earlier = pd.Series([was.get(label, np.nan) for label in found.label], dtype="float64")
        found["change"] = (
            amounts.fillna(0) - earlier.fillna(0) if measure.is_sum else amounts - earlier
        )
        if rest:
            earlier_rest = figure(before[before[key].isin(rest)], measure)
            found.loc[len(found) - 1, "change"] = amounts.iloc[-1] - float(earlier_rest)
    return Ranking(found, len(listed), bool(rest))
