"""Why a document is no ledger: what was found in it and what is missing, in one Chinese sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from loaders.forms.outline import depth_of
from loaders.forms.plans import kind_of_document, title_of_plan
from loaders.forms.statements import read_duties
from loaders.grid import Row, Source
from loaders.labels import heading_of
from loaders.reference import OWNERS, PRINTED, Spelling
from loaders.wording import one_line

_MOST_NAMED = 4
_LONGEST_NAME = 12
_TITLE_LINES = 40


def why_no_ledger(source: Source, spellings: Mapping[str, Spelling], *, ruled: bool = False) -> str:
    """The sentence for a source in which no header and no plan was found; `ruled` for a form of which
    only tables with rules are tables."""
    rows = [row for grid in source.grids for row in grid.rows]
    drawn = [row for row in rows if not row.loose and any(cell.text for cell in row.cells)]
    lines = [*source.above, *(_text(row) for row in rows if row.loose)]
    titles = [*lines[:_TITLE_LINES], *(_text(r) for r in drawn[:_TITLE_LINES] if _is_one_cell(r))]
    looks_like = next(filter(None, map(kind_of_document, titles)), "")
    kind = f"，看来是一份{looks_like}" if looks_like else ""
    if not drawn:
        return _no_plan(lines, kind, "带框线的表格" if ruled else "表格")
    hidden = any(issue.message.startswith("隐藏的") for issue in source.issues)
    ask = "；文件中有隐藏的内容，如台账在其中请先取消隐藏" if hidden else ""
    return f"{_no_header(drawn, spellings)}{kind}{ask}"


def _no_plan(lines: Sequence[str], kind: str, table: str) -> str:
    written = [line.strip() for line in lines if line.strip()]
    if not written:
        return f"文件中没有{table}，也没有文字，请确认选对了文件"
    numbered = [line for line in written if depth_of(line) is not None]
    owned = sum(any(duty.statement.owner for duty in read_duties(line)) for line in written)
    outline = "没有分条写明任务和责任单位"
    if numbered:
        named = f"只有 {owned} 处写明责任单位" if owned else "都没有写明责任单位"
        outline = f"{len(numbered)} 个编号段落{named}"
    title = "标题和结构也不像方案、计划或要点"
    if any(map(title_of_plan, written[:_TITLE_LINES])):
        title = "标题像方案、计划或要点，但看不出分条的任务"
    return f"文件中没有{table}，文字部分{outline}，{title}{kind}，请换用列有任务和责任单位的文件"


def _no_header(drawn: Sequence[Row], spellings: Mapping[str, Spelling]) -> str:
    """What the likeliest header lacks."""

    def fields(row: Row) -> set[str]:
        found = (heading_of(cell.text, spellings) for cell in dict.fromkeys(row.cells))
        return {heading.spelling.field for heading in found if heading}

    likeliest = max(drawn, key=lambda row: len(fields(row)))
    found = fields(likeliest)
    if len(found) < 2:
        return "无法识别表头：没有找到含“目标任务”和“责任单位”等列名的一行，请核对表头写法"
    names = [one_line(cell.text) for cell in dict.fromkeys(likeliest.cells) if cell.text]
    shown = "".join(f"“{name[:_LONGEST_NAME]}”" for name in names[:_MOST_NAMED])
    missing = ["目标任务"] if "task" not in found else []
    missing += ["责任单位"] if not found & {*OWNERS} else []
    missing += [PRINTED["deadline"]] if "deadline" not in found else []
    if not missing:
        return f"找到{shown}等列，是事项目录，不是任务分工，请换用列有任务和责任单位的文件"
    return f"无法识别表头：找到{shown}等列，没有{'、'.join(missing)}一列，请核对表头写法"


def _is_one_cell(row: Row) -> bool:
    return sum(bool(cell.text) for cell in {*row.cells}) == 1


def _text(row: Row) -> str:
    return " ".join(cell.text for cell in dict.fromkeys(row.cells) if cell.text)
