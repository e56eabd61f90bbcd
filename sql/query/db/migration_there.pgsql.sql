-- Whether the store has a table of migrations, and of how many tables it consists.
-- out: there int, tables int
SELECT COUNT(*) FILTER (WHERE c.relname = 'hf_migration'), COUNT(*)
  FROM pg_class AS c
 WHERE c.relkind IN ('r', 'p')
   AND c.relnamespace = to_regnamespace(current_schema());
