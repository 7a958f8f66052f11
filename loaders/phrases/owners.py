"""Who: the wording of a 责任单位 cell as units, each with its part in the task."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from loaders.model import Assignment
from loaders.reference import unit_aliases
from loaders.wording import half_width

# 处 is no ending in 处置, 局 none in 局部: 路网监测与应急处置中心 is one name.
_ENDING = (
    r"(?:处室|科室|办公室|处(?![置理罚分级])|室(?!内)|科(?![技教学研])|局(?![部面域属])|厅(?![属直机])"
    r"|中心|单位|部门|党委|纪委|团委|委员会|委(?!托)|工会|办(?![公理法事])|总?站|[总支大中]?队|学?院|所(?![有属])"
    r"|学校|公司|集团|协会|学会|小组|专班|司局|司(?!机)|部(?![门分署内省委])|政府|机构|企业|系统|成员|基地|人员)"
)
_LONGEST = 2000
"""Characters of an owner cell; what is longer names nobody and would be searched for names for minutes."""
_UNIT = re.compile(rf"{_ENDING}$")
_ENDS_DIVISION = re.compile(r"(?:处室|科室|处|室|科|办|党委|纪委|团委|工会|党组|司)$")

_LABEL = re.compile(
    r"(?P<lead>牵头|主办|主责|主要责任)|(?P<responsible>责任|承办|负责|实施|落实)|(?P<support>技术支持|技术支撑)"
    r"|(?P<cooperate>配合|协办|协助|协同|参与|参加)"
)
_LABELLED = re.compile(
    rf"(?:{_LABEL.pattern})(?:责任)?(?:单位|部门|处室|科室|主体)?(?:\([^)]*\))?:"
)
_DUTY = re.compile(
    r"(?:按照?(?:各自)?职[责能](?:分工)?|分别|具体|共同|各自|联合|统一|依职责|分工)*"
    r"(?:(?P<lead>牵头负责|牵头组织|牵头|主办|主责)|(?P<support>(?:提供|负责)?技术(?:支持|支撑))"
    r"|(?P<responsible>组织实施|负责|承办|承担|按照?(?:各自)?职[责能](?:分工)?)"
    r"|(?P<cooperate>协助配合|配合|协助|协办|协同|参与|参加))"
    r"(?!单位|部门|处室|科室|中心|办|处|室|科|组|企业|人|的)"
)
# 厅, 委, 局 lend their name to divisions; 省, 市 to any unit that follows.
_PREFIX = re.compile(
    r"(?P<office>(?:自治区|[省市州县区])?(?:交通运输|交通)?(?:厅|委(?![托员])|局|部(?![门分])))(?=.{2})"
    r"|(?P<area>自治区|[省市州县区])(?=[^级直属内、县区州市场域政()])"
)
_OWN_NAME = re.compile(r"各|全|本|驻|五市|有关|相关|国家|中国|中央|人民|[“\"\d]")
_OWN_DIVISION = re.compile(r"各|全|本|驻")
_NAMED_PLACE = re.compile(r"(?!各|有关|相关|全|所|设区)[\u4e00-\u9fff]{2,}?[市县区州旗盟]")
_WRAPPED = re.compile(r"^[(〔\[【](.*)[)〕\]】]$", re.DOTALL)
_NOTE = re.compile(r"\([^()]*\)$")
_ROLE_NOTE = re.compile(rf"\((?:{_DUTY.pattern})\)$")


def read_owners(text: str) -> tuple[Assignment, ...]:
    """The units named in an owner cell, in the order named, each unit and part once.

    Names joined by 、 share a prefix (厅法规处、人事处 → 厅法规处, 厅人事处); ，；。 end it. A verb gives
    the part of all names since the one before (A牵头、B、C分别负责); what follows the verb is the scope
    (负责省级目录 → 省级目录). Labels (牵头单位：) and bracketed parts (厅法规处（牵头）) are read too; other
    bracketed notes after a name are dropped. Names are canonical by unit_aliases.csv.
    """
    found: dict[Assignment, None] = {}
    for role, statement in _labelled(_tidied(text)):
        for sentence in _split(statement, ";。"):
            for assignment in _sentence(sentence, role):
                found.setdefault(assignment)
    leads = {a.unit for a in found if a.role == "lead" and not a.scope}
    # A 责任单位 column often repeats the unit that the 牵头单位 column names.
    repeated = [a for a in found if a.role == "responsible" and a.unit in leads and not a.scope]
    return tuple(a for a in found if a not in repeated)


def is_unit_name(name: str) -> bool:
    """Whether a name ends as names of offices do (处, 局, 中心, 单位 …)."""
    return bool(_UNIT.search(_NOTE.sub("", half_width(name))))


def _tidied(text: str) -> str:
    """Half-width text without spaces; a space or line break between two names is a separator."""
    if len(text) > _LONGEST:
        return ""
    text = half_width(text).strip()
    text = re.sub(r"(?<=[头责合持:;。,、])[ \t]*\n\s*", ";", text)
    text = re.sub(
        r"(?<=[^\s、,;:(][处室科局厅心位门委会办站队院所司部组团)])[ \t]*\n\s*", "、", text
    )
    # 厅 法规处 is one name spaced out, 厅法规处 人事处 are two.
    text = re.sub(r"(?<=[^\s、,;:(][处室科局心位门办站队院所])[ \t]+(?=[^\s、,;:()])", "、", text)
    text = re.sub(r"([:、,])[;、]+", r"\1", "".join(text.split()))
    while (wrapped := _WRAPPED.match(text.rstrip("。;,"))) and _balanced(wrapped[1]):
        text = wrapped[1]
    return _mended(text)


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
    """(role, what the label introduces); role None for what no label introduces."""
    role, start = None, 0
    for label in _LABELLED.finditer(text):
        yield role, text[start : label.start()]
        role, start = label.lastgroup, label.end()
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


def _sentence(sentence: str, label: str | None) -> Iterator[Assignment]:
    """The assignments of one ; sentence, clause by clause.

    各市州交通运输局，厅基建处、厅安全处负责: a clause without a verb is responsible. After somebody
    has been named as leading or responsible it waits for the next verb instead (A牵头，B，C配合).
    """
    clauses = [_clause(clause) for clause in _split(sentence, ",")]
    stated = False
    for index, clause in enumerate(clauses):
        later = [role for following in clauses[index + 1 :] for _, role, _ in following if role]
        for names, role, scope in clause:
            waiting = later[0] if stated and later else "responsible"
            part = role or label or waiting
            for name in names:
                yield Assignment(part, name, scope)
        stated = stated or any(role in ("lead", "responsible") for _, role, _ in clause)


_Part = tuple[list[str], str | None, str]


class _Prefix(NamedTuple):
    """What the names of a 、 list share: 厅, 省, 市交通运输局."""

    text: str = ""
    ending: str = ""
    """How a unit that is no division must end to share it; "" for any."""


def _clause(clause: str) -> list[_Part]:
    """(names, role, scope) of each verb of one clause; role None for names without a verb."""
    main, joined, partners = re.sub(r"^(?:由|请|并由)", "", clause).partition("会同")
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
        if re.search(r"\w", name := _NOTE.sub("", name)):
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

    各市、县(区)交通运输局 is one name: a piece that ends like no unit belongs to the next one. After
    a scope it belongs to that (厅法规处负责目录、标准制定).
    """
    pieces: list[str] = []
    open_name = ""
    for part in _split(clause, "、/"):
        part = open_name + part
        open_name = ""
        verb = _DUTY.search(part)
        if not verb and not is_unit_name(_without_etc(part)):
            if pieces and _duty(pieces[-1])[2]:
                pieces[-1] += f"、{part}"
            else:
                open_name = f"{part}、"
            continue
        pieces += _places_apart(part) or _joined_names(part)
    return [*pieces, open_name.rstrip("、")] if open_name else pieces


def _places_apart(piece: str) -> list[str]:
    """银川市、吴忠市交通运输局 are two bureaus; 各市、县(区)交通运输局 names no place and is one."""
    *places, last = piece.split("、")
    named = _NAMED_PLACE.match(last)
    if not places or not named or not all(_NAMED_PLACE.fullmatch(place) for place in places):
        return []
    return [*(place + last[named.end() :] for place in places), last]


def _joined_names(piece: str) -> list[str]:
    """厅法规处和人事处, 人事处等有关处室 are two names; 港航和口岸管理局 is one."""
    split = re.sub(rf"({_ENDING})(?:以及|和|及|与|等(?=有关|相关|各|其他))", r"\1、", piece)
    names = split.split("、")
    # 各相关业务处室和单位 is no 单位 by itself.
    if all(len(name) > 2 and (is_unit_name(name) or _DUTY.search(name)) for name in names):
        return [_without_etc(name) for name in names]
    return [_without_etc(piece)]


def _without_etc(name: str) -> str:
    return re.sub(rf"({_ENDING})等(?:单位|部门|处室)?$", r"\1", name)


def _duty(piece: str) -> tuple[str, str | None, str]:
    """(name, role, scope) of one piece: 厅科教处负责系统对接 → 厅科教处, responsible, 系统对接."""
    if note := _ROLE_NOTE.search(piece):
        return piece[: note.start()], note.lastgroup, ""
    if verb := _DUTY.search(piece):
        scope = "技术支持" if verb["support"] else piece[verb.end() :]
        return _without_etc(piece[: verb.start()]), verb.lastgroup, scope.strip("。,;()")
    if not is_unit_name(piece):
        named = re.match(rf"(.{{2,}}?{_ENDING})(?![(与和及])(.{{3,}})$", piece)
        if named:
            return named[1], "responsible", named[2]
    return piece, None, ""


def _prefixed(name: str, prefix: _Prefix) -> tuple[str, _Prefix]:
    """The name with the prefix it shares, and the prefix for the names after it.

    厅 is shared by divisions only (厅法规处、道路运输事务中心 is no 厅道路运输事务中心), and by what ends
    like the name that brought it (厅信息中心、路网中心); 省 by all (省交通中心、运输中心).
    """
    if own := _PREFIX.match(name):
        ending = _UNIT.search(name) if own["office"] else None
        return name, _Prefix(own[0], ending[0] if ending else "")
    division = bool(_ENDS_DIVISION.search(name))
    if (_OWN_DIVISION if division else _OWN_NAME).match(name):
        return name, prefix
    shares = division or name.endswith(prefix.ending)
    return (prefix.text + name if shares else name), prefix


def _canonical(name: str) -> str:
    name = name.replace("(", "（").replace(")", "）").strip("。.:;,、")
    return unit_aliases().get(name, name)
