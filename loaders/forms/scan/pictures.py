"""Pictures of pages out of files, each at the resolution at which text is recognised.

Owns decoding and its bounds: one page at a time is in memory. Knows nothing of what is on a page.
"""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import cv2
import numpy as np
import pypdfium2
from PIL import Image, ImageOps

from loaders.forms.aligned import Aligned
from loaders.forms.archive import check_archive
from loaders.forms.paged import Page, source_of
from loaders.forms.scan import MAX_SCANNED, NO_TEXT, TOO_MANY
from loaders.forms.scan.reading import read_picture
from loaders.forms.scan.recognition import Picture
from loaders.grid import Source
from loaders.model import LedgerError, Tell

RESOLUTION = 200
"""Pixels to the inch."""
_A4 = 2339
"""Pixels of the longer side of an A4 page at that resolution."""
_LONGEST = 3400
"""Pixels of the longer side of the largest page: A3."""
_MOST_PIXELS = 160_000_000
_SMALLEST = 200
_PLAIN_MODES = {"1": "L", "P": "RGBA", "PA": "RGBA", "I": "L", "F": "L", "I;16": "L"}
"""Ways to store a picture that cannot be made smaller as they are → those that can."""


def rendered(path: Path, index: int) -> Picture:
    """A page of a PDF as BGR."""
    with pypdfium2.PdfDocument(path) as document:
        page = document[index]
        longest = max(page.get_size())
        scale = min(RESOLUTION / 72, _LONGEST / max(longest, 1))
        return np.ascontiguousarray(page.render(scale=scale).to_numpy()[:, :, :3])


def read_pictures(path: Path, name: str, tell: Tell) -> Source:
    """The ledger in a picture, in the pages of a .tif, or in the pictures of an archive.

    Raises LedgerError: damaged, too large, too many pages, no text in it.
    """
    pages: list[Page] = []
    aligned: Aligned | None = None
    # Above twice this Pillow itself refuses to decode.
    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    with contextlib.ExitStack() as opened:
        images = [opened.enter_context(Image.open(file)) for file in _files(path, opened)]
        count = sum(getattr(image, "n_frames", 1) for image in images)
        if count > MAX_SCANNED:
            raise LedgerError(TOO_MANY)
        frames = (frame for image in images for frame in _frames(image))
        for number in range(1, count + 1):
            tell(f"正在识别第 {number} 页，共 {count} 页", (number - 1) / count)
            page, aligned = read_picture(next(frames), aligned)
            pages.append(page)
    if not any(page.above or page.tables for page in pages):
        raise LedgerError(f"图片中{NO_TEXT}")
    return source_of(pages, name)


def _files(path: Path, opened: contextlib.ExitStack) -> Iterator[Path | IO[bytes]]:
    """The picture, or those in an archive of the pages of one ledger."""
    if not zipfile.is_zipfile(path):
        yield path
        return
    check_archive(path)
    archive = opened.enter_context(zipfile.ZipFile(path))
    for name in archive.namelist():
        yield opened.enter_context(archive.open(name))


def _frames(image: Image.Image) -> Iterator[Picture]:
    """The pages of one file, as BGR."""
    count = getattr(image, "n_frames", 1)
    for index in range(count):
        if count > 1:
            image.seek(index)
        width, height = image.size
        if width * height > _MOST_PIXELS:
            raise LedgerError(
                f"图片过大（{width} × {height} 像素），请按 200 至 300 dpi 重新扫描后再导入"
            )
        if min(width, height) < _SMALLEST:
            raise LedgerError(
                f"图片太小（{width} × {height} 像素），看不清文字，请按 200 dpi 重新扫描后再导入"
            )
        factor = _factor(image)
        # A JPEG is decoded at a half or a quarter at once, which saves most of the memory.
        image.draft("RGB", (round(width * factor), round(height * factor)))
        # Any other is made smaller before it takes three bytes a pixel.
        whole = image.convert(_PLAIN_MODES[image.mode]) if image.mode in _PLAIN_MODES else image
        smaller = whole.reduce(max(int(image.width / (width * factor)), 1))
        upright = ImageOps.exif_transpose(smaller)
        scale = factor * max(width, height) / max(upright.size)
        size = (round(upright.width * scale), round(upright.height * scale))
        if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
            with_ground = Image.new("RGB", upright.size, "white")
            pasted = upright.convert("RGBA")
            with_ground.paste(pasted, mask=pasted.getchannel("A"))
            upright = with_ground
        colours = np.asarray(upright.convert("RGB"))[:, :, ::-1]
        how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
        yield np.ascontiguousarray(cv2.resize(colours, size, interpolation=how))


def _factor(image: Image.Image) -> float:
    """By how much the picture is enlarged: to 200 dpi where it says its own, else as an A4 page."""
    longest = max(image.size)
    stated = image.info.get("dpi", (0, 0))[0]
    # A camera writes 72 whatever it takes; an A4 page is at least 11 inches long.
    if 100 <= float(stated) <= 1200 and 9 < longest / float(stated) < 18:
        return min(RESOLUTION / float(stated), _LONGEST / longest)
    return _A4 / longest
