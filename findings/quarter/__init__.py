"""What the quarterly meeting is told: one set of answers, worded once, laid out by page and documents.

Owns the sentences and the tables of a quarter. Knows neither screen nor file, and asks nothing itself:
it is handed something to ask with.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from findings import exhibits, forecast
from findings.exhibits import Exhibit
from findings.quarter import notice, talk, wording
from findings.quarter.answers import Answers, gather
from findings.quarter.model import (
    Column,
    MeetingQuarter,
    Sentence,
    Table,
    in_words,
    quarter_of,
    shares,
    written,
)
from findings.quarter.screens import Bar, Item, Line, Opened, Screen, screens
from findings.quarter.tables import tables
from findings.quarter.wording import CHANGES, DECISION_STATES, against_time

__all__ = [
    "CHANGES",
    "DECISION_STATES",
    "Answers",
    "Bar",
    "Briefing",
    "Column",
    "Item",
    "Line",
    "MeetingQuarter",
    "Opened",
    "Screen",
    "Sentence",
    "Table",
    "against_time",
    "brief",
    "gather",
    "in_words",
    "quarter_of",
    "shares",
    "worded",
    "written",
]

METHOD = (
    "完成率为完成的任务数与适用的基本任务数之比，加分项、扣分项不计入；到期完成率只计期限不晚于截至日期的任务，"
    "期限当日不算逾期；序时进度按计划节点，没有计划的为起始日至期限已过时间的比例，进度低于序时达到阈值或频次有缺口的为滞后；"
    "单位按完成率在同类单位内排名，并列的同名次。"
)
"""How the figures are meant, for documents; the page shows the definition of each question."""
WORDED = (
    "headline", "overall", "changes", "completion", "comparison", "ranking", "reporting", "decided",
    "to_decide", "next_quarter", "still_to_win", "year_end",
)  # fmt: skip
"""Properties of a briefing that a page shows."""


@dataclass(frozen=True)
class Briefing:
    """All that is said about a quarter."""

    answers: Answers

    @property
    def quarter(self) -> MeetingQuarter:
        """What it is about."""
        return self.answers.quarter

    @property
    def has_progress(self) -> bool:
        """Whether there is anything to judge by."""
        return self.answers.has_progress

    @property
    def title(self) -> str:
        """What the notice is called."""
        return "".join(self.title_lines)

    @property
    def title_lines(self) -> tuple[str, ...]:
        """The title as it is set: words whole, the first line the longer."""
        return f"关于{self.quarter.name}“信用交通省”建设", "任务进展情况的通报"

    @property
    def talk_lines(self) -> tuple[str, ...]:
        """What the slides are called, in two lines of whole words."""
        return f"{self.quarter.name}“信用交通省”建设", "任务进展情况汇报"

    @property
    def period(self) -> str:
        """The quarter's name, and up to which day while it lasts."""
        quarter = self.quarter
        return (
            quarter.name if quarter.is_over else f"{quarter.name}（截至{in_words(quarter.as_of)}）"
        )

    @property
    def method(self) -> str:
        """Which days the figures are of, and how they are meant."""
        quarter, ledger = self.quarter, self.answers.ledger
        red = f"红灯的阈值为{ledger.behind_red_points:g}个百分点"
        if ledger.red_overdue_only:
            red = "只有逾期亮红灯"
        return (
            f"各项数字按{in_words(quarter.as_of)}的情况判断，与{quarter.compared_with}比较。{METHOD}"
            f"滞后的阈值为{ledger.behind_yellow_points:g}个百分点，{red}。"
        )

    @cached_property
    def headline(self) -> str:
        """The quarter in one sentence."""
        if not self.standing:
            return self.overall[0].text
        return f"{self.quarter.name}：{self.standing}；{self.change_summary}"

    @cached_property
    def standing(self) -> str:
        """The whole in a few words, without a stop; nothing where there is nothing to judge by."""
        total = self.answers.total
        if total is None or not self.has_progress:
            return ""
        said = f"{total.applicable}项任务完成{total.done}项"
        return f"{said}，亮红灯{total.red}项（其中逾期{total.overdue}项）"

    @cached_property
    def overall(self) -> list[Sentence]:
        """How far the ledger is."""
        return wording.overall(self.answers)

    @cached_property
    def change_summary(self) -> str:
        """What changed since the last meeting, in one sentence."""
        return wording.change_summary(self.answers)

    @cached_property
    def changes(self) -> list[Sentence]:
        """What changed since the last meeting, kind by kind."""
        return wording.changes(self.answers)

    @cached_property
    def completion(self) -> Exhibit:
        """How far each indicator is, and which lag."""
        answers = self.answers
        return exhibits.completion(answers.by_level1, answers.ledger.behind_yellow_points)

    @cached_property
    def comparison(self) -> Exhibit:
        """How each indicator's rate moved since the day of comparison."""
        return exhibits.changes(self.answers.comparison, self.quarter.compared_on)

    @cached_property
    def ranking(self) -> list[Sentence]:
        """First and last of each class of units."""
        return wording.ranking(self.answers)

    @cached_property
    def reporting(self) -> list[Sentence]:
        """Who did not report, month by month."""
        return wording.reporting(self.answers)

    @cached_property
    def decided(self) -> Sentence:
        """How earlier decisions stand."""
        return wording.decided(self.answers)

    @property
    def decided_now(self) -> str:
        """How many decisions this quarter's own meeting made, if any."""
        return wording.decided_now(self.answers)

    @cached_property
    def to_decide(self) -> list[Sentence]:
        """What is put before the meeting."""
        return wording.to_decide(self.answers)

    @cached_property
    def next_quarter(self) -> Sentence:
        """What falls due next."""
        return wording.next_quarter(self.answers)

    @cached_property
    def still_to_win(self) -> Sentence:
        """What points are had, and which can still be won."""
        return wording.still_to_win(self.answers)

    @cached_property
    def year_end(self) -> str:
        """How many tasks will be done by the year's end; empty where nothing can be foreseen."""
        return forecast.total(self.answers.forecast)

    @property
    def year_end_sentences(self) -> list[Sentence]:
        """The same with the tasks that may not be done, and how far it can be trusted; none where nothing
        can be foreseen."""
        if not self.year_end:
            return []
        unlikely = forecast.unlikely(self.answers.forecast)
        said = f"{self.year_end}可能完不成的{len(unlikely)}项。" if len(unlikely) else self.year_end
        return [
            Sentence(said, "forecast", unlikely, "unlikely"),
            Sentence(f"{forecast.METHOD}{forecast.ERROR}"),
        ]

    @property
    def praise(self) -> list[str]:
        """Whom the notice praises, a sentence a criterion."""
        return notice.praise(self.answers)

    @cached_property
    def lagging(self) -> list[str]:
        """Tasks that were behind on the day compared with and still are, by name, the gravest first."""
        return notice.lagging_lines(self.answers)

    @property
    def lagging_summary(self) -> str:
        """How many tasks are overdue or behind, how many of them already were, how many are new."""
        return notice.lagging_summary(self.answers)

    @property
    def reporting_summary(self) -> str:
        """How many units reported everything in time, month by month."""
        return notice.reporting_summary(self.answers)

    @property
    def unreported_past_due(self) -> str:
        """In a ledger without any report: the tasks whose day has passed."""
        return notice.unreported_past_due(self.answers)

    @cached_property
    def talk_titles(self) -> dict[str, str]:
        """Slide → what it finds."""
        return talk.titles(self.answers, self.tables["red_units"])

    @cached_property
    def demands(self) -> list[str]:
        """Two or three things that the notice demands, each with its day."""
        return notice.demands(self.answers)

    @cached_property
    def screens(self) -> list[Screen]:
        """One message a screen, in the order of a meeting."""
        return screens(self.answers)

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Every table, by key."""
        return tables(self.answers)


def brief(answers: Answers) -> Briefing:
    """All that is said about the quarter these answers are of."""
    return Briefing(answers)


def worded(answers: Answers) -> Briefing:
    """The same with the sentences of the page already made, to be kept with it."""
    made = brief(answers)
    if answers.total is not None:
        for name in WORDED:
            getattr(made, name)
    return made
