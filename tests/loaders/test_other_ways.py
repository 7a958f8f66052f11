"""Plans that name owners, times and chapters in ways of their own: in front of a duty, above a table,
as columns, as cards."""

import csv
import io

import docx
import pytest

from loaders import LedgerError, read_ledger, read_owners

LEAD, DOES, HELPS = "lead", "responsible", "cooperate"


@pytest.fixture
def read(tmp_path):
    """Read a text given as its lines."""

    def read(*lines, name="2024年文件.txt"):
        path = tmp_path / name
        path.write_text("\n".join(lines), encoding="utf-8")
        return read_ledger(path)

    return read


def table(rows):
    """Rows as the text of a .csv file."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


def units(task):
    return [(part.role, part.unit) for part in task.assignments]


def messages(ledger):
    return " ".join(issue.message for issue in ledger.issues)


def word(path, *blocks):
    """A Word file of paragraphs and, as lists of rows, tables."""
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        drawn = document.add_table(len(block), len(block[0]))
        for row, texts in zip(drawn.rows, block, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    document.save(str(path))
    return read_ledger(path)


@pytest.mark.parametrize(
    ("line", "task", "owners"),
    [
        ("1.【运输股】签订承诺书。", "签订承诺书", [(DOES, "运输股")]),
        (
            "1.（法规科、质监站）公布扣分情况。",
            "公布扣分情况",
            [(DOES, "法规科"), (DOES, "质监站")],
        ),
        (
            "1.由法规处牵头，于6月10日前完成办法修订送审稿。",
            "由法规处牵头，于6月10日前完成办法修订送审稿。",
            [(LEAD, "法规处")],
        ),
        ("1.修订办法。——建设处牵头，法规处配合", "修订办法", [(LEAD, "建设处"), (HELPS, "法规处")]),
        ("1.运输股：签订承诺书。", "签订承诺书", [(DOES, "运输股")]),
        ("★1.建立积分制度（运输科）", "建立积分制度", [(DOES, "运输科")]),
        ("任务一 编制清单（审批科）", "编制清单", [(DOES, "审批科")]),
        ("1-1 编制清单（审批科）", "编制清单", [(DOES, "审批科")]),
        ("1、推进考核　　责任单位：运输股　　责任人：周某", "推进考核", [(DOES, "运输股")]),
    ],
)
def test_owners_stand_before_and_behind_a_duty(read, line, task, owners):
    ledger = read("某市2024年工作要点", "一、重点任务", line, "2.建立台账。（办公室）")
    assert len(ledger.tasks) == 2
    assert ledger.tasks[0].task.rstrip("。") == task.rstrip("。")
    assert units(ledger.tasks[0]) == owners


def test_a_clause_that_names_no_office_is_no_owner(read):
    (task,) = read(
        "2024年工作要点", "一、重点任务", "1.加强部门协同，形成合力。（责任单位：法规科）"
    ).tasks
    assert units(task) == [(DOES, "法规科")]
    ledger = read("2024年工作要点", "一、重点", "1.加强部门协同，形成合力。", "2.公示。（法规科）")
    assert ledger.tasks[0].assignments == ()


def test_a_bracket_closes_in_the_next_paragraph(read):
    first, second = read(
        "某省行动计划（2024—2026年）",
        "（一）推动立法。出台条例。（牵头单位：厅法规处；",
        "责任单位：厅办公室、厅运",
        "输处）",
        "（二）统一标准。制定规范。（牵头单位：厅科技处）",
    ).tasks
    assert units(first) == [(LEAD, "厅法规处"), (DOES, "厅办公室"), (DOES, "厅运输处")]
    assert units(second) == [(LEAD, "厅科技处")]


def test_labels_may_end_in_a_dash(read):
    first, second = read(
        "某县2024年任务清单",
        "一、制度",
        "1.印发方案",
        "责任股室——法规股",
        "完成期限——2024年3月",
        "2.建立制度",
        "责任股室——法规股、人事股",
        "完成期限——2024年4月",
    ).tasks
    assert (units(first), str(first.due_on)) == ([(DOES, "法规股")], "2024-03-31")
    assert units(second) == [(DOES, "法规股"), (DOES, "人事股")]


def test_each_label_of_a_task_opens_one(read):
    first, second = read(
        "2024年重点工作分工",
        "工作任务：建设平台",
        "牵头：信息中心；参与：各处室",
        "节点：2024-08-31",
        "工作任务：开展体检",
        "牵头：运输处；参与：各市局",
        "节点：2024-10-15",
    ).tasks
    assert [first.task, second.task] == ["建设平台", "开展体检"]
    assert units(first) == [(LEAD, "信息中心"), (HELPS, "各处室")]
    assert str(second.due_on) == "2024-10-15"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("以上工作由法规科牵头，各科室配合", [(LEAD, "法规科"), (HELPS, "各科室")]),
        ("统一由信息中心负责", [(DOES, "信息中心")]),
        ("市自由贸易区管委会牵头", [(LEAD, "市自由贸易区管委会")]),
        ("主办单位：信息中心（负责建设）", [(LEAD, "信息中心")]),
        ("新华园\n市司法局", [(DOES, "新华园"), (DOES, "市司法局")]),
        ("法规处＆办公室", [(DOES, "法规处"), (DOES, "办公室")]),
    ],
)
def test_wordings_of_owners(text, expected):
    assert [(part.role, part.unit) for part in read_owners(text)] == expected


def test_a_note_that_the_first_unit_leads(read):
    rows = [("任务", "责任单位"), ("建立平台", "信息中心、科技处"), ("开展宣传", "宣传处")]
    ledger = read(
        table(rows) + "注：责任单位排在第一位的为牵头单位，其他为配合单位。,", name="2024.csv"
    )
    assert units(ledger.tasks[0]) == [(LEAD, "信息中心"), (HELPS, "科技处")]
    assert units(ledger.tasks[1]) == [(DOES, "宣传处")]
    assert "1 项任务的第一个责任单位读作牵头，请核对" in messages(ledger)


def test_columns_of_units_with_marks(read):
    rows = [
        ("序号", "任务（●牵头 ○配合）", "法规处", "建设处", "完成时间"),
        ("1", "修订办法", "●", "○", "6月"),
        ("2", "开发模块", "", "●", "9月"),
    ]
    ledger = read(table(rows), name="2024.csv")
    assert [units(task) for task in ledger.tasks] == [
        [(LEAD, "法规处"), (HELPS, "建设处")],
        [(LEAD, "建设处")],
    ]
    assert "“法规处”等 2 列按标记合并读作责任单位，请核对" in messages(ledger)


def test_a_column_right_of_the_task_is_no_level_above_it(read):
    rows = [("项目", "任务", "指标", "责任股室"), ("制度", "印发方案", "100%", "法规股")]
    ledger = read(table(rows), name="2024.csv")
    assert (ledger.tasks[0].level1, ledger.tasks[0].task) == ("制度", "印发方案")
    assert "“指标”一列没有识别" in messages(ledger)


def test_a_column_of_two_roles_is_doubted_where_the_cell_tells_none(read):
    rows = [("任务", "主责单位/协同单位"), ("建设系统", "信息中心/科技处"), ("公示", "法规处牵头")]
    ledger = read(table(rows), name="2024.csv")
    doubted = [issue.tasks for issue in ledger.issues if "谁牵头、谁配合" in issue.message]
    assert doubted == [(1,)]


def test_columns_apart_by_bars_in_a_csv(read):
    (task,) = read("任务|责任单位", "印发方案|法规处、运输处", name="2024.csv").tasks
    assert units(task) == [(DOES, "法规处"), (DOES, "运输处")]


def test_a_month_before_which_something_is_due_is_doubted(read):
    ledger = read(
        "任务,责任单位,时限", "印发方案,法规处,8月前", "公示,法规处,8月底前", name="2024.csv"
    )
    assert [str(task.due_on) for task in ledger.tasks] == ["2024-08-31"] * 2
    assert messages(ledger).count("如指该月以前请改正") == 1


def test_columns_of_times_with_marks(read):
    rows = [
        ("任务", "责任单位", "1季度", "2季度", "3季度"),
        ("修订办法", "法规处", "√", "", ""),
        ("开展评价", "运输处", "", "√", "√"),
    ]
    ledger = read(table(rows), name="2024.csv")
    assert [str(task.due_on) for task in ledger.tasks] == ["2024-03-31", "2024-09-30"]


def test_cards_with_headings_beside_their_values(tmp_path):
    card = [
        ("事项编号", "1"),
        ("事项名称", "建成平台"),
        ("牵头处室", "科技处"),
        ("完成时限", "10月底"),
    ]
    other = [
        ("事项编号", "2"),
        ("事项名称", "开展惩戒"),
        ("牵头处室", "执法局"),
        ("完成时限", "12月底"),
    ]
    ledger = word(tmp_path / "2024.docx", "2024年督办卡", card, "", other)
    assert [task.task for task in ledger.tasks] == ["建成平台", "开展惩戒"]
    assert [units(task) for task in ledger.tasks] == [[(LEAD, "科技处")], [(LEAD, "执法局")]]
    assert [str(task.due_on) for task in ledger.tasks] == ["2024-10-31", "2024-12-31"]


def test_cards_of_two_pairs_a_row(tmp_path):
    card = [("任务名称", "平台", "任务编号", "1"), ("牵头单位", "科技处", "完成时限", "9月")]
    other = [("任务名称", "数据", "任务编号", "2"), ("牵头单位", "法规处", "完成时限", "10月")]
    ledger = word(tmp_path / "2024.docx", "2024年任务书", [*card, *other])
    assert [(t.task, units(t)) for t in ledger.tasks] == [
        ("平台", [(LEAD, "科技处")]),
        ("数据", [(LEAD, "法规处")]),
    ]


def test_labels_of_one_word(read):
    (task, other) = read(
        "2024年十大行动",
        "行动一：信用归集行动",
        "内容：归集数据",
        "单位：信息中心、各县局",
        "时间：10月",
        "行动二：信用宣传行动",
        "单位：宣传科",
    ).tasks
    assert units(task) == [(DOES, "信息中心"), (DOES, "各县局")]
    assert (str(task.due_on), units(other)) == ("2024-10-31", [(DOES, "宣传科")])


def test_lines_above_tables_name_chapters_and_owners(tmp_path):
    header = ("序号", "工作任务", "完成时限")
    ledger = word(
        tmp_path / "清单.docx",
        "2024年责任清单",
        "一、制度类",
        "责任处室：法规处",
        [header, ("1", "编制要点", "3月底")],
        "二、应用类",
        "责任处室：运输处",
        [header, ("2", "开展考核", "6月底")],
    )
    assert [(t.level1, units(t)) for t in ledger.tasks] == [
        ("制度类", [(DOES, "法规处")]),
        ("应用类", [(DOES, "运输处")]),
    ]
    assert ledger.year == 2024


@pytest.mark.parametrize(
    "heads",
    [
        ("（一）制度（厅法规处牵头）", "（二）数据（信息中心牵头）"),
        ("责任处室：厅法规处", "责任处室：信息中心"),
    ],
)
def test_rows_across_a_table_name_owners(read, heads):
    rows = [
        ("序号", "具体任务", "完成时限"),
        (heads[0], "", ""),
        ("1", "修订办法", "5月"),
        (heads[1], "", ""),
        ("2", "建设数据库", "9月"),
    ]
    first, second = read(table(rows), name="2024.csv").tasks
    assert [part.unit for part in first.assignments] == ["厅法规处"]
    assert [part.unit for part in second.assignments] == ["信息中心"]
    if heads[0].startswith("（一）"):
        assert (first.level1, second.level1) == ("制度", "数据")


def test_tasks_of_a_table_name_their_owners(read):
    rows = [
        ("类别", "工作任务", "完成时限"),
        ("制度", "1.制定指引（法规处）\n2.修订办法（执法局牵头，法规处配合）", "6月"),
        ("宣传", "3.开展宣传", "9月"),
    ]
    ledger = read(table(rows), name="2024.csv")
    assert [task.task for task in ledger.tasks] == ["制定指引", "修订办法", "开展宣传"]
    assert units(ledger.tasks[1]) == [(LEAD, "执法局"), (HELPS, "法规处")]
    assert "没有写明责任单位，请核对" in messages(ledger)


def test_headings_below_a_heading_of_owners_or_times(read):
    ledger = read(
        "<table><tr><td rowspan=2>任务</td><td colspan=2>责任主体</td><td colspan=2>时间安排</td></tr>",
        "<tr><td>省级</td><td>市县</td><td>开始</td><td>结束</td></tr>",
        "<tr><td>开展评估</td><td>厅信用办</td><td>各市局</td><td>1月</td><td>5月</td></tr></table>",
        name="2024.html",
    )
    (task,) = ledger.tasks
    assert units(task) == [(DOES, "厅信用办"), (DOES, "各市局")]
    assert str(task.due_on) == "2024-05-31"
    assert "“开始”一列没有识别，其内容没有读入" in messages(ledger)


def test_quoted_cells_with_lines_between_tabs(read):
    lines = (
        "任务\t责任单位\t时限",
        '"修订办法',
        '完善细则"\t法规处\t6月',
        '开展评价\t"运输处',
        '建设处"\t9月',
    )
    first, second = read(*lines).tasks
    assert (first.task, units(first)) == ("修订办法完善细则", [(DOES, "法规处")])
    assert units(second) == [(DOES, "运输处"), (DOES, "建设处")]


def test_cells_wrapped_below_their_columns(read):
    first, second = read(
        "2024年任务一览表",
        "序号    工作任务                      责任单位          完成时限",
        "1       建设信用信息共享平台，实现    信息中心          2024年6月",
        "        省市县三级联通",
        "2       组织开展示范企业创            运输处            2024年9月",
        "        建活动                        各市局",
    ).tasks
    assert first.task == "建设信用信息共享平台，实现省市县三级联通"
    assert (second.task, len(second.assignments)) == ("组织开展示范企业创建活动", 2)


@pytest.mark.parametrize(
    "lines",
    [
        (
            "权力名称 | 权力类型 | 责任事项 | 实施主体 | 办理时限",
            "许可 | 行政许可 | 受理 | 县局 | 20日",
        ),
        ("评审内容 | 评审标准 | 分值 | 得分", "完整性 | 内容齐全 | 20 | "),
        (
            "《评价办法》政策问答",
            "一、为什么修订？",
            "答：由厅法规处会同有关处室修订。",
            "二、何时施行？",
            "答：自5月1日起施行。",
            "三、如何应用？",
            "答：用于招标。",
        ),
    ],
)
def test_lists_of_powers_scores_and_answers_are_no_plans(read, lines):
    with pytest.raises(LedgerError):
        read(*lines)


def test_headings_spread_out_of_which_one_character_is_a_heading(read):
    (task,) = read("2024年分解表", "序号 工 作 事 项 责任单位", "1 编制目录。 厅法规处").tasks
    assert (task.task, units(task)) == ("编制目录。", [(DOES, "厅法规处")])
