"""Columns of themes under headings that are no known ones, by the shape of their cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby

from loaders.beneath import Stack
from loaders.grid import Cell
from loaders.labels import Heading, names_person
from loaders.wording import folded

# What stands beside a task and heads none: whence it comes, whose it is, how it counts.
_NO_THEME = re.compile(
    r"来源|依据|出处|文号|领导|人员?$|电话|地[区点]|区域|性质|级别|等级|形式|成果|现状|情况|进[展度]|状态|标准|分值|权重|备注|说明|单位|部门"
)
_SHORTEST_THEME = 2


def themes_by_shape(
    headings: Mapping[Cell, Heading | None], fields: Mapping[Cell, str], stack: Mapping[Cell, Stack]
) -> dict[Cell, str]:
    """The unknown heading to the left of the tasks whose cells are merged over several of them, or repeat
    from row to row, as the level that is still free."""
    order = list(headings)
    task = next((cell for cell, field in fields.items() if field == "task"), None)
    free = [level for level in ("level1", "level2") if level not in fields.values()]
    if task is None or not free:
        return {}
    for cell in order[: order.index(task)]:
        known = headings[cell] is not None or cell in fields or names_person(cell.text)
        if known or _NO_THEME.search(folded(cell.text)):
            continue
        themes = [text for text, _ in groupby(stack[cell].texts)]
        worded = themes and min(map(len, themes)) >= _SHORTEST_THEME
        if worded and len(themes) < len(stack[task].texts) and not stack[cell].is_ordinal:
            return {cell: free[0]}
    return {}
