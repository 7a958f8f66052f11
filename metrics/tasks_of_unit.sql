-- 单位名下的任务：现行版次中写明这个单位的任务，附原文的责任单位；只因集体而有的不列。
select distinct task.task_id, task.number, task.task, task.responsible_text
from edition_in_force($as_of::date, $known_at::timestamp)
join standing_assignment($known_at::timestamp) as assignment using (edition_id)
join task on task.edition_id = assignment.edition_id and task.task_id = assignment.task_id
where assignment.unit_id = $unit_id and task.ledger_id = $ledger_id
order by task.number
