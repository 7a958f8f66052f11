"""高级查询: a query is typed, runs apart from everything else, and its answer is shown and drawn.

Owns the editor, the progress of a running query, and the chart of its answer. `warehouse.sandbox`
decides what a query may do and see.
"""

from screens.query.answering import answered, draw, sentence
from screens.query.editing import documented, editor
from screens.query.running import Asked, copy_for, watch

__all__ = [
    "Asked",
    "answered",
    "copy_for",
    "documented",
    "draw",
    "editor",
    "sentence",
    "watch",
]
