-- 例：各一级指标的任务数和完成数
select 指标简称, count(*) as 任务, count(*) filter (适用) as 适用任务, count(*) filter (适用 and 完成) as 完成
from 任务
group by 指标简称
order by min(编号)

-- 例：逾期最久的任务由谁负责
select 编号, 目标任务, 责任单位, 期限, 逾期天数
from 任务
where 逾期
order by 逾期天数 desc, 编号

-- 例：报了完成却没有佐证的任务
select 编号, 目标任务, 责任单位, 完成日期
from 任务
where 完成 and 佐证件数 = 0
order by 编号

-- 例：各单位牵头和负责的任务数
select 单位, 单位类别, count(*) as 任务, sum(折算) as 折算任务
from 职责
where 角色 in ('牵头', '负责')
group by 单位, 单位类别
order by 任务 desc, 单位

-- 例：每月各报了多少次
select date_trunc('month', 日期)::date as 月份, count(*) as 填报次数, count(distinct 编号) as 涉及任务
from 填报
group by 月份
order by 月份

-- 例：填报中写了存在问题的任务
select 任务.编号, 任务.目标任务, 填报.日期, 填报.单位, 填报.存在问题
from 填报
join 任务 using (编号)
where 填报.存在问题 <> ''
order by 填报.日期 desc

-- 例：频次缺口最多的任务
select 编号, 周期, count(*) as 缺窗口
from 频次窗口
where 结果 = '缺'
group by 编号, 周期
order by 缺窗口 desc, 编号
