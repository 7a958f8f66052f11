"""A server of the platform in a process of its own, and a visitor that speaks Streamlit's protocol.

Owns starting and stopping the server and one page run over its WebSocket. The visitor is no browser:
it asks for a run and reads what the script sends until the script has finished, so its times are the
server's and the local connection's, without any drawing.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_START = 120
HEALTHY = "/_stcore/health"


@dataclass(frozen=True)
class Server:
    """A server in a process of its own."""

    address: str
    process_id: int

    def processor_milliseconds(self) -> float:
        """What all its threads have computed until now, ended ones too (Linux only)."""
        clock = (~self.process_id << 3) | 2  # What clock_getcpuclockid(3) hands out.
        return time.clock_gettime_ns(clock) / 1e6


@contextlib.contextmanager
def server(
    data: Path,
    *,
    script: Path | None = None,
    code: str = "",
    demo: bool = False,
    database: str = "",
) -> Iterator[Server]:
    """serve.py, or serve.py's frame around `script`, or a program that ends in serve.py's, once the
    process is started. With `database` it follows the record there."""
    port = _free_port()
    environment = os.environ | {
        "CREDIT_PORT": str(port),
        "CREDIT_DATA_DIR": str(data),
        "PYTHONUTF8": "1",
    }
    for name, value in (("CREDIT_DEMO", "1" if demo else ""), ("CREDIT_DATABASE", database)):
        environment.pop(name, None)
        if value:
            environment[name] = value
    command = [sys.executable, str(ROOT / "serve.py")]
    if script is not None:
        code = f"import pathlib, serve; serve.run(serve.make_app(pathlib.Path({str(script)!r})))"
    if code:
        command = [sys.executable, "-c", code]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield Server(f"127.0.0.1:{port}", process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_answering(address: str) -> None:
    """Return as soon as the server answers; raises TimeoutError."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"http://{address}{HEALTHY}", timeout=5).close()
            return
        time.sleep(0.01)
    raise TimeoutError(f"no answer from {address}")


@dataclass
class Run:
    """One finished run of a script."""

    milliseconds: float
    script_hash: str
    elements: Counter[str] = field(default_factory=Counter)
    """Kind of element → how many were drawn."""
    messages: list[ForwardMsg] = field(default_factory=list)
    """All that was sent, in its order."""
    megabytes: float = 0.0


class Visitor:
    """One session: the first run opens the page, the following ones are reruns of it."""

    def __init__(self, address: str, page: str = "", query: str = "", cookie: str = ""):
        self._socket: ClientConnection = connect(
            f"ws://{address}/_stcore/stream",
            origin=Origin(f"http://{address}"),
            subprotocols=[Subprotocol("streamlit")],
            additional_headers={"Cookie": cookie} if cookie else None,
            max_size=None,
        )
        self._page = page
        self._query = query
        self._script_hash = ""

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def run(self) -> Run:
        """Ask for a run and read it to its end; raises RuntimeError when the page shows an error."""
        message = BackMsg()
        message.rerun_script.query_string = self._query
        if self._script_hash:
            message.rerun_script.page_script_hash = self._script_hash
        else:
            message.rerun_script.page_name = self._page
        begun = time.perf_counter()
        self._socket.send(message.SerializeToString())
        run = self._read(begun)
        self._script_hash = run.script_hash
        return run

    def _read(self, begun: float) -> Run:
        run = Run(0.0, self._script_hash)
        while True:
            data = self._socket.recv(timeout=SECONDS_TO_START)
            answered = time.perf_counter()
            run.megabytes += len(data) / 2**20
            assert isinstance(data, bytes)
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            run.messages.append(message)
            if kind == "new_session":
                run.script_hash = message.new_session.page_script_hash
                run.elements.clear()
                run.messages.clear()
            elif kind == "navigation":
                run.script_hash = message.navigation.page_script_hash
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                self._count(message.delta.new_element, run)
            elif kind == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    raise RuntimeError("the script does not compile")
                # A page that hands over to another run is finished when that one is.
                if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                run.milliseconds = 1000 * (answered - begun)
                return run

    @staticmethod
    def _count(element: Element, run: Run) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception" or (kind == "alert" and element.alert.format == Alert.ERROR):
            raise RuntimeError(f"the page shows an error: {getattr(element, kind)}")
        run.elements[str(kind)] += 1


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
