"""docs/安全.md: what it says is met names tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINES = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "安全.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| V")
]


def test_each_line_is_proved_by_tests_that_exist():
    known = {
        node.name
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    assert len(LINES) >= 25
    for item, is_met, proof in LINES:
        assert re.match("是|否|部分|登录各页是", is_met), item
        assert proof or is_met.startswith("否"), item
        named = set(re.findall(r"`(test_\w+)`", proof))
        files = re.findall(r"tests/[\w/]+\.py", proof)
        assert bool(proof) == bool(named or files), item
        assert named <= known, (item, named - known)
        assert all((ROOT / file).is_file() for file in files), item
