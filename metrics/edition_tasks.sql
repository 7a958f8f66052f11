-- 某一版的任务：该版所载的任务及其分工和期限，按原顺序；不论是否仍然有效；最多列出若干项，并附总项数。
select
    task.number, task.level1, task.level2, task.task, task.kind, task.responsible_text,
    task.deadline_text, task.due_on, task.task_id,
    (select count(*) from task where edition_id = $edition_id) as matching
from dated_task('infinity'::timestamp) as task
where task.edition_id = $edition_id
order by task.number
limit $row_limit
