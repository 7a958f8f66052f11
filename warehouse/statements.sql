-- The statements the store itself runs, each under its name.

-- name: tables
select table_name from duckdb_tables() where database_name = current_database() and not internal

-- name: schema_version
select max(version) from schema_version

-- name: set_schema_version
insert into schema_version values ($version, $at)

-- name: data_version
select coalesce(max(data_version), 0) from change

-- name: judged_tables
attach ':memory:' as judged;
create table judged.task_judgement as
    select 0::bigint as basis, * from task_judgement(null::date, null::timestamp, false) limit 0;
create table judged.unit_judgement as
    select 0::bigint as basis, * from unit_judgement(null::date, null::timestamp) limit 0;
create table judged.duty as
    select 0::bigint as basis, * from duties(null::timestamp) limit 0;

-- name: judge_tasks
insert into judged.task_judgement
select $basis, judgement.*
from (select unnest($days::date[]) as day) as wanted,
    lateral task_judgement(wanted.day, $known_at::timestamp, $as_issued::boolean) as judgement

-- name: judge_units
insert into judged.unit_judgement
select $basis, judgement.*
from (select unnest($days::date[]) as day) as wanted,
    lateral unit_judgement(wanted.day, $known_at::timestamp) as judgement

-- name: keep_duties
insert into judged.duty select $basis, * from duties($known_at::timestamp)

-- name: judged_rows
select as_of, count(*) from judged.task_judgement where basis = $basis group by as_of

-- name: forget_tasks
delete from judged.task_judgement where basis = $basis and as_of = $day

-- name: forget_units
delete from judged.unit_judgement where basis = $basis and as_of = $day

-- name: forget_duties
delete from judged.duty where basis = $basis

-- name: database_name
select current_database()

-- name: attach_backup
attach $path as backup

-- name: copy_to_backup
copy from database {source} to backup

-- name: detach_backup
detach backup

-- name: editions_of_ledger
select edition_number, sha256, file_name, edition_id, effective_on
from edition
where ledger_id = $ledger_id
order by edition_number

-- name: units_of_region
select unit_id, name, class from unit where region = $region

-- name: spellings_of_region
select unit_alias.alias, unit.name
from unit_alias
join unit using (unit_id)
where unit.region = $region

-- name: tasks_of_edition
select task.task_id, any_value(number), any_value(level1), any_value(level2), any_value(task.task),
    any_value(kind), any_value(due_on), any_value(deadline_kind),
    list([assignment.role, unit.name, assignment.scope]) filter (unit.name is not null)
from task
left join assignment using (edition_id, task_id)
left join unit using (unit_id)
where task.edition_id = $edition_id
group by task.task_id
order by any_value(number)

-- name: newest_settings
select key, arg_max(value, recorded_at) from setting where ledger_id is null group by key

-- name: all_units
select unit_id, region, name, class from unit

-- name: all_aliases
select unit_id, alias from unit_alias where source = '口径文件'

-- name: all_members
select collective_id, member_id, source from unit_member

-- name: all_short_names
select full_name, short_name from short_name

-- name: reclass_unit
update unit set class = $class where unit_id = $unit_id

-- name: clear_aliases
delete from unit_alias where source = '口径文件'

-- name: clear_members
delete from unit_member

-- name: clear_short_names
delete from short_name

-- name: due_of_task
select effective_due_on
from task_due($as_of::date, $known_at::timestamp, false)
where task_id = $task_id

-- name: standing_entry
from {table}
where {id} = $id and not exists (from withdrawal where entry_id = $id)

-- name: edition_of_file
select 1 from edition where sha256 = $sha256

-- name: only_ledger
select ledger_id from ledger
