"""Documents that are no plans and must be refused."""

from __future__ import annotations

from random import Random

from benchmarks.reading import words
from benchmarks.reading.plans import NUMERALS, Document, chapter_line


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
        lines.append(chapter_line(index, theme))
        lines += [f"（{NUMERALS[n]}）{words.duty(random)}已取得明显成效。" for n in range(2)]
    return Document("report", "report.txt", "\n".join(lines))
