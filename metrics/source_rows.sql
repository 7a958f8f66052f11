-- 原文位置：任务所在的原表各行及其读法。
select source_row.source_table, source_row.source_row, source_row.reading, source_row.text
from task
join source_row
    on source_row.edition_id = task.edition_id and source_row.source_table = task.source_table
    and source_row.source_row between task.source_row - 4 and task.source_row + 4
where task.task_id = $task_id
    and task.edition_id in (select edition_id from edition_in_force($as_of::date))
order by source_row.source_row
