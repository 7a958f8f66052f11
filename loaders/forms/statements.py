"""Who and until when, where prose states it: in brackets after a duty, or on lines with a label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from loaders import reference
from loaders.phrases import is_unit_name, read_deadline, read_owners
from loaders.wording import folded

_LABEL = re.compile(
    r"(?:^|(?<=[\s;；,，。、（(〔\[【]))([^\s:：;；,，。、（）()〔〕\[\]【】]{2,12})\s*[:：]"
)
_PAIRS = {"（": "）)", "(": "）)", "〔": "〕", "[": "］]", "【": "】"}
_SENTENCE_END = "。；;！!"
_AFTER_BRACKET = re.compile(rf"\s*[{_SENTENCE_END}]")
_SEPARATORS = " \t\n;；,，。、"
_VERB = re.compile(r"牵头|负责|配合|责任|主办|协办|承办|参与|参加|实施|落实|会同|职责")
_BY_A_DAY = re.compile(r"前|底|完成|持续|常态|长期|全年|每")
_LONGEST_DEADLINE = 25


@dataclass(frozen=True)
class Statement:
    """What one bracket or run of label lines states."""

    owner: str = ""
    deadline: str = ""

    def __bool__(self) -> bool:
        return bool(self.owner or self.deadline)

    def __add__(self, other: Statement) -> Statement:
        owners = [text for text in (self.owner, other.owner) if text]
        deadlines = [text for text in (self.deadline, other.deadline) if text]
        return Statement("\n".join(owners), "，".join(deadlines))


@dataclass(frozen=True)
class Duty:
    """A stretch of prose and what is stated of it."""

    text: str
    statement: Statement
    cut: bool = False
    """Whether its bracket never closes."""


def is_label_line(line: str) -> bool:
    """Whether a line opens with a label of owner or deadline, as in 牵头单位：委审批处."""
    label = _LABEL.match(line.strip())
    return bool(label and _field(label[1]))


def read_label_lines(lines: Sequence[str]) -> Statement:
    """What label lines that belong together state."""
    return _read("\n".join(line.strip() for line in lines)) if lines else Statement()


def read_duties(text: str) -> list[Duty]:
    """The duties of a paragraph: each ends with the bracket that names its owner.

    A bracket in the middle of a sentence divides nothing; (试行), (2024版) and (网页) name nobody.
    """
    duties: list[Duty] = []
    begin = 0
    within = Statement()
    for start, end, content, closed in _brackets(text):
        # No more than what may stand there: a paragraph may hold thousands of brackets.
        before, after = text[max(0, start - 50) : start].rstrip(), text[end : end + 50].lstrip()
        ends_clause = not before or before[-1] in _SENTENCE_END
        ends_clause |= not after or after[0] in _SENTENCE_END
        stated = _read_bracket(content, ends_clause=ends_clause)
        if not stated:
            continue
        if not ends_clause:
            within += stated
            continue
        before = text[begin:start].strip()
        begin = end
        following = _AFTER_BRACKET.match(text, end)
        if following:
            begin = following.end()
            before += "" if before.endswith(tuple(_SENTENCE_END)) else following[0].strip()
        if before.strip(_SEPARATORS):
            duties.append(Duty(before, within + stated, not closed))
        elif duties:
            last = duties[-1]
            duties[-1] = Duty(last.text, last.statement + stated, not closed)
        else:
            duties.append(Duty("", within + stated, not closed))
        within = Statement()
    rest = text[begin:].strip()
    if rest.strip(_SEPARATORS):
        duties.append(Duty(rest, within))
    return duties


def _brackets(text: str) -> Iterator[tuple[int, int, str, bool]]:
    """(start, end, content, whether it closes) of each outermost bracket outside a title 《…》."""
    titles = depth = start = 0
    closing = ""
    for index, character in enumerate(text):
        if not depth and character in "《〈":
            titles += 1
        elif not depth and character in "》〉":
            titles = max(0, titles - 1)
        elif not depth and not titles and character in _PAIRS:
            start, closing, depth = index, _PAIRS[character], 1
        elif depth and _PAIRS.get(character) == closing:
            depth += 1
        elif depth and character in closing:
            depth -= 1
            if not depth:
                yield start, index + 1, text[start + 1 : index], True
    if depth:
        yield start, len(text), text[start + 1 :], False


def _read_bracket(content: str, *, ends_clause: bool) -> Statement:
    """What a bracket states; nothing when it explains a word instead of naming an owner."""
    if any(_field(label[1]) for label in _LABEL.finditer(content)):
        return _read(content)
    stated = _read(content)
    if stated.owner:
        units = [assignment.unit for assignment in read_owners(stated.owner)]
        named = bool(units) and all(is_unit_name(unit) for unit in units)
        plain = bool(_VERB.search(stated.owner)) or (ends_clause and len(folded(content)) > 3)
        return stated if named and plain else Statement()
    return stated if ends_clause and _BY_A_DAY.search(stated.deadline) else Statement()


def _field(label: str) -> str:
    spelling = reference.headers().get(folded(label))
    field = spelling.field if spelling else ""
    return field if field in (*reference.OWNERS, "deadline") else ""


def _read(text: str) -> Statement:
    """Owner and deadline of a text, by its labels, or piece by piece when it has none.

    The owner keeps its labels, as it stands, unless 责任单位 is all there is.
    """
    labels = [label for label in _LABEL.finditer(text) if _field(label[1])]
    if not labels:
        return _read_pieces(text)
    ends = [*(label.start() for label in labels[1:]), len(text)]
    before = text[: labels[0].start()].strip(_SEPARATORS)
    owners = [before] if before else []
    deadlines, fields = [], set()
    kept = before
    for label, end in zip(labels, ends, strict=True):
        field, value = _field(label[1]), text[label.end() : end].strip(_SEPARATORS)
        if field == "deadline":
            deadlines.append(value)
        elif value:
            separator = text[: label.start()].rstrip(" ")[-1:] if kept else ""
            separator = separator if separator in ("；", ";", "，", ",", "。", "\n") else "；"
            kept += f"{separator if kept else ''}{text[label.start() : label.end()]}{value}"
            owners.append(value)
            fields.add(field)
    alone = fields == {"responsible"} and len(owners) == 1
    return Statement(owners[0] if alone else kept, "，".join(filter(None, deadlines)))


def _read_pieces(text: str) -> Statement:
    """厅法规处牵头，2024年6月底前完成 → the owner and the deadline."""
    pieces = re.split(r"([;；,，\n])", text.strip())
    owner, deadlines = "", []
    for index in range(0, len(pieces), 2):
        piece = pieces[index].strip()
        if _is_deadline(piece):
            deadlines.append(piece)
        elif piece:
            owner += (pieces[index - 1] if owner and index else "") + piece
    return Statement(owner.strip(_SEPARATORS), "，".join(deadlines))


def _is_deadline(piece: str) -> bool:
    written = folded(piece)
    if not written or len(written) > _LONGEST_DEADLINE:
        return False
    if read_deadline(piece, 2000).kind == "unspecified":
        return False
    units = [assignment.unit for assignment in read_owners(piece)]
    return not (units and all(is_unit_name(unit) for unit in units))
