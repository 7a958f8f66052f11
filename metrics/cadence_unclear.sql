-- 频次未明确：文字要求“定期”“及时”“适时”而没有写明次数的基本任务；不推算次数。
select scoped.task_id, scoped.number, scoped.level1, task.task, scoped.lamp, scoped.reason,
    list_aggregate(list_distinct(regexp_extract_all(task.task, '定期|及时|适时')), 'string_agg', '、') as words
from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds) as scoped
join task on task.edition_id = scoped.edition_id and task.task_id = scoped.task_id
where scoped.kind = 'base'
    and (contains(task.task, '定期') or contains(task.task, '及时') or contains(task.task, '适时'))
    and not exists (from cadence where cadence.edition_id = scoped.edition_id and cadence.task_id = scoped.task_id)
order by scoped.number
