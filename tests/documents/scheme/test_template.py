"""The template out, filled in, back: what was typed is what would be stored, mistakes go by their cell."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from documents.scheme import (
    FormError,
    check_template,
    outline_of,
    read_template,
    started_scheme,
    stored_version,
    write_template,
)
from documents.scheme.layout import FILLED, HEADERS, SETTINGS, SUMS
from loaders.model import Ledger
from metrics import Scope
from tests.documents.month_form.forms import REFERENCE, by_hand, opened, saved
from tests.documents.scheme.conftest import (
    RATING,
    SHARING,
    SHEET,
    Office,
    columns,
    fill,
    header_row,
    row_of,
    scored_ledger,
    setting_cell,
)
from warehouse import read_reference, store_edition
from warehouse.ledger.schemes import Item, Tier, scheme_problems, store_scheme

WHOLE = {
    1: {"分值": 4},
    2: {"分值": "６分", "计分依据": "频次完成率"},
    3: {"分值": 10, "规则": "倒扣", "计分依据": "缺的频次窗口", "每次分值": 0.5, "下限": 2},
    4: {"规则": "分档", "计分依据": "填报进度", "分值": 20, "分档": "60-80：10；80以上：20"},
    5: {"规则": "按名次", "计分依据": "名次", "分值": 25, "分档": "1：25；2–3：10"},
    6: {"规则": "全有或全无", "分值": 15, "是否须佐证": "是", "评分标准": "完成得满分", "佐证要求": "文件"},
    7: {"规则": "人工评分", "分值": 20},
    9: {"规则": "按次", "计分依据": "申报次数", "分值": 3, "每次分值": 1},
    10: {"每次分值": "2分", "分值": None},
}  # fmt: skip
TYPED_SETTINGS = {
    "评估日": "2020年11月30日",
    "加分总上限": 3,
    "缺项处理": "按平均得分率计",
    "说明": "试行",
}


def whole_items(office: Office) -> tuple[Item, ...]:
    full, half, none = Decimal(20), Decimal(10), Decimal(0)
    by_rank = (Tier(Decimal(1), Decimal(1), Decimal(25)), Tier(Decimal(2), Decimal(3), half))
    tiers = (Tier(Decimal(60), Decimal(80), half), Tier(Decimal(80), None, full))
    known = (
        (1, Decimal(4), "proportional", "percent", None, none),
        (2, Decimal(6), "proportional", "windows", None, none),
        (3, Decimal(10), "deduct", "missed", Decimal("0.5"), Decimal(2)),
        (4, full, "tiers", "percent", None, none, False, "", "", tiers),
        (5, Decimal(25), "rank", "rank", None, none, False, "", "", by_rank),
        (6, Decimal(15), "all-or-nothing", "", None, none, True, "完成得满分", "文件"),
        (7, full, "manual", "", None, none),
        (9, Decimal(3), "per-occurrence", "claims", Decimal(1), none),
        (10, None, "per-occurrence", "incidents", Decimal(2), none),
    )
    return tuple(Item(office.task_id(number), *rest) for number, *rest in known)


def test_everything_typed_is_stored_and_comes_out_again(office):
    draft = office.draft(office.filled(WHOLE, **TYPED_SETTINGS))
    assert draft.problems == ()
    assert draft.scheme.items == whole_items(office)
    assert draft.scheme.assessed_on == date(2020, 11, 30)
    assert draft.scheme.evidence_from == date(2020, 1, 1)
    assert (draft.scheme.absent_rule, draft.scheme.bonus_cap) == ("average", 3)
    assert draft.scheme.note == "试行"
    scheme_id = store_scheme(office.warehouse, draft.scheme, recorded_by="赵敏")
    stored = stored_version(office.warehouse, office.scope.ledger_id, scheme_id)
    assert (stored.number, stored.scheme) == (1, draft.scheme)
    again = write_template(office.warehouse, replace(office.scope, scheme_id=scheme_id))
    assert office.draft(again).scheme == draft.scheme
    assert "第 1 版评分方案" in opened(again)[SHEET].cell(3, 2).value


def test_what_libreoffice_saves_is_the_same_and_its_sums_are_right(paper, tmp_path: Path):
    (tmp_path / "方案.xlsx").write_bytes(paper.filled(WHOLE, **TYPED_SETTINGS))
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"),
            *("--convert-to", "xlsx", "--outdir", tmp_path / "out", tmp_path / "方案.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    content = (tmp_path / "out" / "方案.xlsx").read_bytes()
    draft = paper.draft(content)
    assert (draft.problems, draft.scheme.items) == ((), whole_items(paper))
    sums = load_workbook(BytesIO(content), data_only=True)["分值汇总"]
    shown = {row[1].value: [cell.value for cell in row[2:7]] for row in sums.iter_rows(min_row=5)}
    # A typed 6分 is text to a spreadsheet: only what was typed as a number is summed there.
    assert shown[SHARING] == [4, 34, 0, 20, "相差 14 分"]
    assert shown[RATING][:3] == [4, 60, 0]
    assert shown["合计"][1:3] == [94, 3]


def test_the_ledgers_own_points_start_a_scheme(paper):
    draft = paper.draft(paper.template)
    assert draft.problems == ()
    assert draft.scheme == started_scheme(paper.outline)
    rules = {item.task_id: (item.points, item.rule, item.step) for item in draft.scheme.items}
    assert rules == {
        paper.task_id(1): (4, "proportional", None),
        paper.task_id(2): (6, "proportional", None),
        paper.task_id(9): (3, "all-or-nothing", None),
        paper.task_id(10): (None, "per-occurrence", 2),
    }


def test_sums_and_what_is_remarkable(paper):
    draft = paper.draft(paper.filled({3: {"分值": 9}}, 加分总上限=5))
    sums = {each.level1: (each.base, each.bonus, each.full) for each in draft.sums}
    assert sums == {SHARING: (19, 0, 20), RATING: (0, 0, None), "加减分": (0, 3, None), "": (19, 3, None)}  # fmt: skip
    assert draft.warnings == (
        "基本任务合计 19 分，不是 100 分，请核对。",
        f"“{SHARING}”指标满分 20 分，其下各项合计 19 分，请核对。",
        "5 项基本任务未设分值，不计分：第 4、5、6、7、8 项。",
        "加分总上限 5 分高于加分项合计 3 分，请核对。",
    )


@pytest.mark.parametrize(
    ("number", "typed", "column", "said"),
    [
        (1, {"分值": -1}, "分值", "分值应不小于 0，填的是 -1"),
        (1, {"分值": "若干"}, "分值", "“若干”不是数"),
        (1, {"分值": "20%"}, "分值", "“20%”是百分数"),
        (1, {"分值": 1.005}, "分值", "最多两位小数"),
        (1, {"分值": 99999}, "分值", "应不超过 9999.99"),
        (4, {"评分标准": "完成得分"}, "分值", "没有填分值"),
        (4, {"分值": 5, "规则": "看着办"}, "规则", "规则“看着办”认不得"),
        (4, {"分值": 5, "规则": None}, "规则", "没有选规则"),
        (9, {"规则": "按名次"}, "规则", "这类任务的规则应为按次、完成得满分、人工评分之一"),
        (9, {"规则": "按比例", "计分依据": None}, "规则", "这类任务的规则应为按次、完成得满分、人工评分之一"),
        (4, {"分值": 5, "计分依据": "频次完成率"}, "计分依据", "没有写明频次要求"),
        (4, {"分值": 5, "计分依据": "申报次数"}, "计分依据", "计分依据应为填报进度、频次完成率"),
        (4, {"分值": 5, "规则": "按次", "计分依据": "完成次数"}, "每次分值", "没有填每次分值"),
        (3, {"分值": 5, "规则": "倒扣", "计分依据": "扣分事件", "每次分值": 1, "下限": 6}, "下限", "高于满分"),
        (4, {"分值": 5, "规则": "分档"}, "分档", "没有填分档"),
        (4, {"分值": 5, "规则": "分档", "分档": "60–80：3；70–100：5"}, "分档", "重叠"),
        (4, {"分值": 5, "规则": "分档", "分档": "60–70：3；80–100：5"}, "分档", "空档"),
        (4, {"分值": 5, "规则": "分档", "分档": "好：3"}, "分档", "看不懂"),
        (4, {"分值": 5, "规则": "分档", "分档": "60–100：3"}, "分档", "与满分 5 不一致"),
        (4, {"分值": 5, "是否须佐证": "也许"}, "是否须佐证", "请填是或否"),
    ],
)  # fmt: skip
def test_a_mistake_goes_by_its_cell(paper, number, typed, column, said):
    content = paper.filled({number: typed})
    sheet = opened(content)[SHEET]
    place = sheet.cell(row_of(sheet, number), columns(sheet)[column]).coordinate
    (problem,) = paper.draft(content).problems
    assert problem.cell == f"{SHEET}!{place}"
    assert said in problem.message
    assert problem.message.endswith("。")


def test_mistakes_are_listed_as_one_goes_down_the_sheet(paper):
    content = paper.filled({4: {"分值": "若干"}, 2: {"分值": -1}}, 评估日="年底")
    said = [problem.message for problem in paper.draft(content).problems]
    assert ["年底" in said[0], "-1" in said[1], "若干" in said[2]] == [True] * 3


@pytest.mark.parametrize(
    ("label", "value", "said"),
    [
        ("评估日", None, "没有填评估日"),
        ("评估日", "年底", "“年底”看不出日期"),
        ("评估日", "2019-12-31", "早于台账起始日"),
        ("佐证起算日", "2021-06-01", "晚于评估日"),
        ("缺项处理", "不管", "缺项处理应为剔除后折算或按平均得分率计"),
        ("加分总上限", -5, "加分总上限应不小于 0"),
        ("加分总上限", "很多", "“很多”不是数"),
    ],
)
def test_a_setting_that_cannot_be_goes_by_its_cell(paper, label, value, said):
    content = paper.filled({}, **{label: value})
    problem = paper.draft(content).problems[0]
    cell = setting_cell(opened(content)[SHEET], label)
    assert problem.cell == f"{SHEET}!{cell.coordinate}"
    assert said in problem.message


def test_headings_points_are_typed_in_the_sheet_of_sums(paper):
    book = opened(paper.template)
    sheet = book["分值汇总"]
    rows = {sheet.cell(row, 2).value: row for row in range(5, sheet.max_row + 1)}
    assert sheet.cell(rows[SHARING], 6).value == 20
    sheet.cell(rows[SHARING], 6).value = 10
    sheet.cell(rows[RATING], 6).value = "很多"
    draft = paper.draft(saved(book))
    assert [problem.cell for problem in draft.problems] == [f"分值汇总!F{rows[RATING]}"]
    assert not any(SHARING in warning for warning in draft.warnings)


def test_nothing_filled_in_is_one_sentence(paper):
    blank = {"分值": None, "每次分值": None}
    (problem,) = paper.draft(paper.filled(dict.fromkeys((1, 2, 9, 10), blank))).problems
    assert str(problem) == f"{SHEET}：没有一项任务有分值，请填写后再存。"


# The table changed by its user


def test_shifted_columns_and_extra_rows_are_read(paper):
    book = opened(paper.filled({4: {"分值": 5}}))
    sheet = book[SHEET]
    sheet.insert_cols(1, 2)
    sheet.insert_rows(header_row(sheet) + 3)
    last = sheet.max_row + 1
    at = columns(sheet)
    sheet.cell(last, at["目标任务"]).value = "合计"
    sheet.cell(last, at["分值"]).value = 15
    draft = paper.draft(saved(book))
    assert draft.problems == ()
    assert {item.task_id for item in draft.scheme.items} == {
        paper.task_id(number) for number in (1, 2, 4, 9, 10)
    }
    assert draft.scheme.assessed_on == date(2020, 12, 31)


def test_without_its_hidden_column_rows_go_by_number_and_wording(paper):
    book = opened(paper.filled({4: {"分值": 5}}))
    book[SHEET].delete_cols(1)
    del book["分值汇总"], book["填写说明"]
    read = read_template(saved(book), "方案.xlsx")
    assert read.stamp is None
    draft = check_template(paper.outline, read, is_demonstration=False)
    assert draft.problems == ()
    assert len(draft.scheme.items) == 5


def test_merged_cells(paper):
    book = opened(paper.filled({5: {"分值": 6}, 6: {"分值": None}}))
    sheet = book[SHEET]
    at, first = columns(sheet), row_of(sheet, 5)
    for name in ("分值", "规则"):
        sheet.merge_cells(
            start_row=first, end_row=first + 1, start_column=at[name], end_column=at[name]
        )
    (problem,) = paper.draft(saved(book)).problems
    assert problem.cell == f"{SHEET}!{sheet.cell(first + 1, at['分值']).coordinate}"
    assert "合并" in problem.message


def test_a_row_of_no_task_and_one_twice_are_named(paper):
    book = opened(paper.template)
    sheet = book[SHEET]
    at, last = columns(sheet), sheet.max_row
    for row, text in ((last + 1, "另立的一项任务。"), (last + 2, sheet.cell(row_of(sheet, 1), at["目标任务"]).value)):  # fmt: skip
        sheet.cell(row, at["目标任务"]).value = text
        sheet.cell(row, at["分值"]).value = 5
    said = [str(problem) for problem in paper.draft(saved(book)).problems]
    assert [each.partition("：")[2] for each in said] == [
        "台账中没有这项任务，请核对编号和任务文字。",
        "与第 1 项是同一项任务，请删去一行。",
    ]


def test_rows_sorted_without_their_key_are_refused(paper):
    book = opened(paper.template)
    sheet = book[SHEET]
    at = columns(sheet)
    cells = [sheet.cell(row_of(sheet, number), at["行标识"]) for number in (1, 2)]
    cells[0].value, cells[1].value = cells[1].value, cells[0].value
    messages = [problem.message for problem in paper.draft(saved(book)).problems]
    assert messages == ["行标识与任务文字不是同一项任务，请重新下载模板填写。"] * 2


def test_a_formula_without_result_is_named(paper):
    (problem,) = paper.draft(paper.filled({1: {"分值": "=1+1"}})).problems
    assert "公式没有保存计算结果，请直接填写结果。" in problem.message


# Files that are not taken


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"x", "方案.docx", "“方案.docx”不是评分方案模板，请交回 .xlsx 文件。"),
        (b"x", "方案.xlsx", "不是有效的 Excel 文件"),
        (by_hand([["目标任务", "状态", "本月进展"], ["一", "已完成", "好"]]), "填报表.xlsx", "不是评分方案模板"),
    ],
)  # fmt: skip
def test_what_is_no_template_is_refused(content, name, said):
    with pytest.raises(FormError, match=said) as refused:
        read_template(content, name)
    assert str(refused.value).endswith("。")


def stored_ledger(office: Office, ledger: Ledger) -> Scope:
    stored = store_edition(
        office.warehouse, ledger, read_reference(REFERENCE), recorded_by="测试",
        effective_on=date(ledger.year, 6, 1),
    )  # fmt: skip
    return Scope(stored.ledger_id, office.scope.as_of)


def test_another_ledgers_template_is_refused(office):
    other = stored_ledger(office, replace(scored_ledger(2021), title="另一份台账"))
    content = write_template(office.warehouse, other)
    with pytest.raises(FormError, match="这是台账《另一份台账》的评分方案，当前台账是"):
        office.draft(content)


def test_another_editions_template_is_refused(office):
    made = scored_ledger()
    tasks = (replace(made.tasks[0], task="完全不同的一项新任务。"), *made.tasks[1:])
    stored_ledger(office, replace(made, tasks=tasks, sha256="new"))
    now = replace(office, outline=outline_of(office.warehouse, office.scope.ledger_id))
    assert now.outline.edition.number == 2
    with pytest.raises(FormError, match="按台账第 1 版做的，现行的是第 2 版"):
        now.draft(office.template)


def test_demonstration_and_real_do_not_mix(office):
    content = write_template(office.warehouse, office.scope, is_demonstration=True)
    assert opened(content)[SHEET].cell(1, 2).value == "【演示数据】评分方案"
    with pytest.raises(FormError, match="演示数据的评分方案，不能存入正式数据"):
        office.draft(content)
    with pytest.raises(FormError, match="正式数据的评分方案，不能存入演示数据"):
        office.draft(office.template, is_demonstration=True)
    assert office.draft(content, is_demonstration=True).problems == ()


def test_the_head_says_of_which_data_it_is_and_when_it_was_made(office):
    book = opened(write_template(office.warehouse, office.scope))
    for said in (book[SHEET]["B3"].value, book[SUMS]["B3"].value):
        assert "台账版次：第 1 版" in said
        assert "筛选：无" in said
        assert f"数据版本：{office.warehouse.data_version}　制表时间：20" in said
    assert book[SUMS].print_title_rows == "$5:$5"


def test_columns_of_rules_are_hidden_until_a_rule_uses_them(office):
    def shown(content: bytes) -> list[str]:
        sheet = opened(content)[SHEET]
        dimensions = sheet.column_dimensions
        return [
            name for name, at in columns(sheet).items()
            if not dimensions[get_column_letter(at)].hidden
        ]  # fmt: skip

    whole = ["编号", "类别", "目标任务", "分值", "规则", "是否须佐证", "评分标准", "佐证要求"]
    # Offered beforehand: that a task is scored by progress.
    assert [name for name in shown(office.template) if name not in whole] == [
        "计分依据",
        "每次分值",
    ]
    assert set(whole) < set(shown(office.template))
    hint = next(cell.value for row in opened(office.template)[SHEET].iter_rows() for cell in row
                if "取消隐藏" in str(cell.value))  # fmt: skip
    assert "“下限”“分档”" in hint
    # Typed into a hidden column it is read, and stands in the next template for all to see.
    draft = office.draft(
        office.filled({1: {"规则": "分档", "计分依据": "填报进度", "分档": "60–100：2；100：4"}})
    )
    assert draft.problems == ()
    scheme_id = store_scheme(office.warehouse, draft.scheme, recorded_by="测试")
    again = write_template(office.warehouse, replace(office.scope, scheme_id=scheme_id))
    assert "分档" in shown(again)
    assert "下限" not in shown(again)


def test_a_task_that_begins_with_an_equals_sign_is_no_formula(paper):
    sheet = opened(paper.template)[SHEET]
    cell = sheet.cell(row_of(sheet, 5), columns(sheet)["目标任务"])
    assert (cell.data_type, cell.value[:5]) == ("s", "=SUM(")
    content = fill(paper.template, {5: {"分值": 1, "评分标准": "*x_ <b>$1"}})
    items = {item.task_id: item for item in paper.draft(content).scheme.items}
    assert items[paper.task_id(5)].criterion == "*x_ <b>$1"


ODD = st.one_of(
    st.none(),
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.text("0123456789.-–：；分%％２两半是否 =*_$<\n", max_size=12),
    st.sampled_from(["按比例", "分档", "按名次", "填报进度", "完成次数", "1：1；2：2；3以上：4", "1e5", "∞"]),
)  # fmt: skip
SHORT = settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


@SHORT
@given(
    st.dictionaries(st.tuples(st.integers(1, 10), st.sampled_from(FILLED)), ODD, max_size=12),
    st.dictionaries(st.sampled_from(sorted(SETTINGS.values())), ODD, max_size=3),
)
def test_whatever_is_typed_is_a_scheme_or_sentences(paper, cells, typed_settings):
    rows: dict[int, dict[str, Any]] = {}
    for (number, field), value in cells.items():
        rows.setdefault(number, {})[HEADERS[field]] = value
    draft = paper.draft(fill(paper.template, rows, **typed_settings))
    for problem in draft.problems:
        assert problem.message.endswith("。")
        assert "!" in problem.cell or problem.cell == SHEET
    if not draft.problems:
        kinds = {task.task_id: task.kind for task in paper.outline.tasks}
        cadences = [task.task_id for task in paper.outline.tasks if task.has_cadence]
        assert not scheme_problems(
            draft.scheme, kinds=kinds, with_cadence=cadences, started_on=date(2020, 1, 1)
        )
