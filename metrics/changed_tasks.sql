-- 两日之间有变化的任务：新完成、新逾期、逾期后完成和不再算完成的任务。
with later as (
    select *, case when $verified_only then state = 'verified' else is_done end as counts_as_done
    from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds)
),
earlier as (
    select *, case when $verified_only then state = 'verified' else is_done end as counts_as_done
    from task_in_scope($basis, $ledger_id, $compare_on::date, $units, $level1s, $kinds)
)
select
    later.task_id, later.number, later.level1, task.task,
    case
        when later.counts_as_done and earlier.overdue then '逾期后完成'
        when later.counts_as_done and not earlier.counts_as_done then '新完成'
        when earlier.counts_as_done and not later.counts_as_done then '不再算完成'
        else '新逾期'
    end as change,
    earlier.state as state_then, later.state, later.lamp, later.reason, later.effective_due_on, later.done_on
from later
join earlier using (task_id)
join task on task.edition_id = later.edition_id and task.task_id = later.task_id
where later.kind = 'base'
    and (later.counts_as_done <> earlier.counts_as_done or (later.overdue and not earlier.overdue))
order by change, later.number
