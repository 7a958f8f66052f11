"""Which text of a Word document its reader sees: not what is hidden, struck out, or white on white.

Knows the styles that say so, and nothing of tables and tasks.
"""

from __future__ import annotations

from lxml import etree

from loaders.forms.package import qn

_RUN_LOOKS, _SHADING, _VAL = qn("w:rPr"), qn("w:shd"), qn("w:val")
_HIDING, _STRIKING = (qn("w:vanish"),), (qn("w:strike"), qn("w:dstrike"))
_COLOR, _SIZE = qn("w:color"), qn("w:sz")
_TABLE, _BOX = qn("w:tbl"), qn("w:txbxContent")
_LOOKS = tuple(qn(f"w:{each}") for each in ("rPr", "pPr", "tcPr", "tblPr"))
_SMALLEST_SIZE = 4
"""Half points: smaller is no writing that anybody reads."""
_MAX_BASED_ON = 20
HIDDEN, STRUCK = "hidden", "struck"


class Visibility:
    """What the runs of one document look like, by their own looks and those of their styles."""

    def __init__(self, styles: etree._Element | None, bodies: list[etree._Element]):
        self._styles = {} if styles is None else _by_id(styles)
        self._default = _default_paragraph_style(styles)
        self._of_document = (
            None if styles is None else styles.find(f"{qn('w:docDefaults')}//{_RUN_LOOKS}")
        )
        # Most documents hide and strike nothing at all. White and tiny letters count at the run alone:
        # the styles of tables that Word ships have white letters on a colour.
        by_style = styles is not None and next(styles.iter(*_HIDING, *_STRIKING), None) is not None
        self._plain = not by_style and not any(map(_may_hide, bodies))
        self._by_style: dict[tuple[str, tuple[str, ...]], bool] = {}

    def of(self, run: etree._Element) -> str:
        """HIDDEN or STRUCK for a run whose text is; "" for one that is seen."""
        if self._plain:
            return ""
        looks = run.find(_RUN_LOOKS)
        if self._is_on(run, looks, _HIDING) or _is_tiny(looks):
            return HIDDEN
        if self._is_on(run, looks, _STRIKING):
            return STRUCK
        return HIDDEN if self._is_white_on_white(run, looks) else ""

    def _is_on(
        self, run: etree._Element, looks: etree._Element | None, names: tuple[str, ...]
    ) -> bool:
        """Whether any of the properties holds: stated at the run itself it counts as it stands, in
        the styles of paragraph and characters one takes the other back (ISO 29500-1, 17.7.3)."""
        return any(self._holds(run, looks, name) for name in names)

    def _holds(self, run: etree._Element, looks: etree._Element | None, name: str) -> bool:
        own = _stated(looks, name)
        if own is not None:
            return own
        by_style = False
        for style in (_style_of(looks, "w:rStyle"), self._paragraph_style(run)):
            by_style ^= self._in_style(style, name)
        return by_style or bool(_stated(self._of_document, name))

    def _paragraph_style(self, run: etree._Element) -> str:
        paragraph = run.getparent()
        while paragraph is not None and paragraph.tag != qn("w:p"):
            paragraph = paragraph.getparent()
        looks = None if paragraph is None else paragraph.find(qn("w:pPr"))
        return _style_of(looks, "w:pStyle") or self._default

    def _in_style(self, style_id: str, name: str) -> bool:
        key = (style_id, (name,))
        if key not in self._by_style:
            self._by_style[key] = self._looked_up(style_id, name)
        return self._by_style[key]

    def _looked_up(self, style_id: str, name: str) -> bool:
        for _ in range(_MAX_BASED_ON):
            style = self._styles.get(style_id)
            if style is None:
                return False
            stated = _stated(style.find(_RUN_LOOKS), name)
            if stated is not None:
                return stated
            base = style.find(qn("w:basedOn"))
            style_id = "" if base is None else base.get(_VAL) or ""
        return False

    def _is_white_on_white(self, run: etree._Element, looks: etree._Element | None) -> bool:
        color = None if looks is None else looks.find(_COLOR)
        if color is None or not _is_white(color):
            return False
        at: etree._Element | None = run
        while at is not None:
            if at.tag == _BOX:
                # The shape around the box may have any colour.
                return False
            for own in at.iterchildren(*_LOOKS):
                shading = own.find(_SHADING)
                if shading is not None and (shading.get(qn("w:fill")) or "auto").upper() not in (
                    *("AUTO", "FFFFFF"),
                ):
                    return False
                style = self._styles.get(_style_of(own, "w:tblStyle")) if at.tag == _TABLE else None
                if style is not None and next(style.iter(_SHADING), None) is not None:
                    return False
            at = at.getparent()
        return True


def _may_hide(root: etree._Element) -> bool:
    for element in root.iter(*_HIDING, *_STRIKING, _COLOR, _SIZE):
        if element.tag == _COLOR:
            found = _is_white(element)
        else:
            found = element.tag != _SIZE or _is_small(element)
        if found:
            return True
    return False


def _is_white(color: etree._Element) -> bool:
    theme = color.get(qn("w:themeColor"))
    return theme in ("background1", "bg1") or (
        not theme and (color.get(_VAL) or "").upper() == "FFFFFF"
    )


def _is_tiny(looks: etree._Element | None) -> bool:
    size = None if looks is None else looks.find(_SIZE)
    return size is not None and _is_small(size)


def _is_small(size: etree._Element) -> bool:
    written = size.get(_VAL) or ""
    return written.isdecimal() and int(written) <= _SMALLEST_SIZE


def _stated(looks: etree._Element | None, name: str) -> bool | None:
    """Whether a property is switched on; None when nothing is said of it."""
    element = None if looks is None else looks.find(name)
    return (
        None if element is None else element.get(_VAL, "true") not in ("0", "false", "off", "none")
    )


def _style_of(looks: etree._Element | None, name: str) -> str:
    style = None if looks is None else looks.find(qn(name))
    return "" if style is None else style.get(_VAL) or ""


def _by_id(styles: etree._Element) -> dict[str, etree._Element]:
    return {style.get(qn("w:styleId")) or "": style for style in styles.iter(qn("w:style"))}


def _default_paragraph_style(styles: etree._Element | None) -> str:
    for style in () if styles is None else styles.iter(qn("w:style")):
        if style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default")) in (
            "1",
            "true",
            "on",
        ):
            return style.get(qn("w:styleId")) or ""
    return ""
