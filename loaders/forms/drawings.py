"""What lies over a worksheet and beside its cells: text boxes, comments, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from loaders.forms.package import Package

_CELL = re.compile(r"[A-Z]{1,3}(\d{1,7})")
_BOXES, _COMMENTS, _PICTURES = "文本框中的文字", "批注", "图片中的文字"


def drawn_texts(package: Package, sheet: str) -> dict[str, list[tuple[int, str]]]:
    """What it is → (row, text) of each, for the worksheet stored in the part `sheet`."""
    found: dict[str, list[tuple[int, str]]] = {}
    for relation in package.related(sheet):
        if relation.kind == "drawing":
            for row, text, pictures in _anchors(package.root(relation.part)):
                if text:
                    found.setdefault(_BOXES, []).append((row, text))
                if pictures:
                    found.setdefault(_PICTURES, []).append((row, f"{pictures} 张图片"))
        elif relation.kind == "comments":
            for comment in package.root(relation.part).iter("{*}comment"):
                at = _CELL.fullmatch(comment.get("ref") or "")
                text = "".join(t.text or "" for t in comment.iter("{*}t")).strip()
                if text:
                    found.setdefault(_COMMENTS, []).append((int(at[1]) if at else 1, text))
    return found


def _anchors(root: etree._Element) -> Iterator[tuple[int, str, int]]:
    """(row, text, pictures) of each thing drawn."""
    for anchor in root:
        if not isinstance(anchor.tag, str):
            continue
        row = anchor.find("{*}from/{*}row")
        number = int(row.text or 0) + 1 if row is not None and (row.text or "").isdecimal() else 1
        paragraphs = ("".join(t.text or "" for t in p.iter("{*}t")) for p in anchor.iter("{*}p"))
        text = " ".join(filter(str.strip, paragraphs)).strip()
        yield number, text, sum(1 for _ in anchor.iter("{*}blip"))
