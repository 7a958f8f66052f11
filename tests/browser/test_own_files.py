"""Files of a page go to the login that the page is of: another person's, with the address, gets nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Server, StartServer
from playwright.sync_api import Browser, BrowserContext
from test_accounts_journey import PASSWORD, PEOPLE, log_in

from accounts import Store
from accounts.passwords import hashed

SCRIPT = """
import numpy as np
import streamlit as st

st.image(np.zeros((8, 8, 3), dtype="uint8"))
st.download_button("现成", b"of one login", "ready.txt")
st.download_button("现做", lambda: b"made for one login", "made.txt")
st.file_uploader("放入")
"""


@pytest.fixture
def files(start_server: StartServer, tmp_path: Path) -> Server:
    """A page with an image, two files to take away and one to bring, behind the door."""
    script = tmp_path / "files_app.py"
    script.write_text(SCRIPT, encoding="utf-8")
    store = Store(tmp_path / "accounts.sqlite3")
    for account in ("guanli", "yunshu"):
        name, role, units = PEOPLE[account]
        store.add(account, name, role, hashed(PASSWORD), units=units, must_change=False)
    store.close()
    return start_server(script, data=tmp_path)


def status(context: BrowserContext, address: str, **given: str) -> int:
    return context.request.fetch(address, **given).status


def test_another_login_gets_no_file_by_its_address(files: Server, browser: Browser):
    whose = {}
    for account in ("yunshu", "guanli"):
        context = browser.new_context()
        page = context.new_page()
        page.goto(files.url)
        log_in(page, account)
        files.settle(page)
        whose[account] = context, page
    (context, page), (other, _) = whose["yunshu"], whose["guanli"]
    # The other page shows the same: equal content is one file, and each has its own right to it.
    image = page.locator("img[src*='/media/']").evaluate("image => image.src")
    assert [status(each, image) for each in (context, other)] == [200, 200]
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    for title in ("现成", "现做"):
        with page.expect_download() as taken:
            page.get_by_role("button", name=title).click()
        assert "one login" in taken.value.path().read_text()
    made = next(each for each in reversed(sent) if "/media/" in each)
    assert [status(each, made) for each in (context, other)] == [200, 404]
    with page.expect_request(lambda request: "/upload_file/" in request.url) as brought:
        page.locator("input[type=file]").set_input_files(
            {"name": "a.txt", "mimeType": "text/plain", "buffer": b"of one login"}
        )
    address = brought.value.url
    files.settle(page)
    assert status(other, address, method="DELETE") == 404
    # Past the door Streamlit asks for the key that its own page sends along.
    assert status(context, address, method="DELETE") == 403
    for each, _ in whose.values():
        each.close()
    files.stop()
