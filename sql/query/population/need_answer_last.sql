-- The number of the newest answer; 0: there is none.
-- out:  id int
SELECT COALESCE(MAX(id), 0) FROM need_answer;
