"""Right, named, missed or silently wrong: the tasks of a reading beside the duties that are there."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.reading.plans import Expected
from loaders import Ledger, Task
from loaders.wording import folded

_END = "。.;；,，:：!！、 "


@dataclass
class Score:
    """How the duties of some documents were read."""

    duties: int = 0
    right: int = 0
    named: int = 0
    """Read wrong or not at all, and an issue at its row, or of the whole table, says so."""
    missed: int = 0
    """Not read and not doubted, or in a document that was refused."""
    silent: int = 0
    extra: int = 0
    refused_right: int = 0
    refused_wrong: int = 0
    not_refused: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    """Field → how often it was wrong."""
    examples: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        for name in ("duties", "right", "named", "missed", "silent", "extra"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("refused_right", "refused_wrong", "not_refused"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.wrong.update(other.wrong)
        self.examples += other.examples


def plain(text: str) -> str:
    """A text without what an honest copy may change: width, spaces, the marks at its end."""
    compact = "".join(unicodedata.normalize("NFKC", text).split())
    return compact.strip(_END)


def scored(ledger: Ledger | None, duties: Sequence[Expected], source: str) -> Score:
    """How a document with these duties was read; None is a refusal. `source` names the document in the
    examples."""
    score = Score(duties=len(duties))
    if ledger is None:
        score.refused_right, score.refused_wrong = int(not duties), int(bool(duties))
        score.missed = len(duties)
        score.examples += [f"{source}: refused"] if duties else []
        return score
    score.not_refused = int(not duties)
    score.examples += [f"{source}: not refused"] if not duties else []
    left = list(ledger.tasks)
    for duty in duties:
        task = _alike(duty, left)
        if task is None:
            score.missed += 1
            score.wrong["missed"] += 1
            score.examples.append(f"{source}: missed {duty.task[:40]}")
            continue
        left.remove(task)
        wrong = _wrong(duty, task)
        if not wrong:
            score.right += 1
            continue
        score.wrong.update([*wrong])
        named = _is_named(ledger, task, wrong)
        score.named += named
        score.silent += not named
        score.examples.append(
            f"{source}: {'named' if named else 'SILENT'} {', '.join(f'{k}: {v}' for k, v in wrong.items())}"
            f" | {duty.task[:30]} | {task.responsible_text!r}"
        )
    score.extra = len(left)
    score.examples += [f"{source}: extra {task.task[:40]}" for task in left]
    return score


def _alike(duty: Expected, tasks: Sequence[Task]) -> Task | None:
    wanted = plain(duty.task)
    same = (task for task in tasks if plain(task.task) == wanted)
    part = (
        task
        for task in tasks
        if wanted[:10] in plain(task.level2 + task.task) or plain(task.task)[:10] in wanted
    )
    return next(same, None) or next(part, None)


def _wrong(duty: Expected, task: Task) -> dict[str, str]:
    """Field → wanted and read, of the fields that are wrong."""
    wrong = {}
    for name in ("level1", "level2", "task"):
        wanted, got = getattr(duty, name), getattr(task, name)
        if plain(wanted) != plain(got):
            wrong[name] = f"{wanted!r} read {got!r}"
    got_units = {(part.role, folded(part.unit)) for part in task.assignments}
    wanted_units = {(role, folded(unit)) for role, unit in duty.assignments}
    if got_units != wanted_units:
        lacking, more = wanted_units - got_units, got_units - wanted_units
        wrong["assignments"] = f"lacks {sorted(lacking)} has {sorted(more)}"
    due = task.due_on.isoformat() if task.due_on else ""
    if (task.deadline_kind, due) != (duty.deadline_kind, duty.due_on):
        wrong["deadline"] = f"{duty.due_on or duty.deadline_kind} read {due or task.deadline_kind}"
    return wrong


_OF_THE_TABLE = re.compile("一列没有识别|没有.{2,8}一列|按内容读作")


def _is_named(ledger: Ledger, task: Task, wrong: dict[str, str]) -> bool:
    for issue in ledger.issues:
        if task.number in issue.tasks or issue.place.row == task.place.row:
            return True
        if _OF_THE_TABLE.search(issue.message) and {*wrong} & {"assignments", "deadline", "level1"}:
            return True
    return False
