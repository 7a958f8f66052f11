"""Word files and workbooks written part by part, for what no library writes."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.loaders.ledger_documents import HEADER

TITLE = "某省2020年任务分工台账"
ROW = ("一、制度建设", "（一）机制", "制定要点。", "厅法规处", "2020年6月30日")
OTHER = ("二、归集", "（二）质量", "归集信息。", "厅公路处", "2020年12月31日")
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def relations(*targets: tuple[str, str], extra: str = "") -> str:
    """A part of relations: (kind, target) of each."""
    listed = "".join(
        f'<Relationship Id="r{n}" Type="{_TYPES}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{listed}{extra}</Relationships>'


def packed(path: Path, parts: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def run(text: str, looks: str = "") -> str:
    return f"<w:r><w:rPr>{looks}</w:rPr><w:t>{text}</w:t></w:r>"


def paragraph(*inside: str) -> str:
    return "<w:p>" + "".join(i if i.startswith("<") else run(i) for i in inside) + "</w:p>"


def cell(*inside: str, looks: str = "") -> str:
    written = "".join(
        i if i.startswith(("<w:p>", "<w:p ", "<w:tbl>", "<w:sdt>")) else paragraph(i)
        for i in inside
    )
    return f"<w:tc><w:tcPr>{looks}</w:tcPr>{written}</w:tc>"


def row(cells: Sequence[str], looks: str = "") -> str:
    drawn = "".join(c if c.startswith("<w:tc>") else cell(c) for c in cells)
    return f"<w:tr><w:trPr>{looks}</w:trPr>{drawn}</w:tr>"


def table(*rows: Sequence[str] | str) -> str:
    drawn = "".join(r if isinstance(r, str) else row(r) for r in (HEADER, *rows))
    return f"<w:tbl>{drawn}</w:tbl>"


def box(inside: str) -> str:
    """A text box, drawn for new programs and once more for old ones."""
    content = f"<w:txbxContent>{inside}</w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:wsp><wps:txbx>"
        f"{content}</wps:txbx></wps:wsp></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>"
        f"{content}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def word(path: Path, body: str, parts: Mapping[str, str] | None = None, links: str = "") -> Path:
    """A Word file; `parts` are further parts by the kind of their relation."""
    parts = parts or {}
    listed = relations(*((kind, f"{kind}.xml") for kind in parts), extra=links)
    return packed(
        path,
        {
            "_rels/.rels": relations(("officeDocument", "word/document.xml")),
            "word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": listed,
            **{f"word/{kind}.xml": part.replace(">", f" {_W}>", 1) for kind, part in parts.items()},
        },
    )


def text_cell(at: str, text: str, style: int = 0) -> str:
    return f'<c r="{at}" s="{style}" t="inlineStr"><is><t>{text}</t></is></c>'


def number_cell(at: str, value: float, style: int) -> str:
    return f'<c r="{at}" s="{style}"><v>{value}</v></c>'


def sheet_rows(rows: Sequence[Sequence[str]]) -> str:
    """Rows of a sheet; what begins with a tag is a cell already."""
    drawn = []
    for n, cells in enumerate(rows, start=1):
        inside = (
            c if c.startswith("<") else text_cell(f"{chr(65 + i)}{n}", c)
            for i, c in enumerate(cells)
        )
        drawn.append(f'<row r="{n}">{"".join(inside)}</row>')
    return f"<sheetData>{''.join(drawn)}</sheetData>"


def styles(
    formats: Sequence[str] = (), fonts: Sequence[str] = (), looks: Sequence[str] = ()
) -> str:
    """Cell style n is format n, then those that `looks` list by attributes."""
    codes = "".join(
        f'<numFmt numFmtId="{164 + n}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for n, code in enumerate(formats)
    )
    drawn = "".join(f"<font>{font}</font>" for font in ("", *fonts))
    xfs = "".join(f'<xf numFmtId="{164 + n}" fontId="0" fillId="0"/>' for n in range(len(formats)))
    xfs += "".join(f"<xf {look}/>" for look in looks)
    fills = (
        '<fills><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FF1F4E79"/></patternFill></fill></fills>'
    )
    return (
        f"<styleSheet {_S}><numFmts>{codes}</numFmts><fonts>{drawn}</fonts>{fills}"
        f'<cellXfs><xf numFmtId="0" fontId="0" fillId="0"/>{xfs}</cellXfs></styleSheet>'
    )


def workbook(
    path: Path,
    *sheets: tuple[str, str],
    style: str = "",
    properties: str = "",
    more: Mapping[str, str] | None = None,
) -> Path:
    """A workbook of (name, inside of the worksheet)."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, (name, _) in enumerate(sheets, 1)
    )
    space = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    return packed(
        path,
        {
            "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": (
                f"<workbook {_S} {space}><workbookPr {properties}/><sheets>{listed}</sheets></workbook>"
            ),
            "xl/_rels/workbook.xml.rels": relations(*targets, ("styles", "styles.xml")),
            "xl/styles.xml": style or styles(),
            **{
                f"xl/worksheets/sheet{n}.xml": f"<worksheet {_S} {space}>{inside}</worksheet>"
                for n, (_, inside) in enumerate(sheets, start=1)
            },
            **(more or {}),
        },
    )
