-- 频次缺口：已结束而完成次数不足的窗口，每个任务和周期一行。窗口为自然周期，不结转；跨年的窗口归结束之年。
with scoped as (
    from task_in_scope($data_version, $ledger_id, $as_of, $units, $level1s, $kinds)
),
missed as (
    select task_id, period,
        count(*) as missed,
        max(window_start) as newest_start,
        string_agg(strftime(window_start, '%m-%d'), '、' order by window_start desc) as starts
    from cadence_windows($as_of::date)
    where ledger_id = $ledger_id and state = 'missed'
    group by task_id, period
)
select
    scoped.task_id, scoped.number, scoped.level1, task.task,
    score.period, score.min_count, score.phrase, score.windows, score.required, score.achieved, score.missed,
    missed.newest_start, missed.starts
from cadence_score($as_of::date) as score
join missed using (task_id, period)
join scoped on scoped.task_id = score.task_id
join task on task.edition_id = scoped.edition_id and task.task_id = scoped.task_id
where score.missed > 0
order by score.missed::double / score.windows desc, score.missed desc, scoped.number
