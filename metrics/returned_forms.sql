-- 收回的填报：一个报送月中各单位交回并存入的填报表和网上保存的填报，新的在前；已撤回的不列。还算数的是其中没有被更正或撤销的记录。
with standing as (
    select entry_number // 1000000 as action from standing_report($known_at::timestamp)
    union all
    select entry_number // 1000000 from standing_occurrence($known_at::timestamp)
    union all
    select entry_number // 1000000 from standing_evidence($known_at::timestamp)
),
counted as (
    select action, count(*) as entries from standing group by action
)
select
    submission.submission_id, unit.name as unit, submission.file_name, submission.rows_stored,
    coalesce(counted.entries, 0) as entries,
    submission.recorded_at, submission.recorded_by
from submission
join unit on unit.unit_id = submission.unit_id
left join counted on counted.action = submission.entry_number // 1000000
anti join (from withdrawal where recorded_at <= $known_at::timestamp) as w on w.entry_id = submission.submission_id
where submission.ledger_id = $ledger_id
    and submission.month = $month::date
    and submission.recorded_at <= $known_at::timestamp
order by submission.entry_number desc
