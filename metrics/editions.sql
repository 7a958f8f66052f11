-- 版次：每份台账导入过的每一版，生效日、文件、任务数、存疑数、人工更正数和导入人；已撤回的仍列出，注明何时、何人、为何撤回。
select
    edition.ledger_id, ledger.title, ledger.region, ledger.year, edition.edition_id, edition.edition_number,
    edition.effective_on, edition.file_name, edition.recorded_at, edition.recorded_by,
    (select count(*) from task where task.edition_id = edition.edition_id) as tasks,
    (select count(*) from reading_issue where reading_issue.edition_id = edition.edition_id) as issues,
    (select count(*) from correction where correction.edition_id = edition.edition_id)
    + (
        select coalesce(sum(len(json_keys(change.after))), 0)::bigint
        from change
        where change.subject_id = edition.ledger_id and change.recorded_at = edition.recorded_at
            and change.action = '更正读法'
    ) as corrections,
    withdrawal.recorded_at as withdrawn_at, withdrawal.recorded_by as withdrawn_by, withdrawal.reason as withdrawn_why
from dated_edition('infinity'::timestamp) as edition
join standing_ledger('infinity'::timestamp) as ledger using (ledger_id)
left join withdrawal on withdrawal.entry_id = edition.edition_id
order by ledger.year desc, ledger.region, edition.edition_number desc
