-- 变更的录入人和事项：变更记录里出现过的录入人、账号和事项，供筛选。
select recorded_by, account, action, count(*) as changes
from change
where recorded_at <= $known_at::timestamp
group by recorded_by, account, action
order by recorded_by, account, action
