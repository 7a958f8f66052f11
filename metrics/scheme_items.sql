-- 评分方案明细：现行版次的每项任务在评分方案中的分值、规则、计分依据、每次分值、下限、分档、是否须佐证、评分标准和佐证要求；不在方案中的没有分值。没有方案时分值取自台账的“分值”列。
with tiered as (
    select task_id, list([at_least::varchar, at_most::varchar, points::varchar] order by at_least) as tiers
    from scheme_tier
    where scheme_id = $scheme_id
    group by task_id
),
recurring as (
    select distinct edition_id, task_id from cadence
)
select
    scoped.task_id, scoped.number, scoped.level1, scoped.short_name,
    scoped.level2, task.task, scoped.kind, units_of_task(scoped.edition_id, scoped.task_id) as units,
    recurring.task_id is not null as has_cadence,
    case when $scheme_id is null then scoped.points::decimal(9, 2) else item.points end::varchar as points,
    item.rule, item.measure, item.step::varchar as step, item.floor::varchar as floor, item.evidence_required,
    item.criterion, item.proof, coalesce(tiered.tiers, []) as tiers
from task_in_scope($basis, $ledger_id, $as_of, []::varchar[], []::varchar[], []::varchar[]) as scoped
join task on task.edition_id = scoped.edition_id and task.task_id = scoped.task_id
left join scheme_item as item on item.scheme_id = $scheme_id and item.task_id = scoped.task_id
left join tiered on tiered.task_id = scoped.task_id
left join recurring on recurring.edition_id = scoped.edition_id and recurring.task_id = scoped.task_id
order by scoped.number
