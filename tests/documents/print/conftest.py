"""The documents of eight cases, each made once and printed by LibreOffice in one run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pandas as pd
import pytest
from printing import Page, printed

import documents
import metrics
from documents import Context, month_form, scheme, self_assessment
from findings import quarter as briefing
from findings import returns
from findings.exhibits import LOAD, labelled
from metrics import Scope, ask
from metrics.periods import ReportMonth
from warehouse import Warehouse, close_all, open_office

DEFINITIONS = {each.name: (each.title, each.definition) for each in metrics.questions()}
QUARTER_ENDS = (date(2020, 3, 31), date(2020, 6, 30), date(2020, 9, 30), date(2020, 12, 31))
LONG_UNIT = "宁夏回族自治区交通运输综合执法监督局（路网监测与应急处置中心）"
LATE = 9
"""Days from the end of a quarter until its documents are made."""


@dataclass(frozen=True)
class Printed:
    """Everything that was made, as files and as printed pages."""

    folder: Path
    briefs: dict[str, briefing.Briefing]
    """Case → what its documents of the quarter are made from."""
    pages: dict[str, list[Page]]
    """File name → its pages; of a quarter's documents `case.kind.ending`."""

    def of_kind(self, name: str) -> dict[str, list[Page]]:
        """Case → pages of each document whose file name ends with `name`."""
        return {
            file.removesuffix(f".{name}"): pages
            for file, pages in self.pages.items()
            if file.endswith(f".{name}")
        }


class Desk:
    """One ledger of one database, on the day its documents are made."""

    def __init__(self, warehouse: Warehouse, region: str, *, is_demonstration: bool) -> None:
        ledgers = ask(warehouse, "ledgers")
        self.warehouse, self.is_demonstration = warehouse, is_demonstration
        self.ledger = ledgers[ledgers.region == region].iloc[0]

    def scope(self, day: date) -> Scope:
        return Scope(UUID(str(self.ledger.ledger_id)), day)

    def context(self, day: date) -> Context:
        return Context(
            ledger=self.ledger.title,
            edition=f"{self.ledger.file_name} 第 1 版",
            as_of=day,
            filters="无",
            data_version=7,
            is_demonstration=self.is_demonstration,
            made_at=datetime(day.year, day.month, day.day, 8, 30),
        )

    def brief(self, end: date) -> briefing.Briefing:
        scope = self.scope(end)
        known = date.fromordinal(end.toordinal() + LATE)
        quarter = briefing.quarter_of(end, known, ask(self.warehouse, "meetings", scope))
        gathered = briefing.gather(partial(ask, self.warehouse), scope, quarter, self.ledger)
        return briefing.brief(gathered)

    def month(self, end: date) -> ReportMonth:
        return ReportMonth(end.replace(day=1), end, date.fromordinal(end.toordinal() + LATE))

    def letters(self, end: date) -> list[returns.Letter]:
        scope, month = self.scope(end), self.month(end)
        owing = ask(self.warehouse, "month_returns", scope, **month.values)
        tasks = ask(self.warehouse, "unreported_tasks", scope, unit=None, **month.values)
        urged = returns.to_be_urged(owing)
        soon = int(self.ledger.due_soon_days)
        return [
            returns.urging(row, tasks, month, self.ledger.title, soon) for row in urged.itertuples()
        ]


def of_many(brief: briefing.Briefing, tasks: int) -> briefing.Briefing:
    """The same quarter with so many overdue tasks, each of ten units with the longest names."""
    answers = brief.answers
    overdue = answers.base[answers.base.overdue].head(1)
    units = "、".join([LONG_UNIT] * 10) if tasks > 1 else overdue.units.iloc[0]
    many = pd.concat([overdue.assign(number=n, units=units) for n in range(1, tasks + 1)])
    total = answers.total.copy()
    total["applicable"] = total["tasks"] = total["overdue"] = total["red"] = tasks
    total["done"] = total["verified"] = 0
    return briefing.brief(replace(answers, tasks=many.reset_index(drop=True), total=total))


def _write_quarter(folder: Path, case: str, brief: briefing.Briefing, context: Context) -> None:
    made: dict[str, Any] = {
        "notice.docx": documents.quarterly_notice(brief, context),
        "slides.pptx": documents.quarter_slides(brief, DEFINITIONS, context),
        "figures.xlsx": documents.quarter_figures(brief, DEFINITIONS, context),
        "leaflet.pdf": documents.quarter_leaflet(brief, context),
    }
    for name, content in made.items():
        (folder / f"{case}.{name}").write_bytes(content)


def _write_month(folder: Path, case: str, desk: Desk, end: date) -> None:
    """Forms of the unit with the most tasks and of one with few, the letters, the lists."""
    scope = desk.scope(end)
    made = {"letters.docx": documents.urging_letters(desk.letters(end), desk.context(end))}
    load = ask(desk.warehouse, "unit_workload", scope)
    load = load[load["class"] != "集体"].sort_values(["tasks", "unit"])
    for size, unit in (("few", load.unit.iloc[0]), ("most", load.unit.iloc[-1])):
        made[f"{size}.form.xlsx"] = month_form.write_form(desk.warehouse, scope, unit, end)
    # The widest table of a page, and the longest texts.
    units = labelled(ask(desk.warehouse, "unit_workload", scope), LOAD)
    tasks = ask(desk.warehouse, "task_list", scope, signal="all", row_limit=1000)
    texts = labelled(tasks, ("number", "level1", "level2", "task", "units", "reason", "percent"))
    for name, write in (("short", documents.table_workbook), ("long", documents.long_workbook)):
        for held, rows in (("units", units), ("tasks", texts)):
            content = write("清单", "每行一项。", rows, desk.context(end))
            made[f"{name}.{held}.list.xlsx"] = content
    for name, content in made.items():
        (folder / f"{case}.{name}").write_bytes(content)


def _write_scores(folder: Path, case: str, desk: Desk, end: date) -> None:
    """The 自评表, as it is and with ten units of the longest names at every task, and the template of the
    scheme."""
    scope = desk.scope(end)
    schemes = ask(desk.warehouse, "schemes", scope)
    if len(schemes):
        scope = replace(scope, scheme_id=schemes.scheme_id.iloc[0])
    assessed = self_assessment.assess(desk.warehouse, scope, desk.context(end))
    long = replace(assessed, rows=assessed.rows.assign(units="、".join([LONG_UNIT] * 10)))
    for name, each in ((case, assessed), (f"{case}.long", long)):
        (folder / f"{name}.assessment.xlsx").write_bytes(self_assessment.write_workbook(each))
        (folder / f"{name}.signed.docx").write_bytes(self_assessment.write_document(each))
    template = scheme.write_template(desk.warehouse, scope, is_demonstration=desk.is_demonstration)
    (folder / f"{case}.template.xlsx").write_bytes(template)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    folder = tmp_path_factory.mktemp("print")
    files = folder / "files"
    files.mkdir()
    briefs: dict[str, briefing.Briefing] = {}
    contexts: dict[str, Context] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CREDIT_DATA_DIR", str(folder / "data"))
        shown = Desk(open_office(demonstration=True).warehouse, "宁夏", is_demonstration=True)
        for end in QUARTER_ENDS:
            briefs[f"q{end.month // 3}"] = shown.brief(end)
            contexts[f"q{end.month // 3}"] = shown.context(end)
        september = QUARTER_ENDS[2]
        for case, tasks in (("many", 200), ("one", 1)):
            briefs[case], contexts[case] = of_many(briefs["q3"], tasks), contexts["q3"]
        _write_month(files, "demonstration", shown, september)
        _write_scores(files, "demonstration", shown, september)
        for region, end in (("宁夏", september), ("湖南", date(2019, 9, 30))):
            case = {"宁夏": "ningxia", "湖南": "hunan"}[region]
            real = Desk(open_office().warehouse, region, is_demonstration=False)
            briefs[case], contexts[case] = real.brief(end), real.context(end)
            _write_month(files, case, real, end)
            _write_scores(files, case, real, end)
        for case, brief in briefs.items():
            _write_quarter(files, case, brief, contexts[case])
        close_all()
    pages = printed(sorted(files.iterdir()), folder)
    return Printed(files, briefs, pages)
