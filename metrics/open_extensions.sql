-- 待审批的延期：截至该日已提出而尚未审批的延期申请，先提出的在前。
select extension_id, requested_on, new_due_on, reason, recorded_by
from standing_extension($known_at::timestamp) as extension
where task_id = $task_id
    and requested_on <= $as_of::date
    and extension_id not in (select extension_id from decided_extension($as_of::date, $known_at::timestamp))
order by requested_on, recorded_at
