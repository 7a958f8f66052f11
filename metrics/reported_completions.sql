-- 完成与核验：范围内的基本任务中，截至该日的每一项完成，一行是整项任务或一个单位承担的部分。“待核验”等待销号或退办；“已销号”“已退办”附所依据的核验，退办后重新报结的又为待核验。录入时间取完成日期起首次录入的完成填报，说明取最近一次；已等天数从录入之日算到该日；佐证计本单位和整项任务的材料。待核验的和已核验的各自最多列出若干项，并附各类的总项数。
with scoped as (
    select *
    from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds)
    where kind = 'base'
),
completed as (
    select
        own.task_id, own.unit_id, own.verified, own.is_returned,
        own.completion_entered_at as recorded_at, own.completion_number,
        own.completed_on as done_on, own.is_returned or own.done_on is not null as day_known,
        scoped.edition_id, scoped.number, scoped.short_name, scoped.effective_due_on,
        case when own.is_returned then 'returned' when own.verified then 'accepted' else 'waiting' end as state
    from judged.unit_judgement as own
    join scoped on scoped.task_id = own.task_id
    where own.basis = $basis and own.as_of = $as_of
        and own.stands and (own.state = 'done' or own.is_returned)
),
verdict as (
    select task_id, unit_id, verification_id, outcome, effective_on, entry_number
    from standing_verification($known_at::timestamp) as verification
    where effective_on <= $as_of::date
),
judged_by as (
    -- A verdict on the task as a whole is one on every unit's part. Of those entered after the
    -- completion the newest decided.
    select
        completed.task_id, completed.unit_id,
        count(*) filter (verdict.outcome = 'returned') as times_returned,
        arg_max(
            (verdict.verification_id, verdict.effective_on),
            (verdict.effective_on, verdict.entry_number)
        ) filter (
            verdict.entry_number > completed.completion_number
            and verdict.outcome = case when completed.is_returned then 'returned' when completed.verified then 'accepted' end
        ) as verdict
    from completed
    join verdict
        on verdict.task_id = completed.task_id
        and (verdict.unit_id is null or verdict.unit_id is not distinct from completed.unit_id)
    group by completed.task_id, completed.unit_id
),
paper as not materialized (
    from standing_evidence($known_at::timestamp) as evidence
    where coalesce(effective_on, recorded_at::date) <= $as_of::date
),
with_paper as (
    select distinct completed.task_id, completed.unit_id
    from completed
    join paper
        on paper.task_id = completed.task_id
        and (completed.unit_id is null or paper.unit_id is null or paper.unit_id = completed.unit_id)
    where completed.state = 'waiting'
),
placed as materialized (
    select
        completed.*, unit_or_whole_task(unit.name) as unit,
        judged_by.verdict[1] as verification_id,
        judged_by.verdict[2] as verified_on,
        coalesce(judged_by.times_returned, 0) as times_returned,
        coalesce(completed.day_known and completed.done_on > completed.effective_due_on, false) as late
    from completed
    left join judged_by
        on judged_by.task_id = completed.task_id and judged_by.unit_id is not distinct from completed.unit_id
    left join unit on unit.unit_id = completed.unit_id
),
total as (
    select
        count(*) filter (state = 'waiting') as all_waiting,
        count(distinct task_id) filter (state = 'waiting') as all_waiting_tasks,
        count(*) filter (state = 'accepted') as all_accepted,
        count(*) filter (state = 'returned') as all_returned,
        all_waiting - (select count(*) from with_paper) as all_unproven,
        count(*) filter (state = 'waiting' and late) as all_late
    from placed
),
listed as materialized (
    (from placed where state = 'waiting'
        order by recorded_at, number, unit limit $row_limit)
    union all
    (from placed where state <> 'waiting'
        order by verified_on desc, recorded_at, number, unit limit $row_limit)
),
narrated as (
    select
        listed.task_id, listed.unit_id,
        arg_max(completion.report_id, (completion.effective_on, completion.entry_number)) as report_id,
        arg_max(completion.narrative, (completion.effective_on, completion.entry_number)) as narrative,
        max(completion.effective_on) as told_on,
        arg_min(completion.recorded_by, completion.entry_number) as recorded_by
    from listed
    join standing_report($known_at::timestamp) as completion
        on completion.task_id = listed.task_id and completion.unit_id is not distinct from listed.unit_id
        and completion.effective_on >= listed.done_on
        -- What was returned before may give a later day than the completion reported since.
        and completion.entry_number >= listed.completion_number
    where completion.state = 'done' and completion.effective_on <= $as_of::date
        and completion.task_id in (select task_id from listed)
    group by listed.task_id, listed.unit_id
),
proven as (
    select
        listed.task_id, listed.unit_id,
        count(*) as evidence,
        string_agg(paper.title, '；' order by paper.effective_on, paper.recorded_at) as evidence_titles
    from listed
    join paper
        on paper.task_id = listed.task_id
        and (listed.unit_id is null or paper.unit_id is null or paper.unit_id = listed.unit_id)
    group by listed.task_id, listed.unit_id
),
same_verdict as (
    select verification_id, count(*) as completions
    from placed
    where verification_id is not null
    group by verification_id
)
select
    listed.task_id, listed.unit_id, narrated.report_id,
    listed.number, task.level1, listed.short_name,
    task.task, listed.unit, units_of_task(listed.edition_id, listed.task_id) as units, listed.state,
    listed.done_on, listed.day_known, listed.effective_due_on, listed.late,
    narrated.narrative, narrated.told_on, listed.recorded_at, narrated.recorded_by,
    case when listed.state = 'waiting'
        then greatest($as_of::date - listed.recorded_at::date, 0) end as waiting_days,
    coalesce(proven.evidence, 0) as evidence, proven.evidence_titles,
    listed.verification_id, listed.verified_on, verification.recorded_by as verified_by,
    verification.reason, listed.times_returned,
    same_verdict.completions as completions_of_verdict,
    total.*
from listed
cross join total
join task on task.edition_id = listed.edition_id and task.task_id = listed.task_id
join narrated on narrated.task_id = listed.task_id and narrated.unit_id is not distinct from listed.unit_id
left join proven on proven.task_id = listed.task_id and proven.unit_id is not distinct from listed.unit_id
left join verification on verification.verification_id = listed.verification_id
left join same_verdict on same_verdict.verification_id = listed.verification_id
order by listed.verified_on desc nulls first, listed.recorded_at, listed.number, listed.unit
