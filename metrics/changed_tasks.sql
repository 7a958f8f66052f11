-- 两日之间有变化的任务：新完成、新逾期、逾期后完成、不再算完成，以及未完成而逾期已解除（如延期获批、任务删去）的基本任务，并注明计入与另一日期比较的哪几个数；最多列出若干项，并附总项数。
with paired as (
    from task_then_and_now(
        $basis, $ledger_id, $compare_on::date, $as_of, $units, $level1s, $kinds, verified_only := $verified_only
    )
    where kind = 'base'
),
changed as (
    select *,
        done_now and not done_then as newly_done,
        done_then and not done_now as no_longer_done,
        overdue_now and not overdue_then as newly_overdue,
        overdue_then and not overdue_now as recovered,
        case
            when done_now and overdue_then then '逾期后完成'
            when newly_done then '新完成'
            when no_longer_done then '不再算完成'
            when newly_overdue then '新逾期'
            else '逾期已解除'
        end as change
    from paired
    where done_now <> done_then or overdue_now <> overdue_then
)
select
    changed.task_id, changed.number, changed.level1, changed.short_name, task.task,
    changed.change, changed.newly_done, changed.no_longer_done, changed.newly_overdue, changed.recovered,
    changed.state_then, changed.state_now as state, changed.lamp_now as lamp, changed.reason,
    changed.due_now as effective_due_on, changed.done_on,
    (select count(*) from changed) as matching
from changed
join task on task.edition_id = changed.edition_id and task.task_id = changed.task_id
order by changed.change, changed.number
limit $row_limit
