-- 得分汇总：基本分、缺项折算、加分、超出加分总上限、扣分和总分的满分、自评、已锁定、可达上限（单位：百分之一分），可按一级、二级指标分组；各部分相加即总分。缺项按方案剔除后折算的，折算所得单列；加分合计超过总上限的部分单列为负数；扣分为负数。
from score_part($basis, $ledger_id, [$as_of::date], $scheme_id, $by, $units, $level1s, $kinds)
select part, level1, short_name, level2, tasks, unscored, unmarked, full_cents, self_cents, secured_cents, reachable_cents
order by list_position(['base', 'absent', 'bonus', 'excess', 'penalty', 'overall'], part), first_number
