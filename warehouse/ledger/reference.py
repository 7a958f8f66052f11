"""The reference data under data/reference/: what a non-programmer keeps in CSV files.

Owns reading and checking those files: units and their classes, other spellings, members of
collectives, short names of indicators, thresholds. Knows nothing of the database.
"""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from loaders import reference
from loaders.wording import folded

CLASSES = ("厅机关处室", "厅属单位", "地方交通部门", "集体", "未归类")
UNKNOWN_CLASS = "未归类"
UNTHEMED = "未归入主题"
"""What the definitions call tasks whose indicators have no theme; no theme may be called so."""

COLUMNS = {
    "units.csv": ("地区", "单位", "类别"),
    "unit_classes.csv": ("开头", "结尾", "类别"),
    "unit_aliases.csv": ("别名", "单位", "说明"),
    "collectives.csv": ("地区", "集体", "成员单位", "出处"),
    "short_names.csv": ("一级指标", "简称"),
    "themes.csv": ("指标", "主题", "出处"),
    "settings.csv": ("参数", "值", "含义"),
}
NUMERIC_SETTINGS = (
    *("behind_yellow_points", "behind_red_points", "due_soon_days"),
    *("fewest_ranked", "fewest_for_percent"),
    *("backup_days", "backup_weeks", "backup_months"),
)


class ReferenceFileError(Exception):
    """A reference file is wrong; the message is one Chinese sentence with file, line and reason."""


@dataclass(frozen=True)
class Reference:
    """The reference files as read."""

    units: dict[tuple[str, str], str]
    """(region, unit) → class."""
    class_rules: tuple[tuple[str, str, str], ...]
    """(beginning, ending, class), the first that fits counts; an empty part fits any name."""
    aliases: dict[str, str]
    """Other spelling → canonical name."""
    members: dict[tuple[str, str], tuple[tuple[str, str], ...]]
    """(region, collective) → (member, source), …"""
    short_names: dict[str, str]
    """level1 in full → in short."""
    themes: dict[str, tuple[str, str]]
    """Indicator of either level → (theme, source); themes in the order in which they are shown."""
    settings: dict[str, str]
    """Threshold → value."""

    def class_of(self, region: str, unit: str) -> str:
        """The class of a unit: as listed, else by the first fitting rule, else 未归类."""
        if (region, unit) in self.members:
            return "集体"
        if (region, unit) in self.units:
            return self.units[region, unit]
        for beginning, ending, unit_class in self.class_rules:
            if unit.startswith(beginning) and unit.endswith(ending):
                return unit_class
        return UNKNOWN_CLASS


def read_reference(folder: Path) -> Reference:
    """Read and check every reference file in `folder`; raises `ReferenceFileError`."""
    units = {}
    for line, (region, unit, unit_class) in _rows(folder, "units.csv"):
        _check_class(folder / "units.csv", line, unit_class)
        units[region, unit] = unit_class
    rules = []
    for line, (beginning, ending, unit_class) in _rows(folder, "unit_classes.csv"):
        _check_class(folder / "unit_classes.csv", line, unit_class)
        if not beginning and not ending:
            raise _refusal("unit_classes.csv", line, "“开头”和“结尾”不能都为空")
        rules.append((beginning, ending, unit_class))
    members: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for line, (region, collective, member, source) in _rows(folder, "collectives.csv"):
        if not (region and collective and member):
            raise _refusal("collectives.csv", line, "“地区”“集体”“成员单位”都要填写")
        if not source:
            raise _refusal("collectives.csv", line, "没有写明“出处”")
        listed = members.setdefault((region, collective), [])
        if any(member == name for name, _ in listed):
            raise _refusal("collectives.csv", line, f"“{member}”在“{collective}”中重复")
        listed.append((member, source))
    settings = {}
    for line, (key, typed, _) in _rows(folder, "settings.csv"):
        value = unicodedata.normalize("NFKC", typed)
        try:
            check_setting(key, value)
        except ValueError as error:
            raise _refusal("settings.csv", line, str(error)) from None
        settings[key] = value
    return Reference(
        units=units,
        class_rules=tuple(rules),
        aliases={alias: unit for _, (alias, unit, _) in _rows(folder, "unit_aliases.csv")},
        members={key: tuple(listed) for key, listed in members.items()},
        short_names={row[0]: row[1] for _, row in _rows(folder, "short_names.csv")},
        themes=_themes(folder),
        settings=settings,
    )


def write_reference(folder: Path, name: str, rows: Iterable[Sequence[str]]) -> None:
    """Replace the rows of one reference file, once the whole set is valid with them.

    Raises `ReferenceFileError` or `LedgerError` with line and reason, and then changes nothing.
    """
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file))
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    with tempfile.TemporaryDirectory() as trial:
        shutil.copytree(folder, trial, dirs_exist_ok=True)
        changed = Path(trial) / name
        changed.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
        read_reference(Path(trial))
        for check in (reference.headers, reference.deadline_words, reference.unit_aliases):
            check(Path(trial))
        # One step on the same disk: whoever reads meanwhile sees the old file or the new one.
        beside = folder / f".{name}.new"
        shutil.copyfile(changed, beside)
        beside.replace(folder / name)


def remember_meanings(meanings: Mapping[str, str], said_of: str) -> None:
    """Add to headers.csv of the office what its clerk has said headings and labels mean (`said_of`: the
    ledger), so that they are not asked about again. One that the list has already stays as it is there.

    An office without lists of its own gets a copy of them: those of the program stay as shipped.
    """
    known = reference.headers()
    new = {name: meaning for name, meaning in meanings.items() if folded(name) not in known}
    if not new:
        return
    folder = reference.office_folder()
    if not folder.is_dir():
        shutil.copytree(reference.SHIPPED, folder)
    with (folder / "headers.csv").open(encoding="utf-8-sig", newline="") as file:
        _, *rows = csv.reader(file)
    rows += [[name, meaning, "", f"导入《{said_of}》时选定"] for name, meaning in new.items()]
    write_reference(folder, "headers.csv", rows)


def _rows(folder: Path, name: str) -> list[tuple[int, tuple[str, ...]]]:
    """The data rows of one file with their line numbers; blank lines are passed over."""
    try:
        text = (folder / name).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ReferenceFileError(f"缺少口径文件 {name}，请从安装包恢复。") from None
    except UnicodeDecodeError:
        raise ReferenceFileError(
            f"口径文件 {name} 不是 UTF-8 编码，请另存为“CSV UTF-8”。"
        ) from None
    columns = COLUMNS[name]
    reader = csv.reader(text.splitlines())
    header = tuple(cell.strip() for cell in next(reader, []))
    if header != columns:
        raise _refusal(name, 1, f"表头应为“{'、'.join(columns)}”")
    rows = []
    for line, row in enumerate(reader, start=2):
        cells = tuple(cell.strip() for cell in row)
        if not any(cells):
            continue
        if len(cells) != len(columns):
            raise _refusal(name, line, f"应有 {len(columns)} 列，实有 {len(cells)} 列")
        rows.append((line, cells))
    return rows


def _themes(folder: Path) -> dict[str, tuple[str, str]]:
    themes: dict[str, tuple[str, str]] = {}
    for line, (indicator, theme, source) in _rows(folder, "themes.csv"):
        if not (indicator and theme):
            raise _refusal("themes.csv", line, "“指标”“主题”都要填写")
        if not source:
            raise _refusal("themes.csv", line, "没有写明“出处”")
        if theme == UNTHEMED:
            raise _refusal("themes.csv", line, f"主题不能叫“{UNTHEMED}”，不归类的指标不用列出")
        if indicator in themes:
            raise _refusal("themes.csv", line, f"指标“{indicator}”重复")
        themes[indicator] = (theme, source)
    return themes


def _check_class(file: Path, line: int, unit_class: str) -> None:
    if unit_class not in CLASSES:
        raise _refusal(file.name, line, f"类别“{unit_class}”不在{'、'.join(CLASSES)}之中")


def check_setting(key: str, value: str) -> None:
    """Raises ValueError with the reason, in Chinese, when a threshold is unknown or ill-written."""
    if key in NUMERIC_SETTINGS:
        if not (value.isascii() and value.isdigit()):
            raise ValueError(f"“{key}”应为不小于 0 的整数，写的是“{value}”")
    elif key == "report_due_day":
        # Every month has a 28th.
        if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 28):
            raise ValueError(f"“{key}”应为 1 到 28 的整数，写的是“{value}”")
    elif key in ("first_listed_leads", "red_overdue_only", "verifies_own"):
        if value not in ("是", "否"):
            raise ValueError(f"“{key}”只能是“是”或“否”，写的是“{value}”")
    else:
        raise ValueError(f"没有名为“{key}”的参数")


def _refusal(name: str, line: int, reason: str) -> ReferenceFileError:
    return ReferenceFileError(f"口径文件 {name} 第 {line} 行有误：{reason}，请改正后重试。")
