"""A plausible year of generated progress for the Ningxia ledger of 2020, to look at and try out.

Owns one story, told in the tables below by task number, entered through the writes that people's own
entries take. Nothing in it happened: every text says 演示, and it is only written to the database it is
handed. Points are in demo_scheme.py, meetings in demo_meetings.py, reasons in demo_delays.py.

The story. 61 base tasks, of which one does not apply; almost all are due on 31 December.
- Rules, systems and publicity are settled in the first half-year and mostly verified (销号); one of
  them is returned (退办) in June and done again in August, another is returned in September.
- The yearly plan (4) is given three more months, is overdue all the same on 30 September and comes
  76 days late in October. The publicity month (54) is refused more time and is still overdue when
  the year ends.
- 信用评价 (37–42) starts late and is far behind on 30 September; the platform (10, 12) waits for its
  procurement, and its unit goes silent; one task (60) is never reported before October.
- The rest keeps to the calendar. Recurring duties are done but for a few windows.
- By 31 December 52 of 60 are done; eight are not, each for a reason one can read off its lamp.

Most tasks are reported as a whole. Those in BY_UNIT are reported by each unit in charge, the five
cities each for itself; a task is then only done when the last of them is.

The seed varies days of the month and figures between milestones; the same seed gives the same rows.
"""

from __future__ import annotations

import threading
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid5

from warehouse.demonstration.demo_delays import with_reasons
from warehouse.demonstration.demo_meetings import store_demonstration_meetings
from warehouse.demonstration.demo_scheme import demonstration_scheme, store_demonstration_scheme
from warehouse.entries.recording import record_many
from warehouse.store import Warehouse, WarehouseError

AUTHOR = "演示数据"
YEAR = 2020
TASKS = range(1, 70)
FIVE_CITIES = "五市交通运输局"

Milestones = dict[int, int]

COURSES: tuple[tuple[Milestones, tuple[int, ...]], ...] = (
    # Month → percent reached by its end; straight lines between. Reports begin with the first month
    # and end with the last 100. A fall after 100 is a completion that was returned.
    ({1: 30, 3: 100}, (3, 30)),
    ({1: 20, 4: 100}, (21,)),
    ({1: 15, 5: 100}, (8, 35, 47, 61)),
    ({1: 10, 6: 100}, (6, 15, 29, 43)),
    ({2: 15, 7: 100}, (16, 23, 34, 45)),
    ({2: 10, 5: 60, 8: 100}, (11, 32, 39, 49, 56)),
    ({1: 10, 6: 65, 9: 100}, (14, 18, 25, 31, 48, 51, 55, 59)),
    # Returned, and done again; 46 was not done again in time.
    ({1: 20, 5: 100, 6: 80, 8: 100}, (19,)),
    ({2: 20, 8: 100, 9: 80, 11: 100}, (36,)),
    ({1: 10, 9: 78, 11: 100, 12: 85}, (46,)),
    # By the calendar; a recurring duty is done when the year is.
    ({1: 10, 6: 52, 9: 78, 11: 100}, (13, 20)),
    ({1: 8, 6: 50, 9: 75, 12: 100}, (1, 2, 5, 7, 22, 26, 28, 44, 52)),
    ({1: 8, 6: 45, 9: 70, 12: 90}, (50,)),
    # Ten to thirty points behind at the end of September.
    ({2: 5, 6: 40, 9: 60, 11: 100}, (27,)),
    ({2: 5, 6: 35, 9: 55, 12: 100}, (24, 33, 40, 53)),
    # Overdue: the plan of 30 April, extended to 31 July; the publicity month of 31 October.
    ({1: 20, 4: 60, 9: 85, 10: 100}, (4,)),
    ({3: 5, 6: 40, 9: 68, 10: 85, 12: 90}, (54,)),
    # More than thirty points behind at the end of September.
    ({1: 5, 4: 30, 9: 38, 12: 85}, (10,)),
    ({3: 10, 7: 35, 10: 35, 12: 78}, (12,)),
    ({4: 5, 9: 30, 12: 100}, (37, 41)),
    ({4: 5, 9: 35, 12: 66}, (38,)),
    ({3: 10, 6: 30, 10: 30, 12: 45}, (57,)),
    # Late starters.
    ({1: 0, 9: 0, 12: 60}, (42,)),
    ({1: 0, 9: 0, 12: 100}, (17,)),
    ({3: 0, 9: 0, 11: 100}, (58,)),
    ({10: 30, 12: 100}, (60,)),
)
NOT_APPLICABLE = {9: (date(2020, 3, 20), "演示：本年度没有新出台的地方性法规规章，不适用。")}

BY_UNIT = (7, 11, 13, 15, 18, 20, 37, 41, 49, 55, 59)
RARE_REPORTERS = ("厅海事处", "交通运输综合执法监督局", "固原市交通运输局")
RARE_MONTHS = (2, 5, 11)
"""When the rare reporters report, besides the month they are done."""
SILENT_MONTHS = {
    12: (8, 9, 10),
    33: (5, 9),
    42: (2, 4, 5, 7),
    53: (9,),
    57: (7, 8, 9, 10),
}

COMPLETED_ON = {4: date(2020, 10, 15), 19: date(2020, 5, 26), 36: date(2020, 8, 25)}
"""Days of (first) completion that the story names; the others fall anywhere in their month."""
RETURNED = {
    19: (date(2020, 6, 12), "演示：未附印发文件，请补充后重新报结。"),
    36: (date(2020, 9, 17), "演示：网站公开的承诺书与报送数量不符，请核对后重新报结。"),
    46: (date(2020, 12, 14), "演示：尚有认定结果未公示，请补齐后重新报结。"),
}
VERIFIED = (
    *(3, 4, 6, 8, 11, 15, 16, 18, 19, 21, 23, 29, 30, 31, 32),
    *(34, 35, 36, 43, 45, 47, 49, 56, 59, 61),
)
WITHOUT_EVIDENCE = (14, 25, 39, 48, 51)
"""Reported as done with nothing to show for it."""


@dataclass(frozen=True)
class Extension:
    """A request for a later due day and what became of it."""

    requested_on: date
    new_due_on: date
    reason: str
    decided_on: date
    approved: bool
    answer: str


EXTENSIONS = {
    4: Extension(
        requested_on=date(2020, 4, 15),
        new_due_on=date(2020, 7, 31),
        reason="演示：上级年度要点印发较晚，计划需与其衔接。",
        decided_on=date(2020, 4, 22),
        approved=True,
        answer="演示：同意延至 7 月底，请抓紧办理。",
    ),
    54: Extension(
        requested_on=date(2020, 10, 14),
        new_due_on=date(2020, 11, 30),
        reason="演示：部分市县的宣传活动尚未开展。",
        decided_on=date(2020, 10, 20),
        approved=False,
        answer="演示：宣传月时间由上级统一规定，不同意延期。",
    ),
}


@dataclass(frozen=True)
class Duty:
    """A recurring duty: how often it is done and the windows, by first day, that fall short."""

    period: str
    times: int
    short: tuple[date, ...] = ()
    """In these windows it is done once less than demanded."""


DUTIES = {
    1: Duty("quarter", 1),
    2: Duty("quarter", 1, (date(2020, 1, 1),)),
    5: Duty("month", 1, (date(2020, 2, 1),)),
    26: Duty("month", 1, (date(2020, 2, 1), date(2020, 8, 1))),
    28: Duty("week", 1, (date(2020, 1, 27), date(2020, 2, 3), date(2020, 5, 4), date(2020, 10, 5))),
    44: Duty("month", 1, (date(2020, 2, 1), date(2020, 3, 1))),
    50: Duty("quarter", 2, (date(2020, 4, 1),)),
}

CLAIMS = (
    (62, "claimed", date(2020, 5, 20), "演示：典型经验材料已报送。"),
    (62, "recognised", date(2020, 8, 26), "演示：典型经验获推广，予以认定。"),
    (63, "claimed", date(2020, 9, 15), "演示：信用交通城市建设经验已报送，待认定。"),
)
INCIDENTS = ((68, date(2020, 7, 10), "演示：一期水路运输市场信用信息报送超过规定时间。"),)

NARRATIVES = (
    # Up to this percent → what a report of that much says.
    (0, ("演示：尚未启动，拟于下月安排。", "演示：等待上级文件，暂未启动。")),
    (25, ("演示：已启动，正在拟订工作方案。", "演示：已明确责任人，正在摸底。")),
    (60, ("演示：方案已定，正在组织实施。", "演示：按计划推进，部分内容已完成。")),
    (99, ("演示：主体工作已完成，正在收尾。", "演示：正在汇总材料，准备报结。")),
    (100, ("演示：已完成，申请销号。", "演示：已按要求完成，材料齐备后备查。")),
)
STANDING_STILL = "演示：涉及多个部门，仍在协调，本月无新进展。"


@dataclass(frozen=True)
class _Subject:
    """Who reports: a task as a whole (no unit), or one unit's part of it."""

    number: int
    task_id: UUID
    unit_id: UUID | None = None
    unit: str = ""
    months_ahead: int = 0


_filling = threading.Lock()


def demonstration_exists(warehouse: Warehouse, ledger_id: UUID) -> bool:
    """Whether the story has been written about this ledger."""
    return all(_written(warehouse, ledger_id).values())


def _written(warehouse: Warehouse, ledger_id: UUID) -> dict[str, Any]:
    """Which parts there are: a database made by an earlier version has no scheme or meetings yet."""
    (found,) = _rows(warehouse, "demonstration", {"ledger_id": ledger_id, "author": AUTHOR})
    return found


def fill_demonstration(warehouse: Warehouse, ledger_id: UUID, *, seed: int = 2020) -> None:
    """Write the year of the story and its scheme into `warehouse`; does nothing the second time.

    Raises `WarehouseError` when the ledger is not the one the story is about.
    """
    with _filling:
        written = _written(warehouse, ledger_id)
        if all(written.values()):
            return
        values = {"ledger_id": ledger_id, "as_of": date(YEAR, 12, 31)}
        charges = _rows(warehouse, "charges", values)
        if {row["number"] for row in charges} != set(TASKS):
            raise WarehouseError("演示进展是按宁夏 2020 年台账编写的，不能用于这份台账。")
        task_ids = {row["number"]: row["task_id"] for row in charges}
        if not written["is_graded"]:
            (edition,) = _rows(warehouse, "edition", values)
            scheme = demonstration_scheme(ledger_id, edition["edition_id"], task_ids)
            rows = store_demonstration_scheme(warehouse, scheme, task_ids, AUTHOR)
            record_many(warehouse, rows, action="生成演示评分", recorded_by=AUTHOR)
        if not written["is_filled"]:
            rows = _story(charges, Random(seed))
            record_many(warehouse, rows, action="生成演示进展", recorded_by=AUTHOR)
        if not written["has_met"]:
            first = {row["number"]: row["unit_id"] for row in reversed(charges)}
            store_demonstration_meetings(warehouse, ledger_id, task_ids, first, AUTHOR)


def _rows(warehouse: Warehouse, name: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    """What the statement headed `-- name: …` in demo.sql finds."""
    parts = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").split("-- name: ")
    sql = next(part.removeprefix(name) for part in parts if part.startswith(f"{name}\n"))
    with warehouse.cursor() as cursor:
        found = cursor.execute(sql, values)
        columns = [column[0] for column in found.description]
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def _story(charges: list[dict[str, Any]], random: Random) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table, in the order of the tasks."""
    task_ids = {row["number"]: row["task_id"] for row in charges}
    courses = {number: course for course, numbers in COURSES for number in numbers}
    reports: list[dict[str, Any]] = []
    evidence: list[dict[str, Any]] = []
    verifications: list[dict[str, Any]] = []
    for number in sorted(courses):
        told = [
            report
            for subject in _subjects(number, charges, random)
            for report in with_reasons(number, _reports(subject, courses[number], random))
        ]
        reports += told
        done = [report["effective_on"] for report in told if report["state"] == "done"]
        if number in RETURNED:
            verifications.append(_return(number, task_ids[number]))
        if done and number in VERIFIED:
            verifications.append(_acceptance(task_ids[number], max(done), random))
        if done and number not in WITHOUT_EVIDENCE:
            evidence += _evidence(number, task_ids[number], max(done), random)
    reports += [
        _report(_Subject(number, task_ids[number]), day, "not_applicable", None, reason, random)
        | {"problem": "", "next_step": ""}
        for number, (day, reason) in NOT_APPLICABLE.items()
    ]
    extensions, decisions = _extensions(task_ids)
    return {
        "report": reports,
        "evidence": evidence,
        "verification": verifications,
        "extension": extensions,
        "extension_decision": decisions,
        "occurrence": [
            occurrence
            for number, duty in DUTIES.items()
            for occurrence in _occurrences(task_ids[number], duty, random)
        ],
        "claim": [
            {
                "task_id": task_ids[number],
                "unit_id": None,
                "state": state,
                "points": None,
                "narrative": text,
                "effective_on": day,
                "claim_id": _claim_id(task_ids[number], state),
                # A recognition answers the claim made before it.
                "answers_id": _claim_id(task_ids[number], "claimed")
                if state == "recognised"
                else None,
            }
            | _signed(day)
            for number, state, day, text in CLAIMS
        ],
        "incident": [
            {
                "task_id": task_ids[number],
                "unit_id": None,
                "points": None,
                "narrative": text,
                "effective_on": day,
            }
            | _signed(day)
            for number, day, text in INCIDENTS
        ],
    }


def _claim_id(task_id: UUID, state: str) -> UUID:
    return uuid5(task_id, state)


def _subjects(number: int, charges: list[dict[str, Any]], random: Random) -> list[_Subject]:
    """Those who report on a task; the first keeps to its course, the others may be ahead of it."""
    charged = [row for row in charges if row["number"] == number]
    task_id = charged[0]["task_id"]
    if number not in BY_UNIT:
        return [_Subject(number, task_id)]
    units = [
        (row["member_id"], row["member"])
        if row["unit"] == FIVE_CITIES and row["member"]
        else (row["unit_id"], row["unit"])
        for row in charged
    ]
    return [
        _Subject(number, task_id, unit_id, unit, random.randint(0, 2) if position else 0)
        for position, (unit_id, unit) in enumerate(dict.fromkeys(units))
    ]


def _reports(subject: _Subject, course: Milestones, random: Random) -> Iterator[dict[str, Any]]:
    """One report a month from the first milestone until done for good, but for silent months."""
    before = 0
    for month in range(min(course), 13):
        stage = min(month + subject.months_ahead, max(course))
        percent = _percent(course, stage, before, random)
        if percent == 100:
            text = random.choice(NARRATIVES[-1][1])
            day = _day_of_completion(subject.number, month, random)
            yield _report(subject, day, "done", 100, text, random)
            if stage == max(course):
                return
        elif not _is_silent(subject, month):
            text = STANDING_STILL if 0 < percent == before else _narrative(percent, random)
            state = "in_progress" if percent else "not_started"
            day = date(YEAR, month, monthrange(YEAR, month)[1] - random.randint(0, 2))
            yield _report(subject, day, state, percent, text, random)
        before = percent


def _percent(course: Milestones, month: int, before: int, random: Random) -> int:
    """A milestone as it is; between two, near the straight line and not below the month before."""
    if month in course:
        return course[month]
    left = max(m for m in course if m < month)
    right = min(m for m in course if m > month)
    low, high = course[left], course[right]
    if low == high:
        return low
    line = low + (high - low) * (month - left) / (right - left)
    return max(before, low, min(round(line) + random.randint(-3, 3), high, 99))


def _is_silent(subject: _Subject, month: int) -> bool:
    if subject.unit in RARE_REPORTERS:
        return month not in RARE_MONTHS
    return month in SILENT_MONTHS.get(subject.number, ())


def _day_of_completion(number: int, month: int, random: Random) -> date:
    named = COMPLETED_ON.get(number)
    if named is not None and named.month == month:
        return named
    # A recurring duty is not done before the year is.
    return date(YEAR, month, 31 if number in DUTIES else random.randint(8, 27))


def _narrative(percent: int, random: Random) -> str:
    return random.choice(next(texts for limit, texts in NARRATIVES if percent <= limit))


def _report(
    subject: _Subject, day: date, state: str, percent: int | None, text: str, random: Random
) -> dict[str, Any]:
    return {
        "task_id": subject.task_id,
        "unit_id": subject.unit_id,
        "state": state,
        "percent": percent,
        "narrative": text,
        "effective_on": day,
    } | _signed(day, random.randint(1, 5), random.randint(0, 8 * 60 - 1))


def _return(number: int, task_id: UUID) -> dict[str, Any]:
    day, reason = RETURNED[number]
    return _verification(task_id, "returned", reason, day)


def _acceptance(task_id: UUID, done_on: date, random: Random) -> dict[str, Any]:
    day = done_on + timedelta(days=random.randint(10, 24))
    return _verification(task_id, "accepted", "演示：材料齐备，予以销号。", day)


def _verification(task_id: UUID, outcome: str, reason: str, day: date) -> dict[str, Any]:
    return {
        "task_id": task_id,
        "unit_id": None,
        "outcome": outcome,
        "reason": reason,
        "effective_on": day,
    } | _signed(day)


def _evidence(
    number: int, task_id: UUID, done_on: date, random: Random
) -> Iterator[dict[str, Any]]:
    for piece in range(1, random.randint(1, 2) + 1):
        day = done_on - timedelta(days=random.randint(0, 3))
        yield {
            "task_id": task_id,
            "unit_id": None,
            "title": f"演示佐证材料（任务 {number} 之 {piece}）",
            "document_number": f"演示〔{YEAR}〕{number * 10 + piece} 号",
            "link": "",
            "file_name": "",
            "file_sha256": "",
            "effective_on": day,
        } | _signed(done_on)


def _extensions(
    task_ids: dict[int, UUID],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    requests, decisions = [], []
    for number, extension in EXTENSIONS.items():
        # A decision names its request, so this id cannot be left to chance.
        extension_id = uuid5(task_ids[number], "demonstration extension")
        requests.append(
            {
                "extension_id": extension_id,
                "task_id": task_ids[number],
                "requested_on": extension.requested_on,
                "new_due_on": extension.new_due_on,
                "reason": extension.reason,
            }
            | _signed(extension.requested_on)
        )
        decisions.append(
            {
                "extension_id": extension_id,
                "outcome": "approved" if extension.approved else "refused",
                "reason": extension.answer,
                "effective_on": extension.decided_on,
            }
            | _signed(extension.decided_on)
        )
    return requests, decisions


def _occurrences(task_id: UUID, duty: Duty, random: Random) -> Iterator[dict[str, Any]]:
    for start, end in _windows(duty.period):
        for _ in range(duty.times - (start in duty.short)):
            first = max(start, date(YEAR, 1, 1))
            # Not in a window's last tenth: it is entered before anyone judges the window.
            day = first + timedelta(days=random.randint(0, (end - first).days * 9 // 10))
            yield {
                "task_id": task_id,
                "unit_id": None,
                "period": duty.period,
                "occurred_on": day,
                "times": 1,
                "narrative": "演示：按频次要求完成一次。",
            } | _signed(day)


def _windows(period: str) -> Iterator[tuple[date, date]]:
    """First and last day of every calendar period that ends in the year."""
    if period == "week":
        monday = date.fromisocalendar(YEAR, 1, 1)
        while (sunday := monday + timedelta(days=6)).year == YEAR:
            yield monday, sunday
            monday += timedelta(days=7)
        return
    months = {"month": 1, "quarter": 3}[period]
    for first in range(1, 13, months):
        last = first + months - 1
        yield date(YEAR, first, 1), date(YEAR, last, monthrange(YEAR, last)[1])


def _signed(day: date, days_later: int = 1, minutes: int = 90) -> dict[str, Any]:
    """Who entered a row, and when: some days after it was true, in office hours."""
    at = datetime.combine(day + timedelta(days=days_later), time(9)) + timedelta(minutes=minutes)
    return {"recorded_at": at, "recorded_by": AUTHOR}
