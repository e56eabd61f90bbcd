-- Whether the store has a table of migrations, and of how many tables it consists:
-- a store without any is new.
-- out: there int, tables int
SELECT COALESCE(SUM(name = 'hf_migration'), 0), COUNT(*)
  FROM sqlite_master
 WHERE type = 'table' AND name NOT LIKE 'sqlite_%';
