"""Reading an upload in a process of its own: what it gives, and what is left when it does not end."""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from loaders import LedgerError, preview
from screens.ledger import intake
from screens.ledger.intake import Intake

NINGXIA = Path(__file__).parents[3] / "data" / "ledgers" / "ningxia-2020.txt"
PATIENCE = 120
"""Seconds after which a reader that says nothing counts as stuck."""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made; empty again when nothing was left behind."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen]:
    """The processes that were started."""
    started = []

    class Seen(subprocess.Popen):
        def __init__(self, *given: object, **named: object):
            super().__init__(*given, **named)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Seen)
    return started


def read_by(code: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Intake:
    """An intake whose reader is this program."""
    (folder / "loaders").mkdir()
    (folder / "loaders" / "job.py").write_text(code, encoding="utf-8")
    monkeypatch.setattr(intake, "PROGRAM", folder)
    return Intake("台账.txt", b"anything")


def test_a_good_file_is_read_as_it_would_be_here(temporary: Path):
    reading = Intake(NINGXIA.name, NINGXIA.read_bytes())
    assert any(temporary.iterdir())
    assert reading.finished(PATIENCE)
    assert reading.result() == preview(NINGXIA)
    assert not any(temporary.iterdir())


def test_the_form_is_known_by_the_name_of_the_upload():
    rows = "一级指标,目标任务,责任单位,完成时限\n组织保障,制定办法。,厅法规处,2021年6月\n"
    reading = Intake("宁夏 2021 台账.csv", rows.encode())
    assert reading.finished(PATIENCE)
    (task,) = reading.result().ledger.tasks
    assert (task.task, task.place.file) == ("制定办法。", "宁夏 2021 台账.csv")


@pytest.mark.parametrize(
    ("name", "content"),
    [("说明.txt", "没有表格，只有一句话。".encode()), ("坏.docx", b"not a zip"), ("空.csv", b"")],
)
def test_a_refused_file_gives_the_sentence_of_the_loader(
    temporary: Path, tmp_path: Path, name: str, content: bytes
):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(LedgerError) as here:
        preview(file)
    reading = Intake(name, content)
    assert reading.finished(PATIENCE)
    with pytest.raises(LedgerError) as there:
        reading.result()
    assert str(there.value) == str(here.value)
    assert not any(temporary.iterdir())


def test_stopping_ends_the_process_and_leaves_no_file(
    temporary: Path,
    tmp_path: Path,
    processes: list[subprocess.Popen],
    monkeypatch: pytest.MonkeyPatch,
):
    reading = read_by("import time; time.sleep(3600)", tmp_path, monkeypatch)
    assert not reading.finished()
    reading.stop()
    (process,) = processes
    assert process.returncode is not None
    assert not any(temporary.iterdir())


@pytest.mark.parametrize(
    "code",
    [
        "raise RuntimeError",
        "import os; os._exit(1)",
        "import os; os.abort()",
        "import os; os.write(1, b'half an answer'); os._exit(3)",
    ],
)
def test_a_reader_that_crashes_gives_one_sentence(
    temporary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
):
    reading = read_by(code, tmp_path, monkeypatch)
    assert reading.finished(PATIENCE)
    with pytest.raises(LedgerError, match=r"^台账\.txt 没有读完就中断了，[^\n]+$"):
        reading.result()
    assert not any(temporary.iterdir())


def test_how_far_a_reading_is_comes_from_its_last_whole_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    code = (
        "import sys, time\n"
        "with open(sys.argv[3], 'w', encoding='utf-8') as told:\n"
        "    told.write('0.100\\t正在读第 1 页，共 9 页\\n0.200\\t正在读第 2 页，共 9 页\\n0.3')\n"
        "time.sleep(3600)\n"
    )
    reading = read_by(code, tmp_path, monkeypatch)
    until = time.monotonic() + PATIENCE
    while reading.progress[0] == 0 and time.monotonic() < until:
        time.sleep(0.05)
    assert reading.progress == (0.2, "正在读第 2 页，共 9 页")
    reading.stop()


def test_a_reading_that_has_said_nothing_is_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    reading = read_by("import time; time.sleep(3600)", tmp_path, monkeypatch)
    assert reading.progress == (0, "正在启动")
    reading.stop()
