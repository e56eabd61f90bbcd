-- The number of the newest list, 0 when there is none.
-- out:  id int
SELECT COALESCE(MAX(id), 0) FROM ref_list;
