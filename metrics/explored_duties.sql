-- 自由筛选的职责：范围内每项任务的每个责任单位一行，附类别、角色和折算份额；完成、逾期与“单位情况”同一口径，本单位已报完成的部分不再算它的逾期。展开集体时另有其成员各一行，集体自己的一行仍在，职责和份额归成员。
with part as (
    from duty_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds, $expanded)
),
replaced as (
    select written.*
    from duty_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds, false) as written
    anti join part using (task_id, unit_id)
    where $expanded
),
duty as (
    select *, 1 as duties from part
    union all
    select * replace (0.0 as share), 0 as duties from replaced
)
select
    duty.number, duty.unit, duty.class, duty.role, duty.is_first,
    duty.duties, duty.share,
    duty.is_applicable,
    duty.is_applicable and duty.unit_is_done as done,
    duty.unit_is_overdue as overdue,
    case when duty.unit_is_overdue then duty.overdue_days end as overdue_days
from duty
order by duty.number, duty.unit
