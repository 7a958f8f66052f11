"""Values of workbooks as Excel shows them, and what it does not show."""

import zipfile
from datetime import datetime

import pytest
from ledger_documents import HEADER
from openpyxl.utils.datetime import to_excel
from package_documents import (
    OTHER,
    ROW,
    TITLE,
    number_cell,
    packed,
    relations,
    sheet_rows,
    styles,
    text_cell,
    workbook,
)

from loaders import LedgerError, read_ledger
from loaders.forms import open_source
from loaders.forms.number_formats import shown_number, shown_text

DAY = 44196.0
"""31 December 2020."""


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (2020.1, "0.00", "2020.10"),
        (2020.1, "0.00_);[Red]\\(0.00\\)", "2020.10 "),
        (2020.1, "General", "2020.1"),
        (12, '0"月底"', "12月底"),
        (12, 'General"月"', "12月"),
        (3, '"第"0"季度"', "第3季度"),
        (20201231, '0000"年"00"月"00"日"', "2020年12月31日"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (1500, '0,"千"', "2千"),
        (0.856, "0.0%", "85.6%"),
        (0.5, "0.0#", "0.5"),
        (-3, "0;[Red](0)", "(3)"),
        (-3, "0", "-3"),
        (0, '0;-0;"无"', "无"),
        (4, '[>=5]"优";"良"', "良"),
        (5, '[>=5]"优";"良"', "优"),
        (7, ";;;", ""),
        (7, "@", "7"),
        (1e5, "0.00E+00", "100000"),
        (DAY, "yyyy/m/d;@", "2020/12/31"),
        (DAY, 'm"月"d"日";@', "12月31日"),
        (DAY, 'yyyy"年"m"月";@', "2020年12月"),
        (DAY, "yyyy.mm", "2020.12"),
        (DAY, '[DBNum1][$-804]yyyy"年"m"月"d"日";@', "二〇二〇年十二月三十一日"),
        (DAY, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "2020年12月31日"),
        (DAY, "mmm-yy", "2020年12月"),
        (DAY, "d-mmm", "12月31日"),
        (DAY, "m/d/yy", "2020-12-31"),
        (DAY + 0.5, "yyyy/m/d h:mm", "2020/12/31 12:00"),
        (DAY, "aaaa", "星期四"),
    ],
)
def test_a_number_as_shown(value, code, shown):
    assert shown_number(float(value), code) == shown


@pytest.mark.parametrize(
    ("text", "code", "shown"),
    [
        ("法规处", '"厅"@', "厅法规处"),
        ("厅法规", '@"处"', "厅法规处"),
        ("甲", '0;-0;0;"（"@"）"', "（甲）"),
        ("甲", ";;;", ""),
        ("甲", "0.00", "甲"),
    ],
)
def test_a_text_as_shown(text, code, shown):
    assert shown_text(text, code) == shown


@pytest.fixture
def read(tmp_path):
    """Read a workbook whose second task has this in its cells of owner and deadline."""

    def read(owner=OTHER[3], deadline=OTHER[4], title=TITLE, extra="", before="", **given):
        rows = sheet_rows(((title,), HEADER, ROW, (*OTHER[:3], owner, deadline)))
        return read_ledger(workbook(tmp_path / "a.xlsx", ("台账", before + rows + extra), **given))

    return read


def messages(ledger):
    return [issue.message for issue in ledger.issues]


def test_a_month_whose_zero_a_number_loses(read):
    ledger = read(deadline=number_cell("E4", 2020.1, 0))
    assert (ledger.tasks[1].deadline_text, str(ledger.tasks[1].due_on)) == ("2020.10", "2020-10-31")
    (issue,) = ledger.issues
    assert "按“2020.10”读入" in issue.message
    assert (issue.place.row, issue.place.column, issue.options) == (4, 5, ("2020年1月",))


MONTH_DAY = styles(['m"月"d"日"'])


def test_a_day_without_its_year_is_of_the_document_s(read):
    serial = to_excel(datetime(2019, 12, 31))
    ledger = read(deadline=number_cell("E4", serial, 1), style=MONTH_DAY)
    assert (ledger.tasks[1].deadline_text, str(ledger.tasks[1].due_on)) == (
        "12月31日",
        "2020-12-31",
    )
    (issue,) = ledger.issues
    assert "单元格存的是 2019-12-31" in issue.message
    assert issue.options == ("2019年12月31日",)


def test_a_day_without_its_year_where_no_other_is_written(tmp_path):
    rows = (HEADER, (*ROW[:4], number_cell("E2", DAY, 1)))
    path = workbook(tmp_path / "b.xlsx", ("台账", sheet_rows(rows)), style=MONTH_DAY)
    ledger = read_ledger(path)
    assert (ledger.year, str(ledger.tasks[0].due_on)) == (2020, "2020-12-31")
    assert messages(ledger) == ["文件没有写明年份，按日期单元格存储的 2020 年读入，请核对"]


def test_days_counted_from_1904(read):
    ledger = read(
        deadline=number_cell("E4", DAY - 1462, 1),
        style=styles(["yyyy/m/d"]),
        properties='date1904="1"',
    )
    assert str(ledger.tasks[1].due_on) == "2020-12-31"


FONTS = ("<strike/>", '<color rgb="FFFFFFFF"/>', '<color theme="0"/>')
LOOKS = [
    *(f'numFmtId="0" fontId="{font}" fillId="{fill}"' for font in (1, 2, 3) for fill in (0, 1)),
]
LOOKED = styles(["0", ";;;"], FONTS, LOOKS)
"""Cell styles: 2 hides, 3 and 4 strike out, 5 and 7 are white on white, 6 and 8 white on blue."""


@pytest.mark.parametrize(
    ("style", "label"),
    [
        (2, "单元格格式不显示的内容"),
        (3, "加了删除线的文字"),
        (4, "加了删除线的文字"),
        (5, "隐藏的文字"),
        (7, "隐藏的文字"),
    ],
)
def test_a_cell_nobody_sees_is_named_and_not_read(style, label, read):
    ledger = read(deadline=text_cell("E4", "2019年1月1日", style), style=LOOKED)
    assert ledger.tasks[1].deadline_inherited
    assert f"{label}没有读入，请核对：“2019年1月1日”" in messages(ledger)


@pytest.mark.parametrize("style", [6, 8])
def test_white_on_a_colour_is_seen(style, read):
    ledger = read(owner=text_cell("D4", "厅运输处", style), style=LOOKED)
    assert (ledger.tasks[1].responsible_text, messages(ledger)) == ("厅运输处", [])


def test_a_text_struck_out_in_part(read):
    rich = "<is><r><rPr><strike/></rPr><t>厅人事处、</t></r><r><t>厅公路处</t></r></is>"
    ledger = read(owner=f'<c r="D4" t="inlineStr">{rich}</c>')
    assert ledger.tasks[1].responsible_text == "厅公路处"
    assert messages(ledger) == ["加了删除线的文字没有读入，请核对：“厅人事处、”"]


@pytest.mark.parametrize(
    "column", ['<col min="5" max="5" hidden="1"/>', '<col min="5" max="5" width="0"/>']
)
def test_a_hidden_column_is_named_and_not_read(column, read, tmp_path):
    ledger = read(before=f"<cols>{column}</cols>")
    assert [t.deadline_text for t in ledger.tasks] == ["", ""]
    assert any(m.startswith("隐藏的第 5 列没有读入") and ROW[4] in m for m in messages(ledger))
    (grid,) = open_source(tmp_path / "a.xlsx", "a.xlsx").grids
    assert grid.rows[2].cells[4].text == ROW[4]  # a form of the platform keeps its key there


def test_text_under_a_merge_and_twice_in_a_cell(read):
    again = text_cell("D4", "厅人事处") + text_cell("D4", "厅公路处")
    ledger = read(owner=again, extra='<mergeCells><mergeCell ref="D3:D4"/></mergeCells>')
    assert [t.responsible_text for t in ledger.tasks] == ["厅法规处", "厅法规处"]
    assert {m.split("，")[0] for m in messages(ledger)} >= {
        "同一单元格重复写入的内容没有读入",
        "合并单元格遮住的内容没有读入",
    }


def test_a_value_outside_every_row_is_missed(read):
    strange = "<ext>" + text_cell("F9", "另附") + "</ext>"
    assert messages(read(extra=strange)) == ["工作表中有 1 处内容不在单元格中，没有读入，请核对"]


DRAWING = (
    '<d xmlns:x="x" xmlns:a="a"><x:oneCellAnchor><x:from><x:row>1</x:row></x:from>'
    "<a:p><a:t>仅供内部</a:t></a:p></x:oneCellAnchor></d>"
)
COMMENTS = '<comments><commentList><comment ref="E3"><text><t>已延期</t></text></comment></commentList></comments>'


def test_text_boxes_comments_and_page_headers_are_named(read):
    ledger = read(
        extra="<headerFooter><oddHeader>&amp;C内部资料</oddHeader><oddFooter>&amp;C第 &amp;P 页</oddFooter></headerFooter>",
        more={
            "xl/worksheets/_rels/sheet1.xml.rels": relations(
                ("drawing", "../drawings/d.xml"), ("comments", "../c.xml")
            ),
            "xl/drawings/d.xml": DRAWING,
            "xl/c.xml": COMMENTS,
        },
    )
    assert messages(ledger) == [
        "文本框中的文字没有读入，请核对：“仅供内部”",
        "批注没有读入，请核对：“已延期”",
        "页眉页脚没有读入，请核对：“内部资料”",
    ]


def test_a_table_far_to_the_right(tmp_path):
    body = "".join(
        f'<row r="{n}">'
        + "".join(text_cell(f"K{chr(65 + i)}{n}", t) for i, t in enumerate(cells))
        + "</row>"
        for n, cells in enumerate((HEADER, ROW), start=1)
    )
    (task,) = read_ledger(
        workbook(tmp_path / "台账2020.xlsx", ("台账", f"<sheetData>{body}</sheetData>"))
    ).tasks
    assert (task.task, task.place.column) == ("制定要点。", 289)


def test_a_sheet_of_another_year_is_asked_about(tmp_path):
    sheets = [(name, sheet_rows((HEADER, ROW))) for name in ("2020年", "2019年")]
    ledger = read_ledger(workbook(tmp_path / "台账2020.xlsx", *sheets))
    (issue,) = [issue for issue in ledger.issues if issue.about == "sheet"]
    assert (issue.place.table, issue.tasks) == ("2019年", (2,))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("xl/workbook.bin", "二进制工作簿（.xlsb）请用 Excel 或 WPS 另存为 .xlsx 后再导入"),
        ("OFD.xml", "OFD 版式文件请用阅读器导出为 PDF，或换用 Word、Excel 原件后再导入"),
        (
            "ppt/presentation.xml",
            "演示文稿不是台账，请把其中的任务表另存为 .docx 或 .xlsx 后再导入",
        ),
    ],
)
@pytest.mark.parametrize("extension", [".xlsb", ".xlsx", ".zip"])
def test_packages_of_other_programs(name, sentence, extension, tmp_path):
    path = packed(tmp_path / f"a{extension}", {name: "<presentation/>"})
    with pytest.raises(LedgerError) as refused:
        read_ledger(path)
    assert str(refused.value) == sentence


def test_shared_texts_under_another_name(tmp_path):
    source = workbook(tmp_path / "s.xlsx", ("台账", sheet_rows((HEADER, ROW))))
    texts = "".join(f"<si><t>{text}</t></si>" for text in (*HEADER, *ROW))
    cells = [f'<c t="s"><v>{n}</v></c>' for n in range(10)]
    rows = f"<row>{''.join(cells[:5])}</row><row>{''.join(cells[5:])}</row>"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(tmp_path / "台账2020.xlsx", "w") as new:
        space = "http://purl.oclc.org/ooxml/spreadsheetml/main"
        for part in {*old.namelist()} - {"xl/_rels/workbook.xml.rels"}:
            new.writestr(part.upper() if "sheet1" in part else part, old.read(part))
        new.writestr("xl/SharedStrings.xml", f'<sst xmlns="{space}">{texts}</sst>')
        new.writestr(
            "xl/Tables/a.dat",
            f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>',
        )
        new.writestr(
            "xl/_rels/workbook.xml.rels",
            relations(("worksheet", "tables/A.dat"), ("sharedStrings", "sharedStrings.xml")),
        )
    (task,) = read_ledger(tmp_path / "台账2020.xlsx").tasks
    assert task.task == "制定要点。"
