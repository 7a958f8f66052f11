-- What is sent to PostgreSQL. Only select, insert and COPY, and the making of tables: what is stored
-- there is never changed. {braces} are names of tables and columns.

-- name: record_head
create schema if not exists credit;
create table if not exists credit.head (place integer primary key);
create table if not exists credit.opened (
    schema_version integer primary key, base bigint not null, recorded_at timestamp not null
);
create table if not exists credit.action (
    version bigint not null, schema_version integer not null, action_id uuid not null,
    recorded_at timestamp not null, recorded_by text not null, tables text not null,
    primary key (schema_version, version)
);
create table if not exists credit.evidence_file (sha256 text primary key, content bytea not null)

-- name: record_make_space
create schema {space}

-- name: record_make_table
create table {table} ({columns})

-- name: record_make_index
create index on {table} (_version)

-- name: record_has_head
select 1 from information_schema.tables where table_schema = 'credit' and table_name = 'evidence_file'

-- name: record_first_head
insert into credit.head (place) select 1 where not exists (select 1 from credit.head)

-- name: record_lock
select place from credit.head for update

-- name: record_clock
select clock_timestamp() at time zone 'Asia/Shanghai'

-- name: record_schema
select max(schema_version) from credit.opened

-- name: record_version
select coalesce(max(version), -1) from credit.action where schema_version = %(schema)s

-- name: record_actions
select version, tables from credit.action
where schema_version = %(schema)s and version > %(than)s order by version

-- name: record_action_of
select action_id from credit.action where schema_version = %(schema)s and version = %(version)s

-- name: record_has_action
select 1 from credit.action where schema_version = %(schema)s and action_id = %(action_id)s

-- name: record_amendments
select _version, _step, statement, parameters from {table}
where _version > %(than)s order by _version, _step

-- name: record_add_action
insert into credit.action (version, schema_version, action_id, recorded_at, recorded_by, tables)
values (%(version)s, %(schema)s, %(action_id)s, %(recorded_at)s, %(recorded_by)s, %(tables)s)

-- name: record_add_opened
insert into credit.opened (schema_version, base, recorded_at) values (%(schema)s, %(base)s, %(at)s)

-- name: record_rows
select _version, _step, {columns} from {table} where _version > {than}

-- name: record_take_rows
copy ({rows}) to stdout (format csv, null '\N')

-- name: record_put_rows
copy {table} (_version, _step, {columns}) from stdin

-- name: record_insert_row
insert into {table} (_version, _step, {columns}) values ({values})

-- name: record_has_file
select 1 from credit.evidence_file where sha256 = %(sha256)s

-- name: record_add_file
insert into credit.evidence_file (sha256, content) values (%(sha256)s, %(content)s)

-- name: record_file
select content from credit.evidence_file where sha256 = %(sha256)s

-- name: record_files
select sha256 from credit.evidence_file order by sha256
