"""All tables of a quarter as one .xlsx: an overview with native charts, a sheet a table, definitions.

Owns the form of the book. Takes its tables as the briefing has them and computes no figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from documents.workbook.answer import Context
from documents.workbook.styles import FONT, LONGEST, WIDEST, marked, row_height, text_width
from findings.quarter import Briefing
from findings.quarter.model import Table
from loaders.controls import printable
from words import RateOfFew, day, is_missing, rounded

HEAD = 3
"""The row of the column headings, counted from 0."""
PER_CHARACTER = 2.1
"""Columns of a sheet are as wide as Latin digits, a Chinese character twice that."""
LINE_HEIGHT = 16
"""Points of a line of text in a cell."""
WIDE, EMPTY_COLUMN = 120, 8.43
"""What stands above a table runs over so many characters, past a narrow one over empty columns."""
OVERVIEW, OVERVIEW_WIDTH = 10, 139
"""Columns of the overview, and how wide they are together: a page across."""
PADDING = 3
"""What a cell's width loses to the distances at its sides, and to lines that do not come out even."""
SHORT = 10
"""Characters of a heading that stands in one line."""
PAGE, TITLE, LINE = 500, 22, 15
"""Points: the room of a page, a sheet's title, an empty row."""
CHART, MOST_BARS = 960, 12
"""Pixels across a chart; more indicators than that make another chart."""
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
        if table.key != "states" and table.rows:
            _sheet(book, table, definitions[table.question][1], context, forms)
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
    """What the figures are of, the sentences, the states, and the charts."""
    sheet = book.add_worksheet("总览")
    sheet.hide_gridlines(2)
    _for_paper(sheet)
    sheet.set_row(0, TITLE)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 2, 12)
    sheet.set_column(3, OVERVIEW - 1, 13)
    sheet.write_string(0, 0, _marked(brief.title, context), forms["title"])
    said = [*brief.overall, *brief.changes, *brief.ranking, *brief.reporting, brief.decided]
    sentences = [each.text for each in (*said, *brief.to_decide, brief.next_quarter)]
    used, line = float(TITLE), 0
    for line, text in enumerate([*about(context), "", *sentences], start=1):
        used += _across(sheet, line, text, OVERVIEW, OVERVIEW_WIDTH, forms) if text else LINE
    states = brief.tables["states"]
    height = LINE_HEIGHT * (1 + max(len(states.rows), 1))
    line += 2
    breaks = []
    # No table and no chart is torn apart by a page.
    if used + LINE + height > PAGE:
        breaks.append(line)
        used = 0
    _rows(sheet, states, line, forms)
    for row in range(line, line + 1 + len(states.rows)):
        sheet.set_row(row, LINE_HEIGHT)
    charts = [*_chart_of_states(book, states, line), *_charts_of_indicators(book, brief)]
    used += LINE + height
    line += 1 + max(len(states.rows), 1)
    for chart, pixels in charts:
        rows = -(-pixels // 20) + 1
        if used + LINE * (rows + 1) > PAGE:
            breaks.append(line + 1)
            used = 0
        chart.set_size({"width": CHART, "height": pixels})
        sheet.insert_chart(line + 1, 0, chart, {"y_offset": 4})
        line += rows + 1
        used += LINE * (rows + 1)
    sheet.set_h_pagebreaks(breaks)


def _chart_of_states(book: Any, states: Table, head: int) -> list[tuple[Any, int]]:
    """The chart and its height in pixels; none of a single state. The table's last row is its sum."""
    bars = len(states.rows) - 1
    if bars < 2:
        return []
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": states.title,
            "categories": ["总览", head + 1, 0, head + bars, 0],
            "values": ["总览", head + 1, 1, head + bars, 1],
            "fill": {"color": BLUE},
            "data_labels": {"value": True, "font": {"name": FONT}},
            "gap": 60,
        }
    )
    _dress(chart, states.title, is_single=True)
    return [(chart, 60 + 34 * bars)]


def _charts_of_indicators(book: Any, brief: Briefing) -> list[tuple[Any, int]]:
    """The charts and their heights in pixels, which grow with what they show."""
    table = brief.tables["indicators"]
    if not table.rows:
        return []
    drawn = [("序时进度（%）", GREY)]
    if brief.has_progress:
        drawn = [("完成率（%）", BLUE), ("平均进度（%）", LIGHT), *drawn]
    headings = [each.heading for each in table.columns]
    named = "、".join(heading.removesuffix("（%）") for heading, _ in drawn)
    pages = -(-len(table.rows) // MOST_BARS)
    each = -(-len(table.rows) // pages)
    charts = []
    for page, start in enumerate(range(0, len(table.rows), each), start=1):
        bars = min(each, len(table.rows) - start)
        first, last = HEAD + 1 + start, HEAD + start + bars
        chart = book.add_chart({"type": "bar"})
        for heading, colour in drawn:
            column = headings.index(heading)
            chart.add_series(
                {
                    "name": heading.removesuffix("（%）"),
                    "categories": [table.title, first, 0, last, 0],
                    "values": [table.title, first, column, last, column],
                    "fill": {"color": colour},
                    "data_labels": {
                        **{"value": True, "num_format": "0.0", "font": {"name": FONT}},
                        "custom": [
                            {"value": value.fraction} if isinstance(value, RateOfFew) else None
                            for value in (row[column] for row in table.rows[start : start + bars])
                        ],
                    },
                    "gap": 50,
                }
            )
        part = f"（{page}/{pages}）" if pages > 1 else ""
        _dress(chart, f"各一级指标{named}（%）{part}", is_single=len(drawn) == 1)
        # As much as a page holds for the most, and then no bar is thinner than its figure.
        charts.append((chart, 90 + min(22 * len(drawn) + 6, 540 // bars) * bars))
    return charts


def _dress(chart: Any, title: str, *, is_single: bool) -> None:
    font = {"name": FONT, "size": 10}
    chart.set_title({"name": title, "name_font": {"name": FONT, "size": 12}})
    chart.set_y_axis({"reverse": True, "num_font": font, "major_tick_mark": "none"})
    # The values stand at the bars.
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    chart.set_legend({"none": True} if is_single else {"position": "bottom", "font": font})


def _sheet(
    book: Any, table: Table, definition: str, context: Context, forms: dict[str, Any]
) -> None:
    name = "变化" if table.key == "changes" else table.title
    sheet = book.add_worksheet(name[:31])
    sheet.set_row(0, 22)
    sheet.write_string(0, 0, printable(_marked(table.title, context)), forms["title"])
    widths = [_column_width(table, position) for position in range(len(table.columns))]
    for position, width in enumerate(widths):
        sheet.set_column(position, position, width)
    over, columns = 0.0, 0
    while columns < len(widths) or over < WIDE:
        over += widths[columns] if columns < len(widths) else EMPTY_COLUMN
        columns += 1
    for line, text in enumerate(("　".join(about(context)), f"口径：{definition}"), start=1):
        _across(sheet, line, text, columns, over, forms)
    _rows(sheet, table, HEAD, forms, widths)
    sheet.freeze_panes(HEAD + 1, 0)
    sheet.autofilter(HEAD, 0, HEAD + len(table.rows), len(table.columns) - 1)
    sheet.repeat_rows(HEAD)
    _for_paper(sheet)


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


def _for_paper(sheet: Any) -> None:
    """A4 across, as wide as one page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
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
    widths = (26, 24, 24, 90)
    for position, width in enumerate(widths):
        sheet.set_column(position, position, width)
    _across(sheet, 1, "　".join(about(context)), len(widths), sum(widths), forms)
    _for_paper(sheet)
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
