"""How often a duty is demanded and which figures it must reach."""

from __future__ import annotations

import functools
import itertools
import re

from loaders.model import Cadence
from loaders.wording import folded, number

# Bounded, or a cell of 30,000 figures is searched from each of them to its end.
_NUMERAL = "[一二两三四五六七八九十]"
_N = rf"(?:(?<!\d)\d{{1,9}}(?!\d)|(?<!{_NUMERAL}){_NUMERAL}{{1,9}}(?!{_NUMERAL}))"
# What stands after 每 (or 每个, 每一), longest first, and the period it names. 每半月 is twice a
# month. 每旬 is missing on purpose: ten days are no period of the model, and none is invented.
_SPANS = {
    r"[两二2]个?(?:周|星期)|双周|14[天日]": ("fortnight", 1),
    r"[两二2]个?月|双月": ("two-months", 1),
    r"[三3]个月|季度?(?!节)": ("quarter", 1),
    r"[六6]个月|半年": ("half-year", 1),
    r"十二个月|12个月|年度?": ("year", 1),
    r"半个?月": ("month", 2),
    r"个?工作日|天|日(?!常)": ("day", 1),
    r"周(?![期边])|星期": ("week", 1),
    r"月": ("month", 1),
}
# 按年度计划, 按月底, 按日常, 按周期 are no frequencies; 一月一日 is a date, 一月一报 is one.
_BY_SPAN = {
    r"季度?(?!节)": ("quarter", 1),
    r"半年": ("half-year", 1),
    r"年(?![度龄初底末])": ("year", 1),
    r"日(?![常程期前])": ("day", 1),
    r"周(?![期边])": ("week", 1),
    r"月(?![底初末份])": ("month", 1),
}
# 半年通报一次 says it without 每; a cell that is nothing but 季度 or 月度 says it too.
_ONCE_IN = {
    r"半年": ("half-year", 1),
    r"季度": ("quarter", 1),
    r"[两二2]个月|双月": ("two-months", 1),
    r"[两二2]周|双周": ("fortnight", 1),
}
_WHOLE_CELL = {
    r"半年度?": ("half-year", 1),
    r"季度?": ("quarter", 1),
    r"月度?": ("month", 1),
    r"年度": ("year", 1),
}
_ONCE_A = {r"季度?": ("quarter", 1), r"年": ("year", 1), r"周": ("week", 1), r"月": ("month", 1)}


def _spelled(before: str, spans: dict, after: str) -> list[tuple[re.Pattern, str, int]]:
    return [(re.compile(f"{before}(?:{s}){after}"), *reading) for s, reading in spans.items()]


# Each group with what all of it contains: most tasks state no frequency, or one by 每, and need not
# be searched for every other way.
_FREQUENCIES = [
    (re.compile(contained), _spelled(before, spans, after))
    for contained, before, spans, after in (
        (r"每", r"每(?:一?个(?!工作日)|一|隔)?", _SPANS, ""),
        (r"[按逐]", r"(?:按|逐)", _BY_SPAN, ""),
        (r"[一1]次", r"(?<![每第\d一二三四上下])", _ONCE_IN, r"(?=[^,。;]{0,6}[一1]次)"),
        (r"^.{1,4}$", r"^", _WHOLE_CELL, r"$"),
        (
            *(r"一[年周月季]", r"(?<![十二三第])一", _ONCE_A),
            r"(?=[一1两2二](?:次|报|通报|调度|总结|更新|评))",
        ),
    )
]
_TIMES = re.compile(rf"({_N})(?:次|期|回|轮|场)(?!以内)")
_MEASURE = r"(?:次|期|回|轮|场|个(?!工作日|自然日|月|季度|百分点)|篇|条|件|例|项|起|批|份|户|家|人)"
_AT_LEAST = re.compile(
    rf"(?:至少|不少于|不低于|不得少于|达到?|≥|>=)[^\d一二两三四五六七八九十,。;]{{0,6}}({_N})({_MEASURE})"
    rf"|({_N})({_MEASURE})(?:及?以上)"
)
_CLAUSE_END = re.compile(r"[,。;!、]")
_PERCENT = re.compile(
    r"(?P<word>不低于|不少于|不得低于|至少|达到|达|≥|>=|超过|高于|大于|>|不超过|不高于|低于|小于|≤|<=|<)?"
    rf"(?:(?P<figure>(?<!\d)\d{{1,9}}(?:\.\d{{1,9}})?)%|百分之(?P<chinese>{_N})|(?P<tenths>[一二三四五六七八九])成)"
    r"(?P<after>及?以上|及?以下|以内)?"
)
# What every such figure is written with: most tasks have none and need not be searched from each digit.
_MAY_BE_SHARE = re.compile("[%成]|百分之")
_MAY_BE_COUNT = re.compile("[少低达≥上]|>=")
_COMPARATORS = {">=": "不低于 不少于 不得低于 至少 达到 达 ≥ >= 以上 及以上"} | {
    ">": "超过 高于 大于 >",
    "<=": "不超过 不高于 ≤ <= 以下 及以下 以内",
    "<": "低于 小于 <",
}
_SIGN = {word: sign for sign, words in _COMPARATORS.items() for word in words.split()}


def read_cadences(text: str) -> tuple[Cadence, ...]:
    """The frequencies a task or deadline demands, in the order they are written.

    每季度至少开展1次 → quarter, 1; 每月一报送，每季一通报 → two. 定期, 及时, 适时 and a term such as
    7个工作日内 carry no frequency and give nothing.
    """
    return tuple(cadence for cadence, _ in _frequencies(folded(text)))


@functools.lru_cache(maxsize=1024)
def _frequencies(text: str) -> list[tuple[Cadence, tuple[int, int]]]:
    """Each cadence with the stretch of folded text that states it."""
    starts = []
    taken: set[int] = set()
    likely = (spelled for contained, spelled in _FREQUENCIES if contained.search(text))
    for pattern, period, times in itertools.chain.from_iterable(likely):
        for match in pattern.finditer(text):
            if match.start() not in taken:
                taken.update(range(*match.span()))
                starts.append((match.start(), match.end(), period, times))
    starts.sort()
    found = []
    for index, (start, end, period, times) in enumerate(starts):
        following = starts[index + 1][0] if index + 1 < len(starts) else len(text)
        stop = _CLAUSE_END.search(text, end, following)
        clause = text[end : stop.start() if stop else following]
        counted = _TIMES.search(clause) or _AT_LEAST.search(clause)
        count = number(next(filter(None, counted.groups()))) if counted else None
        reach = end + counted.end() if counted else end
        if count != 0:
            cadence = Cadence(period, times * (count or 1), text[start:reach])
            found.append((cadence, (start, reach)))
    return _without_repeats(found)


def _without_repeats(found: list) -> list:
    seen: dict = {}
    for cadence, span in found:
        seen.setdefault((cadence.period, cadence.min_count), (cadence, span))
    return list(seen.values())


def read_quantities(text: str) -> tuple[str, ...]:
    """The figures a task must reach, as in 80%以上 → ">=80%", 不少于3篇 → ">=3篇".

    A figure that counts a frequency (每月不少于1个案例) is the cadence's and is not repeated here;
    a percentage without a comparing word stands alone ("100%").
    """
    text = folded(text)
    found: list[tuple[int, str]] = []
    for match in _PERCENT.finditer(text) if _MAY_BE_SHARE.search(text) else ():
        figure = match["figure"] or number(match["chinese"] or "")
        if figure is None or figure == "":
            figure = number(match["tenths"] or "")
            figure = None if figure is None else figure * 10
        if figure is not None:
            sign = _SIGN.get(match["word"] or "") or _SIGN.get(match["after"] or "", "")
            found.append((match.start(), f"{sign}{figure}%"))
    counted = list(_AT_LEAST.finditer(text)) if _MAY_BE_COUNT.search(text) else []
    spans = [span for _, span in _frequencies(text)] if counted else []
    for match in counted:
        if not any(start <= match.start() < end for start, end in spans):
            count = number(match[1] or match[3])
            found.append((match.start(), f">={count}{match[2] or match[4]}"))
    return tuple(dict.fromkeys(quantity for _, quantity in sorted(found)))
