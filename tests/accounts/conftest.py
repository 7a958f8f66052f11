"""Accounts of a test's own, with passwords that are hashed in no time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from accounts import Store, passwords

PASSWORD = "长江大桥-蓝色-自行车-42"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(1, 8, 1))
    passwords._nobodys_hash.cache_clear()
    for name in (
        "CREDIT_PASSWORD_CLASSES",
        "CREDIT_PASSWORD_DAYS",
        "CREDIT_CODES",
        "CREDIT_ACCESS_LOG",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    """A place without accounts."""
    store = Store(tmp_path / "accounts.sqlite3")
    yield store
    store.close()


@pytest.fixture
def store(empty: Store) -> Store:
    """An administrator, 张三 of 厅运输处, both with PASSWORD; 李四 has to change it first."""
    stored = passwords.hashed(PASSWORD)
    empty.add("admin", "王管理", "admin", stored, must_change=False)
    empty.add("zhangsan", "张三", "unit", stored, units=["厅运输处"], must_change=False)
    empty.add("lisi", "李四", "office", stored)
    return empty
