-- 期限分布：每个期限日的基本任务数，分已完成、逾期和未完成而未逾期（包括当日到期）；延期的按生效期限计。
select
    effective_due_on,
    count(*) as tasks,
    count(*) filter (is_done) as done,
    count(*) filter (overdue) as overdue,
    count(*) filter (not is_done and not overdue) as open
from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds)
where is_applicable and effective_due_on is not null
group by effective_due_on
order by effective_due_on
