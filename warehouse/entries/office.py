"""Who the office is in its letters, and whom it asks in each unit: names, telephones, where reports go.

The office's details are kept as settings for all ledgers; of these and of contacts the newest counts.
Owns which of them there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from warehouse.entries.recording import check_author
from warehouse.statements import statement
from warehouse.store import Warehouse, WarehouseError


@dataclass(frozen=True)
class OfficeDetails:
    """What stands under a letter; empty where it was never given."""

    name: str = ""
    """印发单位"""
    receives: str = ""
    """Where and how reports are received."""
    contact: str = ""
    phone: str = ""


def office_details(warehouse: Warehouse) -> OfficeDetails:
    """The newest details."""
    with warehouse.cursor() as cursor:
        kept = dict(cursor.execute(statement("newest_settings")).fetchall())
    return OfficeDetails(
        **{name: kept.get(f"office_{name}", "") for name in asdict(OfficeDetails())}
    )


def keep_office_details(warehouse: Warehouse, details: OfficeDetails, *, recorded_by: str) -> None:
    """Keep what changed of the details. Raises WarehouseError when nothing did, or nobody signs."""
    check_author(recorded_by)
    before = asdict(office_details(warehouse))
    after = {name: value.strip() for name, value in asdict(details).items()}
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        raise WarehouseError("印发单位和联系方式没有改动。")
    names = {"name": "印发单位", "receives": "报送至", "contact": "联系人", "phone": "电话"}
    with warehouse.writing(recorded_by.strip(), "更新联系方式") as writer:
        writer.append_signed(
            "setting",
            [
                {"ledger_id": None, "key": f"office_{name}", "value": after[name]}
                for name in changed
            ],
        )
        writer.record(
            "更新联系方式",
            "reference",
            None,
            before={names[name]: before[name] for name in changed},
            after={names[name]: after[name] for name in changed},
        )


@dataclass(frozen=True)
class Contact:
    """Whom to ask in a unit; empty where it was never given."""

    name: str = ""
    phone: str = ""

    @property
    def text(self) -> str:
        """Name and telephone in one, as far as they are known."""
        return " ".join(part for part in (self.name, self.phone) if part)


def unit_contacts(warehouse: Warehouse) -> dict[UUID, Contact]:
    """The newest contact of each unit that has one."""
    with warehouse.cursor() as cursor:
        rows = cursor.execute(statement("newest_contacts")).fetchall()
    return {unit_id: Contact(name, phone) for unit_id, name, phone in rows if name or phone}


def keep_contacts(
    warehouse: Warehouse, contacts: Mapping[UUID, tuple[str, Contact]], *, recorded_by: str
) -> int:
    """Keep what changed of the contacts of units, given by id with the unit's name; returns how many
    did. Raises WarehouseError when none did, or nobody signs."""
    check_author(recorded_by)
    with warehouse.writing(recorded_by.strip(), "更新联系方式") as writer:
        rows = writer.cursor.execute(statement("newest_contacts")).fetchall()
        before = {unit_id: Contact(name, phone) for unit_id, name, phone in rows}
        changed = {
            unit_id: (
                unit,
                before.get(unit_id, Contact()),
                Contact(new.name.strip(), new.phone.strip()),
            )
            for unit_id, (unit, new) in contacts.items()
        }
        changed = {unit_id: each for unit_id, each in changed.items() if each[1] != each[2]}
        if not changed:
            raise WarehouseError("各单位的联系人没有改动。")
        writer.append_signed(
            "unit_contact",
            [{"unit_id": unit_id, **asdict(new)} for unit_id, (_, _, new) in changed.items()],
        )
        writer.record(
            "更新联系方式",
            "reference",
            None,
            before={unit: old.text for unit, old, _ in changed.values()},
            after={unit: new.text for unit, _, new in changed.values()},
        )
    return len(changed)
