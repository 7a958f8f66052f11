"""Ledgers as large as they are asked for, in every form, for the benchmark of the loaders.

Their texts differ from row to row and hardly compress, so nothing is read from a cache and a file of
20 MB holds what 20 MB can hold.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

import docx as word
import openpyxl

from tests.loaders.ledger_documents import HEADER
from tests.loaders.pdf_documents import save_pdf

TITLE = "湖南省2020年信用交通省建设任务台账"
_COMMON = (
    "信用交通运输管理制度系统平台信息归集共享公示评价监督企业单位工作推进落实完善建立健全联合奖惩"
)
_UNITS = ("厅法规处", "厅运输处、省运输中心", "厅公路局牵头，厅安全处配合", "各市州交通运输局")
# What Word writes around a text when a paragraph was formatted by hand.
_WORD_CELL = (
    '<w:tc><w:tcPr><w:tcW w:w="1704" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr><w:p>'
    '<w:pPr><w:spacing w:line="300" w:lineRule="exact"/><w:jc w:val="left"/><w:rPr><w:sz w:val="21"/>'
    '</w:rPr></w:pPr><w:r><w:rPr><w:rFonts w:ascii="FangSong" w:eastAsia="仿宋" w:hint="eastAsia"/>'
    '<w:sz w:val="21"/><w:szCs w:val="21"/></w:rPr><w:t>{}</w:t></w:r></w:p></w:tc>'
)


def rows(count: int) -> Iterator[list[str]]:
    """The header and `count` tasks, always the same."""
    chance = random.Random(count)
    yield list(HEADER)
    for number in range(1, count + 1):
        words = "".join(chance.choices(_COMMON, k=40))
        yield [
            f"{number // 50 + 1}号指标",
            f"第{number // 10 + 1}组要求",
            f"{number}.{words}，每季度至少{chance.randint(1, 9)}次，达到{chance.randint(50, 99)}%以上。",
            chance.choice(_UNITS),
            f"2020年{chance.randint(1, 12)}月底前",
        ]


def csv(path: Path, count: int) -> None:
    path.write_text("\n".join([TITLE, *map(",".join, rows(count))]), encoding="utf-8")


def txt(path: Path, count: int) -> None:
    path.write_text("\n".join([TITLE, *map("\t".join, rows(count))]), encoding="utf-8")


def html(path: Path, count: int) -> None:
    drawn = _each(count, '<td class="c"><p>{}</p></td>', "<tr>{}</tr>\n")
    path.write_text(f"<h1>{TITLE}</h1><table>{drawn}</table>", encoding="utf-8")


def xlsx(path: Path, count: int) -> None:
    """As Excel saves it, the texts apart from the cells."""
    empty = io.BytesIO()
    openpyxl.Workbook().save(empty)
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    numbers = iter(range(count * len(HEADER) + len(HEADER)))
    cells = (
        "".join(
            f'<c r="{column}{line}" s="0" t="s"><v>{next(numbers)}</v></c>' for column in "ABCDE"
        )
        for line in range(1, count + 2)
    )
    sheet = "".join(f'<row r="{line}">{row}</row>' for line, row in enumerate(cells, start=1))
    parts: dict[str, str | bytes] = {
        "xl/worksheets/sheet1.xml": f"<worksheet {space}><sheetData>{sheet}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst {space}>{_each(count, '<si><t>{}</t></si>', '{}')}</sst>",
    }
    _save(path, empty, parts)


def docx(path: Path, count: int) -> None:
    """As Word saves it, each text with its own font."""
    empty = io.BytesIO()
    word.Document().save(empty)
    drawn = _each(count, _WORD_CELL, "<w:tr>{}</w:tr>")
    body = f"<w:p><w:r><w:t>{TITLE}</w:t></w:r></w:p><w:tbl><w:tblPr/><w:tblGrid/>{drawn}</w:tbl>"
    with zipfile.ZipFile(empty) as archive:
        document = archive.read("word/document.xml").decode()
    _save(path, empty, {"word/document.xml": document.replace("<w:body>", f"<w:body>{body}", 1)})


def pdf(path: Path, count: int) -> None:
    save_pdf(path, [TITLE], list(rows(count)))


def plan(path: Path, count: int) -> None:
    """A plan in running text: a duty on each line, who and until when in brackets."""
    lines = [
        f"（{'一二三四五六七八九'[number % 9]}）{task}（{owner}，{deadline}）"
        for number, (_, _, task, owner, deadline) in enumerate(rows(count))
    ]
    path.write_text("\n".join([TITLE, "一、主要任务", *lines[1:]]), encoding="utf-8")


HOLDS_PICTURES = (".xlsx", ".docx", ".pdf")
WRITE: dict[str, Callable[[Path, int], None]] = {
    ".xlsx": xlsx,
    ".docx": docx,
    ".csv": csv,
    ".txt": txt,
    ".html": html,
    ".pdf": pdf,
}


def with_picture(path: Path, size: int) -> None:
    """Bring a .docx, .xlsx or .pdf to `size` bytes with a picture, which does not compress."""
    picture = random.Random(size).randbytes(size - path.stat().st_size)
    if path.suffix == ".pdf":
        # Where nothing refers to it; the offsets of what stands before it stay true.
        content = path.read_bytes()
        end = content.rindex(b"\nxref\n") + 1
        stream = b"9999 0 obj\n<< /Length %d >>\nstream\n" % len(picture) + picture
        tail = content[end:].replace(
            b"startxref\n%d" % end, b"startxref\n%d" % (end + len(stream) + 18)
        )
        path.write_bytes(content[:end] + stream + b"\nendstream\nendobj\n" + tail)
        return
    folder, kind = ("word", "document.xml") if path.suffix == ".docx" else ("xl", "workbook.xml")
    relations = f"{folder}/_rels/{kind}.rels"
    relation = (
        '<Relationship Id="rId999" Target="media/image1.jpeg" Type="http://schemas.openxmlformats.org'
        '/officeDocument/2006/relationships/image"/></Relationships>'
    )
    whole = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(whole) as archive:
        known = archive.read(relations).decode()
        types = archive.read("[Content_Types].xml").decode()
    jpeg = '<Default Extension="jpeg" ContentType="image/jpeg"/>'
    parts: dict[str, str | bytes] = {
        relations: known.replace("</Relationships>", relation),
        "[Content_Types].xml": types
        if jpeg in types
        else types.replace("</Types>", f"{jpeg}</Types>"),
        f"{folder}/media/image1.jpeg": picture,
    }
    _save(path, whole, parts)


def _each(count: int, cell: str, row: str) -> str:
    """Every row in markup, its cells and itself put where the {} is."""
    return "".join(
        row.format("".join(map(cell.format, map(escape, texts)))) for texts in rows(count)
    )


def _save(path: Path, archive: io.BytesIO, parts: dict[str, str | bytes]) -> None:
    """The archive with other parts, or further ones."""
    with (
        zipfile.ZipFile(archive) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in {*old.namelist()} - {*parts}:
            new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
