"""Snapshots: what is asked together rests on one data version, whatever is written meanwhile.

A snapshot is one transaction that only reads the file; DuckDB shows it the data as they were when it
began. All who ask at one version share a snapshot and with it the judgements made of that version.
Owns how long a snapshot lasts; no lock here is one that a write waits for while something is judged.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from warehouse.faults import explained
from warehouse.judging import AS_RECORDED, Basis, Judgements, Month, Scores, Windows
from warehouse.statements import statement


class Snapshot:
    """The data of one version. Use `Warehouse.snapshot`, which ends it when nobody asks any more."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path):
        self._connection = connection
        self._path = path
        self._lock = threading.RLock()
        self._judgements = Judgements(connection)
        self.users = 0
        """How many threads ask of it now; changed by `Snapshots` alone."""
        self.is_broken = False
        """After most errors DuckDB answers nothing more in the same transaction."""
        connection.begin()
        # The first look at the file fixes what the transaction sees of it.
        ((self.data_version,),) = connection.execute(statement("data_version")).fetchall()

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The connection that sees this version, for one thread at a time. Fetch what is asked within
        the block: the next one who asks would take the rows away. Raises `WarehouseError` when the
        file cannot be read."""
        with self._lock:
            try:
                yield self._connection
            except duckdb.Error as error:
                self.is_broken = True
                raise explained(error, self._path) or error from error

    def judge(
        self,
        days: Iterable[date],
        basis: Basis = AS_RECORDED,
        besides: Iterable[Month | Windows | Scores] = (),
    ) -> int:
        """See `Judgements.judge`. What is asked of them belongs into the same `cursor` block: later,
        the oldest judgements may have been forgotten."""
        with self.cursor():
            return self._judgements.judge(days, basis, besides)

    def end(self) -> None:
        """Free what the snapshot holds."""
        with self._lock:
            # Closing ends the transaction, and with it the judgements that it never committed.
            self._connection.close()


class Snapshots:
    """The snapshots of one file: the newest, and older ones as long as somebody asks of them."""

    def __init__(self, connect: Callable[[], duckdb.DuckDBPyConnection], path: Path):
        self._connect = connect
        self._path = path
        self._lock = threading.Lock()
        self._newest: Snapshot | None = None
        self._open: set[Snapshot] = set()
        self._of_thread = threading.local()

    @property
    def of_this_thread(self) -> Snapshot | None:
        """What this thread holds, if it holds one."""
        held: Snapshot | None = getattr(self._of_thread, "held", None)
        return held

    @contextmanager
    def held(self) -> Iterator[Snapshot]:
        """The snapshot this thread holds, else the newest, held until the end of the block."""
        if held := self.of_this_thread:
            yield held
            return
        snapshot = self._take()
        self._of_thread.held = snapshot
        try:
            yield snapshot
        finally:
            self._of_thread.held = None
            self._give_back(snapshot)

    @contextmanager
    def anew(self) -> Iterator[Snapshot]:
        """The newest snapshot, whatever this thread holds; that is held again after the block."""
        held_before = self.of_this_thread
        self._of_thread.held = None
        try:
            with self.held() as snapshot:
                yield snapshot
        finally:
            self._of_thread.held = held_before

    def supersede(self) -> None:
        """Something was written: whoever asks from now on gets a new snapshot."""
        with self._lock:
            newest, self._newest = self._newest, None
            if newest and not newest.users:
                self._end(newest)

    def end_all(self) -> None:
        """The file is closed: nothing may be asked any more."""
        with self._lock:
            self._newest = None
            for snapshot in list(self._open):
                self._end(snapshot)

    def _take(self) -> Snapshot:
        with self._lock:
            if self._newest is None or self._newest.is_broken:
                self._newest = Snapshot(self._connect(), self._path)
                self._open.add(self._newest)
            self._newest.users += 1
            return self._newest

    def _give_back(self, snapshot: Snapshot) -> None:
        with self._lock:
            snapshot.users -= 1
            if not snapshot.users and (snapshot is not self._newest or snapshot.is_broken):
                self._end(snapshot)

    def _end(self, snapshot: Snapshot) -> None:
        if snapshot in self._open:
            self._open.remove(snapshot)
            snapshot.end()
