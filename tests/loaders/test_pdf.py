"""PDF files with ruled tables."""

import zlib

import pytest
from ledger_documents import HEADER, SEEDS, UP, golden_rows, seed_table, values
from pdf_documents import _draw, _text, _widths, save_pdf, save_text_pdf, write_pdf

from loaders import LedgerError, read_ledger
from loaders.forms import pdf_bounds

ROW = ("一、组织保障", "（一）领导", "制定办法。", "厅法规处", "2020年6月")


def refusal(path):
    with pytest.raises(LedgerError) as refused:
        read_ledger(path)
    return str(refused.value)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_seeds_over_several_pages(seed, tmp_path):
    ledger = read_ledger(save_pdf(tmp_path / f"{seed}.pdf", *seed_table(seed)))
    assert values(ledger) == golden_rows(seed)
    assert sum(row.tasks for row in ledger.rows) == len(ledger.tasks)
    assert {task.place.table for task in ledger.tasks} == {"表1"}


def table_of(*rows):
    return [list(HEADER), *[list(row) for row in rows]]


def pages_of(tmp_path, first, second):
    """A table cut between two lists of rows."""
    from pdf_documents import LEADING, TOP, _draw, _height, _widths

    widths = _widths(first + second)
    pages = [
        _draw(p, [_height(r, widths) for r in p], widths, TOP - LEADING) for p in (first, second)
    ]
    return read_ledger(write_pdf(tmp_path / "台账2020.pdf", pages))


def test_a_header_repeated_on_every_page(tmp_path):
    second = [list(HEADER), ["", "", "公布办法。", "厅人事处", "2020年7月"]]
    ledger = pages_of(tmp_path, table_of(ROW), second)
    assert [t.level2 for t in ledger.tasks] == ["领导", "领导"]
    assert [row.reading for row in ledger.rows] == ["header", "task", "header", "task"]
    assert ledger.issues == ()


@pytest.mark.parametrize("header", [[], [list(HEADER)]])
def test_a_row_broken_by_the_page(header, tmp_path):
    first = table_of([*ROW[:2], "制定办法，明确各方", "厅法规处、", "2020年6月"])
    second = [
        *header,
        ["", "", "责任并公布。", "人事处", ""],
        ["", "", "宣传办法。", "厅办公室", "2020年7月"],
    ]
    ledger = pages_of(tmp_path, first, second)
    assert [t.task for t in ledger.tasks] == ["制定办法，明确各方责任并公布。", "宣传办法。"]
    assert [a.unit for a in ledger.tasks[0].assignments] == ["厅法规处", "厅人事处"]
    assert [i.message for i in ledger.issues] == [
        "该行在第 1 页末断开，已与下一页首行并为一行，请核对"
    ]


def test_a_row_of_its_own_at_the_top_of_a_page(tmp_path):
    first = table_of([*ROW[:2], "制定办法", "厅法规处", "2020年6月"])
    ledger = pages_of(tmp_path, first, [["", "", "公布办法", "厅人事处", "2020年7月"]])
    assert [t.task for t in ledger.tasks] == ["制定办法", "公布办法"]


def test_merged_cells_are_read_as_one(tmp_path):
    rows = table_of(ROW, (UP, UP, "公布办法。", UP, UP))
    ledger = read_ledger(save_pdf(tmp_path / "台账2020.pdf", [], rows))
    assert ledger.tasks[1].responsible_inherited
    assert ledger.tasks[1].deadline_inherited


def test_a_plan_in_running_text(tmp_path):
    lines = [
        "2020年信用交通工作要点",
        "一、加强制度建设",
        "1.制定办法。根据国家和部省有关信用建设的最新部署要求，研究制定信用信息管理办法，进一步加强和规范信用监管。（厅法规处牵头）",
    ]
    (task,) = read_ledger(save_text_pdf(tmp_path / "a.pdf", lines)).tasks
    assert task.task == lines[2][7:-8]
    assert (task.level1, task.responsible_text) == ("加强制度建设", "厅法规处牵头")


def test_a_scanned_document(tmp_path):
    path = write_pdf(tmp_path / "a.pdf", [["q 100 0 0 100 0 0 cm Q"]])
    assert refusal(path) == (
        "PDF 中没有认出文字，请确认是台账的扫描件且字迹清楚，或换用 Word、Excel 原件后再导入"
    )


def test_text_without_table_or_plan(tmp_path):
    path = save_text_pdf(tmp_path / "a.pdf", ["只有一段话。"])
    assert refusal(path).startswith("文件中没有带框线的表格，文字部分没有分条写明任务")


BOUNDED = "PDF 中的文字和图形过多，请只导出台账所在的页后再导入"
DAMAGED = "PDF 有一页的内容已损坏，请重新导出后再导入"
FLATE = b" /Filter /FlateDecode"


def changed(path, old, new):
    """The file with something else in one place."""
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new, 1))
    return path


def with_stream(tmp_path, content, attributes=b""):
    """A page with a task, on which object 8, a stream, is drawn besides."""
    path = save_pdf(tmp_path / "a.pdf", [], table_of(ROW))
    stream = b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(content), attributes, content)
    changed(path, b"/Contents 7 0 R", b"/Contents [7 0 R 8 0 R]")
    # Without its table of objects a reader looks for them itself.
    return changed(path, b"xref\n", b"8 0 obj\n%s\nendobj\n" % stream)


@pytest.mark.parametrize(
    ("content", "attributes"),
    [
        (zlib.compress(b" " * 2_000_000), FLATE),
        (zlib.compress(zlib.compress(b" " * 2_000_000)), b" /Filter [/FlateDecode /FlateDecode]"),
        (b"\x81 " * 20_000 + b"\x80", b" /Filter /RunLengthDecode"),
    ],
)
def test_a_stream_that_unpacks_to_more_than_it_may(content, attributes, tmp_path, monkeypatch):
    path = with_stream(tmp_path, content, attributes)
    assert len(read_ledger(path).tasks) == 1
    monkeypatch.setitem(pdf_bounds._MOST, "unpacked", 1_000_000)
    assert refusal(path) == BOUNDED


@pytest.mark.parametrize("packing", [b"/LZWDecode", b"/RunLengthDecode"])
def test_a_large_stream_packed_the_old_way(packing, tmp_path):
    path = with_stream(tmp_path, bytes(65 * 2**10), b" /Filter " + packing)
    assert refusal(path) == BOUNDED


@pytest.mark.parametrize(
    ("stated", "forged"),
    [
        (b"/W [1 100 1000", b"/W [1 2000000000 9"),
        (b"<0020> <ffff>", b"<00000020> <7fffffff>"),
    ],
)
def test_a_font_of_two_thousand_million_characters(stated, forged, tmp_path):
    path = save_pdf(tmp_path / "a.pdf", [], table_of(ROW), packed=True)
    assert len(read_ledger(path).tasks) == 1
    assert refusal(changed(path, stated, forged)) == BOUNDED


@pytest.mark.parametrize(
    ("bound", "drawing"),
    [
        ("words", ["q Q"] * 500),
        ("things", [f"{9 * n} 9 m {9 * n} 99 l S" for n in range(1000)]),
        ("things", [f"BT /F1 9 Tf 40 700 Td <{'4e00' * 1100}> Tj ET"]),
        (
            "crossings",
            [f"{9 * n} 9 m {9 * n} 800 l S 9 {9 * n} m 590 {9 * n} l S" for n in range(60)],
        ),
    ],
)
def test_a_page_with_more_than_a_ledger_draws(bound, drawing, tmp_path, monkeypatch):
    path = with_stream(tmp_path, "\n".join(drawing).encode())
    assert outcome(path) != BOUNDED
    monkeypatch.setitem(pdf_bounds._MOST, bound, 1_000)
    assert outcome(path) == BOUNDED


def outcome(path):
    try:
        return read_ledger(path)
    except LedgerError as error:
        return str(error)


def test_more_on_one_page_than_memory_holds(tmp_path, monkeypatch):
    path = two_pages(tmp_path)
    monkeypatch.setattr(pdf_bounds, "_MOST_ON_A_PAGE", 300)
    assert outcome(path) != BOUNDED
    monkeypatch.setattr(pdf_bounds, "_MOST_ON_A_PAGE", 50)
    assert outcome(path) == BOUNDED
    monkeypatch.undo()
    monkeypatch.setattr(pdf_bounds, "_MOST_INSTRUCTIONS", 1_000)
    assert outcome(path) == BOUNDED


def test_each_form_counts(tmp_path, monkeypatch):
    path = with_stream(tmp_path, b"/A Do " * 20)
    changed(path, b"/Resources <<", b"/Resources << /XObject << /A 9 0 R >>")
    form = b"<< /Length 3 /Subtype /Form /BBox [0 0 9 9] >>\nstream\nq Q\nendstream"
    changed(path, b"trailer", b"9 0 obj\n%s\nendobj\ntrailer" % form)
    monkeypatch.setitem(pdf_bounds._MOST, "words", 10_000)
    assert len(read_ledger(path).tasks) == 1
    monkeypatch.setitem(pdf_bounds._MOST, "words", 2_000)
    assert refusal(path) == BOUNDED


def test_forms_within_forms(tmp_path, monkeypatch):
    monkeypatch.setitem(pdf_bounds._MOST, "words", 100_000)
    form = b" /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /A %d 0 R >> >>"
    content = b"/A Do " * 20
    path = with_stream(tmp_path, content)
    changed(path, b"/Resources <<", b"/Resources << /XObject << /A 9 0 R >>")
    for number in range(9, 30):
        described = b"<< /Length %d%s >>" % (len(content), form % (number + 1))
        stream = b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, described, content)
        changed(path, b"trailer", stream + b"trailer")
    assert refusal(path) == BOUNDED


@pytest.mark.parametrize("repeated", [b"1 0 obj\n", b"[", b"<< /Kids ["])
def test_a_file_without_order(repeated, tmp_path, monkeypatch):
    monkeypatch.setitem(pdf_bounds._MOST, "words", 10_000)
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4\n1 0 obj\n" + repeated * 20_000)
    assert refusal(tmp_path / "a.pdf") == BOUNDED


def test_a_list_of_pages_without_end(tmp_path, monkeypatch):
    monkeypatch.setitem(pdf_bounds._MOST, "words", 10_000)
    path = changed(two_pages(tmp_path), b"/Kids [6 0 R", b"/Kids [6 0 R" + b" 6 0 R" * 10_000)
    assert refusal(path) == BOUNDED


def test_more_pages_than_a_ledger_has(tmp_path):
    path = write_pdf(tmp_path / "a.pdf", [["q Q"]] * 301)
    assert refusal(path) == "PDF 超过 300 页，请只导出台账所在的页后再导入"


def two_pages(tmp_path, **options):
    """Three tasks on two pages."""
    rows = table_of(ROW, ROW, ["", "", "公布办法。", "厅人事处", "2020年7月"])
    return save_pdf(tmp_path / "台账2020.pdf", ["信用台账"], rows, per_page=70, **options)


def messages(path):
    return [issue.message for issue in read_ledger(path).issues if "相同" not in issue.message]


def test_a_page_whose_content_is_damaged(tmp_path):
    """It would be a blank page, and its rows would be missing in silence."""
    path = two_pages(tmp_path, packed=True)
    assert messages(path) == []
    whole = path.read_bytes()
    start = whole.rindex(b"stream\nx") + 7
    end = whole.rindex(b"\nendstream")
    for content in (whole[start : end - 20], bytes(end - start), b""):
        path.write_bytes(whole[:start] + content.ljust(end - start) + whole[end:])
        assert refusal(path) == DAMAGED
    flipped = bytearray(whole)
    flipped[end - 1] ^= 1  # in the checksum
    path.write_bytes(flipped)
    assert refusal(path) == DAMAGED
    path.write_bytes(whole.replace(b"/Contents 9 0 R", b"/Contents 99 0 R"))
    assert refusal(path) == DAMAGED


def test_a_checksum_that_was_left_out(tmp_path):
    path = two_pages(tmp_path, packed=True)
    whole = path.read_bytes()
    end = whole.rindex(b"\nendstream")
    path.write_bytes(whole[: end - 4] + whole[end:])
    assert len(read_ledger(path).tasks) == 3


def test_a_page_that_is_missing(tmp_path):
    path = changed(two_pages(tmp_path), b"/Kids [6 0 R 8 0 R]", b"/Kids [6 0 R]")
    assert messages(path) == ["PDF 注明 2 页，读到 1 页，文件可能已损坏，请核对"]


def test_a_page_without_text(tmp_path):
    path = changed(two_pages(tmp_path), b"/Contents 9 0 R", b"")
    assert messages(path) == ["第 2 页没有读到文字，如有内容请另行补录"]


def test_lines_outside_the_tables(tmp_path):
    widths = _widths(table_of(ROW))
    pages = [
        [_text(40, 820, "信用台账"), *_draw(part, [30] * len(part), widths, 780), *below]
        for part, below in (
            (table_of(ROW), [_text(40, 90, "注：每月报送。"), _text(280, 20, "- 1 -")]),
            ([list(ROW)], [_text(40, 90, "联系人：某某"), _text(40, 20, "http://x 2/3")]),
            ([list(ROW)], [_text(40, 90, "联系人：某某"), _text(40, 20, "http://x 3/3")]),
        )
    ]
    assert messages(write_pdf(tmp_path / "台账2020.pdf", pages)) == [
        "第 1 页有 1 行文字不在表格中，没有读入：注：每月报送。",
        "第 2 页有 3 行文字不在表格中，没有读入：信用台账",
    ]


def test_a_narrow_table_beside_the_ledger(tmp_path):
    narrow = [["姓名", "电话"], ["某某", "1"]]
    pages = [
        _draw(table_of(ROW), [30, 30], _widths(table_of(ROW)), 780),
        _draw(narrow, [30] * 2, [90] * 2, 780),
    ]
    path = write_pdf(tmp_path / "台账2020.pdf", pages)
    assert messages(path) == ["表格少于 3 列，没有读入，请核对"]


def test_doubts_of_a_pdf_are_no_hidden_sheets(tmp_path):
    pages = [
        _draw(rows, [30] * 2, [90] * len(rows[0]), 780)
        for rows in ([list(ROW)] * 2, [["姓名", "电话"], ["某某", "1"]])
    ]
    assert refusal(write_pdf(tmp_path / "a.pdf", pages)) == (
        "无法识别表头：没有找到含“目标任务”和“责任单位”等列名的一行，请核对表头写法"
    )
