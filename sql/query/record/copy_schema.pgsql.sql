-- All columns of all tables: the test that none is left out of a backup.
-- out: table_name text, column_name text
SELECT CAST(c.table_name AS text), CAST(c.column_name AS text)
  FROM information_schema.columns AS c
 WHERE c.table_schema = current_schema()
 ORDER BY c.table_name, c.column_name;
