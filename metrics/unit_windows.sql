-- 单位频次日历：一个单位承担的基本任务中写明频次的，截至日期已开始的每一期要求几次、做了几次；集体的任务也列入其成员。
with own_task as (
    select distinct task_id, number, edition_id
    from duty_in_scope($basis, $ledger_id, $as_of, []::varchar[], []::varchar[], []::varchar[], true)
    where unit = $unit and kind = 'base'
)
select
    own_task.number, own_task.task_id, task.task,
    seen.period, seen.min_count, seen.window_start, seen.window_end, seen.times, seen.state
from judged.cadence_window as seen
join own_task on own_task.task_id = seen.task_id
join task on task.edition_id = own_task.edition_id and task.task_id = own_task.task_id
where seen.basis = $basis and seen.as_of = $as_of
order by own_task.number, seen.period, seen.window_start
