"""The months of the chosen tasks, and beside each other the groups of each dimension, largest first.

Owns how they are drawn and what a click means: on a name it is chosen, a second time no longer;
不含 leaves it out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

import charts
from metrics.narrowing.crossing import facts, figure, grouped, monthly
from metrics.narrowing.facets import FACETS, Facet
from metrics.narrowing.holding import Mask
from metrics.narrowing.ranking import MOST, Ranking, facts_compared, ranked
from screens import parts
from screens.explore.asking import Held, choice, choose
from screens.explore.looks import LISTS, RISING, usual
from screens.explore.measuring import Figure, amount, change_in_words, difference
from words import is_missing, plain, shorten

WIDE, NARROW = 505, 334
"""Two wide lists or three narrow ones stand side by side in a window 1366 wide."""
LONG_NAMES = ("level1", "level2", "theme", "unit", "source")
ROW, HEAD, ROWS = 30, 36, 7
LONGEST, SHORTEST = 18, 8
"""Characters of a name in a wide and in a narrow list; a longer one would push its numbers out."""
BORDER = 2
"""Pixels of a list that no column has."""
TASKS = "任务"
"""Head of the column that counts tasks where another figure is asked for."""
OUT = "排除"
"""Head of the column whose cells leave a group out."""
CHOSEN, LEFT_OUT = "✓ ", "✕ "


def strip(held: Held, tasks: Mask, told: Figure) -> None:
    """The figure of all chosen tasks, its change, and how it stood at each month's end."""
    measure = told.measure
    rows = facts(held.explored, choice(), tasks, (), told.lost_points, by_duty=measure.of_duties)
    now = figure(rows, measure) if len(rows) else 0.0 if measure.is_sum else np.nan
    left, right = st.columns([2, 5], gap="small", vertical_alignment="center")
    with left:
        unit = "" if measure.is_rate else f" {measure.unit}"
        st.metric(plain(measure.label), amount(now, measure) + unit, help=measure.definition)
        st.caption(plain(_change(held, tasks, told, now)))
    own = monthly(held.explored, choice(), tasks, "", held.months) if told.has_months else None
    with right:
        if own is None or own.empty:
            st.caption(f"{plain(measure.label)}没有逐月的数字。")
            return
        ends = [pd.Timestamp(each) for each in sorted(held.months.as_of.unique())]
        values = grouped(own, "as_of", measure).reindex(ends)
        shown = charts.month_strip(ends, values, measure.label)
        st.plotly_chart(shown, key="months", config=parts.CHART_CONFIG, theme=None)


def _change(held: Held, tasks: Mask, told: Figure, now: float) -> str:
    measure, compared = told.measure, told.compared
    if compared is None:
        return told.against
    rows = facts_compared(held.explored, compared, choice(), tasks, "", by_duty=measure.of_duties)
    then = figure(rows, measure) if len(rows) else np.nan
    if is_missing(then) or is_missing(now):
        return f"{told.against}：没有可比的数字。"
    was = f"，当时 {amount(then, measure)}" if rows.shape[0] else ""
    return f"{told.against}：{change_in_words(float(now) - float(then), measure)}{was}"


def lists(held: Held, text: Mask | None, told: Figure, keys: list[str]) -> None:
    """The lists of the dimensions beside each other."""
    explored, chosen = held.explored, choice()
    drawn = [
        facet
        for facet in FACETS
        if facet.key in keys
        and (len(explored.values(facet)) > 1 or chosen[facet.key] or chosen.excluded.get(facet.key))
    ]
    # Wrapped where the window has no room for the next one.
    line = st.container(horizontal=True, gap="xsmall")
    for facet in sorted(drawn, key=lambda facet: keys.index(facet.key)):
        found = ranked(
            explored, chosen, text, facet.key, told.measure, lost_points=told.lost_points,
            compared=told.compared, rising=bool(st.session_state.get(RISING)),
        )  # fmt: skip
        width = WIDE if facet.key in LONG_NAMES else NARROW
        with line.container(key=f"list_{facet.key}", width=width, gap="xsmall"):
            _list(facet, found, told, width)


def _list(facet: Facet, found: Ranking, told: Figure, width: int) -> None:
    chosen, measure = choice(), told.measure
    labels = list(found.rows.label)
    names = labels[:-1] if found.has_rest else labels
    cut = f"前 {MOST} 组，共 {found.groups} 组" if found.has_rest else f"{found.groups} 组"
    st.markdown(f"**{facet.label}**　:gray[{cut}]")

    def marked(label: str) -> str:
        name = shorten(label, LONGEST if facet.key in LONG_NAMES else SHORTEST)
        if label in chosen[facet.key]:
            return CHOSEN + name
        return LEFT_OUT + name if label in chosen.excluded.get(facet.key, ()) else name

    name_key, out_key = f"name_{facet.key}", f"out_{facet.key}"

    def pressed() -> None:
        row = st.session_state[name_key].row
        if row < len(names):
            choose(choice().toggled(facet.key, names[row]))

    def left_out() -> None:
        row = st.session_state[out_key].row
        if row < len(names):
            choose(choice().toggled_out(facet.key, names[row]))

    value = measure.label.partition("（")[0].removesuffix(" %")
    shown = pd.DataFrame(
        {
            facet.label: [marked(label) for label in labels],
            value: [amount(each, measure) for each in found.rows.value],
            TASKS: found.rows.tasks.astype(int),
            "占比": [_share(each) for each in found.rows.share],
            "变化": [difference(each, measure) for each in found.rows.change],
            OUT: ["不含"] * len(names) + [""] * (len(labels) - len(names)),
        }
    )
    if told.compared is None:
        shown = shown.drop(columns="变化")
    if measure.label == "任务数":
        shown = shown.drop(columns=TASKS)
    widths = {value: 55, TASKS: 44, "占比": 44, "变化": 48, OUT: 44}
    figures = sum(widths[column] for column in shown.columns[1:])
    config: dict[str, Any] = {
        facet.label: st.column_config.ButtonColumn(
            facet.label,
            type="tertiary",
            alignment="left",
            key=name_key,
            on_click=pressed,
            pinned=True,
            width=width - BORDER - figures,
        ),
        value: st.column_config.TextColumn(width=widths[value], alignment="right"),
        TASKS: st.column_config.NumberColumn(
            width=widths[TASKS], format="%d", help="任务数", alignment="right"
        ),
        "占比": st.column_config.TextColumn(width=widths["占比"], alignment="right"),
        "变化": st.column_config.TextColumn(
            width=widths["变化"], help=told.against, alignment="right"
        ),
        OUT: st.column_config.ButtonColumn(
            OUT, type="tertiary", width=widths[OUT], key=out_key, on_click=left_out,
            help="不含这一项",
        ),
    }  # fmt: skip
    st.dataframe(
        shown, hide_index=True, column_config=config, row_height=ROW,
        height=HEAD + ROW * min(max(len(shown), 2), ROWS), alt=f"{facet.label}：{measure.label}",
    )  # fmt: skip


def _share(value: float) -> str:
    return "—" if is_missing(value) else f"{value:.0f}%"


def choose_lists(*, judged: bool) -> list[str]:
    """Which dimensions have a list, and which end of it comes first."""
    offered = {facet.label: facet.key for facet in FACETS if judged or not facet.of_progress}
    with st.popover("维度", icon=":material/view_column:"):
        labels = st.multiselect(
            "并列的维度（按选取的先后排列）", list(offered), default=usual(judged=judged)[LISTS], key=LISTS,
            bind="query-params", placeholder="不列",
        )  # fmt: skip
        st.toggle("从小到大", key=RISING, bind="query-params")
    return [offered[label] for label in labels]
