-- 各单位逾期：每个单位名下逾期的任务数，按逾期时长；本单位已报完成的部分不计。
select
    unit, class,
    count(*) as overdue,
    count(*) filter (overdue_days <= 30) as days_1_30,
    count(*) filter (overdue_days between 31 and 60) as days_31_60,
    count(*) filter (overdue_days between 61 and 90) as days_61_90,
    count(*) filter (overdue_days > 90) as days_over_90,
    max(overdue_days) as longest_overdue_days
from duty_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds, $expanded)
where unit_is_overdue
group by unit, class
order by overdue desc, longest_overdue_days desc, unit collate zh
