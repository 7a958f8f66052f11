-- 催办任务：一个单位（空为每个单位）当月应报的任务中，没有报送的，以及已报送而逾期或即将到期的，附期限、预警灯和频次缺口；口径同报送情况。
with missed as (
    -- How often the duty is due, and how many times it is still owed: 每周至少1次，还缺39周.
    select task_id,
        string_agg(concat(period_word(period), '至少', min_count, '次，还缺', windows, period_count(period)), '；' order by period) as text
    from (
        select task_id, period, min_count, count(*) as windows
        from judged.cadence_window
        where basis = $basis and as_of = $as_of and state = 'missed' and window_end <= $as_of::date
        group by task_id, period, min_count
    )
    group by task_id
)
select
    duty.unit_id, duty.unit, duty.class,
    duty.task_id, duty.number, duty.level1,
    duty.short_name,
    task.task, task.deadline_text, duty.due_on, duty.effective_due_on, duty.extended_to, duty.extended_late, duty.overdue_days, duty.days_left,
    duty.is_reported, duty.is_overdue, duty.is_due_soon, duty.windows_missed,
    missed.text as missed_in_words,
    duty.lamp, duty.reason
from reported_duty_in_scope(
    $basis, $ledger_id, $month_start::date, $as_of::date, $eve::date, $units, $level1s, $kinds
) as duty
join task on task.edition_id = duty.edition_id and task.task_id = duty.task_id
left join missed on missed.task_id = duty.task_id
where (not duty.is_reported or duty.is_overdue or duty.is_due_soon)
    and ($unit::varchar is null or duty.unit = $unit)
order by class_order(duty.class),
    duty.unit collate zh, duty.is_reported, duty.is_overdue desc, duty.effective_due_on nulls last, duty.number
