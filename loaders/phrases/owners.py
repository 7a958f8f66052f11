"""Who: the wording of a 责任单位 cell as units, each with its part in the task."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from loaders.labels import labels_in
from loaders.model import Assignment
from loaders.reference import once_a_reading, unit_aliases
from loaders.wording import half_width

# 处 is no ending in 处置, 局 none in 局部: 路网监测与应急处置中心 is one name.
_OFFICE = (
    r"(?:处室|科室|股室|办公室|处(?![置理罚分级])|室(?!内)|科(?![技教学研])|股(?![份东权])|局(?![部面域属])|厅(?![属直机])"
    r"|中心|单位|部门|党委|纪委|团委|委员会|委(?!托)|工会|办(?![公理法事])|总?站|[总支大中]队|学?院|所(?![有属])"
    r"|学校|公司|集团|协会|学会|小组|专班|司局|司(?!机)|部(?![门分署内省委])|政府|机构|企业|系统|成员|基地|人员)"
)
_BODY = (
    rf"(?:{_OFFICE}|[妇残文侨社]联|工商联|[科作]协|海关|银行|[分支人工农建]行|联社|法院|检察院|园区?|新区|开发区|[^地片]区管委|[委商联总]会|会议|指挥部|街道"
    r"|大学|中学|小学|幼儿园|校|医院|[报合供]社|[电供钢煤水船]厂|机场|港|码头|枢纽|船闸|[商药]店|[报广电]台|[公路工]段|馆"
    r"|机关|部队|军区|主体|业主|运营商|经营者|电信|移动|联通|铁塔|邮政|石油|石化|供电|组|队|班|兵团|乡镇|镇街|社区"
    r"|(?:各|有关|相关|所辖|[\u4e00-\u9fff]{2})(?:省|市州?|地市|县区?|区县?|市县|县市区?|州|旗|盟|乡|镇|村))"
)
_LONGEST = 2000
"""Characters of an owner cell; what is longer names nobody and would be searched for names for minutes."""
_UNIT = re.compile(rf"{_BODY}$")
# 将名单推送至省发展改革委 ends as a name does and is a duty.
_SAYS_WHAT = re.compile(
    r"^[将把]|^(?:加强|强化|促进|健全|深化|做好)"
    r"|^(?:建立|完善|制定|评定|推动|引导|督促|鼓励|规范|优化|提升|扩大|严格|加快|落实|探索|推行|查处|清理|公开)(?=.{4})"
    r"|\d[日月](?!报)|每[日周月季年]|[前后内]将|以上|上述|推送|报送|移送|抄送|上报|函告|提请|印发|修订|制定|公布|公示|提交|纳入|[每至]少|完成|开展(?!部)"
)
_PLAIN_OFFICE = re.compile(rf"{_OFFICE}$")
# 客运站、学校 in a bracket are places that a duty is about, unless a name says whose they are.
_MAY_BE_A_PLACE = re.compile(r"(?:站|所|院|学校|企业|系统|人员|基地|机构|成员)$")
_LONGEST_PLACE = 5
_WHOSE = re.compile(
    r"各|有关|相关|本|驻|厅|局|委|部|省|市|县|区|州|镇|乡|自治区|国家|中国|中央|[\u4e00-\u9fff]{2,3}[省市县州旗盟]"
    # 新华社区 is a place that a duty is about.
    r"|[\u4e00-\u9fff]{1,2}[^社校园小景务厂库港片山林牧]区"
)
# Of which kind a body is: a name shares the prefix of a body of its own kind only.
_KINDS = (
    (
        "division",
        re.compile(r"(?:处室|科室|股室|[处室科股]|办|党委|纪委|团委|工会|党组|(?<!公)司)$"),
    ),
    ("organ", re.compile(r"(?:[局委厅部办]|办公室|委员会)$")),
    ("institution", re.compile(r"(?:中心|[站所队院校])$")),
)
_AREA_KINDS = (
    ("organ", re.compile(r"(?:[局委厅部办]|办公室|委员会)$")),
    *_KINDS,
)

_ACCORDING = r"(?:按照?|依据?|依照|根据)(?:各自)?(?:工作)?(?:职[责能](?:分工|权限|范围)?|分工)"
_DUTY = re.compile(
    rf"(?:{_ACCORDING}|分别|具体|共同|各自|联合|统一|依职责|分工|自行|直接|主要|全面|同时|一并)*"
    r"(?:(?P<lead>总?牵头(?:负责|组织|实施|落实|推进|办理|抓总|协调)?|主办|主责)|(?P<support>(?:提供|负责)?技术(?:支持|支撑))"
    rf"|(?P<responsible>组织实施|负责(?:实施|落实|组织实施|推进|办理)?|承办|承担|主抓|(?:组织|抓好)?(?:实施|落实|推进|执行|办理)$|{_ACCORDING})"
    r"|(?P<cooperate>协助配合|协同配合|配合支持|参与配合|配合|协助|协办|协同|协作|参与|参加|支持$))"
    r"(?!单位|部门|处室|科室|股室|中心|办|处|室|科|组|企业|人|的|领导)"
)
# 以上工作由法规科牵头, 统一由信息中心负责: who is named stands behind 由.
_ASKED = re.compile(
    r"^(?:由|请|并由|[^、,()]{1,10}(?<![自理缘])由(?=.{2,}(?:牵头|负责|承办|主办|配合|实施|落实)))"
)
# A为牵头单位 says what A牵头 says.
_AS_ROLE = re.compile(
    r"(?:作)?为(?:该项任务的?)?(牵头|主办|主责|配合|协办|责任|承办|参与)(?:责任)?(?:单位|部门|处室|科室)"
)
# 厅, 委, 局 lend their name to divisions; 省, 市 to any unit that follows.
_PREFIX = re.compile(
    r"(?P<office>(?:自治区|[省市州县区])?(?:交通运输|交通)?(?:厅|委(?![托员])|局|部(?![门分])))(?=.{2})"
    r"|(?P<area>自治区|[省市州县区])(?=[^级直属内、县区州市场域政()])"
)
_OWN_NAME = re.compile(
    r"各|全|本|驻|五市|有关|相关|国家|中国|中央|人民|国网|团[省市县区州]|省|市|县|区|[“\"\d]"
)
_OWN_DIVISION = re.compile(r"各|全|本|驻")
_NAMED_PLACE = re.compile(r"(?!各|有关|相关|全|所|设区)[\u4e00-\u9fff]{2,}?[市县区州旗盟]")
# What is no name by itself but opens the next one: 各市、县（区）交通运输局. A higher level never follows.
_LEVELS = {
    "省": 5,
    "市": 4,
    "州": 4,
    "盟": 4,
    "县": 3,
    "区": 3,
    "旗": 3,
    "乡": 2,
    "镇": 2,
    "街道": 2,
    "村": 1,
}
_LEVEL = "|".join(_LEVELS)
_PLACES = re.compile(
    rf"(?:各|有关|相关|所辖)?(?:设区的?)?(?:{_LEVEL})+(?:\([^()]*\))?|(?!各|有关|相关)[\u4e00-\u9fff]{{2,4}}[市县区州旗盟]"
)
_GOES_ON = re.compile(rf"(?:{_LEVEL})")
_WRAPPED = re.compile(r"^[(〔\[【](.*)[)〕\]】]$", re.DOTALL)
_NOTE = re.compile(r"[(〔\[【][^()〔〕\[\]【】]*[)〕\]】]$")
# 各乡镇（街道） and 各街道（功能区） name two kinds of place, 厅办公室（内控办） remarks on one office.
_DROPPED_NOTE = re.compile(
    r"\((?![省市县区州旗盟乡镇村街道、]+\)|(?<=^各[^()][室门位局科处站所队]\()(?:[处科股室局站所队院]|中心|单位|部门|、)+\)|(?<=[省市县区州旗盟乡镇村道]\()[^()]{1,8}[区园场]\))[^()]*\)$"
)
# 法规科（运输科配合）, 宣传科（会同市交投集团）: the bracket names a partner and his part.
_PARTNERS = re.compile(r"(?<=[^、,;:()。])\(([^()]{3,60})\)")
_ROLE_NOTE = re.compile(rf"\((?:{_DUTY.pattern})\)$")
# 建设处（牵头）审批处（配合）, also on two lines: the bracket ends the name.
_BEHIND_ROLE_NOTE = re.compile(
    rf"(\((?:{_DUTY.pattern})\))(?:\s+(?=[^\s、,;:()])|(?=[^\s、,;:()。]+{_OFFICE}(?:$|[\s、,;()])))"
)
# 1.法规处 2.审批处, each on a line: the number is no part of the name.
_LISTED = re.compile(r"(?:^|\n)\s*\d{1,2}[.、]\s*(?=\D)")
_LAST_OF_LINE = re.compile(r"([^\s、,;:()]{2,40})[ \t]*\n\s*(?=[^\s、,;:()])")
# Pages saved with a phonetic guide write it into the names: 市經(jīng)貿(mào)委.
_READING = re.compile(r"(?<=[\u3400-\u9fff])\([a-zà-üāēīōūǎěǐǒǔǖǘǚǜńňǹ]{1,7}\)")


@once_a_reading
def read_owners(text: str) -> tuple[Assignment, ...]:
    """The units named in an owner cell, in the order named, each unit and part once.

    A list is divided at its separators before names are looked at. Names joined by 、 share a prefix
    (厅法规处、人事处 → 厅法规处, 厅人事处) with bodies of their kind; ，；。 end it. A verb gives the part of
    all names since the one before (A牵头、B、C分别负责); what follows the verb is the scope (负责省级目录 →
    省级目录). Labels (牵头单位：) and bracketed parts (厅法规处（牵头）) are read too; other bracketed notes
    after a name are dropped. Names are canonical by unit_aliases.csv.
    """
    if len(text) > _LONGEST:
        return ()
    found: dict[Assignment, None] = {}
    for role, statement in _labelled(_unwrapped(_READING.sub("", half_width(text)).strip())):
        for sentence in _split(_tidied(statement), ";。"):
            stated = any(a.role in ("lead", "responsible") for a in found)
            for assignment in _sentence(sentence, role, stated):
                found.setdefault(assignment)
    leads = {a.unit for a in found if a.role == "lead" and not a.scope}
    # A 责任单位 column often repeats the unit that the 牵头单位 column names.
    repeated = [a for a in found if a.role == "responsible" and a.unit in leads and not a.scope]
    return tuple(a for a in found if a not in repeated)


@functools.lru_cache(maxsize=8192)
def is_unit_name(name: str) -> bool:
    """Whether a name ends as names of bodies do (处, 局, 中心, 单位, 银行, 法院, 园区, 各县区 …)."""
    plain = _NOTE.sub("", half_width(name))
    return bool(_UNIT.search(plain)) and not _SAYS_WHAT.search(plain)


def is_office_name(name: str) -> bool:
    """Whether a name is one of an office and of nothing else: 厅信息中心, but no 客运站 or 学校 that a
    sentence may be about."""
    plain = _NOTE.sub("", half_width(name))
    if _SAYS_WHAT.search(plain):
        return False
    if not _PLAIN_OFFICE.search(plain):
        by_itself = _WHOSE.match(plain) and len(plain) > 2
        return bool(_UNIT.search(plain) and (by_itself or len(plain) > _LONGEST_PLACE))
    return not _MAY_BE_A_PLACE.search(plain) or bool(_WHOSE.match(plain))


def names_role(text: str) -> bool:
    """Whether a text says of somebody that he leads, is responsible or takes part (甲牵头, 会同乙)."""
    written = "".join(half_width(text).split())
    return "会同" in written or any(
        verb.start() for verb in _DUTY.finditer(_AS_ROLE.sub(r"\1", written))
    )


def _unwrapped(text: str) -> str:
    while (wrapped := _WRAPPED.match(text.rstrip("。;, "))) and _balanced(wrapped[1]):
        text = wrapped[1].strip()
    return text


def _tidied(text: str) -> str:
    """Half-width text without spaces; a space or line break between two names is a separator."""
    text = _BEHIND_ROLE_NOTE.sub(r"\1;", _LISTED.sub(";", text))
    text = re.sub(r"(?<=[头责合持:;。,、])[ \t]*\n\s*", ";", text)
    text = _LAST_OF_LINE.sub(lambda m: f"{m[1]}、" if is_unit_name(m[1]) else m[0], text)
    text = re.sub(
        r"(?<=[^\s、,;:(][处室科股局厅心位门委会办站队院所司部组团府])[ \t]*\n\s*", "、", text
    )
    # 厅 法规处 is one name spaced out, 厅法规处 人事处 are two.
    text = re.sub(
        r"(?<=[^\s、,;:(][处室科股局心位门办站队院所府委])[ \t]+(?=[^\s、,;:()])", "、", text
    )
    text = re.sub(r"([:、,])[;、]+", r"\1", "".join(text.split()))
    return _PARTNERS.sub(
        _apart, _mended(_AS_ROLE.sub(lambda m: "负责" if m[1] == "责任" else m[1], text))
    )


def _apart(note: re.Match[str]) -> str:
    """A bracket behind a name as a sentence of its own where it names partners and their part."""
    partners = names_role(note[1]) and read_owners(note[1])
    named = partners and all(is_office_name(part.unit) for part in partners)
    return f";{note[1]};" if named else note[0]


def _mended(text: str) -> str:
    """The text with every bracket in a pair: copying loses one now and then.

    （厅法规处牵头 loses its bracket, 厅办公室（内控办、厅财务处 gets one before the next name.
    """
    mended: list[str] = []
    unclosed: list[int] = []
    last_closing = text.rfind(")")
    for index, character in enumerate(text):
        if character in "、,;。" and len(unclosed) > (0 in unclosed) and index > last_closing:
            mended.append(")" * (len(unclosed) - (0 in unclosed)))
            unclosed = [at for at in unclosed if at == 0]
        if character == "(":
            unclosed.append(len(mended))
        elif character == ")":
            if not unclosed:
                continue
            unclosed.pop()
        mended.append(character)
    if unclosed[:1] == [0]:
        del mended[0], unclosed[0]
    return "".join(mended) + ")" * len(unclosed)


def _balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character in "(〔[【") - (character in ")〕]】")
        if depth < 0:
            return False
    return depth == 0


def _labelled(text: str) -> Iterator[tuple[str | None, str]]:
    """(role, what the label introduces); role None for what no label introduces. A day or a person
    that a label introduces is no unit."""
    role: str | None = None
    start, named = 0, True
    for label in labels_in(text):
        if named:
            yield role, text[start : label.start]
        role, start = label.field, label.end
        named = label.field not in ("", "deadline")
    if named:
        yield role, text[start:]


def _split(text: str, separators: str) -> list[str]:
    """The non-empty parts between separators that stand outside brackets."""
    parts, depth = [""], 0
    for character in text:
        depth = max(0, depth + (character in "(〔[【") - (character in ")〕]】"))
        if character in separators and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part for part in parts if part]


def _sentence(sentence: str, label: str | None, stated: bool) -> Iterator[Assignment]:
    """The assignments of one ; sentence, clause by clause.

    A clause without a verb waits for the next one (甲，乙牵头). Before somebody has been named as leading
    or responsible (`stated`, of the sentences before) it does not wait for one who only helps: of
    甲，乙配合 the first is responsible.
    """
    written = _split(sentence, ",")
    clauses = [_with_helpers(_clause(clause), stated) for clause in written]
    joined = False
    for index, clause in enumerate(clauses):
        # 甲牵头，会同乙，丙: whoever is named behind a partner is one too.
        joined = written[index].startswith("会同") or (joined and not any(r for _, r, _ in clause))
        later = [role for following in clauses[index + 1 :] for _, role, _ in following if role]
        for names, role, scope in clause:
            waits = bool(later) and (stated or later[0] in ("lead", "responsible"))
            part = (
                role or label or (later[0] if waits else "cooperate" if joined else "responsible")
            )
            for name in names:
                yield Assignment(part, name, scope)
        stated = stated or any(role in ("lead", "responsible") for _, role, _ in clause)


_Part = tuple[list[str], str | None, str]


def _with_helpers(parts: list[_Part], stated: bool) -> list[_Part]:
    """The parts of a clause; behind who leads, a last （配合） is said of all names that stand before it:
    法规处（牵头）；运输处、建设处（配合）."""
    if len(parts) < 2 or parts[-2][1] or parts[-1][1] not in ("cooperate", "support"):
        return parts
    if not (stated or any(role in ("lead", "responsible") for _, role, _ in parts[:-2])):
        return parts
    (names, _, _), (last, role, scope) = parts[-2:]
    return [*parts[:-2], (names + last, role, scope)]


class _Prefix(NamedTuple):
    """What the names of a 、 list share: 厅, 省, 市交通运输局."""

    text: str = ""
    ending: str = ""
    """How a unit that is no division must end to share the name of an office; "" for any."""
    kind: str | None = None
    """Of an area, the kind of body that shares it; None for an office."""


def _clause(clause: str) -> list[_Part]:
    """(names, role, scope) of each verb of one clause; role None for names without a verb."""
    clause = re.sub(rf"^{_ACCORDING}[,，:]?(?=.*(?:牵头|负责|配合))", "", clause)
    main, joined, partners = _ASKED.sub("", clause).partition("会同")
    if not joined:
        return _parts(main)
    before, after = _parts(main), _parts(partners)
    if not before or not after:
        # 厅法规处牵头，会同厅运输处负责: the leading unit stands in the clause before.
        return before or [(names, "cooperate", scope) for names, _, scope in after]
    (names, role, scope), *rest = after
    # 厅法规处会同业务处室提出功能需求: both have the scope, the second only helps.
    leading = [(own, own_role or role or "responsible", scope) for own, own_role, _ in before]
    return [*leading, (names, "cooperate", scope), *rest]


def _parts(clause: str) -> list[_Part]:
    parts: list[_Part] = []
    waiting: list[str] = []
    prefix = _Prefix()
    for piece in _pieces(clause):
        name, role, scope = _duty(piece)
        own_note = bool(_ROLE_NOTE.search(piece))
        named = []
        if re.search(r"\w", name := _DROPPED_NOTE.sub("", name)):
            name, prefix = _prefixed(name, prefix)
            named = [_canonical(name)]
        if role and own_note:
            if waiting:
                parts.append((waiting, None, ""))
            parts.append((named, role, ""))
            waiting = []
        elif role:
            parts.append((waiting + named, role, scope))
            waiting = []
        else:
            waiting += named
    return [*parts, (waiting, None, "")] if waiting else parts


def _pieces(clause: str) -> list[str]:
    """The names of a clause, each with the verb and scope that follow it.

    各市、县(区)交通运输局 is one name: 各市 by itself only says whose bureau it is. After a scope what is no
    name belongs to that (厅法规处负责目录、标准制定).
    """
    pieces: list[str] = []
    places = ""
    for part in _split(clause, "、/&"):
        if places and not _continues(places, part):
            pieces += _split(places, "、") if _NAMED_PLACE.match(places) else [places]
            places = ""
        part = f"{places}、{part}" if places else part
        places = ""
        verb = _DUTY.search(part)
        if not verb and _PLACES.fullmatch(part.rpartition("、")[2]):
            places = part
        elif not verb and pieces and _duty(pieces[-1])[2] and not is_unit_name(_without_etc(part)):
            pieces[-1] += f"、{part}"
        else:
            pieces += _places_apart(part) or _joined_names(part)
    if places:
        pieces += _split(places, "、") if _NAMED_PLACE.match(places) else [places]
    return pieces


def _continues(places: str, part: str) -> bool:
    """Whether a part goes on where 各市 or 银川市 stopped: with a lower level, or another place."""
    last = places.rpartition("、")[2]
    if not _NAMED_PLACE.fullmatch(last):
        level = _GOES_ON.match(part)
        lowest = min(_LEVELS[found] for found in re.findall(_LEVEL, last))
        return level is not None and _LEVELS[level[0]] <= lowest
    return bool(_NAMED_PLACE.match(part))


def _places_apart(piece: str) -> list[str]:
    """银川市、吴忠市交通运输局 are two bureaus; 各市、县(区)交通运输局 names no place and is one."""
    *places, last = piece.split("、")
    named = _NAMED_PLACE.match(last)
    if not places or not named or not all(_NAMED_PLACE.fullmatch(place) for place in places):
        return []
    return [*(place + last[named.end() :] for place in places), last]


def _joined_names(piece: str) -> list[str]:
    """厅法规处和人事处, 人事处等有关处室 are two names; 港航和口岸管理局 is one."""
    split = re.sub(rf"({_OFFICE})(?:以及|和|及|与|等(?=有关|相关|各|其他))", r"\1、", piece)
    names = split.split("、")
    # 各相关业务处室和单位 is no 单位 by itself.
    if all(
        len(name) > 2 and (_PLAIN_OFFICE.search(_without_etc(name)) or _DUTY.search(name))
        for name in names
    ):
        return [_without_etc(name) for name in names]
    return [_without_etc(piece)]


def _without_etc(name: str) -> str:
    return re.sub(
        r"(.{2})等(?:\d{1,2}|[一二三四五六七八九十]{1,2})?[个家]?(?:单位|部门|处室|科室)?$",
        r"\1",
        name,
    )


def _duty(piece: str) -> tuple[str, str | None, str]:
    """(name, role, scope) of one piece: 厅科教处负责系统对接 → 厅科教处, responsible, 系统对接."""
    if note := _ROLE_NOTE.search(piece):
        return piece[: note.start()], note.lastgroup, ""
    if verb := _DUTY.search(piece):
        scope = "技术支持" if verb["support"] else piece[verb.end() :]
        if verb["responsible"] and piece[: verb.start()].endswith("("):
            # 信息中心（负责建设） says what it does, in whichever part its column or label gives it.
            return piece[: verb.start() - 1], None, ""
        return _without_etc(piece[: verb.start()]), verb.lastgroup, scope.strip("。,;()")
    if not is_unit_name(piece):
        named = re.match(rf"(.{{2,}}?{_OFFICE})(?![(与和及])(.{{3,}})$", piece)
        if named:
            return named[1], "responsible", named[2]
    return piece, None, ""


def _prefixed(name: str, prefix: _Prefix) -> tuple[str, _Prefix]:
    """The name with the prefix it shares, and the prefix for the names after it.

    厅 is shared by divisions only (厅法规处、道路运输事务中心 is no 厅道路运输事务中心), and by what ends
    like the name that brought it (厅信息中心、路网中心); 省 by bodies of the kind that brought it
    (省交通中心、运输中心, but no bank after 市信息办).
    """
    if own := _PREFIX.match(name):
        if own["office"]:
            ending = _PLAIN_OFFICE.search(name)
            return name, _Prefix(own[0], ending[0] if ending else "")
        return name, _Prefix(own[0], kind=_kind(name, _AREA_KINDS))
    division = _kind(name, _KINDS) == "division"
    if prefix.kind is None:
        own_name = _OWN_DIVISION.match(name) if division else _OWN_NAME.match(name)
        shares = not own_name and (division or name.endswith(prefix.ending))
    else:
        own_name = _OWN_NAME.match(name) or _NAMED_PLACE.match(name)
        shares = not own_name and prefix.kind != "" and _kind(name, _AREA_KINDS) == prefix.kind
    return (prefix.text + name if shares else name), prefix


def _kind(name: str, kinds: tuple[tuple[str, re.Pattern[str]], ...]) -> str:
    """The kind of body a name ends as; "" for a bank, a court, a company or whatever else."""
    return next((kind for kind, ending in kinds if ending.search(name)), "")


def _canonical(name: str) -> str:
    name = name.replace("(", "（").replace(")", "）").strip("。.:;,、")
    return unit_aliases().get(name, name)
