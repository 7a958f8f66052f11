"""What tests of every folder start from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from warehouse import Warehouse, close_all, open_warehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """A new, empty database file, opened the way the platform opens its own."""
    yield open_warehouse(tmp_path / "ledger.duckdb")
    close_all()
