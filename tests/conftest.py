"""What tests of every folder start from."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings

from tests.postgres import Server
from warehouse import Warehouse, close_all, open_warehouse
from warehouse.servers.following import open_following

EMPTY = "empty"

# On all cores at once, or on a busy machine, an example that takes a moment may take a second; one
# that grows without end is still found.
settings.register_profile("patient", settings(), deadline=timedelta(seconds=5))
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--on-record",
        action="store_true",
        help="let the tests' database be the copy of a server that follows a record in PostgreSQL",
    )


@pytest.fixture
def warehouse(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Warehouse]:
    """A new, empty database file, opened the way the platform opens its own."""
    if request.config.getoption("--on-record"):
        empty: Path = request.getfixturevalue("empty_copy")
        postgres: Server = request.getfixturevalue("postgres")
        shutil.copytree(empty, tmp_path, dirs_exist_ok=True)
        yield open_following(tmp_path, postgres.copied_database(EMPTY, f"test_{uuid4().hex[:8]}"))
    else:
        yield open_warehouse(tmp_path / "ledger.duckdb")
    close_all()


@pytest.fixture
def without_record(request: pytest.FixtureRequest) -> None:
    """For what can only befall a file: a server gets from the record what it has lost."""
    if request.config.getoption("--on-record"):
        pytest.skip("the record gives it back")


@pytest.fixture(scope="session")
def empty_copy(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a server that followed the empty record called EMPTY: both are quicker copied than
    made."""
    folder = tmp_path_factory.mktemp("empty")
    open_following(folder, postgres.empty_database(EMPTY)).close()
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL of the tests' own."""
    server = Server()
    yield server
    server.remove()
