-- The number of the newest comment; 0: there is none.
-- out:  id int
SELECT COALESCE(MAX(id), 0) FROM pop_comment;
