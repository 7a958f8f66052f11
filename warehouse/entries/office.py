"""Who the office is in its letters: its name, where reports go, whom to ask.

Kept as settings for all ledgers; the newest counts. Owns which of them there are.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

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
    with warehouse.writing(recorded_by.strip()) as writer:
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
