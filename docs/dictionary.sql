-- Every table of the database and its columns, in the order of schema.sql. One row per column.
select
    tables.table_name,
    coalesce(tables.comment, '') as table_comment,
    columns.column_name,
    lower(columns.data_type) as data_type,
    columns.is_nullable,
    coalesce(columns.comment, '') as column_comment
from duckdb_tables() as tables
join duckdb_columns() as columns using (table_oid)
where tables.database_name = current_database()
    and columns.database_name = current_database()
    and tables.schema_name = 'main'
order by table_oid, column_index;
