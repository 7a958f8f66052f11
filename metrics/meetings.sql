-- 季度例会：登记过的季度例会、召开日期和议定事项数，撤销的不列；按录入时间计，与截至日期无关。
select
    meeting.meeting_id, meeting.quarter_ended_on, meeting.held_on,
    count(decision.decision_id) as decisions,
    meeting.recorded_by, meeting.recorded_at
from standing_meeting($known_at::timestamp) as meeting
left join standing_decision($known_at::timestamp) as decision on decision.meeting_id = meeting.meeting_id
where meeting.ledger_id = $ledger_id
group by all
order by meeting.quarter_ended_on desc, meeting.meeting_id
