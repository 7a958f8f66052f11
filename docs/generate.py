"""`python docs/generate.py [--check]`: the documents made from the code, or whether they are up to date.

Owns the form of docs/metrics.md, docs/data-dictionary.md and the table of rooms in
docs/development.md. Every word in them comes from where it is defined: the first lines of metrics/*.sql, the comments in warehouse/meanings/*.sql, data/reference and
words.py, and the table in tests/test_architecture.py.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import tempfile
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import metrics  # noqa: E402
import words  # noqa: E402
from tests.test_architecture import ROOMS  # noqa: E402
from warehouse.store import DEFINITIONS, Warehouse  # noqa: E402

REFERENCE = ROOT / "data" / "reference"
MEANINGS = (
    *DEFINITIONS,
    *(ROOT / "warehouse" / "meanings" / f"{name}.sql" for name in ("scope", "scoring", "scored")),
)
LAYOUT, LAYOUT_END = "<!-- layout -->", "<!-- /layout -->"
"""What encloses the generated table of development.md."""
MADE_FROM = "本页由 `python docs/generate.py` 从 SQL 注释生成，请不要直接修改。"

PARAMETERS = {
    "basis": "判断依据：数据版本、录入截止时刻和期限口径（程序填写）",
    "known_at": "录入截止时刻：此后录入的不计",
    "as_issued": "按原定期限（不计延期）",
    "ledger_id": "台账",
    "as_of": "截至日期",
    "units": "责任单位（空为全部）",
    "level1s": "一级指标（空为全部）",
    "kinds": "任务类别（空为全部）",
    "verified_only": "完成只计已销号",
    "expanded": "集体展开到成员单位",
    "compare_on": "比较日期",
    "month_start": "报送月的第一天",
    "quarter_ended_on": "季度的最后一天",
    "eve": "报送月的前一天",
    "days": "各判断日",
    "by": "分组（all、level1、level2、theme）",
    "signal": "清单（all、worst、overdue、due_ahead、behind、not_reported）",
    "row_limit": "最多行数",
    "unit": "单位",
    "task_id": "任务",
    "every_ledger": "不限于本台账",
    "first_on": "录入日期从（空为不限）",
    "last_on": "录入日期到（空为不限）",
    "authors": "录入人（空为全部）",
    "actions": "事项（空为全部）",
    "scheme_id": "评分方案的版本（空为等权试算）",
    "sought": "任务文字、编号或单位中要有的字（空为不限）",
}
REFERENCE_FILES = {
    "units.csv": "写明单位的类别；没有列出的按 unit_classes.csv 判断",
    "unit_classes.csv": "按名称的开头和结尾判断单位类别，自上而下第一条符合的有效",
    "unit_aliases.csv": "单位的其他写法 → 规范名称",
    "collectives.csv": "集体（如五市交通运输局）的成员单位及出处",
    "short_names.csv": "一级指标在图上的简称",
    "themes.csv": "一级指标或二级指标所属的主题及归类的出处，用于不同台账的对照",
    "settings.csv": "口径参数：预警灯阈值等",
    "headers.csv": "台账表头的各种写法各是什么列",
    "deadline_words.csv": "完成时限中不写日期的词语各是什么意思",
}
CODES = {
    "预警灯 lamp": {
        code: f"{words.lamp(code)}：{meaning}"
        # As shipped in settings.csv.
        for code, meaning in words.lamp_meanings(10, 30, 30).items()
    },
    "状态 state": words.STATES,
    "任务类别 kind": words.KINDS,
    "角色 role": words.ROLES,
    "完成时限类别 deadline_kind": words.DEADLINE_KINDS,
    "频次周期 period": words.PERIODS,
    "频次窗口 window state": words.WINDOW_STATES,
    "报送情况 return state": words.RETURN_STATES,
    "原表行的读法 reading": words.READINGS,
}


def metrics_page() -> str:
    """docs/metrics.md: every question with its definition, then every meaning it rests on."""
    lines = [
        "# 指标口径",
        "",
        MADE_FROM,
        "",
        "页面、导出文件上的每个数字都来自下面的一个“问题”；问题只使用第二部分定义的“含义”。"
        "一切判断都以截至日期 `as_of` 为准，SQL 中没有“今天”。",
        "",
        "## 问题",
    ]
    for question in metrics.questions():
        lines += ["", f"### {question.title}", "", question.definition, ""]
        lines += table(
            ("参数", "含义"),
            ((f"`{name}`", PARAMETERS.get(name, "")) for name in sorted(question.parameters)),
        )
        lines += ["", f"文件：`metrics/{question.name}.sql`"]
    lines += ["", "## 含义"]
    for path in MEANINGS:
        text = path.read_text(encoding="utf-8")
        lines += ["", f"### `{path.relative_to(ROOT).as_posix()}`"]
        for macro, parameters, comment in macros(text):
            lines += ["", f"#### `{macro}({parameters})`", "", comment]
    return "\n".join(lines) + "\n"


def macros(sql: str) -> list[tuple[str, str, str]]:
    """(name, parameters, the comment right above it) of every table macro, in order."""
    found = []
    comment: list[str] = []
    for line in sql.splitlines():
        if line.startswith("-- "):
            comment.append(line.removeprefix("-- "))
            continue
        if made := re.match(r"create or replace macro (\w+)\(([^)]*)\) as table", line):
            found.append((made[1], made[2], " ".join(comment)))
        comment = []
    return found


def dictionary_page() -> str:
    """docs/data-dictionary.md: the tables of a new database, the reference files, the codes."""
    lines = [
        "# 数据字典",
        "",
        MADE_FROM,
        "",
        "表中的行只增不改：更正是一条新记录，`supersedes_id` 写明它取代哪一条。"
        "`_on` 结尾的列是日期，`_at` 结尾的列是北京时间的时刻，`recorded_by` 是录入人；"
        "各 `_id` 列是程序生成的 UUID。",
        "",
        "## 数据库的表",
    ]
    for name, comment, columns in tables():
        lines += ["", f"### `{name}`", "", comment, ""]
        lines += table(("列", "类型", "可空", "说明"), columns)
    lines += [
        "",
        "## 口径文件 `data/reference/`",
        "",
        "可用 Excel 打开，另存时选“CSV UTF-8（逗号分隔）”。",
        "",
    ]
    lines += table(("文件", "用途", "列", "行数"), reference_files())
    lines += ["", "## 代码与中文"]
    for heading, meaning in CODES.items():
        lines += ["", f"### {heading}", ""]
        lines += table(("代码", "中文"), ((f"`{code}`", text) for code, text in meaning.items()))
    lines += ["", "单位类别：" + "、".join(words.UNIT_CLASSES) + "。"]
    return "\n".join(lines) + "\n"


def tables() -> list[tuple[str, str, list[tuple[str, str, str, str]]]]:
    """(table, comment, its columns) of a database made anew, in the order of the schema."""
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Warehouse(Path(folder) / "dictionary.duckdb")
        try:
            with warehouse.cursor() as cursor:
                sql = (HERE / "dictionary.sql").read_text(encoding="utf-8")
                found = cursor.execute(sql).fetchall()
        finally:
            warehouse.close()
    return [
        (name, comment, [_column(*row[2:]) for row in rows])
        for (name, comment), rows in groupby(found, key=itemgetter(0, 1))
    ]


def _column(name: str, kind: str, is_nullable: bool, comment: str) -> tuple[str, str, str, str]:
    return f"`{name}`", kind, "是" if is_nullable else "", comment


def reference_files() -> list[tuple[str, str, str, str]]:
    """(file, what it is for, its columns, how many rows) of every reference file."""
    found = []
    for path in sorted(REFERENCE.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = [row for row in csv.reader(file) if any(row)]
        purpose = REFERENCE_FILES.get(path.name, "")
        found.append((f"`{path.name}`", purpose, "、".join(header), str(len(rows))))
    return found


def table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """A markdown table, or one line when there is no row."""
    body = [f"| {' | '.join(cell.replace('|', '｜') for cell in row)} |" for row in rows]
    if not body:
        return ["没有参数。"]
    return [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}", *body]


def development_page() -> str:
    """docs/development.md with its table of rooms as the architecture test has it."""
    text = (HERE / "development.md").read_text(encoding="utf-8")
    before, _, rest = text.partition(LAYOUT)
    _, _, after = rest.partition(LAYOUT_END)
    rows = [
        (
            f"`{room}.py`" if (ROOT / f"{room}.py").is_file() else f"`{room}/`",
            holds,
            ", ".join(f"`{each}`" for each in ROOMS if each in below) or "none of these",
        )
        for room, (holds, below) in ROOMS.items()
    ]
    made = table(("room", "holds", "may import"), rows)
    return "\n".join([f"{before}{LAYOUT}", "", *made, "", f"{LAYOUT_END}{after}"])


PAGES = {
    "metrics.md": metrics_page,
    "data-dictionary.md": dictionary_page,
    "development.md": development_page,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python docs/generate.py", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when stale")
    check = parser.parse_args().check
    stale = []
    for name, render in PAGES.items():
        path, page = HERE / name, render()
        if path.is_file() and path.read_text(encoding="utf-8") == page:
            continue
        stale.append(name)
        if not check:
            path.write_text(page, encoding="utf-8", newline="\n")
            print(f"docs/{name}")
    if check and stale:
        print(f"stale: {', '.join(stale)}; run python docs/generate.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
