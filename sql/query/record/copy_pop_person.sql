-- Rows of pop_person after a key, in order of the key: backup.
-- in:   :ord int, :limit int
-- out:  ord int, n int, pids blob
-- uses: pop_person primary key
SELECT ord, n, pids
  FROM pop_person
 WHERE ord > :ord
 ORDER BY ord
 LIMIT :limit;
