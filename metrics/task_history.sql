-- 任务经过：截至日期为止的填报、频次记录、核验、延期、加分申报和扣分事件，新的在前；被更正的仍列出并注明。
with entry as (
    select report_id as id, task_id, unit_id, effective_on, recorded_at, recorded_by, '填报' as what,
        concat(case state when 'done' then '已完成' when 'in_progress' then '进行中'
            when 'not_started' then '未开始' else '不适用' end,
            -- || and not concat: concat skips what is missing instead of giving nothing.
            coalesce('，进度 ' || round(percent)::integer || '%', '')) as said,
        narrative,
        exists (from report as s where s.supersedes_id = report.report_id) as corrected
    from report
    union all
    select occurrence_id, task_id, unit_id, occurred_on, recorded_at, recorded_by, '频次记录',
        concat('完成 ', times, ' 次'), narrative,
        exists (from occurrence as s where s.supersedes_id = occurrence.occurrence_id)
    from occurrence
    union all
    select verification_id, task_id, unit_id, effective_on, recorded_at, recorded_by, '核验',
        case outcome when 'accepted' then '销号' else '退办' end, reason,
        exists (from verification as s where s.supersedes_id = verification.verification_id)
    from verification
    union all
    select extension_id, task_id, null, requested_on, recorded_at, recorded_by, '申请延期',
        concat('申请延至 ', new_due_on), reason,
        exists (from extension as s where s.supersedes_id = extension.extension_id)
    from extension
    union all
    select decision_id, extension.task_id, null, decision.effective_on, decision.recorded_at, decision.recorded_by,
        '延期审批', case outcome when 'approved' then concat('同意延至 ', new_due_on) else '不同意延期' end,
        decision.reason,
        exists (from extension_decision as s where s.supersedes_id = decision.decision_id)
    from extension_decision as decision
    join extension using (extension_id)
    union all
    select claim_id, task_id, unit_id, effective_on, recorded_at, recorded_by, '加分',
        concat(case state when 'claimed' then '已申报' else '已认定' end, coalesce('，' || points || ' 分', '')),
        narrative, exists (from claim as s where s.supersedes_id = claim.claim_id)
    from claim
    union all
    select incident_id, task_id, unit_id, effective_on, recorded_at, recorded_by, '扣分事件',
        concat('已触发', coalesce('，' || points || ' 分', '')), narrative,
        exists (from incident as s where s.supersedes_id = incident.incident_id)
    from incident
)
select effective_on, what, coalesce(unit.name, '整项任务') as unit, said, narrative, recorded_by, recorded_at, corrected
from entry
left join unit using (unit_id)
where task_id = $task_id and effective_on <= $as_of::date
order by effective_on desc, recorded_at desc
