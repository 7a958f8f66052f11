"""`python docs/printed.py`: pictures of the documents as LibreOffice prints them, into docs/screenshots/.

Of the demonstration at the end of September: the notice, the slides, a unit's report form, a letter and
the 自评表. Needs what the tests need.
"""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import date
from pathlib import Path

import pypdfium2
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "documents" / "print")]

from conftest import DEFINITIONS, Desk  # noqa: E402
from printing import printed  # noqa: E402

import documents  # noqa: E402
from documents import month_form, self_assessment  # noqa: E402
from warehouse import close_all, open_office  # noqa: E402

PICTURES = ROOT / "docs" / "screenshots"
SEPTEMBER = date(2020, 9, 30)
UNIT = "厅建管处"
GAP = 12
"""Pixels between pages of one picture."""
MANY = 6
"""The most pages of a document that is shown in part."""
ACROSS = {
    "notice.docx": 4,
    "slides.pptx": 2,
    "form.xlsx": 2,
    "letter.docx": 2,
    "assessment.xlsx": 2,
}
"""Pages of a document that stand side by side in its picture."""
WIDTH = {"slides.pptx": 960}
"""Pixels of a page across, where not 700."""


def write(folder: Path) -> list[Path]:
    """The documents as files."""
    desk = Desk(open_office(demonstration=True).warehouse, "宁夏", is_demonstration=True)
    brief, context, scope = desk.brief(SEPTEMBER), desk.context(SEPTEMBER), desk.scope(SEPTEMBER)
    assessed = self_assessment.assess(desk.warehouse, scope, context)
    made = {
        "notice.docx": documents.quarterly_notice(brief, context),
        "slides.pptx": documents.quarter_slides(brief, DEFINITIONS, context),
        "form.xlsx": month_form.write_form(
            desk.warehouse, scope, UNIT, SEPTEMBER, is_demonstration=True
        ),
        "letter.docx": documents.urging_letters(desk.letters(SEPTEMBER)[:2], context),
        "assessment.xlsx": self_assessment.write_workbook(assessed),
    }
    for name, content in made.items():
        (folder / name).write_bytes(content)
    close_all()
    return [folder / name for name in made]


def picture(pdf: Path, name: str) -> Image.Image:
    """The first pages of a .pdf beside and below each other."""
    document = pypdfium2.PdfDocument(pdf)
    count = len(document) if name in ("notice.docx", "slides.pptx") else min(len(document), MANY)
    wide, pages = WIDTH.get(name, 700), []
    for number in range(count):
        page = document[number]
        pages.append(page.render(scale=wide / page.get_width()).to_pil())
    across = ACROSS[name]
    rows = [pages[start : start + across] for start in range(0, len(pages), across)]
    heights = [max(page.height for page in row) for row in rows]
    sheet = Image.new(
        "RGB",
        (across * (wide + GAP) + GAP, sum(heights) + GAP * (len(rows) + 1)),
        "#d5dae1",
    )
    top = GAP
    for row, height in zip(rows, heights, strict=True):
        for place, page in enumerate(row):
            sheet.paste(page, (GAP + place * (wide + GAP), top))
        top += height + GAP
    return sheet


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        os.environ["CREDIT_DATA_DIR"] = str(folder / "data")
        files = write(folder)
        printed(files, folder)
        for file in files:
            name = f"printed-{file.stem}.png"
            drawn = picture(folder / "printed" / f"{file.stem}.pdf", file.name)
            drawn.quantize(64).save(PICTURES / name, optimize=True)
            print(name, flush=True)


if __name__ == "__main__":
    main()
