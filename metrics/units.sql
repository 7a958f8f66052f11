-- 责任单位清单：台账写明的单位及其集体的成员，附类别；成员只因集体而列入时注明集体。
with named as (
    select unit_id, null::uuid as collective_id
    from edition_in_force($as_of::date, $known_at::timestamp)
    join standing_assignment($known_at::timestamp) as assignment using (edition_id)
    where ledger_id = $ledger_id
),
listed as (
    from named
    union all
    select member_id, collective_id
    from unit_member
    semi join named on named.unit_id = unit_member.collective_id
)
select unit.unit_id, unit.name as unit, unit.class,
    bool_or(listed.collective_id is null) as is_named,
    string_agg(distinct collective.name, '、' order by collective.name) as collectives
from listed
join unit on unit.unit_id = listed.unit_id
left join unit as collective on collective.unit_id = listed.collective_id
group by unit.unit_id, unit.name, unit.class
order by class_order(unit.class),
    is_named desc, count(*) desc, unit.name collate zh
