"""The labels and column headings of plans as a grammar: what part of a duty each of them introduces.

A label of units is a role (牵头, 责任, 配合 …, alone or combined) and a kind of body (单位, 处室 …); one of
dates is an occasion (完成, 办结 …) and a kind of time (时限, 节点 …); a heading of what is to be done is a
subject (重点, 目标 …) and a kind of duty (任务, 事项, 措施 …). Knows words only, no document.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from loaders import reference
from loaders.reference import Spelling
from loaders.wording import folded, simplified

_LEADS = r"牵头|主办|主责|主要责任|主要负责|首要责任|第一责任|总负责|领办"
_HELPS = r"配合|成员|协办|协助|协同|协作|协管|参与|参加|会同|会办|联办|辅助|支持|支撑|保障|联合"
_DOES = r"责任|负责|承办|承担|承接|主管|实施|落实|执行|办理|经办|具体|涉项|涉及|组织|推进|建设|完成|任务|整改|揭榜|认领"
_ALONE = rf"{_LEADS}|责任|负责|承办|实施|落实|配合|协办|协助|协同|参与|参加|支持"
_TECHNICAL = r"技术(?:支持|支撑|保障)"
_ROLE = rf"总?(?:{_LEADS}|组长|{_TECHNICAL}|{_HELPS}|{_DOES})"
_BODY = (
    r"(?:单位|部门|处室|科室|股室|处科室|司局|厅局|委办局|机构|主体|镇街|乡镇|街道|区县|县区|市县|县市|地区|对象"
    r"|[处科股室司组办局])"
)
_JOINED = r"[、和及与或/]?"
_BODIES = rf"{_BODY}(?:{_JOINED}{_BODY})*(?:名称)?"
# 谁来做 and 何时完成 ask what 责任单位 and 完成时限 state.
_ASKS_WHO = r"由?谁来?(?:牵头|主抓|负责|配合|做|干|办)"
_ASKS_WHEN = r"(?:何时|什么时候|几时)(?:完成|办结|办完|做完|完)"
_OWNER = rf"(?:{_ROLE}{_JOINED})*{_ROLE}(?:的)?{_BODIES}|{_ASKS_WHO}"
_OWNERS = rf"(?:{_OWNER})(?:[、和及与/](?:{_OWNER}))*"
_DIVISION = (
    r"(?:责任|职责|任务|工作)?分工(?:安排|情况|意见|要求)?|责任(?:分解|落实|划分)(?:情况|安排)?"
)
_PERSON = rf"(?:(?:{_ROLE}|分管|包保|挂钩|联系|主要|局|厅|委|市|县)*)(?:领导|负责人|责任人|联系人|人员|同志|人)"
_OCCASION = (
    r"(?:完成|办结|办理|落实|推进|推动|计划|要求|预计|预期|整改|任务|工作|目标|实施|检查|整治|执法|截止|限时|反馈|报送|提交"
    r"|最后|最终|结束|终止|总体|建设|进度|具体|开展|交付|攻坚|创建|拟|应)"
)
_TIME = r"(?:时限|期限|时间|日期|节点|时点|限期|工期|年限|时段)"
_TIME_TAIL = r"(?:[及和与]?要求|安排|节点|期限|进度|限制|表|计划|范围)*"
_DATED = rf"{_OCCASION}+(?:的)?(?:频[次率][及和与/、]?)?{_TIME}+{_TIME_TAIL}|{_OCCASION}*(?:完成|办结|结束|截止|交付)日|里程碑(?:{_TIME}|节点)?|{_ASKS_WHEN}|起止{_TIME}+|(?:计划|预计|拟定?|应|要求)(?:完成|结束|办结|截止)|进度(?:安排|要求|计划|节点){_TIME_TAIL}"
_DATE = rf"{_DATED}|频[次率][及和与/、]{_TIME}|{_TIME}+{_TIME_TAIL}"
# 发布时间 and 公开时限 are no deadlines, 实际完成时间 is the day on which it was done.
_NOT_BEFORE_DATE = re.compile(r"(?:发布|公开|更新|印发|成文|填报|实际|填表|开始|启动)$")
# 各责任单位： addresses units, 由牵头单位： is a sentence.
_NOT_BEFORE = "各关相的由和与及请将按对向让至"
_BOUNDARY = " \t\n;；,，。、.．:：（(〔[【》〉)）〕]】!！—-*·●■★▶►▪◆"
_IN_TEXT = re.compile(
    rf"(?P<owner>{_OWNERS}(?:[及和与、/]{_PERSON})?)$|(?P<person>{_PERSON})$|(?P<dated>{_DATED})$|(?P<date>{_DATE})$"
    rf"|(?P<alone>(?:{_ALONE}){_JOINED}(?:{_ALONE})?|{_TECHNICAL}|(?<![^\s。；;，,])(?:单位|部门|处室|科室|股室))$"
)
_COLONS, _DASHES, _IS = ":：", "—–-─", "为為"
_CLAUSE_END = "。；;，,、\n（("
_OPENING, _CLOSING = "【〔[［", "】〕]］"
_LONGEST, _LONGEST_HEADING = 20, 60

_SUBJECT = (
    r"(?:子|分|目标|任务|事项|工作|内容|要求|措施|举措|重点|具体|主要|核心|关键|建设|改革|推进|落实|创建|攻坚|整治|整改|年度"
    r"|项目|要点|行动|细化|分解|实施|专项|督办|督查|督导|交办|议定|重大|重要|民生|阶段|创新|提升|业务|指标|计划|主体"
    r"|服务|治理|试点|为民|惠民|办|存在|突出|反馈|问题|考评|本年|全年|各项|事务|办理|承诺|工程|清单)"
)
_DUTY = r"(?:任务|事项|内容|要求|措施|举措|工作|目标|项目|名称|要点|做法|行动|实事|描述|问题|工程|安排|打算|计划|清单|条目|分解|职责|项)"
_WHAT = re.compile(
    rf"[做干办]什么|(?:{_SUBJECT}|{_JOINED[:-1]})*{_DUTY}(?:{_JOINED}(?:{_SUBJECT})*{_DUTY})*"
)
_NAMED = re.compile(
    r"[\u4e00-\u9fff]{2,8}(?:名称|事项)|[\u4e00-\u9fff]{2,4}(?:任务|内容|举措|措施|目标)"
)
_LEVEL_DUTY = re.compile(r"([一二])级(?:任务|目标|事项|工作|项目|内容|分类|类别|目录|清单)")
_NO_DUTY_NAMED = re.compile(
    r"公开|企业|公司|人员|姓名|主体|对象|案件|案例|产品|设备|车辆|船舶|会议|课程|标段|单位|部门|处室|科室|政策|文件|材料|权力|许可|处罚|收费|依据|指标|事权"
)
_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{0,4}(?:序号|编号|编码)|(?:任务|事项|条目|项目|工作|总|顺)?(?:项次|序次|次序)|序|号|№|NO\.?",
    re.I,
)
_LEVEL = re.compile(
    r"(?:任务|工作|事项|目标|项目|重点|所属|指标|专项|主要|主攻|问题|检查|整治|执法|监管|评价|考核|建设)*(?:类别|类型|分类|领域|板块|方面|大类|专题|主题|条线|模块|方向|维度|层面|环节|大项)|类"
)
# Of two headings of duties the higher is the task: 具体措施 stands below 重点任务.
_RANKS = (
    (re.compile("(?:名称|问题)$"), 0),
    (re.compile("具体|细化|分解"), 5),
    (re.compile("(?:措施|举措|做法|描述)$"), 4),
    (re.compile("(?:内容|要求)$"), 3),
    (re.compile("^(?:目标任务|任务事项|任务)"), 3),
    (re.compile("(?:目标|项目|工程)$"), 0),
)
_REMARK = re.compile(r"\([^()]*\)$")
_MIXED = (re.compile(f"{_LEADS}|组长"), re.compile(_HELPS))
_FULL_OWNER = re.compile(
    rf"(?:[省市县区州厅局][级本]级?)?{_OWNERS}(?:[及和与、/]?{_PERSON}|{_ROLE})?|{_ALONE}|{_TECHNICAL}|{_DIVISION}|(?:所属)?(?:单位|部门|处室|科室|股室)(?:名称)?"
)
_BODY_OF = re.compile(r"单位|部门|处室|科室|股室")
_SET_APART = re.compile(rf"{_OWNER}|{_DATED}")
_FULL_DATE = re.compile(_DATE)


class Label(NamedTuple):
    """A label in running text: where it begins and its value begins, and what it introduces."""

    start: int
    end: int
    field: str
    """`lead`, `responsible`, `cooperate`, `support` or `deadline`; "" for a person, who is not read."""
    name: str


class Heading(NamedTuple):
    """What the heading of a column means."""

    spelling: Spelling
    rank: int | None = None
    """How particular a duty it heads; None for a heading of anything else, or one the lists state."""


def role_of(label: str) -> str:
    """The role a folded label of units names: its strongest word; 牵头、配合单位 names both and gives
    `responsible`."""
    if re.search(_TECHNICAL, label):
        return "support"
    leads, helps = (words.search(label) for words in _MIXED)
    if leads and not _MIXED[0].match(label.split("/")[-1]) and len(_BODY_OF.findall(label)) > 1:
        # 牵头单位/责任单位 heads both.
        both = _BODY_OF.split(label)
        if any(part and not _MIXED[0].search(part) and re.search(_ROLE, part) for part in both):
            return "responsible"
    if leads and helps:
        return "responsible"
    return "lead" if leads else "cooperate" if helps else "responsible"


def names_person(heading: str) -> bool:
    """Whether a heading names persons and no unit: 分管领导, 责任人."""
    return bool(re.fullmatch(_PERSON, folded(heading)))


def names_both(heading: str) -> bool:
    """Whether a heading names those who lead and those who help in one column: 牵头/配合单位."""
    return all(words.search(folded(heading)) for words in _MIXED)


def heading_of(text: str, spellings: Mapping[str, Spelling]) -> Heading | None:
    """What a column headed so holds, or None; the spellings of headers.csv come first."""
    header = folded(text).strip(":*")
    if not header or len(header) > _LONGEST_HEADING:
        return None
    ways = [header]
    if "(" in header:
        # 责任单位(牵头) names a role in its bracket, 分值(分) and 责任单位(见附件) remark on it.
        ways = [header, header.replace("(", "").replace(")", ""), _REMARK.sub("", header)]
    for written in ways:
        if spelling := spellings.get(written):
            ranked = spelling.field in ("task", "level1", "level2") and _WHAT.fullmatch(written)
            return Heading(spelling, _rank(written) if ranked else None)
        if found := _by_grammar(written):
            return found
    return None


def meaning_of(label: str) -> str | None:
    """What a clerk has said that a label means, as the field of `Label`, "" when it is not to be read;
    None for a label of which nothing is said in headers.csv."""
    spelling = reference.headers().get(folded(label).strip("【】[]:* "))
    if spelling is None or spelling.field not in _FIELDS_OF_LABELS:
        return None
    return spelling.field


@functools.lru_cache(maxsize=2048)
def _by_grammar(written: str) -> Heading | None:
    if not written or len(written) > _LONGEST:
        return None
    if _NUMBER.fullmatch(written):
        return Heading(Spelling("number"))
    if level := _LEVEL_DUTY.fullmatch(written):
        return Heading(Spelling("level1" if level[1] == "一" else "level2"))
    owner, _, date = re.sub("及其?|和|与|[、/]", "|", written, count=1).partition("|")
    if date and _WHAT.fullmatch(owner) and _FULL_OWNER.fullmatch(date):
        # 任务及责任单位: the cells name their owners themselves.
        return Heading(Spelling("task"), _rank(owner))
    if date and _FULL_OWNER.fullmatch(owner) and _FULL_DATE.fullmatch(date):
        # 责任单位及完成时限: the cells have labels of their own.
        role = role_of(owner)
        return Heading(Spelling("cooperate" if role == "support" else role))
    if _FULL_OWNER.fullmatch(written):
        role = role_of(written)
        return Heading(Spelling("cooperate" if role == "support" else role))
    if _FULL_DATE.fullmatch(written):
        return Heading(Spelling("deadline"))
    if _LEVEL.fullmatch(written):
        return Heading(Spelling("level1", "level2"))
    if _WHAT.fullmatch(written) or (
        _NAMED.fullmatch(written) and not _NO_DUTY_NAMED.search(written)
    ):
        return Heading(Spelling("task", "level1"), _rank(written))
    return None


def _rank(written: str) -> int:
    return next((rank for words, rank in _RANKS if words.search(written)), 2)


def labels_in(text: str) -> list[Label]:
    """The labels of a text in their order: each ends with a colon, or stands in brackets of its own
    (【责任单位】厅法规处), or opens a line and is set apart by space (责任单位 厅法规处)."""
    found: list[Label] = []
    for index, character in enumerate(text):
        if character in _COLONS:
            label = _ending_at(text, index, found[-1].end if found else 0)
            end = index + 1
        elif character in _IS and _opens_clause(text, index):
            label = _ending_at(text, index, found[-1].end if found else 0)
            before = text[: label.start].rstrip()[-1:] if label else ""
            apart = label and before in _CLAUSE_END and _SET_APART.fullmatch(label.name)
            label, end = (label if apart else None), index + 1
        elif character in _DASHES and text[index - 1 : index] not in _DASHES:
            # 责任股室——法规股, but 牵头单位-配合单位 names two.
            label = _ending_at(text, index, found[-1].end if found else 0)
            end = index + len(text[index:]) - len(text[index:].lstrip(_DASHES))
            before = text[text.rfind("\n", 0, index) + 1 : label.start] if label else ""
            apart = label and not before.strip(_BOUNDARY) and _SET_APART.fullmatch(label.name)
            label = label if apart and end > index + 1 else None
        elif character in _CLOSING:
            label = _ending_at(text, index, found[-1].end if found else 0)
            opened = label and label.start and text[label.start - 1] in _OPENING
            label = (label and opened and label._replace(start=label.start - 1)) or None
            end = index + 1
            end += text[end : end + 1] in _COLONS and end < len(text)
        elif character in " \t\u3000\n" and index and _opens_line(text, index):
            label = _ending_at(text, index, found[-1].end if found else 0)
            begun = label and not text[text.rfind("\n", 0, index) + 1 : label.start].strip(
                _BOUNDARY
            )
            label = label if label and begun and _SET_APART.fullmatch(label.name) else None
            end = index + 1
        else:
            continue
        if label and (not found or label.start >= found[-1].end):
            found.append(label._replace(end=end))
    return found


def _opens_clause(text: str, index: int) -> bool:
    """Whether 为 may end a label: 责任单位为法规处, but not 为牵头单位 or 为主."""
    return text[index - 1 : index] in "位门室科股构体" and text[index + 1 : index + 2] not in "主准"


def _opens_line(text: str, index: int) -> bool:
    """Whether what stands before `index` in its line is short enough to be a label, and a name follows."""
    begin = text.rfind("\n", 0, index) + 1
    if text[index] == "\n":
        # 责任单位 on a line of its own, its value on the next.
        return 0 < index - begin <= _LONGEST
    return index - begin <= _LONGEST and not text[index:].lstrip(" \t\u3000").startswith(
        (":", "：")
    )


def _ending_at(text: str, end: int, begin: int) -> Label | None:
    """The label whose last character stands before `end`, within the text from `begin` on."""
    written: list[str] = []
    places: list[int] = []
    for index in range(end - 1, max(begin, end - 2 * _LONGEST) - 1, -1):
        character = text[index]
        if character == "\n" or len(written) > _LONGEST:
            break
        if not character.isspace():
            plain = unicodedata.normalize("NFKC", character)
            written.append(simplified(plain) if len(plain) == 1 else character)
            places.append(index)
    line, places = _without_brackets("".join(reversed(written)), places[::-1])
    if (
        line.endswith(")")
        and (opening := line.rfind("(")) > 0
        and _BRACKETED.fullmatch(line[opening:])
    ):
        line = line[:opening]
    match = _IN_TEXT.search(line)
    if not match or match.lastgroup == "person":
        start = max(line.rfind(mark) for mark in _BOUNDARY) + 1
        field = meaning_of(line[start:]) if start < len(line) else None
        if field is not None:
            return Label(places[start], end, field, line[start:])
    if not match:
        return None
    before = line[: match.start()]
    apart = not before or before[-1] in _BOUNDARY or before[-1].isdecimal()
    at = places[match.start()]
    apart = apart or (at > 0 and text[at - 1].isspace())
    kind = match.lastgroup
    if before[-1:] in tuple(_NOT_BEFORE) and not apart:
        return None
    if kind in ("alone", "date", "person") and not apart:
        return None
    if kind in ("date", "dated"):
        if _NOT_BEFORE_DATE.search(before):
            return None
        field = "deadline"
    else:
        field = "" if kind == "person" else role_of(match[0])
    return Label(places[match.start()], end, field, match[0])


def _without_brackets(line: str, places: list[int]) -> tuple[str, list[int]]:
    """The line without the brackets around a part of a label (牵头（主办）单位), and where its characters
    stand."""
    dropped = {at for found in _PART.finditer(line) for at in (found.start(), found.end() - 1)}
    if not dropped:
        return line, places
    kept = [index for index in range(len(line)) if index not in dropped]
    return "".join(line[index] for index in kept), [places[index] for index in kept]


_FIELDS_OF_LABELS = ("lead", "responsible", "cooperate", "deadline", "")
_PART = re.compile(rf"\((?:{_ROLE}|{_BODIES}|{_ROLE}{_BODIES})\)")
_BRACKETED = re.compile(rf"\((?:{_BODIES}|{_ROLE}|{_ROLE}{_BODIES}|[^()]{{1,6}})\)")
