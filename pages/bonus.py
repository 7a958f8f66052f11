"""加分扣分: what may be claimed, what has happened, and with what evidence."""

from screens import parts
from screens.scores import bonus

bonus.claims(parts.view("加分扣分"))
