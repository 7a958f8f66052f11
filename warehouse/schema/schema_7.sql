-- Version 7: the order of entry, which no clock decides, and what progress needs besides: where a
-- report comes from, whether its day is known, occasions apart, plans.
-- entry_number is the data version of the action × 1 000 000 + the row's place in it.

alter table report add column entry_number bigint;
alter table occurrence add column entry_number bigint;
alter table evidence add column entry_number bigint;
alter table verification add column entry_number bigint;
alter table extension add column entry_number bigint;
alter table extension_decision add column entry_number bigint;
alter table claim add column entry_number bigint;
alter table incident add column entry_number bigint;
alter table mark add column entry_number bigint;
alter table effort add column entry_number bigint;
alter table setting add column entry_number bigint;
alter table excused_window add column entry_number bigint;
alter table month_lock add column entry_number bigint;
alter table decision_progress add column entry_number bigint;
alter table default_view add column entry_number bigint;

-- Rows entered until now: an action signed its rows and its entries in the trail with one instant. A
-- batch with instants of its own (the demonstration) is one action, its rows in the order of those.
create temp table numbered as
with signed as (
    select 1 as rank, 'report' as name, rowid as place, recorded_at, recorded_by from report
    union all select 2, 'occurrence', rowid, recorded_at, recorded_by from occurrence
    union all select 3, 'evidence', rowid, recorded_at, recorded_by from evidence
    union all select 4, 'verification', rowid, recorded_at, recorded_by from verification
    union all select 5, 'extension', rowid, recorded_at, recorded_by from extension
    union all select 6, 'extension_decision', rowid, recorded_at, recorded_by from extension_decision
    union all select 7, 'claim', rowid, recorded_at, recorded_by from claim
    union all select 8, 'incident', rowid, recorded_at, recorded_by from incident
    union all select 9, 'mark', rowid, recorded_at, recorded_by from mark
    union all select 10, 'effort', rowid, recorded_at, recorded_by from effort
    union all select 11, 'setting', rowid, recorded_at, recorded_by from setting
    union all select 12, 'excused_window', rowid, recorded_at, recorded_by from excused_window
    union all select 13, 'month_lock', rowid, recorded_at, recorded_by from month_lock
    union all select 14, 'decision_progress', rowid, recorded_at, recorded_by from decision_progress
    union all select 15, 'default_view', rowid, recorded_at, recorded_by from default_view
),
action as (
    select recorded_at, min(data_version) as data_version, bool_or(action in ('导入台账', '导入新版')) as is_import
    from change
    group by recorded_at
),
batch as (
    select recorded_by, min(data_version) as data_version
    from change
    where subject_kind = 'batch'
    group by recorded_by
)
select
    signed.name, signed.place, coalesce(action.is_import, false) as is_import,
    coalesce(action.data_version, batch.data_version, 0) * 1000000
        + row_number() over (
            partition by coalesce(action.data_version, batch.data_version, 0)
            order by signed.recorded_at, signed.rank, signed.place
        ) as entry_number
from signed
left join action on action.recorded_at = signed.recorded_at
left join batch on batch.recorded_by = signed.recorded_by;

update report set entry_number = n.entry_number from numbered as n where n.name = 'report' and n.place = report.rowid;
update occurrence set entry_number = n.entry_number from numbered as n where n.name = 'occurrence' and n.place = occurrence.rowid;
update evidence set entry_number = n.entry_number from numbered as n where n.name = 'evidence' and n.place = evidence.rowid;
update verification set entry_number = n.entry_number from numbered as n where n.name = 'verification' and n.place = verification.rowid;
update extension set entry_number = n.entry_number from numbered as n where n.name = 'extension' and n.place = extension.rowid;
update extension_decision set entry_number = n.entry_number from numbered as n where n.name = 'extension_decision' and n.place = extension_decision.rowid;
update claim set entry_number = n.entry_number from numbered as n where n.name = 'claim' and n.place = claim.rowid;
update incident set entry_number = n.entry_number from numbered as n where n.name = 'incident' and n.place = incident.rowid;
update mark set entry_number = n.entry_number from numbered as n where n.name = 'mark' and n.place = mark.rowid;
update effort set entry_number = n.entry_number from numbered as n where n.name = 'effort' and n.place = effort.rowid;
update setting set entry_number = n.entry_number from numbered as n where n.name = 'setting' and n.place = setting.rowid;
update excused_window set entry_number = n.entry_number from numbered as n where n.name = 'excused_window' and n.place = excused_window.rowid;
update month_lock set entry_number = n.entry_number from numbered as n where n.name = 'month_lock' and n.place = month_lock.rowid;
update decision_progress set entry_number = n.entry_number from numbered as n where n.name = 'decision_progress' and n.place = decision_progress.rowid;
update default_view set entry_number = n.entry_number from numbered as n where n.name = 'default_view' and n.place = default_view.rowid;

alter table report add column source varchar default 'entry';
alter table report add column day_known boolean default true;
comment on column report.entry_number is '录入次序';
comment on column report.source is '来源：entry 填报、column 导入台账的进展栏（整项任务，不算任何单位的按月报送）';
comment on column report.day_known is '已完成的，完成日期是否已知；未知的既不算按期也不算晚于期限';

-- An import dated what its column gave no day for by the day of the import.
update report set source = 'column', day_known = report.state <> 'done' or report.effective_on <> least(report.recorded_at::date, ledger.ended_on)
from numbered as n, task, ledger
where n.name = 'report' and n.place = report.rowid and n.is_import and report.unit_id is null
    and task.task_id = report.task_id and ledger.ledger_id = task.ledger_id;

drop table numbered;

alter table occurrence add column another_occasion boolean default false;
comment on column occurrence.another_occasion is '与其他单位同日的记录是否各算一次；否则同日只算一次';

create table plan (
    plan_id uuid not null,
    task_id uuid not null,
    planned_on date not null,
    percent double not null,
    source varchar not null,
    entry_number bigint not null,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    supersedes_id uuid
);
comment on table plan is '计划节点：某日应达到的进度；没有计划节点的任务按时间均摊推算';
comment on column plan.source is '来源：entry 录入、column 台账的计划栏';
