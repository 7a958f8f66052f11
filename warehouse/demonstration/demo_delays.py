"""Why tasks of the demonstration are late: what their reports give as the problem and the next step.

Generated like the rest of the story of demo.py; every text says 演示.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

FROM_MONTH = 6
"""From this month on the reports say why."""
DELAYS = {
    4: ("上级要点七月才印发，年度计划须重新衔接", "月底前完成会签并印发"),
    10: ("平台采购一次流标，建设单位未确定", "十月中旬重新开标，年底前上线试运行"),
    12: ("数据接口规范未定，等待平台采购", "与平台同步提出接口需求"),
    17: ("牵头处室人员变动，工作未启动", "已另行指定专人，下月拟订方案"),
    24: ("市县报送口径不一", "统一报送模板后集中补报"),
    27: ("企业信息核实进度慢", "分片核实，逐周调度"),
    33: ("部门间数据共享协议未签", "提请分管领导协调签订"),
    37: ("评价细则征求意见反复", "九月底前定稿，十月集中评价"),
    38: ("评价对象底数不清，名录缺三成", "会同执法局核对名录"),
    40: ("评价系统尚在改造", "改造完成前先行线下评价"),
    41: ("评价指标与部颁办法不一致，正在修订", "修订后报法规处审核"),
    42: ("没有明确牵头处室，经费未落实", "提请领导小组明确牵头处室"),
    53: ("经费年中才下达", "十月组织实施"),
    54: ("部分市县的宣传活动尚未开展", "逐市督促，十一月底前补办"),
    57: ("宣传计划并入年度安排后没有责任人", "由厅办公室重新指定"),
    58: ("等待上级工作方案", "方案下达后一个月内完成"),
}
"""Number of the task → its problem and its next step."""


def with_reasons(number: int, reports: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The reports of a task; those of a late one say why it is late until it is done."""
    problem, next_step = DELAYS.get(number, ("", ""))
    for report in reports:
        if problem and report["state"] != "done" and report["effective_on"].month >= FROM_MONTH:
            yield report | {"problem": f"演示：{problem}。", "next_step": f"演示：{next_step}。"}
        else:
            yield report | {"problem": "", "next_step": ""}
