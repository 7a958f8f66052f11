"""The cells of owners: the units they name, and what else is written beside the units."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from loaders.columns import RowTexts
from loaders.labels import labels_in, names_both
from loaders.model import Assignment
from loaders.phrases import is_unit_name, read_owners
from loaders.reference import OWNERS

_PERSONS_TOO = re.compile("联系人|责任人|负责人|经办人|领导")
_LONGEST_PERSON = 4


def units_of(row: RowTexts, owner: str) -> tuple[Assignment, ...]:
    """The assignments of an owner cell; in a column of units and persons without those of persons."""
    parts = read_owners(_with_roles(row, owner))
    if all(is_unit_name(part.unit) for part in parts):
        return parts
    if not any(_PERSONS_TOO.search(row.spellings.get(name, "")) for name in OWNERS):
        return parts
    units = tuple(
        part for part in parts if is_unit_name(part.unit) or len(part.unit) > _LONGEST_PERSON
    )
    return units or parts


def _with_roles(row: RowTexts, owner: str) -> str:
    """An owner below 牵头/配合 with the roles that its one slash divides: 宣传处/办公室."""
    heading = row.spellings.get("responsible", "")
    lead, slash, others = owner.partition("/")
    divided = slash and "/" in heading and names_both(heading) and "/" not in others
    return f"牵头单位：{lead}；配合单位：{others}" if divided else owner


def labelled_deadline(owner: str) -> dict[str, str]:
    """The deadline that stands behind a label in an owner cell (责任单位：法规处 完成时限：6月底)."""
    labels = labels_in(owner) if owner else []
    if not any(label.field == "deadline" for label in labels):
        return {}
    ends = [*(label.start for label in labels[1:]), len(owner)]
    found = [
        owner[label.end : end].strip("\n ；;，,。")
        for label, end in zip(labels, ends, strict=True)
        if label.field == "deadline"
    ]
    return {"deadline": "，".join(found)}


def owner_text(owner: Mapping[str, str]) -> str:
    """The owner as printed when there is only 责任单位; of several columns each with its label."""
    if set(owner) <= {"responsible"}:
        return owner.get("responsible", "")
    names: Sequence[str] = [name for name in OWNERS if name in owner]
    return "；".join(f"{OWNERS[name]}：{owner[name]}" for name in names)
