-- 状态、信号与预警灯: one row per task of each ledger's edition in force.
-- state: not_applicable, done, verified, returned, overdue, in_progress, not_started; null for bonus and
-- penalty. A returned task past its due day is overdue too. late is null where the day of completion is
-- unknown. has_report: something was reported of the task, by a unit or in a column of the ledger. due_open: 到期未完成, due on the day or before it. expected_by: plan or time. The three signals overdue, behind and not_reported stand side by side and are never merged.
create or replace macro task_state(as_of, known_at, as_issued) as table
with cadence_total as (
    select task_id, sum(windows)::bigint as windows, sum(required)::bigint as required,
        sum(achieved)::bigint as achieved, sum(missed)::bigint as missed,
        flatten(list(open_windows) filter (open_windows is not null)) as open_windows
    from cadence_score(as_of, known_at, as_issued)
    group by task_id
),
ledger_reported as (
    -- A ledger without a single record of progress has nothing to judge by: its lamps stay grey.
    select distinct ledger_id
    from task
    semi join (
        select task_id
        from standing_report(known_at) as report
        where effective_on <= as_of
        union all
        select task_id
        from standing_occurrence(known_at) as occurrence
        where occurred_on <= as_of
    ) using (task_id)
),
planned as (
    -- 0 before the first node; of two nodes of one day the one entered last.
    select task_id,
        coalesce(arg_max(percent, (planned_on, entry_number)) filter (planned_on <= as_of), 0) as percent
    from standing_plan(known_at) as plan
    group by task_id
),
joined as (
    select
        task.*,
        terms.started_on, terms.ended_on,
        terms.behind_yellow_points, terms.behind_red_points, terms.due_soon_days,
        terms.red_overdue_only,
        progress.state as reported_state,
        progress.reported_on,
        progress.done_on,
        coalesce(progress.verified, false) as is_verified,
        case when task.kind = 'base' then coalesce(progress.percent, 0) end as percent,
        coalesce(cadence_total.windows, 0) as windows,
        coalesce(cadence_total.required, 0) as windows_required,
        coalesce(cadence_total.achieved, 0) as windows_achieved,
        coalesce(cadence_total.missed, 0) as windows_missed,
        cadence_total.open_windows,
        ledger_reported.ledger_id is not null as ledger_has_progress,
        progress.task_id is not null as has_report,
        case
            when task.kind <> 'base' then null
            when planned.task_id is not null then 'plan'
            when task.effective_due_on is not null then 'time'
        end as expected_by,
        case
            when task.kind <> 'base' then null
            when planned.task_id is not null then planned.percent
            when task.effective_due_on is null then null
            when as_of >= task.effective_due_on then 100.0
            when as_of <= terms.started_on then 0.0
            else 100.0 * (as_of::date - terms.started_on) / (task.effective_due_on - terms.started_on)
        end as expected_percent
    from task_due(as_of, known_at, as_issued) as task
    join ledger_terms(known_at) as terms on terms.ledger_id = task.ledger_id
    left join task_progress(as_of, known_at) as progress using (task_id)
    left join cadence_total using (task_id)
    left join planned using (task_id)
    left join ledger_reported on ledger_reported.ledger_id = task.ledger_id
),
stated as (
    select *,
        case
            when kind <> 'base' then null
            when reported_state = 'not_applicable' then 'not_applicable'
            when reported_state = 'done' and is_verified then 'verified'
            when reported_state = 'done' then 'done'
            when reported_state = 'returned' then 'returned'
            when effective_due_on < as_of then 'overdue'
            when reported_state = 'in_progress' or percent > 0 then 'in_progress'
            else 'not_started'
        end as state
    from joined
),
signalled as (
    select *,
        coalesce(state in ('done', 'verified'), false) as is_done,
        coalesce(state in ('returned', 'in_progress', 'not_started', 'overdue'), false) as is_open,
        kind = 'base' and state is distinct from 'not_applicable' as is_applicable,
        case
            when state in ('done', 'verified') and effective_due_on is not null then done_on > effective_due_on
            else false
        end as late,
        is_open and coalesce(effective_due_on < as_of, false) as overdue,
        is_open and coalesce(effective_due_on <= as_of, false) as due_open,
        case when is_open and effective_due_on < as_of then (as_of::date - effective_due_on) end as overdue_days,
        case when is_open and effective_due_on >= as_of then (effective_due_on - as_of::date) end as days_left,
        case when is_open then round(expected_percent - percent, 6) end as points_behind,
        is_open and as_of >= started_on
            and (reported_on is null or reported_on < date_trunc('month', as_of::date)) as not_reported
    from stated
)
select *,
    is_open and (coalesce(points_behind >= behind_yellow_points, false) or windows_missed > 0) as behind,
    case
        when kind <> 'base' or state = 'not_applicable' then 'grey'
        when is_done then 'blue'
        when not ledger_has_progress then 'grey'
        when overdue or (points_behind > behind_red_points and not red_overdue_only) then 'red'
        when days_left between 0 and due_soon_days
            or points_behind >= behind_yellow_points
            or windows_missed > 0 then 'yellow'
        when expected_by is null and windows = 0 and not has_report then 'grey'
        else 'green'
    end as lamp,
    case
        when kind = 'bonus' then '加分项不亮灯，见加分申报'
        when kind = 'penalty' then '扣分项不亮灯，见扣分事件'
        when state = 'not_applicable' then '本任务不适用'
        when is_done then concat(
            coalesce(strftime(done_on, '%Y-%m-%d') || ' 完成', '已完成，完成日期不详'),
            case when late then concat('，晚于期限 ', done_on - effective_due_on, ' 天') else '' end,
            case when state = 'verified' then '，已销号' else '' end)
        when not ledger_has_progress then '台账尚无进展填报，无从判断'
        else coalesce(nullif(concat_ws('；',
            case when state = 'returned' then '退办待改' end,
            case when overdue then concat('逾期 ', overdue_days, ' 天') end,
            case when days_left between 0 and due_soon_days then
                case when days_left = 0 then '当日到期' else concat(days_left, ' 天后到期') end end,
            case when points_behind >= behind_yellow_points and not overdue then
                concat('落后序时 ', round(points_behind, 1)::decimal(5, 1), ' 个百分点',
                    case expected_by when 'plan' then '（按计划节点）' else '（按时间均摊推算）' end) end,
            case when windows_missed > 0 then concat('频次缺 ', windows_missed, ' 期') end,
            case when not has_report then '从未填报，进度按 0% 计'
                when reported_on is null then '未收到填报，进度取自台账' end), ''),
            case
                when expected_by = 'plan' then '进展符合计划节点'
                when expected_by = 'time' then '进展符合序时（按时间均摊推算）'
                when windows = 0 then '按填报情况判断，已填报'
                else '频次符合要求'
            end)
    end as reason
from signalled;

-- 判断结果: what is kept of task_state for one day; the long texts stay with the task.
create or replace macro task_judgement(day, known_at, as_issued) as table
select
    day as as_of, ledger_id, edition_id, task_id, number, level1, level2, kind, deadline_kind,
    due_on, effective_due_on, extended_to, extended_late, points,
    state, reported_state, is_applicable, is_done, is_open, late, overdue, due_open, behind, not_reported,
    overdue_days, days_left, done_on, reported_on, percent, expected_percent, expected_by, points_behind,
    windows, windows_required, windows_achieved, windows_missed, open_windows,
    ledger_has_progress, has_report, lamp, reason
from task_state(day, known_at, as_issued);

-- 单位进展: the rows of part_progress; a collective that stands as its members do has no state of its
-- own. stands: whether the row's own report decides something: a unit's, for that unit; one on the task
-- as a whole, for some unit, or for a task without units.
create or replace macro unit_judgement(day, known_at) as table
with part as materialized (
    from part_progress(day, known_at)
),
by_whole as (
    select task_id, bool_or(by_whole) as is_used
    from part
    where unit_id is not null
    group by task_id
)
select
    day as as_of, part.task_id, part.unit_id,
    part.state = 'done' as is_done, part.percent, part.reported_on,
    case when not by_members then part.state end as state,
    part.done_on, part.completed_on, part.completion_entered_at, part.completion_number, part.verified,
    part.state = 'returned' as is_returned,
    not by_members and case when part.unit_id is null then coalesce(by_whole.is_used, true) else not part.by_whole end as stands
from part
left join by_whole on by_whole.task_id = part.task_id;
