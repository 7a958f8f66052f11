-- 得分走势：各月末（及截至日期）的总分：自评、已锁定、可达上限和满分（单位：百分之一分），均按现行评分方案和当日有效的填报计算。
from score_part($basis, $ledger_id, $days::date[], $scheme_id, 'all', $units, $level1s, $kinds)
select as_of, full_cents, self_cents, secured_cents, reachable_cents
where part = 'overall'
order by as_of
