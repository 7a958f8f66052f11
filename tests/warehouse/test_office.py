"""The office's name and contact: kept, corrected, and asked for."""

from __future__ import annotations

import pytest

from warehouse import Warehouse, WarehouseError
from warehouse.entries.office import OfficeDetails, keep_office_details, office_details


def test_the_newest_details_count(warehouse: Warehouse):
    assert office_details(warehouse) == OfficeDetails()
    keep_office_details(warehouse, OfficeDetails("省厅", "邮箱", "张三", "1"), recorded_by="李四")
    keep_office_details(warehouse, OfficeDetails("省厅", "邮箱", " 王五 ", "1"), recorded_by="李四")
    assert office_details(warehouse) == OfficeDetails("省厅", "邮箱", "王五", "1")
    version = warehouse.data_version
    with pytest.raises(WarehouseError, match="没有改动"):
        keep_office_details(warehouse, office_details(warehouse), recorded_by="李四")
    with pytest.raises(WarehouseError, match="请填写填报人"):
        keep_office_details(warehouse, OfficeDetails(), recorded_by="")
    assert warehouse.data_version == version
