"""The editable lists: shipped ones are sound, a wrong one is refused with line and reason."""

import shutil

import pytest

from loaders import LedgerError, reference

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
    assert reference.headers()["责任处室(单位)"].field == "responsible"
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
