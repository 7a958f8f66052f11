-- 任务的责任单位：角色、分工范围，及该单位最近一次填报；自己没有填报的集体按其成员的填报。
select
    unit.unit_id, unit.name as unit, unit.class, assignment.role, assignment.scope, assignment.position,
    (select string_agg(member.name, '、')
        from unit_member join unit as member on member.unit_id = unit_member.member_id
        where unit_member.collective_id = unit.unit_id) as members,
    own.is_done, own.percent, own.reported_on
from edition_in_force($as_of::date, $known_at::timestamp)
join standing_assignment($known_at::timestamp) as assignment using (edition_id)
join unit using (unit_id)
left join judged.unit_judgement as own
    on own.basis = $basis and own.as_of = $as_of
    and own.task_id = assignment.task_id and own.unit_id = assignment.unit_id
where assignment.task_id = $task_id and ledger_id = $ledger_id
order by assignment.position
