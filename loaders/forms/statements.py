"""Who and until when, where prose states it: in brackets after a duty, behind labels, or on lines of
their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from loaders.labels import Label, heading_of, labels_in, meaning_of
from loaders.phrases import is_office_name, is_unit_name, names_role, read_deadline, read_owners
from loaders.reference import once_a_reading
from loaders.wording import folded

_PAIRS = {"（": "）)", "(": "）)", "〔": "〕", "[": "］]", "［": "］]", "【": "】", "〖": "〗"}
_CLOSINGS = frozenset("".join(_PAIRS.values()))
_SENTENCE_END = "。；;！!"
_AFTER_BRACKET = re.compile(rf"\s*[{_SENTENCE_END}]")
_SEPARATORS = " \t\u3000\n;；,，。、▶►▪◆*＊※"
_BY_A_DAY = re.compile(r"前|底|完成|持续|常态|长期|全年|每")
# What explains the words before it, whoever it mentions: 不含…, 以下简称…, （国令第711号）.
_EXPLAINS = re.compile(
    r"(?:不?包?[含括]|不包括|包括|其中|例?如|比如|即|指|详?见|参见|注[:：]|以下|下同|简称|原|除|试行|暂行|依法|根据"
    r"|依据(?!职责)|按(?!职责|照?各自|照职责|分工)|坚持|实行|谁|附件|不得|可|应|已|若|特别|主要是)"
    r"|.*(?:除外|为准|等方面|[〔\[]\d{4}[〕\]]|第\d+号|版)$"
)
_BRACKETS_BEHIND = re.compile(r"(?:[（(〔\[【][^（）()〔〕\[\]【】]{1,60}[)）〕\]】]\s*)+")
_DOCUMENT_NUMBER = re.compile(r"[〔\[【(（]?(?:19|20)\d\d[〕\]】)）]?\s*第?\d+号")
_UNKNOWN_LABEL = re.compile(r"[^\s:：。；;，,、（(]{2,10}\s*[:：]")
_BY = re.compile(r"(?:(?<=[。；;])|^|[，,])\s*(?=由)")
_DASHED = re.compile(rf"(?:[—–-]{{2,}}|(?<=[{_SENTENCE_END}])\s*[—–-])\s*([^—。；;]{{2,80}})$")
# 6月底前完成评价指标体系 says what is done by then.
_DONE_BY = re.compile(
    r"(?:完成|印发|出台|形成|建成|提交|制定|开展)(?!.{0,3}(?:任务|目标|工作|阶段|期限)).{4,}$|[前内起][将把对向在由从].{3,}$"
)
_WIDE_SPACE = re.compile(r"(?:[ \xa0]{2,}|\t|\u3000)\s*$")
_APART = re.compile(r"\s*(?:[ \xa0]{3,}|\t|\u3000{2,}|…{2,}|\.{6,})\s*")
_TASK_LABEL = re.compile(r"(?<=[。；;\s])(?:工作|目标|主要|重点|具体)(?:任务|内容|事项|措施)[:：]")
_LONGEST_DEADLINE = 25
_LONGEST_UNKNOWN = 60
_LONGEST_OPENING = 120
# 参会单位： and 责任单位： are labels.
_OFFICE = re.compile(r"[\u4e00-\u9fff、]{2,30}(?<!单位)(?<!部门)(?<!人员)(?<!对象)")
_COUNTED = re.compile(r"\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*$")
_LONGEST_LABEL = 10


@dataclass(frozen=True)
class Statement:
    """What one bracket or run of label lines states."""

    owner: str = ""
    deadline: str = ""
    unread: tuple[str, ...] = ()
    """Labels with their values that state neither, as 责任领导：张某."""

    def __bool__(self) -> bool:
        return bool(self.owner or self.deadline)

    def __add__(self, other: Statement) -> Statement:
        owners = [text for text in (self.owner, other.owner) if text]
        deadlines = [text for text in (self.deadline, other.deadline) if text]
        return Statement("\n".join(owners), "，".join(deadlines), (*self.unread, *other.unread))


@dataclass(frozen=True)
class Duty:
    """A stretch of prose and what is stated of it."""

    text: str
    statement: Statement
    cut: bool = False
    """Whether its bracket never closes."""


def is_label_line(line: str) -> bool:
    """Whether a line opens with a label of units, dates or persons, as in 牵头单位：委审批处."""
    labels = labels_in(line.strip() + "\n")
    return bool(labels) and not line.strip()[: labels[0].start].strip(_SEPARATORS)


def is_open_label(line: str) -> bool:
    """Whether a label ends the line, so that its value stands on the next one."""
    labels = labels_in(line.strip() + "\n")
    return bool(labels) and not line.strip()[labels[-1].end :].strip()


def is_unknown_label(line: str) -> bool:
    """Whether a short line opens with a label that is none of the grammar's, as in 联系电话：."""
    return len(line) <= _LONGEST_UNKNOWN and bool(_UNKNOWN_LABEL.match(line))


def without_task_label(line: str) -> str:
    """What stands behind a label of what is to be done (工作任务：建设平台); "" for any other line."""
    name, colon, rest = line.replace("：", ":").lstrip("【〔[").replace("】", ":").partition(":")
    name = _COUNTED.sub("", name)
    heading = heading_of(name, {}) if colon and 0 < len(name) <= _LONGEST_LABEL else None
    return rest.strip() if heading and heading.spelling.field == "task" else ""


def with_task_first(line: str) -> str:
    """A line of labels with what stands behind 工作任务： put before them: 责任股室：法规股。工作任务：修订办法。
    → 修订办法。责任股室：法规股。"""
    labels = labels_in(line)
    found = _TASK_LABEL.search(line, labels[0].end) if labels else None
    if found is None:
        return line
    begin = labels[0].start
    end = next((label.start for label in labels if label.start >= found.end()), len(line))
    task = line[found.end() : end].strip()
    return f"{line[:begin]}{task}{line[begin : found.start()]}{line[end:]}"


def is_set_aside(label: str) -> bool:
    """Whether a clerk has said that what stands behind this label (with its value) is not to be read."""
    return meaning_of(re.split(r"[:：]", label, maxsplit=1)[0]) == ""


def read_label_lines(lines: Sequence[str]) -> Statement:
    """What label lines that belong together state."""
    return _read("\n".join(line.strip() for line in lines)) if lines else Statement()


def read_duties(text: str) -> list[Duty]:
    """The duties of a paragraph: each ends with the bracket or the labels that name its owner.

    A bracket in the middle of a sentence divides nothing; (试行), (2024版) and (网页) name nobody.
    """
    opening, rest = _opening(text)
    duties = _stated_behind(rest)
    if not opening:
        return duties
    first, *others = duties or [Duty("", Statement())]
    behind = first.statement
    # Who is named again behind the duty is its owner; the opening then only says how it is done.
    stated = behind if behind.owner and not only_helps(behind.owner) else opening + behind
    return [Duty(first.text, stated, first.cut), *others]


def only_helps(owner: str) -> bool:
    """Whether an owner names nobody who leads or is responsible."""
    roles = {assignment.role for assignment in read_owners(owner)}
    return bool(roles) and roles <= {"cooperate", "support"}


def _stated_behind(text: str) -> list[Duty]:
    labels = _labels_outside_brackets(text)
    if not labels:
        return _bracketed_duties(text)
    stop = text.find("。", labels[-1].end)
    end = stop + 1 if stop >= 0 else len(text)
    stated = _read(text[labels[0].start : end])
    duties = _bracketed_duties(text[: labels[0].start])
    if duties and not duties[-1].statement.owner:
        last = duties.pop()
        stated = last.statement + stated
        duties.append(Duty(last.text, stated, last.cut))
    else:
        duties.append(Duty("", stated))
    return duties + (read_duties(text[end:]) if text[end:].strip(_SEPARATORS) else [])


def _opening(text: str) -> tuple[Statement, str]:
    """(who is named before the duty, the duty): 【运输股】签订承诺书, 运输股：签订承诺书, or 由法规处牵头，
    修订办法, whose first clause stays part of the duty."""
    for start, end, content, closed in brackets(text[:_LONGEST_OPENING]):
        if text[:start].strip():
            break
        rest = text[end:].lstrip("：: \t\u3000")
        if closed and rest and rest[0] not in _SENTENCE_END + "，,、" and _names_units(content):
            return Statement(content.strip()), rest
        break
    office, colon, rest = text[:_LONGEST_OPENING].replace("：", ":").partition(":")
    if colon and rest.strip() and _OFFICE.fullmatch(office) and _names_units(office):
        return Statement(office.strip()), text[len(office) + 1 :].strip()
    if text.lstrip()[:1] in _PAIRS:
        return Statement(), text
    named = _clauses_of_units(re.split(r"[，,]", text[:_LONGEST_OPENING].partition("。")[0]))
    closing = _clauses_of_units(re.split(r"[，,]", text.rstrip("。； "))[:0:-1]) if named else []
    stated = [*named, *(clause for clause in reversed(closing) if clause not in named)]
    if not named:
        return Statement(), text
    # A line that says nothing else belongs to the duty above it.
    alone = len(named) == len(re.split(r"[，,]", text.rstrip("。； ")))
    alone = alone and not any("由" in clause[1:] for clause in named)
    # 由甲牵头制作标识，乙落实 says what is to be done.
    alone = alone and not any(part.scope for clause in named for part in read_owners(clause))
    return Statement("，".join(stated)), "" if alone and len(text) <= _LONGEST_OPENING else text


def _clauses_of_units(clauses: Sequence[str]) -> list[str]:
    """The first of the clauses, as many as say of units what part they have."""
    named: list[str] = []
    for clause in clauses:
        # 应用于招投标（建管处牵头） names its owner in the bracket.
        within = any(names_role(content) or not closes for *_, content, closes in brackets(clause))
        by = bool(_BY.match(clause.strip()))
        units = not within and "；" not in clause and (by or names_role(clause))
        scoped = by or "牵头" in clause
        if not (units and _names_units(clause, with_scope=scoped)):
            break
        named.append(clause.strip())
    return named


def _names_units(text: str, *, with_scope: bool = False) -> bool:
    """Whether a text names units, an office among them, and nothing else, or `with_scope` also what they
    do."""
    parts = read_owners(text)
    units = [part.unit for part in parts]
    whole = with_scope or not any(part.scope for part in parts)
    return whole and all(map(is_unit_name, units)) and any(map(is_office_name, units))


def _closing_sentence(text: str) -> tuple[str, str]:
    """(the text before, the sentence that ends it) when that says by its verbs who does it, or stands
    behind a dash: 由甲牵头，乙配合。 ——甲、乙"""
    whole = text.rstrip("。； ")
    if dashed := _DASHED.search(whole):
        units = [part.unit for part in read_owners(_read(dashed[1]).owner)]
        if units and all(map(is_office_name, units)):
            return whole[: dashed.start()].strip(), dashed[1]
    if apart := _set_apart(whole):
        return apart
    begin = max(whole.rfind("。"), whole.rfind("；"), whole.rfind(";")) + 1
    if begin and names_role(whole[begin:]) and _names_units(whole[begin:]):
        return whole[:begin].strip(), whole[begin:].strip()
    for found in _BY.finditer(whole, begin):
        last = whole[found.end() :].strip()
        parts = read_owners(_read_pieces(last).owner)
        before = whole[: found.start()].strip()
        if not before and any(part.scope for part in parts):
            # 由甲牵头制作标识，乙落实 is the duty itself.
            continue
        if parts and names_role(last) and all(is_office_name(part.unit) for part in parts):
            stop = "。" if before and before[-1] not in _SENTENCE_END else ""
            return f"{before}{stop}", last
    return text, ""


def _set_apart(text: str) -> tuple[str, str] | None:
    """(the text before, what ends it apart by wide spaces) when that is units, with or without a day:
    推行实名制　　　　工程部　　　　6月底."""
    first, *others = _APART.split(text)
    if first.isdecimal() and others:
        first = others.pop(0)
    while others:
        named = [part for part in others if not _is_deadline(part)]
        if named and all(_names_units(part) for part in named):
            return first.strip(), "，".join(others)
        first = f"{first}　{others.pop(0)}"
    return None


def _labels_outside_brackets(text: str) -> list[Label]:
    labels = labels_in(text)
    if not labels:
        return []
    spans = [(start, end) for start, end, *_ in brackets(text)]
    outside = [
        label
        for label in labels
        if not any(start < label.start < end for start, end in spans)
        # 责任单位：… in the middle of a clause belongs to that clause.
        and _may_stand_behind(text[: label.start])
    ]
    return outside if any(label.field for label in outside) else []


_LABEL_FOLLOWS = tuple("。；;！!）)】〕\n，,")


def _may_stand_behind(before: str) -> bool:
    """Whether a label may follow a text: at its beginning, behind a clause, or apart by a wide space."""
    written = before.rstrip()
    return not written or written.endswith(_LABEL_FOLLOWS) or bool(_WIDE_SPACE.search(before))


def _bracketed_duties(text: str) -> list[Duty]:
    duties: list[Duty] = []
    begin = 0
    within = Statement()
    for start, end, content, closed in brackets(text):
        # No more than what may stand there: a paragraph may hold thousands of brackets.
        before, after = text[max(0, start - 50) : start].rstrip(), text[end : end + 99].lstrip()
        ends_clause = not before or before[-1] in _SENTENCE_END
        after = _BRACKETS_BEHIND.sub("", after)
        ends_clause |= not after or after[0] in _SENTENCE_END
        # （厅法规处）（第二季度）: behind an owner a day is the deadline, however it is written.
        behind = not text[begin:start].strip() and bool(duties)
        stated = _read_bracket(content, ends_clause=ends_clause, behind=behind)
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
            stated = within + stated
            if not stated.owner:
                before, named = _closing_sentence(before)
                stated = _read(named) + stated
            duties.append(Duty(before, stated, not closed))
        elif duties:
            last = duties[-1]
            stop = following[0].strip() if following else ""
            stop = "" if last.text.endswith(tuple(_SENTENCE_END)) else stop
            duties[-1] = Duty(f"{last.text}{stop}", last.statement + stated, not closed)
        else:
            duties.append(Duty("", within + stated, not closed))
        within = Statement()
    rest, closing = _closing_sentence(text[begin:].strip())
    if rest.strip(_SEPARATORS) or closing:
        duties.append(Duty(rest, within + _read(closing)))
    return duties


def brackets(text: str) -> Iterator[tuple[int, int, str, bool]]:
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


def has_open_bracket(text: str) -> bool:
    """Whether a bracket opens and does not close."""
    opened, closed = sum(map(text.count, _PAIRS)), sum(map(text.count, _CLOSINGS))
    return opened > closed and any(not closes for *_, closes in brackets(text))


def _read_bracket(content: str, *, ends_clause: bool, behind: bool) -> Statement:
    """What a bracket states; nothing when it explains a word instead of naming an owner.

    A label or a role (牵头, 负责 …) makes whatever stands beside it owners; without them only names of
    units at the end of a clause are.
    """
    if any(label.field for label in labels_in(content)):
        return _read(content)
    written = folded(content)
    if _EXPLAINS.match(written) or _DOCUMENT_NUMBER.search(content):
        return Statement()
    stated = _read_pieces(content)
    if not stated.owner:
        dated = behind or (ends_clause and _BY_A_DAY.search(stated.deadline))
        return stated if dated else Statement()
    units = [assignment.unit for assignment in read_owners(stated.owner)]
    named = any(is_office_name(unit) for unit in units)
    named = named and all(is_unit_name(unit) for unit in units)
    if names_role(stated.owner):
        return stated if units and (named or ends_clause) else Statement()
    return stated if named and ends_clause and len(written) > 2 else Statement()


def _read(text: str) -> Statement:
    """Owner and deadline of a text, by its labels, or piece by piece when it has none.

    The owner keeps its labels, as it stands, unless 责任单位 is all there is.
    """
    labels = labels_in(text)
    if not labels:
        return _read_pieces(text)
    ends = [*(label.start for label in labels[1:]), len(text)]
    before = _read_pieces(text[: labels[0].start])
    owners = [before.owner] if before.owner else []
    deadlines = [before.deadline] if before.deadline else []
    fields: set[str] = set()
    unread: list[str] = []
    kept = before.owner
    for label, end in zip(labels, ends, strict=True):
        value = text[label.end : end].strip(_SEPARATORS)
        printed = text[label.start : label.end].strip()
        if label.field == "deadline":
            deadlines.append(value)
            continue
        if not label.field:
            unread.append(f"{printed}{value}")
            continue
        stated = _read_pieces(value)
        deadlines += [stated.deadline] if stated.deadline else []
        if stated.owner:
            separator = text[: label.start].rstrip(" ")[-1:] if kept else ""
            separator = separator if separator in ("；", ";", "，", ",", "。", "\n") else "；"
            kept += f"{separator if kept else ''}{printed}{stated.owner}"
            owners.append(stated.owner)
            fields.add(label.field)
    alone = fields == {"responsible"} and len(owners) == 1
    deadline = "，".join(filter(None, deadlines))
    return Statement(owners[0] if alone else kept, deadline, tuple(unread))


@once_a_reading
def _read_pieces(text: str) -> Statement:
    """厅法规处牵头，2024年6月底前完成 → the owner and the deadline."""
    pieces = re.split(r"([;；,，。\n])", text.strip())
    owner, deadlines = "", []
    for index in range(0, len(pieces), 2):
        piece = pieces[index].strip()
        name, space, last = piece.rpartition(" ")
        if _is_deadline(piece):
            deadlines.append(piece)
            continue
        if space and _is_deadline(last) and is_unit_name(name):
            deadlines.append(last)
            piece = name
        if piece:
            owner += (pieces[index - 1] if owner and index else "") + piece
    return Statement(owner.strip(_SEPARATORS), "，".join(deadlines))


@once_a_reading
def _is_deadline(piece: str) -> bool:
    written = folded(piece)
    if not written or len(written) > _LONGEST_DEADLINE or _DONE_BY.search(written):
        return False
    if read_deadline(piece, 2000).kind == "unspecified":
        return False
    units = [assignment.unit for assignment in read_owners(piece)]
    return not (units and all(is_unit_name(unit) for unit in units))
