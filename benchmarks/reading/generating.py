"""Plans generated layout by layout, with the duties that a careful clerk would list.

A layout draws the same plan (themes, duties, units with their parts, deadlines) in one of the ways in
which offices issue plans; labels, brackets, numbering and the letter around it vary at random.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from benchmarks.reading import words
from benchmarks.reading.words import Date, Units

NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Expected:
    """One duty as it must be read."""

    level1: str
    level2: str
    task: str
    assignments: frozenset[tuple[str, str]]
    """(role, unit)."""
    deadline_kind: str = "unspecified"
    due_on: str = ""


@dataclass(frozen=True)
class Document:
    """A generated document; one without duties must be refused."""

    layout: str
    name: str
    text: str
    duties: tuple[Expected, ...] = ()


@dataclass
class Item:
    """A duty of a plan before it is drawn."""

    text: str
    parts: list[tuple[str, Units]]
    """(role, units) in the order written."""
    date: Date | None
    title: str = ""
    theme: str = ""
    """The level above the duty, of a plan with two."""

    def expected(self, level1: str, level2: str = "", task: str = "") -> Expected:
        assigned = frozenset((role, name) for role, part in self.parts for name in part.names)
        leads = {unit for role, unit in assigned if role == "lead"}
        assigned = frozenset(
            (role, unit) for role, unit in assigned if role != "responsible" or unit not in leads
        )
        due = (self.date.kind, self.date.due_on) if self.date else ("unspecified", "")
        return Expected(level1, level2, task or self.text, assigned, *due)


@dataclass
class Chapter:
    """A theme with its duties."""

    title: str
    items: list[Item] = field(default_factory=list)


@dataclass
class Plan:
    """A plan before it is drawn."""

    year: int
    title: str
    chapters: list[Chapter]
    random: Random
    lead: str
    responsible: str
    cooperate: str
    deadline: str


def plan(random: Random, *, titles: bool = False, themes: bool = False, dates: float = 0.7) -> Plan:
    """A plan of two to four chapters; with `titles` each duty opens with a heading of its own, with
    `themes` each chapter has second levels."""
    year = random.randint(2018, 2026)
    what = random.choice(
        ["信用交通建设", "政务公开", "营商环境", "安全生产", "重点工作", "民生实事"]
    )
    kind = random.choice(
        ["工作要点", "任务分工", "实施方案", "工作计划", "任务分解表", "重点任务清单", "行动方案"]
    )
    place = random.choice(["某市", "某县", "某省交通运输厅", "某市交通运输局", ""])
    dated = random.random() < dates
    pool = words.pool(random)
    texts: set[str] = set()
    chapters = []
    for title in random.sample(words.THEMES, random.randint(2, 4)):
        chapter = Chapter(title)
        heads = random.sample(words.SUBTHEMES, 5)
        for index in range(random.randint(1, 4)):
            text = words.duty(random)
            if text in texts:
                continue
            texts.add(text)
            date = words.deadline(random, year) if dated and random.random() < 0.9 else None
            chapter.items.append(
                Item(
                    text,
                    _parts(random, pool),
                    date,
                    heads[index] if titles else "",
                    heads[index // 2] if themes else "",
                )
            )
        if chapter.items:
            chapters.append(chapter)
    return Plan(
        year,
        f"{place}{year}年{what}{kind}",
        chapters,
        random,
        random.choice(words.LEAD),
        random.choice(words.RESPONSIBLE),
        random.choice(words.COOPERATE),
        random.choice(words.DEADLINE),
    )


def _parts(random: Random, pool: list[str]) -> list[tuple[str, Units]]:
    shape = random.random()
    if shape < 0.35:
        return [("responsible", words.units(random, pool))]
    if shape < 0.55:
        return [("lead", words.units(random, pool, 1))]
    rest = random.sample(pool, len(pool))
    half = len(rest) // 2
    if shape < 0.85:
        return [
            ("lead", words.units(random, rest[:half], 2)),
            ("cooperate", words.units(random, rest[half:])),
        ]
    third = len(rest) // 3
    return [
        ("lead", words.units(random, rest[:third], 1)),
        ("responsible", words.units(random, rest[third : 2 * third], 2)),
        ("cooperate", words.units(random, rest[2 * third :], 3)),
    ]


# How a plan in running text is drawn


def _letter(random: Random, title: str, year: int) -> list[str]:
    """The lines above a plan: none, or the notice that sends it."""
    shape = random.random()
    if shape < 0.3:
        return [title]
    day = f"{year}年{random.randint(1, 5)}月{random.randint(1, 28)}日"
    lines = [
        f"关于印发《{title}》的通知",
        random.choice(
            ["各县（市、区）人民政府，市政府各部门：", "局属各单位、机关各处室：", "各有关单位："]
        ),
        f"现将《{title}》印发给你们，请结合实际认真贯彻执行。",
    ]
    if shape > 0.75:
        lines += [
            "一、提高认识，加强领导。各单位要高度重视，确保任务落实。",
            "二、压实责任，强化督导。要建立台账，定期报送进展。",
        ]
    office = random.choice(["某市人民政府办公室", "某市交通运输局", "某省交通运输厅办公室"])
    return [*lines, office, day, *random.choice([[], ["（此件公开发布）"]]), title]


def _introduction(random: Random) -> list[str]:
    return random.choice(
        [
            [],
            ["为做好年度重点工作，结合实际，制定本方案。"],
            ["根据上级部署要求，现将有关任务分工如下。"],
        ]
    )


def _ending(random: Random) -> list[str]:
    return random.choice(
        [
            [],
            ["附件：联系人名单"],
            ["某市交通运输局", "2024年3月1日"],
        ]
    )


def _chapter_line(index: int, title: str) -> str:
    return f"{NUMERALS[index]}、{title}"


def _bracket(drawn: Plan, item: Item) -> str:
    """The owners of a duty in one of the ways a bracket states them, with its deadline or without."""
    random = drawn.random
    opening, closing = random.choice(["（）", "（）", "（）", "()", "〔〕", "【】"])
    by = dict(item.parts)
    date = item.date
    if random.random() < 0.45:
        labels = {
            "lead": drawn.lead,
            "responsible": drawn.responsible,
            "cooperate": drawn.cooperate,
        }
        stated = [f"{labels[role]}：{units.text}" for role, units in item.parts]
        if date and random.random() < 0.3:
            return f"{opening}{'；'.join(stated)}，{_by(date)}{closing}"
        if date:
            stated.append(f"{drawn.deadline}：{date.text}")
        return f"{opening}{'；'.join(stated)}{closing}"
    verbs = {
        "lead": [
            "牵头",
            "牵头负责",
            "分别牵头" if len(by.get("lead", Units((), "")).names) > 1 else "牵头",
        ],
        "responsible": ["负责", "按职责分工负责", "具体负责", "依据职责分工负责"],
        "cooperate": ["配合", "参与", "协助", "参加", "协同配合"],
    }
    stated = [f"{units.text}{random.choice(verbs[role])}" for role, units in item.parts]
    if [*by] == ["lead", "cooperate"] and len(by["lead"].names) == 1 and random.random() < 0.2:
        stated = [f"{by['lead'].text}牵头，会同{by['cooperate'].text}"]
    if [*by] == ["responsible"] and "，" not in by["responsible"].text and random.random() < 0.3:
        stated = [by["responsible"].text]
    text = random.choice("，；").join(stated)
    if not date:
        return f"{opening}{text}{closing}"
    if random.random() < 0.3:
        return f"{opening}{text}{closing}{opening}{_by(date)}{closing}"
    return f"{opening}{text}，{_by(date)}{closing}"


def _by(date: Date) -> str:
    return f"{date.text}完成" if date.text.endswith("前") else date.text


def _with_bracket(text: str, bracket: str, random: Random) -> str:
    if random.random() < 0.15:
        return f"{text.removesuffix('。')}{bracket}。"
    return f"{text}{bracket}"


def _prose(drawn: Plan, body: list[str], layout: str, duties: list[Expected]) -> Document:
    random = drawn.random
    letter = _letter(random, drawn.title, drawn.year)
    lines = [*letter, *_introduction(random), *body, *_ending(random)]
    blank = random.random() < 0.2
    text = ("\n\n" if blank else "\n").join(lines)
    return Document(layout, f"{layout}.txt", text + "\n", tuple(duties))


def brackets(random: Random) -> Document:
    """一、 and 1. with the owner in a bracket behind the duty."""
    drawn = plan(random)
    body, duties, number = [], [], 0
    through = random.random() < 0.5
    for index, chapter in enumerate(drawn.chapters):
        body.append(_chapter_line(index, chapter.title))
        number = number if through else 0
        for item in chapter.items:
            number += 1
            mark = random.choice([f"{number}.", f"{number}、"]) if index % 2 else f"{number}."
            body.append(f"{mark}{_with_bracket(item.text, _bracket(drawn, item), random)}")
            duties.append(item.expected(chapter.title))
    return _prose(drawn, body, "brackets", duties)


def titled(random: Random) -> Document:
    """（一）标题。正文。（owner): the first sentence is a heading."""
    drawn = plan(random, titles=True)
    body, duties, number = [], [], 0
    arabic = random.random() < 0.5
    for index, chapter in enumerate(drawn.chapters):
        body.append(_chapter_line(index, chapter.title))
        for place, item in enumerate(chapter.items):
            number += 1
            mark = f"{number}." if arabic else f"（{NUMERALS[place]}）"
            body.append(
                f"{mark}{item.title}。{_with_bracket(item.text, _bracket(drawn, item), random)}"
            )
            duties.append(item.expected(chapter.title, item.title))
    return _prose(drawn, body, "titled", duties)


def three_levels(random: Random) -> Document:
    """一、（一）1. with the owner in a bracket."""
    drawn = plan(random, themes=True)
    body, duties, number = [], [], 0
    for index, chapter in enumerate(drawn.chapters):
        body.append(_chapter_line(index, chapter.title))
        theme, count = "", 0
        for item in chapter.items:
            if item.theme != theme:
                theme, number = item.theme, 0
                body.append(f"（{NUMERALS[count]}）{theme}{random.choice(['', '。'])}")
                count += 1
            number += 1
            body.append(f"{number}.{_with_bracket(item.text, _bracket(drawn, item), random)}")
            duties.append(item.expected(chapter.title, theme))
    return _prose(drawn, body, "three levels", duties)


def _label_lines(drawn: Plan, item: Item, colon: str = "：") -> list[str]:
    labels = {"lead": drawn.lead, "responsible": drawn.responsible, "cooperate": drawn.cooperate}
    stated = [f"{labels[role]}{colon}{units.text}" for role, units in item.parts]
    if item.date:
        stated.append(f"{drawn.deadline}{colon}{item.date.text}")
    return stated


def label_lines(random: Random) -> Document:
    """Labels on lines of their own, now and then with one that names a person."""
    drawn = plan(random, titles=random.random() < 0.4)
    body, duties, number = [], [], 0
    person = random.random() < 0.2
    joined = random.random() < 0.2
    for index, chapter in enumerate(drawn.chapters):
        body.append(_chapter_line(index, chapter.title))
        for item in chapter.items:
            number += 1
            opened = f"{item.title}。" if item.title else ""
            body.append(f"{number}.{opened}{item.text}")
            stated = _label_lines(drawn, item)
            if person:
                stated.insert(random.randint(0, len(stated)), "责任领导：张某某")
            body += (
                [random.choice(["　", " ", "；"]).join(stated)] if joined and not person else stated
            )
            duties.append(item.expected(chapter.title, item.title))
    return _prose(drawn, body, "label lines", duties)


def inline_labels(random: Random) -> Document:
    """Labels behind the duty in its own paragraph."""
    drawn = plan(random)
    body, duties, number = [], [], 0
    for index, chapter in enumerate(drawn.chapters):
        body.append(_chapter_line(index, chapter.title))
        for item in chapter.items:
            number += 1
            body.append(f"{number}.{item.text}{'；'.join(_label_lines(drawn, item))}。")
            duties.append(item.expected(chapter.title))
    return _prose(drawn, body, "inline labels", duties)


def run_in(random: Random) -> Document:
    """Headings and duties one after another in a single paragraph."""
    drawn = plan(random, titles=True)
    parts, duties = ["为做好有关工作，制定本计划。"], []
    for index, chapter in enumerate(drawn.chapters):
        parts.append(_chapter_line(index, chapter.title))
        for place, item in enumerate(chapter.items):
            parts.append(f"（{NUMERALS[place]}）{item.title}。{item.text}{_bracket(drawn, item)}")
            duties.append(item.expected(chapter.title, item.title))
    text = f"{drawn.title}\n{' '.join(parts)}\n"
    return Document("run-in", "run-in.txt", text, tuple(duties))


def measures(random: Random) -> Document:
    """Steps （1）（2） below a duty whose owner is stated before them."""
    drawn = plan(random)
    body, duties, number = [], [], 0
    for index, chapter in enumerate(drawn.chapters):
        body.append(_chapter_line(index, chapter.title))
        for item in chapter.items:
            number += 1
            body.append(f"{number}.{item.text}{_bracket(drawn, item)}")
            steps = [f"（{n}）{words.sentence(random)}。" for n in range(1, random.randint(2, 4))]
            body += steps
            task = item.text + "".join(steps)
            duties.append(item.expected(chapter.title, task=task))
    return _prose(drawn, body, "measures", duties)


def closing_owner(random: Random) -> Document:
    """One bracket on a line of its own below the 1. 2. 3. of a （一）: it is that of them all."""
    drawn = plan(random, themes=True, dates=0)
    body, duties = [], []
    for index, chapter in enumerate(drawn.chapters):
        body.append(_chapter_line(index, chapter.title))
        theme = chapter.items[0].theme
        body.append(f"（一）{theme}")
        shared = chapter.items[0]
        for number, item in enumerate(chapter.items, 1):
            body.append(f"{number}.{item.text}")
            item.parts = shared.parts
            duties.append(item.expected(chapter.title, theme))
        body.append(_bracket(drawn, shared))
    return _prose(drawn, body, "closing owner", duties)


def without_owners(random: Random) -> Document:
    """A plan that names nobody."""
    drawn = plan(random, titles=random.random() < 0.5, dates=0)
    body, duties, number = [], [], 0
    for index, chapter in enumerate(drawn.chapters):
        body.append(_chapter_line(index, chapter.title))
        for item in chapter.items:
            number += 1
            opened = f"{item.title}。" if item.title else ""
            body.append(f"{number}.{opened}{item.text}")
            item.parts = []
            duties.append(item.expected(chapter.title, item.title))
    document = _prose(drawn, body, "no owners", duties)
    return document if len(duties) > 1 else without_owners(random)


# How a plan is drawn as a table


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
    rows, duties, number = [], [], 0
    above: dict[int, str] = {}
    for index, chapter in enumerate(drawn.chapters):
        if sections:
            above[len(rows)] = _chapter_line(index, chapter.title)
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
    letter = _letter(drawn.plan.random, drawn.plan.title, drawn.plan.year)
    text = "\n".join([*letter, *lines]) + "\n"
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


# What must be refused


def notice(random: Random) -> Document:
    """A notice with numbered requirements."""
    title = f"关于做好{random.randint(2018, 2026)}年{random.choice(['信用交通', '安全生产', '政务公开'])}工作的通知"
    lines = [
        title,
        "各县（市、区）交通运输局，局属各单位：",
        f"一、{random.choice(words.THEMES)}。各单位要高度重视，主要负责人亲自抓，确保取得实效。",
        f"二、{random.choice(words.THEMES)}。责任单位要对照任务要求，细化措施，倒排工期。",
        "三、加强督查考核。将按月通报进展情况，年底组织考核。",
        "某市交通运输局",
        "2024年3月1日",
    ]
    return Document("notice", "notice.txt", "\n".join(lines))


def interpretation(random: Random) -> Document:
    """What a site says about a plan."""
    lines = [
        f"《{random.randint(2018, 2026)}年重点工作任务分工方案》政策解读",
        "一、起草背景",
        "为落实上级部署，起草了本方案。",
        "二、主要内容",
        "（一）总体要求。明确目标和原则。",
        "（二）重点任务。提出5个方面20项任务，逐项明确牵头单位和完成时限。",
        "1.完善制度方面，共6项。",
        "2.强化应用方面，共14项。",
    ]
    return Document("interpretation", "interpretation.txt", "\n".join(lines))


def catalogue(random: Random) -> Document:
    """A catalogue of what an office makes public."""
    rows = [" | ".join(["序号", "公开事项", "公开内容", "公开时限", "公开方式", "责任单位"])]
    rows += [
        f"{n} | {random.choice(words.THEMES)} | {words.sentence(random)} | 20个工作日内 | 网站 | {random.choice(words.COUNTY_UNITS)}"
        for n in range(1, 6)
    ]
    return Document("catalogue", "catalogue.txt", "\n".join(["某局主动公开基本目录", *rows]))


def scoring_rules(random: Random) -> Document:
    """Rules of scoring, which have indicators and points but nobody who does anything."""
    rows = [" | ".join(["序号", "考核内容", "评分标准", "分值"])]
    rows += [
        f"{n} | {words.sentence(random)} | 完成得{n}分，未完成不得分 | {n}" for n in range(1, 6)
    ]
    return Document("scoring rules", "rules.txt", "\n".join(["年度考核评分细则", *rows]))


def report(random: Random) -> Document:
    """A report of what was done."""
    lines = [f"{random.randint(2018, 2026)}年信用建设工作总结"]
    for index, theme in enumerate(random.sample(words.THEMES, 3)):
        lines.append(_chapter_line(index, theme))
        lines += [f"（{NUMERALS[n]}）{words.duty(random)}已取得明显成效。" for n in range(2)]
    return Document("report", "report.txt", "\n".join(lines))


LAYOUTS: tuple[Callable[[Random], Document], ...] = (
    brackets,
    titled,
    three_levels,
    label_lines,
    inline_labels,
    run_in,
    measures,
    closing_owner,
    without_owners,
    comma_table,
    bar_table,
    section_table,
    flat_table,
    spaced_table,
    notice,
    interpretation,
    catalogue,
    scoring_rules,
    report,
)


def document(number: int, seed: int) -> Document:
    """The document of this number: the layouts in turn, the same ones for the same seed."""
    random = Random(f"{seed}/{number}")
    return LAYOUTS[number % len(LAYOUTS)](random)
