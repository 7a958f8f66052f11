"""How the answer is shown: the forms below the lists, and the keys of all that can be set.

Owns the names that a saved view, an address and a question asked often have in common.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import streamlit as st

from metrics.narrowing.crossing import MEASURES
from metrics.narrowing.facets import BY_KEY, FACETS
from metrics.narrowing.tabling import JUDGED, SORTS, UNJUDGED

LIST, CROSS, BARS, STACKED, HEAT, LINES, TREE = (
    "清单", "交叉表", "条形图", "堆叠条形图", "热力图", "逐月折线", "树图",
)  # fmt: skip
LOOKS = (LIST, CROSS, BARS, STACKED, HEAT, LINES, TREE)
LISTS, MEASURE, COMPARED, COMPARED_ON, RISING, COLUMNS, FALLING, MEMBERS = (
    *("lists", "figure_of", "compare", "compare_on", "rising", "columns", "falling"), "with_members",
)  # fmt: skip
SWITCHES = (RISING, FALLING, MEMBERS)
SETTINGS = (
    *("look", COLUMNS, "sort", FALLING, "group", "rows_of", "columns_of", "lines_of"),
    *(LISTS, MEASURE, COMPARED, COMPARED_ON, RISING, MEMBERS),
)
"""Keys of the widgets, beside the facets, whose state a view keeps."""
NO_COLUMNS, NO_GROUP = "不分列", "不分组"
LAST_MONTH, LAST_QUARTER, LAST_MEETING, LAST_YEAR, ANY_DAY = (
    "上月末", "上季末", "上次例会", "去年同期", "另选一天",
)  # fmt: skip
AGAINST = (LAST_MONTH, LAST_QUARTER, LAST_MEETING, LAST_YEAR, ANY_DAY)
LISTED = ("level1", "unit", "class", "role", "lamp", "due_month")
LISTED_UNJUDGED = ("level1", "unit", "class", "role", "deadline", "due_month")
"""Lists at first; the second where nothing was ever reported."""
Setting = str | bool | date | list[str]
RENAMED = {"逾期": "逾期数", "逾期天数": "平均逾期天数"}
"""Figures as views saved by earlier versions call them."""


def show(settings: Mapping[str, Setting], usual: Mapping[str, Setting]) -> None:
    """Set the widgets so; those that are not named go to their `usual` state."""
    for key, value in {**usual, **settings}.items():
        st.session_state[key] = value


def usual(*, judged: bool) -> dict[str, Setting]:
    """Key → the state of each widget on a page that nobody has set yet."""
    return {
        "look": LIST,
        COLUMNS: list(JUDGED if judged else UNJUDGED),
        "sort": next(iter(SORTS)),
        FALLING: False,
        "group": NO_GROUP,
        "rows_of": FACETS[0].label,
        "columns_of": NO_COLUMNS,
        "lines_of": NO_GROUP,
        LISTS: [BY_KEY[key].label for key in (LISTED if judged else LISTED_UNJUDGED)],
        MEASURE: MEASURES["done_rate" if judged else "tasks"].label,
        COMPARED: AGAINST[0],
        RISING: False,
        MEMBERS: True,
    }
