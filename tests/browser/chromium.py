"""The browser, the Chinese font, LibreOffice, PostgreSQL and nginx on this machine: found, or installed
through apt where it may.

As a program it prints the browser's path, or says in one Chinese line what to install and fails; what
needs one of the other programs fails, or is skipped, without it.
Standard library only. It refuses to know what the browser is used for.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge"),
)
WINDOWS_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
BESIDE = {
    "soffice": ("libreoffice-calc", "libreoffice-writer", "libreoffice-impress"),
    "initdb": ("postgresql",),
    "nginx": ("nginx-light",),
}
"""Other programs that tests start → Debian's packages of them."""
DATABASES = Path("/usr/lib/postgresql")
INSTALLED = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        "Google\\Chrome\\Application\\chrome.exe",
        "Microsoft\\Edge\\Application\\msedge.exe",
        "Chromium\\Application\\chrome.exe",
    ),
}


def find_browser(
    environ: Mapping[str, str],
    platform: str = sys.platform,
    which: Callable[[str], str | None] = shutil.which,
) -> str | None:
    """A Chromium of any make: the one CREDIT_BROWSER names, else on the PATH, else installed."""
    named = environ.get("CREDIT_BROWSER")
    if named:
        return which(named)
    paths = INSTALLED.get(platform, ())
    if platform == "win32":
        folders = [environ[name] for name in WINDOWS_FOLDERS if name in environ]
        paths = tuple(f"{folder}\\{path}" for path in paths for folder in folders)
    return next(filter(None, map(which, (*NAMES, *paths))), None)


def has_chinese_font() -> bool:
    """Windows and macOS bring their own; elsewhere fontconfig knows."""
    if sys.platform in ("win32", "darwin"):
        return True
    listed = run_quietly(["fc-list", ":lang=zh-cn"])
    return bool(listed and listed.stdout.strip())


def run_quietly(command: Sequence[str]) -> subprocess.CompletedProcess | None:
    """The finished command with its output, or None when there is no such program."""
    try:
        return subprocess.run(
            command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
    except OSError:
        return None


def apt_command() -> list[str]:
    """How this user may run apt-get without being asked anything, or []."""
    if shutil.which("apt-get") is None:
        return []
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    if os.geteuid() == 0:
        return apt
    sudo = run_quietly(["sudo", "-n", "true"])
    return ["sudo", "-n", *apt] if sudo and sudo.returncode == 0 else []


def advice(missing: Sequence[str], has_apt: bool) -> str:
    if has_apt:
        return f"浏览器测试不能运行，请先执行：sudo apt install {' '.join(missing)}"
    what = "Chromium、Chrome 或 Edge 浏览器" if "chromium" in missing else "中文字体"
    return f"浏览器测试不能运行，请先安装{what}（也可用环境变量 CREDIT_BROWSER 指明浏览器的路径）"


def is_installed(program: str) -> bool:
    # Debian keeps what a database server consists of away from the PATH.
    return bool(shutil.which(program) or [*DATABASES.glob(f"*/bin/{program}")])


def ready_browser() -> str:
    """The path of a browser that can show Chinese; SystemExit with one Chinese line without."""
    browser = find_browser(os.environ)
    if browser is None and os.environ.get("CREDIT_BROWSER"):
        sys.exit(f"环境变量 CREDIT_BROWSER 指定的浏览器不存在：{os.environ['CREDIT_BROWSER']}")
    missing = [] if browser else ["chromium"]
    if not has_chinese_font():
        missing += ["fontconfig", "fonts-noto-cjk"]
    absent = [packages for program, packages in BESIDE.items() if not is_installed(program)]
    wanted = [*missing, *(package for packages in absent for package in packages)]
    if wanted and (apt := apt_command()):
        print(f"正在安装测试用的 {'、'.join(wanted)} …", file=sys.stderr, flush=True)
        run_quietly([*apt, "update"])
        done = run_quietly([*apt, "install", "-y", "--no-install-recommends", *wanted])
        if done and done.returncode:
            print(done.stderr[-1000:], file=sys.stderr)
        browser = find_browser(os.environ)
        missing = [] if browser and has_chinese_font() else missing
    if browser is None or missing:
        sys.exit(advice(missing, shutil.which("apt-get") is not None))
    return browser


if __name__ == "__main__":
    print(ready_browser())
