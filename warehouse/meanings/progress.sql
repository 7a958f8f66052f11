-- 进展: one row per task and unit that something was reported for on or before the day, and one per
-- task with a report on the task as a whole (no unit). For a unit its own reports and those on the
-- whole task are one sequence, by the day they were true and then by the order of entry; the newest
-- stands. A verdict speaks of the completions entered before it and of no others; one that was returned
-- does not stand, whatever is accepted later.
-- state: not_started, in_progress, done, not_applicable; returned (退办待改): a completion was returned
-- and none has been reported since. done_on is null unless done, and where nobody knows the day.
-- completed_on, completion_entered_at, completion_number: the day given for the completion that stands or was
-- returned, and when it was entered. by_whole: what stands is a report on the whole task. has_own: the unit reported itself.
-- order_key sorts by day and then by order of entry, in one fast-comparing number.
create or replace macro subject_progress(as_of, known_at) as table
with reported as (
    select
        report.task_id, report.unit_id, report.effective_on, report.entry_number, report.recorded_at,
        report.state, report.day_known, report.source,
        coalesce(report.percent, case when report.state = 'not_started' then 0 end) as percent,
        epoch_us(report.effective_on::timestamp)::hugeint * 10000000000000000 + report.entry_number as order_key
    from standing_report(known_at) as report
    where report.effective_on <= as_of
),
verdict as (
    select task_id, unit_id,
        max(entry_number) filter (outcome = 'returned') as returned_before,
        max(entry_number) filter (outcome = 'accepted') as accepted_before
    from standing_verification(known_at) as verification
    where effective_on <= as_of
    group by task_id, unit_id
),
subject as (
    -- A report on the whole task speaks for every unit the task ever named, and for their members.
    select task_id, unit_id from reported
    union
    select task_id, unit_id from standing_assignment(known_at) as assignment
    semi join (from reported where unit_id is null) as whole using (task_id)
    union
    select assignment.task_id, unit_member.member_id
    from standing_assignment(known_at) as assignment
    join unit_member on unit_member.collective_id = assignment.unit_id
    semi join (from reported where unit_id is null) as whole on whole.task_id = assignment.task_id
),
judged as (
    select
        subject.task_id, subject.unit_id as subject_id,
        reported.* exclude (task_id),
        reported.state = 'done'
            and coalesce(reported.entry_number < greatest(own.returned_before, whole.returned_before), false) as is_returned,
        reported.state = 'done'
            and coalesce(reported.entry_number < greatest(own.accepted_before, whole.accepted_before), false) as is_accepted
    from subject
    join reported
        on reported.task_id = subject.task_id
        and (reported.unit_id is null or reported.unit_id = subject.unit_id)
    left join verdict as own on own.task_id = subject.task_id and own.unit_id = subject.unit_id
    left join verdict as whole on whole.task_id = subject.task_id and whole.unit_id is null
),
sequence as (
    select *,
        -- Work taken up again ends the completion reported before it.
        coalesce(order_key > max(order_key) filter (where state <> 'done') over (partition by task_id, subject_id), true)
            and not is_returned as in_completion
    from judged
),
gathered as (
    select
        task_id, subject_id,
        arg_max(state, order_key) filter (not is_returned) as newest_state,
        bool_or(is_returned) and not bool_or(state = 'done' and not is_returned) as only_returned,
        arg_max(percent, order_key) filter (percent is not null and state <> 'done') as open_percent,
        max(effective_on) filter (source <> 'column') as reported_on,
        coalesce(bool_or(in_completion and is_accepted), false) as verified,
        min(effective_on) filter (in_completion and is_accepted) as accepted_on,
        min(effective_on) filter (in_completion) as standing_on,
        max(effective_on) filter (is_returned) as returned_on,
        arg_min(day_known, order_key) filter (in_completion and is_accepted) as accepted_day_known,
        arg_min(day_known, order_key) filter (in_completion) as standing_day_known,
        min(entry_number) filter (in_completion and is_accepted) as accepted_number,
        min(entry_number) filter (in_completion) as standing_number,
        arg_max(entry_number, order_key) filter (is_returned) as returned_number,
        arg_min(recorded_at, entry_number) filter (in_completion and is_accepted) as accepted_at,
        arg_min(recorded_at, entry_number) filter (in_completion) as standing_at,
        arg_max(recorded_at, order_key) filter (is_returned) as returned_at,
        arg_max(unit_id is null, order_key) filter (is_returned) as returned_is_whole,
        arg_max(unit_id is null, order_key) filter (not is_returned) as newest_is_whole,
        bool_or(unit_id is not null) as has_own
    from sequence
    group by task_id, subject_id
),
stated as (
    select *,
        case when only_returned and newest_state is distinct from 'not_applicable' then 'returned' else newest_state end as state
    from gathered
)
select
    task_id,
    subject_id as unit_id,
    state,
    case
        when state = 'done' then 100
        -- What never had another percent than that of its completion keeps it when returned.
        when state = 'returned' then coalesce(open_percent, 100)
        else open_percent
    end as percent,
    reported_on,
    case
        when verified then case when accepted_day_known then accepted_on end
        when state = 'done' and standing_day_known then standing_on
    end as done_on,
    verified,
    case
        when state = 'returned' then returned_on
        when verified then accepted_on
        when state = 'done' then standing_on
    end as completed_on,
    case
        when state = 'returned' then returned_at
        when verified then accepted_at
        when state = 'done' then standing_at
    end as completion_entered_at,
    case
        when state = 'returned' then returned_number
        when verified then accepted_number
        when state = 'done' then standing_number
    end as completion_number,
    subject_id is not null and case when state = 'returned' then returned_is_whole else newest_is_whole end as by_whole,
    has_own
from stated;

-- 合并: several parts as one: done when all that apply are, returned when one is and not all are done.
create or replace macro joint_state(states) as case
    when bool_and(coalesce(states = 'not_applicable', false)) then 'not_applicable'
    when bool_and(coalesce(states in ('done', 'not_applicable'), false)) then 'done'
    when bool_or(coalesce(states = 'returned', false)) then 'returned'
    when bool_and(coalesce(states in ('not_started', 'not_applicable'), true)) then 'not_started'
    else 'in_progress'
end;

-- 单位进展: the rows of subject_progress, but for a collective that did not report itself and of whose
-- members at least one did: it stands as they do together, a silent member counting 0.
create or replace macro part_progress(as_of, known_at) as table
with subject as materialized (
    from subject_progress(as_of, known_at)
),
silent as (
    select distinct subject.task_id, unit_member.collective_id
    from subject
    join unit_member on unit_member.member_id = subject.unit_id
    where subject.has_own
        and not exists (
            from subject as own
            where own.has_own and own.task_id = subject.task_id and own.unit_id = unit_member.collective_id
        )
)
select *, false as by_members
from subject
anti join silent on silent.task_id = subject.task_id and silent.collective_id = subject.unit_id
union all
select
    silent.task_id, silent.collective_id,
    joint_state(subject.state) as state,
    avg(coalesce(subject.percent, 0)) filter (subject.state is distinct from 'not_applicable') as percent,
    max(subject.reported_on),
    case
        when joint_state(subject.state) = 'done' and bool_and(subject.done_on is not null or subject.state = 'not_applicable')
            then max(subject.done_on)
    end,
    joint_state(subject.state) = 'done' and bool_and(coalesce(subject.verified or subject.state = 'not_applicable', false)),
    null, null, null, false, true, true
from silent
join unit_member on unit_member.collective_id = silent.collective_id
left join subject on subject.task_id = silent.task_id and subject.unit_id = unit_member.member_id
group by silent.task_id, silent.collective_id;

-- 汇总: one row per task with any report. The task is done when what stands for each lead or
-- responsible unit is done, and its percent is their mean (a unit that nothing was reported for counts
-- 0). A unit for which the task does not apply is left out. A task that names no unit stands as the
-- reports on the whole of it say.
create or replace macro task_progress(as_of, known_at) as table
with subject as materialized (
    from part_progress(as_of, known_at)
),
spoken_of as (
    select task_id, max(reported_on) as reported_on
    from subject
    group by task_id
),
charged as (
    -- Without a lead or responsible unit, whoever is named carries the task.
    select distinct task_id, unit_id
    from assignment_in_force(as_of, known_at)
    semi join spoken_of using (task_id)
    qualify role in ('lead', 'responsible')
        or not bool_or(role in ('lead', 'responsible')) over (partition by task_id)
),
part as (
    select spoken_of.task_id, subject.state, subject.percent, subject.done_on, subject.verified
    from spoken_of
    left join charged on charged.task_id = spoken_of.task_id
    left join subject
        on subject.task_id = spoken_of.task_id and subject.unit_id is not distinct from charged.unit_id
),
rolled as (
    select
        task_id,
        joint_state(state) as state,
        avg(coalesce(percent, 0)) filter (state is distinct from 'not_applicable') as percent,
        max(done_on) as last_done_on,
        bool_and(done_on is not null or coalesce(state = 'not_applicable', false)) as days_known,
        bool_and(coalesce(verified or state = 'not_applicable', false)) as all_verified
    from part
    group by task_id
)
select
    rolled.task_id, rolled.state, rolled.percent,
    case when rolled.state = 'done' and rolled.days_known then rolled.last_done_on end as done_on,
    rolled.state = 'done' and rolled.all_verified as verified,
    spoken_of.reported_on
from rolled
join spoken_of using (task_id);

-- 对单位算数的填报: one row per report of the unit and per report on a whole task; is_returned: a completion
-- that was returned after it had been entered.
create or replace macro report_for_unit(unit, known_at) as table
with returned as (
    select task_id, max(entry_number) as last_number
    from standing_verification(known_at) as verification
    where outcome = 'returned' and (unit_id is null or unit_id = unit)
    group by task_id
)
select report.*, state = 'done' and coalesce(returned.last_number > report.entry_number, false) as is_returned
from standing_report(known_at) as report
left join returned using (task_id)
where report.unit_id is null or report.unit_id = unit;
