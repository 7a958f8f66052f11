"""One folder with the platform and every component it needs, for machines without network.

`run.py bundle` runs this with the platform's own Python. Owns what goes into the folder and the proof
that nothing is missing; `run.py` in the folder installs from it.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from email.parser import Parser
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent
SHIPPED = (
    *(
        "app.py",
        "run.py",
        "serve.py",
        "downloads.py",
        "frontend.py",
        "words.py",
        "bundle.py",
        "requirements.txt",
        "constraints.txt",
    ),
    *("README.md", "CHANGELOG.md", ".streamlit", "web", "docs", "pages", "screens", "documents"),
    *(
        "findings",
        "charts",
        "metrics",
        "warehouse",
        "loaders",
        "accounts",
        "data/ledgers",
        "data/reference",
    ),
)
WHEELS, ABOUT = "wheels", "bundle.json"
_GLIBC = (5, 12, *range(17, 29))
"""2.5 to 2.28: what runs on Debian 10, CentOS 8, Kylin V10, UOS 20 and everything newer."""
TAGS = {
    "windows": ("win_amd64",),
    **{
        f"linux-{machine}": (
            *(f"manylinux_2_{minor}_{machine}" for minor in _GLIBC),
            f"manylinux2014_{machine}",
            f"linux_{machine}",
        )
        for machine in ("x86_64", "aarch64")
    },
}
"""Platform → the tags of wheels that run on it."""
MARKERS = {
    "windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
    "linux-x86_64": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
    "linux-aarch64": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "aarch64"},
}  # fmt: skip
"""Platform → what requirements may ask of it."""


class Incomplete(Exception):
    """The folder cannot be made; one Chinese sentence for the user."""


def this_platform() -> str:
    """The platform of this machine by its name in TAGS. Raises `Incomplete` for another."""
    found = sysconfig.get_platform()
    names = {
        "win-amd64": "windows",
        "linux-x86_64": "linux-x86_64",
        "linux-aarch64": "linux-aarch64",
    }
    if found not in names:
        raise Incomplete(f"本机（{found}）不能做离线包，请用 --for 指明 {'、'.join(TAGS)} 之一。")
    return names[found]


def make(platform: str, version: str, target: Path) -> list[Path]:
    """Fill the new folder `target` for a platform and a Python such as 3.11; returns the wheels.

    Raises `Incomplete` when a component cannot be had or is missing."""
    if target.exists():
        raise Incomplete(f"{target} 已存在，请移走，或用 --to 指定另一个文件夹。")
    aside = target.with_name(f".{target.name}.part")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        for name in SHIPPED:
            _copy(ROOT / name, aside / name)
        wheels = aside / WHEELS
        wanted = ["-r", str(ROOT / "requirements.txt"), "pip", "setuptools"]
        while wanted:
            _download(wanted, wheels, platform, version)
            # pip asks the markers of the machine it runs on; what only the other one needs is added.
            wanted = missing(wheels, platform, version)
        about = {"platform": platform, "python": version}
        (aside / ABOUT).write_text(json.dumps(about), encoding="utf-8")
        aside.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return sorted((target / WHEELS).glob("*.whl"))


def missing(wheels: Path, platform: str, version: str) -> list[str]:
    """What the wheels in a folder require on the platform and is not among them, and what of
    requirements.txt is not: as arguments for pip."""
    environment = {
        **{name: str(value) for name, value in default_environment().items()},
        **MARKERS[platform],
        "python_version": version,
        "python_full_version": f"{version}.0",
        "extra": "",
    }
    required = [
        Requirement(line)
        for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ]
    have: dict[str, str] = {}
    for wheel in wheels.glob("*.whl"):
        name, number = wheel.name.split("-")[:2]
        have[canonicalize_name(name)] = number
        with zipfile.ZipFile(wheel) as archive:
            (metadata,) = (
                each
                for each in archive.namelist()
                if re.fullmatch(r"[^/]+\.dist-info/METADATA", each)
            )
            told = Parser().parsestr(archive.read(metadata).decode())
        required += map(Requirement, told.get_all("Requires-Dist") or ())
    lacking = {
        f"{each.name}{each.specifier}"
        for each in required
        if (each.marker is None or each.marker.evaluate(environment))
        and not _is_met(each, have.get(canonicalize_name(each.name)))
    }
    return sorted(lacking)


def _is_met(required: Requirement, version: str | None) -> bool:
    return version is not None and required.specifier.contains(version, prereleases=True)


def _download(wanted: list[str], wheels: Path, platform: str, version: str) -> None:
    command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--quiet"]
    command += ["--dest", str(wheels), "--only-binary", ":all:", "--implementation", "cp"]
    command += ["--python-version", version, "-c", str(ROOT / "constraints.txt")]
    for tag in TAGS[platform]:
        command += ["--platform", tag]
    before = set(wheels.glob("*"))
    done = subprocess.run([*command, *wanted], capture_output=True, encoding="utf-8", check=False)
    if done.returncode or set(wheels.glob("*")) == before:
        print(done.stderr[-2000:], file=sys.stderr)
        raise Incomplete(
            f"有组件没有 {platform}、Python {version} 的安装包，或下载没有成功（原因见上），没有做成离线包。"
        )


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    else:
        shutil.copy2(source, target)


def main() -> int:
    parser = argparse.ArgumentParser(prog="run.py bundle")
    parser.add_argument("--for", dest="platform", choices=TAGS)
    parser.add_argument("--python", default=f"{sys.version_info[0]}.{sys.version_info[1]}")
    parser.add_argument("--to", type=Path)
    given = parser.parse_args()
    try:
        platform = given.platform or this_platform()
        target = given.to or ROOT / "dist" / f"credit-{platform}-python{given.python}"
        print(f"正在准备 {platform}、Python {given.python} 的离线包…", flush=True)
        wheels = make(platform, given.python, target.resolve())
    except Incomplete as error:
        print(error, file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    print(f"已做成 {target}：{len(wheels)} 个组件，共 {size / 1e6:.0f} MB。")
    print(f"整个文件夹拷到装有 Python {given.python} 的电脑，在其中运行 python3 run.py 即可。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
