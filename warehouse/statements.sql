-- The statements the store itself runs, each under its name.

-- name: tables
select table_name from duckdb_tables() where database_name = current_database() and not internal

-- name: schema_version
select max(version) from schema_version

-- name: set_schema_version
insert into schema_version values ($version, $at)

-- name: data_version
select coalesce(max(data_version), 0) from change

-- name: columns
select table_name, column_name, data_type from duckdb_columns()
where database_name = current_database() and not internal and table_name <> 'schema_version'
    and table_name in (select table_name from duckdb_tables() where database_name = current_database())
order by table_name, column_index

-- name: action_of_version
select min(change_id) from change where data_version = $version

-- name: insert_rows
insert into "{table}" by name select * from given

-- name: insert_rows_and_return
insert into "{table}" by name select * from given returning *

-- name: rows_of_table
select {columns} from "{table}"

-- name: take_rows
-- Rows of the record that steps of actions added, from after one step to another with it.
insert into "{table}" by name
select * exclude (_version, _step) {replaced}
from read_csv(
    $file, header = false, auto_detect = false, delim = ',', quote = '"', escape = '"',
    new_line = '\n', nullstr = '\N', allow_quoted_nulls = false, parallel = false,
    max_line_size = 100000000, columns = {columns}
)
where (_version, _step) > ($after_version, $after_step) and (_version, _step) < ($version, $step)

-- name: checkpoint
force checkpoint

-- name: judged_tables
attach ':memory:' as judged;
create table judged.task_judgement as
    select 0::bigint as basis, * from task_judgement(null::date, null::timestamp, false) limit 0;
create table judged.unit_judgement as
    select 0::bigint as basis, * from unit_judgement(null::date, null::timestamp) limit 0;
create table judged.duty as
    select 0::bigint as basis, * from duties(null::timestamp) limit 0;
create table judged.cadence_window as
    select 0::bigint as basis, null::date as as_of, *
    from cadence_windows(null::date, null::timestamp, false) limit 0;

-- name: scored_tables
create table judged.task_score as
    select 0::bigint as basis, null::uuid as ledger_id, null::uuid as scheme_id, *
    from task_score(0, null::uuid, []::date[], null::uuid, null::date, null::date, null::timestamp) limit 0

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

-- name: terms_of_scheme
select assessed_on, evidence_from from scheme where scheme_id = $scheme_id and ledger_id = $ledger_id

-- name: newest_scheme
select scheme_id from standing_scheme($known_at::timestamp) where ledger_id = $ledger_id order by version desc limit 1

-- name: terms_of_trial
select ended_on, started_on from ledger_terms($known_at::timestamp) where ledger_id = $ledger_id

-- name: score_tasks
insert into judged.task_score
select $basis, $ledger_id, $scheme_id, score.*
from task_score(
    $basis, $ledger_id::uuid, $days::date[], $scheme_id::uuid,
    $assessed_on::date, $evidence_from::date, $known_at::timestamp
) as score

-- name: forget_scores
delete from judged.task_score where basis = $basis and as_of = $day

-- name: judged_rows
select as_of, count(*) from judged.task_judgement where basis = $basis group by as_of

-- name: forget_tasks
delete from judged.task_judgement where basis = $basis and as_of = $day

-- name: forget_units
delete from judged.unit_judgement where basis = $basis and as_of = $day

-- name: keep_month
insert into judged.reported_duty
select $basis, *
from reported_duty($basis, $month_start::date, $as_of::date, $eve::date, $known_at::timestamp)

-- name: month_rows
select count(*) from judged.reported_duty
where basis = $basis and month_start = $month_start and as_of = $as_of and eve = $eve

-- name: forget_month
delete from judged.reported_duty
where basis = $basis and month_start = $month_start and as_of = $as_of and eve = $eve

-- name: keep_windows
insert into judged.cadence_window
select $basis, $as_of, *
from cadence_windows($as_of::date, $known_at::timestamp, $as_issued::boolean)

-- name: windows_rows
select count(*) from judged.cadence_window where basis = $basis and as_of = $as_of

-- name: forget_windows
delete from judged.cadence_window where basis = $basis and as_of = $as_of

-- name: database_name
select current_database()

-- name: attach_backup
attach $path as backup

-- name: copy_to_backup
copy from database {source} to backup

-- name: detach_backup
detach backup

-- name: count_rows
select count(*) from {table}

-- name: evidence_hashes
select distinct file_sha256 from evidence where file_sha256 <> ''
union
select after->>'原图' from change where action = '保存原图'

-- name: editions_of_ledger
-- Those taken back as well: their numbers are not given again.
select edition_number, sha256, file_name, edition_id, effective_on, withdrawn_at, withdrawn_at is null as stands
from dated_edition('infinity'::timestamp)
left join (
    select entry_id as edition_id, min(recorded_at) as withdrawn_at
    from withdrawal
    group by entry_id
) using (edition_id)
where ledger_id = $ledger_id
order by edition_number

-- name: pictures_of_task
-- The entry has the instant of the edition that it came with.
select change.after->>'原图'
from task
join edition using (edition_id)
join change on change.subject_id = edition.ledger_id and change.recorded_at = edition.recorded_at
where task.task_id = $task_id and edition.edition_number = $edition_number and change.action = $action

-- name: stored_file
select ledger_id, title, region, year, edition_id, edition_number
from standing_edition('infinity'::timestamp) as edition
join standing_ledger('infinity'::timestamp) as ledger using (ledger_id)
where sha256 = $sha256
order by edition.recorded_at desc
limit 1

-- name: ledgers_as_read
select ledger_id, title, region, year, coalesce(read_title, title), coalesce(read_region, region), coalesce(read_year, year)
from standing_edition('infinity'::timestamp) as edition
join standing_ledger('infinity'::timestamp) as ledger using (ledger_id)
order by edition.recorded_at desc

-- name: progress_of_columns
select task_id, state, percent, narrative, report.effective_on
from standing_edition('infinity'::timestamp) as edition
join standing_report('infinity'::timestamp) as report
    on report.recorded_at = edition.recorded_at and report.source = 'column'
join (select distinct task_id, ledger_id from task) as task using (task_id, ledger_id)
where edition.ledger_id = $ledger_id
qualify row_number() over (partition by task_id order by edition_number desc) = 1

-- name: evidence_of_columns
select task_id, evidence.title
from standing_edition('infinity'::timestamp) as edition
join standing_evidence('infinity'::timestamp) as evidence
    on evidence.recorded_at = edition.recorded_at and evidence.unit_id is null
join (select distinct task_id, ledger_id from task) as task using (task_id, ledger_id)
where edition.ledger_id = $ledger_id

-- name: plans_of_columns
select task_id, planned_on, percent
from standing_plan('infinity'::timestamp)
join (select distinct task_id, ledger_id from task) as task using (task_id)
where source = 'column' and ledger_id = $ledger_id
order by planned_on

-- name: settled_in_edition
select task_id, about, message, choice from settled_doubt where edition_id = $edition_id

-- name: corrections_in_edition
select task_id, field, before, after from correction where edition_id = $edition_id

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
from dated_task('infinity'::timestamp) as task
left join standing_assignment('infinity'::timestamp) as assignment using (edition_id, task_id)
left join unit using (unit_id)
where task.edition_id = $edition_id
group by task.task_id
order by any_value(number)

-- name: newest_contacts
-- Whom to ask in each unit, under the unit that its registration was corrected to.
select coalesce(whole, unit_id) as unit_id, arg_max(name, entry_number), arg_max(phone, entry_number)
from unit_contact
left join corrected_unit('infinity'::timestamp) using (unit_id)
group by all

-- name: newest_settings
select key, arg_max(value, entry_number) from setting where ledger_id is null group by key

-- name: all_units
select unit_id, region, name, class from unit

-- name: all_aliases
select unit_id, alias from unit_alias where source = '口径文件'

-- name: all_members
select collective_id, member_id, source from unit_member

-- name: all_short_names
select full_name, short_name from short_name

-- name: all_themes
select indicator, theme, source, theme_order from indicator_theme

-- name: reclass_unit
update unit set class = $class where unit_id = $unit_id

-- name: clear_aliases
delete from unit_alias where source = '口径文件'

-- name: clear_members
delete from unit_member

-- name: clear_short_names
delete from short_name

-- name: clear_themes
delete from indicator_theme

-- name: due_of_task
select effective_due_on
from task_due($as_of::date, $known_at::timestamp, false)
where task_id = $task_id

-- name: standing_entry
from {table}
where {id} = $id and not exists (from withdrawal where entry_id = $id)

-- name: edition_of_file
-- Whether it stands, or was taken back.
select edition_id not in (select entry_id from withdrawal) as stands from edition where sha256 = $sha256

-- name: units_of_names
-- The registered units that are called so, by now or when they were registered.
select unit.unit_id
from unit
left join corrected_unit('infinity'::timestamp) as corrected using (unit_id)
left join unit as became on became.unit_id = corrected.whole
where coalesce(became.name, unit.name) in (select unnest($names::varchar[]))
union
select corrected.whole
from unit
join corrected_unit('infinity'::timestamp) as corrected using (unit_id)
where unit.name in (select unnest($names::varchar[])) and corrected.whole is not null

-- name: tasks_without_part
-- Of the tasks, those in which none of the units has a part, itself or through a collective.
with parted as (
    select task_id, unit_id from standing_assignment('infinity'::timestamp)
    where task_id in (select unnest($task_ids::uuid[]))
)
select unnest($task_ids::uuid[]) as task_id
except
select task_id from parted where unit_id in (select unnest($unit_ids::uuid[]))
except
select task_id from parted
join unit_member on unit_member.collective_id = parted.unit_id
where unit_member.member_id in (select unnest($unit_ids::uuid[]))

-- name: entry_of_unit
from {source} where {id} = $id

-- name: completion_of_account
-- The newest completion of a part of a task, where it was entered by the account and nobody may verify
-- what he entered himself.
with completion as (
    select entry_number, effective_on
    from standing_report('infinity'::timestamp)
    where task_id = $task_id and state = 'done'
        and ($unit_id::uuid is null or unit_id is null or unit_id = $unit_id::uuid)
),
newest as (
    select max(entry_number) as entry_number
    from completion
    where effective_on = (select max(effective_on) from completion)
)
select 1
from newest
join change on change.data_version = newest.entry_number // 1000000
where change.account = $account
    and coalesce((
        select arg_max(value, entry_number) from setting where ledger_id is null and key = 'verifies_own'
    ), '否') <> '是'
limit 1

-- name: only_ledger
select ledger_id from ledger

-- name: ledger_of_id
select title, region, year from standing_ledger('infinity'::timestamp) where ledger_id = $ledger_id

-- name: unit_of_id
select name from unit where unit_id = $unit_id

-- name: units_of_ledger
select distinct unit.unit_id, unit.name
from edition_in_force($day::date, $known_at::timestamp) as in_force
join duties($known_at::timestamp) as duty on duty.edition_id = in_force.edition_id and duty.expanded
join unit on unit.unit_id = duty.unit_id
where in_force.ledger_id = $ledger_id

-- name: tasks_of_unit
-- As duties() has it, read off the assignments: a unit's tasks name it or its collective, and a
-- collective whose members are listed has none itself.
select task.task_id, task.number, task.task,
    coalesce(list(distinct cadence.period) filter (cadence.period is not null), []) as periods
from edition_in_force($day::date, $known_at::timestamp) as in_force
join task using (ledger_id, edition_id)
join standing_assignment($known_at::timestamp) as assignment on assignment.edition_id = task.edition_id and assignment.task_id = task.task_id
left join cadence on cadence.edition_id = task.edition_id and cadence.task_id = task.task_id
where task.ledger_id = $ledger_id
    and task.kind = 'base'
    and assignment.unit_id in (
        select $unit_id::uuid union all select collective_id from unit_member where member_id = $unit_id
    )
    and not exists (from unit_member where collective_id = $unit_id)
group by task.task_id, task.number, task.task
order by task.number

-- name: waiting_extension
-- The requests of a task that stand and are not decided on.
from standing_extension($known_at::timestamp) as extension
anti join (from standing_extension_decision($known_at::timestamp)) as decision using (extension_id)
where task_id = $task_id

-- name: extension_that_waits
-- No row when the request was withdrawn, or is decided on by the day of the new decision.
from standing_extension($known_at::timestamp) as extension
anti join (
    from standing_extension_decision($known_at::timestamp)
    where effective_on <= $decided_on::date
) as decision using (extension_id)
where extension_id = $extension_id

-- name: newest_completion
select max(effective_on)
from standing_report($known_at::timestamp)
where task_id = $task_id
    and state = 'done'
    and ($unit_id::uuid is null or unit_id is null or unit_id = $unit_id::uuid)

-- name: outweighed_reports
-- Tasks of which something newer stands for the unit than what is reported of the day beside them.
select distinct given.task_id
from (select unnest($task_ids::uuid[]) as task_id, unnest($days::date[]) as effective_on) as given
join standing_report($known_at::timestamp) as report on report.task_id = given.task_id
where (report.unit_id is null or report.unit_id = $unit_id)
    and report.effective_on > given.effective_on

-- name: newest_lock
select outcome from month_lock
where ledger_id = $ledger_id and month = $month
order by entry_number desc limit 1

-- name: newest_excuse
select outcome from excused_window
where task_id = $task_id and period = $period and window_start = $window_start
order by entry_number desc limit 1

-- name: report_before
-- The newest report that stands of a task, or of the unit's part of it.
select state, percent, narrative, problem, next_step, effective_on
from standing_report($known_at::timestamp)
where task_id = $task_id::uuid and unit_id is not distinct from $unit_id::uuid
order by effective_on desc, entry_number desc
limit 1

-- name: reports_of_unit
-- Those of the month, and the newest before it; oldest first.
select task_id, state, percent, narrative, problem, next_step, effective_on, is_returned
from report_for_unit($unit_id, $known_at::timestamp) as report
where unit_id is not null and effective_on <= last_day($month::date)
qualify effective_on >= $month::date
    or row_number() over (
        partition by task_id, effective_on >= $month::date
        order by effective_on desc, entry_number desc
    ) = 1
order by effective_on, entry_number

-- name: standing_of_unit
-- What counts for the unit of each task at the end of the month: the newest report among its own and those
-- on the whole task.
select task_id, state, percent, narrative, problem, next_step, effective_on, is_returned
from report_for_unit($unit_id, $known_at::timestamp) as report
where effective_on <= last_day($month::date)
qualify row_number() over (partition by task_id order by effective_on desc, entry_number desc) = 1

-- name: occurrences_of_unit
select occurrence_id, task_id, period, occurred_on, times, narrative
from standing_occurrence($known_at::timestamp) as occurrence
where unit_id = $unit_id and occurred_on between $month::date and last_day($month::date)
order by occurred_on, entry_number

-- name: evidence_of_unit
select task_id, title, document_number, link, effective_on
from standing_evidence($known_at::timestamp) as evidence
where unit_id = $unit_id

-- name: ledger_for_scheme
-- The number of the newest version that stands and of the newest stored, and the ledger's first day; no
-- row unless the edition is the one in force.
select
    coalesce((select max(version) from standing_scheme('infinity'::timestamp) where ledger_id = $ledger_id), 0),
    coalesce((select max(version) from scheme where ledger_id = $ledger_id), 0),
    terms.started_on
from ledger_terms('infinity'::timestamp) as terms
join edition_in_force('9999-12-31'::date, 'infinity'::timestamp) as in_force on in_force.ledger_id = terms.ledger_id
where terms.ledger_id = $ledger_id and in_force.edition_id = $edition_id

-- name: outline_for_scheme
select terms.title, in_force.edition_id, edition.edition_number, edition.effective_on, terms.started_on, terms.ended_on
from ledger_terms('infinity'::timestamp) as terms
join edition_in_force('9999-12-31'::date, 'infinity'::timestamp) as in_force on in_force.ledger_id = terms.ledger_id
join dated_edition('infinity'::timestamp) as edition on edition.edition_id = in_force.edition_id
where terms.ledger_id = $ledger_id

-- name: cells_with_points
select distinct cell
from (select unnest(cells) as cell from source_row where edition_id = $edition_id)
where contains(cell, '分')

-- name: tasks_for_scheme
select task.task_id, task.number, task.kind, count(cadence.period) as cadences
from task
left join cadence using (edition_id, task_id)
where task.ledger_id = $ledger_id and task.edition_id = $edition_id
group by task.task_id, task.number, task.kind
order by task.number

-- name: period_of_task
select terms.started_on, terms.ended_on, arg_max(task.kind, edition.edition_number)
from task
join edition on edition.edition_id = task.edition_id
join ledger_terms('infinity'::timestamp) as terms on terms.ledger_id = task.ledger_id
where task.task_id = $task_id
group by terms.started_on, terms.ended_on

-- name: waiting_claim
-- No row when the claim of that task was taken back or is answered already, but by the entry replaced.
select 1
from standing_claim('infinity'::timestamp) as claim
where claim.claim_id = $claim_id
    and claim.task_id = $task_id
    and claim.state = 'claimed'
    and not exists (
        from standing_claim('infinity'::timestamp) as answer
        where answer.answers_id = claim.claim_id and answer.claim_id is distinct from $replaced_id::uuid
    )

-- name: full_marks
select item.points
from task
join standing_scheme('infinity'::timestamp) as scheme on scheme.ledger_id = task.ledger_id
join scheme_item as item on item.scheme_id = scheme.scheme_id and item.task_id = task.task_id
where task.task_id = $task_id
    and scheme.version = (
        select max(version)
        from standing_scheme('infinity'::timestamp) as newest
        where newest.ledger_id = task.ledger_id
    )
limit 1

-- name: standing_meetings
select meeting_id, quarter_ended_on, held_on
from meeting
where ledger_id = $ledger_id
    and not exists (from withdrawal where entry_id = meeting_id)

-- name: standing_meeting_by_id
select ledger_id, held_on
from meeting
where meeting_id = $meeting_id
    and not exists (from withdrawal where entry_id = meeting_id)

-- name: meeting_of_decision
select meeting.ledger_id, meeting.held_on, decision.unit_id, decision.task_id, decision.text
from decision
join meeting using (meeting_id)
where decision_id = $decision_id
    and not exists (from withdrawal where entry_id = decision_id)

-- name: standing_decisions
select count(*)
from decision
where meeting_id = $meeting_id
    and not exists (from withdrawal where entry_id = decision_id)

-- name: attach_snapshot
attach $path as snapshot

-- name: snapshot_columns
select tables.table_name, tables.comment, columns.column_name, columns.data_type, columns.comment,
    tables.estimated_size
from duckdb_tables() as tables
join duckdb_columns() as columns using (database_oid, table_oid)
where tables.database_name = 'snapshot'
order by table_oid, column_index

-- name: checkpoint_snapshot
checkpoint snapshot

-- name: standing_views
select view_id, name
from saved_view
where ledger_id = $ledger_id
    and not exists (from withdrawal where withdrawal.entry_id = saved_view.view_id)

-- name: unit_of_ledger
select unit.unit_id
from unit
join standing_ledger('infinity'::timestamp) as ledger using (region)
where ledger.ledger_id = $ledger_id and unit.name = $unit

-- name: fill_documented_table
create table {table} as from rows

-- name: evidence_of_file
-- Which of the tasks, by number, have this file as evidence by the unit already, and as what.
select max(task.number), any_value(evidence.title)
from standing_evidence('infinity'::timestamp) as evidence
join task using (task_id)
where evidence.file_sha256 = $file_sha256
    and evidence.task_id in (select unnest($task_ids::uuid[]))
    and evidence.unit_id is not distinct from $unit_id::uuid
group by evidence.task_id
