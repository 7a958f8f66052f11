-- 完成与核验：范围内的基本任务中，截至该日的每一项完成，一行是整项任务或一个单位承担的部分。“待核验”等待销号或退办；“已销号”“已退办”附所依据的核验，退办后重新报结的又为待核验。录入时间取完成日期起首次录入的完成填报，说明取最近一次；已等天数从录入之日算到该日；佐证计本单位和整项任务的材料。
with scoped as (
    select *
    from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds)
    where kind = 'base'
),
claimed as (
    select
        task_id, unit_id, verified, is_returned,
        coalesce(done_on, reported_on) as done_on
    from subject_progress($as_of::date, $known_at::timestamp)
    semi join scoped using (task_id)
    where state = 'done' or is_returned
),
told as (
    select
        claimed.task_id, claimed.unit_id,
        arg_max(report.report_id, (report.effective_on, report.recorded_at)) as report_id,
        arg_max(report.narrative, (report.effective_on, report.recorded_at)) as narrative,
        max((report.effective_on, report.recorded_at)) as told_at,
        min(report.recorded_at) as recorded_at,
        arg_min(report.recorded_by, report.recorded_at) as recorded_by
    from claimed
    join standing_report($known_at::timestamp) as report
        on report.task_id = claimed.task_id and report.unit_id is not distinct from claimed.unit_id
    where report.state = 'done'
        and report.effective_on between claimed.done_on and $as_of::date
    group by claimed.task_id, claimed.unit_id
),
verdict as (
    select *,
        row_number() over (partition by task_id, unit_id order by effective_on desc, recorded_at desc) = 1 as is_newest
    from standing_verification($known_at::timestamp) as verification
    where effective_on <= $as_of::date
),
judged_by as (
    -- A verdict on the task as a whole is one on every unit's part.
    select
        claimed.task_id, claimed.unit_id,
        count(*) filter (verdict.outcome = 'returned') as times_returned,
        arg_max(verdict, (verdict.effective_on, verdict.recorded_at, verdict.unit_id is not null)) filter (case
            when claimed.is_returned then
                verdict.outcome = 'returned' and (verdict.effective_on, verdict.recorded_at) >= told.told_at
            when claimed.verified then
                verdict.outcome = 'accepted' and verdict.is_newest and verdict.effective_on >= claimed.done_on
            else false
        end) as verdict
    from claimed
    join told on told.task_id = claimed.task_id and told.unit_id is not distinct from claimed.unit_id
    join verdict
        on verdict.task_id = claimed.task_id
        and (verdict.unit_id is null or verdict.unit_id is not distinct from claimed.unit_id)
    group by claimed.task_id, claimed.unit_id
),
proven as (
    select
        claimed.task_id, claimed.unit_id,
        count(*) as evidence,
        string_agg(evidence.title, '；' order by evidence.effective_on, evidence.recorded_at) as evidence_titles
    from claimed
    join standing_evidence($known_at::timestamp) as evidence
        on evidence.task_id = claimed.task_id
        and (claimed.unit_id is null or evidence.unit_id is null or evidence.unit_id = claimed.unit_id)
    where coalesce(evidence.effective_on, evidence.recorded_at::date) <= $as_of::date
    group by claimed.task_id, claimed.unit_id
)
select
    claimed.task_id, claimed.unit_id, told.report_id,
    scoped.number, scoped.level1, coalesce(short_name.short_name, scoped.level1) as short_name,
    task.task, coalesce(unit.name, '整项任务') as unit,
    (select string_agg(named.name, '、' order by position)
        from assignment join unit as named using (unit_id)
        where assignment.edition_id = scoped.edition_id and assignment.task_id = scoped.task_id) as units,
    case when claimed.is_returned then 'returned' when claimed.verified then 'accepted' else 'waiting' end as state,
    claimed.done_on, scoped.effective_due_on,
    coalesce(claimed.done_on > scoped.effective_due_on, false) as late,
    told.narrative, told.told_at[1] as told_on, told.recorded_at, told.recorded_by,
    case when not claimed.is_returned and not claimed.verified
        then greatest($as_of::date - told.recorded_at::date, 0) end as waiting_days,
    coalesce(proven.evidence, 0) as evidence, proven.evidence_titles,
    judged_by.verdict.verification_id as verification_id,
    judged_by.verdict.effective_on as verified_on,
    judged_by.verdict.recorded_by as verified_by,
    judged_by.verdict.reason as reason,
    coalesce(judged_by.times_returned, 0) as times_returned
from claimed
join scoped using (task_id)
join task on task.edition_id = scoped.edition_id and task.task_id = scoped.task_id
join told on told.task_id = claimed.task_id and told.unit_id is not distinct from claimed.unit_id
left join judged_by on judged_by.task_id = claimed.task_id and judged_by.unit_id is not distinct from claimed.unit_id
left join proven on proven.task_id = claimed.task_id and proven.unit_id is not distinct from claimed.unit_id
left join unit on unit.unit_id = claimed.unit_id
left join short_name on short_name.full_name = scoped.level1
order by verified_on desc nulls first, told.recorded_at, scoped.number, unit
