"""Events of accounts: logins, failures, changes of rights, as rows and as lines for a log server.

Owns the kinds of events and `access.log` beside the accounts (one JSON object a line, 5 MB a file,
twenty files). Refuses to know: passwords, tokens, session ids; none may be in an event.
"""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

KINDS = {
    "login": "登录",
    "login_failed": "登录失败",
    "login_blocked": "多次失败，暂停登录",
    "logout": "退出",
    "password_changed": "改密码",
    "password_reset": "重置密码",
    "code_set": "设置动态口令",
    "code_reset": "重置动态口令",
    "account_added": "新建账号",
    "account_disabled": "停用账号",
    "account_enabled": "恢复账号",
    "role_changed": "改角色或单位",
    "restored": "从备份恢复账号",
    "identity_bound": "与统一身份认证对应",
    "refused": "被拒绝的操作",
    "exported": "导出文件",
    "evidence": "打开佐证文件",
    "queried": "高级查询",
}
"""Kind of event → how it is called on screen."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Event:
    """One thing that happened; `account` is whose, `address` from where, "" for the command line."""

    at: str
    """Local time with its offset, to the second."""
    kind: str
    account: str
    address: str
    detail: str

    @classmethod
    def now(cls, kind: str, account: str, address: str, detail: str) -> Event:
        at = datetime.now().astimezone().isoformat(timespec="seconds")
        return cls(at, kind, account[:64], address, detail)


def log_path(folder: Path) -> Path:
    """Where the lines go: `CREDIT_ACCESS_LOG`, else access.log beside the accounts."""
    return Path(os.environ.get("CREDIT_ACCESS_LOG") or folder / "access.log")


def write_line(folder: Path, event: Event) -> None:
    """Append an event to the log. The file is opened for each line, because the command line writes to
    it too; what the disk refuses is reported in the server's own log, the row is stored all the same."""
    try:
        handler = logging.handlers.RotatingFileHandler(
            log_path(folder), maxBytes=5_000_000, backupCount=20, encoding="utf-8"
        )
        try:
            line = json.dumps(asdict(event), ensure_ascii=False)
            handler.emit(logging.LogRecord("access", logging.INFO, "", 0, line, None, None))
        finally:
            handler.close()
    except OSError as error:
        log.warning("access log %s: %s", log_path(folder), error)
