"""A workbook of the 自评表, opened again: its lines by their words, and its formulas worked out.

Owns a spreadsheet small enough to check one: it knows the few functions the formulas use.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

REFERENCE = re.compile(r"(?:'([^']+)'!)?([A-Z]+\d+(?::[A-Z]+\d+)?)(?![(\w])")


def opened(content: bytes, *, data_only: bool = False) -> Workbook:
    return load_workbook(BytesIO(content), data_only=data_only)


def saved(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def columns(sheet: Worksheet, head: int = 7) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[head] if cell.value}


def row_of(sheet: Worksheet, number: int) -> int:
    """The row of the task of this number."""
    at = columns(sheet)["编号"]
    return next(row for row in range(8, sheet.max_row + 1) if sheet.cell(row, at).value == number)


def formulas(book: Workbook) -> list[Cell]:
    return [
        cell
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


def worked_out(sheet: Worksheet, cell: Cell) -> Any:
    """What a cell comes to, computed from the cells it refers to."""
    if cell.data_type != "f":
        return cell.value
    text = cell.value[1:]
    pieces = [_term(sheet, piece) for piece in re.split(r'&(?=(?:[^"]*"[^"]*")*[^"]*$)', text)]
    return pieces[0] if len(pieces) == 1 else "".join(map(str, pieces))


def _term(sheet: Worksheet, text: str) -> Any:
    if text.startswith("IF("):
        # Only the branch taken need make sense.
        test, then, otherwise = _arguments(text)
        return _term(sheet, then if _term(sheet, test) else otherwise)

    def referred(found: re.Match) -> str:
        return f"cells({found[1]!r}, {found[2]!r})"

    def cells(name: str | None, reference: str) -> Any:
        other = sheet.parent[name] if name else sheet
        if ":" not in reference:
            return worked_out(other, other[reference])
        return [worked_out(other, cell) for row in other[reference] for cell in row]

    quoted = re.split(r'("[^"]*")', text)
    code = "".join(
        piece if piece.startswith('"') else _in_python(REFERENCE.sub(referred, piece))
        for piece in quoted
    )
    return eval(code, {"cells": cells, **FUNCTIONS})


def _arguments(text: str) -> list[str]:
    """What stands between the outermost brackets, split at the commas outside any other."""
    found, depth = [""], 0
    for character in text[text.index("(") + 1 : -1]:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and not depth:
            found.append("")
        else:
            found[-1] += character
    return found


def _in_python(text: str) -> str:
    return re.sub(r"(?<![=<>])=(?!=)", "==", text).replace("--ISNUMBER", "ISNUMBER")


def _numbers(*values: Any) -> list[float]:
    flat = [each for value in values for each in (value if isinstance(value, list) else [value])]
    return [each for each in flat if _is_number(each)]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _product(chosen: list[bool], values: list[Any]) -> float:
    return sum(v for is_on, v in zip(chosen, values, strict=True) if is_on and _is_number(v))


FUNCTIONS = {
    "SUM": lambda *values: sum(_numbers(*values)),
    "COUNT": lambda *values: len(_numbers(*values)),
    "ROUND": lambda value, places: round(value + 1e-9 * (1 if value > 0 else -1), places),
    "MIN": min,
    "ISNUMBER": lambda value: (
        [_is_number(each) for each in value] if isinstance(value, list) else _is_number(value)
    ),
    "SUMPRODUCT": _product,
}
