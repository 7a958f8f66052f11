"""Documents nobody wrote, in every form: for the tests of this folder and for `python -m benchmarks.fuzz`,
which reads thousands of them.

Whole ones (`tables`, `texts`, `markup`) have their header anywhere, random merges, missing cells and
odd characters; `damaged` ones are cut, spliced or changed, inside their archive too.
"""

from __future__ import annotations

import functools
import io
import re
import tempfile
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path

import docx
from hypothesis import strategies as st

from tests.loaders.checked_documents import Document
from tests.loaders.ledger_documents import HEADER, LEFT, SAVE, UP, seed_table
from tests.loaders.pdf_documents import save_pdf, save_text_pdf
from tests.loaders.wrapped_documents import wrapped

TITLE = "湖南省2020年台账"
DRAWN = {**SAVE, ".pdf": save_pdf}
"""Form → how a table with merges is saved in it."""
NAMES = (
    *(".txt", ".csv", ".tsv", ".md", ".html", ".htm", ".pdf", ".docx", ".docm", ".xlsx", ".xlsm"),
    *(".xls", ".doc", ".wps", ".et", ".rtf", ".odt", ".ods", ".json", ""),
)
MAGIC = (
    *(b"%PDF-1.4\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf1 ", b"\xff\xfe"),
    *(b"<html><table><tr><td>", b"<?xml version='1.0'?><!DOCTYPE html><table>", b"\xef\xbb\xbf"),
)

_ROW_TEXTS = (
    *("", "", UP, UP, LEFT, *HEADER),
    *(
        "一、组织保障（4分）",
        "（一）领导",
        "组\n织",
        "八、加分项",
        "合计",
        "注：按月报送。",
        "同上",
    ),
    *("制定办法，每月通报1次。", "1.公示信息。2.公布清单。（2分）", "11.归集信息，助力政策"),
    *("厅法规处", "厅法规处牵头、人事处配合", "各市、县（区）交通运输局", "2020年12月", "持續推進"),
    *("2", "每项2分", "得4分；未成立不得分。", "80%", "已完成", "1.", "3. 4.", "（2分）", "44196"),
)
_ODD_TEXTS = (
    *("\u200b", "‮", "=1+1", "<b>", "|", "\t", "\xa0", "&amp;", "]]>", '"', "'", "、", "；", "，"),
    *(
        "（",
        "）（",
        "《",
        "。",
        "①",
        "２０２０年",
        "二〇二〇年十三月",
        "2020年2月30日",
        "每",
        "0分",
    ),
    *("Ａ" * 70, "一" * 30, "9" * 30, "字" * 1500, "ﷺ", "👩‍👩‍👧", "é", "\u0301", "\ufeff台账"),
)
TEXTS = st.one_of(
    st.sampled_from(_ROW_TEXTS),
    st.sampled_from(_ROW_TEXTS),
    st.sampled_from(_ROW_TEXTS + _ODD_TEXTS),
    st.lists(st.sampled_from(_ROW_TEXTS[7:] + _ODD_TEXTS), min_size=2, max_size=4).map("".join),
)
EXTRA = st.sampled_from(
    ["序号", "分值", "评分标准", "备注", "进度", "考核人", "完成时间", "完成日期", "佐证材料", ""]
)
_DUTIES = (
    *(
        "一、建设",
        "二、归集（牵头单位：厅法规处）",
        "（一）制定办法。印发。（厅法规处）",
        "牵头单位：厅法规处",
    ),
    *("1.归集信息【厅信息中心，2020年6月底前】", "责任单位：厅运输处、人事处；完成时限：2020年底"),
    *("2.开展联合惩戒。每季度至少1次。（牵头：厅运输处；配合：各市州交通运输局）", "三、保障措施"),
    *("加强宣传（厅办公室", "印发清单。（厅法规处）公示名单。（厅运输处，2020年6月）"),
)
_NUMBERS = st.sampled_from(
    ["0", "1", "2", "3", "-1", "63", "300", "99999", "2147483648", "9" * 25, "1.5", "x", "", "１"]
)
_LINES = st.one_of(
    TEXTS,
    st.lists(TEXTS, min_size=2, max_size=6).map(" | ".join),
    st.lists(TEXTS, min_size=2, max_size=6).map("\t".join),
    st.sampled_from(
        ["|", "|---|---|", "\t", "附件：1.表", "责任单位：", "完成时限：持续", "2020年3月5日"]
    ),
    *[st.sampled_from(_DUTIES)] * 3,
)


@st.composite
def grids(draw) -> list[list[str]]:
    """A header somewhere, repeated at random, over rows of anything with random merges."""
    header = [*HEADER, *draw(st.lists(EXTRA, max_size=3))]
    row = st.lists(TEXTS, min_size=len(header), max_size=len(header))
    rows = draw(st.lists(row, min_size=1, max_size=8))
    for _ in range(draw(st.sampled_from([0, 1, 1, 1, 1, 2, 2]))):
        rows.insert(draw(st.integers(0, len(rows))), list(header))
    return rows or [header]


@st.composite
def tables(draw, form: str) -> Document:
    """A grid drawn the way the programs of this form draw one; rows of a .csv may be ragged."""
    rows = rectangular(draw(grids()))
    if form == ".csv":
        rows = [row[: draw(st.integers(1, len(row)))] if draw(_SELDOM) else row for row in rows]
        rows += [[*row, draw(TEXTS)] for row in rows[-1:] if draw(_SELDOM)]
        return Document(
            "table .csv", "台账2020.csv", _saved(_save_ragged, ".csv", rows), _standalone(rows)
        )
    # No font of a reader shows these, and text of another direction is written backwards.
    texts = () if form == ".pdf" else _standalone(rows)
    return Document(f"table {form}", f"台账2020{form}", _saved(DRAWN[form], form, rows), texts)


_SELDOM = st.integers(0, 9).map(lambda n: n == 9)


def rectangular(rows: list[list[str]]) -> list[list[str]]:
    """Without merges that no program draws: upward from the first row, leftward from the first
    column, and those that are no rectangle."""
    clean = [list(row) for row in rows]
    for i, row in enumerate(clean):
        for j, cell in enumerate(row):
            above_merges = i and clean[i - 1][j] in (LEFT,)
            if (cell == UP and (i == 0 or above_merges)) or (
                cell == LEFT and (j == 0 or row[j - 1] == UP)
            ):
                row[j] = ""
            if row[j] == LEFT and i + 1 < len(clean) and clean[i + 1][j] == UP:
                clean[i + 1][j] = ""
        for j, cell in enumerate(row):
            if cell == LEFT and i + 1 < len(clean):
                k = j
                while k and row[k] == LEFT:
                    k -= 1
                for column in range(k, j + 1):
                    if clean[i + 1][column] == UP:
                        clean[i + 1][column] = ""
    return clean


def _standalone(rows: list[list[str]]) -> tuple[str, ...]:
    """What must be found again; nothing of a table without header, which may be read as a plan."""
    if not any(row[: len(HEADER)] == [*HEADER] for row in rows):
        return ()
    return tuple(
        cell for row in rows for cell in row if cell not in (UP, LEFT, '"') and cell[:1] != "="
    )


def _saved(save: Callable, form: str, rows: list[list[str]]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return save(Path(folder) / f"a{form}", [TITLE], rows).read_bytes()


def _save_ragged(path: Path, titles: list[str], rows: list[list[str]]) -> Path:
    cells = [[*titles], *([cell.strip(UP + LEFT) for cell in row] for row in rows)]
    quoted = (",".join(f'"{c.replace(chr(34), chr(34) * 2)}"' for c in row) for row in cells)
    path.write_text("\n".join(quoted), encoding="utf-8")
    return path


@st.composite
def texts(draw, form: str) -> Document:
    """Lines of running text, and of tables as text draws them, below column names or none."""
    between = draw(st.sampled_from(["\n", "\n|\n", "\n\n", " | ", "\t", ""]))
    header = between.join(HEADER).split("\n") if between else []
    lines = [*header, *draw(st.lists(_LINES, max_size=40))]
    if form == ".txt":
        encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
        content = "\n".join(lines).encode(encoding, "replace")
    elif form == ".html":
        content = "".join(f"<p>{escape(line)}</p>" for line in lines).encode("utf-8", "replace")
    elif form == ".docx":
        document, saved = docx.Document(), io.BytesIO()
        for line in lines:
            document.add_paragraph(line)
        document.save(saved)
        content = saved.getvalue()
    else:
        with tempfile.TemporaryDirectory() as folder:
            content = save_text_pdf(Path(folder) / "a.pdf", lines).read_bytes()
    return Document(f"text {form}", f"方案2020{form}", content)


@st.composite
def markup(draw, form: str) -> Document:
    """Tables as no program writes them: spans that are no numbers, cells left out or drawn twice,
    tables in tables, several of them with and without a header.
    """
    write = {".html": _page, ".docx": _word, ".xlsx": _workbook}[form]
    return Document(f"markup {form}", f"台账2020{form}", write(draw))


_SPANS = st.one_of(st.sampled_from(["", "", "", "1", "2", "2", "3"]), _NUMBERS.filter(str.isdigit))
_CELLS = st.lists(st.tuples(TEXTS, _SPANS, _SPANS), max_size=7)


def _page(draw) -> bytes:
    tables = []
    for _ in range(draw(st.integers(1, 3))):
        rows = ["".join(f"<th>{name}</th>" for name in HEADER)] * draw(
            st.sampled_from([0, 1, 1, 1])
        )
        for cells in draw(st.lists(_CELLS, max_size=6)):
            drawn = [
                f'<td rowspan="{down}" colspan="{across}">{escape(text.strip(UP + LEFT))}</td>'
                for text, down, across in cells
            ]
            rows.append("".join(drawn))
        tables.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
    around = draw(st.sampled_from(["{}", "<table><tr><td>{}</td></tr></table>", "<div><p>{}<tr>"]))
    return f"<h1>{TITLE}</h1>{around.format(''.join(tables))}".encode("utf-8", "replace")


def _word(draw) -> bytes:
    tables = []
    for _ in range(draw(st.integers(1, 3))):
        rows = ["".join(_word_cell(name) for name in HEADER)] * draw(st.sampled_from([0, 1, 1, 1]))
        for cells in draw(st.lists(_CELLS, max_size=6)):
            drawn = [_word_cell(text.strip(UP + LEFT), *spans) for text, *spans in cells]
            skipped = draw(_SPANS)
            properties = f'<w:trPr><w:gridBefore w:val="{skipped}"/></w:trPr>' if skipped else ""
            around = draw(st.sampled_from(["{}"] * 6 + ["<w:ins>{}</w:ins>", "<w:sdt>{}</w:sdt>"]))
            rows.append(properties + around.format("".join(drawn)))
        drawn_rows = "".join(f"<w:tr>{row}</w:tr>" for row in rows)
        tables.append(f"<w:tbl><w:tblPr/><w:tblGrid/>{drawn_rows}</w:tbl>")
    inner = tables.pop() if draw(_SELDOM) else ""
    body = f"<w:p><w:r><w:t>{TITLE}</w:t></w:r></w:p>" + "<w:p/>".join(tables)
    if inner:
        body = body.replace("<w:tc>", f"<w:tc>{inner}", 1)
    document = _part(originals()[".docx"], "word/document.xml").decode()
    begin, end = document.index("<w:body>") + 8, document.index("</w:body>")
    return changed_part(
        originals()[".docx"],
        "word/document.xml",
        (document[:begin] + body + document[end:]).encode("utf-8", "replace"),
    )


def _word_cell(text: str, down: str = "", across: str = "") -> str:
    span = f'<w:gridSpan w:val="{across}"/>' if across else ""
    merge = {"": "", "0": "<w:vMerge/>", "1": '<w:vMerge w:val="restart"/>'}.get(
        down, "<w:vMerge/>"
    )
    number = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    paragraph = f"<w:p>{number if down == '2' else ''}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"
    return f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{paragraph}</w:tc>"


def _workbook(draw) -> bytes:
    cells = st.tuples(
        TEXTS,
        st.sampled_from(["inlineStr"] * 40 + ["str", "n", "n", "s", "b", "e", "d", "?"]),
        st.sampled_from([""] * 30 + ["A1", "C2", "XFD3", "B1048576", "D99999999", "ZZZZ4", "b3"]),
        st.one_of(st.sampled_from(["0", "1", "7", "44196", "0.5"]), _NUMBERS),
    )
    rows = ["".join(_sheet_cell(name) for name in HEADER)] * draw(st.sampled_from([0, 1, 1, 1]))
    rows += [
        "".join(_sheet_cell(*c) for c in r)
        for r in draw(st.lists(st.lists(cells, max_size=7), max_size=6))
    ]
    hidden = draw(st.sampled_from([""] * 8 + [' hidden="1"', ' r="7"', ' r="x"']))
    corner = st.sampled_from(["A1", "B2", "E3", "C9", "XFD1048576", "A", "9", ""])
    merges = "".join(
        f'<mergeCell ref="{draw(corner)}:{draw(corner)}"/>' for _ in range(draw(st.integers(0, 3)))
    )
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + "".join(f"<row{hidden}>{row}</row>" for row in rows)
        + f"</sheetData><mergeCells>{merges}</mergeCells></worksheet>"
    )
    return changed_part(
        originals()[".xlsx"], "xl/worksheets/sheet1.xml", sheet.encode("utf-8", "replace")
    )


def _sheet_cell(text: str, kind: str = "inlineStr", at: str = "", figure: str = "") -> str:
    place = f' r="{at}"' if at else ""
    shown = escape(text.strip(UP + LEFT))
    if kind == "inlineStr":
        return f'<c{place} t="inlineStr"><is><t>{shown}</t></is></c>'
    value = shown if kind in ("str", "e", "d") else figure
    return f'<c{place} t="{kind}" s="{figure}"><v>{value}</v></c>'


@functools.cache
def originals() -> dict[str, bytes]:
    """Form → a whole ledger in it, and a plan in running text, to be damaged."""
    titles, table = seed_table("hunan-2019")
    with tempfile.TemporaryDirectory() as folder:
        whole = {
            form: save(Path(folder) / f"a{form}", titles, table).read_bytes()
            for form, save in DRAWN.items()
        }
        packed = save_pdf(Path(folder) / "b.pdf", titles, table, packed=True).read_bytes()
    whole["packed.pdf"] = packed
    whole[".txt"] = "\n".join([*titles, *("\t".join(row) for row in table)]).encode()
    return whole


@st.composite
def damaged(draw, form: str) -> Document:
    """A whole file with bytes changed, cut out, doubled or put in from another; of an archive also
    inside its parts, and of a text also by whole characters, or nearly all would be refused at once.
    """
    content = originals()[form]
    deeper = draw(st.booleans())
    if form in (".docx", ".xlsx") and deeper:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        name = draw(st.sampled_from([name for name in names if name.endswith((".xml", ".rels"))]))
        part = _changed(draw, _part(content, name).decode(), "cut double number number number")
        content = changed_part(content, name, part.encode("utf-8", "replace"))
    elif form in (".txt", ".csv", ".html") and deeper:
        text = _changed(draw, content.decode(), "cut double splice number")
        content = text.encode("utf-8", "replace")
    else:
        accidents = "new zeros cut double splice number"
        content = _changed(draw, content.decode("latin-1"), accidents).encode("latin-1", "replace")
    if draw(_SELDOM):
        content = content[: draw(st.integers(0, len(content)))]
    name = f"a{draw(st.sampled_from(NAMES)) if draw(_SELDOM) else form}"
    return Document(f"damaged {form}", name, content)


def _changed(draw, content: str, accidents: str) -> str:
    """`content` after one to four of the accidents."""
    for _ in range(draw(st.integers(1, 4))):
        if not content:
            break
        at = draw(st.integers(0, len(content) - 1))
        end = min(len(content), at + draw(st.integers(1, 200)))
        new = ""
        match draw(st.sampled_from(accidents.split())):
            case "new":
                new = draw(st.binary(min_size=1, max_size=4)).decode("latin-1")
                end = at + len(new)
            case "zeros":
                new = "\0" * (end - at)
            case "double":
                new = content[at:end] * draw(st.integers(2, 4))
            case "splice":
                other = originals()[draw(st.sampled_from([*originals()]))].decode("latin-1")
                start = draw(st.integers(0, len(other) - 1))
                new = other[start : start + (end - at)]
            case "number" if figure := re.compile(r"\d+").search(content, at):
                at, end = figure.span()
                new = draw(_NUMBERS)
        content = content[:at] + new + content[end:]
    return content


def _part(archive: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return opened.read(name)


def changed_part(archive: bytes, name: str, content: bytes) -> bytes:
    """The archive with another content for one part."""
    saved = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(saved, "w") as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return saved.getvalue()


@st.composite
def any_bytes(draw) -> Document:
    """Bytes that are no document, under any name, some with the beginning of one."""
    content = draw(
        st.one_of(
            st.binary(max_size=300),
            st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")),
            st.tuples(st.sampled_from(MAGIC), st.binary(max_size=300)).map(b"".join),
        )
    )
    return Document("bytes", f"a{draw(st.sampled_from(NAMES))}", content)


@st.composite
def around_words(draw, form: str) -> Document:
    """A ledger whose words stand within whatever programs put around words."""
    content, seen, unseen = draw(wrapped(form))
    return Document(f"wrapped {form}", f"台账2020{form}", content, seen, unseen)


def kinds() -> dict[str, st.SearchStrategy[Document]]:
    """Every kind of document by name."""
    drawn = {f"table {form}": tables(form) for form in DRAWN}
    written = {f"text {form}": texts(form) for form in (".txt", ".docx", ".html", ".pdf")}
    forged = {f"markup {form}": markup(form) for form in (".docx", ".xlsx", ".html")}
    forged |= {f"wrapped {form}": around_words(form) for form in (".docx", ".xlsx", ".html")}
    broken = {f"damaged {form}": damaged(form) for form in originals()}
    return {**drawn, **written, **forged, **broken, "bytes": any_bytes()}
