"""`python killed_backups.py FOLDER`: a year of data is backed up and restored, and each is killed at 50
moments. Prints a line of what was seen at each kill; exits 1 when anything was lost.

A process of its own, because it forks; the test that runs it reads its exit code.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from accounts import Store
from accounts.store import FILE as ACCOUNTS
from warehouse.backups import check_backup, finish_restore, make_backup, restore
from warehouse.demonstration.demo import fill_demonstration
from warehouse.entries import files
from warehouse.ledger.reference import read_reference
from warehouse.opening import DEMONSTRATION_LEDGER, SHIPPED, load_file
from warehouse.store import Warehouse, statement

MOMENTS = 50
SEEN = {
    *("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "shutil.copyfile"),
    "sqlite3.connect",
}
"""What Python reports of a process's work on files."""


def a_year(folder: Path) -> None:
    """credit.duckdb with the demonstration's year in it, thirty files of evidence and two accounts."""
    warehouse = Warehouse(folder / "credit.duckdb")
    load_file(
        warehouse, DEMONSTRATION_LEDGER, read_reference(SHIPPED / "reference"), recorded_by="测试"
    )
    with warehouse.cursor() as cursor:
        (ledger_id,) = cursor.execute(statement("only_ledger")).fetchone()
    fill_demonstration(warehouse, ledger_id)
    for number in range(30):
        files.keep_file(warehouse, f"{number}.pdf", b"%PDF" + bytes([number]) * 200_000)
    warehouse.close()
    accounts = Store(folder / ACCOUNTS)
    for name in ("admin", "lisi"):
        accounts.add(name, name, "admin", "hash")
    accounts.close()


def in_a_child(work: Callable[[], object]) -> int:
    """Run `work` in a child process; its exit code, negative when a signal ended it.

    DuckDB runs threads, and a process with threads should not fork: the parent opens no database.
    """
    child = os.fork()
    if not child:
        try:
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def stopping_at(moment: int, work: Callable[[], object], count: Path) -> Callable[[], object]:
    """`work`, killed at the `moment`-th time that it opens, moves or removes something on the disk;
    with moment 0 it runs to its end and writes into `count` how many such times there are."""

    def run() -> None:
        seen = 0

        def look(event: str, _arguments: object) -> None:
            nonlocal seen
            if event in SEEN:
                seen += 1
                if seen == moment:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(look)
        work()
        if not moment:
            count.write_text(str(seen), encoding="utf-8")

    return run


def killed_while_copying(work: Callable[[], object], seconds: float) -> Callable[[], object]:
    """`work`, killed so long after DuckDB was asked to copy the database."""

    def run() -> None:
        copy = Warehouse.backup

        def killed(warehouse: Warehouse, target: Path) -> None:
            threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL)).start()
            copy(warehouse, target)

        Warehouse.backup = killed
        work()

    return run


def rows_in(folder: Path, report: Path) -> None:
    """Write how many rows the data in a folder has, read through a copy of it."""
    copy = report.parent / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for name in ("credit.duckdb", "credit.duckdb.wal", ACCOUNTS, f"{ACCOUNTS}-wal"):
        if (folder / name).exists():
            shutil.copyfile(folder / name, copy / name)
    counts = {}
    with duckdb.connect(str(copy / "credit.duckdb")) as connection:
        for table in ("task", "report", "evidence", "change"):
            sql = statement("count_rows").format(table=table)
            counts[table] = connection.execute(sql).fetchone()[0]
    counts["files"] = len(list((folder / "credit-evidence").glob("*/*")))
    accounts = Store(copy / ACCOUNTS)
    counts["accounts"] = len(accounts.accounts())
    accounts.close()
    report.write_text(json.dumps(counts), encoding="utf-8")


def main(folder: Path) -> int:
    data, backups, count = folder / "data", folder / "backups", folder / "count"
    data.mkdir()
    assert in_a_child(lambda: a_year(data)) == 0

    def rows_now(where: Path) -> dict[str, int]:
        report = folder / "rows.json"
        assert in_a_child(lambda: rows_in(where, report)) == 0
        return json.loads(report.read_text(encoding="utf-8"))

    def back_up(target: Path) -> None:
        warehouse = Warehouse(data / "credit.duckdb")
        make_backup(warehouse, target)

    held, faults = rows_now(data), []
    source = backups / "whole"
    assert in_a_child(stopping_at(0, lambda: back_up(source), count)) == 0
    steps = int(count.read_text(encoding="utf-8"))
    named = 0
    for number in range(MOMENTS):
        target = backups / f"b{number}"

        def work(target: Path = target) -> None:
            back_up(target)

        if number < 10:
            in_a_child(killed_while_copying(work, number / 100))
        else:
            in_a_child(stopping_at(round(steps * (number - 9) / (MOMENTS - 10)), work, count))
        if target.exists():
            named += 1
            if in_a_child(lambda target=target: check_backup(target)):
                faults.append(f"backup {number} has its name and is not whole")
        # The next backup removes what was left unfinished, which would count among its own steps.
        for unfinished in backups.glob(".*.part"):
            shutil.rmtree(unfinished)
    if not 0 < named < MOMENTS:
        faults.append("the kills are not before and after the backup has its name")
    if rows_now(data) != held:
        faults.append("the data changed while it was backed up")
    print(f"backup: {MOMENTS} kills in {steps} steps, {named} had their name")

    assert in_a_child(stopping_at(0, lambda: restore(source, data), count)) == 0
    steps, seen = int(count.read_text(encoding="utf-8")), 1
    # Most steps copy; what moves comes last, and each of the last thirty is tried.
    moments = [round((steps - 30) * each / 20) + 1 for each in range(20)]
    moments += list(range(steps - 29, steps + 1))
    for moment in moments:
        in_a_child(stopping_at(moment, lambda: restore(source, data), count))
        assert in_a_child(lambda: finish_restore(data)) == 0
        if rows_now(data) != held:
            faults.append(f"restore killed at {moment}: data lost")
        asides = sorted(data.glob("恢复前的数据-*"), key=lambda path: path.stat().st_mtime)
        faults += [
            f"restore killed at {moment}: {aside.name} is not whole"
            for aside in asides[seen:]
            if rows_now(aside) != held
        ]
        seen = len(asides)
    print(f"restore: {len(moments)} kills in {steps} steps, {seen} earlier states kept aside")
    print("\n".join(faults) or "nothing lost")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
