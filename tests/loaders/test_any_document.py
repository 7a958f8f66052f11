"""Whatever is handed in: every row accounted for, and nothing but LedgerError ever leaves."""

import contextlib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_documents import HEADER, LEFT, UP, save_csv, save_docx, save_html, save_xlsx

from loaders import LedgerError, preview, read_ledger

TEXTS = st.sampled_from(
    [
        *("", "", UP, UP, LEFT),
        *HEADER,
        *(
            "一、组织保障（4分）",
            "（一）领导",
            "组\n织",
            "八、加分项",
            "合计",
            "注：按月报送。",
            "同上",
        ),
        *("制定办法，每月通报1次。", "1.公示信息。2.公布清单。（2分）", "11.归集信息，助力政策"),
        *(
            "厅法规处",
            "厅法规处牵头、人事处配合",
            "各市、县（区）交通运输局",
            "2020年12月",
            "持續推進",
        ),
        *(
            "2",
            "每项2分",
            "得4分；未成立不得分。",
            "80%",
            "已完成",
            "\u200b",
            "‮",
            "=1+1",
            "<b>",
            "|",
            "\t",
        ),
    ]
)
EXTRA = st.sampled_from(["序号", "分值", "评分标准", "备注", "进度", "考核人", "完成时间", ""])
FORMS = {".csv": save_csv, ".docx": save_docx, ".xlsx": save_xlsx, ".html": save_html}


@st.composite
def tables(draw):
    """A header somewhere, repeated at random, over rows of anything with random merges."""
    extra = draw(st.lists(EXTRA, max_size=3))
    header = [*HEADER, *extra]
    rows = draw(st.lists(st.lists(TEXTS, min_size=len(header), max_size=len(header)), max_size=8))
    for _ in range(draw(st.integers(0, 2))):
        rows.insert(draw(st.integers(0, len(rows))), list(header))
    return rows or [header]


def rectangular(rows):
    """Without merges that no program draws: upward from the first row, leftward from the first
    column, and those that are no rectangle."""
    clean = [list(row) for row in rows]
    for i, row in enumerate(clean):
        for j, cell in enumerate(row):
            above_merges = i and clean[i - 1][j] in (LEFT,)
            if (cell == UP and (i == 0 or above_merges)) or (
                cell == LEFT and (j == 0 or row[j - 1] == UP)
            ):
                row[j] = ""
            if row[j] == LEFT and i + 1 < len(clean) and clean[i + 1][j] == UP:
                clean[i + 1][j] = ""
        for j, cell in enumerate(row):
            if cell == LEFT and i + 1 < len(clean):
                k = j
                while k and row[k] == LEFT:
                    k -= 1
                for column in range(k, j + 1):
                    if clean[i + 1][column] == UP:
                        clean[i + 1][column] = ""
    return clean


def check(path):
    """Read it; when it can be read, every row and every cell must be accounted for."""
    with contextlib.suppress(LedgerError):
        seen = preview(path)
        ledger = seen.ledger
        assert ledger.tasks
        assert sum(row.tasks for row in ledger.rows) == len(ledger.tasks)
        assert [task.number for task in ledger.tasks] == list(range(1, len(ledger.tasks) + 1))
        assert sum(len(table.rows) for table in seen.tables) == len(ledger.rows)
        known = {"title", "header", "task", "total", "note", "blank"}
        assert {row.reading for row in ledger.rows} <= known
        assert not [row for row in ledger.rows if row.reading == "blank" and row.text]
        return ledger
    return None


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=tables(), form=st.sampled_from([*FORMS]))
def test_any_table_in_any_form(rows, form, tmp_path):
    check(FORMS[form](tmp_path / f"台账2020{form}", ["湖南省2020年台账"], rectangular(rows)))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lines=st.lists(
        st.one_of(
            TEXTS,
            st.lists(TEXTS, min_size=2, max_size=6).map(" | ".join),
            st.lists(TEXTS, min_size=2, max_size=6).map("\t".join),
            st.sampled_from(
                [
                    "|",
                    "一、建设",
                    "（一）制定办法。印发。（厅法规处）",
                    "牵头单位：厅法规处",
                    "|---|---|",
                ]
            ),
        ),
        max_size=40,
    ),
    header=st.sampled_from(["\n", "\n|\n", " | ", "\t"]),
)
def test_any_text(lines, header, tmp_path):
    path = tmp_path / "台账.txt"
    path.write_text("\n".join([header.join(HEADER), *lines]), encoding="utf-8")
    check(path)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    content=st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
        st.tuples(
            st.sampled_from(
                [b"%PDF-1.4\n", b"PK\x03\x04", b"<html><table><tr><td>", b"\xff\xfe", b"{\\rtf"]
            ),
            st.binary(max_size=200),
        ).map(b"".join),
    ),
    extension=st.sampled_from(
        [
            ".txt",
            ".csv",
            ".html",
            ".pdf",
            ".docx",
            ".xlsx",
            ".xls",
            ".doc",
            ".rtf",
            ".odt",
            ".md",
            "",
        ]
    ),
)
def test_any_bytes_under_any_name(content, extension, tmp_path):
    path = tmp_path / f"a{extension}"
    path.write_bytes(content)
    with contextlib.suppress(LedgerError):
        read_ledger(path)
