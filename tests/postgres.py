"""A PostgreSQL of the tests' own: made anew, on a free port, run by an ordinary user."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
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
