"""What generated plans are made of: units, labels, dates and duties, as offices write them.

A grammar of its own: it takes nothing from the reader's words, so that one does not test itself.
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple

CITY_UNITS = [
    "市发展改革委",
    "市公安局",
    "市财政局",
    "市交通运输局",
    "市住房和城乡建设局",
    "市自然资源和规划局",
    "市市场监管局",
    "市人力资源和社会保障局",
    "市应急管理局",
    "市政务服务数据管理局",
    "市信息办",
    "市司法局",
    "市中级人民法院",
    "市人民检察院",
    "市税务局",
    "市气象局",
    "市消防救援支队",
    "市公路事业发展中心",
    "市运输服务中心",
    "市供电公司",
    "中国电信某市分公司",
    "工商银行某市分行",
    "人民银行某市中心支行",
    "某市农村商业银行",
    "某某大学",
    "市第一中学",
    "高新区管委会",
    "经济开发区管委会",
    "市总工会",
    "团市委",
    "市妇联",
    "市交通投资集团",
    "市公交公司",
    "某某物流园区",
    "市委宣传部",
    "市委编办",
    "市城管执法支队",
    "市港航管理处",
    "市铁路建设办公室",
]
OFFICE_UNITS = [
    "厅法规处",
    "厅办公室",
    "厅人事处",
    "厅建管处",
    "厅运输处",
    "厅安监处",
    "厅科技处",
    "厅财审处",
    "厅机关党委",
    "省公路局",
    "省运输中心",
    "省质监站",
    "省信息中心",
    "省交通职业技术学院",
    "省高速公路集团",
]
COUNTY_UNITS = [
    "局办公室",
    "局法规股",
    "局运输股",
    "局工程股",
    "局财务股",
    "局安全股",
    "县公路养护中心",
    "县运管所",
    "县农村公路管理所",
    "县交通执法大队",
    "县海事所",
    "县汽车站",
    "各乡镇人民政府",
    "县邮政分公司",
]
GROUPS = [
    "各县（市、区）人民政府",
    "各市、县（区）交通运输局",
    "各县区交通运输局",
    "各成员单位",
    "各有关单位",
    "局属各单位",
    "各乡镇（街道）",
    "市直有关部门",
    "各责任单位",
    "各区县政府",
    "各有关企业",
]
SHARED = (
    (("厅法规处", "厅人事处", "厅建管处"), "厅法规处、人事处、建管处"),
    (("厅运输处", "厅安监处"), "厅运输处、安监处"),
    (("市发改委", "市财政局", "市公安局"), "市发改委、财政局、公安局"),
    (("省交通中心", "省运输中心"), "省交通中心、运输中心"),
    (("局法规科", "局运输科"), "局法规科、运输科"),
)
"""Names that share the prefix of the first, and how they are written."""

LEAD = [
    "牵头单位",
    "牵头部门",
    "牵头处室",
    "牵头责任单位",
    "牵头责任部门",
    "主办单位",
    "主责单位",
    "牵头科室",
    "主办处室",
    "牵头（主办）单位",
    "主要责任单位",
    "总牵头单位",
]
RESPONSIBLE = [
    "责任单位",
    "责任部门",
    "责任处室",
    "责任科室",
    "责任股室",
    "承办单位",
    "负责单位",
    "落实单位",
    "实施单位",
    "责任主体",
    "责任处室（单位）",
    "责任单位（部门）",
    "具体责任单位",
    "承办部门",
    "责任处（室）",
]
COOPERATE = [
    "配合单位",
    "配合部门",
    "配合处室",
    "协办单位",
    "协同配合单位",
    "协同配合部门",
    "参与单位",
    "参加单位",
    "协助单位",
    "配合责任单位",
    "配合科室",
    "协作单位",
    "会办单位",
]
DEADLINE = [
    "完成时限",
    "完成时间",
    "办结时限",
    "时限要求",
    "完成期限",
    "时间节点",
    "时限",
    "整改时限",
    "办理时限",
    "完成时间节点",
    "计划完成时间",
    "落实时限",
    "工作时限",
    "时间要求",
    "要求完成时限",
]
TASK = [
    "工作任务",
    "目标任务",
    "重点任务",
    "任务内容",
    "工作内容",
    "具体任务",
    "主要任务",
    "重点工作",
    "工作事项",
    "具体措施",
    "工作措施",
    "任务事项",
    "具体工作内容",
    "重点工作任务",
    "主要工作任务",
    "督办事项",
    "具体举措",
    "改革任务",
    "工作任务及要求",
    "具体工作任务",
]
THEME = ["工作类别", "重点领域", "工作方向", "类别", "任务类别", "项目", "工作领域"]
THEME = [name for name in THEME if name != "工作方向"]
THEMES = [
    "完善制度标准",
    "健全信用体系",
    "夯实数据基础",
    "强化安全监管",
    "优化营商环境",
    "提升服务水平",
    "推进绿色发展",
    "加强队伍建设",
    "深化改革创新",
    "扩大信用应用",
]
SUBTHEMES = [
    "健全管理制度",
    "规范信息归集",
    "推进信息公开",
    "开展信用评价",
    "实施分级监管",
    "建设服务网点",
    "改善通行条件",
    "加强源头治理",
    "完善应急机制",
    "创新宣传方式",
    "推广电子证照",
    "优化审批流程",
    "畅通投诉渠道",
]
_VERBS = [
    "修订",
    "制定",
    "完善",
    "建立",
    "公布",
    "整理",
    "更新",
    "推广",
    "开展",
    "组织",
    "编制",
    "核查",
    "清理",
    "改造",
    "建设",
    "排查",
    "汇总",
    "印发",
    "优化",
    "对接",
]
_OBJECTS = [
    "道路运输企业信用评价办法",
    "行政许可事项目录",
    "从业人员信用档案",
    "农村公路养护台账",
    "重点路段隐患清单",
    "出租汽车服务质量考核结果",
    "港口码头安全设施",
    "公路超限检测站点",
    "客运班线许可信息",
    "工程建设市场主体名录",
    "政务服务办事指南",
    "信用承诺书格式文本",
    "执法案卷评查结果",
    "货运源头单位名册",
    "网络预约车辆数据",
]
_TAILS = [
    "明确评价周期和等级",
    "形成问题清单并逐项销号",
    "数据合格率不低于98%",
    "按程序报批后印发",
    "与省平台联网运行",
    "向社会公开结果",
    "覆盖全部县区",
    "做到应归尽归",
    "明确责任和流程",
    "提高办事效率",
    "减少申报材料",
    "接受社会监督",
]
_MORE = [
    "加强部门协同，形成工作合力。",
    "结合实际细化措施。",
    "注重宣传引导，营造良好氛围。",
    "对发现的问题及时整改。",
    "定期通报进展情况。",
    "依法保护个人信息。",
    "鼓励有条件的地方先行先试。",
]
_ASIDES = [
    "（不含涉密信息）",
    "（包括个体工商户）",
    "（某政办发〔2023〕15号）",
    "（以下简称“办法”）",
    "（试行）",
    "（含历史数据）",
    "（依法应当保密的除外）",
    "（详见附件2）",
    "（网页）",
    "（如客运站、货运站）",
]


class Date(NamedTuple):
    """A deadline as written, its kind and its day."""

    text: str
    kind: str
    due_on: str


def deadline(random: Random, year: int) -> Date:
    """One way to write a deadline of a plan of that year."""
    month = random.randint(3, 12)
    last = {2: 28, 4: 30, 6: 30, 9: 30, 11: 30}.get(month, 31)
    day = random.randint(1, 28)
    quarter = random.randint(1, 4)
    of_quarter = f"{year}-{quarter * 3:02}-{30 if quarter in (2, 3) else 31}"
    return random.choice(
        [
            Date(f"{year}年{month}月底前", "date", f"{year}-{month:02}-{last}"),
            Date(f"{month}月底前", "date", f"{year}-{month:02}-{last}"),
            Date(f"{year}年{month}月{day}日前", "date", f"{year}-{month:02}-{day:02}"),
            Date(f"{month}月{day}日前", "date", f"{year}-{month:02}-{day:02}"),
            Date(f"{year}年{month}月", "date", f"{year}-{month:02}-{last}"),
            Date("年底前", "date", f"{year}-12-31"),
            Date(f"第{'一二三四'[quarter - 1]}季度", "date", of_quarter),
            Date(f"{year}.{month}", "date", f"{year}-{month:02}-{last}"),
            Date("持续推进", "ongoing", ""),
            Date("长期坚持", "ongoing", ""),
            Date("全年", "ongoing", ""),
        ]
    )


def sentence(random: Random) -> str:
    """A duty in one sentence, without its full stop."""
    text = f"{random.choice(_VERBS)}{random.choice(_OBJECTS)}"
    return f"{text}，{random.choice(_TAILS)}" if random.random() < 0.7 else text


def duty(random: Random) -> str:
    """A duty in one to three sentences, some with a bracket that names nobody."""
    text = sentence(random)
    if random.random() < 0.25:
        aside = random.choice(_ASIDES)
        text = f"{text}{aside}"
    text += "。"
    for _ in range(random.choice([0, 0, 1, 2])):
        text += random.choice(_MORE)
    return text


class Units(NamedTuple):
    """Names of units and how their list is written."""

    names: tuple[str, ...]
    text: str


def units(random: Random, pool: tuple[str, ...] | list[str], most: int = 4) -> Units:
    """Some units of a pool in one list; now and then names that share a prefix, or a group at the end."""
    if random.random() < 0.15:
        shared, written = random.choice(SHARED)
        return Units(tuple(shared), written)
    names = tuple(random.sample(list(pool), random.randint(1, min(most, len(pool)))))
    separator = "、" if random.random() < 0.85 else "，"
    text = separator.join(names)
    if random.random() < 0.2:
        group = random.choice(GROUPS)
        return Units((*names, group), f"{text}{random.choice('、，')}{group}")
    if len(names) > 1 and random.random() < 0.15:
        text += random.choice(["等", "等部门", "等单位"])
    return Units(names, text)


def pool(random: Random) -> list[str]:
    """The units of one kind of office."""
    return random.choice([CITY_UNITS, CITY_UNITS, OFFICE_UNITS, COUNTY_UNITS])
