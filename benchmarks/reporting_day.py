"""A day on which everybody reports, on two servers that share one PostgreSQL.

`python -m benchmarks.reporting_day [--units N] [--entries N] [--readers N] [--hours H] [--compressed X]
[--pause S] [--short]`: each of N units enters so many reports within so many hours, half of them on
each server, while readers draw pages on both; X lets all of it happen so many times faster. Pages are
timed first on the same servers while nobody else asks. Afterwards every entry that was said to be
stored is looked for in the record, the data versions are counted, and the files compared.

Starts a PostgreSQL of its own (without fsync, as the tests do). What a unit enters is stored by the
server's own process, by the function behind the form; readers speak Streamlit's protocol.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from uuid import UUID

from benchmarks.measuring import Timing, table
from benchmarks.serving import Server, Visitor, server, wait_until_answering
from loaders.model import Assignment, Ledger, Place, SourceRow, Task
from tests import postgres
from warehouse import Warehouse, WarehouseError, load_ledger, open_office, read_reference
from warehouse.entries.records import add_report
from warehouse.opening import reference_folder
from warehouse.servers.following import FILE, described, open_following
from warehouse.store import open_warehouse

PAGES = ("overview", "units", "unit", "overdue", "progress", "indicators")
AT_ONCE = 8
"""Entries that one server's process stores or lets wait at the same time."""
TASKS = 100
AS_OF = date(2021, 9, 30)
BEGIN, END, STORED = "begin", "end", "stored.csv"
"""Files beside the entries of a server: when the day begins, that it is over, and what was stored."""
ALONE = 3
"""Reruns of each page on each server while nobody else asks."""
FOLLOWED = 1.5
"""Seconds after an entry until both servers have followed."""


@dataclass(frozen=True)
class Day:
    units: int = 500
    entries: int = 30
    readers: int = 100
    hours: float = 2.0
    compressed: float = 4.0
    pause: float = 30.0
    """Seconds between two reruns of a reader, on average."""

    @property
    def seconds(self) -> float:
        return self.hours * 3600 / self.compressed


SHORT = Day(units=4, entries=3, readers=4, hours=0.005, compressed=3, pause=3)


@dataclass
class Seen:
    """What readers saw."""

    reruns: list[float] = field(default_factory=list)
    """Milliseconds of each."""
    failures: list[str] = field(default_factory=list)


def measure(day: Day = Day(), *, short: bool = False) -> str:
    """The report in markdown."""
    if short:
        day = SHORT
    record = postgres.Server()
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            return _simulated(day, Path(folder), record.empty_database("office"))
    finally:
        record.remove()


def serve_and_enter(folder: Path) -> None:
    """serve.py, whose process also stores the entries listed in the folder when their time has come."""
    import serve

    threading.Thread(target=_enter, args=[folder], daemon=True).start()
    serve.run(serve.app)


def _enter(folder: Path) -> None:
    entries = json.loads((folder / "entries.json").read_text(encoding="utf-8"))
    warehouse = open_office().warehouse
    while not (folder / BEGIN).exists():
        time.sleep(0.05)
    begins = float((folder / BEGIN).read_text())

    def enter(
        due: float, task_id: str, unit_id: str, percent: int
    ) -> tuple[str, float, float, int]:
        begun, refused = time.time(), 0
        while True:
            try:
                report_id = add_report(
                    warehouse,
                    UUID(task_id),
                    unit_id=UUID(unit_id),
                    state="done" if percent == 100 else "in_progress",
                    percent=percent,
                    narrative="正在组织实施，部分内容已完成。",
                    effective_on=AS_OF,
                    recorded_by="填报人",
                )
            except WarehouseError:
                refused += 1
                time.sleep(1)
            else:
                ended = time.time()
                return str(report_id), 1000 * (ended - due), 1000 * (ended - begun), refused

    with ThreadPoolExecutor(AT_ONCE) as threads:
        stored = []
        for seconds, task_id, unit_id, percent in entries:
            time.sleep(max(0.0, begins + seconds - time.time()))
            stored.append(threads.submit(enter, begins + seconds, task_id, unit_id, percent))
    with (folder / STORED).open("w", newline="") as file:
        csv.writer(file).writerows(each.result() for each in stored)
    (folder / END).touch()


def _simulated(day: Day, folder: Path, url: str) -> str:
    office = open_following(folder / "first", url)
    query, parts = _prepared(day, office)
    data = [folder / name for name in ("one", "two")]
    _plan(day, data, parts)
    with ExitStack() as running:
        servers = [
            running.enter_context(
                server(
                    each,
                    code="import pathlib; from benchmarks.reporting_day import serve_and_enter; "
                    f"serve_and_enter(pathlib.Path({str(each)!r}))",
                    database=url,
                )
            )
            for each in data
        ]
        for each in servers:
            wait_until_answering(each.address)
        idle = _alone(servers, query, ALONE)
        renewed = _alone(servers, query, 1, lambda: _store_anything(office))
        office.close()
        busy, computed, lasted = _all_day(day, servers, data, query)
        time.sleep(2 * FOLLOWED)
    rows = _compared(folder / "last", url, data)
    return _told(day, idle, renewed, busy, computed / lasted, lasted, rows)


def _prepared(day: Day, warehouse: Warehouse) -> tuple[str, list[tuple[str, str]]]:
    """A ledger in which every unit has a part in as many tasks as it will enter; the address of its
    pages and the parts as task and unit."""
    loaded = load_ledger(
        warehouse, _ledger(day), read_reference(reference_folder()), recorded_by="测试"
    )
    with warehouse.cursor() as cursor:
        parts = cursor.execute(
            "select task_id::varchar, unit_id::varchar from assignment join task using (edition_id, task_id)"
            " where ledger_id = $ledger_id order by all",
            {"ledger_id": loaded.ledger_id},
        ).fetchall()
    return f"ledger={loaded.ledger_id}&as_of={AS_OF}", parts


def _ledger(day: Day) -> Ledger:
    count = max(TASKS, day.entries)
    charged: list[list[str]] = [[] for _ in range(count)]
    for unit in range(day.units):
        for entry in range(day.entries):
            # Consecutive tasks, each unit beginning at another: no unit has a part in one twice.
            charged[(unit * day.entries + entry) % count].append(f"第{unit + 1:03d}县交通运输局")
    tasks = tuple(
        Task(
            number=number,
            task=f"第{number}项：按照有关要求完善信用信息目录和制度，并向社会公开。",
            level1=f"指标{number % 9 + 1}",
            level2="",
            kind="base",
            responsible_text="、".join(units),
            responsible_inherited=False,
            assignments=tuple(Assignment("responsible", unit) for unit in units),
            deadline_text="2021年12月31日",
            deadline_inherited=False,
            deadline_kind="date",
            due_on=date(2021, 6 + number % 7, 28),
            cadences=(),
            quantities=(),
            place=Place("day.txt", "", number),
        )
        for number, units in enumerate(charged, start=1)
        if units
    )
    return Ledger(
        file="day.txt",
        sha256="0" * 64,
        title="某省2021年信用交通省建设任务分工台账",
        region="某省",
        year=2021,
        tasks=tasks,
        issues=(),
        rows=tuple(SourceRow(each.place, "task", each.task, tasks=1) for each in tasks),
    )


def _plan(day: Day, data: Sequence[Path], parts: list[tuple[str, str]]) -> None:
    """Write what is entered when on which server: at any moment of the day, half of it on each."""
    random = Random(1)
    random.shuffle(parts)
    moments = sorted(random.uniform(0, day.seconds) for _ in parts)
    entries = [
        (moment, *part, random.choice([20, 50, 80, 100]))
        for moment, part in zip(moments, parts, strict=True)
    ]
    for number, folder in enumerate(data):
        folder.mkdir()
        (folder / "entries.json").write_text(json.dumps(entries[number :: len(data)]))


def _store_anything(warehouse: Warehouse) -> None:
    """A new data version, until both servers have it."""
    with warehouse.writing("测试") as writer:
        writer.append_signed("setting", [{"ledger_id": None, "key": "fewest_ranked", "value": "3"}])
        writer.record("测试", "test", None)
    time.sleep(FOLLOWED)


def _alone(
    servers: Sequence[Server], query: str, runs: int, before: Callable[[], None] = lambda: None
) -> Seen:
    """So many reruns of every page on both servers, one after the other, each after `before`."""
    seen = Seen()
    for each in servers:
        for page in PAGES:
            with Visitor(each.address, page, query) as visitor:
                visitor.run()
                visitor.run()
                for _ in range(runs):
                    before()
                    seen.reruns.append(visitor.run().milliseconds)
    return seen


def _all_day(
    day: Day, servers: Sequence[Server], data: Sequence[Path], query: str
) -> tuple[Seen, float, float]:
    """What the readers saw until everything was entered; the processor seconds of all servers, and how
    many seconds it lasted."""
    seen, over = Seen(), threading.Event()
    readers = [
        threading.Thread(
            target=_read,
            args=(servers[n % len(servers)], PAGES[n // len(servers) % len(PAGES)], query, day, n),
            kwargs={"seen": seen, "over": over},
        )
        for n in range(day.readers)
    ]
    computed, begun = sum(each.processor_milliseconds() for each in servers), time.time()
    for folder in data:
        aside = folder / f".{BEGIN}"
        aside.write_text(repr(begun))
        aside.replace(folder / BEGIN)
    for reader in readers:
        reader.start()
    while not all((folder / END).exists() for folder in data):
        time.sleep(0.1)
    lasted = time.time() - begun
    computed = sum(each.processor_milliseconds() for each in servers) - computed
    over.set()
    for reader in readers:
        reader.join()
    return seen, computed / 1000, lasted


def _read(
    on: Server, page: str, query: str, day: Day, number: int, *, seen: Seen, over: threading.Event
) -> None:
    random, pause = Random(number), day.pause / day.compressed
    try:
        over.wait(random.uniform(0, pause))
        with Visitor(on.address, page, query) as visitor:
            visitor.run()
            while not over.wait(random.expovariate(1 / pause)):
                seen.reruns.append(visitor.run().milliseconds)
    except Exception as error:  # A page that fails is a finding, and the others go on.
        seen.failures.append(f"{page}: {error!r}"[:300])


def _compared(folder: Path, url: str, data: Sequence[Path]) -> list[tuple[str, str]]:
    """What is true afterwards, by the record and by the files as the servers left them."""
    entered = [row for each in data for row in csv.reader((each / STORED).open(newline=""))]
    waited, took = (Timing(tuple(float(row[place]) for row in entered)) for place in (1, 2))
    fresh = open_following(folder, url)
    files = [open_warehouse(each / FILE) for each in data]
    with fresh.cursor() as cursor:
        kept = cursor.execute("select report_id::varchar from report").fetchall()
        found = cursor.execute("select distinct data_version from change order by 1").fetchall()
    versions = [version for (version,) in found]
    lost = {row[0] for row in entered} - {report_id for (report_id,) in kept}
    equal = all(_content(each) == _content(fresh) for each in files)
    for each in (fresh, *files):
        each.close()
    return [
        ("entries stored", f"{len(entered):,}"),
        ("of these refused at first and entered again", str(sum(int(row[3]) for row in entered))),
        ("an entry, p50 / p95", f"{took.p50:.0f} / {took.p95:.0f} ms"),
        ("with its wait for a place, p50 / p95", f"{waited.p50:.0f} / {waited.p95:.0f} ms"),
        ("lost, more than entered", f"{len(lost)}, {len(kept) - len(entered)}"),
        ("versions without gaps", str(versions == list(range(1, versions[-1] + 1)))),
        ("files equal to the record by hash", str(equal)),
    ]


def _content(warehouse: Warehouse) -> dict[str, tuple[int, str]]:
    with warehouse.cursor() as cursor:
        return described(cursor)


def _told(
    day: Day,
    idle: Seen,
    renewed: Seen,
    busy: Seen,
    cores: float,
    lasted: float,
    rows: list[tuple[str, str]],
) -> str:
    alone, anew, among = (Timing(tuple(each.reruns)) for each in (idle, renewed, busy))
    ratio = among.p95 / alone.p95
    rows = [
        ("seconds, entries a second", f"{lasted:.0f}, {day.units * day.entries / lasted:.1f}"),
        ("a page's rerun alone, p50 / p95", f"{alone.p50:.0f} / {alone.p95:.0f} ms"),
        ("alone after an entry, p50 / p95", f"{anew.p50:.0f} / {anew.p95:.0f} ms"),
        ("a page's rerun in the day, p50 / p95", f"{among.p50:.0f} / {among.p95:.0f} ms"),
        ("p95 ÷ p95 alone (aim 2)", f"{ratio:.2f}{' ✗' if ratio > 2 else ''}"),
        ("reruns, failed", f"{len(busy.reruns):,}, {len(busy.failures)}"),
        ("processors that both servers used", f"{cores:.2f} of {os.cpu_count()}"),
        *rows,
    ]
    return "\n\n".join(
        [
            f"## A day of reporting: {day.units} units × {day.entries} entries in {day.hours:g} h, "
            f"{day.readers} readers, {day.compressed:g} × as fast, two servers",
            table(("what", "measured"), rows),
            *sorted(set(busy.failures)),
        ]
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reporting_day", description=__doc__)
    for name, usual in vars(Day()).items():
        parser.add_argument(f"--{name}", type=type(usual), default=usual)
    parser.add_argument("--short", action="store_true", help="small and few: does it still run?")
    given = vars(parser.parse_args())
    short = given.pop("short")
    print(measure(Day(**given), short=short))
