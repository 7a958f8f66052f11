-- 指标完成率：完成率 = 已完成 ÷ 适用的基本任务（加分项、扣分项不计）。到期完成率 = 到期任务中已完成的 ÷ 到期任务（期限不晚于截至日期）。按期完成率 = 到期任务中按期完成的 ÷ 到期任务。平均进度为各任务填报进度的平均数，从未填报按 0% 计；序时进度为起始日至期限已过时间的比例，其平均只含有期限的任务；序时偏差在有期限（或有计划节点）的任务中比较两者，已完成的按 100% 计，因此另列未完成任务的序时偏差。到期未完成 = 期限不晚于截至日期而未完成的任务，比逾期多出当日到期的。按分值的各率以任务的分值代替任务数：有评分方案的用现行一版的分值，没有的用台账的分值，未设分值的任务不计。任务数占比 = 该组任务数 ÷ 范围内基本任务总数；按主题时，二级指标列入“指标主题”的按二级，否则按一级，都没有列入的为“未归入主题”。
with task as (
    select
        scoped.* replace (case when scheme.scheme_id is null then scoped.points else item.points end as points),
        effective_due_on <= as_of as is_due
    from themed_task_in_scope(
        $basis, $ledger_id, $as_of, $units, $level1s, $kinds, verified_only := $verified_only
    ) as scoped
    cross join (
        select arg_max(scheme_id, version) as scheme_id
        from standing_scheme($known_at::timestamp)
        where ledger_id = $ledger_id
    ) as scheme
    left join scheme_item as item on item.scheme_id = scheme.scheme_id and item.task_id = scoped.task_id
    where kind = 'base'
)
select
    case when $by in ('level1', 'level2') then level1 else '' end as level1,
    case when $by = 'level2' then level2 else '' end as level2,
    case when $by = 'theme' then theme else '' end as theme,
    any_value(short_name) as short_name,
    count(*) as tasks,
    rate(count(*), sum(count(*)) over ()) as tasks_share,
    sum(count(*)) over () as all_tasks,
    count(*) filter (is_applicable) as applicable,
    count(*) filter (is_applicable and counts_as_done) as done,
    count(*) filter (is_applicable and state = 'verified') as verified,
    count(*) filter (is_applicable and is_due) as due,
    count(*) filter (is_applicable and is_due and counts_as_done) as due_done,
    count(*) filter (is_applicable and is_due and counts_as_done and not late) as on_time,
    count(*) filter (due_open) as due_open,
    count(*) filter (overdue) as overdue,
    count(*) filter (behind) as behind,
    count(*) filter (not_reported) as not_reported,
    count(*) filter (is_applicable and reported_on is null) as never_reported,
    rate(done, applicable) as done_rate,
    rate(due_done, due) as due_rate,
    rate(on_time, due) as on_time_rate,
    avg(percent) filter (is_applicable) as mean_percent,
    avg(expected_percent) filter (is_applicable) as expected_percent,
    avg(percent - expected_percent) filter (is_applicable) as ahead_points,
    avg(percent - expected_percent) filter (is_open) as open_ahead_points,
    sum(points) filter (is_applicable) as points,
    sum(points) filter (is_applicable and is_due) as points_due,
    rate(coalesce(sum(points) filter (is_applicable and counts_as_done), 0), sum(points) filter (is_applicable)) as done_rate_by_points,
    rate(coalesce(sum(points) filter (is_applicable and is_due and counts_as_done), 0), points_due) as due_rate_by_points,
    rate(coalesce(sum(points) filter (is_applicable and is_due and counts_as_done and not late), 0), points_due)
        as on_time_rate_by_points,
    sum(percent * points) filter (is_applicable)
        / nullif(sum(points) filter (is_applicable), 0) as mean_percent_by_points,
    count(*) filter (is_applicable and points is not null) as with_points,
    count(*) filter (is_applicable and is_due and points is not null) as due_with_points,
    count(*) filter (lamp = 'red') as red,
    count(*) filter (lamp = 'yellow') as yellow,
    count(*) filter (lamp = 'green') as green,
    count(*) filter (lamp = 'blue') as blue,
    count(*) filter (lamp = 'grey') as grey,
    coalesce(bool_or(ledger_has_progress), false) as has_progress,
    fewest_for_percent($ledger_id, $known_at::timestamp) as fewest_for_percent
from task
group by 1, 2, 3
order by min(number)
