"""The one DuckDB file: nouns, meanings, and every way to write to it."""

from warehouse.judging import ALL_KNOWN, Basis, Month, Scores, Windows
from warehouse.ledger.ledgers import Correction, Loaded, load_ledger, store_edition
from warehouse.ledger.reference import (
    Reference,
    ReferenceFileError,
    read_reference,
    write_reference,
)
from warehouse.ledger.register import sync_reference
from warehouse.opening import Office, open_office
from warehouse.store import (
    Warehouse,
    WarehouseError,
    close_all,
    open_warehouse,
    today,
)

__all__ = [
    "ALL_KNOWN",
    "Basis",
    "Correction",
    "Loaded",
    "Month",
    "Office",
    "Reference",
    "ReferenceFileError",
    "Scores",
    "Warehouse",
    "WarehouseError",
    "Windows",
    "close_all",
    "load_ledger",
    "open_office",
    "open_warehouse",
    "read_reference",
    "store_edition",
    "sync_reference",
    "today",
    "write_reference",
]
