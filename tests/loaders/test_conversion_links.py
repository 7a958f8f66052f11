"""Reading an old form fetches nothing from the net and reads no other file."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import linked_documents as made
import pytest

from loaders import LedgerError, read_ledger
from loaders.forms import conversion
from loaders.forms.conversion import converted

CANARY = "金丝雀的秘密"
# One pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cf"
    "c0000003010100c9fe92ef0000000049454e44ae426082"
)


@pytest.fixture
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """An address that takes down what is asked of it."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection, contextlib.suppress(OSError):
                    connection.settimeout(5)
                    asked.append(connection.recv(300) or b"connected")
                    connection.sendall(b"HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n")

        threading.Thread(target=answer, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", asked
        server.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """A file, and a picture beside it, that were last read long ago."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "canary.csv").write_text(f"{CANARY},2\n", encoding="utf-8")
    (folder / "canary.png").write_bytes(PNG)
    return folder / "canary.csv"


def make_unread(canary: Path) -> None:
    for path in (canary, canary.with_suffix(".png")):
        os.utime(path, (1_000_000_000, 1_000_000_000))


def was_read(canary: Path) -> list[str]:
    """Which of the files were read, as far as the disk notes it."""
    paths = (canary, canary.with_suffix(".png"))
    return [path.name for path in paths if path.stat().st_atime > 1_000_000_000]


@pytest.mark.parametrize("form", ["odt", "ods", "doc", "rtf", "xls"])
def test_conversion_fetches_nothing(
    form: str, tmp_path: Path, listener, canary: Path, monkeypatch: pytest.MonkeyPatch
):
    # By the profile alone: not every machine can take the network away.
    monkeypatch.setattr(conversion, "_without_network", tuple)
    address, asked = listener
    path = getattr(made, form)(tmp_path / f"ledger.{form}", address, canary)
    asked.clear()
    make_unread(canary)
    target = ".xlsx" if form in ("ods", "xls") else ".docx"
    with converted(path, f".{form}", target) as copy:
        assert copy is not None
        assert copy.is_file()
        with zipfile.ZipFile(copy) as archive:
            content = b"".join(map(archive.read, archive.namelist()))
    assert asked == []
    assert was_read(canary) == []
    assert CANARY.encode() not in content
    assert PNG not in content


def test_a_page_under_the_name_of_a_workbook_fetches_nothing(tmp_path, listener, canary):
    address, asked = listener
    path = made.html(tmp_path / "ledger.xls", address, canary)
    make_unread(canary)
    with contextlib.suppress(LedgerError):
        read_ledger(path)
    assert asked == []
    assert was_read(canary) == []
