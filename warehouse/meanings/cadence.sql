-- 频次的各期: one row per ledger and period; weeks are ISO weeks, fortnights count from the ledger's
-- start. A window belongs to the ledger in whose period it ends.
create or replace macro ledger_windows(known_at) as table
with terms as (
    from ledger_terms(known_at)
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
create or replace macro cadence_demand(as_of, known_at, as_issued) as table
select
    task.ledger_id,
    task.task_id,
    cadence.period,
    max(cadence.min_count) as min_count,
    string_agg(distinct cadence.phrase, '；' order by cadence.phrase) as phrase,
    any_value(least(coalesce(task.effective_due_on, terms.ended_on), terms.ended_on)) as ends_on
from task_due(as_of, known_at, as_issued) as task
join cadence using (edition_id, task_id)
join ledger_terms(known_at) as terms on terms.ledger_id = task.ledger_id
where task.kind = 'base'
group by task.ledger_id, task.task_id, cadence.period;

-- 每日办理次数: one row per task and day on which the duty was done, whatever it was done for.
create or replace macro daily_occurrence(known_at) as table
with of_unit as (
    select task_id, occurred_on, unit_id, max(recorded_at) as recorded_at,
        sum(times) filter (not another_occasion) as together,
        sum(times) filter (another_occasion) as apart
    from standing_occurrence(known_at) as occurrence
    group by task_id, occurred_on, unit_id
)
select task_id, occurred_on, max(recorded_at) as recorded_at,
    (coalesce(max(together), 0) + coalesce(sum(apart), 0))::bigint as times
from of_unit
group by task_id, occurred_on;

-- 办理次数: one row per task, period demanded and day on which the duty was done, and how often. Units
-- that enter the same day did it together, and the one that entered most counts; what is marked as
-- another occasion counts beside that.
create or replace macro demand_occurrence(as_of, known_at) as table
with demanded as (
    select distinct task_id, period from cadence
),
of_unit as (
    select
        demanded.task_id, demanded.period, occurrence.occurred_on, occurrence.unit_id,
        sum(occurrence.times) filter (not occurrence.another_occasion) as together,
        sum(occurrence.times) filter (occurrence.another_occasion) as apart
    from standing_occurrence(known_at) as occurrence
    join demanded
        on demanded.task_id = occurrence.task_id
        and (occurrence.period is null or occurrence.period = demanded.period)
    where occurrence.occurred_on <= as_of
    group by all
)
select task_id, period, occurred_on,
    (coalesce(max(together), 0) + coalesce(sum(apart), 0))::bigint as times
from of_unit
group by task_id, period, occurred_on;

-- 每期完成次数: one row per task, period and window in which the duty was done at least once.
create or replace macro window_occurrences(as_of, known_at, as_issued) as table
select
    demand.ledger_id, demand.task_id, demand.period, demand.min_count,
    ledger_window.window_start, ledger_window.window_end,
    sum(occurrence.times)::bigint as times
from cadence_demand(as_of, known_at, as_issued) as demand
join demand_occurrence(as_of, known_at) as occurrence
    on occurrence.task_id = demand.task_id and occurrence.period = demand.period
join ledger_windows(known_at) as ledger_window
    on ledger_window.ledger_id = demand.ledger_id
    and ledger_window.period = demand.period
    and occurrence.occurred_on between ledger_window.window_start and ledger_window.window_end
where ledger_window.window_end <= demand.ends_on
group by all;

-- 频次各期: one row per task, period and window that has begun by the day.
-- state: met 已完成, excused 免除, missed 缺 (ended short), open 进行中.
create or replace macro cadence_windows(as_of, known_at, as_issued) as table
with counted as (
    -- Not by way of window_occurrences: planning the demand twice takes longer than answering.
    select
        demand.ledger_id, demand.task_id, demand.period, demand.min_count, demand.phrase,
        ledger_window.window_start, ledger_window.window_end,
        coalesce(sum(occurrence.times), 0)::bigint as times
    from cadence_demand(as_of, known_at, as_issued) as demand
    join ledger_windows(known_at) as ledger_window
        on ledger_window.ledger_id = demand.ledger_id
        and ledger_window.period = demand.period
        and ledger_window.window_end <= demand.ends_on
        and ledger_window.window_start <= as_of
    left join demand_occurrence(as_of, known_at) as occurrence
        on occurrence.task_id = demand.task_id and occurrence.period = demand.period
        and occurrence.occurred_on between ledger_window.window_start and ledger_window.window_end
    group by all
)
select
    counted.*,
    excuse.reason as excuse,
    case
        when counted.times >= counted.min_count then 'met'
        when excuse.task_id is not null then 'excused'
        when counted.window_end <= as_of then 'missed'
        else 'open'
    end as state
from counted
left join standing_excuse(known_at) as excuse
    on excuse.task_id = counted.task_id
    and excuse.period = counted.period
    and excuse.window_start = counted.window_start;

-- 频次完成情况: one row per task and period. Only windows that ended by the day are judged; what was
-- done beyond the minimum in one window is not carried to the next; an excused window that fell short
-- asks for nothing and counts for nothing. open_windows is what was already done in each window that has
-- begun and not ended, with the day it ends; null where nothing was.
create or replace macro cadence_score(as_of, known_at, as_issued) as table
with demand as (
    from cadence_demand(as_of, known_at, as_issued)
),
occurred as (
    from window_occurrences(as_of, known_at, as_issued)
),
ended as (
    select distinct_end.ledger_id, distinct_end.period, distinct_end.ends_on, count(ledger_window.window_end) as windows
    from (select distinct ledger_id, period, ends_on from demand) as distinct_end
    left join ledger_windows(known_at) as ledger_window
        on ledger_window.ledger_id = distinct_end.ledger_id
        and ledger_window.period = distinct_end.period
        and ledger_window.window_end <= least(distinct_end.ends_on, as_of)
    group by distinct_end.ledger_id, distinct_end.period, distinct_end.ends_on
),
achieved as (
    select task_id, period,
        sum(least(times, min_count)) filter (window_end <= as_of) as achieved,
        count(*) filter (times >= min_count and window_end <= as_of) as met,
        list({ends_on: window_end, achieved: least(times, min_count)}) filter (is_open) as open_windows
    from (
        select occurred.*,
            occurred.window_end > as_of and (occurred.times >= occurred.min_count or excuse.task_id is null) as is_open
        from occurred
        left join standing_excuse(known_at) as excuse
            on excuse.task_id = occurred.task_id and excuse.period = occurred.period
            and excuse.window_start = occurred.window_start
    )
    group by task_id, period
),
excused as (
    select demand.task_id, demand.period,
        count(*) as windows,
        coalesce(sum(occurred.times), 0) as achieved
    from standing_excuse(known_at) as excuse
    join demand using (task_id, period)
    join ledger_windows(known_at) as ledger_window
        on ledger_window.ledger_id = demand.ledger_id
        and ledger_window.period = demand.period
        and ledger_window.window_start = excuse.window_start
        and ledger_window.window_end <= least(demand.ends_on, as_of)
    left join occurred
        on occurred.task_id = demand.task_id and occurred.period = demand.period
        and occurred.window_start = excuse.window_start
    where coalesce(occurred.times, 0) < demand.min_count
    group by demand.task_id, demand.period
)
select
    demand.ledger_id, demand.task_id, demand.period, demand.min_count, demand.phrase,
    ended.windows - coalesce(excused.windows, 0) as windows,
    (ended.windows - coalesce(excused.windows, 0)) * demand.min_count as required,
    (coalesce(achieved.achieved, 0) - coalesce(excused.achieved, 0))::bigint as achieved,
    (ended.windows - coalesce(excused.windows, 0) - coalesce(achieved.met, 0))::bigint as missed,
    achieved.open_windows
from demand
join ended using (ledger_id, period, ends_on)
left join achieved using (task_id, period)
left join excused using (task_id, period);
