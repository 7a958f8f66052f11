-- 保存的视图：一份台账上保存的筛选视图，附保存时的条件、保存人和以它为默认视图的单位；已删除的不列。
with standing as (
    select *
    from saved_view
    where ledger_id = $ledger_id
        and not exists (from withdrawal where withdrawal.entry_id = saved_view.view_id)
),
begun as (
    select unit_id, arg_max(view_id, entry_number) as view_id
    from (select * replace (coalesce(view_id, '00000000-0000-0000-0000-000000000000'::uuid) as view_id) from default_view)
    where ledger_id = $ledger_id
    group by unit_id
)
select
    standing.view_id, standing.name, standing.content::varchar as content, standing.sentence,
    standing.recorded_at, standing.recorded_by,
    coalesce(string_agg(unit.name, '、' order by unit.name), '') as units
from standing
left join begun on begun.view_id = standing.view_id
left join unit on unit.unit_id = begun.unit_id
group by all
order by standing.name
