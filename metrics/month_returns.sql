-- 报送情况：每个单位一个报送月应报几项任务、报了几项。应报的是本单位牵头或负责（没有牵头、负责单位的，列名即算）、月初尚未完成的适用任务；集体由其成员各自报送。当月有本单位、其所属而任务列名的集体、或整项任务的有效填报即为已报；首次录入不晚于报送截止日（次月）为按时，更正过的按最初录入的时间算。全部按时为按时报送，全部已报而有晚于截止日的为迟报，报了一部分为部分报送，一项未报为未报。逾期和即将到期的任务不含本单位已报完成的。筛选单位时只列所选单位和所选集体的成员。
with counted as (
    select
        unit_id, unit, class,
        count(*) as tasks_due,
        count(*) filter (is_reported) as reported,
        count(*) filter (is_on_time) as on_time,
        count(*) filter (is_reported and not is_on_time) as late,
        count(*) filter (not is_reported) as missing,
        min(first_recorded_at) as first_recorded_at,
        max(last_recorded_at) as last_recorded_at,
        count(*) filter (is_overdue) as overdue_tasks,
        count(*) filter (is_due_soon) as due_soon_tasks,
        any_value(due_by) as due_by
    from reported_duty_in_scope(
        $basis, $ledger_id, $month_start::date, $as_of::date, $eve::date, $units, $level1s, $kinds
    )
    group by unit_id, unit, class
)
select *,
    case
        when reported = 0 then 'missing'
        when missing > 0 then 'partly'
        when late > 0 then 'late'
        else 'on_time'
    end as state
from counted
order by list_position(['missing', 'partly', 'late', 'on_time'], state),
    class_order(class),
    missing desc, unit collate zh
