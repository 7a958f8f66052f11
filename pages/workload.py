"""部门负荷: who carries what, and how each unit stands among its like."""

import streamlit as st

import charts
from findings import progress
from screens import parts
from words import percent

DRAWN = 25
"""More bars or rows than this no one reads; the table has them all."""
AS_WRITTEN, EXPANDED = "按台账写法", "展开到成员单位"
EVERY_CLASS = "全部类别"
LOAD = [
    "unit", "class", "tasks", "lead_tasks", "responsible_tasks", "first_listed_tasks",
    "cooperate_tasks", "collective_tasks", "shared_load", "applicable", "done", "overdue", "behind",
    "not_reported", "done_rate", "rank_in_class",
]  # fmt: skip


def focus_on(clicked: list[str]) -> None:
    st.session_state.focus = clicked[0]


SHORT = ["unit", "tasks", "shared_load", "done", "overdue"]

shown = parts.view("部门负荷")
top = st.container()
left, right = st.columns([1, 2])
collectives = left.segmented_control(
    "集体单位", [AS_WRITTEN, EXPANDED], key="collectives", bind="query-params",
    default=AS_WRITTEN, required=True,
    help="如“五市交通运输局”：按写法作为一个单位，或由其成员代替；没有成员名单的集体保持原样。",
)  # fmt: skip
scope = shown.with_members(collectives == EXPANDED)
units = parts.ask("unit_workload", scope)
if units.empty:
    with top:
        parts.headline("所选范围内没有责任单位，请放宽筛选条件。")
    st.stop()
classes = charts.class_order(units)
unit_class = right.segmented_control(
    "单位类别", [EVERY_CLASS, *classes], key="unit_class", bind="query-params",
    default=EVERY_CLASS, required=True,
)  # fmt: skip
has_progress = bool(parts.ask("completion", by="all").has_progress.any())
listed = units if unit_class == EVERY_CLASS else units[units["class"] == unit_class]

with top:
    parts.headline(progress.workload(listed, judged=has_progress))
drawn = listed.loc[listed.tasks.nlargest(DRAWN).index.sort_values()]
most = f"（任务最多的 {DRAWN} 个单位）" if len(drawn) < len(listed) else ""
by_level1 = parts.ask("unit_matrix", scope)
left, right = st.columns(2)
with left:
    parts.chart(
        f"{progress.busiest(listed)}{most}，点击横条看该单位",
        charts.workload_bars(drawn, judged=has_progress),
        drawn,
        LOAD,
        "unit_workload",
        key="load",
        on_click=focus_on,
    )
with right, st.container(border=True, height="stretch"):
    st.markdown("**各单位负荷**（下载有全部列）")
    parts.answer_table(
        parts.labelled(listed, SHORT if has_progress else SHORT[:3]),
        "各单位负荷",
        "unit_workload",
        key="load_table",
        height=min(36 * (len(listed) + 1), 36 * DRAWN),
        whole=parts.labelled(listed, LOAD),
    )
of_drawn = by_level1[by_level1.unit.isin(drawn.unit)]
parts.chart(
    f"{progress.densest(of_drawn)}{most}",
    charts.unit_heat(of_drawn, list(drawn.unit)),
    of_drawn,
    ["unit", "class", "short_name", "tasks", "done", "overdue"],
    "unit_matrix",
    key="matrix",
)

if has_progress:
    st.subheader("同类单位排名", anchor=False, help="按完成率排，并列同名次；不同类别不相互比较。")
    ranked = [
        name for name in classes if units[units["class"] == name].rank_in_class.notna().sum() > 1
    ]
    columns = st.columns(2)
    for position, each in enumerate(ranked):
        of_class = units[units["class"] == each]
        with columns[min(position, 1)]:
            parts.chart(
                f"{each}：{progress.rates(of_class, 'unit')}",
                charts.rate_by_class(of_class), of_class, LOAD, "unit_workload",
                key=f"rank_{each}", on_click=focus_on,
            )  # fmt: skip

st.subheader("单位任务页", anchor=False)
names = list(units.unit)
filtered = next((name for name in shown.scope.units if name in names), names[0])
focus = st.selectbox(
    "单位", names, index=names.index(filtered), key="focus", bind="query-params", width=360
)
own = units[units.unit == focus].iloc[0]
parts.tiles(
    [
        (
            "承担任务",
            f"{own.tasks} 项",
            f"其中牵头 {own.lead_tasks} 项、首位 {own.first_listed_tasks} 项",
        ),
        ("折算任务", f"{own.shared_load:.1f} 项", "Σ 1 ÷ 该任务的单位数"),
        (
            "完成率",
            percent(own.done_rate) if has_progress else "未填报",
            f"基本任务 {own.applicable} 项中完成 {own.done} 项",
        ),
        ("逾期", f"{own.overdue} 项" if has_progress else "未填报", "本单位已报完成的部分不计"),
        (
            "未报送",
            f"{own.not_reported} 项" if has_progress else "未填报",
            "本月没有填报的未完成任务",
        ),
    ]
)
tasks = parts.ask("unit_tasks", scope, unit=focus)
columns = ["lamp", "number", "task", "role", "due", "percent", "reason"]
if not has_progress:
    columns = ["number", "short_name", "task", "role", "sharing_units", "due"]
if tasks.collective.notna().any():
    columns.insert(columns.index("role") + 1, "collective")
parts.task_table(tasks, columns, "unit_tasks", key="unit_tasks", title=f"{focus}的任务")
