"""Labels and column headings as a grammar: role and kind of body, occasion and time, subject and duty."""

import pytest

from loaders import reference
from loaders.labels import heading_of, labels_in


@pytest.mark.parametrize(
    ("heading", "field"),
    {
        "牵头责任部门": "lead",
        "协同配合部门": "cooperate",
        "责任股室": "responsible",
        "涉项部门": "responsible",
        "牵头（主办）单位": "lead",
        "责任单位（牵头）": "lead",
        "牵头单位/责任单位": "responsible",
        "牵头、配合单位": "responsible",
        "责任单位及责任人": "responsible",
        "責任單位": "responsible",
        "办结时限": "deadline",
        "完成时限及要求": "deadline",
        "起止时间": "deadline",
        "实际完成时间": "completed_on",
        "督办事项": "task",
        "为民办实事项目": "task",
        "专项整治行业名称": "task",
        "工作内容及要求": "task",
        "任务编号": "number",
        "重点领域": "level1",
    }.items(),
)
def test_headings(heading, field):
    found = heading_of(heading, reference.headers())
    assert found
    assert found.spelling.field == field


@pytest.mark.parametrize(
    "heading",
    ["公开事项", "公开内容", "公开时限", "责任领导", "联系人", "发布时间", "制定办法。", ""],
)
def test_what_heads_no_column_of_a_ledger(heading):
    assert heading_of(heading, reference.headers()) is None


def test_a_spelling_of_the_office_comes_first():
    spellings = {"责任单位": reference.Spelling("note")}
    found = heading_of("责任单位", spellings)
    assert found
    assert found.spelling.field == "note"


@pytest.mark.parametrize(
    ("text", "labels"),
    {
        "牵头单位：甲；配合科室：乙；完成时限：6月": ["lead", "cooperate", "deadline"],
        "牵头单位：甲 责任单位：乙": ["lead", "responsible"],
        "厅法规处责任单位：乙": ["responsible"],
        "【责任单位】甲【完成时限】6月": ["responsible", "deadline"],
        "责任单位 甲": ["responsible"],
        "责任单位\n甲": ["responsible"],
        "牵头（主办）单位：甲": ["lead"],
        "牽頭單位：甲": ["lead"],
        "责任领导：张某；责任单位：甲": ["", "responsible"],
        "总牵头单位：甲": ["lead"],
        "技术支持：甲": ["support"],
        "各责任单位：": [],
        "由牵头单位：": [],
        "发布时间：2020年": [],
        "责任单位要制定方案": [],
        "甲牵头：": [],
    }.items(),
)
def test_labels_in_a_text(text, labels):
    assert [label.field for label in labels_in(text)] == labels


def test_a_label_ends_where_the_next_begins():
    text = "牵头单位：甲局；配合单位：乙局"
    first, second = labels_in(text)
    assert text[first.end : second.start] == "甲局；"
    assert text[second.end :] == "乙局"
