"""Characters of a picture of one line of text, each with how sure it is.

Owns the recogniser: the model that lies in the package rapidocr (Apache-2.0), run by onnxruntime on this
machine. Nothing is downloaded. Knows nothing of pages and tables.
"""

from __future__ import annotations

import functools
import os
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from loaders.forms.scan.installed import model

Picture = npt.NDArray[Any]
"""Of bytes; opencv declares what it returns no closer."""
_HEIGHT = 48
"""Pixels to which every line is scaled."""
_NARROWEST = 64
_WIDEST = 48 * 70
"""Pixels of a line of seventy characters; what is longer is the edge of a table or a photograph."""
_LIKELY = 6
"""Characters looked at in each step."""
_OVERLOOKED = 0.3
"""Probability from which a character counts as there, although none is likelier."""
_STRANGE = 0.03
"""The share of traditional characters from which a page is in that script."""
_RIVAL = 0.02
"""Probability from which another character is offered."""
_BATCH_PIXELS = 48 * 320 * 8
"""Pixels recognised at once: more is no faster and takes more memory."""


@dataclass(frozen=True, slots=True)
class Character:
    """One character recognised."""

    text: str
    sure: float
    """Probability that it is this character, 0–1."""
    at: float
    """Where it stands in the line, from 0 (left) to 1."""
    instead: str = ""
    """The next likely character, where there is one."""


@functools.cache
def _session() -> tuple[Any, list[str]]:
    """(the model ready to run, its characters; the first stands for none)."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(os.cpu_count() or 1, 4)
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(
        str(model()), options, providers=["CPUExecutionProvider"]
    )
    listed = session.get_modelmeta().custom_metadata_map["character"].splitlines()
    return session, ["", *listed, " "]


def recognised(lines: Sequence[Picture]) -> list[list[Character]]:
    """The characters of each picture of a line: grey, dark on light, upright."""
    scaled = [_scaled(line) for line in lines]
    found: list[list[Character]] = [[] for _ in lines]
    order = sorted(range(len(lines)), key=lambda index: scaled[index].shape[1])
    batch: list[int] = []
    for index in order:
        width = scaled[index].shape[1]
        if batch and (len(batch) + 1) * width * _HEIGHT > _BATCH_PIXELS:
            _recognise(batch, scaled, found)
            batch = []
        batch.append(index)
    if batch:
        _recognise(batch, scaled, found)
    return found


def _scaled(line: Picture) -> Picture:
    import cv2

    height, width = line.shape
    size = (min(round(width * _HEIGHT / height) or 1, _WIDEST), _HEIGHT)
    target = max(_NARROWEST, size[0])
    how = cv2.INTER_AREA if height > _HEIGHT else cv2.INTER_CUBIC
    resized = cv2.resize(line, size, interpolation=how)
    return np.pad(resized, ((0, 0), (0, max(0, target - size[0]))), constant_values=255)


def _recognise(
    batch: Sequence[int], scaled: Sequence[Picture], found: list[list[Character]]
) -> None:
    session, characters = _session()
    width = max(scaled[index].shape[1] for index in batch)
    pictures = np.zeros((len(batch), 3, _HEIGHT, width), np.float32)
    for place, index in enumerate(batch):
        picture = scaled[index]
        pictures[place, :, :, : picture.shape[1]] = picture.astype(np.float32) / 127.5 - 1
    (steps,) = session.run(None, {session.get_inputs()[0].name: pictures})
    for place, index in enumerate(batch):
        span = max(scaled[index].shape[1] / width * steps.shape[1], 1)
        found[index] = list(_characters(steps[place], span, characters))


def _characters(
    steps: npt.NDArray[np.float32], span: float, characters: Sequence[str]
) -> Iterator[Character]:
    """What the steps of one line spell; at each step the model gives a probability to every character
    and to none. `span` is the number of steps that the line takes."""
    top = np.argpartition(steps, -_LIKELY, axis=1)[:, -_LIKELY:]
    likely = [
        {characters[code]: float(row[code]) for code in codes if code}
        for row, codes in zip(steps, top, strict=True)
    ]
    best = steps.argmax(axis=1)
    runs = [
        (first, last)
        for first, last in _runs(best)
        if best[first] and (characters[best[first]].strip() or first)
    ]
    for place, (first, last) in enumerate(runs):
        text = characters[best[first]]
        following = runs[place + 1][0] if place + 1 < len(runs) else len(best)
        begin = max(first - 1, runs[place - 1][1] if place else 0)
        same, other = _weights(text, likely[begin : min(last + 1, following)])
        instead = max(other, key=lambda c: other[c]) if other else ""
        rival = other.get(instead, 0.0)
        at = min((first + last) / 2 / span, 1.0)
        yield Character(
            text, min(same / (same + rival), same), at, instead if rival > _RIVAL else ""
        )
        beside = {text, characters[best[following]] if following < len(best) else ""}
        yield from _overlooked(likely, last, following, beside, span)


def _overlooked(
    likely: Sequence[Mapping[str, float]],
    first: int,
    last: int,
    beside: Collection[str],
    span: float,
) -> Iterator[Character]:
    """The character between two others that the model holds for nearly as likely as none: 、 is small."""
    found = [
        (probability, step, character)
        for step in range(first, last)
        for character, probability in likely[step].items()
        if probability > _OVERLOOKED and character.strip()
        if not any(alike(character, each) for each in beside)
    ]
    if found:
        probability, step, character = max(found)
        yield Character(character, probability, min((step + 0.5) / span, 1.0))


def _runs(best: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    changes = np.flatnonzero(np.diff(best)) + 1
    return [(int(a), int(b)) for a, b in zip([0, *changes], [*changes, len(best)], strict=True)]


def _weights(text: str, steps: Sequence[Mapping[str, float]]) -> tuple[float, dict[str, float]]:
    """(how likely a character is, how likely each other is in its place), over the steps around it."""
    same, other = 0.0, dict[str, float]()
    for step in steps:
        for character, probability in step.items():
            if alike(text, character):
                same += probability
            elif character.strip():
                other[character] = other.get(character, 0.0) + probability
    return min(same, 1.0), other


@functools.cache
def alike(one: str, other: str) -> bool:
    """Whether two characters are the same to a reader: half and full width, 决 and 決."""
    return one == other or _plain(one) == _plain(other)


def _plain(character: str) -> str:
    return _simplified().convert(unicodedata.normalize("NFKC", character))


def in_one_script(lines: Sequence[list[Character]]) -> list[list[Character]]:
    """The lines of a page; of one in simplified script the few characters that came out traditional are
    simplified: 决 and 決 look nearly alike."""
    texts = [character.text for line in lines for character in line]
    strange = sum(_simplified().convert(text) != text for text in texts)
    if strange > _STRANGE * len(texts):
        return [*lines]
    return [[replace(c, text=_simplified().convert(c.text)) for c in line] for line in lines]


@functools.cache
def _simplified() -> Any:
    import opencc

    return opencc.OpenCC("t2s")
