-- 逾期时长：截至日期未完成且已过期限的基本任务，按逾期天数分为 1–30、31–60、61–90、90 天以上。期限当日不算逾期。
with bucket as (
    select unnest(['1–30 天', '31–60 天', '61–90 天', '90 天以上']) as age, unnest([1, 2, 3, 4]) as position
),
late as (
    select
        case
            when overdue_days <= 30 then 1
            when overdue_days <= 60 then 2
            when overdue_days <= 90 then 3
            else 4
        end as position
    from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds)
    where overdue
)
select bucket.age, count(late.position) as tasks
from bucket
left join late using (position)
group by bucket.age, bucket.position
order by bucket.position
