"""Plans in the ways in which offices issue them: structure, brackets, flattened tables, refusals."""

import docx
import pytest

from benchmarks.reading import graded
from benchmarks.reading.__main__ import measure, measure_listed
from loaders import LedgerError, read_ledger, read_owners
from loaders.wording import with_characters


@pytest.fixture
def read(tmp_path):
    """Read a text given as its lines."""

    def read(*lines, name="2024年文件.txt"):
        path = tmp_path / name
        path.write_text("\n".join(lines), encoding="utf-8")
        return read_ledger(path)

    return read


def tasks(ledger):
    return [(t.level1, t.level2, t.task) for t in ledger.tasks]


def units(task):
    return [(part.role, part.unit) for part in task.assignments]


def messages(ledger):
    return [issue.message for issue in ledger.issues]


@pytest.mark.parametrize("folder", [graded.FOLDER, graded.WRITTEN], ids=["published", "written"])
def test_documents_with_their_duties_listed(folder):
    report, good = measure_listed(folder, folder.name)
    assert good, report


def test_generated_plans():
    report, good = measure(95, seed=3)
    assert good, report


def test_steps_stay_with_the_duty_whose_owner_stands_before_them(read):
    (task,) = read(
        "某市2024年工作要点",
        "一、重点任务",
        "1.推进承诺公开。（责任单位：市发改委）",
        "（1）统一文本。",
        "（2）建立台账。",
    ).tasks
    assert task.task == "推进承诺公开。（1）统一文本。（2）建立台账。"
    assert units(task) == [("responsible", "市发改委")]


def test_steps_with_owners_of_their_own_are_duties(read):
    ledger = read(
        "某县2024年任务分工",
        "一、实体经济",
        "（一）培育市场主体",
        "（1）新增企业。（县工信局负责）",
        "（2）净增主体。（县市场监管局负责）",
    )
    assert tasks(ledger) == [
        ("实体经济", "培育市场主体", "新增企业。"),
        ("实体经济", "培育市场主体", "净增主体。"),
    ]


def test_a_first_sentence_is_a_heading_only_where_the_others_open_so_too(read):
    duty = "加强路面巡查和隐患排查，及时上报险情。分类落实整改措施。"
    ledger = read("某市2024年任务分解", "一、强化管理", f"1.{duty}", "责任单位：市公路局")
    assert tasks(ledger) == [("强化管理", "", duty)]
    ledger = read(
        "某市2024年任务分解",
        "一、强化管理",
        "1.加强路面巡查。坚持巡查重点路段。（市公路局）",
        "2.完善应急机制。编制预案，组织演练。（市公路局）",
    )
    assert [t.level2 for t in ledger.tasks] == ["加强路面巡查", "完善应急机制"]
    ledger = read(
        "某市2024年任务分解",
        "一、强化管理",
        "1.加强路面巡查。坚持巡查重点路段。（市公路局）",
        "2.编制预案。（市公路局）",
        "3.组织演练。（市公路局）",
    )
    assert [t.level2 for t in ledger.tasks] == ["", "", ""]


def test_a_heading_that_may_be_a_first_sentence_is_doubted(read):
    ledger = read(
        "某市2024年任务分解", "一、强化管理", "1.加强巡查。坚持巡查重点路段。（市公路局）"
    )
    assert ledger.tasks[0].level2 == "加强巡查"
    assert "首句“加强巡查”按标题读入，如是任务的第一句请改正" in messages(ledger)


def test_headings_that_run_on_in_one_paragraph(read):
    ledger = read(
        "某市2024年行动计划",
        "为推进工作，制定本计划。 一、健全体系 （一）开展评价。每年评价企业。（运输科牵头）"
        " 二、扩大应用 （二）应用结果。修订招标文件。（法规科负责）",
    )
    assert tasks(ledger) == [
        ("健全体系", "开展评价", "每年评价企业。"),
        ("扩大应用", "应用结果", "修订招标文件。"),
    ]


def test_a_person_beside_the_owner_is_said_not_to_be_read(read):
    lines = ("某县2024年任务分工", "一、建设", "1.新建公路。")
    for stated in (
        ("责任领导：张某", "责任单位：县交通运输局", "完成时限：10月底"),
        ("（责任领导：张某；责任单位：县交通运输局；完成时限：10月底）",),
    ):
        ledger = read(*lines, *stated)
        (task,) = ledger.tasks
        assert units(task) == [("responsible", "县交通运输局")]
        assert str(task.due_on) == "2024-10-31"
        assert any("“责任领导：张某”" in message for message in messages(ledger))


def test_values_below_their_labels(read):
    (task,) = read(
        "某局2024年工作计划",
        "一、加强管理",
        "1.完成桥梁检测。",
        "责任单位",
        "工程科、各养护站",
        "完成时限",
        "全年",
    ).tasks
    assert units(task) == [("responsible", "工程科"), ("responsible", "各养护站")]
    assert task.deadline_kind == "ongoing"


@pytest.mark.parametrize(
    ("bracket", "owner", "deadline"),
    [
        ("（不含涉密信息）", "", ""),
        ("（某政办发〔2023〕15号）", "", ""),
        ("（以下简称市交通运输局）", "", ""),
        ("（如客运站、货运站）", "", ""),
        ("（市公安局、某某大学）", "市公安局、某某大学", ""),
        ("（市府办〔市数据局〕牵头）", "市府办〔市数据局〕牵头", ""),
        ("（市公安局，6月底前完成）", "市公安局", "6月底前完成"),
        ("（市公安局）（第二季度）", "市公安局", "第二季度"),
        ("（责任单位：市公安局，6月底完成）", "市公安局", "6月底完成"),
        ("【责任单位：市公安局】", "市公安局", ""),
    ],
)
def test_brackets_by_what_they_say(read, bracket, owner, deadline):
    ledger = read(
        "某市2024年任务分工", "一、建设", f"1.制定办法{bracket}。", "2.公示。（市司法局，年底前）"
    )
    task = ledger.tasks[0]
    assert (task.responsible_text, task.deadline_text) == (owner, deadline)
    assert task.task == ("制定办法。" if owner else f"制定办法{bracket}。")


def test_a_plan_without_owners_is_read_and_each_duty_doubted(read):
    ledger = read("某省2024年工作要点", "一、建设", "1.制定办法，完善目录。", "2.编制流程图。")
    assert len(ledger.tasks) == 2
    assert messages(ledger).count("没有写明责任单位，请核对") == 2


def test_the_letter_above_a_plan_is_no_part_of_it(read):
    ledger = read(
        "关于印发《2024年任务分工》的通知",
        "一、提高认识。各单位要高度重视。",
        "某市人民政府办公室",
        "2024年3月1日",
        "2024年任务分工",
        "一、建设",
        "1.制定办法。（市司法局负责）",
        "某市人民政府",
        "2024年3月1日",
    )
    assert tasks(ledger) == [("建设", "", "制定办法。")]


def test_a_plan_without_numbers_is_divided_at_its_owners(read):
    ledger = read(
        "2024年工作要点", "编制清单。", "责任单位：市发改委", "组织培训。", "责任单位：市司法局"
    )
    assert [(t.task, units(t)) for t in ledger.tasks] == [
        ("编制清单。", [("responsible", "市发改委")]),
        ("组织培训。", [("responsible", "市司法局")]),
    ]
    assert "文中的任务没有编号，按责任单位所在处划分，请核对" in messages(ledger)


HEADER = ("序号", "工作任务", "责任单位", "完成时限")
ROWS = (
    ("1", "更新信用目录。", "县发改委", "2024年6月底前"),
    ("2", "公开评价结果。", "县司法局、县信访局", "2024年9月底前"),
)


@pytest.mark.parametrize(
    "draw",
    [
        lambda cells: "\n".join(f"{cell} |" for row in cells for cell in row),
        lambda cells: "\n|\n".join(f"{cell} |".replace(" |", "") for r in cells for cell in r),
        lambda cells: "\n".join(" ".join(row) for row in cells),
        lambda cells: "\n".join("  ".join(row) for row in cells).replace("工作任务", "工 作 任 务"),
        lambda cells: "\n".join(" | ".join(row) + " |" for row in cells),
        lambda cells: "\n".join("| " + " | ".join(row) + " |" for row in cells),
    ],
    ids=["bar behind", "bar between", "one space", "two spaces", "rows", "edged rows"],
)
def test_tables_drawn_as_text(read, draw):
    ledger = read("某县2024年任务分解表", draw([HEADER, *ROWS]))
    assert [t.task for t in ledger.tasks] == [row[1] for row in ROWS]
    assert units(ledger.tasks[1]) == [("responsible", "县司法局"), ("responsible", "县信访局")]
    assert [str(t.due_on) for t in ledger.tasks] == ["2024-06-30", "2024-09-30"]


@pytest.mark.parametrize("section", ["一、完善制度 | | |", "一、完善制度 |", "一 | 完善制度 | |"])
def test_section_rows_pass_no_owner_on(read, section):
    rows = [" | ".join(row) for row in (HEADER, ROWS[0])]
    ledger = read("2024年分工", rows[0], rows[1], section, "2 | 公开评价结果。 | | 2024年9月")
    assert [t.level1 for t in ledger.tasks] == ["", "完善制度"]
    assert ledger.tasks[1].responsible_text == ""
    assert "没有责任单位，上方也没有可沿用的责任单位" in messages(ledger)


def merged_table(path, rows, *spans):
    document = docx.Document()
    drawn = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(drawn.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    for (top, left), (bottom, right) in spans:
        drawn.cell(top, left).merge(drawn.cell(bottom, right))
    document.save(str(path))
    return read_ledger(path)


def test_a_theme_below_a_header_merged_over_it_and_the_task(tmp_path):
    ledger = merged_table(
        tmp_path / "2024.docx",
        [
            ("序号", "重点工作", "", "责任单位"),
            ("1", "（一）提升设施", "建设码头。", "厅港航处"),
            ("2", "", "扩建航道。", "厅港航处"),
        ],
        ((0, 1), (0, 2)),
        ((1, 1), (2, 1)),
    )
    assert tasks(ledger) == [("", "提升设施", "建设码头。"), ("", "提升设施", "扩建航道。")]


@pytest.mark.parametrize("theme", ["工作任务", "工作要求"])
def test_whichever_spans_the_other_is_the_level_above(tmp_path, theme):
    duty = {"工作任务": "工作要求", "工作要求": "工作任务"}[theme]
    ledger = merged_table(
        tmp_path / "2024.docx",
        [
            (theme, duty, "责任单位"),
            ("规划公开", "公开总体规划。", "厅规划处"),
            ("", "公开专项规划。", "厅公路处"),
        ],
        ((1, 0), (2, 0)),
    )
    assert [t.task for t in ledger.tasks] == ["公开总体规划。", "公开专项规划。"]
    assert {t.level1 or t.level2 for t in ledger.tasks} == {"规划公开"}


def test_an_unknown_heading_is_read_by_what_stands_below_it_and_doubted(read):
    rows = ("序号 | 活儿 | 责任单位 | 完成时限", "1 | 更新信用目录。 | 县发改委 | 2024年6月")
    ledger = read("2024年分工", *rows)
    assert [t.task for t in ledger.tasks] == ["更新信用目录。"]
    assert "“活儿”一列按内容读作目标任务，请核对" in messages(ledger)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            ("关于做好信用工作的通知", "一、提高认识。各单位要重视。", "二、压实责任。"),
            "2 个编号段落都没有写明责任单位.*看来是一份通知",
        ),
        (
            ("《2024年任务分工》政策解读", "一、背景", "（一）起草过程。", "（二）主要内容。"),
            "看来是一份解读",
        ),
        (
            ("序号 | 考核内容 | 评分标准 | 分值", "1 | 归集信息 | 完成得2分 | 2"),
            "找到“序号”“考核内容”“评分标准”“分值”等列，没有责任单位、完成时限一列",
        ),
        (
            (
                "序号 | 公开事项 | 公开内容 | 公开时限 | 责任单位",
                "1 | 机构 | 职能 | 20日内 | 办公室",
            ),
            "没有目标任务",
        ),
        (
            (
                "某市2023年工作报告",
                "一、做法",
                "（一）完善制度。修订文件。",
                "（二）规范执法。开展检查（由市执法支队负责）。",
                "（三）加强培训。组织培训。",
            ),
            "看来是一份工作报告",
        ),
    ],
)
def test_what_is_no_plan_is_refused_with_what_was_found(read, lines, said):
    with pytest.raises(LedgerError, match=said):
        read(*lines)


def test_the_addressee_gives_no_region(read):
    ledger = read(
        "各省、自治区、新疆生产建设兵团交通运输厅：",
        "2024年工作要点",
        "一、建设",
        "1.健全制度。制定办法，完善目录。（部政研室牵头）",
    )
    assert ledger.region == ""


def test_every_task_says_by_which_rule_it_came_about(read):
    ledger = read(
        "2024年分工",
        "工作任务 | 具体措施 | 责任单位 | 完成时限",
        "完善制度 | 修订办法。 | 法规处牵头，运输处配合 | 6月底前",
    )
    basis = dict(ledger.tasks[0].basis)
    assert basis == {
        "level1": "表中“工作任务”一列",
        "responsible_text": "表中“责任单位”一列",
        "assignments": "牵头：写有“牵头”；配合：写有“配合”",
        "deadline_text": "表中“完成时限”一列",
        "due_on": "“6月底前”读作 2024-06-30，年份取文件的 2024 年",
    }


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("建设处（牵头）\n审批处", [("lead", "建设处"), ("responsible", "审批处")]),
        ("建设处（牵头） 审批处（配合）", [("lead", "建设处"), ("cooperate", "审批处")]),
        ("厅建设处（牵头）厅审批处（配合）", [("lead", "厅建设处"), ("cooperate", "厅审批处")]),
    ],
)
def test_a_role_in_a_bracket_ends_the_name_before_it(cell, expected):
    assert [(part.role, part.unit) for part in read_owners(cell)] == expected


def test_who_is_named_by_the_last_clause_of_a_duty(read):
    ledger = read(
        "某省2024年创建行动方案",
        "一、重点行动",
        "（一）平台升级行动。完成平台对接。由厅科技处负责，省通信中心参与，2024年9月底前完成。",
        "（二）示范引领行动。培育示范企业20家，由厅建设处、厅运输处分别牵头。",
    )
    first, second = ledger.tasks
    assert units(first) == [("responsible", "厅科技处"), ("cooperate", "省通信中心")]
    assert (first.task, str(first.due_on)) == ("完成平台对接。", "2024-09-30")
    assert units(second) == [("lead", "厅建设处"), ("lead", "厅运输处")]
    assert second.task == "培育示范企业20家。"


def test_numbers_in_words_open_duties(read):
    ledger = read(
        "某市2024年信用交通建设清单",
        "第一部分 制度建设",
        "任务1：制定信用评价细则",
        "责任单位：法规科",
        "任务2：建立联席会议制度",
        "责任单位：办公室",
    )
    assert tasks(ledger) == [
        ("制度建设", "", "制定信用评价细则"),
        ("制度建设", "", "建立联席会议制度"),
    ]


def test_duties_below_the_name_of_an_office_are_its_own(read):
    ledger = read(
        "某厅2024年责任清单",
        "一、厅法规处",
        "1.印发年度要点。",
        "2.编制信用报告。",
        "二、厅运输处",
        "1.开展信用评价。",
    )
    assert [units(task) for task in ledger.tasks] == [
        [("responsible", "厅法规处")],
        [("responsible", "厅法规处")],
        [("responsible", "厅运输处")],
    ]


def test_headings_stand_below_the_sections_of_their_table(read):
    ledger = read(
        "编号,工作项,落实要求,承办部门,完成时限",
        "一,基础工作,,,",
        "1,制度,印发年度工作方案,法规处,3月底前",
        "二,应用工作,,,",
        "2,承诺,推行信用承诺制,审批处,9月底前",
        name="2024年清单.csv",
    )
    assert tasks(ledger) == [
        ("基础工作", "制度", "印发年度工作方案"),
        ("应用工作", "承诺", "推行信用承诺制"),
    ]
    assert not ledger.issues


def test_a_deadline_behind_a_label_in_an_owner_cell(tmp_path):
    document = docx.Document()
    table = document.add_table(rows=2, cols=3)
    cells = ("领域", "攻关内容", "责任单位及时限")
    row = ("数据治理", "清洗信用数据", "牵头单位：信息中心\n配合单位：各市局\n完成时限：2024年8月")
    for drawn, texts in zip(table.rows, (cells, row), strict=True):
        for cell, text in zip(drawn.cells, texts, strict=True):
            cell.text = text
    document.save(tmp_path / "2024年任务.docx")
    ledger = read_ledger(tmp_path / "2024年任务.docx")
    (task,) = ledger.tasks
    assert units(task) == [("lead", "信息中心"), ("cooperate", "各市局")]
    assert (task.level1, str(task.due_on)) == ("数据治理", "2024-08-31")
    assert not ledger.issues


def test_a_duty_that_ends_in_the_name_of_an_office_is_no_owner(read):
    ledger = read(
        "某省2022年任务清单",
        *("序号", "任务名称", "具体内容", "责任单位", "完成时间"),
        *("1", "信息公示", "在门户网站开设专栏，每周更新", "厅宣传中心", "长期"),
        *("2", "联合惩戒", "将失信企业名单推送至省发展改革委", "厅法规处", "9月"),
    )
    assert [task.task for task in ledger.tasks] == [
        "在门户网站开设专栏，每周更新",
        "将失信企业名单推送至省发展改革委",
    ]


def test_a_list_of_enterprises_is_no_plan(read):
    with pytest.raises(LedgerError, match="无法识别表头"):
        read(
            "序号,企业名称,认定单位,认定日期",
            "1,甲运输公司,市交通运输局,2024-05-06",
            name="红黑榜.csv",
        )


def test_units_in_traditional_script(read):
    ledger = read(
        "某市2024年任務分工", "一、制度", "1.建立機制。（牽頭單位：資訊中心；完成時限：10月底）"
    )
    assert units(ledger.tasks[0]) == [("lead", "资讯中心")]
    assert not ledger.issues


def test_radicals_are_the_characters_they_look_like():
    assert with_characters("信⽤⾏业⻓期") == "信用行业长期"
