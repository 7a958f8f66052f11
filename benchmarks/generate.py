"""A large ledger in a new database, and the raw rows of one.

Owns running generate.sql and frames.sql. The ledger goes in as one recorded action, like any other.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from warehouse import open_warehouse

HERE = Path(__file__).parent


def generate(path: Path, tasks: int) -> None:
    """Make the database `path` with one ledger of `tasks` tasks and twelve reports a task."""
    warehouse = open_warehouse(path)
    with warehouse.writing("性能测试") as writer:
        writer.cursor.execute("set variable tasks = $tasks", {"tasks": tasks})
        writer.cursor.execute((HERE / "generate.sql").read_text(encoding="utf-8"))
        writer.record("生成台账", "ledger", None, after={"任务": tasks})
    warehouse.close()


def rows(cursor: duckdb.DuckDBPyConnection, name: str, **values: Any) -> pd.DataFrame:
    """What the statement headed `-- name: …` in frames.sql finds."""
    parts = (HERE / "frames.sql").read_text(encoding="utf-8").split("-- name: ")
    sql = next(part.removeprefix(name) for part in parts if part.startswith(f"{name}\n"))
    return cursor.execute(sql, values).df()
