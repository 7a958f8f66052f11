"""One command from a fresh machine to the running platform, one to its passed tests.

Owns: the private Python environment in .venv, what is installed into it and when, and the port.
Refuses to know: the app and the tests. It starts serve.py, or the programs that check and test the
code, and hands settings over as environment variables. Standard library only, because it runs before anything is installed;
the syntax stays readable to older Pythons so that they can say what is wrong.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
FOR_APP = (ROOT / "requirements.txt",)
FOR_TESTS = (ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt")
WHEELS, BUNDLED = ROOT / "wheels", ROOT / "bundle.json"
"""In a folder that `bundle` made: what is installed without network, and for which Python."""
CONSTRAINTS = ROOT / "constraints.txt"
"""The exact versions that the tests passed with; what is installed keeps to them."""
OLDEST = (3, 11)
FIRST_PORT = 8501
# A file of tests at a time on each core, up to four: a worker with its servers and its browser takes
# 1.5 GB. What is given on the command line comes after it and wins: `-n 0` keeps to one process.
IN_PARALLEL = ("-n", "logical", "--maxprocesses", "4", "--dist", "loadfile")

USAGE = """用法：
  python3 run.py                  安装所需组件并启动平台（http://127.0.0.1:8501）
  python3 run.py --demo           打开演示数据库，不影响正式数据
  python3 run.py --data 文件夹    数据放在指定的文件夹（默认是本项目的 data）
  python3 run.py --port 端口      换一个端口
  python3 run.py check            检查代码：规范、格式、类型、结构、生成的文档（不到一分钟）
  python3 run.py fix              改正可以自动改正的，并重新生成文档
  python3 run.py test [参数…]     先检查，再运行全部测试，参数交给 pytest
  python3 run.py bundle           做成离线包，拷到不能上网的电脑上用；
                                  --for windows|linux-x86_64|linux-aarch64  --python 3.11  --to 文件夹
  python3 run.py lock             按 requirements.txt 取最新版本，重写 constraints.txt
"""
CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ruff check", ("-m", "ruff", "check", ".")),
    ("ruff format", ("-m", "ruff", "format", "--check", ".")),
    ("mypy", ("-m", "mypy")),
    ("结构", ("-m", "pytest", "-q", "-n", "0", "tests/test_architecture.py")),
    ("生成的文档", ("docs/generate.py", "--check")),
)
"""What `check` runs: its name, and the arguments for Python."""
FIXES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ruff check --fix", ("-m", "ruff", "check", "--fix", ".")),
    ("ruff format", ("-m", "ruff", "format", ".")),
    ("生成的文档", ("docs/generate.py",)),
)
LOCK_HEAD = """# The exact versions that the tests passed with, for everything in requirements.txt and
# tests/requirements.txt and what these need. Written by `python3 run.py lock`; not edited by hand.
"""


class Stop(Exception):
    """What is missing and what to do about it, as one Chinese line for the user."""


def say(text: str) -> None:
    print(text, flush=True)


def quiet(command: Sequence[object]) -> subprocess.CompletedProcess[str]:
    """Run to the end with its output kept; a program that is not there counts as failed."""
    words = [str(word) for word in command]
    try:
        return subprocess.run(words, capture_output=True, text=True, errors="replace", check=False)
    except OSError as error:
        return subprocess.CompletedProcess(words, 127, "", str(error))


def venv_python(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def version_of(python: Path) -> str:
    """'3.11.2', or '' when this Python does not run."""
    asked = quiet([python, "-c", "import platform; print(platform.python_version())"])
    return asked.stdout.strip() if asked.returncode == 0 else ""


def pip_for(python: Path) -> list[str]:
    """The pip command that installs into `python`'s environment, or [] when there is none."""
    own = [str(python), "-m", "pip"]
    if quiet([*own, "--version"]).returncode == 0:
        return own
    # Debian without python3-venv makes environments without pip; a pip of 22.3 or later outside
    # can still fill them.
    outside = [sys.executable, "-m", "pip", "--python", str(python)]
    if quiet([*outside, "--version"]).returncode == 0:
        return outside
    # A bundle brings its own, which runs from its wheel.
    bundled = [[str(python), str(wheel / "pip")] for wheel in WHEELS.glob("pip-*.whl")]
    return next((each for each in bundled if quiet([*each, "--version"]).returncode == 0), [])


def make_venv(venv: Path) -> None:
    """A new environment that some pip can install into, or Stop."""
    say("正在建立运行环境 .venv …")
    for options in ([], ["--without-pip"]):
        shutil.rmtree(venv, ignore_errors=True)
        made = quiet([sys.executable, "-m", "venv", *options, venv])
        if made.returncode == 0 and pip_for(venv_python(venv)):
            return
    shutil.rmtree(venv, ignore_errors=True)
    raise Stop(advice_without_pip(shutil.which("apt-get") is not None))


def advice_without_pip(has_apt: bool) -> str:
    if has_apt:
        return "本机的 Python 不能建立运行环境，请先执行：sudo apt install python3-venv python3-pip"
    return "本机的 Python 不能建立运行环境，请安装带有 venv 和 pip 的 Python 3.11 以上版本"


def fingerprint(files: Sequence[Path]) -> dict[str, str]:
    """What each requirements file asks for: its path and the hash of its text and of the versions."""
    versions = CONSTRAINTS.read_bytes() if CONSTRAINTS.exists() else b""
    return {
        path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes() + versions).hexdigest()
        for path in files
    }


def recorded(stamp: Path) -> dict[str, str]:
    """What the last installation wrote down; {} when there was none or it is unreadable."""
    try:
        done = json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return done if isinstance(done, dict) else {}


def is_installed(done: Mapping[str, str], wanted: Mapping[str, str], version: str) -> bool:
    """Whether the recorded installation covers `wanted` under this Python."""
    return done.get("python") == version and wanted.items() <= done.items()


def is_reusable(done: Mapping[str, str], version: str) -> bool:
    """Whether an existing environment may be added to.

    Not when its Python no longer runs, is of another minor version than the one calling, or was
    replaced under it by an upgrade (its packages then belong to the old one).
    """
    minor = version.split(".")[:2]
    before = done.get("python", version).split(".")[:2]
    return minor == before == [str(part) for part in sys.version_info[:2]]


def install(python: Path, files: Sequence[Path], *, exact: bool = True) -> None:
    """What `files` ask for, in the versions of constraints.txt or, unless `exact`, the newest."""
    command = [*pip_for(python), "install", "--disable-pip-version-check", "--no-input"]
    command += ["--progress-bar", "off"]
    if WHEELS.is_dir():
        command += ["--no-index", "--find-links", str(WHEELS)]
    if exact and CONSTRAINTS.exists():
        command += ["-c", str(CONSTRAINTS)]
    for path in files:
        command += ["-r", str(path)]
    # A personal "always --user" setting cannot work in a virtual environment.
    environment = {**os.environ, "PIP_USER": "0"}
    printed: list[str] = []
    with subprocess.Popen(
        command,
        env=environment,
        text=True,
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        for line in process.stdout or ():
            printed.append(line.rstrip())
            if line.startswith("Collecting ") and sys.stdout.isatty():
                print(f"\r\033[K  {line.split()[1]}", end="", flush=True)
    if sys.stdout.isatty():
        print("\r\033[K", end="")
    if process.returncode:
        print("\n".join(printed[-8:]), file=sys.stderr)
        if WHEELS.is_dir():
            raise Stop("离线包里的组件没有装上（原因见上）。请重新拷贝整个离线包，再运行一次。")
        raise Stop("所需组件没有装上（原因见上）。请检查网络和 pip 的下载设置，再运行一次。")


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Two commands started at once install one after the other; the lock dies with its process."""
    owner = os.getuid() if hasattr(os, "getuid") else "user"
    name = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    with Path(tempfile.gettempdir(), f"credit-{owner}-{name}.lock").open("a+") as file:
        if sys.platform == "win32":
            import msvcrt

            while True:
                with contextlib.suppress(OSError):  # gives up after ten seconds each time
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                    break
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def check_bundle(version: tuple[int, int] = sys.version_info[:2]) -> None:
    """Raises Stop in a bundle that was made for another Python."""
    if BUNDLED.exists():
        made_for = json.loads(BUNDLED.read_text(encoding="utf-8"))["python"]
        if made_for != ".".join(map(str, version)):
            raise Stop(
                f"这个离线包用于 Python {made_for}，当前是 {'.'.join(map(str, version))}。请用 "
                f"Python {made_for} 运行，或用 run.py bundle --python 另做一个。"
            )


def ready_python(files: Sequence[Path]) -> Path:
    """The environment's Python with everything in `files` installed; quick when nothing changed."""
    python, stamp = venv_python(VENV), VENV / "installed.json"
    wanted = fingerprint(files)
    check_bundle()
    with only_one():
        version = version_of(python)
        done, reusable = recorded(stamp), is_reusable(recorded(stamp), version)
        if reusable and is_installed(done, wanted, version):
            return python
        if not (reusable and pip_for(python)):
            make_venv(VENV)
            version = version_of(python)
        begun = time.monotonic()
        say("正在安装所需组件，第一次要一两分钟 …")
        install(python, files)
        done = {**recorded(stamp), **wanted, "python": version}
        stamp.write_text(json.dumps(done, indent=1), encoding="utf-8")
        say(f"组件已装好，用时 {time.monotonic() - begun:.0f} 秒。")
    return python


def free_port(first: int) -> int:
    """The first port from `first` on that nobody listens on at 127.0.0.1."""
    for port in range(first, min(first + 100, 65536)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            if os.name == "posix":
                # As the server will: a port in TIME_WAIT is free. Windows means "shared" by it.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise Stop(f"从 {first} 起的端口都被占用，请用 --port 指定一个空闲端口。")


def start(arguments: argparse.Namespace) -> int:
    python = ready_python(FOR_APP)
    port = free_port(arguments.port)
    if port != arguments.port:
        say(f"端口 {arguments.port} 已被占用，改用 {port}。")
    environment = {**os.environ, "CREDIT_PORT": str(port), "PYTHONUTF8": "1"}
    if arguments.demo:
        environment["CREDIT_DEMO"] = "1"
    if arguments.data:
        environment["CREDIT_DATA_DIR"] = str(Path(arguments.data).expanduser().resolve())
    command = [str(python), str(ROOT / "serve.py")]
    if os.name == "posix":
        # This process becomes the server, so stopping it by any signal leaves nothing behind.
        os.execve(command[0], command, environment)
    with subprocess.Popen(command, env=environment) as server:
        while True:
            # Ctrl-C reaches the server too; it says goodbye itself.
            with contextlib.suppress(KeyboardInterrupt):
                return server.wait()


def run_each(
    python: Path, steps: Sequence[tuple[str, Sequence[str]]], environment: Mapping[str, str]
) -> list[str]:
    """Run every step, whether or not one before it failed; returns the names of those that failed."""
    failed = []
    for name, command in steps:
        say(f"—— {name}")
        words = [str(python), *command]
        if subprocess.run(words, cwd=ROOT, env=dict(environment)).returncode:
            failed.append(name)
    return failed


def check() -> int:
    """Style, format, types, structure and generated documents; 0 when all are right."""
    failed = run_each(ready_python(FOR_TESTS), CHECKS, {**os.environ, "PYTHONUTF8": "1"})
    say(f"检查不通过：{'、'.join(failed)}" if failed else "检查全部通过。")
    return 1 if failed else 0


def fix() -> int:
    """Whatever a program can put right by itself; 0 when nothing is left for a person."""
    failed = run_each(ready_python(FOR_TESTS), FIXES, {**os.environ, "PYTHONUTF8": "1"})
    say(f"还须手工改正：{'、'.join(failed)}" if failed else "已改正。")
    return 1 if failed else 0


def test(arguments: Sequence[str]) -> int:
    """All checks, then all of pytest; 0 only when everything ran and passed."""
    python = ready_python(FOR_TESTS)
    environment = {**os.environ, "PYTHONUTF8": "1"}
    # Prints where the browser is, after installing it where it may, or why there is none.
    browser = subprocess.run(
        [str(python), str(ROOT / "tests" / "browser" / "chromium.py")],
        env=environment,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    if browser.returncode:
        raise Stop("没有浏览器就不能完成测试，测试不通过。")
    environment["CREDIT_BROWSER"] = browser.stdout.strip()
    tests = ("pytest", ("-m", "pytest", *IN_PARALLEL, *arguments))
    failed = run_each(python, (*CHECKS, tests), environment)
    say(f"测试不通过：{'、'.join(failed)}" if failed else "测试全部通过。")
    return 1 if failed else 0


def bundle(arguments: Sequence[str]) -> int:
    """Make the folder for machines without network; see bundle.py."""
    python = ready_python(FOR_APP)
    if not pip_for(python)[:1] == [str(python)]:
        raise Stop("运行环境里没有 pip，不能下载组件，请安装 python3-venv 后删除 .venv 再试。")
    return subprocess.run([str(python), str(ROOT / "bundle.py"), *arguments]).returncode


def lock() -> int:
    """Write constraints.txt from the newest versions that the requirements allow."""
    with tempfile.TemporaryDirectory() as folder:
        venv = Path(folder) / "venv"
        make_venv(venv)
        python = venv_python(venv)
        install(python, FOR_TESTS, exact=False)
        listed = quiet([*pip_for(python), "freeze", "--exclude", "setuptools"])
    if listed.returncode:
        raise Stop(f"没有列出已装的组件（{listed.stderr.strip()}），constraints.txt 没有改动。")
    CONSTRAINTS.write_text(LOCK_HEAD + listed.stdout, encoding="utf-8")
    say("constraints.txt 已重写，请运行 python3 run.py test 后再提交。")
    return 0


class ChineseParser(argparse.ArgumentParser):
    def format_help(self) -> str:
        return USAGE

    def error(self, message: str) -> None:  # type: ignore[override]
        raise Stop(f"参数不对（{message}）。\n{USAGE}")


def parse(words: Sequence[str]) -> argparse.Namespace:
    parser = ChineseParser(allow_abbrev=False)
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--data")
    parser.add_argument("--port", type=int, default=FIRST_PORT)
    arguments = parser.parse_args(words)
    if not 1 <= arguments.port <= 65535:
        raise Stop("端口要在 1 到 65535 之间。")
    return arguments


def main(words: Sequence[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(
                errors="replace"
            )  # a console without Chinese must not end the program
    try:
        if sys.version_info[:2] < OLDEST:
            raise Stop(f"需要 Python 3.11 以上版本，当前是 {sys.version.split()[0]}。")
        if words[:1] == ["test"]:
            return test(words[1:])
        if words[:1] == ["bundle"]:
            return bundle(words[1:])
        commands = {"check": check, "fix": fix, "lock": lock}
        if len(words) == 1 and words[0] in commands:
            return commands[words[0]]()
        return start(parse(words))
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已中止。", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
