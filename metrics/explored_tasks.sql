-- 自由筛选的任务：范围内的每项任务一行，附可用来筛选、分组和统计的各项属性。佐证件数计截至日期有效的材料；“首次列入的版次”是任务最早出现的那一版；完成、到期、逾期等与“指标完成率”同一口径。
with scoped as (
    select *, coalesce(effective_due_on <= as_of, false) as is_due
    from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds, verified_only := $verified_only)
),
demanded as (
    select task_id, string_agg(distinct period, ',' order by period) as periods
    from scoped
    join cadence using (edition_id, task_id)
    group by task_id
),
proven as (
    select task_id, count(*) as evidence
    from standing_evidence($known_at::timestamp) as evidence
    where coalesce(effective_on, recorded_at::date) <= $as_of::date
    group by task_id
),
listed as (
    select task_id, min(edition_number) as first_edition
    from task
    join standing_edition('infinity'::timestamp) as edition using (edition_id)
    where task.ledger_id = $ledger_id
    group by task_id
)
select
    scoped.task_id, scoped.number, scoped.level1,
    scoped.short_name,
    scoped.level2, task.task, scoped.kind,
    coalesce(units_of_task(scoped.edition_id, scoped.task_id), '') as units,
    task.deadline_text, scoped.deadline_kind, scoped.effective_due_on,
    scoped.state, scoped.lamp, scoped.reason,
    scoped.overdue, scoped.behind, scoped.not_reported,
    coalesce(demanded.periods, '') as periods,
    coalesce(proven.evidence, 0) as evidence,
    scoped.state is not distinct from 'verified' as is_verified,
    listed.first_edition,
    task.source_table,
    scoped.is_applicable,
    scoped.is_applicable and scoped.counts_as_done as done,
    scoped.is_applicable and scoped.is_due as due,
    scoped.is_applicable and scoped.is_due and scoped.counts_as_done as due_done,
    scoped.is_applicable and scoped.is_due and scoped.counts_as_done and not scoped.late as on_time,
    scoped.overdue_days, scoped.days_left, scoped.done_on, scoped.reported_on,
    case when scoped.reported_on is not null then scoped.percent end as percent,
    scoped.expected_percent, scoped.points
from scoped
join task on task.edition_id = scoped.edition_id and task.task_id = scoped.task_id
left join listed on listed.task_id = scoped.task_id
left join demanded on demanded.task_id = scoped.task_id
left join proven on proven.task_id = scoped.task_id
order by scoped.number
