-- 与另一日期比较：各一级指标在两个日期的完成率之差（百分点）、其间新完成和新逾期的任务数；口径同指标完成率。
select
    level1,
    any_value(short_name) as short_name,
    count(*) filter (applicable_now) as applicable,
    count(*) filter (applicable_now and done_now) as done,
    count(*) filter (applicable_then) as earlier_applicable,
    count(*) filter (applicable_then and done_then) as earlier_done,
    rate(done, applicable) as done_rate,
    rate(earlier_done, earlier_applicable) as done_rate_then,
    done_rate - done_rate_then as change_points,
    count(*) filter (done_now and not done_then) as newly_done,
    count(*) filter (done_then and not done_now) as no_longer_done,
    count(*) filter (overdue_now and not overdue_then) as newly_overdue,
    count(*) filter (overdue_then and not overdue_now) as recovered,
    avg(percent_now) filter (applicable_now) - avg(percent_then) filter (applicable_then) as percent_points,
    fewest_for_percent($ledger_id, $known_at::timestamp) as fewest_for_percent
from task_then_and_now(
    $basis, $ledger_id, $compare_on::date, $as_of, $units, $level1s, $kinds, verified_only := $verified_only
)
where kind = 'base'
group by level1
order by min(number)
