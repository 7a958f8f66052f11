"""The one DuckDB file: nouns, meanings, and every way to write to it."""

from warehouse.ledgers import Loaded, load_ledger, sync_reference
from warehouse.reference import Reference, ReferenceFileError, read_reference
from warehouse.store import Warehouse, WarehouseError, close_all, open_warehouse, today

__all__ = [
    "Loaded",
    "Reference",
    "ReferenceFileError",
    "Warehouse",
    "WarehouseError",
    "close_all",
    "load_ledger",
    "open_warehouse",
    "read_reference",
    "sync_reference",
    "today",
]
