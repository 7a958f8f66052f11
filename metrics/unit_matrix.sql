-- 单位 × 一级指标：每个单位在每个一级指标下承担的任务数，及其中已完成和逾期的。
select
    unit, class, level1,
    coalesce(any_value(short_name.short_name), level1) as short_name,
    min(number) as first_number,
    count(*) as tasks,
    count(*) filter (unit_is_done) as done,
    count(*) filter (unit_is_overdue) as overdue
from duty_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds, $expanded) as duty
left join short_name on short_name.full_name = duty.level1
group by unit, class, level1
order by unit, min(number)
