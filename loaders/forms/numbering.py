"""Word's automatic numbers as text: they are drawn by Word and stand nowhere in the document.

A plan whose headings 一、 and （一） are automatic has no structure without them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from loaders.forms.package import qn

_VAL = qn("w:val")
_CHINESE = "零一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_MAX_BASED_ON = 20


def _chinese(number: int, digits: str = _CHINESE, ten: str = "十") -> str:
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    if not tens:
        return digits[ones]
    first = "" if tens == 1 and digits is _CHINESE else digits[tens]
    return first + ten + (digits[ones] if ones else "")


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    written = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        written += sign * count
    return written


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if 1 <= number <= 20 else f"({number})"


_COUNTED = ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting")
_FORMATS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(_COUNTED, _chinese),
    "decimal": str,
    "decimalZero": lambda n: f"{n:02}",
    "decimalFullWidth": str,
    "decimalHalfWidth": str,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerLetter": _letters,
    "upperRoman": lambda n: _roman(n).upper(),
    "lowerRoman": _roman,
    "ideographTraditional": lambda n: _STEMS[(n - 1) % 10],
    "ideographDigital": _chinese,
    "chineseLegalSimplified": lambda n: _chinese(n, _LEGAL, "拾"),
    "bullet": lambda _: "",
    "none": lambda _: "",
}


@dataclass(frozen=True)
class _Level:
    text: str
    format: str
    start: int


@dataclass
class Numbering:
    """The automatic numbers of one document, given out paragraph by paragraph from the top."""

    unknown: int = 0
    """Numbers in a format that is not rendered."""
    _levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    """numId → level → how it is written."""
    _lists: dict[str, str] = field(default_factory=dict)
    """numId → the list it counts in; several may share one."""
    _styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Paragraph style → (numId, level)."""
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def of(self, paragraph: etree._Element) -> str:
        """The number in front of a paragraph, counted on; "" when it has none."""
        found = self._place(paragraph)
        if found is None:
            return ""
        number_id, depth = found
        levels = self._levels.get(number_id, {})
        level = levels.get(depth)
        if level is None:
            return ""
        counts = self._counts.setdefault(self._lists[number_id], {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        if level.format == "bullet":
            return ""
        written = level.text
        for above in range(depth + 1):
            mark = f"%{above + 1}"
            if mark not in written:
                continue
            shown = levels.get(above, level)
            render = _FORMATS.get(shown.format)
            if render is None:
                self.unknown += 1
                return ""
            written = written.replace(mark, render(counts.get(above, shown.start)))
        return f"{written} " if written[-1:].isascii() and written else written

    def _place(self, paragraph: etree._Element) -> tuple[str, int] | None:
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return None
        style = properties.find(qn("w:pStyle"))
        of_style = self._styles.get(style.get(_VAL)) if style is not None else None
        own = properties.find(qn("w:numPr"))
        if own is None:
            return of_style
        number_id, level = own.find(qn("w:numId")), own.find(qn("w:ilvl"))
        if number_id is None:
            return of_style
        depth = _integer(level, of_style[1] if of_style else 0)
        # numId 0 takes the number of its style away.
        return None if number_id.get(_VAL) == "0" else (number_id.get(_VAL), depth)


def read_numbering(root: etree._Element | None, styles: etree._Element | None) -> Numbering:
    """The lists that the numbering part of a document defines, and its styles use; none without it."""
    numbering = Numbering()
    if root is None:
        return numbering
    abstract = {
        definition.get(qn("w:abstractNumId")): _levels(definition)
        for definition in root.findall(qn("w:abstractNum"))
    }
    for number in root.findall(qn("w:num")):
        number_id = number.get(qn("w:numId"))
        link = number.find(qn("w:abstractNumId"))
        if link is None:
            continue
        levels = dict(abstract.get(link.get(_VAL), {}))
        overrides = number.findall(qn("w:lvlOverride"))
        for override in overrides:
            depth = int(override.get(qn("w:ilvl")) or 0)
            levels |= _levels(override)
            start = override.find(qn("w:startOverride"))
            if start is not None and depth in levels:
                level = levels[depth]
                levels[depth] = _Level(level.text, level.format, _integer(start, 1))
        numbering._levels[number_id] = levels
        # A list that starts anew counts by itself; others with the same definition count on.
        numbering._lists[number_id] = number_id if overrides else f"={link.get(_VAL)}"
    numbering._styles = {} if styles is None else _styles(styles)
    return numbering


def _levels(definition: etree._Element) -> dict[int, _Level]:
    levels = {}
    for level in definition.findall(qn("w:lvl")):
        text, form = level.find(qn("w:lvlText")), level.find(qn("w:numFmt"))
        levels[int(level.get(qn("w:ilvl")) or 0)] = _Level(
            "" if text is None else text.get(_VAL) or "",
            "decimal" if form is None else form.get(_VAL) or "decimal",
            _integer(level.find(qn("w:start")), 1),
        )
    return levels


def _integer(element: etree._Element | None, otherwise: int) -> int:
    text = None if element is None else element.get(_VAL)
    return int(text) if text and text.isdecimal() else otherwise


def _styles(root: etree._Element) -> dict[str, tuple[str, int]]:
    """Paragraph style → (numId, level), also where a style it is based on has the number."""
    own: dict[str, tuple[str, int]] = {}
    based_on: dict[str, str] = {}
    for style in root.findall(qn("w:style")):
        style_id = style.get(qn("w:styleId")) or ""
        base = style.find(qn("w:basedOn"))
        if base is not None:
            based_on[style_id] = base.get(_VAL) or ""
        numbered = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if numbered is not None and numbered.find(qn("w:numId")) is not None:
            number_id = numbered.find(qn("w:numId")).get(_VAL)
            own[style_id] = (number_id, _integer(numbered.find(qn("w:ilvl")), 0))
    found = {}
    for style_id in {*own, *based_on}:
        at = style_id
        for _ in range(_MAX_BASED_ON):
            if at in own or at not in based_on:
                break
            at = based_on[at]
        if at in own:
            found[style_id] = own[at]
    return found
