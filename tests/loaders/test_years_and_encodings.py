"""Odd years are doubted, and a text that cannot be read is refused by the name of its encoding."""

import pytest
from ledger_documents import HEADER

from loaders import LedgerError, choices, preview, read_ledger
from loaders.phrases import deadline_doubt, read_deadline

ROW = ("一、制度建设", "（一）机制", "制定要点。", "厅法规处")


@pytest.mark.parametrize(
    ("text", "due", "words"),
    [
        ("202年6月30日", "2020-06-30", "“202”有误"),
        ("20201年6月30日", "2020-06-30", "“20201”有误"),
        ("2120年6月底", "2020-06-30", "“2120”有误"),
        ("2120-06-30", "2020-06-30", "“2120”有误"),
        ("2120.6.30", "2020-06-30", "“2120”有误"),
        ("2002年6月30日", "2002-06-30", "早于文件的年份 2020 年"),
        ("2019年12月31日", "2019-12-31", "早于文件的年份 2020 年"),
        ("19年底", "2019-12-31", "早于文件的年份 2020 年"),
    ],
)
def test_a_year_that_cannot_be_meant(text, due, words):
    assert str(read_deadline(text, 2020).due_on) == due
    assert words in deadline_doubt(text, 2020)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("次年3月底", "2021-03-31"),
        ("2020年1月1日", "2020-01-01"),
        ("2020年12月31日 0:00", "2020-12-31"),
        ("2020/12/31 12:00:00", "2020-12-31"),
        ("120天内", "None"),
    ],
)
def test_what_is_no_odd_year(text, due):
    assert str(read_deadline(text, 2020).due_on) == due
    assert "年份" not in deadline_doubt(text, 2020)


@pytest.fixture
def seen(tmp_path):
    """A ledger with these deadlines, one task each."""

    def seen(*deadlines, title="某省2020年台账"):
        lines = [f"{title},,,,", ",".join(HEADER)]
        lines += [",".join((*ROW[:2], f"任务{n}。", ROW[3], d)) for n, d in enumerate(deadlines)]
        path = tmp_path / "a.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return preview(path)

    return seen


def test_each_odd_year_is_a_doubt_with_the_sensible_reading_offered(seen):
    read = seen("2019年12月31日", "2020年1月1日", "2021年6月30日", "2120年6月30日")
    doubts = choices.Doubts(read, 2020)
    found = [doubts.doubt(i) for i in range(len(read.ledger.issues))]
    assert [doubt.tasks for doubt in found] == [(1,), (4,), (3,)]
    offered = [[choice.words for choice in doubt.choices] for doubt in found]
    assert "2020-12-31 到期" in offered[0]
    assert "2020-06-30 到期" in offered[2]


def test_later_years_of_a_plan_for_several_are_no_doubt(seen):
    read = seen("2023年底前", "2025年底前", title="某省2021-2025年规划任务清单")
    assert read.ledger.issues == ()


def test_many_later_years_are_one_doubt(seen):
    (issue,) = seen("2021年1月", "2021年2月").ledger.issues
    assert issue.message == "2 项任务的完成时限在 2021 年，文件是 2020 年的，请核对"


SIMPLE = (
    "一级指标,目标任务,责任单位,完成时限\n制度建设,制定年度信用工作要点。,厅法规处,2020年6月30日\n"
)
TRADITIONAL = (
    "一級指標,目標任務,責任單位,完成時限\n制度建設,制定年度信用工作要點。,廳法規處,2020年6月30日\n"
)


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        (TRADITIONAL, "big5", "Big5"),
        (SIMPLE, "utf-16-le", "UTF-16 LE"),
        (SIMPLE, "utf-16-be", "UTF-16 BE"),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.txt"])
def test_an_encoding_that_is_not_read_is_named(text, encoding, named, name, tmp_path):
    (tmp_path / name).write_bytes(text.encode(encoding))
    with pytest.raises(LedgerError, match=f"{named}.*另存为 UTF-8 编码后再导入"):
        read_ledger(tmp_path / name)


@pytest.mark.parametrize("text", [SIMPLE, TRADITIONAL])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_that_are_read(text, encoding, tmp_path):
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    assert len(read_ledger(tmp_path / "a.csv").tasks) == 1


@pytest.mark.parametrize("divider", [";", ",", "|"])
def test_the_line_that_tells_excel_the_divider(divider, tmp_path):
    lines = ["sep=" + divider, "某省2020年台账", divider.join(HEADER), divider.join((*ROW, "6月"))]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8-sig")
    ledger = read_ledger(tmp_path / "a.csv")
    assert (ledger.title, ledger.issues) == ("某省2020年台账", ())
    assert ledger.tasks[0].place.row == 4


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"MIME-Version: 1.0\n", "另存为 .docx"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?>', "另存为 .docx"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "另存为 .xlsx"),
        (b"Rar!\x1a\x07", "请解压"),
        (b"{\\rtf1", "另存为 .docx"),
    ],
)
@pytest.mark.parametrize("name", ["a.xlsx", "a.docx", "a.doc", "a.xls", "a.csv"])
def test_what_is_called_something_else(start, words, name, tmp_path):
    (tmp_path / name).write_bytes(start + b" " * 64)
    with pytest.raises(LedgerError, match=words):
        read_ledger(tmp_path / name)
