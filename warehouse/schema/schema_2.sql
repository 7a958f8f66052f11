-- Version 2: monthly reporting. What was reported beside the progress, returned report forms, closed
-- months, excused windows, and entries taken back with a reason.

alter table report add column problem varchar default '';
alter table report alter column problem set not null;
alter table report add column next_step varchar default '';
alter table report alter column next_step set not null;
comment on column report.problem is '存在问题';
comment on column report.next_step is '下一步措施';

create table withdrawal (
    withdrawal_id uuid not null,
    entry_kind varchar not null,
    entry_id uuid not null,
    reason varchar not null,
    recorded_at timestamp not null,
    recorded_by varchar not null
);
comment on table withdrawal is '撤销或更正：哪条记录自何时起不再算数、理由；原记录保留，更正后的记录以 supersedes_id 指向它';
comment on column withdrawal.entry_kind is '所撤销记录的表名，如 report';

-- Until now a correction said only what it replaces.
insert into withdrawal
select uuid(), kind, supersedes_id, '', recorded_at, recorded_by
from (
    select 'report' as kind, supersedes_id, recorded_at, recorded_by from report
    union all select 'occurrence', supersedes_id, recorded_at, recorded_by from occurrence
    union all select 'evidence', supersedes_id, recorded_at, recorded_by from evidence
    union all select 'verification', supersedes_id, recorded_at, recorded_by from verification
    union all select 'extension', supersedes_id, recorded_at, recorded_by from extension
    union all select 'extension_decision', supersedes_id, recorded_at, recorded_by from extension_decision
    union all select 'claim', supersedes_id, recorded_at, recorded_by from claim
    union all select 'incident', supersedes_id, recorded_at, recorded_by from incident
)
where supersedes_id is not null;

create table submission (
    submission_id uuid not null,
    ledger_id uuid not null,
    unit_id uuid not null,
    month date not null,
    file_name varchar not null,
    sha256 varchar not null,
    rows_stored integer not null,
    recorded_at timestamp not null,
    recorded_by varchar not null
);
comment on table submission is '收回的填报表：哪个单位、哪个报送月、哪个文件、存入了几行';
comment on column submission.month is '报送月的第一天';

create table month_lock (
    lock_id uuid not null,
    ledger_id uuid not null,
    month date not null,
    outcome varchar not null,
    reason varchar not null,
    recorded_at timestamp not null,
    recorded_by varchar not null
);
comment on table month_lock is '报送月的锁定：closed 锁定、reopened 解锁，最后一行有效；锁定后仍可更正，但注明“锁定后补记”';
comment on column month_lock.month is '报送月的第一天';

create table excused_window (
    excuse_id uuid not null,
    task_id uuid not null,
    period varchar not null,
    window_start date not null,
    outcome varchar not null,
    reason varchar not null,
    recorded_at timestamp not null,
    recorded_by varchar not null
);
comment on table excused_window is '频次窗口的免除：excused 免除、withdrawn 撤销免除，最后一行有效；免除的窗口不要求完成';

comment on table reading_issue is '读取台账时存疑而导入时没有核定之处';
