"""What the record holds, taken into a DuckDB file in the order in which it was stored."""

from __future__ import annotations

import duckdb

from warehouse.servers.record import News
from warehouse.statements import statement

_END = (2**62, 0)
"""After every data version and step."""


def layout_of(cursor: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Table → column → type of every table that the record keeps."""
    layout: dict[str, dict[str, str]] = {}
    for table, column, kind in cursor.execute(statement("columns")).fetchall():
        layout.setdefault(table, {})[column] = kind
    return layout


def take_in(cursor: duckdb.DuckDBPyConnection, news: News, *, after: int) -> None:
    """Add the rows stored after the data version `after` and repeat what was amended in between, in
    the open transaction of the cursor."""
    layout = layout_of(cursor)
    begun = (after, _END[0])
    for *place, amendment in [*news.amendments, (*_END, None)]:
        version, step = place
        if (version, step) <= begun:
            continue
        for table, file in news.files.items():
            columns = {"_version": "BIGINT", "_step": "BIGINT"} | layout[table]
            # A list comes as the JSON text of it.
            lists = [name for name, kind in columns.items() if kind == "VARCHAR[]"]
            taken = statement("take_rows").format(
                table=table,
                replaced=_replaced(lists),
                columns={n: "VARCHAR" if n in lists else kind for n, kind in columns.items()},
            )
            given = {
                "file": str(file),
                "after_version": begun[0],
                "after_step": begun[1],
                "version": version,
                "step": step,
            }
            cursor.execute(taken, given)
        if amendment:
            cursor.execute(statement(amendment.statement), dict(amendment.values))
        begun = (version, step)


def _replaced(lists: list[str]) -> str:
    if not lists:
        return ""
    parts = (f"""from_json("{name}", '["VARCHAR"]') as "{name}\"""" for name in lists)
    return f"replace ({', '.join(parts)})"
