"""Pages run by Streamlit's own AppTest, without a browser.

    def test_tiles(visit):
        at = visit("overview", demo=True, as_of="2020-09-30")
        assert at.metric[0].value == "60 项"

`visit` takes what the address would carry. By default the page stands in app.py's frame, as serve.py
runs it; with `alone=True` it is itself the script. Tests that write take `own_data` as well. With
`--on-record` both databases follow a record in PostgreSQL, the demonstration too, which is a file else.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

import pandas as pd
import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

import metrics
from metrics import Scope
from tests.postgres import Server
from warehouse import close_all, open_office, opening
from warehouse.servers.following import open_following

ROOT = Path(__file__).resolve().parents[2]


class Visit(Protocol):
    def __call__(self, name: str, *, alone: bool = False, demo: bool = False, **address) -> AppTest:
        """Open the page `name` at an address with these parameters."""


class Figures(Protocol):
    def __call__(
        self, name: str, as_of: str = ..., *, demo: bool = True, region: str = "宁夏", **values: Any
    ) -> pd.DataFrame:
        """The answer of a question, asked without any page; filters go by the names of `Scope`."""


@dataclass(frozen=True)
class Data:
    """A data folder with both databases, and the names of their records where they follow one."""

    folder: Path
    postgres: Server | None
    records: tuple[str, str] = ("prepared_office", "prepared_demonstration")

    def copy(self, folder: Path) -> Data:
        """All of it anew, in the new `folder` and in new records; nobody may be using it."""
        records = (f"office_{uuid4().hex[:8]}", f"demonstration_{uuid4().hex[:8]}")
        if self.postgres:
            for source, name in zip(self.records, records, strict=True):
                self.postgres.copied_database(source, name)
        return Data(shutil.copytree(self.folder, folder), self.postgres, records)

    def use(self, patch: pytest.MonkeyPatch) -> None:
        """From now on the pages work with it."""
        patch.setenv("CREDIT_DATA_DIR", str(self.folder))
        patch.delenv("CREDIT_DATABASE", raising=False)
        patch.delenv("CREDIT_DEMO", raising=False)
        if self.postgres:
            office, demonstration = map(self.postgres.url_of, self.records)
            patch.setenv("CREDIT_DATABASE", office)
            # Of the two only the demonstration is opened by this name.
            patch.setattr(
                opening,
                "open_warehouse",
                lambda _: open_following(self.folder / "demonstration", demonstration),
            )


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Data:
    """Made and closed again; only ever copied."""
    on_record = request.config.getoption("--on-record")
    postgres = request.getfixturevalue("postgres") if on_record else None
    made = Data(tmp_path_factory.mktemp("prepared"), postgres)
    if postgres:
        for name in made.records:
            postgres.empty_database(name)
    with pytest.MonkeyPatch.context() as patch:
        made.use(patch)
        open_office()
        open_office(demonstration=True)
        close_all()
    return made


@pytest.fixture(scope="session")
def shared_data(prepared: Data, tmp_path_factory: pytest.TempPathFactory) -> Data:
    return prepared.copy(tmp_path_factory.mktemp("shared") / "data")


@pytest.fixture(autouse=True)
def data(shared_data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both databases, shared by all tests: look, don't write."""
    shared_data.use(monkeypatch)


@pytest.fixture
def own_data(
    data: None, prepared: Data, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Both databases for this test alone, which may write to them."""
    del data  # replaced
    own = prepared.copy(tmp_path / "data")
    own.use(monkeypatch)
    yield own.folder
    close_all()


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Visit:
    initialise = PagesManager.__init__

    def as_served(self: PagesManager, *given, **named) -> None:
        # What serve.py sets once, AppTest forgets before every run, and then leaves app.py out.
        PagesManager.uses_pages_directory = False
        initialise(self, *given, **named)

    def open_page(
        name: str, *, alone: bool = False, demo: bool = False, **address: str | list[str]
    ) -> AppTest:
        page = f"pages/{name}.py"
        at = AppTest.from_file(str(ROOT / (page if alone else "app.py")), default_timeout=60)
        if not alone:
            monkeypatch.setattr(PagesManager, "__init__", as_served)
            at.switch_page(page)
        at.query_params |= address | ({"demo": "true"} if demo else {})
        return at.run()

    return open_page


@pytest.fixture
def figures() -> Figures:
    filters = ("units", "level1s", "kinds", "verified_only", "known_at", "expanded", "scheme_id")

    def answer(
        name: str,
        as_of: str = "2020-09-30",
        *,
        demo: bool = True,
        region: str = "宁夏",
        **values: Any,
    ) -> pd.DataFrame:
        warehouse = open_office(demonstration=demo).warehouse
        ledgers = metrics.ask(warehouse, "ledgers").set_index("region")
        ledger_id = UUID(str(ledgers.ledger_id[region]))
        chosen = {key: values.pop(key) for key in filters if key in values}
        scope = Scope(ledger_id, date.fromisoformat(as_of), **chosen)
        return metrics.ask(warehouse, name, scope, **values)

    return answer
