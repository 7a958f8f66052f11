"""The tasks read so far, and what a blank cell below them takes from above."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from loaders.columns import RowTexts
from loaders.explaining import explained, of_day, of_part, of_roles
from loaders.forms.statements import read_duties
from loaders.labels import names_both
from loaders.limits import check_tasks
from loaders.model import Cadence, Deadline, Issue, Plan, Task
from loaders.owner_cells import labelled_deadline, owner_text, units_of
from loaders.phrases import (
    deadline_doubt,
    is_unit_name,
    read_cadences,
    read_deadline,
    read_owners,
    read_quantities,
)
from loaders.plan import plan_of_column, plan_of_deadline
from loaders.points import Shares, Stated, read_points, split_points
from loaders.progress import Doubt, read_progress
from loaders.reference import COLUMNS_OF, OWNERS
from loaders.sections import kind_of
from loaders.timed_headings import heads_time, year_of
from loaders.wording import folded, lines, numbered_items, one_line, without_numbering

_NOBODY = ("/", "-", "--", "—", "——", "无", "\\")
# 1.6月底 on a line of its own, or 1. 4月底； 2. 12月底; 6.30 is a day.
_LISTED_DAY = re.compile(r"(?:^|[\n；;])\s*\d{1,2}\s*(?:、|[.．](?=\s|\d{1,2}月|\D))\s*([^\n；;]+)")
_DITTO = ("同上", "〃", "″", '"')


@dataclass
class Duties:
    """A ledger's tasks in the making."""

    year: int | None
    percent_unit: int | None = None
    carries: bool = True
    """Whether a blank owner, deadline or 二级指标 means the one above; not so in prose."""
    owner_above: str = ""
    """Who is named above a table that has no column of owners."""
    owners_within: bool = False
    """Whether the tasks of such a table name their owners themselves."""
    tasks: list[Task] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    level1: str = ""
    _level2: str = ""
    _level2_items: list[str] = field(default_factory=list)
    _group_start: int = 0
    _owner: Mapping[str, str] | None = None
    """Owner column → text, as last stated."""
    _deadline: str | None = None
    _stated_under: dict[str, str] = field(default_factory=dict)
    """responsible, deadline → the level1 under which it was last stated."""
    _deadlines: dict[tuple[str, int | None], tuple[Deadline, str, tuple[Cadence, ...]]] = field(
        default_factory=dict
    )
    """Deadline text and year → (as read, what is doubtful, its frequencies)."""
    _shares: Shares = field(default_factory=Shares)

    def start_table(self) -> None:
        """Forget what is above: another sheet inherits nothing."""
        self.owners_within = False
        self.close_group()
        self._shares.settle("level1", self.tasks, self.issues)
        self.level1 = self._level2 = ""
        self._owner = self._deadline = None
        self._stated_under = {}

    def forget_owner(self) -> None:
        """A row across the table heads what follows: what is blank below it is not that of the section
        above."""
        self._owner = self._deadline = None

    def open_level1(self, heading: str) -> None:
        """A new 一级指标; a 二级指标 does not reach across it, owner and deadline do."""
        self.close_group()
        self._shares.settle("level1", self.tasks, self.issues)
        name, stated = _name_of(heading)
        self.level1, self._level2 = name.rstrip("。"), ""
        self._shares.open("level1", stated, len(self.tasks), self.level1)

    def open_level2(self, text: str) -> None:
        """A new 二级指标, or a list of them for the tasks that follow (4. … 5. … 6. …)."""
        self.close_group()
        items = [item for _, item in numbered_items(text)] if text else []
        self._level2_items = items if len(items) > 1 else []
        name, stated = _name_of(text)
        self._level2 = "" if self._level2_items else name.rstrip("。")
        if not self._level2_items:
            self._shares.open("level2", stated, len(self.tasks), self._level2)

    def close_group(self) -> None:
        """Give the tasks under a list of 二级指标 one item each, if there are as many.

        The Hunan ledger lists 20–21 for the tasks 20–23: which belongs to which nobody can say.
        """
        items, group = self._level2_items, range(self._group_start, len(self.tasks))
        if items and len(group) == len(items):
            for index, item in zip(group, items, strict=True):
                name, stated = split_points(item)
                task = replace(self.tasks[index], level2=name)
                if stated and task.points is None:
                    task = replace(task, points=stated.total)
                self.tasks[index] = task
        elif items and group:
            message = (
                f"“{self.level1}”的二级指标有 {len(items)} 条、任务有 {len(group)} 项，"
                "无法一一对应，二级指标留空"
            )
            names = tuple(split_points(item)[0] for item in items)
            numbers = tuple(index + 1 for index in group)
            place = self.tasks[group[0]].place
            self.issues.append(Issue(place, message, "level2", names, numbers))
        self._level2_items = []
        self._group_start = len(self.tasks)
        self._shares.settle("cell", self.tasks, self.issues)
        self._shares.settle("level2", self.tasks, self.issues)

    def finish(self) -> None:
        """Settle what only the end of the document can settle."""
        self.close_group()
        self._shares.settle("level1", self.tasks, self.issues)
        self._report_repeats()

    def add(self, row: RowTexts) -> int:
        """Add the tasks of one row (several when its cell lists them) and return how many.

        A cell with nothing but a number (3.) holds none, and its row changes nothing.
        """
        items = numbered_items(row.stated["task"])
        if not items:
            return 0
        check_tasks(len(self.tasks) + len(items))
        if row.stated.get("level1"):
            self.open_level1(row.stated["level1"])
        if row.stated.get("level2"):
            self.open_level2(row.stated["level2"])
        elif not self.carries and "level2" not in row.merged:
            self.open_level2("")
        if "points" not in row.merged:
            self._shares.settle("cell", self.tasks, self.issues)
        raised_before = len(self.issues)
        owner, owner_inherited = self._read_owner(row)
        if not row.stated.get("deadline") and not owner_inherited:
            row = replace(row, stated={**row.stated, **labelled_deadline(owner)})
        deadline, deadline_inherited = self._read_deadline(row)
        if not deadline and (heading := self._heading_of_time()):
            deadline, deadline_inherited = heading, True
            message = f"完成时限按标题“{heading}”读入，请核对"
            self._doubt(row, message, "deadline_text", ("",))
        due, _, of_deadline = self._deadline_in(deadline)
        progress, doubts = read_progress(row.stated, self.year, self.percent_unit)
        if progress and len(items) > 1:
            message = f"该格含 {len(items)} 项任务，同一进展记在每一项上，请核对"
            doubts.append(Doubt(message, "progress"))
        plan, checked = self._read_plan(row, deadline)
        doubts += [Doubt(message, "plan", ("",)) for message in checked]
        for doubt in doubts:
            self._doubt(row, *doubt)
        if row.cut:
            last = next(filter(None, map(row.stated.get, ("deadline", *OWNERS, "task"))))
            message = f"原文在“…{one_line(last)[-12:]}”处中断，该项可能不全，请核对原文件"
            self._doubt(row, message, "task")
        points = self._read_points(row, len(items))
        assignments = units_of(row, owner)
        basis = explained(
            {
                name: of_part(row, name, stated=bool(level), inherited=not row.stated.get(name))
                for name, level in (("level1", self.level1), ("level2", self._level2))
                if level
            }
            | {
                "responsible_text": of_part(
                    row, "responsible", stated=bool(owner), inherited=owner_inherited
                ),
                "assignments": of_roles(row, owner, assignments),
                "deadline_text": of_part(
                    row, "deadline", stated=bool(deadline), inherited=deadline_inherited
                ),
                "due_on": of_day(deadline, due, self.year),
            }
        )
        for printed, item in items:
            text, own = split_points(item)
            self.tasks.append(
                Task(
                    number=len(self.tasks) + 1,
                    level1=self.level1,
                    level2=self._level2,
                    task=text,
                    kind=kind_of(self.level1) or kind_of(self._level2) or "base",
                    responsible_text=owner,
                    responsible_inherited=owner_inherited,
                    deadline_text=deadline,
                    deadline_inherited=deadline_inherited,
                    deadline_kind=due.kind,
                    due_on=due.due_on,
                    assignments=assignments,
                    cadences=_unique((*read_cadences(text), *of_deadline)),
                    quantities=read_quantities(text),
                    place=row.place,
                    printed_number=printed or _printed_number(row),
                    points=points,
                    note=lines(row.stated.get("note", "")),
                    progress=progress,
                    plan=plan,
                    criterion=lines(row.stated.get("criterion", "")),
                    basis=basis,
                )
            )
            self._add_row_points(row, own)
            if self.owners_within and not owner:
                self._take_owner_within(row)
        if len(items) > 1:
            self._share_out(row, len(items), owner, deadline)
        numbers = tuple(range(len(self.tasks) - len(items) + 1, len(self.tasks) + 1))
        self.issues[raised_before:] = [
            replace(issue, tasks=issue.tasks or numbers) for issue in self.issues[raised_before:]
        ]
        return len(items)

    def _read_plan(self, row: RowTexts, deadline: str) -> tuple[Plan | None, list[str]]:
        """The plan in the row's own column, else one that the deadline plainly is; and what to check."""
        if text := row.stated.get("plan"):
            return plan_of_column(text, self.year)
        return plan_of_deadline(deadline, self.year), []

    def _share_out(self, row: RowTexts, count: int, owner: str, deadline: str) -> None:
        """Give the last `count` tasks, listed in one cell, each the owner and the deadline of its number
        (1.法规处 2.审批处) where those are lists of as many."""
        owners = numbered_items(owner)
        days = _LISTED_DAY.findall(row.stated.get("deadline", "")) if deadline else []
        if 1 < len(owners) != count:
            message = f"该格有 {count} 项任务，责任单位有 {len(owners)} 条，无法一一对应，请核对"
            self._doubt(row, message, "responsible_text")
        for at in range(count):
            index = len(self.tasks) - count + at
            task = self.tasks[index]
            if len(owners) == count:
                text = owners[at][1]
                parts = units_of(row, text)
                task = replace(task, responsible_text=text, assignments=parts)
            if len(days) == count:
                text = days[at].strip()
                due = self._deadline_in(text)[0]
                task = replace(task, deadline_text=text, deadline_kind=due.kind, due_on=due.due_on)
            self.tasks[index] = task

    def add_owners(self, row: RowTexts) -> None:
        """Add the owners of a row without task text to the task above: one task, several rows."""
        task = self.tasks[-1]
        more = owner_text({n: lines(t) for n, t in row.stated.items() if n in OWNERS and t})
        text = f"{task.responsible_text}；{more}"
        self.tasks[-1] = replace(task, responsible_text=text, assignments=read_owners(text))
        message = f"该行没有目标任务，其责任单位并入第 {task.number} 项任务，请核对"
        options = (task.responsible_text,)
        issue = Issue(row.place, message, "responsible_text", options, (task.number,))
        self.issues.append(issue)

    def _report_repeats(self) -> None:
        """Report tasks that stand twice under the same 一级指标."""
        seen: dict[tuple[str, str], Task] = {}
        for task in self.tasks:
            first = seen.setdefault((task.level1, folded(task.task)), task)
            if first is not task:
                message = f"与第 {first.number} 项任务的文字相同，请核对是否重复"
                self.issues.append(Issue(task.place, message, "twice", tasks=(task.number,)))

    def _read_owner(self, row: RowTexts) -> tuple[str, bool]:
        """(text, whether inherited). The owner columns are blank together or not at all: 配合单位
        left blank beside a 牵头单位 means nobody, unless its cell goes on from above.
        """
        present = [name for name in OWNERS if name in row.stated]
        stated = {n: lines(row.stated[n]) for n in present}
        if not present and self.owner_above:
            return self.owner_above, True
        nobody = [name for name, text in stated.items() if folded(text) in _NOBODY]
        again = {name for name, text in stated.items() if text in _DITTO}
        stated = {n: t for n, t in stated.items() if t and n not in again and n not in nobody}
        if nobody and not stated:
            self._doubt(row, "没有写明责任单位，请核对", "responsible_text")
            return "", False
        if not stated and (row.cut or not (self.carries or row.merged & {*present})):
            if not row.cut and present:
                self._doubt(row, "没有写明责任单位，请核对", "responsible_text")
            return "", False
        if not stated:
            if present and self._owner is None:
                message = "没有责任单位，上方也没有可沿用的责任单位"
                self._doubt(row, message, "responsible_text")
            self._report_reach(row, "responsible", "责任单位", self._owner is not None)
            above = self._owner or {}
            if goes_on := again | (row.merged & {*present}):
                # A blank cell beside one that goes on from above names nobody.
                above = {name: text for name, text in above.items() if name in goes_on}
            return owner_text(above), self._owner is not None
        for name in (set(present) & row.merged - set(stated)) | again:
            stated[name] = (self._owner or {}).get(name, "")
        if lacking := next((name for name in present if name in again and not stated[name]), ""):
            message = f"{OWNERS[lacking]}写“同上”，上方没有{OWNERS[lacking]}，请核对"
            self._doubt(row, message, "responsible_text")
        self._owner = {name: text for name, text in stated.items() if text}
        self._stated_under["responsible"] = self.level1
        for text in self._owner.values():
            units = [assignment.unit for assignment in units_of(row, text)]
            if len(units) > 1 and names_both(row.spellings.get("responsible", "")):
                self._doubt_roles(row, text)
            strange = [unit for unit in units if not is_unit_name(unit)]
            if strange or not units:
                message = f"责任单位“{'、'.join(strange) or text}”不像单位名称，请核对"
                self._doubt(row, message, "responsible_text")
        return owner_text(self._owner), False

    def _doubt_roles(self, row: RowTexts, text: str) -> None:
        """Doubt the units of a column of those who lead and those who help, unless the cell tells them
        apart."""
        if {assignment.role for assignment in read_owners(text)} == {"responsible"}:
            heading = row.spellings["responsible"]
            divided = any(part.role != "responsible" for part in units_of(row, text))
            read = "按斜线前后读作牵头和配合" if divided else "都读作责任单位"
            message = f"“{heading}”一格没有写明谁牵头、谁配合，{read}，请核对"
            self._doubt(row, message, "responsible_text")

    def _read_deadline(self, row: RowTexts) -> tuple[str, bool]:
        text = one_line(row.stated.get("deadline", ""))
        alone = row.cut or not (self.carries or "deadline" in row.merged)
        if not text and alone:
            if not row.cut and "deadline" in row.stated:
                self._doubt(row, "没有写明完成时限，请核对", "deadline_text")
            return "", False
        if not text or text in _DITTO:
            inherited = self._deadline is not None
            if "deadline" in row.stated and not inherited:
                message = "没有完成时限，上方也没有可沿用的完成时限"
                self._doubt(row, message, "deadline_text")
            self._report_reach(row, "deadline", "完成时限", inherited)
            return self._deadline or "", inherited
        due, doubt, _ = self._deadline_in(text)
        if doubt:
            self._doubt(row, doubt, "deadline_text")
        if (day := due.due_on) and re.fullmatch(r"\d{5}(?:\.\d+)?", text):
            # The number of a date that lost its format (44196) means nothing to a reader.
            text = day.isoformat()
        self._deadline = text
        self._stated_under["deadline"] = self.level1
        return text, False

    def _deadline_in(self, text: str) -> tuple[Deadline, str, tuple[Cadence, ...]]:
        year = year_of(self._level2) or year_of(self.level1) or self.year
        if (text, year) not in self._deadlines:
            plan = plan_of_deadline(text, year)
            # A plan up to 100 names several days, and no doubt which of them is the last.
            is_whole = plan is not None and plan.nodes[-1].percent == 100
            self._deadlines[text, year] = (
                read_deadline(text, year),
                "" if is_whole else deadline_doubt(text, year),
                read_cadences(text),
            )
        return self._deadlines[text, year]

    def _heading_of_time(self) -> str:
        """The heading of a task that says until when it is to be done: 6月底前完成的任务."""
        return next((h for h in (self._level2, self.level1) if heads_time(h)), "")

    def _report_reach(self, row: RowTexts, name: str, label: str, inherited: bool) -> None:
        if inherited and self._stated_under.get(name) != self.level1:
            message = f"{label}为空，沿用了上一个一级指标的{label}，请核对"
            self._doubt(row, message, f"{name}_text", ("",))
            self._stated_under[name] = self.level1

    def _read_points(self, row: RowTexts, tasks: int) -> float | None:
        """The points of the row's one task; those of several wait until it is known how many."""
        text = row.stated.get("points", "")
        if not folded(text):
            return None
        stated = read_points(text)
        if stated is None:
            self._doubt(row, f"分值“{folded(text)}”不是一个数，没有读入", "points")
        elif tasks > 1 or "points" in row.shared or stated.each is not None:
            self._shares.open("cell", stated, len(self.tasks))
        else:
            return stated.total
        return None

    def _take_owner_within(self, row: RowTexts) -> None:
        """Give the last task the owner, and where it has none the deadline, that its own text states."""
        task = self.tasks[-1]
        stated = [duty.statement for duty in read_duties(task.task) if duty.statement.owner]
        if not stated:
            self._doubt(row, "没有写明责任单位，请核对", "responsible_text")
            return
        whole = sum(stated[1:], stated[0])
        (first, *others) = read_duties(task.task)
        if others:
            self._doubt(row, "任务文字中有几处责任单位，合并读入，请核对", "task")
        text = task.task if others else first.text
        due = self._deadline_in(whole.deadline)[0]
        if whole.deadline and not task.deadline_text:
            task = replace(
                task, deadline_text=whole.deadline, deadline_kind=due.kind, due_on=due.due_on
            )
        basis = dict(task.basis) | {
            "responsible_text": "任务文字中的括号或标签",
            "assignments": of_roles(row, whole.owner, read_owners(whole.owner)),
            "due_on": of_day(
                task.deadline_text, Deadline(task.deadline_kind, task.due_on), self.year
            ),
        }
        self.tasks[-1] = replace(
            task,
            task=text or task.task,
            responsible_text=whole.owner,
            assignments=read_owners(whole.owner),
            basis=explained(basis),
        )

    def _add_row_points(self, row: RowTexts, stated: Stated | None) -> None:
        """Points written at the end of the task itself (建立台账。（2分）), unless its cell has some."""
        own = (stated.total if stated.each is None else stated.each) if stated else None
        task = self.tasks[-1]
        if own is None:
            return
        if task.points is None:
            self.tasks[-1] = replace(task, points=own)
        elif task.points != own:
            message = f"分值一栏为 {task.points:g} 分，任务文字中为 {own:g} 分，按分值一栏读入"
            options = (f"{own:g}",)
            self.issues.append(Issue(row.place, message, "points", options, (task.number,)))

    def _doubt(
        self, row: RowTexts, message: str, about: str, options: tuple[str, ...] = ()
    ) -> None:
        names = COLUMNS_OF.get(about, (about,))
        cell = next(filter(None, map(row.cells.get, names)), None)
        place = replace(row.place, row=cell.row, column=cell.column) if cell else row.place
        self.issues.append(Issue(place, message, about, options))


@functools.lru_cache(maxsize=1024)
def _name_of(heading: str) -> tuple[str, Stated | None]:
    """The name of a heading, and the points it states."""
    return split_points(without_numbering(one_line(heading)))


def _printed_number(row: RowTexts) -> str:
    return one_line(row.stated.get("number", "")).rstrip("、.． ")


def _unique(cadences: tuple[Cadence, ...]) -> tuple[Cadence, ...]:
    """The frequencies of task and deadline; one that both state counts once."""
    unique: dict[tuple[str, int], Cadence] = {}
    for cadence in cadences:
        unique.setdefault((cadence.period, cadence.min_count), cadence)
    return tuple(unique.values())
