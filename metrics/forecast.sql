-- 年底能否完成：对每项未完成的基本任务推算到台账年底完成的可能性。依据两条：任务从现在起须达到的速度是今年以来速度的几倍（进度各加 10 个百分点再比，以免刚起步的任务倍数过大），责任单位今年到期的任务有多少按期完成（样本少的向全台账的比例靠拢，全台账样本少的向八成靠拢）。可能性 = 1 ÷ (1 + e^−(2 − 1.5 × ln 倍数 + 0.6 × (单位比例的对数比 − 全台账比例的对数比)))；七成以上为可望完成，四成以下为可能完不成，其间为难以判断。尚未起步、没有填报过进度的任务，以及台账起始不满三个月或年底已过的，不作推算。预计完成数 = 已完成数 + 各项可能性之和，范围为其 1.8 倍标准差。
with terms as (
    select *,
        $as_of::date - started_on + 1 as days_gone,
        ended_on - $as_of::date as days_to_end,
        days_gone >= 90 and days_to_end > 0 as is_time
    from ledger_terms($known_at::timestamp)
    where ledger_id = $ledger_id
),
-- The records are of the whole ledger, whatever is looked at.
due as (
    select edition_id, task_id, is_done and coalesce(not late, false) as is_on_time
    from task_in_scope($basis, $ledger_id, $as_of, [], [], [])
    where kind = 'base' and is_applicable and effective_due_on <= $as_of::date
),
overall as (
    select (count(*) filter (is_on_time) + 8) / (count(*) + 10) as rate
    from due
),
unit_record as (
    select duty.unit_id, count(*) as due, count(*) filter (is_on_time) as on_time
    from due
    join judged.duty as duty
        on duty.basis = $basis and not duty.expanded and duty.is_charged
        and duty.edition_id = due.edition_id and duty.task_id = due.task_id
    group by duty.unit_id
),
scoped as (
    from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds)
    where kind = 'base' and is_applicable
),
record_of_task as (
    -- Of several units in charge, all their due tasks together.
    select scoped.task_id, coalesce(sum(due), 0)::bigint as unit_due, coalesce(sum(on_time), 0)::bigint as unit_on_time
    from scoped
    join judged.duty as duty
        on duty.basis = $basis and not duty.expanded and duty.is_charged
        and duty.edition_id = scoped.edition_id and duty.task_id = scoped.task_id
    left join unit_record using (unit_id)
    where not scoped.is_done
    group by scoped.task_id
),
paced as (
    select scoped.*,
        coalesce(unit_due, 0) as unit_due,
        coalesce(unit_on_time, 0) as unit_on_time,
        (coalesce(unit_on_time, 0) + 5 * overall.rate) / (coalesce(unit_due, 0) + 5) as unit_rate,
        ln(unit_rate / (1 - unit_rate)) - ln(overall.rate / (1 - overall.rate)) as by_unit,
        case when is_time and not is_done and has_report and percent > 0
            then (greatest(100 - percent, 1) / days_to_end) / ((percent + 10) / days_gone)
        end as times_pace
    from scoped
    cross join overall
    cross join terms
    left join record_of_task using (task_id)
),
judged_chance as (
    select *, 1 / (1 + exp(-(2 - 1.5 * ln(times_pace) + 0.6 * by_unit))) as chance
    from paced
),
totalled as (
    select *,
        count(*) over () as applicable,
        count(*) filter (is_done) over () as done,
        count(chance) over () as forecast_tasks,
        count(*) filter (not is_done and chance is null) over () as silent_tasks,
        count(*) filter (is_done) over () + coalesce(sum(chance) over (), 0) as expected_done,
        1.8 * sqrt(coalesce(sum(chance * (1 - chance)) over (), 0)) as spread
    from judged_chance
)
select
    totalled.task_id, totalled.number, totalled.level1, totalled.short_name, task.task, totalled.kind,
    units_of_task(totalled.edition_id, totalled.task_id) as units,
    task.deadline_text, totalled.due_on, totalled.effective_due_on, totalled.extended_to,
    totalled.state, totalled.lamp, totalled.reason,
    case when totalled.reported_on is not null then totalled.percent end as percent,
    totalled.times_pace, totalled.unit_due, totalled.unit_on_time, totalled.chance,
    case when chance >= 0.7 then 'likely' when chance < 0.4 then 'unlikely' when chance is not null then 'open' else 'silent' end as outlook,
    totalled.applicable, totalled.done, totalled.forecast_tasks, totalled.silent_tasks,
    totalled.expected_done, totalled.spread
from totalled
join task using (edition_id, task_id)
where not totalled.is_done
order by chance nulls last, number
