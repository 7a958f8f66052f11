"""Pages drawn as pictures for the tests: a ruled table with merged cells, as a scanner sees it."""

from __future__ import annotations

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

from tests.loaders.ledger_documents import LEFT, UP, Table, _areas

SIZE, LEADING = 30, 42
"""Pixels at 200 dpi of a character and of a line."""
WIDTHS = (230, 230, 560, 280, 230)
EDGE, TOP = 60, 120
FONT = pylopdf_fonts_zh_cn.sans_path()


def draw_page(titles: list[str], table: Table, *, ruled: bool = True) -> Image.Image:
    """An A4 page at 200 dpi."""
    page = Image.new("RGB", (1654, 2339), "white")
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(FONT), SIZE)
    for line, title in enumerate(titles):
        draw.text((300, 30 + line * LEADING), title, "black", font)
    lines = [
        [_lines(text, width) for text, width in zip(row, WIDTHS, strict=True)] for row in table
    ]
    heights = [max(map(len, row)) * LEADING + 16 for row in lines]
    xs = [EDGE + sum(WIDTHS[:i]) for i in range(len(WIDTHS) + 1)]
    ys = [TOP + sum(heights[:i]) for i in range(len(heights) + 1)]
    covered = {area[:2]: area[2:] for area in _areas(table)}
    for i, row in enumerate(table):
        for j, text in enumerate(row):
            if text in (UP, LEFT):
                continue
            bottom, right = covered.get((i, j), (i, j))
            if ruled:
                place = (xs[j], ys[i], xs[right + 1], ys[bottom + 1])
                draw.rectangle(place, outline="black", width=2)
            for n, line in enumerate(lines[i][j]):
                draw.text((xs[j] + 10, ys[i] + 6 + n * LEADING), line, "black", font)
    return page


def _lines(text: str, width: int) -> list[str]:
    if text in (UP, LEFT):
        return []
    fits = (width - 16) // SIZE
    return [text[i : i + fits] for i in range(0, len(text), fits)]


def stamped(page: Image.Image) -> Image.Image:
    """The page with a red seal over its text."""
    page = page.copy()
    draw = ImageDraw.Draw(page, "RGBA")
    draw.ellipse((700, 300, 1000, 600), outline=(215, 30, 40, 150), width=12)
    draw.regular_polygon((850, 450, 70), 5, fill=(215, 30, 40, 150))
    return page


def worn(page: Image.Image) -> Image.Image:
    """The page with half of the fourth character of the first owner gone."""
    page = page.copy()
    left = EDGE + sum(WIDTHS[:3]) + 10 + 3 * SIZE
    top = TOP + LEADING + 16
    ImageDraw.Draw(page).rectangle((left + 2, top + 7, left + 17, top + 42), fill="white")
    return page
