"""The statements of statements.sql, undoing.sql and servers/central.sql by name."""

from __future__ import annotations

from functools import cache
from pathlib import Path


def statement(name: str) -> str:
    """The statement called `name` in one of the files, where each is headed by `-- name: …`."""
    return _statements()[name]


@cache
def _statements() -> dict[str, str]:
    files = ("statements.sql", "undoing.sql", "servers/central.sql")
    text = "\n".join((Path(__file__).parent / name).read_text(encoding="utf-8") for name in files)
    parts = (part.partition("\n") for part in text.split("-- name: ")[1:])
    return {title.strip(): body.strip() for title, _, body in parts}
