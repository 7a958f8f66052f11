"""The frame around every page: what it says of the data beneath."""

from __future__ import annotations

from on_screen import tiles

from warehouse import Warehouse, open_office


def test_newer_data_are_offered_and_not_mixed_in(visit, monkeypatch):
    at = visit("overview", demo=True, as_of="2020-09-30")
    version = open_office(demonstration=True).warehouse.data_version
    assert f"数据版本 {version}" in [caption.value for caption in at.caption]
    assert not [button for button in at.button if button.key == "newest_version"]
    shown = tiles(at)
    with monkeypatch.context() as patch:
        # As when somebody stores something while the page stands there.
        patch.setattr(Warehouse, "newest_version", property(lambda _: version + 1))
        at.run()
        assert at.button(key="newest_version").label == ("有新录入的数据，点此更新")
        assert tiles(at) == shown
    at.button(key="newest_version").click().run()
    assert not at.exception
    assert f"数据版本 {version}" in [caption.value for caption in at.caption]
