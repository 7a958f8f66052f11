"""Reading an uploaded ledger in a process of its own: it can be watched and stopped.

Owns that process and the uploaded file's temporary copy. Knows nothing of what a ledger is.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from loaders import LedgerError, Preview

PROGRAM = Path(__file__).resolve().parents[2]


class Intake:
    """One file on its way in. `result` waits for nothing: ask `finished` first."""

    def __init__(self, name: str, content: bytes):
        self.name = name
        self._started = time.monotonic()
        self._folder = tempfile.TemporaryDirectory(prefix="ledger-")
        source = Path(self._folder.name) / "source"
        source.write_bytes(content)
        self._told = Path(self._folder.name) / "progress"
        self._output = (Path(self._folder.name) / "output").open("w+b")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "loaders.job", str(source), name, str(self._told)],
            cwd=PROGRAM,
            stdout=self._output,
            stderr=subprocess.DEVNULL,
        )

    @property
    def seconds(self) -> int:
        """How long it has been going on."""
        return int(time.monotonic() - self._started)

    @property
    def progress(self) -> tuple[float, str]:
        """How far it is, from 0 to 1, and what is being done, in Chinese."""
        try:
            told = self._told.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            told = ""
        # The last line may be half written.
        lines = told.split("\n")[:-1] or ["0\t正在启动"]
        share, _, doing = lines[-1].partition("\t")
        return float(share), doing

    def finished(self, patience: float = 0) -> bool:
        """Whether the file has been read or refused, waiting for at most `patience` seconds."""
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            return False
        return True

    def result(self) -> Preview:
        """What was read. Raises `LedgerError` with the reason when nothing could be."""
        code = self._process.wait()
        self._output.seek(0)
        content = self._output.read()
        self._close()
        if code == 0:
            return pickle.loads(content)
        if code == 1 and content:
            raise LedgerError(content.decode())
        raise LedgerError(f"{self.name} 没有读完就中断了，请重试或换一种格式另存后再导入")

    def stop(self) -> None:
        """End the reading; nothing was stored."""
        self._process.kill()
        self._process.wait()
        self._close()

    def _close(self) -> None:
        self._output.close()
        self._folder.cleanup()
