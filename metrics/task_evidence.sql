-- 任务的佐证材料：名称、文号、链接或文件及材料自身的日期；没有日期的按录入日计。
select evidence_id, title, document_number, link, file_name, file_sha256, effective_on, unit_or_whole_task(unit.name) as unit,
    recorded_by, recorded_at
from standing_evidence($known_at::timestamp) as evidence
left join unit using (unit_id)
where task_id = $task_id
    and coalesce(effective_on, recorded_at::date) <= $as_of::date
order by effective_on desc nulls last, recorded_at desc
