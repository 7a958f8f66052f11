"""Which column each cell belongs to, where the source no longer says.

A merged first cell is printed once: in the rows below it is missing, and a table saved as text or
by a careless page has their cells one column too far to the left. What a cell says then tells where
it belongs: a unit, a date, a number, a sentence.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from loaders.labels import labels_in
from loaders.phrases import is_unit_name, names_role, read_deadline, read_owners
from loaders.reference import OWNERS, deadline_words
from loaders.wording import folded, is_ordinal

# What it costs to say that a column has no cell in a row: merged headings are the rule, a row
# without a task the exception.
_MISSING = {"task": 8.0, "lead": 2.0, "responsible": 2.0, "deadline": 2.0, "points": 1.0}
_MISSING_OTHER = 0.5
_GOES_ON = 3.0
_CLEAR = 2.0
_WORTH_MOVING = 4.0
_MOST_COLUMNS = 12
_SENTENCE = re.compile(r"[。；;]|[,，].{6}")
_FIRST_LEVEL = re.compile(r"[一二三四五六七八九十]+[、.．]")
_SECOND_LEVEL = re.compile(r"[（(][一二三四五六七八九十]+[)）]")
_SCORING = re.compile(r"[得扣加减]\s*\d+(?:\.\d+)?\s*分|不得分|满分")
_NOBODY = ("/", "-", "—", "——", "--", "无")
_LONGEST_HEADING = 40
_LONGEST_OWNER = 200


def missing_cost(field: str) -> float:
    return _MISSING.get(field, _MISSING_OTHER)


@functools.lru_cache(maxsize=4096)
def _kinds(text: str) -> frozenset[str]:
    """What a text can be: number, owner, deadline, points, sentence, heading, level
    (level1, level2 by its numbering), scoring."""
    written = folded(text)
    kinds = set()
    if is_ordinal(written):
        kinds.add("number")
    if written in _NOBODY:
        kinds.add("nobody")
    if re.fullmatch(r"(?!20\d\d\.\d)\d+(?:\.\d+)?分?", written):
        kinds.add("points")
    if len(written) <= _LONGEST_HEADING:
        labelled = any(label.field in OWNERS for label in labels_in(text))
        if written in deadline_words() or (
            not labelled and read_deadline(text, 2000).kind != "unspecified"
        ):
            kinds.add("deadline")
        if "。" not in written.rstrip("。"):
            kinds.add("heading")
    if len(written) <= _LONGEST_OWNER and "number" not in kinds:
        parts = read_owners(text)
        units = [part.unit for part in parts]
        # 评定客运企业信誉等级 begins as a name may, and says of nobody that he does something.
        plain = names_role(text) or not any(part.scope for part in parts)
        if units and plain and all(is_unit_name(unit) and len(unit) <= 40 for unit in units):
            kinds.add("owner")
    if _SENTENCE.search(written) or len(written) > _LONGEST_HEADING:
        kinds.add("sentence")
    if _FIRST_LEVEL.match(written):
        kinds |= {"level", "level1"}
    if _SECOND_LEVEL.match(written):
        kinds |= {"level", "level2"}
    if _SCORING.search(written):
        kinds.add("scoring")
    return frozenset(kinds)


def fit_cost(field: str, text: str) -> float:
    """How badly a text suits a column; 0 is what one expects there, 5 and more is not believed."""
    if not text.strip():
        return 3.0 if field == "task" else 0.0
    kinds = _kinds(text)
    if field in ("number", "points"):
        return 0.0 if field in kinds or (field == "number" and "points" in kinds) else 8.0
    if field in OWNERS:
        return 0.0 if "owner" in kinds else 0.5 if "nobody" in kinds else 6.0
    if field == "deadline":
        return 1.0 if "nobody" in kinds else 0.0 if "deadline" in kinds else 5.0
    misplaced = 5.0 * bool(kinds & {"number", "points"})
    if field == "task":
        misplaced += 5.0 * bool(kinds & {"owner", "deadline"} and "sentence" not in kinds)
        return misplaced + 3.0 * ("level" in kinds) + 1.0 * ("sentence" not in kinds)
    if field in ("level1", "level2"):
        misplaced += 3.0 * bool(kinds & {"owner", "deadline"})
        misplaced += 2.0 * ("level" in kinds and field not in kinds)
        return misplaced + 4.0 * ("sentence" in kinds and "level" not in kinds)
    if field == "criterion":
        return misplaced + (0.0 if "scoring" in kinds else 1.0 if "sentence" in kinds else 3.0)
    return misplaced / 5.0 + 1.0


def realigned(texts: Sequence[str], fields: Sequence[str]) -> tuple[tuple[int, ...], bool] | None:
    """(the column of each text, whether another choice is about as good) for a row that lacks cells.

    `texts` are the row's cells up to the last one written, fewer than `fields`. None when they
    suit the first columns as well as any others: then the row lacks its end.
    """
    if not texts or len(texts) >= len(fields) or len(fields) > _MOST_COLUMNS:
        return None
    costs = [[fit_cost(field, text) for field in fields] for text in texts]
    missing = [missing_cost(field) for field in fields]

    def cost(columns: tuple[int, ...]) -> float:
        filled = sum(costs[i][column] for i, column in enumerate(columns))
        return filled + sum(missing) - sum(missing[column] for column in columns)

    current = cost(tuple(range(len(texts))))
    # Most rows that end in blanks stand where they should: no choice can be that much better.
    if current - sum(sorted(missing)[: len(fields) - len(texts)]) < _WORTH_MOVING:
        return None
    (least, best), (second, _) = two_best(costs, missing)
    if current - least < _WORTH_MOVING:
        return None
    return best, second - least < _CLEAR


def two_best(
    costs: Sequence[Sequence[float]], missing: Sequence[float]
) -> list[tuple[float, tuple[int, ...]]]:
    """The two cheapest (cost, column of each text), given each text's cost in each column and what it
    costs to leave a column without one.
    """
    # By how many texts are placed: the two cheapest ways up to the column looked at.
    ways: list[list[tuple[float, tuple[int, ...]]]] = [[(0.0, ())], *([] for _ in costs)]
    for column, left_out in enumerate(missing):
        ways = [
            sorted(
                [(cost + left_out, placed) for cost, placed in ways[count]]
                + [
                    (cost + costs[count - 1][column], (*placed, column))
                    for cost, placed in (ways[count - 1] if count else ())
                ]
            )[:2]
            for count in range(len(ways))
        ]
    return ways[-1]


def into_rows(
    texts: Sequence[str], fields: Sequence[str], *, broken_cells: bool
) -> list[list[tuple[int, int]]]:
    """A stream of cells without row marks as rows of (index of the text, column).

    Columns only go to the right within a row. With `broken_cells` a cell may have been printed as
    several texts, which then share a column.
    """
    width, texts_count = len(fields), len(texts)
    if not texts_count:
        return []
    skipped = [0.0]
    for field in fields:
        skipped.append(skipped[-1] + missing_cost(field))
    totals = [skipped[k] + fit_cost(f, texts[0]) for k, f in enumerate(fields)]
    came_from: list[list[int]] = []
    """For each further text and column: the column of the text before, or -1 - it for a new row."""
    for text in texts[1:]:
        ended = [total + skipped[width] - skipped[j + 1] for j, total in enumerate(totals)]
        last = min(range(width), key=ended.__getitem__)
        now, steps = [], []
        for k, field in enumerate(fields):
            cost = fit_cost(field, text)
            choices = [(ended[last] + skipped[k], -1 - last)]
            choices += [(totals[j] + skipped[k] - skipped[j + 1], j) for j in range(k)]
            if broken_cells and field in ("task", "criterion", *OWNERS):
                choices.append((totals[k] + _GOES_ON, k))
            least, step = min(choices)
            now.append(least + cost)
            steps.append(step)
        totals = now
        came_from.append(steps)
    column = min(range(width), key=lambda j: totals[j] + skipped[width] - skipped[j + 1])
    rows: list[list[tuple[int, int]]] = [[(texts_count - 1, column)]]
    for index in range(texts_count - 2, -1, -1):
        step = came_from[index][column]
        column = step if step >= 0 else -1 - step
        if step < 0:
            rows.append([])
        rows[-1].append((index, column))
    return [row[::-1] for row in reversed(rows)]
