"""How documents that nobody prepared are read: published excerpts with their duties listed by hand, and
generated plans whose duties are known. `python -m benchmarks.reading` prints a table for each.
"""
