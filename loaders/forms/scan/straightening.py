"""A picture of a page as a grey page that lies straight: even background, no stamps, no tilt.

Knows nothing of tables and text beyond that both run level.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[Any]
"""Of bytes; opencv declares what it returns no closer."""
_STEEPEST = 6.0
"""Degrees of tilt that are looked for."""
_COARSE = 900
"""Pixels of the longer side of the small picture on which the tilt is looked for."""
_DENSE_INK = 25
"""The share of coloured ink, in percent, that is denser than what is taken for paper."""
_PALE = 90
"""Saturation from which a mark is a coloured one (0–255)."""


def level(colours: Picture) -> tuple[Picture, Picture, float]:
    """(the page turned level in grey, light background white, coloured ink gone; the same as it came; the
    share of the page that coloured ink covered). `colours` is BGR."""
    grey, coloured = without_colours(colours)
    grey = even(grey)
    angle = tilt(ink(grey))
    return turned(grey, angle), turned(colours, angle), coloured


def without_colours(colours: Picture) -> tuple[Picture, float]:
    """(grey, share of coloured ink). The brightest channel of a red stamp is nearly that of the paper,
    while the black text below it is dark in all three; what it lacks of the paper is made up."""
    highest = colours.max(axis=2)
    apart = highest.astype(np.int16) - colours.min(axis=2)
    coloured = (apart > _PALE) & (highest > 110)
    share = float(np.mean(coloured))
    if share == 0:
        return cv2.cvtColor(colours, cv2.COLOR_BGR2GRAY), 0.0
    grey = highest.copy()
    brightest = colours.argmax(axis=2)
    for channel in range(3):
        of_one = coloured & (brightest == channel)
        if not of_one.any():
            continue
        usual = np.percentile(highest[of_one], _DENSE_INK)
        # The edges of a mark are paler than counts as coloured.
        around = cv2.dilate(of_one.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
        grey[around] = np.minimum(highest[around] * (255 / usual), 255).astype(np.uint8)
    return grey, share


def even(grey: Picture) -> Picture:
    """The page with its background white everywhere: shadows and yellowed paper divided out."""
    height, width = grey.shape
    small = cv2.resize(
        grey, (max(width // 8, 1), max(height // 8, 1)), interpolation=cv2.INTER_AREA
    )
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    paper = cv2.GaussianBlur(cv2.medianBlur(paper, 5), (0, 0), 4)
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.divide(grey, np.maximum(paper, 1), scale=255)


def ink(grey: Picture) -> npt.NDArray[np.bool_]:
    """Where there is ink."""
    threshold, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return grey < min(max(threshold, 90), 200)


def tilt(dark: npt.NDArray[np.bool_]) -> float:
    """Degrees by which the page has to be turned to lie level: where the rows of ink are sharpest."""
    factor = _COARSE / max(dark.shape)
    small = cv2.resize(
        dark.astype(np.uint8) * 255, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA
    )
    best = 0.0
    step = 1.0
    candidates = np.arange(-_STEEPEST, _STEEPEST + 0.1, step)
    while step > 0.03:
        best = float(max(candidates, key=lambda angle: _sharpness(turned(small, angle, 0))))
        step /= 4
        candidates = best + np.arange(-4, 5) * step
    return best if abs(best) > 0.04 else 0.0


def _sharpness(dark: Picture) -> float:
    rows = dark.sum(axis=1, dtype=np.float64)
    return float(np.sum(np.diff(rows) ** 2))


def turned(picture: Picture, degrees: float, background: int = 255) -> Picture:
    """The picture turned about its centre."""
    if not degrees:
        return picture
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(
        picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(background,) * 3
    )
