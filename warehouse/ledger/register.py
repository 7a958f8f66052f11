"""The register of units: who there is, in which class, under which spellings, in which collective.

Owns the identity of units and keeps the register in step with the reference files. Units are never
removed: a ledger may name them still.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import duckdb
from rapidfuzz import fuzz, process

from loaders.model import Ledger
from warehouse.ledger.reference import Reference
from warehouse.store import Warehouse, statement
from warehouse.writing import Writer

# Ids made from what identifies the thing keep links to a task valid when a database is built anew.
IDS = uuid5(NAMESPACE_URL, "credit-transport-ledger")


FROM_FILES, CONFIRMED = "口径文件", "导入时确认"
"""Where a spelling comes from; only those from the files change with the files."""


LIKE = 70.0
"""Likeness of names in percent from which a registered unit is offered for an unknown name."""


@dataclass(frozen=True)
class Stranger:
    """A unit name of a ledger that the register does not know."""

    name: str
    tasks: int
    candidates: tuple[str, ...]
    """Registered units with a like name, the likest first: perhaps another spelling of one."""


def strangers(warehouse: Warehouse, ledger: Ledger, reference: Reference) -> list[Stranger]:
    """The unit names of `ledger` that are neither registered for its province nor in the files."""
    region = ledger.region
    with warehouse.cursor() as cursor:
        registered = {name for _, name, _ in _units_of(cursor, region)}
        other = spellings(cursor, region)
    listed = {name for of, name in [*reference.units, *reference.members] if of == region}
    listed |= {
        member
        for (of, _), members in reference.members.items()
        if of == region
        for member, _ in members
    }
    counts: dict[str, int] = {}
    for task in ledger.tasks:
        for name in dict.fromkeys(part.unit for part in task.assignments):
            counts[name] = counts.get(name, 0) + 1
    names = registered | listed
    return [
        Stranger(name, tasks, _like(name, names, other))
        for name, tasks in counts.items()
        if name not in names and name not in other
    ]


def _like(name: str, names: set[str], other: dict[str, str]) -> tuple[str, ...]:
    """The units whose name, or another spelling of it, is like `name`."""
    found = process.extract(
        name, sorted(names | set(other)), scorer=fuzz.ratio, score_cutoff=LIKE, limit=5
    )
    return tuple(dict.fromkeys(other.get(like, like) for like, _, _ in found))


def respelled(ledger: Ledger, known: dict[str, str]) -> Ledger:
    """The ledger with units under their registered names, each duty once."""
    return replace(
        ledger,
        tasks=tuple(
            replace(
                task,
                assignments=tuple(
                    dict.fromkeys(
                        replace(part, unit=known.get(part.unit, part.unit))
                        for part in task.assignments
                    )
                ),
            )
            for task in ledger.tasks
        ),
    )


def spellings(cursor: duckdb.DuckDBPyConnection, region: str) -> dict[str, str]:
    """Other spelling → registered name, for one province."""
    return dict(cursor.execute(statement("spellings_of_region"), {"region": region}).fetchall())


def confirm_spellings(
    writer: Writer, region: str, confirmed: dict[str, str], reference: Reference
) -> None:
    """Remember that a name is another spelling of a registered unit."""
    known = add_units(
        writer, dict.fromkeys((region, name) for name in confirmed.values()), reference
    )
    writer.append(
        "unit_alias",
        [
            {"unit_id": known[region, name], "alias": alias, "source": CONFIRMED}
            for alias, name in confirmed.items()
        ],
    )


def sync_reference(warehouse: Warehouse, reference: Reference, *, recorded_by: str) -> bool:
    """Bring classes, spellings, members, short names, themes and thresholds in step with the files.

    Returns whether anything changed. Units are never removed: a ledger may name them still.
    """
    with warehouse.cursor() as cursor:

        def rows(name: str) -> list[tuple]:
            return cursor.execute(statement(name)).fetchall()

        units = {
            (region, name): (unit_id, unit_class)
            for unit_id, region, name, unit_class in rows("all_units")
        }
        settings = dict(rows("newest_settings"))
        before: dict[str, list[tuple[Any, ...]]] = {
            "aliases": sorted(((*row, FROM_FILES) for row in rows("all_aliases")), key=str),
            "members": sorted(rows("all_members"), key=str),
            "short_names": sorted(rows("all_short_names")),
            "themes": sorted(rows("all_themes")),
        }
    new_units = [
        (region, member)
        for (region, collective), members in reference.members.items()
        if (region, collective) in units
        for member, _ in members
        if (region, member) not in units
    ]
    known = {key: unit_id for key, (unit_id, _) in units.items()}
    known |= {key: unit_id_of(*key) for key in new_units}
    in_order = dict.fromkeys(theme for theme, _ in reference.themes.values())
    theme_order = {theme: place for place, theme in enumerate(in_order, start=1)}
    after: dict[str, list[tuple[Any, ...]]] = {
        "aliases": sorted(
            (
                (unit_id, alias, FROM_FILES)
                for alias, name in reference.aliases.items()
                for (_, unit), unit_id in known.items()
                if unit == name
            ),
            key=str,
        ),
        "members": sorted(
            (
                (known[region, collective], known[region, member], source)
                for (region, collective), members in reference.members.items()
                if (region, collective) in known
                for member, source in members
            ),
            key=str,
        ),
        "short_names": sorted(reference.short_names.items()),
        "themes": sorted(
            (indicator, theme, source, theme_order[theme])
            for indicator, (theme, source) in reference.themes.items()
        ),
    }
    reclassed = {
        key: (unit_id, unit_class, reference.class_of(*key))
        for key, (unit_id, unit_class) in units.items()
        if reference.class_of(*key) != unit_class
    }
    changed_settings = {k: v for k, v in reference.settings.items() if settings.get(k) != v}
    if before == after and not reclassed and not changed_settings:
        return False
    with warehouse.writing(recorded_by, "更新口径") as writer:
        add_units(writer, dict.fromkeys(new_units), reference)
        for unit_id, _, unit_class in reclassed.values():
            writer.amend("reclass_unit", {"unit_id": unit_id, "class": unit_class})
        tables = {
            "aliases": ("unit_alias", ("unit_id", "alias", "source")),
            "members": ("unit_member", ("collective_id", "member_id", "source")),
            "short_names": ("short_name", ("full_name", "short_name")),
            "themes": ("indicator_theme", ("indicator", "theme", "source", "theme_order")),
        }
        for part, (table, columns) in tables.items():
            if before[part] != after[part]:
                writer.amend(f"clear_{part}")
                writer.append(table, [dict(zip(columns, row, strict=True)) for row in after[part]])
        writer.append_signed(
            "setting",
            [{"ledger_id": None, "key": k, "value": v} for k, v in changed_settings.items()],
        )
        writer.record(
            "更新口径",
            "reference",
            None,
            before={k: settings.get(k) for k in changed_settings}
            | {name: old for (_, name), (_, old, _) in reclassed.items()}
            | {part: before[part] for part in tables if before[part] != after[part]},
            after=changed_settings
            | {name: new for (_, name), (_, _, new) in reclassed.items()}
            | {part: after[part] for part in tables if before[part] != after[part]},
        )
    return True


def unit_id_of(region: str, name: str) -> UUID:
    # 厅法规处 is a different office in each province.
    return uuid5(IDS, f"unit|{region}|{name}")


def add_units(
    writer: Writer, names: Iterable[tuple[str, str]], reference: Reference
) -> dict[tuple[str, str], UUID]:
    """Make sure the named units, and the members of the collectives among them, are registered."""
    names = list(names)
    regions = {region for region, _ in names}
    known = {
        (region, name): unit_id
        for region in regions
        for unit_id, name, _ in _units_of(writer.cursor, region)
    }
    opened = [key for key in names if key not in known]
    members = [
        (key, (key[0], member), source)
        for key in opened
        for member, source in reference.members.get(key, ())
    ]
    fresh = [k for k in dict.fromkeys([*opened, *(m for _, m, _ in members)]) if k not in known]
    known |= {key: unit_id_of(*key) for key in fresh}
    writer.append(
        "unit",
        [
            {
                "unit_id": known[key],
                "region": key[0],
                "name": key[1],
                "class": reference.class_of(*key),
            }
            for key in fresh
        ],
    )
    writer.append(
        "unit_member",
        [
            {"collective_id": known[collective], "member_id": known[member], "source": source}
            for collective, member, source in members
        ],
    )
    return known


def _units_of(cursor: duckdb.DuckDBPyConnection, region: str) -> list[tuple]:
    return cursor.execute(statement("units_of_region"), {"region": region}).fetchall()
