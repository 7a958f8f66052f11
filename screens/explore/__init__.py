"""自由筛选: tasks narrowed down by facets and words, listed, crossed and drawn.

`facets`, `holding`, `searching`, `tabling` and `crossing` know nothing of the screen; the rest draws.
"""

from screens.explore.screen import explore

__all__ = ["explore"]
