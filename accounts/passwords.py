"""Passwords: which are taken, how they are kept, how one is compared.

Owns the rules (length, common ones, the character classes and days of 等级保护 as settings) and
argon2id. Refuses to know: accounts, HTTP. Rules after NIST SP 800-63B-4: length counts, no forced
mixture unless it is set.
"""

from __future__ import annotations

import os
import re
import secrets
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from accounts.store import AccountsError

SHORTEST, LONGEST = 12, 128
DAY = 86_400
HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=1)
"""argon2id, 64 MiB, three passes, one thread: 0.17 s of one core."""
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""For first passwords: without those that are taken for one another (i, l, o, 0, 1)."""
CLASSES = (r"[a-z]", r"[A-Z]", r"\d", r"[^a-zA-Z\d]")


def password_classes() -> int:
    """How many of 小写、大写、数字、其他 a password needs: `CREDIT_PASSWORD_CLASSES`, else 1."""
    return _setting("CREDIT_PASSWORD_CLASSES", most=len(CLASSES)) or 1


def password_days() -> int:
    """Days until a password has to be changed: `CREDIT_PASSWORD_DAYS`; 0 for never."""
    return _setting("CREDIT_PASSWORD_DAYS", most=3650)


def _setting(name: str, most: int) -> int:
    text = os.environ.get(name, "").strip() or "0"
    if not text.isdecimal() or int(text) > most:
        raise AccountsError(f"环境变量 {name} 是“{text}”，应是 0 至 {most} 的整数。")
    return int(text)


def has_expired(password_set_at: float, now: float) -> bool:
    days = password_days()
    return days > 0 and now - password_set_at > days * DAY


def check_password(password: str, names: Sequence[str] = ()) -> None:
    """Raises `AccountsError` when a new password may not be used; `names` must not be all of it."""
    password = _normal(password)
    if len(password) < SHORTEST:
        raise AccountsError(f"密码太短，请用 {SHORTEST} 个字符以上，例如几个不相干的词连在一起。")
    if len(password) > LONGEST:
        raise AccountsError(f"密码太长，请不要超过 {LONGEST} 个字符。")
    if _is_common(password, names):
        raise AccountsError("这个密码太常见，容易被猜到，请换一个。")
    wanted = password_classes()
    if sum(bool(re.search(each, password)) for each in CLASSES) < wanted:
        raise AccountsError(
            f"密码中的小写字母、大写字母、数字和其他字符至少要有 {wanted} 种，请改一改。"
        )


def hashed(password: str) -> str:
    """The password as it is stored."""
    return HASHER.hash(_normal(password))


def matches(password: str, stored: str | None) -> bool:
    """Whether a password is the stored one; without a stored one it takes as long and is not."""
    try:
        return HASHER.verify(stored or _nobodys_hash(), _normal(password)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_renewal(stored: str) -> bool:
    """Whether a stored password was hashed with other settings than today's."""
    return HASHER.check_needs_rehash(stored)


def first_password() -> str:
    """A password for an account's first login: 16 characters in fours, 79 random bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@cache
def _nobodys_hash() -> str:
    return HASHER.hash(secrets.token_hex(16))


@cache
def _common_words() -> frozenset[str]:
    lines = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").split()
    return frozenset(line.lower() for line in lines)


def _is_common(password: str, names: Sequence[str]) -> bool:
    """Whether a password is a common one, one repeated or continued, or made of the names and common
    words alone."""
    text = re.sub(r"[\W_]", "", password.lower().replace("@", "a").replace("$", "s"))
    if len(set(text)) < 5:
        return True
    if any(text == text[:size] * (len(text) // size) for size in range(1, len(text) // 2 + 1)):
        return True
    words = sorted({*_common_words(), *(name.lower() for name in names if len(name) > 1)}, key=len)
    rest = text
    for word in reversed(words):
        rest = rest.replace(word, "")
    return len(rest) < 4
