"""账号: who may come in and by which role, and what was done without a write; for the administrator."""

from screens.access.events import events
from screens.access.listing import headline, listing
from screens.access.mapping import mapping
from screens.access.opening import new_account, new_accounts

__all__ = ["events", "headline", "listing", "mapping", "new_account", "new_accounts"]
