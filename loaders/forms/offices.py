"""Headings of running text that name offices, whose own the duties below them are."""

from __future__ import annotations

from collections.abc import Sequence

from loaders.forms.outline import Section
from loaders.phrases import is_office_name, is_unit_name, read_owners


def of_offices(sections: Sequence[Section]) -> frozenset[int]:
    """The lines of the sections without deeper ones whose titles are offices; 质监站 is one beside others."""
    ends = [section for section in sections if not section.is_heading and section.title]
    offices = {section.line for section in ends if names_offices(section.title)}
    beside = {section.depth for section in ends if section.line in offices} - {
        section.depth for section in ends if not _names_units(section.title)
    }
    return frozenset(offices | {section.line for section in ends if section.depth in beside})


def _names_units(title: str) -> bool:
    """Whether a heading is names of units and nothing else."""
    units = read_owners(title)
    return bool(units) and all(is_unit_name(each.unit) and not each.scope for each in units)


def names_offices(title: str) -> bool:
    """Whether a heading is names of offices and nothing else."""
    units = read_owners(title)
    return bool(units) and all(is_office_name(each.unit) and not each.scope for each in units)
