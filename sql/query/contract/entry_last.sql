-- The newest number of an entry; 0: there is none.
-- in:   none
-- out:  id int
SELECT COALESCE(MAX(id), 0) AS id
  FROM ct_entry;
