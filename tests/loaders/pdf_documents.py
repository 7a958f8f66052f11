"""PDF files for the tests: ruled tables drawn page by page, with merged cells, and running text.

Written by hand because the product reads PDF and never writes it. The text is in STSong-Light, one
of the fonts every reader has, so nothing is embedded.
"""

from __future__ import annotations

import zlib
from pathlib import Path

from tests.loaders.ledger_documents import LEFT, UP, Table, _areas

SIZE = 9
LEADING = 12
TOP = 800
LEFT_EDGE = 40
PAGE = (595, 842)
PER_PAGE = 700
Drawing = list[str]
_TO_UNICODE = b"1 beginbfrange <0020> <ffff> <0020> endbfrange"


def save_pdf(
    path: Path,
    titles: list[str],
    table: Table,
    per_page: float = PER_PAGE,
    *,
    packed: bool = False,
) -> Path:
    """A ruled table over as many pages as it needs; a merge is cut where a page ends."""
    widths = _widths(table)
    pages: list[Drawing] = []
    drawing: Drawing = [
        _text(LEFT_EDGE, TOP - i * LEADING, title) for i, title in enumerate(titles)
    ]
    y = TOP - len(titles) * LEADING - 10
    rest = [list(row) for row in table]
    while rest:
        heights: list[int] = []
        for row in rest:
            height = _height(row, widths)
            if heights and sum(heights) + height > per_page:
                break
            heights.append(height)
        part, rest = rest[: len(heights)], rest[len(heights) :]
        drawing += _draw(part, heights, widths, y)
        pages.append(drawing)
        drawing, y = [], TOP
        if rest:
            rest[0] = ["" if cell == UP else cell for cell in rest[0]]
    return write_pdf(path, pages, packed=packed)


def save_unruled_pdf(
    path: Path,
    titles: list[str],
    table: Table,
    *,
    stands: str = "top",
    space: int = 6,
    notes: list[str] | None = None,
) -> Path:
    """A table without rulings over as many pages as it needs. The texts of a row stand at its `top`,
    `middle` or `bottom`; rows are `space` further apart than lines. A merge leaves its other cells blank;
    a text merged to the left stands across."""
    widths = _widths(table)
    xs = [LEFT_EDGE + sum(widths[:i]) for i in range(len(widths))]
    pages: list[Drawing] = [[_text(200, TOP - i * LEADING, t) for i, t in enumerate(titles)]]
    y = TOP - len(titles) * LEADING - 12
    for row in table:
        cells = [
            [cell] if row[i + 1 : i + 2] == [LEFT] else _lines(cell, width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        most = max(len(lines) for cell, lines in zip(row, cells, strict=True) if cell != UP)
        if y - most * LEADING < 60:
            pages.append([])
            y = TOP
        for x, cell, lines in zip(xs, row, cells, strict=True):
            if cell in (UP, LEFT):
                continue
            room = (most - len(lines)) * LEADING
            first = y - {"top": 0, "middle": room / 2, "bottom": room}[stands]
            pages[-1] += [
                _text(x + 3, first - n * LEADING, line) for n, line in enumerate(lines) if line
            ]
        y -= most * LEADING + space
    pages[-1] += [_text(LEFT_EDGE, y - 30 - i * LEADING, t) for i, t in enumerate(notes or [])]
    return write_pdf(path, pages)


def save_text_pdf(path: Path, lines: list[str], characters: int = 40) -> Path:
    """Paragraphs broken at the page's width, as a plan is exported."""
    broken = [line[i : i + characters] for line in lines for i in range(0, len(line), characters)]
    return write_pdf(
        path, [[_text(LEFT_EDGE, TOP - i * LEADING, line) for i, line in enumerate(broken)]]
    )


def write_pdf(path: Path, pages: list[Drawing], *, packed: bool = False) -> Path:
    """The pages as a file: catalogue, font, and a content stream for each.

    With `packed` as programs write it: streams compressed, the font's widths and characters listed.
    """
    kids = " ".join(f"{6 + 2 * i} 0 R" for i in range(len(pages)))
    widths = " /W [1 100 1000 814 [500 500]]" if packed else ""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids.encode(), len(pages)),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding %s "
        b"/DescendantFonts [4 0 R] >>"
        % (b"/Identity-H /ToUnicode 5 0 R" if packed else b"/UniGB-UCS2-H"),
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo "
        b"<< /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /DW 1000%s "
        b"/FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 "
        b"/FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /StemV 93 >> >>"
        % widths.encode(),
        _stream(_TO_UNICODE),
    ]
    for index, drawing in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Resources << /Font << /F1 3 0 R >> >> "
            b"/Contents %d 0 R >>" % (*PAGE, 7 + 2 * index)
        )
        objects.append(_stream("\n".join(drawing).encode("ascii"), packed=packed))
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    data += (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    ).encode("ascii")
    path.write_bytes(data)
    return path


def _stream(content: bytes, *, packed: bool = False) -> bytes:
    content = zlib.compress(content) if packed else content
    packing = b" /Filter /FlateDecode" if packed else b""
    return b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(content), packing, content)


def _text(x: float, y: float, text: str) -> str:
    return f"BT /F1 {SIZE} Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET"


def _widths(table: Table) -> list[int]:
    longest = [max(len(row[i].strip(UP + LEFT)) for row in table) for i in range(len(table[0]))]
    share = [min(max(n, 3), 20) for n in longest]
    return [int(515 * s / sum(share)) for s in share]


def _lines(text: str, width: int) -> list[str]:
    fits = max(1, (width - 6) // SIZE)
    return [
        line[i : i + fits] for line in text.split("\n") for i in range(0, max(len(line), 1), fits)
    ]


def _height(row: list[str], widths: list[int]) -> int:
    texts = ["" if cell in (UP, LEFT) else cell for cell in row]
    lines = max(len(_lines(text, width)) for text, width in zip(texts, widths, strict=True))
    return LEADING * lines + 6


def _draw(part: Table, heights: list[int], widths: list[int], top: float) -> Drawing:
    xs = [LEFT_EDGE + sum(widths[:i]) for i in range(len(widths) + 1)]
    ys = [top - sum(heights[:i]) for i in range(len(heights) + 1)]
    covered = {area[:2]: area[2:] for area in _areas(part)}
    drawing = []
    for i, row in enumerate(part):
        for j, cell in enumerate(row):
            if cell in (UP, LEFT):
                continue
            bottom, right = covered.get((i, j), (i, j))
            width, height = xs[right + 1] - xs[j], ys[i] - ys[bottom + 1]
            drawing.append(f"{xs[j]} {ys[bottom + 1]} {width} {height} re S")
            drawing += [
                _text(xs[j] + 3, ys[i] - LEADING * (n + 1) + 2, line)
                for n, line in enumerate(_lines(cell, width))
                if line
            ]
    return drawing
