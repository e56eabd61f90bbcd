-- The number of the newest list; 0: there is none.
-- out:  id int
-- uses: need_list primary key
SELECT COALESCE(MAX(id), 0) FROM need_list;
