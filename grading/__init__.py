"""What the pages about points are made of: the 评分方案, the marks, what can still be won.

Draws answers and hands entries to the warehouse; computes no mark itself.
"""
