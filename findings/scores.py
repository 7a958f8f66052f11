"""What scores show, in one Chinese sentence each: headlines and chart titles of the pages about points.

Takes the answers of the questions it names; points are whole hundredths. Invents nothing.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from metrics import planning
from words import day_in_sentence, percent, points, score

NOTHING_IN_SCOPE = "所选范围内没有任务，请放宽筛选条件。"


def totals(rows: pd.DataFrame, as_of: date, assessed_on: date, *, has_progress: bool = True) -> str:
    """The headline of 自评打分, from `score_totals` in total; without any progress it says that
    nothing is known of what was done."""
    if not (rows.part == "overall").any():
        return NOTHING_IN_SCOPE
    overall = rows[rows.part == "overall"].iloc[0]
    full = full_marks(rows)
    if not full and not overall.full_cents:
        return "所选范围内没有设定分值的任务，请放宽筛选条件。"
    unknown = "" if has_progress else "尚无进展填报，各项都按未开始计，"
    said = (
        f"截至 {day_in_sentence(as_of)}，{unknown}自评 {score(overall.self_cents)} 分"
        f"（{full_marks_words(full, overall.full_cents)}），其中已锁定 {score(overall.secured_cents)} 分"
    )
    if as_of < assessed_on:
        said += f"；到 {day_in_sentence(assessed_on)}最多可达 {score(overall.reachable_cents)} 分"
    else:
        said += f"；{day_in_sentence(assessed_on)}已到，不再有可补的分"
    if overall.unmarked:
        said += f"；还有 {overall.unmarked} 项待评分"
    return said + "。"


def full_marks_words(base: int, overall: int) -> str:
    """Full marks, of which base and of which bonus, from hundredths."""
    if overall == base:
        return f"满分 {score(base)} 分"
    return (
        f"满分 {score(overall)} 分，即基本分 {score(base)} 分、加分最多 {score(overall - base)} 分"
    )


def full_marks(rows: pd.DataFrame) -> int:
    """Full marks of the base tasks, those left out included, in hundredths."""
    return int(rows[rows.part.isin(["base", "absent"])].full_cents.sum())


def by_indicator(rows: pd.DataFrame) -> str:
    """Which indicator loses most, from `score_totals` by 一级指标."""
    base = rows[(rows.part == "base") & (rows.full_cents > 0)]
    if base.empty:
        return "没有设定分值的指标"
    lost = base.full_cents - base.self_cents
    if not lost.any():
        return "各指标均得满分"
    worst = base.iloc[lost.argmax()]
    share = 100 * worst.self_cents / worst.full_cents
    return (
        f"“{worst.short_name}”失分最多：{score(worst.full_cents - worst.self_cents)} 分，"
        f"得分率 {percent(share)}"
    )


def part_of_total(rows: pd.DataFrame, chosen: str, name: str, tasks: int) -> str:
    """What the chosen 一级指标 or part of the total comes to, from `score_totals` by 一级指标."""
    own = rows[(rows.part == chosen) | ((rows.part == "base") & (rows.level1 == chosen))]
    if chosen == "bonus":
        own = rows[rows.part.isin(["bonus", "excess"])]
    sums = own[["full_cents", "self_cents", "secured_cents", "reachable_cents"]].sum()
    said = [f"满分 {score(sums.full_cents)} 分"] if chosen != "penalty" else []
    said += [
        f"自评 {score(sums.self_cents)} 分",
        f"已锁定 {score(sums.secured_cents)} 分",
        f"可达上限 {score(sums.reachable_cents)} 分",
    ]
    absent = int(rows[(rows.part == "absent") & (rows.level1 == chosen)].tasks.sum())
    if absent:
        said.append(f"其中缺项 {absent} 项另行折算")
    return f"{name} {tasks} 项任务：{'，'.join(said)}"


def way_to_total(rows: pd.DataFrame) -> str:
    """How the total comes about, from `score_totals` by 一级指标."""
    overall = rows[rows.part == "overall"].iloc[0]
    extra = int(rows[rows.part.isin(["bonus", "excess"])].self_cents.sum())
    penalty = -int(rows[rows.part == "penalty"].self_cents.sum())
    full = full_marks(rows)
    lost = full - (overall.self_cents - extra + penalty)
    said = f"满分 {score(full)} 分，失 {score(lost)} 分"
    if extra:
        said += f"，加 {score(extra)} 分"
    if penalty:
        said += f"，扣 {score(penalty)} 分"
    return f"{said}，自评 {score(overall.self_cents)} 分"


def trend(rows: pd.DataFrame) -> str:
    """How the self-assessment moved, from `score_trend`."""
    if len(rows) < 2:
        return "自评、已锁定与可达上限"
    before, now = rows.iloc[-2], rows.iloc[-1]
    change = int(now.self_cents - before.self_cents)
    won_back = int(before.reachable_cents - now.reachable_cents)
    month = f"{now.as_of.month} 月"
    if change:
        said = f"{month}自评{'升' if change > 0 else '降'} {score(abs(change))} 分"
    else:
        said = f"{month}自评不变"
    if won_back > 0:
        said += f"，可达上限降 {score(won_back)} 分"
    return said


def evidence_gaps(rows: pd.DataFrame) -> str:
    """The headline of 佐证缺口, from `evidence_gaps`."""
    if rows.empty:
        return "须佐证的任务都有有效的佐证材料。"
    old = int((rows.gap == "old").sum())
    said = f"{len(rows)} 项任务缺有效佐证"
    if old:
        said += f"（其中 {old} 项材料过旧）"
    lost = int(rows.lost_cents.sum())
    said += f"，现在少得 {score(lost)} 分" if lost else "，现在还没有因此少得分"
    return f"{said}，最多涉及 {score(int(rows.at_stake_cents.sum()))} 分。"


def still_to_win(now: planning.Standing, rows: pd.DataFrame, as_of: date, assessed_on: date) -> str:
    """The headline of 补分建议, from `open_points`."""
    if as_of >= assessed_on:
        return f"{day_in_sentence(assessed_on)}已到，不再有可补的分；自评 {score(now.total())} 分。"
    if rows.empty:
        return f"没有还可补的分，自评 {score(now.total())} 分。"
    most = planning.most(now, planning.steps_of(rows))
    # Not the sum of what the tasks gain: bonus marks are capped in total and 缺项 go with the rest.
    return (
        f"离 {day_in_sentence(assessed_on)}还有 {(assessed_on - as_of).days} 天，"
        f"{rows.task_id.nunique()} 项任务还可补 {score(most - now.total())} 分；"
        f"自评 {score(now.total())} 分，最多可达 {score(most)} 分。"
    )


def plan(found: planning.Plan | None, now: planning.Standing, target: int, most: int) -> str:
    """What the least work to a target is, or that it cannot be reached."""
    if now.total() >= target:
        return f"自评已达 {score(now.total())} 分，不少于目标 {score(target)} 分。"
    if found is None:
        return (
            f"到不了 {score(target)} 分：即使把所列的全部做完，最多 {score(most)} 分，"
            f"还差 {score(target - most)} 分。"
        )
    return (
        f"要达到 {score(target)} 分，最少要在 {len(found.steps)} 项任务上补分，"
        f"工作量合计 {effort(found.effort)}，可得 {score(found.total)} 分。"
    )


def effort(tenths: int) -> str:
    """An amount of work from whole tenths."""
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest}" if rest else f"{whole}"


def shares(rows: pd.DataFrame, names: tuple[str, str]) -> str:
    """What comparing shares of full marks shows; `rows` are one per 一级指标 with before and after."""
    both = rows[rows.before.notna() & rows.after.notna()]
    if both.empty:
        return "没有名称相同的一级指标，分列两边。"
    said, alike = "", "各指标"
    if len(both) < len(rows):
        said, alike = f"名称相同的一级指标有 {len(both)} 个，其余分列两边；", "名称相同的"
    most = both.iloc[(both.after - both.before).abs().argmax()]
    moved = most.after - most.before
    if abs(moved) < 0.05:
        return f"{said}{alike}得分率相同。"
    word = "高" if moved > 0 else "低"
    only = "，相差最大" if len(both) > 1 else ""
    return f"{said}“{most.short_name}”{names[1]}比{names[0]}{word} {points(abs(moved))} 个百分点{only}。"
