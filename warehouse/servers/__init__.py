"""Several servers that share one record in PostgreSQL, each with a DuckDB file that follows it."""
