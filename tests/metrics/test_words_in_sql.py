"""The words and orders that SQL must state itself are those of words.py."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

import words
from warehouse import Warehouse


@pytest.fixture
def cursor(warehouse: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse.cursor() as opened:
        yield opened


def test_periods_have_their_words(cursor: duckdb.DuckDBPyConnection):
    found = {
        code: cursor.execute("select period_word($code)", {"code": code}).fetchone()[0]
        for code in words.PERIODS
    }
    assert found == words.PERIODS


def test_what_is_about_no_single_unit_has_its_word(cursor: duckdb.DuckDBPyConnection):
    (word,) = cursor.execute("select unit_or_whole_task(null)").fetchone()
    assert word == words.WHOLE_TASK


def test_classes_and_lamps_have_their_order(cursor: duckdb.DuckDBPyConnection):
    for place, name in enumerate(words.UNIT_CLASSES, start=1):
        assert cursor.execute("select class_order($name)", {"name": name}).fetchone() == (place,)
    for name in words.LAMPS:
        assert cursor.execute("select lamp_order($name)", {"name": name}).fetchone() != (None,)
