-- What the benchmark reads for itself. The frames are the raw tables as the pandas side keeps them:
-- tasks and units as row numbers, reports that were corrected left out.

-- name: frame_tasks
select number - 1 as task, number, level1, kind, due_on from task order by number

-- name: frame_units
select row_number() over (order by unit_id) - 1 as id, name as unit, class from unit order by unit_id

-- name: frame_members
with numbered as (
    select unit_id, row_number() over (order by unit_id) - 1 as id from unit
)
select collective.id as collective, member.id as member
from unit_member
join numbered as collective on collective.unit_id = unit_member.collective_id
join numbered as member on member.unit_id = unit_member.member_id

-- name: frame_assignments
with numbered as (
    select unit_id, row_number() over (order by unit_id) - 1 as id from unit
)
select task.number - 1 as task, numbered.id as unit, role
from assignment
join task using (task_id)
join numbered using (unit_id)

-- name: frame_reports
with numbered as (
    select unit_id, row_number() over (order by unit_id) - 1 as id from unit
)
select
    task.number - 1 as task, coalesce(numbered.id, -1) as unit, report.state, report.percent,
    report.effective_on, report.entry_number as entry,
    report.effective_on - date '2000-01-01' as day_number,
    day_number * 10000000000 + report.entry_number as order_key
from report
join task using (task_id)
left join numbered on numbered.unit_id = report.unit_id
anti join (select supersedes_id from report where supersedes_id is not null) as correction
    on correction.supersedes_id = report.report_id

-- name: frame_verifications
select task.number - 1 as task, outcome, effective_on, verification.entry_number as entry
from verification
join task using (task_id)

-- name: frame_approvals
select task.number - 1 as task, extension.new_due_on, decision.effective_on as decided_on
from extension_decision as decision
join extension using (extension_id)
join task using (task_id)
where decision.outcome = 'approved'

-- name: frame_cadences
select task.number - 1 as task, period, min_count
from cadence
join task using (task_id)
where kind = 'base'

-- name: frame_occurrences
select task.number - 1 as task, period, occurred_on, times
from occurrence
join task using (task_id)

-- name: subject
-- What the questions are asked about: the ledger, one of its recurring tasks, and one of its units.
select
    ledger.ledger_id,
    (select min(task_id) from cadence) as task_id,
    (select min(edition_id) from edition) as edition_id,
    (select min(unit_id) from assignment) as unit_id,
    (select count(*) from task) as tasks
from ledger

-- name: judged_states
select state, lamp, count(*) as tasks
from judged.task_judgement
where as_of = $day and kind = 'base'
group by state, lamp
order by state, lamp

-- name: tasks_by_number
select task_id, ledger_id, number from task order by number
