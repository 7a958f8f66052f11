-- 单位名下的任务：现行版次中算在这个单位名下的任务，附原文的责任单位和登记的单位（更正登记以前的）；只因集体而有的不列。
select distinct task.task_id, task.number, task.task, task.responsible_text,
    (select list(registered.name order by issued.position)
        from assignment as issued join unit as registered on registered.unit_id = issued.unit_id
        where issued.edition_id = assignment.edition_id and issued.task_id = assignment.task_id) as registered
from edition_in_force($as_of::date, $known_at::timestamp)
join standing_assignment($known_at::timestamp) as assignment using (edition_id)
join task on task.edition_id = assignment.edition_id and task.task_id = assignment.task_id
where assignment.unit_id = $unit_id and task.ledger_id = $ledger_id
order by task.number
