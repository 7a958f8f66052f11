"""The folder for machines without network: what is in it, and that nothing is missing from it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

import bundle


def wheel(folder: Path, name: str, *requires: str) -> None:
    """An empty wheel that requires what is given."""
    folder.mkdir(exist_ok=True)
    told = "".join(f"Requires-Dist: {each}\n" for each in requires)
    with zipfile.ZipFile(folder / f"{name}-1.5-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}-1.5.dist-info/METADATA", f"Name: {name}\nVersion: 1.5\n{told}")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(bundle, "ROOT", tmp_path)
    monkeypatch.setattr(bundle, "SHIPPED", ("requirements.txt", "data/ledgers"))
    (tmp_path / "requirements.txt").write_text("app>=1,<2\n", encoding="utf-8")
    (tmp_path / "data" / "ledgers").mkdir(parents=True)
    (tmp_path / "data" / "credit.duckdb").touch()
    return tmp_path


def test_what_only_the_other_platform_needs_is_noticed(project: Path):
    wheels = project / "wheels"
    wheel(
        wheels, "app", "colorama; sys_platform == 'win32'", "old_name>=1; python_version < '3.12'",
        "never; extra == 'test'", "uvloop; platform_system != 'Windows'",
    )  # fmt: skip
    assert bundle.missing(wheels, "windows", "3.11") == ["colorama", "old_name>=1"]
    assert bundle.missing(wheels, "windows", "3.12") == ["colorama"]
    assert bundle.missing(wheels, "linux-aarch64", "3.12") == ["uvloop"]
    wheel(wheels, "colorama", "old-name>=2")
    assert bundle.missing(wheels, "windows", "3.12") == ["old-name>=2"]
    wheel(wheels, "old_name")
    assert bundle.missing(wheels, "windows", "3.11") == ["old-name>=2"]


def test_a_folder_has_its_name_only_when_nothing_is_missing(project: Path, monkeypatch):
    rounds = [("app", "colorama; sys_platform == 'win32'"), ("colorama",)]

    def download(_wanted: list[str], wheels: Path, _platform: str, _version: str) -> None:
        if not rounds:
            raise bundle.Incomplete("没有做成离线包。")
        wheel(wheels, *rounds.pop(0))

    monkeypatch.setattr(bundle, "_download", download)
    made = bundle.make("windows", "3.11", project / "dist" / "w")
    assert [path.name.split("-")[0] for path in made] == ["app", "colorama"]
    inside = {path.relative_to(project / "dist" / "w").as_posix() for path in made[0].parents[1].rglob("*")}  # fmt: skip
    assert "data/ledgers" in inside
    assert "data/credit.duckdb" not in inside
    with pytest.raises(bundle.Incomplete, match="已存在"):
        bundle.make("windows", "3.11", project / "dist" / "w")
    with pytest.raises(bundle.Incomplete, match="没有做成"):
        bundle.make("windows", "3.11", project / "dist" / "x")
    assert [path.name for path in (project / "dist").iterdir()] == ["w"]


def test_the_platform_itself_is_in_the_folder():
    assert all((bundle.ROOT / name).exists() for name in bundle.SHIPPED)
    left_out = {"tests", "benchmarks", "data"}
    rooms = {path.parent.name for path in bundle.ROOT.glob("*/__init__.py")} - left_out
    assert rooms <= set(bundle.SHIPPED)
