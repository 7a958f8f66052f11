-- 一级指标清单：台账中的一级指标，按原顺序，附图上用的简称。
select level1, coalesce(any_value(short_name), level1) as short_name, min(kind) as kind, count(*) as tasks
from task_in_scope($basis, $ledger_id, $as_of, []::varchar[], []::varchar[], []::varchar[])
left join short_name on short_name.full_name = level1
group by level1
order by min(number)
