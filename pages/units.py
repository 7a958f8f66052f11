"""单位情况: how each unit stands among its like, and who carries what."""

import streamlit as st

from screens import parts
from screens.progress import workload

shown = parts.view("单位情况")
workload.turn_to_chosen_unit()
has_progress = bool(shown.ask("completion", by="all").has_progress.any())
top = st.container()
left, right = st.columns([1, 2])
with left:
    counted = workload.pick_collectives(shown)
units = counted.ask("unit_workload")
if units.empty:
    with top:
        workload.headline(units, judged=has_progress)
    st.stop()
with right:
    listed = workload.pick_class(units)
with top:
    workload.headline(listed, judged=has_progress)
if has_progress:
    workload.ranking(counted, listed)
workload.loads(counted, listed, judged=has_progress)
