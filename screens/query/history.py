"""What one person has asked before: with accounts the trail of the account, in 单机模式 a file beside the
database, which one person uses.

Owns that file. Both outlast a restart, and nobody else is shown what they hold.
"""

from __future__ import annotations

import json
import logging
import threading
from datetime import datetime
from pathlib import Path

import accounts
from screens import parts
from warehouse.store import now

REMEMBERED = 30
FILE = "queries.json"
log = logging.getLogger(__name__)
_writing = threading.Lock()


def remember(view: parts.View, sql: str) -> None:
    """Keep that this was asked just now."""
    if view.warehouse.actor is not None:
        view.warehouse.note("queried", sql)
        return
    path = _path(view)
    with _writing:
        kept = [each for each in _read(path) if each[1] != sql]
        kept.insert(0, (now().isoformat(timespec="seconds"), sql))
        text = json.dumps(kept[:REMEMBERED], ensure_ascii=False, indent=1)
        fresh = path.with_name(f"{FILE}.new")
        try:
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(path)
        except OSError as error:
            # A full disk is no reason to refuse a query.
            log.warning("queries not kept in %s: %s", path, error)


def earlier(view: parts.View) -> list[tuple[datetime, str]]:
    """When and what this person asked, the newest first, each query once."""
    actor = view.warehouse.actor
    asked = _read(_path(view)) if actor is None else accounts.store().queries(actor.account)
    newest: dict[str, datetime] = {}
    for at, sql in asked:
        newest.setdefault(sql, datetime.fromisoformat(at))
    return [(at, sql) for sql, at in newest.items()][:REMEMBERED]


def _path(view: parts.View) -> Path:
    return view.office.warehouse.path.with_name(FILE)


def _read(path: Path) -> list[tuple[str, str]]:
    try:
        return [(str(at), str(sql)) for at, sql in json.loads(path.read_text(encoding="utf-8"))]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        log.warning("queries in %s are not read: %s", path, error)
        return []
