"""All tables of a quarter as one .xlsx: an overview on one page, a sheet a table, the sentences, the definitions.

Owns the form of the book. Takes its tables as the briefing has them and computes no figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

from documents.workbook.answer import Context
from documents.workbook.print_page import A4_PAPER, fitted
from documents.workbook.styles import FONT, LONGEST, WIDEST, marked, row_height, text_width
from findings.quarter import Briefing
from findings.quarter.model import Table
from loaders.controls import printable
from words import KINDS, RateOfFew, day, is_missing, percent, rate, rounded

HEAD = 3
"""The row of the column headings, counted from 0."""
PER_CHARACTER = 2.1
"""Columns of a sheet are as wide as Latin digits, a Chinese character twice that."""
LINE_HEIGHT = 16
"""Points of a line of text in a cell."""
OVERVIEW = 7
"""Columns of the overview."""
TILES = 3
"""The row of the names of its tiles."""
ON_OVERVIEW = (
    *("一级指标", "适用", "完成", "完成率（%）", "平均进度（%）", "序时进度（%）", "红灯"),
)
"""Columns of the indicators that the overview has."""
PADDING = 3
"""What a cell's width loses to the distances at its sides, and to lines that do not come out even."""
SHORT = 10
"""Characters of a heading that stands in one line."""
TITLE = 22
"""Points of a sheet's title."""
CHART, MOST_BARS, THREE_EACH = 820, 8, 5
"""Pixels across the chart; more indicators than that are on their own sheet only, and up to how many have
three bars each."""
CHART_HEIGHT, PER_ROW = 430, 24
"""Pixels that chart and table share on the overview's page, and what a row of the table takes."""
BLUE, LIGHT, GREY = "#2F6DB5", "#A9C6E5", "#8A8F98"


def quarter_figures(
    brief: Briefing, definitions: Mapping[str, tuple[str, str]], context: Context
) -> bytes:
    """An Excel workbook; `definitions` has title and definition of each question by its name."""
    import xlsxwriter

    stream = BytesIO()
    # Text that looks like a formula or an address stays text.
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    plain = {"font_name": FONT, "font_size": 10, "valign": "top"}
    line = {"bottom": 1, "bottom_color": "#E3E8EF"}
    # Figures keep their distance from the text that follows them.
    number = plain | line | {"align": "right", "indent": 1}
    # And texts that fill their cell keep it from those beside them.
    # Without a side to keep it from, a distance is not drawn.
    text = plain | line | {"text_wrap": True, "align": "left", "indent": 1}
    head = plain | {
        "bold": True, "bg_color": "#EAF0F8", "text_wrap": True, "valign": "vcenter", "border": 1,
        "border_color": "#D5DCE5", "indent": 1,
    }  # fmt: skip
    forms = {
        "title": book.add_format(plain | {"font_size": 14, "bold": True}),
        "plain": book.add_format(plain),
        "wrapped": book.add_format(plain | {"text_wrap": True}),
        "head": book.add_format(head),
        "tile name": book.add_format(plain | {"font_color": "#4A5563", "align": "center"}),
        "tile": book.add_format(plain | {"font_size": 16, "bold": True, "align": "center"}),
        "head of figures": book.add_format(head | {"align": "right"}),
        "text": book.add_format(text),
        "day": book.add_format(text | {"num_format": "yyyy-mm-dd"}),
        "figure": book.add_format(number),
        "share": book.add_format(number | {"num_format": "0.0"}),
    }
    few = {
        value.fraction
        for table in brief.tables.values()
        for row in table.rows
        for value in row
        if isinstance(value, RateOfFew)
    }
    forms |= {each: book.add_format(number | {"num_format": f'"{each}"'}) for each in few}
    _overview(book, brief, context, forms)
    for table in brief.tables.values():
        if table.rows:
            _sheet(book, table, context, forms)
    _sentences(book, brief, context, forms)
    _definitions(book, brief, definitions, context, forms)
    book.set_properties({"title": brief.title, "comments": "；".join(about(context))})
    book.close()
    return stream.getvalue()


def about(context: Context) -> list[str]:
    """What every export states about itself, line by line."""
    return [
        f"台账：{context.ledger}（{context.edition}）",
        f"截至日期：{day(context.as_of)}　筛选：{context.filters}",
        f"数据版本：{context.data_version}　制表时间：{context.made_at:%Y-%m-%d %H:%M}",
    ]


def _marked(title: str, context: Context) -> str:
    return marked(title, is_demonstration=context.is_demonstration)


def _overview(book: Any, brief: Briefing, context: Context, forms: dict[str, Any]) -> None:
    """One printed page: the figures of the whole as tiles, the indicators from the one that is furthest
    behind, and the same as a chart."""
    sheet = book.add_worksheet("总览")
    sheet.hide_gridlines(2)
    _for_paper(sheet, A4_PAPER)
    sheet.fit_to_pages(1, 1)
    sheet.set_row(0, TITLE)
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, OVERVIEW - 1, 12)
    sheet.write_string(0, 0, _marked(brief.title, context), forms["title"])
    sheet.write_string(1, 0, f"截至日期：{day(context.as_of)}", forms["plain"])
    for column, (name, figure) in enumerate(_tiles(brief)):
        sheet.write_string(TILES, column, name, forms["tile name"])
        sheet.write_string(TILES + 1, column, figure, forms["tile"])
    sheet.set_row(TILES + 1, 30)
    table = brief.tables["indicators"]
    headings = [column.heading for column in table.columns]
    kept = [headings.index(name) for name in ON_OVERVIEW]
    by_gap = sorted(table.rows, key=lambda row: _gap(row, headings))[:MOST_BARS]
    shown = replace(
        table,
        columns=tuple(table.columns[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in by_gap),
    )
    head = TILES + 3
    _rows(sheet, shown, head, forms)
    after = head + 1 + max(len(shown.rows), 1)
    if len(table.rows) > len(shown.rows):
        sheet.write_string(
            after, 0, f"列出落后最多的{len(shown.rows)}个，其余见“{table.title}”表。"
        )
        after += 1
    if shown.rows:
        chart = _chart_of_overview(book, brief, shown, head)
        chart.set_size({"width": CHART, "height": CHART_HEIGHT - PER_ROW * len(shown.rows)})
        sheet.insert_chart(after + 1, 0, chart, {"y_offset": 4})


def _tiles(brief: Briefing) -> list[tuple[str, str]]:
    """Name and figure of each tile, as the page writes them."""
    total = brief.answers.total
    if total is None or not brief.has_progress:
        counts = brief.answers.tasks.kind.value_counts()
        return [(word, f"{counts.get(kind, 0)}项") for kind, word in KINDS.items()]
    return [
        ("完成率", rate(total, decimals=1)),
        ("完成", f"{total.done}/{total.applicable}"),
        ("平均进度", percent(total.mean_percent, 1)),
        ("序时进度", percent(total.expected_percent, 1)),
        ("逾期", f"{total.overdue}项"),
        ("滞后", f"{total.behind}项"),
        ("红灯（含逾期）", f"{int(brief.answers.by_level1.red.sum())}项"),
    ]


def _gap(row: Sequence[Any], headings: Sequence[str]) -> float:
    """How far an indicator's mean percent is ahead of the time gone; the order where nothing is known."""
    mean, expected = (row[headings.index(name)] for name in ("平均进度（%）", "序时进度（%）"))
    return 0.0 if is_missing(mean) or is_missing(expected) else mean - expected


def _chart_of_overview(book: Any, brief: Briefing, shown: Table, head: int) -> Any:
    """The indicators of the overview's table in its order: rates, or how many tasks each has."""
    headings = [column.heading for column in shown.columns]
    drawn = [("适用", BLUE)]
    if brief.has_progress:
        drawn = [("完成率（%）", BLUE), ("平均进度（%）", LIGHT), ("序时进度（%）", GREY)]
    if len(shown.rows) > THREE_EACH:
        drawn = drawn[::2]
    first, last = head + 1, head + len(shown.rows)
    chart = book.add_chart({"type": "bar"})
    for heading, colour in drawn:
        column = headings.index(heading)
        fractions = [
            {"value": row[column].fraction} if isinstance(row[column], RateOfFew) else None
            for row in shown.rows
        ]
        chart.add_series(
            {
                "name": heading.removesuffix("（%）"),
                "categories": ["总览", first, 0, last, 0],
                "values": ["总览", first, column, last, column],
                "fill": {"color": colour},
                "data_labels": {"value": True, "font": {"name": FONT}, "custom": fractions},
                "gap": 60,
            }
        )
    named = "、".join(heading.removesuffix("（%）") for heading, _ in drawn)
    font = {"name": FONT, "size": 10}
    title = f"各一级指标{named}（%）" if brief.has_progress else "各一级指标任务数（项）"
    chart.set_title({"name": title, "name_font": {"name": FONT, "size": 12}})
    chart.set_y_axis({"reverse": True, "num_font": font, "major_tick_mark": "none"})
    # The values stand at the bars.
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    chart.set_legend({"none": True} if len(drawn) == 1 else {"position": "bottom", "font": font})
    return chart


def _sentences(book: Any, brief: Briefing, context: Context, forms: dict[str, Any]) -> None:
    """The sentences of the quarter, to be copied."""
    sheet = book.add_worksheet("文字")
    _for_paper(sheet, A4_PAPER)
    sheet.set_row(0, TITLE)
    sheet.set_column(0, 0, 108)
    sheet.write_string(0, 0, _marked(brief.title, context), forms["title"])
    said = [*brief.overall, *brief.changes, *brief.ranking, *brief.reporting, brief.decided]
    texts = [each.text for each in (*said, *brief.to_decide, brief.next_quarter)]
    for line, text in enumerate(texts, start=2):
        sheet.write_string(line, 0, printable(text), forms["wrapped"])
        sheet.set_row(line, row_height([text], [106]))


def _sheet(book: Any, table: Table, context: Context, forms: dict[str, Any]) -> None:
    name = "变化" if table.key == "changes" else table.title
    sheet = book.add_worksheet(name[:31])
    sheet.set_row(0, 22)
    sheet.write_string(0, 0, printable(_marked(table.title, context)), forms["title"])
    printed = fitted([_column_width(table, position) for position in range(len(table.columns))])
    widths = printed.widths
    for position, width in enumerate(widths):
        sheet.set_column(position, position, width)
    sheet.write_string(1, 0, f"截至日期：{day(context.as_of)}", forms["plain"])
    _rows(sheet, table, HEAD, forms, widths)
    sheet.freeze_panes(HEAD + 1, 0)
    sheet.autofilter(HEAD, 0, HEAD + len(table.rows), len(table.columns) - 1)
    sheet.repeat_rows(HEAD)
    _for_paper(sheet, printed.paper, printed.pages)


def _across(
    sheet: Any, line: int, text: str, columns: int, width: float, forms: dict[str, Any]
) -> float:
    """A text over the first columns, which are so wide together; returns its height in points."""
    sheet.merge_range(line, 0, line, columns - 1, "", forms["wrapped"])
    sheet.write_string(line, 0, printable(text), forms["wrapped"])
    # Merged cells do not grow by themselves.
    height = row_height([text], [width])
    sheet.set_row(line, height)
    return height


def _for_paper(sheet: Any, paper: int, pages: int = 1) -> None:
    """Landscape, the columns on so many pages side by side."""
    sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.fit_to_pages(pages, 0)
    sheet.set_margins(left=0.35, right=0.35, top=0.5, bottom=0.6)
    sheet.set_footer("&C第 &P 页，共 &N 页", {"margin": 0.3})


def _column_width(table: Table, position: int) -> float:
    """Wide enough for the longest cell, or for what the table gives the column, where text wraps."""
    column = table.columns[position]
    longest = max((text_width(row[position]) for row in table.cells), default=0)
    # Headings of numbers are not broken before （%）, and short headings not at all.
    heading: float = text_width(column.heading)
    if column.is_number:
        heading += 2
    elif heading > SHORT:
        heading /= 2
    wanted = max(min(longest, column.width * PER_CHARACTER), heading)
    return min(max(wanted + PADDING, 7), WIDEST)


def _rows(
    sheet: Any, table: Table, head: int, forms: dict[str, Any], widths: Sequence[float] = ()
) -> None:
    """Headings and rows; with `widths`, rows are as high as their longest cell wraps to."""
    for position, column in enumerate(table.columns):
        form = forms["head of figures" if column.is_number else "head"]
        sheet.write_string(head, position, column.heading, form)
    if widths:
        headings = [column.heading for column in table.columns]
        # Bold, with a distance at the side and the button of the filter.
        lines = (
            -(-(text_width(heading) + PADDING + 1) // width)
            for heading, width in zip(headings, widths, strict=True)
        )
        sheet.set_row(head, LINE_HEIGHT * max(lines) + 2)
    if not table.rows:
        sheet.write_string(head + 1, 0, table.nothing, forms["plain"])
    written = table.cells
    for line, row in enumerate(table.rows, start=head + 1):
        cells = written[line - head - 1]
        if widths:
            sheet.set_row(line, row_height(cells, [width - 1 for width in widths]))
        for position, (value, column) in enumerate(zip(row, table.columns, strict=True)):
            _write(sheet, line, position, value, forms, is_number=column.is_number)


def _write(
    sheet: Any, line: int, position: int, value: Any, forms: dict[str, Any], *, is_number: bool
) -> None:
    if isinstance(value, str):
        form = forms["figure" if is_number else "text"]
        sheet.write_string(line, position, printable(value)[:LONGEST], form)
    elif is_missing(value):
        sheet.write_blank(line, position, None, forms["text"])
    elif isinstance(value, date):
        sheet.write_datetime(line, position, value, forms["day"])
    elif isinstance(value, RateOfFew):
        # A number, so that the charts can draw it.
        sheet.write_number(line, position, value, forms[value.fraction])
    elif isinstance(value, float):
        sheet.write_number(line, position, rounded(value, 1), forms["share"])
    else:
        sheet.write_number(line, position, value, forms["figure"])


def _definitions(
    book: Any,
    brief: Briefing,
    definitions: Mapping[str, tuple[str, str]],
    context: Context,
    forms: dict[str, Any],
) -> None:
    """What each table is of, and how many rows it has: one without any has no sheet of its own."""
    sheet = book.add_worksheet("口径")
    sheet.set_row(0, 22)
    sheet.write_string(0, 0, _marked("各表口径", context), forms["title"])
    widths = (20, 18, 18, 54)
    for position, width in enumerate(widths):
        sheet.set_column(position, position, width)
    _across(sheet, 1, "　".join(about(context)), len(widths), sum(widths), forms)
    _for_paper(sheet, A4_PAPER)
    sheet.freeze_panes(HEAD + 1, 0)
    sheet.repeat_rows(HEAD)
    for position, heading in enumerate(("表", "内容", "问题", "口径")):
        sheet.write_string(HEAD, position, heading, forms["head"])
    for line, table in enumerate(brief.tables.values(), start=HEAD + 1):
        content = f"{len(table.rows)} 行" if table.rows else table.nothing
        texts = (table.title, content, *definitions[table.question])
        for position, text in enumerate(texts):
            sheet.write_string(line, position, printable(text), forms["text"])
        sheet.set_row(line, row_height(texts, [width - 1 for width in widths]))
