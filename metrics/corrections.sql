-- 导入时的更正：对读取结果的人工更正，改前、改后、谁、何时。
select task.number, correction.field, correction.before, correction.after,
    correction.recorded_by, correction.recorded_at
from correction
join task using (edition_id, task_id)
where correction.edition_id = $edition_id
order by task.number, correction.field
