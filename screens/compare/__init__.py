"""对照比较: two of a kind side by side, by definitions both share."""

from screens.compare.screen import compare

__all__ = ["compare"]
