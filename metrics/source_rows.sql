-- 原文位置：任务所在的原表行（is_here）及其上下各两行，逐格列出，附每行的读法和任务所在的列。
with here as (
    select edition_id, source_table, source_row, source_column
    from task
    where task_id = $task_id
        and edition_id in (select edition_id from edition_in_force($as_of::date, $known_at::timestamp))
),
numbered as (
    select source_row.source_row, source_row.reading, source_row.cells, here.source_column,
        row_number() over (order by source_row.source_row) as place,
        -- A text ledger's cell stands some lines below the first line of its row.
        max(source_row.source_row) filter (source_row.source_row <= here.source_row) over () as row_of_task
    from source_row
    join here using (edition_id, source_table)
)
select source_row, reading, cells, source_column, coalesce(source_row = row_of_task, false) as is_here
from numbered
qualify abs(place - max(place) filter (source_row = row_of_task) over ()) <= 2
order by source_row
