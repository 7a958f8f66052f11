-- 逐月走势：各月末（及截至日期）的完成率、平均进度与序时进度，均按当日有效的填报判断；口径同指标完成率。
with task as (
    select *
    from (select unnest($days::date[]) as day) as judged_day,
        lateral task_in_scope(
            $basis, $ledger_id, judged_day.day, $units, $level1s, $kinds, verified_only := $verified_only
        )
    where kind = 'base'
)
select
    as_of,
    count(*) filter (is_applicable) as applicable,
    count(*) filter (is_applicable and counts_as_done) as done,
    count(*) filter (overdue) as overdue,
    rate(done, applicable) as done_rate,
    avg(percent) filter (is_applicable) as mean_percent,
    avg(expected_percent) filter (is_applicable) as expected_percent,
    fewest_for_percent($ledger_id, $known_at::timestamp) as fewest_for_percent
from task
group by as_of
order by as_of
