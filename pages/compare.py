"""对照比较: two ledgers, two editions or two units side by side, never ranked."""

from screens import compare, parts

compare.compare(parts.view("对照比较", in_context=False), "对照比较")
