-- 已撤回的台账：各版都已撤回的台账，及其撤回以前的最后一版和撤回的时刻；只用来按撤回以前的样子查看。
with gone as (
    select edition.ledger_id, max(withdrawal.recorded_at) as withdrawn_at,
        arg_max(edition.edition_id, (withdrawal.recorded_at, edition.edition_number)) as edition_id
    from edition
    left join withdrawal on withdrawal.entry_id = edition.edition_id
    group by edition.ledger_id
    having count(*) = count(withdrawal.entry_id)
)
select
    ledger.ledger_id, ledger.region, ledger.year, concat(ledger.title, '（已撤回）') as title, ledger.started_on, ledger.ended_on,
    ledger.behind_yellow_points, ledger.behind_red_points, ledger.red_overdue_only, ledger.due_soon_days,
    edition.file_name, edition.edition_number, edition.recorded_at,
    count(task.task_id) as tasks,
    count(task.task_id) filter (task.kind = 'base') as base_tasks,
    true as has_progress,
    gone.withdrawn_at
from ledger_terms('infinity'::timestamp) as ledger
join gone on gone.ledger_id = ledger.ledger_id
join edition on edition.edition_id = gone.edition_id
left join task on task.edition_id = edition.edition_id
group by all
order by ledger.year desc, ledger.region
