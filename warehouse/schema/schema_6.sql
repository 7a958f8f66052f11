-- Version 6: common themes: what the indicators of differently arranged ledgers are about, so that two ledgers
-- can stand side by side.

create table indicator_theme (
    indicator varchar not null,
    theme varchar not null,
    source varchar not null,
    theme_order integer not null
);
comment on table indicator_theme is '一级指标或二级指标所属的主题，用于不同台账的对照';
comment on column indicator_theme.indicator is '一级指标或二级指标的全称';
comment on column indicator_theme.source is '归类的出处';
comment on column indicator_theme.theme_order is '主题的排列次序：口径文件中首次出现的次序';
