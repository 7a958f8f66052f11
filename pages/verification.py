"""核验与延期: which completions wait for the office, which requests for more time, and judging them."""

import streamlit as st

from screens import parts, verdicts

shown = parts.view("核验与延期")
# Taken before the completions are read: what is stored on them must rest on no older data.
version = shown.data_version
total = parts.only_row(shown.ask("completion", by="all"))
completions = shown.ask("reported_completions", row_limit=parts.LISTED)
requests = shown.ask("extension_requests")
verdicts.headline(shown, total, completions, requests)
with st.container():
    # Its place stays when it is empty: tabs that move show their first one.
    verdicts.show_report()
if total is None:
    st.stop()
if completions.empty and requests.empty:
    if not total.has_progress:
        parts.how_to_report()
    st.stop()
verdicts.tiles(completions, requests)
# Labels that never change: with counts in them, each decision would lead back to the first tab.
to_judge, already_judged, to_decide, already_decided = st.tabs(
    ["待核验", "已核验", "延期待审批", "延期已审批"]
)
every = shown.every("reported_completions")
with to_judge:
    verdicts.waiting_completions(shown, completions, every, version)
with already_judged:
    verdicts.judged_completions(shown, completions, every)
with to_decide:
    verdicts.pending_requests(shown, requests, version)
with already_decided:
    verdicts.decided_requests(shown, requests)
