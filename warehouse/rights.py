"""Who acts, and what an account of each role may store.

Owns the table action × role, the rule that a unit's account stores only what is its unit's own, and the
rule that nobody verifies what he entered himself. Refuses to know: passwords, sessions, screens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import duckdb

from warehouse.faults import WarehouseError
from warehouse.statements import statement
from words import ACCOUNT_ROLES, ENTRIES

UNIT, OFFICE, LEADER, ADMIN = "unit", "office", "leader", "admin"

_ENTERED_BY_UNITS = ("report", "occurrence", "evidence", "extension", "claim")
OF_UNITS = {
    **{table: f"{table}_id" for table in _ENTERED_BY_UNITS},
    "submission": "submission_id",
}
"""Table to which units enter themselves → the column of its id. Each row names its unit."""
MAY: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            *("填报进展", "记录频次完成", "登记佐证材料", "申请延期", "加分申报"),
            *("保存月度填报", "收回填报表", "撤回填报表"),
            *(f"撤销{ENTRIES[table]}" for table in _ENTERED_BY_UNITS),
        ),
        frozenset({UNIT, OFFICE}),
    ),
    **dict.fromkeys(
        (
            *("登记计划节点", "补批延期", "同意延期", "不同意延期", "销号", "退办"),
            *("加分认定", "扣分事件", "人工评分", "复核评分", "登记名次", "估计工作量"),
            *("锁定报送月", "解锁报送月", "免除一期频次", "撤销免除", "补回佐证文件"),
            *("登记季度例会", "登记议定事项", "填报议定事项"),
            *("保存视图", "删除视图", "设定默认视图", "更新联系方式", "存入评分方案"),
            *("导入台账", "更正台账", "更正单位"),
            *("撤回台账", "撤回台账版次", "撤回导入的进展", "撤回评分方案"),
            *(f"撤销{name}" for table, name in ENTRIES.items() if table not in _ENTERED_BY_UNITS),
        ),
        frozenset({OFFICE}),
    ),
    **dict.fromkeys(("更新口径", "调整口径"), frozenset({OFFICE, ADMIN})),
}
"""Action → the roles whose accounts may do it. What is not listed no account may do."""


class NotAllowed(WarehouseError):
    """The account may not do so; the message says what and why."""


@dataclass(frozen=True)
class Actor:
    """Who acts by an account. Without one (单机模式, the command line) nothing is forbidden."""

    account: str
    """The name of the account, as the trail has it."""
    name: str
    """Its owner's name, which stands beside what is entered."""
    role: str
    """One of `ACCOUNT_ROLES`."""
    units: tuple[str, ...] = ()
    """Names of the units for which it enters; of the other roles none."""

    def may(self, action: str) -> bool:
        """Whether accounts of the role may do this at all; see MAY."""
        return self.role in MAY.get(action, ())

    def check(self, action: str) -> None:
        """Raises `NotAllowed` when the role may not do this."""
        if not self.may(action):
            what = f"“{action}”" if action else "这一操作"
            raise NotAllowed(
                f"{self.name}的角色是{ACCOUNT_ROLES.get(self.role, self.role)}，不能办理{what}，没有存入；"
                "需要办理的请联系管理员。"
            )


class Guard:
    """Holds the rows of one transaction against the rights of who acts, before they are stored."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, actor: Actor):
        self._cursor = cursor
        self._actor = actor
        self._ids: frozenset[UUID] | None = None

    def check(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Raises `NotAllowed` when one of the rows may not go into the table."""
        if self._actor.role == UNIT and table != "change":
            self._check_units(table, rows)
        if table == "verification":
            self._check_verifier(rows)

    @property
    def _units(self) -> frozenset[UUID]:
        """The registered units that count for the account's."""
        if self._ids is None:
            given = {"names": list(self._actor.units)}
            found = self._cursor.execute(statement("units_of_names"), given).fetchall()
            self._ids = frozenset(unit_id for (unit_id,) in found)
        return self._ids

    def _check_units(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        if table == "withdrawal":
            for row in rows:
                self._check_withdrawn(row["entry_kind"], row["entry_id"])
            return
        if table not in OF_UNITS or any(row["unit_id"] not in self._units for row in rows):
            raise self._not_its_own()
        given = {
            "task_ids": list({row["task_id"] for row in rows if "task_id" in row}),
            "unit_ids": list(self._units),
        }
        if self._cursor.execute(statement("tasks_without_part"), given).fetchall():
            raise NotAllowed(
                f"所填的任务中有{self._names}没有承担的，没有存入；请只填本单位的任务。"
            )

    def _check_withdrawn(self, table: str, entry_id: UUID) -> None:
        """An entry is a unit's to take back when it is of the unit and one that a unit may enter."""
        if table not in OF_UNITS:
            raise self._not_its_own()
        # A returned form is of a unit alone and of no task.
        source = table if table == "submission" else f"standing_{table}('infinity'::timestamp)"
        wanted = statement("entry_of_unit").format(source=source, id=OF_UNITS[table])
        found = self._cursor.execute(wanted, {"id": entry_id})
        columns = [column[0] for column in found.description or ()]
        for values in found.fetchall():
            entry = dict(zip(columns, values, strict=True))
            if entry["unit_id"] not in self._units:
                raise self._not_its_own()
            if entry.get("state") == "recognised" or entry.get("is_late"):
                raise NotAllowed("加分认定和补批的延期由厅法规处办理，不能由单位撤销或更正。")

    def _check_verifier(self, rows: Sequence[Mapping[str, Any]]) -> None:
        for row in rows:
            given = {
                "task_id": row["task_id"],
                "unit_id": row["unit_id"],
                "account": self._actor.account,
            }
            if self._cursor.execute(statement("completion_of_account"), given).fetchall():
                raise NotAllowed(
                    "本人录入的完成不能由本人核验，没有存入；请由另一个账号核验"
                    "（口径参数 verifies_own 改为“是”后可以）。"
                )

    def _not_its_own(self) -> NotAllowed:
        return NotAllowed(f"只能填报和更改{self._names}的内容，没有存入；请选择本单位后重试。")

    @property
    def _names(self) -> str:
        return "、".join(self._actor.units) or "本单位（账号还没有设定单位）"
