-- What a score is made of. These sets read the scores that the warehouse keeps beside the judgements
-- (judged.task_score). Points are whole hundredths, as in scoring.sql.

-- 得分的各部分: per day one row per part (and indicator, grouped by level1 or level2) and one that is their
-- sum, part overall. full, self, secured and reachable are in hundredths, penalties and what bonus marks
-- exceed their cap in total by below zero. unscored: tasks the scheme has no item for; unmarked: tasks
-- by hand or by place that were given neither.
create or replace macro score_part(
    chosen_basis, ledger, days, chosen_scheme, grouping, units, level1s, kinds
) as table
with terms as (
    select any_value(absent_rule) as absent_rule, any_value((bonus_cap * 100)::bigint) as bonus_cap
    from scheme
    where scheme.scheme_id = chosen_scheme
),
scored as (
    select
        score.*,
        case
            when is_absent and coalesce(absent_rule, 'rescale') = 'rescale' then 'absent'
            else kind
        end as part,
        case when kind = 'penalty' then -1 else 1 end as side,
        case when grouping <> 'all' then level1 else '' end as group1,
        case when grouping = 'level2' then level2 else '' end as group2,
        bonus_cap
    from judged.task_score as score
    cross join terms
    where score.basis = chosen_basis
        and score.ledger_id = ledger
        and score.scheme_id is not distinct from chosen_scheme
        and list_contains(days, score.as_of)
        and (len(kinds) = 0 or list_contains(kinds, score.kind))
        and (len(level1s) = 0 or list_contains(level1s, score.level1))
        and (len(units) = 0 or (score.edition_id, score.task_id) in (from task_of_units(units)))
),
summed as (
    select
        as_of, part, group1 as level1, group2 as level2, min(number) as first_number,
        count(*) as tasks,
        count(*) filter (rule is null) as unscored,
        count(*) filter (kind = 'base' and not is_absent and rule in ('manual', 'rank')
            and manual_cents is null and computed_cents is null) as unmarked,
        coalesce(sum(full_cents) filter (kind <> 'penalty'), 0)::bigint as full_cents,
        coalesce(sum(side * self_cents), 0)::bigint as self_cents,
        coalesce(sum(side * secured_cents), 0)::bigint as secured_cents,
        coalesce(sum(side * reachable_cents), 0)::bigint as reachable_cents,
        any_value(bonus_cap) as bonus_cap
    from scored
    group by as_of, part, group1, group2
),
parts as (
    select * exclude (bonus_cap) from summed
    union all
    select
        as_of, 'excess', '', '', null, 0, 0, 0,
        least(0, any_value(bonus_cap) - sum(full_cents))::bigint,
        least(0, any_value(bonus_cap) - sum(self_cents))::bigint,
        least(0, any_value(bonus_cap) - sum(secured_cents))::bigint,
        least(0, any_value(bonus_cap) - sum(reachable_cents))::bigint
    from summed
    where part = 'bonus' and bonus_cap is not null
    group by as_of
)
select parts.*, coalesce(short_name.short_name, parts.level1) as short_name
from parts
left join short_name on short_name.full_name = parts.level1
union all
select
    as_of, 'overall', '', '', null, sum(tasks)::bigint, sum(unscored)::bigint, sum(unmarked)::bigint,
    sum(full_cents)::bigint, sum(self_cents)::bigint, sum(secured_cents)::bigint, sum(reachable_cents)::bigint, ''
from parts
group by as_of;

-- 可走的步: one row per task and step that still gains something by the 评估日. Steps are taken in their
-- order; to_cents is what the task is worth after the step. step_number counts what has to be done to
-- come so far, those steps too that gain nothing of their own and are not listed; effort is the task's
-- own estimate (1 without one) times that number. needs: evidence 补佐证 for what is done
-- already; complete 完成任务, tier 升一档, occurrence 再做一次, window 在同一期内再完成一次, mark 评分,
-- claim 申报加分, each with its evidence where that is asked for.
create or replace macro open_step(chosen_basis, ledger, day, chosen_scheme, known_at) as table
with score as (
    select *,
        -- What is done and lacks only its proof is one step; otherwise the proof comes with the doing.
        (lacks_evidence and ungated_cents > 0)::integer as proof_steps,
        -- What was done may be worth more than the mark by hand: to be reconsidered before more is done.
        coalesce(manual_cents < computed_cents and ungated_cents < reachable_cents, false)::integer as mark_steps,
        proof_steps + mark_steps as first_steps,
        case when mark_steps = 1 then least(computed_cents, reachable_cents) else ungated_cents end as earned_cents
    from judged.task_score
    where basis = chosen_basis and ledger_id = ledger and as_of = day
        and scheme_id is not distinct from chosen_scheme
        and kind <> 'penalty' and time_is_left and not is_absent and reachable_cents > self_cents
),
step as (
    select task_id, 'evidence' as needs, 1 as step_number, ungated_cents as to_cents
    from score
    where proof_steps = 1
    union all
    select task_id, 'mark', first_steps, earned_cents
    from score
    where mark_steps = 1
    union all
    select task_id,
        case
            when kind = 'bonus' then 'claim'
            when rule in ('manual', 'rank') then 'mark'
            else 'complete'
        end,
        first_steps + 1, reachable_cents
    from score
    where reachable_cents > earned_cents
        and (rule in ('all-or-nothing', 'manual', 'rank') or (rule = 'proportional' and measure = 'percent'))
        and (kind = 'base' or rule <> 'per-occurrence')
    union all
    select score.task_id, 'tier',
        score.first_steps + row_number() over (partition by score.task_id order by tier.at_least),
        (tier.points * 100)::bigint
    from score
    join scheme_tier as tier on tier.scheme_id = chosen_scheme and tier.task_id = score.task_id
    where score.rule = 'tiers'
        and (tier.points * 100)::bigint > score.earned_cents
        and (tier.points * 100)::bigint <= score.reachable_cents
    union all
    select task_id, case when kind = 'bonus' then 'claim' else 'occurrence' end, first_steps + nth,
        least(full_cents, worth + step_cents * nth)
    from (
        select *,
            -- A manual mark may stand above what was done; then the doing has to catch up with it.
            coalesce(computed_cents, 0) as worth,
            -- nth, because a score has a place of its own, in a ranking.
            unnest(generate_series(1, least(1000, (full_cents - coalesce(computed_cents, 0) + step_cents - 1) // step_cents))) as nth
        from score
        where rule = 'per-occurrence'
    )
    where least(full_cents, worth + step_cents * nth) > earned_cents
    union all
    select task_id, 'window', first_steps + nth, rounded_share(full_cents, window_done + nth, window_total)::bigint
    from (
        select *, unnest(generate_series(1, window_total - window_lost - window_done)) as nth
        from score
        where rule = 'proportional' and measure = 'windows'
    )
    where rounded_share(full_cents, window_done + nth, window_total) > earned_cents
),
estimated as (
    select task_id, arg_max(effort, entry_number) as effort
    from effort
    where recorded_at <= known_at
    group by task_id
),
ordered as (
    select score.task_id, step.needs, step.to_cents, step.step_number, score.self_cents, score.full_cents,
        coalesce(estimated.effort, 1) as effort
    from step
    join score using (task_id)
    left join estimated using (task_id)
    -- Steps without a gain of their own are not listed.
    qualify row_number() over (partition by score.task_id, step.to_cents order by step.step_number) = 1
)
select
    task_id, needs, step_number, self_cents as from_cents, to_cents, full_cents,
    (effort * step_number)::decimal(12, 1)::varchar as effort
from ordered;
