"""分档 as people write them, “60–80：2；80–100：3；100：4”, and as the warehouse keeps them.

Owns the one spelling that is written and the many that are read. Whether tiers make sense together is
`warehouse.schemes`' to say, but for counts: there both ends as written belong to the tier.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from loaders.wording import folded
from warehouse.ledger.schemes import MOST_POINTS, Tier

_APART = re.compile(r"[;；\n，,、]+")
_FIGURE = r"第?(\d+(?:\.\d+)?)(?:%|次|名)?"
_TO = r"(?:-|–|—|~|至|到)+"
_TIER = re.compile(rf"{_FIGURE}(?:{_TO}{_FIGURE}|(及?以上|起|\+)|(以下))?[:=得]+(\d+(?:\.\d+)?)分?")
_EXAMPLES = {
    "rank": "1：5；2–3：3；4–10：1",
    "times": "1：1；2：2；3以上：4",
    "share": "60–80：2；80–100：3；100：4",
}


class TierError(ValueError):
    """The text names no tiers; the message is one Chinese sentence for the user."""


class _Written(NamedTuple):
    """One tier as written."""

    first: Decimal
    last: Decimal | None
    """The upper end; of a single figure none is written."""
    is_open: bool
    points: Decimal
    text: str


def read_tiers(text: str, rule: str, measure: str = "") -> tuple[Tier, ...]:
    """The tiers a text names, from the lowest up.

    A share on its own (100：4) reaches to the next tier, and the last one has no end. Places and
    counts are whole, and both ends of theirs belong to them. Raises `TierError`.
    """
    kind = _kind(rule, measure)
    written = [_read(part, kind) for part in _APART.split(text) if part.strip()]
    written.sort(key=lambda each: each.first)
    if kind == "share":
        nexts = [*(each.first for each in written[1:]), None][: len(written)]
        return tuple(
            Tier(each.first, _end(each, following), each.points)
            for each, following in zip(written, nexts, strict=True)
        )
    if kind == "times":
        _check_counts(written)
    # The warehouse ends a tier of counts where the next begins, one of places with its last place.
    beyond = 1 if kind == "times" else 0
    return tuple(
        Tier(
            each.first,
            None if each.is_open else (each.first if each.last is None else each.last) + beyond,
            each.points,
        )
        for each in written
    )


def write_tiers(tiers: Sequence[Tier], rule: str, measure: str = "") -> str:
    """The tiers in the spelling that `read_tiers` reads back as the same."""
    kind = _kind(rule, measure)
    return "；".join(f"{_span(tier, kind)}：{figure(tier.points)}" for tier in tiers)


def figure(value: Decimal) -> str:
    """An amount without idle zeros: 2, 2.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _kind(rule: str, measure: str) -> str:
    return "rank" if rule == "rank" else "times" if measure == "times" else "share"


def _read(part: str, kind: str) -> _Written:
    # Folding also makes plain digits and signs of full-width ones.
    found = _TIER.fullmatch(folded(part))
    if not found or (found[4] and kind != "share"):
        raise TierError(f"分档“{part.strip()}”看不懂，请写成“{_EXAMPLES[kind]}”的样子。")
    first, last, open_end, below, points = found.groups()
    if below:
        first, last = "0", first
    values = [Decimal(value) for value in (first, last, points) if value]
    for value in values:
        if value > MOST_POINTS or value != round(value, 2):
            raise TierError(f"分档中的 {value} 应不超过 {MOST_POINTS}、最多两位小数，请改正。")
    if kind != "share" and any(value % 1 for value in values[:-1]):
        raise TierError(f"分档“{part.strip()}”中的次数或名次应为整数，请改正。")
    return _Written(
        values[0], values[1] if last else None, bool(open_end), values[-1], part.strip()
    )


def _end(each: _Written, following: Decimal | None) -> Decimal | None:
    if each.is_open:
        return None
    return following if each.last is None else each.last


def _check_counts(written: Sequence[_Written]) -> None:
    """Overlaps and holes in the words of the writer, to whom 1–3 and 3–5 overlap."""
    for before, after in pairwise(written):
        last = before.first if before.last is None else before.last
        if before.is_open or after.first <= last:
            raise TierError(f"分档“{before.text}”与“{after.text}”重叠，请改正。")
        if after.first > last + 1:
            raise TierError(f"分档“{before.text}”与“{after.text}”之间有空档，请补上或改成相连。")


def _span(tier: Tier, kind: str) -> str:
    first = figure(tier.at_least)
    if tier.at_most is None:
        # Nothing is more than 100 per cent done.
        return first if kind == "share" and tier.at_least == 100 else f"{first}以上"
    last = tier.at_most - (1 if kind == "times" else 0)
    return first if last == tier.at_least and kind != "share" else f"{first}–{figure(last)}"
