"""The shape of the code: who may import whom, where SQL lives, and what nothing may be called.

Read from the source itself, so a new module has to be placed in the table before it is accepted.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Left to right as the life of a row: loaders → warehouse → metrics → findings → documents → screens → pages.
ROOMS: dict[str, tuple[str, set[str]]] = {
    "app": ("the frame around every page", {"screens"}),
    "pages": (
        "one address each: scope, ask, draw",
        {"screens", "words"},
    ),
    "screens": (
        "all of Streamlit: `frame` (menu, filters, the view a page is handed), `parts` (what occasions "
        "share) and a folder for each occasion, which import no other: `ledger`, `month`, `progress`, "
        "`verdicts`, `scores`, `meeting`, `task`, `explore`, `compare`, `query`, `search`, `access`",
        {"documents", "findings", "charts", "metrics", "warehouse", "loaders", "accounts", "words"},
    ),
    "documents": (
        "answers as files and files as answers: `workbook` (the kit), `official` (GB/T 9704), "
        "`month_form`, `scheme`, `self_assessment`, `quarter`, `letters`",
        {"findings", "metrics", "warehouse", "loaders", "words"},
    ),
    "findings": (
        "answers → sentences and tables; `exhibits`: question, sentence, figure and columns of each "
        "chart, the same on page, meeting and document",
        {"charts", "metrics", "warehouse", "words"},
    ),
    "charts": ("answer → Plotly figure, one function per chart", {"words"}),
    "metrics": (
        "one `.sql` per question; `Scope` and `ask()`; `planning`; `narrowing` (tasks held for counting)",
        {"warehouse", "words"},
    ),
    "warehouse": (
        "the record: `schema` (nouns), `meanings` (table macros), `entries` (what may be written), "
        "`ledger` (editions, register, reference files), `backups`, "
        "`servers` (several on one PostgreSQL), `sandbox`, `demonstration`, `store`, `opening`",
        {"loaders", "accounts", "words"},
    ),
    "loaders": ("document → tasks and issues; knows neither DuckDB nor Streamlit", set()),
    "words": ("Chinese words, shapes and colours of codes; how figures are written", set()),
    "accounts": (
        "who may come in: accounts, passwords, sessions and the door, in a file of their own; knows "
        "neither Streamlit nor the record",
        {"words"},
    ),
    "serve": (
        "the web server around the app: headers, log, who may ask",
        {"accounts", "downloads", "frontend", "warehouse"},
    ),
    "frontend": ("Streamlit's own files as the browser receives them: index page, tables", set()),
    "downloads": ("files on their way to the browser, each to one login alone", {"accounts"}),
    "run": ("the commands; standard library only", set()),
    "bundle": ("the folder for machines without network", set()),
}
"""Room → what it holds, and which rooms it may import. docs/development.md is generated from this."""
MAY_IMPORT = {room: below for room, (_, below) in ROOMS.items()}
# Inside documents/: the kit for workbooks and the official page, which every kind of document may use.
SHARED_BY_DOCUMENTS = {"workbook", "official"}
MAY_IMPORT_STREAMLIT = {"app", "serve", "downloads", "pages", "screens"}
# They look at the product from outside, and the product never looks back.
OUTSIDE = {"tests", "benchmarks", "docs"}

BANNED_NAMES = {"utils", "helpers", "common", "manager", "process_data", "misc"}
MOST_LINES = 500
MOST_LINES_OF_A_PAGE = 60
# What occasions share; every other folder or module in screens/ is an occasion.
SHARED_BY_OCCASIONS = {"frame", "parts"}
SQL = re.compile(
    r"\bselect\s.*\sfrom\s|\binsert\s+into\b|\bdelete\s+from\b|\bunion\s+all\b"
    r"|^\s*(select\s+\S+|update\s+\w+\s+set|create\s+(or\s+replace\s+)?(table|macro|view)|drop\s+table"
    r"|alter\s+table|with\s+\w+\s+as\s*\()\b",
    flags=re.I | re.S,
)
READ_AS_TEXT = {".py", ".sql", ".md", ".csv", ".tsv", ".toml", ".txt", ".js", ".svg", ".sh", ""}


@cache
def parts() -> set[str]:
    """The top-level modules and packages of this repository, as they are imported."""
    return {path.relative_to(ROOT).parts[0].removesuffix(".py") for path in sources()} | OUTSIDE


@cache
def sources(*, outside: bool = False) -> list[Path]:
    """Every Python file of the product; with `outside`, of what looks at it too."""
    return [
        path
        for path in sorted(ROOT.rglob("*.py"))
        if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
        and (outside or path.relative_to(ROOT).parts[0] not in OUTSIDE)
    ]


def part_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    """The parsed file; each is parsed once for all tests."""
    return ast.parse(text_of(path), filename=str(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree(path)))


def imported_modules(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything a file imports, inside functions as well."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and room of everything a file imports."""
    for line, name in imported_modules(path):
        yield line, name.partition(".")[0]


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT).as_posix()}:{line}"


def in_a_fresh_python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# Modules are imported one by one, submodules too, except __main__, which would run.
LOADED_AFTER = """
import importlib, pkgutil, sys
for name in {names!r}:
    module = importlib.import_module(name)
    for found in pkgutil.walk_packages(getattr(module, "__path__", []), name + "."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
print(sorted({unwanted!r} & set(sys.modules)))
"""


def test_every_part_has_its_place_in_the_table():
    assert parts() - OUTSIDE - set(MAY_IMPORT) == set()


def test_imports_go_one_way():
    ours = parts()
    wrong = [
        f"{place(path, line)} imports {name}"
        for path in sources()
        for line, name in imported(path)
        if name in ours and name != part_of(path) and name not in MAY_IMPORT[part_of(path)]
    ]
    assert not wrong


def test_kinds_of_documents_do_not_import_one_another():
    folder = ROOT / "documents"
    kinds = {path.name for path in folder.iterdir() if path.is_dir()}
    wrong = [
        f"{place(path, node.lineno)} imports {node.module}"
        for kind in kinds
        for path in sorted((folder / kind).glob("*.py"))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        and (module := str(node.module)).startswith("documents.")
        and module.split(".")[1] in kinds - SHARED_BY_DOCUMENTS - {kind}
    ]
    assert not wrong


def occasion_of(path: Path) -> str:
    """The occasion a file of screens/ belongs to: its folder, or the module itself."""
    return path.relative_to(ROOT / "screens").parts[0].removesuffix(".py")


def occasions_imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and occasion of everything that a file imports from screens/."""
    for line, name in imported_modules(path):
        if name.startswith("screens."):
            yield line, name.split(".")[1]


def test_no_occasion_imports_another():
    wrong = [
        f"{place(path, line)} imports {name}"
        for path in sources()
        if part_of(path) == "screens"
        for line, name in occasions_imported(path)
        if name not in {*SHARED_BY_OCCASIONS, occasion_of(path)}
    ]
    assert not wrong


def test_pages_are_short():
    long = {
        path.name: lines
        for path in sources()
        if part_of(path) == "pages"
        and (lines := len(text_of(path).splitlines())) > MOST_LINES_OF_A_PAGE
    }
    assert not long


def test_the_table_has_no_circle():
    seen: set[str] = set()
    remaining = {name: set(below) for name, below in MAY_IMPORT.items()}
    while remaining:
        lowest = {name for name, below in remaining.items() if below <= seen}
        assert lowest, f"these import each other: {sorted(remaining)}"
        seen |= lowest
        remaining = {name: below for name, below in remaining.items() if name not in lowest}


def test_only_the_screen_imports_streamlit():
    wrong = [
        place(path, line)
        for path in sources()
        for line, name in imported(path)
        if name == "streamlit" and part_of(path) not in MAY_IMPORT_STREAMLIT
    ]
    assert not wrong


def test_the_rest_leaves_streamlit_unloaded():
    names = sorted(set(MAY_IMPORT) - MAY_IMPORT_STREAMLIT)
    assert in_a_fresh_python(LOADED_AFTER.format(names=names, unwanted={"streamlit"})) == "[]"


def test_loaders_know_no_database_screen_or_frame():
    unwanted = {"duckdb", "streamlit", "pandas", "plotly"}
    assert in_a_fresh_python(LOADED_AFTER.format(names=["loaders"], unwanted=unwanted)) == "[]"


def test_words_and_run_need_the_standard_library_only():
    # run.py starts before anything is installed; words are needed by everything.
    installed = {"duckdb", "streamlit", "pandas", "plotly", "openpyxl", "docx"}
    names = ["words", "run"]
    assert in_a_fresh_python(LOADED_AFTER.format(names=names, unwanted=installed)) == "[]"


def test_sql_lives_in_sql_files():
    wrong = []
    for path in sources():
        prose = {
            id(node.value)
            for node in nodes(path)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        wrong += [
            place(path, node.lineno)
            for node in nodes(path)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in prose
            and SQL.search(node.value)
        ]
    assert not wrong
    elsewhere = [
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.sql")
        if path.relative_to(ROOT).parts[0] not in {"warehouse", "metrics", "accounts", *OUTSIDE}
        and not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
    ]
    assert not elsewhere


def test_names_say_what_a_thing_is():
    named = [
        place(path, node.lineno)
        for path in sources(outside=True)
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
        and node.name.lower().strip("_") in BANNED_NAMES
    ]
    modules = [
        path.relative_to(ROOT).as_posix()
        for path in sources(outside=True)
        if {part.removesuffix(".py").lower() for part in path.relative_to(ROOT).parts}
        & BANNED_NAMES
    ]
    bare = [
        place(path, node.lineno)
        for path in sources(outside=True)
        for node in nodes(path)
        if (isinstance(node, ast.Name) and node.id == "df")
        or (isinstance(node, ast.arg) and node.arg == "df")
    ]
    assert not named + modules + bare


def test_no_module_is_too_long_to_read():
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in sources()
        if (lines := len(text_of(path).splitlines())) > MOST_LINES
    }
    assert not long


def test_every_module_says_what_it_owns():
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if text_of(path).strip() and not ast.get_docstring(tree(path))
    ]
    assert not silent


def test_nothing_refers_to_one_machine():
    # Put together here, so that this file does not refer to them either.
    folders = ("work", "root", "home", "Users", "tmp")
    machine = re.compile(
        rf"(?<![\w.~/-])/({'|'.join(folders)})/\w|[A-Z]:\\\\?Users|"
        + re.escape("/".join(["..", "shared"]))
    )
    wrong = []
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT)
        hidden = any(
            part.startswith(".") and part not in (".ci", ".streamlit") for part in inside.parts
        )
        if hidden or "__pycache__" in inside.parts or not path.is_file():
            continue
        # What issuers wrote, and what the program wrote, is not ours.
        if inside.parts[0] == "data" and "reference" not in inside.parts:
            continue
        if path.suffix in READ_AS_TEXT:
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
                if machine.search(line):
                    wrong.append(place(path, number))
    assert not wrong
