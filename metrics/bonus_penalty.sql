-- 加分与扣分：加分项的申报状态（未申报、已申报、已认定）和扣分项的触发状态（未触发、已触发），附次数、分值和佐证件数。加分项、扣分项不计入任何完成率；没有设定分值的写“未设分值”。
with scoped as (
    from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, []::varchar[])
    where kind in ('bonus', 'penalty')
),
claimed as (
    select task_id,
        -- A claim and the recognition that answers it are two rows about one thing.
        count(*) filter (not exists (
            from standing_claim($known_at::timestamp) as answer
            where answer.answers_id = claim.claim_id and answer.effective_on <= $as_of::date
        )) as claims,
        count(*) filter (state = 'recognised') as recognised,
        sum(points) filter (state = 'recognised') as points,
        max(effective_on) as newest_on,
        arg_max(narrative, (effective_on, entry_number)) as narrative
    from standing_claim($known_at::timestamp) as claim
    where effective_on <= $as_of::date
    group by task_id
),
happened as (
    select task_id,
        count(*) as incidents,
        sum(points) as points,
        max(effective_on) as newest_on,
        arg_max(narrative, (effective_on, entry_number)) as narrative
    from standing_incident($known_at::timestamp) as incident
    where effective_on <= $as_of::date
    group by task_id
),
proven as (
    select task_id, count(*) as evidence
    from standing_evidence($known_at::timestamp) as evidence
    where coalesce(effective_on, recorded_at::date) <= $as_of::date
    group by task_id
)
select
    scoped.task_id, scoped.number, scoped.kind, task.task,
    units_of_task(scoped.edition_id, scoped.task_id) as units,
    case
        when scoped.kind = 'bonus' then
            case when claimed.recognised > 0 then '已认定' when claimed.claims > 0 then '已申报' else '未申报' end
        when happened.incidents > 0 then '已触发'
        else '未触发'
    end as state,
    coalesce(claimed.claims, happened.incidents, 0) as times,
    coalesce(claimed.newest_on, happened.newest_on) as newest_on,
    coalesce(claimed.narrative, happened.narrative, '') as narrative,
    coalesce(proven.evidence, 0) as evidence,
    scoped.points as full_points,
    coalesce(claimed.points, happened.points) as points
from scoped
join task on task.edition_id = scoped.edition_id and task.task_id = scoped.task_id
left join claimed on claimed.task_id = scoped.task_id
left join happened on happened.task_id = scoped.task_id
left join proven on proven.task_id = scoped.task_id
where len($kinds::varchar[]) = 0 or list_contains($kinds, scoped.kind)
order by scoped.number
