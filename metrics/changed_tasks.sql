-- 两日之间有变化的任务：新完成、新逾期、逾期后完成和不再算完成的任务；最多列出若干项，并附总项数。
with later as (
    select *, case when $verified_only then state = 'verified' else is_done end as counts_as_done
    from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds)
),
earlier as (
    select *, case when $verified_only then state = 'verified' else is_done end as counts_as_done
    from task_in_scope($basis, $ledger_id, $compare_on::date, $units, $level1s, $kinds)
),
changed as (
    select
        later.*, earlier.state as state_then,
        case
            when later.counts_as_done and earlier.overdue then '逾期后完成'
            when later.counts_as_done and not earlier.counts_as_done then '新完成'
            when earlier.counts_as_done and not later.counts_as_done then '不再算完成'
            else '新逾期'
        end as change
    from later
    join earlier using (task_id)
    where later.kind = 'base'
        and (later.counts_as_done <> earlier.counts_as_done or (later.overdue and not earlier.overdue))
)
select
    changed.task_id, changed.number, changed.level1, task.task,
    changed.change, changed.state_then, changed.state, changed.lamp, changed.reason,
    changed.effective_due_on, changed.done_on,
    (select count(*) from changed) as matching
from changed
join task on task.edition_id = changed.edition_id and task.task_id = changed.task_id
order by changed.change, changed.number
limit $row_limit
