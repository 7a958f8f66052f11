"""An account: who someone is to the platform, what they may do in it and for which units.

Owns the shape of an account as the screens see it. Refuses to know: passwords,
sessions, where accounts are stored.
"""

from __future__ import annotations

from dataclasses import dataclass

ACCOUNT_HEADER = "X-Credit-Account"
"""The header by which the door tells Streamlit who asks: the account's name, percent-encoded UTF-8.
Absent in 单机模式. The door removes what a client sends under this name."""
SESSION_HEADER = "X-Credit-Session"
"""The header by which the door tells apart the logins, of one account as well; treated like the other.
Nothing leads from it to the cookie."""


@dataclass(frozen=True)
class Account:
    """One account, without anything secret."""

    name: str
    display_name: str
    role: str
    """One of `words.ACCOUNT_ROLES`."""
    units: tuple[str, ...]
    """The units for which it reports, by their names; empty for the other roles."""
    is_disabled: bool
    must_change_password: bool
    has_password: bool
    is_of_provider: bool
    """Whether a person of 统一身份认证 logs in by it."""
    has_code: bool
    """Whether a telephone shows its codes."""
