-- 红灯原因：每项红灯任务一行，逾期久的在前，其次落后多的在前。原因和下一步措施取最近一次没有报完成的填报：原因为其存在问题，没有写的为进展说明；几个单位分别填报的取最近的一份。延期次数为截至该日已同意的延期申请件数。多少天没有进展，自最近一次填报进度比同一单位上一次提高、或最近一次频次完成记录之日起算，都没有的自台账起始日起算。
with red as (
    from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds)
    where lamp = 'red'
),
reported as (
    select report.*,
        coalesce(percent, case state when 'done' then 100 when 'not_started' then 0 end) as reached,
        (effective_on, entry_number) as place
    from standing_report($known_at::timestamp) as report
    semi join red using (task_id)
    where effective_on <= $as_of::date
),
newest as (
    select task_id, arg_max(reported, place) as report
    from reported
    where state <> 'done'
    group by task_id
),
risen as (
    select task_id, effective_on,
        reached > coalesce(lag(reached ignore nulls) over (partition by task_id, unit_id order by place), 0) as is_higher
    from reported
),
moved as (
    select task_id, max(moved_on) as moved_on
    from (
        select task_id, effective_on as moved_on
        from risen
        where is_higher
        union all
        select task_id, occurred_on
        from standing_occurrence($known_at::timestamp) as occurrence
        where occurred_on <= $as_of::date
    )
    group by task_id
),
put_off as (
    select task_id, count(*) as requested, count(*) filter (decided.outcome = 'approved') as put_off
    from standing_extension($known_at::timestamp) as extension
    left join decided_extension($as_of::date, $known_at::timestamp) as decided using (extension_id)
    where requested_on <= $as_of::date
    group by task_id
)
select
    red.task_id, red.number, red.level1, red.short_name, task.task, red.kind,
    units_of_task(red.edition_id, red.task_id) as units,
    task.deadline_text, red.due_on, red.effective_due_on, red.extended_to, red.state,
    case when red.reported_on is not null then red.percent end as percent,
    red.overdue, red.overdue_days, red.points_behind, red.lamp, red.reason,
    newest.report.report_id as report_id,
    newest.report.effective_on as reported_on,
    case when newest.task_id is not null then unit_or_whole_task(unit.name) end as reported_by,
    coalesce(nullif(newest.report.problem, ''), newest.report.narrative) as stated_reason,
    newest.report.next_step as next_step,
    coalesce(put_off.requested, 0) as requested,
    coalesce(put_off.put_off, 0) as put_off,
    moved.moved_on,
    $as_of::date - coalesce(moved.moved_on, terms.started_on) as still_days
from red
join task using (edition_id, task_id)
join ledger_terms($known_at::timestamp) as terms on terms.ledger_id = $ledger_id
left join newest on newest.task_id = red.task_id
left join unit on unit.unit_id = newest.report.unit_id
left join moved on moved.task_id = red.task_id
left join put_off on put_off.task_id = red.task_id
order by red.overdue_days desc nulls last, red.points_behind desc nulls last, red.number
