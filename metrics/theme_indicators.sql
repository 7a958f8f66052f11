-- 主题归类：“指标主题”列出的每个指标归入的主题、归类的出处，及台账中按它归类的基本任务数；台账中没有列出的一级指标在最后，其任务为“未归入主题”，各附任务数。
with own as (
    from themed_task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds)
    where kind = 'base'
),
counted as (
    select
        coalesce(themed_by, level1) as indicator, theme, themed_by is not null as is_listed,
        count(*) as tasks, min(number) as first_number
    from own
    group by all
)
select
    coalesce(listed.indicator, counted.indicator) as indicator,
    coalesce(listed.theme, counted.theme) as theme,
    listed.source,
    coalesce(counted.tasks, 0) as tasks
from indicator_theme as listed
full join counted on counted.is_listed and counted.indicator = listed.indicator
order by listed.theme_order nulls last, counted.first_number nulls last, 1
