-- The number that the next feed gets.
-- out:  id int
SELECT COALESCE(MAX(id), 0) + 1 FROM pop_feed;
