-- 两次例会之间的变化：每项任务自比较日期至截至日期的变化，一项任务可以有几种。完成为新算完成的；重新办理为原已完成、现不再算完成的；新逾期为当时未逾期、现已逾期的；新滞后为当时未滞后、现已滞后而未逾期的；好转为当时逾期或滞后、现都不是而尚未完成的；期限变动、文字修改、新增、删去按两个日期各自有效的版次和延期比较。完成、逾期、滞后和好转只判断基本任务；没有任何进展填报的台账不判断。
with paired as (
    from task_then_and_now(
        $basis, $ledger_id, $compare_on::date, $as_of, $units, $level1s, $kinds, verified_only := $verified_only
    )
),
reworded as (
    -- Texts differ between editions only.
    select paired.task_id, earlier.task as task_then
    from paired
    join task as now on now.edition_id = edition_now and now.task_id = paired.task_id
    join task as earlier on earlier.edition_id = edition_then and earlier.task_id = paired.task_id
    where edition_now <> edition_then and now.task <> earlier.task
),
judged as (
    select
        paired.*,
        kind_then = 'base' and kind_now = 'base' as is_judged,
        is_judged and done_now and not done_then as finished,
        is_judged and done_then and not done_now as reopened,
        is_judged and has_progress and overdue_now and not overdue_then as overdue,
        is_judged and has_progress and behind_now and not overdue_now and not behind_then as slipped,
        is_judged and had_progress and (overdue_then or behind_then)
            and not (overdue_now or behind_now) and not is_done and applicable_now as recovered,
        edition_now is not null and edition_then is not null
            and due_then is distinct from due_now as redated,
        reworded.task_id is not null as is_reworded,
        reworded.task_then
    from paired
    left join reworded using (task_id)
),
changed as (
    select *, unnest(list_filter([
        case when finished then 'finished' end,
        case when reopened then 'reopened' end,
        case when overdue then 'overdue' end,
        case when slipped then 'slipped' end,
        case when recovered then 'recovered' end,
        case when redated then 'redated' end,
        case when is_reworded then 'reworded' end,
        case when edition_then is null then 'added' end,
        case when edition_now is null then 'removed' end
    ], lambda each: each is not null)) as change
    from judged
    -- Most tasks did not change; making and sifting nine words for each of them takes the most time.
    where finished or reopened or overdue or slipped or recovered or redated or is_reworded
        or edition_then is null or edition_now is null
)
select
    changed.change, changed.task_id, changed.number, changed.level1,
    changed.short_name,
    changed.kind, task.task,
    case when edition_then is not null then coalesce(changed.task_then, task.task) end as task_then,
    units_of_task(changed.edition_id, changed.task_id) as units,
    changed.state_then, changed.state_now as state, changed.lamp_then, changed.lamp_now as lamp, changed.reason,
    changed.due_then, changed.due_now as effective_due_on, changed.done_on,
    changed.percent_then, changed.percent_now as percent, changed.overdue_days, changed.points_behind
from changed
join task on task.edition_id = changed.edition_id and task.task_id = changed.task_id
order by list_position(
        ['finished', 'overdue', 'slipped', 'recovered', 'reopened', 'redated', 'reworded', 'added', 'removed'],
        change
    ), changed.number
