"""What pdfminer may do for one file. By itself it does as the file says: unpacks a stream to gigabytes,
notes a font's width for two thousand million characters, draws a form within a form within a form.

Owns the places in pdfminer and pdfplumber that are put in bounds, and knows nothing of tables.
"""

from __future__ import annotations

import contextlib
import logging
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any

import pdfminer.cmapdb
import pdfminer.pdfdocument
import pdfminer.pdffont
import pdfminer.pdftypes
import pdfplumber.page
from pdfminer.pdftypes import stream_value
from pdfminer.psparser import PSBaseParser
from pdfplumber.table import TableFinder

from loaders.model import LedgerError

_MOST = {
    # Bytes: fonts and tables of contents of a real file are some megabytes.
    "unpacked": 128 * 2**20,
    # Words of the file's language, those of a form as often as it is drawn. Chromium writes nine for a
    # character, LibreOffice four.
    "words": 3_500_000,
    # Characters and lines; 300 pages of a ledger have some 200,000.
    "things": 300_000,
    # Steps of what a file states as a range. A font has 65,536 characters.
    "counted": 4_000_000,
    # Meetings of lines looked at; a page of a ledger has some thousands.
    "crossings": 20_000_000,
}
_MOST_PACKED = 64 * 2**10
"""Bytes of a stream packed the way of the 1990s: there one byte unpacks to thousands, slowly."""
_EACH_FORM = 100
"""Reading as many words takes as long as it takes to begin a form."""
_MOST_INSTRUCTIONS = 4 * 2**20
"""Bytes of one stream; a page from Word has some hundred thousand."""
_MOST_ON_A_PAGE = 50_000
"""Characters and lines; in memory each takes some kilobytes."""
_LEAST_PACKED = 16
"""Bytes; less is the packing of nothing."""
_TOO_MUCH = "PDF 中的文字和图形过多，请只导出台账所在的页后再导入"
_left: ContextVar[dict[str, int] | None] = ContextVar("left", default=None)


@contextlib.contextmanager
def bounded() -> Iterator[None]:
    """Within it all reading of PDF together is bounded; beyond raises LedgerError, sometimes as the
    cause of the library's own error.
    """
    token = _left.set(dict(_MOST))
    try:
        yield
    finally:
        _left.reset(token)


def _spend(kind: str, amount: int) -> None:
    left = _left.get()
    if left is not None:
        left[kind] -= amount
        if left[kind] < 0:
            raise LedgerError(_TOO_MUCH)


def find_tables(page: Any) -> list:
    """The ruled tables of a page, as pdfplumber finds them."""
    return _Finder(page).tables


class _Finder(TableFinder):
    def get_edges(self) -> list[dict]:
        edges = super().get_edges()
        upright = sum(edge["orientation"] == "v" for edge in edges)
        _spend("crossings", upright * (len(edges) - upright))
        return edges


class _Interpreter(pdfplumber.page.PDFPageInterpreter):
    def execute(self, streams: Sequence[object]) -> None:
        for stream in map(stream_value, streams):
            packed = stream.get_rawdata() or b""
            drawn = stream.get_data()
            if stream.objid is None or (len(packed) > _LEAST_PACKED and not drawn):
                # pdfminer would take the page, and its rows, for blank.
                raise LedgerError("PDF 有一页的内容已损坏，请重新导出后再导入")
            if len(drawn) > _MOST_INSTRUCTIONS and _left.get() is not None:
                raise LedgerError(_TOO_MUCH)
        _spend("words", _EACH_FORM)
        super().execute(streams)


class _Device(pdfplumber.page.PDFPageAggregatorWithMarkedContent):
    drawn = 0

    def _draw(self, things: int) -> None:
        _spend("things", things)
        self.drawn += things
        if self.drawn > _MOST_ON_A_PAGE and _left.get() is not None:
            raise LedgerError(_TOO_MUCH)

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        self._draw(1)
        return super().render_char(*args, **kwargs)

    def paint_path(
        self, graphicstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Any
    ) -> None:
        self._draw(1 + len(path) // 5)
        super().paint_path(graphicstate, stroke, fill, evenodd, path)


def _counting(next_word: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def counted(parser: Any) -> Any:
        _spend("words", 1)
        return next_word(parser)

    return counted


def _range(*limits: int) -> range:
    counted = range(*limits)
    _spend("counted", len(counted))
    return counted


def _decompress(data: bytes) -> bytes:
    """What zlib's function gives, also when the checksum at the end was left out, as some do."""
    left = _left.get()
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    unpacked = stream.decompress(data[2:], left["unpacked"] + 1 if left else 0)
    _spend("unpacked", len(unpacked))
    checksum = stream.unused_data[:4]
    wrong = len(checksum) == 4 and checksum != zlib.adler32(unpacked).to_bytes(4, "big")
    if wrong or not stream.eof:
        raise zlib.error("damaged or incomplete stream")
    return unpacked


def _old_packing(unpack: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    def bounded_unpack(data: bytes) -> bytes:
        if len(data) > _MOST_PACKED:
            _spend("unpacked", _MOST["unpacked"] + 1)
        unpacked = unpack(data)
        _spend("unpacked", len(unpacked))
        return unpacked

    return bounded_unpack


# It complains of every font that LibreOffice or Chromium embeds.
logging.getLogger("pdfminer").setLevel(logging.ERROR)
# setattr, because a type checker knows what the libraries declare, not that it is exchanged here.
for _owner, _name, _bounded in (
    (pdfminer.pdftypes, "zlib", SimpleNamespace(decompress=_decompress, error=zlib.error)),
    # It would go on byte by byte, for minutes, and leave out the rest of the rows in silence.
    (pdfminer.pdftypes, "decompress_corrupted", lambda _: b""),
    (pdfminer.pdftypes, "lzwdecode", _old_packing(pdfminer.pdftypes.lzwdecode)),
    (pdfminer.pdftypes, "rldecode", _old_packing(pdfminer.pdftypes.rldecode)),
    (PSBaseParser, "nexttoken", _counting(PSBaseParser.nexttoken)),
    *(
        (module, "range", _range)
        for module in (pdfminer.cmapdb, pdfminer.pdfdocument, pdfminer.pdffont)
    ),
    (pdfplumber.page, "PDFPageInterpreter", _Interpreter),
    (pdfplumber.page, "PDFPageAggregatorWithMarkedContent", _Device),
):
    setattr(_owner, _name, _bounded)
