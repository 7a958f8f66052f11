"""Where the browser for the tests is looked for, and what is said when there is none."""

from __future__ import annotations

import chromium
import pytest


def test_find_browser_prefers_the_named_one_and_never_falls_back_from_it():
    on_path = {"chromium": "/usr/bin/chromium", "/opt/mine": "/opt/mine"}.get
    assert chromium.find_browser({"CREDIT_BROWSER": "/opt/mine"}, "linux", on_path) == "/opt/mine"
    assert chromium.find_browser({"CREDIT_BROWSER": "/opt/gone"}, "linux", on_path) is None
    assert chromium.find_browser({}, "linux", on_path) == "/usr/bin/chromium"


def test_find_browser_knows_where_other_systems_keep_theirs():
    edge = "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe"
    environ = {"PROGRAMFILES": "C:\\P", "PROGRAMFILES(X86)": "C:\\Program Files (x86)"}
    assert chromium.find_browser(environ, "win32", {edge: edge}.get) == edge
    mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    assert chromium.find_browser({}, "darwin", {mac: mac}.get) == mac
    assert chromium.find_browser({}, "linux", lambda _: None) is None


def test_no_browser_and_no_apt_fails_with_advice(monkeypatch):
    monkeypatch.setattr(chromium, "find_browser", lambda _: None)
    monkeypatch.setattr(chromium, "has_chinese_font", lambda: True)
    monkeypatch.setattr(chromium, "apt_command", list)
    monkeypatch.setattr(chromium.shutil, "which", lambda _: None)
    monkeypatch.delenv("CREDIT_BROWSER", raising=False)
    with pytest.raises(SystemExit) as end:
        chromium.ready_browser()
    assert "请先" in str(end.value)


def test_other_programs_are_installed_beside_a_browser_that_is_there(monkeypatch, tmp_path):
    ran: list[list[str]] = []
    monkeypatch.setattr(chromium, "find_browser", lambda _: "/usr/bin/chromium")
    monkeypatch.setattr(chromium, "has_chinese_font", lambda: True)
    monkeypatch.setattr(chromium, "apt_command", lambda: ["apt-get"])
    monkeypatch.setattr(chromium, "run_quietly", lambda command: ran.append(list(command)))
    monkeypatch.setattr(chromium.shutil, "which", lambda _: None)
    monkeypatch.setattr(chromium, "DATABASES", tmp_path)
    assert chromium.ready_browser() == "/usr/bin/chromium"
    wanted = [package for packages in chromium.BESIDE.values() for package in packages]
    assert ran[-1][-len(wanted) :] == wanted
    ran.clear()
    monkeypatch.setattr(chromium.shutil, "which", lambda _: "/usr/bin/soffice")
    assert chromium.ready_browser() == "/usr/bin/chromium"
    assert not ran
