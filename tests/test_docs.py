"""Generated documents are kept up to date, and README stays short."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

import metrics

DOCS = Path(__file__).resolve().parents[1] / "docs"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("file", "function"),
    [
        ("metrics.md", "metrics_page"),
        ("data-dictionary.md", "dictionary_page"),
        ("development.md", "development_page"),
    ],
)
def test_page_is_what_would_be_generated(generate, file, function):
    written = (DOCS / file).read_text(encoding="utf-8")
    assert written == getattr(generate, function)(), "run python docs/generate.py"


def test_every_question_is_in_the_reference():
    written = (DOCS / "metrics.md").read_text(encoding="utf-8")
    missing = [each.name for each in metrics.questions() if each.title not in written]
    assert not missing


def test_readme_stays_short():
    assert len((DOCS.parent / "README.md").read_text(encoding="utf-8")) <= 9000
