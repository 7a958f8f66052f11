"""The editable lists: shipped ones are sound, a wrong one is refused with line and reason."""

import shutil

import pytest

from loaders import LedgerError, read_ledger, reference

LISTS = {
    "headers.csv": reference.headers,
    "deadline_words.csv": reference.deadline_words,
    "unit_aliases.csv": reference.unit_aliases,
}


@pytest.fixture
def folder(tmp_path):
    for name in LISTS:
        shutil.copy(reference.SHIPPED / name, tmp_path)
    return tmp_path


def test_shipped_lists_are_sound():
    assert reference.headers()["分值(分)"].field == "points"
    assert reference.deadline_words()["持续推进"] == "ongoing"
    assert reference.unit_aliases()["各市州交通局"] == "各市州交通运输局"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_new_spelling_is_used_without_restart(folder, encoding):
    path = folder / "headers.csv"
    before = reference.headers(folder)
    assert "攻坚任务" not in before
    text = path.read_text(encoding="utf-8-sig") + "攻坚任务,目标任务,,\n"
    path.write_text(text, encoding=encoding)
    assert reference.headers(folder)["攻坚任务"].field == "task"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("headers.csv", "表头,含义\n", "第 1 行有误：列名应为 表头写法,含义,另有该列时,说明"),
        ("headers.csv", "任务,目标,,\n", "第 2 行有误：“含义”写的是“目标”，只能是"),
        ("headers.csv", "任务,,,\n", "第 2 行有误：“含义”没有填写"),
        ("headers.csv", ",目标任务,,\n", "第 2 行有误：“表头写法”没有填写"),
        (
            "headers.csv",
            "任务,目标任务,,\n任 务,备注,,\n",
            "第 3 行有误：“任 务”前面已有不同的写法",
        ),
        ("headers.csv", "任务,目标任务,,一,二\n", "第 2 行有误：多于 4 列"),
        (
            "deadline_words.csv",
            "长期,永远,\n",
            "第 2 行有误：“类别”写的是“永远”，只能是持续、按需、未明确",
        ),
        ("unit_aliases.csv", "法规处,,\n", "第 2 行有误：“单位”没有填写"),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_reason(folder, name, content, reason):
    path = folder / name
    columns = path.read_text(encoding="utf-8-sig").split("\n")[0]
    path.write_text(
        content if content.startswith("表头,") else f"{columns}\n{content}", encoding="utf-8"
    )
    with pytest.raises(LedgerError) as refused:
        LISTS[name](folder)
    assert str(refused.value).startswith(f"口径文件 {name} {reason}")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(LedgerError, match=r"缺少口径文件 headers\.csv"):
        reference.headers(tmp_path)


def test_a_document_is_read_with_one_state_of_the_lists(folder, monkeypatch):
    monkeypatch.setattr(reference, "chosen_folder", lambda: folder)
    path = folder / "unit_aliases.csv"
    with reference.held():
        before = reference.unit_aliases()
        path.write_text("别名,单位,说明\n甲处,乙处,\n", encoding="utf-8")
        assert reference.unit_aliases() is before
    assert dict(reference.unit_aliases()) == {"甲处": "乙处"}


def test_reading_looks_each_list_up_once(folder, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(reference, "chosen_folder", lambda: asked.append(1) or folder)
    rows = "".join(f"第{n}项任务,厅法规处、人事处,2020年{n}月底前\n" for n in range(1, 10))
    (tmp_path / "a.csv").write_text(f"目标任务,责任单位,完成时限\n{rows}", encoding="utf-8")
    assert len(read_ledger(tmp_path / "a.csv").tasks) == 9
    assert len(asked) == len(LISTS)
