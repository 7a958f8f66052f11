-- One ledger of getvariable('tasks') tasks with twelve reports each, made inside DuckDB. Every choice
-- is a hash of what it is about, so the same number of tasks gives the same rows anywhere.
create or replace temp macro id_of(what) as md5(what)::uuid;
create or replace temp macro draw(what, sides) as (hash(what) % sides::ubigint)::integer;
create or replace temp macro ledger_of() as id_of('ledger');
create or replace temp macro edition_of() as id_of('edition');

insert into ledger (ledger_id, region, year, title, started_on, ended_on, recorded_at, recorded_by) values
    (ledger_of(), '宁夏', 2020, '性能测试台账', '2020-01-01', '2020-12-31', '2020-01-01 09:00:00', '性能测试');
insert into edition (edition_id, ledger_id, edition_number, effective_on, file_name, sha256, recorded_at, recorded_by) values
    (edition_of(), ledger_of(), 1, '2020-01-01', 'generated', '', '2020-01-01 09:00:00', '性能测试');

-- 60 units: 30 divisions, 12 institutions, 15 local offices and 3 collectives of 5, 10 and 15 of them.
create temp table chosen_unit as
select
    i,
    id_of('unit' || i) as unit_id,
    case
        when i < 30 then format('厅第{:02d}处', i)
        when i < 42 then format('第{:02d}中心', i)
        when i < 57 then format('第{:02d}市交通运输局', i)
        else format('第{:02d}组各单位', i)
    end as name,
    case
        when i < 30 then '厅机关处室' when i < 42 then '厅属单位' when i < 57 then '地方交通部门' else '集体'
    end as class
from range(60) as numbers(i);
insert into unit (unit_id, region, name, class) select unit_id, '宁夏', name, class from chosen_unit;
insert into unit_member (collective_id, member_id, source)
select collective.unit_id, member.unit_id, '性能测试'
from chosen_unit as collective
join chosen_unit as member on member.i between 42 and 42 + (collective.i - 56) * 5 - 1
where collective.i >= 57;
insert into short_name (full_name, short_name)
select format('第{:d}项一级指标：完善信用信息归集共享和公开', i), format('指标{:d}', i) from range(9) as numbers(i);

-- A tenth has no due day; 3 % are bonus and penalty items; half is due at the end of the year.
create temp table chosen_task as
select
    i,
    id_of('task' || i) as task_id,
    draw('level' || i, 25) as level2,
    case when draw('kind' || i, 100) < 2 then 'bonus' when draw('kind' || i, 100) < 3 then 'penalty' else 'base' end as kind,
    case when draw('dated' || i, 10) = 0 then null
        when draw('late' || i, 2) = 0 then date '2020-12-31'
        else last_day(make_date(2020, 2 + draw('due' || i, 10), 1)) end as due_on,
    -- Beyond 12 it is not done within the year.
    2 + draw('done' || i, 16) as done_month,
    draw('by_unit' || i, 5) = 0 as by_unit,
    1 + draw('units' || i, 5) as unit_count
from range(getvariable('tasks')) as numbers(i);
insert into task (edition_id, task_id, ledger_id, number, printed_number, level1, level2, task, kind, responsible_text, responsible_inherited, deadline_text, deadline_inherited, deadline_kind, due_on, quantities, points, note, source_table, source_row, source_column)
select
    edition_of(), task_id, ledger_of(), i + 1, '',
    format('第{:d}项一级指标：完善信用信息归集共享和公开', level2 % 9), format('第{:d}项二级指标', level2),
    format('第{:d}项目标任务：按照有关要求依法依规完善信用信息目录和制度，明确采集主体、对象、数据标准和时限，', i + 1)
        || case when i % 50 = 0 then '定期更新。' else '并向社会公开。' end,
    kind, '厅第01处、第30中心', false,
    coalesce(strftime(due_on, '%Y年%-m月'), '常态化'), false,
    case when due_on is null then 'ongoing' else 'date' end, due_on,
    [], null, '', 'generated', i::integer + 1, null
from chosen_task;

insert into assignment (edition_id, task_id, unit_id, role, scope, position)
select edition_of(), task_id, chosen_unit.unit_id,
    case when position = 1 and slot.i % 3 = 0 then 'lead' when position > 3 then 'cooperate' else 'responsible' end, '', position
from (
    select i, task_id, unnest(range(1, unit_count + 1))::integer as position, unit_count from chosen_task
) as slot
-- Steps of 11 around 60 never meet the same unit twice in one task.
join chosen_unit on chosen_unit.i = (draw('first' || slot.i, 60) + 11 * position) % 60;

insert into source_row (edition_id, source_table, source_row, reading, text, cells, tasks) select edition_of(), 'generated', source_row, 'task', task, [task], 1 from task;
insert into reading_issue (edition_id, source_table, source_row, source_column, message)
select edition_of(), 'generated', source_row, 3, '读法存疑' from task where source_row % 1000 = 0;

-- 15 % recur: weekly, monthly or quarterly, about nine windows in ten met.
create temp table chosen_cadence as
select i, task_id, kind,
    case draw('period' || i, 10) when 0 then 'week' when 1 then 'quarter' when 2 then 'quarter' when 3 then 'quarter' else 'month' end as period,
    1 + (draw('twice' || i, 10) = 0)::integer as min_count
from chosen_task
where draw('recurs' || i, 100) < 15;
insert into cadence (edition_id, task_id, period, min_count, phrase) select edition_of(), task_id, period, min_count, '每期至少' || min_count || '次' from chosen_cadence;
insert into occurrence (occurrence_id, task_id, unit_id, period, occurred_on, times, narrative, recorded_at, recorded_by, supersedes_id)
select id_of('occurrence' || i || '-' || window_number), task_id, null, period,
    starts_on + draw('day' || i || '-' || window_number, 5), min_count, '', starts_on + interval 9 hour, '性能测试', null
from (
    select *, unnest(range(case period when 'week' then 52 when 'month' then 12 else 4 end)) as window_number,
        case period
            when 'week' then date '2020-01-06' + (7 * window_number)::integer
            when 'month' then make_date(2020, (1 + window_number)::integer, 1)
            else make_date(2020, (1 + 3 * window_number)::integer, 1)
        end as starts_on
    from chosen_cadence
)
where draw('met' || i || '-' || window_number, 10) > 0;

-- Twelve reports a task. By units: each charged unit in turn, a collective through its members.
create temp table reporting_unit as
select task_id, list(unit_id order by position, unit_id) as unit_ids
from (
    select task_id, coalesce(member_id, assignment.unit_id) as unit_id, min(position) as position
    from assignment
    join chosen_task using (task_id)
    left join unit_member on unit_member.collective_id = assignment.unit_id
    where by_unit and role <> 'cooperate'
    group by all
)
group by task_id;
insert into report (report_id, task_id, unit_id, state, percent, narrative, effective_on, recorded_at, recorded_by, supersedes_id, problem, next_step)
select
    id_of('report' || i || '-' || month), task_id,
    unit_ids[1 + (month - 1) % len(unit_ids)],
    case when month >= done_month then 'done' when percent = 0 then 'not_started' else 'in_progress' end,
    case when month >= done_month then 100 else percent end,
    case when month >= done_month then '已完成，申请销号。' else '正在组织实施，部分内容已完成。' end,
    last_day(make_date(2020, month, 1)) - draw('true' || i || '-' || month, 4),
    last_day(make_date(2020, month, 1)) + interval 40 hour + to_seconds(draw('entered' || i || '-' || month, 200000)),
    '性能测试', null, '', ''
from (
    select *, unnest(range(1, 13))::integer as month,
        least(99, 5 * (20 * month * (50 + draw('pace' || i, 60)) // (100 * done_month))) as percent
    from chosen_task
    left join reporting_unit using (task_id)
);
-- One report in a hundred was corrected.
insert into report (report_id, task_id, unit_id, state, percent, narrative, effective_on, recorded_at, recorded_by, supersedes_id, problem, next_step)
select id_of('correction' || report_id), task_id, unit_id, 'in_progress', 50, '更正。', effective_on,
    recorded_at + interval 1 day, recorded_by, report_id, '', ''
from report
where draw('corrected' || report_id, 100) = 0;
insert into withdrawal (withdrawal_id, entry_kind, entry_id, reason, recorded_at, recorded_by)
select id_of('withdrawal' || report_id), 'report', supersedes_id, '填错', recorded_at, recorded_by
from report
where supersedes_id is not null;

-- Half of those done are verified the month after, 3 % returned.
insert into verification (verification_id, task_id, unit_id, outcome, reason, effective_on, recorded_at, recorded_by, supersedes_id)
select id_of('verification' || i), task_id, null,
    case when draw('checked' || i, 100) < 3 then 'returned' else 'accepted' end, '性能测试',
    make_date(2020, done_month, 1) + 45, make_date(2020, done_month, 1) + interval 1089 hour, '性能测试', null
from chosen_task
where done_month <= 12 and draw('checked' || i, 100) < 53;

insert into extension (extension_id, task_id, requested_on, new_due_on, reason, recorded_at, recorded_by, supersedes_id)
select id_of('extension' || i), task_id, due_on - 20, due_on + 60, '性能测试', due_on - interval 20 day, '性能测试', null
from chosen_task
where due_on is not null and kind = 'base' and draw('extended' || i, 50) = 0;
insert into extension_decision (decision_id, extension_id, outcome, reason, effective_on, recorded_at, recorded_by, supersedes_id)
select id_of('decision' || extension_id), extension_id,
    case when draw('granted' || extension_id, 3) = 0 then 'refused' else 'approved' end, '性能测试',
    requested_on + 5, requested_on + interval 5 day, '性能测试', null
from extension;

insert into evidence (evidence_id, task_id, unit_id, title, document_number, link, file_name, file_sha256, effective_on, recorded_at, recorded_by, supersedes_id)
select id_of('evidence' || i), task_id, null, '佐证材料', '〔2020〕' || i || ' 号', '', '', '',
    make_date(2020, 1 + draw('evidence' || i, 12), 10), '2020-12-31 09:00:00', '性能测试', null
from chosen_task
where i % 2 = 0;
insert into claim (claim_id, task_id, unit_id, state, points, narrative, effective_on, recorded_at, recorded_by, supersedes_id, answers_id)
select id_of('claim' || i), task_id, null, case when i % 2 = 0 then 'claimed' else 'recognised' end, null, '性能测试',
    '2020-06-30', '2020-07-01 09:00:00', '性能测试', null, null
from chosen_task
where kind = 'bonus' and draw('claimed' || i, 2) = 0;
insert into incident (incident_id, task_id, unit_id, points, narrative, effective_on, recorded_at, recorded_by, supersedes_id)
select id_of('incident' || i), task_id, null, null, '性能测试', '2020-06-30', '2020-07-01 09:00:00', '性能测试', null
from chosen_task
where kind = 'penalty' and draw('happened' || i, 5) = 0;

drop table chosen_unit;
drop table chosen_task;
drop table chosen_cadence;
drop table reporting_unit;

-- The order of entry is that of the instants, one sequence over everything that was entered; at the
-- same instant, a report comes before what is said of it.
create temp table numbered as
select id, row_number() over (order by recorded_at, rank, id) as entry_number
from (
    select 1 as rank, report_id as id, recorded_at from report
    union all select 2, occurrence_id, recorded_at from occurrence
    union all select 3, evidence_id, recorded_at from evidence
    union all select 4, verification_id, recorded_at from verification
    union all select 5, extension_id, recorded_at from extension
    union all select 6, decision_id, recorded_at from extension_decision
    union all select 7, claim_id, recorded_at from claim
    union all select 8, incident_id, recorded_at from incident
);
update report set entry_number = n.entry_number from numbered as n where n.id = report_id;
update occurrence set entry_number = n.entry_number from numbered as n where n.id = occurrence_id;
update evidence set entry_number = n.entry_number from numbered as n where n.id = evidence_id;
update verification set entry_number = n.entry_number from numbered as n where n.id = verification_id;
update extension set entry_number = n.entry_number from numbered as n where n.id = extension_id;
update extension_decision set entry_number = n.entry_number from numbered as n where n.id = decision_id;
update claim set entry_number = n.entry_number from numbered as n where n.id = claim_id;
update incident set entry_number = n.entry_number from numbered as n where n.id = incident_id;
drop table numbered;
