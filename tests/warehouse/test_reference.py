"""The reference files: what is shipped is valid, and what is wrong is named by file, line, reason."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.warehouse.world import World, store
from warehouse import ReferenceFileError, Warehouse, read_reference, sync_reference
from warehouse.ledger.reference import CLASSES, COLUMNS

SHIPPED = Path(__file__).parents[2] / "data" / "reference"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped files to spoil."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "reference"))


def test_the_shipped_files_are_valid():
    reference = read_reference(SHIPPED)
    assert reference.settings == {
        "behind_yellow_points": "10",
        "behind_red_points": "30",
        "red_overdue_only": "否",
        "due_soon_days": "30",
        "report_due_day": "5",
        "fewest_for_percent": "5",
        "fewest_ranked": "3",
        "backup_days": "7",
        "backup_weeks": "5",
        "backup_months": "12",
        "first_listed_leads": "否",
        "verifies_own": "否",
    }
    assert len(reference.members["宁夏", "五市交通运输局"]) == 5
    # 5 cities and 22 counties and districts of Ningxia, 14 prefectures of Hunan.
    assert len(reference.members["宁夏", "各市、县（区）交通运输局"]) == 27
    assert len(reference.members["湖南", "各市州交通运输局"]) == 14


def test_every_member_of_a_shipped_collective_is_a_local_department():
    reference = read_reference(SHIPPED)
    found = {
        reference.class_of(region, member)
        for (region, _), listed in reference.members.items()
        for member, _ in listed
    }
    assert found == {"地方交通部门"}


def test_no_spelling_stands_for_itself_or_for_another_spelling():
    aliases = read_reference(SHIPPED).aliases
    assert not set(aliases) & set(aliases.values())


@pytest.mark.parametrize(
    ("unit", "unit_class"),
    [
        ("厅法规处", "厅机关处室"),
        ("厅办公室", "厅机关处室"),
        ("路网监测与应急处置中心", "厅属单位"),
        ("省运输中心", "厅属单位"),
        ("五市交通运输局", "集体"),
        ("各成员单位", "集体"),
        ("固原市交通运输局", "地方交通部门"),
        ("西吉县交通运输局", "地方交通部门"),
        ("某协会", "未归类"),
    ],
)
def test_class_of_a_unit(unit: str, unit_class: str):
    assert unit_class in CLASSES
    assert read_reference(SHIPPED).class_of("宁夏", unit) == unit_class


def header(name: str) -> str:
    return ",".join(COLUMNS[name])


WRONG = [
    ("units.csv", "地区,单位\n宁夏,甲处", 1, "表头应为“地区、单位、类别”"),
    ("units.csv", "", 1, "表头应为“地区、单位、类别”"),
    ("units.csv", f"{header('units.csv')}\n宁夏,甲处,处室", 2, "类别“处室”不在厅机关处室、"),
    ("units.csv", f"{header('units.csv')}\n\n宁夏,甲处", 3, "应有 3 列，实有 2 列"),
    ("unit_classes.csv", f"{header('unit_classes.csv')}\n,,集体", 2, "“开头”和“结尾”不能都为空"),
    ("unit_classes.csv", f"{header('unit_classes.csv')}\n厅,处,科室", 2, "类别“科室”不在"),
    ("unit_aliases.csv", f"{header('unit_aliases.csv')}\n甲,乙,丙,丁", 2, "应有 3 列，实有 4 列"),
    (
        "collectives.csv",
        f"{header('collectives.csv')}\n宁夏,五市,银川市,",
        2,
        "没有写明“出处”",
    ),
    (
        "collectives.csv",
        f"{header('collectives.csv')}\n宁夏,五市,银川市,某文\n宁夏,五市,银川市,某文",
        3,
        "“银川市”在“五市”中重复",
    ),
    (
        "short_names.csv",
        f"{header('short_names.csv')}\n完善事后信用奖惩",
        2,
        "应有 2 列，实有 1 列",
    ),
    ("themes.csv", f"{header('themes.csv')}\n某指标,某主题,", 2, "没有写明“出处”"),
    ("themes.csv", f"{header('themes.csv')}\n某指标,,某文", 2, "“指标”“主题”都要填写"),
    ("themes.csv", f"{header('themes.csv')}\n甲,子,某文\n甲,丑,某文", 3, "指标“甲”重复"),
    ("themes.csv", f"{header('themes.csv')}\n甲,未归入主题,某文", 2, "主题不能叫“未归入主题”"),
    (
        "settings.csv",
        f"{header('settings.csv')}\ndue_soon_days,三十,",
        2,
        "“due_soon_days”应为不小于 0 的整数，写的是“三十”",
    ),
    ("settings.csv", f"{header('settings.csv')}\ndue_soon_days,-1,", 2, "写的是“-1”"),
    ("settings.csv", f"{header('settings.csv')}\nreport_due_day,29,", 2, "1 到 28 的整数"),
    ("settings.csv", f"{header('settings.csv')}\nreport_due_day,0,", 2, "1 到 28 的整数"),
    ("settings.csv", f"{header('settings.csv')}\nfirst_listed_leads,对,", 2, "只能是“是”或“否”"),
    ("settings.csv", f"{header('settings.csv')}\ncolour,红,", 2, "没有名为“colour”的参数"),
]


@pytest.mark.parametrize(("name", "text", "line", "reason"), WRONG)
def test_a_wrong_file_is_refused_with_its_line_and_reason(
    folder: Path, name: str, text: str, line: int, reason: str
):
    (folder / name).write_text(text, encoding="utf-8-sig")
    with pytest.raises(ReferenceFileError) as refused:
        read_reference(folder)
    said = str(refused.value)
    assert said.startswith(f"口径文件 {name} 第 {line} 行有误：")
    assert reason in said
    assert said.endswith("，请改正后重试。")


@pytest.mark.parametrize("name", COLUMNS)
@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (Path.unlink, "缺少口径文件 {name}，请从安装包恢复。"),
        (
            lambda path: path.write_bytes("地区,单位,类别".encode("gb18030")),
            "口径文件 {name} 不是 UTF-8 编码，请另存为“CSV UTF-8”。",
        ),
    ],
)
def test_a_missing_or_unreadable_file_is_named(
    folder: Path, name: str, spoil: Callable[[Path], object], reason: str
):
    spoil(folder / name)
    with pytest.raises(ReferenceFileError) as refused:
        read_reference(folder)
    assert str(refused.value) == reason.format(name=name)


def test_a_file_saved_without_a_byte_order_mark_or_with_blank_lines_is_read(folder: Path):
    text = (SHIPPED / "settings.csv").read_text(encoding="utf-8-sig")
    (folder / "settings.csv").write_text(text.replace("\n", "\n,,\n\n"), encoding="utf-8")
    assert read_reference(folder) == read_reference(SHIPPED)


def test_a_number_typed_in_full_width_breaks_no_figure(folder: Path, warehouse: Warehouse):
    # A Chinese input method gives ３０ as readily as 30.
    text = f"{header('settings.csv')}\ndue_soon_days,３０,"
    (folder / "settings.csv").write_text(text, encoding="utf-8")
    world = World()
    world.task(world.ledger())
    store(warehouse, world)
    # Reading it as 30 is right, and so is refusing the file; storing it as it stands is not.
    with suppress(ReferenceFileError):
        sync_reference(warehouse, read_reference(folder), recorded_by="测试")
    with warehouse.cursor() as cursor:
        found = cursor.execute(
            "select due_soon_days from ledger_terms(timestamp 'infinity')"
        ).fetchall()
    assert found == [(30,)]
