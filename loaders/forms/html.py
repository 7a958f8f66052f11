"""Pages saved from a government site, and the HTML that some systems export under the name .xls.

A page is tables that only place things, tables that are ledgers, and text around both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lxml import etree

from loaders import reference
from loaders.accounting import BESIDE, Spot, named, unread
from loaders.forms.encoding import decoded
from loaders.forms.page import GONE, GUIDE, HIDDEN, STRUCK, Page, read_page
from loaders.forms.prose import prose_grid
from loaders.grid import CAPTION, Cell, Grid, Row, Source
from loaders.limits import MAX_CELL_CHARACTERS, Extent, check_extent
from loaders.model import Issue, LedgerError
from loaders.upright import holds_tasks

_MAX_PAGE_BYTES = 20 * 2**20
_MAX_COLUMNS = 63
_MAX_TAGS = 2_500_000
_FEWEST_COLUMNS = 3
_BLOCKS = {
    *("p", "div", "li", "ul", "ol", "dl", "dt", "dd", "section", "article", "center", "pre", "br"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "td", "th", "caption", "blockquote", "hr"),
}
_HEADINGS = {"h1", "h2", "h3"}
# No text has one: a NUL is refused before.
_LINE_END = "\x00"
_SPACES = re.compile(r"[ \t\r\f\v\n\xa0]+")


def read_html(path: Path, name: str, size: int) -> Source:
    """The ledgers of a page, or its plan in running text; tables that only lay it out are text.

    What its reader does not see is not read, and an issue names it. Raises LedgerError for a page too
    large.
    """
    if size > _MAX_PAGE_BYTES:
        raise LedgerError(f"文件过大（{size // 2**20} MB），请只保存台账所在的网页后再导入")
    text = decoded(path.read_bytes(), markup=True)
    if not text.strip():
        raise LedgerError("文件没有内容，请重新保存网页后再导入")
    if text.count("<") > _MAX_TAGS:
        raise LedgerError("网页内容过多，请只保存台账所在的网页后再导入")
    page = read_page(text)
    source = _source(_blocks(page.root))
    issues = [*_left_out(page, name), *_unread(page, source, name)]
    return replace(source, issues=tuple(issues))


def _source(blocks: list[str | Grid]) -> Source:
    grids, above, beside = _grids(blocks)
    if any(holds_tasks(grid, reference.headers()) for grid in grids):
        return Source(tuple(grids), tuple(above), beside=tuple(beside))
    lines = [line for block in blocks for line in _lines(block)]
    plan = prose_grid(list(enumerate(lines, start=1)))
    if plan:
        return Source((plan,))
    if not grids:
        return Source((), tuple(lines))
    return Source(tuple(grids), tuple(above), beside=tuple(beside))


def _left_out(page: Page, name: str) -> Iterator[Issue]:
    for label in (HIDDEN, STRUCK, GUIDE):
        found = [(page.spot(at), text) for at, own, text in page.left_out if own == label]
        yield from named(name, label, found)


def _unread(page: Page, source: Source, name: str) -> list[Issue]:
    """An issue for each row with a text of the page that is in nothing that was read."""
    printed = [str(text) for text in page.root.itertext()]
    parents: list[etree._Element | None] = []

    def spot_of(index: int) -> Spot:
        if not parents:
            parents.extend(text.getparent() for text in page.root.xpath("//text()"))
        return page.spot(parents[index]) if len(parents) == len(printed) else Spot(BESIDE, 1)

    lines = (*source.above, *source.beside)
    with_labels = any(grid.fields for grid in source.grids)
    missing = unread(printed, source.grids, lines, spot_of, with_labels=with_labels)
    return named(name, "原文中的一段文字", missing)


def _blocks(root: etree._Element) -> list[str | Grid]:
    blocks: list[str | Grid] = []
    line: list[str] = []
    tables = 0
    extent = Extent()

    def end_line() -> None:
        if written := _SPACES.sub(" ", "".join(line)).strip():
            blocks.append(written)
        line.clear()

    inside: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if inside is not None:
            if element is inside and event == "end":
                inside = None
                line.append(element.tail or "")
            continue
        if not isinstance(element.tag, str):
            continue
        if element.tag in _BLOCKS:
            end_line()
        if element.tag in _HEADINGS:
            # Nothing around a heading belongs to its title.
            blocks.append("")
        if event == "end":
            line.append(element.tail or "")
        elif element.tag == "table" and element.find(".//table") is None:
            tables += 1
            rows = tuple(extent.counted(_rows(element)))
            # What stands in a table, but in none of its cells, is drawn above it.
            blocks.extend(filter(None, _around_cells(element)))
            blocks.append(Grid(f"表{tables}", rows, continues=tables > 1, drawn=False))
            inside = element
        else:
            line.append(element.text or "")
    end_line()
    return blocks


def _around_cells(table: etree._Element) -> Iterator[str]:
    """The caption of a table, and texts put between its rows and cells by mistake."""
    outside = ("table", "thead", "tbody", "tfoot", "tr", "colgroup", "col")
    for element in table.iter(*outside, "caption", "td", "th"):
        if element.tag in outside:
            yield " ".join((element.text or "").split())
        elif element.tag == "caption":
            yield " ".join("".join(element.itertext()).split())
        if element is not table and _parent_tag(element) in outside:
            yield " ".join((element.tail or "").split())


def _parent_tag(element: etree._Element) -> str:
    parent = element.getparent()
    return "" if parent is None else str(parent.tag)


def _grids(blocks: list[str | Grid]) -> tuple[list[Grid], list[str], list[str]]:
    """(the tables that may be ledgers, the lines above the first ledger, the lines below).

    A table narrower than three columns or of one row, without a header, lays out the page.
    """
    grids: list[Grid] = []
    above: list[str] = []
    beside: list[str] = []
    found = False
    caption: list[str] = []
    for block in blocks:
        if isinstance(block, str):
            (beside if found else above).append(block)
            caption += [block] if block.strip() else []
            continue
        is_ledger = holds_tasks(block, reference.headers())
        wide = max((len(row.cells) for row in block.rows), default=0) >= _FEWEST_COLUMNS
        if is_ledger or (wide and len(block.rows) > 1):
            grids.append(replace(block, caption=tuple(caption[-CAPTION:])))
            caption = []
            found = found or is_ledger
        else:
            (beside if found else above).extend([*_lines(block), ""])
    return grids, above, beside


def _lines(block: str | Grid) -> list[str]:
    if isinstance(block, str):
        return [block]
    cells = (cell for row in block.rows for cell in dict.fromkeys(row.cells))
    return [line for cell in cells for line in cell.text.split("\n") if line]


def _rows(table: etree._Element) -> Iterator[Row]:
    """The rows as a browser draws them: a cell over several rows or columns is one cell."""
    hanging: dict[int, tuple[Cell, int]] = {}
    """Column → the cell that still covers it, and for how many rows."""
    for number, row in enumerate(table.iter("tr"), start=1):
        if row.get(GONE):
            continue
        cells: list[Cell] = []
        left = {column: (cell, more - 1) for column, (cell, more) in hanging.items() if more > 1}
        for element in row:
            if element.tag not in ("td", "th"):
                continue
            while len(cells) in hanging:
                cells.append(hanging[len(cells)][0])
            across = min(_span(element, "colspan"), _MAX_COLUMNS)
            down = _span(element, "rowspan")
            cell = Cell(_text(element), number, len(cells) + 1)
            for column in range(len(cells), len(cells) + across):
                if down > 1:
                    left[column] = (cell, down - 1)
                cells.append(cell)
            check_extent(0, len(cells))
        while len(cells) in hanging:
            cells.append(hanging[len(cells)][0])
        hanging = left
        yield Row(number, tuple(cells))


def _span(element: etree._Element, name: str) -> int:
    """A span as browsers take it: 1 when it is no number; rowspan 0 reaches to the table's end."""
    written = re.match(r"\s*(\d{1,4})", element.get(name) or "")
    if not written:
        return 1
    return int(written[1]) or (10_000 if name == "rowspan" else 1)


def _text(element: etree._Element) -> str:
    """The text of a cell, a line for each paragraph or <br>."""
    shown = "".join(_pieces(element)).split(_LINE_END)
    lines = (_SPACES.sub(" ", line).strip() for line in shown)
    text = "\n".join(filter(None, lines))
    if len(text) > MAX_CELL_CHARACTERS:
        raise LedgerError(f"有一格超过 {MAX_CELL_CHARACTERS} 字，不是台账表格，请检查文件内容")
    return text


def _pieces(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for part in element:
        if isinstance(part.tag, str):
            end = _LINE_END if part.tag in _BLOCKS else ""
            yield end
            yield from _pieces(part) if len(part) else (part.text or "",)
            yield end
        yield part.tail or ""
