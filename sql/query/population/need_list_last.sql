-- The number of the newest list; 0: there is none.
-- out:  id int
SELECT COALESCE(MAX(id), 0) FROM need_list;
