"""Words → the tasks in whose text, reports, evidence or units they stand.

Texts stay in the script they were issued in; a word is looked for in both, simplified and
traditional. A unit is also found by the initials of its name in pinyin: fgc for 厅法规处.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from functools import cache, lru_cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from metrics.narrowing.holding import Explored, Mask
from metrics.narrowing.names import LEAST_INITIALS, alike, initials


class Texts:
    """The texts of an `Explored`, as `explored_texts` answers them, made alike once."""

    def __init__(self, explored: Explored, texts: pd.DataFrame):
        self._explored = explored
        # Rows of both questions come by number, so they stand side by side. One run of bytes: looking
        # through 100,000 texts one by one takes five times as long.
        plain = pa.array(texts.text.to_numpy(dtype=object), pa.large_string())
        likened = pc.utf8_lower(pc.utf8_normalize(plain, "NFKC"))
        _, offsets, content = likened.buffers()
        self._ends = np.frombuffer(offsets, dtype=np.int64)[1 : len(texts) + 1].tolist()
        self._content = content.to_pybytes() if content else b""
        self._initials = {unit: initials(unit) for unit in explored.of_duty["unit"].values}

    def matching(self, sought: str) -> Mask:
        """Which tasks have every one of the words."""
        mask = np.ones(len(self._explored), dtype=bool)
        for word in alike(sought).split():
            found = self._of_units_called(word)
            for spelling in both_scripts(word):
                found |= self._having(spelling.encode())
            mask &= found
        return mask

    def _having(self, word: bytes) -> Mask:
        mask = np.zeros(len(self._explored), dtype=bool)
        at = self._content.find(word)
        while at >= 0:
            row = bisect_right(self._ends, at)
            if at + len(word) <= self._ends[row]:
                mask[row] = True
                at = self._content.find(word, self._ends[row])
            else:
                # The end of one text and the beginning of the next.
                at = self._content.find(word, at + 1)
        return mask

    def _of_units_called(self, word: str) -> Mask:
        mask = np.zeros(len(self._explored), dtype=bool)
        if len(word) >= LEAST_INITIALS and word.isascii() and word.isalpha():
            units = tuple(unit for unit, letters in self._initials.items() if word in letters)
            named = self._explored.of_duty["unit"].having(units)
            mask[self._explored.task_of[named]] = True
        return mask


@lru_cache(maxsize=10_000)
def both_scripts(word: str) -> frozenset[str]:
    """A word as it was typed, in simplified and in traditional script: one, two or three spellings."""
    if word.isascii():
        return frozenset({word})
    simplified, traditional = _converters()
    return frozenset({word, simplified(word), traditional(word)})


@cache
def _converters() -> tuple[Callable[[str], str], Callable[[str], str]]:
    # A tenth of a second for both dictionaries, and only somebody who searches needs them.
    from opencc import OpenCC

    return OpenCC("t2s").convert, OpenCC("s2t").convert
