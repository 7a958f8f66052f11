"""单位与口径: a valid change goes into the file and the database, a wrong one goes nowhere."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from on_screen import text
from streamlit.testing.v1 import AppTest

from warehouse import Warehouse, open_office
from warehouse.opening import SHIPPED, reference_folder

FILES = (
    "units.csv",
    "unit_classes.csv",
    "unit_aliases.csv",
    "collectives.csv",
    "short_names.csv",
    "themes.csv",
    "settings.csv",
    "headers.csv",
    "deadline_words.csv",
)


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.fixture
def folder(own_data: Path) -> Iterator[Path]:
    """The office's own copy of the reference files; those of the program must stay as they are."""
    shipped = contents(SHIPPED / "reference")
    copy = Path(shutil.copytree(SHIPPED / "reference", own_data / "reference"))
    assert reference_folder() == copy
    yield copy
    assert contents(SHIPPED / "reference") == shipped


@pytest.fixture
def page(folder: Path, visit) -> AppTest:
    assert folder.is_dir()
    at = visit("reference")
    assert not at.exception
    return at


def rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.reader(opened))


def grid_key(at: AppTest, name: str) -> str:
    (key,) = [grid.key for grid in at.data_editor if grid.key.startswith(name)]
    return key


def save(at: AppTest, name: str, **edits: object) -> AppTest:
    """Edit the table of one file as its grid does (edited_rows, added_rows, deleted_rows), save."""
    at.session_state[grid_key(at, name)] = {
        "edited_rows": {},
        "added_rows": [],
        "deleted_rows": [],
    } | edits
    at.text_input(key=f"author_{name}").set_value("王五")
    at.button(key=f"save_{name}").click().run()
    assert not at.exception
    return at


def office() -> Warehouse:
    return open_office().warehouse


def last_change() -> tuple[int, str, str, dict, dict]:
    """(data version, action, who, before, after)"""
    with office().cursor() as cursor:
        *entry, before, after = cursor.execute(
            "select data_version, action, recorded_by, before, after from change"
            " order by data_version desc"
        ).fetchone()
    return *entry, json.loads(before), json.loads(after)


def days_in_force() -> set[int]:
    """The threshold due_soon_days by which the office's own ledgers are judged."""
    with office().cursor() as cursor:
        found = cursor.execute(
            "select due_soon_days from ledger_terms(timestamp 'infinity')"
        ).fetchall()
    return {days for (days,) in found}


def test_every_reference_file_is_shown_as_it_is(page: AppTest, folder: Path):
    shown = {grid.key.rsplit("_", 1)[0]: grid.value for grid in page.data_editor}
    assert set(shown) == set(FILES) == set(contents(folder))
    for name, grid in shown.items():
        header, *listed = rows(folder / name)
        assert list(grid.columns) == header
        assert grid.values.tolist() == [row for row in listed if any(row)]


def test_a_threshold_goes_into_the_file_and_the_database(page: AppTest, folder: Path):
    before = rows(folder / "settings.csv")
    others = contents(folder).keys() - {"settings.csv"}
    untouched = {name: contents(folder)[name] for name in others}
    version = office().data_version
    days = [row[0] for row in before].index("due_soon_days")
    save(page, "settings.csv", edited_rows={days - 1: {"值": "15"}})
    assert [said.value for said in page.success] == ["“阈值”已保存。"]
    expected = [row if row[0] != "due_soon_days" else [row[0], "15", row[2]] for row in before]
    assert rows(folder / "settings.csv") == expected
    assert {name: contents(folder)[name] for name in others} == untouched
    number, action, who, old, new = last_change()
    assert (number, action, who) == (version + 1, "更新口径", "王五")
    assert (old, new) == ({"due_soon_days": "30"}, {"due_soon_days": "15"})
    assert days_in_force() == {15}


def test_nothing_is_saved_without_the_name_of_who_changes_it(page: AppTest, folder: Path):
    stored, version = contents(folder), office().data_version
    page.session_state[grid_key(page, "unit_aliases.csv")] = {
        "edited_rows": {}, "added_rows": [{"别名": "政法处", "单位": "厅法规处"}], "deleted_rows": [],
    }  # fmt: skip
    page.button(key="save_unit_aliases.csv").click().run()
    assert [said.value for said in page.error] == ["没有保存：请写明修改人，再点“保存”。"]
    assert contents(folder) == stored
    assert office().data_version == version


def test_rows_are_added_and_deleted(page: AppTest, folder: Path):
    header, first, *rest = rows(folder / "collectives.csv")
    added = ["宁夏", "五市交通运输局", "宁东管委会", "某文"]
    save(
        page,
        "collectives.csv",
        added_rows=[dict(zip(header, added, strict=True))],
        deleted_rows=[0],
    )
    assert rows(folder / "collectives.csv") == [header, *rest, added]
    with office().cursor() as cursor:
        members = {
            name
            for (name,) in cursor.execute(
                "select member.name from unit_member"
                " join unit as member on member.unit_id = member_id"
                " join unit as collective on collective.unit_id = collective_id"
                " where collective.name = '五市交通运输局'"
            ).fetchall()
        }
    assert "宁东管委会" in members
    assert first[2] not in members
    assert len(members) == 5
    *_, old, new = last_change()
    assert set(old) == set(new) == {"members"}
    assert len(old["members"]) == len(new["members"])


def test_a_second_save_starts_from_the_first(page: AppTest, folder: Path):
    for alias in ("政法处", "法制处"):
        row = {"别名": alias, "单位": "厅法规处", "说明": None}
        save(page, "unit_aliases.csv", added_rows=[row])
    assert rows(folder / "unit_aliases.csv")[-2:] == [
        ["政法处", "厅法规处", ""],
        ["法制处", "厅法规处", ""],
    ]
    with office().cursor() as cursor:
        spellings = cursor.execute(
            "select distinct alias from unit_alias where alias in ('政法处', '法制处')"
        ).fetchall()
    assert len(spellings) == 2


def test_saving_once_more_adds_nothing_twice(page: AppTest, folder: Path):
    row = {"别名": "政法处", "单位": "厅法规处"}
    grid = grid_key(page, "unit_aliases.csv")
    save(page, "unit_aliases.csv", added_rows=[row])
    saved, version = contents(folder), office().data_version
    # A browser remembers the edits of a grid for as long as the grid keeps its key.
    page.session_state[grid] = {"edited_rows": {}, "added_rows": [row], "deleted_rows": []}
    page.button(key="save_unit_aliases.csv").click().run()
    assert not page.error
    assert contents(folder) == saved
    assert office().data_version == version


def test_saving_without_a_change_writes_nothing_into_the_database(page: AppTest, folder: Path):
    version = office().data_version
    before = {name: rows(folder / name) for name in FILES}
    for name in FILES:
        save(page, name)
        assert not page.error
    assert {name: rows(folder / name) for name in FILES} == before
    assert office().data_version == version


WRONG = {
    "units.csv": (["宁夏", "甲处", "处室"], "类别“处室”不在厅机关处室、"),
    "unit_classes.csv": (["", "", "集体"], "“开头”和“结尾”不能都为空"),
    "unit_aliases.csv": (["政法处", "", ""], "“单位”没有填写"),
    "collectives.csv": (["宁夏", "五市交通运输局", "宁东管委会", ""], "没有写明“出处”"),
    "themes.csv": (["加强行业监管", "信用监管", ""], "没有写明“出处”"),
    "headers.csv": (["办理人", "谁", "", ""], "“含义”写的是“谁”，只能是"),
    "deadline_words.csv": (["随缘", "随缘", ""], "“类别”写的是“随缘”，只能是"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_row_is_named_and_changes_nothing(page: AppTest, folder: Path, name: str):
    before, version = contents(folder), office().data_version
    header, *listed = rows(folder / name)
    cells, reason = WRONG[name]
    row = dict(zip(header, (cell or None for cell in cells), strict=True))
    save(page, name, added_rows=[row])
    (said,) = [error.value for error in page.error]
    line = 1 + len([row for row in listed if any(row)]) + 1
    assert said.startswith(f"没有保存：口径文件 {name} 第 {line} 行有误：")
    assert reason in said
    assert not page.success
    assert contents(folder) == before
    assert office().data_version == version


def test_a_wrong_threshold_is_named_by_its_line(page: AppTest, folder: Path):
    before, version = contents(folder), office().data_version
    days = [row[0] for row in rows(folder / "settings.csv")].index("due_soon_days")
    save(page, "settings.csv", edited_rows={days - 1: {"值": "三十"}})
    (said,) = [error.value for error in page.error]
    assert said.startswith(f"没有保存：口径文件 settings.csv 第 {days + 1} 行有误：")
    assert "应为不小于 0 的整数，写的是“三十”" in said
    assert (contents(folder), office().data_version) == (before, version)


def test_thresholds_are_shown_by_what_they_mean(page: AppTest):
    (grid,) = [grid for grid in page.data_editor if grid.key.startswith("settings.csv")]
    assert list(grid.proto.column_order) == ["含义", "值"]


@pytest.mark.parametrize(
    ("name", "column"), [("settings.csv", "值"), ("units.csv", "类别"), ("headers.csv", "含义")]
)
def test_an_emptied_cell_is_refused_where_it_must_be_filled(
    page: AppTest, folder: Path, name: str, column: str
):
    before = contents(folder)
    save(page, name, edited_rows={0: {column: None}})
    (said,) = [error.value for error in page.error]
    assert said.startswith(f"没有保存：口径文件 {name} 第 2 行有误：")
    assert contents(folder) == before


def test_the_demonstration_leaves_the_office_at_one_with_its_files(folder: Path, visit):
    # The files belong to the office; the demonstration says that the office is not affected.
    assert days_in_force() == {30}
    at = visit("reference", demo=True)
    assert not at.exception
    days = [row[0] for row in rows(folder / "settings.csv")].index("due_soon_days")
    if any(button.key == "save_settings.csv" for button in at.button):
        save(at, "settings.csv", edited_rows={days - 1: {"值": "15"}})
    assert days_in_force() == {int(rows(folder / "settings.csv")[days][1])}


def test_the_page_says_what_each_file_is_for(page: AppTest):
    said = text(page)
    assert [tab.label for tab in page.tabs] == [
        "单位",
        "类别规则",
        "别名",
        "集体成员",
        "指标简称",
        "指标主题",
        "阈值",
        "表头写法",
        "期限用词",
    ]
    for name in FILES:
        assert f"（文件 `{name}`）" in said


def test_a_saved_wording_is_understood_by_the_next_import(page: AppTest, visit):
    save(page, "headers.csv", added_rows=[{"表头写法": "干什么", "含义": "目标任务"}])
    save(page, "deadline_words.csv", added_rows=[{"词语": "年年都干", "类别": "持续"}])
    at = visit("imports")
    rows = "一级指标,干什么,责任单位,完成时限\n组织保障,制定办法。,厅法规处,年年都干\n"
    at.file_uploader[0].upload("河北2021年任务台账.csv", rows.encode()).run()
    while "正在读取" in text(at):
        at.run()
    assert not at.error
    assert "读出任务 1 项，存疑 0 处" in text(at)
