-- 单位 × 一级指标：每个单位在每个一级指标下承担的任务数（按角色）、折算任务，及其中基本任务的完成、到期和逾期；本单位已报完成的部分算完成，不再算它的逾期。完成率 = 已完成 ÷ 适用的基本任务，到期完成率 = 到期任务中已完成的 ÷ 到期任务。
select
    unit, class, level1,
    any_value(short_name) as short_name,
    min(number) as first_number,
    count(*) as tasks,
    count(*) filter (role = 'lead') as lead_tasks,
    count(*) filter (role = 'responsible') as responsible_tasks,
    count(*) filter (role in ('cooperate', 'support')) as cooperate_tasks,
    sum(share) as shared_load,
    count(*) filter (is_applicable) as applicable,
    count(*) filter (is_applicable and unit_is_done) as done,
    count(*) filter (is_applicable and effective_due_on <= as_of) as due,
    count(*) filter (is_applicable and effective_due_on <= as_of and unit_is_done) as due_done,
    count(*) filter (unit_is_overdue) as overdue,
    rate(done, applicable) as done_rate,
    rate(due_done, due) as due_rate,
    fewest_for_percent($ledger_id, $known_at::timestamp) as fewest_for_percent
from duty_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds, $expanded) as duty
group by unit, class, level1
order by unit, min(number)
