"""Pieces of a scanned page, kept with the edition that was read from it."""

from __future__ import annotations

import pytest

from loaders import read_ledger
from tests.loaders.ledger_documents import LEDGERS, ROOT
from warehouse import Warehouse, WarehouseError, read_reference, store_edition
from warehouse.entries.files import folder
from warehouse.ledger.pictures import pictures_of_row

REFERENCE = ROOT / "data" / "reference"


def test_the_pieces_of_a_row_come_back_from_left_to_right(warehouse: Warehouse):
    reference = read_reference(REFERENCE)
    ledger = read_ledger(LEDGERS / "ningxia-2020.txt")
    pieces = {
        ("表1", 4, 10): (b"ten",),
        ("表1", 4, 2): (b"two", b"two below"),
        ("表1", 5, 1): (b"other row",),
        ("表2", 4, 1): (b"other table",),
    }
    store_edition(warehouse, ledger, reference, recorded_by="张三", pictures=pieces)
    with warehouse.cursor() as cursor:
        ((task_id,),) = cursor.execute("select task_id from task where number = 1").fetchall()
    assert pictures_of_row(warehouse, task_id, 1, "表1", 4) == [b"two", b"two below", b"ten"]
    assert pictures_of_row(warehouse, task_id, 1, "表1", 6) == []
    assert pictures_of_row(warehouse, task_id, 2, "表1", 4) == []

    (kept,) = (path for path in folder(warehouse).rglob("*") if path.is_file())
    kept.unlink()
    if warehouse.record:
        # A server gets it from the record again.
        assert pictures_of_row(warehouse, task_id, 1, "表1", 6) == []
        assert kept.exists()
        return
    with pytest.raises(WarehouseError, match="这一版台账的原图读不到"):
        pictures_of_row(warehouse, task_id, 1, "表1", 4)
