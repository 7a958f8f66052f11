"""The office's name and contact, and those of the units: kept, corrected, and asked for."""

from __future__ import annotations

from uuid import UUID

import pytest

from warehouse import Warehouse, WarehouseError
from warehouse.entries.office import (
    Contact,
    OfficeDetails,
    keep_contacts,
    keep_office_details,
    office_details,
    unit_contacts,
)


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


def test_the_newest_contact_of_each_unit_counts(warehouse: Warehouse):
    first, second = UUID(int=1), UUID(int=2)
    given = {first: ("甲处", Contact(" 张三 ", "1")), second: ("乙局", Contact())}
    assert keep_contacts(warehouse, given, recorded_by="李四") == 1
    assert unit_contacts(warehouse) == {first: Contact("张三", "1")}
    with pytest.raises(WarehouseError, match="没有改动"):
        keep_contacts(warehouse, given, recorded_by="李四")
    with pytest.raises(WarehouseError, match="请填写填报人"):
        keep_contacts(warehouse, {first: ("甲处", Contact())}, recorded_by="")
    keep_contacts(warehouse, {first: ("甲处", Contact())}, recorded_by="李四")
    assert unit_contacts(warehouse) == {}
