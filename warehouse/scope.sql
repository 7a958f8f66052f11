-- The sets of rows every question starts from. They read what the warehouse keeps in memory per data
-- version: the judgements of a day (judged.task_judgement, judged.unit_judgement), so that ten
-- questions about one day judge it once, and the duties (judged.duty), which no day changes.
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
    -- Not a correlated subquery: DuckDB would look up every task even when no unit is chosen.
    and (len(units) = 0 or (judgement.edition_id, judgement.task_id) in (
        select (assignment.edition_id, assignment.task_id)
        from assignment
        where len(units) > 0 and assignment.unit_id in (
            select unit_id
            from unit
            where list_contains(units, unit.name)
            union all
            select collective_id
            from unit_member
            join unit as member on member.unit_id = unit_member.member_id
            where list_contains(units, member.name)
        )
    ));

-- 范围内职责: one row per task and unit, collectives as written or (show_members) as their members.
create or replace macro duty_in_scope(version, ledger, day, units, level1s, kinds, show_members) as table
select
    task.*,
    duty.unit_id, unit.name as unit, unit.class, duty.role, duty.is_first,
    collective.name as collective,
    duty.share, duty.sharing_units,
    -- A unit that finished its own part carries it no longer, whatever the others still owe.
    task.is_done or coalesce(own.is_done, false) as unit_is_done,
    task.overdue and not coalesce(own.is_done, false) as unit_is_overdue
from task_in_scope(version, ledger, day, units, level1s, kinds) as task
join judged.duty as duty
    on duty.data_version = version and duty.expanded = show_members
    and duty.edition_id = task.edition_id and duty.task_id = task.task_id
join unit on unit.unit_id = duty.unit_id
left join unit as collective on collective.unit_id = duty.collective_id
left join judged.unit_judgement as own
    on own.data_version = version and own.as_of = day
    and own.task_id = duty.task_id and own.unit_id = duty.unit_id;
