"""The account of text files: every line of the file against the cells that were made of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from loaders.accounting import Spot, named, unread
from loaders.forms.encoding import decoded, without_separator_line
from loaders.grid import Source


def with_account(source: Source, path: Path, name: str) -> Source:
    """The source with an issue for every line of the file of which a word is in no cell."""
    text, _ = without_separator_line(decoded(path.read_bytes()))
    lines = text.split("\n")
    table = source.grids[0].table if source.grids else ""
    missing = unread(
        lines,
        source.grids,
        (*source.above, *source.beside),
        lambda index: Spot(table, index + 1),
        with_labels=any(grid.fields for grid in source.grids),
    )
    return replace(source, issues=(*source.issues, *named(name, "原文中的一段文字", missing)))
