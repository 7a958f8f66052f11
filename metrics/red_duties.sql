-- 各单位红灯任务：每个单位名下亮红灯的每项任务一行，附牵头、负责等角色和理由；本单位已报完成的部分不计，几个单位共同负责的任务各列一行。没有任何进展填报的台账不亮灯。
select
    duty.unit, duty.class, duty.role, duty.is_first,
    duty.task_id, duty.number, duty.level1, duty.short_name,
    task.task, duty.effective_due_on, duty.overdue_days, duty.points_behind, duty.lamp, duty.reason
from duty_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds, $expanded) as duty
join task on task.edition_id = duty.edition_id and task.task_id = duty.task_id
-- Sixty names are collated, not the names of all rows.
join (select unit_id, row_number() over (order by name collate zh) as place from unit) as ranked
    on ranked.unit_id = duty.unit_id
where duty.lamp = 'red' and not duty.unit_is_done
order by class_order(duty.class),
    ranked.place, duty.number
