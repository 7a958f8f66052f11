-- 延期申请：范围内任务截至该日提出的每一件延期申请及其审批；同一件申请以最近一次审批为准。“申请时期限”是提出之日有效的期限，不计这件申请本身；“不延期即逾期”指撇开这件申请，任务到该日尚未完成且已过期限；期限过后才同意的是“补批”。
with scoped as (
    from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds)
),
requested as (
    select extension.*
    from standing_extension($known_at::timestamp) as extension
    semi join scoped using (task_id)
    where requested_on <= $as_of::date
),
decision as (
    select *, (effective_on, entry_number) as decided_at
    from standing_extension_decision($known_at::timestamp) as decision
    where effective_on <= $as_of::date
),
decided as (
    select extension_id, arg_max(decision, decided_at) as newest
    from decision
    group by extension_id
),
-- What the other requests on the same task had come to, on the day of asking and by the day.
answered as (
    select
        requested.extension_id, other.new_due_on,
        arg_max(decision.outcome, decided_at) filter (decision.effective_on <= requested.requested_on) as outcome_then,
        max(decided_at) filter (decision.effective_on <= requested.requested_on) as decided_then,
        arg_max(decision.outcome, decided_at) as outcome,
        max(decided_at) as decided_at
    from requested
    join standing_extension($known_at::timestamp) as other
        on other.task_id = requested.task_id and other.extension_id <> requested.extension_id
    join decision on decision.extension_id = other.extension_id
    group by requested.extension_id, other.extension_id, other.new_due_on
),
without as (
    select extension_id,
        arg_max(new_due_on, decided_then) filter (outcome_then = 'approved') as extended_then,
        arg_max(new_due_on, decided_at) filter (outcome = 'approved') as extended_to
    from answered
    group by extension_id
)
select
    requested.extension_id, requested.task_id,
    scoped.number, scoped.level1, scoped.short_name,
    task.task,
    units_of_task(scoped.edition_id, scoped.task_id) as units,
    requested.requested_on, scoped.due_on, coalesce(without.extended_then, scoped.due_on) as due_then,
    requested.new_due_on, requested.reason, coalesce(requested.is_late, false) as is_late,
    unit_or_whole_task(applicant.name) as applicant, requested.recorded_by, requested.recorded_at,
    coalesce(decided.newest.outcome, 'pending') as state,
    decided.newest.decision_id as decision_id,
    decided.newest.effective_on as decided_on,
    case when decided.newest is not null then coalesce(nullif(requested.agreed_by, ''), decided.newest.recorded_by) end as decided_by,
    decided.newest.reason as opinion,
    coalesce(
        scoped.is_applicable and not scoped.is_done
        and case when $as_issued then scoped.due_on else coalesce(without.extended_to, scoped.due_on) end < $as_of::date,
        false) as overdue_without
from requested
join scoped using (task_id)
join task on task.edition_id = scoped.edition_id and task.task_id = scoped.task_id
left join decided on decided.extension_id = requested.extension_id
left join without on without.extension_id = requested.extension_id
left join unit as applicant on applicant.unit_id = requested.unit_id
order by decided_on desc nulls first, requested.requested_on, requested.recorded_at
