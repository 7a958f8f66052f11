"""Plans drawn as running text: brackets, labels, steps, headings that run on."""

from __future__ import annotations

from random import Random

from benchmarks.reading import words
from benchmarks.reading.plans import (
    NUMERALS,
    Document,
    Expected,
    Item,
    Plan,
    chapter_line,
    letter,
    plan,
)
from benchmarks.reading.words import Date, Units


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


def _bracket(drawn: Plan, item: Item) -> str:
    """The owners of a duty in one of the ways a bracket states them, with its deadline or without."""
    random = drawn.random
    pair = random.choice(["（）", "（）", "（）", "()", "〔〕", "【】"])
    opening, closing = pair[0], pair[1]
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
    above = letter(random, drawn.title, drawn.year)
    lines = [*above, *_introduction(random), *body, *_ending(random)]
    blank = random.random() < 0.2
    text = ("\n\n" if blank else "\n").join(lines)
    return Document(layout, f"{layout}.txt", text + "\n", tuple(duties))


def brackets(random: Random) -> Document:
    """一、 and 1. with the owner in a bracket behind the duty."""
    drawn = plan(random)
    body, duties, number = [], [], 0
    through = random.random() < 0.5
    for index, chapter in enumerate(drawn.chapters):
        body.append(chapter_line(index, chapter.title))
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
        body.append(chapter_line(index, chapter.title))
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
        body.append(chapter_line(index, chapter.title))
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
        body.append(chapter_line(index, chapter.title))
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
        body.append(chapter_line(index, chapter.title))
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
        parts.append(chapter_line(index, chapter.title))
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
        body.append(chapter_line(index, chapter.title))
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
        body.append(chapter_line(index, chapter.title))
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
        body.append(chapter_line(index, chapter.title))
        for item in chapter.items:
            number += 1
            opened = f"{item.title}。" if item.title else ""
            body.append(f"{number}.{opened}{item.text}")
            item.parts = []
            duties.append(item.expected(chapter.title, item.title))
    document = _prose(drawn, body, "no owners", duties)
    return document if len(duties) > 1 else without_owners(random)
