"""What owner, deadline and cadence phrases say."""

import csv
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_documents import GOLDEN

from loaders.phrases import (
    deadline_doubt,
    read_cadences,
    read_deadline,
    read_owners,
    read_quantities,
)
from loaders.wording import arabic


def owners(text, _year=None):
    found = read_owners(text)
    return ";".join("|".join(filter(None, (a.role, a.unit, a.scope))) for a in found)


def deadline(text, year=2020):
    read = read_deadline(text, year)
    return f"{read.kind} {read.due_on}" if read.due_on else read.kind


def cadences(text, _year=None):
    return ";".join(f"{c.period}:{c.min_count}" for c in read_cadences(text))


READ = {"owner": owners, "deadline": deadline, "cadence": cadences}

with (GOLDEN / "phrases.tsv").open(encoding="utf-8", newline="") as file:
    PHRASES = list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase["text"][:30] or "blank")
def test_hand_checked_phrases(phrase):
    read = READ[phrase["field"]](phrase["text"], int(phrase["document_year"]))
    assert read == (phrase["expected"] or "")


@pytest.mark.parametrize(
    ("text", "due_on"),
    {
        "2020.12": date(2020, 12, 31),
        "2020/6/5": date(2020, 6, 5),
        "二〇二四年十二月": date(2024, 12, 31),
        "二○二四年六月三十日前": date(2024, 6, 30),
        "10月31日前": date(2020, 10, 31),
        "第三季度": date(2020, 9, 30),
        "三季度末": date(2020, 9, 30),
        "下半年": date(2020, 12, 31),
        "2021—2025年": date(2025, 12, 31),
        "2020年3月至10月": date(2020, 10, 31),
        "2020年11月至次年3月": date(2021, 3, 31),
        "3-4月": date(2020, 4, 30),
        "10月中旬": date(2020, 10, 20),
        "2020年2月": date(2020, 2, 29),
        "20201231": date(2020, 12, 31),
        "44196": date(2020, 12, 31),
        "2020年度": date(2020, 12, 31),
        "明年6月底": date(2021, 6, 30),
        "2020年6月底前完成，并长期坚持": date(2020, 6, 30),
        "6月31日前": date(2020, 6, 30),
    }.items(),
)
def test_dates(text, due_on):
    assert read_deadline(text, 2020).due_on == due_on


@pytest.mark.parametrize(
    ("text", "kind"),
    {
        "持續推進": "ongoing",
        "2020年全年": "ongoing",
        "2021-2025年持续推进": "ongoing",
        "每季度": "ongoing",
        "季度": "ongoing",
        "每年12月底前": "ongoing",
        "每月5日前": "ongoing",
        "视情开展": "as-needed",
        "/": "unspecified",
        "尽快": "unspecified",
        "月底前": "unspecified",
        "2024年初": "unspecified",
        "13月": "unspecified",
        "印发后1个月内": "unspecified",
        "按湘交函〔2019〕276号执行": "unspecified",
        "按《信用管理办法（2020年12月版）》": "unspecified",
    }.items(),
)
def test_no_dates(text, kind):
    assert deadline(text) == kind


def test_a_month_without_any_year_is_no_date():
    assert read_deadline("12月底前", None).kind == "unspecified"
    assert "没有年份" in deadline_doubt("12月底前", None)


@pytest.mark.parametrize("text", ["2020年9月、12月", "春节前", "6月31日前", "44196"])
def test_doubtful_deadlines_are_named(text):
    assert text in deadline_doubt(text, 2020)


@pytest.mark.parametrize(
    "text", ["2020年12月", "持续推进", "适时", "2020年3月至10月", "每季度", ""]
)
def test_plain_deadlines_are_not(text):
    assert deadline_doubt(text, 2020) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    {
        "每半年至少组织1次": "half-year:1",
        "每双月调度": "two-months:1",
        "每两个月": "two-months:1",
        "按季度通报": "quarter:1",
        "每月至少2次": "month:2",
        "每季度不少于1次": "quarter:1",
        "每年2次": "year:2",
        "半年通报一次": "half-year:1",
        "每个工作日": "day:1",
        "每半月更新": "month:2",
        "每月10日前报送": "month:1",
        "每月5个工作日内报送": "month:1",
        "每年选取3家企业开展评价": "year:1",
        "每旬报送": "",
        "一月一日前": "",
        "按年度计划推进": "",
        "社会主义核心价值观主题实践教育月": "",
    }.items(),
)
def test_cadences(text, expected):
    assert cadences(text) == expected


def test_a_cadence_keeps_its_wording():
    assert read_cadences("自治区每季度至少开展1次学习。")[0].phrase == "每季度至少开展1次"


@pytest.mark.parametrize(
    ("text", "expected"),
    {
        "归集80%以上主体": (">=80%",),
        "不低于百分之九十": (">=90%",),
        "八成以上": (">=80%",),
        "超过９０％": (">90%",),
        "实现100%覆盖": ("100%",),
        "不少于5篇": (">=5篇",),
        "每月不少于1个案例": (),
        "7个工作日内公示": (),
    }.items(),
)
def test_quantities(text, expected):
    assert read_quantities(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    {
        "省交通中心、运输中心": "responsible|省交通中心;responsible|省运输中心",
        "厅法规处、路网监测与应急处置中心": "responsible|厅法规处;responsible|路网监测与应急处置中心",
        "厅法规处和人事处": "responsible|厅法规处;responsible|厅人事处",
        "舟山市港航和口岸管理局": "responsible|舟山市港航和口岸管理局",
        "厅法规处（牵头）、运输处（配合）": "lead|厅法规处;cooperate|厅运输处",
        "厅法规处牵头，厅运输处，各市局配合": "lead|厅法规处;cooperate|厅运输处;cooperate|各市局",
        "厅法规处、人事处等有关处室": "responsible|厅法规处;responsible|厅人事处;responsible|厅有关处室",
        "厅 法规处、 人事处": "responsible|厅法规处;responsible|厅人事处",
        "厅法规处 人事处": "responsible|厅法规处;responsible|厅人事处",
        "厅法规处\n人事处": "responsible|厅法规处;responsible|厅人事处",
        "路网监测与应急\n处置中心": "responsible|路网监测与应急处置中心",
        "厅法規處、人事處": "responsible|厅法规处;responsible|厅人事处",
        "各市、县(区)交通运输局": "responsible|各市、县（区）交通运输局",
        "银川市、吴忠市交通运输局": "responsible|银川市交通运输局;responsible|吴忠市交通运输局",
        "厅市场处、国际合作处": "responsible|厅市场处;responsible|厅国际合作处",
        "牵头单位：厅法规处；责任单位：厅法规处、运输处": "lead|厅法规处;responsible|厅运输处",
        "厅法规处牵头会同厅运输处开展评价": "lead|厅法规处|开展评价;cooperate|厅运输处|开展评价",
        "厅法规处会同": "responsible|厅法规处",
        "各市州交通局": "responsible|各市州交通运输局",
        "各区县(自治县)交通运输委(交通局)": "responsible|各区县（自治县）交通运输委",
        "厅法规处牵头）、厅运输处配合": "lead|厅法规处;cooperate|厅运输处",
        "（厅法规处牵头，厅运输处配合": "lead|厅法规处;cooperate|厅运输处",
        "厅办公室（内控办、厅财务处": "responsible|厅办公室;responsible|厅财务处",
        "厅办公室内控办）": "responsible|厅办公室内控办",
        "—": "",
        "": "",
    }.items(),
)
def test_owners(text, expected):
    assert owners(text) == expected


FULL_WIDTH = str.maketrans("0123456789.:,;()%", "０１２３４５６７８９．：，；（）％")


def disguised(text, choices, spaces):
    """The text as another typist would write it: other widths and, if allowed, spaces."""
    written = ""
    for character, (wide, space) in zip(text, choices, strict=False):
        if wide:
            written += character.translate(FULL_WIDTH)
        else:
            written += character.translate({v: chr(k) for k, v in FULL_WIDTH.items()})
        written += " " * space * spaces
    return written


@given(
    phrase=st.sampled_from([phrase for phrase in PHRASES if phrase["text"]]),
    choices=st.lists(st.tuples(st.booleans(), st.integers(0, 2)), min_size=120, max_size=120),
)
def test_width_and_spaces_do_not_change_a_reading(phrase, choices):
    # In an owner cell a space may stand between two names, so only the width varies.
    written = disguised(phrase["text"], choices, spaces=phrase["field"] != "owner")
    read = READ[phrase["field"]](written, int(phrase["document_year"]))
    assert read == (phrase["expected"] or "")


@given(
    st.text(
        alphabet="厅法规处、，；（）牵头负责会同配合等和每季度年月日底前至12〔〕：\n 各市县%一二十",
        max_size=40,
    )
)
def test_no_phrase_is_an_error(text):
    for read in (owners, deadline, cadences, read_quantities):
        read(text)
    deadline_doubt(text, 2020)


@pytest.mark.parametrize("figure", ["9", "一", "一二三"])
def test_a_figure_of_thousands_of_digits_is_none(figure):
    figures = figure * 6000
    assert arabic(figures) == figures
    assert deadline(f"{figures}年12月底前") == "unspecified"
    assert read_quantities(f"不少于{figures}篇，达到{figures}%，百分之{figures}") == ()
    assert all(cadence.min_count == 1 for cadence in read_cadences(f"每月{figures}次"))
    assert deadline_doubt(figures, 2020)


@pytest.mark.parametrize(
    "phrase",
    [
        "各市、",
        "市、",
        "人，",
        "厅法规处、",
        "每月1次，",
        "每项2分,",
        "（",
        "《",
        "处\n",
        "9",
        "ﷺ",
        "每月",
    ],
)
def test_a_cell_filled_to_its_end_is_read_at_once(phrase):
    """None of these takes more than a moment; some took minutes."""
    text = (phrase * 32_767)[:32_767]
    assert read_owners(text) == ()
    assert read_deadline(text, 2020).kind in ("ongoing", "unspecified")
    assert len(read_cadences(text)) <= 1
    read_quantities(text)
    deadline_doubt(text, 2020)
