"""The 自评表 as a Word document to print and sign: totals, every task, lines for signatures.

Owns the form of the page. Every figure and sentence comes from the `Assessment`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from documents.official.page import (
    HEADING,
    LATIN,
    NOTE,
    PAGE,
    SIZE_2,
    SIZE_4,
    SIZE_SMALL_5,
    TITLE,
    WORD,
    about_context,
    add_field,
    add_font_substitutes,
    add_ruled_table,
    add_run,
    breakable,
    centred,
    mark_as_chinese,
    saved,
    widths_by_content,
)
from documents.self_assessment.content import (
    PARTS,
    Assessment,
    Section,
    account_words,
    criterion_words,
    full_words,
    review_cents,
    reviewed_excess,
    reviewed_sum,
    reviewed_total,
    scheme_words,
    sections,
    self_cents,
    title,
    total_lines,
    total_words,
)
from documents.self_assessment.layout import PRINTED
from documents.workbook.styles import text_width
from loaders.controls import printable
from words import DEMONSTRATION, TRIAL, is_missing, score

TEXT = "宋体"
SIZE_CELL, SIZE_TOTAL = 9, 10.5
TWIPS = 20
"""Of a point."""
ROOM = 269
"""Millimetres between the margins."""
RUNNING = ("task", "criterion", "account")
"""Columns that share their width by what they hold; those of the review are left to write in."""
CENTRED = {"number", "full", "self", "review"}
SIGNATURES = (
    "自评单位（盖章）：　　　　　　　　　　　　填表人：　　　　　　　　　　负责人：　　　　　　　　　　　　　　年　　月　　日",
    "复核单位（盖章）：　　　　　　　　　　　　复核人：　　　　　　　　　　负责人：　　　　　　　　　　　　　　年　　月　　日",
)


def write_document(assessed: Assessment) -> bytes:
    """A Word document across A4, its column names on every page and no row torn apart."""
    # A third of a second to import, and only somebody who downloads needs it.
    from docx import Document

    document = Document()
    add_font_substitutes(document)
    mark_as_chinese(document)
    section = document.sections[0]
    _lie_down(section)
    _line(document, title(assessed), TITLE, SIZE_2, align="center", after=6)
    _line(document, scheme_words(assessed), TEXT, SIZE_TOTAL)
    _line(document, total_words(assessed), TEXT, SIZE_TOTAL, after=6)
    _heading(document, "一、得分汇总")
    _totals(document, assessed)
    _heading(document, "二、逐项自评", before=12)
    _tasks(document, assessed)
    _head_and_foot(section, assessed)
    return saved(document)


def _totals(document: Any, assessed: Assessment) -> None:
    headers = ("部分", "满分", "自评得分", "已锁定", "可达上限")
    lines = total_lines(assessed)
    rows = [
        _row(
            [name, *(score(figures[key]) for key in ("full", "self", "secured", "reachable"))],
            centred=range(1, 5), size=SIZE_TOTAL, bold=position == len(lines),
        )
        for position, (name, figures) in enumerate(lines, start=1)
    ]  # fmt: skip
    head = _row(headers, centred=range(5), size=SIZE_TOTAL, is_header=True)
    _table(document, [head, *rows], [105, 28, 28, 28, 28])


def _tasks(document: Any, assessed: Assessment) -> None:
    """Every task under its indicator, each indicator with its sum."""
    fields = [column.field for column in PRINTED]
    centred = [place for place, field in enumerate(fields) if field in CENTRED]
    rows = [
        _row(
            [_in_two(column.header) for column in PRINTED],
            centred=range(len(fields)),
            is_header=True,
        )
    ]
    held = dict.fromkeys((fields.index(field) for field in RUNNING), 0)
    for section in sections(assessed):
        rows.append(_spanning(section.title, len(fields)))
        cells = [_cells(task, assessed, fields) for task in section.rows]
        *above, last = cells
        rows += [_row(texts, centred=centred) for texts in above]
        # No page begins with the sum of the one before.
        rows.append(_row(last, centred=centred, keep=True))
        for place in held:
            held[place] += sum(
                text_width(line) for texts in cells for line in texts[place].split("\n")
            )
        rows.append(_sum_row(section, assessed, fields))
        if section.part == "bonus" and assessed.has_part("excess"):
            rows.append(
                _sums(PARTS["excess"], assessed.total("excess"), reviewed_excess(assessed), fields)
            )
    overall, reviewed = assessed.total("overall"), reviewed_total(assessed)
    # No page holds the signatures alone.
    rows.append(_sums(PARTS["overall"], overall, reviewed, fields, keep=True))
    rows.append(_signing(len(fields)))
    _table(document, rows, widths_by_content([column.width for column in PRINTED], held))


def _in_two(header: str) -> str:
    """Headers of narrow columns in two lines, broken where a reader would."""
    return (
        f"{header[:2]}\n{header[2:]}" if header.endswith("得分") else header.replace("（", "\n（")
    )


def _cells(task: Any, assessed: Assessment, fields: Sequence[str]) -> list[str]:
    values = {
        "number": str(task.number),
        "task": task.task,
        "full": full_words(task),
        "criterion": criterion_words(task, assessed.tiers.get(task.task_id)),
        "self": score(self_cents(task)),
        "account": account_words(task, assessed.reason(task)),
        "review": "" if review_cents(task) is None else score(review_cents(task)),
        "opinion": task.review_opinion,
    }
    return ["" if is_missing(values[field]) else values[field] for field in fields]


def _sum_row(section: Section, assessed: Assessment, fields: Sequence[str]) -> str:
    total = assessed.total(section.part, section.level1 or None)
    return _sums(section.total_words, total, reviewed_sum(section.rows), fields)


def _sums(
    words: str,
    total: dict[str, int],
    reviewed: int | None,
    fields: Sequence[str],
    *,
    keep: bool = False,
) -> str:
    values = {
        "task": words,
        "full": score(total["full"]),
        "self": score(total["self"]),
        "review": "" if reviewed is None else score(reviewed),
    }
    centred = [place for place, field in enumerate(fields) if field in CENTRED]
    texts = [values.get(field, "") for field in fields]
    return _row(texts, centred=centred, bold=True, keep=keep)


def _row(
    texts: Sequence[str],
    *,
    centred: Sequence[int],
    size: float = SIZE_CELL,
    bold: bool = False,
    is_header: bool = False,
    keep: bool = False,
) -> str:
    """A row as XML: made cell by cell through python-docx, a thousand rows take a minute."""
    font = HEADING if bold or is_header else TEXT
    cells = "".join(
        _cell(
            text, font, size, "center" if place in centred else "left",
            shaded=is_header or bold, keep=keep,
        )
        for place, text in enumerate(texts)
    )  # fmt: skip
    repeated = "<w:tblHeader/>" if is_header else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{cells}</w:tr>"


def _spanning(text: str, columns: int) -> str:
    """A row of one cell that stays with the row below it."""
    cell = _cell(text, HEADING, SIZE_CELL, "left", shaded=True, span=columns, keep=True)
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cell}</w:tr>"


def _signing(columns: int) -> str:
    """The lines to sign as the last row, without a frame: below the table as paragraphs of their own
    they would not stay with it in LibreOffice."""
    nothing = "".join(f'<w:{edge} w:val="nil"/>' for edge in ("left", "bottom", "right"))
    lines = "".join(
        f'<w:p><w:pPr><w:snapToGrid w:val="0"/><w:spacing w:before="{before}" w:after="0"/></w:pPr>'
        f"{_run(line, TEXT, SIZE_TOTAL)}</w:p>"
        for line, before in zip(SIGNATURES, (480, 320), strict=True)
    )
    return (
        f'<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:gridSpan w:val="{columns}"/>'
        f"<w:tcBorders>{nothing}</w:tcBorders></w:tcPr>{lines}</w:tc></w:tr>"
    )


def _cell(
    text: str,
    font: str,
    size: float,
    align: str,
    *,
    shaded: bool = False,
    span: int = 1,
    keep: bool = False,
) -> str:
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/>' if shaded else ""
    kept = "<w:keepNext/>" if keep else ""
    return (
        f'<w:tc><w:tcPr>{spanned}{shade}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr>{kept}<w:snapToGrid w:val="0"/><w:spacing w:before="10" w:after="10"'
        f' w:line="240" w:lineRule="auto"/><w:jc w:val="{align}"/></w:pPr>'
        f"{_run(text, font, size)}</w:p></w:tc>"
    )


def _run(text: str, font: str, size: float) -> str:
    half = round(2 * size)
    written = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(printable(breakable(line)))}</w:t>'
        for line in text.split("\n")
    )
    return (
        f'<w:r><w:rPr><w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{font}"'
        f' w:hint="eastAsia"/><w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr>{written}</w:r>'
    )


def _table(document: Any, rows: Sequence[str], shares: Sequence[float]) -> None:
    """Add a table over the width of the page, its columns by their shares."""

    room = ROOM / 25.4 * 72 * TWIPS
    widths = [round(room * share / sum(shares)) for share in shares]
    add_ruled_table(document, rows, widths, margin=50)


def _heading(document: Any, text: str, *, before: float = 0) -> None:
    _line(document, text, HEADING, SIZE_TOTAL + 1.5, before=before, after=4, keep=True)


def _line(
    document: Any,
    text: str,
    font: str,
    size: float,
    *,
    align: str = "left",
    before: float = 0,
    after: float = 0,
    keep: bool = False,
) -> None:
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.keep_with_next = keep
    paragraph._p.get_or_add_pPr().get_or_add_jc().set(f"{{{WORD}}}val", align)
    add_run(paragraph, text, font, size)


def _lie_down(section: Any) -> None:
    """A4 across."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm((297 - ROOM) / 2)
    section.top_margin, section.bottom_margin = Mm(18), Mm(18)
    section.header_distance, section.footer_distance = Mm(9), Mm(7)


def _head_and_foot(section: Any, assessed: Assessment) -> None:
    """The page number, what the figures are of, and above all what they are not."""
    context = assessed.context
    foot = centred(section.footer.paragraphs[0])
    add_run(foot, "— ", PAGE, SIZE_SMALL_5)
    add_field(add_run(foot, "", PAGE, SIZE_SMALL_5), "PAGE")
    add_run(foot, " —", PAGE, SIZE_SMALL_5)
    add_run(centred(section.footer.add_paragraph()), about_context(context), NOTE, SIZE_SMALL_5)
    said = []
    if context.is_demonstration:
        said.append(f"【{DEMONSTRATION}】进展由程序生成，并非真实填报")
    if assessed.scheme is None:
        said.append(f"【{TRIAL}】不是正式得分")
    if said:
        head = centred(section.header.paragraphs[0])
        add_run(head, "　".join(said), HEADING, SIZE_4 - 3.5)
