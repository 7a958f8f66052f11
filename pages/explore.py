"""自由筛选: any question about tasks, put together from facets and words."""

import exploring
import ui

shown = ui.view("自由筛选")
totals = ui.ask("completion", by="all")
exploring.explore(shown, judged=bool(totals.has_progress.any()))
