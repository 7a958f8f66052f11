"""The one DuckDB file: nouns, meanings, and every way to write to it."""

from warehouse.ledgers import Loaded, load_ledger, sync_reference
from warehouse.opening import Office, open_office
from warehouse.reference import Reference, ReferenceFileError, read_reference
from warehouse.store import Warehouse, WarehouseError, close_all, open_warehouse, today

__all__ = [
    "Loaded",
    "Office",
    "Reference",
    "ReferenceFileError",
    "Warehouse",
    "WarehouseError",
    "close_all",
    "load_ledger",
    "open_office",
    "open_warehouse",
    "read_reference",
    "sync_reference",
    "today",
]
