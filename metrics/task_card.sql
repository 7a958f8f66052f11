-- 任务卡：一项任务的全文、期限及其读法、状态、预警灯和来源位置。
select
    judgement.* exclude (open_windows, counts_as_done, short_name), task.task, task.printed_number, task.responsible_text, task.responsible_inherited,
    task.deadline_text, task.deadline_inherited, task.quantities, task.note,
    task.source_table, task.source_row, task.source_column, coalesce(task.reading_basis, []) as reading_basis, edition.file_name, edition.edition_number,
    ledger.title, ledger.region, ledger.year
from task_in_scope($basis, $ledger_id, $as_of, []::varchar[], []::varchar[], []::varchar[]) as judgement
join task on task.edition_id = judgement.edition_id and task.task_id = judgement.task_id
join edition on edition.edition_id = judgement.edition_id
join standing_ledger($known_at::timestamp) as ledger on ledger.ledger_id = judgement.ledger_id
where judgement.task_id = $task_id
