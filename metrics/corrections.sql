-- 导入时的更正：对读取结果的人工更正和存疑的核定，改前、改后、谁、何时；没有编号的不属于某一项任务。
with
of_tasks as (
    select task.number, correction.field, correction.before, correction.after,
        correction.recorded_by, correction.recorded_at
    from correction
    join task using (edition_id, task_id)
    where correction.edition_id = $edition_id
),
of_the_whole as (
    select change.action, told.key, was.value ->> '$' as before, told.value ->> '$' as after,
        change.recorded_by, change.recorded_at
    from edition
    join change on change.subject_id = edition.ledger_id and change.recorded_at = edition.recorded_at,
        lateral (select key, value from json_each(change.after)) as told,
        lateral (select key, value from json_each(change.before)) as was
    where edition.edition_id = $edition_id
        and change.action in ('更正读法', '核定存疑')
        and told.key = was.key
)
select number, field, before, after, recorded_by, recorded_at
from of_tasks
union all
select null, case action when '更正读法' then key else '存疑' end,
    case action when '更正读法' then before else key end, after, recorded_by, recorded_at
from of_the_whole
order by field = '存疑', number nulls first, field, before
