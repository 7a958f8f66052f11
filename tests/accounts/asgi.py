"""Requests to an ASGI application without a server: what comes back, and a page's open connection."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

LOCAL, OFFICE = ("127.0.0.1", 8501), ("10.0.0.5", 8501)


@dataclass
class Answer:
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def header(self, name: str) -> str:
        values = [value for each, value in self.headers if each.lower() == name.lower().encode()]
        return values[-1].decode() if values else ""

    @property
    def text(self) -> str:
        return self.body.decode()

    def cookie(self) -> str:
        """The cookie as a browser sends it back."""
        return self.header("set-cookie").partition(";")[0]


def scope_of(
    path: str,
    *,
    kind: str = "http",
    method: str = "GET",
    client: tuple[str, int] | None = ("127.0.0.1", 50_000),
    server: tuple[str, int] = LOCAL,
    scheme: str = "http",
    headers: dict[str, str] | None = None,
) -> dict[str, Any]:
    """A scope as uvicorn makes it; the host is the server's address unless it is given."""
    path, _, query = path.partition("?")
    given = {"host": f"{server[0]}:{server[1]}", "accept": "text/html", **(headers or {})}
    pairs = [(name.lower().encode(), value.encode("latin-1")) for name, value in given.items()]
    return {
        "type": kind, "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "method": method, "client": client, "server": server, "scheme": scheme, "headers": pairs,
        "http_version": "1.1", "root_path": "", "subprotocols": [],
    }  # fmt: skip


async def ask(app: Any, scope: dict[str, Any], body: bytes = b"") -> Answer:
    """The answer to one request; a refused WebSocket is a 403."""
    sent: list[dict[str, Any]] = []
    if scope["type"] == "websocket":
        received = [{"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1000}]
    else:
        received = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return received.pop(0) if received else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    if sent and sent[0]["type"] == "websocket.close":
        return Answer(403, [], b"")
    if sent and sent[0]["type"] == "websocket.accept":
        return Answer(101, [], b"")
    whole = b"".join(each.get("body", b"") for each in sent[1:])
    return Answer(sent[0]["status"], list(sent[0].get("headers", [])), whole)


def get(app: Any, path: str, **given: Any) -> Answer:
    return asyncio.run(ask(app, scope_of(path, **given)))


def post(app: Any, path: str, fields: dict[str, str], **given: Any) -> Answer:
    body = urlencode(fields).encode()
    return asyncio.run(ask(app, scope_of(path, method="POST", **given), body))


def talk(app: Any, scope: dict[str, Any], *messages: Any) -> list[dict[str, Any]]:
    """What the browser is sent while it sends messages: bytes, or a call made between two of them."""
    sent: list[dict[str, Any]] = []
    waiting = list(messages)
    opened = False

    async def receive() -> dict[str, Any]:
        nonlocal opened
        if not opened:
            opened = True
            return {"type": "websocket.connect"}
        while waiting and callable(waiting[0]):
            await asyncio.to_thread(waiting.pop(0))
        if waiting:
            return {"type": "websocket.receive", "bytes": waiting.pop(0)}
        return {"type": "websocket.disconnect", "code": 1000}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent
