-- The facts that count. An entry counts from the instant it was entered until it was taken back, so
-- that everything built on these sets can be judged on what was known at an instant, known_at: an
-- entry made later, and a withdrawal made later, are not known yet. No day comes into it. An anti join
-- and not "not exists": for that, DuckDB collects the ids of all entries first, five times slower.

-- 更正后的单位: one row per registered unit whose entries and duties count for another one, as far as it
-- was known: renamed, merged (whole), or split for single tasks (by_task goes before whole).
create or replace macro corrected_unit(known_at) as table
with newest as (
    select unit_id, task_id, arg_max(became_id, entry_number) as became_id
    from unit_correction
    where recorded_at <= known_at
    group by unit_id, task_id
)
select
    unit_id,
    any_value(became_id) filter (task_id is null) as whole,
    map(
        coalesce(list(task_id order by task_id) filter (task_id is not null), []),
        coalesce(list(became_id order by task_id) filter (task_id is not null), [])
    ) as by_task
from newest
group by unit_id;

-- 有效的进展填报: the rows of report known at the instant and not taken back.
create or replace macro standing_report(known_at) as table
select report.* replace (coalesce(corrected.by_task[report.task_id], corrected.whole, report.unit_id) as unit_id)
from report
anti join (from withdrawal where recorded_at <= known_at) as w on w.entry_id = report.report_id
left join corrected_unit(known_at) as corrected on corrected.unit_id = report.unit_id
where report.recorded_at <= known_at;

-- 有效的频次完成记录: the rows of occurrence known at the instant and not taken back.
create or replace macro standing_occurrence(known_at) as table
select occurrence.* replace (coalesce(corrected.by_task[occurrence.task_id], corrected.whole, occurrence.unit_id) as unit_id)
from occurrence
anti join (from withdrawal where recorded_at <= known_at) as w on w.entry_id = occurrence.occurrence_id
left join corrected_unit(known_at) as corrected on corrected.unit_id = occurrence.unit_id
where occurrence.recorded_at <= known_at;

-- 有效的计划节点: the rows of plan known at the instant and not taken back; of the plans that editions of
-- the ledger state of a task, the newest.
create or replace macro standing_plan(known_at) as table
from plan
anti join (from withdrawal where recorded_at <= known_at) as w on w.entry_id = plan.plan_id
where plan.recorded_at <= known_at
qualify source <> 'column' or entry_number // 1000000 = max(entry_number // 1000000) filter (source = 'column') over (partition by task_id);

-- 有效的佐证材料: the rows of evidence known at the instant and not taken back.
create or replace macro standing_evidence(known_at) as table
select evidence.* replace (coalesce(corrected.by_task[evidence.task_id], corrected.whole, evidence.unit_id) as unit_id)
from evidence
anti join (from withdrawal where recorded_at <= known_at) as w on w.entry_id = evidence.evidence_id
left join corrected_unit(known_at) as corrected on corrected.unit_id = evidence.unit_id
where evidence.recorded_at <= known_at;

-- 有效的核验: the rows of verification known at the instant and not taken back.
create or replace macro standing_verification(known_at) as table
select verification.* replace (coalesce(corrected.by_task[verification.task_id], corrected.whole, verification.unit_id) as unit_id)
from verification
anti join (from withdrawal where recorded_at <= known_at) as w on w.entry_id = verification.verification_id
left join corrected_unit(known_at) as corrected on corrected.unit_id = verification.unit_id
where verification.recorded_at <= known_at;

-- 有效的延期申请: the rows of extension known at the instant and not taken back.
create or replace macro standing_extension(known_at) as table
select extension.* replace (coalesce(corrected.by_task[extension.task_id], corrected.whole, extension.unit_id) as unit_id)
from extension
anti join (from withdrawal where recorded_at <= known_at) as w on w.entry_id = extension.extension_id
left join corrected_unit(known_at) as corrected on corrected.unit_id = extension.unit_id
where extension.recorded_at <= known_at;

-- 有效的延期审批: the rows of extension_decision known at the instant and not taken back.
create or replace macro standing_extension_decision(known_at) as table
from extension_decision
anti join (from withdrawal where recorded_at <= known_at) as w on w.entry_id = extension_decision.decision_id
where extension_decision.recorded_at <= known_at;

-- 有效的加分申报: the rows of claim known at the instant and not taken back.
create or replace macro standing_claim(known_at) as table
select claim.* replace (coalesce(corrected.by_task[claim.task_id], corrected.whole, claim.unit_id) as unit_id)
from claim
anti join (from withdrawal where recorded_at <= known_at) as w on w.entry_id = claim.claim_id
left join corrected_unit(known_at) as corrected on corrected.unit_id = claim.unit_id
where claim.recorded_at <= known_at;

-- 有效的扣分事件: the rows of incident known at the instant and not taken back.
create or replace macro standing_incident(known_at) as table
select incident.* replace (coalesce(corrected.by_task[incident.task_id], corrected.whole, incident.unit_id) as unit_id)
from incident
anti join (from withdrawal where recorded_at <= known_at) as w on w.entry_id = incident.incident_id
left join corrected_unit(known_at) as corrected on corrected.unit_id = incident.unit_id
where incident.recorded_at <= known_at;

-- 免除的频次: one row per task, period and window that the office excused; the newest word counts.
create or replace macro standing_excuse(known_at) as table
select task_id, period, window_start, arg_max(reason, entry_number) as reason
from excused_window
where recorded_at <= known_at
group by task_id, period, window_start
having arg_max(outcome, entry_number) = 'excused';

-- 锁定的报送月: one row per ledger and month that is closed, with the instant it was closed.
create or replace macro closed_month(known_at) as table
select ledger_id, month, arg_max(recorded_at, entry_number) as closed_at, arg_max(recorded_by, entry_number) as closed_by
from month_lock
where recorded_at <= known_at
group by ledger_id, month
having arg_max(outcome, entry_number) = 'closed';

-- 锁定后补记: whether what is true of a day was entered, as the entry of this number, when that day's
-- report month was closed.
create or replace macro entered_after_closing(ledger, day, number) as coalesce((
    select arg_max(outcome, lock.entry_number)
    from month_lock as lock
    where lock.ledger_id = ledger
        and lock.month = date_trunc('month', day)
        and lock.entry_number < number
) = 'closed', false);

-- 有效的人工评分、复核得分和名次: the rows of mark known at the instant and not taken back.
create or replace macro standing_mark(known_at) as table
from mark
anti join (from withdrawal where recorded_at <= known_at) as w on w.entry_id = mark.mark_id
where mark.recorded_at <= known_at;

-- 有效的季度例会: the rows of meeting known at the instant and not taken back.
create or replace macro standing_meeting(known_at) as table
from meeting
anti join (from withdrawal where recorded_at <= known_at) as w on w.entry_id = meeting.meeting_id
where meeting.recorded_at <= known_at;

-- 有效的议定事项: the rows of decision known at the instant and not taken back.
create or replace macro standing_decision(known_at) as table
from decision
anti join (from withdrawal where recorded_at <= known_at) as w on w.entry_id = decision.decision_id
where decision.recorded_at <= known_at;

-- 有效的议定事项办理情况: the rows of decision_progress known at the instant and not taken back.
create or replace macro standing_decision_progress(known_at) as table
from decision_progress as told
anti join (from withdrawal where recorded_at <= known_at) as w on w.entry_id = told.decision_progress_id
where told.recorded_at <= known_at;

-- 台账: the rows of ledger with title, province, year and period as last corrected, as far as known.
create or replace macro standing_ledger(known_at) as table
select ledger.* replace (
    coalesce(corrected.newest.region, ledger.region) as region,
    coalesce(corrected.newest.year, ledger.year) as year,
    coalesce(corrected.newest.title, ledger.title) as title,
    coalesce(corrected.newest.started_on, ledger.started_on) as started_on,
    coalesce(corrected.newest.ended_on, ledger.ended_on) as ended_on
)
from ledger
left join (
    select ledger_id,
        arg_max({region: region, year: year, title: title, started_on: started_on, ended_on: ended_on}, entry_number) as newest
    from ledger_correction
    where recorded_at <= known_at
    group by ledger_id
) as corrected using (ledger_id);

-- 台账版次: the rows of edition, also those taken back, with the day of effect as last corrected, as far as
-- known.
create or replace macro dated_edition(known_at) as table
select edition.* replace (coalesce(corrected.effective_on, edition.effective_on) as effective_on)
from edition
left join (
    select edition_id, arg_max(effective_on, entry_number) as effective_on
    from edition_correction
    where recorded_at <= known_at
    group by edition_id
) as corrected using (edition_id);

-- 有效的台账版次: the rows of edition known at the instant and not taken back.
create or replace macro standing_edition(known_at) as table
from dated_edition(known_at) as edition
anti join (from withdrawal where recorded_at <= known_at) as w on w.entry_id = edition.edition_id
where edition.recorded_at <= known_at;

-- 任务: the rows of task, with the due day as last corrected with the year of the ledger.
create or replace macro dated_task(known_at) as table
select task.* replace (coalesce(redated.due_on, task.due_on) as due_on)
from task
left join (
    select edition_id, task_id, arg_max(due_on, entry_number) as due_on
    from redated_task
    where recorded_at <= known_at
    group by edition_id, task_id
) as redated using (edition_id, task_id);

-- 有效的评分方案: the rows of scheme known at the instant and not taken back.
create or replace macro standing_scheme(known_at) as table
from scheme
anti join (from withdrawal where recorded_at <= known_at) as w on w.entry_id = scheme.scheme_id
where scheme.recorded_at <= known_at;

-- 有效的责任分工: the rows of assignment, under the units that their registration was corrected to. A unit
-- that a task names twice, since two registrations became one, stands there once, with its weightier role.
create or replace macro standing_assignment(known_at) as table
with counted as (
    select assignment.* replace (coalesce(corrected.by_task[assignment.task_id], corrected.whole, assignment.unit_id) as unit_id),
        corrected.unit_id is not null as is_moved
    from assignment
    left join corrected_unit(known_at) as corrected on corrected.unit_id = assignment.unit_id
),
doubled as (
    select edition_id, task_id, position
    from counted
    semi join (from counted where is_moved) as moved using (edition_id, task_id)
    qualify row_number() over (
        partition by edition_id, task_id, unit_id
        order by list_position(['lead', 'responsible', 'cooperate', 'support'], role), position
    ) > 1
)
select counted.* exclude (is_moved)
from counted
anti join doubled using (edition_id, task_id, position);
