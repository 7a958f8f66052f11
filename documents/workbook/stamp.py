"""The stamp by which a returned workbook is known: one line of text in a hidden cell.

Owns how a stamp is written and read. What it holds is each kind of workbook's to declare.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from types import UnionType
from typing import Any, ClassVar, Self, get_args, get_origin, get_type_hints
from uuid import UUID

OFFICE, DEMONSTRATION = "office", "demonstration"


class Stamp:
    """Base of the stamps: a frozen dataclass whose fields are ids, whole numbers, months and flags.

    `信用交通省填报表|1|…`: the format, its version, then the fields in their order. The flag says
    whether the workbook was made from demonstration data.
    """

    FORMAT: ClassVar[str]
    VERSION: ClassVar[str] = "1"

    def text(self) -> str:
        """The stamp as one text."""
        values = (getattr(self, field.name) for field in fields(self))  # type: ignore[arg-type]  # each subclass is a dataclass
        return "|".join((self.FORMAT, self.VERSION, *map(_written, values)))

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The stamp in `text`; None when it is none of this kind, or was tampered with."""
        written_format, _, rest = text.strip().partition("|")
        version, *parts = rest.split("|")
        types = {name: kind for name, kind in get_type_hints(cls).items() if not _is_constant(kind)}
        if (written_format, version) != (cls.FORMAT, cls.VERSION) or len(parts) != len(types):
            return None
        try:
            return cls(*map(_read, parts, types.values()))
        except ValueError:
            return None

    @classmethod
    def among(cls, texts: Iterable[str]) -> Self | None:
        """The first of `texts` that is a stamp of this kind."""
        return next((stamp for text in texts if (stamp := cls.read(text))), None)


def _is_constant(kind: Any) -> bool:
    return get_origin(kind) is ClassVar


def _written(value: UUID | date | int | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return DEMONSTRATION if value else OFFICE
    return f"{value:%Y-%m}" if isinstance(value, date) else str(value)


def _read(text: str, kind: Any) -> UUID | date | int | None:
    """A field of the type `kind`. Raises ValueError."""
    if isinstance(kind, UnionType):
        (kind,) = (each for each in get_args(kind) if each is not type(None))
        if not text:
            return None
    if kind is bool:
        if text not in (OFFICE, DEMONSTRATION):
            raise ValueError(text)
        return text == DEMONSTRATION
    return date.fromisoformat(f"{text}-01") if kind is date else kind(text)
