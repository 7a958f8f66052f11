"""Two sides of one kind → the sentences that say what stands beside what.

Invents nothing and ranks nothing that is defined differently.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from words import percent

NOT_ALIKE = (
    "两份台账出自不同的部门或年度，任务的数目、写法和完成标准都不同：占比说明各自的侧重，可以并看；"
    "完成率各按各的任务和截至日期计算，并列只为参考，不相减、不排名。"
)


def ledgers(names: tuple[str, str], sides: Sequence[pd.DataFrame]) -> str:
    """The headline of two ledgers by theme, from `completion` by theme, rows alike."""
    said = "、".join(
        f"{name} {side.tasks.sum()} 项" for name, side in zip(names, sides, strict=True)
    )
    shared = [
        theme
        for theme, first, second in zip(sides[0].theme, sides[0].tasks, sides[1].tasks, strict=True)
        if first and second
    ]
    parts = [f"{said}基本任务，共有的主题 {len(shared)} 个"]
    for name, side, beside in zip(names, sides, reversed(sides), strict=True):
        only = [
            t
            for t, own, its in zip(side.theme, side.tasks, beside.tasks, strict=True)
            if own and not its
        ]
        if only:
            parts.append(f"{'、'.join(f'“{theme}”' for theme in only)}只有{name}有")
    return "；".join(parts) + "。"


def composition(names: tuple[str, str], sides: Sequence[pd.DataFrame]) -> str:
    """Which themes the largest shares are of, from `completion` by theme."""
    said = []
    for name, side in zip(names, sides, strict=True):
        largest = side[side.tasks == side.tasks.max()]
        themes = "".join(f"“{theme}”" for theme in largest.theme)
        each = "各 " if len(largest) > 1 else " "
        said.append(f"{name}{themes}{each}{percent(largest.tasks_share.iloc[0])}")
    return f"占比最大：{'，'.join(said)}"
