-- 频次缺口：已结束而完成次数不足的各期，每个任务和周期一行。一期为一个自然周期，不结转；跨年的一期归结束之年；经同意免除的不计。
with scoped as (
    from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds)
    where windows_missed > 0
),
judged_windows as (
    select
        task_id, period,
        any_value(min_count) as min_count,
        any_value(phrase) as phrase,
        count(*) as windows,
        sum(min_count)::bigint as required,
        sum(least(times, min_count))::bigint as achieved,
        count(*) filter (state = 'missed') as missed,
        max(window_start) filter (state = 'missed') as newest_start,
        string_agg(strftime(window_start, '%m-%d'), '、' order by window_start)
            filter (state = 'missed') as starts
    from judged.cadence_window
    semi join scoped using (task_id)
    where basis = $basis and as_of = $as_of and window_end <= $as_of::date and state <> 'excused'
    group by task_id, period
)
select
    scoped.task_id, scoped.number, scoped.level1, task.task, scoped.lamp, scoped.reason,
    judged_windows.* exclude (task_id)
from judged_windows
join scoped on scoped.task_id = judged_windows.task_id
join task on task.edition_id = scoped.edition_id and task.task_id = scoped.task_id
where judged_windows.missed > 0
order by judged_windows.missed::double / judged_windows.windows desc, judged_windows.missed desc, scoped.number, period
