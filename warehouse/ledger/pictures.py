"""How the cells of a scanned ledger look, kept with the edition for good.

Owns the archive of an edition's pieces: one file beside the database, known by its hash to the entry of
the trail that came with the edition. Knows nothing of how text is recognised.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from uuid import UUID

from warehouse.entries.files import keep_by_hash, kept_file
from warehouse.faults import WarehouseError
from warehouse.store import Warehouse, Writer, statement

Pictures = Mapping[tuple[str, int, int], tuple[bytes, ...]]
"""Table, row and column → pieces of the page, as .webp files."""
KEPT = "保存原图"
"""What the trail calls it."""
_NAME = re.compile(r"(.*)/(\d+)/(\d+)/\d+\.webp")
# The same pieces are the same file, whenever they are kept.
_SOME_DAY = (2000, 1, 1, 0, 0, 0)


def keep_pictures(
    warehouse: Warehouse, writer: Writer, ledger_id: UUID, file_name: str, pictures: Pictures
) -> None:
    """Keep the pieces of the edition that `writer` is storing."""
    if not pictures:
        return
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for (table, row, column), pieces in sorted(pictures.items()):
            for number, piece in enumerate(pieces, start=1):
                name = f"{table}/{row}/{column}/{number}.webp"
                archive.writestr(zipfile.ZipInfo(name, _SOME_DAY), piece)
    sha256 = keep_by_hash(warehouse, content.getvalue())
    writer.record(KEPT, "ledger", ledger_id, after={"文件": file_name, "原图": sha256})


def pictures_of_row(
    warehouse: Warehouse, task_id: UUID, edition_number: int, table: str, row: int
) -> list[bytes]:
    """The pieces of a row of the edition in which a task stands, from left to right; none when the
    ledger was no scan. Raises `WarehouseError` when they were kept and are missing."""
    with warehouse.cursor() as cursor:
        given = {"task_id": task_id, "edition_number": edition_number, "action": KEPT}
        found = cursor.execute(statement("pictures_of_task"), given).fetchone()
    if found is None:
        return []
    try:
        content = kept_file(warehouse, found[0])
    except WarehouseError as error:
        raise WarehouseError(
            "这一版台账的原图读不到，可能已被移走或改动，请从备份恢复。"
        ) from error
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        placed = []
        for name in archive.namelist():
            parts = _NAME.fullmatch(name)
            if parts and (parts[1], int(parts[2])) == (table, row):
                placed.append((int(parts[3]), name))
        return [archive.read(name) for _, name in sorted(placed)]
