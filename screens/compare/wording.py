"""Two ledgers, editions or units → the sentences that compare them.

Invents nothing and ranks nothing that is defined differently.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from findings import editions as edition_findings
from warehouse.ledger.editions import Pair
from words import each_row, written_rate

NOT_ALIKE = (
    "两份台账出自不同的部门或年度，任务的数目、写法和完成标准都不同：占比说明各自的侧重，可以并看；"
    "完成率各按各的任务和截至日期计算，并列只为参考，不相减、不排名。"
)


def ledgers(names: tuple[str, str], sides: Sequence[pd.DataFrame]) -> str:
    """The headline of two ledgers by theme, from `completion` by theme, rows alike."""
    clauses = "、".join(
        f"{name} {side.tasks.sum()} 项" for name, side in zip(names, sides, strict=True)
    )
    shared = [
        theme
        for theme, first, second in zip(sides[0].theme, sides[0].tasks, sides[1].tasks, strict=True)
        if first and second
    ]
    parts = [f"{clauses}基本任务，{len(shared)} 个主题共有"]
    for name, side, beside in zip(names, sides, reversed(sides), strict=True):
        only = [
            t
            for t, own, its in zip(side.theme, side.tasks, beside.tasks, strict=True)
            if own and not its
        ]
        if only:
            parts.append(f"仅{name}有{'、'.join(f'“{theme}”' for theme in only)}")
    return "；".join(parts) + "。"


def composition(names: tuple[str, str], sides: Sequence[pd.DataFrame]) -> str:
    """Which themes the largest shares are of, from `completion` by theme."""
    clauses = []
    for name, side in zip(names, sides, strict=True):
        largest = side[side.tasks == side.tasks.max()]
        themes = "".join(f"“{theme}”" for theme in largest.theme)
        each = "各 " if len(largest) > 1 else " "
        clauses.append(f"{name}{themes}{each}{written_rate(largest.tasks_share.iloc[0])}")
    return f"占比最大：{'，'.join(clauses)}"


def counted(pairs: Sequence[Pair]) -> Counter[str]:
    """How many tasks changed in each way; one that changed in several counts in each."""
    return Counter(name for pair in pairs for name in (pair.changes or (pair.change,)))


def editions(earlier: int, later: int, pairs: Sequence[Pair]) -> str:
    """The headline of two editions, by their numbers."""
    return f"第 {later} 版与第 {earlier} 版相比：{edition_findings.changed(pairs)}"


def units(totals: pd.DataFrame, tasks: Sequence[pd.DataFrame], *, judged: bool) -> str:
    """The headline of two units, from `unit_workload` and their `unit_tasks`."""
    clauses = []
    for row in each_row(totals):
        done = f"（适用任务 {row.applicable} 项，完成 {row.done} 项）" if judged else ""
        clauses.append(f"{row.unit}承担 {row.tasks} 项{done}")
    both = len(set(tasks[0].task_id) & set(tasks[1].task_id))
    shared = f"其中 {both} 项由两个单位共同承担" if both else "没有共同承担的任务"
    return f"{'，'.join(clauses)}；{shared}。"


def of_classes(totals: pd.DataFrame) -> str:
    """Why two units are not ranked, from their rows of `unit_workload`."""
    first, second = each_row(totals)
    classes = dict(zip(totals.unit, totals["class"], strict=True))
    if classes[first.unit] != classes[second.unit]:
        return (
            f"{first.unit}属于{classes[first.unit]}，{second.unit}属于{classes[second.unit]}，类别不同，"
            "承担的任务不可比：数字口径相同，只并列，不排名。"
        )
    return (
        f"两个单位同属{classes[first.unit]}，但承担的任务不同：数字口径相同，只并列，不排名；"
        "同类单位的排名见“单位情况”。"
    )


def most_tasks(names: tuple[str, str], pairs: pd.DataFrame) -> str:
    """Where each unit has most tasks."""
    clauses = []
    for name, key in zip(names, ("first", "second"), strict=True):
        most = pairs[key].max()
        largest = pairs.short_name[pairs[key] == most]
        rest = f"等 {len(largest)} 个指标" if len(largest) > 1 else ""
        clauses.append(f"{name}“{largest.iloc[0]}”{rest}最多，{'各 ' if rest else ''}{most} 项")
    return "；".join(clauses)
