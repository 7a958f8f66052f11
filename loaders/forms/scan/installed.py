"""Whether what recognition needs is installed, found out without importing it."""

from __future__ import annotations

import functools
from importlib.util import find_spec
from pathlib import Path

_PARTS = ("onnxruntime", "cv2", "rapidocr", "pypdfium2", "PIL")
_MODEL = Path("models", "PP-OCRv6_rec_small.onnx")


@functools.cache
def is_installed() -> bool:
    """Whether all of it is there, the model too."""
    return all(map(find_spec, _PARTS)) and model().is_file()


def model() -> Path:
    """The model of characters, where the package rapidocr keeps it."""
    package = find_spec("rapidocr")
    return Path((package and package.origin) or "").parent / _MODEL
