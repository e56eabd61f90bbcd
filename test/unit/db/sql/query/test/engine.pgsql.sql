-- The same with a cast that only PostgreSQL knows.
-- in: :x int
-- out: name text, x int
SELECT name, :x::bigint FROM engine WHERE name <> ':x';
