-- All columns of all tables: the test that none is left out of a backup.
-- out: table_name text, column_name text
SELECT m.name, c.name
  FROM sqlite_master AS m, pragma_table_info(m.name) AS c
 WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
 ORDER BY m.name, c.name;
