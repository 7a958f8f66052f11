"""Plans that say once, in a note, that of several responsible units the first one leads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from loaders.model import Issue, Task
from loaders.wording import folded

_FIRST_LEADS = re.compile(
    r"(?:第一|首|最前)[位个名家]?面?的?[^,，。;；]{0,8}(?:为|是|系)[^,，。;；]{0,4}(?:牵头|主办|主要责任|总负责)"
)
_OTHERS_HELP = re.compile(r"(?:其他|其余|其它|后面)[^。;；]{0,8}(?:配合|协办|协助|参与)")
_LONGEST = 200


def first_leads(lines: Iterable[str], tasks: Sequence[Task]) -> tuple[list[Task], list[Issue]]:
    """The tasks, and an issue that names those of which the first unit was made the leading one because
    a line of the document says so."""
    note = next(
        (line for line in lines if len(line) <= _LONGEST and _FIRST_LEADS.search(folded(line))), ""
    )
    if not note:
        return list(tasks), []
    role = "cooperate" if _OTHERS_HELP.search(folded(note)) else "responsible"
    ordered: list[Task] = []
    changed: list[Task] = []
    for task in tasks:
        first, *others = task.assignments or (None,)
        if first and others and {part.role for part in task.assignments} == {"responsible"}:
            leading = (
                replace(first, role="lead"),
                *(replace(part, role=role) for part in others),
            )
            basis = dict(task.basis) | {"assignments": f"牵头：文中写明“{note[:30]}”"}
            task = replace(task, assignments=leading, basis=tuple(basis.items()))
            changed.append(task)
        ordered.append(task)
    if not changed:
        return ordered, []
    message = f"按文中的“{note[:40]}”，{len(changed)} 项任务的第一个责任单位读作牵头，请核对"
    numbers = tuple(task.number for task in changed)
    return ordered, [Issue(changed[0].place, message, "responsible_text", (), numbers)]
