"""Plans drawn as tables, as files and pages saved as text draw them."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from benchmarks.reading import words
from benchmarks.reading.plans import Document, Expected, Item, Plan, chapter_line, letter, plan


@dataclass
class Drawn:
    """A table with its cells; "" stands for a cell merged with the one above."""

    header: list[str]
    rows: list[list[str]]
    duties: list[Expected]
    plan: Plan
    sections: dict[int, str] = field(default_factory=dict)
    """Row index → a section row above it."""


def _table(random: Random, *, sections: bool = False) -> Drawn:
    drawn = plan(random, dates=1)
    numbered = random.random() < 0.7
    themed = not sections and random.random() < 0.7
    columns = random.choice(["one", "two", "three"])
    dated = random.random() < 0.9
    header = ["序号"] if numbered else []
    task = random.choice(words.TASK)
    header += [random.choice(words.THEME)] if themed else []
    header.append(task)
    owners = {
        "one": [drawn.responsible],
        "two": [drawn.lead, drawn.cooperate],
        "three": [drawn.lead, drawn.responsible, drawn.cooperate],
    }
    header += owners[columns]
    header += [drawn.deadline] if dated else []
    extra = random.random() < 0.2
    header += ["备注"] if extra else []
    rows: list[list[str]] = []
    duties: list[Expected] = []
    number = 0
    above: dict[int, str] = {}
    for index, chapter in enumerate(drawn.chapters):
        if sections:
            above[len(rows)] = chapter_line(index, chapter.title)
        for place, item in enumerate(chapter.items):
            number += 1
            item.date = (item.date or words.deadline(random, drawn.year)) if dated else None
            row = [str(number)] if numbered else []
            row += [chapter.title if not place else ""] if themed else []
            row.append(item.text)
            row += _owner_cells(drawn, item, columns)
            row += [item.date.text if item.date else ""] if dated else []
            row += [""] if extra else []
            rows.append(row)
            duties.append(item.expected(chapter.title if themed or sections else ""))
    return Drawn(header, rows, duties, drawn, above)


def _owner_cells(drawn: Plan, item: Item, columns: str) -> list[str]:
    """The owner columns of a row, the item's parts made to suit them."""
    random = drawn.random
    by = dict(item.parts)
    if columns == "one":
        if [*by] == ["responsible"]:
            return [by["responsible"].text]
        verbs = {"lead": "牵头", "responsible": "负责", "cooperate": "配合"}
        if random.random() < 0.5:
            return ["，".join(f"{units.text}{verbs[role]}" for role, units in item.parts)]
        labels = {"lead": "牵头单位", "responsible": "责任单位", "cooperate": "配合单位"}
        return ["；".join(f"{labels[role]}：{units.text}" for role, units in item.parts)]
    if "lead" not in by:
        by = {"lead": by["responsible"]}
    if columns == "two":
        by = {role: units for role, units in by.items() if role in ("lead", "cooperate")}
    item.parts = [*by.items()]
    order = ("lead", "cooperate") if columns == "two" else ("lead", "responsible", "cooperate")
    return [by[role].text if role in by else random.choice(["", "—", "/"]) for role in order]


def _drawn_text(drawn: Drawn, layout: str, lines: list[str], extension: str = ".txt") -> Document:
    above = letter(drawn.plan.random, drawn.plan.title, drawn.plan.year)
    text = "\n".join([*above, *lines]) + "\n"
    return Document(layout, f"{layout}{extension}", text, tuple(drawn.duties))


def comma_table(random: Random) -> Document:
    """A .csv with blank cells where the themes are merged."""
    drawn = _table(random)
    rows = [drawn.header, *drawn.rows]
    lines = [",".join(f'"{cell}"' for cell in row) for row in rows]
    text = "\n".join([drawn.plan.title, *lines]) + "\n"
    return Document("csv", "csv.csv", text, tuple(drawn.duties))


def bar_table(random: Random) -> Document:
    """Rows with bars; merged cells are left out, as pages saved as text leave them."""
    drawn = _table(random)
    end = random.choice([" |", ""])
    rows = [
        drawn.header,
        *(
            [c for i, c in enumerate(row) if c or drawn.header[i] not in words.THEME]
            for row in drawn.rows
        ),
    ]
    return _drawn_text(drawn, "bars", [" | ".join(row) + end for row in rows])


def section_table(random: Random) -> Document:
    """Rows with bars and section rows that head the duties below them."""
    drawn = _table(random, sections=True)
    lines = [" | ".join(drawn.header) + " |"]
    for index, row in enumerate(drawn.rows):
        if index in drawn.sections:
            lines.append(drawn.sections[index] + " |" * random.choice([1, len(row)]))
        lines.append(" | ".join(row) + " |")
    return _drawn_text(drawn, "section rows", lines)


def flat_table(random: Random) -> Document:
    """A table flattened to one cell per line, a bar behind each or between them."""
    drawn = _without_blank_owners(_table(random))
    cells = [cell for row in [drawn.header, *drawn.rows] for cell in row if cell]
    behind = random.random() < 0.5
    lines = (
        [f"{cell} |" for cell in cells] if behind else "\n|\n".join([*cells, ""]).split("\n")[:-1]
    )
    text = "\n".join([drawn.plan.title, *lines]) + "\n"
    return Document("flattened", "flattened.txt", text, tuple(drawn.duties))


def _without_blank_owners(drawn: Drawn) -> Drawn:
    """The table with a dash where nobody takes part: where cells follow each other, a blank owner could
    be that of any of three columns."""
    owners = [
        i
        for i, name in enumerate(drawn.header)
        if name in (drawn.plan.lead, drawn.plan.responsible, drawn.plan.cooperate)
    ]
    rows = [[cell or "—" * (i in owners) for i, cell in enumerate(row)] for row in drawn.rows]
    return Drawn(drawn.header, rows, drawn.duties, drawn.plan, drawn.sections)


def spaced_table(random: Random) -> Document:
    """Columns apart by a space each."""
    drawn = _without_blank_owners(_table(random))
    spread = [
        " ".join(name) if name in words.TASK and random.random() < 0.3 else name
        for name in drawn.header
    ]
    rows = [[cell for cell in row if cell] for row in drawn.rows]
    return _drawn_text(drawn, "spaces", [" ".join(spread), *(" ".join(row) for row in rows)])
