"""对照比较: two ledgers, two editions, two days or two units side by side, never ranked."""

import comparing
import ui

comparing.compare(ui.view("对照比较"))
