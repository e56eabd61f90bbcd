-- Whose packed rows there are: the first bytes of each body.
-- in:   :shelf int, :limit int
-- out:  shelf int, change int, head blob
SELECT shelf, change, SUBSTR(body, 1, 40) FROM pop_record
 WHERE shelf > :shelf
 ORDER BY shelf
 LIMIT :limit;
