"""The three lists under data/reference/ that a clerk may extend: header spellings, deadline words
and unit aliases.

A list is read again when its file has changed, so a correction works without a restart.
"""

from __future__ import annotations

import contextlib
import csv
import functools
import io
import os
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from loaders.model import LedgerError
from loaders.wording import folded

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "reference"

FIELDS = {
    "一级指标": "level1",
    "二级指标": "level2",
    "目标任务": "task",
    "责任单位": "responsible",
    "牵头单位": "lead",
    "配合单位": "cooperate",
    "完成时限": "deadline",
    "计划节点": "plan",
    "序号": "number",
    "分值": "points",
    "评分标准": "criterion",
    "备注": "note",
    "进展情况": "narrative",
    "完成状态": "state",
    "完成日期": "completed_on",
    "进度": "percent",
    "佐证材料": "evidence",
}
"""The meanings a column can have, as headers.csv writes them."""

PRINTED = {field: label for label, field in FIELDS.items()}
NOT_READ = "不读入"
"""The meaning, in headers.csv, of a column or label that a clerk has said is not to be read."""

OWNERS = {"lead": "牵头单位", "responsible": "责任单位", "cooperate": "配合单位"}
"""The meanings that name units, in the order in which they are written out."""

COLUMNS_OF = {"responsible_text": (*OWNERS,), "deadline_text": ("deadline",)}
"""Part of a task → the columns it is read from, where they go by another name."""

_held: ContextVar[dict[str, Mapping] | None] = ContextVar("held", default=None)
"""The lists of the reading that is going on, by name."""

_results: ContextVar[dict[Callable, dict[str, Any]] | None] = ContextVar("results", default=None)
"""The results of functions in the reading that is going on, by text."""

_MEANINGS = {**FIELDS, NOT_READ: ""}
_DEADLINE_KINDS = {"持续": "ongoing", "按需": "as-needed", "未明确": "unspecified"}
_T = TypeVar("_T")


@dataclass(frozen=True)
class Spelling:
    """What a header spelling means; `otherwise` when another column of the table means it too."""

    field: str
    """"" when the column is not to be read."""
    otherwise: str = ""


def office_folder() -> Path:
    """`reference` in the office's data folder (CREDIT_DATA_DIR), whether there is one or not."""
    return Path(os.environ.get("CREDIT_DATA_DIR") or SHIPPED.parent) / "reference"


def chosen_folder() -> Path:
    """The office's own folder when it has one, else the shipped one."""
    own = office_folder()
    return own.resolve() if own.is_dir() else SHIPPED


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Within it each list is looked up once: a document is read with one state of the lists, and
    its thousands of units and dates do not each ask the disk whether a file has changed.
    """
    token, results = _held.set({}), _results.set({})
    try:
        yield
    finally:
        _held.reset(token)
        _results.reset(results)


def once_a_reading(function: Callable[[str], _T]) -> Callable[[str], _T]:
    """Remember what a function gives for a text while a document is read: a ledger repeats few units and
    days on many rows, and what they mean depends on the lists."""

    @functools.wraps(function)
    def remembered(text: str) -> _T:
        results = _results.get()
        if results is None:
            return function(text)
        known = results.setdefault(function, {})
        if text not in known:
            known[text] = function(text)
        return known[text]

    return remembered


def headers(folder: Path | None = None) -> Mapping[str, Spelling]:
    """Folded header spelling → its meaning, from headers.csv.

    工作任务 is the task, but a level above it where the table also has 具体要求: hence the column
    另有该列时. Raises LedgerError naming the line of headers.csv that is wrong.
    """
    columns = ("表头写法", "含义", "另有该列时", "说明")
    return _list(folder, "headers.csv", columns, _header)


def deadline_words(folder: Path | None = None) -> Mapping[str, str]:
    """Folded word → deadline kind, from deadline_words.csv: 常态化 → ongoing. Raises LedgerError."""
    return _list(folder, "deadline_words.csv", ("词语", "类别", "说明"), _deadline_word)


def unit_aliases(folder: Path | None = None) -> Mapping[str, str]:
    """Other spelling of a unit → its canonical name, from unit_aliases.csv. Raises LedgerError."""
    return _list(folder, "unit_aliases.csv", ("别名", "单位", "说明"), _alias)


def _header(row: dict[str, str]) -> tuple[str, Spelling]:
    spelling = row["表头写法"]
    for column in ("含义", "另有该列时"):
        if row[column] and row[column] not in _MEANINGS:
            raise ValueError(f"“{column}”写的是“{row[column]}”，只能是{'、'.join(_MEANINGS)}")
    if not row["含义"]:
        raise ValueError("“含义”没有填写")
    return folded(spelling), Spelling(_MEANINGS[row["含义"]], _MEANINGS.get(row["另有该列时"], ""))


def _deadline_word(row: dict[str, str]) -> tuple[str, str]:
    if row["类别"] not in _DEADLINE_KINDS:
        raise ValueError(f"“类别”写的是“{row['类别']}”，只能是{'、'.join(_DEADLINE_KINDS)}")
    return folded(row["词语"]), _DEADLINE_KINDS[row["类别"]]


def _alias(row: dict[str, str]) -> tuple[str, str]:
    if not row["单位"]:
        raise ValueError("“单位”没有填写")
    return row["别名"], row["单位"]


def _list(
    folder: Path | None,
    name: str,
    columns: tuple[str, ...],
    entry: Callable[[dict[str, str]], tuple[str, _T]],
) -> Mapping[str, _T]:
    in_use = _held.get() if folder is None else None
    if in_use is None:
        return _looked_up(folder, name, columns, entry)
    if name not in in_use:
        in_use[name] = _looked_up(folder, name, columns, entry)
    return in_use[name]


def _looked_up(
    folder: Path | None,
    name: str,
    columns: tuple[str, ...],
    entry: Callable[[dict[str, str]], tuple[str, _T]],
) -> Mapping[str, _T]:
    path = (folder or chosen_folder()) / name
    if folder is None and not path.exists():
        path = SHIPPED / name
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        raise LedgerError(f"缺少口径文件 {name}，请放回 data/reference 文件夹") from None
    return _read_list(path, changed, columns, entry)


@functools.lru_cache(maxsize=16)
def _read_list(path: Path, _changed: int, columns: tuple[str, ...], entry: Callable) -> Mapping:
    """The entries of one list; `_changed` makes an edited file a new cache key."""

    def refuse(line: int, reason: str) -> LedgerError:
        return LedgerError(f"口径文件 {path.name} 第 {line} 行有误：{reason}")

    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Excel on a Chinese Windows saves "CSV" as GBK.
        text = data.decode("gb18030", errors="replace")
    reader = csv.reader(io.StringIO(text, newline=""))
    first = tuple(cell.strip() for cell in next(reader, []))
    if first[: len(columns)] != columns:
        raise refuse(1, f"列名应为 {','.join(columns)}")
    entries: dict = {}
    for row in reader:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if not cells[0]:
            raise refuse(reader.line_num, f"“{columns[0]}”没有填写")
        if len(cells) > len(columns):
            raise refuse(reader.line_num, f"多于 {len(columns)} 列，文字中的逗号请用全角")
        cells += [""] * (len(columns) - len(cells))
        try:
            key, value = entry(dict(zip(columns, cells, strict=True)))
        except ValueError as error:
            raise refuse(reader.line_num, str(error)) from None
        if entries.get(key, value) != value:
            raise refuse(reader.line_num, f"“{cells[0]}”前面已有不同的写法")
        entries[key] = value
    return MappingProxyType(entries)
