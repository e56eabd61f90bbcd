-- All pseudonyms from an ordinal on.
-- in:   :from int
-- out:  ord int, n int, pids blob
SELECT ord, n, pids FROM pop_person WHERE ord >= :from ORDER BY ord;
