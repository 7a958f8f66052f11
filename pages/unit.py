"""单位任务: one unit's own page, which answers what is its, what is due, what came back, and its rank."""

from screens import parts
from screens.progress import unit

shown = parts.view("单位任务")
chosen, focus = unit.pick(shown)
unit.page(chosen, focus)
