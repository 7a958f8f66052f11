"""Queries of strangers: what they may see and do, and what is said when they may not."""
