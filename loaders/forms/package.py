"""An Office file as a package: its parts found through their relations, whatever they are called.

Word and Excel find a part by the relation that names it; other programs call the parts otherwise,
write their names in another letter case, or use the namespaces of ISO 29500 Strict. Knows neither
documents nor workbooks.
"""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast
from urllib.parse import unquote

from lxml import etree

_PREFIXES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "v": "urn:schemas-microsoft-com:vml",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
}
_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = {
    b"wordprocessingml/main": _PREFIXES["w"],
    b"officeDocument/math": _PREFIXES["m"],
    b"officeDocument/relationships": _PREFIXES["r"],
    b"drawingml/main": _PREFIXES["a"],
    b"spreadsheetml/main": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
}
_USUAL_MAIN = ("word/document.xml", "xl/workbook.xml", "xl/workbook.bin", "ppt/presentation.xml")
"""What the main part is called, for a package whose own relations are missing."""
_MARKS = ("OFD.xml", "Index/Document.iwa")
"""Parts by which the packages of other programs are known."""


def qn(name: str) -> str:
    """w:tbl → the tag as lxml writes it."""
    prefix, _, local = name.partition(":")
    return f"{{{_PREFIXES[prefix]}}}{local}"


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation to another part of the package; `part` is the name under which it is stored."""

    id: str
    kind: str
    """The last word of its type: worksheet, sharedStrings, numbering …"""
    part: str


class Package:
    """The parts of an opened archive by name and relation."""

    def __init__(self, archive: zipfile.ZipFile):
        self.archive = archive
        self._stored = {_plain(name): name for name in archive.namelist()}

    def main(self) -> str:
        """The name of the document or workbook itself; "" when there is none."""
        for relation in self._relations("", "_rels/.rels"):
            if relation.kind == "officeDocument":
                return relation.part
        return next(filter(None, (self._stored.get(name) for name in _USUAL_MAIN)), "")

    def related(self, part: str) -> list[Relation]:
        """The parts of the package that a part refers to. Links to the outside and relations to
        nothing (a picture that was taken out leaves Target="../NULL") are left out."""
        folder, name = posixpath.split(part)
        return self._relations(folder, posixpath.join(folder, "_rels", f"{name}.rels"))

    def first(self, part: str, kind: str) -> str:
        """The name of the first part of a kind that `part` refers to; "" when there is none."""
        return next((each.part for each in self.related(part) if each.kind == kind), "")

    def root(self, part: str) -> etree._Element:
        """The part as parsed, in the namespaces of the transitional format."""
        data = self.archive.read(part)
        if _STRICT in data:
            for ending, name in _TRANSITIONAL.items():
                data = data.replace(_STRICT + ending, name.encode())
        # No Office program writes indentation; left in, it would be read as text of no element.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
        return etree.fromstring(data, parser)

    def open(self, part: str) -> IO[bytes]:
        """The part as it is stored, to be read piece by piece."""
        return self.archive.open(part)

    def _relations(self, folder: str, listed_in: str) -> list[Relation]:
        stored = self._stored.get(_plain(listed_in))
        if stored is None:
            return []
        found = []
        for relation in self.root(stored):
            target = unquote(cast(str, relation.get("Target") or ""))
            inside = target[1:] if target.startswith("/") else posixpath.join(folder, target)
            part = self._stored.get(_plain(posixpath.normpath(inside)))
            if part is None or (relation.get("TargetMode") or "").lower() == "external":
                continue
            kind = (relation.get("Type") or "").rstrip("/").rpartition("/")[2]
            found.append(Relation(relation.get("Id") or "", kind, part))
        return found


def content_of(path: Path) -> str:
    """What an archive holds: `document`, `workbook`, `workbook.bin`, `presentation`, the last word of
    the type an ODF file states, or one of _MARKS; "" for anything else."""
    with zipfile.ZipFile(path) as archive:
        main = Package(archive).main()
        if main.lower().endswith(".bin"):
            return "workbook.bin"
        if main:
            with archive.open(main) as part:
                _, root = next(etree.iterparse(part, events=("start",), resolve_entities=False))
                return etree.QName(root).localname
        names = {_plain(name) for name in archive.namelist()}
        if "mimetype" in names:
            return archive.read("mimetype").decode("ascii", "replace").strip().rpartition(".")[2]
        return next((mark for mark in _MARKS if _plain(mark) in names), "")


def _plain(name: str) -> str:
    """A part's name for comparison: letter case does not count, nor the direction of its slashes."""
    return name.replace("\\", "/").lstrip("/").lower()
