-- The number of the newest row of a mark; 0: there is none.
-- out:  id int
SELECT COALESCE(MAX(id), 0) FROM pop_mark;
