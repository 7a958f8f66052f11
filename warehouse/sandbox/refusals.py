"""Why a query gave no answer, in one Chinese sentence, with the place it is about.

Owns the reading of DuckDB's errors. Knows neither how a query is run nor where the sentence is shown.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """What is wrong and what to do; where in the query, counted from 1, when that is known."""

    sentence: str
    line: int | None = None
    column: int | None = None
    text: str = ""
    """The line itself."""
    original: str = ""
    """DuckDB's own words, for those who know them."""

    @property
    def place(self) -> str:
        """第几行第几个字, or nothing."""
        return "" if self.line is None else f"第 {self.line} 行第 {self.column} 个字"


KINDS = {
    "INSERT": "插入",
    "UPDATE": "修改",
    "DELETE": "删除",
    "CREATE": "建表",
    "ALTER": "改表",
    "DROP": "删表",
    "COPY": "读写文件",
    "EXPORT": "导出数据库",
    "ATTACH": "连接其他数据库",
    "DETACH": "断开数据库",
    "LOAD": "安装或加载扩展",
    "SET": "改设置",
    "VARIABLE_SET": "改设置",
    "PRAGMA": "改设置",
    "CALL": "调用过程",
    "TRANSACTION": "事务控制",
    "PREPARE": "预备语句",
    "EXECUTE": "预备语句",
    "VACUUM": "整理数据库",
    "EXPLAIN": "执行计划",
    "MULTI": "会展开成多条的写法（如 PIVOT）",
}
"""Kind of a statement → what it would do."""


FULL_WIDTH = {
    "，": ("全角逗号", ","), "、": ("顿号", ","), "；": ("全角分号", ";"), "。": ("句号", "."),
    "．": ("全角句点", "."), "：": ("全角冒号", ":"), "（": ("全角括号", "("), "）": ("全角括号", ")"),
    "＝": ("全角等号", "="), "＜": ("全角小于号", "<"), "＞": ("全角大于号", ">"), "＋": ("全角加号", "+"),
    "－": ("全角减号", "-"), "＊": ("全角星号", "*"), "／": ("全角斜线", "/"), "％": ("全角百分号", "%"),
    "‘": ("全角引号", "'"), "’": ("全角引号", "'"), "＇": ("全角引号", "'"), "“": ("全角引号", "'"),
    "”": ("全角引号", "'"), "＂": ("全角引号", "'"),
}  # fmt: skip
"""Mark that SQL takes for a letter → what it is called, and the mark that is meant."""
_QUOTED_OR_MARK = re.compile(
    r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/|(?P<mark>["
    + "".join(FULL_WIDTH)
    + "])",
    re.S,
)
_COMPARED = re.compile(r"(?:[=<>]|\blike|\bin\s*\([^()]*)\s*$", re.I)
"""What stands before a value."""


def explain(
    error: dict[str, Any], sql: str, *, seconds: int, texts: Set[str] = frozenset()
) -> Refusal:
    """`error` is what `sandboxed` answered, or a type alone: Timeout, Stopped, Ended. `texts` are
    what stands in the tables as words, for those who forget the quotation marks."""
    original = str(error.get("exception_message", ""))
    if (found := _full_width(error, sql)) is not None:
        mark = sql[found]
        called, meant = FULL_WIDTH[mark]
        sentence = f"“{mark}”是{called}，请改成半角的 {meant} 。"
        return Refusal(sentence, *_line_and_column(sql, found), original)
    line, column, text = _place(error, sql)
    sentence = _unquoted(error, text, column, texts) or _sentence(error, original, seconds)
    return Refusal(sentence, line, column, text, original)


def _full_width(error: dict[str, Any], sql: str) -> int | None:
    """Where the first full-width mark stands that may be the cause: outside texts and comments, and
    part of the name that was not found, or anywhere in what cannot be read."""
    name = str(error.get("name", ""))
    for found in _QUOTED_OR_MARK.finditer(sql):
        mark = found["mark"]
        if mark and (mark in name or error.get("type") == "Parser"):
            return found.start()
    return None


def _unquoted(error: dict[str, Any], line: str, column: int | None, texts: Set[str]) -> str:
    """The sentence about a text that stands where a column is looked for; "" where it may be one."""
    name = str(error.get("name", ""))
    if error.get("error_subtype") != "COLUMN_NOT_FOUND" or not name or name.isascii():
        return ""
    if name in texts:
        return f"“{name}”是文字，没有加引号，请写成 '{name}'。"
    if column is not None and _COMPARED.search(line[: column - 1]):
        return (
            f"所查的表里没有“{name}”这一列。如果它是文字，要加引号，写成 '{name}'；{_like(error)}"
        )
    return ""


def _sentence(error: dict[str, Any], said: str, seconds: int) -> str:
    kind, subtype = error.get("type", ""), error.get("error_subtype", "")
    if kind in _ALONE:
        return _ALONE[kind].format(seconds=seconds)
    if kind == "Statements":
        if not error["found"]:
            return "没有查询语句，请输入一条以 SELECT 开头的语句。"
        return f"写了 {error['found']} 条语句，一次只能运行一条，请去掉多余的。"
    if kind == "Forbidden":
        what = KINDS.get(error["found"], error["found"])
        return f"这里只能查询，不能运行“{what}”一类的语句，请改用 SELECT。"
    if subtype == "COLUMN_NOT_FOUND":
        if "FROM clause is missing" in said:
            return f"没有写从哪张表查：“{error.get('name')}”前后缺少 FROM，请补上。"
        return f"所查的表里没有“{error.get('name')}”这一列。{_like(error)}"
    if subtype == "MISSING_ENTRY" or "does not exist" in said:
        name, sought = error.get("name", ""), _catalog(said)
        return f"没有名为“{name}”的{sought}。{_like(error) if sought != '函数' else _near(error)}"
    if subtype == "NO_MATCHING_FUNCTION":
        return (
            f"函数“{error.get('name')}”的参数个数或类型不对，请核对；文字与数字、日期之间可用"
            " CAST 转换。"
        )
    for pattern, sentence in _SAID:
        if found := re.search(pattern, said):
            return sentence.format(*found.groups())
    return _BY_TYPE.get(kind, "查询没有成功，请检查语句后重试。")


_ALONE = {
    "Timeout": "查询超过 {seconds} 秒仍未算完，已停止。请缩小范围，或检查连接条件是否漏写。",
    "Stopped": "查询已停止。",
    "Ended": "查询中途中断，多半是所需内存超出限额。请缩小范围，或先分组汇总。",
    "Size": "结果太大，已中止。请少选几列、加上条件，或先分组汇总。",
    "Parameters": "语句中有 ?、$1 一类的参数，这里没有参数可填，请直接写出值。",
    "Out of Memory": "查询所需内存超出限额，已中止。请缩小范围，或先分组汇总。",
    "Permission": "这里不能读写文件，也不能访问网络、扩展和其他数据库，只能查右侧列出的表。",
}
_BY_TYPE = {
    "Parser": "语句写得不合语法，请检查拼写、逗号、括号和引号是否成对。",
    "Conversion": "有的值转换不成所要的类型，请用 TRY_CAST，或先用 WHERE 排除这些值。",
    "Out of Range": "数值超出范围，请检查计算。",
    "Invalid Input": "某个函数或运算得到了不能处理的值，请检查语句。",
    "Binder": "语句中的名称或类型对不上，请检查列名、表名和各处的类型。",
    "Catalog": "语句用到了没有的名称，请检查。",
    "INTERRUPT": "查询已停止。",
}
_SAID = (
    (
        r'syntax error at or near "(.*)"',
        "“{0}”处语法有误，请检查它前面的拼写、逗号、括号和引号是否成对（标点要用半角）。",
    ),
    (r"syntax error at end of input", "语句没有写完，请检查括号和引号是否成对。"),
    (r"unterminated", "引号没有成对，请补上后引号。"),
    (r"'pytz' failed", "带时区的时刻不能显示，请转换成 TIMESTAMP 或 DATE。"),
    (r"[Dd]ivision by zero", "出现了除以零，请用 NULLIF(除数, 0) 作除数。"),
    (
        r'column "(.*?)" must appear in the GROUP BY',
        "“{0}”既不在 GROUP BY 中，也没有汇总，请把它加进 GROUP BY，或用 ANY_VALUE 等汇总。",
    ),
    (r"WHERE clause cannot contain aggregates", "WHERE 中不能用汇总函数，请改写在 HAVING 中。"),
    (r'Ambiguous reference to column name "(.*?)"', "“{0}”在几张表里都有，请写成 表名.{0}。"),
    (r"Could not convert string '(.*?)' to (\w+)", "文字“{0}”转换不成类型 {1}，请改写这个值。"),
    (r'invalid date field format: "(.*?)"', "“{0}”不是日期，请写成 '2020-09-30' 的样子。"),
    (r"Cannot compare values of type (\w+).* and (?:type )?(\w+)", "类型 {0} 与 {1} 不能比较，请用 CAST 转换其一。"),
    (r'best candidate function for the function call "(.*?)\(', "运算“{0}”两边的类型不合，请用 CAST 转换。"),
    (r"[Mm]ax(?:imum)? (?:expression )?depth|too deep|nested", "语句嵌套太深，请拆短。"),
    (r"read-only|Cannot execute statement of type", "这里只能查询，数据不能改动。"),
    (r"configuration has been locked|Cannot change configuration", "这里不能改设置，请去掉有关的写法。"),
    (r"[Oo]ut of [Mm]emory|failed to allocate|bad_alloc", "查询所需内存超出限额，已中止。请缩小范围，或先分组汇总。"),
)  # fmt: skip
_CATALOG = {"Table Function": "函数", "Function": "函数", "Table": "表", "Type": "类型"}


def _catalog(said: str) -> str:
    """What DuckDB looked for in vain."""
    return next((word for english, word in _CATALOG.items() if english in said), "对象")


def _candidates(error: dict[str, Any]) -> list[str]:
    listed = str(error.get("candidates", "")).split(",")
    names = [name.strip().strip('"').rpartition(".")[2] for name in listed]
    # What DuckDB itself is made of is no help to a reader.
    return [name for name in dict.fromkeys(names) if name and not name.isascii()]


def _like(error: dict[str, Any]) -> str:
    names = _candidates(error)[:3]
    if not names:
        return "可查的表和列列在旁边。"
    return f"是不是{'、'.join(f'“{name}”' for name in names)}？可查的表和列列在旁边。"


def _near(error: dict[str, Any]) -> str:
    listed = [name.strip().strip('"') for name in str(error.get("candidates", "")).split(",")]
    return f"是不是“{listed[0]}”？" if listed[0] else "请检查拼写。"


def _place(error: dict[str, Any], sql: str) -> tuple[int | None, int | None, str]:
    """Line and column, counted in characters from 1, and the line; DuckDB counts in bytes from 0."""
    try:
        position = int(error["position"])
    except (KeyError, ValueError):
        return None, None, ""
    return _line_and_column(sql, len(sql.encode()[:position].decode(errors="ignore")))


def _line_and_column(sql: str, position: int) -> tuple[int, int, str]:
    before = sql[:position]
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return line, column, sql.split("\n")[line - 1]
