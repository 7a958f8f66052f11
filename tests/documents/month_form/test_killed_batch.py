"""kill -9 in the middle of many files: the database is as before the file it was at, or after it."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from documents.month_form import take_in, write_form
from tests.documents.month_form.forms import SEPTEMBER, UNIT, Desk, fill
from tests.warehouse.test_store import child, counts
from warehouse import Warehouse

# Takes in the files of the folder argv[2]. At append number argv[4] of file number argv[3], or just
# before that file's commit, it says so; in the first case it then waits to be killed.
TAKING = """
import sys, time
from datetime import date
from pathlib import Path
from metrics import Scope, ask
from documents.month_form import take_in
from warehouse import open_warehouse
from warehouse.writing import Writer

path, folder, number, moment = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
warehouse = open_warehouse(path)
scope = Scope(ask(warehouse, "ledgers").ledger_id[0], date(2020, 12, 31))
append, record_each, appended, through = Writer.append, Writer.record_each, [], []

def counted_append(writer, table, rows):
    append(writer, table, rows)
    if len(through) == number - 1:
        appended.append(table)
        if moment == str(len(appended)):
            print("now", flush=True)
            time.sleep(60)

def announced_record(writer, entries):
    record_each(writer, entries)
    if len(through) == number - 1 and moment == "commit":
        print("now", flush=True)

Writer.append, Writer.record_each = counted_append, announced_record
files = [(file.name, file) for file in sorted(folder.iterdir())]
take_in(warehouse, scope, files, lambda *said: through.append(said), recorded_by="王五")
print("all", flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def batch(
    prepared: Desk, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[dict[str, int]]]:
    """A folder of three files, and the database's counts after none, one, two and three of them."""
    folder = tmp_path_factory.mktemp("batch")
    path = tmp_path_factory.mktemp("counted") / "ledger.duckdb"
    path.write_bytes(prepared.warehouse.path.read_bytes())
    desk = replace(prepared, warehouse=Warehouse(path))
    typed = {"状态": "进行中", "进度%": 60, "佐证材料名称": "通知"}
    for unit, tasks in {
        UNIT: {1: typed, 2: typed | {"频次完成次数": 2}, 4: typed},
        "厅运输处": {6: typed, 7: typed, 8: typed},
        "银川市交通运输局": {8: typed},
    }.items():
        form = write_form(desk.warehouse, desk.scope, unit, SEPTEMBER)
        number = len(list(folder.iterdir())) + 1
        (folder / f"{number}_{unit}.xlsx").write_bytes(fill(form, tasks))
    after = [counts(desk.warehouse)]
    for file in sorted(folder.iterdir()):
        (result,) = take_in(desk.warehouse, desk.scope, [(file.name, file)], recorded_by="王五")
        assert result.outcome == "stored"
        after.append(counts(desk.warehouse))
    desk.warehouse.close()
    return folder, after


@pytest.mark.parametrize(
    ("number", "moment", "delay_ms"),
    [
        (1, "1", 0),
        (2, "1", 0),
        (2, "3", 0),
        (3, "4", 0),
        *((2, "commit", ms) for ms in (0, 3, 10, 40)),
    ],
)
def test_a_batch_cut_short_leaves_whole_files(
    prepared: Desk,
    tmp_path: Path,
    batch: tuple[Path, list[dict[str, int]]],
    number: int,
    moment: str,
    delay_ms: int,
):
    folder, after = batch
    path = tmp_path / "ledger.duckdb"
    path.write_bytes(prepared.warehouse.path.read_bytes())
    taking = child(TAKING, path, folder, number, moment)
    assert taking.stdout.readline().strip() == "now"
    time.sleep(delay_ms / 1000)
    taking.kill()
    taking.communicate()
    opened = Warehouse(path)
    found = counts(opened)
    opened.close()
    if moment == "commit":
        # The files after it may have been taken in as well by then.
        assert found in after[number - 1 :]
    else:
        assert found == after[number - 1]
