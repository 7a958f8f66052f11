"""Old forms through LibreOffice, when the machine has it.

A document may ask the program that opens it to fetch pictures, sections and sheets from an address or
from another file. Owns the profile that forbids this, and the network that leads nowhere.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from loaders.forms.unlinking import copy_without_links

_PROGRAMS = ("soffice", "libreoffice")
_MAX_SECONDS = 60
_NOWHERE = "127.0.0.1:9"
"""The port that discards whatever it is sent, and that hardly a machine opens."""
_COMMON, _INET = "org.openoffice.Office.Common", "org.openoffice.Inet/Settings"
_SETTINGS = (
    # Documents in no trusted folder load nothing that they link to; no folder is trusted.
    (f"{_COMMON}/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    (f"{_COMMON}/Security/Scripting", "DisableActiveContent", "true"),
    (f"{_COMMON}/Security/Scripting", "DisableMacrosExecution", "true"),
    (f"{_COMMON}/Security/Scripting", "MacroSecurityLevel", "3"),
    (f"{_COMMON}/Load", "UpdateDocMode", "0"),
    ("org.openoffice.Office.Calc/Content/Update", "Link", "1"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("org.openoffice.Office.Writer/Content/Update", "Field", "false"),
    (_INET, "ooInetProxyType", "2"),
    *((_INET, f"ooInet{kind}ProxyName", "127.0.0.1") for kind in ("HTTP", "HTTPS", "FTP")),
    *((_INET, f"ooInet{kind}ProxyPort", "9") for kind in ("HTTP", "HTTPS", "FTP")),
    (_INET, "ooInetNoProxy", ""),
)
"""Of the profile: place, name, value."""


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
        copy_without_links(path, source)
        out, profile = Path(folder) / "out", Path(folder) / "profile"
        _write_profile(profile)
        command = [
            *_without_network(),
            program,
            f"-env:UserInstallation={profile.as_uri()}",
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


def _write_profile(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="/{place}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value>'
        "</prop></item>"
        for place, name, value in _SETTINGS
    )
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>',
        encoding="utf-8",
    )


@functools.cache
def _without_network() -> tuple[str, ...]:
    """The beginning of a command that runs in a network of its own without any route, where Linux
    lets this user make one; elsewhere the profile alone keeps the program from the network."""
    program = shutil.which("unshare")
    if program is None:
        return ()
    isolated = (program, "--map-root-user", "--net")
    tried = subprocess.run([*isolated, "true"], capture_output=True, check=False)
    return isolated if tried.returncode == 0 else ()


def _run(command: list[str]) -> None:
    """Run to the end or to the time limit; soffice is a script, so its children end with it."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ
        | dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy"), f"http://{_NOWHERE}"),
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
