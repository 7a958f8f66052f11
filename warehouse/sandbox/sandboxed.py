"""One query of a stranger, run by a process that has nothing else: `python sandboxed.py` reads a
request from its input, writes an answer to its output, and ends.

Owns the walls: a copy of one scope opened for reading, no other file, no extension, no setting to
change, one thread, and limits of memory, processor time and file size that the operating system
keeps as well. Imports nothing of the product: `warehouse.sandbox` starts it and is the only one to
talk to it.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from decimal import Decimal
from typing import Any

MOST_CHARACTERS = 16 * 2**20
"""Of an answer, which goes to a browser; a single cell may be as long as memory allows."""
MOST_ADDRESSES = 3 * 2**30
"""Of the whole process, reserved or used."""
PROGRAM = 80 * 2**20
"""Bytes of the memory limit that the programs' own code may take, which is mapped from files."""
FOR_DUCKDB = 0.65
"""Share of the memory limit within which DuckDB plans: it does not see what a single text takes, nor
what Python holds of the answer."""


def main() -> int:
    request = json.loads(sys.stdin.buffer.read())
    _wall_in(request["seconds"], request["memory"])
    answer = _answer(request)
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())
    return 0


def _wall_in(seconds: int, memory: int) -> None:
    """What the operating system forbids from here on; `memory` in bytes is what it may count at most
    for the process. Windows has none of it; there the walls of DuckDB and the clock of the parent are
    what there is."""
    try:
        import resource
    except ImportError:
        return
    import os

    for limit, value in (
        (resource.RLIMIT_AS, MOST_ADDRESSES),
        # Linux counts here all memory of its own that a process may write to.
        (resource.RLIMIT_DATA, memory - PROGRAM),
        # Should the parent die, nobody is left to end a query that computes for ever.
        (resource.RLIMIT_CPU, seconds + 5),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    os.nice(10)


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    import duckdb

    connection = duckdb.connect(
        request["path"],
        read_only=True,
        config={
            "threads": 1,
            "memory_limit": f"{int(request['memory'] * FOR_DUCKDB)}B",
            # Nothing is written beside memory: a query that needs more ends.
            "temp_directory": "",
            "python_enable_replacements": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "secret_directory": request["folder"],
            "extension_directory": request["folder"],
            "errors_as_json": True,
        },
    )
    # Last and in this order: they forbid setting what is set above.
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    try:
        statements = connection.extract_statements(request["sql"])
        if len(statements) != 1:
            return {"error": {"type": "Statements", "found": len(statements)}}
        (statement,) = statements
        if statement.type != duckdb.StatementType.SELECT:
            return {"error": {"type": "Forbidden", "found": statement.type.name}}
        if statement.named_parameters:
            return {"error": {"type": "Parameters"}}
        cursor = connection.execute(statement)
        columns = [{"name": each[0], "type": str(each[1])} for each in cursor.description]
        rows: list[list[Any]] = []
        size = 0
        most = request["row_limit"]
        while batch := cursor.fetchmany(min(1000, most + 1 - len(rows))):
            for row in batch:
                cells = [_plain(value) for value in row]
                size += sum(len(cell) if isinstance(cell, str) else 8 for cell in cells)
                rows.append(cells)
            if size > MOST_CHARACTERS:
                return {"error": {"type": "Size"}}
            if len(rows) > most:
                break
        return {"columns": columns, "rows": rows[:most], "more": len(rows) > most}
    except MemoryError:
        return {"error": {"type": "Out of Memory"}}
    except duckdb.Error as error:
        return {"error": _as_message(error)}
    except Exception as error:
        # Whatever a value may be that has no place in Python, as a day before the first year.
        return {"error": {"type": type(error).__name__, "exception_message": str(error)}}


def _as_message(error: Exception) -> dict[str, Any]:
    """DuckDB's own account of an error: its kind, its words, and the byte at which it stands."""
    text = str(error)
    try:
        told = json.loads(text[text.index("{") :])
    except ValueError:
        told = {"exception_message": text}
    return {"type": told.get("exception_type", type(error).__name__), **told}


def _plain(value: Any) -> Any:
    """A value as JSON has it; `warehouse.sandbox` knows from the column's type what it was."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "、".join("" if each is None else str(each) for each in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
