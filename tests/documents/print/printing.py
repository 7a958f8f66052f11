"""Documents as LibreOffice prints them, measured: size of type, how full a page is, text over text."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

MILLIMETRE = 72 / 25.4
MOST_SECONDS = 900
"""A busy machine converts all documents in a fraction of this."""
COVERED = 0.35
"""Share of a character that lies under another from which the two count as overlapping."""


@dataclass(frozen=True)
class Page:
    """One printed page; lengths in points, from the lower left corner."""

    width: float
    height: float
    text: str
    sizes: np.ndarray
    """The size of each character that is seen."""
    boxes: np.ndarray
    """Left, bottom, right and top of each of them."""

    def least_size(self, *, head: float = 0, foot: float = 0) -> float:
        """The smallest type between the margins, which are given in millimetres."""
        inside = self._inside(head, foot)
        return float(self.sizes[inside].min()) if inside.any() else np.inf

    def fill(self, *, head: float, foot: float) -> float:
        """How far down the text reaches between the margins in millimetres: 0 empty, 1 full."""
        inside = self._inside(head, foot)
        if not inside.any():
            return 0.0
        bottom, top = foot * MILLIMETRE, self.height - head * MILLIMETRE
        return float((top - self.boxes[inside, 1].min()) / (top - bottom))

    def _inside(self, head: float, foot: float) -> np.ndarray:
        middle = (self.boxes[:, 1] + self.boxes[:, 3]) / 2
        return (middle > foot * MILLIMETRE) & (middle < self.height - head * MILLIMETRE)

    def outside(self) -> int:
        """Characters that reach over the edge of the paper."""
        left, bottom, right, top = self.boxes.T
        over = (left < -1) | (bottom < -1) | (right > self.width + 1) | (top > self.height + 1)
        return int(over.sum())

    def overlapping(self) -> int:
        """Characters that lie partly under another one."""
        boxes = self.boxes[np.argsort(self.boxes[:, 0])]
        areas = np.maximum((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), 1e-6)
        # The widest character tells how many of its neighbours to the right can reach into it.
        widest = float((boxes[:, 2] - boxes[:, 0]).max(initial=0))
        ends = np.searchsorted(boxes[:, 0], boxes[:, 0] + widest)
        found = 0
        for step in range(1, int((ends - np.arange(len(boxes))).max(initial=1))):
            one, other = boxes[:-step], boxes[step:]
            wide = np.minimum(one[:, 2], other[:, 2]) - np.maximum(one[:, 0], other[:, 0])
            high = np.minimum(one[:, 3], other[:, 3]) - np.maximum(one[:, 1], other[:, 1])
            shared = np.clip(wide, 0, None) * np.clip(high, 0, None)
            found += int((shared > COVERED * np.minimum(areas[:-step], areas[step:])).sum())
        return found


def pages_of(path: Path) -> list[Page]:
    """Every page of a .pdf."""
    document = pypdfium2.PdfDocument(path)
    try:
        return [_page(document[number]) for number in range(len(document))]
    finally:
        document.close()


def _page(page: pypdfium2.PdfPage) -> Page:
    width, height = page.get_size()
    text_page = page.get_textpage()
    text = text_page.get_text_range()
    sizes, boxes = [], []
    edges = [ctypes.c_double() for _ in range(4)]
    matrix = pdfium.FS_MATRIX()
    for place in range(pdfium.FPDFText_CountChars(text_page.raw)):
        character = chr(pdfium.FPDFText_GetUnicode(text_page.raw, place))
        if character.isspace() or not character.isprintable():
            continue
        pdfium.FPDFText_GetCharBox(
            text_page.raw, place, edges[0], edges[2], edges[1], edges[3]
        )  # left, right, bottom, top
        left, bottom, right, top = (edge.value for edge in edges)
        pdfium.FPDFText_GetMatrix(text_page.raw, place, matrix)
        scale = (matrix.b**2 + matrix.d**2) ** 0.5
        sizes.append(pdfium.FPDFText_GetFontSize(text_page.raw, place) * scale)
        boxes.append((left, bottom, right, top))
    return Page(width, height, text, np.array(sizes), np.array(boxes).reshape(-1, 4))


def printed(files: Iterable[Path], folder: Path) -> dict[str, list[Page]]:
    """Name of each file → its pages, all converted in one run of LibreOffice; a .pdf as it is."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    assert soffice, "LibreOffice is missing: run.py test installs it"
    files = list(files)
    assert len({file.stem for file in files}) == len(files), "two files would print to one .pdf"
    made = folder / "printed"
    command = [
        *(soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"),
        *("--convert-to", "pdf", "--outdir", str(made)),
        *(str(file) for file in files if file.suffix != ".pdf"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=MOST_SECONDS)
    return {
        file.name: pages_of(file if file.suffix == ".pdf" else made / f"{file.stem}.pdf")
        for file in files
    }
