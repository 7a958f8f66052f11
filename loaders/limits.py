"""How large a document may be: above these no table of tasks was ever issued, and reading on would cost
minutes and gigabytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from loaders.grid import Row
from loaders.model import LedgerError

MAX_CELL_CHARACTERS = 32_767
"""What Excel allows in a cell."""
MAX_ROWS = 50_000
MAX_CELLS = 500_000
MAX_CHARACTERS = 10_000_000


def check_extent(rows: int, cells: int, characters: int = 0) -> None:
    """Raises LedgerError when a document has more than a ledger has."""
    if rows > MAX_ROWS or cells > MAX_CELLS or characters > MAX_CHARACTERS:
        raise LedgerError(
            f"文件超过 {MAX_ROWS} 行、{MAX_CELLS} 格或 {MAX_CHARACTERS // 10_000} 万字，"
            "不是台账表格，请只保留任务所在的行列后再导入"
        )


def check_tasks(tasks: int) -> None:
    """A cell may list hundreds: raises LedgerError when there are more than a ledger has rows."""
    if tasks > MAX_ROWS:
        raise LedgerError(f"读出的任务超过 {MAX_ROWS} 项，不是台账，请检查文件内容")


class Extent:
    """How much of one document has been read so far."""

    def __init__(self) -> None:
        self._rows = self._cells = self._characters = 0

    def counted(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows as they come, until there are too many, or too much in them: a text that an .xlsx
        stores once may stand in every cell.
        """
        for row in rows:
            self._rows += 1
            self._cells += len(row.cells)
            self._characters += sum(len(cell.text) for cell in dict.fromkeys(row.cells))
            check_extent(self._rows, self._cells, self._characters)
            yield row
