"""The questions that are asked often, by name: each a choice and how its answer is shown.

Owns the names and what they stand for; draws nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from metrics.narrowing.facets import Choice
from screens.explore.looks import BARS, CROSS, LINES, LIST, Setting

OFFICES = "厅机关处室"
LOCAL = "地方交通部门"
FIVE_CITIES = "五市交通运输局"


@dataclass(frozen=True)
class Preset:
    """A choice, and the widgets that are set with it by their keys; all others go to their first state."""

    choice: Choice = field(default_factory=Choice)
    shown: Mapping[str, Setting] = field(default_factory=dict)


def presets(year: int, five_cities: tuple[str, ...]) -> dict[str, Preset]:
    """Question → preset for a ledger of a year. `five_cities`: the members of that collective, where
    the ledger names it; else all local departments are compared."""
    half, ended = date(year, 6, 30), date(year, 12, 31)
    of_offices = Choice({"class": (OFFICES,)})
    local = Choice({"unit": five_cities}) if five_cities else Choice({"class": (LOCAL,)})
    done = {"state": ("已完成", "已销号")}
    return {
        "各处室按月完成数": Preset(
            of_offices,
            {"look": CROSS, "rows_of": "责任单位", "columns_of": "完成月", "figure_of": "完成数"},
        ),
        "连续两月无变化": Preset(
            Choice(ranges={"unchanged": (2.0, None)}),
            {"figure_of": "任务数", "sort": "连续无变化月数", "falling": True},
        ),
        "五市谁最慢": Preset(
            local,
            {"look": BARS, "rows_of": "责任单位", "figure_of": "完成率 %", "rising": True},
        ),
        "上半年到期、下半年完成": Preset(
            Choice(ranges={"due": (date(year, 1, 1), half), "done_on": (date(year, 7, 1), ended)}),
            {"figure_of": "任务数", "sort": "完成日期"},
        ),
        "有佐证未核验": Preset(
            Choice({"evidence": ("有佐证",), "waiting": ("待核验",)}), {"figure_of": "任务数"}
        ),
        "某处室牵头和配合各多少": Preset(
            of_offices,
            {"look": CROSS, "rows_of": "责任单位", "columns_of": "角色", "figure_of": "任务数"},
        ),
        "扣分事件按单位": Preset(
            Choice({"claim": ("已触发",)}),
            {"look": BARS, "rows_of": "责任单位", "figure_of": "任务数"},
        ),
        "与去年同期比": Preset(Choice(), {"compare": "去年同期", "figure_of": "完成率 %"}),
        "延期两次以上": Preset(
            Choice(ranges={"extensions": (2.0, None)}),
            {"figure_of": "延期次数", "sort": "延期次数", "falling": True},
        ),
        "报 100% 未报完成": Preset(
            Choice(
                {"kind": ("基本任务",)},
                excluded=done | {"state": ("已完成", "已销号", "不适用")},
                ranges={"percent": (100.0, None)},
            ),
            {"figure_of": "任务数"},
        ),
        "含“双公示”": Preset(Choice(sought="双公示"), {"figure_of": "任务数"}),
        "频次缺得最多": Preset(
            Choice(ranges={"missed": (1.0, None)}),
            {"figure_of": "缺频次数", "sort": "缺频次数", "falling": True},
        ),
        "各指标平均逾期天数": Preset(
            Choice(), {"look": BARS, "rows_of": "一级指标", "figure_of": "平均逾期天数"}
        ),
        "十月到期": Preset(Choice({"due_month": (f"{year}-10",)}), {"figure_of": "任务数"}),
        "完成无佐证": Preset(Choice(done | {"evidence": ("无佐证",)}), {"figure_of": "任务数"}),
        "各处室完成率及合计": Preset(
            of_offices, {"look": CROSS, "rows_of": "责任单位", "figure_of": "完成率 %"}
        ),
        "各类单位已销号": Preset(
            Choice(),
            {"look": CROSS, "rows_of": "单位类别", "columns_of": "销号", "figure_of": "任务数"},
        ),
        "某处室逐月完成率": Preset(of_offices, {"look": LINES, "figure_of": "完成率 %"}),
        "指标×状态": Preset(
            Choice(),
            {"look": CROSS, "rows_of": "一级指标", "columns_of": "状态", "figure_of": "任务数"},
        ),
        "待核验等了多久": Preset(
            Choice({"waiting": ("待核验",)}),
            {
                "figure_of": "待核验", "look": LIST, "sort": "待核验天数", "falling": True,
                "columns": ["编号", "一级指标", "目标任务", "责任单位", "完成日期", "待核验天数", "佐证件数"],
            },
        ),
    }  # fmt: skip
