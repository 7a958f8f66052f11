-- 自由筛选的逐月情况：各判断日上范围内的每项任务一行，供所选任务逐月统计；口径与“指标完成率”相同。
select
    task.as_of, task.task_id, task.is_applicable,
    task.is_applicable and task.counts_as_done as done,
    task.is_applicable and task.is_due as due,
    task.is_applicable and task.is_due and task.counts_as_done as due_done,
    task.is_applicable and task.is_due and task.counts_as_done and not task.late as on_time,
    task.overdue, task.overdue_days, task.points,
    task.is_open,
    coalesce(task.windows_missed, 0) as windows_missed,
    case when task.is_applicable then task.percent end as progress
from (select unnest($days::date[]) as day) as wanted,
    lateral (
        select *, coalesce(effective_due_on <= as_of, false) as is_due
        from task_in_scope(
            $basis, $ledger_id, wanted.day, $units, $level1s, $kinds, verified_only := $verified_only
        )
    ) as task
order by task.as_of, task.task_id
