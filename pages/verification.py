"""核验与延期: which completions wait for the office, which requests for more time, and judging them."""

from functools import partial

import streamlit as st

import metrics
from findings import verdicts as verdict_findings
from screens import parts, verdicts

shown = parts.view("核验与延期")
# Taken before the claims are read: what is stored on them must rest on no older data.
version = parts.warehouse().data_version
total = parts.ask("completion", by="all")
claims = parts.ask("reported_completions", row_limit=parts.LISTED)
requests = parts.ask("extension_requests")
every_claim = partial(
    metrics.ask, parts.warehouse(), "reported_completions", shown.scope, row_limit=metrics.NO_LIMIT
)
pending, decided = requests[requests.state == "pending"], requests[requests.state != "pending"]
has_progress = bool(len(total)) and bool(total.has_progress.iloc[0])
parts.headline(
    verdict_findings.verification(
        claims, requests, shown.scope.as_of, has_tasks=bool(len(total)), has_progress=has_progress
    )
)
with st.container():
    # Its place stays when it is empty: tabs that move show their first one.
    verdicts.said_last_time()
if total.empty:
    st.stop()
if claims.empty and requests.empty:
    if not has_progress:
        parts.how_to_report()
    st.stop()

counts = claims.iloc[0] if len(claims) else dict.fromkeys(claims.columns, 0)
parts.tiles(
    [
        ("待核验", f"{counts['all_waiting']} 项", "报结后还没有销号或退办的完成"),
        ("其中没有佐证", f"{counts['all_unproven']} 项", "本单位和整项任务都没有登记佐证材料"),
        ("其中晚于期限", f"{counts['all_late']} 项", "完成日期晚于期限；延期的按生效期限"),
        ("已销号", f"{counts['all_accepted']} 项", "按整项任务或单位承担的部分计"),
        ("已退办", f"{counts['all_returned']} 项", "退办后还没有重新报结的"),
        ("延期待审批", f"{len(pending)} 件", "已提出、尚未审批的延期申请"),
    ]
)
with st.popover("口径", type="tertiary"):
    parts.definition("reported_completions")
    parts.definition("extension_requests")
# Labels that never change: with counts in them, each decision would lead back to the first tab.
to_judge, already_judged, to_decide, already_decided = st.tabs(
    ["待核验", "已核验", "延期待审批", "延期已审批"]
)
with to_judge:
    verdicts.waiting_claims(claims, every_claim, version)
with already_judged:
    verdicts.judged_claims(claims, every_claim)
with to_decide:
    verdicts.pending_requests(pending, version)
with already_decided:
    verdicts.decided_requests(decided)
