-- The statements that mistakes are undone with, each under its name.

-- name: standing_editions
-- What is to be taken back, as far as it stands: editions, with the ledger's title.
select edition_id, ledger_id, title, edition_number, file_name, entry_number
from standing_edition('infinity'::timestamp) as edition
join standing_ledger('infinity'::timestamp) as ledger using (ledger_id)
where edition_id in (select unnest($ids::uuid[])) or ledger_id in (select unnest($ids::uuid[]))
order by edition_number

-- name: standing_submissions
select submission.*, unit.name as unit
from submission
join unit using (unit_id)
anti join withdrawal on withdrawal.entry_id = submission.submission_id
where submission_id in (select unnest($ids::uuid[]))

-- name: standing_schemes
select * from standing_scheme('infinity'::timestamp) where scheme_id in (select unnest($ids::uuid[]))

-- name: entries_of_actions
-- The entries of a table that stand and were stored by these actions (data versions).
from {table}
where entry_number // 1000000 in (select unnest($actions::bigint[]))
    and {id} not in (select entry_id from withdrawal)

-- name: entries_of_tasks
from {table}
where task_id in (select unnest($task_ids::uuid[]))
    and {id} not in (select entry_id from withdrawal)

-- name: decisions_of_tasks
select decision.*
from extension_decision as decision
join extension using (extension_id)
where extension.task_id in (select unnest($task_ids::uuid[]))
    and decision.decision_id not in (select entry_id from withdrawal)

-- name: tasks_of_these_only
-- The tasks that no other standing edition of their ledger has.
select distinct task_id
from task
where edition_id in (select unnest($edition_ids::uuid[]))
    and task_id not in (
        select task.task_id
        from task
        join standing_edition('infinity'::timestamp) as edition using (edition_id)
        where edition_id not in (select unnest($edition_ids::uuid[]))
    )

-- name: tasks_of_ledger
select distinct task_id from task where ledger_id in (select ledger_id from edition where edition_id in (select unnest($edition_ids::uuid[])))

-- name: restated_occurrences
-- What the forms of these actions restated: occurrences they took back, of which nothing else stands on
-- the same day.
select occurrence.*
from withdrawal
join occurrence on occurrence.occurrence_id = withdrawal.entry_id
where withdrawal.entry_number // 1000000 in (select unnest($actions::bigint[]))
    and occurrence.entry_number // 1000000 not in (select unnest($actions::bigint[]))
    and not exists (
        from standing_occurrence('infinity'::timestamp) as other
        where other.task_id = occurrence.task_id
            and other.unit_id is not distinct from occurrence.unit_id
            and other.period is not distinct from occurrence.period
            and other.occurred_on = occurrence.occurred_on
            and other.entry_number // 1000000 not in (select unnest($actions::bigint[]))
    )

-- name: judged_for_ledger
-- How each task of a ledger stands on a day, with the units it names, for showing what a change would
-- come to.
select task.task_id, number, task, kind, state, percent, overdue, is_done, is_applicable, reported_on,
    effective_due_on, named.units
from task_state($as_of::date, 'infinity'::timestamp, false) as task
left join (
    select edition_id, task_id, list({'role': role, 'unit': unit.name} order by position) as units
    from standing_assignment('infinity'::timestamp)
    join unit using (unit_id)
    group by edition_id, task_id
) as named on named.edition_id = task.edition_id and named.task_id = task.task_id
where ledger_id = $ledger_id
order by number

-- name: registered_unit
-- No row when all of the unit counts for another one already.
select region, name
from unit
where unit_id = $unit_id
    and unit_id not in (
        select unit_id
        from corrected_unit('infinity'::timestamp)
        where whole is not null and whole <> unit_id and not list_contains(map_values(by_task), unit_id)
    )

-- name: unit_of_name
select unit_id from unit where region = $region and name = $name

-- name: standing_for_unit
-- Under which units what counts for this one was registered, and for which task alone; itself among them,
-- unless it counts for another one but for single tasks.
select unit_id, null::uuid as task_id
from unit
where unit_id = $unit_id
    and unit_id not in (select unit_id from corrected_unit('infinity'::timestamp) where whole <> unit_id)
union
select unit_id, null from corrected_unit('infinity'::timestamp) where whole = $unit_id
union
select unit_id, task_id
from (
    select unit_id, unnest(map_keys(by_task)) as task_id, unnest(map_values(by_task)) as became_id
    from corrected_unit('infinity'::timestamp)
)
where became_id = $unit_id

-- name: standing_on_tasks
-- Under which units what counts for this one on each of these tasks was registered.
select unit.unit_id, named.task_id
from unit
cross join (select unnest($task_ids::uuid[]) as task_id) as named
left join corrected_unit('infinity'::timestamp) as corrected on corrected.unit_id = unit.unit_id
where coalesce(corrected.by_task[named.task_id], corrected.whole, unit.unit_id) = $unit_id

-- name: registered_under_name
-- The units called as this one, of any province, each with every task that it was first registered for,
-- whatever it was corrected to; null for one without tasks.
select distinct unit.unit_id, task_id
from unit
left join (assignment semi join standing_edition('infinity'::timestamp) using (edition_id)) using (unit_id)
where name = (select name from unit where unit_id = $unit_id)

-- name: tasks_naming_unit
select distinct task_id
from standing_assignment('infinity'::timestamp) as assignment
where unit_id = $unit_id and task_id in (select unnest($task_ids::uuid[]))

-- name: confirmed_spellings
-- What was confirmed at an import to be another spelling of a unit: under which unit, of which province,
-- that was stored, for which unit it counts by now, and whether the name is a unit's own, which was
-- renamed or taken into another.
select confirmed.alias, confirmed.unit_id as stored_under, unit.unit_id, stored.region, unit.name,
    exists (from unit as named where named.region = stored.region and named.name = confirmed.alias) as is_unit
from unit_alias as confirmed
join unit as stored on stored.unit_id = confirmed.unit_id
left join corrected_unit('infinity'::timestamp) as corrected on corrected.unit_id = confirmed.unit_id
join unit on unit.unit_id = coalesce(corrected.whole, confirmed.unit_id)
where confirmed.source = '导入时确认'
order by stored.region, confirmed.alias, unit.name

-- name: forget_spelling
delete from unit_alias where unit_id = $unit_id and alias = $alias and source = '导入时确认'

-- name: judged_units_of_ledger
-- How many tasks each unit of a ledger has on a day, and how many it has finished.
select unit.name as unit, count(*) as tasks, count(*) filter (coalesce(own.is_done, false)) as done,
    count(*) filter (own.reported_on is not null) as reported
from edition_in_force($as_of::date, 'infinity'::timestamp) as in_force
join duties('infinity'::timestamp) as duty on duty.edition_id = in_force.edition_id and not duty.expanded
join unit on unit.unit_id = duty.unit_id
left join unit_judgement($as_of::date, 'infinity'::timestamp) as own
    on own.task_id = duty.task_id and own.unit_id = duty.unit_id
where in_force.ledger_id = $ledger_id
group by unit.unit_id, unit.name
order by unit.name

-- name: ledger_names
select ledger_id, title, region, year from standing_ledger('infinity'::timestamp)

-- name: dated_tasks_of_ledger
-- The tasks of all editions that have a due day.
select edition_id, task_id, number, deadline_text, due_on
from dated_task('infinity'::timestamp)
where ledger_id = $ledger_id and due_on is not null

-- name: duties_of_ledger
-- Each task and unit that any edition of the ledger names, with where the unit is registered.
select distinct assignment.task_id, assignment.unit_id, unit.name
from standing_assignment('infinity'::timestamp) as assignment
join unit on unit.unit_id = assignment.unit_id
where assignment.edition_id in (select edition_id from edition where ledger_id = $ledger_id)
