-- The tables 高级查询 offers: what the definitions say of one scope, in Chinese and without codes, as
-- plain tables of a file of its own that is attached as `snapshot`. Each `create` is followed by the
-- comments the page shows. Figures are those of the pages, because they come from the same sets.

create table snapshot.任务 as
with scoped as (
    from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds)
),
assigned as (
    select edition_id, task_id,
        string_agg(unit.name, '、' order by position) as lead_units
    from standing_assignment($known_at::timestamp) as assignment
    join unit using (unit_id)
    where role = 'lead'
    group by edition_id, task_id
),
proven as (
    select task_id, count(*) as evidence
    from standing_evidence($known_at::timestamp) as evidence
    where coalesce(effective_on, recorded_at::date) <= $as_of::date
    group by task_id
)
select
    scoped.number as 编号,
    scoped.level1 as 一级指标,
    scoped.short_name as 指标简称,
    scoped.level2 as 二级指标,
    task.task as 目标任务,
    case scoped.kind when 'base' then '基本任务' when 'bonus' then '加分项' else '扣分项' end as 类别,
    units_of_task(scoped.edition_id, scoped.task_id) as 责任单位,
    assigned.lead_units as 牵头单位,
    task.deadline_text as 期限原文,
    case scoped.deadline_kind when 'date' then '有明确期限' when 'ongoing' then '常态化'
        when 'as-needed' then '按需' else '未明确' end as 期限类别,
    scoped.due_on as 原定期限,
    scoped.effective_due_on as 期限,
    scoped.extended_to as 延至,
    scoped.extended_late as 补批,
    case scoped.state when 'not_applicable' then '不适用' when 'verified' then '已销号' when 'done' then '已完成'
        when 'returned' then '退办待改' when 'overdue' then '已逾期' when 'in_progress' then '进行中' when 'not_started' then '未开始' end as 状态,
    case scoped.lamp when 'red' then '红灯' when 'yellow' then '黄灯' when 'green' then '绿灯'
        when 'blue' then '蓝灯' else '灰灯' end as 预警灯,
    scoped.reason as 理由,
    scoped.is_applicable as 适用,
    scoped.is_done as 完成,
    scoped.late as 迟完成,
    coalesce(scoped.effective_due_on <= scoped.as_of, false) as 到期,
    scoped.overdue as 逾期,
    scoped.behind as 滞后,
    scoped.not_reported as 未报送,
    scoped.overdue_days as 逾期天数,
    scoped.days_left as 剩余天数,
    scoped.done_on as 完成日期,
    scoped.reported_on as 最近填报,
    case when scoped.reported_on is not null then scoped.percent end as 进度,
    scoped.expected_percent as 序时进度,
    scoped.points_behind as 落后百分点,
    scoped.windows as 已结束窗口,
    scoped.windows_missed as 缺窗口,
    scoped.points as 分值,
    coalesce(proven.evidence, 0) as 佐证件数
from scoped
join task on task.edition_id = scoped.edition_id and task.task_id = scoped.task_id
left join assigned on assigned.edition_id = scoped.edition_id and assigned.task_id = scoped.task_id
left join proven on proven.task_id = scoped.task_id
order by scoped.number;
comment on table snapshot.任务 is '一行一项任务，及其截至日期的状态、信号和预警灯';
comment on column snapshot.任务.编号 is '台账中的顺序编号，各表以它相连';
comment on column snapshot.任务.一级指标 is '一级指标全称';
comment on column snapshot.任务.指标简称 is '一级指标在图上的简称';
comment on column snapshot.任务.二级指标 is '二级指标，可能为空';
comment on column snapshot.任务.目标任务 is '任务原文';
comment on column snapshot.任务.类别 is '基本任务、加分项或扣分项';
comment on column snapshot.任务.责任单位 is '各责任单位，按台账写法和顺序，以顿号相连';
comment on column snapshot.任务.牵头单位 is '其中写明牵头的单位';
comment on column snapshot.任务.期限原文 is '台账写的完成时限';
comment on column snapshot.任务.期限类别 is '有明确期限、常态化、按需或未明确';
comment on column snapshot.任务.原定期限 is '台账定的最后一天';
comment on column snapshot.任务.期限 is '判断所用的最后一天，已计批准的延期（按原定期限时不计）';
comment on column snapshot.任务.延至 is '批准延到的日期，没有延期的为空';
comment on column snapshot.任务.补批 is '延期是期限过后才同意的';
comment on column snapshot.任务.状态 is '未开始、进行中、已完成、退办待改、已销号、已逾期或不适用；加分项、扣分项为空';
comment on column snapshot.任务.预警灯 is '红灯、黄灯、绿灯、蓝灯或灰灯';
comment on column snapshot.任务.理由 is '预警灯的理由';
comment on column snapshot.任务.适用 is '计入完成率分母的基本任务';
comment on column snapshot.任务.完成 is '已完成或已销号';
comment on column snapshot.任务.迟完成 is '完成日期晚于期限';
comment on column snapshot.任务.到期 is '期限不晚于截至日期';
comment on column snapshot.任务.逾期 is '过了期限而未完成';
comment on column snapshot.任务.滞后 is '进度落后序时达到阈值，或频次有缺口';
comment on column snapshot.任务.未报送 is '未完成而截至日期所在月没有填报';
comment on column snapshot.任务.逾期天数 is '逾期任务过期限的天数';
comment on column snapshot.任务.剩余天数 is '未完成也未逾期的任务距期限的天数';
comment on column snapshot.任务.完成日期 is '报告完成的日期';
comment on column snapshot.任务.最近填报 is '最近一次填报所说的日期';
comment on column snapshot.任务.进度 is '填报的进度，0–100；从未填报为空';
comment on column snapshot.任务.序时进度 is '起始日至期限已过时间的比例，0–100；没有期限为空';
comment on column snapshot.任务.落后百分点 is '序时进度减进度';
comment on column snapshot.任务.已结束窗口 is '截至日期已结束的频次窗口数';
comment on column snapshot.任务.缺窗口 is '其中没有做够的窗口数';
comment on column snapshot.任务.分值 is '台账所列分值；空为未设分值';
comment on column snapshot.任务.佐证件数 is '有效的佐证材料件数';

create table snapshot.职责 as
select
    duty.number as 编号, duty.unit as 单位, duty.class as 单位类别,
    case duty.role when 'lead' then '牵头' when 'responsible' then '负责' when 'cooperate' then '配合' else '技术支持' end as 角色,
    duty.is_first as 首位,
    duty.share as 折算,
    duty.sharing_units as 共同承担单位数,
    duty.unit_is_done as 本单位完成,
    duty.unit_is_overdue as 本单位逾期
from duty_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds, false) as duty
order by duty.number, duty.unit;
comment on table snapshot.职责 is '一行一项任务的一个责任单位，集体按台账写法算一个单位';
comment on column snapshot.职责.编号 is '任务编号';
comment on column snapshot.职责.单位 is '责任单位';
comment on column snapshot.职责.单位类别 is '厅机关处室、厅属单位、地方交通部门、集体或未归类';
comment on column snapshot.职责.角色 is '牵头、负责、配合或技术支持';
comment on column snapshot.职责.首位 is '没有写明牵头的任务中列在首位';
comment on column snapshot.职责.折算 is '1 ÷ 该任务的单位数；合计为折算任务';
comment on column snapshot.职责.共同承担单位数 is '该任务的单位数';
comment on column snapshot.职责.本单位完成 is '任务已完成，或本单位承担的部分已报完成';
comment on column snapshot.职责.本单位逾期 is '任务逾期而本单位的部分没有报完成';

create table snapshot.成员职责 as
select
    duty.number as 编号, duty.unit as 单位, duty.class as 单位类别, duty.collective as 来自集体,
    case duty.role when 'lead' then '牵头' when 'responsible' then '负责' when 'cooperate' then '配合' else '技术支持' end as 角色,
    duty.share as 折算,
    duty.unit_is_done as 本单位完成,
    duty.unit_is_overdue as 本单位逾期
from duty_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds, true) as duty
order by duty.number, duty.unit;
comment on table snapshot.成员职责 is '同“职责”，但集体由其成员单位代替';
comment on column snapshot.成员职责.编号 is '任务编号';
comment on column snapshot.成员职责.单位 is '责任单位或集体的成员';
comment on column snapshot.成员职责.单位类别 is '厅机关处室、厅属单位、地方交通部门、集体或未归类';
comment on column snapshot.成员职责.来自集体 is '因哪个集体而承担；直接列名的为空';
comment on column snapshot.成员职责.角色 is '牵头、负责、配合或技术支持';
comment on column snapshot.成员职责.折算 is '该任务中的份额，集体的一份由成员平分';
comment on column snapshot.成员职责.本单位完成 is '任务已完成，或本单位承担的部分已报完成';
comment on column snapshot.成员职责.本单位逾期 is '任务逾期而本单位的部分没有报完成';

create table snapshot.填报 as
select
    scoped.number as 编号,
    unit.name as 单位,
    report.effective_on as 日期,
    case report.state when 'done' then '已完成' when 'in_progress' then '进行中' when 'not_started' then '未开始' else '不适用' end as 状态,
    report.percent as 进度,
    report.narrative as 进展说明,
    report.problem as 存在问题,
    report.next_step as 下一步措施,
    report.recorded_at as 录入时间,
    report.recorded_by as 录入人
from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds) as scoped
join standing_report($known_at::timestamp) as report using (task_id)
left join unit on unit.unit_id = report.unit_id
where report.effective_on <= $as_of::date
order by scoped.number, report.effective_on, report.recorded_at;
comment on table snapshot.填报 is '一行一次有效的进展填报，日期不晚于截至日期；撤销、更正掉的不在内';
comment on column snapshot.填报.编号 is '任务编号';
comment on column snapshot.填报.单位 is '填报单位；空为就整项任务填报';
comment on column snapshot.填报.日期 is '情况属实之日';
comment on column snapshot.填报.状态 is '未开始、进行中、已完成或不适用';
comment on column snapshot.填报.进度 is '0–100，可空';
comment on column snapshot.填报.进展说明 is '进展';
comment on column snapshot.填报.存在问题 is '存在问题';
comment on column snapshot.填报.下一步措施 is '下一步措施';
comment on column snapshot.填报.录入时间 is '北京时间';
comment on column snapshot.填报.录入人 is '录入人';

create table snapshot.佐证 as
select
    scoped.number as 编号,
    unit.name as 单位,
    evidence.title as 材料名称,
    evidence.document_number as 文号,
    evidence.effective_on as 材料日期,
    evidence.link as 链接,
    evidence.file_name as 文件名,
    evidence.recorded_at as 录入时间,
    evidence.recorded_by as 录入人
from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds) as scoped
join standing_evidence($known_at::timestamp) as evidence using (task_id)
left join unit on unit.unit_id = evidence.unit_id
where coalesce(evidence.effective_on, evidence.recorded_at::date) <= $as_of::date
order by scoped.number, evidence.recorded_at;
comment on table snapshot.佐证 is '一行一件有效的佐证材料，日期（没有的按录入日）不晚于截至日期';
comment on column snapshot.佐证.编号 is '任务编号';
comment on column snapshot.佐证.单位 is '提供单位；空为整项任务的材料';
comment on column snapshot.佐证.材料名称 is '材料名称';
comment on column snapshot.佐证.文号 is '文号，可能为空';
comment on column snapshot.佐证.材料日期 is '材料自身的日期；空为未注明';
comment on column snapshot.佐证.链接 is '链接，可能为空';
comment on column snapshot.佐证.文件名 is '随记录保存的文件的名称，可能为空';
comment on column snapshot.佐证.录入时间 is '北京时间';
comment on column snapshot.佐证.录入人 is '录入人';

create table snapshot.频次窗口 as
select
    scoped.number as 编号,
    period_word(seen.period) as 周期,
    seen.min_count as 至少次数,
    seen.window_start as 窗口起,
    seen.window_end as 窗口止,
    seen.times as 完成次数,
    case seen.state when 'met' then '已完成' when 'missed' then '缺' when 'open' then '进行中' else '免除' end as 结果
from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds) as scoped
join cadence_windows($as_of::date, $known_at::timestamp, $as_issued::boolean) as seen using (task_id)
order by scoped.number, seen.period, seen.window_start;
comment on table snapshot.频次窗口 is '一行是有频次要求的任务的一个窗口，截至日期已开始的都在内';
comment on column snapshot.频次窗口.编号 is '任务编号';
comment on column snapshot.频次窗口.周期 is '每天、每周、每两周、每月、每两个月、每季度、每半年或每年';
comment on column snapshot.频次窗口.至少次数 is '每个窗口至少几次';
comment on column snapshot.频次窗口.窗口起 is '窗口的第一天';
comment on column snapshot.频次窗口.窗口止 is '窗口的最后一天';
comment on column snapshot.频次窗口.完成次数 is '窗口内记录的次数';
comment on column snapshot.频次窗口.结果 is '已完成、缺、进行中或免除';

create table snapshot.延期 as
with decided as (
    select extension_id, arg_max(decision, (effective_on, entry_number)) as newest
    from standing_extension_decision($known_at::timestamp) as decision
    where effective_on <= $as_of::date
    group by extension_id
)
select
    scoped.number as 编号,
    extension.requested_on as 申请日期,
    extension.new_due_on as 申请延至,
    extension.reason as 理由,
    coalesce(extension.is_late, false) as 补批,
    coalesce(extension.agreed_by, '') as 补批同意人,
    case decided.newest.outcome when 'approved' then '同意' when 'refused' then '不同意' else '待审批' end as 审批,
    decided.newest.effective_on as 审批日期
from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds) as scoped
join standing_extension($known_at::timestamp) as extension using (task_id)
left join decided using (extension_id)
where extension.requested_on <= $as_of::date
order by scoped.number, extension.requested_on;
comment on table snapshot.延期 is '一行一件延期申请及其最近一次审批';
comment on column snapshot.延期.编号 is '任务编号';
comment on column snapshot.延期.申请日期 is '提出之日';
comment on column snapshot.延期.申请延至 is '申请延到的日期';
comment on column snapshot.延期.理由 is '申请的理由';
comment on column snapshot.延期.补批 is '期限过后才同意的延期';
comment on column snapshot.延期.补批同意人 is '补批由谁同意；按期申请的为空';
comment on column snapshot.延期.审批 is '同意、不同意或待审批';
comment on column snapshot.延期.审批日期 is '审批之日；空为待审批';

create table snapshot.核验 as
select
    scoped.number as 编号,
    unit.name as 单位,
    verification.effective_on as 日期,
    case verification.outcome when 'accepted' then '销号' else '退办' end as 结论,
    verification.reason as 意见,
    verification.recorded_by as 核验人
from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds) as scoped
join standing_verification($known_at::timestamp) as verification using (task_id)
left join unit on unit.unit_id = verification.unit_id
where verification.effective_on <= $as_of::date
order by scoped.number, verification.effective_on;
comment on table snapshot.核验 is '一行一次有效的核验：销号或退办';
comment on column snapshot.核验.编号 is '任务编号';
comment on column snapshot.核验.单位 is '所核验的单位的部分；空为整项任务';
comment on column snapshot.核验.日期 is '核验之日';
comment on column snapshot.核验.结论 is '销号或退办';
comment on column snapshot.核验.意见 is '核验意见';
comment on column snapshot.核验.核验人 is '核验人';

create table snapshot.单位进展 as
select
    scoped.number as 编号,
    unit.name as 单位,
    unit.class as 单位类别,
    case part.state when 'done' then if(part.verified, '已销号', '已完成') when 'returned' then '退办待改'
        when 'in_progress' then '进行中' when 'not_started' then '未开始' when 'not_applicable' then '不适用'
        else '由成员单位合计' end as 状态,
    part.percent as 进度,
    part.reported_on as 最近填报,
    part.is_done as 完成,
    part.verified as 已销号,
    part.done_on as 完成日期
from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds) as scoped
join judged.unit_judgement as part
    on part.basis = $basis and part.as_of = $as_of::date and part.task_id = scoped.task_id
join unit on unit.unit_id = part.unit_id
order by scoped.number, unit.name;
comment on table snapshot.单位进展 is '一行一项任务中一个单位自己的部分截至日期的情况；没有填报过的单位不在内';
comment on column snapshot.单位进展.编号 is '任务编号';
comment on column snapshot.单位进展.单位 is '责任单位、集体或集体的成员';
comment on column snapshot.单位进展.单位类别 is '厅机关处室、厅属单位、地方交通部门、集体或未归类';
comment on column snapshot.单位进展.状态 is '该单位的部分：未开始、进行中、已完成、退办待改、已销号或不适用；集体没有自己填报的为“由成员单位合计”';
comment on column snapshot.单位进展.进度 is '该单位的部分的进度，0–100，可空';
comment on column snapshot.单位进展.最近填报 is '最近一次对该单位算数的填报所说的日期';
comment on column snapshot.单位进展.完成 is '该单位的部分已完成或已销号';
comment on column snapshot.单位进展.已销号 is '该单位的部分已核验销号';
comment on column snapshot.单位进展.完成日期 is '该单位的部分完成的日期；空为未完成或日期不详';

create table snapshot.加分申报 as
select
    scoped.number as 编号,
    unit.name as 单位,
    claim.effective_on as 日期,
    case claim.state when 'claimed' then '已申报' else '已认定' end as 状态,
    claim.state = 'claimed' and answer.answers_id is not null as 已有认定,
    claim.points as 分值,
    claim.narrative as 说明,
    claim.recorded_at as 录入时间,
    claim.recorded_by as 录入人
from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds) as scoped
join standing_claim($known_at::timestamp) as claim using (task_id)
left join unit on unit.unit_id = claim.unit_id
left join (
    select distinct answers_id
    from standing_claim($known_at::timestamp) as claim
    where answers_id is not null and effective_on <= $as_of::date
) as answer on answer.answers_id = claim.claim_id
where claim.effective_on <= $as_of::date
order by scoped.number, claim.effective_on, claim.recorded_at;
comment on table snapshot.加分申报 is '一行一次加分申报或认定；没有申报的加分项不在内';
comment on column snapshot.加分申报.编号 is '任务编号';
comment on column snapshot.加分申报.单位 is '申报单位；空为就整项任务申报';
comment on column snapshot.加分申报.日期 is '申报或认定之日';
comment on column snapshot.加分申报.状态 is '已申报或已认定';
comment on column snapshot.加分申报.已有认定 is '这次申报已有对应的认定，认定另有一行';
comment on column snapshot.加分申报.分值 is '申报或认定的分数；空为按评分方案';
comment on column snapshot.加分申报.说明 is '申报或认定的说明';
comment on column snapshot.加分申报.录入时间 is '北京时间';
comment on column snapshot.加分申报.录入人 is '录入人';

create table snapshot.扣分事件 as
select
    scoped.number as 编号,
    unit.name as 单位,
    incident.effective_on as 日期,
    incident.points as 分值,
    incident.narrative as 说明,
    incident.recorded_at as 录入时间,
    incident.recorded_by as 录入人
from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds) as scoped
join standing_incident($known_at::timestamp) as incident using (task_id)
left join unit on unit.unit_id = incident.unit_id
where incident.effective_on <= $as_of::date
order by scoped.number, incident.effective_on, incident.recorded_at;
comment on table snapshot.扣分事件 is '一行一次有效的扣分事件；未触发的扣分项不在内';
comment on column snapshot.扣分事件.编号 is '任务编号';
comment on column snapshot.扣分事件.单位 is '所涉单位；空为整项任务';
comment on column snapshot.扣分事件.日期 is '事件发生之日';
comment on column snapshot.扣分事件.分值 is '所扣的分数；空为按评分方案';
comment on column snapshot.扣分事件.说明 is '事件经过';
comment on column snapshot.扣分事件.录入时间 is '北京时间';
comment on column snapshot.扣分事件.录入人 is '录入人';

create table snapshot.评分 as
select
    scoped.number as 编号,
    case when $scheme_id::uuid is null then '等权试算'
        else concat('第 ', (select version from scheme where scheme_id = $scheme_id), ' 版') end as 方案,
    case score.rule when 'proportional' then '按比例' when 'all-or-nothing' then '完成得满分' when 'tiers' then '分档'
        when 'per-occurrence' then '按次' when 'deduct' then '倒扣' when 'rank' then '按名次'
        when 'manual' then '人工评分' end as 规则,
    score.full_cents / 100 as 满分,
    score.self_cents / 100 as 自评,
    score.secured_cents / 100 as 已锁定,
    score.reachable_cents / 100 as 可达上限,
    score.manual_cents / 100 as 人工评分,
    score.review_cents / 100 as 复核得分,
    score.is_absent as 缺项,
    score.lacks_evidence as 缺佐证
from task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds) as scoped
join judged.task_score as score
    on score.basis = $basis and score.ledger_id = $ledger_id and score.as_of = $as_of::date
    and score.scheme_id is not distinct from $scheme_id and score.task_id = scoped.task_id
order by scoped.number;
comment on table snapshot.评分 is '一行一项任务按最新一版评分方案的得分；没有方案的按等权试算，扣分项为所扣的分';
comment on column snapshot.评分.编号 is '任务编号';
comment on column snapshot.评分.方案 is '评分方案的版次；没有方案的写“等权试算”，不是正式分值';
comment on column snapshot.评分.规则 is '计分规则；空为方案中没有这项任务';
comment on column snapshot.评分.满分 is '满分；空为未设分值';
comment on column snapshot.评分.自评 is '按填报计算或人工评定的得分';
comment on column snapshot.评分.已锁定 is '只计已销号的任务和已认定的加分';
comment on column snapshot.评分.可达上限 is '到评估日还可能得到的分';
comment on column snapshot.评分.人工评分 is '有效的人工评分；空为没有';
comment on column snapshot.评分.复核得分 is '有效的复核得分；空为没有';
comment on column snapshot.评分.缺项 is '不适用的任务，得分按其余任务的得分率计';
comment on column snapshot.评分.缺佐证 is '方案要求佐证而没有有效佐证，不得分';
