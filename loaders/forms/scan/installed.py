"""Whether what recognition needs is installed; found out when the first picture comes."""

from __future__ import annotations

import functools
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

_PARTS = ("onnxruntime", "cv2", "pypdfium2", "PIL")
_MODEL = Path("models", "PP-OCRv6_rec_small.onnx")


@functools.cache
def is_installed() -> bool:
    """Whether all of it is there and can be loaded, and the model is there."""
    try:
        for part in _PARTS:
            import_module(part)
    except (ImportError, OSError):
        # Also a package that is there and lacks a library of the system.
        return False
    return model().is_file()


def model() -> Path:
    """The model of characters, where the package rapidocr keeps it."""
    package = find_spec("rapidocr")
    return Path((package and package.origin) or "").parent / _MODEL
