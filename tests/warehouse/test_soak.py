"""Readers and writers at once: each answer is that of its version."""

from __future__ import annotations

from pathlib import Path

from benchmarks.soak import run


def test_answers_asked_while_others_write_are_those_of_their_version(tmp_path: Path):
    figures = run(tmp_path, seconds=2, readers=6, writers=2, pause=0.3)
    assert figures.endswith("wrong 0, mixed 0, empty 0, failed 0"), figures
