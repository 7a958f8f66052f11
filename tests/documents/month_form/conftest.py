"""A ledger in which 厅法规处 has a part in seven tasks, and its form of September 2020."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.documents.month_form.forms import Desk, set_up
from warehouse import Warehouse, close_all, open_warehouse


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The database file with the ledger in it, closed: copying it is quicker than making it."""
    made = set_up(Warehouse(tmp_path_factory.mktemp("returns") / "ledger.duckdb"))
    made.warehouse.close()
    return made


@pytest.fixture
def desk(prepared: Desk, tmp_path: Path) -> Iterator[Desk]:
    """A copy of it of one's own."""
    path = tmp_path / "ledger.duckdb"
    path.write_bytes(prepared.warehouse.path.read_bytes())
    yield replace(prepared, warehouse=open_warehouse(path))
    close_all()
