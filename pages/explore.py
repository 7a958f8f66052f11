"""自由筛选: any question about tasks, put together from facets and words."""

from screens import explore, parts

shown = parts.view("自由筛选", in_context=False)
totals = shown.ask("completion", by="all")
explore.explore(shown, judged=bool(totals.has_progress.any()))
