-- 台账清单：已导入的每份台账，及其现行版次、任务数、有无进展填报和所用的阈值。
with reported as (
    select distinct task.ledger_id
    from task
    semi join (select task_id from standing_report('infinity'::timestamp)
        union all select task_id from standing_occurrence('infinity'::timestamp)) using (task_id)
)
select
    ledger.ledger_id, ledger.region, ledger.year, ledger.title, ledger.started_on, ledger.ended_on,
    ledger.behind_yellow_points, ledger.behind_red_points, ledger.red_overdue_only, ledger.due_soon_days,
    ledger.fewest_for_percent,
    edition.file_name, edition.edition_number, edition.recorded_at,
    count(task.task_id) as tasks,
    count(task.task_id) filter (task.kind = 'base') as base_tasks,
    ledger.ledger_id in (select ledger_id from reported) as has_progress
from ledger_terms('infinity'::timestamp) as ledger
join edition_in_force('9999-12-31'::date, 'infinity'::timestamp) as in_force on in_force.ledger_id = ledger.ledger_id
join edition on edition.edition_id = in_force.edition_id
left join task on task.edition_id = edition.edition_id
group by all
order by ledger.year desc, ledger.region
