-- What the migration for this engine wrote, and that of no other.
-- in: :x int
-- out: name text, x int
SELECT name, CAST(:x AS INT64) FROM engine WHERE name <> ':x';
