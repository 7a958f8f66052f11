-- 一级指标清单：台账中的一级指标，按原顺序，附图上用的简称。
select level1, any_value(short_name) as short_name, min(kind) as kind, count(*) as tasks
from task_in_scope($basis, $ledger_id, $as_of, []::varchar[], []::varchar[], []::varchar[])
group by level1
order by min(number)
