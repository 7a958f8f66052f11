"""What pure functions make of answers, kept by the content of what they were given.

A page asks, words, labels and draws the same at every run until the data or a choice change. A function
marked `kept` computes once for equal arguments, for all visitors together. As the content is the key,
nothing kept can be out of date, and newer data are another key. Owns how much is kept, and that a caller
who changes what it was handed changes a copy of its own.
"""

from __future__ import annotations

import copy
import hashlib
import pickle
import threading
from collections.abc import Callable, Hashable
from dataclasses import is_dataclass
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

import pandas as pd
from cachetools import LRUCache, cached

P = ParamSpec("P")
R = TypeVar("R")

KEPT_BYTES = 200 * 2**20
"""Memory for what is kept; what was asked for longest ago is dropped first."""


def kept(function: Callable[P, R]) -> Callable[P, R]:
    """`function`, whose results are kept. It must depend on nothing but its arguments, change none of
    them, and take and return only what can be pickled."""

    @wraps(function)
    def handed(*given: P.args, **named: P.kwargs) -> R:
        key = content_of(function, given, sorted(named.items()))
        return keep(key, lambda: function(*given, **named))

    return handed


def content_of(function: Callable[..., Any], *given: Any) -> tuple[str, bytes]:
    """The key of what a function makes of its arguments.

    Frames are pickled by their columns as they lie in memory: 0.1 to 0.5 ms for the tables of a page.
    """
    content = pickle.dumps(given, protocol=5)
    name = f"{function.__module__}.{function.__qualname__}"
    return name, hashlib.blake2b(content, digest_size=20).digest()


def keep(key: Hashable, make: Callable[[], R]) -> R:
    """What is kept under the key; where nothing is, what `make` makes, by one thread while others wait."""
    result: R = _made(key, make)
    return copied(result)


def copied(value: R) -> R:
    """`value` with the frames in it as copies: pandas copies only the columns that are written to.

    Reaches into lists, tuples, dictionaries, partial calls and frozen dataclasses; nothing else may be
    changed.
    """
    given: Any = value
    found: Any = value
    if isinstance(given, pd.DataFrame | pd.Series):
        found = given.copy(deep=False)
    elif isinstance(given, list):
        found = [copied(each) for each in given]
    elif type(given) is tuple:
        found = tuple(copied(each) for each in given)
    elif type(given) is dict:
        found = {name: copied(each) for name, each in given.items()}
    elif isinstance(given, partial):
        found = partial(given.func, *copied(given.args), **copied(given.keywords))
    elif is_dataclass(given) and not isinstance(given, type):
        parts = {name: copied(each) for name, each in vars(given).items()}
        if any(parts[name] is not each for name, each in vars(given).items()):
            found = copy.copy(given)
            # A frozen one too, and what its cached properties hold.
            vars(found).update(parts)
    return found


def _bytes_of(result: Any) -> int:
    return len(pickle.dumps(result, protocol=5))


@cached(
    LRUCache(KEPT_BYTES, getsizeof=_bytes_of),
    key=lambda key, _: key,
    condition=threading.Condition(),
)
def _made(key: Hashable, make: Callable[[], Any]) -> Any:
    del key
    # What was made may hold frames of the caller, who may change them afterwards.
    return copied(make())
