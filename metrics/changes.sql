-- 变更记录：谁、何时、做了什么、之前和之后的值，新的在前。按录入时间列出，与截至日期无关；不属于任何一份台账的变更（如口径文件）总是列出。已被撤销或更正的记录仍在，注明理由；报送月锁定后录入的填报和频次记录注明“锁定后补记”。左侧的筛选只留下所涉任务的变更。
with recorded as (
    select *,
        coalesce(
            try_cast(coalesce(after->>'task_id', before->>'task_id') as uuid),
            case when subject_kind = 'task' then subject_id end
        ) as named_task_id,
        try_cast(coalesce(after->>'extension_id', before->>'extension_id') as uuid) as extension_id,
        coalesce(
            try_cast(coalesce(after->>'ledger_id', before->>'ledger_id') as uuid),
            case when subject_kind = 'ledger' then subject_id end
        ) as named_ledger_id,
        try_cast(coalesce(after->>'unit_id', before->>'unit_id') as uuid) as unit_id,
        try_cast(coalesce(
            after->>'effective_on', before->>'effective_on', after->>'occurred_on', before->>'occurred_on'
        ) as date) as happened_on
    from change
    where recorded_at <= $known_at::timestamp
        and ($first_on::date is null or recorded_at::date >= $first_on::date)
        and ($last_on::date is null or recorded_at::date <= $last_on::date)
        and (len($authors::varchar[]) = 0 or list_contains($authors::varchar[], recorded_by) or list_contains($authors::varchar[], account))
        and (len($actions::varchar[]) = 0 or list_contains($actions::varchar[], action))
),
-- A task is called what its newest edition calls it.
worded as (
    select task_id,
        arg_max(task.ledger_id, edition_number) as ledger_id,
        arg_max(number, edition_number) as number,
        arg_max(task, edition_number) as task
    from task
    join edition using (edition_id)
    where edition_number = 1 or edition.recorded_at <= $known_at::timestamp
    group by task_id
),
placed as (
    select
        recorded.*, worded.task_id, worded.number, worded.task,
        coalesce(worded.ledger_id, recorded.named_ledger_id) as ledger_id,
        unit.name as unit,
        case when subject_kind = 'extension_decision' then strftime(extension.new_due_on, '%Y-%m-%d') end as extended_to
    from recorded
    left join extension on extension.extension_id = recorded.extension_id
    left join worded on worded.task_id = coalesce(recorded.named_task_id, extension.task_id)
    left join unit on unit.unit_id = recorded.unit_id
),
chosen as (
    select *, count(*) over () as matching
    from placed
    where ($every_ledger or ledger_id is null or ledger_id = $ledger_id)
        and (
            (len($units::varchar[]) = 0 and len($level1s::varchar[]) = 0 and len($kinds::varchar[]) = 0)
            or task_id in (
                select task_id from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds)
            )
        )
        and contains(
            lower(concat_ws('　', '第 ' || number || ' 项', task, unit,
                case when subject_kind = 'reference' then concat(before, after) end)),
            lower($sought)
        )
    order by recorded_at desc, data_version desc, change_id
    limit $row_limit
),
named as (
    select change_id, map(list(id order by id), list(name order by id)) as names
    from (
        select distinct change_id,
            unnest(regexp_extract_all(concat(before, after), '[0-9a-f]+-[0-9a-f-]+')) as id
        from chosen
    ) as mentioned
    join unit on unit.unit_id::varchar = mentioned.id
    group by change_id
),
taken_back as (
    select entry_id, min(recorded_at) as recorded_at, arg_min(reason, recorded_at) as reason
    from withdrawal
    where recorded_at <= $known_at::timestamp
    group by entry_id
)
select
    chosen.change_id, chosen.data_version, chosen.recorded_at, chosen.recorded_by, chosen.account,
    chosen.action, chosen.subject_kind, ledger.title as ledger,
    chosen.task_id, chosen.number, chosen.task, chosen.unit, chosen.extended_to,
    chosen.before, chosen.after, named.names,
    coalesce(nullif(chosen.after->>'reason_for_correction', ''), chosen.after->>'reason', '') as reason,
    chosen.subject_kind in ('report', 'occurrence')
        and coalesce(entered_after_closing(chosen.ledger_id, chosen.happened_on, chosen.data_version * 1000000), false) as after_closing,
    taken_back.reason as taken_back_reason,
    chosen.matching
from chosen
left join standing_ledger($known_at::timestamp) as ledger on ledger.ledger_id = chosen.ledger_id
left join named on named.change_id = chosen.change_id
-- The entry of the withdrawal itself is as old as the withdrawal.
left join taken_back
    on taken_back.entry_id = chosen.subject_id and taken_back.recorded_at > chosen.recorded_at
order by chosen.recorded_at desc, chosen.data_version desc, chosen.change_id
