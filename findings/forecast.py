"""What will be done by the year's end → the sentences that page, meeting and documents say alike.

Owns the wording and the error that was measured. Computes no figure.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from words import is_missing, number, percent, rounded

METHOD = (
    "按两条推算：任务今后须达到的速度是今年以来速度的几倍，责任单位今年到期的任务有多少按期完成；"
    "尚未起步或没有报过进度的不作推算。"
)
ERROR = (
    "用演示年度（另换五次随机数）和30个生成年度检验：“可望完成”的每100项有87至90项完成，“可能完不成”的每100项有68至94项没有完成，"
    "预计完成数平均差2项；实际台账还没有满一年的记录可供检验。"
)
"""Measured by `python -m benchmarks.forecast`; what it prints last is in benchmarks/README.md."""
OUTLOOKS = {
    "likely": "可望完成",
    "open": "难以判断",
    "unlikely": "可能完不成",
    "silent": "不作推算",
}


def is_known(rows: pd.DataFrame) -> bool:
    """Whether `forecast` rows say anything: some task has a pace, and the day is no time too early."""
    return bool(len(rows) and rows.forecast_tasks.iloc[0])


def total(rows: pd.DataFrame) -> str:
    """How many tasks will be done by the year's end, from `forecast` rows; nothing where none has a
    forecast."""
    if not is_known(rows):
        return ""
    row = rows.iloc[0]
    low, high = bounds(row)
    said = f"照现在的进度，预计年底完成{number(row.expected_done)}项"
    said += f"（{low}至{high}项）" if low < high else ""
    said += f"，共{row.applicable}项"
    if row.silent_tasks:
        said += f"；另有{row.silent_tasks}项尚未起步或没有报过进度，未计入"
    return f"{said}。"


def range_of(rows: pd.DataFrame) -> tuple[int, int]:
    """The least and the most that are likely to be done by the year's end; twice 0 where nothing can be
    foreseen."""
    return bounds(rows.iloc[0]) if is_known(rows) else (0, 0)


def bounds(row: Any) -> tuple[int, int]:
    """The least and the most that are likely to be done: no fewer than are done already, no more than
    those that have a forecast."""
    low = max(int(row.done), int(rounded(row.expected_done - row.spread)))
    high = min(int(row.done + row.forecast_tasks), int(rounded(row.expected_done + row.spread)))
    return low, high


def unlikely(rows: pd.DataFrame) -> pd.DataFrame:
    """The `forecast` rows of tasks that may not be done by the year's end, the least likely first."""
    return rows[rows.outlook == "unlikely"]


def because(row: Any) -> str:
    """Why a task's chance is what it is, from a row of `forecast`."""
    said = (
        f"可能性{percent(100 * row.chance)}：今后须达到今年以来速度的{number(row.times_pace, 1)}倍"
    )
    if row.unit_due and not is_missing(row.unit_due):
        said += f"，责任单位到期{row.unit_due}项中按期完成{row.unit_on_time}项"
    return said
