-- How many pseudonyms there are.
-- out:  n int
SELECT CAST(COALESCE(SUM(n), 0) AS INT64) FROM pop_person;
