"""Who may come in: accounts, their passwords and sessions, and the door in front of the platform.

Owns `accounts.sqlite3` beside the database, and what is answered without a session. Refuses to know:
ledgers, figures, pages, Streamlit, the database of the record. Each server has accounts of its own;
several servers on one record do not share them.
"""

from accounts.model import ACCOUNT_HEADER, SESSION_HEADER, Account
from accounts.store import AccountsError, Store, accounts_path, store_at

__all__ = [
    "ACCOUNT_HEADER",
    "SESSION_HEADER",
    "Account",
    "AccountsError",
    "Store",
    "account",
    "store",
]


def store() -> Store:
    """The accounts of this data folder."""
    return store_at(accounts_path())


def account(name: str) -> Account:
    """One account; raises `AccountsError` when there is none of that name."""
    return store().account(name)
