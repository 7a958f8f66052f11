"""Two generated quarterly meetings for the demonstration, what they decided and how that went.

Nobody held them: they follow the story of demo.py, and their texts all say 演示. They are only ever
written to the database they are handed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID, uuid4

from warehouse.store import Warehouse

MEETINGS = {
    # Quarter's end, day of the meeting → task, decision, due day, and what was told of it.
    (date(2020, 3, 31), date(2020, 4, 15)): (
        (
            4, "演示：年度信用工作要点与上级要点衔接后，七月底前印发。", date(2020, 7, 31),
            (
                (date(2020, 6, 24), "in_progress", "演示：已征求各处室意见，正在修改。"),
                (date(2020, 10, 15), "done", "演示：已印发。"),
            ),
        ),
        (
            6, "演示：领导小组各成员单位确定信用信息归集的责任人员，名单报厅法规处。", date(2020, 5, 29),
            ((date(2020, 5, 27), "done", "演示：名单已报齐。"),),
        ),
        (
            57, "演示：五月底前拟订宣传报道计划。", date(2020, 5, 29),
            ((date(2020, 6, 30), "dropped", "演示：并入年度诚信宣传安排，不再单独拟订。"),),
        ),
    ),
    (date(2020, 6, 30), date(2020, 7, 15)): (
        (
            10, "演示：信用信息共享平台九月底前上线试运行，建设进度每月报告。", date(2020, 9, 30),
            ((date(2020, 8, 31), "in_progress", "演示：主要模块已开发，正在联调。"),),
        ),
        (
            37, "演示：有关处室八月底前印发信用评价工作安排。", date(2020, 8, 31),
            ((date(2020, 8, 28), "in_progress", "演示：安排已起草，正在会签。"),),
        ),
        (42, "演示：明确“信易行”应用的牵头处室。", date(2020, 12, 31), ()),
    ),
}  # fmt: skip


def store_demonstration_meetings(
    warehouse: Warehouse,
    ledger_id: UUID,
    tasks: Mapping[int, UUID],
    units: Mapping[int, UUID],
    author: str,
) -> None:
    """Store the meetings as one action; `tasks` and `units` are the story's tasks and the unit first
    in charge of each, by number."""
    meetings, decisions, told = [], [], []
    for (quarter_ended_on, held_on), decided in MEETINGS.items():
        meeting_id = uuid4()
        meetings.append(
            {
                "meeting_id": meeting_id,
                "ledger_id": ledger_id,
                "quarter_ended_on": quarter_ended_on,
                "held_on": held_on,
            }
            | _signed(held_on, author)
        )
        for minute, (number, text, due_on, states) in enumerate(decided):
            decision_id = uuid4()
            decisions.append(
                {
                    "decision_id": decision_id,
                    "meeting_id": meeting_id,
                    "text": text,
                    "unit_id": units[number],
                    "due_on": due_on,
                    "task_id": tasks[number],
                }
                # Decisions are listed in the order in which they were made.
                | _signed(held_on, author, minute)
            )
            told += [
                {
                    "decision_progress_id": uuid4(),
                    "decision_id": decision_id,
                    "state": state,
                    "narrative": narrative,
                    "effective_on": day,
                }
                | _signed(day, author)
                for day, state, narrative in states
            ]
    rows = {"meeting": meetings, "decision": decisions, "decision_progress": told}
    with warehouse.writing(author) as writer:
        for table, listed in rows.items():
            writer.append(table, listed)
        writer.record(
            "生成演示例会",
            "batch",
            None,
            after={table: len(listed) for table, listed in rows.items()},
        )


def _signed(day: date, author: str, minute: int = 0) -> dict[str, object]:
    at = datetime(day.year, day.month, day.day, 17, minute)
    return {"recorded_at": at, "recorded_by": author}
