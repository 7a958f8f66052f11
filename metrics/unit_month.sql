-- 单位本月填报：一个单位（空为所有单位，含作为集体成员的）承担的每项基本任务，附本单位在报送月之前和当月（至截至日期）最近一次填报、是否应报、是否已报（就整项任务或所属集体填报过的也算）、是否被退办、佐证材料件数（含整项任务的）、报送截止日，以及当月结束或进行中的各期频次；当月有一期到期而未完成的在前，应报的次之。
with part as (
    select *
    from duty_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds, true)
    where kind = 'base' and ($unit::varchar is null or unit = $unit)
),
due_report as (
    select task_id, unit_id, is_reported
    from judged.reported_duty
    where basis = $basis and month_start = $month_start and as_of = $as_of and eve = $eve::date
),
newest_report as (
    select report.*, effective_on >= $month_start::date as is_of_month
    from standing_report($known_at::timestamp) as report
    semi join part using (task_id, unit_id)
    where effective_on <= $as_of::date
    qualify row_number() over (
        partition by task_id, unit_id, is_of_month
        order by effective_on desc, entry_number desc
    ) = 1
),
newest_return as (
    select part.task_id, part.unit_id,
        arg_max(verification.reason, (verification.effective_on, verification.entry_number)) as reason
    from part
    join standing_verification($known_at::timestamp) as verification
        on verification.task_id = part.task_id
        and (verification.unit_id is null or verification.unit_id = part.unit_id)
    where verification.outcome = 'returned' and verification.effective_on <= $as_of::date
    group by part.task_id, part.unit_id
),
proof as (
    select part.task_id, part.unit_id, count(*) as evidence
    from part
    join standing_evidence($known_at::timestamp) as evidence
        on evidence.task_id = part.task_id
        and (evidence.unit_id is null or evidence.unit_id = part.unit_id)
    where coalesce(evidence.effective_on, evidence.recorded_at::date) <= $as_of::date
    group by part.task_id, part.unit_id
),
demand as (
    select task_id, list(distinct period order by period) as periods
    from cadence
    semi join part using (edition_id, task_id)
    group by task_id
),
near_windows as (
    -- Those that end in the month or are still open; of a weekly duty, several.
    select task_id, period,
        list(strftime(window_start, '%m-%d') order by window_start)
            filter (state in ('missed', 'open')) as unmet,
        concat(
            period_word(period),
            '至少', any_value(min_count), '次：',
            case
                when count(*) = 1 then concat(
                    any_value(window_start), ' 至 ', any_value(window_end),
                    '，已完成 ', any_value(times), ' 次',
                    case when any_value(state) = 'excused' then '，已免除' else '' end)
                else concat(
                    '本月 ', count(*), ' 期，',
                    count(*) filter (state = 'met'), ' 期已完成',
                    coalesce('，' || nullif(count(*) filter (state = 'excused'), 0) || ' 期已免除', ''),
                    -- A daily duty has 31, which nobody reads and no cell of a form holds.
                    case
                        when unmet is null then ''
                        when len(unmet) > 6
                            then concat('，', array_to_string(unmet[:3], '、'), ' 等 ', len(unmet), ' 期未完成')
                        else concat('，', array_to_string(unmet, '、'), ' 起的未完成')
                    end)
            end) as text,
        bool_or(state in ('missed', 'open') and window_end <= last_day($month_start::date)) as is_due
    from judged.cadence_window
    semi join part using (task_id)
    where basis = $basis and as_of = $as_of and window_end >= $month_start::date
    group by task_id, period
),
cadence_of_task as (
    select task_id, string_agg(text, chr(10) order by period) as windows, bool_or(is_due) as is_due
    from near_windows
    group by task_id
)
select
    part.edition_id, part.task_id, part.unit_id, part.unit, part.number, part.level1, task.task, part.role, part.collective,
    task.deadline_text, part.due_on, part.effective_due_on,
    part.state, part.lamp, part.reason,
    due_report.task_id is not null as must_report,
    coalesce(due_report.is_reported, false) as is_reported,
    part.unit_is_done,
    -- Its completion was returned, and none has been reported since.
    part.own_part_is_returned as is_returned,
    case when is_returned then newest_return.reason end as return_reason,
    last_report.state as last_state, last_report.percent as last_percent,
    last_report.narrative as last_narrative, last_report.effective_on as last_effective_on,
    now_report.report_id as now_report_id, now_report.state as now_state, now_report.percent as now_percent,
    now_report.narrative as now_narrative, now_report.problem as now_problem,
    now_report.next_step as now_next_step, now_report.effective_on as now_effective_on,
    now_report.recorded_at as now_recorded_at, now_report.recorded_by as now_recorded_by,
    coalesce(proof.evidence, 0) as evidence,
    coalesce(demand.periods, []) as periods,
    cadence_of_task.windows,
    coalesce(cadence_of_task.is_due, false) as window_due,
    ($month_start::date + interval 1 month)::date + (terms.report_due_day - 1) as due_by
from part
join task on task.edition_id = part.edition_id and task.task_id = part.task_id
join ledger_terms($known_at::timestamp) as terms on terms.ledger_id = part.ledger_id
left join due_report on due_report.task_id = part.task_id and due_report.unit_id = part.unit_id
left join newest_report as last_report
    on last_report.task_id = part.task_id and last_report.unit_id = part.unit_id and not last_report.is_of_month
left join newest_report as now_report
    on now_report.task_id = part.task_id and now_report.unit_id = part.unit_id and now_report.is_of_month
left join newest_return on newest_return.task_id = part.task_id and newest_return.unit_id = part.unit_id
left join proof on proof.task_id = part.task_id and proof.unit_id = part.unit_id
left join demand on demand.task_id = part.task_id
left join cadence_of_task on cadence_of_task.task_id = part.task_id
order by part.unit, window_due desc, must_report desc, part.number
