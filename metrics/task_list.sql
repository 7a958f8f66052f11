-- 任务清单：范围内的每项任务及其状态、预警灯和理由。按轻重排列时，红灯在前，其后依次按逾期天数、落后序时的百分点和剩余天数。
with scoped as (
    select *,
        lamp_order(lamp) as lamp_order
    from themed_task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds)
    where case $signal
        when 'all' then true
        when 'worst' then lamp in ('red', 'yellow') or (not_reported and ledger_has_progress)
        when 'overdue' then overdue
        when 'behind' then behind
        when 'not_reported' then not_reported
        when 'due_ahead' then not is_done and days_left between 0 and 90
    end
),
chosen as (
    select *,
        case when $signal in ('all', 'due_ahead') then 0 else lamp_order end as by_lamp,
        case when $signal = 'all' then 0 else -coalesce(overdue_days, 0) end as by_overdue_days,
        case when $signal in ('all', 'due_ahead') then 0 else -coalesce(points_behind, 0) end as by_points_behind,
        case when $signal = 'all' then 0 else days_left end as by_days_left
    from scoped
    order by by_lamp, by_overdue_days, by_points_behind, by_days_left, number
    limit $row_limit
),
assigned as (
    select task_id,
        string_agg(unit.name, '、' order by position) as lead_units
    from chosen
    join standing_assignment($known_at::timestamp) as assignment using (edition_id, task_id)
    join unit using (unit_id)
    where role = 'lead'
    group by task_id
)
select
    chosen.task_id, chosen.number, chosen.level1, chosen.level2,
    chosen.short_name,
    chosen.theme, task.task, chosen.kind,
    units_of_task(chosen.edition_id, chosen.task_id) as units, assigned.lead_units,
    task.deadline_text, chosen.deadline_kind, chosen.due_on, chosen.effective_due_on, chosen.extended_to,
    chosen.state, chosen.late, chosen.done_on, chosen.reported_on,
    case when chosen.reported_on is not null then chosen.percent end as percent,
    chosen.expected_percent, chosen.points_behind, chosen.overdue_days, chosen.days_left,
    chosen.overdue, chosen.behind, chosen.not_reported,
    chosen.windows, chosen.windows_missed, chosen.points,
    chosen.lamp, chosen.reason
from chosen
join task using (edition_id, task_id)
left join assigned on assigned.task_id = chosen.task_id
order by by_lamp, by_overdue_days, by_points_behind, by_days_left, chosen.number
