-- Version 5: saved views of 自由筛选: what somebody narrowed down to, under a name all can open. A view is taken
-- back by a row of withdrawal; of a unit's default the newest row counts.

create table saved_view (
    view_id uuid not null,
    ledger_id uuid not null,
    name varchar not null,
    content json not null,
    sentence varchar not null,
    recorded_at timestamp not null,
    recorded_by varchar not null
);
comment on table saved_view is '保存的筛选视图：名称、条件和看法，所有人可以打开；删除是一行 withdrawal';
comment on column saved_view.content is '地址栏中的各项：条件、列、排序、分组和图形';
comment on column saved_view.sentence is '保存时条件的文字说明';

create table default_view (
    default_id uuid not null,
    ledger_id uuid not null,
    unit_id uuid not null,
    view_id uuid,
    recorded_at timestamp not null,
    recorded_by varchar not null
);
comment on table default_view is '单位的默认视图，最后一行有效；view_id 为空表示取消';
