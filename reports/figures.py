"""All tables of a quarter as one .xlsx: an overview with native charts, a sheet a table, definitions.

Owns the form of the book. Takes its tables as the briefing has them and computes no figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from reports.notice import Briefing
from reports.ruled import Table
from reports.workbook import FONT, LINE_HEIGHT, WIDEST, Context, row_height, text_width
from words import DEMONSTRATION, day, is_missing

HEAD = 3
"""The row of the column headings, counted from 0."""
PER_CHARACTER = 2.1
"""Columns of a sheet are as wide as Latin digits, a Chinese character twice that."""
LONGEST = 32_767
"""Characters Excel takes in a cell."""
WIDE, EMPTY_COLUMN = 120, 8.43
"""What stands above a table runs over so many characters, past a narrow one over empty columns."""
OVERVIEW, OVERVIEW_WIDTH = 10, 125
"""Columns of the overview, and how wide they are together."""
BLUE, LIGHT = "#2F6DB5", "#A9C6E5"


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
    head = plain | {
        "bold": True, "bg_color": "#EAF0F8", "text_wrap": True, "valign": "vcenter", "border": 1,
        "border_color": "#D5DCE5",
    }  # fmt: skip
    forms = {
        "title": book.add_format(plain | {"font_size": 14, "bold": True}),
        "plain": book.add_format(plain),
        "wrapped": book.add_format(plain | {"text_wrap": True}),
        "head": book.add_format(head),
        "head of figures": book.add_format(head | {"align": "right", "indent": 1}),
        "text": book.add_format(plain | line | {"text_wrap": True}),
        "day": book.add_format(plain | line | {"num_format": "yyyy-mm-dd", "align": "left"}),
        "figure": book.add_format(number),
        "share": book.add_format(number | {"num_format": "0.0"}),
    }
    _overview(book, brief, context, forms)
    for table in brief.tables.values():
        if table.key != "states":
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
    return f"【{DEMONSTRATION}】{title}" if context.is_demonstration else title


def _overview(book: Any, brief: Briefing, context: Context, forms: dict[str, Any]) -> None:
    """What the figures are of, the sentences, the states, and two charts."""
    sheet = book.add_worksheet("总览")
    sheet.hide_gridlines(2)
    _for_paper(sheet)
    sheet.set_row(0, 22)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 2, 12)
    sheet.set_column(3, OVERVIEW - 1, 11)
    sheet.write_string(0, 0, _marked(brief.title, context), forms["title"])
    for line, text in enumerate(about(context), start=1):
        _across(sheet, line, text, OVERVIEW, OVERVIEW_WIDTH, forms)
    line += 1
    said = [*brief.overall, *brief.changes, *brief.ranking, *brief.reporting, brief.decided]
    line += 1
    for sentence in [*said, *brief.to_decide, brief.next_quarter]:
        _across(sheet, line, sentence.text, OVERVIEW, OVERVIEW_WIDTH, forms)
        line += 1
    line += 1
    states = brief.tables["states"]
    _rows(sheet, states, line, forms)
    first, last = line + 1, line + len(states.rows) - 1
    line += len(states.rows) + 2
    # No chart is torn apart by a page.
    sheet.set_h_pagebreaks([line])
    if states.rows:
        chart = book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "name": states.title,
                "categories": ["总览", first, 0, last, 0],
                "values": ["总览", first, 1, last, 1],
                "fill": {"color": BLUE},
                "data_labels": {"value": True, "font": {"name": FONT}},
                "gap": 60,
            }
        )
        _dress(chart, states.title, is_single=True)
        sheet.insert_chart(line, 0, chart, {"y_offset": 4})
    indicators = brief.tables["indicators"]
    if indicators.rows:
        chart = book.add_chart({"type": "bar"})
        last = HEAD + len(indicators.rows)
        drawn = [("完成率（%）", BLUE)] if brief.has_progress else []
        drawn.append(("序时进度（%）", LIGHT))
        for heading, colour in drawn:
            column = [each.heading for each in indicators.columns].index(heading)
            chart.add_series(
                {
                    "name": heading.removesuffix("（%）"),
                    "categories": [indicators.title, HEAD + 1, 0, last, 0],
                    "values": [indicators.title, HEAD + 1, column, last, column],
                    "fill": {"color": colour},
                    "data_labels": {"value": True, "num_format": "0.0", "font": {"name": FONT}},
                }
            )
        said = "与".join(heading.removesuffix("（%）") for heading, _ in drawn)
        _dress(chart, f"各一级指标{said}（%）", is_single=len(drawn) == 1)
        sheet.insert_chart(line + 15, 0, chart, {"x_scale": 1.6, "y_scale": 1.8})


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
    sheet.write_string(0, 0, _marked(table.title, context), forms["title"])
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
    if table.rows:
        sheet.autofilter(HEAD, 0, HEAD + len(table.rows), len(table.columns) - 1)
    sheet.repeat_rows(HEAD)
    _for_paper(sheet)


def _across(
    sheet: Any, line: int, text: str, columns: int, width: float, forms: dict[str, Any]
) -> None:
    """A text over the first columns, which are so wide together."""
    sheet.merge_range(line, 0, line, columns - 1, "", forms["wrapped"])
    sheet.write_string(line, 0, text, forms["wrapped"])
    # Merged cells do not grow by themselves.
    sheet.set_row(line, row_height([text], [width - 3]))


def _for_paper(sheet: Any) -> None:
    """A4 across, as wide as one page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _column_width(table: Table, position: int) -> float:
    """Wide enough for the longest cell, or for what the table gives the column, where text wraps."""
    column = table.columns[position]
    longest = max((text_width(row[position]) for row in table.cells), default=0)
    # A heading of figures is not torn at its （%）.
    heading = text_width(column.heading) + 2 if column.is_number else text_width(column.heading) / 2
    wanted = max(min(longest, column.width * PER_CHARACTER), heading)
    return min(max(wanted + 2, 7), WIDEST)


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
            -(-(text_width(heading) + 3) // width)
            for heading, width in zip(headings, widths, strict=True)
        )
        sheet.set_row(head, LINE_HEIGHT * max(lines) + 2)
    if not table.rows:
        sheet.write_string(head + 1, 0, table.nothing, forms["plain"])
    written = table.cells
    for line, row in enumerate(table.rows, start=head + 1):
        cells = written[line - head - 1]
        if widths:
            sheet.set_row(line, row_height(cells, widths))
        for position, (value, column) in enumerate(zip(row, table.columns, strict=True)):
            _write(sheet, line, position, value, forms, is_number=column.is_number)


def _write(
    sheet: Any, line: int, position: int, value: Any, forms: dict[str, Any], *, is_number: bool
) -> None:
    if isinstance(value, str):
        form = forms["figure" if is_number else "text"]
        sheet.write_string(line, position, value[:LONGEST], form)
    elif is_missing(value):
        sheet.write_blank(line, position, None, forms["text"])
    elif isinstance(value, date):
        sheet.write_datetime(line, position, value, forms["day"])
    elif isinstance(value, float):
        sheet.write_number(line, position, value, forms["share"])
    else:
        sheet.write_number(line, position, value, forms["figure"])


def _definitions(
    book: Any,
    brief: Briefing,
    definitions: Mapping[str, tuple[str, str]],
    context: Context,
    forms: dict[str, Any],
) -> None:
    sheet = book.add_worksheet("口径")
    sheet.set_row(0, 22)
    sheet.write_string(0, 0, _marked("各表口径", context), forms["title"])
    for position, width in enumerate((26, 24, 100)):
        sheet.set_column(position, position, width)
    _across(sheet, 1, "　".join(about(context)), 3, 150, forms)
    _for_paper(sheet)
    sheet.freeze_panes(HEAD + 1, 0)
    sheet.repeat_rows(HEAD)
    for position, heading in enumerate(("表", "问题", "口径")):
        sheet.write_string(HEAD, position, heading, forms["head"])
    for line, table in enumerate(brief.tables.values(), start=HEAD + 1):
        title, definition = definitions[table.question]
        for position, text in enumerate((table.title, title, definition)):
            sheet.write_string(line, position, text, forms["wrapped"])
        sheet.set_row(line, row_height([definition], [99]))
