"""Two versions of a 评分方案 side by side: what differs, task by task, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from documents.scheme.drafting import typed_row, typed_settings
from documents.scheme.layout import FILLED, HEADERS, SETTINGS
from documents.scheme.outline import Outline
from warehouse.ledger.schemes import Scheme

NOTHING = "未填"
ADDED, DROPPED = "新增计分", "不再计分"


@dataclass(frozen=True)
class Difference:
    """One value that differs."""

    number: int | None
    """The task's number; None where it is the scheme's own."""
    task: str
    what: str
    """The column or setting; 新增计分 or 不再计分 where the task is only in one of the two."""
    before: str
    after: str


def differences(outline: Outline, before: Scheme | None, after: Scheme) -> tuple[Difference, ...]:
    """What `after` changes of `before`, the settings first, then the tasks in their order.

    Against no version everything is new, and nothing is a difference.
    """
    if before is None:
        return ()
    found = []
    was, now = typed_settings(before), typed_settings(after)
    for name, label in SETTINGS.items():
        if was[name] != now[name]:
            found.append(Difference(None, "", label, was[name] or NOTHING, now[name] or NOTHING))
    items_before, items_after = (
        {item.task_id: item for item in scheme.items} for scheme in (before, after)
    )
    for task in outline.tasks:
        old, new = items_before.get(task.task_id), items_after.get(task.task_id)
        old_texts, new_texts = typed_row(task, old).texts, typed_row(task, new).texts
        if old is None or new is None:
            if old is not new:
                what = ADDED if old is None else DROPPED
                worths = [
                    "" if item is None else _worth(texts)
                    for item, texts in ((old, old_texts), (new, new_texts))
                ]
                found.append(Difference(task.number, task.task, what, *worths))
            continue
        found += [
            Difference(
                task.number,
                task.task,
                HEADERS[name],
                old_texts.get(name) or NOTHING,
                new_texts.get(name) or NOTHING,
            )
            for name in FILLED
            if old_texts.get(name, "") != new_texts.get(name, "")
        ]
    return tuple(found)


def _worth(texts: Mapping[str, str]) -> str:
    points = f"{texts['points']} 分" if texts["points"] else f"每次 {texts['step']} 分"
    return f"{points}，{texts['rule']}"
