-- 任务得分：每项任务的满分、规则、计分所据的数、自评、已锁定和可达上限（单位：百分之一分）。自评按规则由填报计算，有人工评分的以人工评分为准，须佐证而没有有效佐证的不得分；已锁定只计已销号的任务和已认定的加分；可达上限是到评估日还可能得到的分。评估日以后的进展、频次和扣分事件不计；评估日以前完成的，以后核验仍有效。缺项（不适用）按其余任务的得分率计。扣分项为所扣的分。
with proof as (
    select task_id,
        string_agg(concat(title, case when document_number <> '' then concat('（', document_number, '）') end,
            coalesce(strftime(effective_on, ' %Y-%m-%d'), ' 未注明日期')), '；'
            order by coalesce(effective_on, recorded_at::date), evidence_id) as titles
    from standing_evidence($known_at::timestamp) as evidence
    where coalesce(effective_on, recorded_at::date) <= $as_of::date
    group by task_id
),
given as (
    select task_id,
        arg_max(reason, (effective_on, entry_number)) filter (kind = 'manual') as manual_reason,
        arg_max(recorded_by, (effective_on, entry_number)) filter (kind = 'manual') as manual_by,
        arg_max(reason, (effective_on, entry_number)) filter (kind = 'review') as review_opinion,
        arg_max(recorded_by, (effective_on, entry_number)) filter (kind = 'review') as review_by
    from standing_mark($known_at::timestamp) as mark
    where effective_on <= $as_of::date
    group by task_id
),
narrated as (
    select task_id, arg_max(narrative, (effective_on, entry_number)) as narrative
    from standing_report($known_at::timestamp) as report
    where effective_on <= $as_of::date and narrative <> ''
    group by task_id
)
select
    score.* exclude (basis, ledger_id, scheme_id, edition_id, as_of, manual_of),
    scoped.short_name,
    task.task, units_of_task(score.edition_id, score.task_id) as units, scoped.lamp, scoped.reason, scoped.has_report,
    scoped.effective_due_on,
    coalesce(item.criterion, '') as criterion, coalesce(item.proof, '') as proof, proof.titles,
    given.manual_reason, given.manual_by, given.review_opinion, given.review_by, narrated.narrative
from judged.task_score as score
join task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds) as scoped
    on scoped.task_id = score.task_id
join task on task.edition_id = score.edition_id and task.task_id = score.task_id
left join scheme_item as item on item.scheme_id = $scheme_id and item.task_id = score.task_id
left join proof on proof.task_id = score.task_id
left join given on given.task_id = score.task_id
left join narrated on narrated.task_id = score.task_id
where score.basis = $basis and score.ledger_id = $ledger_id and score.as_of = $as_of
    and score.scheme_id is not distinct from $scheme_id
order by score.number
