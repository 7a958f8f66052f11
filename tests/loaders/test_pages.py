"""Pages saved from government sites."""

import pytest
from ledger_documents import HEADER, SAVE, golden_rows, save_html, seed_table, values

from loaders import LedgerError, read_ledger

ROW = ("一、组织保障", "（一）领导", "制定办法。", "厅法规处", "2020年6月")


@pytest.fixture
def read(tmp_path):
    """Read a page given as its body."""

    def read(body, name="台账2020.html", encoding="utf-8", head=""):
        path = tmp_path / name
        path.write_bytes(f"<html><head>{head}</head><body>{body}</body></html>".encode(encoding))
        return read_ledger(path)

    return read


def drawn(*rows, tag="td"):
    return "".join(f"<tr>{''.join(f'<{tag}>{c}</{tag}>' for c in row)}</tr>" for row in rows)


def messages(ledger):
    return [issue.message for issue in ledger.issues]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gb2312", "utf-16"])
def test_encodings(read, encoding):
    declared = "gb2312" if encoding.startswith("gb") else "utf-8"
    head = f'<meta charset="{declared}">'
    body = f"<table>{drawn(HEADER, ROW)}</table>"
    assert read(body, encoding=encoding, head=head).tasks[0].task == "制定办法。"


def test_a_character_outside_the_declared_encoding(read):
    # 镕 is in GBK, not in the GB2312 the page declares.
    body = f"<table>{drawn(HEADER, [*ROW[:2], '由朱镕办理。', *ROW[3:]])}</table>"
    ledger = read(body, encoding="gbk", head='<meta charset="gb2312">')
    assert ledger.tasks[0].task == "由朱镕办理。"


@pytest.mark.parametrize("seed", ["ningxia-2020", "hunan-2019"])
def test_a_page_in_gb18030(seed, tmp_path):
    path = save_html(tmp_path / f"{seed}.htm", *seed_table(seed), encoding="gb18030")
    assert values(read_ledger(path)) == golden_rows(seed)


def test_rows_whose_merged_first_cells_are_missing(read):
    ledger = read(
        "<table>"
        + drawn(
            HEADER,
            ROW,
            ("公布办法。", "厅人事处", "2020年7月"),
            ("（二）落实", "每月调度一次。", "厅法规处、运输处", "持续推进"),
            ("每季度通报。", "厅办公室", "2020年12月"),
            ("二、公开", "（三）公示", "公示信息。", "厅信息中心", "2020年8月"),
        )
        + "</table>"
    )
    assert [(t.level1, t.level2, t.task) for t in ledger.tasks] == [
        ("组织保障", "领导", "制定办法。"),
        ("组织保障", "领导", "公布办法。"),
        ("组织保障", "落实", "每月调度一次。"),
        ("组织保障", "落实", "每季度通报。"),
        ("公开", "公示", "公示信息。"),
    ]
    assert not any(t.responsible_inherited or t.deadline_inherited for t in ledger.tasks)
    assert messages(ledger) == []


def test_a_shift_that_could_be_read_in_two_ways_is_doubtful(read):
    header = ("一级指标", "二级指标", "目标任务", "责任单位", "备注", "说明事项")
    ledger = read(
        f"<table>{drawn(header, ('办好各项会议活动并做好总结。', '厅办公室', '会议活动'))}</table>"
    )
    assert ledger.tasks[0].responsible_text == "厅办公室"
    assert any("按内容归入相应的列" in message for message in messages(ledger))


def test_a_short_row_that_lacks_its_end_is_not_moved(read):
    ledger = read(f"<table>{drawn(HEADER, ROW, ('二、公开', '（二）公示', '公示信息。'))}</table>")
    task = ledger.tasks[1]
    assert (task.level1, task.level2, task.task) == ("公开", "公示", "公示信息。")
    assert (task.responsible_inherited, task.deadline_inherited) == (True, True)


def test_several_tables_and_those_that_only_lay_out(read):
    second = drawn(HEADER, ("二、公开", "", "公示信息。", "厅信息中心", "2020年8月"))
    ledger = read(
        "<table><tr><td>首页</td><td>机构</td></tr><tr><td>a</td><td>b</td></tr></table>"
        f"<h1>湖南省2020年任务清单</h1><table>{drawn(HEADER, ROW)}</table><p>续表</p><table>{second}</table>"
        "<table><tr><td>主办：省交通运输厅</td></tr></table>"
    )
    assert [t.task for t in ledger.tasks] == ["制定办法。", "公示信息。"]
    assert (ledger.title, ledger.region, ledger.year) == ("湖南省2020年任务清单", "湖南", 2020)
    assert messages(ledger) == []


def test_another_table_is_left_out_with_a_word(read):
    other = drawn(("姓名", "电话", "邮箱"), ("张三", "1", "2"))
    ledger = read(f"<table>{drawn(HEADER, ROW)}</table><table>{other}</table>")
    assert messages(ledger) == ["“表2”中没有找到台账表头，没有读入"]


def test_what_a_reader_of_the_page_does_not_see(read):
    body = (
        f"<script>目标任务</script><div style='display: none'>2019年旧版</div><table>{drawn(HEADER, ROW)}"
        "<tr><td></td><td></td><td>公布<span style='display:none'>隐藏</span>办&nbsp;法<br>并宣传。</td>"
        "<td>厅法规处</td><td>2020年<wbr>7月</td></tr></table>"
    )
    assert [t.task for t in read(body).tasks] == ["制定办法。", "公布办 法并宣传。"]


def test_a_page_under_the_name_of_a_workbook(read):
    assert (
        read(f"<table>{drawn(HEADER, ROW)}</table>", name="导出2020.xls").tasks[0].level1
        == "组织保障"
    )


def test_a_plan_in_the_text_of_a_page(read):
    ledger = read(
        "<table><tr><td>首页</td></tr></table><h1>2020年工作要点</h1><p>一、加强建设</p>"
        "<p>（一）制定办法。印发管理办法。（厅法规处牵头，6月底前完成）</p>"
    )
    (task,) = ledger.tasks
    assert (task.level1, task.level2, task.task) == ("加强建设", "制定办法", "印发管理办法。")
    assert (task.responsible_text, str(task.due_on)) == ("厅法规处牵头", "2020-06-30")


@pytest.mark.parametrize("spans", ['rowspan="0"', 'rowspan="x"', 'rowspan="-1"', 'colspan="9999"'])
def test_odd_spans(read, spans):
    rows = drawn(HEADER, ROW).replace("<td>（一）领导", f"<td {spans}>（一）领导")
    assert read(f"<table>{rows}{drawn(ROW)}</table>").rows


def test_a_table_of_a_million_cells(read):
    rows = '<tr><td colspan="60" rowspan="9000">a</td></tr>' * 20_000
    with pytest.raises(LedgerError, match="文件超过 50000 行、500000 格"):
        read(f"<table>{rows}</table>")


def test_deep_nesting(read):
    with pytest.raises(LedgerError):
        read("<div>" * 20_000 + "目标任务")


def test_every_form_is_tested_with_pages():
    assert ".html" in SAVE
