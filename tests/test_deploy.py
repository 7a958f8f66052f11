"""What 部署.md hands out works: the service and the proxy are read by the programs they are for."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "docs" / "deploy"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_accepts_the_service(tmp_path: Path):
    unit = (DEPLOY / "credit.service").read_text(encoding="utf-8")
    # systemd looks for the program and the folders themselves.
    unit = unit.replace("/usr/bin/python3", sys.executable).replace("/opt/credit", str(ROOT))
    unit = unit.replace("User=credit", "User=root").replace("Group=credit", "Group=root")
    path = tmp_path / "credit.service"
    path.write_text(unit, encoding="utf-8")
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(path)], capture_output=True, encoding="utf-8"
    )
    told = [line for line in verified.stderr.splitlines() if "credit.service" in line]
    assert (verified.returncode, told) == (0, [])


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_accepts_the_proxy(tmp_path: Path):
    command = ["openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-subj", "/CN=a"]
    made = [*command, "-keyout", tmp_path / "credit.key", "-out", tmp_path / "credit.crt"]
    subprocess.run(made, check=True, capture_output=True)
    proxy = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    proxy = proxy.replace("/etc/nginx/ssl", str(tmp_path))
    proxy = proxy.replace("listen 80", "listen 18080").replace("listen 443", "listen 18443")
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/log; events {{}} http {{ access_log off; {proxy} }}",
        encoding="utf-8",
    )
    tested = subprocess.run(
        ["nginx", "-t", "-p", tmp_path, "-e", tmp_path / "log", "-c", tmp_path / "nginx.conf"],
        capture_output=True,
        encoding="utf-8",
    )
    assert tested.returncode == 0, tested.stderr


def test_the_proxy_lets_through_what_the_platform_takes():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    proxy = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    (megabytes,) = re.findall(r"client_max_body_size (\d+)m;", proxy)
    assert int(megabytes) > settings["server"]["maxUploadSize"]
    assert "proxy_set_header Upgrade $http_upgrade;" in proxy


def test_every_file_that_the_page_names_is_there():
    page = (ROOT / "docs" / "部署.md").read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#]+)\)", page):
        assert (ROOT / "docs" / link).is_file(), link
    headings = re.findall(r"^## (.+)$", page, re.M)
    anchors = [heading.lower().replace(" ", "-") for heading in headings]
    contents = next(line for line in page.splitlines() if line.startswith("**目录**"))
    assert re.findall(r"\]\(#([^)]+)\)", contents) == anchors
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) == set(anchors)
