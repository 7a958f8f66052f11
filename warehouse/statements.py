"""The statements of statements.sql by name."""

from __future__ import annotations

from functools import cache
from pathlib import Path


def statement(name: str) -> str:
    """The statement called `name` in statements.sql, where each is headed by `-- name: …`."""
    return _statements()[name]


@cache
def _statements() -> dict[str, str]:
    text = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    parts = (part.partition("\n") for part in text.split("-- name: ")[1:])
    return {title.strip(): body.strip() for title, _, body in parts}
