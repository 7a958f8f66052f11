-- Version 4: the quarterly meeting: meetings, what was decided at them, and how each decision goes.

create table meeting (
    meeting_id uuid not null,
    ledger_id uuid not null,
    quarter_ended_on date not null,
    held_on date not null,
    recorded_at timestamp not null,
    recorded_by varchar not null
);
comment on table meeting is '季度例会：讨论哪个季度、哪天召开';
comment on column meeting.quarter_ended_on is '所讨论季度的最后一天';

create table decision (
    decision_id uuid not null,
    meeting_id uuid not null,
    text varchar not null,
    unit_id uuid,
    due_on date,
    task_id uuid,
    recorded_at timestamp not null,
    recorded_by varchar not null
);
comment on table decision is '议定事项：例会议定的一件事、责任单位、办结期限、相关任务';
comment on column decision.unit_id is '责任单位；空表示未明确';
comment on column decision.due_on is '办结期限；空表示未定';
comment on column decision.task_id is '相关的目标任务；空表示没有';

create table decision_progress (
    decision_progress_id uuid not null,
    decision_id uuid not null,
    state varchar not null,
    narrative varchar not null,
    effective_on date not null,
    recorded_at timestamp not null,
    recorded_by varchar not null
);
comment on table decision_progress is '议定事项的办理情况：某日的状态和说明，最后一行有效';
comment on column decision_progress.state is 'not_started 未开始、in_progress 进行中、done 已完成、dropped 不再办理';
