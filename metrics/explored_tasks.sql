-- 自由筛选的任务：范围内的每项任务一行，附可用来筛选、分组和统计的各项属性。佐证件数计截至日期有效的材料；“首次列入的版次”是任务最早出现的那一版；完成、到期、逾期等与“指标完成率”同一口径。待核验天数为各部分中录入最早、尚未核验的完成已等的天数，与“完成与核验”同一口径；延期次数计截至日期已同意的；加分扣分状态与“加分与扣分”同一口径。
with scoped as (
    select *, coalesce(effective_due_on <= as_of, false) as is_due
    from themed_task_in_scope(
        $basis, $ledger_id, $as_of, $units, $level1s, $kinds, verified_only := $verified_only
    )
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
),
waiting as (
    select task_id, max(greatest($as_of::date - completion_entered_at::date, 0)) as waiting_days
    from judged.unit_judgement
    where basis = $basis and as_of = $as_of and stands and state = 'done' and not verified
    group by task_id
),
extended as (
    select extension.task_id, count(*) as extensions
    from decided_extension($as_of::date, $known_at::timestamp) as decided
    join standing_extension($known_at::timestamp) as extension using (extension_id)
    where decided.outcome = 'approved'
    group by extension.task_id
),
claimed as (
    select task_id, bool_or(state = 'recognised') as is_recognised
    from standing_claim($known_at::timestamp) as claim
    where effective_on <= $as_of::date
    group by task_id
),
happened as (
    select distinct task_id
    from standing_incident($known_at::timestamp) as incident
    where effective_on <= $as_of::date
)
select
    scoped.task_id, scoped.number, scoped.level1,
    scoped.short_name,
    scoped.level2, scoped.theme, task.task, scoped.kind,
    coalesce(units_of_task(scoped.edition_id, scoped.task_id), '') as units,
    task.deadline_text, scoped.deadline_kind, scoped.effective_due_on,
    scoped.state, scoped.lamp, scoped.reason,
    scoped.overdue, scoped.behind, scoped.not_reported,
    coalesce(demanded.periods, '') as periods,
    coalesce(proven.evidence, 0) as evidence,
    proven.task_id is null as is_unproven,
    scoped.state is not distinct from 'verified' as is_verified,
    waiting.task_id is not null and scoped.kind = 'base' as is_waiting,
    case when scoped.kind = 'base' then waiting.waiting_days end as waiting_days,
    case
        when scoped.kind = 'bonus' then
            case when claimed.is_recognised then '已认定' when claimed.task_id is not null then '已申报' else '未申报' end
        when scoped.kind = 'penalty' then
            case when happened.task_id is not null then '已触发' else '未触发' end
        else ''
    end as claim_state,
    listed.first_edition,
    task.source_table,
    scoped.is_applicable,
    scoped.is_applicable and scoped.counts_as_done as done,
    scoped.is_applicable and scoped.is_due as due,
    scoped.is_applicable and scoped.is_due and scoped.counts_as_done as due_done,
    scoped.is_applicable and scoped.is_due and scoped.counts_as_done and not scoped.late as on_time,
    scoped.overdue_days, scoped.days_left, scoped.done_on, scoped.reported_on,
    coalesce(extended.extensions, 0) as extensions,
    scoped.extended_to,
    coalesce(scoped.windows_missed, 0) as windows_missed,
    case when scoped.reported_on is not null then scoped.percent end as percent,
    case when scoped.is_applicable then scoped.percent end as progress,
    scoped.expected_percent, scoped.points
from scoped
join task on task.edition_id = scoped.edition_id and task.task_id = scoped.task_id
left join listed on listed.task_id = scoped.task_id
left join demanded on demanded.task_id = scoped.task_id
left join proven on proven.task_id = scoped.task_id
left join waiting on waiting.task_id = scoped.task_id
left join extended on extended.task_id = scoped.task_id
left join claimed on claimed.task_id = scoped.task_id
left join happened on happened.task_id = scoped.task_id
order by scoped.number
