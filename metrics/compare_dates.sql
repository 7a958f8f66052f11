-- 与另一日期比较：各一级指标在两个日期的完成率之差（百分点）、其间新完成和新逾期的任务数；口径同指标完成率。
with later as (
    select *, case when $verified_only then state = 'verified' else is_done end as counts_as_done
    from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds)
    where kind = 'base'
),
earlier as (
    select *, case when $verified_only then state = 'verified' else is_done end as counts_as_done
    from task_in_scope($basis, $ledger_id, $compare_on::date, $units, $level1s, $kinds)
    where kind = 'base'
),
paired as (
    select
        coalesce(later.level1, earlier.level1) as level1,
        coalesce(later.number, earlier.number) as number,
        coalesce(later.is_applicable, false) as applicable_now,
        coalesce(earlier.is_applicable, false) as applicable_then,
        coalesce(later.is_applicable and later.counts_as_done, false) as done_now,
        coalesce(earlier.is_applicable and earlier.counts_as_done, false) as done_then,
        coalesce(later.overdue, false) as overdue_now,
        coalesce(earlier.overdue, false) as overdue_then,
        coalesce(later.percent, 0) as percent_now,
        coalesce(earlier.percent, 0) as percent_then
    from later
    full join earlier using (task_id)
)
select
    level1,
    coalesce(any_value(short_name.short_name), level1) as short_name,
    count(*) filter (applicable_now) as applicable,
    100.0 * count(*) filter (done_now) / nullif(count(*) filter (applicable_now), 0) as done_rate,
    100.0 * count(*) filter (done_then) / nullif(count(*) filter (applicable_then), 0) as done_rate_then,
    done_rate - done_rate_then as change_points,
    count(*) filter (done_now and not done_then) as newly_done,
    count(*) filter (done_then and not done_now) as no_longer_done,
    count(*) filter (overdue_now and not overdue_then) as newly_overdue,
    count(*) filter (overdue_then and not overdue_now) as recovered,
    avg(percent_now) filter (applicable_now) - avg(percent_then) filter (applicable_then) as percent_points
from paired
left join short_name on short_name.full_name = paired.level1
group by level1
order by min(number)
