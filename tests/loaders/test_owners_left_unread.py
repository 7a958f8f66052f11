"""What an owner says and the reading would lose: partners in brackets, 同上, names passed over."""

import pytest

from loaders import read_ledger, read_owners


@pytest.fixture
def read(tmp_path):
    """Read a text given as its lines."""

    def read(*lines, name="2024年文件.txt"):
        path = tmp_path / name
        path.write_text("\n".join(lines), encoding="utf-8")
        return read_ledger(path)

    return read


def units(task):
    return [(part.role, part.unit) for part in task.assignments]


def messages(ledger):
    return [issue.message for issue in ledger.issues]


def owned_by(read, owner):
    """The reading of a table whose one task has this owner."""
    rows = ("序号 | 工作任务 | 责任单位 | 完成时限", f"1 | 更新信用目录。 | {owner} | 2024年6月")
    return read("2024年分工", *rows)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("宣传科（会同市交投集团）", [("responsible", "宣传科"), ("cooperate", "市交投集团")]),
        ("法规科（运输科配合）", [("responsible", "法规科"), ("cooperate", "运输科")]),
        (
            "法规科（建设科配合）、信息科",
            [("responsible", "法规科"), ("cooperate", "建设科"), ("responsible", "信息科")],
        ),
        ("运输科（法规科牵头）", [("responsible", "运输科"), ("lead", "法规科")]),
        ("信息中心（负责建设）", [("responsible", "信息中心")]),
        (
            "各股室（站、所）、县运管所",
            [("responsible", "各股室（站、所）"), ("responsible", "县运管所")],
        ),
    ],
)
def test_a_bracket_behind_a_name(cell, expected):
    assert [(part.role, part.unit) for part in read_owners(cell)] == expected


def test_ditto_in_one_of_two_columns_of_owners(read):
    ledger = read(
        "任务,主办单位,协办单位,完成时限",
        "归集案件数据,执法局,信息中心,6月",
        "清理重复档案,信息中心,同上,7月",
        "核对主体名称,信息中心,,8月",
        "补录许可数据,执法局,同上,9月",
        name="2024年清单.csv",
    )
    assert [units(task) for task in ledger.tasks] == [
        [("lead", "执法局"), ("cooperate", "信息中心")],
        [("lead", "信息中心"), ("cooperate", "信息中心")],
        [("lead", "信息中心")],
        [("lead", "执法局")],
    ]
    assert [issue.tasks for issue in ledger.issues if "同上" in issue.message] == [(4,)]


@pytest.mark.parametrize(
    ("owner", "said"),
    [
        ("省厅（法规处、运输处）", "责任单位中的“法规处、运输处”没有读作单位，请核对"),
        ("法规科牵头（运输科、建设科）", "责任单位中的“运输科、建设科”没有读作单位，请核对"),
        ("配合单位：运输科", "只写有配合单位，没有牵头或责任单位，请核对"),
        ("接手：运输科", "“接手：运输科”的冒号前不是认识的标签，请核对"),
    ],
)
def test_what_the_units_read_do_not_say_is_doubted(read, owner, said):
    ledger = owned_by(read, owner)
    assert any(said.replace("：", ":") == m.replace("：", ":") for m in messages(ledger))


@pytest.mark.parametrize(
    "owner",
    ["厅办公室（内控办）", "局信息中心牵头，局属各单位、各县（市、区）局配合", "法规处 李四"],
)
def test_what_remarks_on_a_unit_is_not_doubted(read, owner):
    assert not any("没有读作单位" in message for message in messages(owned_by(read, owner)))


def test_one_slash_below_a_heading_of_two_roles(read):
    ledger = read(
        "任务,牵头/配合,完成时限", "编印百问百答,宣传处/办公室、法规处,6月", name="2024年.csv"
    )
    assert units(ledger.tasks[0]) == [
        ("lead", "宣传处"),
        ("cooperate", "办公室"),
        ("cooperate", "法规处"),
    ]


def test_a_label_or_page_text_left_in_a_task_is_doubted(read):
    ledger = read(
        "2024年任务分工",
        "1.更新目录。几点收工：月底。（法规科负责）",
        "2.公示结果。扫一扫在手机打开。（法规科负责）",
    )
    assert "任务文字中有“几点收工：”，没有按标签读入，请核对" in messages(ledger)
    assert "任务文字中有网页或文件页面上的文字，请核对" in messages(ledger)


def test_the_one_day_of_a_duty_is_its_deadline(read):
    ledger = read(
        "2024年任务分工",
        "1.约谈失信企业，6月底前完成。（执法科负责）",
        "2.保障平台运行，全年。（信息科负责）",
        "3.5月底前起草，9月底前印发。（法规科负责）",
    )
    assert [str(task.due_on) for task in ledger.tasks] == ["2024-06-30", "None", "None"]
    assert [task.deadline_kind for task in ledger.tasks] == ["date", "ongoing", "unspecified"]
    assert "完成时限按任务文字中的“6月底前完成”读入，请核对" in messages(ledger)
    assert not any(i.message.startswith("没有写明完成时限") and 1 in i.tasks for i in ledger.issues)


def test_a_duty_that_opens_with_by_whom_stays_whole(read):
    duty = "由管委会运输科牵头制作诚信标识，第二季度末前完成张贴，景区客运公司落实。"
    ledger = read(
        "2024年诚信建设任务分工方案",
        f"（一）诚信进车站。{duty}",
        "（二）诚信进工地。管委会建设科负责，对在建项目每月核查工资支付情况。",
        "（三）诚信进校车。管委会运输科、社会事务科共同负责，开学前核查驾驶员信用记录。",
    )
    first = ledger.tasks[0]
    assert (first.level2, first.task) == ("诚信进车站", duty)
    assert ("lead", "管委会运输科") in units(first)


def test_numbers_below_a_heading_of_duties_are_numbers(read):
    ledger = read(
        "类,项,任务要点,牵头,截止",
        "基础类,1,统一承诺书样式,办公室,3月",
        "应用类,2,应用信用报告,建设股,9月",
        name="2024年分工.csv",
    )
    assert [(t.level1 or t.level2, t.printed_number) for t in ledger.tasks] == [
        ("基础类", "1"),
        ("应用类", "2"),
    ]


def test_the_day_of_giving_out_is_no_deadline(read):
    ledger = read(
        "交办任务,承办单位,交办日期,完成日期",
        "核查业绩材料,县公路中心,2025.3.3,2025.5.30",
        name="2025年交办单.csv",
    )
    assert str(ledger.tasks[0].due_on) == "2025-05-30"
    assert "“完成日期”一列按内容读作完成时限，请核对" in messages(ledger)
