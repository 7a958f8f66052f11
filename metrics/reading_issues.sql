-- 存疑清单：读取台账时拿不准或没有采用的内容，及其在原文件中的位置。
select source_table, source_row, source_column, message
from edition_in_force($as_of::date, $known_at::timestamp)
join reading_issue using (edition_id)
where ledger_id = $ledger_id
order by source_table, source_row
