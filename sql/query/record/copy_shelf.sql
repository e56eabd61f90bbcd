-- Rows of shelf after a key, in order of the key: backup.
-- in:   :shelf int, :limit int
-- out:  shelf int, person int, change int
-- uses: shelf primary key
SELECT shelf, person, change
  FROM shelf
 WHERE shelf > :shelf
 ORDER BY shelf
 LIMIT :limit;
