-- What a score is. Points are whole hundredths (cents) throughout, so that the sum of the parts is the
-- total to the last digit; a share of points is rounded to the hundredth, half up.

-- 份额: part/whole of an amount in hundredths, rounded half up; whole is above zero.
create or replace macro rounded_share(amount, part, whole) as
    (2::hugeint * amount * part + whole) // (2::hugeint * whole);

-- 缺项份额: what a task that is left out is given: its own points at the rate marks/present of the others.
-- Rounded as a running total over the tasks left out, so that together they are given exactly the
-- rounded share of their sum; nothing where all are left out.
create or replace macro absent_share(marks, own, own_so_far, present) as
    case when coalesce(present, 0) = 0 then 0
    else rounded_share(marks, own_so_far, present) - rounded_share(marks, own_so_far - own, present) end;

-- 任务得分: one row per task of the ledger and day, judged already on that day and on the 评估日. With
-- is_trial every base task has the same share of 100 points and counts by its percent; without it the
-- items are the scheme's, and a task without one has no full_cents.
-- computed_cents: what the rule gives; for a bonus item what was claimed, for a penalty what is lost.
-- self_cents: computed, or the manual mark in its place; nothing without evidence where evidence is asked for.
-- secured_cents: self_cents of a verified task; of a bonus item what was recognised, at most self_cents.
-- reachable_cents: what can still be had by the 评估日.
-- is_absent: 缺项, not applicable, or all its windows excused; its marks are its share at the rate of
-- the others, so that the whole is rescaled to full marks. Bonus marks are before the cap in total.
create or replace macro task_score(chosen_basis, ledger, days, chosen_scheme, is_trial, known_at) as table
with terms as (
    select
        coalesce(scheme.assessed_on, ledger_terms.ended_on) as assessed_on,
        coalesce(scheme.evidence_from, ledger_terms.started_on) as evidence_from
    from ledger_terms(known_at) as ledger_terms
    left join scheme on scheme.scheme_id = chosen_scheme
    where ledger_terms.ledger_id = ledger
),
judged_day as (
    select
        task.as_of, task.edition_id, task.task_id, task.number, task.level1, task.level2, task.kind,
        task.state, task.is_done, task.percent, task.windows_missed,
        task.windows_required, task.windows_achieved, task.open_windows,
        coalesce(at_assessment.windows_required, 0) as required_at_assessment,
        terms.assessed_on, terms.evidence_from,
        row_number() over (partition by task.as_of, task.kind order by task.number) as position,
        count(*) over (partition by task.as_of, task.kind) as tasks
    from judged.task_judgement as task
    cross join terms
    left join judged.task_judgement as at_assessment
        on at_assessment.basis = chosen_basis
        and at_assessment.ledger_id = ledger
        and at_assessment.as_of = terms.assessed_on
        and at_assessment.task_id = task.task_id
    where task.basis = chosen_basis and task.ledger_id = ledger and list_contains(days, task.as_of)
),
occurred as (
    select judged_day.as_of, judged_day.task_id, sum(occurrence.times)::bigint as times
    from judged_day
    join standing_occurrence(known_at) as occurrence
        on occurrence.task_id = judged_day.task_id
        and occurrence.occurred_on <= least(judged_day.as_of, judged_day.assessed_on)
    group by judged_day.as_of, judged_day.task_id
),
proven as (
    select
        judged_day.as_of, judged_day.task_id,
        count(*) filter (coalesce(evidence.effective_on, evidence.recorded_at::date) >= evidence_from) as evidence,
        count(*) filter (coalesce(evidence.effective_on, evidence.recorded_at::date) < evidence_from) as old_evidence,
        max(coalesce(evidence.effective_on, evidence.recorded_at::date)) as newest_evidence_on
    from judged_day
    join standing_evidence(known_at) as evidence
        on evidence.task_id = judged_day.task_id
        and coalesce(evidence.effective_on, evidence.recorded_at::date) <= judged_day.as_of
    group by judged_day.as_of, judged_day.task_id
),
marked as (
    select
        judged_day.as_of, judged_day.task_id,
        arg_max(mark.value, (mark.effective_on, mark.recorded_at)) filter (mark.kind = 'rank') as place,
        arg_max(mark.value, (mark.effective_on, mark.recorded_at)) filter (mark.kind = 'manual') as manual,
        arg_max(mark.of_points, (mark.effective_on, mark.recorded_at)) filter (mark.kind = 'manual') as manual_of,
        arg_max(mark.value, (mark.effective_on, mark.recorded_at)) filter (mark.kind = 'review') as review,
        arg_max(mark.of_points, (mark.effective_on, mark.recorded_at)) filter (mark.kind = 'review') as review_of
    from judged_day
    join standing_mark(known_at) as mark
        on mark.task_id = judged_day.task_id and mark.effective_on <= judged_day.as_of
    group by judged_day.as_of, judged_day.task_id
),
itemised as (
    select
        judged_day.*,
        case
            when not is_trial then (item.points * 100)::bigint
            when judged_day.kind = 'base' then 10000 * position // tasks - 10000 * (position - 1) // tasks
        end as full_cents,
        case when not is_trial then item.rule when judged_day.kind = 'base' then 'proportional' end as rule,
        case when not is_trial then item.measure when judged_day.kind = 'base' then 'percent' end as measure,
        (item.step * 100)::bigint as step_cents,
        (item.floor * 100)::bigint as floor_cents,
        coalesce(item.evidence_required, false) as evidence_required,
        -- A percentage counts to four decimals.
        round(percent * 10000)::bigint as percent_units,
        greatest(required_at_assessment, windows_required) as window_total,
        windows_achieved + coalesce(list_sum(
            [open_window.achieved for open_window in open_windows if open_window.ends_on <= assessed_on]
        ), 0)::bigint as window_done,
        windows_required - windows_achieved as window_lost,
        coalesce(occurred.times, 0) as times,
        marked.place::bigint as place,
        (marked.manual * 100)::bigint as given_cents,
        marked.manual_of,
        case when marked.review_of = item.points then (marked.review * 100)::bigint end as review_cents,
        case when marked.manual_of = item.points then (marked.manual * 100)::bigint end as manual_cents,
        coalesce(proven.evidence, 0) as evidence,
        coalesce(proven.old_evidence, 0) as old_evidence,
        proven.newest_evidence_on,
        judged_day.as_of < assessed_on as time_is_left
    from judged_day
    left join scheme_item as item
        on item.scheme_id = chosen_scheme and item.task_id = judged_day.task_id and not is_trial
    left join occurred
        on occurred.as_of = judged_day.as_of and occurred.task_id = judged_day.task_id
    left join proven
        on proven.as_of = judged_day.as_of and proven.task_id = judged_day.task_id
    left join marked
        on marked.as_of = judged_day.as_of and marked.task_id = judged_day.task_id
),
happened as (
    select
        itemised.as_of, itemised.task_id,
        count(*) as incidents,
        sum(coalesce(round(incident.points * 100)::bigint, itemised.step_cents, 0))::bigint as incident_cents
    from itemised
    join standing_incident(known_at) as incident
        on incident.task_id = itemised.task_id
        and incident.effective_on <= least(itemised.as_of, itemised.assessed_on)
    group by itemised.as_of, itemised.task_id
),
claimed as (
    -- A recognition stands in the place of the claim it answers.
    select
        itemised.as_of, itemised.task_id,
        count(*) as claims,
        count(*) filter (claim.state = 'recognised') as recognised,
        sum(worth)::bigint as claimed_cents,
        coalesce(sum(worth) filter (claim.state = 'recognised'), 0)::bigint as recognised_cents
    from itemised
    join standing_claim(known_at) as claim
        on claim.task_id = itemised.task_id and claim.effective_on <= itemised.as_of,
        lateral (select case
            when claim.points is not null then round(claim.points * 100)::bigint
            when itemised.rule = 'per-occurrence' then itemised.step_cents
            when itemised.rule = 'all-or-nothing' then itemised.full_cents
            else 0
        end as worth)
    left join standing_claim(known_at) as answer
        on answer.answers_id = claim.claim_id and answer.effective_on <= itemised.as_of
    where itemised.kind = 'bonus' and answer.claim_id is null
    group by itemised.as_of, itemised.task_id
),
tiered as (
    select
        itemised.as_of, itemised.task_id,
        arg_max(tier.points, tier.at_least) filter (
            case itemised.measure
                when 'percent' then itemised.percent_units >= tier.at_least * 10000
                when 'windows' then itemised.window_done * 100 >= tier.at_least * itemised.window_total
                when 'times' then itemised.times >= tier.at_least
                else itemised.place >= tier.at_least and itemised.place <= coalesce(tier.at_most, itemised.place)
            end
        ) as points,
        max(tier.points) filter (
            itemised.measure <> 'windows'
            or (itemised.window_total - itemised.window_lost) * 100 >= tier.at_least * itemised.window_total
        ) as best_points
    from itemised
    join scheme_tier as tier
        on tier.scheme_id = chosen_scheme and tier.task_id = itemised.task_id and not is_trial
    group by itemised.as_of, itemised.task_id
),
computed as (
    select
        itemised.*,
        coalesce(happened.incidents, 0) as incidents,
        coalesce(claimed.claims, 0) as claims,
        coalesce(claimed.recognised, 0) as recognised,
        claimed.recognised_cents,
        coalesce(itemised.kind = 'base' and full_cents is not null
            and (state = 'not_applicable' or (measure = 'windows' and window_total = 0)), false) as is_absent,
        case measure
            when 'missed' then step_cents * windows_missed
            when 'incidents' then coalesce(happened.incident_cents, 0)
        end as lost_cents,
        case
            when rule is null then null
            when itemised.kind = 'penalty' then
                least(coalesce(happened.incident_cents, 0), coalesce(full_cents, happened.incident_cents, 0))
            when itemised.kind = 'bonus' then least(full_cents, coalesce(claimed.claimed_cents, 0))
            else case rule
                when 'proportional' then case measure
                    when 'windows' then rounded_share(full_cents, least(window_done, window_total), nullif(window_total, 0))
                    else rounded_share(full_cents, percent_units, 1000000)
                end
                when 'all-or-nothing' then case when is_done then full_cents else 0 end
                when 'tiers' then coalesce((tiered.points * 100)::bigint, 0)
                when 'rank' then case when place is not null then coalesce((tiered.points * 100)::bigint, 0) end
                when 'per-occurrence' then least(full_cents, step_cents * times)
                when 'deduct' then greatest(floor_cents, full_cents - lost_cents)
            end
        end::bigint as computed_cents,
        case
            when itemised.kind <> 'base' then full_cents
            when rule = 'deduct' then greatest(floor_cents, full_cents - lost_cents)
            when rule = 'rank' and place is not null then coalesce((tiered.points * 100)::bigint, 0)
            when rule in ('tiers', 'rank') then coalesce((tiered.best_points * 100)::bigint, 0)
            when measure = 'windows' then rounded_share(full_cents, window_total - window_lost, nullif(window_total, 0))
            else full_cents
        end::bigint as best_cents
    from itemised
    left join happened on happened.as_of = itemised.as_of and happened.task_id = itemised.task_id
    left join claimed on claimed.as_of = itemised.as_of and claimed.task_id = itemised.task_id
    left join tiered on tiered.as_of = itemised.as_of and tiered.task_id = itemised.task_id
),
proofed as (
    select *,
        coalesce(manual_cents, computed_cents, 0) as ungated_cents,
        evidence_required and evidence = 0 and kind <> 'penalty' as lacks_evidence
    from computed
),
own as (
    select *,
        case when lacks_evidence then 0 else ungated_cents end as own_self,
        case
            when lacks_evidence then 0
            when kind = 'penalty' then ungated_cents
            -- Recognised or not, no more than the mark by hand leaves of it.
            when kind = 'bonus' then least(ungated_cents, coalesce(recognised_cents, 0))
            when state = 'verified' then ungated_cents
            else 0
        end as own_secured,
        case
            when kind = 'penalty' then ungated_cents
            when time_is_left then greatest(ungated_cents, best_cents)
            when lacks_evidence then 0
            else ungated_cents
        end as own_reachable
    from proofed
),
shared as (
    select *,
        sum(case when is_absent then full_cents end) over (
            partition by as_of order by kind, number rows unbounded preceding
        ) as absent_so_far,
        sum(case when kind = 'base' and not is_absent then full_cents end) over (partition by as_of) as present_cents,
        sum(case when kind = 'base' and not is_absent then own_self end) over (partition by as_of) as present_self,
        sum(case when kind = 'base' and not is_absent then own_secured end) over (partition by as_of) as present_secured,
        sum(case when kind = 'base' and not is_absent then own_reachable end) over (partition by as_of) as present_reachable
    from own
)
select
    as_of, edition_id, task_id, number, level1, level2, kind, state, is_done,
    rule, measure, full_cents, step_cents, floor_cents, evidence_required,
    percent, window_total, least(window_done, window_total) as window_done, window_lost,
    windows_missed, times, place, incidents, claims, recognised, lost_cents,
    evidence, old_evidence, newest_evidence_on, lacks_evidence, time_is_left,
    given_cents, manual_of, manual_cents, review_cents, computed_cents,
    case when is_absent then 0 else ungated_cents end as ungated_cents,
    is_absent,
    case
        when rule is null then null
        when not is_absent then own_self
        else absent_share(present_self, full_cents, absent_so_far, present_cents)
    end::bigint as self_cents,
    case
        when rule is null then null
        when not is_absent then own_secured
        else absent_share(present_secured, full_cents, absent_so_far, present_cents)
    end::bigint as secured_cents,
    case
        when rule is null then null
        when not is_absent then own_reachable
        else absent_share(present_reachable, full_cents, absent_so_far, present_cents)
    end::bigint as reachable_cents
from shared;
