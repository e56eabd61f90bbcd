-- The number of the newest file of published figures, 0 when there is none.
-- out:  id int
SELECT COALESCE(MAX(id), 0) FROM bench_feed;
