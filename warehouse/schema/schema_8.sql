-- Version 9: what the next edition of a ledger needs to know of this one: how the file named itself, and
-- how each doubt of its reading was settled.

alter table edition add column read_title varchar;
alter table edition add column read_region varchar;
alter table edition add column read_year integer;
alter table edition add column stated_on date;
comment on column edition.read_title is '文件中读出的台账名称；导入时可能更正过，更正后的在 ledger.title';
comment on column edition.stated_on is '情况日期：进展栏所说的那一天；没有进展栏的为空';

create table settled_doubt (
    edition_id uuid not null,
    task_id uuid,
    about varchar not null,
    message varchar not null,
    choice varchar not null,
    recorded_at timestamp not null,
    recorded_by varchar not null
);
comment on table settled_doubt is '导入时核定的存疑：关于哪项任务的什么、存疑的内容、定为哪种读法；用于下一版，不再重问';
comment on column settled_doubt.task_id is '存疑所关系的任务；空表示不关系到存入的任务';
