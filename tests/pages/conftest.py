"""Pages run by Streamlit's own AppTest, without a browser.

    def test_tiles(visit):
        at = visit("overview", demo=True, as_of="2020-09-30")
        assert at.metric[0].value == "60 项"

`visit` takes what the address would carry. By default the page stands in app.py's frame, as serve.py
runs it; with `alone=True` it is itself the script. Tests that write take `own_data` as well.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import pandas as pd
import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

import metrics
from metrics import Scope
from warehouse import close_all, open_office

ROOT = Path(__file__).resolve().parents[2]


class Visit(Protocol):
    def __call__(self, name: str, *, alone: bool = False, demo: bool = False, **address) -> AppTest:
        """Open the page `name` at an address with these parameters."""


class Figures(Protocol):
    def __call__(
        self, name: str, as_of: str = ..., *, demo: bool = True, region: str = "宁夏", **values: Any
    ) -> pd.DataFrame:
        """The answer of a question, asked without any page; filters go by the names of `Scope`."""


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with both databases made and closed again; only ever copied."""
    folder = tmp_path_factory.mktemp("prepared")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CREDIT_DATA_DIR", str(folder))
        open_office()
        open_office(demonstration=True)
        close_all()
    return folder


@pytest.fixture(scope="session")
def shared_data(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(prepared, tmp_path_factory.mktemp("shared") / "data"))


@pytest.fixture(autouse=True)
def data(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Both databases, shared by all tests: look, don't write."""
    monkeypatch.setenv("CREDIT_DATA_DIR", str(shared_data))
    monkeypatch.delenv("CREDIT_DEMO", raising=False)
    return shared_data


@pytest.fixture
def own_data(
    data: Path, prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Both databases for this test alone, which may write to them."""
    del data  # its setting is replaced
    folder = Path(shutil.copytree(prepared, tmp_path / "data"))
    monkeypatch.setenv("CREDIT_DATA_DIR", str(folder))
    yield folder
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
