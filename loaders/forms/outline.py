"""The outline of running text: its numbered headings 一、（一）1., also where they run on in one
paragraph, and which first sentences are headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from loaders.forms.statements import is_label_line, read_duties
from loaders.wording import number

_ORDINAL = r"[一二三四五六七八九十百]+"
# ★1. marks a duty of its kind.
_SIGN = r"[★☆▲△●◆■※]?\s*"
_MARKS = (
    re.compile(
        rf"(第(?:{_ORDINAL})[章节篇]|第(?:{_ORDINAL})部分|{_ORDINAL})\s*(?:[、.．:：]|(?<=[章节篇分])\s*)"
    ),
    re.compile(rf"([（(]\s*{_ORDINAL}\s*[）)])\s*、?"),
    re.compile(
        rf"({_SIGN}\d{{1,3}})\s*(?:[、．]|\.(?!\d))"
        rf"|(第(?:{_ORDINAL}|\d{{1,3}})项)\s*[:：、.．]?"
        rf"|((?:重点|工作|主要)?(?:[\u4e00-\u9fff]{{0,3}}[事项务目程题措]|措施|行动|工作|板块|模块)\s*(?:{_ORDINAL}|\d{{1,3}}))(?:\s*[:：、.．]|\s+(?=[\u4e00-\u9fff]{{3}}))"
    ),
    re.compile(r"(\d{1,2}(?:[.．]\d{1,2}|[-—–－]\d{1,2}))(?:\s+|[、．])"),
)
_BARE_NUMBER = re.compile(r"(\d{1,2})\s+(?=[\u4e00-\u9fff])")
_DEEPEST, _NUMBERED = len(_MARKS) - 1, 2
_NAMED = re.compile(
    r"(?:重点|工作|主要)?(?:[\u4e00-\u9fff]{0,3}[事项务目程题措]|措施|行动|工作|板块|模块)(?=\s*[\d一二三四五六七八九十])|第[^项]{1,4}项"
)
_WITHIN = re.compile(
    rf"(?<=[\s。；;!！:：)）〕】\]])(?={_ORDINAL}\s*[、．]|[（(]\s*{_ORDINAL}\s*[）)]|\d{{1,3}}\s*[.、．](?!\d))"
)
_BEFORE_HEADING = tuple("。；;!！:： \t)）〕】]")
_MEASURE = re.compile(r"[（(]?\s*\d{1,2}\s*[）)]|[①-⑳]|[一二三四五六七八九]是|[A-H]\s*[.．、)）]")
_SECOND_MEASURE = re.compile(r"[（(]\s*2\s*[）)]|(?<!\d)2[）)]|②|二是")
# 每月归集。【厅信息中心】 is a duty and its owner, no title.
_FIRST_SENTENCE = re.compile(r"([^。；;！!]{2,40})。\s*(?=[^\s（(〔\[【—–])")
_LONGEST_TITLE = 40
_LONGEST_CLAUSES, _UNEVEN = 26, 2
_CLAUSES = re.compile(r"[，,：:]")
_MOST, _SEVERAL = 0.6, 3
# What a duty says and a heading does not: how often, by when, how much, in which way.
_FINITE = re.compile(
    r"[（(〔\[【]|每[日天周旬月季年个半]|\d+[月日次个件家项%％]|底前|年内|不得|不少于|不低于|必须|应当|予以|并[^列轨网购]|及时|按[月季时期]|逐[一项]"
)
_LONGER = 0.5
"""How long the text below a heading must be, measured by the heading."""


@dataclass
class Section:
    """A heading, or a numbered duty, with the lines up to the next one."""

    line: int
    depth: int
    """0 for 一、, 1 for （一）, 2 for 1., 3 for 1-1."""
    mark: str
    title: str
    body: list[tuple[int, str]] = field(default_factory=list)
    is_heading: bool = False
    """Whether deeper sections follow."""
    uncertain: bool = False
    """Whether its title may as well be the first sentence of its text."""


def is_measure(line: str) -> bool:
    """Whether a line is a step within a duty: （1）, ①, 一是."""
    return bool(_MEASURE.match(line))


def is_one_step(text: str) -> bool:
    """Whether a text opens as a step and holds no second one: ①编制清单；②规范格式 is two."""
    return is_measure(text) and not _SECOND_MEASURE.search(without_mark(text))


def without_mark(line: str) -> str:
    """A line without the number of its step."""
    return _MEASURE.sub("", line, count=1).lstrip("、.． ")


def outline(
    lines: Sequence[tuple[int, str]],
) -> tuple[list[tuple[int, str]], list[Section]]:
    """The lines above the first heading, and the sections in order.

    A covering letter may number its enclosures (附件：1.…): before the first 一、 a number is none.
    """
    apart = [*_apart([*_marked(lines)])]
    depths = [depth_of(text) for _, text in apart]
    marks = [
        None if d is None else _MARKS[d].match(text)
        for d, (_, text) in zip(depths, apart, strict=True)
    ]
    if _named_chapters([text for _, text in apart]):
        depths = [
            _NUMBERED - 1 if depth == _NUMBERED and _NAMED.match(text) else depth
            for depth, (_, text) in zip(depths, apart, strict=True)
        ]
    highest = min((depth for depth in depths if depth is not None), default=_DEEPEST)
    above: list[tuple[int, str]] = []
    sections: list[Section] = []
    for depth, mark, (line, text) in zip(depths, marks, apart, strict=True):
        if depth is None or (not sections and depth != highest):
            (sections[-1].body if sections else above).append((line, text))
            continue
        assert mark
        rest = text[mark.end() :].strip()
        printed = next(filter(None, mark.groups()))
        section = Section(line, depth, printed, "", [(line, rest)] if rest else [])
        if sections and sections[-1].depth < depth:
            sections[-1].is_heading = True
        sections.append(section)
    for depth in range(len(_MARKS)):
        _give_titles([section for section in sections if section.depth == depth])
    return above, sections


def _marked(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines, with a mark behind the number of a heading above 1.1: 1  制度完善 is 1、制度完善."""
    for (line, text), (_, below) in pairwise([*lines, (0, "")]):
        found = _BARE_NUMBER.match(text)
        heads = found and re.match(rf"{found[1]}[.．]1(?!\d)", below)
        yield line, f"{found[1]}、{text[found.end() :]}" if found and heads else text


def _named_chapters(texts: Sequence[str]) -> bool:
    """Whether 任务一： heads duties that are numbered 1. 2. below it, and is none itself."""
    numbered = [text for text in texts if depth_of(text) == _NUMBERED]
    return any(
        _NAMED.match(text) and not _NAMED.match(below) and _value(below, _NUMBERED) == 1
        for text, below in pairwise(numbered)
    )


def depth_of(text: str) -> int | None:
    """0 for a line that opens with 一、, 1 for （一）, 2 for 1., 3 for 1-1; None for any other."""
    return next((depth for depth, mark in enumerate(_MARKS) if mark.match(text)), None)


def _apart(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines, each heading that runs on in a paragraph on one of its own.

    制定本计划。 一、健全体系 （一）开展评价。… counts on from the headings before; of 1. 2. within a duty
    only those with an owner each are duties.
    """
    last = [0] * len(_MARKS)
    for line, text in lines:
        begin = 0
        for cut in _cuts(text, last):
            yield line, text[begin:cut].strip()
            begin = cut
        rest = text[begin:].strip()
        depth = depth_of(rest)
        if depth is not None:
            last[depth] = _value(rest, depth)
            last[depth + 1 :] = [0] * (_DEEPEST - depth)
        yield line, rest


def _cuts(text: str, last: list[int]) -> list[int]:
    """Where the headings within a paragraph begin; counts `last` on."""
    cuts: list[int] = []
    numbers: list[int] = []
    counted = list(last)
    start = depth_of(text)
    if start is not None:
        counted[start] = _value(text, start)
        counted[start + 1 :] = [0] * (_DEEPEST - start)
    for place in _WITHIN.finditer(text):
        at = place.start()
        if at == 0 or not text[:at].strip():
            continue
        depth = depth_of(text[at:])
        if depth is None:
            continue
        value = _value(text[at:], depth)
        # （三） under 二、 may count on from the （二） under 一、.
        follows = value == counted[depth] + 1 or (depth == 1 and value == last[1] + 1) or value == 1
        if not follows or (depth == 0 and not text[:at].endswith(_BEFORE_HEADING)):
            continue
        before = counted[depth]
        counted[depth] = value
        if depth < 2:
            last[depth] = value
            counted[2] = 0
            cuts += [*_with_owners(text, numbers, at), at]
            numbers = []
        elif value == 1 or before:
            numbers.append(at)
    return sorted({*cuts, *_with_owners(text, numbers, len(text))})


def _with_owners(text: str, numbers: Sequence[int], end: int) -> list[int]:
    """The numbers 1. 2. of a paragraph if an owner is named behind each of them."""
    if not numbers:
        return []
    ends = [*numbers[1:], end]
    stated = [
        bool((duties := read_duties(text[a:b].strip())) and duties[-1].statement.owner)
        for a, b in zip(numbers, ends, strict=True)
    ]
    return list(numbers) if stated and all(stated) else []


def _value(text: str, depth: int) -> int:
    mark = _MARKS[depth].match(text)
    digits = re.search(rf"\d+|{_ORDINAL}", mark[0]) if mark else None
    return (number(digits[0]) or 0) if digits else 0


def _give_titles(level: Sequence[Section]) -> None:
    """Take the headings of the sections of one depth out of their text.

    A line without a full stop is one. So is a first sentence before others, if it reads as one and most
    sections of the document open so: 加强巡查。落实整改。 beside 归集信息。 is a duty in two sentences.
    """
    leading = [(section, _first_sentence(section)) for section in level]
    worded = [(section, sentence) for section, sentence in leading if _has_sentences(section)]
    headed = [sentence for _, sentence in worded if sentence and not _FINITE.search(sentence)]
    plain = [sentence for sentence in headed if not _CLAUSES.search(sentence)]
    even = [sentence for sentence in headed if _is_even(sentence)]
    alike = len(plain) >= _MOST * len(worded)
    # 健全制度，完善机制。 is a heading only where all are that short, and there are several.
    all_alike = len(plain) + len(even) == len(worded) >= _SEVERAL
    uncertain = len(worded) < 2 or len(plain) < len(worded)
    for section, sentence in leading:
        if not section.body:
            continue
        line, text = section.body[0]
        stops = "。" in text.rstrip("。")
        if line == section.line and text and len(text) <= _LONGEST_TITLE and not stops:
            if not is_label_line(text):
                section.title = text
                del section.body[0]
        elif sentence and ((alike and sentence in plain) or (all_alike and sentence in headed)):
            rest = text[len(sentence) + 1 :].strip()
            if len(rest) >= _LONGER * len(sentence):
                section.title, section.uncertain = sentence, uncertain
                section.body[0] = (line, rest)


def _has_sentences(section: Section) -> bool:
    """Whether a section has a sentence in the line of its number."""
    return bool(section.body) and section.body[0][0] == section.line and "。" in section.body[0][1]


def _first_sentence(section: Section) -> str:
    """The first sentence of a section that others follow; "" when only its owner does."""
    if not _has_sentences(section):
        return ""
    text = section.body[0][1]
    found = _FIRST_SENTENCE.match(text)
    return found[1] if found and not is_label_line(text[found.end() :]) else ""


def _is_even(sentence: str) -> bool:
    """Whether a sentence is of short clauses of about the same length, as headings are."""
    lengths = [len(clause) for clause in _CLAUSES.split(sentence)]
    return len(sentence) <= _LONGEST_CLAUSES and max(lengths) - min(lengths) <= _UNEVEN
