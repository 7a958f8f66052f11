-- 口径参数: one row per ledger with its period and thresholds. The newest known row of a key wins, and
-- a ledger's own value goes before the global one. The global values came with the platform: before
-- any was known, the first.
create or replace macro ledger_terms(known_at) as table
with newest as (
    select ledger_id, key,
        coalesce(
            arg_max(value, entry_number) filter (recorded_at <= known_at),
            arg_min(value, entry_number)
        ) as value
    from setting
    where recorded_at <= known_at or ledger_id is null
    group by ledger_id, key
),
chosen as (
    select ledger.ledger_id, newest.key,
        arg_max(newest.value, newest.ledger_id is not null) as value
    from standing_ledger(known_at) as ledger
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
    coalesce(any_value(value) filter (key = 'red_overdue_only'), '否') = '是' as red_overdue_only,
    coalesce(any_value(value) filter (key = 'due_soon_days'), '30')::integer as due_soon_days,
    coalesce(any_value(value) filter (key = 'report_due_day'), '5')::integer as report_due_day,
    coalesce(any_value(value) filter (key = 'fewest_ranked'), '3')::integer as fewest_ranked,
    coalesce(any_value(value) filter (key = 'fewest_for_percent'), '5')::integer as fewest_for_percent,
    coalesce(any_value(value) filter (key = 'first_listed_leads'), '否') = '是' as first_listed_leads
from standing_ledger(known_at) as ledger
left join chosen using (ledger_id)
group by ledger.ledger_id, ledger.region, ledger.year, ledger.title;

-- 少于几项写分数: of fewer tasks the ledger has the fraction written, not the percentage.
create or replace macro fewest_for_percent(ledger, known_at) as (
    select fewest_for_percent from ledger_terms(known_at) where ledger_id = ledger
);

-- 有效版次: one row per ledger, the edition in force on the day as far as it was known and not taken
-- back; before the first takes effect, the first; before any was known, the first of those that stand
-- now. A ledger whose editions were all taken back by that instant has no row.
create or replace macro edition_in_force(as_of, known_at) as table
with dated as (
    select edition.*, withdrawn.recorded_at as withdrawn_at
    from dated_edition(known_at) as edition
    left join (
        select entry_id, min(recorded_at) as recorded_at
        from withdrawal
        group by entry_id
    ) as withdrawn on withdrawn.entry_id = edition.edition_id
),
known as (
    select *,
        recorded_at <= known_at and (withdrawn_at is null or withdrawn_at > known_at) as stands,
        recorded_at > known_at and withdrawn_at is null as will_stand
    from dated
)
select
    ledger_id,
    coalesce(
        arg_max(edition_id, edition_number) filter (stands and effective_on <= as_of),
        arg_min(edition_id, edition_number) filter (stands),
        arg_min(edition_id, edition_number) filter (will_stand)
    ) as edition_id
from known
group by ledger_id
having bool_or(stands or will_stand);

-- 审批结果: one row per request for an extension that was decided on or before the day; the newest
-- decision, by its day and then by the order of entry, counts.
create or replace macro decided_extension(as_of, known_at) as table
select
    extension_id,
    arg_max(outcome, (effective_on, entry_number)) as outcome,
    max((effective_on, entry_number)) as decided_at
from standing_extension_decision(known_at) as decision
where effective_on <= as_of
group by extension_id;

-- 生效期限: one row per task with its due day as issued and as extended; of the approved requests the one
-- that was decided last moves the due day.
-- effective_due_on is the day that is judged by: the extended one, or (as_issued) the issued one.
create or replace macro task_due(as_of, known_at, as_issued) as table
with approved as (
    select extension.task_id, arg_max(extension.new_due_on, decided.decided_at) as extended_to,
        arg_max(coalesce(extension.is_late, false), decided.decided_at) as extended_late
    from decided_extension(as_of, known_at) as decided
    join standing_extension(known_at) as extension using (extension_id)
    where decided.outcome = 'approved'
    group by extension.task_id
)
select
    task.*,
    approved.extended_to,
    coalesce(approved.extended_late, false) as extended_late,
    case when as_issued then task.due_on else coalesce(approved.extended_to, task.due_on) end as effective_due_on
from edition_in_force(as_of, known_at)
join dated_task(known_at) as task using (ledger_id, edition_id)
left join approved using (task_id);

-- 责任分工: one row per task and unit in the edition in force, as written.
create or replace macro assignment_in_force(as_of, known_at) as table
select assignment.*, unit.name as unit, unit.class
from edition_in_force(as_of, known_at)
join standing_assignment(known_at) as assignment using (edition_id)
join unit using (unit_id);

-- 职责: one row per edition, task and unit, once as written and once (expanded) with the collectives
-- whose members are listed giving way to them; a unit named both directly and as a member counts
-- once, with its weightiest role. No day comes into it. share = 1 / number of units named; members
-- divide their collective's share, so opening it changes no other unit's load and the shares of a
-- task add up to 1 either way. is_charged: leads or is responsible, or is named where nobody does.
create or replace macro duties(known_at) as table
with led as (
    select edition_id, task_id, bool_or(role = 'lead') as has_lead, count(distinct unit_id) as units
    from standing_assignment(known_at) as assignment
    group by edition_id, task_id
),
named as (
    select
        assignment.edition_id, assignment.task_id, assignment.unit_id,
        -- Where the ledger names no lead none is invented, unless the ledger's setting says so.
        arg_min(weighed_role, list_position(['lead', 'responsible', 'cooperate', 'support'], weighed_role)) as role,
        bool_or(position = 1 and not has_lead) as is_first,
        1.0 / any_value(units) as share
    from standing_assignment(known_at) as assignment
    join led using (edition_id, task_id)
    join edition using (edition_id)
    join ledger_terms(known_at) as terms using (ledger_id),
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
    count(*) over (partition by expanded, edition_id, task_id) as sharing_units,
    bool_or(role in ('lead', 'responsible'))
        or not bool_or(bool_or(role in ('lead', 'responsible'))) over (partition by expanded, edition_id, task_id) as is_charged
from opened
group by expanded, edition_id, task_id, unit_id
order by expanded, edition_id, unit_id;
