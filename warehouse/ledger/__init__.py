"""Ledgers and their editions, the register of units, reference files, schemes of points."""
