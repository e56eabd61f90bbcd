-- Rows of pop_quality after a key, in order of the key: backup.
-- in:   :feed int, :limit int
-- out:  feed int, body text
-- uses: pop_quality primary key
SELECT feed, body
  FROM pop_quality
 WHERE feed > :feed
 ORDER BY feed
 LIMIT :limit;
