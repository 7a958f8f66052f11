"""How far a ledger is: what the pages 总览, 指标完成率, 部门负荷 and 逾期预警 are made of."""
