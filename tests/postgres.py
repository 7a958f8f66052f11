"""A PostgreSQL of the tests' own: made anew, on a free port, run by an ordinary user."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import psycopg


def _programs() -> Path:
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name)
    )
    if found:
        return found[-1]
    on_path = shutil.which("initdb")
    assert on_path, "PostgreSQL is not installed"
    return Path(on_path).parent


class Server:
    """Use `url` while it runs; `pause` and `kill` are what happens to a machine."""

    def __init__(self) -> None:
        # PostgreSQL refuses to run as root, and the folders of pytest are closed to others.
        self._user = "postgres" if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="credit-postgres-"))
        self._folder.chmod(0o755)
        self._data = self._folder / "data"
        self._data.mkdir(mode=0o700)
        if self._user:
            shutil.chown(self._data, self._user)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._run(
            "initdb", "-A", "trust", "-U", "credit", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"
        )
        self.start()

    @property
    def url(self) -> str:
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        return f"postgresql://credit@127.0.0.1:{self.port}/{database}"

    def empty_database(self, name: str) -> str:
        """The address of a new database with nothing in it."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'drop database if exists "{name}" with (force)')
            connection.execute(f'create database "{name}"')
        return self.url_of(name)

    def copied_database(self, source: str, name: str) -> str:
        """The address of a new database with all that `source` holds, which nobody may be using."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'create database "{name}" template "{source}"')
        return self.url_of(name)

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        self._run("pg_ctl", "-w", "-l", str(self._data / "log"), "-o", options, "start")

    def stop(self) -> None:
        """At once, as by a failing machine."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def pause(self) -> None:
        """Let every process of it hang."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def remove(self) -> None:
        self.go_on()
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def dump(self, database: str, target: Path) -> None:
        """A backup by the database's own means."""
        with target.open("wb") as file:
            subprocess.run(
                [_programs() / "pg_dump", "--format=custom", self.url_of(database)],
                stdout=file, check=True,
            )  # fmt: skip

    def restore(self, database: str, source: Path) -> str:
        """The backup in a new database of the name; its address."""
        url = self.empty_database(database)
        subprocess.run([_programs() / "pg_restore", "--dbname", url, source], check=True)
        return url

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [_programs() / program, "-D", self._data, *arguments],
            user=self._user, cwd="/", check=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def _signal(self, number: signal.Signals) -> None:
        first = int((self._data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        for process in [first, *map(int, children)]:
            os.kill(process, number)


class Line:
    """A network line to a PostgreSQL, which can be cut. Use `port` in place of the server's own."""

    def __init__(self, port: int) -> None:
        self._server_port = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._ends: list[socket.socket] = []
        self._until_cut: int | None = None
        self._counting = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_after(self, pieces: int) -> None:
        """Cut the line when so many more pieces have passed, in both directions together. Nobody
        reaches the server then until `mend`."""
        with self._counting:
            self._until_cut = pieces

    @property
    def is_cut(self) -> bool:
        return self._until_cut is not None and self._until_cut < 0

    def mend(self) -> None:
        with self._counting:
            self._until_cut = None

    def close(self) -> None:
        self._listening.close()
        self._cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                if self.is_cut:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self._server_port))
                self._ends += [near, far]
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                with self._counting:
                    if self._until_cut is not None:
                        self._until_cut -= 1
                    is_cut = self.is_cut
                if is_cut:
                    self._cut()
                    return
                target.sendall(piece)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _cut(self) -> None:
        ends, self._ends = self._ends, []
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
