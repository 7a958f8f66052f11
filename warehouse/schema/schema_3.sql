-- Version 3: scoring. Schemes with their items and tiers, marks given by hand, rank results, review
-- marks, effort, and which claim a recognition answers. Points are decimals with two places, never
-- floating-point numbers.

create table scheme (
    scheme_id uuid not null,
    ledger_id uuid not null,
    edition_id uuid not null,
    version integer not null,
    note varchar not null,
    assessed_on date not null,
    evidence_from date not null,
    absent_rule varchar not null,
    bonus_cap decimal(9, 2),
    recorded_at timestamp not null,
    recorded_by varchar not null
);
comment on table scheme is '评分方案的一个版本：评估日、佐证起算日、缺项处理、加分总上限；按录入先后最后一版有效';
comment on column scheme.edition_id is '制定方案时的台账版次';
comment on column scheme.assessed_on is '评估日';
comment on column scheme.evidence_from is '佐证起算日：此日之前的材料过旧，不作佐证';
comment on column scheme.absent_rule is '缺项处理：rescale 剔除后折算、average 按其余任务的平均得分率计';
comment on column scheme.bonus_cap is '加分总上限；空为不设';

create table scheme_item (
    scheme_id uuid not null,
    task_id uuid not null,
    points decimal(9, 2),
    rule varchar not null,
    measure varchar not null,
    step decimal(9, 2),
    floor decimal(9, 2) not null,
    evidence_required boolean not null,
    criterion varchar not null,
    proof varchar not null
);
comment on table scheme_item is '评分方案中一项任务的分值和规则';
comment on column scheme_item.points is '满分；加分项为该项上限；扣分项为最多扣分，空为不限';
comment on column scheme_item.rule is 'proportional 按比例、all-or-nothing 全有或全无、tiers 分档、per-occurrence 按次、deduct 倒扣、rank 按名次、manual 人工评分';
comment on column scheme_item.measure is '计分依据：percent 填报进度、windows 频次完成率、times 完成次数、claims 申报次数、missed 缺的频次窗口、incidents 扣分事件、rank 名次；不需要的为空串';
comment on column scheme_item.step is '每次分值（按次加、倒扣、扣分事件）';
comment on column scheme_item.floor is '倒扣的下限';
comment on column scheme_item.criterion is '评分标准原文';
comment on column scheme_item.proof is '需要什么佐证材料';

create table scheme_tier (
    scheme_id uuid not null,
    task_id uuid not null,
    at_least decimal(9, 2) not null,
    at_most decimal(9, 2),
    points decimal(9, 2) not null
);
comment on table scheme_tier is '分档和名次的一档：从多少起、到多少止、得多少分';

create table mark (
    mark_id uuid not null,
    task_id uuid not null,
    kind varchar not null,
    value decimal(9, 2) not null,
    of_points decimal(9, 2),
    reason varchar not null,
    effective_on date not null,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    supersedes_id uuid
);
comment on table mark is '人工给出的数：manual 人工评分、review 复核得分、rank 名次';
comment on column mark.of_points is '评分时的满分；方案改了满分，这一评分即不再有效';

create table effort (
    effort_id uuid not null,
    task_id uuid not null,
    effort decimal(6, 1) not null,
    recorded_at timestamp not null,
    recorded_by varchar not null
);
comment on table effort is '补分一步所需工作量的估计；没有估计的每步计 1，最后一行有效';

alter table claim add column answers_id uuid;
comment on column claim.answers_id is '认定所对应的申报；空表示没有对应的申报记录';
