-- 议定事项：所选季度及以前各次例会的议定事项，新的例会在前，每件附截至日期的办理状态和预警灯。状态取截至日期当日或之前最近一次填报，没有填报的为未开始。红灯为过了办结期限而未完成，黄灯为临期（天数同任务的临期天数），绿灯为期限尚远，蓝灯为已完成，灰灯为不再办理或未定期限。筛选单位时只列责任单位是所选单位或其所在集体的；筛选指标或类别时只列相关任务在所选范围内的。
with told as (
    select
        decision_id,
        arg_max(state, (effective_on, entry_number)) as state,
        arg_max(narrative, (effective_on, entry_number)) as narrative,
        arg_max(decision_progress_id, (effective_on, entry_number)) as decision_progress_id,
        max(effective_on) as told_on
    from standing_decision_progress($known_at::timestamp)
    where effective_on <= $as_of::date
    group by decision_id
),
stated as (
    select
        decision.*, meeting.quarter_ended_on, meeting.held_on,
        meeting.quarter_ended_on = $quarter_ended_on::date as is_current,
        coalesce(told.state, 'not_started') as state,
        told.narrative, told.told_on, told.decision_progress_id,
        terms.due_soon_days
    from standing_meeting($known_at::timestamp) as meeting
    join standing_decision($known_at::timestamp) as decision on decision.meeting_id = meeting.meeting_id
    join ledger_terms($known_at::timestamp) as terms on terms.ledger_id = meeting.ledger_id
    left join told on told.decision_id = decision.decision_id
    where meeting.ledger_id = $ledger_id and meeting.quarter_ended_on <= $quarter_ended_on::date
),
timed as (
    select *,
        state in ('done', 'dropped') as is_closed,
        case when not is_closed then due_on - $as_of::date end as days_left
    from stated
)
select
    timed.decision_id, timed.meeting_id, timed.quarter_ended_on, timed.held_on, timed.is_current,
    timed.text, timed.unit_id, unit.name as unit, timed.due_on,
    timed.task_id, task.number, worded.task,
    timed.state, timed.narrative, timed.told_on, timed.decision_progress_id, timed.is_closed,
    case when timed.days_left >= 0 then timed.days_left end as days_left,
    case when timed.days_left < 0 then -timed.days_left end as overdue_days,
    case
        when timed.state = 'done' then 'blue'
        when timed.state = 'dropped' or timed.due_on is null then 'grey'
        when timed.days_left < 0 then 'red'
        when timed.days_left <= timed.due_soon_days then 'yellow'
        else 'green'
    end as lamp,
    case
        when timed.state = 'done' then concat(strftime(timed.told_on, '%Y-%m-%d'), ' 完成')
        when timed.state = 'dropped' then '不再办理'
        when timed.due_on is null then '未定办结期限'
        when timed.days_left < 0 then concat('逾期 ', -timed.days_left, ' 天')
        when timed.days_left = 0 then '当日到期'
        else concat(timed.days_left, ' 天后到期')
    end as reason,
    timed.recorded_at, timed.recorded_by
from timed
left join unit on unit.unit_id = timed.unit_id
left join task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds) as task
    on task.task_id = timed.task_id
left join task as worded on worded.edition_id = task.edition_id and worded.task_id = task.task_id
where ((len($level1s) = 0 and len($kinds) = 0) or task.task_id is not null)
    and (len($units) = 0 or list_contains($units, unit.name) or timed.unit_id in (
        select collective_id
        from unit_member
        join unit as member on member.unit_id = unit_member.member_id
        where list_contains($units, member.name)
    ))
order by timed.quarter_ended_on desc, timed.recorded_at, timed.decision_id
