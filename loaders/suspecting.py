"""Readings that look whole and are probably not: what a second look at the finished tasks finds.

Every check asks whether text was put into the wrong part. It changes nothing and raises a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from loaders.dated_duties import DAY_IN_TEXT
from loaders.forms.statements import brackets
from loaders.labels import heading_of, labels_in
from loaders.model import Issue, SourceRow, Task
from loaders.phrases import is_office_name, is_unit_name, names_role, read_deadline, read_owners
from loaders.wording import folded, half_width, is_numbered, is_ordinal

_CLAUSE = re.compile(r"[^，,。；;（）()\n]{4,60}")
_ROLE = re.compile("牵头|负责|主办|承办|配合|协办|会同")
_DONE_IN_DEADLINE = re.compile("[将把](?=.{4})|[。！？]|组织(?=.{4})")
_LABELS = ("lead", "responsible", "cooperate", "support")
_LONGEST_DATE, _LONGEST_HEADING = 12, 10
_ANY_YEAR = 2000
_COLON = re.compile("[:：]")
# 何时完：常年 is a label that was not recognised.
_LABEL_LEFT = re.compile(r"(?:^|\n|[。；;])\s*([\u4e00-\u9fff]{2,5})[:：]")
_PAGE_LEFT = re.compile("发布(?:时间|日期)[:：]|浏览次数|阅读次数|扫一扫|打印本页|关闭窗口|分享到")
_OWNER_NOTE = re.compile(r"(\w)\(([^()]*)\)")
_OWNER_PIECE = re.compile(r"[、,;。\n/()〔〕\[\]【】]")
_DIVISION_OF = re.compile(r"[厅局委府].*[处室科股]")
_SHORTEST_NAME, _LONGEST_NAMES, _LONGEST_PERSON = 3, 40, 3


def doubts(tasks: Sequence[Task], raised: Sequence[Issue]) -> list[Issue]:
    """The issues that a second look at the tasks adds to those `raised`."""
    known = {part.unit for task in tasks for part in task.assignments}
    doubted = {(n, issue.about) for issue in raised for n in issue.tasks}
    found: list[Issue] = []
    for task in tasks:
        for message, about in _of_task(task, known):
            if (task.number, about) not in doubted:
                found.append(Issue(task.place, message, about, tasks=(task.number,)))
                doubted.add((task.number, about))
    return [*found, *_gaps(tasks)]


def left_lines(rows: Sequence[SourceRow], tasks: Sequence[Task]) -> Iterator[Issue]:
    """An issue for each line behind the first task that is none and yet names, behind a label, units or a
    day that no task has."""
    kept = "".join(f"{task.responsible_text}{task.deadline_text}{task.task}" for task in tasks)
    begun = False
    for row in rows:
        begun = begun or row.reading == "task"
        labels = labels_in(row.text) if begun and row.reading == "note" else []
        if not any(label.field and label.name not in ("单位", "部门") for label in labels):
            continue
        value = row.text[labels[0].end :].strip("：: ")
        if value and value not in kept:
            message = f"“{row.text[:30]}”写有责任单位或时限，没有归入任务，请核对"
            yield Issue(row.place, message, "row")


def _of_task(task: Task, known: set[str]) -> Iterator[tuple[str, str]]:
    """(message, part) of whatever is suspicious in one task."""
    if left := _owner_left(task):
        yield f"任务文字中还写有“{left[:30]}”，没有读作责任单位，请核对", "responsible_text"
    if task.assignments and {part.role for part in task.assignments} <= {"cooperate", "support"}:
        yield "只写有配合单位，没有牵头或责任单位，请核对", "responsible_text"
    if labelled := next((p.unit for p in task.assignments if _COLON.search(p.unit)), ""):
        yield f"“{labelled[:30]}”的冒号前不是认识的标签，请核对", "responsible_text"
    if label := _LABEL_LEFT.search(task.task):
        yield f"任务文字中有“{label[1]}：”，没有按标签读入，请核对", "task"
    if _PAGE_LEFT.search(task.task):
        yield "任务文字中有网页或文件页面上的文字，请核对", "task"
    if numbered := next((n for n in (task.level1, task.level2) if is_ordinal(n)), ""):
        yield f"指标“{numbered}”只是一个序号，请核对各列的含义", "level1"
    if doubled := _doubled_label(task.responsible_text):
        yield f"责任单位中有两处“{doubled}”，可能是两项任务，请核对", "responsible_text"
    if unread := _owner_unread(task):
        yield f"责任单位中的“{unread[:30]}”没有读作单位，请核对", "responsible_text"
    glued = next((part.unit for part in task.assignments if _glued(part.unit, known)), "")
    if glued:
        yield f"“{glued}”可能是两个单位，请核对", "responsible_text"
    if not task.deadline_text and (day := DAY_IN_TEXT.search(task.task)):
        yield f"任务文字中写有“{day[0]}”，没有读作完成时限，请核对", "deadline_text"
    if _DONE_IN_DEADLINE.search(task.deadline_text):
        yield f"完成时限“{task.deadline_text[:30]}”中还写有要做的事，请核对", "deadline_text"
    if half := next((p.unit for p in task.assignments if _has_half_bracket(p.unit)), ""):
        yield f"责任单位“{half}”的括号不成对，请核对", "responsible_text"
    if is_other := _no_task(task.task, known):
        yield f"任务文字“{task.task[:30]}”像{is_other}，请核对各列的含义", "task"


def _owner_left(task: Task) -> str:
    """What the text of a task still says of units that are not among its own."""
    text = task.task
    if not (_ROLE.search(text) or text.endswith(("）", ")", "】", "〕", "］", "]", "）。", ")。"))):
        return ""
    own = {part.unit for part in task.assignments}
    named = [text[label.start :] for label in labels_in(text) if label.field in _LABELS]
    named += [
        content
        for _, end, content, closes in brackets(text)
        if closes and not text[end:].strip("。；;") and _all_offices(content)
    ]
    named += [clause[0] for clause in _CLAUSE.finditer(text) if _states_part(clause[0])]
    return next((each for each in named if {p.unit for p in read_owners(each)} - own), "")


def _owner_unread(task: Task) -> str:
    """What an owner says and no unit of it has: offices in a bracket behind another (省厅（法规处、运输处）),
    or a piece that was passed over."""
    text = _without_labels(half_width(task.responsible_text))
    own = {part.unit for part in task.assignments}
    kept = [folded(part.unit + part.scope) for part in task.assignments]
    for note in _OWNER_NOTE.finditer(text):
        units = {part.unit for part in read_owners(note[2])}
        apart = len(units) > 1 or bool(_DIVISION_OF.fullmatch(f"{note[1]}{note[2]}"))
        unread = not units & own and not any(folded(note[2]) in each for each in kept)
        unread = unread or any(part.scope == note[2] for part in task.assignments)
        if apart and unread and _all_offices(note[2]):
            return note[2]
    for piece in _OWNER_PIECE.split(_OWNER_NOTE.sub(r"\1;", text)):
        written = folded(_ROLE.sub("", piece))
        if len(written) <= _LONGEST_PERSON and not is_unit_name(written):
            continue
        read = {part.unit for part in read_owners(piece)}
        dated = read_deadline(piece, _ANY_YEAR).kind != "unspecified"
        if not (read & own or dated or any(written in each for each in kept)):
            return piece.strip()
    return ""


def _without_labels(owner: str) -> str:
    """What the labels of an owner introduce, without days and persons."""
    labels = labels_in(owner)
    if not labels:
        return owner
    ends = [*(label.start for label in labels[1:]), len(owner)]
    stated = [
        owner[label.end : end]
        for label, end in zip(labels, ends, strict=True)
        if label.field not in ("", "deadline")
    ]
    return ";".join([owner[: labels[0].start], *stated])


def _all_offices(text: str) -> bool:
    units = [part.unit for part in read_owners(text)]
    return bool(units) and all(map(is_office_name, units)) and not any(map(str.isdecimal, text))


def _states_part(clause: str) -> bool:
    """Whether a clause says of offices that they lead, are responsible or help: 由法规处牵头."""
    if not _ROLE.search(clause) or not names_role(clause):
        return False
    parts = read_owners(clause)
    return bool(parts) and all(is_office_name(part.unit) for part in parts)


def _doubled_label(owner: str) -> str:
    names = [label.name for label in labels_in(owner) if label.field in _LABELS]
    return next((name for name in names if names.count(name) > 1), "")


def _glued(unit: str, known: set[str]) -> bool:
    """Whether a name is two names of the document, one behind the other without a separator."""
    cuts = range(_SHORTEST_NAME, len(unit) - _SHORTEST_NAME + 1)
    return any(unit[:at] in known and unit[at:] in known and is_unit_name(unit[:at]) for at in cuts)


def _has_half_bracket(unit: str) -> bool:
    """Whether a name has one side of a bracket only, because a bracket around names was not seen."""
    written = folded(unit)
    return any(
        written.count(a) != written.count(b) for a, b in ("()", "[]", "【】", "〔〕", "〖〗")
    )


def _no_task(text: str, known: set[str]) -> str:
    """What a text is that can be no task: names of units, a day, the heading of a column; "" for others."""
    if len(text) <= _LONGEST_DATE and read_deadline(text, _ANY_YEAR).kind == "date":
        return "日期" if not re.search(r"[完成制修建开推]", folded(text)) else ""
    heading = heading_of(text, {}) if len(text) <= _LONGEST_HEADING else None
    if heading and heading.spelling.field in (*_LABELS, "deadline", "number"):
        return "列名"
    units = {part.unit for part in read_owners(text)} if len(text) <= _LONGEST_NAMES else set()
    return "单位名称" if units and units <= known else ""


def _gaps(tasks: Sequence[Task]) -> Iterator[Issue]:
    """An issue for each number that a list of tasks leaves out: 1, 2, 4."""
    for before, task in pairwise(tasks):
        if before.place.table != task.place.table:
            continue
        numbers = (before.printed_number, task.printed_number)
        if not all(number.isdecimal() for number in numbers):
            continue
        first, second = map(int, numbers)
        if first + 1 < second <= first + 3 and not is_numbered(task.task):
            message = f"序号从 {first} 到 {second}，中间的任务没有读到，请核对"
            yield Issue(task.place, message, "row", tasks=(task.number,))
