"""Ledgers that came as pictures: scanned, photographed, stamped."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest
from ledger_documents import HEADER, ROOT, UP, save_xlsx, values
from pdf_documents import save_pdf, save_text_pdf
from PIL import Image
from scanned_pages import draw_page, stamped

from loaders import LedgerError, preview, read_ledger
from loaders.forms import pdf
from loaders.forms.scan import installed, reading
from loaders.forms.scan.recognition import Character

TITLE = "河北省2021年信用交通省建设任务分工台账"
FIRST = [
    [*HEADER],
    ["组织保障", "制度", "制定信用信息管理办法，明确各单位职责分工。", "厅法规处", "2021年6月"],
    [UP, "培训", "组织信用业务培训，覆盖全体从业人员。", "厅法规处、人事处", "2021年12月"],
    ["信用承诺", "公开", "将信用承诺书向社会公开，每季度至少公示1次。", "厅审批处", UP],
]
SECOND = [["信用评价", "结果", "评价结果推送至省信用平台。", "厅运输处", "2021年10月"]]


@pytest.fixture(scope="module")
def page() -> Image.Image:
    return draw_page([TITLE], FIRST)


def refusal(path: Path) -> str:
    with pytest.raises(LedgerError) as refused:
        read_ledger(path)
    return str(refused.value)


def as_a_workbook(folder: Path) -> list[dict[str, str]]:
    rows = [*FIRST, *SECOND]
    return values(read_ledger(save_xlsx(folder / "a.xlsx", [TITLE], rows)))


def test_a_stamped_scan_lying_askew_and_its_second_page_are_one_ledger(
    page: Image.Image, tmp_path: Path
):
    askew = stamped(page).rotate(2.2, Image.Resampling.BICUBIC, fillcolor="white")
    pages = [askew, draw_page([], SECOND).rotate(180)]
    path = tmp_path / "扫描.pdf"
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=200, quality=70)
    told: list[str] = []
    read = preview(path, tell=lambda doing, _: told.append(doing))
    assert values(read.ledger) == as_a_workbook(tmp_path)
    assert read.ledger.title == TITLE
    assert "第 1 页有印章或彩色字迹，识别时已去掉，请核对其下有无内容" in [
        issue.message for issue in read.ledger.issues
    ]
    assert "正在识别第 2 页（扫描件），共 2 页" in told
    table = read.ledger.tasks[0].place.table
    assert {(table, 2, 3), (table, 5, 4)} <= read.pictures.keys()
    assert all(piece[8:12] == b"WEBP" for pieces in read.pictures.values() for piece in pieces)


def test_pictures_of_the_pages_are_one_ledger(page: Image.Image, tmp_path: Path):
    """The first in two colours, as a fax; the second turned a quarter, as photographed."""
    page.convert("1").save(tmp_path / "1.tif")
    draw_page([], SECOND).rotate(90, expand=True).save(tmp_path / "2.jpg", quality=60)
    path = tmp_path / "1 等 2 张.tif"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(tmp_path / "1.tif")
        archive.write(tmp_path / "2.jpg")
    assert values(read_ledger(path)) == as_a_workbook(tmp_path)


def test_what_is_not_sure_is_a_doubt_about_its_cell(
    page: Image.Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """厅法规处 comes out as 厅法规外, for which the recogniser is not sure."""
    recognise = reading.recognised

    def hardly(lines: list) -> list[list[Character]]:
        texts = recognise(lines)
        return [
            [replace(c, text="外", sure=0.6, instead="处") if c.text == "处" else c for c in text]
            if "".join(c.text for c in text) == "厅法规处"
            else text
            for text in texts
        ]

    monkeypatch.setattr(reading, "recognised", hardly)
    path = tmp_path / "a.png"
    page.save(path, dpi=(200, 200))
    read = preview(path)
    assert read.ledger.tasks[0].responsible_text == "厅法规外"
    (doubt,) = [issue for issue in read.ledger.issues if "没有把握" in issue.message]
    assert (doubt.about, doubt.options) == ("responsible_text", ("厅法规处",))
    assert doubt.message == "识别没有把握，请对照原图核对：“法规外”"
    assert (doubt.place.table, doubt.place.row, doubt.place.column) in read.pictures


def test_a_picture_without_text_is_refused(tmp_path: Path):
    no_text = "图片中没有认出文字，请确认是台账的扫描件且字迹清楚，或换用 Word、Excel 原件后再导入"
    Image.new("L", (10_000, 10_000), 255).save(tmp_path / "白纸.png")
    assert refusal(tmp_path / "白纸.png") == no_text
    Image.new("L", (90, 90), 255).save(tmp_path / "小图.png")
    assert refusal(tmp_path / "小图.png").startswith("图片太小（90 × 90 像素）")
    whole = (tmp_path / "白纸.png").read_bytes()
    (tmp_path / "半张.jpg").write_bytes(whole[: len(whole) // 2])
    assert refusal(tmp_path / "半张.jpg").startswith("不是有效的图片文件，可能已损坏")


def test_without_the_recogniser_the_refusal_names_what_to_install(
    page: Image.Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    page.save(tmp_path / "a.png")
    page.save(tmp_path / "a.pdf", resolution=200)
    digital = save_pdf(tmp_path / "b.pdf", [TITLE], FIRST)
    with pypdfium2.PdfDocument(digital) as both, pypdfium2.PdfDocument(tmp_path / "a.pdf") as scan:
        both.import_pages(scan)
        both.save(tmp_path / "both.pdf")
    for missing in ("onnxruntime", "cv2"):
        with monkeypatch.context() as hidden:
            hidden.setitem(sys.modules, missing, None)
            installed.is_installed.cache_clear()
            for name in ("a.png", "a.pdf"):
                wanted = "需要 rapidocr、onnxruntime、opencv-python-headless"
                assert wanted in refusal(tmp_path / name)
            mixed = read_ledger(tmp_path / "both.pdf")
    installed.is_installed.cache_clear()
    assert len(mixed.tasks) == 3
    (unread,) = [issue.message for issue in mixed.issues if "没有装上" in issue.message]
    assert unread.startswith("第 2 页是扫描的图片")


def covered(text: Path, picture: Path, path: Path) -> Path:
    """A page of text with a picture as large as the page drawn over it."""
    with pypdfium2.PdfDocument(text) as document:
        page = document[0]
        image = pypdfium2.PdfImage.new(document)
        image.load_jpeg(picture)
        image.set_matrix(pypdfium2.PdfMatrix().scale(*page.get_size()))
        page.insert_obj(image)
        page.gen_content()
        document.save(path)
    return path


def test_text_below_a_picture_of_the_page_is_not_taken(page: Image.Image, tmp_path: Path):
    """Another program's recognition; text that is seen, as on a letterhead, is."""
    lines = ["一、建设信用系统", "完成系统建设并上线运行，归集全部信用信息。（牵头单位：厅法规处）"]
    text = save_text_pdf(tmp_path / "text.pdf", lines)
    page.save(tmp_path / "page.jpg", quality=60)
    path = covered(text, tmp_path / "page.jpg", tmp_path / "layer.pdf")
    assert pdf._is_hidden(path, 0)
    assert not pdf._is_hidden(text, 0)
    with pdfplumber.open(path) as document:
        first = document.pages[0]
        assert pdf._is_picture(first, pdf._read_page(first, None)[0], path)


def test_a_digital_document_loads_no_recogniser(tmp_path: Path):
    """Neither does importing what the platform starts with."""
    path = save_pdf(tmp_path / "a.pdf", [TITLE], [*FIRST, *SECOND])
    code = (
        "import sys; from pathlib import Path\n"
        "import screens.frame, screens.ledger, screens.task, warehouse; from loaders import read_ledger\n"
        f"assert len(read_ledger(Path({str(path)!r})).tasks) == 4\n"
        "print(sorted({'cv2', 'onnxruntime', 'rapidocr'} & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_a_scan_without_rulings_is_read_by_where_its_text_stands(tmp_path: Path):
    draw_page([TITLE], FIRST, ruled=False).save(tmp_path / "扫描.png", dpi=(200, 200))
    ledger = read_ledger(tmp_path / "扫描.png")
    assert [task.task for task in ledger.tasks] == [row[2] for row in FIRST[1:]]
    assert [task.level1 for task in ledger.tasks] == ["组织保障", "组织保障", "信用承诺"]
    assert any("表格没有框线" in issue.message for issue in ledger.issues)
