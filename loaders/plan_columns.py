"""Which columns of a table say by which day how much is to be done: one of days and percentages, or one
for each quarter or month.

Owns how such columns are known by their headings and cells; how their texts are read, `loaders.plan` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from loaders.beneath import Stack
from loaders.grid import Cell
from loaders.labels import Heading
from loaders.plan import hold_shares, holds_plans, period_of
from loaders.wording import one_line


def heading_of_period(
    header: Sequence[Cell], column: int, cell: Cell, under: Sequence[Stack]
) -> str:
    """一季度 below 计划进度, drawn over several columns of percentages, as one heading; "" where they are
    no plan."""
    over = header[column] if column < len(header) else cell
    if over is cell or header.count(over) < 2 or period_of(over.text):
        return ""
    whole = f"{one_line(over.text)}（{one_line(cell.text)}）"
    shares = [text for i, each in enumerate(header) if each is over for text in under[i].texts]
    return whole if period_of(whole) and hold_shares(shares) else ""


def without_plan(
    known: dict[Cell, Heading],
    unknown: Sequence[Cell],
    stack: Mapping[Cell, Stack],
    duties: Sequence[str],
) -> tuple[dict[Cell, Heading], dict[Cell, str]]:
    """The known headings, and apart from them the one whose cells say by which day how much is to be
    done, whatever it is called (计划节点, 时间节点与进度, 阶段目标), or those of one period each whose cells
    are percentages (一季度计划, 二季度计划). In a table without other deadlines they are the deadline, and
    the plan is read from there. `duties`: the fields of what is to be done."""
    may_be = [
        cell
        for cell in (*known, *unknown)
        if cell not in known or known[cell].spelling.field in (*duties, "deadline", "percent")
    ]
    of_periods = [cell for cell in stack if cell in may_be and period_of(cell.text)]
    if len(of_periods) > 1 and hold_shares([t for cell in of_periods for t in stack[cell].texts]):
        plans = of_periods
    else:
        plans = [
            cell
            for cell in may_be
            if (cell not in known or known[cell].spelling.field != "percent")
            and holds_plans(stack[cell].texts)
        ][:1]
    rest = {cell: heading for cell, heading in known.items() if cell not in plans}
    if not any(heading.spelling.field in duties for heading in rest.values()):
        return known, {}
    dated = any(heading.spelling.field == "deadline" for heading in rest.values())
    return rest, dict.fromkeys(plans, "plan" if dated else "deadline")
