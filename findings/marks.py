"""A score in words: how a task came by it, and why it is below full marks.

Owns those sentences; each takes one row of the question `scores` (by attribute). Computes no score:
what it says was multiplied, added or capped is what the question answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from words import NO_POINTS, STATES, day, is_missing, percent, rounded_percent, score

UNREPORTED = "未填报"


class Step(NamedTuple):
    """One step of 分档 or one group of places, as a sentence needs it."""

    at_least: Decimal
    at_most: Decimal | None
    cents: int


def score_sentence(row: Any, tiers: Sequence[Sequence[Any]] | None = ()) -> str:
    """How the task came by its 自评 under the scheme, with the arithmetic, without a full stop.

    `tiers` are the task's own from `scheme_items`: from, to (None is open), points.
    """
    if is_missing(row.rule):
        return f"{NO_POINTS}，不计分"
    if row.is_absent:
        why = STATES["not_applicable"] if row.state == "not_applicable" else "各期频次均已免除"
        return (
            f"缺项（{why}）：按其余任务的得分率计，"
            f"满分 {score(row.full_cents)} 分计 {score(row.self_cents)} 分"
        )
    said = [_given(row, tiers)]
    if is_missing(row.manual_cents) and not is_missing(row.given_cents):
        said.append(f"此前的人工评分 {score(row.given_cents)} 分按另一满分评定，满分已改，不再有效")
    if row.lacks_evidence:
        said.append(f"{_proof_gap(row)}，计 0 分")
    elif row.evidence_required and row.kind != "penalty":
        said.append(f"有效佐证 {row.evidence} 件")
    return "；".join(said)


def shortfall(row: Any, tiers: Sequence[Sequence[Any]] | None = ()) -> str:
    """扣分原因: what the task is short of full marks and why; of a penalty item what was lost, and
    of a bonus item why nothing or not all was won. Empty where nothing is missing or nothing counts.
    """
    if is_missing(row.rule) or row.is_absent:
        return ""
    if row.kind == "penalty":
        if not row.self_cents:
            return ""
        return f"扣 {score(row.self_cents)} 分：{_because_by_hand(row) or _incidents(row)}"
    missing = row.full_cents - row.self_cents
    if missing <= 0:
        return ""
    because = [_proof_gap(row)] if row.lacks_evidence else []
    if row.ungated_cents < row.full_cents:
        because.append(_because_by_hand(row) or _because(row, _steps(tiers)))
    if row.kind == "bonus":
        return "；".join(because)
    return f"扣 {score(missing)} 分：{'；'.join(because)}"


def secured_sentence(row: Any) -> str:
    """Why so much of the 自评 is 已锁定, without a full stop."""
    said = f"计 {score(row.secured_cents)} 分"
    if row.is_absent:
        return f"缺项，按其余任务已锁定的得分率{said}"
    if row.kind == "penalty":
        return f"已触发的扣分都算已锁定，扣 {score(row.secured_cents)} 分"
    if row.lacks_evidence:
        return f"没有有效佐证，{said}"
    if row.kind == "bonus":
        return f"申报 {row.claims} 次，已认定 {row.recognised} 次，{said}"
    return f"{'已销号' if row.state == 'verified' else '没有销号'}，{said}"


def reachable_sentence(row: Any) -> str:
    """What can still be had by the 评估日 and what cannot, without a full stop."""
    if row.kind == "penalty":
        return f"已触发的扣分收不回来，扣 {score(row.reachable_cents)} 分"
    said = f"最多 {score(row.reachable_cents)} 分"
    if row.is_absent:
        return f"缺项，按其余任务可达的得分率计，{said}"
    if not row.time_is_left:
        return f"评估日已到，不再增加，{said}"
    said = f"{_still_to_do(row)}，{said}"
    if row.reachable_cents < row.full_cents:
        said += f"；{_past_mending(row)}，比满分少 {score(row.full_cents - row.reachable_cents)} 分"
    return said


def _still_to_do(row: Any) -> str:
    if row.reachable_cents <= row.self_cents:
        return "已得到能得的全部"
    if row.lacks_evidence and row.ungated_cents == row.reachable_cents:
        return "补齐佐证"
    if row.kind == "bonus":
        return "申报并得到认定"
    if row.rule in ("manual", "rank"):
        return "取得评分或名次"
    return "到评估日把还能做的做完"


def _past_mending(row: Any) -> str:
    if row.rule == "rank":
        return "名次已公布"
    if row.measure == "incidents":
        return "已触发的扣分补不回来"
    return "已经错过的频次补不回来"


def _given(row: Any, tiers: Sequence[Sequence[Any]] | None) -> str:
    """What the rule gives, or the mark by hand that stands in its place."""
    if is_missing(row.manual_cents):
        return _by_rule(row, _steps(tiers))
    verb = "人工评定扣" if row.kind == "penalty" else "人工评分"
    said = f"{verb} {score(row.manual_cents)} 分（理由：{_reason(row)}）"
    if row.rule == "manual" or is_missing(row.computed_cents):
        return said
    return f"{said}，代替按规则计的 {score(row.computed_cents)} 分"


def _by_rule(row: Any, steps: Sequence[Step]) -> str:
    if row.kind == "penalty":
        return _penalty(row)
    if row.kind == "bonus":
        return _bonus(row)
    return _RULES[row.rule](row, steps)


def _proportional(row: Any, _steps: Sequence[Step]) -> str:
    full, gained = score(row.full_cents), score(row.computed_cents)
    if row.measure == "windows":
        share = f"{row.window_done}/{row.window_total}"
        return (
            f"按比例：应完成频次 {row.window_total} 次，已完成 {row.window_done} 次，"
            f"满分 {full} 分 × {share} = {gained} 分"
        )
    share = _percent(row)
    return f"按比例：填报进度 {share}，满分 {full} 分 × {share} = {gained} 分"


def _all_or_nothing(row: Any, _steps: Sequence[Step]) -> str:
    if row.is_done:
        return f"完成得满分：{STATES[row.state]}，得满分 {score(row.computed_cents)} 分"
    return f"完成得满分：{_not_done(row)}，得 0 分（满分 {score(row.full_cents)} 分）"


def _tiers(row: Any, steps: Sequence[Step]) -> str:
    gained = score(row.computed_cents)
    met, _ = _around(row, steps)
    if not steps:
        return f"分档：{_measured(row)}，得 {gained} 分"
    if met is None:
        return f"分档：{_measured(row)}，未达到最低一档（{_level(row, steps[0])}），得 0 分"
    return f"分档：{_measured(row)}，在“{_span(row, met)}”一档，得 {gained} 分"


def _per_occurrence(row: Any, _steps: Sequence[Step]) -> str:
    worth = row.step_cents * row.times
    said = f"按次：完成 {row.times} 次 × 每次 {score(row.step_cents)} 分 = {score(worth)} 分"
    return said + _capped(worth, row.full_cents, "满分")


def _deduct(row: Any, _steps: Sequence[Step]) -> str:
    left = row.full_cents - row.lost_cents
    if row.measure == "missed":
        lost = f"频次缺 {row.windows_missed} 期 × {score(row.step_cents)} 分"
    else:
        lost = f"{_incidents(row)}共 {score(row.lost_cents)} 分"
    said = f"倒扣：满分 {score(row.full_cents)} 分 − {lost} = {score(left)} 分"
    if left < row.floor_cents:
        floor = score(row.floor_cents)
        said += f"，低于下限 {floor} 分，计 {floor} 分"
    return said


def _rank(row: Any, steps: Sequence[Step]) -> str:
    if is_missing(row.place):
        return f"按名次：尚无名次，暂计 0 分（满分 {score(row.full_cents)} 分）"
    gained = score(row.computed_cents)
    met, _ = _around(row, steps)
    if steps and met is None:
        return f"按名次：第 {row.place} 名，不在得分的名次之内，得 0 分"
    within = f"，在“{_span(row, met)}”一档" if met else ""
    return f"按名次：第 {row.place} 名{within}，得 {gained} 分"


def _manual(row: Any, _steps: Sequence[Step]) -> str:
    return f"人工评分：尚未评分，暂计 0 分（满分 {score(row.full_cents)} 分）"


_RULES = {
    "proportional": _proportional,
    "all-or-nothing": _all_or_nothing,
    "tiers": _tiers,
    "per-occurrence": _per_occurrence,
    "deduct": _deduct,
    "rank": _rank,
    "manual": _manual,
}


def _bonus(row: Any) -> str:
    cap = score(row.full_cents)
    if not row.claims:
        return f"加分：未申报，计 0 分（上限 {cap} 分）"
    # What a claim asks for itself goes before what the scheme gives for one, so only the sum is sure.
    unstated = {
        "per-occurrence": f"每次按 {score(row.step_cents)} 分计",
        "all-or-nothing": f"按满分 {cap} 分计",
    }.get(row.rule, "不计分")
    said = (
        f"加分：申报 {row.claims} 次，其中已认定 {row.recognised} 次（申报未写分值的{unstated}），"
    )
    if row.computed_cents < row.full_cents:
        return f"{said}合计 {score(row.computed_cents)} 分（上限 {cap} 分）"
    return f"{said}合计达到上限，计 {cap} 分"


def _penalty(row: Any) -> str:
    if not row.incidents:
        return "扣分：没有扣分事件，不扣分"
    said = (
        f"扣分：{_incidents(row)}（未写明扣分的每起扣 {score(row.step_cents)} 分），"
        f"共扣 {score(row.lost_cents)} 分"
    )
    return said + _capped(row.lost_cents, row.full_cents, "最多扣分")


def _capped(cents: int, cap: int | None, called: str) -> str:
    if is_missing(cap) or cents <= cap:
        return ""
    return f"，超过{called} {score(cap)} 分，计 {score(cap)} 分"


def _because(row: Any, steps: Sequence[Step]) -> str:
    """Why the rule gives less than full marks."""
    if row.kind == "bonus":
        if not row.claims:
            return "未申报"
        return f"申报 {row.claims} 次，未达到上限 {score(row.full_cents)} 分"
    if row.rule == "tiers":
        _, above = _around(row, steps)
        return _measured(row) + (f"，未达到 {_level(row, above)}" if above else "")
    if row.rule == "rank":
        return "尚无名次" if is_missing(row.place) else f"第 {row.place} 名"
    if row.rule == "per-occurrence":
        wanted = -(-row.full_cents // row.step_cents)
        return f"完成 {row.times} 次，得满分须 {wanted} 次"
    if row.rule == "manual":
        return "尚未评分"
    if row.rule == "deduct" and row.measure == "incidents":
        return _incidents(row)
    if row.measure in ("missed", "windows"):
        return _windows(row)
    return _not_done(row)


def _because_by_hand(row: Any) -> str:
    return "" if is_missing(row.manual_cents) else f"人工评分：{_reason(row)}"


def _reason(row: Any) -> str:
    return "未写明" if is_missing(row.manual_reason) else row.manual_reason.rstrip("。；")


def _proof_gap(row: Any) -> str:
    if not row.old_evidence:
        return "须有佐证，无佐证材料"
    newest = (
        "" if is_missing(row.newest_evidence_on) else f"，最近一件 {day(row.newest_evidence_on)}"
    )
    return f"须有佐证，现有 {row.old_evidence} 件佐证过旧（早于佐证起算日{newest}）"


def _windows(row: Any) -> str:
    said = [f"频次缺 {row.windows_missed} 期"] if row.windows_missed else []
    if row.measure == "windows":
        said.insert(0, f"频次应完成 {row.window_total} 次，已完成 {row.window_done} 次")
    return "，".join(said)


def _incidents(row: Any) -> str:
    return f"扣分事件 {row.incidents} 起"


def _not_done(row: Any) -> str:
    """未完成（进度 75%）, or that nothing was ever reported."""
    if not row.has_report:
        return UNREPORTED
    said = {"not_started": STATES["not_started"], "overdue": "已逾期未完成"}
    return f"{said.get(row.state, '未完成')}（进度 {_percent(row)}）"


def _percent(row: Any) -> str:
    """The percent as the page has it, a whole one without decimals; to the last digit that counts where
    rounding would lift it to a whole percent, from which a tier may begin (79.9999)."""
    exact = float(_percent_exactly(row))
    shown = rounded_percent(exact, 1)
    if shown == int(shown) != exact:
        return f"{_trimmed(_percent_exactly(row))}%"
    return percent(exact, 0 if exact == int(exact) else 1)


def _percent_exactly(row: Any) -> Decimal:
    return (
        Decimal(0)
        if is_missing(row.percent)
        else Decimal(round(float(row.percent) * 10_000)) / 10_000
    )


def _steps(tiers: Sequence[Sequence[Any]] | None) -> list[Step]:
    """The tiers, lowest first; a task without any may have None, NaN or NA in their place."""
    if not isinstance(tiers, Iterable):
        return []
    steps = [
        Step(
            Decimal(str(at_least)),
            None if is_missing(at_most) else Decimal(str(at_most)),
            int(Decimal(str(gained)) * 100),
        )
        for at_least, at_most, gained in tiers
    ]
    return sorted(steps, key=lambda step: step.at_least)


def _around(row: Any, steps: Sequence[Step]) -> tuple[Step | None, Step | None]:
    """The tier the task is in, and the next better one."""
    if row.rule == "rank":
        place = int(row.place)
        met = [
            step
            for step in steps
            if step.at_least <= place <= (place if step.at_most is None else step.at_most)
        ]
        return (met[-1] if met else None), None
    reached = [step for step in steps if _amount(row) >= _threshold(row, step)]
    above = steps[len(reached) :]
    return (reached[-1] if reached else None), (above[0] if above else None)


def _amount(row: Any) -> Decimal:
    if row.measure == "percent":
        return _percent_exactly(row)
    # A share of windows is compared crosswise, for it may have no last digit.
    return Decimal(int(row.window_done) * 100 if row.measure == "windows" else int(row.times))


def _threshold(row: Any, step: Step) -> Decimal:
    return step.at_least * int(row.window_total) if row.measure == "windows" else step.at_least


def _measured(row: Any) -> str:
    if row.measure == "percent":
        return f"填报进度 {_percent(row)}"
    if row.measure == "windows":
        return f"频次完成 {row.window_done}/{row.window_total}"
    return f"完成 {row.times} 次"


def _level(row: Any, step: Step) -> str:
    return f"{_trimmed(step.at_least)}{_unit(row)}"


def _span(row: Any, step: Step) -> str:
    low, unit = _trimmed(step.at_least), _unit(row)
    if step.at_most == step.at_least:
        return f"{low}{unit}"
    if step.at_most is None:
        return f"{low}{unit}以上" if low != "100" or unit != "%" else "100%"
    # Of shares and counts the upper end belongs to the next tier.
    below = "" if row.rule == "rank" else "（不含）"
    return f"{low}–{_trimmed(step.at_most)}{unit}{below}"


def _unit(row: Any) -> str:
    if row.rule == "rank":
        return " 名"
    return " 次" if row.measure == "times" else "%"


def _trimmed(value: Decimal) -> str:
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
