-- Rows of suspension after a key, in order of the key: backup.
-- in:   :id text, :limit int
-- out:  id text, org text, start int, until int, ended int, reason text, change int
-- uses: sqlite_autoindex_suspension_1
SELECT id, org, start, until, ended, reason, change
  FROM suspension
 WHERE id > :id
 ORDER BY id
 LIMIT :limit;
