-- Rows of pop_record after a key, in order of the key: backup.
-- in:   :shelf int, :limit int
-- out:  shelf int, change int, body blob
-- uses: pop_record primary key
SELECT shelf, change, body
  FROM pop_record
 WHERE shelf > :shelf
 ORDER BY shelf
 LIMIT :limit;
