"""自评打分: the score, how it comes about, and every task's part in it."""

import streamlit as st

import charts
from findings import scores
from metrics.periods import month_ends
from screens import parts as ui
from screens.scores.comparing import compare
from screens.scores.self_assessment import hand_out, take_back
from screens.scores.tables import claim_table, score_table, tasks_of
from words import SCORE_PARTS, plain, score

ALL = "全部"
OPENED = ("absent", "bonus", "penalty")
"""Parts of the total beside the 一级指标 that are made of tasks."""
POINTS = ["short_name", "full_points", "self_points", "secured_points", "reachable_points"]


def look_into(clicked: list[str]) -> None:
    st.session_state.points_of = clicked[0] or ALL


shown = ui.scored_view("自评打分")
if shown is None:
    st.stop()
scope = shown.scope
totals = ui.ask("score_totals", by="all")
by_level1 = ui.ask("score_totals", by="level1")
rows = ui.ask("scores")

has_progress = bool(ui.ask("completion", shown.unfiltered(), by="all").has_progress.any())
ui.headline(scores.totals(totals, scope.as_of, shown.assessed_on, has_progress=has_progress))
if rows.empty:
    st.stop()
if not has_progress:
    ui.how_to_report()
part = totals.set_index("part")
overall = part.loc["overall"]
extra = int(part.self_cents.reindex(["bonus", "excess"], fill_value=0).sum())
lost = int(part.self_cents.get("penalty", 0))
ui.tiles(
    [
        ("自评", f"{score(overall.self_cents)} 分", "按填报计算；有人工评分的以人工评分为准"),
        ("已锁定", f"{score(overall.secured_cents)} 分", "已销号的任务和已认定的加分，减去扣分"),
        ("可达上限", f"{score(overall.reachable_cents)} 分", "到评估日还能得到的全部得到"),
        (
            "加分、扣分",
            f"+{score(extra)}，{score(lost)}",
            "已申报和已认定的加分，不超过单项和总上限；已触发的扣分事件",
        ),
        ("待评分", f"{overall.unmarked} 项", "人工评分和按名次的任务中还没有评分的，暂按 0 分计"),
    ]
)
left, right = st.columns(2)
base = by_level1[by_level1.part == "base"]
with left:
    ui.chart(
        f"{scores.by_indicator(by_level1)}，点击横条看任务",
        charts.score_bars(base),
        ui.in_points(base),
        POINTS,
        "score_totals",
        key="by_indicator",
        on_click=look_into,
    )
with right:
    ui.chart(
        scores.way_to_total(by_level1),
        charts.waterfall(by_level1),
        ui.in_points(by_level1),
        ["part_name", *POINTS],
        "score_totals",
        key="waterfall",
        on_click=look_into,
    )
with st.expander("按一级、二级指标的满分、自评、已锁定和可达上限"):
    by_level2 = ui.in_points(ui.ask("score_totals", by="level2"))
    ui.answer_table(
        ui.labelled(by_level2, ["part_name", "short_name", "level2", "tasks", *POINTS[1:]]),
        "各指标得分",
        "score_totals",
        key="by_level2",
    )
with st.container(border=True):
    parts = [part for part in OPENED if part in set(by_level1.part)]
    named = shown.short_names | {part: SCORE_PARTS[part] for part in parts}
    chosen = st.selectbox(
        "看哪部分的任务",
        [ALL, *base.level1, *parts],
        key="points_of",
        bind="query-params",
        format_func=lambda name: named.get(name, name),
        width=320,
    )
    tasks = rows if chosen == ALL else tasks_of(rows, chosen)
    said = f"{len(rows)} 项任务的得分"
    if chosen != ALL:
        said = scores.part_of_total(by_level1, chosen, named[chosen], len(tasks))
    st.markdown(f"**{plain(said)}**　勾选一行打开任务卡，“得分”中有规则、所据的数、算式和佐证。")
    score_table(tasks, key="scores")
claimed = ui.ask("bonus_penalty")
for kind, title in (("bonus", "加分项"), ("penalty", "扣分项")):
    with st.container(border=True):
        st.markdown(f"**{title}**　勾选一行打开任务卡，在“填报”中登记日期、事由、分值和佐证。")
        claim_table(claimed[claimed.kind == kind], rows, key=kind, title=title)
trend = ui.ask("score_trend", days=month_ends(shown.started_on, scope.as_of)[-12:])
ui.chart(
    scores.trend(trend),
    charts.score_lines(trend),
    ui.in_points(trend),
    ["as_of", *POINTS[1:]],
    "score_trend",
    key="trend",
)
with st.container(border=True):
    hand_out(shown)
    if shown.scheme is not None:
        with st.expander("收回复核得分，比较自评与复核"):
            take_back(shown)
compare(shown)
