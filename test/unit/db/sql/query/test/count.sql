-- How many things there are, and the sum of their numbers.
-- out: count int, sum int
SELECT COUNT(*), CAST(COALESCE(SUM(n), 0) AS INT64) FROM thing;
