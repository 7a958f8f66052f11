-- 单位情况：每个单位承担的任务数（按角色）、折算任务 = Σ 1 ÷ 该任务的单位数，展开时集体的一份由其成员平分，及其中基本任务的完成和逾期。本单位已报完成的部分不再算它的逾期。完成率 = 已完成 ÷ 适用的基本任务；名次在同类单位内按完成率排，完成率相同的同名次，不再以其他数分先后；适用任务少于设定项数（口径参数 fewest_ranked，默认 3）的单位列出而没有名次；集体不排名。展开集体时，集体由其成员代替，成员不增加全省任务数。
with duty as (
    from duty_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds, $expanded)
),
counted as (
    select
        unit, class,
        count(*) as tasks,
        count(*) filter (role = 'lead') as lead_tasks,
        count(*) filter (role = 'responsible') as responsible_tasks,
        count(*) filter (role in ('cooperate', 'support')) as cooperate_tasks,
        count(*) filter (is_first) as first_listed_tasks,
        count(*) filter (collective is not null) as collective_tasks,
        sum(share) as shared_load,
        count(*) filter (is_applicable) as applicable,
        count(*) filter (is_applicable and unit_is_done) as done,
        count(*) filter (unit_is_overdue) as overdue,
        count(*) filter (behind and not unit_is_done) as behind,
        count(*) filter (not_reported and not unit_is_done) as not_reported,
        max(overdue_days) filter (unit_is_overdue) as longest_overdue_days
    from duty
    group by unit, class
)
select counted.*,
    applicable - done - overdue as open,
    rate(done, applicable) as done_rate,
    class <> '集体' and applicable > 0 and applicable >= terms.fewest_ranked as is_ranked,
    case when is_ranked then rank() over (partition by class, is_ranked order by done_rate desc) end as rank_in_class,
    count(*) filter (is_ranked) over (partition by class) as units_in_class,
    terms.fewest_ranked, terms.fewest_for_percent
from counted
join ledger_terms($known_at::timestamp) as terms on terms.ledger_id = $ledger_id
order by class_order(class),
    tasks desc, round(shared_load, 6) desc, unit collate zh
