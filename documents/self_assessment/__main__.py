"""`python -m documents.self_assessment DATABASE [--ledger …] [--as-of …] [--scheme N] [--output FILE]`: the totals
of a ledger's score as a table, and its 自评表 as .xlsx or .docx. Needs the platform closed, because
one program at a time may hold the file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from documents import Context
from documents.self_assessment.content import (
    FIGURES,
    Assessment,
    assess,
    marks,
    scheme_words,
    total_lines,
    total_words,
)
from documents.self_assessment.document import write_document
from documents.self_assessment.workbook import write_workbook
from metrics import Scope, ask
from warehouse import Warehouse, WarehouseError, open_warehouse, today
from warehouse.demonstration.demo import demonstration_exists
from warehouse.store import now
from words import day, each_row, score

WRITERS = {".xlsx": write_workbook, ".docx": write_document}
DEMONSTRATION_FILE = "demo.duckdb"
NO_FILTERS = "无"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the totals and write the file; returns 0, or 1 and a line on stderr."""
    parser = argparse.ArgumentParser(
        prog="python -m documents.self_assessment", description="输出台账的得分汇总，生成自评表"
    )
    parser.add_argument("database", type=Path, metavar="数据库", help="如 data/credit.duckdb")
    parser.add_argument("--ledger", metavar="台账", help="台账名称、地区或年度中的字")
    parser.add_argument("--as-of", metavar="日期", help="截至日期，如 2020-09-30")
    parser.add_argument(
        "--scheme", type=int, metavar="版本", help="评分方案的版本，0 为等权试算；不写为最新一版"
    )
    parser.add_argument("--output", type=Path, metavar="文件", help="自评表，.xlsx 或 .docx")
    given = parser.parse_args(arguments)
    # UTF-8 on every system; on Windows the default is GBK.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    try:
        assessed = _assessed(given)
    except WarehouseError as error:
        print(error, file=sys.stderr)
        return 1
    _print(assessed)
    if given.output:
        try:
            given.output.write_bytes(WRITERS[given.output.suffix.lower()](assessed))
        except OSError:
            print(f"不能写入 {given.output}，请检查文件夹和权限。", file=sys.stderr)
            return 1
        print(f"已生成 {given.output}")
    return 0


def _assessed(given: argparse.Namespace) -> Assessment:
    if given.output and given.output.suffix.lower() not in WRITERS:
        raise WarehouseError("输出文件应是 .xlsx 或 .docx，请改正文件名。")
    # Opening a file that is not there would make one.
    if not given.database.is_file():
        raise WarehouseError(f"找不到数据库 {given.database}，请核对路径。")
    warehouse = open_warehouse(given.database)
    ledger = _ledger(warehouse, given.ledger)
    first, last = ledger.started_on.date(), ledger.ended_on.date()
    as_of = _day(given.as_of) if given.as_of else min(max(today(), first), last)
    scope = Scope(ledger.ledger_id, as_of)
    schemes = ask(warehouse, "schemes", scope)
    if given.scheme is None:
        chosen = None if schemes.empty else schemes.scheme_id.iloc[0]
    elif given.scheme == 0:
        chosen = None
    else:
        found = schemes[schemes.version == given.scheme]
        if found.empty:
            raise WarehouseError(f"这份台账没有第 {given.scheme} 版评分方案，请核对版本。")
        chosen = found.scheme_id.iloc[0]
    context = Context(
        ledger=ledger.title,
        edition=f"{ledger.file_name} 第 {ledger.edition_number} 版",
        as_of=as_of,
        filters=NO_FILTERS,
        data_version=warehouse.data_version,
        is_demonstration=given.database.name == DEMONSTRATION_FILE
        or demonstration_exists(warehouse, ledger.ledger_id),
        made_at=now(),
    )
    return assess(warehouse, Scope(ledger.ledger_id, as_of, scheme_id=chosen), context)


def _ledger(warehouse: Warehouse, sought: str | None) -> Any:
    """The one ledger meant; raises WarehouseError when there is none or more than one."""
    ledgers = list(each_row(ask(warehouse, "ledgers")))
    found = [
        each
        for each in ledgers
        if not sought or sought in f"{each.title} {each.region} {each.year} {each.ledger_id}"
    ]
    if len(found) == 1:
        return found[0]
    listed = "；".join(f"{each.title}（{each.year} 年）" for each in ledgers) or "没有台账"
    reason = "没有这份台账" if not found else "有不止一份台账"
    raise WarehouseError(f"{reason}，请用 --ledger 写明是哪一份。数据库中有：{listed}。")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WarehouseError(f"截至日期应如 2020-09-30，写的是“{text}”，请改正。") from None


def _print(assessed: Assessment) -> None:
    context = assessed.context
    print(f"{marks(assessed)}{context.ledger}（{context.edition}），截至 {day(context.as_of)}")
    print(scheme_words(assessed))
    print(total_words(assessed))
    print()
    headers = ("满分", "自评", "已锁定", "可达上限")
    print("".join([_padded("部分", 60), *(_padded(each, 10, right=True) for each in headers)]))
    for name, figures in total_lines(assessed):
        cells = [_padded(score(figures[key]), 10, right=True) for key in FIGURES]
        print("".join([_padded(name, 60), *cells]))


def _padded(text: str, width: int, *, right: bool = False) -> str:
    """`text` in a column of a terminal, where a Chinese character takes two places."""
    space = " " * (width - sum(2 if ord(c) > 0x2E7F else 1 for c in text))
    return space + text if right else text + space


if __name__ == "__main__":
    sys.exit(main())
