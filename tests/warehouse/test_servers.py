"""Several servers on one record: the same data everywhere, one write at a time, all or nothing when a
server or the database fails.
"""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest

from tests.postgres import Line, Server
from warehouse import Warehouse, WarehouseError
from warehouse.entries import files
from warehouse.ledger.reference import Reference, read_reference
from warehouse.ledger.register import sync_reference
from warehouse.opening import SHIPPED, load_file
from warehouse.servers import central, following
from warehouse.servers.central import Central
from warehouse.servers.following import move_to_file, move_to_record, open_following
from warehouse.servers.record import AMENDMENTS, OutcomeUnknown, RecordUnreachable
from warehouse.servers.taking_in import layout_of
from warehouse.statements import _statements
from warehouse.store import MIGRATIONS, open_warehouse

LEDGER = SHIPPED / "ledgers" / "ningxia-2020.txt"
REFERENCE = read_reference(SHIPPED / "reference")
PDF = b"%PDF-1.4 \xe6"


def note(warehouse: Warehouse, what: str = "测试") -> int:
    """Store something; the data version it has."""
    with warehouse.writing("测试") as writer:
        writer.record(what, "test", None, after={"x": "甲"})
        return writer.data_version


def same(*warehouses: Warehouse) -> bool:
    """Whether all rows of all tables are equal, by hash."""
    found = []
    for warehouse in warehouses:
        with warehouse.cursor() as cursor:
            found.append(following.described(cursor))
    return all(each == found[0] for each in found)


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.empty_database(f"office_{uuid4().hex[:8]}")


@pytest.fixture
def servers(url: str, tmp_path: Path) -> Iterator[list[Warehouse]]:
    """Two servers of one office."""
    opened = [open_following(tmp_path / name, url) for name in ("one", "two")]
    yield opened
    for each in opened:
        each.close()


def one_s(servers: list[Warehouse]) -> Central:
    record = servers[0].record
    assert isinstance(record, Central)
    return record


# One record, equal files


@pytest.mark.parametrize("by_copy", [True, False])
def test_what_one_server_stores_the_other_has_row_by_row(
    servers: list[Warehouse], by_copy: bool, monkeypatch: pytest.MonkeyPatch
):
    one, two = servers
    for each in servers:
        monkeypatch.setattr(each.record, "_by_copy", by_copy)
    load_file(one, LEDGER, REFERENCE, recorded_by="甲")
    sync_reference(one, REFERENCE, recorded_by="甲")
    assert two.data_version == 0
    two.follow()
    assert two.data_version == one.data_version == 2
    assert same(one, two)
    # Members, short names and classes are replaced, not added to.
    changed = Reference(**{**vars(REFERENCE), "short_names": {"加强事中信用评价": "评价"}})
    sync_reference(two, changed, recorded_by="乙")
    note(two)
    one.follow()
    assert same(one, two)
    with one.cursor() as cursor:
        assert cursor.execute("select count(*) from short_name").fetchall() == [(1,)]


def test_a_write_rests_on_all_that_was_stored_before(servers: list[Warehouse]):
    one, two = servers
    load_file(one, LEDGER, REFERENCE, recorded_by="甲")
    # The other has not looked since; within its write it sees the ledger, and takes no second one.
    assert not load_file(two, LEDGER, REFERENCE, recorded_by="乙")
    assert note(two) == one.data_version + 1


def test_texts_arrive_as_they_were(servers: list[Warehouse]):
    one, two = servers
    texts = ["", "\\N", 'a"b,c', "一行\n又一行\n", "'; drop table task; --", "\\\\", "𠀀", " 空 "]
    for text in texts:
        note(one, text or "空")
        with one.writing("测试") as writer:
            writer.append_signed("setting", [{"ledger_id": None, "key": "k", "value": text}])
            writer.record("x", "test", None)
    two.follow()
    with two.cursor() as cursor:
        rows = cursor.execute("select value from setting order by entry_number").fetchall()
    assert [value for (value,) in rows] == texts
    assert same(one, two)


VALUES: dict[str, list[object]] = {
    "VARCHAR": ["", "\\N", 'a"b,c', "一行\n又一行\n", "\\", '"', "𠀀", " 空 ", "NULL", "，"],
    "VARCHAR[]": [[], ["", "\\N"], ['a"b', "一\n二", ","]],
    "JSON": ['{"甲": [null, "\\n\\""]}', "null", '""'],
    "TIMESTAMP": [datetime(2020, 2, 29, 23, 59, 59, 999_999), datetime(1969, 7, 20, 20, 17, 0, 1)],
    "DATE": [date(2020, 2, 29), date(1949, 10, 1)],
    "DOUBLE": [0.1 + 0.2, -0.0, 1e-300, 2 / 3, 5e300],
    "BIGINT": [2**63 - 1, -(2**63), 0],
    "INTEGER": [2**31 - 1, -(2**31), 0],
    "BOOLEAN": [True, False],
    "DECIMAL(6,1)": [Decimal("99999.9"), Decimal("-0.1"), Decimal(0)],
    "DECIMAL(9,2)": [Decimal("9999999.99"), Decimal("-0.01"), Decimal(0)],
}


@pytest.mark.parametrize("by_copy", [True, False])
def test_every_kind_of_value_is_the_same_everywhere(
    servers: list[Warehouse],
    url: str,
    tmp_path: Path,
    by_copy: bool,
    monkeypatch: pytest.MonkeyPatch,
):
    """In every column of every table, and nothing where nothing may stand."""
    one, two = servers
    for each in servers:
        monkeypatch.setattr(each.record, "_by_copy", by_copy)
    with one.cursor() as cursor:
        empty = cursor.execute(
            "select table_name, column_name from duckdb_columns() where not internal and is_nullable"
        ).fetchall()
        layout = layout_of(cursor)
    with one.writing("测试") as writer:
        for table in layout.keys() - {"change"}:
            kinds = [kind for kind in layout[table].values() if kind != "UUID"]
            rows = [
                {
                    name: uuid4() if kind == "UUID" else VALUES[kind][row % len(VALUES[kind])]
                    for name, kind in layout[table].items()
                }
                for row in range(max((len(VALUES[kind]) for kind in kinds), default=1))
            ]
            nothing = {name: None for of, name in empty if of == table}
            writer.append(table, [*rows, rows[0] | nothing])
        writer.record("测试", "test", None)
    two.follow()
    with monkeypatch.context() as patch:
        patch.setattr(Central.__init__, "__kwdefaults__", {"by_copy": by_copy})
        third = open_following(tmp_path / "three", url)
    assert same(one, two, third)
    with third.cursor() as cursor:
        (texts,) = zip(*cursor.execute("select value from setting").fetchall(), strict=True)
    assert sorted(texts) == sorted([*VALUES["VARCHAR"], ""])
    third.close()


def test_times_are_those_of_the_record(servers: list[Warehouse], monkeypatch: pytest.MonkeyPatch):
    from warehouse import store

    real = store.now()
    monkeypatch.setattr(store, "now", lambda: real.replace(year=2001))
    note(servers[0])
    with servers[0].cursor() as cursor:
        ((at,),) = cursor.execute("select max(recorded_at) from change").fetchall()
    assert abs((at - real).total_seconds()) < 600


def test_a_server_begins_with_all_that_was_stored(
    servers: list[Warehouse], url: str, tmp_path: Path
):
    load_file(servers[0], LEDGER, REFERENCE, recorded_by="甲")
    sync_reference(servers[0], REFERENCE, recorded_by="甲")
    third = open_following(tmp_path / "three", url)
    assert same(servers[0], third)
    third.close()
    note(servers[0])
    again = open_following(tmp_path / "three", url)
    again.follow()
    assert same(servers[0], again)
    again.close()


def test_evidence_is_shared(servers: list[Warehouse]):
    one, two = servers
    sha256 = files.keep_file(one, "证明.pdf", PDF)
    assert files.kept_file(two, sha256) == PDF
    # What is lost or altered on one server's disk comes back from the record.
    (path,) = files.folder(one).rglob(sha256)
    path.unlink()
    assert files.kept_file(one, sha256) == PDF
    path.write_bytes(b"forged")
    assert files.kept_file(one, sha256) == PDF


def test_four_processes_write_and_nothing_is_lost(
    servers: list[Warehouse], url: str, tmp_path: Path
):
    writes = 50
    script = Path(__file__).with_name("writing_server.py")
    running = [
        subprocess.Popen([sys.executable, script, url, tmp_path / f"w{number}", str(writes)])
        for number in range(4)
    ]
    assert [each.wait(600) for each in running] == [0] * 4
    for each in servers:
        each.follow()
    with servers[0].cursor() as cursor:
        versions = cursor.execute("select data_version from change order by 1").fetchall()
    assert [version for (version,) in versions] == list(range(1, 4 * writes + 1))
    assert same(*servers)
    copies = [open_following(tmp_path / f"w{number}", url) for number in range(4)]
    for each in copies:
        each.follow()
    assert same(servers[0], *copies)
    for each in copies:
        each.close()


# A server that dies


@pytest.mark.parametrize(
    ("step", "stored"), [("before sending", 0), ("before the commit", 0), ("between commits", 1)]
)
def test_a_server_killed_while_it_writes_leaves_all_or_nothing(
    servers: list[Warehouse], url: str, tmp_path: Path, step: str, stored: int
):
    script = Path(__file__).with_name("writing_server.py")
    killed = subprocess.run(
        [sys.executable, script, url, tmp_path / "killed", "3", step], timeout=300
    )
    assert killed.returncode == -9
    servers[0].follow()
    assert servers[0].data_version == 2 + stored
    assert note(servers[1]) == 3 + stored
    again = open_following(tmp_path / "killed", url)
    again.follow()
    servers[0].follow()
    assert same(again, *servers)
    again.close()


# A database that fails


def test_a_stopped_database_can_be_read_not_written(postgres: Server, servers: list[Warehouse]):
    one, two = servers
    note(one)
    postgres.stop()
    try:
        for _ in range(2):
            with pytest.raises(RecordUnreachable, match="没有应答，没有保存"):
                note(one)
        with pytest.raises(RecordUnreachable):
            two.follow()
        with one.cursor() as cursor:
            assert cursor.execute("select count(*) from change").fetchall() == [(1,)]
    finally:
        postgres.start()
    time.sleep(1)
    assert note(one) == 2
    two.follow()
    assert same(one, two)


def test_reading_goes_on_while_a_write_waits_for_a_database_that_hangs(
    postgres: Server, servers: list[Warehouse]
):
    one = servers[0]
    note(one)
    refused: list[str] = []

    def write() -> None:
        try:
            note(one)
        except WarehouseError as error:
            refused.append(str(error))

    postgres.pause()
    try:
        waiting = threading.Thread(target=write)
        waiting.start()
        answers = 0
        while waiting.is_alive():
            with one.cursor() as cursor:
                cursor.execute("select count(*) from change").fetchall()
            answers += 1
        assert answers > 3
        assert refused
    finally:
        postgres.go_on()
    time.sleep(1)
    assert note(one) == 2


def test_a_line_cut_at_any_moment_of_a_write_loses_nothing(
    postgres: Server,
    url: str,
    servers: list[Warehouse],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    """Cut after each piece that a write sends or receives; what was said to be stored is stored."""
    monkeypatch.setattr(central, "REST", 0)
    line = Line(postgres.port)
    far = open_following(tmp_path / "far", url.replace(f":{postgres.port}/", f":{line.port}/"))
    stored, unknown, cut = 0, 0, 0
    try:
        for pieces in range(60):
            line.cut_after(pieces)
            try:
                note(far)
                stored += 1
            except OutcomeUnknown:
                unknown += 1
            except RecordUnreachable:
                pass
            was_cut = line.is_cut
            cut += was_cut
            line.mend()
            if not was_cut:
                break
        assert cut > 3
        assert not was_cut, "a write takes fewer pieces than were tried"
        far.follow()
        servers[0].follow()
        assert stored <= far.data_version <= stored + unknown
        assert same(far, servers[0])
    finally:
        far.close()
        line.close()


def test_what_was_not_answered_is_looked_up(
    servers: list[Warehouse], monkeypatch: pytest.MonkeyPatch
):
    """The connection breaks after the commit has reached the database, before its answer."""
    one, two = servers
    real = Central.send

    def send(self: Central, connection, action):
        real(self, connection, action)
        commit = connection.commit

        def broken() -> None:
            commit()
            cut = socket.socket(fileno=connection.fileno())
            cut.shutdown(socket.SHUT_RDWR)
            cut.detach()
            connection.execute("select 1")

        monkeypatch.setattr(connection, "commit", broken)

    monkeypatch.setattr(Central, "send", send)
    assert note(one) == 1
    monkeypatch.setattr(Central, "send", real)
    assert note(one) == 2
    two.follow()
    assert same(one, two)


def test_what_cannot_be_looked_up_is_said_to_be_unknown(
    servers: list[Warehouse], monkeypatch: pytest.MonkeyPatch
):
    import psycopg

    one = servers[0]

    def unanswered(*_: object) -> bool:
        raise psycopg.OperationalError("no answer")

    real = Central.send

    def send(self: Central, connection, action):
        real(self, connection, action)
        commit = connection.commit

        def broken() -> None:
            commit()
            raise psycopg.OperationalError("no answer")

        monkeypatch.setattr(connection, "commit", broken)

    with monkeypatch.context() as patch:
        patch.setattr(Central, "send", send)
        patch.setattr(Central, "is_stored", unanswered)
        with pytest.raises(OutcomeUnknown, match="还不知道"):
            note(one)
    time.sleep(1)
    one.follow()
    assert one.data_version == 1


def test_a_server_that_closes_while_it_follows_leaves_no_connection(
    postgres: Server, url: str, servers: list[Warehouse], monkeypatch: pytest.MonkeyPatch
):
    import psycopg

    def connections() -> int:
        with psycopg.connect(postgres.url) as connection:
            ((count,),) = connection.execute(
                "select count(*) from pg_stat_activity where datname = %s", [url.rsplit("/", 1)[1]]
            ).fetchall()
            return count

    one, two = servers
    two.close()
    note(one)
    record, check = one_s(servers), Central._check_schema
    before = connections()

    def closed_meanwhile(self: Central, connection: psycopg.Connection) -> None:
        check(self, connection)
        self.close()

    monkeypatch.setattr(Central, "_check_schema", closed_meanwhile)
    with record.newer(1):
        pass
    assert before > 0
    until = time.monotonic() + 10
    while connections() and time.monotonic() < until:
        time.sleep(0.05)
    assert connections() == 0


def test_data_that_may_be_old_are_called_so(
    servers: list[Warehouse], monkeypatch: pytest.MonkeyPatch
):
    from warehouse import store

    one = servers[0]
    one.follow()
    assert not one.is_behind
    later = store.now() + 2 * store.BEHIND
    monkeypatch.setattr(store, "now", lambda: later)
    assert one.is_behind


# Versions of the program, restored records


def test_a_newer_program_lifts_the_record_and_the_older_only_reads(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    script = tmp_path / "next.sql"
    script.write_text("alter table setting add column why varchar default '原有';")
    old = open_following(tmp_path / "old", url)
    load_file(old, LEDGER, REFERENCE, recorded_by="甲")
    sync_reference(old, REFERENCE, recorded_by="甲")
    newer = (*MIGRATIONS, script)
    with monkeypatch.context() as patch:
        patch.setattr(following, "MIGRATIONS", newer)
        patch.setattr(
            Warehouse.__init__, "__defaults__", (newer, *Warehouse.__init__.__defaults__[1:])
        )
        first, second = (open_following(tmp_path / name, url) for name in ("new", "newest"))
        assert same(first, second)
        with first.cursor() as cursor:
            assert cursor.execute("select distinct why from setting").fetchall() == [("原有",)]
        assert note(first) == old.data_version + 1
        second.follow()
        assert same(first, second)
        first.close()
        second.close()
    with pytest.raises(WarehouseError, match="更新的程序升级"):
        note(old)
    with old.cursor() as cursor:
        assert cursor.execute("select count(*) from task").fetchone() != (0,)
    old.close()
    with pytest.raises(WarehouseError, match="请升级这台服务器的程序"):
        open_following(tmp_path / "old", url)


def test_a_server_ahead_of_a_restored_record_begins_anew(
    postgres: Server, url: str, servers: list[Warehouse], tmp_path: Path
):
    one = servers[0]
    load_file(one, LEDGER, REFERENCE, recorded_by="甲")
    name = url.rsplit("/", 1)[1]
    postgres.dump(name, tmp_path / "backup")
    note(one, "此后")
    for each in servers:
        each.close()
    assert postgres.restore(name, tmp_path / "backup") == url
    other = open_following(tmp_path / "two", url)
    assert note(other, "另一件") == 2
    again = open_following(tmp_path / "one", url)
    again.follow()
    assert same(again, other)
    assert list((tmp_path / "one").glob("following.duckdb.不符-*"))
    again.close()
    other.close()


def test_a_record_restored_under_a_running_server_is_noticed(
    postgres: Server, url: str, servers: list[Warehouse], tmp_path: Path
):
    name = url.rsplit("/", 1)[1]
    note(servers[0])
    postgres.dump(name, tmp_path / "backup")
    note(servers[0], "此后")
    postgres.restore(name, tmp_path / "backup")
    with pytest.raises(WarehouseError, match="恢复到了较早的数据版本 1"):
        note(servers[0])
    # The other had not come so far and goes on.
    assert note(servers[1]) == 2


def test_what_is_recorded_is_not_called_lost_when_the_own_file_fails(
    servers: list[Warehouse], monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> None:
        raise WarehouseError("磁盘已满")

    one, two = servers
    monkeypatch.setattr(one.place, "settle", full)
    with pytest.raises(WarehouseError, match="不要再录一次"):
        note(one)
    assert one.closed
    two.follow()
    assert two.data_version == 1


def test_every_statement_that_changes_rows_is_sent_by_name():
    changing = re.compile(r"^(update|delete from) (?!judged\.)", re.M)
    assert {name for name, text in _statements().items() if changing.search(text)} == AMENDMENTS


# Moving


def test_an_office_moves_to_the_record_and_back(url: str, tmp_path: Path):
    file = tmp_path / "credit.duckdb"
    warehouse = open_warehouse(file)
    load_file(warehouse, LEDGER, REFERENCE, recorded_by="甲")
    sync_reference(warehouse, REFERENCE, recorded_by="甲")
    rows = move_to_record(file, url, lambda _: None)
    assert rows["task"] > 50
    with pytest.raises(WarehouseError, match="已有本平台的数据"):
        move_to_record(file, url, lambda _: None)
    server = open_following(tmp_path / "server", url)
    assert same(warehouse, server)
    sha256 = files.keep_file(server, "证明.pdf", PDF)
    note(server)
    back = tmp_path / "back" / "credit.duckdb"
    move_to_file(url, back, lambda _: None)
    returned = open_warehouse(back)
    assert same(server, returned)
    assert files.kept_file(returned, sha256) == PDF
    for each in (warehouse, server, returned):
        each.close()


def test_an_empty_record_does_not_hide_a_file_with_data(url: str, tmp_path: Path):
    open_warehouse(tmp_path / "credit.duckdb").close()
    with pytest.raises(WarehouseError, match="move --to"):
        open_following(tmp_path, url)
