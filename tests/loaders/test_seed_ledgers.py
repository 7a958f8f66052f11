"""The two issued ledgers, as text and saved in every form, against the hand-checked rows."""

import pytest
from ledger_documents import LEDGERS, SAVE, SEEDS, golden_rows, save_csv, seed_table, values

from loaders import read_ledger


@pytest.mark.parametrize("seed", SEEDS)
def test_issued_text_gives_the_hand_checked_tasks(seed):
    assert values(read_ledger(LEDGERS / f"{seed}.txt")) == golden_rows(seed)


@pytest.mark.parametrize("form", SAVE)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_form_gives_the_same_tasks(seed, form, tmp_path):
    path = SAVE[form](tmp_path / f"{seed}{form}", *seed_table(seed))
    assert values(read_ledger(path)) == golden_rows(seed)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_the_encodings_offices_use(encoding, tmp_path):
    path = save_csv(tmp_path / "ningxia-2020.csv", *seed_table("ningxia-2020"), encoding=encoding)
    ledger = read_ledger(path)
    assert values(ledger) == golden_rows("ningxia-2020")
    assert ledger.title.startswith("宁夏回族自治区")


def test_csv_separated_by_tabs(tmp_path):
    path = tmp_path / "hunan-2019.csv"
    path.write_bytes((LEDGERS / "hunan-2019.txt").read_bytes())
    assert values(read_ledger(path)) == golden_rows("hunan-2019")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("form", [".txt", *SAVE])
def test_every_source_row_is_accounted_for(seed, form, tmp_path):
    path = LEDGERS / f"{seed}.txt"
    if form != ".txt":
        path = SAVE[form](tmp_path / f"{seed}{form}", *seed_table(seed))
    ledger = read_ledger(path)
    assert sum(row.tasks for row in ledger.rows) == len(ledger.tasks)
    tasks_in = [row.place.row for row in ledger.rows if row.reading == "task"]
    assert len(set(tasks_in)) == len(tasks_in)
    assert not [row for row in ledger.rows if row.reading == "note"]
    headers = {"ningxia-2020": 1, "hunan-2019": 4}[seed]
    assert [row.reading for row in ledger.rows].count("header") == headers


def test_title_region_and_year():
    ningxia = read_ledger(LEDGERS / "ningxia-2020.txt")
    assert ningxia.title == "宁夏回族自治区“信用交通省”建设指标体系任务分工台账"
    assert (ningxia.region, ningxia.year) == ("宁夏", 2020)
    hunan = read_ledger(LEDGERS / "hunan-2019.txt")
    assert hunan.title == "湖南省交通运输厅2019年信用体系建设任务分解清单"
    assert (hunan.region, hunan.year) == ("湖南", 2019)


def test_only_the_group_that_cannot_be_mapped_is_doubtful():
    assert read_ledger(LEDGERS / "ningxia-2020.txt").issues == ()
    (issue,) = read_ledger(LEDGERS / "hunan-2019.txt").issues
    assert "二级指标有 2 条、任务有 4 项" in issue.message


def test_every_task_keeps_the_place_of_its_cell():
    place = read_ledger(LEDGERS / "ningxia-2020.txt").tasks[1].place
    assert str(place) == "ningxia-2020.txt 第 18 行 第 3 列"


def test_an_upload_is_known_by_its_own_name(tmp_path):
    upload = tmp_path / "tmp8x1"
    upload.write_bytes((LEDGERS / "ningxia-2020.txt").read_bytes())
    ledger = read_ledger(upload, name="宁夏2020.txt")
    assert ledger.file == ledger.tasks[0].place.file == "宁夏2020.txt"
