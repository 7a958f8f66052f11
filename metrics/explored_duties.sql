-- 自由筛选的职责：范围内每项任务的每个责任单位一行，附类别、角色和折算份额；完成、逾期与“单位情况”同一口径，本单位已报完成的部分不再算它的逾期。
select
    duty.number, duty.unit, duty.class, duty.role, duty.is_first,
    duty.share,
    duty.is_applicable,
    duty.is_applicable and duty.unit_is_done as done,
    duty.unit_is_overdue as overdue,
    case when duty.unit_is_overdue then duty.overdue_days end as overdue_days
from duty_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds, $expanded) as duty
order by duty.number, duty.unit
