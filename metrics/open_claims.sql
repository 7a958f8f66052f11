-- 待认定的加分申报：截至该日已申报而尚未认定的加分申报，先申报的在前。
select claim_id, claim.points, claim.narrative, claim.effective_on, claim.recorded_by, unit_or_whole_task(unit.name) as unit
from standing_claim($known_at::timestamp) as claim
left join unit using (unit_id)
where task_id = $task_id
    and claim.state = 'claimed'
    and claim.effective_on <= $as_of::date
    and not exists (
        from standing_claim($known_at::timestamp) as answer
        where answer.answers_id = claim.claim_id and answer.effective_on <= $as_of::date
    )
order by claim.effective_on, claim.recorded_at, claim.claim_id
