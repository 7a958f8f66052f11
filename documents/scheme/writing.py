"""The 评分方案 as an .xlsx workbook, to hand out: the table to fill in, its sums, and how to fill it in.

Owns how the workbook looks and what may be typed where.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from documents.scheme.drafting import TypedRow, typed_row, typed_settings
from documents.scheme.layout import (
    ABSENT_WORDS,
    COLUMNS,
    FULL_MARKS,
    GUIDE,
    HEADERS,
    HEADING,
    HEADING_BASE,
    HEADING_FULL,
    MEASURE_WORDS,
    NO,
    OF_RULES,
    RULE_WORDS,
    SETTING_NOTES,
    SETTINGS,
    SHEET,
    SUMS,
    YES,
    Stamp,
)
from documents.scheme.outline import Outline, outline_of, started_scheme, stored_version
from documents.workbook.column import Column
from documents.workbook.print_page import (
    A3_ROOM,
    A4_PAPER,
    A4_ROOM,
    between,
    check,
    days_between,
    fitted,
    keep_together,
    one_of,
    protect,
    set_up_page,
    span,
)
from documents.workbook.styles import (
    add_styles,
    file_name,
    grow,
    marked,
    put,
    put_band,
    put_guide,
    put_headers,
    saved,
)
from metrics import Scope
from warehouse import Warehouse
from warehouse.ledger.schemes import MOST_POINTS, Scheme
from warehouse.store import now
from words import KINDS

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

FIRST_SETTING = 5
HEADER_ROW = FIRST_SETTING + len(SETTINGS) + 2
FIRST_ROW = HEADER_ROW + 1
SETTING_AT = 4
"""The column in which a setting is typed; its name is two columns before."""
CENTRED = ("number", "kind", "rule", "measure", "evidence_required", "points", "step", "floor")
SUMMED = ((2, HEADING, 44), (3, "任务数", 9), (4, HEADING_BASE, 14), (5, "加分项合计", 12))
CHECKED = ((6, HEADING_FULL, 12), (7, "核对", 30))


def template_name(title: str, *, is_demonstration: bool) -> str:
    """The file name of a template; a long title of the ledger is cut."""
    return file_name(title[:40], "评分方案", is_demonstration=is_demonstration)


def write_template(warehouse: Warehouse, scope: Scope, *, is_demonstration: bool = False) -> bytes:
    """The template of the ledger of `scope`, filled in from the version it names, or, when it names
    none, from the ledger's own points. Raises KeyError when there is no such ledger or version.
    """
    # Imported here, because it takes half a second and only handing out a template needs it.
    from openpyxl import Workbook

    outline = outline_of(warehouse, scope.ledger_id)
    scheme, version = started_scheme(outline), 0
    if scope.scheme_id is not None:
        stored = stored_version(warehouse, scope.ledger_id, scope.scheme_id)
        scheme, version = stored.scheme, stored.number
    stamp = Stamp(scope.ledger_id, outline.edition.edition_id, version, is_demonstration)
    items = {item.task_id: item for item in scheme.items}
    rows = [typed_row(task, items.get(task.task_id)) for task in outline.tasks]
    book = Workbook()
    add_styles(book)
    sheet = book.active
    sheet.title = SHEET
    filled_from = f"第 {version} 版评分方案" if version else "台账（尚无评分方案）"
    source = (
        f"台账版次：第 {outline.edition.number} 版　填自：{filled_from}　筛选：无"
        f"　数据版本：{warehouse.data_version}　制表时间：{now():%Y-%m-%d %H:%M}"
        f"　{warehouse.age}".rstrip()
    )
    columns = _columns(rows)
    _write_head(sheet, outline, scheme, stamp, source, columns)
    headings = _write_rows(sheet, rows, columns)
    last = FIRST_ROW + len(rows) + len(headings) - 1
    _restrict(sheet, last)
    _lay_out(sheet, last, headings, columns)
    _write_sums(book, outline, stamp, last, source)
    _write_guide(book, stamp)
    return saved(book)


def _columns(rows: Sequence[TypedRow]) -> list[Column]:
    """The columns, those of rules that no row has anything in hidden, as wide as they are printed; that of
    the task takes what the others leave of the paper."""
    unused = {name for name in OF_RULES if not any(row.texts.get(name) for row in rows)}
    columns = [replace(c, is_hidden=c.is_hidden or c.field in unused) for c in COLUMNS]
    shown = [column for column in columns if not column.is_hidden]
    printed = fitted([column.width for column in shown])
    widths = dict(zip((column.field for column in shown), printed.widths, strict=True))
    room = A4_ROOM if printed.paper == A4_PAPER else A3_ROOM
    widths["task"] += room - sum(printed.widths)
    return [replace(column, width=widths.get(column.field, column.width)) for column in columns]


def _write_head(
    sheet: Worksheet,
    outline: Outline,
    scheme: Scheme,
    stamp: Stamp,
    source: str,
    columns: Sequence[Column],
) -> None:
    """The hidden stamp, the title, what the scheme is of, the settings, the column names."""
    put(sheet.cell(1, 1), stamp.text())
    put(sheet.cell(1, 2), marked("评分方案", is_demonstration=stamp.is_demonstration), "表题")
    put(sheet.cell(2, 2), f"台账：{outline.edition.title}", "行")
    put(sheet.cell(3, 2), source, "行")
    put_band(sheet, FIRST_SETTING - 1, ((2, len(COLUMNS), "设置（在浅黄色格内填写）"),))
    texts = typed_settings(scheme)
    for row, (name, label) in enumerate(SETTINGS.items(), start=FIRST_SETTING):
        put(sheet.cell(row, SETTING_AT - 2), f"{label}：", "行")
        cell = sheet.cell(row, SETTING_AT)
        if name in ("assessed_on", "evidence_from"):
            put(cell, getattr(scheme, name), "填日期")
        else:
            value = _number(texts[name]) if name == "bonus_cap" else texts[name]
            put(cell, value, "填" if name == "note" else "填居中")
        put(sheet.cell(row, SETTING_AT + 1), SETTING_NOTES[name], "行")
    first_filled = [column.is_filled for column in COLUMNS].index(True) + 1
    unused = [
        HEADERS[column.field] for column in columns if column.field in OF_RULES and column.is_hidden
    ]
    hint = f"；规则要用“{'”“'.join(unused)}”的，先取消隐藏该列" if unused else ""
    groups = (
        (2, first_filled - 1, "任务（不需填写）"),
        (first_filled, len(COLUMNS), f"分值和规则（填浅黄色格；不填分值的不计分{hint}）"),
    )
    put_band(sheet, HEADER_ROW - 1, groups)
    put_headers(sheet, HEADER_ROW, columns)


def _write_rows(sheet: Worksheet, rows: Sequence[TypedRow], columns: Sequence[Column]) -> list[int]:
    """The tasks under their 一级指标; returns the rows of these headings."""
    headings: list[int] = []
    number, level1 = FIRST_ROW - 1, ""
    widths = [column.width for column in columns if not column.is_hidden]
    for row in rows:
        task = row.task
        number += 1
        if task.level1 != level1:
            level1 = task.level1
            put_band(sheet, number, ((2, len(COLUMNS), level1),))
            sheet.row_dimensions[number].height = 18
            headings.append(number)
            number += 1
        known: dict[str, str | int] = {
            "key": str(task.task_id),
            "number": task.number,
            "level1": task.level1,
            "level2": task.level2,
            "kind": KINDS[task.kind],
            "task": task.task,
            "units": task.units,
        }
        shown = []
        for place, column in enumerate(columns, start=1):
            text = row.texts.get(column.field, "") if column.is_filled else known[column.field]
            is_amount = column.field in ("points", "step", "floor")
            value = _number(str(text)) if is_amount else text
            put(sheet.cell(number, place), value, _style(column))
            if not column.is_hidden:
                shown.append(str(text))
        grow(sheet, number, shown, widths)
    return headings


def _style(column: Column) -> str:
    if column.field == "tiers":
        return "填文本"
    base = "填" if column.is_filled else "不填"
    return f"{base}居中" if column.field in CENTRED else base


def _number(text: Decimal | str) -> int | float | None:
    """A figure as a number, so that a formula can sum it; None for an empty text."""
    if not text:
        return None
    value = Decimal(text)
    return int(value) if value == int(value) else float(value)


def _restrict(sheet: Worksheet, last: int) -> None:
    """Drop-downs, numbers and days; Excel shows a sentence when something else is typed."""
    lists: dict[str, Iterable[str]] = {
        "rule": RULE_WORDS,
        "measure": MEASURE_WORDS,
        "evidence_required": (YES, NO),
    }
    amounts = between("decimal", 0, int(MOST_POINTS))
    for number, column in enumerate(COLUMNS, start=1):
        cells = span(number, FIRST_ROW, last)
        if words := lists.get(column.field):
            message = "请从下拉框中选择：" + "、".join(words) + "。"
            check(sheet, cells, column.header, message, one_of(words))
        elif column.field in ("points", "step", "floor"):
            check(sheet, cells, column.header, "请填不小于 0 的数，如 2 或 2.5。", amounts)
    days = days_between(date(2000, 1, 1), date(2099, 12, 31))
    rules = {
        "assessed_on": ("请填日期，如 2020-12-31。", days),
        "evidence_from": ("请填日期，如 2020-01-01。", days),
        "absent_rule": ("请从下拉框中选择。", one_of(ABSENT_WORDS)),
        "bonus_cap": ("请填不小于 0 的数，不设上限的留空。", amounts),
    }
    for row, (name, label) in enumerate(SETTINGS.items(), start=FIRST_SETTING):
        if name in rules:
            check(sheet, span(SETTING_AT, row), label, *rules[name])


def _lay_out(
    sheet: Worksheet, last: int, headings: Iterable[int], columns: Sequence[Column]
) -> None:
    sheet.row_dimensions[1].height = 26
    for row in range(2, HEADER_ROW):
        sheet.row_dimensions[row].height = 18
    # The note on a version is a sentence and may need several lines.
    note = FIRST_SETTING + list(SETTINGS).index("note")
    text = str(sheet.cell(note, SETTING_AT).value or "")
    grow(sheet, note, [text], [columns[SETTING_AT - 1].width])
    fields = [column.field for column in COLUMNS]
    sheet.freeze_panes = sheet.cell(FIRST_ROW, fields.index("task") + 2)
    protect(sheet)
    paper = fitted([column.width for column in columns if not column.is_hidden]).paper
    set_up_page(sheet, head=HEADER_ROW, area=f"B1:{span(len(COLUMNS), last)}", paper=paper)
    keep_together(sheet, range(FIRST_ROW, last + 1), set(headings), head=HEADER_ROW)


def _write_sums(
    book: Workbook, outline: Outline, stamp: Stamp, last_task: int, source: str
) -> None:
    """The sheet that adds up what is typed, live, by 一级指标 and in all."""
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(SUMS)
    put(sheet.cell(1, 1), stamp.text())
    put(sheet.cell(1, 2), marked(SUMS, is_demonstration=stamp.is_demonstration))
    sheet.cell(1, 2).style = "表题"
    put(
        sheet.cell(2, 2),
        "各项分值由公式按“评分方案”表合计；“指标满分”写明一级指标应是几分的，在此填写，用于核对，可不填。",
    )
    put(sheet.cell(3, 2), source)
    for row in (2, 3):
        sheet.cell(row, 2).style = "行"
    head = 5
    for column, name, width in (*SUMMED, *CHECKED):
        put(sheet.cell(head, column), name)
        sheet.cell(head, column).style = "列名"
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.column_dimensions["A"].hidden = True

    def area(name: str) -> str:
        place = [column.field for column in COLUMNS].index(name) + 1
        letter = get_column_letter(place)
        return f"'{SHEET}'!${letter}${FIRST_ROW}:${letter}${last_task}"

    level1s = dict.fromkeys(task.level1 for task in outline.tasks if task.kind != "penalty")
    for row, name in enumerate(level1s, start=head + 1):
        put(sheet.cell(row, 2), name)
        own = [t for t in outline.tasks if t.level1 == name and t.kind != "penalty"]
        sheet.cell(row, 3).value = len(own)
        for column, kind in ((4, "base"), (5, "bonus")):
            # SUMPRODUCT compares whole texts; SUMIFS reads * and ? in a heading as wildcards, and
            # gives up on more than 255 characters. A text typed for points counts as 0.
            sheet.cell(row, column).value = (
                f'=SUMPRODUCT(({area("level1")}=$B{row})*({area("kind")}="{KINDS[kind]}"),'
                f"{area('points')})"
            )
        full = outline.heading_points.get(name)
        sheet.cell(row, 6).value = None if full is None else _number(full)
        sheet.cell(row, 7).value = (
            f'=IF(F{row}="","",IF(ROUND(D{row}+E{row}-F{row},2)=0,"一致",'
            f'"相差 "&ROUND(D{row}+E{row}-F{row},2)&" 分"))'
        )
        styles = ("不填", "不填居中", "不填居中", "不填居中", "填居中", "不填居中")
        for column, style in enumerate(styles, start=2):
            sheet.cell(row, column).style = style
        grow(sheet, row, [name], [44], least=2)
    last = head + len(level1s)
    total = last + 1
    put(sheet.cell(total, 2), "合计")
    for column in (3, 4, 5):
        letter = get_column_letter(column)
        sheet.cell(total, column).value = f"=SUM({letter}{head + 1}:{letter}{last})"
    sheet.cell(total, 7).value = (
        f'=IF(D{total}=0,"",IF(ROUND(D{total}-{FULL_MARKS},2)=0,"基本任务合计 {FULL_MARKS} 分",'
        f'"基本任务合计不是 {FULL_MARKS} 分"))'
    )
    for column in range(2, 8):
        sheet.cell(total, column).style = "列名"
    sheet.freeze_panes = sheet.cell(head + 1, 3)
    protect(sheet)
    set_up_page(sheet, head=head, area=f"B1:G{total}")


GUIDE_LINES = (
    ("说明", f"一、填什么。只在“{SHEET}”的浅黄色格内填写；灰色格是台账内容，不需填写，也请不要改动或删列。“{SUMS}”随填随算，合计应为 {FULL_MARKS} 分，不是 {FULL_MARKS} 分的也可以存入，存入前会提醒。"),
    ("说明", "二、分值。基本任务填满分，加分项填该项最多加几分，扣分项填最多扣几分（不限的留空）。整行不填分值的任务不计分；扣分项填了“每次分值”即计分。"),
    ("说明", "三、规则。从下拉框中选一个。“计分依据”“每次分值”“下限”“分档”各列，没有一项用到的先隐藏着；要用时选中“规则”和“是否须佐证”两列（列标），按右键选“取消隐藏”。"),
    ("说明", "　　按比例：分值×完成的比例。计分依据为“填报进度”（不选即为填报进度）或“频次完成率”。"),
    ("说明", "　　完成得满分：没有完成得 0 分；加分项认定后得满分。不填计分依据。"),
    ("说明", "　　分档：按达到的最高一档得分，须填“分档”。计分依据为填报进度、频次完成率或完成次数。"),
    ("说明", "　　按次：每次加“每次分值”，加到分值为止。基本任务的计分依据为完成次数，加分项为申报次数；扣分项为扣分事件，每次扣“每次分值”。"),
    ("说明", "　　倒扣：从满分起每次扣“每次分值”，扣到“下限”为止（不填为 0）。计分依据为扣分事件或缺的频次。"),
    ("说明", "　　按名次：按名次所在的一档得分，须填“分档”。"),
    ("说明", "　　人工评分：由人评出分数并写明理由。不填计分依据。"),
    ("说明", "　　加分项可用按次、完成得满分、人工评分；扣分项只用按次。没有写明频次要求的任务不能用频次完成率和缺的频次。"),
    ("说明", "四、分档。各档之间用分号隔开，档和分之间用冒号："),
    ("说明", "　　填报进度、频次完成率：60–80：2；80–100：3；100：4。即满 60 不满 80 得 2 分，满 80 不满 100 得 3 分，100 得 4 分，不满 60 得 0 分。"),
    ("说明", "　　完成次数：1：1；2：2；3以上：4。写 1–3：2 的，1 次、2 次、3 次都得 2 分。"),
    ("说明", "　　名次：1：5；2–3：3；4–10：1。即第 1 名得 5 分，第 2、3 名得 3 分，第 4 至 10 名得 1 分，其余 0 分。"),
    ("说明", "　　各档不能重叠，中间不能有空档；最高的一档应等于分值。"),
    ("说明", "五、是否须佐证。填“是”的，没有佐证材料不得分；不填为“否”。"),
    ("说明", "六、评分标准、佐证要求。照评估细则的原文填写，可不填，供自评和核对时看。"),
    ("说明", f"七、{HEADING_FULL}（“{SUMS}”表）。评估细则写明一级指标几分的填在这里，与其下各项的合计对照；台账标题写有分值的（如“组织建设（4分）”）已经填好。"),
    ("说明", "八、交回。填好后在“评分方案”页放入本文件，先列出看不懂的格和与上一版的不同，改好后再存入，成为新的一版；以前各版都保留。"),
)  # fmt: skip


def _write_guide(book: Workbook, stamp: Stamp) -> None:
    """The sheet that says in plain words what to type where."""
    sheet = book.create_sheet(GUIDE)
    put(sheet.cell(1, 1), stamp.text())
    lines = (
        ("表题", marked(f"评分方案{GUIDE}", is_demonstration=stamp.is_demonstration)),
        *GUIDE_LINES,
    )
    put_guide(sheet, lines, column=2)
    sheet.column_dimensions["A"].hidden = True
    set_up_page(sheet)
