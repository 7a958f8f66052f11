-- What a score is. Points are whole hundredths (cents) throughout, so that the sum of the parts is the
-- total to the last digit; a share of points is rounded to the hundredth, half up.

-- 份额: part/whole of an amount in hundredths, rounded half up; whole is above zero.
create or replace macro rounded_share(amount, part, whole) as
    (2::hugeint * amount * part + whole) // (2::hugeint * whole);

-- 缺项份额: what a task that is left out is given: its own points at the rate marks/present of the others.
-- Rounded as a running total over the tasks left out, so that together they are given exactly the
-- rounded share of their sum; nothing where all are left out. The sums it is given are huge integers.
create or replace macro absent_share(marks, own, own_so_far, present) as coalesce(
    (2 * marks * own_so_far + present) // (2 * present)
        - (2 * marks * (own_so_far - own) + present) // (2 * present),
    0
);

-- 得分依据: one row per entry that scores count besides progress, known at the instant and not taken
-- back: what was done (times, one row per day), evidence, marks by hand, incidents, claims. amount is in hundredths of a
-- point, of what was done in times, of a rank the place in hundredths; none where no points were given.
create or replace macro score_entry(known_at) as table
select entry.*
from (
    select 'done' as what, null::uuid as entry_id, task_id, occurred_on as true_on, recorded_at, null::bigint as entry_number,
        times as amount, null::decimal(9, 2) as of_points, null::uuid as answers_id
    from daily_occurrence(known_at)
    union all
    select 'evidence', evidence_id, task_id, coalesce(effective_on, recorded_at::date), recorded_at, entry_number, null, null, null
    from evidence
    union all
    select kind, mark_id, task_id, effective_on, recorded_at, entry_number, (value * 100)::bigint, of_points, null
    from mark
    union all
    select 'incident', incident_id, task_id, effective_on, recorded_at, entry_number, round(points * 100)::bigint, null, null
    from incident
    union all
    select state, claim_id, task_id, effective_on, recorded_at, entry_number, round(points * 100)::bigint, null, answers_id
    from claim
) as entry
anti join (from withdrawal where recorded_at <= known_at) as w on w.entry_id = entry.entry_id
where entry.recorded_at <= known_at;

-- 任务得分: one row per task of the ledger and day, judged already on that day and on the 评估日. With
-- is_trial every base task has the same share of 100 points and counts by its percent; without it the
-- items are the scheme's, and a task without one has no full_cents.
-- computed_cents: what the rule gives; for a bonus item what was claimed, for a penalty what is lost.
-- self_cents: computed, or the manual mark in its place; nothing without evidence where evidence is asked for.
-- secured_cents: self_cents of a verified task; of a bonus item what was recognised, at most self_cents.
-- reachable_cents: what can still be had by the 评估日.
-- is_absent: 缺项, not applicable, or all its windows excused; its marks are its share at the rate of
-- the others, so that the whole is rescaled to full marks. Bonus marks are before the cap in total.
create or replace macro task_score(
    chosen_basis, ledger, days, chosen_scheme, assessed_on, evidence_from, known_at
) as table
with entry as (
    from score_entry(known_at)
),
answered as (
    -- A recognition stands in the place of the claim it answers.
    select answers_id, min(true_on) as answered_on
    from entry
    where answers_id is not null
    group by answers_id
),
counted as (
    select
        as_of, entry.task_id, entry.what, entry.true_on, entry.entry_number, entry.of_points,
        entry.true_on >= evidence_from as is_recent,
        -- Without points of its own an incident or a claim has what the rule gives for one.
        coalesce(
            entry.amount,
            (case
                when entry.what = 'incident' or item.rule = 'per-occurrence' then item.step
                when item.rule = 'all-or-nothing' then item.points
            end * 100)::bigint
        ) as amount
    from (select unnest(days) as as_of) as day
    join entry on entry.true_on <= as_of
    left join answered on answered.answers_id = entry.entry_id
    left join scheme_item as item on item.scheme_id = chosen_scheme and item.task_id = entry.task_id
    where (answered_on is null or answered_on > as_of)
        -- What is done after the 评估日 comes too late; what proves it does not.
        and (entry.true_on <= assessed_on or entry.what not in ('done', 'incident'))
),
entered as (
    select
        as_of, task_id,
        sum(amount) filter (what = 'done') as times,
        count(*) filter (what = 'evidence' and is_recent) as evidence,
        count(*) filter (what = 'evidence' and not is_recent) as old_evidence,
        max(true_on) filter (what = 'evidence') as newest_evidence_on,
        arg_max(amount, (true_on, entry_number)) filter (what = 'rank') // 100 as place,
        arg_max((amount, of_points), (true_on, entry_number)) filter (what = 'manual') as manual,
        arg_max((amount, of_points), (true_on, entry_number)) filter (what = 'review') as review,
        count(*) filter (what = 'incident') as incidents,
        sum(amount) filter (what = 'incident') as incident_cents,
        count(*) filter (what in ('claimed', 'recognised')) as claims,
        sum(amount) filter (what in ('claimed', 'recognised')) as claimed_cents,
        count(*) filter (what = 'recognised') as recognised,
        sum(amount) filter (what = 'recognised') as recognised_cents
    from counted
    group by as_of, task_id
),
drawn as (
    -- What a mark is made of, side by side. Here and below no expression names another of its own list:
    -- DuckDB looks for a column of that name first, and then computes it anew.
    select
        task.as_of, task.edition_id, task.task_id, task.number, task.level1, task.level2, task.kind,
        -- After the 评估日 a task counts as it stood on it; a completion of then may still be accepted, or
        -- be returned.
        case
            when not is_past then task.state
            when task.state = 'verified' and at_assessment.is_done then 'verified'
            else at_assessment.state
        end as state,
        if(is_past, at_assessment.is_done, task.is_done) as is_done,
        if(is_past, at_assessment.percent, task.percent) as percent,
        if(is_past, at_assessment.windows_missed, task.windows_missed) as windows_missed,
        row_number() over (partition by task.as_of, task.kind order by task.number) as place_in_kind,
        count(*) over (partition by task.as_of, task.kind) as tasks_of_kind,
        if(is_past, at_assessment.windows_required, task.windows_required) as windows_required,
        if(is_past, at_assessment.windows_achieved, task.windows_achieved) as windows_achieved,
        if(is_past, at_assessment.open_windows, task.open_windows) as open_windows,
        at_assessment.windows_required as windows_at_assessment,
        item.points,
        case when chosen_scheme is not null then item.rule when task.kind = 'base' then 'proportional' end as rule,
        case when chosen_scheme is not null then item.measure when task.kind = 'base' then 'percent' end as measure,
        (item.step * 100)::bigint as step_cents,
        (item.floor * 100)::bigint as floor_cents,
        coalesce(item.evidence_required, false) as evidence_required,
        entered.* exclude (as_of, task_id)
    from judged.task_judgement as task
    left join judged.task_judgement as at_assessment
        on at_assessment.basis = chosen_basis
        and at_assessment.ledger_id = ledger
        and at_assessment.as_of = assessed_on
        and at_assessment.task_id = task.task_id
    left join scheme_item as item on item.scheme_id = chosen_scheme and item.task_id = task.task_id
    left join entered on entered.as_of = task.as_of and entered.task_id = task.task_id,
        lateral (select task.as_of > assessed_on and at_assessment.task_id is not null
            and not coalesce(task.state = 'returned' and at_assessment.is_done, false) as is_past)
    where task.basis = chosen_basis and task.ledger_id = ledger and list_contains(days, task.as_of)
),
itemised as (
    select
        as_of, edition_id, task_id, number, level1, level2, kind, state, is_done, percent, windows_missed,
        case
            when chosen_scheme is not null then (points * 100)::bigint
            when kind = 'base' then 10000 * place_in_kind // tasks_of_kind - 10000 * (place_in_kind - 1) // tasks_of_kind
        end as full_cents,
        rule, measure, step_cents, floor_cents, evidence_required,
        -- A percentage counts to four decimals.
        round(percent * 10000)::bigint as percent_units,
        greatest(coalesce(windows_at_assessment, 0), windows_required) as window_total,
        windows_achieved + coalesce(list_sum(
            [open_window.achieved for open_window in open_windows if open_window.ends_on <= assessed_on]
        ), 0)::bigint as window_done,
        windows_required - windows_achieved as window_lost,
        as_of < assessed_on as time_is_left,
        coalesce(times, 0)::bigint as times,
        place,
        coalesce(evidence, 0) as evidence,
        coalesce(old_evidence, 0) as old_evidence,
        newest_evidence_on,
        manual[1] as given_cents,
        manual[2] as manual_of,
        case when manual[2] = points then manual[1] end as manual_cents,
        case when review[2] = points then review[1] end as review_cents,
        coalesce(incidents, 0) as incidents,
        case measure
            when 'missed' then step_cents * windows_missed
            when 'incidents' then coalesce(incident_cents, 0)::bigint
        end as lost_cents,
        case when kind = 'bonus' then coalesce(claims, 0) else 0 end as claims,
        case when kind = 'bonus' then coalesce(recognised, 0) else 0 end as recognised,
        coalesce(claimed_cents, 0)::bigint as claimed_cents,
        coalesce(recognised_cents, 0)::bigint as recognised_cents
    from drawn
),
tiered as (
    select
        itemised.as_of, itemised.task_id,
        (arg_max(tier.points, tier.at_least) filter (
            case measure
                when 'percent' then percent_units >= tier.at_least * 10000
                when 'windows' then window_done * 100 >= tier.at_least * window_total
                when 'times' then times >= tier.at_least
                else place >= tier.at_least and place <= coalesce(tier.at_most, place)
            end
        ) * 100)::bigint as cents,
        (max(tier.points) filter (
            measure <> 'windows' or (window_total - window_lost) * 100 >= tier.at_least * window_total
        ) * 100)::bigint as best_cents
    from itemised
    join scheme_tier as tier on tier.scheme_id = chosen_scheme and tier.task_id = itemised.task_id
    group by itemised.as_of, itemised.task_id
),
computed as (
    select
        itemised.*,
        tiered.best_cents as best_tier_cents,
        coalesce(itemised.kind = 'base' and itemised.full_cents is not null
            and (itemised.state = 'not_applicable'
                or (itemised.measure = 'windows' and itemised.window_total = 0)), false) as is_absent,
        case
            when itemised.rule is null then null
            when itemised.kind = 'penalty'
                then least(itemised.lost_cents, coalesce(itemised.full_cents, itemised.lost_cents))
            when itemised.kind = 'bonus' then least(itemised.full_cents, itemised.claimed_cents)
            else case itemised.rule
                when 'proportional' then case itemised.measure
                    when 'windows' then rounded_share(
                        itemised.full_cents, least(itemised.window_done, itemised.window_total),
                        nullif(itemised.window_total, 0)
                    )
                    else rounded_share(itemised.full_cents, itemised.percent_units, 1000000)
                end
                when 'all-or-nothing' then case when itemised.is_done then itemised.full_cents else 0 end
                when 'tiers' then coalesce(tiered.cents, 0)
                when 'rank' then case when itemised.place is not null then coalesce(tiered.cents, 0) end
                when 'per-occurrence' then least(itemised.full_cents, itemised.step_cents * itemised.times)
                when 'deduct' then greatest(itemised.floor_cents, itemised.full_cents - itemised.lost_cents)
            end
        end::bigint as computed_cents
    from itemised
    left join tiered on tiered.as_of = itemised.as_of and tiered.task_id = itemised.task_id
),
proofed as (
    select *,
        case
            when kind <> 'base' then full_cents
            when rule = 'deduct' then computed_cents
            when rule = 'rank' and place is not null then computed_cents
            when rule in ('tiers', 'rank') then coalesce(best_tier_cents, 0)
            when measure = 'windows' then rounded_share(full_cents, window_total - window_lost, nullif(window_total, 0))
            else full_cents
        end::bigint as best_cents,
        coalesce(manual_cents, computed_cents, 0) as ungated_cents,
        evidence_required and evidence = 0 and kind <> 'penalty' as lacks_evidence
    from computed
),
own as (
    select *,
        kind = 'base' and not is_absent as is_present,
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
        sum(full_cents) filter (is_absent) over (
            partition by as_of order by kind, number rows unbounded preceding
        ) as absent_so_far,
        nullif(sum(full_cents) filter (is_present) over (partition by as_of), 0) as present_cents,
        sum(own_self) filter (is_present) over (partition by as_of) as present_self,
        sum(own_secured) filter (is_present) over (partition by as_of) as present_secured,
        sum(own_reachable) filter (is_present) over (partition by as_of) as present_reachable
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
