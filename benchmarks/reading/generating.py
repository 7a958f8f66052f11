"""Plans generated layout by layout, with the duties that a careful clerk would list.

A layout draws the same plan (themes, duties, units with their parts, deadlines) in one of the ways in
which offices issue plans; labels, brackets, numbering and the letter around it vary at random.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from benchmarks.reading import prose, refusals, tables
from benchmarks.reading.plans import Document

LAYOUTS: tuple[Callable[[Random], Document], ...] = (
    prose.brackets,
    prose.titled,
    prose.three_levels,
    prose.label_lines,
    prose.inline_labels,
    prose.run_in,
    prose.measures,
    prose.closing_owner,
    prose.without_owners,
    tables.comma_table,
    tables.bar_table,
    tables.section_table,
    tables.flat_table,
    tables.spaced_table,
    refusals.notice,
    refusals.interpretation,
    refusals.catalogue,
    refusals.scoring_rules,
    refusals.report,
)


def document(number: int, seed: int) -> Document:
    """The document of this number: the layouts in turn, the same ones for the same seed."""
    random = Random(f"{seed}/{number}")
    return LAYOUTS[number % len(LAYOUTS)](random)
