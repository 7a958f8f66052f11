"""How far a ledger is: what the pages 总览, 指标完成率, 单位情况 and 逾期预警 are made of."""
