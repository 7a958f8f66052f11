"""A plan before it is drawn: chapters, duties, units with their parts, deadlines, and its letter."""

from __future__ import annotations

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


def letter(random: Random, title: str, year: int) -> list[str]:
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


def chapter_line(index: int, title: str) -> str:
    """一、 and so on with the title of a chapter."""
    return f"{NUMERALS[index]}、{title}"
