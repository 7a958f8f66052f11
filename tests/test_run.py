"""run.py: its decisions, without installing or starting anything."""

from __future__ import annotations

import socket
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import run

HERE = ".".join(str(part) for part in sys.version_info[:2])
WANTED = {"requirements.txt": "aa"}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project folder in which venv and pip are only written down: what was asked of them."""
    asked = []
    (tmp_path / "requirements.txt").write_text("streamlit\n", encoding="utf-8")
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")

    def make_venv(venv):
        venv.mkdir()
        asked.append("venv")

    monkeypatch.setattr(run, "make_venv", make_venv)
    monkeypatch.setattr(
        run, "install", lambda _python, files: asked.append([f.name for f in files])
    )
    monkeypatch.setattr(run, "pip_for", lambda _python: ["pip"])
    monkeypatch.setattr(run, "version_of", lambda _: f"{HERE}.1" if run.VENV.exists() else "")
    return asked


def test_installs_once_and_again_when_the_requirements_change(project):
    wanted = [run.ROOT / "requirements.txt"]
    run.ready_python(wanted)
    assert project == ["venv", ["requirements.txt"]]
    run.ready_python(wanted)
    assert len(project) == 2
    wanted[0].write_text("streamlit\nduckdb\n", encoding="utf-8")
    run.ready_python(wanted)
    assert project[2:] == [["requirements.txt"]]


def test_requirements_of_the_tests_are_added_and_stay(project):
    app = run.ROOT / "requirements.txt"
    tests = run.ROOT / "tests.txt"
    tests.write_text("pytest\n", encoding="utf-8")
    run.ready_python([app])
    run.ready_python([app, tests])
    run.ready_python([app])
    run.ready_python([app, tests])
    assert project == ["venv", ["requirements.txt"], ["requirements.txt", "tests.txt"]]


def test_interrupted_installation_is_done_again(project):
    (run.VENV).mkdir()
    (run.VENV / "installed.json").write_text("{half", encoding="utf-8")
    run.ready_python([run.ROOT / "requirements.txt"])
    assert project == [["requirements.txt"]]


def test_environment_without_a_running_python_is_remade(project, monkeypatch):
    wanted = [run.ROOT / "requirements.txt"]
    run.ready_python(wanted)
    versions = iter(["", f"{HERE}.2"])
    monkeypatch.setattr(run, "version_of", lambda _: next(versions))
    monkeypatch.setattr(run, "make_venv", lambda _: project.append("remade"))
    run.ready_python(wanted)
    assert project[2:] == ["remade", ["requirements.txt"]]


@pytest.mark.parametrize(
    ("recorded", "version", "reusable"),
    [
        ({}, f"{HERE}.1", True),
        ({"python": f"{HERE}.1"}, f"{HERE}.2", True),
        ({"python": "3.10.9"}, f"{HERE}.1", False),
        ({}, "3.10.9", False),
        ({}, "", False),
    ],
)
def test_is_reusable(recorded, version, reusable):
    assert run.is_reusable(recorded, version) is reusable


@pytest.mark.parametrize(
    ("recorded", "installed"),
    [
        ({"python": "3.11.2", "requirements.txt": "aa", "tests/requirements.txt": "bb"}, True),
        ({"python": "3.11.2", "requirements.txt": "old"}, False),
        ({"python": "3.11.1", "requirements.txt": "aa"}, False),
        ({}, False),
    ],
)
def test_is_installed(recorded, installed):
    assert run.is_installed(recorded, WANTED, "3.11.2") is installed


def test_taken_port_gives_the_next_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run.free_port(port) > port


def test_settings_reach_the_server(monkeypatch, tmp_path):
    started = []
    monkeypatch.setattr(run, "ready_python", lambda _: Path("python"))
    monkeypatch.setattr(run, "free_port", lambda port: port + 1)
    monkeypatch.setattr(run.os, "execve", lambda *call: started.append(call))
    monkeypatch.setattr(run.os, "name", "posix")
    monkeypatch.setattr(run.subprocess, "Popen", FinishedServer)
    monkeypatch.chdir(tmp_path)
    run.start(run.parse(["--demo", "--data", "年度数据", "--port", "9000"]))
    _, command, environment = started[0]
    assert Path(command[1]).name == "serve.py"
    assert environment["CREDIT_DEMO"] == "1"
    assert environment["CREDIT_DATA_DIR"] == str(tmp_path / "年度数据")
    assert environment["CREDIT_PORT"] == "9001"


class FinishedServer:
    def __init__(self, *_args, **_options):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def wait(self):
        return 0


@pytest.mark.parametrize("words", [["--prot", "1"], ["--port", "x"], ["--port", "0"], ["tset"]])
def test_wrong_arguments_end_in_chinese(words, capsys):
    assert run.main(words) == 1
    assert any("\u4e00" <= letter <= "\u9fff" for letter in capsys.readouterr().err)


def test_no_pip_anywhere_says_what_to_install(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(
        run, "quiet", lambda command: subprocess.CompletedProcess(command, 1, "", "")
    )
    monkeypatch.setattr(run.shutil, "which", lambda _: "/usr/bin/apt-get")
    assert run.main([]) == 1
    assert "sudo apt install python3-venv python3-pip" in capsys.readouterr().err
    assert "apt" not in run.advice_without_pip(has_apt=False)


def test_pip_outside_fills_an_environment_without_its_own(monkeypatch):
    monkeypatch.setattr(
        run,
        "quiet",
        lambda command: subprocess.CompletedProcess(command, 0 if "--python" in command else 1),
    )
    assert run.pip_for(Path("p"))[:3] == [sys.executable, "-m", "pip"]


def test_tests_without_a_browser_fail(monkeypatch, capsys):
    monkeypatch.setattr(run, "ready_python", lambda _: Path(sys.executable))
    monkeypatch.setenv("CREDIT_BROWSER", "/nowhere/chromium")
    assert run.main(["test"]) == 1
    assert "没有浏览器" in capsys.readouterr().err


@pytest.mark.parametrize("given", [[], ["tests/loaders", "-k", "word", "-n", "0"]])
def test_pytest_is_asked_for_all_cores_and_what_is_given_wins(monkeypatch, given):
    asked = []

    def note(command, **_):
        asked.append(command)
        return subprocess.CompletedProcess(command, 0, "/usr/bin/chromium\n")

    monkeypatch.setattr(run, "ready_python", lambda _: Path("python"))
    monkeypatch.setattr(run.subprocess, "run", note)
    assert run.main(["test", *given]) == 0
    _python, _module, program, *words = asked[-1]
    assert program == "pytest"
    assert words[:2] == ["-n", "logical"]
    assert words[len(run.IN_PARALLEL) :] == given


def requirements(*files: Path) -> list[Requirement]:
    """Every line of `files` that asks for a package."""
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def test_exact_versions_are_those_asked_for_and_those_installed():
    exact = {each.name.lower(): str(each.specifier)[2:] for each in requirements(run.CONSTRAINTS)}
    outside = [
        str(each)
        for each in requirements(*run.FOR_TESTS)
        if not each.specifier.contains(exact.get(each.name.lower(), "0"))
    ]
    assert not outside, "run python3 run.py lock"
    others = {name: (pin, version(name)) for name, pin in exact.items() if version(name) != pin}
    assert not others, "this environment has other versions: run python3 run.py test"


def test_requirements_have_a_lower_bound_and_a_cap():
    open_ended = [
        str(each)
        for each in requirements(*run.FOR_TESTS)
        if {spec.operator for spec in each.specifier} != {">=", "<"}
    ]
    assert not open_ended


def test_another_exact_version_installs_again(project, monkeypatch):
    monkeypatch.setattr(run, "CONSTRAINTS", run.ROOT / "constraints.txt")
    wanted = [run.ROOT / "requirements.txt"]
    run.ready_python(wanted)
    run.CONSTRAINTS.write_text("streamlit==1.67.0\n", encoding="utf-8")
    run.ready_python(wanted)
    assert project[1:] == [["requirements.txt"], ["requirements.txt"]]


@pytest.mark.parametrize(("command", "steps"), [("check", run.CHECKS), ("fix", run.FIXES)])
def test_every_step_runs_though_one_before_it_failed(monkeypatch, capsys, command, steps):
    asked = []

    def fail_first(words, **_):
        asked.append(tuple(words[1:]))
        return subprocess.CompletedProcess(words, len(asked) == 1)

    monkeypatch.setattr(run, "ready_python", lambda _: Path("python"))
    monkeypatch.setattr(run.subprocess, "run", fail_first)
    assert run.main([command]) == 1
    assert asked == [words for _, words in steps]
    assert steps[0][0] in capsys.readouterr().out.splitlines()[-1]


def test_a_bundle_is_installed_without_network(monkeypatch, tmp_path):
    ran: list[list[str]] = []

    class Installing:
        def __init__(self, command, **_options):
            ran.append(command)
            self.stdout, self.returncode = iter(()), 0

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    monkeypatch.setattr(run, "WHEELS", tmp_path / "wheels")
    monkeypatch.setattr(run, "pip_for", lambda _python: ["pip"])
    monkeypatch.setattr(run.subprocess, "Popen", Installing)
    run.install(Path("python"), [tmp_path / "requirements.txt"])
    assert "--no-index" not in ran[0]
    (tmp_path / "wheels").mkdir()
    run.install(Path("python"), [tmp_path / "requirements.txt"])
    assert ran[1][ran[1].index("--no-index") :][1:3] == ["--find-links", str(tmp_path / "wheels")]


def test_a_bundle_of_another_python_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(run, "BUNDLED", tmp_path / "bundle.json")
    run.check_bundle()
    run.BUNDLED.write_text('{"python": "3.12"}', encoding="utf-8")
    run.check_bundle((3, 12))
    with pytest.raises(run.Stop, match=r"用于 Python 3\.12，当前是 3\.11"):
        run.check_bundle((3, 11))
