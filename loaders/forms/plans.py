"""Whether running text that names nobody is a plan at all, and what to say when it is none.

By its title (要点, 计划, 方案, 分工 …) and its outline. A notice, an interpretation, a rule or a catalogue
has numbered paragraphs too, but its title says what it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from loaders.forms.outline import Section, depth_of
from loaders.wording import folded

_PLAN = (
    r"(?:要点|计划|方案|分工表?|任务(?:书|表|清单|分解表|分解|一览表)?|清单|台账|台帐|安排(?:表)?|行动|措施|举措|责任分解"
    r"|分解(?:表)?|事项|目标|责任表|任务单|路线图|施工图|重点工作)"
)
_TITLE = re.compile(rf"[^。；;!！?？:：,，]*{_PLAN}(?:\([^()]*\))?")
_NO_TITLE = re.compile(
    r"\d|附件|附表|抄送|信息名称|标题|索引|来源|[《<].*[》>][^《]{0,6}解读|关于(?:印发|转发|报送|公布)|请|现将|根据|按照|为了|我"
)
_OTHER = re.compile(
    r"(?:通知|通报|公告|解读|问答|答记者问|制度|目录|办法|规定|(?:评分|考核|实施)?细则|规则|(?:评分|考核)?标准|(?:工作|情况|自查)?报告|总结|指南|纪要"
    r"|简报|意见|讲话|条例|预案|答复|复函|批复|提案|建议|公报|申请|请示)(?:\([^()]*\))?$"
)
_LONGEST_OTHER = 80
_STARTS_ANEW = re.compile(r"20\d\d年?|要点|计划|方案|分工|清单|台账|分解|任务表")
_SENTENCE_END = ("。", "；", ";", "，", ",", "：", ":")
_SHORTEST_TITLE, _LONGEST_TITLE = 4, 60
_FEWEST_DUTIES = 2


def kind_of_document(line: str) -> str:
    """What a title says a document is when it is no plan (通知, 解读, 制度, 评分细则 …); "" for any other
    line."""
    found = _OTHER.search(folded(line)) if len(line) <= _LONGEST_OTHER else None
    return found[0].partition("(")[0] if found else ""


def title_of_plan(line: str) -> bool:
    """Whether a line by itself is the title of a plan: 2024年工作要点, 任务分解表（第一批）."""
    written = folded(line)
    named = re.sub(r"^\d{4}年?度?", "", written)
    return (
        _SHORTEST_TITLE <= len(written) <= _LONGEST_TITLE
        and bool(_TITLE.fullmatch(written))
        and not _NO_TITLE.match(named)
        and not kind_of_document(written)
    )


def begins_at(lines: Sequence[tuple[int, str]]) -> int:
    """The index of the last line that is a plan's title below a letter, with numbered lines below it;
    0 when the text is the plan from its first line on.

    Above such a title stand the letter's signature, its day, an aside, or the title's own first line.
    """
    numbered_below = False
    for index in range(len(lines) - 1, 0, -1):
        text = lines[index][1]
        if depth_of(text) is not None:
            numbered_below = True
        elif numbered_below and _STARTS_ANEW.search(folded(text)) and title_of_plan(text):
            above = next((line for _, line in reversed(lines[:index]) if line), "")
            if not above.endswith(_SENTENCE_END) and depth_of(above) is None:
                return index
    return 0


def is_no_plan(above: Sequence[tuple[int, str]]) -> bool:
    """Whether the lines above say that a text is a report, a rule or a catalogue; a notice may be the
    plan that it sends."""
    kinds = {kind_of_document(text) for _, text in above} - {"", "通知", "公告", "意见"}
    return bool(kinds) and not any(title_of_plan(text) for _, text in above)


def is_plan(above: Sequence[tuple[int, str]], sections: Sequence[Section]) -> bool:
    """Whether title and outline are those of a plan: chapters with numbered duties below them."""
    if not sections:
        return False
    titled = any(title_of_plan(text) for _, text in above)
    leaves = [section for section in sections if not section.is_heading]
    deeper = [section for section in leaves if section.depth > sections[0].depth]
    return titled and len(deeper) >= _FEWEST_DUTIES
