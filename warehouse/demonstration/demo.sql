-- What the demonstration needs to know of a database before it writes its story into it.

-- name: demonstration
select exists (
    from report
    semi join (select task_id from task where ledger_id = $ledger_id) using (task_id)
    where recorded_by = $author
) as is_filled,
exists (from scheme where ledger_id = $ledger_id and recorded_by = $author) as is_graded,
exists (from meeting where ledger_id = $ledger_id and recorded_by = $author) as has_met

-- name: charges
-- One row per task of the ledger and unit in charge, and per member where the unit is a collective
-- whose members are listed.
select
    task.number, task.task_id, assignment.unit_id, unit.name as unit,
    member.unit_id as member_id, member.name as member
from edition_in_force($as_of::date, timestamp 'infinity')
join task using (ledger_id, edition_id)
join standing_assignment('infinity'::timestamp) as assignment using (edition_id, task_id)
join unit using (unit_id)
left join unit_member on unit_member.collective_id = assignment.unit_id
left join unit as member on member.unit_id = unit_member.member_id
where ledger_id = $ledger_id
order by task.number, assignment.position, member.name

-- name: edition
select edition_id
from edition_in_force($as_of::date, timestamp 'infinity')
where ledger_id = $ledger_id
