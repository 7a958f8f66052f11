"""`python -m loaders` as a user calls it, and what importing the package costs."""

import subprocess
import sys

import pytest
from ledger_documents import GOLDEN, LEDGERS, ROOT, SEEDS


def run(*arguments):
    return subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=ROOT, capture_output=True, check=False
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_prints_the_golden_file_byte_for_byte(seed):
    done = run("-m", "loaders", LEDGERS / f"{seed}.txt")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == (GOLDEN / f"{seed}.csv").read_bytes()


def test_issues_end_with_the_count_of_rows():
    done = run("-m", "loaders", "--issues", LEDGERS / "hunan-2019.txt")
    doubt, count = done.stdout.decode().splitlines()
    assert done.returncode == 0
    assert doubt.startswith("hunan-2019.txt 第 44 行 第 4 列：")
    assert count == (
        "hunan-2019.txt：47 行 = 标题 8 行、表头 4 行、任务 21 行、合计 0 行、说明 0 行、空白 14 行；"
        "读出 23 项任务，1 处疑点"
    )


def test_a_bad_file_is_one_line_and_exit_code_1(tmp_path):
    (tmp_path / "a.docx").write_bytes(b"")
    done = run("-m", "loaders", tmp_path / "a.docx")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().splitlines() == [
        f"{tmp_path / 'a.docx'}：文件是空的（0 字节），请重新导出后再导入"
    ]


def test_a_bad_file_does_not_hide_a_good_one(tmp_path):
    done = run("-m", "loaders", tmp_path / "none.txt", LEDGERS / "hunan-2019.txt")
    assert done.returncode == 1
    assert done.stdout == (GOLDEN / "hunan-2019.csv").read_bytes()


def test_importing_loads_no_heavy_library():
    heavy = "{'streamlit', 'duckdb', 'pandas', 'docx', 'openpyxl', 'lxml', 'pdfplumber'}"
    done = run("-c", f"import sys, loaders; print({heavy} & sys.modules.keys())")
    assert done.stdout.strip() == b"set()"
