"""Whatever is handed in: every row accounted for, and nothing but LedgerError ever leaves.

A few documents of every kind; `python -m benchmarks.fuzz` reads thousands.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.loaders.any_documents import kinds
from tests.loaders.checked_documents import Document, check, read


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(document=st.one_of(*kinds().values()))
def test_any_document(document, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")  # without LibreOffice
    check(document, read(document, tmp_path))


def test_a_lost_row_would_be_noticed(tmp_path):
    document = Document("table", "台账2020.csv", "目标任务,责任单位\n制定办法,厅法规处".encode())
    result = read(document, tmp_path)
    check(document, result)
    lost = Document("table", document.name, document.content, ("公布清单",))
    with pytest.raises(AssertionError, match="公布清单"):
        check(lost, result)
