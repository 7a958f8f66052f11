-- The sets of rows every question starts from. They read what the warehouse keeps in memory per basis
-- (a data version, what was known of it, and which due days count): the judgements of a day
-- (judged.task_judgement, judged.unit_judgement) and its cadence windows (judged.cadence_window), what
-- was reported in a month (judged.reported_duty), so that ten questions about one day judge it once,
-- and the duties (judged.duty), which no day changes.
-- units, level1s and kinds are lists of names; an empty list leaves nothing out.

-- 单位的任务: one pair of edition and task for each task that names one of the units or a collective
-- that one of them belongs to; none for an empty list.
create or replace macro task_of_units(units) as table
select (assignment.edition_id, assignment.task_id) as task
from standing_assignment('infinity'::timestamp) as assignment
where len(units) > 0 and assignment.unit_id in (
    select unit_id
    from unit
    where list_contains(units, unit.name)
    union all
    select collective_id
    from unit_member
    join unit as member on member.unit_id = unit_member.member_id
    where list_contains(units, member.name)
);

-- A part of a whole in percent; null of nothing.
create or replace macro rate(part, whole) as 100.0 * part / nullif(whole, 0);

-- The place of a class of units in every list.
create or replace macro class_order(class) as
    list_position(['厅机关处室', '厅属单位', '地方交通部门', '集体', '未归类'], class);

-- The place of a lamp where the gravest come first.
create or replace macro lamp_order(lamp) as list_position(['red', 'yellow', 'green', 'grey', 'blue'], lamp);

-- 责任单位: the units that an edition names for a task, in its order, as one text; null where it names none.
create or replace macro units_of_task(edition, task) as (
    select string_agg(unit.name, '、' order by assignment.position)
    from standing_assignment('infinity'::timestamp) as assignment
    join unit on unit.unit_id = assignment.unit_id
    where assignment.edition_id = edition and assignment.task_id = task
);

-- 周期的名称, as words.PERIODS has it.
create or replace macro period_word(period) as case period
    when 'day' then '每天' when 'week' then '每周' when 'fortnight' then '每两周'
    when 'month' then '每月' when 'two-months' then '每两个月' when 'quarter' then '每季度'
    when 'half-year' then '每半年' when 'year' then '每年'
end;

-- What is counted when windows of a period are missing: 还缺 39 周.
create or replace macro period_count(period) as case period
    when 'day' then '天' when 'week' then '周' when 'fortnight' then '个两周'
    when 'month' then '个月' when 'two-months' then '个双月' when 'quarter' then '个季度'
    when 'half-year' then '个半年' when 'year' then '年'
end;

-- 单位, or words.WHOLE_TASK for what is about no single unit's part.
create or replace macro unit_or_whole_task(unit) as coalesce(unit, '整项任务');

-- 范围内任务: one row per task. A unit's tasks are those that name it, or a collective it belongs to.
-- counts_as_done: done, or with verified_only (只计已销号) verified. short_name: of the 一级指标, its own
-- name where it has no short one.
create or replace macro task_in_scope(
    chosen_basis, ledger, day, units, level1s, kinds, verified_only := false
) as table
select
    judgement.*,
    case when verified_only then coalesce(judgement.state = 'verified', false) else judgement.is_done end as counts_as_done,
    coalesce(short_name.short_name, judgement.level1) as short_name
from judged.task_judgement as judgement
left join short_name on short_name.full_name = judgement.level1
where judgement.basis = chosen_basis
    and judgement.ledger_id = ledger
    and judgement.as_of = day
    and (len(level1s) = 0 or list_contains(level1s, judgement.level1))
    and (len(kinds) = 0 or list_contains(kinds, judgement.kind))
    -- Not a correlated subquery: DuckDB would look up every task even when no unit is chosen.
    and (len(units) = 0 or (judgement.edition_id, judgement.task_id) in (from task_of_units(units)));

-- 归入主题的任务: the tasks in scope with the common theme of ledgers that are arranged differently: by
-- the 二级指标 where the reference file lists it, else by the 一级指标; themed_by is the one it went by.
create or replace macro themed_task_in_scope(
    chosen_basis, ledger, day, units, level1s, kinds, verified_only := false
) as table
select
    task.*,
    coalesce(narrow.theme, wide.theme, '未归入主题') as theme,
    coalesce(narrow.indicator, wide.indicator) as themed_by
from task_in_scope(chosen_basis, ledger, day, units, level1s, kinds, verified_only := verified_only) as task
left join indicator_theme as narrow on narrow.indicator = task.level2
left join indicator_theme as wide on wide.indicator = task.level1;

-- 前后两日的任务: one row per task in scope on the earlier or the later day, as it stood on each; columns
-- of a day on which the ledger did not have the task are null, except done_then, done_now, overdue_then,
-- overdue_now and the applicable ones, which are false.
create or replace macro task_then_and_now(
    chosen_basis, ledger, day_then, day_now, units, level1s, kinds, verified_only := false
) as table
with later as (
    from task_in_scope(chosen_basis, ledger, day_now, units, level1s, kinds, verified_only := verified_only)
),
earlier as (
    from task_in_scope(chosen_basis, ledger, day_then, units, level1s, kinds, verified_only := verified_only)
)
select
    task_id,
    earlier.edition_id as edition_then, later.edition_id as edition_now,
    coalesce(later.edition_id, earlier.edition_id) as edition_id,
    coalesce(later.number, earlier.number) as number,
    coalesce(later.level1, earlier.level1) as level1,
    coalesce(later.short_name, earlier.short_name) as short_name,
    earlier.kind as kind_then, later.kind as kind_now, coalesce(later.kind, earlier.kind) as kind,
    earlier.state as state_then, later.state as state_now,
    earlier.lamp as lamp_then, coalesce(later.lamp, 'grey') as lamp_now,
    coalesce(later.reason, '新版台账中已没有这项任务') as reason,
    earlier.effective_due_on as due_then, later.effective_due_on as due_now,
    coalesce(earlier.is_applicable, false) as applicable_then,
    coalesce(later.is_applicable, false) as applicable_now,
    coalesce(earlier.counts_as_done, false) as done_then,
    coalesce(later.counts_as_done, false) as done_now,
    coalesce(earlier.overdue, false) as overdue_then,
    coalesce(later.overdue, false) as overdue_now,
    coalesce(earlier.behind, false) as behind_then,
    coalesce(later.behind, false) as behind_now,
    earlier.percent as percent_then, later.percent as percent_now,
    later.is_done, later.done_on, later.overdue_days, later.points_behind,
    coalesce(earlier.ledger_has_progress, false) as had_progress,
    coalesce(later.ledger_has_progress, false) as has_progress
from later
full join earlier using (task_id);

-- 范围内职责: one row per task and unit, collectives as written or (show_members) as their members.
create or replace macro duty_in_scope(chosen_basis, ledger, day, units, level1s, kinds, show_members) as table
select
    task.*,
    duty.unit_id, unit.name as unit, unit.class, duty.role, duty.is_first,
    collective.name as collective,
    duty.share, duty.sharing_units,
    coalesce(own_part.is_done, false) as own_part_is_done,
    coalesce(own_part.is_returned, false) as own_part_is_returned,
    -- A unit that finished its own part carries it no longer, whatever the others still owe.
    task.is_done or coalesce(own_part.is_done, false) as unit_is_done,
    task.overdue and not coalesce(own_part.is_done, false) as unit_is_overdue
from task_in_scope(chosen_basis, ledger, day, units, level1s, kinds) as task
join judged.duty as duty
    on duty.basis = chosen_basis and duty.expanded = show_members
    and duty.edition_id = task.edition_id and duty.task_id = task.task_id
join unit on unit.unit_id = duty.unit_id
left join unit as collective on collective.unit_id = duty.collective_id
left join judged.unit_judgement as own_part
    on own_part.basis = chosen_basis and own_part.as_of = day
    and own_part.task_id = duty.task_id and own_part.unit_id = duty.unit_id;

-- 报送职责: one row per unit and base task that the unit reports on in the report month of `day`, whose
-- eve is `eve`. A unit reports on what it leads or is responsible for (on what it is named for, where
-- nobody leads or is responsible), itself or as a member of a collective, as long as the task applies
-- and neither the task nor the unit's own part was finished when the month began.
create or replace macro reporting_duty(chosen_basis, day, eve) as table
select
    task.ledger_id, task.edition_id, task.task_id, task.overdue, task.days_left, duty.unit_id
from judged.task_judgement as task
join judged.duty as duty
    -- Charged before anything is left out: a lead that has finished its part makes nobody else report.
    on duty.basis = chosen_basis and duty.expanded and duty.is_charged
    and duty.edition_id = task.edition_id and duty.task_id = task.task_id
left join judged.task_judgement as before
    on before.basis = chosen_basis and before.as_of = eve and before.task_id = task.task_id
left join judged.unit_judgement as own_before
    on own_before.basis = chosen_basis and own_before.as_of = eve
    and own_before.task_id = task.task_id and own_before.unit_id = duty.unit_id
where task.basis = chosen_basis
    and task.as_of = day
    and task.is_applicable
    and not coalesce(before.is_done, false)
    and not coalesce(own_before.is_done, false);

-- 报送情况: one row per reporting duty, with when its reports of the month were entered: by the unit, by
-- a collective of which it is a member and which the task names, or on the task as a whole. A report
-- that corrects another was first entered when that one was. due_by is the last day on which a
-- report of the month is in time.
create or replace macro reported_duty(chosen_basis, month_start, day, eve, known_at) as table
with recursive duty as (
    from reporting_duty(chosen_basis, day, eve)
),
corrected as materialized (
    -- Few reports are ever corrected; looking for each earlier one among all takes most of the time.
    select report_id, supersedes_id, recorded_at
    from report
    where recorded_at <= known_at
        and report_id in (select supersedes_id from report where supersedes_id is not null)
),
entry as (
    select task_id, unit_id, supersedes_id, recorded_at, recorded_at as first_at
    from standing_report(known_at) as report
    -- What an imported column says is nobody's monthly return.
    where report.effective_on between month_start and day and report.source <> 'column'
    union all
    select entry.task_id, entry.unit_id, earlier.supersedes_id, entry.recorded_at, earlier.recorded_at
    from entry
    join corrected as earlier on earlier.report_id = entry.supersedes_id
),
reported as (
    select task_id, unit_id, min(first_at) as first_at, max(recorded_at) as last_at
    from entry
    group by task_id, unit_id
),
reported_on_duty as (
    select duty.task_id, duty.unit_id, reported.first_at, reported.last_at
    from duty
    join reported
        on reported.task_id = duty.task_id and (reported.unit_id is null or reported.unit_id = duty.unit_id)
    union all
    select duty.task_id, duty.unit_id, reported.first_at, reported.last_at
    from duty
    join reported on reported.task_id = duty.task_id
    join unit_member
        on unit_member.collective_id = reported.unit_id and unit_member.member_id = duty.unit_id
    join standing_assignment(known_at) as assignment
        on assignment.edition_id = duty.edition_id
        and assignment.task_id = duty.task_id
        and assignment.unit_id = reported.unit_id
),
entered as (
    select task_id, unit_id, min(first_at) as first_recorded_at, max(last_at) as last_recorded_at
    from reported_on_duty
    group by task_id, unit_id
)
select
    month_start as month_start, day as as_of, eve as eve, duty.ledger_id, duty.task_id, duty.unit_id,
    entered.first_recorded_at, entered.last_recorded_at,
    (month_start + interval 1 month)::date + (terms.report_due_day - 1) as due_by,
    entered.task_id is not null as is_reported,
    coalesce(entered.first_recorded_at < due_by + 1, false) as is_on_time,
    duty.overdue and not coalesce(own_part.is_done, false) as is_overdue,
    coalesce(duty.days_left between 0 and terms.due_soon_days, false)
        and not coalesce(own_part.is_done, false) as is_due_soon
from duty
join ledger_terms(known_at) as terms on terms.ledger_id = duty.ledger_id
left join judged.unit_judgement as own_part
    on own_part.basis = chosen_basis and own_part.as_of = day
    and own_part.task_id = duty.task_id and own_part.unit_id = duty.unit_id
left join entered on entered.task_id = duty.task_id and entered.unit_id = duty.unit_id;

create table judged.reported_duty as
    select 0::bigint as basis, * from reported_duty(0, null::date, null::date, null::date, null::timestamp) limit 0;

-- 范围内报送情况: one row per reporting duty in scope. units keeps these units and the members of these
-- collectives.
create or replace macro reported_duty_in_scope(
    chosen_basis, ledger, month_start, day, eve, units, level1s, kinds
) as table
select
    duty.* exclude (basis, month_start, as_of, eve),
    unit.name as unit, unit.class,
    task.edition_id, task.number, task.level1, task.short_name, task.lamp, task.reason,
    task.due_on, task.effective_due_on, task.extended_to, task.extended_late,
    task.overdue_days, task.days_left, task.windows_missed
from judged.reported_duty as duty
join task_in_scope(chosen_basis, ledger, day, [], level1s, kinds) as task on task.task_id = duty.task_id
join unit on unit.unit_id = duty.unit_id
where duty.basis = chosen_basis
    and duty.month_start = month_start and duty.as_of = day and duty.eve = eve
    and (len(units) = 0 or duty.unit_id in (
        select unit_id
        from unit
        where list_contains(units, unit.name)
        union all
        select unit_member.member_id
        from unit_member
        join unit as collective on collective.unit_id = unit_member.collective_id
        where list_contains(units, collective.name)
    ));
