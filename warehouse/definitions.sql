-- What the figures mean, each defined once, as table macros over the nouns of schema.sql.
-- Nothing here asks for today's date: every judgement takes the day it is made on, as_of.
-- A day's own rows count on that day: a report of 30 September is known on 30 September.
-- The macros are made anew each time the file is opened; they hold no data.

-- 口径参数: one row per ledger with its period and thresholds. The newest row of a key wins, and a
-- ledger's own value goes before the global one.
create or replace macro ledger_terms() as table
with newest as (
    select ledger_id, key, arg_max(value, recorded_at) as value
    from setting
    group by ledger_id, key
),
chosen as (
    select ledger.ledger_id, newest.key,
        arg_max(newest.value, newest.ledger_id is not null) as value
    from ledger
    join newest on newest.ledger_id is null or newest.ledger_id = ledger.ledger_id
    group by ledger.ledger_id, newest.key
)
select
    ledger.ledger_id,
    ledger.region,
    ledger.year,
    ledger.title,
    coalesce(try_cast(any_value(value) filter (key = 'started_on') as date), any_value(ledger.started_on)) as started_on,
    any_value(ledger.ended_on) as ended_on,
    coalesce(any_value(value) filter (key = 'behind_yellow_points'), '10')::double as behind_yellow_points,
    coalesce(any_value(value) filter (key = 'behind_red_points'), '30')::double as behind_red_points,
    coalesce(any_value(value) filter (key = 'due_soon_days'), '30')::integer as due_soon_days,
    coalesce(any_value(value) filter (key = 'first_listed_leads'), '否') = '是' as first_listed_leads
from ledger
left join chosen using (ledger_id)
group by ledger.ledger_id, ledger.region, ledger.year, ledger.title;

-- 有效版次: one row per ledger, the edition in force on the day; before the first takes effect, the first.
create or replace macro edition_in_force(as_of) as table
select
    ledger_id,
    coalesce(
        arg_max(edition_id, edition_number) filter (effective_on <= as_of),
        arg_min(edition_id, edition_number)
    ) as edition_id
from edition
group by ledger_id;

-- 生效期限: one row per task with its due day as issued and as extended. The newest decision on a
-- request, on or before the day, counts for that request; the newest approval moves the due day.
create or replace macro task_due(as_of) as table
with decided as (
    select
        extension_id,
        arg_max(outcome, (effective_on, recorded_at)) as outcome,
        max((effective_on, recorded_at)) as decided_at
    from extension_decision as decision
    where effective_on <= as_of
        and not exists (from extension_decision as s where s.supersedes_id = decision.decision_id)
    group by extension_id
),
approved as (
    select extension.task_id, arg_max(extension.new_due_on, decided.decided_at) as extended_to
    from decided
    join extension using (extension_id)
    where decided.outcome = 'approved'
        and not exists (from extension as s where s.supersedes_id = extension.extension_id)
    group by extension.task_id
)
select
    task.*,
    coalesce(approved.extended_to, task.due_on) as effective_due_on,
    approved.extended_to is not null as extended
from edition_in_force(as_of)
join task using (ledger_id, edition_id)
left join approved using (task_id);

-- 进展: one row per task and reporting unit (no unit = the task as a whole) that reported on or before
-- the day. The newest report decides; a report of completion that the office returned is no
-- completion; a later report that is not of completion withdraws an earlier one.
-- order_key sorts by the day it was true, then by the instant of entry, in one fast-comparing number.
create or replace macro subject_progress(as_of) as table
with returned as (
    select task_id, unit_id,
        max(epoch_us(effective_on::timestamp)::hugeint * 10000000000000000 + epoch_us(recorded_at)) as order_key
    from verification
    where outcome = 'returned'
        and effective_on <= as_of
        and not exists (from verification as s where s.supersedes_id = verification.verification_id)
    group by task_id, unit_id
),
reported as (
    select
        report.task_id, report.unit_id, report.effective_on, report.state, report.percent,
        epoch_us(report.effective_on::timestamp)::hugeint * 10000000000000000
            + epoch_us(report.recorded_at) as order_key
    from report
    where report.effective_on <= as_of
        and not exists (from report as s where s.supersedes_id = report.report_id)
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
completed as (
    select newest.task_id, newest.unit_id, min(standing.effective_on) as done_on
    from newest
    join standing
        on standing.task_id = newest.task_id and standing.unit_id is not distinct from newest.unit_id
    where newest.state = 'done'
        and standing.state = 'done'
        and (newest.last_open_key is null or standing.order_key > newest.last_open_key)
    group by newest.task_id, newest.unit_id
),
accepted as (
    select task_id, unit_id,
        arg_max(effective_on, (effective_on, recorded_at)) as accepted_on,
        arg_max(outcome, (effective_on, recorded_at)) as outcome
    from verification
    where effective_on <= as_of
        and not exists (from verification as s where s.supersedes_id = verification.verification_id)
    group by task_id, unit_id
)
select
    newest.task_id,
    newest.unit_id,
    newest.state,
    newest.percent,
    newest.reported_on,
    newest.is_returned,
    completed.done_on,
    completed.done_on is not null and (
        coalesce(own.outcome = 'accepted' and own.accepted_on >= completed.done_on, false)
        or coalesce(whole.outcome = 'accepted' and whole.accepted_on >= completed.done_on, false)
    ) as verified
from newest
left join completed
    on completed.task_id = newest.task_id and completed.unit_id is not distinct from newest.unit_id
left join accepted as own
    on own.task_id = newest.task_id and own.unit_id is not distinct from newest.unit_id
left join accepted as whole
    on whole.task_id = newest.task_id and whole.unit_id is null;

-- 责任分工: one row per task and unit in the edition in force, as written.
create or replace macro assignment_in_force(as_of) as table
select assignment.*, unit.name as unit, unit.class
from edition_in_force(as_of)
join assignment using (edition_id)
join unit using (unit_id);

-- 汇总: one row per task with any report. A report on the task as a whole decides; without one, the
-- task is done when every lead or responsible unit reported done, and its percent is their mean (a
-- unit that has not reported counts 0). A collective that did not report itself is judged by its
-- members in the same way. A unit for which the task does not apply is left out.
create or replace macro task_progress(as_of) as table
with subject as (
    from subject_progress(as_of)
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
    from assignment_in_force(as_of)
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

-- 频次窗口: one row per ledger and period; weeks are ISO weeks, fortnights count from the ledger's
-- start. A window belongs to the ledger in whose period it ends.
create or replace macro ledger_windows() as table
with terms as (
    from ledger_terms()
),
started as (
    select ledger_id, 'day' as period, unnest(generate_series(started_on::timestamp, ended_on, interval 1 day)) as starts_at from terms
    union all
    select ledger_id, 'week', unnest(generate_series(date_trunc('week', started_on)::timestamp, ended_on, interval 7 day)) from terms
    union all
    select ledger_id, 'fortnight', unnest(generate_series(started_on::timestamp, ended_on, interval 14 day)) from terms
    union all
    select ledger_id, 'month', unnest(generate_series(date_trunc('month', started_on)::timestamp, ended_on, interval 1 month)) from terms
    union all
    select ledger_id, 'two-months', unnest(generate_series(make_timestamp(year(started_on), month(started_on) - (month(started_on) - 1) % 2, 1, 0, 0, 0), ended_on, interval 2 month)) from terms
    union all
    select ledger_id, 'quarter', unnest(generate_series(date_trunc('quarter', started_on)::timestamp, ended_on, interval 3 month)) from terms
    union all
    select ledger_id, 'half-year', unnest(generate_series(make_timestamp(year(started_on), month(started_on) - (month(started_on) - 1) % 6, 1, 0, 0, 0), ended_on, interval 6 month)) from terms
    union all
    select ledger_id, 'year', unnest(generate_series(date_trunc('year', started_on)::timestamp, ended_on, interval 12 month)) from terms
),
bounded as (
    select ledger_id, period, starts_at::date as window_start,
        (case period
            when 'day' then starts_at
            when 'week' then starts_at + interval 6 day
            when 'fortnight' then starts_at + interval 13 day
            when 'month' then starts_at + interval 1 month - interval 1 day
            when 'two-months' then starts_at + interval 2 month - interval 1 day
            when 'quarter' then starts_at + interval 3 month - interval 1 day
            when 'half-year' then starts_at + interval 6 month - interval 1 day
            else starts_at + interval 12 month - interval 1 day
        end)::date as window_end
    from started
)
select bounded.*
from bounded
join terms using (ledger_id)
where window_end between terms.started_on and terms.ended_on;

-- 频次要求 in force: one row per task and period demanded, with the last day its windows may end on.
-- Two demands of one period on one task are one demand of the larger count.
create or replace macro cadence_demand(as_of) as table
select
    task.ledger_id,
    task.task_id,
    cadence.period,
    max(cadence.min_count) as min_count,
    string_agg(distinct cadence.phrase, '；' order by cadence.phrase) as phrase,
    any_value(least(coalesce(task.effective_due_on, terms.ended_on), terms.ended_on)) as ends_on
from task_due(as_of) as task
join cadence using (edition_id, task_id)
join ledger_terms() as terms on terms.ledger_id = task.ledger_id
where task.kind = 'base'
group by task.ledger_id, task.task_id, cadence.period;

-- 窗口内完成次数: one row per task, period and window in which the duty was done at least once.
create or replace macro window_occurrences(as_of) as table
select
    demand.ledger_id, demand.task_id, demand.period, demand.min_count,
    ledger_window.window_start, ledger_window.window_end,
    sum(occurrence.times)::bigint as times
from cadence_demand(as_of) as demand
join occurrence
    on occurrence.task_id = demand.task_id
    and (occurrence.period is null or occurrence.period = demand.period)
join ledger_windows() as ledger_window
    on ledger_window.ledger_id = demand.ledger_id
    and ledger_window.period = demand.period
    and occurrence.occurred_on between ledger_window.window_start and ledger_window.window_end
where occurrence.occurred_on <= as_of
    and ledger_window.window_end <= demand.ends_on
    and not exists (from occurrence as s where s.supersedes_id = occurrence.occurrence_id)
group by all;

-- 频次窗口明细: one row per task, period and window that has begun by the day.
-- state: met 已完成, missed 缺 (ended short), open 进行中.
create or replace macro cadence_windows(as_of) as table
select
    demand.ledger_id, demand.task_id, demand.period, demand.min_count, demand.phrase,
    ledger_window.window_start, ledger_window.window_end,
    coalesce(done.times, 0) as times,
    case
        when coalesce(done.times, 0) >= demand.min_count then 'met'
        when ledger_window.window_end <= as_of then 'missed'
        else 'open'
    end as state
from cadence_demand(as_of) as demand
join ledger_windows() as ledger_window
    on ledger_window.ledger_id = demand.ledger_id
    and ledger_window.period = demand.period
    and ledger_window.window_end <= demand.ends_on
    and ledger_window.window_start <= as_of
left join window_occurrences(as_of) as done
    on done.task_id = demand.task_id
    and done.period = demand.period
    and done.window_start = ledger_window.window_start;

-- 频次完成情况: one row per task and period. Only windows that ended by the day are judged; what was
-- done beyond the minimum in one window is not carried to the next.
create or replace macro cadence_score(as_of) as table
with demand as (
    from cadence_demand(as_of)
),
ended as (
    select distinct_end.ledger_id, distinct_end.period, distinct_end.ends_on, count(ledger_window.window_end) as windows
    from (select distinct ledger_id, period, ends_on from demand) as distinct_end
    left join ledger_windows() as ledger_window
        on ledger_window.ledger_id = distinct_end.ledger_id
        and ledger_window.period = distinct_end.period
        and ledger_window.window_end <= least(distinct_end.ends_on, as_of)
    group by distinct_end.ledger_id, distinct_end.period, distinct_end.ends_on
),
achieved as (
    select task_id, period,
        sum(least(times, min_count)) as achieved,
        count(*) filter (times >= min_count) as met
    from window_occurrences(as_of)
    where window_end <= as_of
    group by task_id, period
)
select
    demand.ledger_id, demand.task_id, demand.period, demand.min_count, demand.phrase,
    ended.windows,
    ended.windows * demand.min_count as required,
    coalesce(achieved.achieved, 0)::bigint as achieved,
    (ended.windows - coalesce(achieved.met, 0))::bigint as missed
from demand
join ended using (ledger_id, period, ends_on)
left join achieved using (task_id, period);

-- 状态、信号与预警灯: one row per task of each ledger's edition in force.
-- state: not_applicable, done, verified, overdue, in_progress, not_started; null for bonus and penalty.
-- The three signals overdue, behind and not_reported stand side by side and are never merged.
create or replace macro task_state(as_of) as table
with cadence_total as (
    select task_id, sum(windows)::bigint as windows, sum(required)::bigint as required,
        sum(achieved)::bigint as achieved, sum(missed)::bigint as missed
    from cadence_score(as_of)
    group by task_id
),
ledger_reported as (
    -- A ledger without a single record of progress has nothing to judge by: its lamps stay grey.
    select distinct ledger_id
    from task
    semi join (
        select task_id
        from report
        where effective_on <= as_of
            and not exists (from report as s where s.supersedes_id = report.report_id)
        union all
        select task_id
        from occurrence
        where occurred_on <= as_of
            and not exists (from occurrence as s where s.supersedes_id = occurrence.occurrence_id)
    ) using (task_id)
),
joined as (
    select
        task.*,
        terms.started_on, terms.ended_on,
        terms.behind_yellow_points, terms.behind_red_points, terms.due_soon_days,
        progress.state as reported_state,
        progress.reported_on,
        progress.done_on,
        coalesce(progress.verified, false) as is_verified,
        case when task.kind = 'base' then coalesce(progress.percent, 0) end as percent,
        coalesce(cadence_total.windows, 0) as windows,
        coalesce(cadence_total.required, 0) as windows_required,
        coalesce(cadence_total.achieved, 0) as windows_achieved,
        coalesce(cadence_total.missed, 0) as windows_missed,
        ledger_reported.ledger_id is not null as ledger_has_progress,
        case
            when task.kind <> 'base' or task.effective_due_on is null then null
            when as_of >= task.effective_due_on then 100.0
            when as_of <= terms.started_on then 0.0
            else 100.0 * (as_of::date - terms.started_on) / (task.effective_due_on - terms.started_on)
        end as expected_percent
    from task_due(as_of) as task
    join ledger_terms() as terms on terms.ledger_id = task.ledger_id
    left join task_progress(as_of) as progress using (task_id)
    left join cadence_total using (task_id)
    left join ledger_reported on ledger_reported.ledger_id = task.ledger_id
),
stated as (
    select *,
        case
            when kind <> 'base' then null
            when reported_state = 'not_applicable' then 'not_applicable'
            when reported_state = 'done' and is_verified then 'verified'
            when reported_state = 'done' then 'done'
            when effective_due_on < as_of then 'overdue'
            when reported_state = 'in_progress' or percent > 0 then 'in_progress'
            else 'not_started'
        end as state
    from joined
),
signalled as (
    select *,
        coalesce(state in ('done', 'verified'), false) as is_done,
        kind = 'base' and state is distinct from 'not_applicable' as is_applicable,
        coalesce(state in ('done', 'verified') and done_on > effective_due_on, false) as late,
        coalesce(state = 'overdue', false) as overdue,
        case when state = 'overdue' then (as_of::date - effective_due_on) end as overdue_days,
        case when state in ('in_progress', 'not_started') then (effective_due_on - as_of::date) end as days_left,
        case when state in ('in_progress', 'not_started', 'overdue') then round(expected_percent - percent, 6) end as points_behind,
        coalesce(state in ('in_progress', 'not_started', 'overdue')
            and as_of >= started_on
            and (reported_on is null or reported_on < date_trunc('month', as_of::date)), false) as not_reported
    from stated
)
select *,
    coalesce(state in ('in_progress', 'not_started', 'overdue')
        and (points_behind >= behind_yellow_points or windows_missed > 0), false) as behind,
    case
        when kind <> 'base' or state = 'not_applicable' then 'grey'
        when is_done then 'blue'
        when not ledger_has_progress then 'grey'
        when overdue or points_behind > behind_red_points then 'red'
        when days_left between 0 and due_soon_days
            or points_behind >= behind_yellow_points
            or windows_missed > 0 then 'yellow'
        when effective_due_on is null and windows = 0 and reported_on is null then 'grey'
        else 'green'
    end as lamp,
    case
        when kind = 'bonus' then '加分项不亮灯，见加分申报'
        when kind = 'penalty' then '扣分项不亮灯，见扣分事件'
        when state = 'not_applicable' then '本任务不适用'
        when is_done then concat(
            strftime(done_on, '%Y-%m-%d'), ' 完成',
            case when late then concat('，晚于期限 ', done_on - effective_due_on, ' 天') else '' end,
            case when state = 'verified' then '，已销号' else '' end)
        when not ledger_has_progress then '台账尚无进展填报，无从判断'
        else coalesce(nullif(concat_ws('；',
            case when overdue then concat('逾期 ', overdue_days, ' 天') end,
            case when days_left between 0 and due_soon_days then
                case when days_left = 0 then '今日到期' else concat(days_left, ' 天后到期') end end,
            case when points_behind >= behind_yellow_points and not overdue then
                concat('落后序时 ', round(points_behind, 1)::decimal(5, 1), ' 个百分点') end,
            case when windows_missed > 0 then concat('频次缺 ', windows_missed, ' 个窗口') end,
            case when reported_on is null then '从未填报，进度按 0% 计' end), ''),
            case when effective_due_on is null and windows = 0 then '按填报情况判断，已填报' else '进展符合序时' end)
    end as reason
from signalled;

-- 判断结果: what is kept of task_state for one day; the long texts stay with the task.
create or replace macro task_judgement(day) as table
select
    day as as_of, ledger_id, edition_id, task_id, number, level1, level2, kind, deadline_kind,
    due_on, effective_due_on, extended, points,
    state, reported_state, is_applicable, is_done, late, overdue, behind, not_reported,
    overdue_days, days_left, done_on, reported_on, percent, expected_percent, points_behind,
    windows, windows_required, windows_achieved, windows_missed,
    ledger_has_progress, lamp, reason
from task_state(day);

-- 本单位进展: one row per task and unit that reported its own part, and per task and collective
-- that did not, but of whose members at least one did.
create or replace macro unit_judgement(day) as table
with subject as (
    from subject_progress(day) where unit_id is not null
),
silent as (
    select distinct subject.task_id, unit_member.collective_id
    from subject
    join unit_member on unit_member.member_id = subject.unit_id
    where not exists (
        from subject as own
        where own.task_id = subject.task_id and own.unit_id = unit_member.collective_id
    )
)
select day as as_of, task_id, unit_id, state = 'done' as is_done, percent, reported_on
from subject
union all
select
    day, silent.task_id, silent.collective_id,
    bool_and(coalesce(subject.state in ('done', 'not_applicable'), false)) and bool_or(coalesce(subject.state = 'done', false)),
    avg(coalesce(subject.percent, 0)) filter (subject.state is distinct from 'not_applicable'),
    max(subject.reported_on)
from silent
join unit_member on unit_member.collective_id = silent.collective_id
left join subject on subject.task_id = silent.task_id and subject.unit_id = unit_member.member_id
group by silent.task_id, silent.collective_id;

-- 职责: one row per edition, task and unit, once as written and once (expanded) with the collectives
-- whose members are listed giving way to them; a unit named both directly and as a member counts
-- once, with its weightiest role. No day comes into it. share = 1 / number of units named; members
-- divide their collective's share, so opening it changes no other unit's load and the shares of a
-- task add up to 1 either way.
create or replace macro duties() as table
with led as (
    select edition_id, task_id, bool_or(role = 'lead') as has_lead, count(distinct unit_id) as units
    from assignment
    group by edition_id, task_id
),
named as (
    select
        assignment.edition_id, assignment.task_id, assignment.unit_id,
        -- Where the ledger names no lead none is invented, unless the ledger's setting says so.
        arg_min(weighed_role, list_position(['lead', 'responsible', 'cooperate', 'support'], weighed_role)) as role,
        bool_or(position = 1 and not has_lead) as is_first,
        1.0 / any_value(units) as share
    from assignment
    join led using (edition_id, task_id)
    join edition using (edition_id)
    join ledger_terms() as terms using (ledger_id),
        lateral (select case
            when role = 'responsible' and position = 1 and not has_lead and first_listed_leads then 'lead'
            else role
        end as weighed_role)
    group by assignment.edition_id, assignment.task_id, assignment.unit_id
),
collective as (
    select collective_id, count(*) as members
    from unit_member
    group by collective_id
),
opened as (
    select false as expanded, *, null::uuid as collective_id
    from named
    union all
    select true, *, null
    from named
    anti join collective on collective.collective_id = named.unit_id
    union all
    select true, edition_id, task_id, unit_member.member_id, role, false, share / members, named.unit_id
    from named
    join collective on collective.collective_id = named.unit_id
    join unit_member on unit_member.collective_id = named.unit_id
)
select
    expanded, edition_id, task_id, unit_id,
    arg_min(role, list_position(['lead', 'responsible', 'cooperate', 'support'], role)) as role,
    bool_or(is_first) as is_first,
    min(collective_id) as collective_id,
    sum(share) as share,
    count(*) over (partition by expanded, edition_id, task_id) as sharing_units
from opened
group by expanded, edition_id, task_id, unit_id
order by expanded, edition_id, unit_id;
