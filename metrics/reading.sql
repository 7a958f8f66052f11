-- 读取核对：原文件各行如何读取（标题、表头、任务、合计、说明、空行）的行数，以及从任务行读出的任务数。
select reading, count(*) as source_rows, sum(tasks)::bigint as tasks
from edition_in_force($as_of::date, $known_at::timestamp)
join source_row using (edition_id)
where ledger_id = $ledger_id
group by reading
order by count(*) desc
