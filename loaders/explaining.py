"""By which rule each part of a task came about, in Chinese, for whoever asks why it reads so."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence

from loaders.columns import RowTexts
from loaders.model import Assignment, Deadline, Task
from loaders.reference import OWNERS
from loaders.wording import folded

PARTS = {
    "level1": "一级指标",
    "level2": "二级指标",
    "task": "目标任务",
    "responsible_text": "责任单位",
    "assignments": "角色",
    "deadline_text": "完成时限",
    "due_on": "到期日",
}
"""The parts of a task that have a reason, as a person calls them."""
_ROLE_WORDS = {
    "lead": re.compile("牵头|主办|主责|主要责任|第一责任|领办"),
    "responsible": re.compile("责任|负责|承办|承担|实施|落实|按照?职[责能]"),
    "cooperate": re.compile("配合|协办|协助|协同|协作|参与|参加|会同|会办"),
    "support": re.compile("技术(?:支持|支撑)|支持"),
}
_NAMES = {"lead": "牵头", "responsible": "责任", "cooperate": "配合", "support": "支持"}
_YEAR = re.compile(r"(?:19|20)?\d\d年|20\d\d[./-]?\d|[〇○零一二三四五六七八九]{4}年")


def of_part(row: RowTexts, name: str, *, stated: bool, inherited: bool) -> str:
    """How the text of one part was found: in its column, in the paragraph, or above; "" when there is
    none."""
    if row.in_prose and name in ("level1", "level2"):
        return "正文中的标题" if stated else ""
    if inherited:
        return "本处为空，沿用上方"
    if not stated:
        return ""
    columns = [c for c in ((*OWNERS,) if name == "responsible" else (name,)) if row.stated.get(c)]
    if row.in_prose:
        return "正文中的括号、标签或所在标题"
    named = "、".join(f"“{row.spellings[column]}”" for column in columns if column in row.spellings)
    return f"表中{named}一列" if named else "上方的标题行"


@functools.lru_cache(maxsize=4096)
def _role_word(role: str, text: str) -> str:
    """The word of a text that names this role; "" without one."""
    found = _ROLE_WORDS[role].search(folded(text))
    return found[0] if found else ""


def of_roles(row: RowTexts, text: str, assignments: Sequence[Assignment]) -> str:
    """Why each part is lead, responsible, cooperate or support."""
    reasons = []
    for role in dict.fromkeys(part.role for part in assignments):
        word = _role_word(role, text)
        if not row.in_prose and role in row.spellings and row.stated.get(role):
            reason = f"“{row.spellings[role]}”一列"
        elif word:
            reason = f"写有“{word}”"
        else:
            reason = "没有写明牵头或配合"
        reasons.append(f"{_NAMES[role]}：{reason}")
    return "；".join(reasons)


def of_day(text: str, due: Deadline, year: int | None) -> str:
    """How the wording of a deadline became a day or the kind of no day."""
    if not text:
        return ""
    if due.kind == "ongoing":
        return f"“{text}”没有到期日，按常态化推进"
    if due.kind == "as-needed":
        return f"“{text}”没有到期日，按需要推进"
    if due.due_on is None:
        return f"“{text}”没有写明日期"
    borrowed = "" if _YEAR.search(text) else f"，年份取文件的 {year} 年"
    return f"“{text}”读作 {due.due_on}{borrowed}"


def explained(parts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The reasons that there are, as (part of the task, reason)."""
    return tuple((part, reason) for part, reason in parts.items() if reason)


def reasons(task: Task) -> list[str]:
    """The reasons of a task as sentences, in the order of PARTS: 责任单位：表中“责任部门”一列."""
    of_part = dict(task.basis)
    return [f"{name}：{of_part[part]}" for part, name in PARTS.items() if part in of_part]
