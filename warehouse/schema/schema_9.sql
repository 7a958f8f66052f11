-- Version 9: mistakes undone. What came in together (an edition, a returned form, a version of a scheme)
-- is taken back by rows of withdrawal, as a single entry is; so each of them carries the number that
-- says in which action it was stored: the data version × 1 000 000 + its place in the action.

alter table edition add column entry_number bigint;
alter table submission add column entry_number bigint;
alter table scheme add column entry_number bigint;
alter table withdrawal add column entry_number bigint;

-- Rows stored until now: an action signed its rows and its entries in the trail with one instant.
create temp table action as
select recorded_at, min(data_version) as data_version from change group by recorded_at;

update edition set entry_number = action.data_version * 1000000 from action where action.recorded_at = edition.recorded_at;
update submission set entry_number = action.data_version * 1000000 from action where action.recorded_at = submission.recorded_at;
update scheme set entry_number = action.data_version * 1000000 from action where action.recorded_at = scheme.recorded_at;
update withdrawal set entry_number = action.data_version * 1000000 from action where action.recorded_at = withdrawal.recorded_at;

drop table action;

comment on column edition.entry_number is '录入次序';
comment on column submission.entry_number is '录入次序；同一次收回的各条填报，除以一百万后的整数与此相同';
comment on column withdrawal.entry_kind is '所撤销记录的表名，如 report、edition、submission、scheme';

create table unit_correction (
    correction_id uuid not null,
    unit_id uuid not null,
    task_id uuid,
    became_id uuid not null,
    reason varchar not null,
    entry_number bigint not null,
    recorded_at timestamp not null,
    recorded_by varchar not null
);
comment on table unit_correction is '单位登记的更正（改名、并入、拆出）：记在 unit_id 名下的，从此算作 became_id 的；最后一行有效';
comment on column unit_correction.task_id is '只更正这一项任务上的；空表示各项任务';

create table ledger_correction (
    correction_id uuid not null,
    ledger_id uuid not null,
    region varchar not null,
    year integer not null,
    title varchar not null,
    started_on date not null,
    ended_on date not null,
    reason varchar not null,
    entry_number bigint not null,
    recorded_at timestamp not null,
    recorded_by varchar not null
);
comment on table ledger_correction is '台账名称、地区、年度的更正，最后一行有效';

create table edition_correction (
    correction_id uuid not null,
    edition_id uuid not null,
    effective_on date not null,
    reason varchar not null,
    entry_number bigint not null,
    recorded_at timestamp not null,
    recorded_by varchar not null
);
comment on table edition_correction is '版次生效日的更正，最后一行有效';

create table redated_task (
    edition_id uuid not null,
    task_id uuid not null,
    due_on date not null,
    entry_number bigint not null,
    recorded_at timestamp not null,
    recorded_by varchar not null
);
comment on table redated_task is '台账年度更正后，原文没有写年份的期限改按正确的年度读；最后一行有效';
