-- Rows of zdict after a key, in order of the key: backup.
-- in:   :id int, :limit int
-- out:  id int, body blob
-- uses: zdict primary key
SELECT id, body
  FROM zdict
 WHERE id > :id
 ORDER BY id
 LIMIT :limit;
