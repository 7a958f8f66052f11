-- 报送月锁定：一个报送月每次锁定和解锁是谁、何时、为何，新的在前；锁定后补记是锁定期间录入的、情况发生在该月的填报和频次记录的条数，后来更正或撤销的也计入。
with lock as (
    select *, lead(entry_number) over (order by entry_number) as until
    from month_lock
    where ledger_id = $ledger_id and month = $month_start::date and recorded_at <= $known_at::timestamp
),
entry as (
    select task_id, effective_on, recorded_at, entry_number from report
    union all
    select task_id, occurred_on, recorded_at, entry_number from occurrence
),
late_entry as (
    -- The macro has a recorded_at of its own, so these names must say whose they are.
    select entry.entry_number
    from entry
    where entry.effective_on >= $month_start::date
        and entry.effective_on < $month_start::date + interval 1 month
        and entry.recorded_at <= $known_at::timestamp
        and entry.task_id in (select task_id from task where ledger_id = $ledger_id)
        and entered_after_closing($ledger_id::uuid, entry.effective_on, entry.entry_number)
)
select lock.outcome, lock.reason, lock.recorded_at, lock.recorded_by,
    count(late_entry.entry_number) as entered_after
from lock
left join late_entry
    on late_entry.entry_number > lock.entry_number
    and (lock.until is null or late_entry.entry_number < lock.until)
group by lock.outcome, lock.reason, lock.recorded_at, lock.recorded_by, lock.entry_number
order by lock.entry_number desc
