"""Six ledgers that offices published, as saved from their pages, against rows listed by hand.

Five of them break off where the saving did; what stands there is listed, and said to be cut.
"""

import csv

import pytest
from ledger_documents import DOCUMENTS, values

from loaders import preview, read_ledger

GOLDEN = DOCUMENTS.parent / "golden_public"
PUBLIC = sorted(path.stem for path in GOLDEN.glob("*.csv"))
CUT = [name for name in PUBLIC if "COMPLETE" not in name]


def listed(name):
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read(name):
    return read_ledger(DOCUMENTS / f"{name}.txt")


@pytest.mark.parametrize("name", PUBLIC)
def test_the_tasks_a_careful_clerk_lists(name):
    ledger = read(name)
    rows = [
        row | {"points": "" if t.points is None else f"{t.points:g}", "criterion": t.criterion}
        for row, t in zip(values(ledger), ledger.tasks, strict=True)
    ]
    assert rows == listed(name)


@pytest.mark.parametrize("name", PUBLIC)
def test_only_a_text_that_breaks_off_is_said_to(name):
    cut = [issue for issue in read(name).issues if "处中断" in issue.message]
    assert len(cut) == (name in CUT)
    if cut:
        assert cut[0].place == read(name).tasks[-1].place


@pytest.mark.parametrize("name", PUBLIC)
def test_every_line_with_text_is_in_a_row(name):
    seen = preview(DOCUMENTS / f"{name}.txt")
    shown = "".join(row.text for row in seen.ledger.rows)
    text = (DOCUMENTS / f"{name}.txt").read_text(encoding="utf-8")
    # Bars are drawing, and a bracket lost in the saving is put back.
    written = [c for line in text.split("\n") for c in line if c.strip() and c not in "|（"]
    rest = iter(c for c in shown if c.strip() and c not in "|（")
    assert [c for c in written if c not in shown] == []
    assert len(list(rest)) >= 0.9 * len(written)


def test_title_region_and_year():
    ledgers = {name[:2]: read(name) for name in PUBLIC}
    found = {n: (ledger.title, ledger.region, ledger.year) for n, ledger in ledgers.items()}
    assert found["01"] == (
        "天津市交通运输委员会关于落实《天津市“信用交通省”创建工作实施方案》任务分工",
        "天津",
        2018,
    )
    assert found["03"] == ("2024年全市交通运输信用体系建设工作要点", "重庆", 2024)
    assert found["06"] == ("2024年全省交通运输信用建设工作计划", "浙江", 2024)
    assert found["07"] == ("2016年度交通运输系统社会信用体系建设工作任务分解表", "", 2016)
    # Neither the page's address nor the file name says a year.
    assert [found[n][2] for n in ("30", "31")] == [None, None]


def test_what_is_doubtful_besides():
    messages = {name[:2]: [i.message for i in read(name).issues] for name in PUBLIC}
    assert "责任单位“各区交通运输主”不像单位名称，请核对" in messages["01"]
    assert "“工作组织推进力度”写明 20 分，其下合计 4 分，请核对" in messages["07"]
    assert messages["30"] == ["完成时限“年底前”没有年份，文件中也没有写明年份"]
