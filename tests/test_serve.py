"""serve.py without a browser: the index page, the table of words, the headers, the log."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import errno
import gzip
import logging
import re
import socket
import tomllib
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest
from streamlit import file_util
from streamlit.web.server.starlette import starlette_server

import serve
from web import frontend

ROOT = Path(__file__).resolve().parents[1]

with (ROOT / "web" / "words.csv").open(encoding="utf-8-sig", newline="") as file:
    WORDS = [(row["place"], row["english"], row["chinese"]) for row in csv.DictReader(file)]


def index() -> str:
    return Path(file_util.get_static_dir(), "index.html").read_text(encoding="utf-8")


def test_settings_of_streamlit_can_be_read():
    """Of a file with a mistake Streamlit takes nothing, and says so in the log only."""
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["client"]["disableDataExport"] is True


def test_index_of_this_streamlit_becomes_chinese():
    page = frontend.chinese_index(index(), "./words.js", "./icon.svg")
    assert page.index("./words.js") < page.index('type="module"')
    assert "<script>" not in page  # none inline, so the policy need not allow any
    assert "service-desc" not in page
    assert 'rel="shortcut icon"' not in page
    assert '<div id="root"></div>' in page


def test_index_that_changed_is_refused():
    with pytest.raises(ValueError, match="noscript"):
        frontend.chinese_index(index().replace("noscript", "template"), "./words.js", "./icon.svg")


def test_words_name_known_places_once():
    code = (ROOT / "web" / "chinese.js").read_text(encoding="utf-8")
    places = re.search(r"const PLACES = \{(.*?)\};", code, flags=re.S).group(1)
    known = set(re.findall(r'^\s+"?([\w*]+)"?:', places, flags=re.M)) | {"canvas"}
    assert {place for place, _, _ in WORDS} <= known
    keys = [(place, english) for place, english, _ in WORDS]
    assert len(keys) == len(set(keys))
    assert all(english and chinese for _, english, chinese in WORDS)


def test_words_fill_their_holes():
    for _, english, chinese in WORDS:
        holes = english.count("{}")
        numbered = {int(number) for number in re.findall(r"\{(\d)\}", chinese)}
        assert max(numbered, default=0) <= holes, english
        assert chinese.count("{}") <= holes, english


def test_no_translation_is_translated_again():
    """Or the page would be rewritten for ever: each replacement is seen as a change."""
    for _, _, chinese in WORDS:
        said = re.sub(r"\{\d?\}", "甲", chinese)
        for place, english, _ in WORDS:
            if re.search(r"[A-Za-z]{2}", said) and place != "canvas":
                pattern = "(.+?)".join(map(re.escape, english.split("{}")))
                assert not re.fullmatch(pattern, said, flags=re.S), (said, english)


def test_every_word_is_one_of_streamlits():
    """A word that no bundle of the installed Streamlit says is a leftover or a typing slip."""
    scripts = Path(file_util.get_static_dir(), "static", "js").glob("*.js")
    said = "\n".join(path.read_text(encoding="utf-8") for path in scripts)
    unknown = [
        english
        for _, english, _ in WORDS
        if max((part.strip(" ,.:") for part in english.split("{}")), key=len) not in said
        and not english.startswith(COMPOSED)
    ]
    assert unknown == []


# Put together in the browser from pieces, or said by Streamlit's Python.
COMPOSED = (
    "add icon",
    "File type must be",
    "You can only select up to {}",
    "{} option",
    "Press ",
    "Save (",
    "{} of over 1000",
    "The page that you have requested",
    "You have requested page",
    "This app has encountered an error.",
    "Failed to generate file for download",
)


@pytest.mark.parametrize("begun", frontend.OWN_WAYS)
def test_this_streamlit_has_the_places_that_are_changed(begun):
    """A new Streamlit in which a place is not there needs a new look at frontend.OWN_WAYS."""
    (file,) = Path(file_util.get_static_dir()).glob(f"{begun[1:]}*.js")
    served = frontend.with_own_ways(f"/static/js/{file.name}", file.read_bytes()).decode()
    ours = re.compile(r"linesOfCell\(|headOfColumn\(|searchedText\(")
    assert len(ours.findall(served)) == len(frontend.OWN_WAYS[begun])


def test_headers_name_no_other_host():
    policy = serve.security_headers("127.0.0.1:8501")["Content-Security-Policy"]
    hosts = set(re.findall(r"\w+://(\S+?)[;\s]", policy + " "))
    assert hosts == {"127.0.0.1:8501"}
    assert "'unsafe-inline'" not in re.search(r"script-src[^;]*", policy).group()


def test_host_header_cannot_widen_the_policy():
    policy = serve.security_headers("a; script-src *")["Content-Security-Policy"]
    assert "*" not in policy


SCRIPT = b"const word = 'credit';" * 1000


async def files(scope, _receive, send):
    """Serves SCRIPT in two pieces, or its first bytes, or that it has not changed."""
    asked = dict(scope["headers"])
    kind = b"font/woff2" if scope["path"].endswith("woff2") else b"text/javascript; charset=utf-8"
    headers = [(b"content-type", kind), (b"etag", b"1")]
    if b"if-none-match" in asked:
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    whole = SCRIPT[:10] if b"range" in asked else SCRIPT
    headers.append((b"content-length", str(len(whole)).encode()))
    status = 206 if b"range" in asked else 200
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": whole[:7], "more_body": True})
    await send({"type": "http.response.body", "body": whole[7:]})


def fetched(frame: serve.Frame, path: str, **headers: str) -> tuple[int, dict[bytes, bytes], bytes]:
    """Status, headers and body of what the frame answers."""
    sent = []

    async def send(message):
        sent.append(message)

    named = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    asyncio.run(frame({"type": "http", "path": path, "headers": named}, None, send))
    start, *bodies = sent
    return start["status"], dict(start["headers"]), b"".join(each["body"] for each in bodies)


@pytest.mark.parametrize(
    ("accepted", "coding", "unpacked"),
    [
        ("gzip, br", "gzip", gzip.decompress),
        ("gzip, deflate, br, zstd", "zstd", partial(pa.decompress, codec="zstd", asbytes=True)),
        ("gzip;q=0.5, zstd;q=0", "gzip", gzip.decompress),
    ],
)
def test_streamlits_own_files_go_out_compressed(accepted: str, coding: str, unpacked):
    frame = serve.Frame(files)
    for _ in range(2):
        status, headers, body = fetched(frame, "/static/js/a.js", accept_encoding=accepted)
        assert (status, headers[b"content-encoding"]) == (200, coding.encode())
        assert int(headers[b"content-length"]) == len(body) < len(SCRIPT) / 2
        sizes = {} if coding == "gzip" else {"decompressed_size": len(SCRIPT)}
        assert unpacked(body, **sizes) == SCRIPT
        assert headers[b"vary"] == b"accept-encoding"
        assert b"content-security-policy" in headers


@pytest.mark.parametrize(
    ("path", "headers", "status", "body"),
    [
        ("/static/js/a.js", {}, 200, SCRIPT),
        ("/static/js/a.js", {"accept_encoding": "gzip", "range": "bytes=0-9"}, 206, SCRIPT[:10]),
        ("/static/js/a.js", {"accept_encoding": "gzip", "if_none_match": "1"}, 304, b""),
        ("/static/media/a.woff2", {"accept_encoding": "gzip"}, 200, SCRIPT),
        ("/component/a.js", {"accept_encoding": "gzip"}, 200, SCRIPT),
    ],
)
def test_what_is_not_a_whole_file_of_text_goes_out_as_it_is(path, headers, status, body):
    answered, sent, plain = fetched(serve.Frame(files), path, **headers)
    assert (answered, plain) == (status, body)
    assert b"content-encoding" not in sent


def test_the_port_sends_small_answers_at_once():
    bind = serve.bind_without_delay(starlette_server._bind_socket)
    with (
        bind("127.0.0.1", 0, 5) as listening,
        socket.create_connection(listening.getsockname()),
    ):
        listening.setblocking(True)
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.fixture
def restored_logging():
    """The root logger is afterwards as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    for handler in set(root.handlers) - set(handlers):
        # On a full disk what was not written is in the way of closing too.
        with contextlib.suppress(OSError):
            handler.close()
    root.handlers, root.level = handlers, level


@pytest.mark.usefixtures("restored_logging")
def test_log_goes_to_the_data_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("CREDIT_LOG", raising=False)
    monkeypatch.setenv("CREDIT_DATA_DIR", str(tmp_path / "new"))
    serve.start_logging()
    logging.getLogger("anything").info("进展")
    assert "进展" in (tmp_path / "new" / "app.log").read_text(encoding="utf-8")


@pytest.mark.usefixtures("restored_logging")
def test_log_that_cannot_be_written_does_not_stop_the_server(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("CREDIT_LOG", str(tmp_path))
    serve.start_logging()
    assert "写不进去" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@pytest.mark.usefixtures("restored_logging")
def test_a_log_on_a_full_disk_goes_to_the_console_and_says_so(monkeypatch, capsys):
    shown = []
    monkeypatch.setenv("CREDIT_LOG", "/dev/full")
    monkeypatch.setattr(serve.st, "error", shown.append)
    serve.start_logging()
    serve.tell_user(ValueError("nonsense"))
    printed = capsys.readouterr().err
    assert "日志文件 /dev/full 写不进去（No space left on device），改为输出到屏幕。" in printed
    assert "ValueError: nonsense" in printed
    assert "日志写不进去，原因已输出到启动平台的窗口" in shown[0]


@pytest.mark.usefixtures("restored_logging")
def test_a_disk_that_refuses_is_named_to_the_user(monkeypatch, tmp_path):
    shown = []
    monkeypatch.setenv("CREDIT_LOG", str(tmp_path / "app.log"))
    monkeypatch.setattr(serve.st, "error", shown.append)
    serve.start_logging()
    serve.tell_user(OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "a")))
    assert shown[0].startswith(f"{tmp_path} 所在的磁盘已满，请清理空间后重试。（原因已记入日志")
    assert "No space left" in (tmp_path / "app.log").read_text(encoding="utf-8")


def test_settings_of_the_environment_reach_the_server(monkeypatch):
    ran = []

    class App:
        def run(self, config):
            ran.append(config)

    monkeypatch.setattr(serve.signal, "signal", lambda *_: None)
    for name in ("CREDIT_PORT", "CREDIT_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    serve.run(App())
    monkeypatch.setenv("CREDIT_PORT", "8600")
    monkeypatch.setenv("CREDIT_HOSTS", "a.example.cn, b.example.cn,")
    serve.run(App())
    hosts = ["127.0.0.1", "localhost", "a.example.cn", "b.example.cn"]
    assert ran == [{}, {"server.port": 8600, "server.allowedHosts": hosts}]
