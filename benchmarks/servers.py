"""`python -m benchmarks.servers [--short]`: several servers on one PostgreSQL, beside one file.

Starts a PostgreSQL of its own (without fsync, as the tests do). What a file and a record do is timed in
turn, so a busy moment falls on both.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from datetime import date
from functools import partial
from pathlib import Path
from uuid import UUID

import duckdb

from benchmarks.measuring import Timing, table, timed
from metrics import Scope, ask
from tests.postgres import Server
from warehouse import Warehouse, open_warehouse, read_reference
from warehouse.demonstration.demo import fill_demonstration
from warehouse.opening import DEMONSTRATION_LEDGER, SHIPPED, load_file
from warehouse.servers.following import move_to_record, open_following

QUESTIONS = ("overdue_ages", "unit_workload", "indicators", "units", "scores", "evidence_gaps")


def measure(*, short: bool = False) -> str:
    """A markdown table: each thing by the file and by the record, with their ratio."""
    server = Server()
    try:
        with tempfile.TemporaryDirectory() as folder:
            rows = _questions(server, Path(folder), 3 if short else 100)
            rows += _writes(server, Path(folder), 10 if short else 200)
            rows += _following(server, Path(folder), 3 if short else 20)
            rows += _first_load(server, Path(folder), 20_000 if short else 1_200_000)
        return "## Several servers\n\n" + table(
            ("what", "alone", "with PostgreSQL", "ratio", "aim"), rows
        )
    finally:
        server.remove()


def _questions(server: Server, folder: Path, runs: int) -> list[tuple[str, ...]]:
    """The same questions of the demonstration, in turn of a file and of a server's copy."""
    file = open_warehouse(folder / "asked" / "credit.duckdb")
    copy = open_following(folder / "asked copy", server.empty_database("asked"))
    reference = read_reference(SHIPPED / "reference")
    scopes = []
    for each in (file, copy):
        load_file(each, DEMONSTRATION_LEDGER, reference, recorded_by="测试")
        ledger_id = UUID(str(ask(each, "ledgers").ledger_id[0]))
        fill_demonstration(each, ledger_id)
        scopes.append(Scope(ledger_id, date(2020, 9, 30)))
    times: list[list[float]] = [[], []]
    for run in range(runs + 1):
        for name in QUESTIONS:
            for each, scope, found in zip((file, copy), scopes, times, strict=True):
                timing, _ = timed(partial(ask, each, name, scope), 1, warm_up=0)
                # The first time the day is judged.
                found += timing.milliseconds if run else []
    for each in (file, copy):
        each.close()
    by_file, by_copy = (Timing(tuple(each)) for each in times)
    return [_row("a question, p50", by_file.p50, by_copy.p50, "1.05")]


def _write(warehouse: Warehouse) -> None:
    with warehouse.writing("测试") as writer:
        writer.append_signed("setting", [{"ledger_id": None, "key": "fewest_ranked", "value": "3"}])
        writer.record("测试", "test", None)


def _writes(server: Server, folder: Path, runs: int) -> list[tuple[str, ...]]:
    url = server.empty_database("writes")
    file = open_warehouse(folder / "file" / "credit.duckdb")
    servers = [open_following(folder / f"server {n}", url) for n in range(4)]
    load_file(file, DEMONSTRATION_LEDGER, read_reference(SHIPPED / "reference"), recorded_by="测试")
    alone: list[float] = []
    shared: list[float] = []
    for _ in range(runs):
        for warehouse, found in ((file, alone), (servers[0], shared)):
            timing, _ = timed(partial(_write, warehouse), 1, warm_up=0)
            found += timing.milliseconds
    crowded: list[float] = []

    def write_often(warehouse: Warehouse) -> None:
        for _ in range(runs):
            begun = time.perf_counter()
            _write(warehouse)
            crowded.append(1000 * (time.perf_counter() - begun))

    threads = [threading.Thread(target=write_often, args=[each]) for each in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in (file, *servers):
        each.close()
    by_file, by_record, by_four = (Timing(tuple(each)) for each in (alone, shared, crowded))
    return [
        _row("a write, p50", by_file.p50, by_record.p50, ""),
        _row("a write, p95", by_file.p95, by_record.p95, "3"),
        _row("a write while four servers write, p95", by_file.p95, by_four.p95, "10"),
    ]


def _following(server: Server, folder: Path, runs: int) -> list[tuple[str, ...]]:
    """1,000 rows that one server stored, until the other has them; beside storing them in a file."""
    url = server.empty_database("following")
    file = open_warehouse(folder / "alone" / "credit.duckdb")
    one, two = (open_following(folder / name, url) for name in ("one", "two"))
    rows = [{"ledger_id": None, "key": f"k{n}", "value": "值"} for n in range(1_000)]

    def store(warehouse: Warehouse) -> None:
        with warehouse.writing("测试") as writer:
            writer.append_signed("setting", rows)
            writer.record("测试", "test", None)

    stored: list[float] = []
    followed: list[float] = []
    for _ in range(runs):
        stored += timed(lambda: store(file), 1, warm_up=0)[0].milliseconds
        store(one)
        followed += timed(two.follow, 1, warm_up=0)[0].milliseconds
    for each in (file, one, two):
        each.close()
    return [
        _row(
            "1,000 rows: stored in a file, followed, p50",
            Timing(tuple(stored)).p50,
            Timing(tuple(followed)).p50,
            "300 ms",
        )
    ]


def _first_load(server: Server, folder: Path, count: int) -> list[tuple[str, ...]]:
    """A server that begins with many rows, beside DuckDB reading the same from Parquet."""
    source = folder / "large" / "credit.duckdb"
    open_warehouse(source).close()
    with duckdb.connect(str(source)) as connection:
        connection.execute(
            "insert into setting by name select null as ledger_id, 'k' || i as key, '值' || i as value,"
            " i as entry_number, timestamp '2020-01-01' + to_seconds(i) as recorded_at,"
            f" '测试' as recorded_by from range({count}) as t(i)"
        )
        parquet = folder / "large.parquet"
        connection.execute(f"copy setting to '{parquet}'")
    url = server.empty_database("large")
    move_to_record(source, url, lambda _: None)

    def read() -> None:
        with duckdb.connect(str(folder / "read.duckdb")) as connection:
            connection.execute(f"create or replace table setting as from '{parquet}'")

    # In turn, so that a busy moment falls on both.
    read()
    alone: list[float] = []
    begins: list[float] = []
    for run in range(3):
        alone += timed(read, 1, warm_up=0)[0].milliseconds
        begun = time.perf_counter()
        open_following(folder / f"begins {run}", url).close()
        begins.append(1000 * (time.perf_counter() - begun))
    by_parquet, by_record = Timing(tuple(alone)).p50, Timing(tuple(begins)).p50
    return [_row(f"first load of {count:,} rows, p50", by_parquet, by_record, "3")]


def _row(what: str, alone: float, shared: float, aim: str) -> tuple[str, ...]:
    return (what, f"{alone:.1f} ms", f"{shared:.1f} ms", f"{shared / alone:.2f}", aim)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.servers", description=__doc__)
    parser.add_argument("--short", action="store_true", help="small and few: does it still run?")
    print(measure(short=parser.parse_args().short))
