"""Documents that ask the program opening them to fetch an address and to read another file."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
    for name, urn in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"),
        ("svg", "svg-compatible"), ("form", "form"), ("script", "script"), ("style", "style"),
    )
) + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"'  # fmt: skip


def _picture(link: str) -> str:
    return (
        '<draw:frame draw:name="p" svg:width="3cm" svg:height="3cm" text:anchor-type="paragraph">'
        f'<draw:image xlink:href="{link}" xlink:type="simple" xlink:show="embed" '
        'xlink:actuate="onLoad"/></draw:frame>'
    )


def _package(path: Path, kind: str, body: str) -> Path:
    mime = f"application/vnd.oasis.opendocument.{kind}"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", mime)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>",
        )
        archive.writestr(
            "content.xml",
            f'<office:document-content {_SPACES} office:version="1.2"><office:body>{body}'
            "</office:body></office:document-content>",
        )
    return path


def odt(path: Path, address: str, other: Path) -> Path:
    """Linked pictures and sections, of the net and of the disk."""
    sections = "".join(
        f'<text:section text:name="s{number}"><text:section-source xlink:href="{link}" '
        'xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/><text:p>x</text:p></text:section>'
        for number, link in enumerate((f"{address}/section.html", other.as_uri()))
    )
    pictures = _picture(f"{address}/p.png") + _picture(other.with_suffix(".png").as_uri())
    table = (
        '<table:table table:name="t"><table:table-column table:number-columns-repeated="2"/>'
        "<table:table-row><table:table-cell><text:p>序号</text:p></table:table-cell>"
        "<table:table-cell><text:p>目标任务</text:p></table:table-cell></table:table-row></table:table>"
    )
    return _package(
        path, "text", f"<office:text>{table}<text:p>{pictures}</text:p>{sections}</office:text>"
    )


def ods(path: Path, address: str, other: Path) -> Path:
    """Functions that fetch, references to another file, a linked sheet and linked pictures."""
    formulas = (
        f'of:=WEBSERVICE(&quot;{address}/w&quot;)',
        f"of:=['{other.as_uri()}'#$Sheet1.A1]",
        f"of:=['{address}/b.csv'#$Sheet1.A1]",
    )  # fmt: skip
    cells = "".join(
        f'<table:table-cell table:formula="{each}" office:value-type="string"><text:p>1</text:p></table:table-cell>'
        for each in formulas
    )
    linked = "".join(
        f'<table:table table:name="l{number}"><table:table-source xlink:href="{link}" '
        'table:filter-name="Text - txt - csv (StarCalc)" table:filter-options="44,34,76,1"/>'
        "<table:table-row><table:table-cell/></table:table-row></table:table>"
        for number, link in enumerate((f"{address}/l.csv", other.as_uri()))
    )
    pictures = _picture(f"{address}/p.png") + _picture(other.with_suffix(".png").as_uri())
    return _package(
        path,
        "spreadsheet",
        '<office:spreadsheet><table:table table:name="Sheet1"><table:table-row>'
        f"<table:table-cell>{pictures}</table:table-cell>{cells}</table:table-row></table:table>"
        f"{linked}</office:spreadsheet>",
    )


def rtf(path: Path, address: str, other: Path) -> Path:
    """Fields that include pictures and texts, and a template."""
    fields = "".join(
        rf'{{\field\fldedit{{\*\fldinst {{{name} "{link}" {switch}}}}}{{\fldrslt x}}}}'
        for name, link, switch in (
            ("INCLUDEPICTURE", f"{address}/p.png", r"\\d"),
            ("INCLUDEPICTURE", other.with_suffix(".png").as_uri(), r"\\d"),
            ("INCLUDETEXT", f"{address}/t.html", ""),
            ("INCLUDETEXT", other.as_uri(), ""),
        )
    )
    path.write_text(
        rf"{{\rtf1\ansi{{\*\template {address}/template.dot}}{fields}\par end}}", encoding="ascii"
    )
    return path


def html(path: Path, address: str, other: Path) -> Path:
    """A page under the name of a workbook."""
    path.write_text(
        f'<html><head><link rel="stylesheet" href="{address}/s.css"></head><body>'
        f'<img src="{address}/p.png"><iframe src="{other.as_uri()}"></iframe>'
        "<table><tr><td>序号</td><td>目标任务</td></tr><tr><td>1</td><td>建立制度</td></tr></table>"
        "</body></html>",
        encoding="utf-8",
    )
    return path


def in_older_form(source: Path, form: str) -> Path:
    """The document saved by LibreOffice in another form."""
    profile = (source.parent / "making").as_uri()
    command = [str(SOFFICE), f"-env:UserInstallation={profile}", "--headless", "--convert-to", form]
    subprocess.run(
        [*command, "--outdir", source.parent, source], check=True, timeout=120, capture_output=True
    )
    return source.with_suffix(f".{form}")


def doc(path: Path, address: str, other: Path) -> Path:
    return in_older_form(odt(path.with_suffix(".odt"), address, other), "doc")


def xls(path: Path, address: str, other: Path) -> Path:
    return in_older_form(ods(path.with_suffix(".ods"), address, other), "xls")
