"""Who may come in: accounts, their passwords and sessions, and the door in front of the platform.

Owns `accounts.sqlite3` beside the database, and what is allowed to be asked without a session.
Refuses to know: ledgers, figures, pages, Streamlit, the database of the record.
"""

from accounts.model import ROLES, Account

__all__ = ["ROLES", "Account"]
