-- The sets of rows every question starts from. They read the judgements of one day, which the
-- warehouse keeps in memory per data version (judged.task_judgement, judged.unit_judgement), so
-- that ten questions about one day judge it once.
-- units, level1s and kinds are lists of names; an empty list leaves nothing out.

-- 范围内任务: one row per task. A unit's tasks are those that name it, or a collective it belongs to.
create or replace macro task_in_scope(version, ledger, day, units, level1s, kinds) as table
select judgement.*
from judged.task_judgement as judgement
where judgement.data_version = version
    and judgement.ledger_id = ledger
    and judgement.as_of = day
    and (len(level1s) = 0 or list_contains(level1s, judgement.level1))
    and (len(kinds) = 0 or list_contains(kinds, judgement.kind))
    and (len(units) = 0 or judgement.task_id in (
        select assignment.task_id
        from assignment
        join unit using (unit_id)
        left join unit_member on unit_member.collective_id = assignment.unit_id
        left join unit as member on member.unit_id = unit_member.member_id
        where assignment.edition_id = judgement.edition_id
            and (list_contains(units, unit.name) or list_contains(units, member.name))
    ));

-- 范围内职责: one row per task and unit. With expanded, a collective whose members are listed gives
-- way to them; a unit named both directly and as a member counts once, with its weightiest role.
-- share = 1 / number of units of the task, so the shares of a task add up to 1.
create or replace macro duty_in_scope(version, ledger, day, units, level1s, kinds, expanded) as table
with task as (
    from task_in_scope(version, ledger, day, units, level1s, kinds)
),
terms as (
    select first_listed_leads from ledger_terms() where ledger_id = ledger
),
named as (
    select
        task.task_id, assignment.unit_id,
        case
            when assignment.role = 'responsible' and assignment.position = 1
                and (select first_listed_leads from terms)
                and not bool_or(assignment.role = 'lead') over (partition by task.task_id) then 'lead'
            else assignment.role
        end as role,
        assignment.position = 1
            and not bool_or(assignment.role = 'lead') over (partition by task.task_id) as is_first
    from task
    join assignment using (edition_id, task_id)
),
opened as (
    select task_id, unit_id, role, is_first, null as collective_id
    from named
    where not expanded or unit_id not in (select collective_id from unit_member)
    union all
    select named.task_id, unit_member.member_id, named.role, false, named.unit_id
    from named
    join unit_member on unit_member.collective_id = named.unit_id
    where expanded
),
duty as (
    select
        task_id, unit_id,
        arg_min(role, list_position(['lead', 'responsible', 'cooperate', 'support'], role)) as role,
        bool_or(is_first) as is_first,
        min(collective_id) as collective_id,
        1.0 / count(*) over (partition by task_id) as share
    from opened
    group by task_id, unit_id
)
select
    task.*,
    duty.unit_id, unit.name as unit, unit.class, duty.role, duty.is_first,
    collective.name as collective,
    duty.share,
    -- A unit that finished its own part carries it no longer, whatever the others still owe.
    task.is_done or coalesce(own.is_done, false) as unit_is_done,
    task.overdue and not coalesce(own.is_done, false) as unit_is_overdue
from task
join duty using (task_id)
join unit using (unit_id)
left join unit as collective on collective.unit_id = duty.collective_id
left join judged.unit_judgement as own
    on own.data_version = version and own.as_of = day
    and own.task_id = duty.task_id and own.unit_id = duty.unit_id;
