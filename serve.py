"""The web server around the app: what the browser receives besides the app's own content.

Owns: the Chinese index page and the script that translates Streamlit's own words (web/), the
security headers, the log file, the sentence a user sees when a script fails, and the rule that
app.py runs first whatever address is asked for first. Who may ask, the door of accounts/ decides.
Refuses to know: ledgers, figures, pages. app.py is only a path here.

`python serve.py` serves http://127.0.0.1:8501 with .streamlit/config.toml; `uvicorn serve:app`
works too. Settings come from the environment: CREDIT_PORT (default: the first free one from 8501),
CREDIT_DATA_DIR (default data/), CREDIT_LOG (default app.log in that folder), CREDIT_HOSTS (names,
besides those of this machine, under which a reverse proxy hands requests on), CREDIT_PROXY and
CREDIT_PROXY_SECRET (the proxies that are believed), CREDIT_OIDC… (统一身份认证, accounts/provider.py).
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import hashlib
import logging
import logging.handlers
import os
import re
import secrets
import signal
import socket
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st
from google.protobuf.message import DecodeError
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, Response
from streamlit import config, file_util
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import app_session
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server.starlette import starlette_server

from accounts import SESSION_HEADER, store
from accounts.door import Door, Served, refusal_of_all
from accounts.provider import configured_provider
from accounts.reach import configured_proxy
from web import downloads
from web.frontend import TITLE, WEB, chinese_index, translation_script, with_own_ways

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

ROOT = Path(__file__).resolve().parent

# Streamlit answers these paths itself; an .html below them is somebody's file, not the index.
OWN_PATHS = ("/_stcore/", "/media/", "/component/", "/app/static/", "/static/")
CONDITIONAL = (b"if-none-match", b"if-modified-since", b"range")
COMPRESSED = (b"text/css", b"text/javascript", b"application/javascript", b"application/json")
"""Kinds of Streamlit's own files that shrink; its fonts and pictures are compressed already."""
OF_ORIGINAL = (b"content-length", b"content-encoding", b"etag", b"last-modified", b"accept-ranges")

DOWNLOADS = "streamlit.runtime.backend_operation_handler"
log = logging.getLogger("serve")


def security_headers(host: str) -> dict[str, str]:
    """Headers for every answer: nothing is loaded from, or sent to, any other host."""
    # Safari before 15.4 does not count a WebSocket on the same host as 'self'.
    named = host if re.fullmatch(r"[A-Za-z0-9.:\[\]-]+", host) else ""
    sockets = f" ws://{named} wss://{named}" if named else ""
    policy = {
        "default-src": "'self'",
        # Vega, behind st.metric's small chart and the column statistics, compiles with eval.
        "script-src": "'self' 'unsafe-eval' blob:",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "media-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": f"'self' data: blob:{sockets}",
        "worker-src": "'self' blob:",
        "frame-src": "'self' data: blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


class Frame:
    """ASGI middleware: Chinese index, its two files, no agent API, security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        script = translation_script()
        digest = hashlib.sha256(script.encode()).hexdigest()[:12]
        self.files = {
            f"/web-chinese.{digest}.js": (script, "text/javascript; charset=utf-8"),
            "/web-favicon.svg": (
                (WEB / "favicon.svg").read_text(encoding="utf-8"),
                "image/svg+xml",
            ),
        }
        original = Path(file_util.get_static_dir(), "index.html").read_text(encoding="utf-8")
        script_url, icon_url = (f".{path}" for path in self.files)
        self.index = chinese_index(original, script_url, icon_url).encode()
        self.packed: dict[tuple[str, str], bytes] = {}
        """Streamlit's own file and a coding → its compressed body; they are some 300 and never change."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        path = scope["path"].removeprefix(base_path())
        extra = security_headers(dict(scope["headers"]).get(b"host", b"").decode("latin-1"))

        if path in self.files:
            body, kind = self.files[path]
            headers = {**extra, "Cache-Control": "public, max-age=31536000, immutable"}
            await Response(body, media_type=kind, headers=headers)(scope, receive, send)
            return
        if path.startswith("/_stcore/agent/"):
            # Off by default in 1.67, but still answering with a description of itself.
            await PlainTextResponse("未提供此接口", 404, headers=extra)(scope, receive, send)
            return

        login = dict(scope["headers"]).get(SESSION_HEADER.lower().encode(), b"").decode("latin-1")
        if not downloads.may_fetch(path, login):
            await PlainTextResponse("没有这个文件", 404, headers=extra)(scope, receive, send)
            return

        if path.startswith("/static/") and (coding := coding_taken(scope)):
            framed = with_headers(send, extra)
            await self.app(scope, receive, self.with_packed_body(framed, path, coding))
        elif path.startswith(OWN_PATHS):
            await self.app(scope, receive, with_headers(send, extra))
        else:
            # A browser that cached Streamlit's English index must not be told "not modified".
            asked = [pair for pair in scope["headers"] if pair[0] not in CONDITIONAL]
            await self.app({**scope, "headers": asked}, receive, self.with_index(send, extra))

    def with_packed_body(self, send: Send, path: str, coding: str) -> Send:
        """A file of Streamlit's own goes out compressed; the first time it is asked for, it is packed."""
        start: Message | None = None
        body = bytearray()

        async def send_packed(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                kind = dict(message["headers"]).get(b"content-type", b"")
                if message["status"] == 200 and kind.startswith(COMPRESSED):
                    start = message
                    return
            if start is None:
                await send(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body", False):
                return
            if (path, coding) not in self.packed:
                pack, whole = PACKED_BY[coding], with_own_ways(path, bytes(body))
                self.packed[path, coding] = await asyncio.to_thread(pack, whole)
            packed = self.packed[path, coding]
            kept = [
                pair
                for pair in start["headers"]
                if pair[0] not in (b"content-length", b"accept-ranges")
            ]
            kept += [
                (b"content-length", str(len(packed)).encode()),
                (b"content-encoding", coding.encode()),
                (b"vary", b"accept-encoding"),
            ]
            await send({**start, "headers": kept})
            await send({"type": "http.response.body", "body": packed})

        return send_packed

    def with_index(self, send: Send, extra: dict[str, str]) -> Send:
        """Like with_headers, and any HTML page that is sent becomes the Chinese index."""
        framed = with_headers(send, extra)
        replacing = False

        async def send_index(message: Message) -> None:
            nonlocal replacing
            if message["type"] == "http.response.start":
                kind = dict(message["headers"]).get(b"content-type", b"")
                replacing = message["status"] == 200 and kind.startswith(b"text/html")
                if replacing:
                    kept = [pair for pair in message["headers"] if pair[0] not in OF_ORIGINAL]
                    length = (b"content-length", str(len(self.index)).encode())
                    message = {**message, "headers": [*kept, length]}
            elif replacing:
                last = not message.get("more_body", False)
                message = {**message, "body": self.index if last else b""}
            await framed(message)

        return send_index


def base_path() -> str:
    """The path under which the platform lies: "" or "/name"."""
    base = (config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


def hosts() -> list[str]:
    """The address listened at and the names answered to; none of the latter stands for all."""
    address = config.get_option("server.address") or "0.0.0.0"
    return [address, *(config.get_option("server.allowedHosts") or ["*"])]


def is_activity(message: bytes) -> bool:
    """Whether a page's message is its user's doing, not a timer's; one that cannot be read is none."""
    try:
        sent = BackMsg.FromString(message)
    except DecodeError:
        return False
    return sent.WhichOneof("type") != "app_heartbeat" and not sent.rerun_script.is_auto_rerun


def zstd(body: bytes) -> bytes:
    """A tenth smaller than gzip, packed and unpacked in less time."""
    import pyarrow as pa  # Streamlit loads it with the first table; serving begins without it.

    return pa.Codec("zstd", compression_level=9).compress(body, asbytes=True)


PACKED_BY: dict[str, Callable[[bytes], bytes]] = {"zstd": zstd, "gzip": gzip.compress}
"""Coding that a browser may take → what packs a file in it; the better one first."""


def coding_taken(scope: Scope) -> str:
    """How a file goes out to a browser that asks for a whole one; empty: as it is."""
    headers = dict(scope["headers"])
    taken = headers.get(b"accept-encoding", b"").decode("latin-1").split(",")
    named = {each.partition(";")[0].strip() for each in taken if not each.endswith("q=0")}
    return "" if b"range" in headers else next((each for each in PACKED_BY if each in named), "")


def with_headers(send: Send, extra: dict[str, str]) -> Send:
    added = [(name.lower().encode(), value.encode()) for name, value in extra.items()]

    async def send_more(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *added]}
        await send(message)

    return send_more


def log_path() -> Path:
    data = Path(os.environ.get("CREDIT_DATA_DIR") or ROOT / "data")
    return Path(os.environ.get("CREDIT_LOG") or data / "app.log").resolve()


class LogFile(logging.handlers.RotatingFileHandler):
    """The rotating log. An entry that the disk refuses goes to the console instead."""

    refused = False
    """Whether the newest entry was refused."""

    def emit(self, record: logging.LogRecord) -> None:
        self.refused = False
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:
        self.refused = True
        print(f"{refused_log(sys.exception())}\n{self.format(record)}", file=sys.stderr)


def refused_log(error: BaseException | None) -> str:
    reason = getattr(error, "strerror", None) or error
    return f"日志文件 {log_path()} 写不进去（{reason}），改为输出到屏幕。"


def start_logging() -> None:
    """Everything of level INFO and above goes to a rotating file; without one, to the console."""
    try:
        log_path().parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = LogFile(
            log_path(), maxBytes=5_000_000, backupCount=5, encoding="utf-8"
        )
    except OSError as error:
        print(refused_log(error), file=sys.stderr)
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    # Streamlit hands its own loggers nowhere else; this one has the files that could not be made.
    logging.getLogger(DOWNLOADS).addHandler(handler)


def tell_user(error: Exception) -> bool:
    """The script failed: the traceback goes to the log, one sentence to the user, with the cause where
    disk, folder or database refused."""
    from warehouse.faults import explained

    reference = f"{datetime.now():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    log.error("script failed, reference %s", reference, exc_info=error)
    cause = explained(error, log_path().parent)
    if cause is not None:
        st.error(f"{cause}（{where_logged()}，编号 {reference}）")
    else:
        st.error(
            f"程序出错了，这一步没有完成。{where_logged()}，编号 {reference}，请告诉系统管理员。"
        )
    return True


def where_logged() -> str:
    """Where the newest entry of the log went."""
    handlers = logging.getLogger().handlers
    if any(isinstance(each, LogFile) and each.refused for each in handlers):
        return "日志写不进去，原因已输出到启动平台的窗口"
    path = log_path()
    shown = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)
    return f"原因已记入日志 {shown}"


async def refuse(_: Request, error: Exception) -> Response:
    log.error("request failed", exc_info=error)
    return PlainTextResponse(f"服务器出错了，{where_logged()}。", 500)


def back_up_daily(stopping: threading.Event) -> None:
    """Keep the daily backups; the warehouse is loaded here, so that the server starts without it."""
    from warehouse.opening import keep_backups

    keep_backups(stopping)


@contextlib.asynccontextmanager
async def announced(_: st.App) -> AsyncIterator[None]:
    start_logging()
    if store().is_half_restored():
        from warehouse.opening import finish_restoring

        finish_restoring()
    address = config.get_option("server.address") or "127.0.0.1"
    url = f"http://{address}:{config.get_option('server.port')}"
    log.info("serving at %s", url)
    print(f"{TITLE}已启动，请用浏览器打开 {url}（按 Ctrl-C 停止）", flush=True)
    if refusal := refusal_of_all(hosts()):
        log.warning(refusal)
        print(refusal, flush=True)
    stopping = threading.Event()
    threading.Thread(target=back_up_daily, args=(stopping,), name="backups", daemon=True).start()
    yield
    stopping.set()
    log.info("stopped")
    print("平台已停止。", flush=True)


def bind_without_delay(bind: Callable[..., socket.socket]) -> Callable[..., socket.socket]:
    """Streamlit's way to open its port, for connections that send at once (TCP_NODELAY); asyncio sets it
    only where TCP is named. Without it a small answer waits up to 40 ms for the one before."""

    def bound(*args: Any) -> socket.socket:
        listening = bind(*args)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening

    return bound


def known_reason(error: BaseException | None) -> str:
    """The sentence for the user about a failure of disk, folder or database, or a refusal; "" for
    another, which only the log has in full."""
    from warehouse.faults import explained

    return str((error and explained(error, log_path().parent)) or "")


def make_app(script: Path) -> st.App:
    """The ASGI application that runs `script` inside this frame, behind the door."""
    # Streamlit has no other place for it; each visit makes its handlers from this name.
    vars(app_session)["DeferredFileHandler"] = downloads.handler(known_reason)
    downloads.bind()
    # A pages/ folder beside the script puts Streamlit 1.67 in its old discovery mode until a
    # session has called st.navigation: on a fresh server the first visitor of a deep link got that
    # page without app.py, so without its filters (and any login). Deciding here ends that.
    PagesManager.uses_pages_directory = False
    return st.App(
        script,
        lifespan=announced,
        middleware=[
            Middleware(
                Door,
                served=Served(hosts, base_path, is_activity),
                proxy=configured_proxy(),
                provider=configured_provider(),
            ),
            Middleware(Frame),
        ],
        on_script_error=tell_user,
        exception_handlers={Exception: refuse},
    )


def run(app: st.App) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    # Streamlit 1.67 reads STREAMLIT_SERVER_PORT in its command line only, not in App.run.
    settings: dict[str, object] = {}
    if port := os.environ.get("CREDIT_PORT"):
        settings["server.port"] = int(port)
    named = [host.strip() for host in os.environ.get("CREDIT_HOSTS", "").split(",") if host.strip()]
    if named:
        settings["server.allowedHosts"] = [*config.get_option("server.allowedHosts"), *named]
    # uvicorn would put the address that X-Forwarded-For names in the place of the real one; the door
    # believes that header only of a proxy that proves itself.
    os.environ["FORWARDED_ALLOW_IPS"] = ""
    starlette_server._bind_socket = bind_without_delay(starlette_server._bind_socket)
    # uvicorn hands a signal back after its clean shutdown. As an exception it lets the interpreter
    # end in order, so that whoever holds a file closes it; killed by the signal it would not.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with contextlib.suppress(KeyboardInterrupt):  # A traceback would look like a failure.
        app.run(config=settings)


app = make_app(ROOT / "app.py")

if __name__ == "__main__":
    run(app)
