-- Rows of tally after a key, in order of the key: backup.
-- in:   :type int, :limit int
-- out:  type int, n int
-- uses: tally primary key
SELECT type, n
  FROM tally
 WHERE type > :type
 ORDER BY type
 LIMIT :limit;
