"""Every benchmark still runs, in its short form. What it measures is for an idle machine: no time is judged."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
NAMES = re.findall(r"(\w+)\.measure\(", (BENCHMARKS / "__main__.py").read_text(encoding="utf-8"))
WITH_BROWSER = {"startup", "clicking"}
TABLE = re.compile(r"^\| ---( \| ---:)+ \|\n\| \S", flags=re.M)


def test_all_of_the_readme_are_run():
    told = (BENCHMARKS / "README.md").read_text(encoding="utf-8")
    assert set(NAMES) == set(re.findall(r"^\| `python -m benchmarks\.(\w+)", told, flags=re.M))


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.browser] * (name in WITH_BROWSER)) for name in NAMES],
)
def test_it_runs(name):
    command = [sys.executable, "-m", f"benchmarks.{name}", "--short"]
    done = subprocess.run(command, cwd=BENCHMARKS.parent, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-3000:]
    assert TABLE.search(done.stdout), done.stdout
