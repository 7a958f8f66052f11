"""One database in memory for the tests that judge many small worlds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from warehouse import Warehouse


@pytest.fixture(scope="session")
def shared() -> Iterator[Warehouse]:
    """Every world in turn has this database to itself; see `world.restart`."""
    opened = Warehouse(Path(":memory:"))
    yield opened
    opened.close()
