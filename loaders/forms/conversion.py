"""Old forms through LibreOffice, when the machine has it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

_PROGRAMS = ("soffice", "libreoffice")
_MAX_SECONDS = 60


@contextlib.contextmanager
def converted(path: Path, extension: str, target: str) -> Iterator[Path | None]:
    """A copy of the file in the form `target`, kept until the block ends.

    None when LibreOffice is not installed; a path where nothing is when it failed or took too long.
    Its profile is a folder of its own: the one of a LibreOffice already open would be locked, and
    the call would return at once with nothing converted.
    """
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        yield None
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        source = Path(folder) / f"ledger{extension}"
        shutil.copyfile(path, source)
        out = Path(folder) / "out"
        command = [
            program,
            f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--convert-to",
            target.removeprefix("."),
            "--outdir",
            str(out),
            str(source),
        ]
        _run(command)
        yield out / f"ledger{target}"


def _run(command: list[str]) -> None:
    """Run to the end or to the time limit; soffice is a script, so its children end with it."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(_MAX_SECONDS)
    except subprocess.TimeoutExpired:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
