"""A copy of a document without its links to other files, before a program opens it.

LibreOffice loads a picture of another file into a sheet and a field of an .rtf, whatever its profile
says. Owns where OpenDocument and RTF name another file; the other old forms are left as they are.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

_INSIDE = re.compile(r"(?:#|(?:\./)?(?:Pictures|Object|ObjectReplacements|media)\b)(?!.*\.\.)")
"""A link to a place in the document itself."""
_RTF_FETCHES = re.compile(
    rb"\\(fldinst|template|objdata|objautlink|filetbl|nextfile|datafield)(?![a-z])"
)
"""Control words whose text names another file or a field that does. RTF cannot write them otherwise."""


def copy_without_links(path: Path, target: Path) -> None:
    """Copy the file to `target`. What is no OpenDocument package and no RTF is copied as it is."""
    with path.open("rb") as file:
        start = file.read(5)
    if start.startswith(b"{\\rtf"):
        # As long as before: the counts of embedded bytes stay right. An unknown word is passed over.
        renamed = _RTF_FETCHES.sub(lambda found: b"\\x" + found[1][1:], path.read_bytes())
        target.write_bytes(renamed)
    elif start.startswith(b"PK"):
        with zipfile.ZipFile(path) as read, zipfile.ZipFile(target, "w") as written:
            for entry in read.infolist():
                content = read.read(entry)
                is_xml = (
                    entry.filename.endswith(".xml") and entry.filename != "META-INF/manifest.xml"
                )
                written.writestr(entry, _unlinked(content) if is_xml else content)
    else:
        shutil.copyfile(path, target)


def _unlinked(part: bytes) -> bytes:
    """An XML part with every link to the outside emptied."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    tree = etree.fromstring(part, parser)
    for element in tree.iter(etree.Element):
        for name, value in element.attrib.items():
            if etree.QName(name).localname == "href" and not _INSIDE.match(value):
                element.set(name, "")
    return bytes(etree.tostring(tree.getroottree(), encoding="UTF-8", xml_declaration=True))
