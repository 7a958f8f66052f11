-- 评分方案各版：台账的每一版评分方案，及其评估日、佐证起算日、缺项处理、加分总上限、计分任务数和分值合计；最后一版在前，已撤回的不列。分值以百分之一分计（cents）。
select
    scheme.scheme_id, scheme.version, scheme.edition_id, edition.edition_number, scheme.note,
    scheme.assessed_on, scheme.evidence_from, scheme.absent_rule,
    (scheme.bonus_cap * 100)::bigint as bonus_cap_cents,
    scheme.recorded_at, scheme.recorded_by,
    count(item.task_id) as items,
    coalesce(sum((item.points * 100)::bigint) filter (task.kind = 'base'), 0)::bigint as base_cents,
    coalesce(sum((item.points * 100)::bigint) filter (task.kind = 'bonus'), 0)::bigint as bonus_cents
from standing_scheme($known_at::timestamp) as scheme
join edition on edition.edition_id = scheme.edition_id
left join scheme_item as item on item.scheme_id = scheme.scheme_id
left join task on task.edition_id = scheme.edition_id and task.task_id = item.task_id
where scheme.ledger_id = $ledger_id
group by all
order by scheme.version desc
