"""Tasks as areas within areas: every task once, all of one size in their indicator, none in another's way."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charts import task_tree

indicators = st.tuples(
    st.sampled_from("甲乙丙"), st.sampled_from(["", "子一", "很长的二级指标的名称"])
)


def tasks_of(named: list[tuple[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"number": number, "short_name": level1, "level2": level2, "task": f"任务{number}"}
            for number, (level1, level2) in enumerate(named, start=1)
        ]
    )


def marks(figure) -> list[tuple[tuple[float, float, float, float], list]]:
    """What can be pressed: left, top, right, bottom, and what a press hands on."""
    found = []
    for bar in figure.data:
        if bar.type == "bar":
            for x, width, base, height, data in zip(
                bar.x, bar.width, bar.base, bar.y, bar.customdata, strict=True
            ):
                found.append(((x - width / 2, base, x + width / 2, base + height), list(data)))
    return found


@settings(deadline=None)
@given(named=st.lists(indicators, min_size=1, max_size=60), with_tasks=st.booleans())
def test_every_task_and_indicator_can_be_pressed_and_nothing_overlaps(named, with_tasks):
    pressed = marks(task_tree(tasks_of(named), with_tasks=with_tasks))
    wanted = {(level1,) for level1, _ in named} | {
        (level1, level2 or "未分二级") for level1, level2 in named
    }
    if with_tasks:
        wanted |= {(one, two or "未分二级", n) for n, (one, two) in enumerate(named, start=1)}
    assert sorted(map(str, wanted)) == sorted(str(tuple(data)) for _, data in pressed)
    for place, ((left, top, right, bottom), _) in enumerate(pressed):
        assert 0 <= left < right <= 1000
        assert 0 <= top < bottom <= 760
        for (other_left, other_top, other_right, other_bottom), _ in pressed[:place]:
            apart = (
                right <= other_left + 1e-6
                or other_right <= left + 1e-6
                or bottom <= other_top + 1e-6
                or other_bottom <= top + 1e-6
            )
            assert apart


@pytest.mark.parametrize("with_tasks", [False, True])
def test_tasks_of_one_indicator_have_one_size_and_say_what_they_are(with_tasks):
    figure = task_tree(tasks_of([("甲", "子一")] * 6 + [("乙", "子一")] * 3), with_tasks=with_tasks)
    areas = {}
    for (left, top, right, bottom), data in marks(figure):
        areas.setdefault(len(data), {}).setdefault(data[0], []).append(
            (right - left) * (bottom - top)
        )
    if with_tasks:
        assert max(areas[3]["甲"]) <= 1.2 * min(areas[3]["甲"])
        assert [len(areas[3][name]) for name in "甲乙"] == [6, 3]
    else:
        assert areas[2]["甲"][0] == pytest.approx(2 * areas[2]["乙"][0], rel=0.1)
    hovers = [text for bar in figure.data if bar.type == "bar" for text in bar.text]
    assert "甲<br>6 项" in hovers
    assert ("第 1 项　任务1" in hovers) is with_tasks
