-- 佐证缺口：须佐证而没有有效佐证的任务：需要什么材料、现有材料及其日期、现在因此少得的分和最多因此得不到的分（单位：百分之一分），分多的在前。早于佐证起算日的材料为过旧；没有日期的按录入日计。
select
    score.task_id, score.number, scoped.short_name, score.level2,
    task.task, score.kind,
    units_of_task(score.edition_id, score.task_id) as units,
    score.state, coalesce(item.proof, '') as proof,
    case when score.old_evidence > 0 then 'old' else 'missing' end as gap,
    (select string_agg(concat(title, coalesce(strftime(effective_on, ' %Y-%m-%d'), ' 未注明日期')), '；'
            order by coalesce(effective_on, recorded_at::date), evidence_id)
        from standing_evidence($known_at::timestamp) as evidence
        where evidence.task_id = score.task_id
            and coalesce(effective_on, recorded_at::date) <= $as_of::date) as held,
    score.newest_evidence_on, score.full_cents,
    score.ungated_cents as lost_cents,
    case when score.time_is_left then score.reachable_cents else score.ungated_cents end as at_stake_cents
from judged.task_score as score
join task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds) as scoped
    on scoped.task_id = score.task_id
join task on task.edition_id = score.edition_id and task.task_id = score.task_id
join scheme_item as item on item.scheme_id = $scheme_id and item.task_id = score.task_id
where score.basis = $basis and score.ledger_id = $ledger_id and score.as_of = $as_of
    and score.scheme_id is not distinct from $scheme_id
    and score.lacks_evidence and not score.is_absent
order by at_stake_cents desc, lost_cents desc, score.number
