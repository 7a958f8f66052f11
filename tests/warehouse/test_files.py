"""Evidence files: kept once under their content's hash, and only of the kinds accepted."""

from __future__ import annotations

import pytest

from warehouse import Warehouse, WarehouseError
from warehouse.entries.files import MOST_BYTES, folder, keep_file, kept_file, supply_again

PDF = b"%PDF-1.4 notice"


def kept(warehouse: Warehouse) -> list[str]:
    return sorted(path.name for path in folder(warehouse).rglob("*") if path.is_file())


def test_a_file_comes_back_as_it_was_and_is_kept_once(warehouse: Warehouse):
    first = keep_file(warehouse, "通知.pdf", PDF)
    second = keep_file(warehouse, "另一个名字.PDF", PDF)
    assert first == second
    assert kept_file(warehouse, first) == PDF
    assert kept(warehouse) == [first]


def test_a_name_never_leads_out_of_the_folder(warehouse: Warehouse):
    sha256 = keep_file(warehouse, "../../../etc/通知.pdf", PDF)
    assert kept(warehouse) == [sha256]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("运行.exe", b"MZ", "不接受“运行.exe”这类文件"),
        ("没有后缀", PDF, "不接受“没有后缀”这类文件"),
        ("空.pdf", b"", "“空.pdf”是空文件"),
        ("大.pdf", PDF + b" " * MOST_BYTES, "超过 20 MB 的上限"),
        ("改名.pdf", b"MZ\x90", "“改名.pdf”的内容不是 pdf 文件"),
        ("图片.png", b"<svg onload=alert(1)>", "“图片.png”的内容不是 png 文件"),
    ],
)
def test_what_is_not_accepted_is_not_kept(
    warehouse: Warehouse, name: str, content: bytes, reason: str
):
    with pytest.raises(WarehouseError, match=reason):
        keep_file(warehouse, name, content)
    assert kept(warehouse) == []


@pytest.mark.usefixtures("without_record")
def test_a_missing_or_altered_file_is_said_so(warehouse: Warehouse):
    sha256 = keep_file(warehouse, "通知.pdf", PDF)
    (path,) = (p for p in folder(warehouse).rglob("*") if p.is_file())
    path.write_bytes(b"%PDF-1.4 forged")
    with pytest.raises(WarehouseError, match="被改动过"):
        kept_file(warehouse, sha256)
    path.unlink()
    with pytest.raises(WarehouseError, match=r"不在 .*-evidence 文件夹中"):
        kept_file(warehouse, sha256)


@pytest.mark.usefixtures("without_record")
def test_a_lost_file_is_supplied_again_when_it_is_the_very_one(warehouse: Warehouse):
    sha256 = keep_file(warehouse, "通知.pdf", PDF)
    (path,) = (p for p in folder(warehouse).rglob("*") if p.is_file())
    path.write_bytes(b"%PDF-1.4 forged")
    given = {"recorded_by": "张三"}
    with pytest.raises(WarehouseError, match="不是当初登记的那个文件"):
        supply_again(warehouse, sha256, "通知.pdf", b"%PDF-1.4 other", **given)
    with pytest.raises(WarehouseError, match="请填写填报人"):
        supply_again(warehouse, sha256, "通知.pdf", PDF, recorded_by=" ")
    supply_again(warehouse, sha256, "通知.pdf", PDF, **given)
    assert kept_file(warehouse, sha256) == PDF
    # What was altered lies beside it.
    assert len(kept(warehouse)) == 2
    version = warehouse.data_version
    with pytest.raises(WarehouseError, match="已经补回"):
        supply_again(warehouse, sha256, "通知.pdf", PDF, **given)
    assert warehouse.data_version == version
