-- 可补的分：每项任务到评估日还能走的每一步：补佐证、完成任务、升一档、再做一次、在同一期内再完成一次、评分、申报加分，走到这一步时该任务的得分和所需的累计工作量（单位：百分之一分；工作量没有估计的每步计 1）。评估日已过、已经错过的和扣分项没有可走的步。
from open_step($basis, $ledger_id, $as_of, $scheme_id, $known_at::timestamp) as step
join task_in_scope($basis, $ledger_id, $as_of, $units, $level1s, $kinds) as scoped
    on scoped.task_id = step.task_id
join task on task.edition_id = scoped.edition_id and task.task_id = scoped.task_id
select
    step.task_id, scoped.number, scoped.short_name, task.task, scoped.kind,
    units_of_task(scoped.edition_id, scoped.task_id) as units,
    scoped.state, scoped.effective_due_on, step.needs, step.step_number, step.from_cents, step.to_cents,
    step.full_cents, step.effort
order by scoped.number, step.step_number
