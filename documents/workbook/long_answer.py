"""A long table as a file: .xlsx with a sheet that explains it, .csv, .json.

Owns how such a file carries what it is (filters, day, data version) and how its text stays text:
nothing is run as a formula, and a number that is a name keeps its zeros. Takes its figures as they
are handed over and computes none.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from itertools import repeat
from typing import Any

import numpy as np
import pandas as pd

from documents.workbook.answer import FRACTION, Context
from documents.workbook.print_page import A4_PAPER, fitted
from documents.workbook.styles import (
    ESCAPE,
    FONT,
    LONGEST,
    WIDEST,
    marked,
    row_height,
    text_width,
)
from loaders.controls import printable, printable_within
from words import day, is_missing, rounded

MOST_DIGITS = 15
"""Excel keeps no more of a number."""
LONGEST_HEADER = 250
"""Characters above a printed page; Excel takes 255."""
WRAPPED = 2_000
"""Most rows of a table whose texts wrap."""
_FORMULA_SIGNS = "=+-@|%＝＋－＠﹢﹣﹦﹫⁺⁻⁼₊₋₌−"
"""What a formula begins with; Excel takes a full-width, small or raised sign for the plain one."""
_BEFORE_FORMULA = re.compile(
    "[\\s\"'“”‘’＂＇`´\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]+"
)
"""Quotes, spaces and marks that cannot be seen: programs drop some of them before they read on."""
EXCELS_DAY_0 = datetime(1899, 12, 30)


def explanation(
    title: str, definition: str, rows: pd.DataFrame, context: Context
) -> dict[str, str]:
    """What a file states about itself, in the order in which it is read."""
    stated = {
        "内容": marked(title, is_demonstration=context.is_demonstration),
        "台账": f"{context.ledger}（{context.edition}）",
        "截至日期": day(context.as_of),
        "筛选": context.filters,
        "行数": str(len(rows)),
        "数据版本": str(context.data_version),
        "制表时间": f"{context.made_at:%Y-%m-%d %H:%M}",
        "口径": definition,
    }
    return {name: printable(text) for name, text in stated.items()}


def long_workbook(title: str, definition: str, rows: pd.DataFrame, context: Context) -> bytes:
    """A workbook of two sheets: 数据 with the rows, 说明 with what they are.

    XlsxWriter makes the workbook with its heading, widths and styles; the rows go into it as one run
    of text, since writing a million cells one by one takes it a quarter of a minute.
    """
    # Imported here, because only a download needs it.
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "strings_to_urls": False})
    font = {"font_name": FONT, "font_size": 10, "valign": "top", "text_wrap": len(rows) <= WRAPPED}
    plain = book.add_format(font)
    # Indented, so that a figure does not touch the text of the next column.
    left, right = ({"align": side, "indent": 1} for side in ("left", "right"))
    texts = book.add_format(font | left)
    figures = book.add_format(font | right)
    fractions = book.add_format(font | right | {"num_format": FRACTION})
    days = book.add_format(font | left | {"num_format": "yyyy-mm-dd"})
    instants = book.add_format(font | left | {"num_format": "yyyy-mm-dd hh:mm"})
    heading = font | {"bold": True, "bg_color": "#EAF0F8", "text_wrap": True}
    head = book.add_format(heading)
    head_of_texts, head_of_figures = (book.add_format(heading | side) for side in (left, right))
    sheet = book.add_worksheet("数据")
    columns = [_cells(rows[name]) for name in rows.columns]
    widths = [_width(name, cells) for name, cells in zip(rows.columns, columns, strict=True)]
    printed = fitted(widths)
    for position, name in enumerate(rows.columns):
        if rows[name].dtype.kind in "iuf":
            style = fractions if _has_fractions(columns[position]) else figures
        else:
            style = _format(rows[name], texts, days, instants)
        sheet.set_column(position, position, printed.widths[position], style)
        over = head_of_figures if rows[name].dtype.kind in "iuf" else head_of_texts
        sheet.write_string(0, position, printable(str(name)), over)
    sheet.freeze_panes(1, 0)
    if len(rows):
        sheet.autofilter(0, 0, len(rows), len(rows.columns) - 1)
    stated = explanation(title, definition, rows, context)
    header = "　".join(f"{name}：{stated[name]}" for name in ("内容", "台账", "截至日期"))
    sheet.set_header("&L" + header.replace("&", "&&")[:LONGEST_HEADER])
    sheet.repeat_rows(0)
    about = book.add_worksheet("说明")
    about.set_column(0, 0, 14, plain)
    about.set_column(1, 1, 94, plain)
    wrapped = book.add_format(font | {"text_wrap": True})
    for line, (name, text) in enumerate(stated.items()):
        about.write_string(line, 0, name, head)
        about.write_string(line, 1, text, wrapped)
        about.set_row(line, row_height([text], [94]) + 2)
    for each in (sheet, about):
        each.set_landscape()
        each.set_paper(printed.paper if each is sheet else A4_PAPER)
        each.fit_to_pages(printed.pages if each is sheet else 1, 0)
        each.set_margins(left=0.35, right=0.35, top=0.75, bottom=0.6)
        each.set_footer("&C第 &P 页，共 &N 页", {"margin": 0.3})
    book.close()
    return _filled(stream, columns)


def _filled(empty: io.BytesIO, columns: list[list[Any]]) -> bytes:
    """The workbook with these columns below the heading of its first sheet."""
    filled = io.BytesIO()
    with (
        zipfile.ZipFile(empty) as source,
        # Level 1 takes a third of the time of the default and makes the file a tenth larger.
        zipfile.ZipFile(filled, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        for part in source.infolist():
            content = source.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = _with_rows(content.decode(), columns).encode()
            target.writestr(part.filename, content)
    return filled.getvalue()


def _with_rows(sheet: str, columns: list[list[Any]]) -> str:
    styles = [
        style
        for first, last, style in re.findall(
            r'<col min="(\d+)" max="(\d+)"[^>]* style="(\d+)"', sheet
        )
        # Neighbours that look alike are one entry.
        for _ in range(int(first), int(last) + 1)
    ]
    written = [
        [_xml_cell(value, style) for value in column]
        for column, style in zip(columns, styles, strict=True)
    ]
    heights = _heights(sheet, columns)
    lines = "".join(
        f'<row r="{line}"{height}>{"".join(cells)}</row>'
        for line, (height, cells) in enumerate(
            zip(heights, zip(*written, strict=True), strict=False), start=2
        )
    )
    return sheet.replace("</sheetData>", lines + "</sheetData>")


def _heights(sheet: str, columns: list[list[Any]]) -> Iterable[str]:
    """The attributes by which each row is as high as its text wraps to."""
    if not columns or len(columns[0]) > WRAPPED:
        return repeat("")
    widths = [
        float(width)
        for first, last, width in re.findall(
            r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', sheet
        )
        for _ in range(int(first), int(last) + 1)
    ]
    texts = (
        [value if isinstance(value, str) else "" for value in row]
        for row in zip(*columns, strict=True)
    )
    # Less the distance at the side.
    widths = [width - 1 for width in widths]
    return [f' ht="{row_height(row, widths)}" customHeight="1"' for row in texts]


def _xml_cell(value: Any, style: str) -> str:
    """One cell. Text is never anything but text, whatever it begins with."""
    if isinstance(value, str):
        return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{_xml_text(value)}</t></is></c>'
    if value is None:
        return f'<c s="{style}"/>'
    if isinstance(value, bool):
        return _xml_cell("是" if value else "否", style)
    if isinstance(value, datetime):
        since = value - EXCELS_DAY_0
        value = since.days + since.seconds / 86_400
    return f'<c s="{style}"><v>{value!r}</v></c>'


def _xml_text(text: str) -> str:
    text = printable(text)[:LONGEST]
    if "_x" in text:
        text = ESCAPE.sub("_x005F_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def csv_table(
    _title: str,
    _definition: str,
    rows: pd.DataFrame,
    _context: Context,
    encoding: str = "utf-8-sig",
) -> bytes:
    """The column names and the rows as Excel opens them, and nothing else: programs read it as it is.
    What the rows are is told by `about_table`. `encoding` is utf-8-sig or gb18030, which holds every
    character too."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([_harmless(str(name)) for name in rows.columns])
    columns = [[_csv_cell(value) for value in _cells(rows[name])] for name in rows.columns]
    writer.writerows(zip(*columns, strict=True))
    return stream.getvalue().encode(encoding)


def about_table(title: str, definition: str, rows: pd.DataFrame, context: Context) -> bytes:
    """What the rows of a .csv are, as a text of one line each, for those who hand the file on."""
    stated = explanation(title, definition, rows, context)
    return "\r\n".join(f"{name}：{text}" for name, text in stated.items()).encode("utf-8-sig")


def json_table(title: str, definition: str, rows: pd.DataFrame, context: Context) -> bytes:
    """For programs: what the rows are, and the rows, as they are. Days are text, 2020-09-30."""
    columns = [str(name) for name in rows.columns]
    cells = [[_json_cell(value) for value in _cells(rows[name])] for name in rows.columns]
    document = {
        "说明": explanation(title, definition, rows, context),
        "演示数据": context.is_demonstration,
        "数据": [dict(zip(columns, values, strict=True)) for values in zip(*cells, strict=True)],
    }
    return json.dumps(printable_within(document), ensure_ascii=False, indent=1).encode()


def _cells(column: pd.Series) -> list[Any]:
    """A column as plain Python: None where nothing is known, day and instant as datetime."""
    if column.dtype.kind == "M":
        return [None if is_missing(value) else value.to_pydatetime() for value in column]
    return [_cell(value) for value in column.tolist()]


def _cell(value: Any) -> Any:
    if isinstance(value, str | bool):
        return value
    if isinstance(value, list | np.ndarray):
        return "、".join(map(str, value))
    if is_missing(value):
        return None
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, int) and len(str(abs(value))) > MOST_DIGITS:
        # The number of a document rather than an amount: as a number Excel would round its last digits.
        return str(value)
    return value if isinstance(value, int | float) else str(value)


def _format(column: pd.Series, plain: Any, days: Any, instants: Any) -> Any:
    if column.dtype.kind != "M":
        return plain
    has_time = any(v.hour or v.minute or v.second for v in column.dropna())
    return instants if has_time else days


def _has_fractions(values: list[Any]) -> bool:
    return any(isinstance(value, float) and not value.is_integer() for value in values)


def _csv_cell(value: Any) -> Any:
    if isinstance(value, str):
        return _harmless(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return (
            f"{value:%Y-%m-%d %H:%M:%S}" if value.time().isoformat() != "00:00:00" else day(value)
        )
    return "" if value is None else value


def _json_cell(value: Any) -> Any:
    return _csv_cell(value) if isinstance(value, datetime) else value


def _harmless(text: str) -> str:
    """Text that Excel, WPS and LibreOffice open as text. A tab, which they do not show, is put before
    what one of them would run as a formula and before digits that it would shorten (007, an 18-digit
    code)."""
    text = printable(text)
    begins = text[found.end() :][:1] if (found := _BEFORE_FORMULA.match(text)) else text[:1]
    is_number = text.isascii() and text.replace(".", "", 1).isdigit()
    shortened = is_number and (
        (text[0] == "0" and text != "0" and text[1:2] != ".") or len(text) > MOST_DIGITS
    )
    return "\t" + text if (begins and begins in _FORMULA_SIGNS) or shortened else text


def _width(name: Any, values: list[Any]) -> float:
    """By the first 200 rows: measuring all of 100,000 takes longer than writing them."""
    longest = max(
        (text_width(_shown(value)[:WIDEST]) for value in values[:200] if value is not None),
        default=0,
    )
    return min(max(longest, text_width(str(name))) + 4, WIDEST)


def _shown(value: Any) -> str:
    """A value as its cell shows it."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
    return str(rounded(value, 2) if isinstance(value, float) else value)
