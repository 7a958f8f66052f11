"""What a 自评表 says: its sections in order, the words of its cells, its totals, self beside review.

Owns what workbook, document and command line have in common, so that they agree with each other and
with the page: every figure is an answer of `scores`, `score_totals` or `evidence_gaps`. Knows no file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pandas as pd

from documents import Context
from findings.marks import UNREPORTED, score_sentence, shortfall
from findings.scores import full_marks_words
from metrics import Scope, ask
from warehouse import Warehouse, WarehouseError
from warehouse.ledger.schemes import ABSENT_RULES, MEASURES, RULES
from words import (
    DEMONSTRATION,
    KINDS,
    NO_POINTS,
    SCORE_PARTS,
    STATES,
    TRIAL,
    day,
    each_row,
    is_missing,
    percent,
    score,
)

TITLE = "信用交通省自评表"
NONE = "无"
PARTS = SCORE_PARTS | {"overall": "总分"}
"""The last line holds the review marks as well."""
FIGURES = ("full", "self", "secured", "reachable")


@dataclass(frozen=True)
class SchemeHead:
    """The version of the 评分方案 that the scores are by."""

    scheme_id: UUID
    version: int
    assessed_on: date
    evidence_from: date
    absent_rule: str
    bonus_cap_cents: int | None
    note: str


@dataclass(frozen=True)
class Assessment:
    """Everything a 自评表 says, of one ledger, day, filter and version of the scheme."""

    context: Context
    ledger_id: UUID
    edition_number: int
    scheme: SchemeHead | None
    """None is the trial with equal weights."""
    rows: pd.DataFrame
    """The answer of `scores`."""
    totals: pd.DataFrame
    """The answer of `score_totals` by level1."""
    gaps: pd.DataFrame | None
    """The answer of `evidence_gaps`; None for a trial, which asks for no evidence."""
    tiers: Mapping[UUID, Sequence[Sequence[Any]]]
    """Task → from, to and points of each of its tiers."""

    def total(self, part: str, level1: str | None = None) -> dict[str, int]:
        """`full`, `self`, `secured`, `reachable` of a part, in hundredths; 0 where there is none."""
        found = self.totals[self.totals.part == part]
        if level1 is not None:
            found = found[found.level1 == level1]
        return {name: int(found[f"{name}_cents"].sum()) for name in FIGURES}

    def has_part(self, part: str) -> bool:
        """Whether the totals have this part."""
        return bool((self.totals.part == part).any())

    def sentence(self, row: Any) -> str:
        """How the task of `row` came by its score."""
        return score_sentence(row, self.tiers.get(row.task_id))

    def reason(self, row: Any) -> str:
        """扣分原因 of the task of `row`."""
        return shortfall(row, self.tiers.get(row.task_id))


@dataclass(frozen=True)
class Section:
    """Tasks that are added up on one line."""

    part: str
    level1: str
    """"" where the section is of every indicator."""
    title: str
    rows: tuple[Any, ...]

    @property
    def total_words(self) -> str:
        """What the line under the section is called."""
        return "小计" if self.part == "base" else f"{PARTS[self.part]}小计"

    @property
    def sign(self) -> int:
        """Penalties are taken off."""
        return -1 if self.part == "penalty" else 1


def assess(warehouse: Warehouse, scope: Scope, context: Context) -> Assessment:
    """Ask everything a 自评表 needs, in the scope's filters and by its version of the scheme.

    Raises WarehouseError when the ledger or this version of its scheme is not in the database.
    """
    ledgers = ask(warehouse, "ledgers")
    edition = ledgers[ledgers.ledger_id == scope.ledger_id].edition_number
    if edition.empty:
        raise WarehouseError("数据库中没有这份台账，请重新选择。")
    scheme, gaps, tiers = None, None, {}
    if scope.scheme_id is not None:
        schemes = ask(warehouse, "schemes", scope)
        head = next((each for each in each_row(schemes) if each.scheme_id == scope.scheme_id), None)
        if head is None:
            raise WarehouseError("这份台账没有这一版评分方案，请重新选择。")
        scheme = SchemeHead(
            head.scheme_id,
            int(head.version),
            head.assessed_on.date(),
            head.evidence_from.date(),
            head.absent_rule,
            None if is_missing(head.bonus_cap_cents) else int(head.bonus_cap_cents),
            head.note,
        )
        gaps = ask(warehouse, "evidence_gaps", scope)
        items = ask(warehouse, "scheme_items", scope)
        tiers = {item.task_id: item.tiers for item in each_row(items) if not _is_empty(item.tiers)}
    return Assessment(
        context,
        scope.ledger_id,
        int(edition.iloc[0]),
        scheme,
        ask(warehouse, "scores", scope),
        ask(warehouse, "score_totals", scope, by="level1"),
        gaps,
        tiers,
    )


def sections(assessed: Assessment) -> list[Section]:
    """Every task once: by indicator, then 缺项 that are rescaled, bonus and penalty items."""
    rescaled = assessed.scheme is None or assessed.scheme.absent_rule == "rescale"
    rows = list(each_row(assessed.rows))

    def part_of(row: Any) -> str:
        return "absent" if row.is_absent and rescaled else row.kind

    level1s = dict.fromkeys(row.level1 for row in rows if part_of(row) == "base")
    titles = {
        "absent": "缺项（不适用，剔除后按其余任务的得分率折算）",
        "bonus": "加分项",
        "penalty": "扣分项（以负数计；没有设最多扣分的不在此复核，有误的请更正扣分事件）",
    }
    if assessed.scheme is None:
        titles |= {part: f"{KINDS[part]}（{NO_POINTS}，不计分）" for part in ("bonus", "penalty")}
    planned = [("base", level1, level1) for level1 in level1s]
    planned += [(part, "", title) for part, title in titles.items()]
    made = []
    for part, level1, title in planned:
        own = tuple(r for r in rows if part_of(r) == part and level1 in ("", r.level1))
        if own:
            made.append(Section(part, level1, title, own))
    return made


def title(assessed: Assessment) -> str:
    """The title, marked where the figures are not real or not by a scheme."""
    return f"{marks(assessed)}{TITLE}"


def marks(assessed: Assessment) -> str:
    """【演示数据】 and 【等权试算】, where they are due."""
    mark = f"【{DEMONSTRATION}】" if assessed.context.is_demonstration else ""
    return mark + ("" if assessed.scheme else f"【{TRIAL}】")


def scheme_words(assessed: Assessment) -> str:
    """By which version of the scheme, or that it is a trial."""
    scheme = assessed.scheme
    if scheme is None:
        return (
            f"{TRIAL}：没有采用评分方案，基本任务平分 100 分，按填报进度计分，"
            "加分项、扣分项不计分；仅供试算，不是正式得分"
        )
    note = f"；{scheme.note.rstrip('。；')}" if scheme.note else ""
    return (
        f"评分方案：第 {scheme.version} 版；评估日：{day(scheme.assessed_on)}；"
        f"佐证起算日：{day(scheme.evidence_from)}；缺项：{ABSENT_RULES[scheme.absent_rule]}"
        f"{note}"
    )


def total_words(assessed: Assessment) -> str:
    """The three totals beside full marks."""
    total = assessed.total("overall")
    base_full = sum(assessed.total(part)["full"] for part in ("base", "absent"))
    words = (
        f"总分：自评 {score(total['self'])} 分，已锁定 {score(total['secured'])} 分，"
        f"可达上限 {score(total['reachable'])} 分（{full_marks_words(base_full, total['full'])}）"
    )
    last = assessed.totals[assessed.totals.part == "overall"]
    unscored, unmarked = (int(last[name].sum()) for name in ("unscored", "unmarked"))
    base = assessed.rows[assessed.rows.kind == "base"]
    if len(base) and not base.has_report.any():
        words += "；台账尚无进展填报"
    if unscored:
        words += f"；{unscored} 项{NO_POINTS}"
    if unmarked:
        words += f"；{unmarked} 项尚未评分，暂计 0 分"
    return words


def total_lines(assessed: Assessment) -> list[tuple[str, dict[str, int]]]:
    """What each line of the totals is called, and its figures in hundredths; the last is their sum."""
    lines = []
    shared = assessed.totals.part.value_counts()
    for each in each_row(assessed.totals):
        name = PARTS[each.part]
        if each.part == "base":
            name = each.level1
        elif each.part == "absent" or shared[each.part] > 1:
            name = f"{name}：{each.short_name}"
        lines.append((name, {figure: int(getattr(each, f"{figure}_cents")) for figure in FIGURES}))
    return lines


def full_words(row: Any) -> str:
    """分值 where it is not a number that counts: a penalty's limit, or that there is none."""
    if is_missing(row.rule):
        return NO_POINTS
    if row.kind == "penalty":
        limited = not is_missing(row.full_cents)
        return f"最多扣 {score(row.full_cents)}" if limited else "不设上限"
    return score(row.full_cents)


def criterion_words(row: Any, tiers: Sequence[Sequence[Any]] | None = None) -> str:
    """评分标准 as the scheme words it, else its rule."""
    if is_missing(row.rule):
        return ""
    if row.criterion:
        return row.criterion
    words = RULES[row.rule]
    if row.measure:
        words += f"（{MEASURES[row.measure]}）"
    if not is_missing(row.step_cents):
        words += f"，每次 {score(row.step_cents)} 分"
    if not is_missing(row.floor_cents) and row.floor_cents:
        words += f"，下限 {score(row.floor_cents)} 分"
    if tiers is not None and not _is_empty(tiers):
        words += "，" + "；".join(
            f"{_bound(low)}{'以上' if is_missing(high) else f'–{_bound(high)}'}：{_bound(gained)} 分"
            for low, high, gained in tiers
        )
    return words


def completion_words(row: Any) -> str:
    """完成情况: the state, how far, and what was last reported."""
    if row.kind == "bonus":
        words = f"申报 {row.claims} 次，已认定 {row.recognised} 次" if row.claims else "未申报"
    elif row.kind == "penalty":
        words = f"已触发 {row.incidents} 起" if row.incidents else "未触发"
    elif not row.has_report:
        words = UNREPORTED
    else:
        words = STATES[row.state]
        if row.state in ("in_progress", "overdue"):
            words += f"，进度 {percent(row.percent, 0 if row.percent == round(row.percent) else 1)}"
    if row.kind == "base" and row.window_total:
        words += f"，频次 {row.window_done}/{row.window_total} 次"
    return words if is_missing(row.narrative) else f"{words}。{row.narrative}"


def evidence_words(row: Any) -> str:
    """佐证材料: what is held, or that what is asked for is not there."""
    held = "" if is_missing(row.titles) else row.titles
    if row.lacks_evidence and held:
        return f"{held}（过旧，不作佐证）"
    if held:
        return held
    if row.is_absent or not row.evidence_required:
        return NONE
    return f"缺：{row.proof}" if row.proof else "缺（须有佐证）"


def account_words(row: Any, reason: str) -> str:
    """How the task stands, a line each: completion, evidence, `reason` of what is missing, and the
    second indicator and the units it belongs to."""
    completion, evidence = completion_words(row), evidence_words(row)
    belongs = {"指标": row.level2, "责任处室": row.units}
    lines = (
        completion,
        "" if evidence == NONE else f"佐证：{evidence}",
        "" if reason in completion else reason,
        "　".join(
            f"{name}：{text}" for name, text in belongs.items() if not is_missing(text) and text
        ),
    )
    return "\n".join(line for line in lines if line)


def review_cents(row: Any) -> int | None:
    """The review mark as it counts: of a penalty item below zero; None without one."""
    if is_missing(row.review_cents):
        return None
    return int(row.review_cents) * (-1 if row.kind == "penalty" else 1)


def self_cents(row: Any) -> int | None:
    """自评 as it counts: of a penalty item below zero; None without points."""
    if is_missing(row.self_cents):
        return None
    return int(row.self_cents) * (-1 if row.kind == "penalty" else 1)


def reviewed_sum(rows: Iterable[Any]) -> int | None:
    """The review marks of these tasks added up, penalties below zero; None where there is none."""
    given = [mark for row in rows if (mark := review_cents(row)) is not None]
    return sum(given) if given else None


def reviewed_excess(assessed: Assessment) -> int | None:
    """What the reviewed bonus marks exceed their cap in total by, below zero; None without any."""
    cap = assessed.scheme.bonus_cap_cents if assessed.scheme else None
    bonus = reviewed_sum(row for row in each_row(assessed.rows) if row.kind == "bonus")
    return None if cap is None or bonus is None else min(0, cap - bonus)


def reviewed_total(assessed: Assessment) -> int | None:
    """The total of the review marks there are; None without any."""
    added = reviewed_sum(each_row(assessed.rows))
    return None if added is None else added + (reviewed_excess(assessed) or 0)


def evidence_table(assessed: Assessment) -> pd.DataFrame:
    """佐证材料清单: one row per task that lacks valid evidence, as it is handed out, points as numbers."""
    gaps = assessed.gaps
    columns = (
        *("编号", "一级指标", "二级指标", "目标任务", "责任处室（单位）", "需要的材料"),
        *("现有材料及日期", "缺口", "分值", "现在少得的分", "涉及的分"),
    )
    if gaps is None or gaps.empty:
        return pd.DataFrame(columns=columns)
    rows = [
        (
            each.number,
            each.short_name,
            each.level2,
            each.task,
            each.units,
            each.proof or "须有佐证，方案未写明哪种材料",
            NONE if is_missing(each.held) else each.held,
            "佐证过旧" if each.gap == "old" else "没有佐证",
            Decimal(int(each.full_cents)) / 100,
            Decimal(int(each.lost_cents)) / 100,
            Decimal(int(each.at_stake_cents)) / 100,
        )
        for each in each_row(gaps)
    ]
    return pd.DataFrame(rows, columns=columns)


def compare_tasks(
    assessed: Assessment, typed: Mapping[UUID, tuple[Decimal, str]] | None = None
) -> pd.DataFrame:
    """Self beside review: one row per task that counts, in hundredths, penalties below zero.

    `typed` are marks that are not stored yet (of a penalty what it costs, above zero); they go before
    those that are. `review_cents` and `difference_cents` (review less self) are missing without a mark.
    """
    typed = typed or {}
    found = []
    for section in sections(assessed):
        for row in section.rows:
            own = self_cents(row)
            if own is None:
                continue
            review, opinion = review_cents(row), row.review_opinion
            if row.task_id in typed:
                value, opinion = typed[row.task_id]
                review = section.sign * int(value * 100)
            found.append(
                {
                    "task_id": row.task_id,
                    "part": section.part,
                    "level1": section.level1,
                    "number": row.number,
                    "task": row.task,
                    "full_cents": row.full_cents,
                    "self_cents": own,
                    "review_cents": review,
                    "difference_cents": None if review is None else review - own,
                    "opinion": "" if is_missing(opinion) else opinion,
                }
            )
    columns = (
        *("task_id", "part", "level1", "number", "task", "full_cents", "self_cents"),
        *("review_cents", "difference_cents", "opinion"),
    )
    compared = pd.DataFrame(found, columns=columns)
    cents = [name for name in columns if name.endswith("_cents")]
    return compared.astype(dict.fromkeys(cents, "Int64"))


def compare_level1s(compared: pd.DataFrame) -> pd.DataFrame:
    """`compare_tasks` added up by indicator (and part), with a last row of part overall.

    Self and review are of the reviewed tasks alone, so that their difference means something; caps on
    bonus marks in total are not applied to either.
    """
    done = compared[compared.review_cents.notna()]
    added = {
        "tasks": ("task_id", "size"),
        "reviewed": ("review_cents", "count"),
    }
    sums = {name: (name, "sum") for name in ("self_cents", "review_cents", "difference_cents")}
    keys = ["part", "level1"]
    counted = compared.groupby(keys, sort=False).agg(**added)
    summed = done.groupby(keys, sort=False).agg(**sums)
    table = counted.join(summed).reset_index()
    overall: dict[str, Any] = {"part": "overall", "level1": ""}
    # Unknown, and not 0, while nothing is reviewed.
    overall |= {name: table[name].sum(min_count=1) for name in ("tasks", "reviewed", *sums)}
    return pd.concat([table, pd.DataFrame([overall])], ignore_index=True).astype(
        dict.fromkeys(("tasks", "reviewed", *sums), "Int64")
    )


def _bound(value: Any) -> str:
    return score(int(Decimal(str(value)) * 100))


def _is_empty(values: Any) -> bool:
    """Whether a list column holds nothing; a missing list is None, NaN or NA."""
    return not isinstance(values, Sized) or len(values) == 0
