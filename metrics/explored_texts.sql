-- 自由筛选的全文：范围内每项任务一行，可供查找的全部文字：任务原文、期限、责任单位，截至日期有效的填报（进展、问题、措施）和佐证材料（名称、文号、文件名）。
with scoped as (
    select edition_id, task_id, number
    from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds)
),
told as (
    select task_id, string_agg(nullif(concat_ws('　', nullif(narrative, ''), nullif(problem, ''), nullif(next_step, '')), ''), '　'
        order by effective_on, recorded_at, report_id) as text
    from standing_report($known_at::timestamp) as report
    where effective_on <= $as_of::date
    group by task_id
),
proven as (
    select task_id, string_agg(concat_ws('　', title, nullif(document_number, ''), nullif(file_name, '')), '　'
        order by recorded_at, evidence_id) as text
    from standing_evidence($known_at::timestamp) as evidence
    where coalesce(effective_on, recorded_at::date) <= $as_of::date
    group by task_id
),
named as (
    select task_id, string_agg(unit.name, '　' order by position) as units
    from scoped
    join standing_assignment($known_at::timestamp) as assignment using (edition_id, task_id)
    join unit using (unit_id)
    group by task_id
)
select
    scoped.number,
    concat_ws('　', task.task, nullif(task.deadline_text, ''), task.level1, nullif(task.level2, ''), named.units, told.text, proven.text) as text
from scoped
join task on task.edition_id = scoped.edition_id and task.task_id = scoped.task_id
left join named on named.task_id = scoped.task_id
left join told on told.task_id = scoped.task_id
left join proven on proven.task_id = scoped.task_id
order by scoped.number
