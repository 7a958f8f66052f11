"""Books to assess: the demonstration under its scheme and under a harsher one, and ledgers as issued."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from documents import Context
from documents.self_assessment import Assessment, assess
from loaders import read_ledger
from metrics import Scope, ask
from warehouse import Warehouse, load_ledger, read_reference, sync_reference
from warehouse.demonstration.demo import fill_demonstration
from warehouse.demonstration.demo_scheme import demonstration_scheme
from warehouse.ledger.schemes import store_scheme

DATA = Path(__file__).parents[3] / "data"
YEAR_ENDS = {"ningxia-2020": date(2020, 12, 31), "hunan-2019": date(2019, 12, 31)}
DAY = date(2020, 9, 30)


@dataclass
class Book:
    """A warehouse with one ledger in it."""

    warehouse: Warehouse
    ledger_id: UUID
    as_of: date
    is_demonstration: bool

    def scope(self, version: int | None = None, **narrower) -> Scope:
        """By a version of the scheme, 0 for the trial; by the newest unless told."""
        scope = Scope(self.ledger_id, self.as_of)
        schemes = ask(self.warehouse, "schemes", scope)
        chosen = None
        if version is None and len(schemes):
            chosen = schemes.scheme_id.iloc[0]
        elif version:
            chosen = schemes[schemes.version == version].scheme_id.iloc[0]
        return replace(scope, scheme_id=chosen, **narrower)

    def assessed(self, version: int | None = None, **narrower) -> Assessment:
        return assess(self.warehouse, self.scope(version, **narrower), self.context())

    def context(self) -> Context:
        return Context(
            ledger=ask(self.warehouse, "ledgers").title[0],
            edition="台账.txt 第 1 版",
            as_of=self.as_of,
            filters="无",
            data_version=self.warehouse.data_version,
            is_demonstration=self.is_demonstration,
            made_at=datetime(2020, 10, 8, 9, 5),
        )


def shelve(warehouse: Warehouse, name: str, *, demonstration: bool = False) -> Book:
    """Load a ledger, and the demonstration with a second, harsher version of its scheme."""
    reference = read_reference(DATA / "reference")
    ledger = read_ledger(DATA / "ledgers" / f"{name}.txt")
    ledger_id = load_ledger(warehouse, ledger, reference, recorded_by="测试").ledger_id
    sync_reference(warehouse, reference, recorded_by="测试")
    book = Book(warehouse, ledger_id, DAY if demonstration else YEAR_ENDS[name], demonstration)
    if demonstration:
        fill_demonstration(warehouse, ledger_id)
        store_scheme(warehouse, harsher(book), recorded_by="测试")
    return book


def harsher(book: Book):
    """缺项 at the average rate, a bonus cap that bites, penalties with a limit, most evidence too old,
    and no points for the last indicator's tasks."""
    tasks = ask(book.warehouse, "scores", book.scope(1))
    edition_id = ask(book.warehouse, "schemes", book.scope(1)).edition_id.iloc[0]
    numbers = dict(zip(tasks.number, tasks.task_id, strict=True))
    scheme = demonstration_scheme(book.ledger_id, edition_id, numbers)
    kinds = dict(zip(tasks.task_id, tasks.kind, strict=True))
    unscored = {numbers[60], numbers[61]}
    return replace(
        scheme,
        absent_rule="average",
        bonus_cap=Decimal("2.5"),
        evidence_from=date(2020, 7, 1),
        items=tuple(
            replace(item, points=Decimal("0.3")) if kinds[item.task_id] == "penalty" else item
            for item in scheme.items
            if item.task_id not in unscored
        ),
    )


@pytest.fixture(scope="session")
def filled() -> Iterator[Book]:
    """The demonstration; not to be written to."""
    warehouse = Warehouse(Path(":memory:"))
    yield shelve(warehouse, "ningxia-2020", demonstration=True)
    warehouse.close()


@pytest.fixture(scope="session", params=YEAR_ENDS)
def issued(request: pytest.FixtureRequest) -> Iterator[Book]:
    """Each ledger as issued, without progress; not to be written to."""
    warehouse = Warehouse(Path(":memory:"))
    yield shelve(warehouse, request.param)
    warehouse.close()


@pytest.fixture
def desk(warehouse: Warehouse) -> Book:
    """The demonstration in a database of the test's own."""
    return shelve(warehouse, "ningxia-2020", demonstration=True)


@pytest.fixture(
    scope="session", params=["scheme", "harsher", "trial", "part", "ningxia-2020", "hunan-2019"]
)
def assessed(request: pytest.FixtureRequest, filled: Book) -> Iterator[Assessment]:
    """One kind of assessment after the other: the totals must agree in each."""
    if request.param == "part":
        yield filled.assessed(1, units=("厅法规处",), kinds=("base", "bonus"))
    elif request.param in YEAR_ENDS:
        warehouse = Warehouse(Path(":memory:"))
        yield shelve(warehouse, request.param).assessed()
        warehouse.close()
    else:
        yield filled.assessed({"scheme": 1, "harsher": 2, "trial": 0}[request.param])
