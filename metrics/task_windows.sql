-- 任务的各期频次：截至日期已开始的每一期，要求几次、做了几次。
select period, phrase, min_count, window_start, window_end, times, state, excuse
from cadence_windows($as_of::date, $known_at::timestamp, $as_issued::boolean)
where ledger_id = $ledger_id and task_id = $task_id
order by period, window_start desc
