"""The 评分方案 as it stands: the newest version, what it comes to, and storing the next one.

Owns what every part of the page starts from. What a scheme may hold is the warehouse's to say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from documents import scheme as schemes
from documents.scheme import Draft, Outline, Sums, Version
from documents.scheme import figure as points
from documents.scheme.layout import FULL_MARKS
from screens import parts
from screens.parts import saving
from warehouse import ALL_KNOWN
from warehouse.ledger.schemes import ABSENT_RULES, Scheme, store_scheme
from words import NO_POINTS, UNKNOWN, day, day_in_sentence, plain

FORM = "scheme"
"""The template and the grid are one form: both start afresh with every version stored."""


LOOKED_AT = "schemes_looked_at"
"""Session key: ledger → number of the newest version when the page was drawn last."""


@dataclass(frozen=True)
class Current:
    """The ledger as a scheme sees it, its versions, and the newest of them."""

    outline: Outline
    versions: pd.DataFrame
    """`schemes` rows, the newest first."""
    newest: Version | None
    looked_at: int
    """Number of the newest version when the page was drawn before: what a button pressed now is about."""

    @property
    def number(self) -> int:
        """Number of the newest version, 0 where there is none."""
        return self.newest.number if self.newest else 0

    @property
    def next_number(self) -> int:
        """What the next version will be called."""
        return self.number + 1

    @property
    def sums(self) -> tuple[Sums, ...]:
        """The newest version's points by 一级指标, then in all."""
        scheme = self.newest.scheme if self.newest else schemes.blank_scheme(self.outline)
        return schemes.sums_of(self.outline, scheme, self.outline.heading_points)


def current_scheme(view: parts.View) -> Current:
    """What the page is about."""
    versions = view.ask("schemes")
    newest = None if versions.empty else stored_version(view, versions.scheme_id.iloc[0])
    database = view.warehouse
    outline = _outline(database, str(database.path), database.data_version, view.scope.ledger_id)
    number = newest.number if newest else 0
    looked_at: int = st.session_state.get(LOOKED_AT, {}).get(view.scope.ledger_id, number)
    st.session_state.setdefault(LOOKED_AT, {})[view.scope.ledger_id] = number
    return Current(outline, versions, newest, looked_at)


def stored_version(view: parts.View, scheme_id: UUID) -> Version:
    """A stored version of the ledger's scheme."""
    database, ledger_id = view.warehouse, view.scope.ledger_id
    return _version(database, str(database.path), database.data_version, ledger_id, scheme_id)


@st.cache_data(max_entries=20, show_spinner=False)
def _outline(_warehouse: Any, path: str, data_version: int, ledger_id: UUID) -> Outline:
    # path and data_version are the key: another database or newer data is another outline.
    del path, data_version
    return schemes.outline_of(_warehouse, ledger_id)


@st.cache_data(max_entries=50, show_spinner=False)
def _version(
    _warehouse: Any, path: str, data_version: int, ledger_id: UUID, scheme_id: UUID
) -> Version:
    del path, data_version
    return schemes.stored_version(_warehouse, ledger_id, scheme_id)


def headline(current: Current) -> str:
    """The page's answer in one sentence."""
    title, newest = current.outline.edition.title, current.newest
    if newest is None:
        if current.outline.has_points:
            return f"《{title}》载有分值，还没有评分方案，可以台账分值建立第 1 版。"
        return f"《{title}》{NO_POINTS}，可从模板填起。"
    kinds = {task.task_id: task.kind for task in current.outline.tasks}
    scored = [kinds[item.task_id] for item in newest.scheme.items if item.task_id in kinds]
    total = current.sums[-1]
    base = sum(task.kind == "base" for task in current.outline.tasks)
    with_points = scored.count("base")
    clauses = [
        f"{base} 项基本任务共 {points(total.base)} 分"
        if with_points == base
        else f"{base} 项基本任务中 {with_points} 项设了分值，共 {points(total.base)} 分"
    ]
    if bonus := scored.count("bonus"):
        clauses.append(f"{bonus} 项加分最多 {points(_most_bonus(newest.scheme, total))} 分")
    if penalties := scored.count("penalty"):
        clauses.append(f"{penalties} 项扣分")
    assessed_on = newest.scheme.assessed_on
    clauses.append(f"评估日 {assessed_on.year} 年 {day_in_sentence(assessed_on)}")
    return f"评分方案第 {newest.number} 版：{'，'.join(clauses)}。"


def _most_bonus(scheme: Scheme, total: Sums) -> Any:
    return total.bonus if scheme.bonus_cap is None else min(total.bonus, scheme.bonus_cap)


def summary_tiles(newest: Version, total: Sums) -> None:
    """The newest version in figures; `total` are its points in all."""
    scheme = newest.scheme
    bonus = f"{points(_most_bonus(scheme, total))} 分" if total.bonus else NO_POINTS
    cap = "不设上限" if scheme.bonus_cap is None else f"{points(scheme.bonus_cap)} 分"
    parts.tiles(
        [
            ("现行版次", f"第 {newest.number} 版", "最后存入的一版；以前各版都保留，可以对照"),
            ("基本任务", f"{points(total.base)} 分", "应为 100 分；不是 100 分的也可以用"),
            ("加分项最多", bonus, f"各项上限合计 {points(total.bonus)} 分，总上限{cap}"),
            (
                "计分任务",
                f"{total.scored} 项",
                f"设了分值的基本任务和加分项，共有 {total.tasks} 项",
            ),
        ]
    )
    terms = [
        f"评估日 {day(scheme.assessed_on)}",
        f"佐证起算日 {day(scheme.evidence_from)}",
        f"缺项{ABSENT_RULES[scheme.absent_rule]}",
        f"加分总上限 {cap}",
        f"{newest.recorded_by} 于 {newest.recorded_at:%Y-%m-%d %H:%M} 存入",
    ]
    st.caption(plain("　·　".join([*terms, *filter(None, [scheme.note])])))


def sums_table(sums: tuple[Sums, ...]) -> pd.DataFrame:
    """Points by 一级指标 and in all, beside what the headings state."""
    return pd.DataFrame(
        [
            {
                "一级指标": each.level1 or "合计",
                "设了分值": f"{each.scored} / {each.tasks} 项",
                "基本任务": points(each.base),
                "加分项": points(each.bonus),
                "指标满分": UNKNOWN if each.full is None else points(each.full),
                "核对": _verdict(each),
            }
            for each in sums
        ]
    )


def _verdict(each: Sums) -> str:
    if not each.level1:
        return "" if each.base == FULL_MARKS else f"不是 {FULL_MARKS} 分"
    if each.full is None:
        return ""
    over = each.base + each.bonus - each.full
    return "一致" if over == 0 else f"{'多' if over > 0 else '少'} {points(abs(over))} 分"


SUM_COLUMNS = {
    "一级指标": st.column_config.TextColumn(width=430),
    **{
        name: st.column_config.TextColumn(width=90, alignment="right")
        for name in ("设了分值", "基本任务", "加分项", "指标满分")
    },
    "核对": st.column_config.TextColumn(width=170),
}


def composition(current: Current) -> None:
    """The points by 一级指标 in a box, with their definition."""
    with st.container(border=True):
        head = st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall")
        head.markdown("**分值构成**", width="stretch")
        with head.popover("口径", type="tertiary"):
            parts.definition("schemes")
            parts.definition("scheme_items")
        points_by_heading(current.sums)


def points_by_heading(sums: tuple[Sums, ...]) -> None:
    """The table of points by 一级指标 and in all."""
    st.dataframe(sums_table(sums), column_config=SUM_COLUMNS, hide_index=True, alt="分值构成")


def start_from_ledger(view: parts.View, current: Current) -> None:
    """What a ledger without a scheme can be given one by, and the button for its own points."""
    own = "" if current.outline.has_points else "（这份台账没有）"
    ways = (
        "**还没有评分方案**，有三种办法：在“Excel 模板”中下载模板，填好后放入；在“网页上编辑”中逐项填写；"
        f"台账写有分值的{own}，以台账分值建立第 1 版。没有方案时，平台不编造分值。"
    )
    st.info(ways, icon=":material/edit_note:")
    if not current.outline.has_points or not may_store(view):
        return
    scheme = schemes.started_scheme(current.outline)
    left = [task for task in current.outline.tasks if task.points is None]
    st.markdown(
        f"台账给 {len(scheme.items)} 项任务写明了分值"
        + (f"，另有 {len(left)} 项没有，不计分。" if left else "。")
        + "建立时基本任务按填报进度的比例得分，加分项认定后得满分，扣分项每次扣所写分值；"
        "都可以再下载模板或在网页上改，存为新版。"
    )
    line = st.container(horizontal=True, vertical_alignment="bottom")
    author = parts.author(view.warehouse, line, "操作人", key="scheme_start_by", width=200)
    if line.button("以台账分值建立第 1 版", type="primary"):
        store(view, scheme, author, follows=current.looked_at)


def may_store(view: parts.View) -> bool:
    """Whether the page looks at all that is known, and the account may; says so when not."""
    if not view.warehouse.may("存入评分方案"):
        st.info("评分方案由厅法规处存入，您的账号只查看。")
        return False
    known_at = view.scope.known_at
    if known_at == ALL_KNOWN:
        return True
    st.info(f"正按 {day(known_at)} 当时已填报查看，不能存入评分方案。")
    return False


def store(
    view: parts.View,
    scheme: Scheme,
    author: str,
    *,
    follows: int,
    then: Callable[[], None] | None = None,
) -> None:
    """Store the version after `follows`, which it was drawn up from (0 for the first), do `then`, and
    begin the page anew; refused, the reason is shown."""

    def stored() -> int:
        scheme_id = store_scheme(view.warehouse, scheme, recorded_by=author, follows=follows)
        # Not follows + 1: numbers of versions that were taken back are not given again. Asked of the
        # newest data, because the page rests on the version it began with.
        with view.warehouse.anew():
            return schemes.stored_version(view.warehouse, scheme.ledger_id, scheme_id).number

    saving.save(FORM, stored, lambda number: f"已存入评分方案第 {number} 版。", then=then)


def show_report(current: Current) -> None:
    """What was stored in the run before, and a warning when the version in force is of another edition."""
    saving.show_report(FORM)
    newest, edition = current.newest, current.outline.edition
    if newest and newest.scheme.edition_id != edition.edition_id:
        st.warning(
            f"第 {newest.number} 版方案是按以前的台账版次制定的，现行台账是第 {edition.number} 版；"
            "删去的任务不再计分，新增的任务未设分值，请核对后存为新版。",
            icon=":material/difference:",
        )


def preview(current: Current, draft: Draft) -> pd.DataFrame:
    """Problems, remarks, sums and what changes, as both ways in show them; returns the changes."""
    if draft.problems:
        st.markdown(f"**须改正的地方**（{len(draft.problems)} 处）　改正以前不能存入。")
        st.dataframe(
            pd.DataFrame(
                {
                    "位置": [problem.cell for problem in draft.problems],
                    "问题": [problem.message for problem in draft.problems],
                }
            ),
            column_config={
                "位置": st.column_config.TextColumn(width=170),
                "问题": st.column_config.TextColumn(width=900),
            },
            hide_index=True,
            height=min(38 + 35 * len(draft.problems), 620),
            alt="须改正的地方",
        )
    for sentence in draft.warnings:
        st.warning(plain(sentence), icon=":material/info:")
    changes = difference_table(
        schemes.differences(
            current.outline, current.newest.scheme if current.newest else None, draft.scheme
        )
    )
    if current.newest and len(changes):
        tasks = changes["编号"].dropna().nunique()
        title = f"与第 {current.newest.number} 版的不同（{len(changes)} 处，{tasks} 项任务）"
        with st.expander(title, expanded=len(changes) <= 40):
            show_differences(changes)
    with st.expander("分值构成", expanded=not current.newest):
        points_by_heading(draft.sums)
    return changes


DIFFERENCE_COLUMNS = {
    "编号": st.column_config.NumberColumn(width=52, format="%d"),
    "目标任务": st.column_config.TextColumn(width=270),
    "项目": st.column_config.TextColumn(width=96),
    "原来": st.column_config.TextColumn(width=250),
    "改为": st.column_config.TextColumn(width=290),
}


def difference_table(found: tuple[schemes.Difference, ...]) -> pd.DataFrame:
    """One row per value that differs."""
    return pd.DataFrame(
        {
            "编号": pd.array([each.number for each in found], dtype="Int64"),
            "目标任务": [each.task for each in found],
            "项目": [each.what for each in found],
            "原来": [each.before for each in found],
            "改为": [each.after for each in found],
        }
    )


def show_differences(rows: pd.DataFrame) -> None:
    """The table of what differs; a scheme's own settings have no task."""
    shown = rows.assign(
        目标任务=[parts.grid_text(text, 52) or "（方案设置）" for text in rows["目标任务"]],
        原来=[parts.grid_text(text, 50) for text in rows["原来"]],
        改为=[parts.grid_text(text, 50) for text in rows["改为"]],
    )
    st.dataframe(
        shown,
        column_config=DIFFERENCE_COLUMNS,
        hide_index=True,
        row_height=parts.ROW_HEIGHT,
        height=min(38 + parts.ROW_HEIGHT * len(shown), 620),
        placeholder="",
        alt="评分方案的不同",
    )
