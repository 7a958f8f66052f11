"""Files that are no ledger: one Chinese sentence each, quickly, and never a traceback."""

import io
import tracemalloc
import zipfile

import openpyxl
import pytest
from ledger_documents import HEADER, SAVE, save_csv, save_xlsx

from loaders import LedgerError, limits, read_ledger
from tests.loaders.any_documents import changed_part, originals

ROW = ("保障", "", "制定办法。", "厅法规处", "2020年6月")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
ENCRYPTED = OLE + "EncryptedPackage".encode("utf-16-le") + bytes(512)


def zipped(**parts):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return data.getvalue()


BAD_FILES = {
    "空.docx": (b"", "文件是空的（0 字节），请重新导出后再导入"),
    "空.xlsx": (b"", "文件是空的（0 字节），请重新导出后再导入"),
    "空白.txt": (b" \r\n\t\n", "文件没有内容，请重新导出后再导入"),
    "图片.docx": (
        b"\x89PNG\r\n\x1a\n" + bytes(64),
        "不是有效的 Word 文件，内容是一张图片，请换用原始文件或重新另存后再导入",
    ),
    "图片.xlsx": (
        b"\xff\xd8\xff\xe0" + bytes(64),
        "不是有效的 Excel 文件，内容是一张图片，请换用原始文件或重新另存后再导入",
    ),
    "文字.docx": (b"hello", "不是有效的 Word 文件，请换用原始文件或重新另存后再导入"),
    "加密.xlsx": (ENCRYPTED, "文件已加密，请去掉打开密码并另存后再导入"),
    "加密.docx": (ENCRYPTED, "文件已加密，请去掉打开密码并另存后再导入"),
    "旧版.doc": (OLE, "旧版 Word 文件请用 Word 或 WPS 另存为 .docx 后再导入"),
    "旧版.xls": (OLE, "旧版 Excel 文件请用 Excel 或 WPS 另存为 .xlsx 后再导入"),
    "文字.wps": (OLE, "WPS 文字文件请另存为 .docx 后再导入"),
    "改名.docx": (OLE, "这是旧版 Office 文件，请用 Office 或 WPS 另存为 .docx 后再导入"),
    "截断.pdf": (
        b"%PDF-1.7",
        "不是有效的 PDF 文件，可能已损坏或没有传完，请重新导出后再导入",
    ),
    "文字.pdf": (b"hello", "不是有效的 PDF 文件，请换用原始文件或重新另存后再导入"),
    "台账.html": (b"<html>", "文件中没有表格，也没有文字，请确认选对了文件"),
    "空白.htm": (b" \n", "文件没有内容，请重新保存网页后再导入"),
    "二进制.html": (b"<html>\x00", "不是文本文件，请确认扩展名与内容相符"),
    "台账.json": (b"{}", "不支持“.json”文件，请另存为 .docx、.xlsx、.csv 或 .txt 后再导入"),
    "台账": (b"abc", "不支持没有扩展名的文件，请另存为 .docx、.xlsx、.csv 或 .txt 后再导入"),
    "二进制.csv": (b"a,b\x00c", "不是文本文件，请确认扩展名与内容相符"),
    "乱码.txt": (b"\xff\xfe\xfd\xff\xff", "文字编码无法识别，请另存为 UTF-8 编码后再导入"),
    "无表.txt": (
        "只有一段话。".encode(),
        "文件中没有表格，文字部分没有分条写明任务和责任单位，标题和结构也不像方案、计划或要点，"
        "请换用列有任务和责任单位的文件",
    ),
    "截断.docx": (
        b"PK\x03\x04" + bytes(40),
        "不是有效的 Word 文件，可能已损坏或没有传完，请重新另存后再导入",
    ),
    "别的.docx": (
        zipped(a="<a/>"),
        "不是有效的 Word 文件，可能已损坏或没有传完，请重新另存后再导入",
    ),
    "打包.zip": (zipped(a="<a/>"), "压缩包不是台账，请解压后选择其中的文件导入"),
    "实体.xlsx": (
        zipped(xl__workbook='<!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>'),
        "文件含有不安全的内容，请用 Office 或 WPS 重新另存后再导入",
    ),
    "表头.csv": (
        "姓名,电话\n张三,1".encode(),
        "无法识别表头：没有找到含“目标任务”和“责任单位”等列名的一行，请核对表头写法",
    ),
}


def refusal(path):
    with pytest.raises(LedgerError) as refused:
        read_ledger(path)
    return str(refused.value)


@pytest.mark.parametrize("name", BAD_FILES)
def test_what_is_wrong_and_what_to_do(name, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")  # without LibreOffice
    content, sentence = BAD_FILES[name]
    (tmp_path / name).write_bytes(content)
    assert refusal(tmp_path / name) == sentence


def test_missing_file_and_folder(tmp_path):
    assert refusal(tmp_path / "无.docx") == "找不到文件，请检查路径和文件名"
    assert refusal(tmp_path) == "这是文件夹，不是文件，请选择其中的台账文件"


def test_a_document_without_table(tmp_path):
    import docx

    document = docx.Document()
    document.add_paragraph("目标任务　责任单位")
    document.save(str(tmp_path / "a.docx"))
    assert refusal(tmp_path / "a.docx").startswith("文件中没有表格，文字部分没有分条写明任务")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["某市2024年工作方案", "要高度重视。"], "标题像方案、计划或要点，但看不出分条的任务"),
        (["某市2024年工作总结", "一、印发办法。", "二、培训。"], "2 个编号段落都没有写明责任单位"),
        (
            ["某市2024年工作总结", "一、印发办法。（厅法规处负责）", "二、培训。", "三、宣传。"],
            "3 个编号段落只有 1 处写明责任单位",
        ),
        (["某市2024年工作总结", "一、印发办法。", "二、培训。"], "看来是一份总结"),
    ],
)
def test_a_refusal_says_what_was_found(tmp_path, lines, said):
    (tmp_path / "a.txt").write_text("\n".join(lines), encoding="utf-8")
    assert said in refusal(tmp_path / "a.txt")


def test_an_empty_workbook_and_one_hidden_away(tmp_path):
    book = openpyxl.Workbook()
    book.save(tmp_path / "a.xlsx")
    assert refusal(tmp_path / "a.xlsx") == "工作簿中没有内容，请重新导出后再导入"
    book.active.append(HEADER)
    book.active.sheet_state = "hidden"
    book.create_sheet("空")
    book.save(tmp_path / "a.xlsx")
    assert refusal(tmp_path / "a.xlsx") == "所有有内容的工作表都被隐藏，请取消隐藏后再导入"


def test_a_formula_without_result(tmp_path):
    path = save_xlsx(tmp_path / "a.xlsx", [], [list(HEADER), [*ROW[:3], "=B9", ROW[4]]])
    assert refusal(path) == (
        "Sheet 第 2 行第 4 列的公式没有保存计算结果，请用 Excel 打开并保存后再导入"
    )


def test_a_formula_without_result_that_no_task_needs(tmp_path):
    rows = [[*HEADER, "分值"], [*ROW, "=1+1"], ["合计", "", "", "", "", "=SUM(F2)"]]
    ledger = read_ledger(save_xlsx(tmp_path / "a.xlsx", [], rows))
    assert ledger.tasks[0].points is None
    assert [issue.message for issue in ledger.issues] == ["公式没有保存计算结果，按空白处理"]


@pytest.mark.parametrize("form", SAVE)
def test_fifty_megabytes_in_one_cell(form, tmp_path):
    path = tmp_path / f"大{form}"
    if form in (".csv", ".html"):
        opening = "<table><tr><td>" if form == ".html" else "目标任务,责任单位\n"
        path.write_text(opening + "字" * (50 * 2**20 // 3), encoding="utf-8")
    else:
        part = {".docx": "word__document", ".xlsx": "xl__sharedStrings"}[form]
        path.write_bytes(
            zipped(**{part: "<a><t>" + "a" * (50 * 2**20) + "</t></a>", "xl__workbook": "<a/>"})
        )
    tracemalloc.start()
    sentence = refusal(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "不是台账表格" in sentence or "文件过大" in sentence
    assert peak < 30 * 2**20


def test_a_long_cell_in_a_small_file(tmp_path):
    path = save_csv(tmp_path / "a.csv", [], [list(HEADER), ["", "", "字" * 40_000, "厅法规处", ""]])
    assert refusal(path) == "第 2 行有一格超过 32767 字，不是台账表格，请检查文件内容"


def test_a_zip_bomb(tmp_path):
    path = tmp_path / "a.xlsx"
    row = "<row/>" * (2**20 // 6)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(80):
                part.write(row.encode())
    assert refusal(path) == "文件解压后过大，请去掉图片和多余的行列后再导入"


def test_one_cell_in_the_last_corner_of_a_sheet(tmp_path):
    path = save_xlsx(tmp_path / "a.xlsx", [], [list(HEADER), list(ROW)])
    book = openpyxl.load_workbook(path)
    book.active["XFD1048576"] = "x"
    book.save(path)
    assert len(read_ledger(path).tasks) == 1


def test_a_merge_over_a_whole_sheet(tmp_path):
    source = save_xlsx(tmp_path / "a.xlsx", ["标题"], [list(HEADER), list(ROW)])
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b'"A1:E1"', b'"A3:XFD1048576"'))
    assert refusal(tmp_path / "b.xlsx") == ("工作表的合并区域过大，请取消整行整列的合并后再导入")


SHEET = "xl/worksheets/sheet1.xml"


def worksheet(rows, after=""):
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData>{after}</worksheet>'.encode()


def inline(*texts):
    return "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)


def test_a_merge_with_exchanged_corners_hides_no_other(tmp_path):
    merges = '<mergeCells><mergeCell ref="A2:XFD9999"/><mergeCell ref="A9999:XFD2"/></mergeCells>'
    sheet = worksheet(f"<row>{inline(*HEADER)}</row><row>{inline(*ROW)}</row>", merges)
    path = save_xlsx(tmp_path / "a.xlsx", [], [list(HEADER)])
    path.write_bytes(changed_part(path.read_bytes(), SHEET, sheet))
    assert refusal(path) == "工作表的合并区域过大，请取消整行整列的合并后再导入"


def test_an_error_value_of_many_lines_is_one_sentence(tmp_path):
    broken = '<c t="e"><v>#REF!\n甲\n乙</v></c>'
    sheet = worksheet(f"<row>{inline(*HEADER)}</row><row>{inline(*ROW[:3])}{broken}</row>")
    path = save_xlsx(tmp_path / "a.xlsx", [], [list(HEADER)])
    path.write_bytes(changed_part(path.read_bytes(), SHEET, sheet))
    assert refusal(path) == (
        "Sheet 第 2 行第 4 列的公式出错 #REF!甲乙，请用 Excel 打开并保存后再导入"
    )


LAUGHS = (
    '<!DOCTYPE a [<!ENTITY b "哈"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;">'
    '<!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;">]>'
)
EXTERNAL = '<!DOCTYPE a [<!ENTITY e SYSTEM "file://{}">]>'
UNSAFE = "文件含有不安全的内容，请用 Office 或 WPS 重新另存后再导入"


@pytest.mark.parametrize("main", ["word__document", "xl__workbook"])
@pytest.mark.parametrize("doctype", [LAUGHS, EXTERNAL])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_entities_in_an_archive(main, doctype, encoding, tmp_path):
    path = tmp_path / ("a.docx" if main.startswith("word") else "a.xlsx")
    path.write_bytes(zipped(**{main: f"{doctype}<a>&e;</a>".encode(encoding)}))
    assert refusal(path) == UNSAFE


@pytest.mark.parametrize("length", range(2**20 - 16, 2**20))
def test_entities_behind_a_long_comment(length, tmp_path):
    comment = f"<!--{'x' * (length - 7)}-->"
    doctype = '<!DOCTYPE a SYSTEM "file:///x">'
    parts = {"word__document": "<a/>", "docProps__app": f"{comment}{doctype}<a>&e;</a>"}
    (tmp_path / "a.docx").write_bytes(zipped(**parts))
    assert refusal(tmp_path / "a.docx") == UNSAFE


@pytest.mark.parametrize("form", [".docx", ".xlsx"])
@pytest.mark.parametrize(
    "name", ["../../x.xml", "/x.xml", "C:\\x.xml", "..\\x.xml", "word/../../x"]
)
def test_path_names_in_an_archive(form, name, tmp_path):
    path = SAVE[form](tmp_path / f"a{form}", [], [list(HEADER), list(ROW)])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, "<a/>")
    assert refusal(path) == UNSAFE


@pytest.mark.parametrize("doctype", [LAUGHS, EXTERNAL])
def test_entities_in_a_page_stay_what_they_are(doctype, tmp_path):
    (tmp_path / "secret.txt").write_text("机密", encoding="utf-8")
    rows = "".join(f"<td>{text}</td>" for text in HEADER)
    task = "".join(f"<td>{text}&e;</td>" for text in ROW)
    page = f"{doctype.format(tmp_path / 'secret.txt')}<table><tr>{rows}</tr><tr>{task}</tr></table>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    (task,) = read_ledger(tmp_path / "a.html").tasks
    assert len(task.task) < 20
    assert "机密" not in str(task)
    assert "哈" not in str(task)


def test_a_picture_that_unpacks_to_more_than_it_may(tmp_path):
    path = SAVE[".docx"](tmp_path / "a.docx", [], [list(HEADER), list(ROW)])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/image1.png", bytes(65 * 2**20))
    assert refusal(path) == "文件解压后过大，请去掉图片和多余的行列后再导入"


def test_more_tags_than_memory_holds(tmp_path):
    (tmp_path / "a.docx").write_bytes(zipped(word__document="<a>" + "<p/>" * 4_000_000 + "</a>"))
    assert refusal(tmp_path / "a.docx") == "文件解压后过大，请去掉图片和多余的行列后再导入"
    (tmp_path / "a.html").write_text("<b>" * 2_600_000, encoding="utf-8")
    assert refusal(tmp_path / "a.html") == "网页内容过多，请只保存台账所在的网页后再导入"


TOO_LARGE = "文件超过 50 行、500 格或 3 万字，不是台账表格，请只保留任务所在的行列后再导入"


@pytest.fixture
def small(monkeypatch):
    """The limits of what is read, small enough to be met quickly."""
    monkeypatch.setattr(limits, "MAX_ROWS", 50)
    monkeypatch.setattr(limits, "MAX_CELLS", 500)
    monkeypatch.setattr(limits, "MAX_CHARACTERS", 30_000)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("行.csv", "\n".join(",".join(row) for row in (HEADER, *[ROW] * 50))),
        ("格.csv", ",".join(HEADER) + "\n" + "," * 501),
        ("行.txt", "\n".join("\t".join(row) for row in (HEADER, *[ROW] * 50))),
        ("格.txt", "\t".join(HEADER) + "\n" + "\t" * 501),
        ("线.txt", "|".join(HEADER) + "\n" + "|" * 501),
        ("字.txt", "\t".join(HEADER) + ("\n" + "a" * 10_000) * 3),
        ("行.html", "<table>" + "<tr><td>a<td>b<td>c" * 51),
        ("格.html", "<table><tr>" + "<td colspan=63 rowspan=9>" * 8),
        ("字.html", "<table>" + f"<tr><td rowspan=9>{'a' * 10_000}<td>b<td>c" * 3),
    ],
)
def test_more_than_a_ledger_has(name, text, tmp_path):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert refusal(tmp_path / name) == TOO_LARGE


@pytest.mark.usefixtures("small")
def test_more_than_a_ledger_has_in_a_small_workbook(tmp_path):
    long = ["", "", "字" * 30_000, "厅法规处", ""]
    assert refusal(save_xlsx(tmp_path / "字.xlsx", [], [list(HEADER), long, long])) == TOO_LARGE
    path = save_xlsx(tmp_path / "格.xlsx", [], [list(HEADER), list(ROW)])
    for cells in (
        '<row r="1"><c r="IV1"><v>1</v></c></row><row r="2"><c r="IV2"><v>1</v></c></row>',
        f"<row>{'<c><v>1</v></c>' * 501}</row>",
    ):
        path.write_bytes(changed_part(path.read_bytes(), SHEET, worksheet(cells)))
        assert refusal(path) == TOO_LARGE


@pytest.mark.usefixtures("small")
def test_more_than_a_ledger_has_in_a_small_document(tmp_path):
    path = SAVE[".docx"](tmp_path / "a.docx", [], [list(HEADER), list(ROW)])
    with zipfile.ZipFile(path) as archive:
        document = archive.read("word/document.xml").decode()
    wide = '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="99999"/></w:tcPr></w:tc></w:tr>' * 8
    document = document.replace("</w:tbl>", f"{wide}</w:tbl>")
    path.write_bytes(changed_part(path.read_bytes(), "word/document.xml", document.encode()))
    assert refusal(path) == TOO_LARGE


@pytest.mark.parametrize("form", [".docx", ".xlsx", ".pdf"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_file_that_did_not_come_through_whole(form, share, tmp_path):
    content = originals()[form]
    (tmp_path / f"a{form}").write_bytes(content[: int(len(content) * share)])
    assert "可能已损坏或没有传完" in refusal(tmp_path / f"a{form}")
