-- A sum without a cast: exact decimal on PostgreSQL.
-- out: sum int
SELECT SUM(id) FROM thing;
