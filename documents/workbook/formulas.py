"""What the formulas of a workbook come to, stored beside them.

Owns putting the values into the file. Computes nothing.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from io import BytesIO
from xml.sax.saxutils import escape

_FORMULA = re.compile(r'<c r="([A-Z]+\d+)"([^>]*)>(<f>.*?</f>)<v\s*(?:/>|></v>)</c>')

Known = dict[str, Decimal | str]
"""Cell → what its formula comes to."""


def with_values(content: bytes, known: Mapping[str, Known]) -> bytes:
    """The workbook with what its formulas come to stored beside them.

    openpyxl leaves that out, and then previews, phones and Excel's protected view show no totals.
    """
    stream = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as read,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for number, cells in enumerate(known.values(), start=1):
            name = f"xl/worksheets/sheet{number}.xml"
            sheet = read.read(name).decode()
            written.writestr(name, _FORMULA.sub(partial(_valued, cells), sheet))
        for entry in read.infolist():
            if entry.filename not in written.namelist():
                written.writestr(entry, read.read(entry.filename))
    return stream.getvalue()


def _valued(cells: Known, found: re.Match[str]) -> str:
    cell, attributes, formula = found.groups()
    value = cells[cell]
    if isinstance(value, str):
        return f'<c r="{cell}"{attributes} t="str">{formula}<v>{escape(value)}</v></c>'
    return f'<c r="{cell}"{attributes}>{formula}<v>{value}</v></c>'
