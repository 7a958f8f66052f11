"""季度例会: the quarter in sentences that open their rows, what was decided, and the documents."""

import streamlit as st

from screens import meeting, parts

shown = parts.view("季度例会")
top = st.container()
line = st.container(horizontal=True, vertical_alignment="bottom")
with line:
    shown, quarter = meeting.quarter_picker(shown)
brief = meeting.briefing_of(shown, quarter)
if meeting.is_showing():
    meeting.show(shown, brief)
else:
    with top:
        meeting.headline(brief)
    line.caption(meeting.basis(brief))
    with st.container():
        # Its place stays when it is empty, so that nothing below moves.
        meeting.show_report()
    if brief.answers.total is not None:
        meeting.documents(shown, brief)
        st.subheader("此前的议定事项", anchor=False)
        meeting.earlier_decisions(shown, brief)
        meeting.tiles(brief)
        meeting.standing(shown, brief)
        meeting.changes(shown, brief)
        meeting.units(shown, brief)
        meeting.to_decide(shown, brief)
        st.subheader("本次例会的议定事项", anchor=False)
        meeting.decisions_of_meeting(shown, brief)
        parts.lamp_legend(shown)
