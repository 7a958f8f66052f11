-- 单位任务：一个单位在范围内承担的每项任务，附角色、来自哪个集体、共同承担的单位数，及任务的状态与预警灯。
select
    duty.task_id, duty.number, duty.level1, duty.level2,
    duty.short_name,
    task.task, duty.kind, duty.role, duty.is_first, duty.collective,
    duty.sharing_units,
    task.deadline_text, duty.effective_due_on, duty.state, duty.is_open, duty.unit_is_done, duty.unit_is_overdue,
    duty.done_on, duty.reported_on, duty.overdue_days, duty.days_left,
    case when duty.reported_on is not null then duty.percent end as percent,
    duty.expected_percent, duty.lamp, duty.reason
from duty_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds, $expanded) as duty
join task on task.edition_id = duty.edition_id and task.task_id = duty.task_id
where duty.unit = $unit
order by duty.unit_is_overdue desc, lamp_order(duty.lamp),
    duty.effective_due_on nulls last, duty.number
