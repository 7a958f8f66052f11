-- 任务经过：截至日期为止的填报、频次记录、计划节点（含截至日期以后的）、佐证材料、核验、延期、加分申报、扣分事件和评分（人工评分、名次、复核得分），新的在前；被更正或撤销的仍列出并注明理由，报送月锁定后录入的注明“锁定后补记”。
with entry as (
    select 'report' as kind, report_id as entry_id, task_id, unit_id, effective_on, recorded_at, recorded_by, entry_number,
        '填报' as what,
        concat(case state when 'done' then '已完成' when 'in_progress' then '进行中'
            when 'not_started' then '未开始' else '不适用' end,
            -- || and not concat: concat skips what is missing instead of giving nothing.
            coalesce('，进度 ' || round(percent)::integer || '%', '')) as said,
        concat_ws('；', nullif(narrative, ''), '存在问题：' || nullif(problem, ''), '下一步：' || nullif(next_step, '')) as narrative
    from report
    union all
    select 'occurrence', occurrence_id, task_id, unit_id, occurred_on, recorded_at, recorded_by, entry_number, '频次记录',
        concat('完成 ', times, ' 次', case when another_occasion then '（与其他单位同日的各算一次）' end), narrative
    from occurrence
    union all
    select 'plan', plan_id, task_id, null, planned_on, recorded_at, recorded_by, entry_number, '计划节点',
        concat('应达到 ', rtrim(rtrim(percent::decimal(5, 1)::varchar, '0'), '.'), '%'), ''
    from plan
    union all
    select 'evidence', evidence_id, task_id, unit_id, coalesce(effective_on, recorded_at::date), recorded_at, recorded_by, entry_number,
        '佐证材料', title, concat_ws('　', nullif(document_number, ''), nullif(link, ''), nullif(file_name, ''))
    from evidence
    union all
    select 'verification', verification_id, task_id, unit_id, effective_on, recorded_at, recorded_by, entry_number, '核验',
        case outcome when 'accepted' then '销号' else '退办' end, reason
    from verification
    union all
    select 'extension', extension_id, task_id, unit_id, requested_on, recorded_at, recorded_by, entry_number,
        case when is_late then '补批延期' else '申请延期' end,
        concat(case when is_late then '补批延至 ' else '申请延至 ' end, new_due_on), case when is_late then concat_ws('；', nullif(rtrim(reason, '。；'), ''), agreed_by || '同意') else reason end
    from extension
    union all
    select 'extension_decision', decision_id, extension.task_id, null, decision.effective_on, decision.recorded_at, decision.recorded_by, decision.entry_number,
        '延期审批', case outcome when 'approved' then concat('同意延至 ', new_due_on) else '不同意延期' end,
        decision.reason
    from extension_decision as decision
    join extension using (extension_id)
    union all
    select 'claim', claim_id, task_id, unit_id, effective_on, recorded_at, recorded_by, entry_number, '加分',
        concat(case state when 'claimed' then '已申报' else '已认定' end, coalesce('，' || rtrim(rtrim(points::decimal(9, 2)::varchar, '0'), '.') || ' 分', '')), narrative
    from claim
    union all
    select 'incident', incident_id, task_id, unit_id, effective_on, recorded_at, recorded_by, entry_number, '扣分事件',
        concat('已触发', coalesce('，' || rtrim(rtrim(points::decimal(9, 2)::varchar, '0'), '.') || ' 分', '')), narrative
    from incident
    union all
    select 'mark', mark_id, task_id, null, effective_on, recorded_at, recorded_by, entry_number,
        case kind when 'manual' then '人工评分' when 'rank' then '名次' else '复核得分' end,
        case kind when 'rank' then concat('第 ', value::integer, ' 名') else concat(rtrim(rtrim(value::varchar, '0'), '.'), ' 分') end, reason
    from mark
),
taken_back as (
    select entry_id, arg_min(reason, recorded_at) as reason
    from withdrawal
    where recorded_at <= $known_at::timestamp
    group by entry_id
    union all
    select plan_id, '导入的另一版另有计划节点'
    from plan
    anti join standing_plan($known_at::timestamp) as standing using (plan_id)
    anti join (from withdrawal where recorded_at <= $known_at::timestamp) as w on w.entry_id = plan.plan_id
)
select
    entry.kind, entry.entry_id, entry.effective_on, entry.what,
    unit_or_whole_task(unit.name) as unit, entry.said, entry.narrative, entry.recorded_by, entry.recorded_at,
    taken_back.entry_id is not null as corrected,
    taken_back.reason as correction_reason,
    entry.kind in ('report', 'occurrence')
        and entered_after_closing($ledger_id::uuid, entry.effective_on, entry.entry_number) as after_closing
from entry
left join unit using (unit_id)
left join taken_back using (entry_id)
where task_id = $task_id
    -- Planned days lie ahead.
    and (effective_on <= $as_of::date or kind = 'plan')
    and entry.recorded_at <= $known_at::timestamp
order by effective_on desc, entry.entry_number desc
