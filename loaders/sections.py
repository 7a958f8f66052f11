"""The words a row opens with when it is no ordinary task: bonus and penalty sections, sums, notes."""

from __future__ import annotations

import functools
import re

from loaders.wording import folded, without_numbering

_BONUS = re.compile(r"(?:附?加分|奖励)(?:项目?|事项|指标|内容)?(?:\(.*)?$")
_PENALTY = re.compile(r"(?:扣|减)分(?:项目?|事项|指标|内容)?(?:\(.*)?$")
_TOTAL = re.compile(r"(?:合|总|小|共)计|总分")
_NOTE = re.compile(
    r"(?:注|备注|说明|附注|附件\d*|填表|填报|审核|制表|联系|签发|抄送|\(此件)[^:]{0,6}(?::|$)"
)


@functools.lru_cache(maxsize=1024)
def kind_of(heading: str) -> str | None:
    """`bonus` or `penalty` for the heading of such a section (八、加分项), None for any other."""
    written = without_numbering(folded(heading))
    return "bonus" if _BONUS.match(written) else "penalty" if _PENALTY.match(written) else None


def is_total(text: str) -> bool:
    """Whether a row that opens with this text is a sum (合计, 总分)."""
    return bool(_TOTAL.match(folded(text)))


def is_note(text: str) -> bool:
    """Whether a row that opens with this text is a note below the table (注：, 填表人：)."""
    return bool(_NOTE.match(folded(text)))
