"""Published excerpts with the duties in them listed by hand (`graded/gold.csv`), and plans written in the
manner of published ones, their duties listed before they were first read (`written/gold.csv`).

Of the excerpts layout, labels, owners and dates are as published, the duties reworded. A cell of the list may hold
several readings, joined by ` || `; within a unit or a role `a/b` means either; assignments that end in
`…` are cut off in the source. A task_start of REFUSE means that the file has no duties.
"""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from benchmarks.reading.scoring import Score
from loaders import Ledger, Task

FOLDER = Path(__file__).parent / "graded"
WRITTEN = Path(__file__).parent / "written"
_END = "。.;;,:!、 "
_MARKS = str.maketrans(
    "“”„‟「」『』〔〕【】[]［］—–―－：；，、！？〈〉", '""""""""()()()()----:;,、!?<>'
)
# Pages saved with a phonetic guide carry it in brackets.
_READING = re.compile(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹ]{1,7}\)")

Gold = dict[str, str]


def excerpts(folder: Path = FOLDER) -> dict[str, list[Gold]]:
    """File name → its rows of the list in the folder."""
    by_file: dict[str, list[Gold]] = defaultdict(list)
    with (folder / "gold.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            by_file[row["file"]].append(row)
    return by_file


def scored(ledger: Ledger | None, rows: Sequence[Gold], name: str) -> Score:
    """How an excerpt was read; None is a refusal."""
    duties = [row for row in rows if row["task_start"] != "REFUSE"]
    score = Score(duties=len(duties))
    if ledger is None:
        score.refused_right, score.refused_wrong = int(not duties), int(bool(duties))
        score.missed = len(duties)
        return score
    score.not_refused = int(not duties)
    left = list(ledger.tasks)
    for row in duties:
        starts = [_plain(text) for text in _either(row["task_start"])]
        task = next((t for t in left if any(s and _body(t).startswith(s) for s in starts)), None)
        if task is None:
            score.missed += 1
            score.examples.append(f"{name} {row['number']}: missed")
            continue
        left.remove(task)
        wrong = _wrong(row, task)
        named = any(
            task.number in issue.tasks
            or (issue.about == "column" and issue.place.table == task.place.table)
            for issue in ledger.issues
        )
        score.wrong.update(wrong)
        score.right += not wrong
        score.named += bool(wrong) and named
        score.silent += bool(wrong) and not named
        score.examples += [f"{name} {row['number']}: {', '.join(wrong)}"] if wrong else []
    score.extra = len(left)
    return score


def _wrong(row: Gold, task: Task) -> list[str]:
    wrong = []
    ends = [_plain(text).rstrip(_END) for text in _either(row["task_end"])]
    if row["task_end"] and not any(_body(task).rstrip(_END).endswith(end) for end in ends):
        wrong.append("end")
    for name in ("level1", "level2"):
        wanted = [_level(text) for text in _either(row[name])]
        if row[name] != "*" and _level(getattr(task, name)) not in wanted:
            wrong.append(name)
    if not any(_assigned(reading, task) for reading in _either(row["assignments"])):
        wrong.append("assignments")
    due = task.due_on.isoformat() if task.due_on else ""
    if task.deadline_kind not in _either(row["deadline_kind"]) or due not in _either(row["due_on"]):
        wrong.append("deadline")
    return wrong


def _assigned(reading: str, task: Task) -> bool:
    wanted = [part.strip() for part in reading.split(";") if part.strip()]
    left = {(part.role, _unit(part.unit)) for part in task.assignments}
    for part in wanted:
        if part == "…":
            continue
        roles, names = part.split("|")
        hit = {(r, _unit(n)) for r in roles.split("/") for n in names.split("/")} & left
        if not hit:
            return False
        left -= hit
    return not left or "…" in wanted


def _either(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("||")]


def _body(task: Task) -> str:
    return _plain(task.task)


def _level(text: str) -> str:
    return re.sub(r"\(?\d+分\)?$", "", _plain(text)).strip(_END)


def _unit(text: str) -> str:
    return re.sub(r"等$", "", _plain(text)).strip(_END).replace('"', "")


def _plain(text: str) -> str:
    """A text without what may differ between two honest copies: width, spaces, script, readings."""
    written = unicodedata.normalize("NFKC", text).translate(_simplified()).translate(_MARKS)
    return _READING.sub("", re.sub(r"[\s|]+", "", written))


@functools.cache
def _simplified() -> dict[int, str]:
    """Traditional character → simplified one."""
    lines = (FOLDER / "traditional.txt").read_text(encoding="utf-8").splitlines()
    return {ord(line[0]): line[1] for line in lines if len(line) == 2}
