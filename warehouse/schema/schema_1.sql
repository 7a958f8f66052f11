-- The nouns of the warehouse, version 1. Rows are only ever added: a correction is a new row whose
-- supersedes_id names the row it replaces. Ids are UUIDs made by the application; there is no
-- sequence, no upsert and no unique index, so the same schema can run on a shared catalogue.
-- Days end in _on; instants end in _at and are local time in Asia/Shanghai.

create table schema_version (
    version integer not null,
    applied_at timestamp not null
);
comment on table schema_version is '数据库结构的版本，每次升级增加一行';

create table change (
    change_id uuid not null,
    data_version bigint not null,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    action varchar not null,
    subject_kind varchar not null,
    subject_id uuid,
    before json,
    after json
);
comment on table change is '变更记录：谁、何时、做了什么、之前和之后的值；data_version 每次写入加一';

create table ledger (
    ledger_id uuid not null,
    region varchar not null,
    year integer not null,
    title varchar not null,
    started_on date not null,
    ended_on date not null,
    recorded_at timestamp not null,
    recorded_by varchar not null
);
comment on table ledger is '台账：一份印发的任务表，按地区、年度和标题识别';
comment on column ledger.started_on is '台账起始日，序时进度和频次窗口由此起算';

create table edition (
    edition_id uuid not null,
    ledger_id uuid not null,
    edition_number integer not null,
    effective_on date not null,
    file_name varchar not null,
    sha256 varchar not null,
    recorded_at timestamp not null,
    recorded_by varchar not null
);
comment on table edition is '台账版次：一次印发的文件；某日有效的是生效日不晚于该日的最后一版';

create table source_row (
    edition_id uuid not null,
    source_table varchar not null,
    source_row integer not null,
    reading varchar not null,
    text varchar not null,
    cells varchar[] not null,
    tasks integer not null
);
comment on table source_row is '原文件的每一行及其读法（标题、表头、任务、合计、说明、空行），用于核对行数';

create table reading_issue (
    edition_id uuid not null,
    source_table varchar not null,
    source_row integer not null,
    source_column integer,
    message varchar not null
);
comment on table reading_issue is '读取台账时存疑之处';

create table unit (
    unit_id uuid not null,
    region varchar not null,
    name varchar not null,
    class varchar not null
);
comment on table unit is '责任单位：规范名称和类别（厅机关处室、厅属单位、地方交通部门、集体、未归类）';

create table unit_alias (
    unit_id uuid not null,
    alias varchar not null,
    source varchar not null
);
comment on table unit_alias is '责任单位的其他写法，来自口径文件或导入时确认';

create table unit_member (
    collective_id uuid not null,
    member_id uuid not null,
    source varchar not null
);
comment on table unit_member is '集体（如五市交通运输局）的成员单位及其出处';

create table short_name (
    full_name varchar not null,
    short_name varchar not null
);
comment on table short_name is '一级指标在图上的简称';

create table task (
    edition_id uuid not null,
    task_id uuid not null,
    ledger_id uuid not null,
    number integer not null,
    printed_number varchar not null,
    level1 varchar not null,
    level2 varchar not null,
    task varchar not null,
    kind varchar not null,
    responsible_text varchar not null,
    responsible_inherited boolean not null,
    deadline_text varchar not null,
    deadline_inherited boolean not null,
    deadline_kind varchar not null,
    due_on date,
    quantities varchar[] not null,
    points double,
    note varchar not null,
    source_table varchar not null,
    source_row integer not null,
    source_column integer
);
comment on table task is '目标任务在某一版次中的文字；task_id 跨版次不变';
comment on column task.kind is 'base 基本任务、bonus 加分项、penalty 扣分项';
comment on column task.deadline_kind is 'date 有日期、ongoing 常态化、as-needed 按需、unspecified 未明确';

create table assignment (
    edition_id uuid not null,
    task_id uuid not null,
    unit_id uuid not null,
    role varchar not null,
    scope varchar not null,
    position integer not null
);
comment on table assignment is '责任分工：任务 × 单位 × 角色（lead 牵头、responsible 负责、cooperate 配合、support 技术支持）';

create table cadence (
    edition_id uuid not null,
    task_id uuid not null,
    period varchar not null,
    min_count integer not null,
    phrase varchar not null
);
comment on table cadence is '频次要求：每个周期至少几次';

create table correction (
    edition_id uuid not null,
    task_id uuid not null,
    field varchar not null,
    before varchar not null,
    after varchar not null,
    recorded_at timestamp not null,
    recorded_by varchar not null
);
comment on table correction is '导入时对读取结果的人工更正：哪一项、改前、改后、谁、何时';

create table occurrence (
    occurrence_id uuid not null,
    task_id uuid not null,
    unit_id uuid,
    period varchar,
    occurred_on date not null,
    times integer not null,
    narrative varchar not null,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    supersedes_id uuid
);
comment on table occurrence is '频次完成记录：某日做了几次';
comment on column occurrence.period is '所属频次要求的周期；空表示计入任务的每项频次要求';

create table report (
    report_id uuid not null,
    task_id uuid not null,
    unit_id uuid,
    state varchar not null,
    percent double,
    narrative varchar not null,
    effective_on date not null,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    supersedes_id uuid
);
comment on table report is '进展填报：某日的状态、进度和说明';
comment on column report.unit_id is '填报单位；空表示就整项任务填报';
comment on column report.effective_on is '情况属实之日';
comment on column report.recorded_at is '录入时刻';

create table evidence (
    evidence_id uuid not null,
    task_id uuid not null,
    unit_id uuid,
    title varchar not null,
    document_number varchar not null,
    link varchar not null,
    file_name varchar not null,
    file_sha256 varchar not null,
    effective_on date,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    supersedes_id uuid
);
comment on table evidence is '佐证材料：名称、文号、链接或所存文件';
comment on column evidence.effective_on is '材料自身的日期；空表示未注明';

create table verification (
    verification_id uuid not null,
    task_id uuid not null,
    unit_id uuid,
    outcome varchar not null,
    reason varchar not null,
    effective_on date not null,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    supersedes_id uuid
);
comment on table verification is '核验：accepted 销号、returned 退办';

create table extension (
    extension_id uuid not null,
    task_id uuid not null,
    requested_on date not null,
    new_due_on date not null,
    reason varchar not null,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    supersedes_id uuid
);
comment on table extension is '延期申请：到期日之前提出，附理由和新日期';

create table extension_decision (
    decision_id uuid not null,
    extension_id uuid not null,
    outcome varchar not null,
    reason varchar not null,
    effective_on date not null,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    supersedes_id uuid
);
comment on table extension_decision is '延期审批：approved 同意、refused 不同意';

create table claim (
    claim_id uuid not null,
    task_id uuid not null,
    unit_id uuid,
    state varchar not null,
    points double,
    narrative varchar not null,
    effective_on date not null,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    supersedes_id uuid
);
comment on table claim is '加分申报：claimed 已申报、recognised 已认定';

create table incident (
    incident_id uuid not null,
    task_id uuid not null,
    unit_id uuid,
    points double,
    narrative varchar not null,
    effective_on date not null,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    supersedes_id uuid
);
comment on table incident is '扣分事件：每一行是一次已触发的事件';

create table setting (
    ledger_id uuid,
    key varchar not null,
    value varchar not null,
    recorded_at timestamp not null,
    recorded_by varchar not null
);
comment on table setting is '口径参数；ledger_id 为空的是全局值，最后一行有效';
