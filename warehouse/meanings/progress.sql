-- 进展: one row per task and reporting unit (no unit = the task as a whole) that reported on or before
-- the day. The newest report decides; a report of completion that the office returned is no
-- completion; a later report that is not of completion withdraws an earlier one. claimed_at is when the
-- completion that stands, or was returned, was first entered.
-- order_key sorts by the day it was true, then by the instant of entry, in one fast-comparing number.
create or replace macro subject_progress(as_of, known_at) as table
with returned as (
    select task_id, unit_id,
        max(epoch_us(effective_on::timestamp)::hugeint * 10000000000000000 + epoch_us(recorded_at)) as order_key
    from standing_verification(known_at) as verification
    where outcome = 'returned'
        and effective_on <= as_of
    group by task_id, unit_id
),
reported as (
    select
        report.task_id, report.unit_id, report.effective_on, report.recorded_at, report.state, report.percent,
        epoch_us(report.effective_on::timestamp)::hugeint * 10000000000000000
            + epoch_us(report.recorded_at) as order_key
    from standing_report(known_at) as report
    where report.effective_on <= as_of
),
standing as (
    select
        reported.* exclude (state, percent),
        case when is_returned then 'in_progress' else state end as state,
        case
            when is_returned then null
            when state = 'done' then 100
            when state = 'not_started' then coalesce(percent, 0)
            else percent
        end as percent,
        is_returned
    from (
        select reported.*,
            state = 'done' and (
                coalesce(reported.order_key <= own.order_key, false)
                or coalesce(reported.order_key <= whole.order_key, false)
            ) as is_returned
        from reported
        left join returned as own
            on own.task_id = reported.task_id and own.unit_id is not distinct from reported.unit_id
        left join returned as whole
            on whole.task_id = reported.task_id and whole.unit_id is null
    ) as reported
),
newest as (
    select
        task_id, unit_id,
        arg_max(state, order_key) as state,
        -- Work taken up again is no longer at 100 %, but where it stood before it was called done.
        case
            when arg_max(state, order_key) = 'done' then 100
            else arg_max(percent, order_key) filter (percent is not null and state <> 'done')
        end as percent,
        max(effective_on) as reported_on,
        max(order_key) filter (state <> 'done') as last_open_key,
        arg_max(is_returned, order_key) as is_returned
    from standing
    group by task_id, unit_id
),
claimed as (
    select newest.task_id, newest.unit_id,
        min(standing.effective_on) filter (newest.state = 'done') as done_on,
        min(standing.recorded_at) as claimed_at
    from newest
    join standing
        on standing.task_id = newest.task_id and standing.unit_id is not distinct from newest.unit_id
    where case
        when newest.is_returned then standing.is_returned and standing.effective_on = newest.reported_on
        else newest.state = 'done' and standing.state = 'done'
            and (newest.last_open_key is null or standing.order_key > newest.last_open_key)
    end
    group by newest.task_id, newest.unit_id
),
accepted as (
    select task_id, unit_id,
        arg_max(effective_on, (effective_on, recorded_at)) as accepted_on,
        arg_max(outcome, (effective_on, recorded_at)) as outcome
    from standing_verification(known_at) as verification
    where effective_on <= as_of
    group by task_id, unit_id
)
select
    newest.task_id,
    newest.unit_id,
    newest.state,
    newest.percent,
    newest.reported_on,
    newest.is_returned,
    claimed.done_on,
    claimed.claimed_at,
    claimed.done_on is not null and (
        coalesce(own.outcome = 'accepted' and own.accepted_on >= claimed.done_on, false)
        or coalesce(whole.outcome = 'accepted' and whole.accepted_on >= claimed.done_on, false)
    ) as verified
from newest
left join claimed
    on claimed.task_id = newest.task_id and claimed.unit_id is not distinct from newest.unit_id
left join accepted as own
    on own.task_id = newest.task_id and own.unit_id is not distinct from newest.unit_id
left join accepted as whole
    on whole.task_id = newest.task_id and whole.unit_id is null;

-- 汇总: one row per task with any report. A report on the task as a whole decides; without one, the
-- task is done when every lead or responsible unit reported done, and its percent is their mean (a
-- unit that has not reported counts 0). A collective that did not report itself is judged by its
-- members in the same way. A unit for which the task does not apply is left out.
create or replace macro task_progress(as_of, known_at) as table
with subject as (
    from subject_progress(as_of, known_at)
),
whole as (
    from subject where unit_id is null
),
by_units as (
    select task_id, max(reported_on) as reported_on
    from subject
    where unit_id is not null
    group by task_id
),
charged as (
    -- Without a lead or responsible unit, whoever is named carries the task.
    select distinct task_id, unit_id
    from assignment_in_force(as_of, known_at)
    semi join by_units using (task_id)
    anti join whole using (task_id)
    qualify role in ('lead', 'responsible')
        or not bool_or(role in ('lead', 'responsible')) over (partition by task_id)
),
by_members as (
    select
        charged.task_id,
        charged.unit_id,
        case
            when bool_and(coalesce(subject.state = 'not_applicable', false)) then 'not_applicable'
            when bool_and(coalesce(subject.state in ('done', 'not_applicable'), false)) then 'done'
            when bool_and(coalesce(subject.state in ('not_started', 'not_applicable'), true)) then 'not_started'
            else 'in_progress'
        end as state,
        avg(coalesce(subject.percent, 0)) filter (subject.state is distinct from 'not_applicable') as percent,
        max(subject.done_on) as done_on,
        bool_and(coalesce(subject.verified or subject.state = 'not_applicable', false)) as verified
    from charged
    join unit_member on unit_member.collective_id = charged.unit_id
    left join subject
        on subject.task_id = charged.task_id and subject.unit_id = unit_member.member_id
    group by charged.task_id, charged.unit_id
    having count(subject.task_id) > 0
),
part as (
    select
        charged.task_id,
        coalesce(own.state, by_members.state) as state,
        coalesce(own.percent, by_members.percent, 0) as percent,
        coalesce(own.done_on, by_members.done_on) as done_on,
        coalesce(own.verified, by_members.verified, false) as verified
    from charged
    left join subject as own on own.task_id = charged.task_id and own.unit_id = charged.unit_id
    left join by_members
        on by_members.task_id = charged.task_id and by_members.unit_id = charged.unit_id
        and own.task_id is null
),
rolled as (
    select
        task_id,
        case
            when bool_and(coalesce(state = 'not_applicable', false)) then 'not_applicable'
            when bool_and(coalesce(state in ('done', 'not_applicable'), false)) then 'done'
            when bool_and(coalesce(state in ('not_started', 'not_applicable'), true)) then 'not_started'
            else 'in_progress'
        end as state,
        avg(percent) filter (state is distinct from 'not_applicable') as percent,
        max(done_on) as done_on,
        bool_and(verified or coalesce(state = 'not_applicable', false)) as verified
    from part
    group by task_id
)
select
    whole.task_id, whole.state, whole.percent, whole.done_on, whole.verified,
    greatest(whole.reported_on, coalesce(by_units.reported_on, whole.reported_on)) as reported_on
from whole
left join by_units using (task_id)
union all
-- A task that names no unit has nobody to judge by, but it was reported on.
select
    by_units.task_id,
    coalesce(rolled.state, 'not_started') as state,
    case when rolled.task_id is null then 0 else rolled.percent end as percent,
    case when rolled.state = 'done' then rolled.done_on end as done_on,
    coalesce(rolled.state = 'done' and rolled.verified, false) as verified,
    by_units.reported_on
from by_units
anti join whole using (task_id)
left join rolled using (task_id);
