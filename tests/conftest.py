"""What tests of every folder start from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings

from tests.postgres import Server
from warehouse import Warehouse, close_all, open_warehouse

# On all cores at once, or on a busy machine, an example that takes a moment may take a second; one
# that grows without end is still found.
settings.register_profile("patient", settings(), deadline=timedelta(seconds=5))
settings.load_profile("patient")


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """A new, empty database file, opened the way the platform opens its own."""
    yield open_warehouse(tmp_path / "ledger.duckdb")
    close_all()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL of the tests' own."""
    server = Server()
    yield server
    server.remove()
